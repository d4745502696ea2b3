"""What each branch lost: points of its indicators, the largest loss first, and situations that hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from dingji.ledger.numbers import COMPOSITE, finding_number, full_number, indicator_key, numbers_of, situation_key
from dingji.outcome import Outcome
from dingji.scheme.model import Scheme
from dingji.scoring.score import WEAK
from dingji.tables import records


@dataclass(frozen=True)
class Loss:
    """One thing that a branch lost; `figure` and `full` of an indicator, None of a situation.

    `large`: an indicator that 主要问题 would name, or a situation.
    """

    number: str
    kind: Literal["indicator", "situation"]
    name: str
    figure: Fraction | None = None
    full: Fraction | None = None
    large: bool = True

    @property
    def points(self) -> Fraction | None:
        """Return how many points were lost."""
        return None if self.figure is None or self.full is None else self.full - self.figure


def losses_of(outcome: Outcome) -> dict[str, list[Loss]]:
    """Return what each branch with a result lost, points first, the largest loss before the others."""
    figures = _indicator_figures(outcome)
    numbers = {scheme.id: numbers_of(scheme) for scheme in outcome.schemes.values()}
    label = outcome.settings.round.label
    found = {}
    for result in records(outcome.results):
        unit, scheme = str(result["unit"]), outcome.schemes[result["scheme"]]
        named = _Named(unit, label, numbers[scheme.id])
        lost = sorted(_points(scheme, result, figures[unit], named), key=lambda loss: -(loss.points or 0))
        found[unit] = [*(lost or _whole(scheme, result, figures[unit], named)), *_situations(scheme, result, named)]
    return found


@dataclass(frozen=True)
class _Named:
    """Gives what a branch lost its 编号."""

    unit: str
    label: str
    numbers: Mapping[str, str]

    def of(self, key: str) -> str:
        """Return the 编号; a lower unit may tell of a situation that the standard has not."""
        return full_number(self.unit, self.label, self.numbers.get(key) or finding_number(key))


def _indicator_figures(outcome: Outcome) -> Mapping[str, dict[str, Fraction]]:
    """Return by branch what its indicators came to in this round, over all sources."""
    found: defaultdict[str, dict[str, Fraction]] = defaultdict(dict)
    for step in outcome.trail.steps:
        if step.step == "indicator" and step.round == outcome.settings.round.name and step.figure is not None:
            figures = step.figure.take(step.rows).fractions()
            for branch, figure in zip(step.branches.tolist(), figures, strict=True):
                if figure is not None:
                    found[outcome.trail.units[branch]][str(step.item)] = figure
    return found


def _points(
    scheme: Scheme, result: Mapping[str, Any], figures: Mapping[str, Fraction], named: _Named
) -> Iterator[Loss]:
    weak = {name for name, _, _ in result["issues"]}
    for indicator in scheme.scored:
        figure, full = figures.get(indicator.name), Fraction(indicator.full or 0)
        if figure is not None and figure < full:
            large = indicator.name in weak
            yield Loss(named.of(indicator_key(indicator.name)), "indicator", indicator.name, figure, full, large)


def _whole(scheme: Scheme, result: Mapping[str, Any], figures: Mapping[str, Fraction], named: _Named) -> Iterator[Loss]:
    """Yield what the sum lost where nobody marks indicators: then no other loss is known."""
    figure, full = result["composite"], Fraction(scheme.full)
    if figure is not None and figure < full and not figures:
        large = figure < full * WEAK
        yield Loss(named.of(indicator_key(COMPOSITE)), "indicator", COMPOSITE, figure, full, large)


def _situations(scheme: Scheme, result: Mapping[str, Any], named: _Named) -> Iterator[Loss]:
    for printed in result["situations"]:
        yield Loss(named.of(situation_key(situation_name(scheme, printed))), "situation", printed)


def situation_name(scheme: Scheme, printed: str) -> str:
    """Return a situation's name without what papers say in brackets behind it."""
    names = (one.name for one in scheme.situations)
    return next((name for name in names if printed == name or printed.startswith(f"{name}（")), printed)
