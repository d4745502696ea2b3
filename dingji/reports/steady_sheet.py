"""临界提示: how firm grades and places are, and what stands out of the raters; for the office alone."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from dingji.reports.columns import Cell, ReportColumn, ReportTable, build, without_empty
from dingji.reports.foot import titled
from dingji.reports.overview import SEPARATOR, BranchLine, branch_lines, fact
from dingji.reports.steady_words import (
    AGREEMENT_NOTES,
    BLOC_NOTES,
    NOTES,
    RATER_NOTES,
    above_words,
    bloc_words,
    driver_words,
    hang_words,
    near_words,
    range_words,
    rater_words,
    untried_words,
)
from dingji.reports.view import OutcomeView
from dingji.steadiness.blocs import Bloc
from dingji.steadiness.ratings import RaterNote
from dingji.steadiness.steady import Agreement, Steadiness, steadiness

TITLE = "临界提示"


@dataclass(frozen=True)
class SteadyLine:
    """A branch with all that is to be told."""

    line: BranchLine
    found: Steadiness
    view: OutcomeView

    @property
    def unit(self) -> str:
        """Return its code."""
        return str(self.line.branch["unit"])

    def named(self, rater: str) -> str:
        """Return how a rater is called."""
        return self.view.name(rater) or rater

    @property
    def hangs(self) -> str:
        """Tell on what the grade hangs."""
        return SEPARATOR.join(hang_words(hang, self.named) for hang in self.found.hangs.get(self.unit, ()))


Column = ReportColumn[SteadyLine, Cell]
COLUMNS: tuple[Column, ...] = (
    Column("序号", 6, "count", lambda one: one.line.number),
    Column("党组织编码", 14, "text", lambda one: one.unit),
    Column("党组织名称", 24, "text", lambda one: fact("name")(one.line)),
    Column("综合得分", 10, "score", lambda one: one.line.result["composite"]),
    Column("测算等次", 10, "grade", lambda one: one.line.result["computed"] or "—"),
    Column("排名", 8, "count", lambda one: one.line.result["place"]),
    Column("名次范围", 10, "grade", lambda one: range_words(one.found.places.get(one.unit))),
    Column("名次主要看", 20, "text", lambda one: driver_words(one.found.places.get(one.unit), one.named)),
    Column("距界限", 18, "text", lambda one: near_words(one.found.near.get(one.unit))),
    Column("等次取决于", 50, "text", lambda one: one.hangs),
    Column("自评与他评", 32, "text", lambda one: above_words(one.found.above.get(one.unit))),
)
ALWAYS = ("序号", "党组织编码", "党组织名称", "综合得分", "测算等次", "排名", "名次范围")


def steady_tables(view: OutcomeView) -> list[ReportTable]:
    """Return the tables of 临界提示: branches, raters, their agreement, groups in 互评; those that say something."""
    found = steadiness(view.outcome)
    lines = [SteadyLine(line, found, view) for line in branch_lines(view)]
    branches = build(titled(view.outcome, TITLE), COLUMNS, lines, [*NOTES, *map(untried_words, found.untried)])
    tables = [without_empty(branches, ALWAYS)]
    tables += [_raters(view, found)] if found.raters else []
    tables += [_agreements(view, found)] if found.agreements else []
    return tables + ([_blocs(view, found)] if found.blocs else [])


def _named(view: OutcomeView, code: str) -> str:
    return view.name(code) or code


def _raters(view: OutcomeView, found: Steadiness) -> ReportTable:
    columns: list[ReportColumn[RaterNote, Cell]] = [
        ReportColumn("来源", 14, "text", lambda note: note.source),
        ReportColumn("评委", 24, "text", lambda note: _named(view, note.rater)),
        ReportColumn("提示", 50, "text", rater_words),
    ]
    return build(titled(view.outcome, "评委打分情况"), columns, found.raters, RATER_NOTES)


def _agreements(view: OutcomeView, found: Steadiness) -> ReportTable:
    columns: list[ReportColumn[Agreement, Cell]] = [
        ReportColumn("来源", 14, "text", lambda one: one.source),
        ReportColumn("评委数", 10, "count", lambda one: one.raters),
        ReportColumn("党组织数", 10, "count", lambda one: one.branches),
        ReportColumn("一致程度", 10, "score", lambda one: Fraction(one.alpha)),
    ]
    return build(titled(view.outcome, "评委一致程度"), columns, found.agreements, AGREEMENT_NOTES)


def _blocs(view: OutcomeView, found: Steadiness) -> ReportTable:
    columns: list[ReportColumn[Bloc, Cell]] = [
        ReportColumn("来源", 14, "text", lambda bloc: bloc.source),
        ReportColumn("提示", 80, "text", lambda bloc: bloc_words(bloc, lambda unit: _named(view, unit))),
    ]
    return build(titled(view.outcome, "互评情况"), columns, found.blocs, BLOC_NOTES)
