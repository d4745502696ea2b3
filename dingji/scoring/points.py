"""The points of rules, by each of the four ways: once, each, options, bands; a row of a column is one telling."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from dingji.exact import Exact, Mask, Places
from dingji.scheme.condition_values import Column
from dingji.scheme.indicators import Band, Rule
from dingji.scheme.written import Quantity
from dingji.scoring.board import numbers_of
from dingji.scoring.entered import Words

PERCENT_POINT = Fraction(1, 100)
YES, NO, UNKNOWN = 1, 0, -1
Limit = Decimal | str | None


@dataclass(frozen=True, eq=False)
class Told:
    """What was typed or read under a rule: a figure (a share where the unit is %), a label, an amount of points."""

    figure: Exact
    option: Words
    amount: Exact

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.option)

    @classmethod
    def of(cls, rows: Iterable[tuple[Fraction | None, str, Fraction | None]]) -> Told:
        """Return what single rows tell: figure, label, amount."""
        listed = list(rows)
        options = np.array([option for _, option, _ in listed], object)
        return cls(Exact.of(row[0] for row in listed), options, Exact.of(row[2] for row in listed))

    @classmethod
    def read(cls, column: Column) -> Told:
        """Return what a condition or formula came to as if it had been typed; missing stays missing."""
        words = {True: "是", False: "否", None: ""}
        options = [value if isinstance(value, str) else "" for value in column]
        told = [words[value] if value is None or isinstance(value, bool) else option
                for value, option in zip(column, options, strict=True)]  # fmt: skip
        return cls(numbers_of(column), np.array(told, object), Exact.constant(None, len(column)))

    def take(self, rows: Places | Mask) -> Told:
        """Return some rows."""
        return Told(self.figure.take(rows), self.option[rows], self.amount.take(rows))


def figure_of(rule: Rule, typed: Fraction | None) -> Fraction | None:
    """Return a typed figure as conditions read it: percent points become a share."""
    return typed * PERCENT_POINT if typed is not None and rule.unit == "%" else typed


Fits = Callable[[Band], Places]
"""Whether a band's `when` holds in each row: YES, NO or UNKNOWN."""


def rule_points(rule: Rule, told: Told, fits: Fits | None = None) -> Exact:
    """Return the points of each row of a rule, before its limits; missing where they cannot be told."""
    return WAYS[rule.way](rule, told, fits) if rule.way else Exact.constant(0, len(told))


def limited(points: Exact, low: Limit, high: Limit) -> Exact:
    """Hold points between limits; a limit that is absent or "none" does not hold."""
    bounds = (Fraction(limit) if isinstance(limit, Decimal) else None for limit in (low, high))
    return points.held(*bounds)


def _given(points: tuple[Decimal, Decimal], amount: Exact) -> Exact:
    """Return fixed points, or the typed amounts with the sign that their range has."""
    low, high = Fraction(points[0]), Fraction(points[1])
    if low == high:
        return Exact.constant(low, len(amount))
    if high <= 0:
        return -abs(amount)
    return abs(amount) if low >= 0 else amount


def _once(rule: Rule, told: Told, _: Fits | None) -> Exact:
    given = _given(rule.once or (Decimal(0), Decimal(0)), told.amount)
    if rule.under or rule.over:
        return given.where(_beyond(rule, told.figure) > 0, 0).where(told.figure.known, None)
    given = given.where(~((told.option == "否") | told.figure.same(0)), 0)
    return given.where(told.option != "", None) if rule.of else given


def _beyond(rule: Rule, figure: Exact) -> Exact:
    """Return by how much figures lie under or over the rule's bound; 0 where they do not."""
    if rule.under:
        return (-figure + rule.under.value).held(0, None)
    return (figure - rule.over.value).held(0, None) if rule.over else figure


ROUNDINGS: Mapping[str, Callable[[Exact], Exact]] = {
    "": lambda numbers: numbers,
    "floor": Exact.floor,
    "ceil": Exact.ceil,
    "half_up": lambda numbers: numbers.half_up(0),
}


def _each(rule: Rule, told: Told, _: Fits | None) -> Exact:
    counts = ROUNDINGS[rule.round](_beyond(rule, told.figure) / _per(rule))
    return counts * _given(rule.each or (Decimal(0), Decimal(0)), told.amount)


def _per(rule: Rule) -> Fraction:
    if rule.per:
        return rule.per.value
    is_share = rule.unit == "%" or any(bound is not None and bound.share for bound in (rule.under, rule.over))
    return PERCENT_POINT if is_share else Fraction(1)


def _options(rule: Rule, told: Told, _: Fits | None) -> Exact:
    counts = told.figure.where(told.figure.known, 1) if rule.unit else Exact.constant(1)
    found = Exact.constant(None, len(told))
    for label, points in (rule.options or {}).items():
        found = (_given(points, told.amount) * counts).where(told.option == label, found)
    return found


def _bands(rule: Rule, told: Told, fits: Fits | None) -> Exact:
    """Take the first band that fits; where one before it cannot be told, neither can the points."""
    found, open_ = Exact.constant(0, len(told)), np.ones(len(told), bool)
    for band in rule.bands or []:
        reached, holds = _reaches(band.start, told.figure), _holds(band, fits, len(told))
        meets = open_ & (reached == YES) & (holds == YES)
        unclear = open_ & (reached != NO) & (holds != NO) & ~meets
        found = _given(band.points, told.amount).where(meets, found.where(~unclear, None))
        open_ &= ~(meets | unclear)
    return found


def _holds(band: Band, fits: Fits | None, size: int) -> Places:
    return fits(band) if band.when and fits else np.full(size, YES)


def _reaches(start: Quantity | None, figure: Exact) -> Places:
    if start is None:
        return np.full(len(figure), YES)
    return np.where(figure.known, np.where(figure >= start.value, YES, NO), UNKNOWN)


Way = Callable[[Rule, Told, Fits | None], Exact]
WAYS: Mapping[str, Way] = {"once": _once, "each": _each, "options": _options, "bands": _bands}
"""How points are given, by the key that a rule has; a new way is a function here and a key in the model."""


def total_points(rule: Rule, told: Told, carriers: Places, size: int, fits: Fits | None = None) -> Exact:
    """Return the points of a rule for each of `size` carriers (a branch, or a rater of it), within its own limits.

    `carriers`: whose each row is. No row gives 0, save for bands, where it is missing; `fits` tells by carrier.
    """
    told, carriers = _added(rule, told, carriers, size)
    rows = (lambda band: fits(band)[carriers]) if fits else None
    points = rule_points(rule, told, rows).by(carriers, size)
    if rule.way == "bands":
        points = points.where(np.bincount(carriers, minlength=size) > 0, None)
    return limited(points, rule.minimum, rule.maximum)


def _added(rule: Rule, told: Told, carriers: Places, size: int) -> tuple[Told, Places]:
    """Add up the figures of rows that are held against one bound together: two and two of four letters are all four."""
    together = rule.under or rule.over or rule.round or rule.way == "bands"
    counts = np.bincount(carriers, minlength=size)
    lacking = np.bincount(carriers[~told.figure.known], minlength=size)
    several = np.flatnonzero((counts > 1) & (lacking == 0))
    if not together or rule.way == "options" or not len(several):
        return told, carriers
    alone = ~np.isin(carriers, several)
    sums = told.figure.by(carriers, size).take(several)
    amounts = Exact.of(_one_amount(told.amount.take(carriers == carrier)) for carrier in several)
    added = (sums, np.full(len(several), "", object), amounts)
    kept = told.take(alone)
    figure, amount = Exact.joined([kept.figure, added[0]]), Exact.joined([kept.amount, added[2]])
    return Told(figure, np.concatenate([kept.option, added[1]]), amount), np.concatenate([carriers[alone], several])


def _one_amount(amounts: Exact) -> Fraction | None:
    """Return the one amount that rows agree on; None where they name none or several."""
    different = {figure for figure in amounts.fractions() if figure is not None}
    return different.pop() if len(different) == 1 else None


def points_of(rule: Rule, rows: Sequence[tuple[Fraction | None, str, Fraction | None]]) -> Fraction | None:
    """Return the points of a few rows of one rule (figure, label, amount) that belong together."""
    return total_points(rule, Told.of(rows), np.zeros(len(rows), np.intp), 1).at(0)
