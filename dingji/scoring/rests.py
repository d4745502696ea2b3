"""What an indicator marked item by item has beside its items: the points of rules that belong to no item.

Facts count where the rater left an item of the indicator to the rules: who typed every mark has judged the indicator,
as who types the one mark of an indicator has. What reads a figure counts beside every rater's marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dingji.exact import Exact, Places, total
from dingji.scheme.indicators import Indicator, Rule
from dingji.scheme.marking import item_key
from dingji.scheme.model import Scheme, Source
from dingji.scheme.who_marks import items_marked
from dingji.scoring.facts import Facts
from dingji.scoring.laid import beside, told_points
from dingji.scoring.marks import Rated, combine
from dingji.scoring.ruled import Ground, Judges, given
from dingji.scoring.trail import Grouped


@dataclass(frozen=True, eq=False)
class Rest:
    """The points beside an indicator's items by branch, raters combined, and what 平时记录 add to them."""

    points: Exact
    laid: Exact


def rests(ground: Ground, source: Source, found: Rated, records: Facts) -> dict[str, Rest]:
    """Return the points beside the items of every indicator that has such rules, by its name."""
    loose = {indicator.name: loose_rules(ground.scheme, source, indicator) for indicator in ground.scheme.scored}
    return {
        indicator.name: _points(ground, source, indicator, found, loose[indicator.name], records)
        for indicator in ground.scheme.scored
        if loose[indicator.name]
    }


def loose_rules(scheme: Scheme, source: Source, indicator: Indicator) -> list[Rule]:
    """Return the rules of an indicator that belong to none of the items that a source marks one by one."""
    marks_items = source.marks == "items" and source.main_form != "self"
    if not (marks_items and items_marked(scheme, source, indicator)):
        return []
    return [rule for rule in indicator.rules if rule.item is None]


def _points(
    ground: Ground, source: Source, indicator: Indicator, found: Rated, rules: Sequence[Rule], records: Facts
) -> Rest:
    """Return by branch the points of rules of no item, the raters of its items combined; missing where one's are."""
    size = len(ground.board)
    keys = [item_key(item) for item in items_marked(ground.scheme, source, indicator)]
    judges = Judges.of(ground.entered, _raters(ground, found, keys))
    leaving = np.ones(len(judges), bool)
    if source.main_form:
        left = [found.left[key].pairs for key in keys if key in found.left]
        leaving = np.isin(judges.pairs, np.concatenate([judges.pairs[:0], *left]))
    active = [leaving | bool(rule.of) for rule in rules]
    told = given(ground, source, rules, found.facts, judges, active)
    points = total(told.points, len(judges))
    figures, groups = combine(source, points, judges.branch, size)
    nothing = (abs(points).by(judges.branch, size)).same(0)
    ground.board.trace(
        "combined", figures.known & ~nothing, "rest", source.name, item=indicator.name, figure=figures,
        name=indicator.name, total=figures, given=Grouped(groups, points), raters=source,
    )  # fmt: skip
    return Rest(figures.where(~nothing, 0), _laid(ground, source, found, rules, records, judges, points))


def _laid(
    ground: Ground, source: Source, found: Rated, rules: Sequence[Rule], records: Facts, judges: Judges, points: Exact
) -> Exact:
    """Return by branch what 平时记录 add to the points of rules of no item."""
    size = len(ground.board)
    if not len(records):
        return Exact.constant(0, size)
    own = [rule for rule in rules if not rule.of]
    both = beside(ground, found.facts, records, judges)
    before, after = (told_points(ground, own, facts, judges) for facts in (found.facts, both))
    more, groups = combine(source, points + (after - before), judges.branch, size)
    return (more - combine(source, points, judges.branch, size)[0]).where(groups.counts > 0, 0)


def _raters(ground: Ground, found: Rated, keys: Sequence[str]) -> Places:
    """Return everybody who marks one of some things, each branch and rater once, in the order in which they come."""
    pieces = [ground.entered.pairs_of(marks.branch, marks.rater) for key in keys for marks in found.marks.get(key, ())]
    pairs = np.concatenate([np.zeros(0, np.intp), *pieces])
    different, first = np.unique(pairs, return_index=True)
    return different[np.argsort(first)]
