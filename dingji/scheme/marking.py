"""What each source marks: the things a rater types a figure for, and those that a figure or rules fill."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from dingji.identity import Itself
from dingji.scheme.conditions import names_in, parse
from dingji.scheme.indicators import Indicator, Item, Marked, Rule
from dingji.scheme.model import Scheme, Source
from dingji.scheme.who_marks import full_left, full_within, groups_within, items_marked, marked_by

TOTAL = "总分"


@dataclass(frozen=True)
class Thing:
    """One mark that a source gives: the total, an indicator or an item. `key` is its name in the entries table."""

    key: str
    label: str
    indicator: str
    full: Fraction
    low: Fraction | None
    high: Fraction | None
    text: str
    number: int | None
    rules: tuple[Rule, ...]
    only_for: str = ""
    base: Fraction = Fraction(0)
    """The points before any rule."""
    exempt: str = ""
    """For whom it counts in full without being marked."""
    excused: str = ""
    """Who takes no part at all, and is not marked."""
    groups: frozenset[str] = frozenset()
    """组别 of the raters (身份 of the ballots) that alone mark it; empty means all."""

    @property
    def asked_of(self) -> str:
        """Return the condition under which a branch is to be marked: it applies, and is not exempt."""
        spared = " or ".join(f"({condition})" for condition in (self.exempt, self.excused) if condition)
        return joined(self.only_for, f"not ({spared})" if spared else "")

    @property
    def spoken(self) -> str:
        """Return what it is called where people read on: an item by its number and text."""
        return f"{self.label} {self.text}" if self.number is not None and self.text else self.label

    @property
    def ruled(self) -> bool:
        """Say whether any rule gives points: facts that are only asked make no mark."""
        return any(rule.way for rule in self.rules)

    @property
    def filled(self) -> bool:
        """Say whether every rule reads a figure, so that nobody but the branch itself types this mark."""
        return self.ruled and all(rule.of for rule in self.rules)


def item_key(item: Item) -> str:
    """Return the key of an item in the entries table: its number in the standard."""
    return str(item.no)


def item_base(indicator: Indicator, item: Item) -> Fraction:
    """Return an item's points before any rule; one of an indicator that starts at 0 (加分制) does so too."""
    return Fraction(0) if item.start is None and indicator.start == 0 else Fraction(item.base)


def own_limit(limit: Decimal | Literal["none"] | None, otherwise: Fraction | None) -> Fraction | None:
    """Return a bound of points: the table's own, none at all, or the usual one."""
    if limit == "none":
        return None
    return otherwise if limit is None else Fraction(limit)


def _thing(
    key: str,
    label: str,
    indicator: str,
    marked: Marked,
    number: int | None,
    rules: tuple[Rule, ...],
    only_for: str,
) -> Thing:
    full = Fraction(marked.full or 0)
    low, high = own_limit(marked.minimum, Fraction(0)), own_limit(marked.maximum, full)
    return Thing(key, label, indicator, full, low, high, marked.text, number, rules, only_for, Fraction(marked.base))


def joined(*conditions: str) -> str:
    """Join conditions with `and`, leaving out empty ones."""
    return " and ".join(f"({condition})" for condition in conditions if condition)


def item_things(scheme: Scheme, source: Source, indicator: Indicator) -> Iterator[Thing]:
    """Yield the things of an indicator marked item by item; the indicator itself where it has no items."""
    for item in items_marked(scheme, source, indicator):
        rules = tuple(rule for rule in indicator.rules if rule.item == item.no)
        only_for = joined(indicator.only_for, item.only_for)
        thing = _thing(item_key(item), f"第{item.no}项", indicator.name, item, item.no, rules, only_for)
        groups = groups_within(scheme, source, item.by or indicator.by)
        yield replace(thing, base=item_base(indicator, item), exempt=_either(indicator, item), groups=groups)
    if not indicator.items:
        yield indicator_thing(scheme, source, indicator)


def _either(*marked: Marked) -> str:
    return " or ".join(f"({one.exempt})" for one in marked if one.exempt)


def indicator_thing(scheme: Scheme, source: Source, indicator: Indicator) -> Thing:
    """Return the thing of an indicator marked as a whole, without the items that only others mark."""
    name, numbers = indicator.name, {item.no for item in items_marked(scheme, source, indicator)}
    rules = tuple(rule for rule in indicator.rules if rule.item is None or rule.item in numbers)
    full = full_within(scheme, source, indicator)
    marked = indicator if full == indicator.full else indicator.model_copy(update={"full": full})
    groups = groups_within(scheme, source, indicator.by)
    thing = _thing(name, name, name, marked, None, rules, indicator.only_for)
    return replace(thing, exempt=_either(indicator), groups=groups)


def excused(scheme: Scheme) -> str:
    """Return the condition of who takes no part: no forms of theirs are wanted, and nobody marks them."""
    whole = (joined(one.only_for, one.when) for one in scheme.situations if one.excused and one.when)
    return " or ".join(f"({condition})" for condition in whole)


def things_of(scheme: Scheme, source: Source) -> list[Thing]:
    """Return everything that a source gives a mark for, in the standard's order; what holds others is their sum."""
    return list(_kept_things(Itself(scheme), Itself(source)))


@lru_cache(maxsize=256)
def _kept_things(scheme: Itself[Scheme], source: Itself[Source]) -> tuple[Thing, ...]:
    things, without = _things(scheme.thing, source.thing), excused(scheme.thing)
    return tuple(replace(thing, excused=without) if without else thing for thing in things)


def _things(scheme: Scheme, source: Source) -> list[Thing]:
    if source.marks == "total":
        full = Fraction(full_left(scheme, source))
        return [Thing(TOTAL, TOTAL, "", full, Fraction(0), full, "", None, ())]
    if source.marks == "options":
        return []
    headings = {indicator.inside for indicator in scheme.scored}
    marked = [indicator for indicator in scheme.scored if indicator.name not in headings]
    indicators = [indicator for indicator in marked if _has_part(scheme, source, indicator)]
    if source.marks == "items":
        return [thing for indicator in indicators for thing in item_things(scheme, source, indicator)]
    return [indicator_thing(scheme, source, indicator) for indicator in indicators]


def _has_part(scheme: Scheme, source: Source, indicator: Indicator) -> bool:
    """Say whether a source marks an indicator, or at least one of its items."""
    if not indicator.items:
        return marked_by(scheme, source, indicator.by)
    return bool(items_marked(scheme, source, indicator))


def typed_things(scheme: Scheme, source: Source) -> list[Thing]:
    """Return the things for which somebody types a figure on the source's form.

    A self source claims every mark; in any other, what reads a figure is filled; `rules` leaves a column only to
    an indicator without rules that give points.
    """
    things = things_of(scheme, source)
    if source.main_form == "self":
        return things
    if source.marks == "rules":
        return [thing for thing in things if not thing.ruled]
    return [thing for thing in things if not thing.filled]


def typed_rules(scheme: Scheme, source: Source) -> list[tuple[Indicator, Rule]]:
    """Return the rules whose facts are typed for a source, with their indicators; a checklist's only by the branch."""
    asked = scheme.indicators if source.main_form == "self" else scheme.scored
    found = []
    for indicator in asked:
        if not indicator.bonus and _has_part(scheme, source, indicator):
            numbers = {item.no for item in items_marked(scheme, source, indicator)}
            own = [rule for rule in indicator.rules if rule.item is None or rule.item in numbers]
            found += [(indicator, rule) for rule in own if not rule.of]
    return found


def formulas_of(rule: Rule) -> list[str]:
    """Return the formula and the conditions that a rule's points are read from."""
    return [text for text in (rule.of, *(band.when for band in rule.bands or [])) if text]


def sources_read(scheme: Scheme, source: Source) -> set[str]:
    """Return the names of the sources whose figures (`来源`, `来源.指标`) the rules of a source's marks read."""
    if source.main_form == "self":
        return set()
    rules = [rule for thing in things_of(scheme, source) for rule in thing.rules]
    names = {name for rule in rules for text in formulas_of(rule) for name in names_in(parse(text))}
    return {name.partition(".")[0] for name in names} & {other.name for other in scheme.sources}


def inside(scheme: Scheme, heading: Indicator) -> list[Indicator]:
    """Return the indicators that are inside another."""
    return [indicator for indicator in scheme.scored if indicator.inside == heading.name]


def headings(scheme: Scheme) -> list[Indicator]:
    """Return the indicators that others are inside of, the innermost first."""

    def depth(indicator: Indicator) -> int:
        return 1 + max((depth(part) for part in inside(scheme, indicator)), default=-1)

    return sorted((indicator for indicator in scheme.scored if depth(indicator)), key=depth)
