"""Quotas: how many may hold a grade or receive a flag, within which group, and how ties at the edge are settled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from dingji.exact import Exact
from dingji.numbers import fixed
from dingji.scheme.describe import condition_words
from dingji.scheme.grades import ALL
from dingji.scheme.model import Quota
from dingji.scheme.written import Quantity
from dingji.scoring.points import ROUNDINGS

DEFAULT = "default"
WHOLE = ""
BINDING = ("at_most", "at_least")
"""The bounds that move branches; `about` only warns."""


@dataclass(frozen=True)
class Contender:
    """A branch as quotas see it: its place on the board, and by what it is put in order, the first to be picked first.

    `keys` are the figures that settle a tie, None where one is not known.
    """

    place: int
    order: tuple[Fraction, ...]
    keys: tuple[Fraction | None, ...] = ()


@dataclass(frozen=True)
class Cut:
    """Who is picked, and who stands level across the edge and waits for the committee.

    `room`: how many of the tied are still to be picked; `looked`: how many keys it took to come to this.
    """

    picked: tuple[int, ...] = ()
    tied: tuple[int, ...] = ()
    room: int = 0
    looked: int = 0


def groups_of(places: Sequence[int], column: Sequence[object] | None) -> dict[str, list[int]]:
    """Split places by a column's values (类别, 上级党组织); one group where the quota is over all."""
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for place in places:
        groups[WHOLE if column is None else str(column[place] or "")].append(place)
    return dict(groups)


def amount(bound: Quantity | Mapping[str, Quantity], group: str) -> Quantity | None:
    """Return the bound of a group: its own, else the default; None where the quota does not name it."""
    if isinstance(bound, Quantity):
        return bound
    return bound.get(group) or bound.get(DEFAULT)


def number(quota: Quota, way: str, bound: Quantity, base: int) -> int:
    """Return how many a bound stands for: a count, or a share of the base rounded as the quota says."""
    rounding = quota.round or ("floor" if way in ("at_most", "about") else "ceil")
    count = ROUNDINGS[rounding](Exact.constant(bound.value * base if bound.share else bound.value))
    return max(int(count.at(0) or 0), quota.minimum)


def words(bound: Quantity, base: int, count: int) -> str:
    """Tell how a number came about: `40% × 12 → 4个`."""
    return f"{bound.written} × {base} → {count}个" if bound.share else f"{count}个"


def told(quota: Quota, way: str, bound: Quantity, base: int, count: int, group: str = "") -> str:
    """Tell a bound on grades and what it comes to: `好不超过40% × 12 → 4个`."""
    verb = {"at_least": "不少于", "about": "建议"}.get(way, "不超过")
    return f"{f'{group}：' if group else ''}{quota.what}{verb}{words(bound, base, count)}"


def pick(contenders: Sequence[Contender], count: int, level: str = "") -> Cut:
    """Pick the first `count` in order. Those level across the edge are told apart by their keys, then wait.

    `level`: "in" picks all who stand level, "out" none of them.
    """
    count = max(min(count, len(contenders)), 0)
    if not count:
        return Cut()
    edge = sorted(one.order for one in contenders)[count - 1]
    clear = [one for one in contenders if one.order < edge]
    beside = [one for one in contenders if one.order == edge]
    room = count - len(clear)
    cut = _taken(beside, level) if level and len(beside) > room else _by_keys(beside, room)
    return replace(cut, picked=(*(one.place for one in clear), *cut.picked))


def _taken(beside: Sequence[Contender], level: str) -> Cut:
    return Cut(tuple(one.place for one in beside)) if level == "in" else Cut()


def _by_keys(level: Sequence[Contender], room: int, looked: int = 0) -> Cut:
    """Tell level branches apart by one key after the other; an unknown figure leaves it to people."""
    if len(level) == room:
        return Cut(tuple(one.place for one in level), looked=looked)
    figures = {one.place: one.keys[looked] for one in level} if looked < len(level[0].keys) else {}
    known = {place: figure for place, figure in figures.items() if figure is not None}
    if len(known) < len(level):
        return Cut(tied=tuple(one.place for one in level), room=room, looked=looked)
    edge = sorted(known.values())[room - 1]
    clear = tuple(place for place, figure in known.items() if figure < edge)
    rest = _by_keys([one for one in level if known[one.place] == edge], room - len(clear), looked + 1)
    return replace(rest, picked=(*clear, *rest.picked))


def level_of(quota: Quota, *, falls_out: bool) -> str:
    """Say what becomes of all who stand level across an edge: picked, not picked, or "" told apart.

    `falls_out`: whoever is picked falls out of what the quota is on, so that all are in who are not picked.
    """
    if quota.ties != ALL:
        return ""
    return "out" if falls_out else "in"


def edges(quota: Quota) -> Iterator[tuple[str, Quantity | Mapping[str, Quantity]]]:
    """Yield which way a quota on grades bounds, with its bound."""
    for way in (*BINDING, "about"):
        bound = getattr(quota, way)
        if bound is not None:
            yield way, bound


def tie_words(quota: Quota, score: Fraction, names: Sequence[str], looked: int) -> str:
    """Tell a tie: who stands level, at which score, across which quota, and what could not tell them apart."""
    keys = [condition_words(key) for key in quota.tie_keys]
    also = "".join(f"，{key}也相同" for key in keys[:looked])
    lacking = f"，{keys[looked]}有的还不知道" if looked < len(keys) else ""
    return f"“{quota.what}”名额边缘并列：{'、'.join(names)}（综合得分 {fixed(score, 2)}{also}{lacking}）"


def settled_words(quota: Quota, looked: int) -> str:
    """Tell by what level branches were told apart, "" where none were."""
    keys = "、".join(condition_words(key) for key in quota.tie_keys[:looked])
    return f"，综合得分并列的依次比{keys}" if keys else ""
