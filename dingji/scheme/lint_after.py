"""What is wrong with what a standard says of after grading and of the year: candidates, targets, days, honours."""

from __future__ import annotations

from collections.abc import Iterator

from dingji.scheme.finding import Finding, Path, error, nearest, warning
from dingji.scheme.honours import LISTED
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
        if (since := day.since(LEAP)) and max(day.dates(LEAP), default=since) < since:
            yield error((*path, "begins"), f"“{day.name}”的“{day.begins}”在“{'、'.join(day.by)}”以后，跨年的分两件写")
        if day.name in names[:index]:
            yield error((*path, "name"), f"事项“{day.name}”写了两次")
        for name in day.rounds:
            if name not in scheme.rounds:
                words = f"“{day.name}”写了没有的轮次“{name}”{nearest(name, list(scheme.rounds))}"
                yield error((*path, "rounds"), words)


def honours(scheme: Scheme) -> Iterator[Finding]:
    """Find honours whose candidates nobody can be, two of one name, and rounds that the standard does not have."""
    flags = [flag for flag in (*(one.flag for one in scheme.quotas), *(one.flag for one in scheme.situations)) if flag]
    names = [honour.name for honour in scheme.honours]
    for index, honour in enumerate(scheme.honours):
        path: Path = ("honours", index)
        if names.index(honour.name) < index:
            yield error((*path, "name"), f"“{honour.name}”写了两次")
        if honour.flag and honour.flag not in flags:
            words = f"没有名额或情形给“{honour.flag}”这个标注{nearest(honour.flag, flags)}"
            yield error((*path, "flag"), words)
        if not honour.flag and honour.by != LISTED:
            yield error((*path, "flag"), f"“{honour.name}”没有写 flag，不知道哪些党组织是候选")
        if honour.margin is not None and honour.places is None:
            yield error((*path, "margin"), "margin 是比名额多几成，要与 places（名额）同写")
        for name in honour.rounds:
            if name not in scheme.rounds:
                yield error((*path, "rounds"), f"没有“{name}”这一轮{nearest(name, list(scheme.rounds))}")
