"""Marks that rules compute: each rule's points told, items held where the standard bounds them, the indicator too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from dingji.numbers import percent, plain, signed
from dingji.scheme.describe import condition_words, rule_words
from dingji.scheme.indicators import Band, Indicator, Rule
from dingji.scheme.marking import Thing
from dingji.scheme.model import Scheme, Source
from dingji.scheme.totals import by_own_items
from dingji.scheme.who_marks import items_marked
from dingji.scoring.board import Board
from dingji.scoring.facts import FactRow, Facts
from dingji.scoring.marks import Block, Mark, held, indicator_blocks
from dingji.scoring.points import total_points, typed_as, typed_words

ZERO = Fraction(0)
RECORDS = ""
"""The rater under whom 平时记录 stand: nobody in particular."""


@dataclass
class Reckoner:
    """Applies a standard's rules to the branches on its board."""

    scheme: Scheme
    board: Board

    def __post_init__(self) -> None:
        """Index branches, rules and indicators."""
        self.places = {unit: place for place, unit in enumerate(self.board.units)}
        pairs = [(indicator, rule) for indicator in self.scheme.indicators for rule in indicator.rules]
        self.rules = {rule.name: (indicator, rule) for indicator, rule in pairs}
        self.indicators = {indicator.name: indicator for indicator in self.scheme.indicators}

    def rule_points(self, rule: Rule, place: int, rows: Sequence[FactRow]) -> Fraction | None:
        """Return the points of a rule for a branch: from the figure it reads, or from what was typed."""
        if not self.board.applies(rule.only_for, place):
            return Fraction(0)

        def fits(band: Band) -> bool | None:
            value = self.board.evaluate(band.when)[place]
            return value if isinstance(value, bool) else None

        typed = [typed_as(self.board.evaluate(rule.of)[place])] if rule.of else [row.typed for row in rows]
        return total_points(rule, typed, fits)

    def computed(self, source: Source, thing: Thing, facts: Facts, unit: str, rater: str) -> Mark:
        """Compute a mark from facts and figures; missing where one of them is."""
        blocks = self._blocks(source, thing, self.places[unit])
        rules = [rule for rule in thing.rules if rule.item in blocks]
        given, entries = self.points_given(source, rules, facts, unit, rater)
        known = {name: points for name, points in given.items() if points is not None}
        if len(known) < len(given) or facts.unreadable(unit, rater, thing.indicator):
            return Mark(rater, None, entries)
        by_block = dict.fromkeys(blocks, Fraction(0))
        for rule in rules:
            by_block[rule.item] += known[rule.name]
        figure = sum((block.hold(by_block[number]) for number, block in blocks.items()), Fraction(0))
        ratio = self.ratio(source, thing, self.places[unit])
        figure = held(figure * ratio, thing.low, thing.high) if thing.number is None else figure
        base = sum((block.base for block in blocks.values()), Fraction(0))
        points = sum(known.values(), Fraction(0))
        told = "" if ratio == 1 else f"，折算为 {plain(thing.full)} 分制 {plain(figure)} 分"
        told += "" if figure == (base + points) * ratio else "，扣完为止" if points < 0 else "，不超满分"
        return Mark(rater, figure, entries, f"＝{plain(base)} {_with_sign(points)}{told}")

    def _blocks(self, source: Source, thing: Thing, place: int) -> dict[int | None, Block]:
        """Return what a thing's rules work on for a branch: the item itself, or the indicator with its items."""
        indicator = self.indicators[thing.indicator]
        items = items_marked(self.scheme, source, indicator)
        applying = {item.no for item in items if self.board.applies(item.only_for, place)}
        exempt = self.exempt(indicator, place) & {item.no for item in items}
        lacking = {item.no for item in items} - applying
        blocks = indicator_blocks(self.scheme, indicator, applying, exempt, lacking)
        return blocks if thing.number is None else {thing.number: blocks.get(thing.number, Block(thing.full))}

    def ratio(self, source: Source, thing: Thing, place: int) -> Fraction:
        """Return what brings points reckoned on the items that apply to a branch to the indicator's own full mark."""
        indicator = self.indicators[thing.indicator]
        if thing.number is not None or not by_own_items(indicator):
            return Fraction(1)
        items = [item for item in items_marked(self.scheme, source, indicator) if item.full]
        applying = sum((Fraction(item.full or 0) for item in items if self.board.applies(item.only_for, place)), ZERO)
        return thing.full / applying if applying else Fraction(1)

    def exempt(self, indicator: Indicator, place: int) -> set[int]:
        """Return the items that count in full for a branch without being marked."""
        exempting = [item for item in indicator.items if item.exempt]
        return {item.no for item in exempting if self.board.evaluate(item.exempt)[place] is True}

    def points_given(
        self, source: Source, rules: Iterable[Rule], facts: Facts, unit: str, rater: str
    ) -> tuple[dict[str, Fraction | None], tuple[int, ...]]:
        """Return the points of some rules for a branch, by name, and the entries behind them, each rule traced."""
        given: dict[str, Fraction | None] = {}
        entries: tuple[int, ...] = ()
        for rule in rules:
            rows = facts.typed(unit, rater, rule)
            points = self.rule_points(rule, self.places[unit], rows)
            behind = tuple(row.entry for row in rows)
            entries += behind
            given[rule.name] = points
            if behind or rule.of:
                words = self._rule_told(rule, self.places[unit], rows, points)
                self.board.trail.add(
                    unit,
                    "rule",
                    source=source.name,
                    rater=rater,
                    item=rule.name,
                    figure=points,
                    words=words,
                    entries=behind,
                )
        return given, entries

    def _rule_told(self, rule: Rule, place: int, rows: Sequence[FactRow], points: Fraction | None) -> str:
        """Tell what a rule read or was typed under it, how it gives points, and the points given."""
        told = "无法计算" if points is None else f"{signed(points)} 分"
        read = self._figure_told(rule, place) if rule.of else "、".join(typed_words(rule, row.typed) for row in rows)
        return f"{rule.name}：{read}{'；' if read else ''}{rule_words(rule)} → {told}"

    def _figure_told(self, rule: Rule, place: int) -> str:
        value = self.board.evaluate(rule.of)[place]
        starts = [band.start for band in rule.bands or []]
        is_share = any(bound is not None and bound.share for bound in (*starts, rule.under, rule.over))
        if isinstance(value, Fraction):
            return f"{condition_words(rule.of)}＝{percent(value) if is_share else plain(value)}"
        return f"{condition_words(rule.of)}＝{'缺' if value is None else typed_as(value).option}"


def _with_sign(points: Fraction) -> str:
    return f"− {plain(-points)}" if points < 0 else f"＋ {plain(points)}"
