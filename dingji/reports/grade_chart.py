"""The charts below 汇总表: how many branches hold each grade, and how many in each unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart

from dingji.reports.chart_looks import FONT, GAP_ROWS, LABELS, WITHIN, dressed, filled, insert_charts
from dingji.reports.sheet import Placed
from dingji.reports.styles import STRONG, grade_tints
from dingji.scheme.model import Scheme


def insert_grade_charts(
    workbook: Workbook, sheet_name: str, placed: Sequence[Placed], schemes: Sequence[Scheme]
) -> None:
    """Put charts below the tables: the grades of each block, of one alone where the last block sums all of them.

    Below those the grades by unit, for each block of several units.
    """
    sheet = workbook.get_worksheet_by_name(sheet_name)
    if sheet is None:
        raise KeyError(sheet_name)
    colours = grade_tints(schemes, STRONG)
    together = placed[-1].table.totals > 1
    made = [_grades(workbook, sheet_name, block, colours) for block in (placed[-1:] if together else placed)]
    made += [_by_unit(workbook, sheet_name, block, colours) for block in placed]
    insert_charts(sheet, placed[-1].end + GAP_ROWS, filter(None, made))


def _columns(placed: Placed) -> list[tuple[int, str]]:
    """Return where the grades' counts stand; none for a standard without grades."""
    headings = placed.table.headings
    return [(index, heading) for index, heading in enumerate(headings) if f"{heading}占比" in headings]


def _grades(workbook: Workbook, sheet_name: str, placed: Placed, colours: dict[str, str]) -> Chart | None:
    """Return a column a grade from the block's last row."""
    return _chart(workbook, sheet_name, placed, colours, (placed.last, placed.last), stacked=False)


def _by_unit(workbook: Workbook, sheet_name: str, placed: Placed, colours: dict[str, str]) -> Chart | None:
    """Return a column a unit, made of its grades; None where there is one unit only."""
    last = placed.last - placed.table.totals
    return None if last <= placed.first else _chart(
        workbook, sheet_name, placed, colours, (placed.first, last), stacked=True
    )  # fmt: skip


def _chart(
    workbook: Workbook,
    sheet_name: str,
    placed: Placed,
    colours: dict[str, str],
    rows: tuple[int, int],
    *,
    stacked: bool,
) -> Chart | None:
    grades = _columns(placed)
    if not grades:
        return None
    chart: Any = workbook.add_chart({"type": "column", **({"subtype": "stacked"} if stacked else {})})
    first, last = rows
    for rank, (index, grade) in enumerate(grades):
        chart.add_series(
            {
                "name": [sheet_name, placed.heading, index],
                "categories": [sheet_name, first, 0, last, 0],
                "values": [sheet_name, first, index, last, index],
                **filled(rank, colours[grade]),
                "gap": 80,
                "data_labels": WITHIN if stacked else LABELS,
            }
        )
    chart.set_legend({"position": "bottom", "font": FONT})
    made: Chart = dressed(chart, _title(placed, stacked=stacked), "个数")
    return made


def _title(placed: Placed, *, stacked: bool) -> str:
    """Return what is counted by grade, as the block's second column heads it: 各等次党组织数."""
    counted = placed.table.headings[1].removesuffix("总数")
    return f"各单位{counted}等次" if stacked else f"各等次{counted}数"
