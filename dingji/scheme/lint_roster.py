"""A standard held against the roster: values that it writes and no branch has, and cells left blank that it reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from dingji.scheme.branch_classes import compared
from dingji.scheme.condition_values import Column, evaluate
from dingji.scheme.conditions import names_in, parse
from dingji.scheme.finding import Finding, Path, nearest, warning
from dingji.scheme.indicators import Item
from dingji.scheme.lint_conditions import all_conditions
from dingji.scheme.model import Scheme
from dingji.scheme.names import CATEGORY, ROUND


def strange_values(scheme: Scheme, roster: Mapping[str, Column]) -> list[Finding]:
    """Return a warning for every text that a condition or a quota names and no branch has.

    `roster`: the columns of those branches that the standard grades, by the names that conditions use.
    """
    parts = (_in_conditions, _in_weights, _in_quotas, _left_out)
    return [finding for part in parts for finding in part(scheme, roster)]


def left_blank(scheme: Scheme, roster: Mapping[str, Column]) -> dict[int, list[str]]:
    """Return by place of a branch what a blank of the roster leaves open, with what is taken meanwhile."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for place, name, what in _not_told(scheme, roster):
        of_name = f"名册没有填{name}"
        found[place].append(what if any(line.startswith(of_name) for line in found[place]) else f"{of_name}，{what}")
    return found


def _not_told(scheme: Scheme, roster: Mapping[str, Column]) -> Iterator[tuple[int, str, str]]:
    for path, condition, _ in all_conditions(scheme):
        if path[-1] in MEANWHILE:
            read = [name for name in sorted(names_in(parse(condition))) if name in roster]
            for place, holds in enumerate(evaluate(parse(condition), roster.__getitem__, len(roster[CATEGORY]))):
                if holds is None:
                    lacking = "、".join(f"“{name}”" for name in read if roster[name][place] is None)
                    yield place, lacking, f"{_called(scheme, path)}{MEANWHILE[path[-1]]}"
    for quota in scheme.quotas:
        for place, category in enumerate(roster[CATEGORY] if quota.within == CATEGORY else ()):
            if category is None:
                yield place, f"“{CATEGORY}”", f"“{quota.what}”的名额先与没有填的合为一组计算"


def _called(scheme: Scheme, path: Path) -> str:
    """Return how people call the table of a key path."""
    kind, index, *inner = path
    table = getattr(scheme, str(kind))[int(index)]
    if inner[0] in ("items", "rules"):
        table = getattr(table, str(inner[0]))[int(inner[1])]
    return f"第{table.no}项" if isinstance(table, Item) else f"“{table.name}”"


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


MEANWHILE: Mapping[str | int, str] = {"for": "先按适用计算", "exempt": "先按不免评计算"}
"""What is taken while it is not known whether a condition under a key holds."""
BOUNDS = ("at_most", "at_least", "top", "bottom")
"""Keys of a quota that may hold a number for each group."""
MOST = 8
"""How many values are named at most."""
