"""The rows that a sheet prints: found by their keys, and held against what stands in a file.

Marks are found by the key of their row alone, and full marks come from the standard. So what else is printed in a row
is looked at too: where rows were sorted by half, or figures typed into the wrong column, a mark would count elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dingji.comparing import normal
from dingji.forms.declare import Row as PrintedRow
from dingji.forms.declare import Sheet
from dingji.numbers import chinese
from dingji.problems import Problem
from dingji.read.cells import read_number
from dingji.read.grid import CellValue, text_of
from dingji.read.itself import Itself
from dingji.read.lines import Cell, is_entry, is_total, typed_columns
from dingji.read.locate import Located

NAMED = 6
"""So many rows are named in one line; of more, how many there are."""


@dataclass(frozen=True)
class PrintedRows:
    """A sheet's printed rows: the headings of its keys, the rows by what stands under them, and what else they print.

    `told` has, by row key, the texts under the headings that tell which row it is; `owners` the row keys by such a
    text, as it is compared; `shared`, by row key, what the rows of its indicator come to, as a hand-made table may
    repeat it beside each of them.
    """

    keys: tuple[str, ...]
    rows: Mapping[tuple[str, ...], PrintedRow]
    told: Mapping[str, Mapping[str, str]]
    owners: Mapping[str, Sequence[str]]
    shared: Mapping[str, Collection[int]]

    def find(self, values: Sequence[CellValue]) -> PrintedRow | None:
        """Return the row whose keys these are; a number may be written as `第1项`, a text be numbered itself."""
        texts = tuple([normal(text_of(value)) for value in values])
        return (
            self.rows.get(texts)
            or self.rows.get(tuple(map(_bare_number, texts)))
            or self.rows.get(tuple(map(bare, texts)))
        )


@lru_cache(maxsize=64)
def printed_rows(sheet: Itself[Sheet]) -> PrintedRows:
    """Return a sheet's printed rows, as they are looked for in a file."""
    columns, rows = sheet.value.columns, sheet.value.rows
    keys = tuple(column.heading for column in columns if column.key)
    telling = {column.heading for column in columns if column.telling}
    told = {row.key: {heading: text for heading, text in row.texts if heading in telling} for row in rows}
    owners: dict[str, list[str]] = {}
    for key, texts in told.items():
        for text in texts.values():
            owners.setdefault(bare(text), []).append(key)
    shared = {key: _sums(told, owners, key) for key in told}
    return PrintedRows(keys, {_key_of(row, keys): row for row in rows}, told, owners, shared)


def _sums(told: Mapping[str, Mapping[str, str]], owners: Mapping[str, Sequence[str]], key: str) -> set[int]:
    """Return what the figures under a heading come to over the rows that share a text with this one."""
    figures = [heading for heading, text in told[key].items() if _micro(text) is not None]
    alike = [owners[bare(text)] for heading, text in told[key].items() if heading not in figures]
    return {sum(_micro(told[other].get(heading, "")) or 0 for other in keys) for heading in figures for keys in alike}


def _key_of(row: PrintedRow, keys: Sequence[str]) -> tuple[str, ...]:
    texts = dict(row.texts)
    return tuple(normal(texts.get(key, "")) for key in keys)


_NUMBER = re.compile(r"[第(]?0*(\d+|[一二三四五六七八九十]{1,3})[项条).、]?")
_CHINESE = {chinese(number): str(number) for number in range(1, 100)}


def _bare_number(text: str) -> str:
    match = _NUMBER.fullmatch(text)
    return _CHINESE.get(match[1], match[1]) if match else text


_NUMBERED = re.compile(r"^(?:[(第]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[)、]+|\d{1,3}\.(?!\d))")
_FULL_MARK = re.compile(r"\((?:满分)?\d+(?:\.\d+)?分\)$")
_POINTS = re.compile("[,、。;:“”\"']")


@lru_cache(maxsize=1 << 14)
def bare(text: str) -> str:
    """Return a printed text as it is compared: without a number before it, a full mark after it, and points."""
    return _POINTS.sub("", _FULL_MARK.sub("", _NUMBERED.sub("", normal(text)))) or normal(text)


class RowCheck:
    """Holds the rows of one sheet in a file against what the standard prints in them."""

    def __init__(self, located: Located, printed: PrintedRows) -> None:
        """Find the columns that tell which row it is."""
        self.located, self.printed = located, printed
        self._places = [(column, place) for column, place in located.places if column.telling]
        self._keys = {column.heading: place for column, place in located.places if column.key}
        self._changed: list[tuple[Cell, str]] = []

    @property
    def numbers(self) -> range:
        """Return the rows below the headings; none where no column tells which row is which."""
        return range(self.located.header + 1, len(self.located.grid.rows) if self._keys else 0)

    def row(self, number: int) -> PrintedRow | None:
        """Return the printed row that stands in a row of the sheet."""
        places, grid = [self._keys.get(key) for key in self.printed.keys], self.located.grid
        return self.printed.find(["" if place is None else grid.value(number, place) for place in places])

    def problem(self, row: PrintedRow, number: int) -> Problem | None:
        """Return a problem where a line is another row than its key says; what was only reworded is kept for later.

        Another row: a text that only another row prints, or another figure. A blank says nothing.
        """
        told = self.printed.told[row.key]
        for column, place in self._places:
            said, expected = self.located.grid.value(number, place), told.get(column.heading, "")
            if said == "" or expected == "" or text_of(said) == expected or bare(text_of(said)) == bare(expected):
                continue
            if _is_same_figure(said, expected):
                continue
            cell = Cell(self.located, column, number, place)
            differs = _is_other_figure(said, expected)
            if differs and (_micro(said) in self.printed.shared[row.key] or self._is_merged(number, place)):
                continue  # a figure of several rows: beside each of them, merged, or typed at the first
            if differs or self._is_of_one(text_of(said)):
                return cell.problem("E217", key=self.printed.keys[0], row=_called(row), expected=expected)
            self._changed.append((cell, _called(row)))
        return None

    def twice(self, row: PrintedRow, number: int) -> Problem:
        """Return the problem of a row that stands twice and says two things."""
        column, place = next((column, place) for column, place in self.located.places if column.key)
        return Cell(self.located, column, number, place).problem("E227", _called(row))

    def _is_merged(self, number: int, place: int) -> bool:
        """Say whether the printed row below has nothing of its own here."""
        return self.row(number + 1) is not None and self.located.grid.value(number + 1, place) == ""

    def _is_of_one(self, text: str) -> bool:
        return len(self.printed.owners.get(bare(text), ())) == 1

    def reworded(self) -> list[Problem]:
        """Return one line for all the rows whose printed texts were reworded."""
        if not self._changed:
            return []
        rows = list(dict.fromkeys(row for _, row in self._changed))
        more = f"等 {len(rows)} 行" if len(rows) > NAMED else ""
        return [self._changed[0][0].problem("W232", key=self.printed.keys[0], rows="、".join(rows[:NAMED]) + more)]


def _micro(value: CellValue) -> int | None:
    return read_number(value).number


def _is_other_figure(said: CellValue, expected: str) -> bool:
    wanted, found = _micro(expected), _micro(said)
    return wanted is not None and found is not None and wanted != found


def _is_same_figure(said: CellValue, expected: str) -> bool:
    return _micro(expected) is not None and _micro(expected) == _micro(said)


def _called(row: PrintedRow) -> str:
    number = dict(row.texts).get("序号")
    return f"第{number}项" if number else row.item or row.key


def unread_row(located: Located, number: int) -> Problem | None:
    """Return a problem where something was typed in a row that the standard does not have; totals and notes are none.

    What stands before it says what it is: a total says so, a note or a signature has a colon, and a figure without
    any words before it is nobody's.
    """
    cells = [Cell(located, column, number, place) for _, column, place in typed_columns(located)]
    filled = next((cell for cell in cells if is_entry(cell)), None)
    before = [text for value in located.grid.rows[number][: filled.place] if (text := text_of(value))] if filled else []
    if filled is None or not before or any(map(is_total, before)) or ":" in normal(before[0]):
        return None
    key = next(place for column, place in located.places if column.key)
    return filled.problem("W233", row=text_of(located.grid.value(number, key)) or before[0])
