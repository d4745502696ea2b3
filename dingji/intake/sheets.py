"""A located sheet → rows: printed rows by key, wide rows of marks, records; one function a shape."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from dingji.forms.declare import Column
from dingji.forms.declare import Row as PrintedRow
from dingji.intake import cells
from dingji.intake.grid import CellValue, address, normal, text_of
from dingji.intake.locate import Located, is_repeated_header
from dingji.intake.rows import Reading, Row
from dingji.problems import Problem

ROSTER_SHEETS = ("名册", "评委")
SUBTOTALS = frozenset({"合计", "小计", "总计", "共计", "平均", "平均分", "总得分", "得分小计"})
EXCUSED = ("回避", "缺席")
ABSTAIN = "弃权"
TALLY_MEAN = "平均分"
VOTES = "得票"


@dataclass(frozen=True)
class Cell:
    """One cell of a located sheet with the column it belongs to."""

    located: Located
    column: Column
    row: int
    place: int

    @property
    def value(self) -> CellValue:
        """Return the value, "" where only white space was typed."""
        value = self.located.grid.value(self.row, self.place)
        return value.strip() if isinstance(value, str) else value

    @property
    def text(self) -> str:
        """Return the value as a person reads it."""
        return text_of(self.value)

    @property
    def address(self) -> str:
        """Return the A1 address."""
        return address(self.row, self.place)

    @property
    def fault(self) -> str | None:
        """Return the error shown in the cell, "" for a formula never calculated, None where all is well."""
        return self.located.grid.faults.get((self.row, self.place))

    @property
    def blank(self) -> bool:
        """Say whether nothing was typed."""
        return self.value == "" and self.fault is None

    def problem(self, code: str, subject: str = "", **values: str) -> Problem:
        """Return a problem at this cell."""
        grid = self.located.grid.name
        found = self.text or (self.fault or "")
        return Problem(code, "", grid, self.address, subject or self.column.heading, found, values=values)

    def read(self, low: Fraction | None, full: Fraction | None, choices: tuple[str, ...], unit: str) -> cells.Reading:
        """Read the cell as its column says."""
        if self.fault is not None:
            return cells.Reading(problem="E209")
        percent = (self.row, self.place) in self.located.grid.percent
        if percent and self.column.reads == "mark" and not isinstance(self.value, str):
            return cells.Reading(problem="E206")
        readers: Mapping[str, Callable[[], cells.Reading]] = {
            "mark": lambda: cells.read_mark(self.value, low, full),
            "number": lambda: cells.read_number(self.value, unit, percent=percent),
            "count": lambda: cells.read_count(self.value),
            "date": lambda: cells.read_date(self.value),
            "choice": lambda: cells.read_choice(self.value, choices),
        }
        return readers.get(self.column.reads, lambda: cells.Reading(text=self.text))()


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


def _data_rows(located: Located) -> Iterator[tuple[int, dict[str, Cell]]]:
    """Yield every row under the headings that has something typed, as cells by field (wide marks by heading)."""
    for row in range(located.header + 1, len(located.grid.rows)):
        line = {
            (column.field if column.field and not column.item and column.field != "also" else column.heading): Cell(
                located, column, row, place
            )
            for column, place in located.places
        }
        if any(not cell.blank for cell in line.values()) and not is_repeated_header(located, row):
            yield row, line


def _text(line: Mapping[str, Cell], field: str) -> str:
    return line[field].text if field in line else ""


# --- printed rows -----------------------------------------------------------------------------------------


def read_printed(located: Located) -> Reading:
    """Read rows whose keys the standard prints: claims and facts of 自评表, the lines of 测评汇总."""
    reading = Reading()
    keys = [column.heading for column in located.sheet.columns if column.key]
    printed = {_printed_key(row, keys): row for row in located.sheet.rows}
    seen: dict[str, list[str]] = {}
    for _, line in _data_rows(located):
        row = printed.get(tuple(normal(line[key].text) if key in line else "" for key in keys))
        if row is None:
            continue
        typed = _typed_texts(line)
        if row.key in seen:
            if typed not in ([], seen[row.key]):
                reading.problems.append(line[keys[0]].problem("W227", row.key))
            continue
        seen[row.key] = typed
        _read_printed_row(located, row, line, reading)
    _add_unseen(located, seen, reading)
    return reading


def _typed_texts(line: Mapping[str, Cell]) -> list[str]:
    return [cell.text for cell in line.values() if cell.column.reads not in ("printed", "formula") and not cell.blank]


def _printed_key(row: PrintedRow, keys: list[str]) -> tuple[str, ...]:
    texts = dict(row.texts)
    return tuple(normal(texts.get(key, "")) for key in keys)


def _add_unseen(located: Located, seen: Collection[str], reading: Reading) -> None:
    """Count a printed mark whose row was deleted as missing, like a blank one."""
    if not any(column.field == "value" and column.reads == "mark" for column in located.sheet.columns):
        return
    if located.sheet.optional:
        return
    for row in located.sheet.rows:
        if row.key not in seen:
            reading.rows.append(Row(item=row.item, state="blank", sheet=located.grid.name))


def _read_printed_row(located: Located, printed: PrintedRow, line: Mapping[str, Cell], reading: Reading) -> None:
    votes = [cell for cell in line.values() if cell.column.field == "votes"]
    if votes:
        _read_tally_row(printed, line, votes, reading)
        return
    row = _fill(line, reading, printed, ("option", "value", "amount", "reason"))
    row.item, row.rule, row.sheet = printed.item, printed.rule, located.grid.name
    claim = line["value"].column.reads == "mark" if "value" in line else False
    row.part = "mark" if claim else located.sheet.part
    if claim:
        row.cell = line["value"].address
        if line["value"].blank:
            row.state = "blank"
    if claim or row.cell:
        reading.rows.append(row)


def _read_tally_row(printed: PrintedRow, line: Mapping[str, Cell], votes: list[Cell], reading: Reading) -> None:
    sheet = votes[0].located.grid.name
    for cell in votes:
        if cell.blank:
            continue
        outcome = read_cell(cell, reading, f"{printed.item} {cell.column.item}")
        row = Row("votes", item=printed.item, group=printed.group, rule=VOTES, option=cell.column.item, sheet=sheet)
        reading.rows.append(_with_value(row, cell, outcome))
    mean = line.get("value")
    if mean and not mean.blank:
        outcome = read_cell(mean, reading, printed.item, printed=printed)
        row = Row("votes", item=printed.item, group=printed.group, rule=TALLY_MEAN, sheet=sheet)
        reading.rows.append(_with_value(row, mean, outcome))


def _with_value(row: Row, cell: Cell, outcome: cells.Reading | None) -> Row:
    number = outcome.number if outcome else None
    return replace(row, value=number, cell=cell.address, state="typed" if outcome else "refused")


NAMED = ("rule", "item", "source")
"""Fields that name a part of the standard: taken as typed, resolved where the whole standard is known."""

# --- fields of a row --------------------------------------------------------------------------------------


def _fill(
    line: Mapping[str, Cell],
    reading: Reading,
    printed: PrintedRow | None,
    fields: tuple[str, ...],
    unit: str = "",
) -> Row:
    """Fill a row's fields from its cells; `cell` collects the addresses of what was typed, in this order."""
    row, typed = Row(), []
    subject = printed.rule or printed.item if printed else ""
    for name in fields:
        cell = line.get(name)
        if cell is None or cell.blank:
            continue
        if name in ("option", "value", "amount"):
            typed.append(cell.address)
        if name in NAMED:
            setattr(row, name, cell.text)
            continue
        measured = (printed.unit if printed else unit) if name == "value" else ""
        outcome = read_cell(cell, reading, subject, measured, printed)
        if outcome is None:
            row.state = "refused"
        else:
            setattr(row, name, outcome.number if name in ("value", "amount") else outcome.text)
    row.cell = " ".join(typed) or next(
        (line[name].address for name in fields if name in line and not line[name].blank), ""
    )
    return row


# --- wide rows --------------------------------------------------------------------------------------------


def read_wide(located: Located) -> Reading:
    """Read a row a branch, or a ballot of the head's branch, with a column a mark or question."""
    reading = Reading()
    single = not any(column.field in ("code", "name") for column, _ in located.places)
    ballots = located.sheet.name == "测评票"
    numbers: set[tuple[str, str, str]] = set()
    for row, line in _data_rows(located):
        marks = [cell for cell in line.values() if cell.column.item]
        if _is_aside(line) or (all(cell.blank for cell in marks) and (ballots or not _identified(line))):
            continue
        if not single and not _identified(line):
            first = next(cell for cell in marks if not cell.blank)
            reading.problems.append(first.problem("W229", what="党组织编码"))
            continue
        base = Row(group=_says(line, "group"), reason=_text(line, "reason"), sheet=located.grid.name)
        _set_identity(base, line)
        if ballots:
            base.rater = _ballot_number(_text(line, "rater"), row, base, numbers)
        _read_marks(base, marks, reading, ballots=ballots)
    return reading


def _ballot_number(typed: str, row: int, base: Row, seen: set[tuple[str, str, str]]) -> str:
    """Return a ballot's number; one without, or with another's, is told by its row too, so that it stays its own."""
    place = f"第{row + 1}行"
    number = typed or place
    if (base.code, base.name, number) in seen:
        number = f"{typed}（{place}）"
    seen.add((base.code, base.name, number))
    return number


def _says(line: Mapping[str, Cell], field: str) -> str:
    """Return what a cell shows: its text, or that of the block merged over it and the rows above."""
    if field not in line or line[field].text:
        return _text(line, field)
    cell = line[field]
    return text_of(cell.located.grid.spans.get((cell.row, cell.place), ""))


def _set_identity(row: Row, line: Mapping[str, Cell]) -> None:
    row.code, row.name, row.rater = _says(line, "code"), _says(line, "name"), _says(line, "rater")
    row.who_cell = next((line[field].address for field in ("code", "name") if _text(line, field)), "")
    row.rater_cell = line["rater"].address if row.rater else ""


WHO = ("code", "name", "rater")


def _is_aside(line: Mapping[str, Cell]) -> bool:
    """Say whether a row is a subtotal or a note and no row of the table, whatever stands in it."""
    filled = [cell for cell in line.values() if not cell.blank and cell.column.reads != "formula"]
    leading = filled[:1] + [line[field] for field in (*WHO, "group") if field in line]
    subtotal = any(normal(cell.text).rstrip(":") in SUBTOTALS for cell in leading)
    return subtotal or any(":" in normal(_text(line, field)) for field in WHO) or _is_lonely(filled)


def _is_lonely(filled: Sequence[Cell]) -> bool:
    """Say whether one cell is all that a row has, and no mark: a remark below the table, a number before a blank row.

    In the roster a lonely code or name is a branch not fully typed, which must be said.
    """
    named = filled and filled[0].column.field in WHO and filled[0].located.sheet.name in ROSTER_SHEETS
    return len(filled) == 1 and not (filled[0].column.item or named)


def _identified(line: Mapping[str, Cell]) -> bool:
    return bool(_says(line, "code") or _says(line, "name"))


def _read_marks(base: Row, marks: list[Cell], reading: Reading, *, ballots: bool) -> None:
    for cell in marks:
        row = replace(base, item=cell.column.item, cell=cell.address)
        if cell.blank or (ballots and cell.column.reads == "mark" and cell.text == ABSTAIN):
            row.state = "blank"
        elif not ballots and cell.text in EXCUSED:
            row.state, row.option = "excused", cell.text
        else:
            _read_mark(row, cell, reading, ballots=ballots)
        reading.rows.append(row)


def _read_mark(row: Row, cell: Cell, reading: Reading, *, ballots: bool) -> None:
    if ballots and cell.column.reads == "choice" and _several(cell):
        reading.problems.append(cell.problem("N408"))
        row.state = "refused"
        return
    outcome = read_cell(cell, reading)
    row.state = "typed" if outcome else "refused"
    if outcome:
        row.value, row.option = outcome.number, outcome.text


def _several(cell: Cell) -> bool:
    """Say whether two answers stand where one is asked."""
    parts = [part for part in cell.text.replace("，", "、").replace(",", "、").split("、") if part.strip()]
    return len(parts) > 1 and all(normal(part) in map(normal, cell.column.choices) for part in parts)


# --- records ----------------------------------------------------------------------------------------------

RECORD_FIELDS = (
    "rule",
    "item",
    "option",
    "value",
    "amount",
    "work",
    "date",
    "reason",
    "evidence",
    "verdict",
    "source",
)


def read_records(located: Located) -> Reading:
    """Read a row an event; columns that are no fields of an entry (会议名称, 应到 …) become entries of their own."""
    reading = Reading()
    units = {normal(rule): unit for rule, unit in located.sheet.units}
    for _, line in _data_rows(located):
        if _is_aside(line) or not _content(line):
            continue
        fields = tuple(field for field in RECORD_FIELDS if field in line)
        row = _fill(line, reading, None, fields, units.get(normal(_text(line, "rule")), ""))
        row.part, row.sheet = located.sheet.part, located.grid.name
        _set_identity(row, line)
        reading.rows.append(row)
        reading.rows += _also(row, line, reading)
    return reading


def _content(line: Mapping[str, Cell]) -> bool:
    return any(not cell.blank for cell in line.values() if cell.column.field not in ("code", "name", "", "rater"))


def _also(row: Row, line: Mapping[str, Cell], reading: Reading) -> Iterator[Row]:
    for cell in line.values():
        if cell.column.field != "also" or cell.blank:
            continue
        outcome = read_cell(cell, reading)
        if outcome:
            text = outcome.text if outcome.number is None else ""
            also = Row(
                "also",
                row.code,
                row.name,
                row.who_cell,
                rule=cell.column.heading,
                option=text,
                sheet=row.sheet,
            )
            yield replace(also, value=outcome.number, cell=cell.address)


def read_roster(located: Located) -> Reading:
    """Read a sheet of the roster: every column as a field of its own, kept in `extra`."""
    reading = Reading()
    for _, line in _data_rows(located):
        if _is_aside(line):
            continue
        cells_of = {cell.column.field: cell for cell in line.values()}
        row = Row(sheet=located.grid.name)
        row.cell = next(cell.address for cell in line.values() if not cell.blank)
        for field, cell in cells_of.items():
            outcome = None if cell.blank else read_cell(cell, reading)
            row.extra[field] = (outcome.text if outcome.number is None else outcome.number) if outcome else ""
            row.extra[f"{field}@"] = cell.address
        reading.rows.append(row)
    return reading


SHAPES: Mapping[str, Callable[[Located], Reading]] = {
    "printed": read_printed,
    "wide": read_wide,
    "records": read_records,
}
"""How a sheet is read, by the shape that its declaration gives it."""
