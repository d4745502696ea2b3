"""测评统计: a row a branch, survey and question, with the votes for each option and the ballots."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from itertools import groupby
from typing import NamedTuple

from dingji.forms.declare import ABSTAIN
from dingji.reports.columns import Cell, ReportColumn, ReportTable, build
from dingji.reports.foot import titled
from dingji.reports.overview import SURVEY
from dingji.reports.view import OutcomeView
from dingji.scheme.names import option_score_name
from dingji.scoring.survey import INVALID

BALLOTS, VOTES, SHARE, SCORE = "ballots", "votes", "share", "option_score"
BALLOT_ORDER = ("应参加", "实到", "发出", "收回", "有效", "无效")


@dataclass
class SurveyLine:
    """What the columns of 测评统计 read; shares and score stand at a survey's first question."""

    unit: str
    name: str
    source: str
    question: str
    votes: dict[str, Fraction | None] = field(default_factory=dict)
    ballots: dict[str, Fraction | None] = field(default_factory=dict)
    shares: dict[str, Fraction | None] = field(default_factory=dict)
    score: Fraction | None = None


class Step(NamedTuple):
    """What a line is made of: one step of a survey."""

    unit: str
    round: str
    source: str
    step: str
    item: str
    figure: Fraction | None
    text: str


Column = ReportColumn[SurveyLine, Cell]
Picked = Callable[[SurveyLine], dict[str, Fraction | None]]

LEADING: tuple[Column, ...] = (
    Column("党组织编码", 14, "text", lambda line: line.unit),
    Column("党组织名称", 26, "text", lambda line: line.name),
    Column("来源", 14, "text", lambda line: line.source),
    Column("测评项目", 34, "text", lambda line: line.question),
)
SCORE_COLUMN: Column = Column(SURVEY, 10, "score", lambda line: line.score)


def _of(pick: Picked, name: str, line: SurveyLine) -> Cell:
    figure = pick(line).get(name)
    return int(figure) if figure is not None and figure.denominator == 1 else figure


def _columns(lines: list[SurveyLine], options: Iterable[str], score: Column) -> list[Column]:
    """Return the columns that the lines need: the standards' options, then whatever else was seen."""
    voted = dict.fromkeys([*options, *(option for line in lines for option in line.votes)])
    counted = dict.fromkeys(name for line in lines for name in line.ballots)
    ordered = [name for name in dict.fromkeys([*BALLOT_ORDER, *counted]) if name in counted]
    shares = dict.fromkeys(name for line in lines for name in line.shares)
    return [
        *LEADING,
        *(Column(name, 7, "number", partial(_of, lambda line: line.votes, name)) for name in voted),
        *(Column(name, 7, "number", partial(_of, lambda line: line.ballots, name)) for name in ordered),
        *(Column(name, 10, "share", partial(_of, lambda line: line.shares, name)) for name in shares),
        score,
    ]


def option_names(view: OutcomeView) -> list[str]:
    """Return what may be chosen on any ballot, in the standards' order, 弃权 last."""
    sources = [source for scheme in view.outcome.schemes.values() for source in scheme.sources]
    named = [name for source in sources for name in (*source.options, *source.apart)]
    return list(dict.fromkeys([*named, ABSTAIN])) if named else []


def survey_lines(view: OutcomeView) -> Iterator[SurveyLine]:
    """Yield a line a branch, survey source and question, in roster order."""
    told = view.listed({BALLOTS, VOTES, SHARE, SCORE})
    columns = (told.unit, told.round, told.source, told.step, told.item, told.figure, told.text)
    for unit, own in groupby(map(Step._make, zip(*columns, strict=True)), key=lambda step: step.unit):
        by_source: dict[str, list[Step]] = {}
        for step in own:
            by_source.setdefault(step.source, []).append(step)
        for source, listed in by_source.items():
            yield from _lines(view, unit, source, listed)


def _lines(view: OutcomeView, unit: str, source: str, steps: list[Step]) -> list[SurveyLine]:
    steps = [step for step in steps if step.round == steps[-1].round]  # of a weighted year the last round is told
    questions = dict.fromkeys(step.item for step in steps if step.step == VOTES) or {"": None}
    lines = {question: SurveyLine(unit, view.name(unit), source, question) for question in questions}
    chosen = {step.item for step in steps if step.step == VOTES and step.text != INVALID}
    for question in chosen:  # what could be chosen and nobody chose has no votes, not no figure
        lines[question].votes.update(dict.fromkeys(_choices(view, unit, source), Fraction(0)))
    first = next(iter(lines.values()))
    for step in steps:
        if step.step == VOTES:
            lines[step.item].votes[step.text] = step.figure
        elif step.step == BALLOTS:
            first.ballots[step.item] = step.figure
        elif step.step == SHARE:
            first.shares[step.item] = step.figure
        else:
            first.score = step.figure
    return list(lines.values())


def _choices(view: OutcomeView, unit: str, source: str) -> list[str]:
    scheme = view.scheme_of(unit)
    asked = [each for each in scheme.sources if each.name == source] if scheme else []
    return [name for each in asked for name in (*each.options, *each.apart, ABSTAIN)]


def surveys(view: OutcomeView) -> ReportTable:
    """Return 测评统计."""
    lines = list(survey_lines(view))
    names = (source.name for scheme in view.outcome.schemes.values() for source in scheme.sources)
    score = replace(SCORE_COLUMN, heading=option_score_name(names))
    return build(titled(view.outcome, "测评统计"), _columns(lines, option_names(view), score), lines)
