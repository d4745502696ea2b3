"""A column of exact figures: numerators, denominators, and which are known; the only arithmetic of scoring.

Arrays hold int64 as long as a bound proves that every result fits; beyond that Python's own integers in object
arrays, so no figure is ever rounded or wrapped. A figure that is not known makes whatever is made of it unknown.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import compress
from math import lcm
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[Any]
"""int64, or object with Python integers."""
Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]
Scalar = Fraction | int
T = TypeVar("T")
FITS = 2**62
"""Below this every sum of two still fits an int64."""


@dataclass(frozen=True, eq=False)
class Exact:
    """Figures in lowest terms: `top` ÷ `base` where `known`, else 0 ÷ 1; columns of one figure go with any size."""

    top: Integers
    base: Integers
    known: Mask

    # --- made of ------------------------------------------------------------------------------------------

    @classmethod
    def of(cls, figures: Iterable[Fraction | None]) -> Exact:
        """Return a column of fractions, None where missing."""
        listed = list(figures)
        tops = [0 if figure is None else figure.numerator for figure in listed]
        bases = [1 if figure is None else figure.denominator for figure in listed]
        known = np.fromiter((figure is not None for figure in listed), bool, len(listed))
        return cls(_narrowed(np.array(tops, object)), _narrowed(np.array(bases, object)), known)

    @classmethod
    def parts(cls, tops: Integers, base: int, known: Mask | None = None) -> Exact:
        """Return whole numbers ÷ `base` (counts ÷ 1, typed figures ÷ 10⁶)."""
        sure = np.ones(len(tops), bool) if known is None else known
        return _reduced(tops, np.full(len(tops), base, np.int64), sure)

    @classmethod
    def constant(cls, figure: Scalar | None, size: int = 1) -> Exact:
        """Return the same figure so many times."""
        whole, part = (figure or 0).numerator, (figure or 0).denominator
        kind = np.int64 if max(abs(whole), part) < FITS else object
        return cls(np.full(size, whole, kind), np.full(size, part, kind), np.full(size, figure is not None))

    @classmethod
    def joined(cls, columns: Sequence[Exact]) -> Exact:
        """Return columns one below the other."""
        if not columns:
            return cls.constant(0, 0)
        pieces = ([getattr(column, name) for column in columns] for name in ("top", "base", "known"))
        top, base, known = (np.concatenate(piece) for piece in pieces)
        return cls(top, base, known)

    # --- looked at ----------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self.top)

    def fractions(self) -> list[Fraction | None]:
        """Return the figures as fractions, None where missing; equal ones share one object."""
        return self.each(lambda figure: figure)

    def each(self, made: Callable[[Fraction], T]) -> list[T | None]:
        """Return what is made of every figure, once a different one; None where missing."""
        keys = list(zip(self.top.tolist(), self.base.tolist(), strict=True))
        known = self.known.tolist()
        memory = {key: made(Fraction(*key)) for key in dict.fromkeys(compress(keys, known))}
        return [memory[key] if sure else None for key, sure in zip(keys, known, strict=True)]

    def at(self, place: int) -> Fraction | None:
        """Return one figure."""
        return Fraction(int(self.top[place]), int(self.base[place])) if self.known[place] else None

    def take(self, places: Places | Mask) -> Exact:
        """Return the figures at some places, or where a mask holds."""
        return Exact(self.top[places], self.base[places], self.known[places])

    def wide(self, size: int) -> Exact:
        """Return a column of so many figures; one figure is repeated."""
        return self if len(self) == size else self.take(np.zeros(size, np.intp))

    @property
    def keys(self) -> Integers:
        """Return whole numbers that stand in the same order as the figures."""
        return self._level()[0]

    @cached_property
    def bounds(self) -> tuple[int, int]:
        """Return how large numerators and denominators are at most."""
        return _largest(self.top), int(np.maximum.reduce(self.base)) if len(self.base) else 0

    # --- reckoned with ------------------------------------------------------------------------------------

    def __add__(self, other: Exact | Scalar) -> Exact:
        return self._sum(other, 1)

    def __sub__(self, other: Exact | Scalar) -> Exact:
        return self._sum(other, -1)

    def __neg__(self) -> Exact:
        return Exact(-self.top, self.base, self.known)

    def __abs__(self) -> Exact:
        return Exact(abs(self.top), self.base, self.known)

    def __mul__(self, other: Exact | Scalar) -> Exact:
        that = _column(other)
        (tops, bases), (tops_by, bases_by) = self.bounds, that.bounds
        top, base = _times(self.top, that.top, tops * tops_by), _times(self.base, that.base, bases * bases_by)
        return _reduced(top, base, self.known & that.known)

    def __truediv__(self, other: Exact | Scalar) -> Exact:
        that = _column(other)
        usable = that.known & (that.top != 0)
        turned = Exact(np.where(usable, np.sign(that.top), 0) * that.base, np.where(usable, abs(that.top), 1), usable)
        return self * turned

    def _sum(self, other: Exact | Scalar, sign: int) -> Exact:
        that = _column(other)
        left, right = self._level_with(that)
        base = _times(self.base, that.base, self.bounds[1] * that.bounds[1])
        return _reduced(left + sign * right, base, self.known & that.known)

    def _level_with(self, that: Exact) -> tuple[Integers, Integers]:
        """Return the numerators of two columns over the product of their denominators; their sum fits as well."""
        (tops, bases), (tops_by, bases_by) = self.bounds, that.bounds
        return _times(self.top, that.base, tops * bases_by), _times(that.top, self.base, tops_by * bases)

    def _compared(self, other: Exact | Scalar, how: Callable[[Integers, Integers], Mask]) -> Mask:
        """Say where figures stand in some way to others; nowhere where one is missing."""
        that = _column(other)
        return how(*self._level_with(that)) & self.known & that.known

    def __ge__(self, other: Exact | Scalar) -> Mask:
        return self._compared(other, operator.ge)

    def __lt__(self, other: Exact | Scalar) -> Mask:
        return self._compared(other, operator.lt)

    def __gt__(self, other: Exact | Scalar) -> Mask:
        return self._compared(other, operator.gt)

    def same(self, other: Exact | Scalar) -> Mask:
        """Say where figures equal others; not where one is missing."""
        return self._compared(other, operator.eq)

    def held(self, low: Exact | Scalar | None, high: Exact | Scalar | None) -> Exact:
        """Hold the figures between bounds; a missing bound does not hold."""
        found = self
        for bound, beyond in ((low, operator.lt), (high, operator.gt)):
            if bound is not None:
                found = _column(bound).where(found._compared(bound, beyond), found)
        return found

    def where(self, mask: Mask, other: Exact | Scalar | None) -> Exact:
        """Return these figures where a mask holds, others elsewhere; None leaves the rest missing."""
        that = Exact.constant(None) if other is None else _column(other)
        top, base = (np.where(mask, mine, theirs) for mine, theirs in ((self.top, that.top), (self.base, that.base)))
        return Exact(top, base, np.where(mask, self.known, that.known))

    def half_up(self, places: int) -> Exact:
        """Round 四舍五入 (numbers.half_up): the fifth goes away from zero."""
        two = 2 * 10**places
        whole = (_times(abs(self.top), np.array([two]), self.bounds[0] * two) // self.base + 1) // 2
        return Exact.parts(np.where(self.top < 0, -whole, whole), 10**places, self.known)

    def floor(self) -> Exact:
        """Return the whole numbers at or below."""
        return Exact(self.top // self.base, np.ones_like(self.base), self.known)

    def ceil(self) -> Exact:
        """Return the whole numbers at or above."""
        return -(-self).floor()

    # --- gathered -----------------------------------------------------------------------------------------

    def by(self, groups: Places, size: int) -> Exact:
        """Return the sum of each of `size` groups, 0 of an empty one; missing where a figure of the group is.

        `groups`: the group of each figure.
        """
        top, base = self._level()
        sums = np.zeros(size, top.dtype)
        if top.dtype != object and _largest(top) * max(len(top), 1) >= FITS:
            top, sums = top.astype(object), sums.astype(object)
        np.add.at(sums, groups, top)
        lacking = np.bincount(groups[~self.known], minlength=size) if len(groups) else np.zeros(size, int)
        return _reduced(sums, _narrowed(np.array([base], object)), lacking == 0)

    def _level(self) -> tuple[Integers, int]:
        """Return the figures as whole numbers of one common part, and how many of those make one."""
        bases = [int(base) for base in np.unique(self.base)]
        common = lcm(*bases) if bases else 1
        top, base = self.top, self.base
        if _largest(top) * common >= FITS:
            top, base = top.astype(object), base.astype(object)
        return top * (common // base), common


def where(mask: Mask, figure: Scalar) -> Exact:
    """Return a figure where a mask holds, 0 elsewhere."""
    return Exact.constant(figure).where(mask, 0)


def total(columns: Iterable[Exact], size: int) -> Exact:
    """Return the sum of columns, 0 of none; missing where one is."""
    first, *others = [*columns] or [Exact.constant(0)]
    found = first.wide(size) if len(first) == 1 else first
    for column in others:
        found = found + column
    return found


def _column(other: Exact | Scalar) -> Exact:
    return other if isinstance(other, Exact) else _single(other)


@lru_cache(maxsize=1 << 8)
def _single(figure: Scalar) -> Exact:
    """Return a column of one figure, not to be written to. Remembered: rules compare with the same few figures."""
    column = Exact.constant(figure)
    for part in (column.top, column.base, column.known):
        part.setflags(write=False)
    return column


def _largest(numbers: Integers) -> int:
    return max(int(np.maximum.reduce(numbers)), -int(np.minimum.reduce(numbers))) if len(numbers) else 0


def _times(left: Integers, right: Integers, bound: int) -> Integers:
    """Return the products of two arrays, which are no larger than `bound`, in a type that they fit."""
    wide = bound >= FITS
    product: Integers = left.astype(object) * right.astype(object) if wide else left * right
    return product


def _narrowed(numbers: Integers) -> Integers:
    """Return Python integers as int64 where all of them fit."""
    return numbers.astype(np.int64) if numbers.dtype == object and _largest(numbers) < FITS else numbers


def _reduced(top: Integers, base: Integers, known: Mask) -> Exact:
    """Return figures in lowest terms."""
    if not top.shape == base.shape == known.shape:  # to broadcast what is of one size already costs more than the rest
        size = np.broadcast_shapes(top.shape, base.shape, known.shape)
        base, known = np.broadcast_to(base, size), np.broadcast_to(known, size)
    top = np.where(known, top, 0)
    if len(base) and top.dtype == base.dtype == np.int64 and np.maximum.reduce(base) == 1:
        return Exact(top, base, known)
    common = np.gcd(top, base)
    return Exact(_narrowed(top // common), _narrowed(base // common), known)
