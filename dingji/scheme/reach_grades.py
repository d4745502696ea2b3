"""Which grades a standard can give: those that figures come to, and those that situations and quotas lead to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from dingji.scheme.grades import PREVIOUS
from dingji.scheme.model import Grade, Quota, Scheme, Situation
from dingji.scheme.reach_rules import HAIR
from dingji.scheme.spans import Edge, Span

Ranks = frozenset[int]


def by_rank(scheme: Scheme) -> list[str]:
    """Return the grades that are had by rank alone: without a condition, and with a number beyond which one falls."""
    falling = {_last(quota, labels_of(scheme)) for quota in scheme.quotas if quota.grade and quota.at_most is not None}
    return [
        grade.name for grade in scheme.grades[:-1] if grade.start is None and not grade.when if grade.name in falling
    ]


def labels_of(scheme: Scheme) -> list[str]:
    """Return the labels of the grades, best first."""
    return [grade.name for grade in scheme.grades]


def _last(quota: Quota, labels: Sequence[str]) -> str:
    return max((label for label in quota.grade if label in labels), key=labels.index, default="")


def by_points(scheme: Scheme, span: Span) -> Ranks:
    """Return the ranks of the grades that figures within a span come to."""
    found, high = set(), span.high
    for rank, grade in enumerate(scheme.grades):
        low = span.low if grade.start is None else Fraction(grade.start)
        if max(low, span.low) <= high and high >= span.low:
            found.add(rank)
        if not grade.when:
            high = _below(grade, high)
    return frozenset(found)


def _below(grade: Grade, high: Edge) -> Edge:
    """Return what is left for the grades below one that takes all from its bound on."""
    return float("-inf") if grade.start is None else min(high, Fraction(grade.start) - HAIR)


def reachable(scheme: Scheme, span: Span) -> Ranks:
    """Return the ranks of all grades that may come about where the composite lies within a span."""
    found = by_points(scheme, span)
    while (more := found | frozenset(_led_to(scheme, found))) != found:
        found = more
    return found


def _led_to(scheme: Scheme, found: Ranks) -> Iterator[int]:
    for situation in scheme.situations:
        yield from _by_situation(scheme, situation, found)
    labels = labels_of(scheme)
    for quota in scheme.quotas:
        ranks = sorted(labels.index(label) for label in quota.grade if label in labels)
        if ranks and quota.at_most is not None and found & set(ranks) and ranks[-1] + 1 < len(labels):
            yield ranks[-1] + 1
        if ranks and quota.at_least is not None and found & set(range(ranks[0])):
            yield ranks[0]


def _by_situation(scheme: Scheme, situation: Situation, found: Ranks) -> Iterator[int]:
    """Yield where a situation leads: a veto to its grade, others only to where that is a move."""
    labels, effect = labels_of(scheme), situation.effect
    if effect not in ("at_least", "at_most", "grade", "up", "down"):
        return
    named = (
        range(len(labels))
        if situation.named == PREVIOUS
        else [rank for rank, label in enumerate(labels) if label == situation.named]
    )
    for rank in found:
        for start in named if situation.named else [rank]:
            to = min(max(start + situation.shift, 0), len(labels) - 1)
            moves = {"at_least": to < rank, "up": to < rank, "at_most": to > rank, "down": to > rank}
            if moves.get(effect, True):
                yield to
