"""A sheet as a grid of values, what is known of each cell, and finding things in it by text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import islice
from typing import NamedTuple

CellValue = str | float | int | bool | date | datetime | time | timedelta
Position = tuple[int, int]
Block = tuple[Position, Position]
"""The first and the last cell of a block of cells."""
WHOLE, PART = "whole", "part"
"""How much of a cell's text is struck through."""
ERRORS = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!"})
"""What spreadsheets show in place of a value that a formula does not have."""


class TypedCell(NamedTuple):
    """All that is known of one cell, whatever format told it; every rule of typing stands on this.

    `fault` is the error that it shows, "" for a formula never calculated, None where all is well; `percent` says
    that a number is shown as a percentage (Excel stores 90% as 0.9; a date comes as one in `value`); `struck` how
    much of it is struck through; `over` what a merged block shows there, so that nobody sees what the cell holds.
    """

    value: CellValue = ""
    fault: str | None = None
    percent: bool = False
    struck: str = ""
    over: CellValue | None = None

    @property
    def covered(self) -> bool:
        """Say whether a merged block lies over the cell."""
        return self.over is not None


class Computed:
    """The cells of a sheet that hold a formula, looked for when somebody asks: most sheets are never asked."""

    def __init__(self, found: Callable[[], frozenset[Position]], *, any_at_all: bool) -> None:
        """Keep how they are found, and whether there are any."""
        self._found, self.any_at_all = found, any_at_all

    @cached_property
    def places(self) -> frozenset[Position]:
        """Return their positions."""
        return self._found() if self.any_at_all else frozenset()


NOT_COMPUTED = Computed(frozenset, any_at_all=False)


@dataclass(frozen=True, kw_only=True)
class SheetMarks:
    """What is known of a sheet's cells beside their values, by position.

    `faults` are cells with an error or a never-calculated formula; `percent` those shown as percentages; `struck`
    those struck through; `merges` the last cell of each merged block by its first; `hidden_rows` and `hidden_columns`
    those that nobody sees, as the whole sheet where it is `hidden`; `misleading` the number format of each cell whose
    format may show something else than what is stored; `notes` what is written beside the cells (批注, 文本框), by the
    cell that it belongs to, "" where it belongs to none; `veiled` the blocks with a conditional format by which
    nobody may see what they hold.
    """

    faults: Mapping[Position, str] = field(default_factory=dict)
    percent: frozenset[Position] = frozenset()
    struck: Mapping[Position, str] = field(default_factory=dict)
    merges: Mapping[Position, Position] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    hidden: bool = False
    misleading: Mapping[Position, str] = field(default_factory=dict)
    notes: Sequence[tuple[str, str]] = ()
    veiled: Sequence[Block] = ()
    computed: Computed = field(default=NOT_COMPUTED, compare=False)


@dataclass(frozen=True)
class Grid(SheetMarks):
    """A sheet's values from A1 on, with what is known of its cells.

    `misleading` is what is shown of each cell that shows something else than what is stored.
    `spans` is what the first cell of a merged block says, by the position of each cell below it.
    """

    name: str
    rows: Sequence[Sequence[CellValue]]
    spans: Mapping[Position, CellValue] = field(default_factory=dict)

    @cached_property
    def texts(self) -> list[str]:
        """Return every text of the sheet, in the order of the cells."""
        return [value for line in self.rows for value in line if type(value) is str and value]

    def value(self, row: int, column: int) -> CellValue:
        """Return the value at a position, "" outside."""
        line = self.rows[row] if row < len(self.rows) else ()
        return line[column] if column < len(line) else ""

    def cell(self, row: int, column: int) -> TypedCell:
        """Return all that is known of a cell."""
        return self.described(row, column, self.value(row, column), self.faults.get((row, column)))

    def described(self, row: int, column: int, value: CellValue, fault: str | None) -> TypedCell:
        """Return what is known of a cell beside its value and its fault, with these as they are meant."""
        place = (row, column)
        anchor = self.anchors.get(place) if self.merges else None
        over = None if anchor is None else self.value(*anchor)
        return TypedCell(value, fault, place in self.percent, self.struck.get(place, ""), over)

    @cached_property
    def anchors(self) -> Mapping[Position, Position]:
        """Return the first cell of the merged block over each cell that nobody sees.

        Blocks do not overlap, so that together they cover no more cells than there are: more is not looked at.
        """
        height, width = len(self.rows), max(map(len, self.rows), default=0)
        covered = (
            ((row, column), first)
            for first, last in self.merges.items()
            for row in range(first[0], min(last[0] + 1, height))
            for column in range(first[1], min(last[1] + 1, width))
            if (row, column) != first
        )
        return dict(islice(covered, height * width))


@lru_cache(maxsize=1 << 12)
def address(row: int, column: int) -> str:
    """Return the A1 address of a position counted from 0. Remembered: forms use the same cells."""
    return f"{letters_of(column)}{row + 1}"


@lru_cache(maxsize=1 << 10)
def letters_of(column: int) -> str:
    """Return the letters of a column counted from 0."""
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
