"""The straight road through a sheet with a row a branch or ballot and a column a mark: whole columns at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import Any

from dingji.comparing import tidy
from dingji.problems import Problem
from dingji.read.answers import of_ballot
from dingji.read.grid import CellValue, address, letters_of, text_of
from dingji.read.layout import MOST_REMEMBERED, Layout
from dingji.read.lines import Cell
from dingji.read.locate import WHO, Located
from dingji.read.row_kinds import is_ballot_number, is_plainly_named, is_remark, may_count, micro
from dingji.read.rows import BLANK, Columns, Reading, Row
from dingji.read.sheets import BALLOTS, read_marks
from dingji.read.void_rows import is_void, says_void

Outcome = tuple[str, int | None, str, tuple[Problem, ...]]
"""State, figure and option of a mark, and what is to be said of it."""


@dataclass(frozen=True)
class _Lines:
    """The filled lines of a sheet: their numbers, their columns, and where in a line each field and the marks stand."""

    layout: Layout
    located: Located
    numbers: Sequence[int]
    columns: Sequence[Sequence[CellValue]]
    fields: dict[str, int]
    marks: Sequence[int]
    ballots: bool

    def texts(self, field: str) -> list[str] | None:
        """Return the texts of a field, blank ones where it has no column; None where one may be more than that."""
        if field not in self.fields:
            return [""] * len(self.numbers)
        values = self.columns[self.fields[field]]
        read: dict[CellValue, str] = self.layout.remembered(("text", self.located.sheet.name, field))
        if len(read) > MOST_REMEMBERED:
            read.clear()
        for value in set(values).difference(read):
            text = self._text(value, field)
            if text is None:
                return None
            read[value] = text
        return [read[value] for value in values]

    def _text(self, value: CellValue, field: str) -> str | None:
        if not isinstance(value, str):
            return text_of(value) if value else None  # 0 and −0 are equal, and are not
        naming = field in WHO or field == "group"
        odd = tidy(value) != value or is_void(value) or (naming and (is_remark(value) or says_void(value)))
        doubtful = field == "rater" and self.ballots and (may_count(value) or not is_ballot_number(value))
        return None if odd or doubtful else value

    def addresses(self, field: str) -> list[str]:
        """Return the addresses of a field's cells."""
        return self.addresses_at(self.fields[field])

    def addresses_at(self, at: int) -> list[str]:
        """Return the addresses of a column's cells."""
        letters = letters_of(self.located.places[at][1])
        return [f"{letters}{number + 1}" for number in self.numbers]

    def is_computed(self, at: int, line: int) -> bool:
        """Say whether a formula gives the figure in a column's line: it leaves out figures typed as texts."""
        own = type(self.columns[at][line]) is float  # words may say that the row is void
        return own and (self.numbers[line], self.located.places[at][1]) in self.located.grid.computed.places


def read_lines_of_marks(layout: Layout, located: Located) -> tuple[Columns, list[Problem]] | None:
    """Read a row a branch or a ballot; None where one may be no row of the table."""
    ballots = located.sheet.name == BALLOTS
    if ballots and located.grid.computed.any_at_all:
        return None
    lines = _filled(layout, located, ballots=ballots)
    if lines is None:
        return None
    if not lines.numbers:
        return Columns(0, dict(BLANK), {}), []
    texts = {field: lines.texts(field) for field in (*WHO, "group", "reason")}
    outcomes = [_judged(lines, at, ballots=ballots) for at in lines.marks]
    if None in texts.values() or None in outcomes:
        return None
    told = {field: values for field, values in texts.items() if values is not None}
    marks = [each for each in outcomes if each is not None]
    if not (_are_ballots(lines, told) if ballots else _are_branches(lines, told, marks)):
        return None
    return _columns(lines, told, marks), list(_problems(lines, marks, told["rater"] if ballots else ()))


def _filled(layout: Layout, located: Located, *, ballots: bool) -> _Lines | None:
    """Return the lines with something typed, of ballots those with an answer; None where a text may be a heading."""
    columns = [column for column, _ in located.places]
    marks = [at for at, column in enumerate(columns) if column.item]
    pick, first = itemgetter(*(place for _, place in located.places)), located.header + 1
    nothing = ("",) * len(columns)
    lines = [each for each in enumerate(map(pick, located.grid.rows[first:]), first) if each[1] != nothing]
    said = set(chain.from_iterable(line for _, line in lines))
    if layout.any_strange(said, located.sheet):
        return None
    looked_at = marks if ballots else [at for at, column in enumerate(columns) if column.reads != "formula"]
    told = itemgetter(*looked_at, looked_at[0])  # of one column alone it would give no tuple
    filled = [(number, line) for number, line in lines if told(line) != nothing[: len(looked_at) + 1]]
    fields = {column.field: at for at, column in enumerate(columns) if column.field and not column.item}
    by_column = list(zip(*(line for _, line in filled), strict=True))
    return _Lines(layout, located, [number for number, _ in filled], by_column, fields, marks, ballots)


def _judged(lines: _Lines, at: int, *, ballots: bool) -> list[Outcome] | None:
    """Return what the careful road makes of each mark of a column; None where too many say other things."""
    column, place = lines.located.places[at]
    known: dict[CellValue, Outcome] = lines.layout.remembered((lines.located.sheet.name, place))
    values = lines.columns[at]
    for value in set(values).difference(known):
        cell = Cell(lines.located, column, lines.numbers[values.index(value)], place)
        reading = Reading()
        read_marks(Row(), [cell], reading, ballots=ballots)
        if len(known) > MOST_REMEMBERED or (reading.problems and not value):
            return None  # of nought: 0 and −0 are equal, and are not
        row = reading.rows[0]
        known[value] = (row.state, row.value, row.option, tuple(reading.problems))
    return [known[value] for value in values]


def _are_ballots(lines: _Lines, told: dict[str, list[str]]) -> bool:
    """Say whether every line is a ballot of its own number and, where there are several, of one of the 身份."""
    choices = lines.located.places[lines.fields["group"]][0].choices if "group" in lines.fields else ()
    numbered = all(told["rater"]) and len(set(told["rater"])) == len(told["rater"])
    return numbered and not {"code", "name"} & set(lines.fields) and (not choices or set(told["group"]) <= set(choices))


def _are_branches(lines: _Lines, told: dict[str, list[str]], marks: list[list[Outcome]]) -> bool:
    """Say whether every line names a branch by code and name, and has no total but that of its marks."""
    if not (all(told["name"]) and all(map(is_plainly_named, told["code"], told["name"]))):
        return False
    own = [sum(number or 0 for _, number, *_ in line) for line in zip(*marks, strict=True)]
    return all(
        value in ("", 0.0) or (sum_of and (micro(value) == sum_of or lines.is_computed(at, line)))
        for at, (column, _) in enumerate(lines.located.places)
        if column.reads == "formula"
        for line, (sum_of, value) in enumerate(zip(own, lines.columns[at], strict=True))
    )


def _problems(lines: _Lines, marks: list[list[Outcome]], ballots: Sequence[str]) -> Iterator[Problem]:
    """Yield what is to be said of the marks, line by line; `ballots`: the number of each line's ballot."""
    told = [(at, column) for at, column in zip(lines.marks, marks, strict=True) if any(each[3] for each in column)]
    if told:
        named = ballots or [""] * len(lines.numbers)
        places = [lines.located.places[at][1] for at, _ in told]
        said = zip(*(column for _, column in told), strict=True)
        for number, ballot, outcomes in zip(lines.numbers, named, said, strict=True):
            for place, outcome in zip(places, outcomes, strict=True):
                for problem in outcome[3]:
                    yield of_ballot(problem.at(address(number, place)), ballot)


def _columns(lines: _Lines, told: dict[str, list[str]], marks: list[list[Outcome]]) -> Columns:
    """Return the entries line by line, in each the marks in the order of their columns."""
    many, size = len(marks), len(lines.numbers) * len(marks)
    places = [lines.located.places[at] for at in lines.marks]
    who = next((field for field in ("code", "name") if field in lines.fields), "")
    by_line = {field: values for field, values in told.items() if any(values)}
    by_line |= {"who_cell": lines.addresses(who)} if who else {}
    by_line |= {"rater_cell": _where(told["rater"], lines.addresses("rater"))} if "rater" in by_line else {}
    columns = Columns(size, dict(BLANK) | {"sheet": lines.located.grid.name}, {})
    states, values, options, _ = zip(*chain.from_iterable(zip(*marks, strict=True)), strict=True)
    mark: dict[str, Any] = {
        "item": [column.item for column, _ in places] * len(lines.numbers),
        "cell": list(chain.from_iterable(zip(*map(lines.addresses_at, lines.marks), strict=True))),
        "state": list(states),
        "value": list(values),
        "option": list(options),
    }
    for field, each in by_line.items():
        mark[field] = [value for value in each for _ in range(many)]
    for field, each in mark.items():
        columns.put(field, each)
    return columns


def _where(texts: Sequence[str], addresses: Sequence[str]) -> list[str]:
    return [place if text else "" for text, place in zip(texts, addresses, strict=True)]
