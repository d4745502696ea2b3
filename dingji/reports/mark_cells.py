"""Where the marks of a thing stand in 得分明细: one range for each branch, round, source and thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from dingji.reports.sheet import HEAD_ROWS
from dingji.scoring.trail import Steps

NAME: Final = "得分明细"
FIGURE_COLUMN: Final = "H"
"""得分."""
Marked = tuple[str, str, str, str]
"""Branch, round, source, thing."""


@dataclass(frozen=True)
class MarkCells:
    """The cells of the marks of each thing, and the first row of each branch and source."""

    cells: dict[Marked, str]
    first: dict[tuple[str, str], str]
    """The cell of the first mark of a branch by a source."""


def mark_cells(steps: Steps, cuts: Sequence[int]) -> MarkCells:
    """Return where marks stand; `cuts`: with which mark each sheet begins.

    Marks that do not stand together on one sheet are no range.
    """
    keys = list(zip(steps.unit, steps.round, steps.source, steps.item, strict=True))
    turns = [place for place, (one, other) in enumerate(pairwise(keys), start=1) if one != other]
    cells: dict[Marked, str] = {}
    first: dict[tuple[str, str], str] = {}
    sheet, bounds = 0, [*cuts, len(keys)]
    for start, end in pairwise([0, *turns, len(keys)] if keys else []):
        while start >= bounds[sheet + 1]:
            sheet += 1
        key, top = keys[start], start - bounds[sheet] + HEAD_ROWS + 1
        name = sheet_name(NAME, sheet)
        apart = key in cells or end > bounds[sheet + 1]
        last = f":${FIGURE_COLUMN}${top + end - start - 1}" if end - start > 1 else ""
        cells[key] = "" if apart else f"{name}!${FIGURE_COLUMN}${top}{last}"
        first.setdefault((key[0], key[2]), f"{name}!{FIGURE_COLUMN}{top}")
    return MarkCells(cells, first)


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
