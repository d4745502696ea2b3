"""What an indicator marked item by item has beside its items: the points of rules that belong to no item.

Facts count where the rater left an item of the indicator to the rules: who typed every mark has judged the indicator,
as who types the one mark of an indicator has. What reads a figure counts beside every rater's marks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from dingji.numbers import signed
from dingji.scheme.indicators import Indicator, Rule
from dingji.scheme.marking import item_key
from dingji.scheme.model import Scheme, Source
from dingji.scheme.who_marks import items_marked
from dingji.scoring.board import Figures
from dingji.scoring.facts import Facts
from dingji.scoring.marks import Mark, combine_marks
from dingji.scoring.reckoning import RECORDS, Reckoner

ByThing = Mapping[str, Mapping[str, Sequence[Mark]]]
"""Raters' marks by branch and thing."""
Left = Mapping[tuple[str, str], Sequence[str]]
"""Raters whose blank mark is computed, by branch and thing."""


def rests(reckoner: Reckoner, source: Source, marks: ByThing, facts: Facts, left: Left) -> dict[str, Figures]:
    """Return the points beside the items of every indicator that has such rules, raters combined, by its name."""
    found = {}
    for indicator in reckoner.scheme.scored:
        if loose_rules(reckoner.scheme, source, indicator):
            points = _Points(reckoner, source, indicator, facts)
            found[indicator.name] = [points.of(unit, marks, left) for unit in reckoner.board.units]
    return found


def loose_rules(scheme: Scheme, source: Source, indicator: Indicator) -> list[Rule]:
    """Return the rules of an indicator that belong to none of the items that a source marks one by one."""
    marks_items = source.marks == "items" and source.main_form != "self"
    if not (marks_items and items_marked(scheme, source, indicator)):
        return []
    return [rule for rule in indicator.rules if rule.item is None]


@dataclass(frozen=True)
class _Points:
    """Computes what stands beside the items of one indicator in one source."""

    reckoner: Reckoner
    source: Source
    indicator: Indicator
    facts: Facts

    def of(self, unit: str, marks: ByThing, left: Left) -> Fraction | None:
        """Return a branch's points, the raters of its items combined; missing where one rater's are."""
        keys = [item_key(item) for item in items_marked(self.reckoner.scheme, self.source, self.indicator)]
        raters = dict.fromkeys(mark.rater for key in keys for mark in marks.get(unit, {}).get(key, ()))
        leaving = {rater for key in keys for rater in left.get((unit, key), ())} if self.source.main_form else {RECORDS}
        given = [self._rater(unit, rater, leaving) for rater in raters]
        known = [points for points in given if points is not None]
        if len(known) < len(given):
            return None
        if not any(known):
            return Fraction(0)
        points, how = combine_marks(self.source, known)
        words = f"{self.indicator.name}不属于各项的规则 {signed(points)} 分" + (f"：{how}" if len(known) > 1 else "")
        trail, source = self.reckoner.board.trail, self.source.name
        trail.add(unit, "combined", source=source, item=self.indicator.name, figure=points, words=words)
        return points

    def _rater(self, unit: str, rater: str, leaving: Collection[str]) -> Fraction | None:
        rules = loose_rules(self.reckoner.scheme, self.source, self.indicator)
        counting = [rule for rule in rules if rule.of or rater in leaving]
        given, _ = self.reckoner.points_given(self.source, counting, self.facts, unit, rater)
        known = [points for points in given.values() if points is not None]
        return sum(known, Fraction(0)) if len(known) == len(given) else None
