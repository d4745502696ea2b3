"""The branches of one standard as columns: composite, grade, what each top-level source gave and its weight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

import numpy as np

from dingji.exact import Exact, Mask, Places
from dingji.scheme.model import Scheme, Source
from dingji.scoring.trail import Step, Trail
from dingji.steadiness.ratings import Floats, floats

HALF: Final = 0.5
LITTLE: Final = 1e-9
"""What floating point may be off."""


@dataclass(frozen=True, eq=False)
class Standing:
    """Branches of a standard that have a composite, with what it is made of."""

    scheme: Scheme
    round_name: str
    units: Sequence[str]
    on_trail: Places
    results: Sequence[Mapping[str, Any]]
    terms: tuple[tuple[str, Exact, Exact], ...]
    """By source: its figure, and its weight, a row a branch."""

    @classmethod
    def of(cls, scheme: Scheme, trail: Trail, rows: Sequence[Mapping[str, Any]], round_name: str) -> Standing:
        """Take the branches of a standard from results and trail. `rows`: the results of that standard."""
        places = {unit: place for place, unit in enumerate(trail.units)}
        known = {row["unit"]: row for row in rows if row["composite"] is not None}
        steps = [
            one for one in trail.steps if (one.step, one.sentence, one.round) == ("composite", "composite", round_name)
        ]
        own = [step for step in steps if {trail.units[place] for place in step.branches.tolist()} & set(known)]
        if not own:
            return cls(scheme, round_name, (), np.zeros(0, np.intp), (), ())
        step = own[0]
        kept = np.array([trail.units[place] in known for place in step.branches.tolist()], bool)
        units = [trail.units[place] for place in step.branches[kept].tolist()]
        at = np.array([places[unit] for unit in units], np.intp)
        return cls(scheme, round_name, units, at, [known[unit] for unit in units], tuple(_terms(step, kept)))

    @cached_property
    def part(self) -> Fraction:
        """Return the round's part in the whole figure."""
        return dict(self.scheme.rounds_taken(self.round_name)).get(self.round_name, Fraction(1))

    @cached_property
    def scores(self) -> Floats:
        """Return the composites before rounding."""
        return np.array([float(row["unrounded"]) for row in self.results])

    @cached_property
    def graded(self) -> Mask:
        """Say who has a place."""
        return np.array([row["place"] is not None for row in self.results], bool)

    @cached_property
    def starts(self) -> Floats:
        """Return the bounds of the grades, the highest first."""
        bounds = [float(grade.start) for grade in self.scheme.grades if grade.start is not None]
        return np.array(sorted(bounds, reverse=True))

    def rounded(self, scores: Floats) -> Floats:
        """Round 四舍五入 as the standard says."""
        unit = 10.0**self.scheme.rounding.places
        found: Floats = np.sign(scores) * np.floor(abs(scores) * unit + HALF + LITTLE) / unit
        return found

    def bands(self, scores: Floats) -> Places:
        """Return how many bounds lie above each score, as grades are read off."""
        read = self.rounded(scores) if self.scheme.rounding.before_grading else scores
        found: Places = (self.starts[:, None] > read[None, :] + LITTLE).sum(axis=0)
        return found

    def weight_of(self, source: Source) -> float:
        """Return a source's part in the composite of this round, one for all: of one inside another its part there."""
        outer = next((one for one in self.scheme.sources if one.name == source.inside), None)
        own = float(source.weight_in(self.round_name) or 0) / 100
        return own * (self.weight_of(outer) if outer else float(self.part))


def _terms(step: Step, kept: Mask) -> list[tuple[str, Exact, Exact]]:
    rows = step.rows[kept]
    found = []
    for name, figure, weight in step.values["terms"]:
        told = weight if isinstance(weight, Exact) else Exact.constant(weight, len(figure))
        if isinstance(weight, Exact) or weight:
            found.append((name, figure.take(rows), told.take(rows)))
    return found


def as_floats(column: Exact) -> Floats:
    """Return figures as floating point, 0 where missing."""
    return np.nan_to_num(floats(column))
