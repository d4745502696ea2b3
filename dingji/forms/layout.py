"""Where things stand on a form's sheet: text widths, row heights, head cells, the columns written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dingji.forms.declare import Column, Form, HeadCell, Sheet
from dingji.forms.filling import Cells

LINE = 13.5
"""Height of a line of 10-point text, in points."""
PADDING = 4.5
MOST = 409
"""The highest row that a spreadsheet allows, in points."""

BLANK_ROWS = 30
OPEN_ROWS = 200
"""So many rows at least can be typed in where a sheet has empty ones, though fewer are drawn and printed."""
ONE_PAGE_ROWS = 30
"""A sheet of so many printed rows is fitted to one page."""
LABEL_ROOM = 2
WIDE = 24
HEAD_VALUE = {"text": 12, "count": 8, "date": 12, "choice": 10}
HEAD_NAME = 24


@dataclass(frozen=True)
class Spot:
    """Where a head cell stands: its row in the head, its label's column, its value's first and last one.

    The label's room begins at column `start`: it runs to the left where its own column is too narrow.
    """

    cell: HeadCell
    row: int
    start: int
    label: int
    first: int
    last: int


def text_width(text: str) -> int:
    """Return the width of text in half-width characters: a Chinese one takes two, as its bytes in GBK."""
    return len(text) if text.isascii() else 2 * len(text) - len(text.encode("ascii", "ignore"))


def line_count(text: str, width: float) -> int:
    """Return how many lines text takes in a column; signs that may not begin a line cost some room."""
    room = max(width - 1.5, 2)
    if "\n" not in text:
        return max(1, -int(-text_width(text) // room))
    return sum(max(1, -int(-text_width(line) // room)) for line in text.split("\n"))


def height(cells: Iterable[tuple[str, float]], least: float = 18.0) -> float:
    """Return the height of a row, in points, that shows every text in its column's width uncut."""
    lines = max((line_count(text, width) for text, width in cells), default=1)
    return min(max(lines * LINE + PADDING, least), MOST)


def written_columns(form: Form, sheet: Sheet, rows: Sequence[Cells]) -> list[Column]:
    """Return the columns to write: optional ones only for the office, or where a row has a value for them."""
    given = {heading for row in rows for heading in row}
    office = form.owner == "office" and not sheet.sparing
    return [column for column in sheet.columns if column.needed or office or column.heading in given]


def row_count(sheet: Sheet, given: int, spare: int) -> int:
    """Return how many rows to draw: records keep empty rows below the given ones, a blank form has some."""
    if sheet.complete and given:
        return given
    if sheet.shape == "records":
        return given + spare
    return max(given, spare) or BLANK_ROWS


def open_rows(sheet: Sheet, drawn: int, given: int) -> int:
    """Return how many rows can be typed in below those drawn: none where the rows given are all there are."""
    ends = sheet.shape == "printed" or not sheet.spare or (sheet.complete and given)
    return 0 if ends else max(OPEN_ROWS - drawn, 0)


def on_one_page(sheet: Sheet) -> bool:
    """Say whether a sheet is printed on a single page."""
    return sheet.shape == "printed" and not sheet.blocks and len(sheet.rows) <= ONE_PAGE_ROWS


def head_spots(head: Sequence[HeadCell], widths: Sequence[int]) -> list[Spot]:
    """Let head cells flow over the columns: label and value to its right each in as many as it needs.

    All labels get the room of the longest one, so that they stand below each other.
    """
    room = max((text_width(cell.label) for cell in head), default=0) + LABEL_ROOM
    spots: list[Spot] = []
    row = column = 0
    for cell in head:
        spot = _spot(cell, row, column, widths, room)
        if spot is None:
            row += 1
            spot = _spot(cell, row, 0, widths, room) or Spot(cell, row, 0, 0, 1, max(1, len(widths) - 1))
        spots.append(spot)
        column = spot.last + 1
    return spots


def _spot(cell: HeadCell, row: int, start: int, widths: Sequence[int], room: int) -> Spot | None:
    """Return the place in a row from a column on, None where label and value would not fit.

    A wide column is no place for a label, unless there is no other.
    """
    needed = HEAD_NAME if cell.label == "党组织名称" else HEAD_VALUE[cell.reads]
    narrow = next((column for column in range(start, len(widths)) if widths[column] <= WIDE), start)
    for begin in dict.fromkeys((narrow, start)):
        label = _reach(widths, begin, room)
        last = None if label is None else _reach(widths, label + 1, needed)
        if label is not None and last is not None:
            return Spot(cell, row, begin, label, label + 1, last)
    return None


def _reach(widths: Sequence[int], start: int, needed: int) -> int | None:
    """Return the column up to which columns from `start` on have so much room; None where they have not."""
    room = 0
    for column in range(start, len(widths)):
        room += widths[column]
        if room >= needed:
            return column
    return None
