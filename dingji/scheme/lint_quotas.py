"""What is wrong with the quotas of a standard: bounds that bind nothing, keys that nobody reads, slips of unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from dingji.numbers import plain
from dingji.scheme.finding import Finding, error, warning
from dingji.scheme.model import Quota, Scheme
from dingji.scheme.written import Quantity

ON_GRADES = ("at_most", "at_least", "about")
ON_FLAGS = ("top", "bottom")


def quotas(scheme: Scheme) -> Iterator[Finding]:
    """Find what is wrong with each quota, and pairs of which one can never be kept beside the other."""
    labels = [grade.name for grade in scheme.grades]
    for index, quota in enumerate(scheme.quotas):
        path = ("quotas", index)
        for key, words in (*_faults(quota), *_apart(quota, labels)):
            yield error((*path, key) if key else path, words)
        for key, words in _without_effect(quota, labels):
            yield warning((*path, key), words)
    yield from _against(scheme)


def _faults(quota: Quota) -> Iterator[tuple[str, str]]:
    if bool(quota.grade) == bool(quota.flag):
        yield "", "名额要写 grade（管哪个等次）或 flag（标注什么），只能写一个"
        return
    own, others = (ON_GRADES, ON_FLAGS) if quota.grade else (ON_FLAGS, ON_GRADES)
    what = f"管等次“{quota.what}”" if quota.grade else f"标注“{quota.flag}”"
    if not any(getattr(quota, key) is not None for key in own):
        yield "", f"{what}的名额要写 {'、'.join(own)} 之一"
    for key in others:
        if getattr(quota, key) is not None:
            yield key, f"{what}的名额不能写 {key}；能写的是 {'、'.join(own)}"
    if quota.grade and quota.among:
        yield "among", "among 只能用在写 flag 的名额里"
    if not quota.ties:
        yield "ties", "ties 是空的；由党委研究的，不写这个键"
    for key in (*ON_GRADES, *ON_FLAGS):
        yield from ((key, words) for words in _bound_faults(quota, getattr(quota, key)))


def _bound_faults(quota: Quota, bound: Quantity | Mapping[str, Quantity] | None) -> Iterator[str]:
    if isinstance(bound, Mapping):
        if not quota.within:
            yield "各类的数不同时，要写 within，指明按什么分开"
        for value in bound.values():
            yield from _bound_faults(quota, value)
    elif bound is not None and bound.share and bound.value > 1:
        yield f"比例 {bound.written} 超过了 100%"
    elif bound is not None and not bound.share and bound.value.denominator != 1:
        mend = f'；比例请写成 "{plain(bound.value * 100)}%"' if bound.value < 1 else ""
        yield f"个数要是整数{mend}"


def _apart(quota: Quota, labels: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield grades taken together that others lie between, or that are named twice."""
    ranks = sorted(labels.index(label) for label in quota.grade if label in labels)
    if len(set(ranks)) < len(ranks):
        yield "grade", f"“{quota.what}”里有等次写了两次"
    elif ranks and ranks[-1] - ranks[0] >= len(ranks):
        between = [labels[rank] for rank in range(ranks[0], ranks[-1]) if rank not in ranks]
        yield "grade", f"合在一起算的等次要相邻；“{quota.what}”中间隔着{'、'.join(between)}"


def _without_effect(quota: Quota, labels: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield bounds at the ends of the grades, which nobody can fall past, and ties of what moves nobody."""
    if len(labels) > 1 and labels[-1] in quota.grade and quota.at_most is not None:
        yield "at_most", f"“{labels[-1]}”是最后一个等次，超出名额的没有等次可降，这条名额不起作用"
    if len(labels) > 1 and labels[0] in quota.grade and quota.at_least is not None:
        yield "at_least", f"“{labels[0]}”是第一个等次，没有更好的等次来补足，这条名额不起作用"
    if "ties" in quota.model_fields_set and quota.grade and quota.at_most is None and quota.at_least is None:
        yield "ties", "about 只提醒，不取舍，ties 不起作用"


def _against(scheme: Scheme) -> Iterator[Finding]:
    """Find a least number of some grades that is more than their greatest, or that rounding may make so."""
    for (index, least), (_, most) in product(enumerate(scheme.quotas), repeat=2):
        if least.at_least is None or most.at_most is None or not _same(least, most):
            continue
        for low, high in _pairs(least.at_least, most.at_most):
            if low.share == high.share and low.value > high.value:
                words = f"“{least.what}”不少于 {low.written}、不超过 {high.written}，不能同时做到"
                yield error(("quotas", index, "at_least"), words)
            elif low.share and high.share and low.value == high.value and not (least.round and most.round):
                words = f"“{least.what}”不少于、不超过都是 {low.written}：除不尽时 at_least 进一、at_most 舍去零头"
                yield warning(("quotas", index, "at_least"), f"{words}，不能同时做到；请写 round，用同一种取整")


def _same(least: Quota, most: Quota) -> bool:
    """Say whether two quotas are reckoned alike: of the same grades, in the same groups, out of the same."""
    alike = (least.within, least.out_of) == (most.within, most.out_of)
    return bool(least.grade) and sorted(least.grade) == sorted(most.grade) and alike


Written = Quantity | Mapping[str, Quantity]


def _pairs(low: Written, high: Written) -> Iterator[tuple[Quantity, Quantity]]:
    """Yield the two bounds of every group that either names."""
    names = {name: None for bound in (low, high) if isinstance(bound, Mapping) for name in bound}
    for name in names or [""]:
        pair = [
            bound if isinstance(bound, Quantity) else bound.get(name, bound.get("default")) for bound in (low, high)
        ]
        if pair[0] is not None and pair[1] is not None:
            yield pair[0], pair[1]
