"""Columns of exact figures against `Fraction`, with figures far beyond 64 bits."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingji.exact import FITS, Exact, total
from dingji.numbers import half_up

Figure = Fraction | None
WHOLE = st.one_of(st.integers(-20, 20), st.integers(-(10**15), 10**15), st.integers(-(2**80), 2**80))
FIGURE = st.builds(Fraction, WHOLE, st.one_of(st.integers(1, 12), st.just(10**6), st.integers(1, 2**70)))
PAIRS = st.lists(st.tuples(st.none() | FIGURE, st.none() | FIGURE), min_size=1, max_size=8)


def spread(function: Callable[[Fraction, Fraction], Figure], left: Figure, right: Figure) -> Figure:
    return None if left is None or right is None else function(left, right)


def divided(left: Fraction, right: Fraction) -> Figure:
    return left / right if right else None


ARITHMETIC: dict[str, tuple[Callable[[Exact, Exact], Exact], Callable[[Fraction, Fraction], Figure]]] = {
    "+": (lambda left, right: left + right, lambda left, right: left + right),
    "-": (lambda left, right: left - right, lambda left, right: left - right),
    "*": (lambda left, right: left * right, lambda left, right: left * right),
    "/": (lambda left, right: left / right, divided),
    "low": (lambda left, right: left.held(right, None), max),
    "high": (lambda left, right: left.held(None, right), min),
}


@pytest.mark.parametrize("sign", ["+", "-", "*", "/"])
@given(pairs=PAIRS)
def test_arithmetic_is_that_of_fractions(sign: str, pairs: list[tuple[Figure, Figure]]) -> None:
    on_columns, on_figures = ARITHMETIC[sign]
    left, right = ([pair[side] for pair in pairs] for side in (0, 1))
    expected = [spread(on_figures, one, other) for one, other in pairs]
    assert on_columns(Exact.of(left), Exact.of(right)).fractions() == expected


@pytest.mark.parametrize(("side", "pick"), [("low", max), ("high", min)])
@given(pairs=PAIRS)
def test_a_missing_bound_does_not_hold(
    side: str, pick: Callable[[Fraction, Fraction], Fraction], pairs: list[tuple[Figure, Figure]]
) -> None:
    left, right = ([pair[place] for pair in pairs] for place in (0, 1))
    expected = [one if one is None or other is None else pick(one, other) for one, other in pairs]
    assert ARITHMETIC[side][0](Exact.of(left), Exact.of(right)).fractions() == expected


@given(pairs=PAIRS)
def test_comparisons_hold_only_between_known_figures(pairs: list[tuple[Figure, Figure]]) -> None:
    left, right = (Exact.of([pair[side] for pair in pairs]) for side in (0, 1))
    known = [(one, other) if one is not None and other is not None else None for one, other in pairs]
    assert (left >= right).tolist() == [both is not None and both[0] >= both[1] for both in known]
    assert (left > right).tolist() == [both is not None and both[0] > both[1] for both in known]
    assert (left < right).tolist() == [both is not None and both[0] < both[1] for both in known]
    assert left.same(right).tolist() == [both is not None and both[0] == both[1] for both in known]


@given(st.lists(st.none() | FIGURE, max_size=12), st.data())
def test_sums_by_group(figures: list[Figure], data: st.DataObject) -> None:
    groups = data.draw(st.lists(st.integers(0, 3), min_size=len(figures), max_size=len(figures)))
    expected: list[Figure] = [Fraction(0)] * 4
    for group, figure in zip(groups, figures, strict=True):
        expected[group] = spread(lambda one, other: one + other, expected[group], figure)
    assert Exact.of(figures).by(np.array(groups, np.intp), 4).fractions() == expected


@given(st.lists(FIGURE, min_size=1, max_size=8), st.integers(0, 6))
def test_rounding_and_whole_numbers(figures: list[Fraction], places: int) -> None:
    column = Exact.of(figures)
    assert column.half_up(places).fractions() == [half_up(figure, places) for figure in figures]
    assert column.floor().fractions() == [figure.numerator // figure.denominator for figure in figures]
    assert column.ceil().fractions() == [-(-figure.numerator // figure.denominator) for figure in figures]


@given(st.lists(FIGURE, min_size=1, max_size=8))
def test_keys_stand_in_the_order_of_the_figures(figures: list[Fraction]) -> None:
    keys = Exact.of(figures).keys.tolist()
    order = sorted(range(len(figures)), key=lambda place: figures[place])
    assert sorted(range(len(figures)), key=lambda place: keys[place]) == order


def test_small_figures_stay_in_64_bits_and_large_ones_leave_them_in_time() -> None:
    small = Exact.parts(np.array([95_500_000, 1]), 10**6)
    assert small.top.dtype == small.base.dtype == np.int64
    assert (small.top[0], small.base[0]) == (191, 2)
    large = Exact.parts(np.array([FITS - 1, FITS - 1]), 1)
    tripled = large + large + large
    assert tripled.top.dtype == object
    assert tripled.at(0) == 3 * (FITS - 1)
    assert large.by(np.array([0, 0]), 1).at(0) == 2 * (FITS - 1)
    assert (tripled - large - large).top.dtype == np.int64


def test_one_figure_goes_with_a_column_of_any_size() -> None:
    column = Exact.of([Fraction(1), None, Fraction(3)])
    assert (column * Fraction(1, 3)).fractions() == [Fraction(1, 3), None, 1]
    assert column.where(np.array([True, True, False]), 7).fractions() == [1, None, 7]
    assert column.where(np.array([False, True, True]), None).fractions() == [None, None, 3]
    assert total([column, column], 3).fractions() == [2, None, 6]
    assert total([], 2).fractions() == [0, 0]
    assert Exact.joined([column, Exact.constant(5)]).fractions() == [1, None, 3, 5]
    assert Exact.constant(5).wide(2).fractions() == [5, 5]


def test_a_sum_of_columns_of_nobody_is_one_of_nobody() -> None:
    nobody = Exact.constant(0, 0)
    assert len(total([nobody, Exact.constant(3), nobody], 1)) == 0
    assert [total([Exact.constant(3)], 2).at(place) for place in (0, 1)] == [3, 3]
    assert total([], 1).at(0) == 0
