"""Where the marks of a thing stand in 得分明细: one range for each branch, round, source and thing."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from dingji.exact import Places
from dingji.reports.sheet import HEAD_ROWS
from dingji.scoring.trail import Listing

NAME: Final = "得分明细"
FIGURE_COLUMN: Final = "H"
"""得分."""
NOWHERE: Final = (-1, -1)
Thing = tuple[str, str, str]
"""Round, source, thing."""


@dataclass(frozen=True)
class MarkCells:
    """The marks of each thing as runs of 得分明细's rows, from the first to that behind the last; texts when asked."""

    cuts: Sequence[int]
    """With which mark each sheet begins."""
    branches: Mapping[str, int]
    """The place of each branch that has marks."""
    runs: Mapping[Thing, Places]
    """By thing, the run of each of these branches; `NOWHERE` where it has none, or none on one sheet."""
    firsts: Mapping[tuple[str, str], int]
    """The first mark of a branch by a source."""

    def runs_of(self, units: Sequence[str], thing: Thing) -> Places:
        """Return the run of a thing's marks of some branches."""
        found = np.full((len(units), 2), NOWHERE)
        if (runs := self.runs.get(thing)) is not None:
            places = np.array([self.branches.get(unit, -1) for unit in units])
            found[places >= 0] = runs[places[places >= 0]]
        return found

    def cells(self, start: int, end: int) -> str:
        """Return the cells of a run."""
        sheet, top = self._place(start)
        last = f":${FIGURE_COLUMN}${top + end - start - 1}" if end - start > 1 else ""
        return f"{sheet}!${FIGURE_COLUMN}${top}{last}"

    def first(self, unit: str, source: str) -> str:
        """Return the cell of the first mark of a branch by a source, "" where there is none."""
        if (start := self.firsts.get((unit, source))) is None:
            return ""
        sheet, top = self._place(start)
        return f"{sheet}!{FIGURE_COLUMN}{top}"

    def _place(self, mark: int) -> tuple[str, int]:
        number = bisect(self.cuts, mark) - 1
        return sheet_name(NAME, number), mark - self.cuts[number] + HEAD_ROWS + 1


def mark_cells(marks: Listing, cuts: Sequence[int]) -> MarkCells:
    """Return where marks stand; `cuts`: with which mark each sheet begins.

    Marks that do not stand together on one sheet are no range.
    """
    keys = list(zip(*map(marks.column, ("unit", "round", "source", "item")), strict=True))
    branches = {unit: place for place, unit in enumerate(dict.fromkeys(key[0] for key in keys))}
    turns = [place for place, (one, other) in enumerate(pairwise(keys), start=1) if one != other]
    runs: defaultdict[Thing, Places] = defaultdict(lambda: np.full((len(branches), 2), NOWHERE))
    firsts: dict[tuple[str, str], int] = {}
    met = set()
    for start, end in pairwise([0, *turns, len(keys)] if keys else []):
        unit, round_, source, item = key = keys[start]
        apart = key in met or bisect(cuts, start) != bisect(cuts, end - 1)
        met.add(key)
        runs[round_, source, item][branches[unit]] = NOWHERE if apart else (start, end)
        firsts.setdefault((unit, source), start)
    return MarkCells(cuts, branches, runs, firsts)


def sheet_name(name: str, number: int) -> str:
    """Return the name of a sheet of a long table: the first by itself, the others numbered from 2."""
    return name if number == 0 else f"{name}{number + 1}"


def cuts(units: Sequence[str], most: int) -> list[int]:
    """Return with which row each sheet of a long table begins: a branch stays on one sheet where it finds room."""
    found, start = [0], 0
    while len(units) - start > most:
        end = start + most
        while end > start and units[end] == units[end - 1]:
            end -= 1
        start = end if end > start else start + most
        found.append(start)
    return found
