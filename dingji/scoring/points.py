"""The points of one rule, by each of the four ways: once, each, options, bands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from dingji.numbers import percent, plain
from dingji.scheme.conditions import Value
from dingji.scheme.indicators import Band, Rule
from dingji.scheme.written import Quantity

PERCENT_POINT = Fraction(1, 100)


@dataclass(frozen=True)
class Typed:
    """What was typed under a rule: a figure (a share where the unit is %), a label, an amount of points."""

    figure: Fraction | None = None
    option: str = ""
    amount: Fraction | None = None


BandFits = Callable[[Band], bool | None]
"""Whether a band's `when` holds for the branch at hand; None where that cannot be told."""


def typed_as(value: Value) -> Typed:
    """Return what a condition or formula came to as if it had been typed; missing stays missing."""
    if isinstance(value, bool):
        return Typed(option="是" if value else "否")
    return Typed(figure=value) if isinstance(value, Fraction) else Typed(option=value or "")


def figure_of(rule: Rule, typed: Fraction | None) -> Fraction | None:
    """Return a typed figure as conditions read it: percent points become a share."""
    return typed * PERCENT_POINT if typed is not None and rule.unit == "%" else typed


def rule_points(rule: Rule, typed: Typed, fits: BandFits = lambda _: True) -> Fraction | None:
    """Return the points of one row of a rule, before its limits; None where they cannot be told."""
    return WAYS[rule.way](rule, typed, fits) if rule.way else Fraction(0)


def limited(points: Fraction, low: Decimal | str | None, high: Decimal | str | None) -> Fraction:
    """Hold points between limits; a limit that is absent or "none" does not hold."""
    if isinstance(low, Decimal):
        points = max(points, Fraction(low))
    return min(points, Fraction(high)) if isinstance(high, Decimal) else points


def _given(points: tuple[Decimal, Decimal], amount: Fraction | None) -> Fraction | None:
    """Return fixed points, or the typed amount with the sign that its range has."""
    low, high = Fraction(points[0]), Fraction(points[1])
    if low == high:
        return low
    if amount is None:
        return None
    if high <= 0:
        return -abs(amount)
    return abs(amount) if low >= 0 else amount


def _once(rule: Rule, typed: Typed, _: BandFits) -> Fraction | None:
    points = rule.once or (Decimal(0), Decimal(0))
    if rule.under or rule.over:
        if typed.figure is None:
            return None
        return _given(points, typed.amount) if _beyond(rule, typed.figure) else Fraction(0)
    if rule.of and not typed.option:
        return None
    return Fraction(0) if typed.option == "否" or typed.figure == 0 else _given(points, typed.amount)


def _beyond(rule: Rule, figure: Fraction) -> Fraction:
    """Return by how much a figure lies under or over the rule's bound; 0 where it does not."""
    if rule.under:
        return max(rule.under.value - figure, Fraction(0))
    return max(figure - rule.over.value, Fraction(0)) if rule.over else figure


ROUNDINGS: Mapping[str, Callable[[Fraction], Fraction]] = {
    "": lambda number: number,
    "floor": lambda number: Fraction(number.numerator // number.denominator),
    "ceil": lambda number: Fraction(-(-number.numerator // number.denominator)),
    "half_up": lambda number: Fraction((2 * number.numerator + number.denominator) // (2 * number.denominator)),
}


def _each(rule: Rule, typed: Typed, _: BandFits) -> Fraction | None:
    if typed.figure is None:
        return None
    per = _per(rule)
    count = ROUNDINGS[rule.round](_beyond(rule, typed.figure) / per)
    each = _given(rule.each or (Decimal(0), Decimal(0)), typed.amount)
    return None if each is None else count * each


def _per(rule: Rule) -> Fraction:
    if rule.per:
        return rule.per.value
    is_share = rule.unit == "%" or any(bound is not None and bound.share for bound in (rule.under, rule.over))
    return PERCENT_POINT if is_share else Fraction(1)


def _options(rule: Rule, typed: Typed, _: BandFits) -> Fraction | None:
    points = (rule.options or {}).get(typed.option)
    if points is None:
        return None
    given = _given(points, typed.amount)
    count = typed.figure if rule.unit and typed.figure is not None else Fraction(1)
    return None if given is None else given * count


def _bands(rule: Rule, typed: Typed, fits: BandFits) -> Fraction | None:
    """Take the first band that fits; where one before it cannot be told, neither can the points."""
    for band in rule.bands or []:
        reached = _reaches(band.start, typed.figure)
        holds = fits(band) if band.when else True
        if reached is False or holds is False:
            continue
        if reached is None or holds is None:
            return None
        return _given(band.points, typed.amount)
    return Fraction(0)


def _reaches(start: Quantity | None, figure: Fraction | None) -> bool | None:
    if start is None:
        return True
    return None if figure is None else figure >= start.value


Way = Callable[[Rule, Typed, BandFits], Fraction | None]
WAYS: Mapping[str, Way] = {"once": _once, "each": _each, "options": _options, "bands": _bands}
"""How points are given, by the key that a rule has; a new way is a function here and a key in the model."""


def total_points(rule: Rule, rows: Sequence[Typed], fits: BandFits = lambda _: True) -> Fraction | None:
    """Return the points of all rows of one rule, within its own limits; no row gives 0, save for bands."""
    if not rows and rule.way == "bands":
        return None
    points = [rule_points(rule, typed, fits) for typed in _added(rule, rows)]
    if any(given is None for given in points):
        return None
    return limited(sum((given for given in points if given is not None), Fraction(0)), rule.minimum, rule.maximum)


def _added(rule: Rule, rows: Sequence[Typed]) -> Sequence[Typed]:
    """Add up the figures of rows that are held against one bound together: two and two of four letters are all four."""
    figures = [typed.figure for typed in rows if typed.figure is not None]
    together = rule.under or rule.over or rule.round or rule.way == "bands"
    if len(rows) < 2 or not together or len(figures) < len(rows) or rule.way == "options":  # noqa: PLR2004 - several
        return rows
    amounts = {typed.amount for typed in rows if typed.amount is not None}
    return [Typed(sum(figures, Fraction(0)), amount=amounts.pop() if len(amounts) == 1 else None)]


def typed_words(rule: Rule, typed: Typed) -> str:
    """Tell what was typed under a rule: `5项`, `没有记录`, `2分`."""
    figure = (
        ""
        if typed.figure is None
        else percent(typed.figure)
        if rule.unit == "%"
        else f"{plain(typed.figure)}{rule.unit}"
    )
    amount = "" if typed.amount is None else f"{plain(typed.amount)}分"
    return " ".join(part for part in (typed.option, figure, amount) if part)
