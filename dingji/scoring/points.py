"""The points of rules, by each of the four ways: once, each, options, bands; a row of a column is one telling."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from dingji.exact import Exact, Mask, Places
from dingji.scheme.condition_values import Column
from dingji.scheme.indicators import Band, Rule, amounts_between
from dingji.scheme.written import Quantity
from dingji.scoring.board import Unfit, numbers_of
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

    def above(self, other: Told) -> Told:
        """Return these rows with others below."""
        pairs = ((self.figure, other.figure), (self.amount, other.amount))
        figure, amount = (Exact.joined(pair) for pair in pairs)
        return Told(figure, np.concatenate([self.option, other.option]), amount)

    def take(self, rows: Places | Mask) -> Told:
        """Return some rows."""
        return Told(self.figure.take(rows), self.option[rows], self.amount.take(rows))


def figure_of(rule: Rule, typed: Fraction | None) -> Fraction | None:
    """Return a typed figure as conditions read it: percent points become a share."""
    return typed * PERCENT_POINT if typed is not None and rule.unit == "%" else typed


Fits = Callable[[Band], Places]
"""Whether a band's `when` holds in each row: YES, NO or UNKNOWN."""


@dataclass(frozen=True, eq=False)
class Applying:
    """The row of points that applies to each telling: between which points it lies, and how many times they count.

    `times` is missing where it cannot be told which row applies.
    """

    low: Exact
    high: Exact
    times: Exact

    @classmethod
    def row(cls, points: tuple[Decimal, Decimal] | None, times: Exact) -> Applying:
        """Return one row of points for all."""
        low, high = points or (Decimal(0), Decimal(0))
        size = len(times)
        return cls(Exact.constant(Fraction(low), size), Exact.constant(Fraction(high), size), times)

    @property
    def weighed(self) -> Mask:
        """Say where an amount within the row has to be typed."""
        return ~self.low.same(self.high) & self.times.known & ~self.times.same(0)

    def signed(self, amount: Exact) -> Exact:
        """Return typed amounts with the sign that their row has: −2 and 2 are the same deduction."""
        falls, rises = ~(self.high > 0), ~(self.low < 0)
        return (-abs(amount)).where(falls, abs(amount).where(rises, amount))

    def beyond(self, amount: Exact) -> Mask:
        """Say where a typed amount lies outside the row that applies."""
        own = self.signed(amount)
        return self.weighed & own.known & ((own < self.low) | (own > self.high))

    def points(self, amount: Exact) -> Exact:
        """Return the points: fixed ones, or the typed amount, missing where it lies outside; as often as they count."""
        fixed, each = self.low.same(self.high), self.low
        if not fixed.all():
            each = each.where(fixed, self.signed(amount).where(~self.beyond(amount), None))
        return (each * self.times).where(~self.times.same(0), 0)


def applying(rule: Rule, told: Told, fits: Fits | None = None) -> Applying:
    """Return the row of points that applies to each row of a rule."""
    return WAYS[rule.way](rule, told, fits) if rule.way else Applying.row(None, Exact.constant(0, len(told)))


def rule_points(rule: Rule, told: Told, fits: Fits | None = None) -> Exact:
    """Return the points of each row of a rule, before its limits; missing where they cannot be told."""
    return applying(rule, told, fits).points(told.amount)


def limited(points: Exact, low: Limit, high: Limit) -> Exact:
    """Hold points between limits; a limit that is absent or "none" does not hold."""
    bounds = (Fraction(limit) if isinstance(limit, Decimal) else None for limit in (low, high))
    return points.held(*bounds)


def _once(rule: Rule, told: Told, _: Fits | None) -> Applying:
    one, size = Exact.constant(1, len(told)), len(told)
    if rule.bounded:
        times = one.where(_beyond(rule, told.figure) > 0, 0).where(told.figure.known, None)
        return Applying.row(rule.once, times.wide(size))
    times = one.where(~((told.option == "否") | told.figure.same(0)), 0)
    return Applying.row(rule.once, times.where(told.option != "", None) if rule.of else times)


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


def _each(rule: Rule, told: Told, _: Fits | None) -> Applying:
    return Applying.row(rule.each, ROUNDINGS[rule.round](_beyond(rule, told.figure) / _per(rule)))


def _per(rule: Rule) -> Fraction:
    if rule.per:
        return rule.per.value
    is_share = rule.unit == "%" or any(bound is not None and bound.share for bound in (rule.under, rule.over))
    return PERCENT_POINT if is_share else Fraction(1)


def _options(rule: Rule, told: Told, _: Fits | None) -> Applying:
    """Take the row of the label, as often as the figure beside says: a number that is left blank is not 1."""
    counted = bool(rule.unit) and not rule.of
    low = high = times = Exact.constant(None, len(told))
    for label, points in (rule.options or {}).items():
        own = told.option == label
        low, high = (
            Exact.constant(Fraction(end)).where(own, so_far) for end, so_far in zip(points, (low, high), strict=True)
        )
        times = (told.figure if counted else Exact.constant(1)).where(own, times)
    return Applying(low, high, times)


def _bands(rule: Rule, told: Told, fits: Fits | None) -> Applying:
    """Take the first band that fits; where one before it cannot be told, neither can the points."""
    size = len(told)
    low, high, times = Exact.constant(0, size), Exact.constant(0, size), Exact.constant(1, size)
    open_ = np.ones(size, bool)
    for band in rule.bands or []:
        reached, holds = _reaches(band.start, told.figure), _holds(band, fits, size)
        meets = open_ & (reached == YES) & (holds == YES)
        unclear = open_ & (reached != NO) & (holds != NO) & ~meets
        low, high = (
            Exact.constant(Fraction(end)).where(meets, so_far)
            for end, so_far in zip(band.points, (low, high), strict=True)
        )
        times = times.where(~unclear, None)
        open_ &= ~(meets | unclear)
    return Applying(low, high, times)


def _holds(band: Band, fits: Fits | None, size: int) -> Places:
    return fits(band) if band.when and fits else np.full(size, YES)


def _reaches(start: Quantity | None, figure: Exact) -> Places:
    if start is None:
        return np.full(len(figure), YES)
    return np.where(figure.known, np.where(figure >= start.value, YES, NO), UNKNOWN)


Way = Callable[[Rule, Told, Fits | None], Applying]
WAYS: Mapping[str, Way] = {"once": _once, "each": _each, "options": _options, "bands": _bands}
"""How points are given, by the key that a rule has; a new way is a function here and a key in the model."""


def total_points(rule: Rule, told: Told, carriers: Places, size: int, fits: Fits | None = None) -> Exact:
    """Return the points of a rule for each of `size` carriers (a branch, or a rater of it), within its own limits.

    `carriers`: whose each row is. No row gives 0, save for bands, where it is missing; `fits` tells by carrier.
    """
    if not len(told):  # as of most rules, which nobody needs
        return limited(Exact.constant(None if rule.way == "bands" else 0, size), rule.minimum, rule.maximum)
    told, carriers, _ = together(rule, told, carriers, size)
    points = rule_points(rule, told, _by_row(fits, carriers)).by(carriers, size)
    if rule.way == "bands":
        points = points.where(np.bincount(carriers, minlength=size) > 0, None)
    return limited(points, rule.minimum, rule.maximum)


def _by_row(fits: Fits | None, carriers: Places) -> Fits | None:
    return (lambda band: fits(band)[carriers]) if fits else None


def together(rule: Rule, told: Told, carriers: Places, size: int) -> tuple[Told, Places, Places]:
    """Put together the rows of each carrier that are one telling; return them, whose they are, and the first row each.

    Figures that are held against one bound are added up: two and two of four letters are all four. What counts once is
    told once. The amount is that on which the rows agree, else missing.
    """
    kept = np.arange(len(told))
    if rule.told_once:
        kept = np.flatnonzero(~_once(rule, told, None).times.same(0))
    elif rule.way == "options" or not (rule.bounded or rule.round or rule.way == "bands"):
        return told, carriers, kept
    told, carriers = told.take(kept), carriers[kept]
    counts = np.bincount(carriers, minlength=size)
    lacking = np.bincount(carriers[~told.figure.known], minlength=size)
    several = np.flatnonzero((counts > 1) & ((lacking == 0) | rule.told_once))
    if not len(several):
        return told, carriers, kept
    alone = ~np.isin(carriers, several)
    order = np.argsort(carriers, kind="stable")
    first = order[np.searchsorted(carriers[order], several)]
    figures = told.figure.by(carriers, size).take(several)
    amounts = Exact.constant(None, len(several))
    if rule.amounts is not None:
        amounts = Exact.of(_one_amount(rule, told.take(carriers == carrier)) for carrier in several)
    one = Told(figures, told.option[first], amounts)
    return (
        told.take(alone).above(one),
        np.concatenate([carriers[alone], several]),
        kept[np.concatenate([np.flatnonzero(alone), first])],
    )


def _one_amount(rule: Rule, told: Told) -> Fraction | None:
    """Return the one amount that rows agree on, whichever sign was typed; None where they name none or several."""
    amounts = applying(rule, told).signed(told.amount).fractions()
    different = {figure for figure in amounts if figure is not None}
    return different.pop() if len(different) == 1 else None


def unfit_amounts(rule: Rule, told: Told, carriers: Places, size: int, fits: Fits | None = None) -> list[Unfit]:
    """Return the rows where an amount is lacking, lies outside the row of points that applies, or differs from another.

    One row a telling: see `together`.
    """
    if rule.amounts is None:
        return []
    one, owners, rows = together(rule, told, carriers, size)
    holding = applying(rule, one, _by_row(fits, owners))
    outside = holding.beyond(one.amount)
    found = []
    for place in np.flatnonzero(outside | (holding.weighed & ~one.amount.known)).tolist():
        typed = told.amount.take(carriers == owners[place]).known
        code = "E210" if outside[place] else "E227" if typed.any() else "E211"
        low, high = (end.at(place) or Fraction(0) for end in (holding.low, holding.high))
        found.append(Unfit(int(rows[place]), code, *amounts_between(low, high)))
    return found


def points_of(rule: Rule, rows: Sequence[tuple[Fraction | None, str, Fraction | None]]) -> Fraction | None:
    """Return the points of a few rows of one rule (figure, label, amount) that belong together."""
    return total_points(rule, Told.of(rows), np.zeros(len(rows), np.intp), 1).at(0)
