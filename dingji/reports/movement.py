"""晋位对比: where each branch stood and stands, since when it has its secretary, and what follows its grade."""

from __future__ import annotations

from dingji.reports.columns import Cell, ReportColumn, ReportTable, build
from dingji.reports.foot import titled
from dingji.reports.overview import SEPARATOR, BranchLine, branch_lines, fact, or_nothing
from dingji.reports.standing import UNGRADED, flag_words, grade_of
from dingji.reports.view import OutcomeView
from dingji.scoring.targets import reached

Column = ReportColumn[BranchLine, Cell]


def _now(line: BranchLine) -> Cell:
    return grade_of(line.result) or UNGRADED


COLUMNS: tuple[Column, ...] = (
    Column("序号", 6, "count", lambda line: line.number),
    Column("党组织编码", 14, "text", fact("unit")),
    Column("党组织名称", 24, "text", fact("name")),
    Column("上级党组织", 18, "text", fact("parent")),
    Column("书记", 10, "text", fact("secretary")),
    Column("书记任职时间", 14, "text", fact("secretary_since")),
    Column("上年等次", 10, "grade", or_nothing("last_year")),
    Column("上期等次", 10, "grade", or_nothing("previous")),
    Column("本期等次", 10, "grade", _now),
    Column("晋位情况", 10, "grade", or_nothing("movement")),
    Column("标注", 30, "text", lambda line: SEPARATOR.join(flag_words(line.result))),
    Column("后续要求", 36, "text", lambda line: line.result["follow_up"]),
)
"""上年等次 is that of the round of the same name a year before; 本期等次 is 审定等次, else 测算等次."""


def movement(view: OutcomeView) -> ReportTable:
    """Return 晋位对比 of the branches of standards with grades, the targets told below."""
    outcome = view.outcome
    lines = [line for line in branch_lines(view) if line.scheme.grades]
    results, name = [line.result for line in lines], outcome.settings.round.name
    notes = [one.words for scheme in outcome.schemes.values() for one in reached(scheme, results, name)]
    return build(titled(outcome, "晋位对比"), COLUMNS, lines, notes)
