"""Exact numbers: in millionths from the cell, fractions in between, 四舍五入 once, printed as offices print."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from statistics import median as median_of

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingji.numbers import (
    decimal_of,
    decimal_of_float,
    exact,
    fixed,
    half_up,
    mean,
    median,
    micro,
    percent,
    plain,
    signed,
)
from tests.drawn import fractions

WIDE = Context(prec=60)
DECIMALS = st.decimals(-(10**6), 10**6, allow_nan=False, allow_infinity=False, places=9)
FRACTIONS = st.fractions(-1000, 1000, max_denominator=999)


@pytest.mark.parametrize(
    ("number", "places", "expected"),
    [
        ("89.995", 2, "90"),
        ("89.9949999", 2, "89.99"),
        ("0.005", 2, "0.01"),
        ("-0.005", 2, "-0.01"),
        ("-0.0049", 2, "0"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("1/3", 4, "0.3333"),
        ("2/3", 4, "0.6667"),
        ("0", 2, "0"),
    ],
)
def test_half_goes_away_from_zero(number: str, places: int, expected: str) -> None:
    assert half_up(Fraction(number), places) == Fraction(expected)


@given(DECIMALS, st.integers(0, 6))
def test_half_up_agrees_with_decimal(number: Decimal, places: int) -> None:
    step = Decimal(1).scaleb(-places)
    assert half_up(Fraction(number), places) == Fraction(number.quantize(step, ROUND_HALF_UP, WIDE))


@given(FRACTIONS, st.integers(0, 6))
def test_rounding_moves_by_at_most_half_a_step_and_twice_is_once(number: Fraction, places: int) -> None:
    rounded = half_up(number, places)
    assert abs(rounded - number) <= Fraction(1, 2 * 10**places)
    assert half_up(rounded, places) == rounded
    assert half_up(-number, places) == -rounded


@pytest.mark.parametrize(
    ("number", "places", "text"),
    [("95.8", 2, "95.80"), ("-0.5", 2, "-0.50"), ("-0.004", 2, "0.00"), ("0.05", 1, "0.1"), ("7", 0, "7")],
)
def test_fixed_prints_so_many_places(number: str, places: int, text: str) -> None:
    assert fixed(Fraction(number), places) == text


@given(FRACTIONS, st.integers(0, 6))
def test_fixed_reads_back_as_the_rounded_number(number: Fraction, places: int) -> None:
    assert Fraction(fixed(number, places)) == half_up(number, places)


@pytest.mark.parametrize(
    ("number", "text"),
    [("2", "2"), ("4.50", "4.5"), ("100", "100"), ("0", "0"), ("-0.5", "-0.5"), ("0.000001", "0.000001"),
     ("1/3", "0.3333…"), ("-2/3", "-0.6667…")],
)  # fmt: skip
def test_plain_is_as_short_as_it_is_exact(number: str, text: str) -> None:
    assert plain(Fraction(number)) == text


@pytest.mark.parametrize(("points", "text"), [("2", "+2"), ("-0.5", "−0.5"), ("0", "0"), ("-1/3", "−0.3333…")])
def test_points_have_their_sign(points: str, text: str) -> None:
    assert signed(Fraction(points)) == text


def test_percent() -> None:
    assert [percent(Fraction(share)) for share in ("9/10", "1", "1/3", "0")] == [
        "90.00%",
        "100.00%",
        "33.33%",
        "0.00%",
    ]
    assert percent(Fraction(2, 3), 0) == "67%"


@pytest.mark.parametrize(
    ("text", "millionths"),
    [
        ("4.5", 4_500_000),
        ("-0.000001", -1),
        ("4.5000000000", 4_500_000),
        ("999999999.999999", 999_999_999_999_999),
        ("1000000000", 10**15),
        ("-1000000000.5", -(10**15) - 500_000),
        ("123456789012.345", 123_456_789_012_345_000),
        ("123456789012.3456", None),
        ("999999999999", 999_999_999_999 * 10**6),
        ("1000000000000", None),
        ("-1000000000000", None),
        ("0.0000001", None),
        ("1." + "0" * 40 + "1", None),
        ("1e5", 100_000_000_000),
    ],
)
def test_micro_takes_what_a_cell_can_hold_and_nothing_else(text: str, millionths: int | None) -> None:
    assert micro(Decimal(text)) == millionths


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_millionths_go_out_and_come_back(millionths: int) -> None:
    decimal = Decimal(millionths).scaleb(-6, WIDE)
    assert micro(decimal) == millionths
    assert exact(millionths) == Fraction(decimal)


@pytest.mark.parametrize("text", ["4.5", "-1", "+2", "007", ".5", "5."])
def test_plain_digits_spell_a_decimal(text: str) -> None:
    assert decimal_of(text) == Decimal(text)


@pytest.mark.parametrize(
    "text", ["", "-", ".", "1e5", "4-5", "-+5", "+-5", "１", "²", "1_0", "1,0", "nan", "十", "4.5.6"]
)
def test_anything_else_spells_none(text: str) -> None:
    assert decimal_of(text) is None


@pytest.mark.parametrize(
    ("stored", "shown"),
    [(0.1 + 0.2, "0.3"), (4.35, "4.35"), (1e-7, "0.0000001"), (-2.0, "-2"), (1 / 3, "0.333333333333333")],
)
def test_a_stored_double_is_what_the_spreadsheet_shows(stored: float, shown: str) -> None:
    assert decimal_of_float(stored) == Decimal(shown)


@pytest.mark.parametrize("stored", [float("nan"), float("inf"), float("-inf")])
def test_no_number_is_none(stored: float) -> None:
    assert decimal_of_float(stored) is None


@pytest.mark.parametrize(
    ("numbers", "middle"), [("3", "3"), ("1 3", "2"), ("9 1 5", "5"), ("1 2 3 10", "2.5"), ("1 2", "3/2")]
)
def test_median_of_an_even_number_is_the_mean_of_the_middle_two(numbers: str, middle: str) -> None:
    assert median(fractions(numbers)) == Fraction(middle)


@given(st.lists(FRACTIONS, min_size=1, max_size=9))
def test_mean_and_median_are_exact_whatever_the_order(numbers: list[Fraction]) -> None:
    assert mean(numbers) * len(numbers) == sum(numbers)
    assert median(numbers) == median_of(numbers) == median(sorted(numbers))
