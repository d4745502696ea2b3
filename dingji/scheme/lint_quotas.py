"""What is wrong with the quotas of a standard: bounds that bind nothing, keys that nobody reads, slips of unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dingji.numbers import plain
from dingji.scheme.finding import Finding, error, warning
from dingji.scheme.model import Quota, Scheme
from dingji.scheme.written import Quantity

ON_GRADES = ("at_most", "at_least", "about")
ON_FLAGS = ("top", "bottom")


def quotas(scheme: Scheme) -> Iterator[Finding]:
    """Find what is wrong with each quota."""
    for index, quota in enumerate(scheme.quotas):
        path = ("quotas", index)
        for key, words in _faults(quota):
            yield error((*path, key) if key else path, words)
        for key, words in _without_effect(scheme, quota):
            yield warning((*path, key), words)


def _faults(quota: Quota) -> Iterator[tuple[str, str]]:
    if bool(quota.grade) == bool(quota.flag):
        yield "", "名额要写 grade（管哪个等次）或 flag（标注什么），只能写一个"
        return
    own, others = (ON_GRADES, ON_FLAGS) if quota.grade else (ON_FLAGS, ON_GRADES)
    what = f"管等次“{quota.grade}”" if quota.grade else f"标注“{quota.flag}”"
    if not any(getattr(quota, key) is not None for key in own):
        yield "", f"{what}的名额要写 {'、'.join(own)} 之一"
    for key in others:
        if getattr(quota, key) is not None:
            yield key, f"{what}的名额不能写 {key}；能写的是 {'、'.join(own)}"
    if quota.grade and quota.among:
        yield "among", "among 只能用在写 flag 的名额里"
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


def _without_effect(scheme: Scheme, quota: Quota) -> Iterator[tuple[str, str]]:
    """Yield bounds at the ends of the grades, which nobody can fall past."""
    labels = [grade.name for grade in scheme.grades]
    if len(labels) > 1 and quota.grade == labels[-1] and quota.at_most is not None:
        yield "at_most", f"“{quota.grade}”是最后一个等次，超出名额的没有等次可降，这条名额不起作用"
    if len(labels) > 1 and quota.grade == labels[0] and quota.at_least is not None:
        yield "at_least", f"“{quota.grade}”是第一个等次，没有更好的等次来补足，这条名额不起作用"
