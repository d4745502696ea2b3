"""What is known of each branch before anyone marks it: the roster's columns by the names that conditions use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from functools import cache

import pandas as pd

from dingji.round_days import Round
from dingji.scheme.condition_values import Column, evaluate
from dingji.scheme.conditions import Value, parse
from dingji.scheme.names import ROUND

TEXT_FACTS: Mapping[str, str] = {
    "党组织编码": "unit",
    "党组织名称": "name",
    "上级党组织": "parent",
    "层级": "level",
    "类别": "category",
    "书记": "secretary",
    "书记任职时间": "secretary_since",
    "主持工作人": "acting",
    "联系领导": "leader",
    "成立日期": "founded",
    "届满日期": "term_ends",
}
NUMBER_FACTS: Mapping[str, str] = {
    "正式党员": "full_members",
    "预备党员": "probationary_members",
    "党员数": "members",
}
MONTHS: Mapping[str, str] = {"成立月数": "founded", "书记任职月数": "secretary_since"}
"""Ages in whole months, by the last day of the round, and the dates that they are counted from."""

Applies = Callable[[str, str], bool]
"""Whether a condition (`for`) holds for a branch: (condition, unit) → bool."""


def months_between(start: str, end: date | None) -> Fraction | None:
    """Return whole months from an ISO date to a day; None where either is not known."""
    if not start or end is None:
        return None
    begun = date.fromisoformat(start)
    months = (end.year - begun.year) * 12 + end.month - begun.month - (end.day < begun.day)
    return Fraction(months)


def branch_columns(branches: pd.DataFrame, round_: Round) -> dict[str, Column]:
    """Return a column for each roster name, in the order of the branches; what the roster leaves blank is missing."""
    columns: dict[str, Column] = {
        name: [text or None for text in branches[field]] for name, field in TEXT_FACTS.items()
    }
    for name, field in NUMBER_FACTS.items():
        columns[name] = [None if count is None else Fraction(count) for count in branches[field]]
    for name, field in MONTHS.items():
        columns[name] = [months_between(start, round_.last_day) for start in branches[field]]
    own = [told or {} for told in branches["own"]]
    columns |= {name: [told.get(name) for told in own] for told in own for name in told}
    columns[ROUND] = [round_.name] * len(branches)
    return columns


def applies_to(branches: pd.DataFrame, round_: Round) -> Applies:
    """Return a function that says whether a `for` condition holds for a branch; an unknown fact does not exempt."""
    places = {unit: place for place, unit in enumerate(branches["unit"])}
    nothing: Column = [None] * len(branches)

    @cache
    def columns() -> dict[str, Column]:
        return branch_columns(branches, round_)

    @cache
    def known(condition: str) -> list[Value]:
        return evaluate(parse(condition), lambda name: columns().get(name, nothing), len(branches))

    def applies(condition: str, unit: str) -> bool:
        return not condition or known(condition)[places[unit]] is not False

    return applies
