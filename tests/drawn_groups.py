"""Branches of any standard with drawn marks, votes, facts and situations, as the basis from which they are scored."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from dingji.intake.earlier import Earlier
from dingji.numbers import MICRO
from dingji.read.printed import VOTES
from dingji.scheme.indicators import Rule
from dingji.scheme.marking import typed_rules, typed_things
from dingji.scheme.model import Scheme, Source
from dingji.scheme.names import RATED
from dingji.scoring.basis import Basis
from dingji.scoring.score import Group
from tests.drawn import Row, entries

CATEGORIES = ("机关", "业务")


def drawn_basis(scheme: Scheme, size: int, seed: int, raters: int = 3) -> Basis:
    """Draw a round of so many branches; each is better or worse as a whole, so that all grades come about."""
    random = Random(seed)
    round_name = next(iter(scheme.rounds), "") if isinstance(scheme.rounds, list) else list(scheme.rounds)[-1]
    units = [f"甲{number:03}" for number in range(size)]
    rows = [row for unit in units for row in _branch(scheme, unit, round_name, random, raters)]
    rounds = [name for name, _ in scheme.rounds_taken(round_name)]
    rows = [{**row, "round": name} for name in rounds for row in rows]
    facts: dict[str, list[Any]] = {
        "党组织名称": list(units),
        "类别": [random.choice(CATEGORIES) for _ in units],
        "党员数": [Fraction(random.randint(3, 40)) for _ in units],
        "成立月数": [Fraction(60)] * size,
        "轮次": [round_name] * size,
    }
    facts |= {
        f"{form}{what}": [False] * size for form in ("自评表", "测评表", "加分申报") for what in (".迟报", ".未报")
    }
    return Basis(entries(rows), [Group(scheme, units, facts)], round_name, f"2026 {round_name}", Earlier(first=True))


def _branch(scheme: Scheme, unit: str, round_name: str, random: Random, raters: int) -> Iterator[Row]:
    worth = random.triangular(0.5, 1, 0.88)
    for source in scheme.sources_in(round_name):
        own = {"unit": unit, "source": source.name, "form": source.main_form}
        if source.main_form == "survey":
            yield from _survey(scheme, source, own, worth, random)
        elif source.main_form:
            for number in range(raters if source.main_form in RATED else 1):
                yield from _rater(scheme, source, {**own, "rater": f"评{number}"}, worth, random)
    for situation in scheme.situations:
        if not situation.when and random.random() < 0.06:
            yield {"unit": unit, "form": "situation", "part": "record", "rule": situation.name, "option": "是"}


def _survey(scheme: Scheme, source: Source, own: Row, worth: float, random: Random) -> Iterator[Row]:
    yield {**own, "part": "head", "rule": "收回", "value": 12 * MICRO}
    yield {**own, "part": "head", "rule": "应参加", "value": 14 * MICRO}
    for group in source.groups or [""]:
        for question in source.questions:
            votes = random.choices(
                list(source.options), [20 * worth**4, *[1 - worth] * (len(source.options) - 1)], k=12
            )
            for option in source.options:
                said = {"item": question, "option": option, "value": votes.count(option) * MICRO, "group": group}
                yield {**own, "part": "votes", "rule": VOTES, **said}
        for ballot in range(2 if source.marks != "options" else 0):
            said = {**own, "part": "mark", "rater": f"票{ballot}", "group": group}
            for question in source.questions:
                yield {**said, "item": question, "option": max(source.options, key=lambda one: source.options[one])}
            for thing in typed_things(scheme, source):
                value = _mark(thing.full, worth, random)
                yield {**own, "part": "mark", "rater": f"票{ballot}", "group": group, "item": thing.key, "value": value}


def _rater(scheme: Scheme, source: Source, own: Row, worth: float, random: Random) -> Iterator[Row]:
    told = [rule for _, rule in typed_rules(scheme, source)]
    for thing in typed_things(scheme, source):
        left = bool(thing.rules) and source.main_form != "self" and random.random() < 0.3
        value = {"state": "rules"} if left else {"value": _mark(thing.full, worth, random)}
        yield {**own, "part": "mark", "item": thing.key, **value}
    for rule in told:
        if random.random() < 0.25 or source.marks == "rules" or not rule.way:
            yield {**own, "part": "fact", "rule": rule.name, **_fact(rule, worth, random)}


def _mark(full: Fraction, worth: float, random: Random) -> int:
    return int(round(2 * float(full) * min(1, max(0, random.gauss(worth, 0.05)))) * MICRO // 2)


def _fact(rule: Rule, worth: float, random: Random) -> Row:
    if rule.options:
        label = random.choice(list(rule.options))
        low, high = rule.options[label]
        amount = {"amount": int(abs(high) * MICRO)} if low != high else {}
        return {"option": label, **amount, **({"value": MICRO} if rule.unit else {})}
    if rule.reads_figure:
        return {"value": random.choice([80, 95, 97] if rule.unit == "%" else [0, 1, 2, 4, 6, 9]) * MICRO}
    low, high = rule.once or (Decimal(0), Decimal(0))
    yes = random.random() > worth
    return {"option": "是" if yes else "否", **({"amount": int(abs(high) * MICRO)} if low != high else {})}
