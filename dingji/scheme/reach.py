"""How far points can reach: the least and the greatest of every mark, source and composite, before anyone types.

It follows scoring step by step on spans. A rule is taken to be told in any way that forms allow: `once` at most once,
a count from nothing upwards, of `bands` one row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import inf

from dingji.scheme.branch_classes import BranchClass, branch_classes, of_class
from dingji.scheme.conditions import parse
from dingji.scheme.indicators import Indicator, Item, Rule
from dingji.scheme.marking import Thing, headings, inside, item_base, item_key, own_limit, things_of
from dingji.scheme.model import Scheme, Source
from dingji.scheme.names import HEADS, NUMBERS
from dingji.scheme.reach_rules import band_spans, counts_span, limits_of, once_span, points_again, points_span
from dingji.scheme.spans import ANYTHING, COUNT, NOTHING, SHARE, Span, over_all, span_of, summed
from dingji.scheme.totals import by_own_items, full_for
from dingji.scheme.who_marks import full_within, items_apart, items_marked

HUNDRED, PERCENT_POINT, ZERO = Fraction(100), Fraction(1, 100), Fraction(0)


@dataclass(frozen=True)
class Reach:
    """What a standard can give branches of one class in one round.

    `given`: points of rules, by name, that are settled already. `plain`: what is stated to go beyond full marks (an own
    `max`, the bonus) is left aside, so that the greatest is to be the full mark.
    """

    scheme: Scheme
    round_name: str
    branches: BranchClass
    given: Mapping[str, Span] = field(default_factory=dict)
    plain: bool = False

    @property
    def words(self) -> str:
        """Return which branches in which round are meant, "" where there is no other."""
        named = self.round_name if len(self.scheme.rounds) > 1 else ""
        return "，".join(filter(None, (named, self.branches.words)))

    # --- what figures can be ------------------------------------------------------------------------------

    def figure(self, name: str) -> Span:
        """Return what a name that formulas and conditions read can be."""
        if name in self._formulas:
            return self._formula(self._formulas[name])
        if name in self._marks:
            return self._marks[name]
        own = name.rpartition(".")[2]
        if own in self._shares:
            return SHARE
        counted = own in self._counted or own in self._heads
        return COUNT if counted or own.endswith(NUMBERS) else ANYTHING

    def _formula(self, text: str) -> Span:
        return span_of(parse(text), self.figure)

    @cached_property
    def _formulas(self) -> Mapping[str, str]:
        return {rule.name: rule.of for indicator in self.scheme.indicators for rule in indicator.rules if rule.of}

    @cached_property
    def _counted(self) -> frozenset[str]:
        rules = (rule for indicator in self.scheme.indicators for rule in indicator.rules)
        return frozenset(
            {rule.name for rule in rules if rule.unit} | {one.name for one in self.scheme.roster if one.unit}
        )

    @cached_property
    def _heads(self) -> frozenset[str]:
        return frozenset(name for counts in HEADS.values() for name in counts)

    @cached_property
    def _shares(self) -> frozenset[str]:
        return frozenset(share for source in self.scheme.sources for share in source.shares)

    @cached_property
    def _marks(self) -> Mapping[str, Span]:
        """Return what surveys by options can come to; other sources may read one another, and are left open."""
        return {source.name: _of_options(source) for source in self.scheme.sources if source.marks == "options"}

    # --- rules --------------------------------------------------------------------------------------------

    def rule(self, rule: Rule) -> Span:
        """Return what a rule can give a branch, within the rule's own limits."""
        if rule.name in self.given:
            return self.given[rule.name]
        if not rule.way or not self.branches.applies(rule.only_for):
            return NOTHING
        return self._points(rule).held(*limits_of(rule.minimum, rule.maximum))

    def _points(self, rule: Rule) -> Span:
        figure = self._formula(rule.of) if rule.of else COUNT
        match rule.way:
            case "once":
                return once_span(rule, figure)
            case "each":
                return counts_span(rule, figure) * points_span(rule.each)
            case "options":
                points = over_all(map(points_span, (rule.options or {}).values())) if rule.options else NOTHING
                return points if rule.of else points.to(NOTHING) * Span(ZERO, inf)
        return over_all(span for _, span in band_spans(rule, figure))

    def bonus(self) -> Span:
        """Return what the bonus can be."""
        return summed(
            summed(points_again(rule, self.rule(rule)) for rule in indicator.rules).held(
                *limits_of(indicator.minimum, indicator.maximum)
            )
            for indicator in self.scheme.bonuses
            if self.branches.applies(indicator.only_for)
        )

    # --- what a source gives ------------------------------------------------------------------------------

    def thing(self, source: Source, thing: Thing) -> Span:
        """Return what one mark can be: typed within its bounds, or as its rules make it."""
        high = thing.high if not self.plain or thing.high is None else min(thing.high, thing.full)
        high = thing.full if self.plain and high is None else high
        typed = Span(-inf if thing.low is None else thing.low, inf if high is None else high)
        if source.main_form == "self" or not thing.ruled:
            return typed
        made = self._ruled(source, thing).held(thing.low, high) if thing.number is None else self._ruled(source, thing)
        by_rules = thing.filled or source.marks == "rules" or not source.main_form
        return made if by_rules else made.to(typed)

    def _ruled(self, source: Source, thing: Thing) -> Span:
        """Return what rules make of a mark: each block's points, those of an item within its bounds."""
        indicator = self._indicator(thing.indicator)
        items = [item for item in items_marked(self.scheme, source, indicator) if thing.number in (None, item.no)]
        blocks = [self._item(indicator, item, thing) for item in items if self.branches.applies(item.only_for)]
        if thing.number is None:
            base = self._beside(indicator, items)
            blocks.append(Span.at(base) + summed(self.rule(rule) for rule in thing.rules if rule.item is None))
        return summed(blocks).by(self._ratio(source, thing))

    def _item(self, indicator: Indicator, item: Item, thing: Thing) -> Span:
        if self.branches.exempt(item.exempt):
            return Span.at(Fraction(item.full or 0))
        bounded = (indicator.bounded or self.scheme.bounded) == "item"
        full = Fraction(item.full or 0)
        low, high = (
            own_limit(item.minimum, ZERO if bounded else None),
            own_limit(item.maximum, full if bounded else None),
        )
        high = full if self.plain and item.maximum is not None else high
        made = Span.at(item_base(indicator, item)) + summed(
            self.rule(rule) for rule in thing.rules if rule.item == item.no
        )
        return made.held(low, high)

    def _beside(self, indicator: Indicator, items: Sequence[Item]) -> Fraction:
        """Return the points before any rule of an indicator that none of its items has."""
        if by_own_items(indicator):
            return ZERO
        bases = {item.no: item_base(indicator, item) for item in indicator.items}
        beside = Fraction(indicator.base) - sum(bases.values(), ZERO)
        lacking = sum((bases[item.no] for item in items if not self.branches.applies(item.only_for)), ZERO)
        return min(lacking, max(-beside, ZERO)) + beside

    def _ratio(self, source: Source, thing: Thing) -> Fraction:
        indicator = self._indicator(thing.indicator)
        if thing.number is not None or not by_own_items(indicator):
            return Fraction(1)
        items = items_marked(self.scheme, source, indicator)
        applying = sum((Fraction(item.full or 0) for item in items if self.branches.applies(item.only_for)), ZERO)
        return thing.full / applying if applying else Fraction(1)

    def _indicator(self, name: str) -> Indicator:
        return next(indicator for indicator in self.scheme.indicators if indicator.name == name)

    def marks(self, source: Source, without: frozenset[str] = frozenset()) -> dict[str, Span]:
        """Return what a source can give each indicator that is for these branches; `without` some, or some items."""
        things = [one for one in things_of(self.scheme, source) if not {one.key, one.indicator} & without]
        found = {}
        for indicator in self.scheme.scored:
            own = [one for one in things if one.indicator == indicator.name and self.branches.applies(one.only_for)]
            if own and self.branches.applies(indicator.only_for):
                found[indicator.name] = self._mark(source, indicator, own)
        for heading in headings(self.scheme):
            parts = [part for part in inside(self.scheme, heading) if part.name in found]
            if parts and self.branches.applies(heading.only_for):
                full = sum((Fraction(part.full or 0) for part in parts), ZERO)
                found[heading.name] = self._hold(source, heading, summed(found[part.name] for part in parts), full)
        return found

    def _mark(self, source: Source, indicator: Indicator, things: Sequence[Thing]) -> Span:
        if self.branches.exempt(indicator.exempt):
            return Span.at(Fraction(indicator.full or 0))
        marked = summed(self._or_full(source, indicator, thing) for thing in things)
        loose = [rule for rule in indicator.rules if not rule.of and self._laid_on(source, rule)]
        laid = summed(self.rule(rule).to(NOTHING) for rule in loose).by(self._ratio(source, things[0]))
        applying = sum((thing.full for thing in things if self.branches.applies(thing.only_for)), ZERO)
        return self._hold(source, indicator, marked + laid, applying)

    def _laid_on(self, source: Source, rule: Rule) -> bool:
        """Say whether a rule's points are laid on marks that are typed.

        They come from 平时记录, or stand beside items that were left to rules; whatever form tells a rule, its own
        limits hold for all of it.
        """
        return (
            bool(source.main_form)
            and source.marks != "rules"
            and ("records" in source.form or (source.marks == "items" and rule.item is None))
        )

    def _or_full(self, source: Source, indicator: Indicator, thing: Thing) -> Span:
        exempt = any(item_key(item) == thing.key and self.branches.exempt(item.exempt) for item in indicator.items)
        return Span.at(thing.full) if exempt else self.thing(source, thing)

    def _hold(self, source: Source, indicator: Indicator, mark: Span, applying: Fraction) -> Span:
        full = Fraction(full_within(self.scheme, source, indicator))
        if indicator.scaled and applying:
            mark = mark.by(full / applying)
        high = own_limit(indicator.maximum, full)
        return mark.held(own_limit(indicator.minimum, ZERO), full if self.plain else high)

    def source(self, source: Source) -> Span:
        """Return what a source with a form of its own can give."""
        if source.marks == "options":
            return _of_options(source)
        if source.marks == "total":
            return self.thing(source, things_of(self.scheme, source)[0])
        return self._indicators(source, frozenset())

    def _indicators(self, source: Source, without: frozenset[str]) -> Span:
        marks = self.marks(source, without)
        names = [name for name in marks if self._indicator(name).inside not in marks]
        return summed(marks[name] for name in names).by(self._scaling(source, names))

    def _scaling(self, source: Source, names: Iterable[str]) -> Fraction:
        if not self.scheme.scaled:
            return Fraction(1)
        items = source.marks in ("items", "rules")
        fulls = (full_for(self.scheme, self._indicator(name), self.branches.applies, items=items) for name in names)
        applying = Fraction(sum(fulls, Decimal(0)))
        return Fraction(self.scheme.full) / applying if applying else Fraction(1)

    # --- the composite ------------------------------------------------------------------------------------

    def terms(self) -> list[tuple[str, Span, Fraction]]:
        """Return what makes a round's composite: by name, what it can be, and its weight."""
        top = [source for source in self.sources if not source.inside]
        weighted = ((source, self.weight(source)) for source in top)
        terms = [(source.name, self._covering(source), weight / HUNDRED) for source, weight in weighted if weight]
        return [*terms, *((name, span, Fraction(1)) for name, span in self._faces())]

    def weight(self, source: Source) -> Fraction:
        """Return a source's own weight for these branches."""
        own = (name for name in source.by_class if self.branches.answers.get(of_class(name)) is True)
        return source.weight_in(self.round_name, next(own, "")) or ZERO

    def points(self) -> Span:
        """Return what sources and marks at face value can come to, without the bonus."""
        return summed(span.by(weight) for _, span, weight in self.terms())

    def composite(self) -> Span:
        """Return what the composite of a round can be."""
        if self.plain:
            return self.points()
        return (self.points() + self.bonus()).held(*limits_of(self.scheme.minimum, self.scheme.maximum))

    def _covering(self, source: Source) -> Span:
        """Return what a source can give beside what counts at face value, or what counts for a form that never came."""
        given = self._handed(source)
        return given if source.missing is None or self.plain else given.to(Span.at(Fraction(source.missing)))

    def _handed(self, source: Source) -> Span:
        if source.form and source.marks in ("options", "total"):
            return self.source(source)
        if source.form:
            return self._indicators(source, frozenset(self._apart))
        inner = [one for one in self.sources if one.inside == source.name]
        weights = ((one, self.weight(one)) for one in inner)
        return summed(self._covering(one).by(weight / HUNDRED) for one, weight in weights if weight)

    def _faces(self) -> Iterable[tuple[str, Span]]:
        """Yield what counts at face value: the mean by weight of those that mark it, equal where none has one."""
        weights = {source.name: self._weight(source) for source in self.sources}
        for key, label in self._apart.items():
            giving = [(weights[one.name], span) for one in self.sources for span in self._given(one, key)]
            whole = sum((weight for weight, _ in giving), ZERO)
            parts = [span.by(weight / whole if whole else Fraction(1, len(giving))) for weight, span in giving]
            if parts:
                yield label, summed(parts)

    def _given(self, source: Source, key: str) -> Iterable[Span]:
        if source.form and source.marks not in ("options", "total"):
            marks = self.marks(source)
            things = things_of(self.scheme, source) if source.marks == "items" and key not in marks else []
            own = [thing for thing in things if thing.key == key and self.branches.applies(thing.only_for)]
            spans = [marks[key]] if key in marks else [self.thing(source, thing) for thing in own]
            yield from (span if source.missing is None else span.to(NOTHING) for span in spans)

    def _weight(self, source: Source) -> Fraction:
        outer = next((one for one in self.sources if one.name == source.inside), None)
        own = self.weight(source)
        return own * self._weight(outer) / HUNDRED if outer else own

    @cached_property
    def sources(self) -> list[Source]:
        """Return the sources of the round."""
        return self.scheme.sources_in(self.round_name)

    @cached_property
    def _apart(self) -> Mapping[str, str]:
        """Return what counts at face value, by key, with how it is called."""
        top = [indicator for indicator in self.scheme.scored if not indicator.inside and indicator.by]
        items = [item for indicator in self.scheme.scored for item in items_apart(indicator)]
        return {one.name: one.name for one in top} | {item_key(item): f"第{item.no}项" for item in items}


def reaches(scheme: Scheme, *, plain: bool = False) -> list[Reach]:
    """Return what each round can give each class of branches."""
    rounds = list(scheme.rounds) or [""]
    return [Reach(scheme, name, one, plain=plain) for name in rounds for one in branch_classes(scheme, name)]


def _of_options(source: Source) -> Span:
    points = [Fraction(value) for value in source.options.values()]
    return Span(min(points), max(points)) if points else NOTHING
