"""Printed rows: claims, facts and tally lines, found by the keys that the standard prints; once, or once a branch."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from dingji.forms.declare import Row as PrintedRow
from dingji.intake import cells
from dingji.intake.fields import fill
from dingji.intake.grid import normal
from dingji.intake.lines import Cell, data_rows, identified, read_cell, says, text_in
from dingji.intake.locate import Located
from dingji.intake.rows import Reading, Row
from dingji.problems import Problem

TALLY_MEAN = "平均分"
VOTES = "得票"
PRINTED = ("printed", "formula")


def read_printed(located: Located) -> Reading:
    """Read rows whose keys the standard prints: claims and facts of 自评表, the lines of 测评汇总.

    Where they stand once a branch, a row without code or name is of the branch above it, until a key comes again.
    """
    reading = Reading()
    keys = [column.heading for column in located.sheet.columns if column.key]
    printed = {_printed_key(row, keys): row for row in located.sheet.rows}
    blocks: dict[Who, _Block] = {} if located.sheet.blocks else {NOBODY: _Block()}
    block = blocks.get(NOBODY)
    for _, line in data_rows(located):
        row = printed.get(tuple(normal(line[key].text) if key in line else "" for key in keys))
        if row is None:
            continue
        if located.sheet.blocks and identified(line):
            block = blocks.setdefault((says(line, "code"), says(line, "name")), _Block())
            block.where = block.where or _where(line)
        elif located.sheet.blocks and block and row.key in block.seen:
            block = None
        if block is None:
            reading.problems += _nameless(line)
        elif row.key in block.seen:
            if _typed_texts(line) not in ([], block.seen[row.key]):
                reading.problems.append(line[keys[0]].problem("W227", row.key))
        else:
            block.seen[row.key] = _typed_texts(line)
            _read_printed_row(located, row, line, block.reading)
            _read_told(line, block)
    for who, block in blocks.items():
        _close(block, who, located, reading)
    return reading


Who = tuple[str, str]
"""Code and name of a branch, as typed."""

NOBODY: Who = ("", "")


@dataclass
class _Block:
    """The printed rows of one branch: what was read, what was typed by row key, and where its name stands."""

    reading: Reading = field(default_factory=Reading)
    seen: dict[str, list[str]] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    where: str = ""


def _where(line: Mapping[str, Cell]) -> str:
    return next((line[field].address for field in ("code", "name") if text_in(line, field)), "")


def _nameless(line: Mapping[str, Cell]) -> list[Problem]:
    """Return a problem where something was typed in a row that is no branch's."""
    first = next((cell for cell in line.values() if cell.column.reads not in PRINTED and not cell.blank), None)
    return [first.problem("W229", what="党组织编码")] if first else []


def _read_told(line: Mapping[str, Cell], block: _Block) -> None:
    """Read what stands once a branch beside its rows, as a form's head would tell it."""
    for cell in line.values():
        label = cell.column.heading
        if cell.column.field != "head" or cell.blank or label in block.told:
            continue
        block.told.add(label)
        outcome = read_cell(cell, block.reading)
        if outcome:
            row = Row("head", rule=label, option=outcome.text, value=outcome.number, sheet=cell.located.grid.name)
            block.reading.rows.append(replace(row, cell=cell.address))


def _close(block: _Block, who: Who, located: Located, reading: Reading) -> None:
    """Add a branch's rows to the sheet's; where nothing was typed in many branches' sheet, it has not handed in."""
    if located.sheet.blocks and not block.told and not any(block.seen.values()):
        return
    _add_unseen(located, block.seen, block.reading)
    for row in block.reading.rows:
        row.code, row.name, row.who_cell = *who, block.where
    reading.add(block.reading)


def _typed_texts(line: Mapping[str, Cell]) -> list[str]:
    typed = [cell for cell in line.values() if cell.column.reads not in PRINTED and cell.column.field not in ASIDE]
    return [cell.text for cell in typed if not cell.blank]


ASIDE = ("code", "name", "head")
"""Fields that tell of a branch, and not of the row."""


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
    row = fill(line, reading, printed, ("option", "value", "amount", "reason"))
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
