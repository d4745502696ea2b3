"""Report columns, declared once: heading, width, kind of value and where the value comes from.

A report table is built from such columns and from lines of any type that their functions read, or, where it is
long, from columns that give all their values at once; the workbook, the HTML page and the Word table are views
of the built `ReportTable`. A new column is one line in a table of columns and one function.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, Generic, Literal, TypeVar, overload

from dingji.numbers import fixed, percent, plain

Kind = Literal["text", "count", "score", "exact", "share", "grade", "number"]
"""text: words; count: a whole number; score: points, two places; exact: points of which all places are kept and two
are shown; share: a percentage, two places; grade: a label of the standard; number: a figure as short as it is exact."""

NOTHING = "—"


@dataclass(frozen=True)
class Shown:
    """A value printed otherwise than its column: a share among numbers, say."""

    value: Fraction | int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Live:
    """A figure as exact as a cell holds it, with the formula that reckons it; "" where there is none."""

    formula: str
    value: str | float


@dataclass(frozen=True)
class LiveCells(Sequence[Live]):
    """A column of them, kept apart: the formulas, and what they come to."""

    formulas: Sequence[str]
    figures: Sequence[str | float]

    def __len__(self) -> int:
        return len(self.figures)

    @overload
    def __getitem__(self, place: int) -> Live: ...

    @overload
    def __getitem__(self, place: slice) -> LiveCells: ...

    def __getitem__(self, place: int | slice) -> Live | LiveCells:
        made = LiveCells if isinstance(place, slice) else Live
        return made(self.formulas[place], self.figures[place])  # type: ignore[arg-type]


Cell = str | Fraction | int | Shown | Live | None
Cells = Sequence[Cell]
Line = TypeVar("Line")
Given = TypeVar("Given")
Value = TypeVar("Value")
Made = TypeVar("Made")


@dataclass(frozen=True)
class ReportColumn(Generic[Line, Given]):
    """A column: its heading, its width in half-width characters, its kind, and what reads it.

    `value` reads a cell from a line, or all cells from what a long table is made of. `places` are the decimal
    places of a score.
    """

    heading: str
    width: int
    kind: Kind
    value: Callable[[Line], Given]
    places: int = 2

    def text(self, value: Cell) -> str:
        """Return the printed text of a value of this column."""
        return printed(value, self.kind, self.places)


Told = tuple[ReportColumn[Any, Any], Cells, list[str]]
"""A column, its values, and these as printed."""


@dataclass(frozen=True)
class ReportTable:
    """A table ready to print: its values column by column, `printed` or `texts` makes words of them.

    `totals` says how many rows at the end are sums. `notes` are the lines below the table in print order, the
    sign-off line and the line of 数据校验码 among them where the table has such.
    """

    title: str
    columns: tuple[ReportColumn[Any, Any], ...]
    values: tuple[Cells, ...]
    notes: tuple[str, ...] = ()
    totals: int = 0
    told: dict[tuple[int, int], Told] = field(default_factory=dict, compare=False, repr=False)
    """Columns as printed, by what prints them and by their values: tables made of each other share what they have."""

    @property
    def headings(self) -> tuple[str, ...]:
        """Return the headings in order."""
        return tuple(column.heading for column in self.columns)

    def __len__(self) -> int:
        """Return the number of rows, sums among them."""
        return len(self.values[0])

    @property
    def rows(self) -> list[list[Cell]]:
        """Return the values row by row."""
        return [list(row) for row in zip(*self.values, strict=True)]

    @cached_property
    def printed(self) -> list[list[str]]:
        """Return the columns as printed."""
        return [self._printed(column, values) for column, values in zip(self.columns, self.values, strict=True)]

    def _printed(self, column: ReportColumn[Any, Any], values: Cells) -> list[str]:
        key = (id(column), id(values))  # both are kept beside it, so that no other is ever known by their numbers
        if key not in self.told:
            self.told[key] = (column, values, each(values, column.text))
        return self.told[key][-1]

    def picked(self, rows: Sequence[int]) -> ReportTable:
        """Return some of the rows, no sums among them; what is printed of them is that of the whole."""
        values = tuple([cells[row] for row in rows] for cells in self.values)
        texts = ([column[row] for row in rows] for column in self.printed)
        parts = zip(self.columns, values, texts, strict=True)
        told: dict[tuple[int, int], Told] = {(id(part[0]), id(part[1])): part for part in parts}
        return replace(self, values=values, totals=0, told=told)

    def texts(self) -> list[list[str]]:
        """Return the rows as printed."""
        return [list(row) for row in zip(*self.printed, strict=True)]


def each(values: Sequence[Value], make: Callable[[Value], Made]) -> list[Made]:
    """Return what is made of each value, made once for all cells that share the object."""
    keys = list(map(id, values))
    made = {key: make(value) for key, value in dict(zip(keys, values, strict=True)).items()}
    return list(map(made.__getitem__, keys))


def build(
    title: str, columns: Sequence[ReportColumn[Line, Cell]], lines: Iterable[Line], notes: Sequence[str] = ()
) -> ReportTable:
    """Build a table: a row a line, each cell read by its column's function."""
    listed = list(lines)
    values = tuple([column.value(line) for line in listed] for column in columns)
    return ReportTable(title, tuple(columns), values, tuple(notes))


def without_empty(table: ReportTable, always: Collection[str] = ()) -> ReportTable:
    """Return a table without the columns in which no row has anything, but for some headings."""
    pairs = zip(table.columns, table.values, strict=True)
    kept = [pair for pair in pairs if pair[0].heading in always or any(cell not in (None, "") for cell in pair[1])]
    columns, values = zip(*kept, strict=True)
    return replace(table, columns=columns, values=values)


def build_long(title: str, columns: Sequence[ReportColumn[Line, Cells]], source: Line) -> ReportTable:
    """Build a table of many rows: each column is read at once from what the table is made of."""
    return ReportTable(title, tuple(columns), tuple(column.value(source) for column in columns))


def printed(value: Cell, kind: Kind, places: int = 2) -> str:
    """Return the printed text of a value: `95.80`, `90.00%`, `12`; — where there is none."""
    if value is None:
        return NOTHING
    if isinstance(value, Shown):
        return printed(value.value, value.kind, places)
    if isinstance(value, Live):
        return value.value if isinstance(value.value, str) else plain(Fraction(value.value))
    if isinstance(value, str):
        return value
    if kind in ("score", "exact"):
        return fixed(Fraction(value), places)
    return percent(Fraction(value)) if kind == "share" else plain(Fraction(value))
