"""核算: a line a branch, a column a figure, from the raters' marks to the grade, by formulas.

A block a standard. What is no formula stands there as the program reckoned it, and says so in its heading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from typing import Any, Final

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from dingji.exact import Exact, Mask, Places
from dingji.reports.columns import NOTHING, Cell, Cells, LiveCells, ReportColumn, ReportTable
from dingji.reports.foot import titled
from dingji.reports.formulas import NO, UNKNOWN, YES, Writer
from dingji.reports.mark_cells import MarkCells, cuts, mark_cells
from dingji.reports.row_formulas import Pattern, RowFormulas
from dingji.reports.sheet import HEAD_ROWS
from dingji.reports.stated import StatedCells
from dingji.reports.view import OutcomeView
from dingji.scheme.conditions import Value
from dingji.scheme.model import Scheme
from dingji.scoring.worked import (
    COMPOSITE,
    GRADE,
    SCORE,
    SET,
    SOURCE,
    Given,
    Key,
    Made,
    Marks,
    Of,
    Part,
    Worked,
    known_of,
    places_of,
)

NAME: Final = "核算"
AGAIN: Final = "（需重新运行）"
"""Behind the heading of a column that no formula reckons."""
LEADING: Final = 2
"""Columns before the figures: code and name."""
WORDS: Final = {True: YES, False: NO, None: UNKNOWN}
NOTES: Final = (
    f"注：标题带“{AGAIN}”的各栏是程序算好的数，由规则、平时记录、名册、申报或者别的党组织（名额、名次）得出，不跟着打分变。",
    "注：其余各栏是公式，从“得分明细”和左边各栏算起，所用的数都在“标准”里。本表列多，宜在电脑上查对。",
)


@dataclass(frozen=True)
class Place:
    """A figure of a branch on the sheet: its cell, what it comes to, and whether a formula reckons it."""

    cell: str
    value: str | float
    live: bool


@dataclass
class Block:
    """One standard's branches: the figures and what is given of each branch, as columns of the sheet."""

    view: OutcomeView
    stated: StatedCells
    marks: MarkCells
    scheme: Scheme
    units: Sequence[str]
    worked: Sequence[Worked]
    first: int
    """The row of its first branch, from 0."""
    given: list[Given] = field(default_factory=list)
    cells: list[LiveCells] = field(default_factory=list)
    live: list[Mask] = field(default_factory=list)
    """By figure: of whom a formula reckons it."""

    def __post_init__(self) -> None:
        """Place the columns, and write their cells."""
        for worked in self.worked:
            for _, part in worked.ways:
                for given in _given(part):
                    self._place(given)
        start = LEADING + len(self.given)
        self.columns: dict[Key, int] = {worked.key: start + place for place, worked in enumerate(self.worked)}
        self.there: dict[Key, Worked] = {worked.key: worked for worked in self.worked}
        self.rows = [str(self.first + 1 + place) for place in range(len(self.units))]
        writer = Writer(self.columns, self._column, lambda stated: self.stated.cell(self.scheme.title, stated))
        for worked in self.worked:
            formulas = self._formulas(writer, worked)
            self.cells.append(LiveCells(formulas, _values(worked.column, worked.blank)))
            self.live.append(formulas.ways >= 0)

    def _place(self, given: Given) -> None:
        if not any(_same(given, other) for other in self.given):
            self.given.append(given)

    def _column(self, given: Given) -> int:
        return LEADING + next(place for place, other in enumerate(self.given) if _same(given, other))

    def _formulas(self, writer: Writer, worked: Worked) -> RowFormulas:
        """Return the formula of each branch, "" where there is none."""
        patterns: list[Pattern] = []
        ways, left = np.full(len(self.units), -1), worked.known
        for mask, part in worked.ways:
            own = left & mask & self._reckonable(part)
            left &= ~mask
            if not isinstance(part, Given) and own.any():
                ways[own] = len(patterns)
                patterns.append(
                    Pattern(writer.whole(part), self._mark_cells(part) if isinstance(part, Marks) else None)
                )
        return RowFormulas(self.rows, patterns, ways)

    def _mark_cells(self, marks: Marks) -> Callable[[int], str]:
        runs = self._runs(marks)
        return lambda place: self.marks.cells(*runs[place].tolist())

    def _runs(self, marks: Marks) -> Places:
        return self.marks.runs_of(self.units, (marks.round, marks.source.name, marks.item))

    def _reckonable(self, part: Part) -> Mask:
        """Say of whom everything is there that a part reads; in a sum what is for nobody counts nothing."""
        if isinstance(part, Of):
            return self.there[part.key].known if part.key in self.there else np.zeros(len(self.units), bool)
        if isinstance(part, Given):
            return known_of(part.column)
        if isinstance(part, Marks):
            return self._runs(part)[:, 0] >= 0
        every = np.ones(len(self.units), bool)
        for inner in part.parts if isinstance(part, Made) else ():
            lenient = isinstance(part, Made) and part.way == "sum" and isinstance(inner, Of) and inner.key in self.there
            blank = self.there[inner.key].blank if lenient and isinstance(inner, Of) else False
            every &= self._reckonable(inner) | blank
        return every

    @cached_property
    def table(self) -> ReportTable:
        """Return the block as a table."""
        names = self.view.named(self.units)
        plain = [_values(given.column, np.zeros(len(self.units), bool)) for given in self.given]
        headings = [f"{given.label}{AGAIN}" for given in self.given]
        headings += [
            worked.label + ("" if live.any() or not worked.known.any() else AGAIN)
            for worked, live in zip(self.worked, self.live, strict=True)
        ]
        title = titled(self.view.outcome, NAME)
        nothing = [""] * len(self.units)
        values: list[Cells] = [self.units, names, *(LiveCells(nothing, column) for column in plain)]
        several = len(self.view.outcome.schemes) > 1
        return ReportTable(
            f"{title}　{self.scheme.title}" if several else title,
            (*LEADING_COLUMNS, *(ReportColumn(heading, 11, "number", _nothing) for heading in headings)),
            (*values, *self.cells),
            NOTES,
        )

    def place(self, place: int, key: Key) -> Place:
        """Return where a figure of a branch stands."""
        index = self.columns[key]
        own = index - LEADING - len(self.given)
        cell = f"{NAME}!${xl_col_to_name(index)}${self.rows[place]}"
        return Place(cell, self.cells[own].figures[place], bool(self.live[own][place]))

    @cached_property
    def main(self) -> dict[tuple[str, ...], Key]:
        """Return the key of each source's figure, of the composite and of the grade, the last of each."""
        named = {key[1:]: key for key in self.columns if key[1:2] in ((SOURCE,), (GRADE,))}
        composites = [key for key in self.columns if key[1:] in ((COMPOSITE,), (SCORE,), (SCORE, SET))]
        return named | dict.fromkeys([(COMPOSITE,)], composites[-1]) if composites else named


def _nothing(_: Any) -> Cell:  # noqa: ANN401 - the columns of a block are made at once
    return None


LEADING_COLUMNS: Final[tuple[ReportColumn[Any, Any], ...]] = (
    ReportColumn("党组织编码", 14, "text", _nothing),
    ReportColumn("党组织名称", 26, "text", _nothing),
)


def _given(part: Part) -> Iterator[Given]:
    """Yield what is given of each branch in a part; what a figure is as it stands has no column beside it."""
    for inner in part.parts if isinstance(part, Made) else ():
        if isinstance(inner, Given):
            yield inner
        else:
            yield from _given(inner)


def _same(one: Given, other: Given) -> bool:
    return one is other or (one.label == other.label and _listed(one.column) == _listed(other.column))


def _listed(column: Exact | Sequence[Any]) -> list[Any]:
    return list(column.fractions()) if isinstance(column, Exact) else list(column)


def _values(column: Exact | Sequence[Any], blank: Mask) -> list[str | float]:
    """Return figures as cells hold them: the nearest double, — where one is missing, nothing where there is none."""
    if isinstance(column, Exact):
        figures = (column.top / column.base).tolist()
        held = [float(one) if known else NOTHING for one, known in zip(figures, column.known.tolist(), strict=True)]
    else:
        held = [_word(value) for value in column]
    return ["" if nobody else value for value, nobody in zip(held, blank.tolist(), strict=True)]


def _word(value: Value) -> str | float:
    return value if isinstance(value, str) else float(value) if isinstance(value, Fraction) else WORDS[value]


def nothing_reckoned(view: OutcomeView) -> ReportTable:
    """Return the sheet where no branch was reckoned here: all were handed up by lower units, or there are none."""
    return ReportTable(titled(view.outcome, NAME), LEADING_COLUMNS, ([], []), NOTES)


def blocks(view: OutcomeView, stated: StatedCells, marks: MarkCells) -> list[Block]:
    """Return a block for every standard by which branches were reckoned, placed one below the other."""
    found: list[Block] = []
    trail, row = view.outcome.trail, HEAD_ROWS
    for _, group in groupby(trail.worked, key=lambda worked: id(worked.branches)):
        listed = list(group)
        units = [trail.units[place] for place in listed[0].branches.tolist()]
        scheme = view.scheme_of(units[0]) if units else None
        if scheme is not None:
            found.append(Block(view, stated, marks, scheme, units, listed, row))
            row += len(units) + len(NOTES) + 1 + HEAD_ROWS
    return found


class Reckoned:
    """Everything that formulas are made of and stand in: 标准, the cells of the marks, 核算."""

    def __init__(self, view: OutcomeView, row_limit: int) -> None:
        self.stated = StatedCells(view.outcome)
        self.cuts = cuts(view.mark_listing.column("unit"), row_limit - HEAD_ROWS)
        self.marks = mark_cells(view.mark_listing, self.cuts)
        self.blocks = blocks(view, self.stated, self.marks)
        self._places = {unit: (block, place) for block in self.blocks for place, unit in enumerate(block.units)}

    def source(self, unit: str, name: str) -> Place | None:
        """Return where a source's figure of a branch stands; over several rounds that of all."""
        return self._main(unit, SOURCE, name)

    def composite(self, unit: str) -> Place | None:
        """Return where a branch's composite stands, after whatever situations make of it; not yet rounded perhaps."""
        return self._main(unit, COMPOSITE)

    def grade(self, unit: str) -> Place | None:
        """Return where 测算等次 of a branch stands."""
        return self._main(unit, GRADE)

    def rounding(self, unit: str) -> str:
        """Return the cell that says to how many places a branch's composite is rounded."""
        scheme = self._places[unit][0].scheme
        return self.stated.cell(scheme.title, places_of(scheme.rounding.places))

    def _main(self, unit: str, *names: str) -> Place | None:
        block, place = self._places.get(unit, (None, 0))
        key = block.main.get(names) if block else None
        return block.place(place, key) if block and key else None
