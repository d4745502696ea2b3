"""What came back on 整改台账: the rows of all files, merged by 编号 cell by cell.

What two files tell differently waits for a person.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from dingji.comparing import normal
from dingji.dates import read_day
from dingji.forms.ledger_form import DUE, MEASURE, NUMBER, PROBLEM
from dingji.ledger.numbers import JOIN, Parts, finding_number, full_number, parts_of
from dingji.outcome import Outcome
from dingji.problems import BETWEEN, Problem
from dingji.read.rows import row_of
from dingji.tables import records

KIND: Final = "ledger"


@dataclass(frozen=True)
class Cell:
    """A typed text, with where it stands."""

    text: str
    file: str = ""
    sheet: str = ""
    cell: str = ""

    def problem(self, code: str, subject: str, unit: str, **values: str) -> Problem:
        """Return a problem at this cell."""
        place = (self.file, self.sheet, self.cell)
        return Problem(code, *place, subject=subject, found=self.text, unit=unit, values=values)


Cells = Mapping[str, Cell]
"""By heading, what was typed; nothing for a blank cell."""


@dataclass(frozen=True)
class Row:
    """A row of one file as typed, 编号 and 问题 among its cells; `at`: a cell of it by which the row is found."""

    unit: str
    cells: Cells
    at: Cell

    def text(self, heading: str) -> str:
        """Return what is typed under a heading."""
        return self.cells[heading].text if heading in self.cells else ""


@dataclass(frozen=True)
class Known:
    """What a 编号 may be: by branch and number, what the standard calls it; who took over whose rows; the round."""

    label: str
    year: int
    numbers: Mapping[str, Mapping[str, str]]
    heirs: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By branch, the branches whose rows are its own now (并入, 承继)."""
    rounds: Sequence[str] = ()
    """The rounds of a year, in their order."""

    def is_later(self, parts: Parts) -> bool:
        """Say whether a 编号 is of a round after the one that is graded."""
        order = [normal(name) for name in self.rounds]
        own, other = normal(self.label.rpartition(" ")[2]), parts.round
        after = own in order and other in order and order.index(other) > order.index(own)
        return parts.year > self.year or (parts.year == self.year and after)

    def is_now(self, parts: Parts) -> bool:
        """Say whether a 编号 is of the round that is graded."""
        return normal(f"{parts.year}{parts.round}") == normal(self.label)

    def other_name(self, unit: str, number: str, problem: str) -> str:
        """Return what the standard calls a printed problem, where that is not what has this number; else ""."""
        names, told = self.numbers.get(unit, {}), normal(problem)
        printed = {name for name in names.values() if told == normal(name) or told.startswith(normal(f"{name}（"))}
        return "" if not printed or names.get(number, "") in ("", *printed) else max(printed, key=len)


def typed_rows(outcome: Outcome) -> list[Row]:
    """Return every row of every 整改台账, in the order in which they were read."""
    entries = outcome.entries
    own = entries[(entries["form"] == KIND) & (entries["state"] != "refused")]
    beside: defaultdict[tuple[str, str, str], dict[str, Cell]] = defaultdict(dict)
    for entry in records(own[own["part"] == "also"]):
        if entry["option"]:
            beside[_place(entry)][entry["rule"]] = _cell(entry, _said(entry["rule"], entry["option"]))
    return [_row(entry, beside[_place(entry)]) for entry in records(own[own["part"] == "record"])]


def _said(heading: str, text: str) -> str:
    """Return a text as typed; a time however it is written as 2026-09-30, a month as 2026-09.

    2026.1 stays as it is: a cell that holds a number says the same of January and of October.
    """
    day = read_day(float(text) if _FIGURE.fullmatch(text) else text) if heading == DUE else None
    return text if day is None else day.text[:MONTH] if day.month_only else day.text


MONTH: Final = len("2026-09")
_FIGURE: Final = re.compile(r"\d{4,8}(?:\.\d*[1-9])?")
"""What a cell of figures shows."""


def _place(entry: Mapping[str, Any]) -> tuple[str, str, str]:
    return entry["file"], entry["sheet"], row_of(entry["cell"])


def _cell(entry: Mapping[str, Any], text: str) -> Cell:
    return Cell(text, entry["file"], entry["sheet"], str(entry["cell"]).partition(" ")[0])


def _row(entry: Mapping[str, Any], beside: Cells) -> Row:
    named = {NUMBER: entry["item"], PROBLEM: entry["reason"]}
    own = {heading: _cell(entry, text) for heading, text in named.items() if text}
    at = next(iter(own.values()), None) or next(iter(beside.values()), _cell(entry, ""))
    return Row(entry["unit"], {**own, **beside}, at)


@dataclass
class Merged:
    """The rows of one 编号 as one: whose it is, and what was typed in any of them."""

    unit: str
    cells: dict[str, Cell] = field(default_factory=dict)


def merged(rows: Sequence[Row], known: Known) -> tuple[dict[str, Merged], list[Problem]]:
    """Return the rows by 编号, with what is wrong: a 编号 of nothing, and what two copies tell differently.

    A cell that one copy fills and another leaves blank is filled; one that two fill differently stays blank.
    """
    problems: list[Problem] = []
    by_number: defaultdict[str, list[Row]] = defaultdict(list)
    findings = {_as_finding(row, known) for row in rows if row.text(PROBLEM) and not row.text(NUMBER)}
    for row in rows:
        number = _number(row, known, findings)
        if isinstance(number, Problem):
            problems.append(number)
        else:
            by_number[number].append(row)
    found = {}
    for number, copies in by_number.items():
        found[number] = Merged(copies[0].unit)
        problems += _merge(found[number], number, copies)
    return found, problems


def _as_finding(row: Row, known: Known) -> str:
    return full_number(row.unit, known.label, finding_number(row.text(PROBLEM)))


def _number(row: Row, known: Known, findings: set[str]) -> str | Problem:
    """Return the 编号 that a row has, in its one spelling; a problem where it is of nothing."""
    typed = row.text(NUMBER)
    if not typed:
        lacking = "没有编号，也没有写问题" + ("，这条措施不知道为哪一项失分" if row.text(MEASURE) else "")
        return _as_finding(row, known) if row.text(PROBLEM) else row.at.problem("E632", NUMBER, row.unit, what=lacking)
    parts = parts_of(typed)
    if parts is None:
        return _unknown(row, "写法不对，应是发放的台账上印的那样")
    if other := known.other_name(row.unit, parts.number, row.text(PROBLEM)):
        return _unknown(row, f"问题写的是“{other}”，编号是“{known.numbers[row.unit][parts.number]}”的")
    return _whose(row, parts, known, findings)


def _whose(row: Row, parts: Parts, known: Known, findings: set[str]) -> str | Problem:
    """Return the 编号 of a row of this round or an earlier one; a problem where it is not its own, or of nothing."""
    owners = {normal(unit): unit for unit in (row.unit, *known.heirs.get(row.unit, ()))}
    if parts.unit not in owners:
        return _unknown(row, "不是这个党组织的编号")
    if not known.is_now(parts):
        return _carried(row, parts, owners[parts.unit], known)
    number = full_number(owners[parts.unit], known.label, parts.number)
    own_words = row.text(PROBLEM) and finding_number(row.text(PROBLEM)) == parts.number
    if parts.number in known.numbers.get(row.unit, {}) or number in findings or own_words:
        return number
    return _unknown(row, "本轮没有这一项")


def _carried(row: Row, parts: Parts, unit: str, known: Known) -> str | Problem:
    """Return the 编号 of a row that an earlier round left open: that it was, its own words tell."""
    if known.is_later(parts):
        return _unknown(row, f"是以后的{'年度' if parts.year > known.year else '轮次'}")
    if not row.text(PROBLEM):
        return _unknown(row, "是以前一轮的，没有写问题，不知道是什么")
    return JOIN.join((unit, f"{parts.year}{parts.round}", parts.number))


def _unknown(row: Row, what: str) -> Problem:
    return row.cells[NUMBER].problem("E632", NUMBER, row.unit, what=what)


def _merge(into: Merged, number: str, copies: Sequence[Row]) -> Iterator[Problem]:
    headings = dict.fromkeys(heading for row in copies for heading in row.cells if heading != NUMBER)
    printed = number.rpartition(JOIN)[2]
    for heading in headings:
        cells = [row.cells[heading] for row in copies if heading in row.cells]
        first, *others = cells
        different = [cell for cell in others if normal(cell.text) != normal(first.text)]
        if heading == PROBLEM and len(printed) == FOUR:  # printed by the program, and reckoned anew in every run
            into.cells[heading] = first
        elif different:
            other = BETWEEN.join((first.file, first.sheet, first.cell))
            yield different[0].problem("E631", heading, into.unit, number=number, other=other)
        else:
            into.cells[heading] = first


FOUR: Final = 4
"""Figures of the number of what the standard names."""
