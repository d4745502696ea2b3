"""Marks: those that were typed, how several raters' become one, and the bounds they are held in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from dingji.numbers import exact, mean, median, plain
from dingji.scheme.indicators import Indicator, Item
from dingji.scheme.marking import item_base, own_limit
from dingji.scheme.model import Scheme, Source
from dingji.scheme.totals import by_own_items


@dataclass(frozen=True)
class Mark:
    """One rater's mark of one thing; None is missing. `entries` are rows of the entries table, `how` its reckoning."""

    rater: str
    figure: Fraction | None
    entries: tuple[int, ...]
    how: str = ""


@dataclass(frozen=True)
class Block:
    """What points are added to and taken from, and what they are held between (扣完为止, 不超满分)."""

    base: Fraction
    low: Fraction | None = None
    high: Fraction | None = None

    def hold(self, points: Fraction) -> Fraction:
        """Return the base with the points, within the bounds."""
        return held(self.base + points, self.low, self.high)


def held(figure: Fraction, low: Fraction | None, high: Fraction | None) -> Fraction:
    """Hold a figure between bounds; an absent one does not hold."""
    figure = figure if low is None else max(figure, low)
    return figure if high is None else min(figure, high)


def item_block(scheme: Scheme, indicator: Indicator, item: Item) -> Block:
    """Return an item with its bounds: its full mark where the standard bounds items, or limits of its own."""
    bounds_items = (indicator.bounded or scheme.bounded) == "item"
    low = own_limit(item.minimum, Fraction(0) if bounds_items else None)
    high = own_limit(item.maximum, Fraction(item.full or 0) if bounds_items else None)
    return Block(item_base(indicator, item), low, high)


def indicator_blocks(
    scheme: Scheme, indicator: Indicator, applying: Collection[int], exempt: Collection[int], lacking: Collection[int]
) -> dict[int | None, Block]:
    """Return what an indicator's rules work on, by item; under None what belongs to no item.

    `applying` items are for the branch at hand; of those `exempt` ones count in full, and no rule touches them.
    `lacking` ones are for other branches: where the items go beyond the full mark, others stand in for them.
    """
    own = _beside_items(indicator, lacking)
    own += sum((Fraction(item.full or 0) for item in indicator.items if item.no in exempt), Fraction(0))
    items = [item for item in indicator.items if item.no in applying and item.no not in exempt]
    return {None: Block(own), **{item.no: item_block(scheme, indicator, item) for item in items}}


def _beside_items(indicator: Indicator, lacking: Collection[int]) -> Fraction:
    """Return the points before any rule of an indicator that none of its items has."""
    if by_own_items(indicator):
        return Fraction(0)
    bases = {item.no: item_base(indicator, item) for item in indicator.items}
    beside = Fraction(indicator.base) - sum(bases.values(), Fraction(0))
    return beside + min(max(-beside, Fraction(0)), sum((bases[number] for number in lacking), Fraction(0)))


def combine_marks(source: Source, figures: list[Fraction]) -> tuple[Fraction, str]:
    """Combine raters' marks: mean or median, after `trim` off each end from `trim_from` raters up; with the words."""
    kept = sorted(figures)
    trim_from = source.trim_from if source.trim_from is not None else 2 * source.trim + 1
    cut = source.trim and len(figures) >= trim_from
    if cut:
        kept = kept[source.trim : len(kept) - source.trim]
    shown = "、".join(plain(figure) for figure in figures)
    how = f"去掉{source.trim}个最高、{source.trim}个最低后" if cut else ""
    if len(figures) == 1:
        return figures[0], shown
    if source.combine == "median":
        return median(kept), f"{len(figures)}名评委（{shown}）{how}取中位数"
    return mean(kept), f"{len(figures)}名评委（{shown}）{how}平均"


def own_marks(entries: pd.DataFrame) -> dict[str, dict[str, list[Mark]]]:
    """Return typed marks by branch and thing; blank and refused ones are missing, those left to rules stay out."""
    found: dict[str, dict[str, list[Mark]]] = defaultdict(lambda: defaultdict(list))
    columns = (entries.index, *(entries[name] for name in ("unit", "item", "rater", "state", "value")))
    for label, unit, item, rater, state, value in zip(*columns, strict=True):
        if state in ("typed", "blank", "refused", "disputed"):
            figure = exact(int(value)) if state == "typed" else None
            found[unit][item].append(Mark(rater, figure, (label,)))
    return found


def left_to_rules(entries: pd.DataFrame) -> dict[tuple[str, str], list[str]]:
    """Return the raters whose blank mark is computed from their facts, by branch and thing."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    rows = entries[entries["state"] == "rules"]
    for unit, item, rater in zip(rows["unit"], rows["item"], rows["rater"], strict=True):
        found[unit, item].append(rater)
    return found
