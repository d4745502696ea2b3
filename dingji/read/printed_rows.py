"""The rows that a sheet prints: found by their keys, and held against what stands in a file.

Marks are found by the key of their row alone, and full marks come from the standard. So what else is printed in a row
is looked at too: where rows were sorted by half, or figures typed into the wrong column, a mark would count elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from dingji.comparing import normal
from dingji.forms.declare import Row as PrintedRow
from dingji.forms.declare import Sheet
from dingji.numbers import chinese
from dingji.problems import Problem
from dingji.read.cells import read_number
from dingji.read.grid import CellValue, text_of
from dingji.read.itself import Itself
from dingji.read.lines import Cell, typed_columns
from dingji.read.locate import Located
from dingji.read.row_kinds import LOOKED_AT, are_computed, is_entry, is_remark, micro

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


@lru_cache(maxsize=1 << 12)
def bare(text: str) -> str:
    """Return a printed text as it is compared: without a number before it, a full mark after it, and points."""
    return _POINTS.sub("", _FULL_MARK.sub("", _NUMBERED.sub("", normal(text)))) or normal(text)


class Numbered(Protocol):
    """A line of a sheet, by its number."""

    @property
    def number(self) -> int:
        """Return the number of the row, counted from 0."""


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
        if struck := self._struck(number):
            return struck.problem("E240")
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

    def _struck(self, number: int) -> Cell | None:
        """Return the printed cell that is struck through, so that the row may be meant to be none."""
        struck = self.located.grid.struck
        columns = [(column, place) for column, place in self.located.places if column.key or column.telling]
        found = (Cell(self.located, column, number, place) for column, place in columns if (number, place) in struck)
        return next(found, None) if struck else None

    def shows(self, row: PrintedRow, number: int) -> bool:
        """Say whether a line shows the text that only its row prints; a row without one shows it always."""
        own = [(place, text) for column, place in self._places if (text := self._own_text(row, column.heading))]
        return not own or any(self.located.grid.value(number, place) != "" for place, _ in own)

    def _own_text(self, row: PrintedRow, heading: str) -> str:
        text = self.printed.told[row.key].get(heading, "")
        return text if text and self._is_of_one(text) and _micro(text) is None else ""

    def is_section(self, row: PrintedRow, number: int, alike: Sequence[Numbered]) -> bool:
        """Say whether a line with a row's number is a section above it: another line shows what the row prints.

        Its full mark is then another one, or its figure what the rows of the section come to.
        """
        if self.shows(row, number) or not any(self.shows(row, line.number) for line in alike):
            return False
        full = next((place for column, place in self.located.places if normal(column.heading) == FULL), None)
        said = None if full is None else micro(self.located.grid.value(number, full))
        own = _micro(self.printed.told[row.key].get(FULL, ""))
        return (said is not None and said != own) or sums_up_rows(self.located, number)

    def sections(self, alike: Sequence[Numbered], found: Sequence[Numbered]) -> list[Problem]:
        """Return a problem for each section with a figure that is not what its rows come to."""
        lines = [line for line in alike if line not in found]
        return [problem for line in lines if (problem := unread_row(self.located, line.number))]

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
    """Return a problem where something was typed in a row that the standard does not have.

    A remark has a colon before it. A figure that sums up rows above or below, or that a formula gives, is a subtotal.
    """
    cells = [Cell(located, column, number, place) for _, column, place in typed_columns(located)]
    filled = [cell for cell in cells if is_entry(cell)]
    if not filled or are_computed(filled) or sums_up_rows(located, number):
        return None
    before = [text for value in located.grid.rows[number][: filled[0].place] if (text := text_of(value))]
    if before and is_remark(before[0]):
        return None
    key = next(place for column, place in located.places if column.key)
    named = text_of(located.grid.value(number, key)) or (before[0] if before else f"第{number + 1}行")
    return filled[0].problem("W233", row=named)


def sums_up_rows(located: Located, number: int) -> bool:
    """Say whether all that was typed in a line are subtotals."""
    cells = [Cell(located, column, number, place) for _, column, place in typed_columns(located)]
    filled = [cell for cell in cells if is_entry(cell)]
    return bool(filled) and all(_sums_up(located, cell) for cell in filled)


def _sums_up(located: Located, cell: Cell) -> bool:
    """Say whether a figure is a subtotal: of all rows, of those of the indicator above or below it, or their mean."""
    own = micro(cell.value)
    printed = printed_rows(Itself(located.sheet))
    places = [place for heading in printed.keys for column, place in located.places if column.heading == heading]
    groups: dict[str, list[tuple[int, int]]] = {}
    nearest = {"above": "", "below": ""}
    for number in range(
        max(located.header + 1, cell.row - LOOKED_AT), min(len(located.grid.rows), cell.row + LOOKED_AT)
    ):
        row = printed.find([located.grid.value(number, place) for place in places])
        if row is None or number == cell.row:
            continue
        indicator = dict(row.texts).get(INDICATOR, "")
        full = _micro(dict(row.texts).get(FULL, "")) or 0
        groups.setdefault(indicator, []).append((micro(located.grid.value(number, cell.place)) or 0, full))
        if number < cell.row:
            nearest["above"] = indicator
        else:
            nearest["below"] = nearest["below"] or indicator
    every = [pair for pairs in groups.values() for pair in pairs]
    sums = {
        sum(pair[at] for pair in pairs)
        for pairs in (every, *map(groups.get, nearest.values()))
        for at in (0, 1)
        if pairs
    }
    mean = bool(every) and own is not None and own * len(every) == sum(figure for figure, _ in every)
    return own is not None and (own in sums or mean)


INDICATOR, FULL = "指标", "分值"
"""The headings under which a row's indicator and its full mark are printed."""
