"""A located sheet → rows: printed rows by key, wide rows of marks, records; one function a shape."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace

from dingji.forms.declare import Row as PrintedRow
from dingji.intake import cells
from dingji.intake.grid import normal
from dingji.intake.lines import Cell, data_rows, identified, is_aside, read_cell, says, set_identity, text_in
from dingji.intake.locate import Located
from dingji.intake.rows import Reading, Row

EXCUSED = ("回避", "缺席")
ABSTAIN = "弃权"
TALLY_MEAN = "平均分"
VOTES = "得票"


# --- printed rows -----------------------------------------------------------------------------------------


def read_printed(located: Located) -> Reading:
    """Read rows whose keys the standard prints: claims and facts of 自评表, the lines of 测评汇总."""
    reading = Reading()
    keys = [column.heading for column in located.sheet.columns if column.key]
    printed = {_printed_key(row, keys): row for row in located.sheet.rows}
    seen: dict[str, list[str]] = {}
    for _, line in data_rows(located):
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
    if all(row.part == "votes" and row.state == "blank" for row in reading.rows):
        reading.rows.clear()  # a tally that nobody filled in: the ballots stand on the other sheet
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
    wanted = votes if printed.unit else [mean] if mean else []
    if wanted and all(cell.blank for cell in wanted):
        rule = VOTES if printed.unit else TALLY_MEAN
        blank = Row("votes", item=printed.item, group=printed.group, rule=rule, state="blank", sheet=sheet)
        reading.rows.append(replace(blank, cell=wanted[0].address))


def _with_value(row: Row, cell: Cell, outcome: cells.Reading | None) -> Row:
    number = outcome.number if outcome else None
    return replace(row, value=number, cell=cell.address, state="typed" if outcome else "refused")


def _called(item: str) -> str:
    """Return what papers call a mark: an item by its number, an indicator by its name."""
    return f"第{item}项" if item.isdigit() else item


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
    subject = printed.rule or _called(printed.item) if printed else ""
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
    for row, line in data_rows(located):
        marks = [cell for cell in line.values() if cell.column.item]
        if is_aside(line) or (all(cell.blank for cell in marks) and (ballots or not identified(line))):
            continue
        if not single and not identified(line):
            first = next(cell for cell in marks if not cell.blank)
            reading.problems.append(first.problem("W229", what="党组织编码"))
            continue
        base = Row(group=says(line, "group"), reason=text_in(line, "reason"), sheet=located.grid.name)
        set_identity(base, line)
        if ballots:
            base.rater = _ballot_number(text_in(line, "rater"), row, base, numbers)
        read_marks(base, marks, reading, ballots=ballots)
    return reading


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
    for _, line in data_rows(located):
        if is_aside(line) or not _content(line):
            continue
        fields = tuple(field for field in RECORD_FIELDS if field in line)
        row = _fill(line, reading, None, fields, units.get(normal(text_in(line, "rule")), ""))
        row.part, row.sheet = located.sheet.part, located.grid.name
        set_identity(row, line)
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
    "printed": read_printed,
    "wide": read_wide,
    "records": read_records,
}
"""How a sheet is read, by the shape that its declaration gives it."""
