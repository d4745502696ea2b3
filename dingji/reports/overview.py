"""一览表: a line a branch in roster order, for the office itself and for the superior."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

from dingji.checkcode import COMPUTED, DECIDED, PROPOSED, code_of
from dingji.outcome import Outcome
from dingji.reports.columns import Cell, ReportColumn, ReportTable, build, without_empty
from dingji.reports.foot import code_line, sign_off, titled
from dingji.reports.issues import Issue, issue_words, shown
from dingji.reports.standing import (
    UNGRADED,
    by_meeting,
    flag_words,
    grade_of,
    graded,
    moving,
    waiting_for,
    waiting_words,
)
from dingji.reports.view import OutcomeView
from dingji.scheme import names
from dingji.scheme.model import Scheme, Source

Audience = Literal["internal", "upward"]
SATISFACTION = "满意率"
SURVEY = "测评得分"
SEPARATOR = "；"
ALWAYS = ("序号", "党组织编码", "党组织名称", "综合得分")
"""Columns that stand for the superior even where no branch has anything in them."""


@dataclass(frozen=True)
class BranchLine:
    """What the columns of 一览表 read: a branch of the roster, its result, its standard, the audience."""

    number: int
    branch: dict[str, Any]
    result: Mapping[str, Any]
    scheme: Scheme
    audience: Audience
    issues: Sequence[Issue]


Column = ReportColumn[BranchLine, Cell]
Read = Callable[[BranchLine], Cell]


def fact(name: str) -> Read:
    """Return how a column reads what the roster tells of a branch."""
    return lambda line: line.branch[name]


def _result(name: str) -> Read:
    return lambda line: line.result[name]


def _satisfaction(line: BranchLine) -> Cell:
    share: Cell = line.result["shares"].get(SATISFACTION)
    return share


def _computed(line: BranchLine) -> Cell:
    return (line.result["computed"] or UNGRADED) if line.scheme.grades else None


def _decided(line: BranchLine) -> Cell:
    return str(line.result["decided"]) if line.scheme.grades else None


def _proposed(line: BranchLine) -> Cell:
    return (grade_of(line.result) or UNGRADED) if line.scheme.grades else None


def _bonus(line: BranchLine) -> Cell:
    bonus: Cell = line.result["bonus"] if any(one.bonus for one in line.scheme.indicators) else None
    return bonus


def or_nothing(name: str) -> Read:
    """Return how a column reads a text of the result; a blank one is left empty."""
    return lambda line: line.result[name] or None


def _remarks(line: BranchLine) -> Cell:
    """Say why there is no grade and what was noted; the marks' details and 临界 stay inside the office."""
    inside = line.audience == "internal"
    words = [*line.result["notes"], *filter(None, [line.result["overruled"]]), *flag_words(line.result)]
    if not _settled_well(line):
        words.insert(0, waiting_words(line.result) if inside else waiting_for(line.result))
    words += line.result["assumed"] or ()
    if inside and line.result["borderline"]:
        words.append("临界")
    return SEPARATOR.join(words)


def _settled_well(line: BranchLine) -> bool:
    if line.scheme.grades:
        return graded(line.result, line.scheme)
    return line.result["composite"] is not None


BEFORE_SOURCES: tuple[Column, ...] = (
    Column("序号", 6, "count", lambda line: line.number),
    Column("党组织编码", 14, "text", fact("unit")),
    Column("党组织名称", 24, "text", fact("name")),
    Column("上级党组织", 18, "text", fact("parent")),
    Column("类别", 10, "text", fact("category")),
    Column("书记", 10, "text", fact("secretary")),
    Column("党员数", 8, "count", fact("members")),
)
SURVEY_COLUMNS: tuple[Column, ...] = (
    Column(SATISFACTION, 10, "share", _satisfaction),
    Column(SURVEY, 10, "score", _result("survey")),
)
SUM_COLUMNS: tuple[Column, ...] = (
    Column("加分", 8, "score", _bonus),
    Column("综合得分", 10, "score", _result("composite")),
)
PLACE = Column("排名", 7, "count", _result("place"))
COMPUTED_GRADE = Column(COMPUTED, 10, "grade", _computed)
DECIDED_GRADE = Column(DECIDED, 10, "grade", _decided)
AFTER_GRADES: tuple[Column, ...] = (
    Column("直接定级或限档情形", 20, "text", lambda line: SEPARATOR.join(moving(line.result))),
    Column("上期等次", 10, "grade", or_nothing("previous")),
    Column("晋位情况", 10, "grade", or_nothing("movement")),
    Column("主要问题", 28, "text", lambda line: issue_words(line.issues)),
    Column("联系领导", 10, "text", fact("leader")),
    Column("备注", 28, "text", _remarks),
)


def columns(outcome: Outcome, audience: Audience) -> list[Column]:
    """Return the columns of 一览表 in the order that the superior's form prints them."""
    sources = source_columns(outcome)
    taken = {column.heading for column in sources}
    survey = [column for column in SURVEY_COLUMNS if column.heading not in taken]
    inside = audience == "internal"
    ungraded = not any(scheme.grades for scheme in outcome.schemes.values())  # its places are all that it says
    place = [PLACE] if inside or ungraded or outcome.settings.report.places else []
    grades = _internal_grades(outcome) if inside else [Column(upward_heading(outcome), 10, "grade", _proposed)]
    listed = [*BEFORE_SOURCES, *sources, *survey, *SUM_COLUMNS, *place, *grades, *AFTER_GRADES]
    places = max([2, *(scheme.rounding.places for scheme in outcome.schemes.values())])
    return [replace(column, places=places) if column.kind == "score" else column for column in listed]


def _internal_grades(outcome: Outcome) -> list[Column]:
    return [COMPUTED_GRADE, DECIDED_GRADE] if by_meeting(outcome) else [COMPUTED_GRADE]


def upward_heading(outcome: Outcome) -> str:
    """Return what papers call the grade: 拟定等次, after 定稿 审定等次, or 测算等次 where no meeting decides."""
    if not outcome.final:
        return PROPOSED
    return DECIDED if by_meeting(outcome) else COMPUTED


def source_columns(outcome: Outcome) -> list[Column]:
    """Return a column a top-level source of the round: the standards' union in order."""
    sources = {id_: source_headings(outcome, scheme) for id_, scheme in outcome.schemes.items()}
    headings = dict.fromkeys(heading for by_heading in sources.values() for heading in by_heading)
    return [Column(heading, 10, "score", partial(_source_score, sources, heading)) for heading in headings]


def source_headings(outcome: Outcome, scheme: Scheme) -> dict[str, Source]:
    """Return a standard's top-level sources of the round by the headings of their columns."""
    top = {source.name: source for source in scheme.sources_in(outcome.settings.round.name) if not source.inside}
    return {heading: top[name] for heading, name in names.source_headings(top).items()}


def _source_score(sources: dict[str, dict[str, Source]], heading: str, line: BranchLine) -> Cell:
    source = sources[line.result["scheme"]].get(heading)
    score: Cell = line.result["scores"].get(source.name) if source else None
    return score


Told = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""What is told of a result: all of it, or less."""


def branch_lines(
    view: OutcomeView, audience: Audience = "internal", told: Told = lambda result: result
) -> Iterator[BranchLine]:
    """Yield a line a branch with a result, in roster order, numbered from 1."""
    with_result = [branch for branch in view.branches if branch["unit"] in view.results]
    for number, branch in enumerate(with_result, start=1):
        result = told(view.results[branch["unit"]])
        issues = shown(view.issues.of(view.results[branch["unit"]]), result["issues"])
        yield BranchLine(number, branch, result, view.outcome.schemes[result["scheme"]], audience, issues)


def overview(view: OutcomeView, audience: Audience, told: Told = lambda result: result) -> ReportTable:
    """Return 一览表; `upward` has one grade alone (`upward_heading`), and no column in which nothing stands.

    排名 stands there only where config asks for it, or where there are no grades.
    """
    table = whole_overview(view, audience, told)
    return noted(view.outcome, table if audience == "internal" else without_empty(table, ALWAYS))


def inside_overview(view: OutcomeView) -> ReportTable:
    """Return 一览表 for the office itself."""
    return overview(view, "internal")


def whole_overview(view: OutcomeView, audience: Audience, told: Told) -> ReportTable:
    """Return 一览表 with every column, and nothing below it."""
    outcome = view.outcome
    return build(titled(outcome, "一览表"), columns(outcome, audience), branch_lines(view, audience, told))


def part_of(whole: ReportTable, view: OutcomeView) -> ReportTable:
    """Return what `whole_overview` has of a parent unit's branches, numbered anew; `view` is that of the part."""
    listed = (branch for branch in (view.whole or view).branches if branch["unit"] in view.results)
    own = whole.picked([row for row, branch in enumerate(listed) if branch["parent"] == view.parent])
    return replace(own, values=([*range(1, len(own) + 1)], *own.values[1:]))


def noted(outcome: Outcome, table: ReportTable) -> ReportTable:
    """Put below the table who signs, and its check code."""
    return replace(table, notes=(sign_off(outcome), code_line(code_of([table]))))
