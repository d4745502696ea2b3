"""Rows that the standard prints once, found by their keys: claims and facts of 自评表, the lines of 测评汇总."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from dingji.comparing import normal
from dingji.forms.declare import TALLY_MEAN, Sheet
from dingji.forms.declare import Row as PrintedRow
from dingji.intake import cells
from dingji.intake.fields import fill
from dingji.intake.grid import text_of
from dingji.intake.lines import Cell, read_cell, typed_columns
from dingji.intake.locate import Located
from dingji.intake.rows import Reading, Row

VOTES = "得票"


def read_printed(located: Located) -> Reading:
    """Read rows whose keys the standard prints: claims and facts of 自评表, the lines of 测评汇总."""
    reading = Reading()
    seen: dict[str, list[str]] = {}
    for row, number, line in _printed_lines(located):
        typed = [cell.text for cell in line.values() if not cell.blank]
        if row.key in seen:
            if typed not in ([], seen[row.key]):
                column, place = next((column, place) for column, place in located.places if column.key)
                reading.problems.append(Cell(located, column, number, place).problem("W227", row.key))
            continue
        seen[row.key] = typed
        if line:
            read_printed_row(located, row, line, reading)
    add_unseen(located, seen, reading)
    if all(row.part == "votes" and row.state == "blank" for row in reading.rows):
        reading.rows.clear()  # a tally that nobody filled in: the ballots stand on the other sheet
    return reading


def _printed_lines(located: Located) -> Iterator[tuple[PrintedRow, int, dict[str, Cell]]]:
    """Yield every printed row that is there, found by its keys, with its number and the cells to be typed in.

    No cells where none is filled and none need be.
    """
    keys, printed = printed_rows(_Itself(located.sheet))
    found = {column.heading: place for column, place in located.places if column.key}
    places = [found.get(key) for key in keys]
    typed, grid = typed_columns(located), located.grid
    needed = bool(grid.faults) or _has_claims(located)
    for number in range(located.header + 1, len(grid.rows)):
        values = ["" if place is None else grid.value(number, place) for place in places]
        row = printed.get(tuple([normal(text_of(value)) for value in values]))
        if row is None or not found:
            continue
        filled = needed or any(grid.value(number, place) != "" for _, _, place in typed)
        yield row, number, {name: Cell(located, each, number, place) for name, each, place in typed if filled}


def _has_claims(located: Located) -> bool:
    return any(column.field == "value" and column.reads == "mark" for column, _ in located.places)


class _Itself:
    """A sheet as a key that stands for itself: to compare all that it declares takes longer than is saved."""

    __slots__ = ("sheet",)

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def __hash__(self) -> int:
        return id(self.sheet)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and other.sheet is self.sheet


@lru_cache(maxsize=64)
def printed_rows(key: _Itself) -> tuple[list[str], dict[tuple[str, ...], PrintedRow]]:
    """Return the headings of a sheet's keys, and its printed rows by what stands under them."""
    keys = [column.heading for column in key.sheet.columns if column.key]
    return keys, {printed_key(row, keys): row for row in key.sheet.rows}


def printed_key(row: PrintedRow, keys: list[str]) -> tuple[str, ...]:
    """Return what stands under the keys of a printed row, as it is compared."""
    texts = dict(row.texts)
    return tuple(normal(texts.get(key, "")) for key in keys)


def add_unseen(located: Located, seen: Collection[str], reading: Reading) -> None:
    """Count a printed mark whose row was deleted as missing, like a blank one."""
    if not any(column.field == "value" and column.reads == "mark" for column in located.sheet.columns):
        return
    if located.sheet.optional:
        return
    for row in located.sheet.rows:
        if row.key not in seen:
            reading.rows.append(Row(item=row.item, state="blank", sheet=located.grid.name))


def read_printed_row(located: Located, printed: PrintedRow, line: Mapping[str, Cell], reading: Reading) -> None:
    """Read what was typed in a printed row: a claim, a fact, or a line of a tally."""
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
    wanted = votes if printed.unit else [mean] if mean else []
    if wanted and all(cell.blank for cell in wanted):
        rule = VOTES if printed.unit else TALLY_MEAN
        blank = Row("votes", item=printed.item, group=printed.group, rule=rule, state="blank", sheet=sheet)
        reading.rows.append(replace(blank, cell=wanted[0].address))


def _with_value(row: Row, cell: Cell, outcome: cells.Reading | None) -> Row:
    number = outcome.number if outcome else None
    return replace(row, value=number, cell=cell.address, state="typed" if outcome else "refused")
