"""The points of one rule, by each of the four ways."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingji.exact import Exact, Places
from dingji.numbers import decimal_of
from dingji.scheme.conditions import Value
from dingji.scheme.indicators import Band, Rule
from dingji.scoring.points import (
    NO,
    ROUNDINGS,
    UNKNOWN,
    YES,
    Told,
    figure_of,
    limited,
    points_of,
    rule_points,
    unfit_amounts,
)
from dingji.scoring.sentences import typed_words


def rule(**keys: Any) -> Rule:  # noqa: ANN401 - as TOML has them
    return Rule.model_validate({"name": "规则", **{key.rstrip("_"): value for key, value in keys.items()}})


Row = tuple[Fraction | None, str, Fraction | None]


def typed(words: str, unit: str = "") -> Row:
    """Read what was typed, drawn as `选项 数量 分值`: figures begin with #, amounts with ±."""
    figure = amount = None
    option = ""
    for word in words.split():
        if word.startswith("#"):
            figure = Fraction(word[1:])
        elif word.startswith("±"):
            amount = Fraction(word[1:])
        else:
            option = word
    return figure_of(rule(unit=unit), figure), option, amount


def points(keys: dict[str, Any], *words: str) -> Fraction | None:
    made = rule(**keys)
    return points_of(made, [typed(line, made.unit) for line in words])


def expected(text: str) -> Fraction | None:
    return None if text == "缺" else Fraction(text)


RATE: dict[str, Any] = {"unit": "%", "under": "95%", "once": -1}
STUDY: dict[str, Any] = {"unit": "学时", "under": 8, "each": -1}
RISE: dict[str, Any] = {"unit": "%", "over": "30%", "per": "10%", "each": 1}


@pytest.mark.parametrize(
    ("keys", "words", "given"),
    [
        ({"once": -2}, "是", "-2"),
        ({"once": -2}, "", "-2"),
        ({"once": -2}, "否", "0"),
        ({"once": -2, "unit": "次"}, "#0", "0"),
        ({"once": -2, "unit": "次"}, "#3", "-2"),
        ({"once": [-1, -4]}, "是 ±2.5", "-2.5"),
        ({"once": [-1, -4]}, "是 ±-2.5", "-2.5"),
        ({"once": [-1, -4]}, "是", "缺"),
        ({"once": [1, 4]}, "是 ±3", "3"),
        ({"once": [-2, 3]}, "是 ±-1", "-1"),
        ({"once": [-2, 3]}, "是 ±1", "1"),
        ({"once": [-1, -4]}, "否", "0"),
        (RATE, "#93", "-1"),
        (RATE, "#95", "0"),
        (RATE, "#94.999999", "-1"),
        (RATE, "", "缺"),
        ({"unit": "件", "over": 3, "once": [-1, -2]}, "#4 ±2", "-2"),
        ({"unit": "件", "over": 3, "once": [-1, -2]}, "#3 ±2", "0"),
        (STUDY, "#6", "-2"),
        (STUDY, "#7.5", "-0.5"),
        (STUDY, "#8", "0"),
        (STUDY, "#12", "0"),
        (STUDY, "#0", "-8"),
        (STUDY, "", "缺"),
        (STUDY | {"round": "floor"}, "#6.5", "-1"),
        (STUDY | {"round": "ceil"}, "#6.5", "-2"),
        (STUDY | {"round": "half_up"}, "#6.5", "-2"),
        (STUDY | {"round": "half_up"}, "#6.6", "-1"),
        ({"unit": "人", "each": -0.5}, "#3", "-1.5"),
        ({"unit": "人", "each": [-1, -2]}, "#3 ±1.5", "-4.5"),
        ({"unit": "人", "each": [-1, -2]}, "#3", "缺"),
        (RISE, "#55", "2.5"),
        (RISE | {"round": "floor"}, "#55", "2"),
        (RISE | {"round": "ceil"}, "#51", "3"),
        (RISE, "#30", "0"),
        (RISE, "#10", "0"),
        ({"unit": "%", "under": "90%", "each": -1}, "#87", "-3"),
        ({"unit": "%", "each": -0.1}, "#3", "-0.3"),
        ({"unit": "名", "over": 1, "each": -2}, "#4", "-6"),
        ({"options": {"健全": 2, "不健全": 0}}, "健全", "2"),
        ({"options": {"健全": 2, "不健全": 0}}, "不健全", "0"),
        ({"options": {"健全": 2, "不健全": 0}}, "", "缺"),
        ({"options": {"健全": 2, "不健全": 0}}, "不太健全", "缺"),
        ({"options": {"未开展": -4, "效果不好": [-1, -3]}}, "效果不好 ±2", "-2"),
        ({"options": {"未开展": -4, "效果不好": [-1, -3]}}, "未开展", "-4"),
        ({"unit": "篇", "options": {"省级": 2, "市级": 0.5}}, "市级 #3", "1.5"),
        ({"unit": "篇", "options": {"省级": 2, "市级": 0.5}}, "省级", "缺"),
        ({"unit": "篇", "options": {"省级": [1, 3], "市级": 0.5}}, "省级 #2 ±2.5", "5"),
        ({"unit": "篇", "options": {"省级": [1, 3], "市级": 0.5}}, "省级 #2 ±4", "缺"),
        ({"unit": "篇", "options": {"省级": [1, 3], "市级": 0.5}}, "省级 #0", "0"),
        ({"options": {"未开展": -4, "效果不好": [-1, -3]}}, "效果不好 ±3.5", "缺"),
        ({"once": [-1, -4]}, "是 ±5", "缺"),
        ({"once": [-2, 3]}, "是 ±-3", "缺"),
        ({"unit": "人", "each": [-1, -2]}, "#3 ±2.5", "缺"),
        ({"unit": "件", "over": 3, "each": [-1, -2]}, "#5 ±1.5", "-3"),
        ({"unit": "件", "over": 3, "each": [-1, -2]}, "#5 ±0.5", "缺"),
        ({"unit": "件", "over": 3, "each": [-1, -2]}, "#3", "0"),
        ({}, "是 #3 ±2", "0"),
    ],
)
def test_points_of_what_was_typed(keys: dict[str, Any], words: str, given: str) -> None:
    exact = {key: decimal_of(str(value)) if isinstance(value, float) else value for key, value in keys.items()}
    exact |= {"options": _exact(keys["options"])} if "options" in keys else {}
    assert points(exact, words) == expected(given)


def _exact(options: dict[str, Any]) -> dict[str, Any]:
    return {label: Decimal(str(value)) if isinstance(value, float) else value for label, value in options.items()}


BANDS: dict[str, Any] = {
    "unit": "%",
    "bands": [{"from": "90%", "points": 20}, {"from": "80%", "points": [10, 15]}, {"points": 5}],
}


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("#90", "20"),
        ("#100", "20"),
        ("#89.999999", "缺"),
        ("#89.999999 ±12", "12"),
        ("#80 ±10", "10"),
        ("#79.999999", "5"),
        ("", "缺"),
    ],
)
def test_the_first_band_that_fits(words: str, given: str) -> None:
    assert points(BANDS, words) == expected(given)


STEPS: dict[str, Any] = {
    "unit": "%",
    "bands": [
        {"from": "90%", "points": 0},
        {"from": "80%", "points": [-5, -10]},
        {"from": "70%", "points": [-15, -20]},
        {"points": -30},
    ],
}


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("#85 ±5", "-5"), ("#85 ±-7.5", "-7.5"), ("#85 ±10", "-10"), ("#85 ±15", "缺"), ("#85 ±25", "缺"),
        ("#85 ±4.999999", "缺"), ("#85", "缺"), ("#75 ±15", "-15"), ("#75 ±10", "缺"),
        ("#95 ±7", "0"), ("#60 ±7", "-30"),
    ],
)  # fmt: skip
def test_an_amount_is_held_to_the_range_of_the_row_that_applies(words: str, given: str) -> None:
    """At 85% the notice leaves 5 to 10 to be weighed; what would do at 75% does not."""
    assert points(STEPS, words) == expected(given)


@pytest.mark.parametrize(
    ("keys", "rows", "found"),
    [
        (STEPS, ["#85 ±15"], [(0, "E210", 5, 10)]),
        (STEPS, ["#85"], [(0, "E211", 5, 10)]),
        (STEPS, ["#95"], []),
        (STEPS, ["#85 ±-6"], []),
        ({"once": [-1, -4]}, ["否", "是 ±1", "是 ±3"], [(1, "E227", 1, 4)]),
        ({"once": [-2, 3]}, ["是 ±4"], [(0, "E210", -2, 3)]),
        ({"unit": "次", "over": 3, "once": [-1, -4]}, ["#2", "#2 ±5"], [(0, "E210", 1, 4)]),
        ({"unit": "次", "over": 3, "once": [-1, -4]}, ["#2 ±5"], []),
        ({"options": {"好": 0, "差": [-1, -3]}}, ["好 ±9", "差 ±2", "差 ±9"], [(2, "E210", 1, 3)]),
    ],
)
def test_an_amount_that_does_not_suit_its_row_is_told(
    keys: dict[str, Any], rows: list[str], found: list[tuple[int, str, Fraction, Fraction]]
) -> None:
    made = rule(**keys)
    told = Told.of(typed(line, made.unit) for line in rows)
    unfit = unfit_amounts(made, told, np.zeros(len(rows), np.intp), 1)
    assert [(one.row, one.code, one.low, one.high) for one in unfit] == found


def test_below_the_last_band_there_are_no_points() -> None:
    assert points({"unit": "%", "bands": [{"from": "90%", "points": 5}]}, "#89") == 0


@pytest.mark.parametrize(
    ("figure", "holds", "given"),
    [("4500", {}, "5"), ("4400", {"富裕": True}, "3"), ("4400", {"富裕": False}, "0"), ("4400", {"富裕": None}, "缺"),
     ("缺", {}, "缺")],
)  # fmt: skip
def test_a_band_may_have_a_condition(figure: str, holds: dict[str, bool | None], given: str) -> None:
    """What stands above the first band that fits must be known not to fit."""
    made = rule(unit="元", bands=[{"from": 4500, "points": 5}, {"when": "富裕", "points": 3}, {"points": 0}])

    def fits(band: Band) -> Places:
        answer = holds.get(band.when)
        return np.array([UNKNOWN if answer is None else YES if answer else NO])

    assert rule_points(made, Told.of([(expected(figure), "", None)]), fits).at(0) == expected(given)


@pytest.mark.parametrize(
    ("keys", "rows", "given"),
    [
        ({"once": -1}, ["是", "是", "否"], "-1"),
        ({"once": -1}, ["否", "是"], "-1"),
        ({"once": -1}, ["否", "否"], "0"),
        ({"once": -1, "unit": "次"}, ["#1", "#2"], "-1"),
        ({"once": [-1, -4]}, ["是 ±3", "是 ±-3"], "-3"),
        ({"once": [-1, -4]}, ["是 ±3", "是"], "-3"),
        ({"once": [-1, -4]}, ["是 ±1", "是 ±3.5"], "缺"),
        ({"unit": "人", "each": [-1, -2]}, ["#1 ±1", "#2 ±2"], "-5"),
        ({"unit": "人", "each": -2}, ["#1", "#2"], "-6"),
        ({"unit": "篇", "options": {"省": 2, "市": 1}}, ["省 #2", "市 #3", "市 #1"], "8"),
        ({"unit": "篇", "options": {"省": 2, "市": 1}}, ["省 #2", "市"], "缺"),
        (STUDY, ["#2", "#3", "#2"], "-1"),
        (STUDY, ["#8", "#8"], "0"),
        ({"unit": "篇", "under": 4, "once": -1}, ["#2", "#2"], "0"),
        ({"unit": "篇", "under": 4, "once": [-1, -2]}, ["#1", "#2 ±2"], "-2"),
        ({"unit": "篇", "under": 4, "once": [-1, -2]}, ["#1 ±1", "#2 ±2"], "缺"),
        ({"unit": "件", "over": 4, "each": -1}, ["#3", "#3"], "-2"),
        ({"unit": "件", "per": 2, "round": "floor", "each": -1}, ["#1", "#1"], "-1"),
        ({"unit": "次", "bands": [{"from": 4, "points": 2}, {"points": 0}]}, ["#2", "#2"], "2"),
        ({"unit": "次", "bands": [{"from": 4, "points": 2}, {"points": 0}]}, ["#4", ""], "缺"),
        ({"unit": "人", "each": -2}, ["#1", ""], "缺"),
        ({"once": -1}, [], "0"),
        (STUDY, [], "0"),
        (BANDS, [], "缺"),
    ],
)
def test_rows_of_one_rule_add_up(keys: dict[str, Any], rows: list[str], given: str) -> None:
    """What is held against a bound is the figure of all rows together: two letters and two are four."""
    assert points(keys, *rows) == expected(given)


@pytest.mark.parametrize(
    ("limits", "given"),
    [
        ({}, "-12"),
        ({"min": -5}, "-5"),
        ({"max": -15}, "-15"),
        ({"min": "none"}, "-12"),
        ({"min": -20, "max": 0}, "-12"),
    ],
)
def test_limits_hold_the_rows_together(limits: dict[str, Any], given: str) -> None:
    assert points({"unit": "次", "each": -3, **limits}, "#2", "#2") == expected(given)


def test_half_goes_away_from_zero_below_nought_too() -> None:
    figures = Exact.of([Fraction(-5, 2), Fraction(5, 2), Fraction(-12, 5)])
    assert ROUNDINGS["half_up"](figures).fractions() == [-3, 3, -2]


@pytest.mark.parametrize(
    ("low", "high", "held"),
    [
        (None, None, "7"),
        (Decimal(8), None, "8"),
        (None, Decimal(6), "6"),
        ("none", "none", "7"),
        (Decimal(0), Decimal(9), "7"),
    ],
)
def test_an_absent_limit_does_not_hold(low: Decimal | str | None, high: Decimal | str | None, held: str) -> None:
    assert limited(Exact.constant(7), low, high).at(0) == Fraction(held)


@pytest.mark.parametrize(
    ("value", "once", "options"),
    [(True, "-2", "缺"), (False, "0", "缺"), (None, "缺", "缺"), ("好", "-2", "3"), (Fraction(0), "缺", "缺")],
)
def test_what_a_formula_comes_to_counts_as_if_typed(value: Value, once: str, options: str) -> None:
    read = Told.read([value])
    assert rule_points(rule(of="某事", once=-2), read).at(0) == expected(once)
    assert rule_points(rule(of="某事", options={"好": 3}), read).at(0) == expected(options)


@pytest.mark.parametrize(
    ("unit", "words", "told"),
    [
        ("项", "#5", "5项"),
        ("%", "#93", "93.00%"),
        ("", "没有记录", "没有记录"),
        ("篇", "省级 #2 ±3", "省级 2篇 3分"),
        ("", "", ""),
    ],
)
def test_what_was_typed_is_told(unit: str, words: str, told: str) -> None:
    assert typed_words(rule(unit=unit), *typed(words, unit)) == told


@given(st.decimals(0, 20, places=2), st.integers(1, 19), st.decimals("-5", "-0.5", places=1))
def test_a_shortfall_costs_in_proportion_and_never_less_than_nothing(held: Decimal, bound: int, each: Decimal) -> None:
    lost = points({"unit": "次", "under": bound, "each": each}, f"#{held}")
    assert lost == min(Fraction(0), (bound - Fraction(held)) * Fraction(each))


@given(st.lists(st.decimals(0, 9, places=1), min_size=1, max_size=6), st.integers(1, 20))
def test_how_a_figure_is_split_over_rows_never_matters(parts: list[Decimal], bound: int) -> None:
    for keys in ({"under": bound, "each": -1}, {"over": bound, "once": -1}, {"each": -1}):
        together = points({"unit": "次", **keys}, f"#{sum(parts)}")
        assert points({"unit": "次", **keys}, *(f"#{part}" for part in parts)) == together
