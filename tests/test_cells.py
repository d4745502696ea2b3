"""Typed text → numbers, dates and choices: read with a note, or refused; never a guess, never an exception."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingji.numbers import MICRO
from dingji.problem_catalogue import CATALOGUE
from dingji.read.cells import Reading, read_choice, read_count, read_date, read_mark, read_number
from dingji.read.grid import CellValue

FIVE = Fraction(5)


def mark(value: CellValue, full: Fraction | None = FIVE) -> Reading:
    return read_mark(value, Fraction(0), full)


def said(reading: Reading) -> str:
    """Return a reading in short: the figure and its note, or the problem's code."""
    if reading.problem:
        return reading.problem
    figure = "–" if reading.number is None else str(Fraction(reading.number, MICRO))
    return f"{figure} {reading.note}".strip()


MARKS = """
4.5         | 9/2 N220
４．５      | 9/2 N220
4.5分       | 9/2 N220
４.５ 分    | 9/2 N220
'4.5        | 9/2 N220
4.5/5       | 9/2 N220
4.5／5      | 9/2 N220
4.5/5.0     | 9/2 N220
+4.5        | 9/2 N220
0           | 0 N220
-0          | 0 N220
.5          | 1/2 N220
0.000001    | 1/1000000 N220
4.5/10      | E201
4.5/0       | E201
十分        | E201
四分半      | E201
满分        | E201
4-5         | E201
4～5        | E201
4,5         | E201
4。5        | E201
4.5.1       | E201
约4         | E201
4.5分分     | E201
4²          | E201
4½          | E201
④           | E201
٤           | E201
1e0         | E201
0x4         | E201
NaN         | E201
∞           | E201
#REF!       | E201
=1+1        | E201
√           | E201
–           | E201
90%         | E206
９０％      | E206
4.5 %       | E206
5.1         | E203
6/5         | E203
-1          | E202
−1          | E202
0.0000001   | E208
4.50000000000000000000000000001 | E208
9999999999999 | E208
"""


@pytest.mark.parametrize(("typed", "expected"), [line.split("|") for line in MARKS.strip().splitlines()])
def test_typed_marks(typed: str, expected: str) -> None:
    assert said(mark(typed.strip())) == expected.strip()
    assert said(mark(f"  {typed}　")) == expected.strip()


@pytest.mark.parametrize("typed", ["\u200b4.5", "4.5\ufeff", "\u202d4.5\u202c", "4\u2060.5分\u200b"])
def test_signs_that_cannot_be_seen_do_no_harm(typed: str) -> None:
    assert said(mark(typed)) == "9/2 N220"
    assert read_choice("满\u200b意\u200e", ["满意"]) == Reading(text="满意")


def test_a_sign_that_turns_the_figures_round_is_not_left_out() -> None:
    assert said(mark("\u202e1.2")) == "E201"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (4.5, "9/2"),
        (4, "4"),
        (0.1 + 0.2, "3/10"),
        (0, "0"),
        (-0.5, "E202"),
        (5.5, "E203"),
        (1e20, "E208"),
        (1e-7, "E208"),
        (float("inf"), "E201"),
        (float("nan"), "E201"),
        (True, "E201"),
        (date(2026, 4, 5), "E225"),
        (datetime(2026, 4, 5), "E225"),  # noqa: DTZ001 - a cell has no time zone
        (time(4, 30), "E225"),
        (timedelta(hours=4), "E225"),
    ],
)
def test_marks_that_are_no_text(value: CellValue, expected: str) -> None:
    """A date is what became of 4-5 in a cell that was not formatted as text."""
    assert said(mark(value)) == expected


def test_a_mark_without_bounds_is_not_held() -> None:
    assert said(read_mark(-7.25, None, None)) == "-29/4"
    assert said(read_mark("4.5/5", None, None)) == "E201"


def test_a_mark_out_of_bounds_tells_them() -> None:
    assert mark(6.0).values == {"low": "0", "full": "5"}
    assert read_mark(-1.0, Fraction(0), None).values == {"low": "0", "full": "不限"}


@pytest.mark.parametrize(
    ("value", "unit", "percent", "expected"),
    [
        ("8学时", "学时", False, "8 N220"),
        ("８ 学时", "学时", False, "8 N220"),
        ("8", "学时", False, "8 N220"),
        (8.0, "学时", False, "8"),
        ("8次", "学时", False, "E201"),
        ("八学时", "学时", False, "E201"),
        ("2分", "", False, "2 N220"),
        (0.9, "", True, "E206"),
        ("90%", "%", False, "90 N220"),
        ("90 ％", "%", False, "90 N220"),
        ("0.9%", "%", False, "9/10 N220"),
        ("90", "%", False, "90"),
        (90.0, "%", False, "90"),
        (0.0, "%", False, "0"),
        ("0", "%", False, "0"),
        (0.9, "%", True, "90"),
        (0.905, "%", True, "181/2"),
        (1.0, "%", True, "100"),
        (0.9, "%", False, "E207"),
        ("0.9", "%", False, "E207"),
        (1.0, "%", False, "E207"),
        ("1", "%", True, "E207"),
        (100.5, "%", False, "E203"),
        (90.0, "%", True, "E203"),
        (-1.0, "%", False, "E202"),
        ("九成", "%", False, "E201"),
        (True, "%", False, "E201"),
        (True, "", False, "E201"),
        (1e300, "", False, "E208"),
    ],
)
def test_figures_with_a_unit(value: CellValue, unit: str, *, percent: bool, expected: str) -> None:
    assert said(read_number(value, unit, percent=percent)) == expected


def test_a_bare_rate_is_asked_about_with_both_readings() -> None:
    assert read_number(0.9, "%").values == {"times": "90"}
    assert read_number("1", "%").values == {"times": "100"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [(30.0, "30"), ("30", "30 N220"), ("30人", "30 N220"), ("３０ 张", "30 N220"), (0.0, "0")],
)
def test_counts(value: CellValue, expected: str) -> None:
    assert said(read_count(value)) == expected


@pytest.mark.parametrize("value", [30.5, -1.0, "三十", "30左右", "30%", "30+2", True, date(2026, 1, 30), ""])
def test_what_is_no_count(value: CellValue) -> None:
    assert said(read_count(value)) == ("E225" if isinstance(value, date) else "E201")


@pytest.mark.parametrize(
    "value",
    [
        date(2026, 3, 31),
        datetime(2026, 3, 31, 14, 5),  # noqa: DTZ001
        46112.0,
        46112.6,
        "2026-03-31",
        "2026-3-31",
        "2026/3/31",
        "2026.3.31",
        "2026年3月31日",
        "2026 年 3 月 31 日",
        "２０２６－０３－３１",
        "2026-03-31 14:05",
    ],
)
def test_dates(value: CellValue) -> None:
    assert read_date(value).text == "2026-03-31"


@pytest.mark.parametrize(
    "value", ["3月31日", "2026年3月", "2026-02-30", "2026-13-01", "0000-01-01", "明天", "31/3/2026", 31.0, True]
)
def test_what_is_no_date(value: CellValue) -> None:
    assert said(read_date(value)) == "E213"


@pytest.mark.parametrize(
    ("value", "expected"),
    [("满意", "满意"), (" 满 意 ", "满意"), ("ＡＢ", "AB"), ("ab", "AB"), (1.0, "1"), ("不知道", ""), (True, "")],
)
def test_choices(value: CellValue, expected: str) -> None:
    reading = read_choice(value, ("满意", "AB", "1"))
    assert reading.text == expected
    assert reading.problem == ("" if expected else "E205")


def test_without_choices_any_text_will_do() -> None:
    assert read_choice("随便", ()).text == "随便"


ANYTHING = st.one_of(
    st.text(),
    st.from_regex(r"[0-9０-９.．/%％分'\-+ 　]{0,80}"),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.dates(),
)


@given(ANYTHING, st.sampled_from(["", "%", "次", "分"]), st.booleans())
def test_whatever_is_typed_is_a_number_or_a_problem(value: CellValue, unit: str, percent: bool) -> None:  # noqa: FBT001
    for reading in (mark(value), mark(value, None), read_number(value, unit, percent=percent), read_count(value)):
        assert (reading.number is None) == bool(reading.problem)
        assert reading.problem in CATALOGUE or not reading.problem
        if reading.number is not None:
            assert abs(reading.number) < 10**18
    assert bool(read_date(value).text) != bool(read_date(value).problem)
    assert bool(read_choice(value, ("满意",)).text) != bool(read_choice(value, ("满意",)).problem)


@given(st.decimals(min_value=0, max_value=5, places=6))
def test_a_number_reads_the_same_typed_and_as_text(number: object) -> None:
    assert mark(f"{number}分").number == mark(f"'{number}").number == int(Fraction(str(number)) * MICRO)


@pytest.mark.parametrize("length", [100, 5_000, 1_000_000])
def test_endless_digits_are_refused_at_once(length: int) -> None:
    """Python refuses to turn 4,300 digits into an integer; nobody's mark has that many."""
    digits = "1" * length
    assert {said(mark(text)) for text in (digits, f"0.{digits}", f"1/{digits}", f"{digits}分")} == {"E201"}
    assert said(read_number(f"{digits}%", "%")) == said(read_count(digits)) == "E201"
