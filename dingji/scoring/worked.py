"""What figures are reckoned from, as data: the formulas of the result workbook are made of it, and nothing else.

Beside a figure stands of which other figures of the same branch it is made, and of which of the standard's; what cannot
be told so (what rules made of facts, what 平时记录 add, what other branches decide) stands there as it came out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np

from dingji.exact import Exact, Mask, Places
from dingji.scheme.conditions import Value
from dingji.scheme.model import Source

Key = tuple[str, ...]
"""What a figure is of: the round, a kind, names."""
Column = Exact | Sequence[Value]
"""Figures, or yes, no, words: a row each branch."""

SOURCE, MARK, INDICATOR, OVER = "source", "mark", "indicator", "over"
SHARE, OPTIONS = "share", "options"
PLAIN, SUMMED, UNROUNDED, COMPOSITE, BONUS = "plain", "summed", "unrounded", "composite", "bonus"
SCORE, SET, RANK, GRADE, SITUATION = "score", "set", "rank", "grade", "situation"
ONE, HUNDRED = Fraction(1), Fraction(100)


@dataclass(frozen=True)
class Of:
    """Another figure of the branch."""

    key: Key


@dataclass(frozen=True)
class Stated:
    """What the standard states, the same for all branches: a weight, a bound, a grade's name."""

    label: str
    value: Fraction | str


@dataclass(frozen=True, eq=False)
class Given:
    """What is known of each branch and is no formula: from facts, rules, the roster, or from other branches."""

    label: str
    column: Column


@dataclass(frozen=True)
class Marks:
    """The marks that a source's raters gave a thing in a round, combined as the source says."""

    source: Source
    round: str
    item: str


@dataclass(frozen=True)
class Made:
    """Parts put together in a way; see `reports/formulas.py` for the ways."""

    way: str
    parts: tuple[Part, ...]


Part = Of | Stated | Given | Marks | Made


@dataclass(frozen=True, eq=False)
class Worked:
    """A figure of the branches of one standard and how it comes about, the first of the ways whose mask holds.

    `blank`: for whom there is no such figure; in a sum it counts nothing.
    """

    key: Key
    label: str
    branches: Places
    """Places on the trail."""
    column: Column
    ways: tuple[tuple[Mask, Part], ...]
    blank: Mask

    @property
    def known(self) -> Mask:
        """Say of whom there is a figure."""
        return known_of(self.column) & ~self.blank


def known_of(column: Column) -> Mask:
    """Say where a column has something."""
    return column.known if isinstance(column, Exact) else np.array([value is not None for value in column], bool)


NONE: Final = Stated("零（没有的不计）", Fraction(0))


def summed(parts: Sequence[Part]) -> Part:
    """Return the sum of parts."""
    return parts[0] if len(parts) == 1 else Made("sum", tuple(parts)) if parts else NONE


def times(left: Part, right: Part) -> Part:
    """Return a product."""
    return Made("*", (left, right))


def over(left: Part, right: Part) -> Part:
    """Return a quotient."""
    return Made("/", (left, right))


def less(left: Part, right: Part | None) -> Part:
    """Return a difference."""
    return left if right is None else Made("-", (left, right))


def held(part: Part, low: Part | None, high: Part | None) -> Part:
    """Return a part held between bounds; one that is absent does not hold."""
    capped = part if high is None else Made("min", (high, part))
    return capped if low is None else Made("max", (low, capped))


def bound(label: str, limit: Fraction | None) -> Part | None:
    """Return a bound of the standard, None where it has none."""
    return None if limit is None else Stated(label, limit)


def rounded(part: Part, places: int) -> Part:
    """Return a part rounded 四舍五入."""
    return Made("round", (part, places_of(places)))


def places_of(places: int) -> Stated:
    """Tell to how many places the composite is rounded."""
    return Stated("综合得分小数位数", Fraction(places))


def chosen(condition: Part, yes: Part, no: Part) -> Part:
    """Return one of two parts."""
    return Made("if", (condition, yes, no))


def weighted(terms: Sequence[tuple[Part, Part]]) -> Part:
    """Return Σ figure × weight."""
    return summed([times(figure, weight) for figure, weight in terms])


def per_hundred(part: Part) -> Part:
    """Return a part ÷ 100, as weights in percent want it."""
    return over(part, Stated("权重合计", HUNDRED))


def stated(label: str, column: Exact) -> Part:
    """Return figures that are the same for all branches as what the standard states, others as given of each."""
    first = column.at(0) if len(column) else None
    alike = first is not None and bool(column.same(first).all())
    return Stated(label, first) if alike and first is not None else Given(label, column)


def added(label: str, column: Exact) -> list[Part]:
    """Return figures to be added that are no formula; nothing where they come to nothing for everybody."""
    return [] if bool(column.same(0).all()) else [Given(label, column)]
