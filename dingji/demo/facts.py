"""Fictional facts under the rules of any standard: what a person would type so that about so many points follow."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from dingji.forms.filling import Value
from dingji.intake.facts import amount_range
from dingji.scheme.indicators import Band, Rule
from dingji.scheme.lint_conditions import names_read
from dingji.scheme.model import Scheme
from dingji.scheme.written import Points
from dingji.scoring.points import figure_of, points_of

HALF = Fraction(1, 2)
PERCENT = Fraction(100)
ALWAYS = ("bands", "")
"""Ways of giving points that need a figure, and facts that other rules read."""
ASKED = (5, 40)
"""Between these lies a figure that is only asked; a rate lies as far below 100."""
LEAST_RATE = Fraction(2)
"""A rate typed as 1 or less would be asked about: is it 1% or 100%?"""


@dataclass(frozen=True)
class Stated:
    """A fact: its rule, what is typed under 选项, 数量 and 分值, and the points that follow."""

    rule: Rule
    option: str
    figure: Fraction | None
    amount: Fraction | None
    points: Fraction

    @property
    def cells(self) -> dict[str, Value]:
        """Return the cells to fill; those that this rule shuts are left out."""
        typed: dict[str, Value] = {"选项": self.option, "数量": self.figure, "分值": self.amount}
        return {heading: value for heading, value in typed.items() if value not in ("", None)}


def facts_toward(rules: Iterable[Rule], points: Fraction, read: Collection[str], rng: Random) -> list[Stated]:
    """Return facts whose points add up to about so many.

    Bands, what is only asked, and what conditions `read` are always stated.
    """
    remaining, stated = points, []
    typed = [rule for rule in rules if not rule.of]
    for rule in sorted(rng.sample(typed, len(typed)), key=lambda rule: rule.way != "bands"):
        needed = rule.way in ALWAYS or rule.name in read
        low, high = _range(rule)
        wanted = high > 0 if remaining >= HALF else low < 0 and remaining <= -HALF
        if not wanted and not needed:
            continue
        fact = state(rule, rng, good=remaining > -HALF)
        if fact and (needed or abs(fact.points) <= 2 * abs(remaining)):
            stated.append(fact)
            remaining -= fact.points
    return stated


def state(rule: Rule, rng: Random, *, good: bool) -> Stated | None:
    """Return a fact under a rule, to the branch's credit or not; None where its points cannot be told."""
    if rule.bands:
        option, figure, amount = _in_band(rule, rule.bands, rng, good=good)
    else:
        option = _option(rule, rng, good=good)
        figure = _figure(rule, rng, good=good) if rule.unit else None
        ends = amount_range({"option": option}, rule)
        amount = _amount(ends, rng) if ends else None
    points = points_of(rule, [(figure_of(rule, figure), option, amount)])
    return None if points is None else Stated(rule, option, figure, amount, points)


def _rows(rule: Rule) -> list[Points]:
    rows = [rule.once, rule.each, *(rule.options or {}).values(), *(band.points for band in rule.bands or [])]
    return [row for row in rows if row is not None]


def _range(rule: Rule) -> tuple[Fraction, Fraction]:
    """Return the least and the most points that one row of a rule gives, counts and bounds aside."""
    ends = [Fraction(end) for row in _rows(rule) for end in row]
    return min(ends, default=Fraction(0)), max(ends, default=Fraction(0))


def _option(rule: Rule, rng: Random, *, good: bool) -> str:
    """Return what stands under 选项: a label, 是 where neither label nor figure is asked, else nothing."""
    if not rule.options:
        return "" if rule.unit else "是"
    labels = sorted(rule.options, key=lambda label: -sum(rule.options[label]) if rule.options else 0)
    return labels[0] if good else rng.choice(labels[1:] or labels)


def _figure(rule: Rule, rng: Random, *, good: bool) -> Fraction:
    """Return a figure on the side of the rule's bound that was asked for; plain counts are 1 to 3 steps."""
    scale = PERCENT if rule.unit == "%" else Fraction(1)
    step = rule.per.value * scale if rule.per else Fraction(1)
    steps = step * rng.randint(1, 3)
    bound = rule.under or rule.over
    if not rule.way:
        asked = Fraction(rng.randint(*ASKED))
        return PERCENT - asked if rule.unit == "%" else asked
    if bound is None:
        return _held(steps, rule)
    beyond = good == (_range(rule)[1] > 0)
    upward = beyond == (rule.over is not None)
    return _held(bound.value * scale + (steps if upward else -steps), rule)


def _held(figure: Fraction, rule: Rule) -> Fraction:
    """Hold a figure at 0 or above; a rate also at 100 and below, and never where its unit is in doubt."""
    if rule.unit != "%":
        return max(figure, Fraction(0))
    return min(max(figure, LEAST_RATE), PERCENT)


def _in_band(
    rule: Rule, bands: Sequence[Band], rng: Random, *, good: bool
) -> tuple[str, Fraction | None, Fraction | None]:
    """Return option, figure and amount by which a band is reached: the best one, or any other."""
    ranked = sorted(bands, key=lambda band: -sum(band.points))
    band = ranked[0] if good else rng.choice(ranked[1:] or ranked)
    low, high = (Fraction(end) for end in band.points)
    amount = None if low == high else _amount((low, high), rng)
    return ("", _band_figure(rule, bands, band, rng), amount) if rule.unit else ("是", None, amount)


def _band_figure(rule: Rule, bands: Sequence[Band], band: Band, rng: Random) -> Fraction:
    scale = PERCENT if rule.unit == "%" else Fraction(1)
    if band.start:
        return _held(band.start.value * scale, rule)
    starts = [other.start.value * scale for other in bands if other.start]
    return _held(min(starts, default=Fraction(0)) - rng.randint(1, 3), rule)


def _amount(ends: tuple[Fraction, Fraction], rng: Random) -> Fraction:
    """Return an amount within a range, in half points; deductions are typed without their sign."""
    low, high = sorted(abs(end) for end in ends)
    return low + HALF * rng.randint(0, int((high - low) / HALF))


def facts_read(scheme: Scheme) -> frozenset[str]:
    """Return the names of the facts that a standard's conditions read."""
    return frozenset(name.rpartition(".")[2] for name in names_read(scheme))
