"""How charts look: fonts, sizes, and fills that are told apart in black and white too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

FONT: Final = {"name": "宋体", "size": 10}
LABELS: Final = {"value": True, "position": "outside_end", "font": {**FONT, "color": "#000000"}}
WITHIN: Final = {"value": True, "position": "center", "font": {**FONT, "color": "#000000"}}
"""Labels inside of a piece of a stacked column."""
GRID: Final = {"visible": True, "line": {"color": "#D9D9D9"}}
SIZE: Final = {"width": 560, "height": 300}
CHART_ROWS: Final = 18
GAP_ROWS: Final = 1
ABREAST: Final = 2
"""Charts that stand beside each other: below each other, the edge of a page would cut through the second."""
PATTERNS: Final = ("", "wide_upward_diagonal", "light_horizontal", "small_check", "dotted_grid", "light_vertical")
DARK: Final = "#404040"
PLAIN: Final = {"fill": {"color": "#9DC3E6"}, "border": {"color": DARK}}
"""Of the columns of a chart with one series."""


def filled(rank: int, colour: str) -> dict[str, Any]:
    """Return the fill of a grade's columns: its colour, and from the second grade on a pattern of its own."""
    border = {"border": {"color": DARK}}
    pattern = PATTERNS[rank % len(PATTERNS)]
    if not pattern:
        return {"fill": {"color": colour}, **border}
    return {"pattern": {"pattern": pattern, "fg_color": colour, "bg_color": "#FFFFFF"}, **border}


def dressed(chart: Any, title: str, axis: str, number_format: str = "0") -> Any:  # noqa: ANN401 - no types
    """Return a chart with title, axes and size as all have them."""
    chart.set_title({"name": title, "name_font": {**FONT, "size": 12}, "overlay": False})
    chart.set_x_axis({"num_font": FONT})
    scale = {"min": 0, "num_format": number_format, "num_font": FONT, "major_gridlines": GRID}
    chart.set_y_axis({**scale, "name": axis, "name_font": FONT})
    chart.set_size(SIZE)
    return chart


def insert_charts(sheet: Worksheet, row: int, charts: Iterable[Chart]) -> None:
    """Put charts on a sheet from a row on; they move with its rows, and keep their size."""
    for place, chart in enumerate(charts):
        down, across = divmod(place, ABREAST)
        shift = across * (SIZE["width"] + 20)
        sheet.insert_chart(row + down * CHART_ROWS, 0, chart, {"object_position": 2, "x_offset": shift})
