"""A sheet as a grid of values, and finding things in it by text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache

CellValue = str | float | int | bool | date | datetime | time | timedelta
Position = tuple[int, int]


@dataclass(frozen=True)
class Grid:
    """A sheet's values from A1 on; `faults` are cells with an error or a never-calculated formula, by position.

    `percent` are the cells shown as percentages (Excel stores 90% as 0.9); `spans` what a merged block's upper
    left cell says, by the position of each cell below it.
    """

    name: str
    rows: Sequence[Sequence[CellValue]]
    faults: Mapping[Position, str] = field(default_factory=dict)
    percent: frozenset[Position] = frozenset()
    spans: Mapping[Position, CellValue] = field(default_factory=dict)

    @cached_property
    def texts(self) -> list[str]:
        """Return every text of the sheet, in the order of the cells."""
        return [value for line in self.rows for value in line if type(value) is str and value]

    def value(self, row: int, column: int) -> CellValue:
        """Return the value at a position, "" outside."""
        line = self.rows[row] if row < len(self.rows) else ()
        return line[column] if column < len(line) else ""


@lru_cache(maxsize=1 << 15)
def address(row: int, column: int) -> str:
    """Return the A1 address of a position counted from 0. Remembered: forms use the same cells."""
    return f"{_letters(column)}{row + 1}"


@lru_cache(maxsize=1 << 10)
def _letters(column: int) -> str:
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


def position_of(cell: str) -> Position:
    """Return the position of an A1 address, counted from 0."""
    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(cell[len(letters) :]) - 1, column - 1


def text_of(value: CellValue) -> str:
    """Return a cell's value as a person reads it: whole numbers without `.0`, dates as ISO."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return format(value, ".15g")
    return value.isoformat() if isinstance(value, date | datetime | time) else str(value)


def cells(grid: Grid) -> Iterator[tuple[int, int, CellValue]]:
    """Yield every non-blank cell with its position."""
    for row, line in enumerate(grid.rows):
        for column, value in enumerate(line):
            if value != "":
                yield row, column, value
