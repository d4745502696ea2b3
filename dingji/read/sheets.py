"""A located sheet → rows: the marks of one row, records, and the roster's own sheets."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from dingji.comparing import normal
from dingji.forms.declare import ABSTAIN, EXCUSED
from dingji.problems import Problem
from dingji.read import cells
from dingji.read.answers import CERTAIN, invalid_answer
from dingji.read.fields import RECORD_FIELDS, fill
from dingji.read.lines import Cell, blank_state, data_rows, odd_identity, read_cell, says, set_identity, text_in
from dingji.read.locate import Located
from dingji.read.plain_rows import plain_members, plain_records
from dingji.read.row_kinds import (
    are_codes,
    are_computed,
    has_words_alone,
    is_coded,
    is_entry,
    is_labelled,
    is_named,
    is_remark,
    is_told,
    leads,
    micro,
    sums_up,
)
from dingji.read.rows import Reading, Row, like, member_keys
from dingji.read.sight import out_of_sight
from dingji.read.void_rows import void_in

BALLOTS = "测评票"


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


def read_records(located: Located) -> Reading:
    """Read a row an event; columns that are no fields of an entry (会议名称, 应到 …) become entries of their own."""
    reading = Reading()
    units = {normal(rule): unit for rule, unit in located.sheet.units}
    coded, wordy = are_codes(located, "code"), has_words_alone(located)
    aside: set[int] = set()
    plain = plain_records(located)
    for number, line in data_rows(located, plain):
        if number in plain:
            reading.rows += plain[number]
            continue
        entries = [cell for cell in line.values() if is_entry(cell) and not cell.spanned]
        if not _content(line) or not (entries or is_named(line, coded=coded) or (wordy and is_told(line))):
            continue
        if void := void_in(number, line):
            reading.problems.append(void.problem("W243"))
            continue
        if not is_coded(says(line, "code")) and _only_sums(entries, aside, named=is_named(line, coded=coded)):
            aside.add(number)
            if is_named(line, coded=coded) or not is_labelled(line):
                reading.problems.append(entries[0].problem("W233", row=leads(line)))
            continue
        odd = odd_identity(line, reading)
        fields = tuple(field for field in RECORD_FIELDS if field in line)
        row = fill(line, reading, None, fields, units.get(normal(text_in(line, "rule")), ""))
        row.part, row.sheet = located.sheet.part, located.grid.name
        row.state = "refused" if odd else row.state
        if row.part == "record" and row.option:
            row.cell = _with_reason(row.cell, line)
        set_identity(row, line)
        reading.rows.append(row)
        reading.rows += _also(row, line, reading)
        reading.problems += _too_many(line)
    reading.problems += out_of_sight(located, reading.problems)
    return reading


def _only_sums(entries: Sequence[Cell], aside: Collection[int] = (), *, named: bool = True) -> bool:
    """Say whether nothing stands in a row but figures, and these come to what stands above; of nobody even to one."""
    figures = all(cell.column.reads in cells.FIGURES for cell in entries)
    return bool(entries) and figures and (are_computed(entries) or sums_up(entries, aside, 2 if named else 1))


def _with_reason(cells_typed: str, line: Mapping[str, Cell]) -> str:
    """Return where a choice was typed, and behind it where the reason given for it was."""
    reason = line.get("reason")
    return cells_typed if reason is None or reason.blank else f"{cells_typed} {reason.address}"


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
    field = next((column.field for column, _ in located.places if column.field in ("code", "rater")), "")
    coded = bool(field) and are_codes(located, field)
    plain = plain_members(located, field)
    for number, line in data_rows(located, plain):
        if number in plain:
            reading.rows.append(plain[number])
            continue
        if void := void_in(number, line):
            reading.problems.append(void.problem("W243"))
            continue
        if field and not is_named(line, field, coded=coded):
            reading.problems += _no_member(line, field)
            if not _wants_its_code(line, field):
                continue
        cells_of = {cell.column.field: cell for cell in line.values()}
        row = Row(sheet=located.grid.name)
        row.cell = next(cell.address for cell in line.values() if not cell.blank)
        for each, cell in cells_of.items():
            name, where, refused = member_keys(each)
            outcome = None if cell.blank else read_cell(cell, reading)
            row.extra[name] = (outcome.text if outcome.number is None else outcome.number) if outcome else ""
            row.extra[where] = cell.address
            row.extra[refused] = not cell.blank and outcome is None
        reading.rows.append(row)
    reading.problems += out_of_sight(located, reading.problems)
    return reading


def _wants_its_code(line: Mapping[str, Cell], field: str) -> bool:
    """Say whether a row without a name is a branch's or rater's all the same: something else was typed of it."""
    entries = [cell for cell in line.values() if is_entry(cell) and not cell.spanned]
    typed = sum(not cell.blank and not cell.spanned for cell in line.values())
    return not (says(line, field) or says(line, "name")) and typed > 1 and bool(entries) and not _only_sums(entries)


def _no_member(line: Mapping[str, Cell], field: str) -> Iterator[Problem]:
    """Yield a problem of a row that names nobody as the others do, unless it is a remark: that has no figures."""
    named = line[field] if says(line, field) else line.get("name")
    entries = [cell for cell in line.values() if is_entry(cell) and not cell.spanned]
    figures = any(micro(cell.value) is not None for cell in entries)
    remark = (is_remark(says(line, field)) or is_remark(says(line, "name"))) and not figures
    if named and not named.blank and not remark and len([cell for cell in line.values() if not cell.blank]) > 1:
        yield named.problem("W233", row=leads(line))
    elif _only_sums(entries):
        yield entries[0].problem("W233", row=leads(line))
