"""What is wrong with what a standard says of the time after grading: quotas, candidates and places, targets."""

from __future__ import annotations

from collections.abc import Iterator

from dingji.scheme.finding import Finding, Path, error, nearest, warning
from dingji.scheme.model import Quantity, Quota, Scheme

ON_GRADE, ON_FLAG = ("at_most", "at_least", "about"), ("top", "bottom")


def quotas(scheme: Scheme) -> Iterator[Finding]:
    """Find quotas on nothing or on two things, without a number, and places that leave no choice."""
    for place, quota in enumerate(scheme.quotas):
        path = ("quotas", place)
        if bool(quota.grade) == bool(quota.flag):
            yield error(path, "名额要管一个等次（grade）或给一个标注（flag），两样写一样")
        elif not any(getattr(quota, key) is not None for key in (ON_GRADE if quota.grade else ON_FLAG)):
            keys = "、".join(ON_GRADE if quota.grade else ON_FLAG)
            yield error(path, f"“{quota.grade or quota.flag}”的名额没有写数，要写 {keys} 之一")
        else:
            yield from _places((*path, "places"), quota)


def _places(path: Path, quota: Quota) -> Iterator[Finding]:
    if quota.places is None:
        return
    if quota.top is None:
        yield error(path, "places 是差额推荐的实际名额，要与 top（取几个作候选）同写")
    elif isinstance(quota.top, Quantity) and not quota.top.share and quota.top.value <= quota.places:
        yield warning(path, f"候选 {quota.top.written} 个，不多于名额 {quota.places} 个，不是差额推荐")


def targets(scheme: Scheme) -> Iterator[Finding]:
    """Find targets of rounds that the standard does not have, and shares that nobody can reach."""
    for place, target in enumerate(scheme.targets):
        for name in target.rounds:
            if name not in scheme.rounds:
                words = f"“{target.name}”写了没有的轮次“{name}”{nearest(name, list(scheme.rounds))}"
                yield error(("targets", place, "rounds"), words)
        if target.at_least.share and target.at_least.value > 1:
            yield error(("targets", place, "at_least"), f"“{target.name}”的下限 {target.at_least.written} 超过 100%")
