"""A result that came in is held against its own 数据校验码: by its figures, so that saving it anew does no harm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from dingji.checkcode import PREFIX, WORDS, check_code, figures
from dingji.comparing import normal
from dingji.numbers import decimal_of_float, fixed, percent, plain
from dingji.problems import Problem
from dingji.read.changed_cell import MEMBERS, Table, changed_cells
from dingji.read.grid import Grid, address
from dingji.read.locate import Located
from dingji.read.rows import Columns, lines_of_branches

PLACES: Final = range(2, 7)
"""How many decimals a standard may print of a figure."""


@dataclass(frozen=True)
class Copy(Table):
    """A table as it came back, and where its rows and columns stand in the sheet."""

    sheet: str
    lines: tuple[int, ...]
    places: tuple[int, ...]

    @property
    def code(self) -> str:
        """Return the code of its figures."""
        return check_code(figures(self.headings, self.rows))

    def only(self, headings: frozenset[str]) -> Copy:
        """Return the copy without what somebody put beside the program's columns."""
        kept = [index for index, heading in enumerate(self.headings) if heading in headings]
        rows = tuple(tuple(row[index] for index in kept) for row in self.rows)
        named = tuple(self.headings[index] for index in kept)
        return Copy(named, rows, self.sheet, self.lines, tuple(self.places[index] for index in kept))


def stated_code(grid: Grid) -> str:
    """Return the code printed below a table, "" where there is none."""
    lines = (normal(text) for text in grid.texts)
    return next((line.removeprefix(normal(PREFIX)).upper() for line in lines if line.startswith(normal(PREFIX))), "")


def code_problem(located: Located, columns: Columns, grades: Sequence[str]) -> Problem | None:
    """Return what a result's code finds changed, at its cell where that can be told; None where all figures stand.

    `columns` is what was read of the sheet, by which its rows are known; `grades` are the standards' labels.
    """
    stated = stated_code(located.grid)
    known = frozenset({column.heading for column in located.sheet.columns} | {MEMBERS} | WORDS)
    copies = [copy for places in PLACES for copy in _copies(located, columns, places, known)]
    if any(copy.code == stated for copy in copies):
        return None
    found = changed_cells(copies[0], stated, grades)
    if not found:
        return Problem("E651", sheet=located.grid.name, values={"what": "改过哪一格，程序找不出"})
    what = "，".join(f"“{copies[0].headings[column]}”原来是 {text or '空白'}" for _, column, text in found)
    row, column, _ = found[0]
    return Problem(
        "E651",
        sheet=located.grid.name,
        cell=address(copies[0].lines[row], copies[0].places[column]),
        subject=copies[0].headings[column],
        found=copies[0].rows[row][column],
        values={"what": what},
    )


def _copies(located: Located, columns: Columns, places: int, known: frozenset[str]) -> Iterator[Copy]:
    """Yield a table as it came back, and without the columns that are not the program's where there are such."""
    copy = _copy(located, columns, places)
    yield copy
    if set(copy.headings) - known:
        yield copy.only(known)


def _copy(located: Located, columns: Columns, places: int) -> Copy:
    grid = located.grid
    top = [("".join(str(value).split()), place) for place, value in enumerate(grid.rows[located.header]) if value != ""]
    lines = tuple(lines_of_branches(columns, grid.name))
    rows = tuple(tuple(_text(grid, row, place, heading, places) for heading, place in top) for row in lines)
    return Copy(tuple(heading for heading, _ in top), rows, grid.name, lines, tuple(place for _, place in top))


def _text(grid: Grid, row: int, place: int, heading: str, places: int) -> str:
    """Return what a cell prints: a share by its format, a figure with so many places, a count as it is."""
    value = grid.value(row, place)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value).strip()
    number = Fraction(decimal_of_float(float(value)) or 0)
    if (row, place) in grid.percent:
        return percent(number)
    return plain(number) if heading == MEMBERS else fixed(number, places)


# --- what a result tells beside its rows --------------------------------------------------------------------

BY_HAND: Final = "手工汇总"
"""What is noted of every row of a result whose figures no code vouches for."""
DOUBTFUL: Final = "与数据校验码不符"


def vouched(located: Located, columns: Columns, grades: Sequence[str], *, lower: bool) -> tuple[Columns, list[Problem]]:
    """Return a note for every row of a result that no code vouches for, and the problem.

    An earlier result may have been made by hand without a word; one that a `lower` unit hands up is marked so.
    """
    if "record" not in columns["part"]:
        return Columns(), []
    if stated_code(located.grid):
        problem = code_problem(located, columns, grades)
        return (_noted(columns, DOUBTFUL), [problem]) if problem else (Columns(), [])
    if not lower:
        return Columns(), []
    return _noted(columns, BY_HAND), [Problem("W655", sheet=located.grid.name)]


def _noted(columns: Columns, note: str) -> Columns:
    """Return a further row for each branch, by which results and papers know of it."""
    told = [row for row, part in enumerate(columns["part"]) if part == "record"]
    taken = columns.taken(told)
    noted = Columns(taken.size, dict(taken.fixed), taken.varied)
    noted.put("part", ["also"] * noted.size)
    noted.put("rule", [NOTE] * noted.size)
    noted.put("option", [note] * noted.size)
    return noted


NOTE: Final = "来历"
"""Under which heading it is noted, which no table has."""


def round_told(texts: Iterable[str], label: str) -> str:
    """Return the round's label (`2026 年初`) where one of some texts says it, however written; "" where none does."""
    year, _, name = label.partition(" ")
    written = {normal(f"{year}{name}"), normal(f"{year}年{name}")}
    return label if any(one in normal(text) for text in texts for one in written) else ""
