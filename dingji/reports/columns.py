"""Report columns, declared once: heading, width, kind of value and where the value comes from.

A report table is built from such columns and from lines of any type that their functions read; the workbook,
the HTML page and the Word table are views of the built `ReportTable`. A new column is one line in a table of
columns and one function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Generic, Literal, TypeVar

from dingji.numbers import fixed, percent, plain

Kind = Literal["text", "count", "score", "share", "grade", "number"]
"""text: words; count: a whole number; score: points, two places; share: a percentage, two places; grade: a
label of the standard; number: a figure as short as it is exact."""

NOTHING = "—"


@dataclass(frozen=True)
class Shown:
    """A value printed otherwise than its column: a share among numbers, say."""

    value: Fraction | int
    kind: Kind


Cell = str | Fraction | int | Shown | None
Line = TypeVar("Line")


@dataclass(frozen=True)
class ReportColumn(Generic[Line]):
    """A column: its heading, its width in half-width characters, its kind, and what reads it from a line.

    `places` are the decimal places of a score.
    """

    heading: str
    width: int
    kind: Kind
    value: Callable[[Line], Cell]
    places: int = 2

    def text(self, value: Cell) -> str:
        """Return the printed text of a value of this column."""
        return printed(value, self.kind, self.places)


@dataclass(frozen=True)
class ReportTable:
    """A table ready to print: its rows hold a value a column, `printed` or `texts` makes words of them.

    `totals` says how many rows at the end are sums. `notes` are the lines below the table in print order, the
    sign-off line and the line of 数据校验码 among them where the table has such.
    """

    title: str
    columns: tuple[ReportColumn[Any], ...]
    rows: list[list[Cell]]
    notes: tuple[str, ...] = ()
    totals: int = 0

    @property
    def headings(self) -> tuple[str, ...]:
        """Return the headings in order."""
        return tuple(column.heading for column in self.columns)

    def texts(self) -> list[list[str]]:
        """Return the rows as printed."""
        columns = self.columns
        return [[column.text(cell) for column, cell in zip(columns, row, strict=True)] for row in self.rows]


def build(
    title: str, columns: Sequence[ReportColumn[Line]], lines: Iterable[Line], notes: Sequence[str] = ()
) -> ReportTable:
    """Build a table: a row a line, each cell read by its column's function."""
    readers = [column.value for column in columns]
    rows = [[read(line) for read in readers] for line in lines]
    return ReportTable(title, tuple(columns), rows, tuple(notes))


def printed(value: Cell, kind: Kind, places: int = 2) -> str:
    """Return the printed text of a value: `95.80`, `90.00%`, `12`; — where there is none."""
    if value is None:
        return NOTHING
    if isinstance(value, Shown):
        return printed(value.value, value.kind, places)
    if isinstance(value, str):
        return value
    if kind == "score":
        return fixed(Fraction(value), places)
    return percent(Fraction(value)) if kind == "share" else plain(Fraction(value))
