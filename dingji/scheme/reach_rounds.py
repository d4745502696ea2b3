"""What the figure that is graded can be: composites of rounds together, and what situations make of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from dingji.scheme.conditions import parse
from dingji.scheme.model import Scheme, Situation
from dingji.scheme.reach import Reach
from dingji.scheme.reach_rules import limits_of
from dingji.scheme.spans import Span, over_all, span_of, summed


def graded(reach: Reach) -> Span:
    """Return what the figure that is graded can be: the composites of all rounds that make it."""
    taken = reach.scheme.rounds_taken(reach.round_name)
    parts = [(Reach(reach.scheme, name, reach.branches), part) for name, part in taken]
    whole = _adjusted(reach, parts)
    scores = [Fraction(one.score) for one in reach.scheme.situations if one.score is not None]
    return over_all([whole, *map(Span.at, scores)])


def _adjusted(reach: Reach, parts: Sequence[tuple[Reach, Fraction]]) -> Span:
    """Return what situations with a factor or points make of the composite."""
    found = {
        effect: [one for one in reach.scheme.situations if one.effect == effect] for effect in ("factor", "points")
    }
    whole = _with_bonus(reach.scheme, parts)
    if found["factor"]:
        whole = _of_rounds(reach.scheme, [(one.points(), part) for one, part in parts])
        for situation in found["factor"]:
            whole = _maybe(reach, situation, whole, whole * _times(reach, situation, situation.factor))
        whole += summed(one.bonus() for one, _ in parts)
    for situation in found["points"]:
        whole = _maybe(reach, situation, whole, whole + _times(reach, situation, situation.points))
    changed = found["factor"] or found["points"]
    return (
        whole.held(*limits_of(reach.scheme.minimum, reach.scheme.maximum))
        if changed and (len(parts) == 1 or reach.scheme.averaged)
        else whole
    )


def _with_bonus(scheme: Scheme, parts: Sequence[tuple[Reach, Fraction]]) -> Span:
    """Return what the composites of rounds come to; in a mean of rounds each bonus is added after the weighting."""
    if len(parts) == 1 or not scheme.averaged:
        return _of_rounds(scheme, [(one.composite(), part) for one, part in parts])
    limits = limits_of(scheme.minimum, scheme.maximum)
    weighted = _of_rounds(scheme, [(one.points().held(*limits), part) for one, part in parts])
    return (weighted + summed(one.bonus() for one, _ in parts)).held(*limits)


def _of_rounds(scheme: Scheme, parts: Sequence[tuple[Span, Fraction]]) -> Span:
    """Return what several rounds come to: where some are left out, any of them may be."""
    return (
        over_all(span for span, _ in parts)
        if any(scheme.dropped(len(parts)))
        else summed(span.by(part) for span, part in parts)
    )


def _times(reach: Reach, situation: Situation, number: Decimal | None) -> Span:
    figure = span_of(parse(situation.of), reach.figure) if situation.of else Span.at(Fraction(1))
    return figure.by(Fraction(number or 0))


def _maybe(reach: Reach, situation: Situation, before: Span, after: Span) -> Span:
    """Return what stands where a situation holds, does not, or may."""
    answers = [reach.branches.answers.get(text) for text in (situation.only_for, situation.when) if text]
    if False in answers:
        return before
    certain = bool(situation.when) and all(answers)
    return after if certain else before.to(after)
