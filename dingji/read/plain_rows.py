"""Rows of records and rosters in which nothing is out of the way: what a cell says is judged once for all that say it.

Each judgement is the careful reader's own. A row with a cell of which there is anything to say, or that names nobody
by a code, is read cell by cell; so is a sheet in which more is known of a cell below the headings than its value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from dingji.comparing import normal, tidy
from dingji.forms.declare import Column
from dingji.read.cells import FIGURES, Asked, read_typed
from dingji.read.fields import MEASURED, NAMED, RECORD_FIELDS, TYPED
from dingji.read.grid import CellValue, TypedCell, letters_of, text_of
from dingji.read.heading_texts import read_as
from dingji.read.lines import name_in_line
from dingji.read.locate import Located
from dingji.read.row_kinds import is_coded
from dingji.read.rows import Row, member_keys
from dingji.read.void_rows import voids


class Said(NamedTuple):
    """What a cell shows, and what is read from it: a figure or a text."""

    text: str = ""
    number: int | None = None
    option: str = ""


NOTHING, ODD = Said(), Said()
"""What a blank cell says, and one that is to be looked at with care; told apart as the things that they are."""
WHOSE = ("code", "name", "rater", "")
"""Fields that say whose a row is, and nothing of it."""
Line = Sequence[Said]


@dataclass(frozen=True)
class _Plain:
    """A sheet whose cells are nothing but values: where its columns are, by their names in a row, and their letters."""

    located: Located
    at: Mapping[str, int]
    letters: Sequence[str]
    headings: frozenset[str]

    def lines(self, key: str) -> Iterator[tuple[int, Line]]:
        """Yield what each plain line says, with its number; `key` is the field of the code that it has."""
        rows, header = self.located.grid.rows, self.located.header
        places = {place for _, place in self.located.places}
        beside = [place for place, heading in enumerate(rows[header]) if place not in places and heading == ""]
        below = [
            (number, row)
            for number, row in enumerate(rows[header + 1 :], header + 1)
            if len(row) == len(rows[header]) and not any(row[place] != "" for place in beside)
        ]
        units = self._units([row for _, row in below])
        columns = (self._said(column, [row[at] for _, row in below], units) for column, at in self.located.places)
        for (number, _), line in zip(below, zip(*columns, strict=True), strict=True):
            if is_coded(line[self.at[key]].text) and not any(said is ODD for said in line):
                yield number, line

    def _units(self, rows: Sequence[Sequence[CellValue]]) -> Sequence[str]:
        """Return in which unit the figure of each row is, as the rule beside it says; none where that is all one."""
        units = {normal(rule): unit for rule, unit in self.located.sheet.units}
        rules = [place for column, place in self.located.places if column.field == "rule"]
        return [units.get(normal(text_of(row[rules[0]])), "") for row in rows] if units and rules else ()

    def _said(self, column: Column, values: Sequence[CellValue], units: Sequence[str]) -> list[Said]:
        """Return what is said in a column, each value judged once, of figures once in each unit."""
        if column.field != "value" or not units:
            known = self._known(column, values)
            return [known[value] for value in values]
        by_unit = {unit: self._known(column, values, unit) for unit in set(units)}
        return [by_unit[unit][value] for unit, value in zip(units, values, strict=True)]

    def _known(self, column: Column, values: Iterable[CellValue], unit: str = "") -> Mapping[CellValue, Said]:
        asked = Asked(column.reads, column.low, column.full, column.choices, unit, month=column.month_enough)
        return {value: self._judged(value, column, asked) for value in set(values)}

    def _judged(self, value: CellValue, column: Column, asked: Asked) -> Said:
        """Return what is read from a cell that is nothing but its value, `ODD` where it may be more."""
        if isinstance(value, str):
            text = tidy(value)
            if not text or not self.headings.isdisjoint(read_as(text)) or voids(column, text):
                return ODD if value else NOTHING
            value = text
        elif not value and column.reads not in FIGURES:
            return ODD  # 0 and −0 are equal, and are not as texts
        outcome = read_typed(TypedCell(value), asked)
        odd = outcome.problem or outcome.note
        return ODD if odd else Said(text_of(value), outcome.number, outcome.text)

    def cell(self, at: int, number: int) -> str:
        """Return the address of a column's cell in a line."""
        return f"{self.letters[at]}{number + 1}"


def _plain(located: Located, key: str) -> _Plain | None:
    """Return a sheet whose cells are nothing but values, with a row a line; None where more is to be known of some."""
    grid, columns = located.grid, [column for column, _ in located.places]
    at = {name_in_line(column): place for place, column in enumerate(columns)}
    known = grid.faults or grid.struck or grid.spans or grid.percent or grid.computed.any_at_all
    merged = any(last[0] > located.header for last in grid.merges.values())
    odd = any(column.item or column.at_most or column.heading[:1].isdigit() for column in columns)
    if known or merged or odd or key not in at or len(at) < len(columns):
        return None
    equal = {bool, int} & set(map(type, chain.from_iterable(grid.rows)))  # TRUE, 1 and 1.0 are one key
    headings = frozenset(heading for heading, _ in located.headings)
    return None if equal else _Plain(located, at, [letters_of(place) for _, place in located.places], headings)


def plain_records(located: Located) -> Mapping[int, Sequence[Row]]:
    """Return the rows that the plain lines of a sheet of records come to, by the number of the line."""
    plain = _plain(located, "code")
    if plain is None:
        return {}
    told = [at for at, (column, _) in enumerate(located.places) if column.field not in WHOSE]
    found = {}
    for number, line in plain.lines("code"):
        if any(line[at] is not NOTHING for at in told):
            row = _record(plain, number, line)
            found[number] = [row, *_also(plain, number, line, row)]
    return found


def _record(plain: _Plain, number: int, line: Line) -> Row:
    """Return the row that a line comes to, as `fields.fill` fills it."""
    said = {name: line[at] for name, at in plain.at.items() if line[at] is not NOTHING}
    row = _whose(plain, number, said)
    row.part, row.sheet = plain.located.sheet.part, plain.located.grid.name
    filled = [name for name in RECORD_FIELDS if name in said]
    for name in filled:
        one = said[name]
        setattr(row, name, one.number if name in MEASURED else one.text if name in NAMED else one.option)
    told = [name for name in filled if name in TYPED] or filled[:1]
    if row.part == "record" and row.option and "reason" in said:
        told.append("reason")
    row.cell = " ".join([plain.cell(plain.at[name], number) for name in told])
    return row


def _whose(plain: _Plain, number: int, said: Mapping[str, Said]) -> Row:
    code, name, rater = (said.get(field, NOTHING).text for field in ("code", "name", "rater"))
    rater_cell = plain.cell(plain.at["rater"], number) if rater else ""
    return Row("", code, name, plain.cell(plain.at["code"], number), rater, rater_cell)


def _also(plain: _Plain, number: int, line: Line, whose: Row) -> Iterator[Row]:
    for at, (column, _) in enumerate(plain.located.places):
        if column.field == "also" and line[at] is not NOTHING:
            row = Row("also", whose.code, whose.name, whose.who_cell, rule=column.heading)
            row.value, row.option = line[at].number, line[at].option if line[at].number is None else ""
            row.sheet, row.cell = whose.sheet, plain.cell(at, number)
            yield row


def plain_members(located: Located, key: str) -> Mapping[int, Row]:
    """Return the rows that the plain lines of a sheet of the roster come to; `key` is the field of their code."""
    plain = _plain(located, key)
    return {number: _member(plain, number, line) for number, line in plain.lines(key)} if plain else {}


def _member(plain: _Plain, number: int, line: Line) -> Row:
    filled = next(at for at, said in enumerate(line) if said is not NOTHING)
    row = Row(sheet=plain.located.grid.name, cell=plain.cell(filled, number))
    for (column, _), said, letters in zip(plain.located.places, line, plain.letters, strict=True):
        value, where, refused = member_keys(column.field)
        row.extra[value] = said.option if said.number is None else said.number
        row.extra[where], row.extra[refused] = f"{letters}{number + 1}", False
    return row
