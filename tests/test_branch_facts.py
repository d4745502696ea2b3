"""What is known of a branch before anyone marks it, and whom a `for` condition leaves out."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pandas as pd
import pytest

from dingji.branch_facts import applies_to, branch_columns, months_between
from dingji.round_days import Round
from dingji.scheme.names import ROSTER
from dingji.tables import BRANCHES, table

ROUND = Round(year=2026, name="年初", begins="2026-01-01", ends="2026-06-30")


def branches() -> pd.DataFrame:
    known = {"members": 12, "full_members": 11, "probationary_members": 1, "founded": "2025-07-01"}
    unknown = dict.fromkeys(("members", "full_members", "probationary_members"))
    first = {"unit": "A1", "name": "一支部", "category": "机关", **known}
    return table(BRANCHES, [first, {"unit": "A2", "name": "二支部", "category": "临床", **unknown}])


@pytest.mark.parametrize(
    ("founded", "months"),
    [
        ("2025-06-30", 12),
        ("2025-07-01", 11),
        ("2026-06-30", 0),
        ("2026-05-31", 0),
        ("2024-02-29", 28),
        ("2026-07-01", -1),
        ("", None),
    ],
)
def test_age_is_in_whole_months_by_the_last_day_of_the_round(founded: str, months: int | None) -> None:
    assert months_between(founded, date(2026, 6, 30)) == months


def test_without_a_last_day_there_is_no_age() -> None:
    assert months_between("2025-06-30", None) is None
    assert branch_columns(branches(), Round(year=2026, name="年初"))["成立月数"] == [None, None]


def test_every_name_that_for_may_read_has_a_column() -> None:
    columns = branch_columns(branches(), ROUND)
    assert set(columns) == set(ROSTER)
    assert columns["党员数"] == [Fraction(12), None]
    assert columns["成立月数"] == [Fraction(11), None]
    assert columns["轮次"] == ["年初", "年初"]


@pytest.mark.parametrize(
    ("condition", "applying"),
    [
        ("", [True, True]),
        ("类别 = '机关'", [True, False]),
        ("类别 in ('机关', '临床') and 轮次 = '年初'", [True, True]),
        ("党员数 >= 50", [False, True]),
        ("成立月数 < 12", [True, True]),
        ("党组织编码 = 'A2'", [False, True]),
    ],
)
def test_an_unknown_fact_does_not_exempt(condition: str, applying: list[bool]) -> None:
    applies = applies_to(branches(), ROUND)
    assert [applies(condition, unit) for unit in ("A1", "A2")] == applying
    assert [applies(condition, unit) for unit in ("A1", "A2")] == applying


def test_what_the_roster_leaves_blank_is_missing() -> None:
    """A blank category is neither 机关 nor another one: a condition on it is unknown, and exempts nobody."""
    counts = dict.fromkeys(("members", "full_members", "probationary_members"))
    blank = table(BRANCHES, [{"unit": "A3", "name": "三支部", **counts}])
    columns = branch_columns(blank, ROUND)
    assert {name: columns[name] for name in ("类别", "书记", "上级党组织", "书记任职月数")} == {
        "类别": [None], "书记": [None], "上级党组织": [None], "书记任职月数": [None],
    }  # fmt: skip
    applies = applies_to(blank, ROUND)
    assert [applies("类别 = '机关'", "A3"), applies("类别 != '机关'", "A3")] == [True, True]


def test_the_secretary_s_time_in_office_is_in_whole_months() -> None:
    known = branches().assign(secretary_since=["2025-12-31", ""])
    assert branch_columns(known, ROUND)["书记任职月数"] == [Fraction(5), None]
