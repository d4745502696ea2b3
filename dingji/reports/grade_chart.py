"""The chart below 汇总表: how many branches hold each grade."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart

from dingji.reports.sheet import Placed
from dingji.reports.styles import STRONG, grade_tints
from dingji.scheme.model import Scheme

SIZE = {"width": 560, "height": 300}
FONT = {"name": "宋体", "size": 10}
LABELS = {"value": True, "position": "outside_end", "font": {**FONT, "color": "#000000"}}
GRID = {"visible": True, "line": {"color": "#D9D9D9"}}
GAP_ROWS = 1
CHART_ROWS = 18


def insert_grade_charts(
    workbook: Workbook, sheet_name: str, placed: Sequence[Placed], schemes: Sequence[Scheme]
) -> None:
    """Put a chart below the tables for each block; one alone where the last block sums all of them."""
    sheet = workbook.get_worksheet_by_name(sheet_name)
    if sheet is None:
        raise KeyError(sheet_name)
    colours = grade_tints(schemes, STRONG)
    row = placed[-1].end + GAP_ROWS
    together = placed[-1].table.totals > 1
    for block in placed[-1:] if together else placed:
        if chart := _chart(workbook, sheet_name, block, colours):
            chart.set_title({"name": _title(block), "name_font": {**FONT, "size": 12}, "overlay": False})
            sheet.insert_chart(row, 0, chart, {"object_position": 2})
            row += CHART_ROWS


def _chart(workbook: Workbook, sheet_name: str, placed: Placed, colours: dict[str, str]) -> Chart | None:
    """Return a column a grade from the block's last row; None for a standard without grades."""
    headings = placed.table.headings
    grades = [(index, heading) for index, heading in enumerate(headings) if f"{heading}占比" in headings]
    if not grades:
        return None
    chart: Any = workbook.add_chart({"type": "column"})
    for index, grade in grades:
        chart.add_series(
            {
                "name": [sheet_name, placed.heading, index],
                "categories": [sheet_name, placed.last, 0, placed.last, 0],
                "values": [sheet_name, placed.last, index, placed.last, index],
                "fill": {"color": colours[grade]},
                "gap": 80,
                "data_labels": LABELS,
            }
        )
    return _dressed(chart)


def _title(placed: Placed) -> str:
    """Return what is counted by grade, as the block's second column heads it: 各等次党组织数."""
    return f"各等次{placed.table.headings[1].removesuffix('总数')}数"


def _dressed(chart: Any) -> Chart:  # noqa: ANN401 - XlsxWriter's factory tells no type
    chart.set_legend({"position": "bottom", "font": FONT})
    chart.set_x_axis({"num_font": FONT})
    axis = {"min": 0, "num_format": "0", "num_font": FONT, "major_gridlines": GRID}
    chart.set_y_axis({**axis, "name": "个数", "name_font": FONT})
    chart.set_size(SIZE)
    dressed: Chart = chart
    return dressed
