"""What the points of single rules can be: a row of bands, points once, points for each, within limits."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, inf, isinf

from dingji.scheme.indicators import Rule
from dingji.scheme.spans import NOTHING, Edge, Span

PERCENT_POINT, ZERO = Fraction(1, 100), Fraction(0)
HAIR = Fraction(1, 10**9)
"""How far below a bound is below it."""


def band_spans(rule: Rule, figure: Span) -> list[tuple[Span, Span]]:
    """Return the bands that a figure can fall into: which part of it, and the points; the last may be none at all."""
    found, high, open_ = [], figure.high, True
    for band in rule.bands or []:
        low = figure.low if band.start is None else max(band.start.value, figure.low)
        if open_ and low <= high:
            found.append((Span(low, high), points_span(band.points)))
        if not band.when:
            high = min(high, low - HAIR) if band.start else high
            open_ = open_ and band.start is not None and high >= figure.low
    return [*found, (Span(figure.low, high), NOTHING)] if open_ or not found else found


def points_span(points: tuple[Decimal, Decimal] | None) -> Span:
    """Return the span of points as a standard writes them, nothing for none."""
    low, high = points or (Decimal(0), Decimal(0))
    return Span(Fraction(low), Fraction(high))


def limits_of(low: Decimal | str | None, high: Decimal | str | None) -> tuple[Edge | None, Edge | None]:
    """Return the limits that are numbers; a word for a limit is settled elsewhere."""
    kept = [Fraction(limit) if isinstance(limit, Decimal) else None for limit in (low, high)]
    return kept[0], kept[1]


def _beyond(rule: Rule, figure: Span) -> Span:
    if rule.under:
        return (Span.at(rule.under.value) - figure).held(ZERO, None)
    return (figure - Span.at(rule.over.value)).held(ZERO, None) if rule.over else figure


def once_span(rule: Rule, figure: Span) -> Span:
    """Return the points of a rule that counts once, where its bound can be passed."""
    beyond = _beyond(rule, figure) if rule.under or rule.over else Span(ZERO, Fraction(1))
    if beyond.high <= 0:
        return NOTHING
    return points_span(rule.once) if beyond.low > 0 else points_span(rule.once).to(NOTHING)


def counts_span(rule: Rule, figure: Span) -> Span:
    """Return how often a rule of so much for each can count."""
    bounds = (rule.under, rule.over)
    is_share = rule.unit == "%" or any(bound is not None and bound.share for bound in bounds)
    per = rule.per.value if rule.per else PERCENT_POINT if is_share else Fraction(1)
    steps = _beyond(rule, figure).by(1 / per)
    return Span(_rounded(rule, steps.low), _rounded(rule, steps.high))


def _rounded(rule: Rule, steps: Edge) -> Edge:
    if isinf(steps) or not rule.round:
        return steps
    exact = Fraction(steps)
    return Fraction({"floor": floor(exact), "ceil": ceil(exact)}.get(rule.round, floor(exact + Fraction(1, 2))))


def points_again(rule: Rule, points: Span) -> Span:
    """Return what a rule of the bonus can give: each work anew, within the rule's limits."""
    return (points.to(NOTHING) * Span(ZERO, inf)).held(*limits_of(rule.minimum, rule.maximum))
