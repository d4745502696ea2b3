"""Printed rows that stand once a branch in one sheet, as in 汇总录入: claims, facts and tally lines block by block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dingji.comparing import normal
from dingji.intake.lines import UNTYPED, Cell, data_rows, identified, read_cell, says, text_in
from dingji.intake.locate import Located
from dingji.intake.printed import add_unseen, printed_key, read_printed_row
from dingji.intake.rows import Reading, Row
from dingji.problems import Problem

Who = tuple[str, str]
"""Code and name of a branch, as typed."""

ASIDE = ("code", "name", "head")
"""Fields that tell of a branch, and not of the row."""


@dataclass
class _Block:
    """The printed rows of one branch: what was read, what was typed by row key, and where its name stands."""

    reading: Reading = field(default_factory=Reading)
    seen: dict[str, list[str]] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    where: str = ""


def read_blocks(located: Located) -> Reading:
    """Read rows whose keys the standard prints once a branch.

    A row without code or name is of the branch above it, until a key comes again.
    """
    reading = Reading()
    keys = [column.heading for column in located.sheet.columns if column.key]
    printed = {printed_key(row, keys): row for row in located.sheet.rows}
    blocks: dict[Who, _Block] = {}
    block: _Block | None = None
    for _, line in data_rows(located):
        row = printed.get(tuple(normal(line[key].text) if key in line else "" for key in keys))
        if row is None:
            continue
        if identified(line):
            block = blocks.setdefault((says(line, "code"), says(line, "name")), _Block())
            block.where = block.where or _where(line)
        elif block and row.key in block.seen:
            block = None
        if block is None:
            reading.problems += _nameless(line)
        elif row.key in block.seen:
            if _typed_texts(line) not in ([], block.seen[row.key]):
                reading.problems.append(line[keys[0]].problem("W227", row.key))
        else:
            block.seen[row.key] = _typed_texts(line)
            read_printed_row(located, row, line, block.reading)
            _read_told(line, block)
    for who, own in blocks.items():
        _close(own, who, located, reading)
    return reading


def _where(line: Mapping[str, Cell]) -> str:
    return next((line[field].address for field in ("code", "name") if text_in(line, field)), "")


def _nameless(line: Mapping[str, Cell]) -> list[Problem]:
    """Return a problem where something was typed in a row that is no branch's."""
    first = next((cell for cell in line.values() if cell.column.reads not in UNTYPED and not cell.blank), None)
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
    """Add a branch's rows to the sheet's; a branch for which nothing was typed has not handed in."""
    if not block.told and not any(block.seen.values()):
        return
    add_unseen(located, block.seen, block.reading)
    for row in block.reading.rows:
        row.code, row.name, row.who_cell = *who, block.where
    reading.add(block.reading)


def _typed_texts(line: Mapping[str, Cell]) -> list[str]:
    typed = [cell for cell in line.values() if cell.column.reads not in UNTYPED and cell.column.field not in ASIDE]
    return [cell.text for cell in typed if not cell.blank]
