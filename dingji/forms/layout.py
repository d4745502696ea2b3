"""Where things stand on a form's sheet: text widths, row heights, head cells, the columns written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dingji.forms.declare import Column, Form, HeadCell, Sheet
from dingji.forms.filling import Cells

LINE = 13.5
"""Height of a line of 10-point text, in points."""
PADDING = 4.5
MOST = 409
"""The highest row that a spreadsheet allows, in points."""

BLANK_ROWS = 30
HEAD_LABEL = 7
HEAD_VALUE = {"text": 12, "count": 8, "date": 12, "choice": 10}
HEAD_NAME = 24


@dataclass(frozen=True)
class Spot:
    """Where a head cell stands: its row in the head, its label's column, its value's first and last one."""

    cell: HeadCell
    row: int
    label: int
    first: int
    last: int


@lru_cache(maxsize=4096)
def text_width(text: str) -> int:
    """Return the width of text in half-width characters: a Chinese one takes two, as its bytes in GBK."""
    return len(text) if text.isascii() else sum(1 if character < "\x80" else 2 for character in text)


@lru_cache(maxsize=4096)
def line_count(text: str, width: float) -> int:
    """Return how many lines text takes in a column; signs that may not begin a line cost some room."""
    room = max(width - 1.5, 2)
    return sum(max(1, -int(-text_width(line) // room)) for line in text.split("\n"))


def height(cells: Iterable[tuple[str, float]], least: float = 18.0) -> float:
    """Return the height of a row, in points, that shows every text in its column's width uncut."""
    lines = max((line_count(text, width) for text, width in cells), default=1)
    return min(max(lines * LINE + PADDING, least), MOST)


def written_columns(form: Form, sheet: Sheet, rows: Sequence[Cells]) -> list[Column]:
    """Return the columns to write: optional ones only for the office, or where a row has a value for them."""
    given = {heading for row in rows for heading in row}
    office = form.owner == "office"
    return [column for column in sheet.columns if column.needed or office or column.heading in given]


def row_count(sheet: Sheet, given: int) -> int:
    """Return how many rows to write: records keep empty rows below the given ones, a blank form has some."""
    if sheet.shape == "printed":
        return len(sheet.rows)
    if sheet.shape == "records":
        return given + sheet.spare
    return max(given, sheet.spare) or BLANK_ROWS


def head_spots(head: Sequence[HeadCell], widths: Sequence[int]) -> list[Spot]:
    """Let head cells flow over the columns: a label in one, its value in as many to its right as it needs."""
    spots: list[Spot] = []
    row = column = 0
    for cell in head:
        spot = _spot(cell, row, column, widths)
        if spot is None:
            row += 1
            spot = _spot(cell, row, 0, widths) or Spot(cell, row, 0, 1, max(1, len(widths) - 1))
        spots.append(spot)
        column = spot.last + 1
    return spots


def _spot(cell: HeadCell, row: int, start: int, widths: Sequence[int]) -> Spot | None:
    """Return the first place in a row from a column on, None where the value would not fit."""
    columns = range(start, len(widths))
    label = next((column for column in columns if widths[column] >= HEAD_LABEL), len(widths))
    room, needed = 0, HEAD_NAME if cell.label == "党组织名称" else HEAD_VALUE[cell.reads]
    for column in range(label + 1, len(widths)):
        room += widths[column]
        if room >= needed:
            return Spot(cell, row, label, label + 1, column)
    return None
