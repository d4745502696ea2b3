"""The rows under a sheet's headings, as cells by field: what each says, and which rows are none of the table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache

from dingji.comparing import normal, tidy
from dingji.forms.declare import Column
from dingji.forms.declare import Row as PrintedRow
from dingji.problems import Problem
from dingji.read import cells
from dingji.read.grid import CellValue, address, text_of
from dingji.read.locate import Located, is_repeated_header
from dingji.read.rows import Reading, Row

ROSTER_SHEETS = ("名册", "评委")
BY_HEADING = ("also", "head")
"""Fields that several columns of a sheet may fill; such a column is known by its heading."""

_TOTAL = re.compile(
    r"(?:.*(?:合计|小计|总计|共计|累计)(?:得分|扣分|加分|票数|分数)?"
    r"|(?:自评|考评|考核|评定|测评|综合|实际|最后|最终|平均)*(?:得分|总分|总得分|实得分|平均|平均分|平均值|均分)"
    r"|满分|标准分|分值|最高分|最低分)(?:\(.*\))?:?"
)


@lru_cache(maxsize=1 << 14)
def is_total(text: str) -> bool:
    """Say whether what leads a row makes it a total, an average, or the full marks, and no row of the table."""
    return _TOTAL.fullmatch(normal(text)) is not None


class Cell:
    """One cell of a located sheet with the column it belongs to.

    `value` is "" where nothing visible was typed; `fault` the error shown in the cell, "" for a formula never
    calculated, None where all is well; `blank` says that nothing was typed.
    """

    __slots__ = ("blank", "column", "fault", "located", "place", "row", "value")

    def __init__(self, located: Located, column: Column, row: int, place: int) -> None:
        self.located, self.column, self.row, self.place = located, column, row, place
        grid = located.grid
        line = grid.rows[row]
        value = line[place] if place < len(line) else ""
        self.value: CellValue = tidy(value) if value and isinstance(value, str) else value
        self.fault: str | None = grid.faults.get((row, place)) if grid.faults else None
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

    def read(self, low: Fraction | None, full: Fraction | None, choices: tuple[str, ...], unit: str) -> cells.Reading:
        """Read the cell as its column says."""
        if self.fault is not None:
            return cells.Reading(problem="E209")
        percent = (self.row, self.place) in self.located.grid.percent
        if percent and self.column.reads == "mark" and not isinstance(self.value, str):
            return cells.Reading(problem="E206")
        reads = self.column.reads
        if reads == "mark":
            return cells.read_mark(self.value, low, full)
        if reads == "number":
            return cells.read_number(self.value, unit, percent=percent)
        if reads == "choice":
            return cells.read_choice(self.value, choices)
        return _OTHERS[reads](self.value) if reads in _OTHERS else cells.Reading(text=self.text)


def blank_state(cell: Cell, reading: Reading) -> str:
    """Return the state of a mark left blank; one merged with the cell above is refused, as none can say whose it is."""
    spans = cell.located.grid.spans
    if (cell.row, cell.place) not in spans:
        return "blank"
    top = cell.row
    while (top, cell.place) in spans:
        top -= 1
    reading.problems.append(Cell(cell.located, cell.column, top, cell.place).problem("E218", below=cell.address))
    return "refused"


_OTHERS: Mapping[str, Callable[[CellValue], cells.Reading]] = {"count": cells.read_count, "date": cells.read_date}


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


def data_rows(located: Located) -> Iterator[tuple[int, dict[str, Cell]]]:
    """Yield every row under the headings that has something typed, as cells by field (wide marks by heading)."""
    named = [(_name_in_line(column), column, place) for column, place in located.places]
    faulty = {row for row, _ in located.grid.faults}
    for row in range(located.header + 1, len(located.grid.rows)):
        values = located.grid.rows[row]
        if row not in faulty and values.count("") == len(values):
            continue
        line = {name: Cell(located, column, row, place) for name, column, place in named}
        if not all(cell.blank for cell in line.values()) and not is_repeated_header(located, row):
            yield row, line


def typed_columns(located: Located) -> list[tuple[str, Column, int]]:
    """Return the columns that somebody types in, with their names in a row and their places."""
    return [(_name_in_line(each), each, place) for each, place in located.places if each.reads not in UNTYPED]


UNTYPED = ("printed", "formula")


def _name_in_line(column: Column) -> str:
    return column.field if column.field and not column.item and column.field not in BY_HEADING else column.heading


def text_in(line: Mapping[str, Cell], field: str) -> str:
    """Return the text of a field's cell, "" where the sheet has no such column."""
    return line[field].text if field in line else ""


def says(line: Mapping[str, Cell], field: str) -> str:
    """Return what a cell shows: its text, or that of the block merged over it and the rows above."""
    if field not in line or line[field].text:
        return text_in(line, field)
    cell = line[field]
    return text_of(cell.located.grid.spans.get((cell.row, cell.place), ""))


def set_identity(row: Row, line: Mapping[str, Cell]) -> None:
    """Note whose row this is, and where it says so."""
    row.code, row.name, row.rater = says(line, "code"), says(line, "name"), says(line, "rater")
    row.who_cell = next((line[field].address for field in ("code", "name") if text_in(line, field)), "")
    row.rater_cell = line["rater"].address if row.rater else ""


WHO = ("code", "name", "rater")


def is_aside(line: Mapping[str, Cell]) -> bool:
    """Say whether a row is a subtotal or a note and no row of the table, whatever stands in it."""
    filled = [cell for cell in line.values() if not cell.blank and cell.column.reads != "formula"]
    leading = filled[:1] + [line[field] for field in (*WHO, "group") if field in line]
    subtotal = any(is_total(cell.text) and cell.text not in cell.column.choices for cell in leading)
    return subtotal or any(is_note(text_in(line, field)) for field in WHO) or _is_lonely(filled)


_SIGNS = re.compile(
    r".*(?:签字|签名|签章|盖章)|(?:审核|复核|核对|填表|填报|制表|计票|监票|唱票|统分|负责)人|日期|备注|权重"
)


@lru_cache(maxsize=1 << 14)
def is_note(text: str) -> bool:
    """Say whether what stands in the place of a branch or rater is a remark, or whose signature follows."""
    return ":" in normal(text) or _SIGNS.fullmatch(normal(text)) is not None


def _is_lonely(filled: Sequence[Cell]) -> bool:
    """Say whether one cell is all that a row has, and no mark: a remark below the table, a number before a blank row.

    In the roster a lonely code or name is a branch not fully typed, which must be said.
    """
    named = filled and filled[0].column.field in WHO and filled[0].located.sheet.name in ROSTER_SHEETS
    return len(filled) == 1 and not (filled[0].column.item or named)


def is_entry(cell: Cell) -> bool:
    """Say whether a cell holds what would count: words or a date among figures are a signature or an opinion."""
    if cell.blank or cell.column.reads in ("text", "choice"):
        return not cell.blank and cell.column.reads == "choice"
    return any(map(str.isdigit, cell.text)) and bool(cells.read_date(cell.value).problem)


def identified(line: Mapping[str, Cell]) -> bool:
    """Say whether a row names a branch."""
    return bool(says(line, "code") or says(line, "name"))
