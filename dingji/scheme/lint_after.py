"""What is wrong with what a standard says of after grading and of the year: candidates, places, targets, days."""

from __future__ import annotations

from collections.abc import Iterator

from dingji.scheme.finding import Finding, Path, error, nearest, warning
from dingji.scheme.model import Quota, Scheme
from dingji.scheme.written import Quantity
from dingji.scheme.year_days import DAY_WORDS, LEAP, days_of


def candidates(scheme: Scheme) -> Iterator[Finding]:
    """Find places that leave no choice among the candidates."""
    for number, quota in enumerate(scheme.quotas):
        yield from _places(("quotas", number, "places"), quota)


def _places(path: Path, quota: Quota) -> Iterator[Finding]:
    if quota.places is None:
        return
    if quota.top is None:
        yield error(path, "places 是差额推荐的实际名额，要与 top（取几个作候选）同写")
    elif isinstance(quota.top, Quantity) and not quota.top.share and quota.top.value <= quota.places:
        yield warning(path, f"候选 {quota.top.written} 个，不多于名额 {quota.places} 个，不是差额推荐")


def targets(scheme: Scheme) -> Iterator[Finding]:
    """Find targets of rounds that the standard does not have, and shares that nobody can reach."""
    for index, target in enumerate(scheme.targets):
        for name in target.rounds:
            if name not in scheme.rounds:
                words = f"“{target.name}”写了没有的轮次“{name}”{nearest(name, list(scheme.rounds))}"
                yield error(("targets", index, "rounds"), words)
        if target.at_least.share and target.at_least.value > 1:
            yield error(("targets", index, "at_least"), f"“{target.name}”的下限 {target.at_least.written} 超过 100%")


def year_days(scheme: Scheme) -> Iterator[Finding]:
    """Find days that are none, that are told twice under one name, and those of rounds that there are not."""
    names = [day.name for day in scheme.days]
    for index, day in enumerate(scheme.days):
        path: Path = ("days", index)
        if not day.by:
            yield error((*path, "by"), f"“{day.name}”没有写哪天以前")
        for key, texts in (("by", day.by), ("begins", [day.begins] if day.begins else [])):
            for text in texts:
                if not any(days_of(text, LEAP)):
                    yield error((*path, key), f"“{day.name}”的“{text}”不是日子；{DAY_WORDS}")
        if day.name in names[:index]:
            yield error((*path, "name"), f"事项“{day.name}”写了两次")
        for name in day.rounds:
            if name not in scheme.rounds:
                words = f"“{day.name}”写了没有的轮次“{name}”{nearest(name, list(scheme.rounds))}"
                yield error((*path, "rounds"), words)
