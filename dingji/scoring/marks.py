"""Marks: those that were typed, how several raters' become one, and the bounds they are held in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from dingji.numbers import exact, mean, median, plain
from dingji.scheme.marking import Thing
from dingji.scheme.model import Scheme, Source


@dataclass(frozen=True)
class Mark:
    """One rater's mark of one thing; None is missing. `entries` are rows of the entries table, `how` its reckoning."""

    rater: str
    figure: Fraction | None
    entries: tuple[int, ...]
    how: str = ""


def bounded(figure: Fraction, thing: Thing, scheme: Scheme) -> Fraction:
    """Hold a mark between 0 and its full mark where the standard bounds it there (扣完为止)."""
    if thing.number is not None and bounding(scheme, thing.indicator) != "item":
        return figure
    low, high = thing.low, thing.high
    figure = figure if low is None else max(figure, low)
    return figure if high is None else min(figure, high)


def bounding(scheme: Scheme, indicator: str) -> str:
    """Return where an indicator's marks are held: at the indicator or at each item."""
    found = next((found for found in scheme.indicators if found.name == indicator), None)
    return (found.bounded if found else None) or scheme.bounded


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
