"""The rows that a sheet prints: found by their keys, and held against what stands in a file.

Marks are found by the key of their row alone, and full marks come from the standard. So what else is printed in a row
is looked at too: where rows were sorted by half, or figures typed into the wrong column, a mark would count elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dingji.comparing import normal
from dingji.forms.declare import Row as PrintedRow
from dingji.forms.declare import Sheet
from dingji.intake.cells import read_number
from dingji.intake.grid import CellValue, text_of
from dingji.intake.lines import SUBTOTALS, Cell, typed_columns
from dingji.intake.locate import Located
from dingji.problems import Problem

NAMED = 6
"""So many rows are named in one line; of more, how many there are."""


class Itself:
    """A sheet as a key that stands for itself: to compare all that it declares takes longer than is saved."""

    __slots__ = ("sheet",)

    def __init__(self, sheet: Sheet) -> None:
        """Keep the sheet, so that nothing else can take its place."""
        self.sheet = sheet

    def __hash__(self) -> int:
        return id(self.sheet)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Itself) and other.sheet is self.sheet


@dataclass(frozen=True)
class PrintedRows:
    """A sheet's printed rows: the headings of its keys, the rows by what stands under them, and what else they print.

    `told` has, by row key, the texts under the headings that tell which row it is; `owners` the row keys by such a
    text, as it is compared.
    """

    keys: tuple[str, ...]
    rows: Mapping[tuple[str, ...], PrintedRow]
    told: Mapping[str, Mapping[str, str]]
    owners: Mapping[str, Sequence[str]]

    def find(self, values: Sequence[CellValue]) -> PrintedRow | None:
        """Return the row whose keys these are; a number may be written as `第1项` or `1.`."""
        texts = tuple([normal(text_of(value)) for value in values])
        return self.rows.get(texts) or self.rows.get(tuple(map(_bare_number, texts)))


@lru_cache(maxsize=64)
def printed_rows(sheet: Itself) -> PrintedRows:
    """Return a sheet's printed rows, as they are looked for in a file."""
    columns, rows = sheet.sheet.columns, sheet.sheet.rows
    keys = tuple(column.heading for column in columns if column.key)
    telling = {column.heading for column in columns if column.telling}
    told = {row.key: {heading: text for heading, text in row.texts if heading in telling} for row in rows}
    owners: dict[str, list[str]] = {}
    for key, texts in told.items():
        for text in texts.values():
            owners.setdefault(normal(text), []).append(key)
    return PrintedRows(keys, {_key_of(row, keys): row for row in rows}, told, owners)


def _key_of(row: PrintedRow, keys: Sequence[str]) -> tuple[str, ...]:
    texts = dict(row.texts)
    return tuple(normal(texts.get(key, "")) for key in keys)


_NUMBER = re.compile(r"[第(]?(\d+)[项条).、]?")


def _bare_number(text: str) -> str:
    match = _NUMBER.fullmatch(text)
    return match[1] if match else text


class RowCheck:
    """Holds the rows of one sheet in a file against what the standard prints in them."""

    def __init__(self, located: Located, printed: PrintedRows) -> None:
        """Find the columns that tell which row it is."""
        self.located, self.printed = located, printed
        self._places = [(column, place) for column, place in located.places if column.telling]
        self._changed: list[tuple[Cell, str]] = []

    def problem(self, row: PrintedRow, number: int) -> Problem | None:
        """Return a problem where a line is another row than its key says; what was only reworded is kept for later.

        Another row: a text that only another row prints, or another figure. A blank says nothing.
        """
        told = self.printed.told[row.key]
        for column, place in self._places:
            said, expected = self.located.grid.value(number, place), told.get(column.heading, "")
            if said == "" or expected == "" or text_of(said) == expected or normal(text_of(said)) == normal(expected):
                continue
            cell = Cell(self.located, column, number, place)
            differs = _is_other_figure(said, expected)
            if differs and self.located.grid.value(number + 1, place) == "":
                continue  # a figure of several rows: merged with those below, or typed at the first of them
            if differs or self._is_of_one(text_of(said)):
                return cell.problem("E217", key=self.printed.keys[0], row=_called(row), expected=expected)
            self._changed.append((cell, _called(row)))
        return None

    def twice(self, row: PrintedRow, number: int) -> Problem:
        """Return the problem of a row that stands twice and says two things."""
        column, place = next((column, place) for column, place in self.located.places if column.key)
        return Cell(self.located, column, number, place).problem("E227", _called(row))

    def _is_of_one(self, text: str) -> bool:
        return len(self.printed.owners.get(normal(text), ())) == 1

    def reworded(self) -> list[Problem]:
        """Return one line for all the rows whose printed texts were reworded."""
        if not self._changed:
            return []
        rows = list(dict.fromkeys(row for _, row in self._changed))
        more = f"等 {len(rows)} 行" if len(rows) > NAMED else ""
        return [self._changed[0][0].problem("W232", key=self.printed.keys[0], rows="、".join(rows[:NAMED]) + more)]


def _is_other_figure(said: CellValue, expected: str) -> bool:
    wanted, found = read_number(expected).number, read_number(said).number
    return wanted is not None and found is not None and wanted != found


def _called(row: PrintedRow) -> str:
    number = dict(row.texts).get("序号")
    return f"第{number}项" if number else row.item or row.key


def unread_row(located: Located, number: int) -> Problem | None:
    """Return a problem where something was typed in a row that the standard does not have; totals and notes are none.

    What stands first in the row says what it is: a total says so, a note or a signature has a colon, and a figure
    without any words before it is nobody's.
    """
    line = located.grid.rows[number]
    typed = [(column, place) for _, column, place in typed_columns(located)]
    filled = next(((column, place) for column, place in typed if located.grid.value(number, place) != ""), None)
    first = next((place for place, value in enumerate(line) if value != ""), 0)
    label = normal(text_of(line[first])) if line else ""
    if filled is None or first >= filled[1] or label.rstrip(":") in SUBTOTALS or ":" in label:
        return None
    key = next(place for column, place in located.places if column.key)
    called = text_of(located.grid.value(number, key)) or text_of(line[first])
    return Cell(located, filled[0], number, filled[1]).problem("W233", row=called)
