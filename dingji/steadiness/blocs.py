"""互评: groups of branches that rate each other higher than their worth and their own severity tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from dingji.steadiness.ratings import Floats, Ratings, additive

SMALLEST: Final = 3
"""Two that like each other are no group."""
POINTS: Final = 5.0
"""Points of a hundred above what is to be expected, on the average of the marks within a group."""
ERRORS: Final = 6.0
"""And as many standard errors: among the thousands of groups that could be made chance reaches four or five."""
MOST: Final = 200
"""Among more branches nobody rates all others, and the search would take longer than the rest of the run."""
SEEDS: Final = 40
"""Pairs from which a group is grown, those first who favour each other most."""


@dataclass(frozen=True)
class Bloc:
    """Branches that rate each other high, by how many points of a hundred on the average."""

    source: str
    units: tuple[str, ...]
    points: float


def blocs(ratings: Ratings) -> list[Bloc]:
    """Return the groups of a source in which branches rate each other, the strongest first; none overlap."""
    table = _square(ratings)
    if len(table) < 2 * SMALLEST:
        return []
    found: list[Bloc] = []
    while (strongest := _strongest(table)) is not None:
        group, points = strongest
        found.append(Bloc(ratings.source.name, tuple(ratings.units[place] for place in sorted(group)), points))
        table[np.ix_(group, group)] = np.nan  # what is explained by one group makes no second
    return found


def _strongest(table: Floats) -> tuple[list[int], float] | None:
    """Return the group that stands out most with its points, None where none does."""
    groups = {tuple(sorted(_pruned(table, list(group)))) for group in _grown(additive(table).rest)}
    judged = [_judged(table, group) for group in sorted(groups)]
    fit = [one for one in judged if one[1] >= POINTS and one[2] >= ERRORS]
    group, points, _ = max(fit, key=lambda one: one[2], default=((), 0.0, 0.0))
    return (list(group), points) if group else None


def _square(ratings: Ratings) -> Floats:
    """Return [branch rated, branch rating] of all branches; not a number where none rated."""
    places = {rater: place for place, rater in enumerate(ratings.raters)}
    if not places.keys() & set(ratings.units) or len(ratings.units) > MOST:
        return np.zeros((0, 0))
    blank = np.full(len(ratings.units), np.nan)
    columns = [ratings.percent[:, places[unit]] if unit in places else blank for unit in ratings.units]
    return np.stack(columns, axis=1)


def _grown(rest: Floats) -> Iterator[Sequence[int]]:
    """Yield groups grown from pairs, one branch at a time while the group becomes stronger."""
    mutual = np.nan_to_num(np.minimum(rest, rest.T), nan=-np.inf)
    firsts, seconds = np.triu_indices(len(rest), 1)
    order = np.argsort(-mutual[firsts, seconds], kind="stable")[:SEEDS]
    both = np.nan_to_num(rest + rest.T)
    there = np.isfinite(rest).astype(float) + np.isfinite(rest.T)
    for first, second in zip(firsts[order].tolist(), seconds[order].tolist(), strict=True):
        group, total, count = [first, second], both[first, second], there[first, second]
        while len(group) < len(rest) // 2:
            sums, counts = total + both[group].sum(axis=0), count + there[group].sum(axis=0)
            strength = np.where(counts > count, sums / np.sqrt(np.maximum(counts, 1)), -np.inf)
            strength[group] = -np.inf
            best = int(strength.argmax())
            if strength[best] <= total / np.sqrt(max(count, 1)):
                break
            group.append(best)
            total, count = sums[best], counts[best]
        if len(group) >= SMALLEST:
            yield group


def _pruned(table: Floats, group: list[int]) -> list[int]:
    """Leave out whoever the others neither favour nor are favoured by, the weakest first."""
    while len(group) > SMALLEST:
        inside = np.zeros(table.shape, bool)
        inside[np.ix_(group, group)] = True
        own = additive(table, ~inside).rest[np.ix_(group, group)]
        both = np.concatenate([own, own.T], axis=1)
        means = np.nansum(both, axis=1) / np.maximum(np.isfinite(both).sum(axis=1), 1)
        if means.min() >= POINTS:
            break
        del group[int(means.argmin())]
    return group


def _judged(table: Floats, group: Sequence[int]) -> tuple[Sequence[int], float, float]:
    """Return a group with its points above what the marks outside it tell, and how many standard errors that is."""
    inside = np.zeros(table.shape, bool)
    inside[np.ix_(group, group)] = True
    fit = additive(table, ~inside)
    own = fit.rest[inside & np.isfinite(table)]
    outside = (~inside & np.isfinite(table))[list(group)].sum() + (~inside & np.isfinite(table))[:, list(group)].sum()
    if not len(own) or not outside or not fit.spread:
        return group, 0.0, 0.0
    error = fit.spread * float(np.sqrt(1 / len(own) + 4 / outside))  # of the marks, and of worth and severity
    return group, float(own.mean()), float(own.mean() / error)
