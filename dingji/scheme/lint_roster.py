"""A standard held against the roster: categories, superiors and names that it writes and no branch has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dingji.scheme.branch_classes import compared
from dingji.scheme.condition_values import Column
from dingji.scheme.conditions import parse
from dingji.scheme.finding import Finding, nearest, warning
from dingji.scheme.lint_conditions import all_conditions
from dingji.scheme.model import Scheme
from dingji.scheme.names import CATEGORY, ROUND


def strange_values(scheme: Scheme, roster: Mapping[str, Column]) -> list[Finding]:
    """Return a warning for every text that a condition or a quota names and no branch has.

    `roster`: the columns of those branches that the standard grades, by the names that conditions use.
    """
    parts = (_in_conditions, _in_weights, _in_quotas, _left_out)
    return [finding for part in parts for finding in part(scheme, roster)]


def _in_conditions(scheme: Scheme, roster: Mapping[str, Column]) -> Iterator[Finding]:
    for path, condition, _ in all_conditions(scheme):
        for name, value in dict.fromkeys(compared(parse(condition))):
            if isinstance(value, str) and name in roster and name != ROUND and value not in roster[name]:
                yield warning(path, _words(name, value, roster[name]))


def _in_quotas(scheme: Scheme, roster: Mapping[str, Column]) -> Iterator[Finding]:
    for index, quota in enumerate(scheme.quotas):
        for key in BOUNDS:
            bound = getattr(quota, key)
            for value in bound if isinstance(bound, Mapping) and quota.within else ():
                if value != "default" and value not in roster[quota.within]:
                    yield warning(("quotas", index, key), _words(quota.within, value, roster[quota.within]))


def _in_weights(scheme: Scheme, roster: Mapping[str, Column]) -> Iterator[Finding]:
    for index, source in enumerate(scheme.sources):
        for value in source.by_class:
            if value not in roster[CATEGORY]:
                yield warning(("sources", index, "weight"), _words(CATEGORY, value, roster[CATEGORY]))


def _left_out(scheme: Scheme, roster: Mapping[str, Column]) -> Iterator[Finding]:
    """Find groups of the roster that a table of numbers leaves out, and that no number holds."""
    for index, quota in enumerate(scheme.quotas):
        for key in BOUNDS if quota.within else ():
            bound = getattr(quota, key)
            if isinstance(bound, Mapping) and "default" not in bound:
                there = dict.fromkeys(
                    str(text) if text else f"（没有填{quota.within}的）" for text in roster[quota.within]
                )
                left = [text for text in there if text not in bound]
                if left:
                    named = "、".join(left[:MOST]) + ("等" if left[MOST:] else "")
                    words = f"“{quota.what}”的 {key} 没有写{named}，也没有写 default，不受这条名额限制"
                    yield warning(("quotas", index, key), words)


def _words(name: str, value: str, column: Column) -> str:
    known = sorted({text for text in column if isinstance(text, str)})
    near = nearest(value, known) or (f"；名册上有 {'、'.join(known[:MOST])}" if known else f"；名册没有填{name}")
    return f"名册上没有一个党组织的{name}是“{value}”，这一条不起作用{near}"


BOUNDS = ("at_most", "at_least", "top", "bottom")
"""Keys of a quota that may hold a number for each group."""
MOST = 8
"""How many values are named at most."""
