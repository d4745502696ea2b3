"""Marks of a source as a table [branch, rater], and what shows in it: severity, spread, distance, agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dingji.exact import Exact, Mask, Places
from dingji.scheme.marking import things_of
from dingji.scheme.model import Scheme, Source
from dingji.scheme.names import RATED
from dingji.scoring.trail import Trail

Floats = npt.NDArray[np.float64]
HUNDRED: Final = 100.0
LEAST_RATERS, LEAST_BRANCHES = 3, 6
"""With fewer raters or branches in common nothing can be told of a rater."""
SEVERE_POINTS: Final = 5.0
"""A rater so many points of a hundred above or below the others moves the mean of five by one."""
SEVERE_ERRORS: Final = 4.0
"""And as many standard errors: chance alone does so once in ten thousand raters."""
FLAT: Final = 1 / 3
"""A rater whose marks spread a third of what the others' do tells branches hardly apart."""
FAR: Final = 2.0
"""A rater whose marks lie twice as far from what the others would expect as the others' do."""
LEAST_DISTANCE: Final = 2.0
"""Points of a hundred that a far rater lies off at least: less changes nothing."""
PAIR: Final = 2
"""Marks of one branch that can be held against each other."""
TURNS, SETTLED = 60, 1e-6
"""The additive model is fitted until it has settled, in so many turns at most."""


def floats(column: Exact) -> Floats:
    """Return figures as floating point, not a number where missing."""
    found: Floats = np.where(column.known, column.top.astype(float) / column.base.astype(float), np.nan)
    return found


@dataclass(frozen=True, eq=False)
class Ratings:
    """What raters gave in one source: the marks by thing, [branch, rater], not a number where none was given."""

    source: Source
    units: Sequence[str]
    raters: Sequence[str]
    marks: Mapping[str, Floats]
    fulls: Mapping[str, float]

    @cached_property
    def percent(self) -> Floats:
        """Return [branch, rater]: what a rater gave of a hundred points of what the rater marked."""
        tops, whole = np.zeros(self._shape), np.zeros(self._shape)
        for key, own in self.marks.items():
            tops += np.nan_to_num(own)
            whole += np.where(np.isnan(own), 0.0, self.fulls[key])
        found: Floats = np.divide(HUNDRED * tops, whole, out=np.full(self._shape, np.nan), where=whole > 0)
        return found

    @property
    def _shape(self) -> tuple[int, int]:
        return len(self.units), len(self.raters)

    def without(self, rater: int) -> Floats:
        """Return by branch how much the source's figure changes without a rater; 0 where the rater marked nothing."""
        changed = np.zeros(len(self.units))
        for own in self.marks.values():
            left = np.delete(own, rater, axis=1)
            there = ~np.isnan(own[:, rater]) & ~np.isnan(left).all(axis=1)
            changed[there] += _combined(self.source, left[there]) - _combined(self.source, own[there])
        return changed

    @property
    def telling(self) -> bool:
        """Say whether there is enough to tell anything of raters."""
        return len(self.raters) >= LEAST_RATERS and bool(
            (np.isfinite(self.percent).sum(axis=0) >= LEAST_BRANCHES).any()
        )


def ratings_of(scheme: Scheme, trail: Trail, round_name: str) -> dict[str, Ratings]:
    """Return the marks of every source that others than the branch itself mark, by its name, as the trail has them."""
    found = {}
    for source in (one for one in scheme.sources_in(round_name) if one.main_form in RATED):
        steps = [one for one in trail.steps if (one.step, one.source, one.round) == ("mark", source.name, round_name)]
        fulls = {thing.key: float(thing.full) for thing in things_of(scheme, source) if not thing.filled}
        cells = [_cells(one) for one in steps if one.item in fulls and one.figure is not None]
        raters = sorted({str(rater) for _, each, _, _ in cells for rater in each if rater})
        if cells and raters:
            marks = {key: _table(trail, raters, [cell for cell in cells if cell[0] == key]) for key in fulls}
            found[source.name] = Ratings(source, list(trail.units), raters, marks, fulls)
    return found


Given = tuple[str, Sequence[str], Places, Floats]


def _cells(step: Any) -> Given:  # noqa: ANN401 - a step of the trail
    figures = floats(step.figure.take(step.rows))
    return str(step.item), np.asarray(step.rater)[step.rows].tolist(), step.branches, figures


def _table(trail: Trail, raters: Sequence[str], cells: Sequence[Given]) -> Floats:
    places = {rater: place for place, rater in enumerate(raters)}
    marks = np.full((len(trail.units), len(raters)), np.nan)
    for _, names, branches, figures in cells:
        own = np.array([places.get(name, -1) for name in names], np.intp)
        marks[branches[own >= 0], own[own >= 0]] = figures[own >= 0]
    return marks


def _combined(source: Source, marks: Floats) -> Floats:
    """Combine the marks of each branch as the source says, what is missing left out."""
    ordered = np.sort(marks, axis=1)  # what is missing comes last
    counts = np.isfinite(marks).sum(axis=1)
    start = source.trim_from if source.trim_from is not None else 2 * source.trim + 1
    cut = np.where((counts >= start) & (counts > 1), source.trim, 0)
    low, high = cut, counts - cut
    if source.combine == "median":
        low, high = (counts - 1) // 2, counts // 2 + 1
    places = np.arange(marks.shape[1])
    picked = (places >= low[:, None]) & (places < high[:, None])
    total: Floats = np.where(picked, ordered, 0.0).sum(axis=1)
    total /= np.maximum(picked.sum(axis=1), 1)
    return total


@dataclass(frozen=True, eq=False)
class Fit:
    """Marks as branch + rater + what is left: severity by rater, what is left [branch, rater], its spread."""

    severity: Floats
    rest: Floats
    spread: float


def additive(table: Floats, counted: Mask | None = None) -> Fit:
    """Fit branch + rater by least squares over the cells that are there; severities total 0.

    `counted`: which cells are fitted; what is left is told of all.
    """
    there = np.isfinite(table) if counted is None else np.isfinite(table) & counted
    filled = np.where(there, table, 0.0)
    rows, columns = np.maximum(there.sum(axis=1), 1), np.maximum(there.sum(axis=0), 1)
    severity = np.zeros(table.shape[1])
    worth = np.zeros(table.shape[0])
    for _ in range(TURNS):
        before = worth
        worth = np.where(there, filled - severity[None, :], 0.0).sum(axis=1) / rows
        severity = np.where(there, filled - worth[:, None], 0.0).sum(axis=0) / columns
        severity -= severity[there.any(axis=0)].mean() if there.any() else 0.0
        if abs(worth - before).max(initial=0.0) < SETTLED:
            break
    rest = np.where(np.isfinite(table), table - worth[:, None] - severity[None, :], np.nan)
    free = max(int(there.sum()) - int(there.any(axis=1).sum()) - int(there.any(axis=0).sum()) + 1, 1)
    return Fit(severity, rest, float(np.sqrt(np.where(there, np.nan_to_num(rest) ** 2, 0.0).sum() / free)))


@dataclass(frozen=True)
class RaterNote:
    """What stands out of a rater. `kind`: severe, mild, flat, far; `figure`: by how many points, or how many times."""

    source: str
    rater: str
    kind: str
    figure: float


def rater_notes(ratings: Ratings) -> list[RaterNote]:
    """Return what stands out of the raters of a source.

    A mark is the branch's worth, the rater's severity and what is left; the worth is the median of the other raters,
    so that one who marks at random shifts nobody else.
    """
    table, name = ratings.percent, ratings.source.name
    enough = np.isfinite(table).sum(axis=0) >= LEAST_BRANCHES
    if not ratings.telling or enough.sum() < LEAST_RATERS:
        return []
    apart = np.stack([_apart(table, place) for place in range(len(enough))], axis=1)
    severity, distance, spread = _mean(apart), _deviation(apart), _deviation(table)
    counts = np.maximum(np.isfinite(apart).sum(axis=0), 1)
    found = []
    for place in np.flatnonzero(enough).tolist():
        others = enough & (np.arange(len(enough)) != place)
        shift, error = float(severity[place]), float(distance[place]) / float(np.sqrt(counts[place]))
        if abs(shift) >= max(SEVERE_POINTS, SEVERE_ERRORS * error):
            found.append(RaterNote(name, ratings.raters[place], "mild" if shift > 0 else "severe", abs(shift)))
        usual, off = float(np.median(spread[others])), float(np.median(distance[others]))
        if usual >= 1 and spread[place] < FLAT * usual:
            found.append(RaterNote(name, ratings.raters[place], "flat", float(spread[place])))
        elif distance[place] > max(FAR * off, LEAST_DISTANCE) and off:
            found.append(RaterNote(name, ratings.raters[place], "far", float(distance[place]) / off))
    return found


def _apart(table: Floats, rater: int) -> Floats:
    """Return by branch how far a rater's mark lies above the median of the others."""
    others = np.sort(np.delete(table, rater, axis=1), axis=1)  # what is missing comes last
    counts = np.isfinite(others).sum(axis=1)
    rows = np.arange(len(table))
    middle = (
        others[rows, np.maximum(counts - 1, 0) // 2] + others[rows, np.minimum(counts // 2, others.shape[1] - 1)]
    ) / 2
    apart: Floats = table[:, rater] - np.where(counts > 0, middle, np.nan)
    return apart


def _mean(table: Floats) -> Floats:
    there = np.isfinite(table)
    mean: Floats = np.where(there, table, 0.0).sum(axis=0) / np.maximum(there.sum(axis=0), 1)
    return mean


def _deviation(table: Floats) -> Floats:
    """Return the standard deviation of each column."""
    found: Floats = np.sqrt(np.maximum(_mean(table**2) - _mean(table) ** 2, 0.0))
    return found


def agreement(table: Floats) -> float | None:
    """Return Krippendorff's α of interval data over branches that two raters or more marked; None where there is none.

    α = 1 − observed ÷ expected disagreement: K. Krippendorff, Content Analysis, 4th ed. 2018, ch. 12.
    """
    there = np.isfinite(table)
    pairable = there.sum(axis=1) >= PAIR
    own, counts = table[pairable], there[pairable].sum(axis=1)
    values = own[np.isfinite(own)]
    if len(values) < PAIR or np.ptp(values) == 0:
        return None
    squares, sums = np.nansum(own**2, axis=1), np.nansum(own, axis=1)
    observed = float((2 * (counts * squares - sums**2) / (counts - 1)).sum() / len(values))
    number = len(values)
    expected = float(2 * (number * (values**2).sum() - values.sum() ** 2) / (number * (number - 1)))
    return 1 - observed / expected
