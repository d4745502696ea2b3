"""Printed rows that stand once a branch in one sheet, as in 汇总录入: claims, facts and tally lines block by block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dingji.problems import Problem
from dingji.read.itself import Itself
from dingji.read.lines import Cell, data_rows, identified, read_cell, says, text_in
from dingji.read.locate import UNTYPED, Located
from dingji.read.printed import Line, read_lines
from dingji.read.printed_rows import RowCheck, printed_rows, unread_row
from dingji.read.rows import Reading, Row
from dingji.read.sight import out_of_sight

Who = tuple[str, str]
"""Code and name of a branch, as typed."""


@dataclass
class _Block:
    """The printed rows of one branch: what was read, its lines by row key, and where its name stands."""

    reading: Reading = field(default_factory=Reading)
    lines: dict[str, list[Line]] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    where: str = ""


def read_blocks(located: Located) -> Reading:
    """Read rows whose keys the standard prints once a branch.

    A row without code or name is of the branch above it, until a key comes again.
    """
    reading = Reading()
    printed = printed_rows(Itself(located.sheet))
    check, keys = RowCheck(located, printed), printed.keys
    blocks: dict[Who, _Block] = {}
    block: _Block | None = None
    for number, line in data_rows(located):
        row = printed.find([line[key].text if key in line else "" for key in keys])
        if row is None:
            unread = unread_row(located, number)
            reading.problems += [unread] if unread else []
            continue
        if identified(line):
            block = blocks.setdefault((says(line, "code"), says(line, "name")), _Block())
            block.where = block.where or _where(line)
        elif block and row.key in block.lines:
            block = None
        if block is None:
            reading.problems += _nameless(line)
        else:
            block.lines.setdefault(row.key, []).append(Line(row, number, line))
            _read_told(line, block)
    for who, own in blocks.items():
        _close(own, who, check, reading)
    reading.problems += [*check.reworded(), *out_of_sight(located, reading.problems)]
    return reading


def _where(line: Mapping[str, Cell]) -> str:
    return next((line[field].address for field in ("code", "name") if text_in(line, field)), "")


def _nameless(line: Mapping[str, Cell]) -> list[Problem]:
    """Return a problem where something was typed in a row that is no branch's."""
    first = next((cell for cell in line.values() if cell.column.reads not in UNTYPED and not cell.blank), None)
    return [first.problem("E229", what="党组织编码")] if first else []


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


def _close(block: _Block, who: Who, check: RowCheck, reading: Reading) -> None:
    """Add a branch's rows to the sheet's; a branch for which nothing was typed has not handed in."""
    if not block.told and not any(line.typed for lines in block.lines.values() for line in lines):
        return
    read_lines(check, block.lines, block.reading)
    for row in block.reading.rows:
        row.code, row.name, row.who_cell = *who, block.where
    reading.add(block.reading)
