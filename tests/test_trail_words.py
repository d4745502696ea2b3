"""A sentence is filled in once for all rows that need the same: rows that only look alike keep their own words."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from dingji.exact import Exact
from dingji.scoring.trail import Grouped, Groups, Trail

UNITS = ("甲", "乙", "丙", "丁")
ROWS = np.arange(len(UNITS))


def test_a_number_and_a_truth_value_that_compare_equal_are_told_apart() -> None:
    read = [Fraction(1), True, Fraction(1), Fraction(0)]

    trail = Trail(UNITS)
    trail.add("looked", ROWS, ROWS, "looked", looked=(("条件", "人数 > 2", "不成立", (("人数", read),)),))

    assert [text.rsplit("人数＝", 1)[1] for text in trail.listed().words] == ["1）", "是）", "1）", "0）"]


def test_a_missing_figure_is_not_nought() -> None:
    one, whole = Exact.constant(1, 4), Exact.of([Fraction(0), None, None, Fraction(0)])

    trail = Trail(UNITS)
    trail.add("source", ROWS, ROWS, "nested", terms=(("自评", one, one),), whole=whole)

    assert trail.listed().words == ["自评 1×1% ＝ 0", "自评 1×1%", "自评 1×1%", "自评 1×1% ＝ 0"]


def test_rows_behind_which_more_stands_are_told_with_all_of_it() -> None:
    reasons = Grouped(Groups(np.array([0, 0, 0, 1]), np.array([0, 1, 3, 3, 4])), ["缺自评", "缺测评"])

    trail = Trail(UNITS)
    trail.add("missing", ROWS, ROWS, "missing", why=reasons)

    assert trail.listed().words == ["未定级：缺自评", "未定级：缺自评；缺自评", "未定级：", "未定级：缺测评"]
