"""The rows under a sheet's headings, as cells by field: what each says."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from fractions import Fraction

from dingji.comparing import tidy
from dingji.forms.declare import Column
from dingji.forms.declare import Row as PrintedRow
from dingji.problems import Problem
from dingji.read import cells
from dingji.read.grid import ERRORS, CellValue, TypedCell, address, text_of
from dingji.read.locate import UNTYPED, WHO, Located, is_repeated_header
from dingji.read.rows import Reading, Row

BY_HEADING = ("also", "head")
"""Fields that several columns of a sheet may fill; such a column is known by its heading."""


class Cell:
    """One cell of a located sheet with the column it belongs to.

    `value` is "" where nothing visible was typed, and that of a merged block (`spanned`) where one is shown here that
    is no figure; `fault` the error shown in the cell, "" for a formula never
    calculated, None where all is well; `blank` says that nothing was typed.
    """

    __slots__ = ("blank", "column", "fault", "located", "place", "row", "spanned", "value")

    def __init__(self, located: Located, column: Column, row: int, place: int) -> None:
        self.located, self.column, self.row, self.place = located, column, row, place
        grid = located.grid
        line = grid.rows[row]
        value = line[place] if place < len(line) else ""
        self.value: CellValue = tidy(value) if value and isinstance(value, str) else value
        self.fault: str | None = grid.faults.get((row, place)) if grid.faults else None
        self.spanned: bool = value == "" and self.fault is None and (row, place) in grid.spans and _may_span(column)
        if self.spanned:
            shown = grid.spans[row, place]
            self.value = tidy(shown) if isinstance(shown, str) else shown
        if self.value in ERRORS:  # an error pasted as a text
            self.fault, self.value = str(self.value), ""
        self.blank: bool = self.fault is None and self.value == ""

    @property
    def text(self) -> str:
        """Return the value as a person reads it."""
        return self.value if isinstance(self.value, str) else text_of(self.value)

    @property
    def address(self) -> str:
        """Return the A1 address."""
        return address(self.row, self.place)

    def problem(self, code: str, subject: str = "", **values: str) -> Problem:
        """Return a problem at this cell."""
        grid = self.located.grid.name
        found = self.text or (self.fault or "")
        return Problem(
            code, sheet=grid, cell=self.address, subject=subject or self.column.heading, found=found, values=values
        )

    @property
    def known(self) -> TypedCell:
        """Return all that is known of the cell, its value as it was meant."""
        if self.spanned:
            return TypedCell(self.value)
        return self.located.grid.described(self.row, self.place, self.value, self.fault)

    @property
    def struck(self) -> str:
        """Return how much of what was typed is struck through."""
        return self.located.grid.struck.get((self.row, self.place), "") if self.value != "" else ""

    @property
    def computed(self) -> bool:
        """Say whether a formula gives the value."""
        return (self.row, self.place) in self.located.grid.computed.places

    def read(self, low: Fraction | None, full: Fraction | None, choices: tuple[str, ...], unit: str) -> cells.Reading:
        """Read the cell as its column says."""
        column = self.column
        remark = column.reads == "text" and column.field in REMARKS
        words = remark and (column.field == REASON or self.fault is not None)
        asked = cells.Asked(column.reads, low, full, choices, unit, words, column.month_enough)
        return cells.read_typed(self.known, asked)


REASON = "reason"
REMARKS = (REASON, "also")
"""Fields of words, in which an error harms nothing else; what is crossed out or covered counts in none but 事由."""


def _may_span(column: Column) -> bool:
    """Say whether a block merged over several rows says the same of each: words and dates do, a figure is of one."""
    return not column.item and column.reads not in (*cells.FIGURES, "formula")


def blank_state(cell: Cell, reading: Reading) -> str:
    """Return the state of a mark left blank; one merged with another cell is refused, as none can say whose it is."""
    anchor = cell.located.grid.anchors.get((cell.row, cell.place)) if cell.located.grid.merges else None
    if anchor is None or cell.located.grid.value(*anchor) == "":
        return "blank"
    reading.problems.append(Cell(cell.located, cell.column, *anchor).problem("E218", below=cell.address))
    return "refused"


def read_cell(
    cell: Cell, reading: Reading, subject: str = "", unit: str = "", printed: PrintedRow | None = None
) -> cells.Reading | None:
    """Read a cell by its column (bounds and choices by its printed row, if any), noting problems; None if refused."""
    bounds = printed or cell.column
    choices = (printed.choices if printed else ()) or cell.column.choices
    outcome = cell.read(bounds.low, bounds.full, choices, unit)
    code = outcome.problem or outcome.note
    if code:
        reading.problems.append(cell.problem(code, subject, **outcome.values))
    return None if outcome.problem else outcome


def data_rows(located: Located, known: Container[int] = ()) -> Iterator[tuple[int, dict[str, Cell]]]:
    """Yield every row under the headings that has something typed, as cells by field (wide marks by heading).

    Without any cells those whose content is `known` already.
    """
    named = [(name_in_line(column), column, place) for column, place in located.places]
    faulty = {row for row, _ in located.grid.faults}
    for row in range(located.header + 1, len(located.grid.rows)):
        if row in known:
            yield row, {}
            continue
        values = located.grid.rows[row]
        if row not in faulty and values.count("") == len(values):
            continue
        line = {name: Cell(located, column, row, place) for name, column, place in named}
        if not all(cell.blank or cell.spanned for cell in line.values()) and not is_repeated_header(located, row):
            yield row, line


def typed_columns(located: Located) -> list[tuple[str, Column, int]]:
    """Return the columns that somebody types in, with their names in a row and their places."""
    return [(name_in_line(each), each, place) for each, place in located.places if each.reads not in UNTYPED]


def name_in_line(column: Column) -> str:
    """Return by which name a row has a column's cell."""
    return column.field if column.field and not column.item and column.field not in BY_HEADING else column.heading


def text_in(line: Mapping[str, Cell], field: str) -> str:
    """Return the text of a field's cell, "" where the sheet has no such column."""
    return line[field].text if field in line and not line[field].spanned else ""


def says(line: Mapping[str, Cell], field: str) -> str:
    """Return what a cell shows: its text, or that of the block merged over it and the rows above."""
    return line[field].text if field in line else ""


def set_identity(row: Row, line: Mapping[str, Cell]) -> None:
    """Note whose row this is, and where it says so."""
    row.code, row.name, row.rater = says(line, "code"), says(line, "name"), says(line, "rater")
    row.who_cell = next((line[field].address for field in ("code", "name") if text_in(line, field)), "")
    row.rater_cell = line["rater"].address if row.rater else ""


def odd_identity(line: Mapping[str, Cell], reading: Reading) -> bool:
    """Note what keeps a cell that names somebody from being read; say whether it leaves in doubt whose row it is."""
    odd = False
    for cell in (line[field] for field in (*WHO, "group") if field in line and not line[field].blank):
        code = cells.read_typed(cell.known, cells.Asked("text")).problem
        if code:
            reading.problems.append(cell.problem(code))
            odd = True
    return odd


def identified(line: Mapping[str, Cell]) -> bool:
    """Say whether a row names a branch."""
    return bool(says(line, "code") or says(line, "name"))


def read_named(cell: Cell, reading: Reading) -> str | None:
    """Return the words by which a cell names something; None, with a problem, where they cannot be relied on."""
    outcome = cells.read_typed(cell.known, cells.Asked("text"))
    if outcome.problem:
        reading.problems.append(cell.problem(outcome.problem))
        return None
    return outcome.text
