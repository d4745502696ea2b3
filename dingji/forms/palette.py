"""How cells look: each look of a form is made once a workbook, whatever the number of cells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dingji.sealed_book import SealedBook

BODY_FONT = "宋体"
TITLE_FONT = "黑体"
TEXT_FORMAT = "@"
DATE_FORMAT = "yyyy-mm-dd"

_BORDER = {"border": 1, "border_color": "#8C8C8C"}
_WRAPPED = {"text_wrap": True, "valign": "vcenter"}
_CELL = {**_BORDER, **_WRAPPED}
_LABEL = {
    "border_color": "#8C8C8C",
    "top": 1,
    "bottom": 1,
    "right": 1,
    "bg_color": "#F2F2F2",
    "align": "right",
    "valign": "vcenter",
}
"""A label does not wrap: it may run to the left, over a part of its own that holds nothing."""

LOOKS: dict[str, dict[str, Any]] = {
    "stamp": {"font_size": 5, "font_color": "#BFBFBF", "valign": "vcenter"},
    "title": {"font_name": TITLE_FONT, "font_size": 16, "align": "center", **_WRAPPED},
    "label": {**_LABEL, "left": 1},
    "label_left": {**_LABEL, "left": 1, "right": 0},
    "label_middle": {**_LABEL, "right": 0},
    "label_right": _LABEL,
    "head": {**_CELL, "align": "left", "indent": 1},
    "note": {**_WRAPPED, "font_color": "#595959"},
    "finding": {**_CELL, "font_color": "#C00000"},
    "heading": {**_CELL, "bg_color": "#D9E2F3", "bold": True, "align": "center"},
    "needed": {**_CELL, "bg_color": "#2F5496", "font_color": "#FFFFFF", "bold": True, "align": "center"},
    "total": {**_CELL, "bg_color": "#F2F2F2", "bold": True, "align": "center"},
    "sign": {"valign": "vcenter", "font_size": 11},
    "text": _CELL,
    "centred": {**_CELL, "align": "center"},
    "hint": {**_CELL, "font_color": "#A6A6A6"},
    "below": {**_WRAPPED, "locked": False},
    "shut": {**_CELL, "bg_color": "#E7E6E6", "align": "center"},
    "ballot": {**_CELL, "font_size": 12},
    "ballot_centred": {**_CELL, "font_size": 12, "align": "center"},
    "ballot_heading": {**_CELL, "font_size": 12, "bold": True, "align": "center"},
    "ballot_line": {**_WRAPPED, "font_size": 12},
    "cut": {"right": 3, "right_color": "#7F7F7F"},
}
_OPEN = {"locked": False, "bg_color": "#FFFBE6"}
_RULED = {"bottom": 2, "bottom_color": "#8C8C8C"}

_BODY = {"font_name": BODY_FONT, "font_size": 10, "font_scheme": "none"}
_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
"""Text that was typed stays text, whatever it begins with."""
CREATED = datetime(2000, 1, 1, tzinfo=UTC)
PAPERS = {"A4": 9, "A3": 8}


def new_book(title: str) -> SealedBook:
    """Return an empty workbook that is written into a buffer on closing, and reads no clock.

    Its own font is the body's, so that column widths count its digits. XlsxWriter changes the properties it
    is given: every workbook gets a copy, or the second one would differ from the first.
    """
    book = SealedBook({**_OPTIONS, "default_format_properties": dict(_BODY)})
    book.set_properties({"title": title, "created": CREATED})
    return book


def set_up_print(target: Worksheet, *, landscape: bool, paper: str = "A4") -> None:
    """Let a sheet print one page wide, without the grid of the screen."""
    target.hide_gridlines(2)
    target.set_paper(PAPERS[paper])
    if landscape:
        target.set_landscape()
    target.fit_to_pages(1, 0)
    target.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
    target.center_horizontally()


PAPER_POINTS = {"A4": (595, 842), "A3": (842, 1191)}
MARGINS = 0.8 * 72, 1.2 * 72
"""What the margins of `set_up_print` take of a page's width and height, in points."""
POINTS = 0.75
"""Of a pixel, in which the writer keeps heights."""
LEAST_SCALE = 0.72
"""So far a sheet may be printed smaller for its last rows to find room."""


def fit_tail(target: Worksheet, widths: Sequence[float], rows: int, *, landscape: bool, paper: str = "A4") -> None:
    """Print a sheet a little smaller where a few rows alone would stand on its last page.

    `widths` are its columns' in signs, `rows` how many it has.
    """
    pages = _high(target, rows) / _page(widths, paper, landscape=landscape)
    if pages > 1 and int(pages) / pages >= LEAST_SCALE:
        target.fit_to_pages(1, int(pages))


def rows_left(target: Worksheet, widths: Sequence[float], rows: int, *, landscape: bool, paper: str = "A4") -> int:
    """Return how many further rows of the default height find room on the first page, below so many `rows`."""
    left = _page(widths, paper, landscape=landscape) - _high(target, rows)
    return max(int(left / (target.default_row_height * POINTS)), 0)


def _high(target: Worksheet, rows: int) -> float:
    """Return how high so many rows are, in points; the first, the stamp's, is not printed."""
    sizes = (target.row_sizes.get(row, [target.default_row_height])[0] for row in range(1, rows))
    return float(sum(sizes) * POINTS)


def _page(widths: Sequence[float], paper: str, *, landscape: bool) -> float:
    """Return how high a page is, in points of a sheet that is made smaller until its columns find room."""
    across, high = (side - margin for side, margin in zip(_sides(paper, landscape=landscape), MARGINS, strict=True))
    return high / min(1.0, across / sum((7 * sign + 5) * POINTS for sign in widths))


def _sides(paper: str, *, landscape: bool) -> tuple[int, int]:
    """Return the width and height of a page in points."""
    short, long_ = PAPER_POINTS[paper]
    return (long_, short) if landscape else (short, long_)


class Palette:
    """The formats of one workbook, made when first asked for."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, bool, str, bool], Format] = {}

    def look(self, name: str, *, fillable: bool = False, number_format: str = "", ruled: bool = False) -> Format:
        """Return the format of a look; a fillable cell is tinted and not locked, a ruled one has a line below."""
        key = (name, fillable, number_format, ruled)
        if key not in self._made:
            numbers = {"num_format": number_format} if number_format else {}
            look = {**_BODY, **LOOKS[name], **(_OPEN if fillable else {}), **numbers, **(_RULED if ruled else {})}
            self._made[key] = self._book.add_format(look)
        return self._made[key]
