"""Whatever is made of some sources' figures: the names that formulas and conditions read, followed to the end."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from dingji.scheme.conditions import names_in, parse
from dingji.scheme.indicators import Indicator, Rule
from dingji.scheme.marking import formulas_of, things_of
from dingji.scheme.model import Scheme, Source
from dingji.scheme.names import RANKS

TOTAL_NAMES = frozenset({"综合得分", *RANKS, "等次", "晋位情况"})


@dataclass(frozen=True)
class Made:
    """What tells of some sources' figures of a branch: sources, indicators, situations and flags by name."""

    sources: frozenset[str]
    """Sources whose figures read them, they themselves among these."""
    fed: frozenset[str]
    """Indicators whose points are read from them."""
    situations: frozenset[str]
    """Situations with another effect than a flag."""
    flags: frozenset[str]


def counts(source: Source, round_name: str) -> bool:
    """Say whether a source enters 综合得分; a weight of 0 shows it without counting."""
    return source.weight is None or bool(source.by_class) or source.weight_in(round_name) != 0


def made_of(scheme: Scheme, round_name: str, thin: Collection[str], given: Collection[str], *, totals: bool) -> Made:
    """Follow the figures of `thin` sources. `totals`: whether the composite, too, is one that must not be told.

    `given`: the flags that anybody has; a quota that gave none in this round tells nothing.
    """
    sources = scheme.sources_in(round_name)
    known = {name for source in sources if source.name in thin for name in _own_names(scheme, sources, source)}
    while found := _more(scheme, sources, known) - known:
        known |= found
    reading = {source.name for source in sources if source.name in known}
    composite = any(source.name in reading and counts(source, round_name) for source in sources)
    known |= TOTAL_NAMES if totals and composite else set()
    told = [each for each in scheme.situations if any(_reads(text, known) for text in (each.when, each.of))]
    ranked = [
        quota
        for quota in scheme.quotas
        if composite or any(_reads(text, known) for text in (quota.among, *quota.tie_keys))
    ]
    places = {quota.flag for quota in ranked} & set(given)
    return Made(
        frozenset(reading),
        frozenset(indicator.name for indicator, _ in _reading_rules(scheme, known)),
        frozenset(situation.name for situation in told if situation.effect != "flag"),
        frozenset(places | {situation.flag for situation in told if situation.effect == "flag"}),
    )


def _own_names(scheme: Scheme, sources: Collection[Source], source: Source) -> Iterator[str]:
    """Yield under which names a source's figures are read."""
    yield source.name
    for name in source.shares:
        yield f"{source.name}.{name}"
        if source == [each for each in sources if name in each.shares][-1]:
            yield name
    for indicator in scheme.scored:
        yield from (f"{source.name}.{name}" for name in (indicator.name, *(rule.name for rule in indicator.rules)))


def _more(scheme: Scheme, sources: Collection[Source], known: Collection[str]) -> set[str]:
    """Return the names that read one of those known, or are made of it."""
    rules = {rule.name for _, rule in _reading_rules(scheme, known)}
    found = set(rules)
    for source in sources:
        things = things_of(scheme, source) if source.main_form not in ("self", "") else []
        fed = [thing for thing in things if any(rule.of and rule.name in rules for rule in thing.rules)]
        if fed or any(part.inside == source.name and part.name in known for part in sources):
            found |= {source.name, *(f"{source.name}.{thing.indicator}" for thing in fed)}
    for indicator in scheme.scored:
        parts = {f"{source.name}.{indicator.name}" for source in sources}
        parts |= {part.name for part in scheme.scored if part.inside == indicator.name}
        found |= {indicator.name} if parts & set(known) else set()
    return found


def _reading_rules(scheme: Scheme, known: Collection[str]) -> Iterator[tuple[Indicator, Rule]]:
    for indicator in scheme.scored:
        for rule in indicator.rules:
            if any(_reads(formula, known) for formula in formulas_of(rule)):
                yield indicator, rule


def _reads(formula: str, known: Collection[str]) -> bool:
    return bool(formula) and not names_in(parse(formula)).isdisjoint(known)
