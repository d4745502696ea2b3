"""What each branch lost: points of its items or indicators, the largest loss first, and situations that hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

from dingji.ledger.by_item import ItemLoss, ItemLosses
from dingji.ledger.numbers import (
    COMPOSITE,
    finding_number,
    full_number,
    indicator_key,
    item_key_of,
    item_name,
    numbers_of,
    situation_key,
)
from dingji.outcome import Outcome
from dingji.scheme.indicators import Indicator, Item
from dingji.scheme.model import Scheme
from dingji.scoring.score import WEAK
from dingji.tables import records


@dataclass(frozen=True)
class Loss:
    """One thing that a branch lost; `figure` and `full` of an indicator or item, None of a situation.

    `name`: of the indicator, also where it is an item. `large`: an indicator that 主要问题 would name, or a situation.
    `beside`: of an indicator with rows of its items, what it lost that no item did.
    """

    number: str
    kind: Literal["indicator", "situation"]
    name: str
    figure: Fraction | None = None
    full: Fraction | None = None
    large: bool = True
    item: Item | None = None
    found_by: tuple[str, ...] = ()
    beside: Fraction | None = None

    @property
    def title(self) -> str:
        """Return what was lost by name: of an item its indicator's and its number."""
        return item_name(self.name, self.item.no) if self.item else self.name

    @cached_property
    def points(self) -> Fraction | None:
        """Return how many points were lost."""
        if self.beside is not None:
            return self.beside
        return None if self.figure is None or self.full is None else self.full - self.figure


def losses_of(outcome: Outcome) -> dict[str, list[Loss]]:
    """Return what each branch with a result lost, points first, the largest loss before the others."""
    figures = _indicator_figures(outcome)
    numbers = {scheme.id: numbers_of(scheme) for scheme in outcome.schemes.values()}
    label = outcome.settings.round.label
    fulls = {one.id: _fulls(one) for one in outcome.schemes.values()}
    found, by_item = {}, ItemLosses(outcome)
    for result in records(outcome.results):
        unit, scheme = str(result["unit"]), outcome.schemes[result["scheme"]]
        named = _Named(unit, label, numbers[scheme.id])
        short = _short(fulls[scheme.id], figures[unit])
        lost = sorted(_points(scheme, result, short, named, by_item), key=lambda loss: loss.points or 0, reverse=True)
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


def _fulls(scheme: Scheme) -> list[tuple[Indicator, Fraction]]:
    return [(indicator, Fraction(indicator.full or 0)) for indicator in scheme.scored]


def _short(
    fulls: Sequence[tuple[Indicator, Fraction]], figures: Mapping[str, Fraction]
) -> Iterator[tuple[Indicator, Fraction, Fraction]]:
    """Yield the indicators of which a branch has not the full mark, with its figure and that."""
    for indicator, full in fulls:
        figure = figures.get(indicator.name)
        if figure is not None and figure < full:
            yield indicator, figure, full


def _points(
    scheme: Scheme,
    result: Mapping[str, Any],
    short: Iterable[tuple[Indicator, Fraction, Fraction]],
    named: _Named,
    by_item: ItemLosses,
) -> Iterator[Loss]:
    weak = {name for name, _, _ in result["issues"]}
    for indicator, figure, full in short:
        number, name = named.of(indicator_key(indicator.name)), indicator.name
        whole = Loss(number, "indicator", name, figure, full, name in weak)
        items = list(_items(whole, by_item.of(scheme, named.unit, indicator), named))
        if not items:
            yield whole
            continue
        yield from items
        beside = full - figure - sum((loss.points or Fraction(0) for loss in items), Fraction(0))
        if beside > 0:
            yield replace(whole, beside=beside)


def _items(whole: Loss, lost: Sequence[ItemLoss], named: _Named) -> Iterator[Loss]:
    """Yield what an indicator's items lost; a large one is far below its own full mark in an indicator that is so."""
    for one in lost:
        full = Fraction(one.item.full or 0)
        figure = full - one.points
        number = named.of(item_key_of(whole.name, one.item.no))
        large = whole.large and figure < full * WEAK
        yield Loss(number, "indicator", whole.name, figure, full, large, one.item, one.found_by)


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
