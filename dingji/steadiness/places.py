"""Between which places a branch stands under other weights and without one rater or another, and what moves it most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np

from dingji.exact import Places
from dingji.steadiness.ratings import Floats, Ratings
from dingji.steadiness.standing import LITTLE, Standing, as_floats

DRAWS: Final = 200
"""Drawn weights: enough that twice as many widen hardly an interval."""
SEED: Final = 2012
"""The same input gives the same intervals."""
POINTS: Final = 5.0
"""By how many points of a hundred a weight may be another: the steps in which standards give weights."""


class Interval(NamedTuple):
    """The best and the worst place of a branch, and the choice that moves it most: `weight` or `rater`, and whose."""

    best: int
    worst: int
    kind: str = ""
    source: str = ""
    rater: str = ""


def intervals(standing: Standing, ratings: Mapping[str, Ratings]) -> dict[str, Interval]:
    """Return the interval of each branch that has a place."""
    if not standing.units:
        return {}
    choices = list(_choices(standing, ratings))
    columns = [column for _, column in choices] + list(_drawn(standing))
    own = standing.graded
    base = _places(standing.rounded(standing.scores)[own])
    printed = np.array([row["place"] or 0 for row in standing.results], np.intp)[own]
    table = np.stack([base, *(_places(standing.rounded(column)[own]) for column in columns)], axis=1)
    table = table - base[:, None] + printed[:, None]  # others may have places in between: those taken over
    best, worst = np.maximum(table.min(axis=1), 1), table.max(axis=1)
    moved = abs(table[:, 1 : len(choices) + 1] - printed[:, None])
    units = [unit for unit, graded in zip(standing.units, own.tolist(), strict=True) if graded]
    found = {}
    for row, unit in enumerate(units):
        most = int(moved[row].argmax()) if moved.shape[1] else 0
        named = choices[most][0] if moved.shape[1] and moved[row, most] else ("", "", "")
        found[unit] = Interval(int(best[row]), int(worst[row]), *named)
    return found


def _places(scores: Floats) -> Places:
    """Return places with the highest first: 1, 2, 2, 4."""
    found: Places = 1 + len(scores) - np.searchsorted(np.sort(scores), scores + LITTLE, side="right")
    return found


def _choices(standing: Standing, ratings: Mapping[str, Ratings]) -> Iterator[tuple[tuple[str, str, str], Floats]]:
    """Yield every single choice with the composites under it: a weight five points other, a rater left out."""
    totals, weights = _table(standing)
    for place, (name, _, _) in enumerate(standing.terms if len(standing.terms) > 1 else ()):
        for points in (POINTS, -POINTS):
            other = weights.copy()
            other[place] = np.maximum(other[place] + points, 0)
            yield ("weight", name, ""), _composites(standing, totals, weights, other)
    for source, own in ratings.items():
        for place, rater in enumerate(own.raters if len(own.raters) > 1 else ()):
            changed = own.without(place)[standing.on_trail] * standing.weight_of(own.source)
            yield ("rater", source, rater), standing.scores + changed


def _drawn(standing: Standing) -> Iterator[Floats]:
    totals, weights = _table(standing)
    random = np.random.default_rng(SEED)
    for _ in range(DRAWS if len(standing.terms) > 1 else 0):
        other = np.maximum(weights + random.uniform(-POINTS, POINTS, (len(weights), 1)), 0)
        yield _composites(standing, totals, weights, other)


def _table(standing: Standing) -> tuple[Floats, Floats]:
    """Return figures and weights, [source, branch]."""
    size = (0, len(standing.units))
    totals = [as_floats(figure) for _, figure, _ in standing.terms]
    weights = [as_floats(weight) for _, _, weight in standing.terms]
    return (np.stack(totals), np.stack(weights)) if totals else (np.zeros(size), np.zeros(size))


def _composites(standing: Standing, totals: Floats, weights: Floats, other: Floats) -> Floats:
    """Return the composites under other weights, brought to the same total."""
    whole = other.sum(axis=0)
    scaled = other * np.divide(weights.sum(axis=0), whole, out=np.ones_like(whole), where=whole > 0)
    found: Floats = standing.scores + float(standing.part) * ((scaled - weights) * totals).sum(axis=0) / 100
    return found
