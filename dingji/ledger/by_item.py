"""What a branch lost by item: where every source that counts in an indicator marks its items one by one.

Which indicators that is hangs on the standard alone, so that a row is of the same thing in every run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from dingji.exact import Exact, Mask
from dingji.numbers import mean
from dingji.outcome import Outcome
from dingji.scheme.indicators import Indicator, Item
from dingji.scheme.marking import indicator_thing, item_key
from dingji.scheme.model import Scheme, Source
from dingji.scheme.who_marks import items_marked
from dingji.scoring.ruled import RECORDS
from dingji.scoring.trail import Step
from dingji.scoring.weights import weight_within
from dingji.tables import records


@dataclass(frozen=True)
class ItemLoss:
    """What an item lost over all sources, and by which of them it was found."""

    item: Item
    points: Fraction
    found_by: tuple[str, ...]


Marks = Mapping[tuple[str, str], Mapping[str, Sequence[Fraction]]]
"""By branch and item: the marks of each source, several where several raters gave some."""


def by_items(scheme: Scheme, indicator: Indicator, round_name: str) -> list[Source]:
    """Return the sources that mark an indicator item by item; none where any that counts marks it otherwise."""
    fulls = [item.full for item in indicator.items]
    if None in fulls or not fulls or indicator.scaled or sum(full or 0 for full in fulls) != indicator.full:
        return []
    marking = [one for one in scheme.sources_in(round_name) if one.form and items_marked(scheme, one, indicator)]
    counting = [one for one in marking if one.marks not in ("total", "options") and _weighs(scheme, one, round_name)]
    return counting if all(_marks_items(scheme, one, indicator) for one in counting) else []


def _marks_items(scheme: Scheme, source: Source, indicator: Indicator) -> bool:
    return source.marks == "items" or (source.marks == "rules" and indicator_thing(scheme, source, indicator).ruled)


def _weighs(scheme: Scheme, source: Source, round_name: str) -> bool:
    return bool(source.by_class) or weight_within(source, scheme.sources_in(round_name), round_name, "") != 0


@dataclass(frozen=True)
class ItemLosses:
    """Reads what branches lost by item; the marks are gathered once for each standard."""

    outcome: Outcome

    def of(self, scheme: Scheme, unit: str, indicator: Indicator) -> list[ItemLoss]:
        """Return what a branch lost of an indicator's items, in the standard's order."""
        sources = self._sources.get((scheme.id, indicator.name), [])
        found = (self._loss(scheme, unit, item, sources) for item in indicator.items if sources)
        return [loss for loss in found if loss and loss.points > 0]

    def _loss(self, scheme: Scheme, unit: str, item: Item, sources: Sequence[Source]) -> ItemLoss | None:
        round_name, full = self.outcome.settings.round.name, Fraction(item.full or 0)
        marks = self._marks.get((unit, item_key(item)), {})
        lost = {one.name: full - mean(list(marks[one.name])) for one in sources if one.name in marks}
        beside, category = scheme.sources_in(round_name), self._categories.get(unit, "")
        own = {one.name: weight_within(one, beside, round_name, category) for one in sources}
        whole = sum((own[name] for name in lost), Fraction(0))
        if not whole:
            return None
        points = sum((own[name] * each for name, each in lost.items()), Fraction(0)) / whole
        return ItemLoss(item, points, tuple(name for name, each in lost.items() if each > 0 and own[name]))

    @cached_property
    def _categories(self) -> dict[str, str]:
        return {str(row["unit"]): str(row["category"]) for row in records(self.outcome.branches)}

    @cached_property
    def _sources(self) -> dict[tuple[str, str], list[Source]]:
        schemes, round_name = self.outcome.schemes.values(), self.outcome.settings.round.name
        return {(one.id, each.name): by_items(one, each, round_name) for one in schemes for each in one.scored}

    @cached_property
    def _marks(self) -> Marks:
        wanted = {source.name: source for sources in self._sources.values() for source in sources}
        given: defaultdict[tuple[str, str], dict[str, list[Fraction]]] = defaultdict(dict)
        steps = [
            step
            for step in self.outcome.trail.steps
            if step.source in wanted and step.round == self.outcome.settings.round.name
        ]
        for step in steps:
            for unit, key, figure in _given(self.outcome, wanted[step.source], step):
                given[unit, key].setdefault(step.source, []).append(figure)
        for step in steps:
            _settle(self.outcome, wanted[step.source], step, given)
        return given


def _given(outcome: Outcome, source: Source, step: Step) -> Iterator[tuple[str, str, Fraction]]:
    """Yield branch, item and mark: typed ones, and those that rules made within an indicator."""
    if step.step != "mark":
        return
    if source.marks == "items":
        yield from _column(outcome, step, str(step.item), step.figure)
        return
    for number, _, _, held, counts in step.values["items"]:
        if number is not None:
            yield from _column(outcome, step, str(number), held, counts[step.rows])


def _column(
    outcome: Outcome, step: Step, key: str, figure: Exact | None, counts: Mask | None = None
) -> Iterator[tuple[str, str, Fraction]]:
    """Yield branch, key and figure of a step's rows; `counts`: for which of them it does."""
    figures = figure.take(step.rows).fractions() if figure is not None else [None] * len(step.rows)
    on = np.ones(len(step.rows), bool) if counts is None else counts
    for branch, mark, counted in zip(step.branches.tolist(), figures, on.tolist(), strict=True):
        if mark is not None and counted:
            yield outcome.trail.units[branch], key, mark


def _settle(
    outcome: Outcome, source: Source, step: Step, given: Mapping[tuple[str, str], dict[str, list[Fraction]]]
) -> None:
    """Put the raters' combined mark in the place of theirs, and lay on what 平时记录 took off."""
    if step.step == "combined" and source.marks == "items":
        for unit, key, figure in _column(outcome, step, str(step.item), step.figure):
            if (unit, key) in given:
                given[unit, key][step.source] = [figure]
    rule = step.values.get("rule") if step.step == "rule" and source.main_form else None
    if rule is None or rule.item is None:
        return
    recorded = np.array([rater == RECORDS for rater in step.raters], bool)
    for unit, key, points in _column(outcome, step, str(rule.item), step.figure, recorded):
        if (unit, key) in given and step.source in given[unit, key]:
            given[unit, key][step.source] = [mark + points for mark in given[unit, key][step.source]]
