"""A located sheet → rows: wide rows of marks and records (printed rows beside); one function a shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from dingji.comparing import normal
from dingji.forms.declare import ABSTAIN, EXCUSED
from dingji.problems import Problem
from dingji.read import cells
from dingji.read.answers import CERTAIN, invalid_answer, of_ballot
from dingji.read.fields import fill
from dingji.read.lines import (
    Cell,
    blank_state,
    data_rows,
    identified,
    is_aside,
    is_entry,
    read_cell,
    says,
    set_identity,
    text_in,
)
from dingji.read.locate import Located
from dingji.read.printed import read_printed
from dingji.read.printed_blocks import read_blocks
from dingji.read.rows import Reading, Row, like

BALLOTS = "测评票"

# --- wide rows --------------------------------------------------------------------------------------------


def read_wide(located: Located) -> Reading:
    """Read a row a branch, or a ballot of the head's branch, with a column a mark or question."""
    reading = Reading()
    single = not any(column.field in ("code", "name") for column, _ in located.places)
    ballots = located.sheet.name == BALLOTS
    numbers: set[tuple[str, str, str]] = set()
    for row, line in data_rows(located):
        marks = [cell for cell in line.values() if cell.column.item]
        if is_aside(line) or (all(cell.blank for cell in marks) and (ballots or not identified(line))):
            continue
        if not single and not identified(line):
            first = next(cell for cell in marks if not cell.blank)
            if not _is_signature(line, first):
                reading.problems.append(first.problem("E229", what="党组织编码"))
            continue
        base = Row(group=says(line, "group"), reason=text_in(line, "reason"), sheet=located.grid.name)
        set_identity(base, line)
        if ballots:
            base.rater = _ballot_number(text_in(line, "rater"), row, base, numbers)
        taken = Reading()
        read_marks(base, marks, taken, ballots=ballots)
        taken.problems = [of_ballot(problem, base.rater) for problem in taken.problems] if ballots else taken.problems
        if ballots and not _settle_group(line, taken):
            taken.rows = [replace(each, value=None, option="", state="refused") for each in taken.rows]
        if total := _typed_total(line, marks):
            reading.problems.append(total.problem("E237"))
            taken.rows = [replace(each, state="refused") for each in taken.rows]
        reading.add(taken)
    return reading


def _typed_total(line: Mapping[str, Cell], marks: Sequence[Cell]) -> Cell | None:
    """Return the live total of a row where a figure stands in it and no mark does: somebody typed over it."""
    totals = (cell for cell in line.values() if cell.column.reads == "formula" and not cell.blank)
    typed = (cell for cell in totals if cell.fault is None and cells.read_mark(cell.value, None, None).number)
    return next(typed, None) if all(cell.blank for cell in marks) else None


def _is_signature(line: Mapping[str, Cell], first: Cell) -> bool:
    """Say whether words or a date are all that stands in a row, and no word for a mark."""
    alone = sum(not cell.blank for cell in line.values()) == 1
    return alone and first.fault is None and first.value not in EXCUSED and not is_entry(first)


def _settle_group(line: Mapping[str, Cell], ballot: Reading) -> bool:
    """Put a ballot into its 身份 as the standard calls it; False, with a problem, where that is blank or unknown."""
    cell = line.get("group")
    if cell is None or not cell.column.choices:
        return True
    outcome = cells.read_choice(says(line, "group"), cell.column.choices)
    for row in ballot.rows:
        row.group = outcome.text
    if outcome.problem:
        code = "E204" if cell.blank else outcome.problem
        ballot.problems.append(cell.problem(code, **outcome.values))
    return not outcome.problem


def _ballot_number(typed: str, row: int, base: Row, seen: set[tuple[str, str, str]]) -> str:
    """Return a ballot's number; one without, or with another's, is told by its row too, so that it stays its own."""
    place = f"第{row + 1}行"
    number = typed or place
    if (base.code, base.name, number) in seen:
        number = f"{typed}（{place}）"
    seen.add((base.code, base.name, number))
    return number


def read_marks(base: Row, marks: list[Cell], reading: Reading, *, ballots: bool) -> None:
    """Read the marks and answers of a row: a row of entries each, the blank ones too."""
    for cell in marks:
        row = like(base)
        row.item, row.cell = cell.column.item, cell.address
        said = cell.value if isinstance(cell.value, str) else None
        if cell.blank or (ballots and cell.column.reads == "mark" and said == ABSTAIN):
            row.state = blank_state(cell, reading) if cell.blank else "blank"
        elif not ballots and said in EXCUSED:
            row.state, row.option = "excused", cell.text
        else:
            _read_mark(row, cell, reading, ballots=ballots)
        reading.rows.append(row)


def _read_mark(row: Row, cell: Cell, reading: Reading, *, ballots: bool) -> None:
    if ballots and (invalid := invalid_answer(cell)):
        reading.problems.append(invalid)
        row.state, row.option = "invalid", CERTAIN if invalid.code == "N408" else cell.text
        return
    outcome = read_cell(cell, reading)
    row.state = "typed" if outcome else "refused"
    if outcome:
        row.value, row.option = outcome.number, outcome.text


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
    for _, line in data_rows(located):
        if is_aside(line) or not _content(line):
            continue
        fields = tuple(field for field in RECORD_FIELDS if field in line)
        row = fill(line, reading, None, fields, units.get(normal(text_in(line, "rule")), ""))
        row.part, row.sheet = located.sheet.part, located.grid.name
        set_identity(row, line)
        reading.rows.append(row)
        reading.rows += _also(row, line, reading)
        reading.problems += _too_many(line)
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
            also = Row("also", row.code, row.name, row.who_cell, rule=cell.column.heading, option=text)
            also.value, also.sheet, also.cell = outcome.number, row.sheet, cell.address
            yield also


def _too_many(line: Mapping[str, Cell]) -> Iterator[Problem]:
    """Yield the counts of a row that are more than another one that they are part of."""
    for cell in line.values():
        most = line.get(cell.column.at_most) if cell.column.at_most else None
        read = () if most is None else (cells.read_count(each.value).number for each in (cell, most))
        counts = [number for number in read if number is not None]
        if most and len(counts) > 1 and counts[0] > counts[1]:
            yield cell.problem("W235", other=most.column.heading, most=most.text)


def read_roster(located: Located) -> Reading:
    """Read a sheet of the roster: every column as a field of its own, kept in `extra`."""
    reading = Reading()
    for _, line in data_rows(located):
        if is_aside(line):
            continue
        cells_of = {cell.column.field: cell for cell in line.values()}
        row = Row(sheet=located.grid.name)
        row.cell = next(cell.address for cell in line.values() if not cell.blank)
        for field, cell in cells_of.items():
            outcome = None if cell.blank else read_cell(cell, reading)
            row.extra[field] = (outcome.text if outcome.number is None else outcome.number) if outcome else ""
            row.extra[f"{field}@"] = cell.address
            row.extra[f"{field}?"] = not cell.blank and outcome is None
        reading.rows.append(row)
    return reading


SHAPES: Mapping[str, Callable[[Located], Reading]] = {
    "printed": lambda located: read_blocks(located) if located.sheet.blocks else read_printed(located),
    "wide": read_wide,
    "records": read_records,
}
"""How a sheet is read, by the shape that its declaration gives it."""
