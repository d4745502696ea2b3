"""晋位对比: where each branch stood and stands, since when it has its secretary, and what follows its grade."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from xlsxwriter import Workbook

from dingji.reports.chart_looks import GAP_ROWS, LABELS, PLAIN, dressed, insert_charts
from dingji.reports.columns import Cell, ReportColumn, ReportTable, build
from dingji.reports.foot import titled
from dingji.reports.overview import SEPARATOR, BranchLine, branch_lines, fact, or_nothing
from dingji.reports.sheet import Placed
from dingji.reports.standing import UNGRADED, flag_words, grade_of
from dingji.reports.summary import labels_of
from dingji.reports.view import OutcomeView
from dingji.scoring.grading import FELL, KEPT, ROSE
from dingji.scoring.targets import reached

NAME: Final = "晋位对比"
COUNTS: Final = "晋位情况统计"

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
    return build(titled(outcome, NAME), COLUMNS, lines, notes)


@dataclass(frozen=True)
class _Rate:
    """Where those stand now that had a grade last time; `rises` is false of the best grade."""

    before: str
    base: int
    counts: Mapping[str, int]
    rises: bool

    def of(self, way: str) -> int | None:
        """Return how many went a way; nobody rises from the best grade."""
        return None if way == ROSE and not self.rises else self.counts.get(way, 0)

    @property
    def rate(self) -> Fraction | None:
        """Return risen ÷ base."""
        return Fraction(self.counts.get(ROSE, 0), self.base) if self.rises and self.base else None


RATES: tuple[ReportColumn[_Rate, Cell], ...] = (
    ReportColumn("上期等次", 10, "text", lambda one: one.before),
    ReportColumn("上期个数", 10, "count", lambda one: one.base),
    ReportColumn("其中晋位", 10, "count", lambda one: one.of(ROSE)),
    ReportColumn("其中保持", 10, "count", lambda one: one.of(KEPT)),
    ReportColumn("其中退位", 10, "count", lambda one: one.of(FELL)),
    ReportColumn("其中未定级", 12, "count", lambda one: one.of("")),
    ReportColumn("晋位率（最后一个等次的是转化率）", 18, "share", lambda one: one.rate),
)
RATES_NOTE: Final = "晋位率＝其中晋位÷上期个数；上期个数只数两期名册上都有的，未定级的不算晋位。"


def movement_rates(view: OutcomeView) -> list[ReportTable]:
    """Return 晋位率 and 转化率 by the grade of last time, numerators and denominators beside; none without 上期等次."""
    compared = [line for line in branch_lines(view) if line.scheme.grades and line.result["previous"]]
    lines = []
    for label in dict.fromkeys(label for line in compared for label in labels_of(line.scheme)):
        own = [line for line in compared if line.result["previous"] == label]
        ways = Counter(line.result["movement"] for line in own)
        lines.append(_Rate(label, len(own), ways, any(label in labels_of(line.scheme)[1:] for line in compared)))
    return [build("晋位率、转化率", RATES, lines, [RATES_NOTE])] if compared else []


def movement_counts(view: OutcomeView) -> list[ReportTable]:
    """Return how many branches rose, stayed and fell, as a table; none where nothing was compared."""
    counts = Counter(result["movement"] for result in view.results.values() if result["movement"])
    columns: tuple[ReportColumn[str, Cell], ...] = (
        ReportColumn("晋位情况", 10, "text", lambda way: way),
        ReportColumn("个数", 8, "count", lambda way: counts[way]),
    )
    return [build(COUNTS, columns, [ROSE, KEPT, FELL])] if counts else []


def insert_movement_chart(workbook: Workbook, placed: Sequence[Placed]) -> None:
    """Put a chart of those counts below them, where there are any."""
    sheet, counts = workbook.get_worksheet_by_name(NAME), placed[-1]
    if counts.table.title == COUNTS and sheet is not None:
        chart: Any = workbook.add_chart({"type": "column"})
        chart.add_series(
            {
                "name": "晋位情况",
                "categories": [NAME, counts.first, 0, counts.last, 0],
                "values": [NAME, counts.first, 1, counts.last, 1],
                **PLAIN,
                "gap": 80,
                "data_labels": LABELS,
            }
        )
        chart.set_legend({"none": True})
        insert_charts(sheet, counts.end + GAP_ROWS, [dressed(chart, "晋位、保持、退位的个数", "个数")])
