"""The superior's workbook → its tables: headings by column, and the rows below them. Runs in a process apart.

A heading row is the one with most cells that read like something we may give; the block of merged cells that it
belongs to is the table's head. What stands in a row is told as it is: whose row it is, is decided by `matching`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from lxml import etree

from dingji.comparing import normal
from dingji.problems import Problem
from dingji.read.grid import Grid, Position, letters_of, position_of, text_of
from dingji.read.guard import inspect
from dingji.read.open import open_workbook
from dingji.reports.returned.cells import SheetCells
from dingji.reports.returned.looks import Looks
from dingji.reports.returned.package import WORKBOOK, Package, S, UnmarkableError, foreign

NEAR: Final = 0.6
"""How alike two headings are, from 0 to 1, for one to be proposed for the other."""
DEEPEST, WIDEST, HIGHEST = 60, 120, 6
"""Among so many rows and columns of a sheet a head is looked for; rows that it may have."""
LONGEST_HEADING: Final = 40
MOST_ROWS: Final = 20_000
BETWEEN: Final = "·"
PRINT_AREA: Final = "_xlnm.Print_Area"
MACROS: Final = "带有宏"
DIALECT: Final = "不是平常的 .xlsx"
NO_TABLE: Final = "没有找到表头：没有哪一行的栏目与上报的表相像"


@dataclass(frozen=True)
class FormColumn:
    """A column of the superior's form: its place (from 0) and its heading, upper ones first, with `·` between."""

    index: int
    heading: str

    @property
    def letter(self) -> str:
        """Return its letters."""
        return letters_of(self.index)


@dataclass(frozen=True)
class FormRow:
    """A row below a head: `texts` by column, the columns with a formula, and those that a merged block lies over.

    `joined`: columns whose cell is merged with those to its right. `framed`: whether any cell has a border.
    """

    number: int
    texts: Mapping[int, str]
    formulas: frozenset[int]
    covered: frozenset[int]
    joined: frozenset[int]
    framed: bool


@dataclass(frozen=True)
class FormTable:
    """A sheet's table. `first`: the row below its head; `open_end`: no print area or the like ends with its rows.

    `hidden`: columns like ours that nobody sees; `again`: rows below that begin another table with the same headings.
    """

    sheet: str
    columns: tuple[FormColumn, ...]
    first: int
    rows: tuple[FormRow, ...]
    open_end: bool
    hidden: tuple[FormColumn, ...] = ()
    again: tuple[int, ...] = ()


@dataclass(frozen=True)
class Seen:
    """What a look at the workbook found: its number in 栏目对照, and its tables; or why there are none."""

    number: str = ""
    tables: tuple[FormTable, ...] = ()
    problem: Problem | None = None
    hidden: tuple[str, ...] = ()
    """Sheets with such a table that nobody sees, and that are left alone."""


@dataclass(frozen=True)
class Look:
    """A look to be taken: the file, and the headings that we may give, as compared."""

    address: Path
    known: tuple[str, ...]


def look_at(look: Look) -> Seen:
    """Return the tables of a workbook, or the problem for which it can't be filled in."""
    raw = look.address.read_bytes()
    grids, problems = open_workbook(raw)
    if not grids:
        return Seen(problem=problems[0])
    if inspect(raw).macros:
        return _refused(MACROS)
    try:
        with foreign():
            package = Package.of(raw)
            looks = Looks(package.seen(package.target(WORKBOOK, "styles")))
            own = [grid for grid in grids if grid.name in package.sheets]
            found = [(grid, table) for grid in own for table in _table(package, grid, looks, look.known)]
    except UnmarkableError:
        return _refused(DIALECT)
    tables = tuple(table for grid, table in found if not grid.hidden)
    hidden = tuple(grid.name for grid, _ in found if grid.hidden)
    if not tables:
        return _refused(NO_TABLE + "".join(f"；隐藏的工作表“{name}”没有看" for name in hidden))
    return Seen(_number(tables), tables, hidden=hidden)


def _refused(what: str) -> Seen:
    return Seen(problem=Problem("E671", values={"what": what}))


def _number(tables: Sequence[FormTable]) -> str:
    """Return the number of a form: the same for all workbooks with these sheets, columns and headings."""
    shown = [(table.sheet, column.letter, column.heading) for table in tables for column in table.columns]
    return f"BT{sha256(repr(shown).encode()).hexdigest()[:6].upper()}"


@lru_cache(maxsize=1 << 14)
def likeness(heading: str, target: str) -> float:
    """Return how alike two headings are as compared, from 0 to 1."""
    return 1.0 if heading == target else SequenceMatcher(None, heading, target).ratio()


def _is_near(text: str, known: Sequence[str]) -> bool:
    return 0 < len(text) <= LONGEST_HEADING and any(likeness(normal(text), target) >= NEAR for target in known)


def _table(package: Package, grid: Grid, looks: Looks, known: Sequence[str]) -> list[FormTable]:
    part = package.sheets[grid.name]
    cells = SheetCells(package.seen(part))
    head = _head(grid, cells, known)
    if head is None:
        return []
    top, bottom = head
    width = max((len(line) for line in grid.rows[top : bottom + 1]), default=0)
    every = [
        FormColumn(index, heading) for index in range(width) if (heading := _heading(grid, cells, top, bottom, index))
    ]
    columns = tuple(column for column in every if column.index not in grid.hidden_columns)
    hidden = tuple(column for column in every if column not in columns and _is_near(column.heading, known))
    rows, is_open = _rows(grid, cells, looks, bottom + 1), _is_open(package, part, grid, bottom)
    return [FormTable(grid.name, columns, bottom + 1, rows, is_open, hidden, _again(grid, bottom, columns))]


def _again(grid: Grid, bottom: int, columns: Sequence[FormColumn]) -> tuple[int, ...]:
    """Return the rows below a head that have most of its headings again."""
    headings = {normal(column.heading.rpartition(BETWEEN)[2]) for column in columns}
    rows = range(bottom + 1, len(grid.rows))
    told = {row: {normal(value) for value in grid.rows[row] if isinstance(value, str)} for row in rows}
    return tuple(row for row in rows if len(headings & told[row]) * 2 > len(headings))


def _text(grid: Grid, cells: SheetCells, place: Position) -> str:
    return text_of(grid.value(*cells.shown_at(place)))


def _head(grid: Grid, cells: SheetCells, known: Sequence[str]) -> tuple[int, int] | None:
    """Return the first and the last row of the head; None where no row has two headings like ours."""
    likely = [
        sum(_is_near(text_of(value), known) for value in line[:WIDEST]) if row not in grid.hidden_rows else 0
        for row, line in enumerate(grid.rows[:DEEPEST])
    ]
    most = max(likely, default=0)
    if most < 2:  # noqa: PLR2004 - one such cell may stand in any letter
        return None
    top = bottom = likely.index(most)
    while (wider := _wider(grid, cells, top, bottom)) != (top, bottom) and wider[1] - wider[0] < HIGHEST:
        top, bottom = wider
    return top, bottom


def _wider(grid: Grid, cells: SheetCells, top: int, bottom: int) -> tuple[int, int]:
    """Return the rows that merged blocks add: down a column they join rows, and below a wide one stand its parts."""
    for first, last in cells.blocks:
        if not first[0] <= bottom or not last[0] >= top or not text_of(grid.value(*first)):
            continue
        if last[0] > first[0]:
            top, bottom = min(top, first[0]), max(bottom, last[0])
        elif first[0] == bottom and any(
            text_of(grid.value(bottom + 1, column)) for column in range(first[1], last[1] + 1)
        ):
            bottom += 1
    return top, bottom


def _heading(grid: Grid, cells: SheetCells, top: int, bottom: int, column: int) -> str:
    texts = (_text(grid, cells, (row, column)) for row in range(top, bottom + 1))
    return BETWEEN.join(dict.fromkeys("".join(text.split()) for text in texts if text))


def _rows(grid: Grid, cells: SheetCells, looks: Looks, first: int) -> tuple[FormRow, ...]:
    framed = _framed(looks)
    over, joined = _merged(cells)
    last = max(len(grid.rows) - 1, *cells.rows, first - 1)
    if last - first > MOST_ROWS:
        raise UnmarkableError("rows")
    return tuple(
        _row(grid, cells.rows.get(number), number, framed, (over.get(number, set()), joined.get(number, set())))
        for number in range(first, last + 1)
        if number not in grid.hidden_rows
    )


def _framed(looks: Looks) -> frozenset[str]:
    """Return the numbers of the formats that draw a border."""
    drawn = [any(side.get("style", "none") != "none" for side in border) for border in looks.borders]
    formats = enumerate(looks.formats.iterfind(f"{S}xf"))
    return frozenset(str(number) for number, look in formats if _at(drawn, int(look.get("borderId", 0))))


def _at(drawn: Sequence[bool], number: int) -> bool:
    return 0 <= number < len(drawn) and drawn[number]


def _merged(cells: SheetCells) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """Return by row the columns that a block lies over, but for its first cell, and those merged to their right."""
    over: dict[int, set[int]] = {}
    joined: dict[int, set[int]] = {}
    for first, last in cells.blocks:
        for row in range(first[0], min(last[0], first[0] + MOST_ROWS) + 1):
            own = set(range(first[1], last[1] + 1))
            over.setdefault(row, set()).update(own - {first[1]} if row == first[0] else own)
            if last[1] > first[1]:
                joined.setdefault(row, set()).update(own)
    return over, joined


def _row(
    grid: Grid,
    line: etree._Element | None,
    number: int,
    framed: frozenset[str],
    merged: tuple[set[int], set[int]],
) -> FormRow:
    listed = list(line.iterfind(f"{S}c")) if line is not None else []
    formulas = {position_of(cell.get("r", ""))[1] for cell in listed if cell.find(f"{S}f") is not None}
    values = grid.rows[number] if number < len(grid.rows) else ()
    texts = {column: text for column, value in enumerate(values) if (text := text_of(value))}
    has_frame = any(cell.get("s", "0") in framed for cell in listed)
    return FormRow(number, texts, frozenset(formulas), frozenset(merged[0]), frozenset(merged[1]), has_frame)


def _is_open(package: Package, part: str, grid: Grid, bottom: int) -> bool:
    """Say whether rows may be added at the end: no print area and no list of Excel's own ends before them."""
    names = package.seen(WORKBOOK).iterfind(f"{S}definedNames/{S}definedName")
    printed = any(name.get("name") == PRINT_AREA for name in names)
    listed = bool(package.targets(part, "table"))
    hidden = any(row > bottom for row in grid.hidden_rows)
    return not printed and not listed and not hidden
