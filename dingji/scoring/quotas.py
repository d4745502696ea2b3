"""Quotas: how many may hold a grade or receive a flag, within which group; a tie at the edge is left to people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from dingji.exact import Exact
from dingji.numbers import fixed
from dingji.scheme.model import Quota
from dingji.scheme.written import Quantity
from dingji.scoring.points import ROUNDINGS

DEFAULT = "default"
WHOLE = ""


@dataclass(frozen=True)
class Contender:
    """A branch as quotas see it. `place` is its position on the board; `fixed` are never moved."""

    place: int
    score: Fraction
    fixed: bool = False


@dataclass(frozen=True)
class Cut:
    """Who is beyond a quota's edge, and who stands level across it and waits for the committee."""

    beyond: tuple[int, ...] = ()
    tied: tuple[int, ...] = ()


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


def number(quota: Quota, bound: Quantity, base: int, rounding: str) -> int:
    """Return how many a bound stands for: a count, or a share of the base rounded as the quota says."""
    count = ROUNDINGS[quota.round or rounding](Exact.constant(bound.value * base if bound.share else bound.value))
    return max(int(count.at(0) or 0), quota.minimum)


def words(bound: Quantity, base: int, count: int) -> str:
    """Tell how a number came about: `40% × 12 → 4个`."""
    return f"{bound.written} × {base} → {count}个" if bound.share else f"{count}个"


def lowest(contenders: Sequence[Contender], count: int) -> Cut:
    """Cut off the `count` lowest that may be moved; those level with the next above are tied instead."""
    return _cut(sorted((one for one in contenders if not one.fixed), key=lambda one: one.score), count)


def highest(contenders: Sequence[Contender], count: int) -> Cut:
    """Cut off the `count` highest; those level with the next below are tied instead."""
    return _cut(sorted(contenders, key=lambda one: -one.score), count)


def _cut(ordered: Sequence[Contender], count: int) -> Cut:
    count = max(min(count, len(ordered)), 0)
    if not count:
        return Cut()
    edge = ordered[count - 1].score
    if count == len(ordered) or ordered[count].score != edge:
        return Cut(tuple(one.place for one in ordered[:count]))
    clear = tuple(one.place for one in ordered[:count] if one.score != edge)
    return Cut(clear, tuple(one.place for one in ordered if one.score == edge))


def edges(quota: Quota) -> Iterator[tuple[str, Quantity | Mapping[str, Quantity]]]:
    """Yield which way a quota on a grade binds, with its bound."""
    if quota.at_most is not None:
        yield "at_most", quota.at_most
    if quota.at_least is not None:
        yield "at_least", quota.at_least
    if quota.about is not None:
        yield "about", quota.about


def tie_words(quota: Quota, score: Fraction, names: Sequence[str]) -> str:
    """Tell a tie: who stands level, at which score, across which quota."""
    what = quota.grade or quota.flag
    return f"“{what}”名额边缘并列：{'、'.join(names)}（综合得分 {fixed(score, 2)}）"
