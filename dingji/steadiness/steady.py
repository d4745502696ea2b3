"""An outcome → what its grades hang on, between which places branches stand, and what stands out of the raters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

import numpy as np

from dingji.outcome import Outcome
from dingji.scheme.model import Scheme
from dingji.scoring.grading import BORDERLINE
from dingji.steadiness.blocs import Bloc, blocs
from dingji.steadiness.hangs import Hang, hangs
from dingji.steadiness.places import Interval, intervals
from dingji.steadiness.ratings import PAIR, RaterNote, Ratings, agreement, rater_notes, ratings_of
from dingji.steadiness.standing import Standing
from dingji.supposing.copies import Copies
from dingji.tables import records

ABOVE: Final = Fraction(10)
"""自评 so many points of a hundred above what others give: the breadth of a grade where bounds lie at 90 and 80."""


@dataclass(frozen=True)
class Near:
    """A bound within half a point of a composite: of which grade, and how far above it (below: negative)."""

    grade: str
    above: Fraction


@dataclass(frozen=True)
class Agreement:
    """How far the raters of a source agree: α, raters, and branches that two or more of them marked."""

    source: str
    alpha: float
    raters: int
    branches: int


@dataclass(frozen=True)
class Above:
    """自评 clearly above what others gave: both, brought to the full mark of the standard."""

    own: Fraction
    others: Fraction


@dataclass
class Steadiness:
    """What is to be told of the branches, by branch, and of the raters."""

    near: dict[str, Near] = field(default_factory=dict)
    hangs: dict[str, list[Hang]] = field(default_factory=dict)
    places: dict[str, Interval] = field(default_factory=dict)
    above: dict[str, Above] = field(default_factory=dict)
    raters: list[RaterNote] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)
    blocs: list[Bloc] = field(default_factory=list)
    untried: list[str] = field(default_factory=list)
    """Titles of standards of which it could not be tried on what grades hang."""


def steadiness(outcome: Outcome) -> Steadiness:
    """Return what is to be told of an outcome, standard by standard."""
    found, round_name = Steadiness(), outcome.settings.round.name
    rows = records(outcome.results)
    for scheme in outcome.schemes.values():
        own = [row for row in rows if row["scheme"] == scheme.id]
        standing = Standing.of(scheme, outcome.trail, own, round_name)
        ratings = ratings_of(scheme, outcome.trail, round_name)
        bounds = [(grade.name, Fraction(grade.start)) for grade in scheme.grades if grade.start is not None]
        found.near |= {row["unit"]: near for row in own if (near := _near(bounds, row["composite"])) is not None}
        found.places |= intervals(standing, ratings)
        found.above |= dict(_above(scheme, own, round_name))
        for each in ratings.values():
            found.raters += rater_notes(each)
            found.agreements += _agreements(each)
            found.blocs += blocs(each) if each.source.main_form == "peer" else []
        group = (
            next((one for one in outcome.basis.groups if one.scheme.id == scheme.id), None) if outcome.basis else None
        )
        if outcome.basis and group:
            hung = hangs(standing, ratings, Copies(outcome.basis, group), outcome.trail)
            found.hangs |= hung or {}
            found.untried += [scheme.title] if hung is None else []
    return found


def _near(bounds: Sequence[tuple[str, Fraction]], score: Fraction | None) -> Near | None:
    if score is None:
        return None
    gaps = [(name, score - bound) for name, bound in bounds]
    within = [(abs(above), name, above) for name, above in gaps if abs(above) <= BORDERLINE]
    return Near(*min(within)[1:]) if within else None


def _agreements(ratings: Ratings) -> Iterator[Agreement]:
    table = ratings.percent
    alpha = agreement(table) if ratings.telling else None
    if alpha is not None:
        yield Agreement(
            ratings.source.name, alpha, len(ratings.raters), int((np.isfinite(table).sum(axis=1) >= PAIR).sum())
        )


def _above(scheme: Scheme, rows: Sequence[Mapping[str, Any]], round_name: str) -> Iterator[tuple[str, Above]]:
    """Yield whose 自评 is clearly above the weighted mean of what others gave."""
    top = [source for source in scheme.sources_in(round_name) if not source.inside and source.counts]
    own = next((source for source in top if source.main_form == "self"), None)
    weights = {one.name: one.weight_in(round_name) or Fraction(0) for one in top if one is not own}
    whole, least = sum(weights.values(), Fraction(0)), ABOVE * Fraction(scheme.full) / 100
    for row in rows if own and whole else ():
        claimed = row["scores"].get(own.name) if own else None
        given = {name: row["scores"].get(name) for name in weights}
        if claimed is None or None in given.values():
            continue
        mean = sum((figure * weights[name] for name, figure in given.items()), Fraction(0)) / whole
        if claimed - mean >= least:
            yield row["unit"], Above(claimed, mean)
