"""Typed marks held against the facts beside them."""

from __future__ import annotations

import pytest

from dingji.problems import Problem
from dingji.scoring.claims import compare_amounts, compare_marks
from tests.drawn import entries, facts, marks
from tests.small_standard import five_good, standard


def claims(*parts: list[dict[str, object]]) -> list[Problem]:
    table = entries(*([{**row, "round": "年初"} for row in part] for part in parts))
    return list(compare_marks(table, five_good(), list(dict.fromkeys(table["unit"])), "年初"))


def test_a_claim_that_its_own_facts_contradict_is_a_warning() -> None:
    """学时 5 of 8 costs 3 of item 2's 2: the claim of 1 stands and is warned of, 0 would agree."""
    claim = "支部 | 1 | 2 | 6 | 7\n三 | 4 | {} | 3 | 4"
    fact = facts(
        """
        支部 | 规则        | 选项    | 数量 | 分值
        三   | 支委集中学习 |        | 5   |
        三   | 党员示范活动 | 效果不好 |     | 2
        三   | 党员集中学习 |        | 9   |
        """,
        "self",
        "自评",
    )
    wrong = claims(marks(claim.format(1), "自评", "self"), fact)
    assert [(problem.code, problem.subject, problem.found, dict(problem.values)) for problem in wrong] == [
        ("W221", "第2项", "1", {"expected": "0"})
    ]
    assert claims(marks(claim.format(0), "自评", "self"), fact) == []


def test_a_raters_typed_mark_is_held_against_the_same_raters_facts() -> None:
    fact = facts(
        "支部 | 评委 | 规则 | 选项\n甲 | 一 | 书记未配齐 | 是\n乙 | 一 | 书记未配齐 | 是", "committee", "党委评定"
    )
    drawn = marks(
        "支部 | 评委 | 领导班子好 | 工作业绩好\n甲 | 一 | 8 | 3\n甲 | 二 | 8 | 3\n乙 | 一 | 7 | 3", "党委评定"
    )
    found = claims(drawn, fact)
    assert [(problem.code, problem.unit, problem.found, dict(problem.values)) for problem in found] == [
        ("W222", "甲", "8", {"expected": "7"})
    ]


CONDITIONAL = """
[[sources]]
name = "考核"
form = "committee"
weight = 100
[[indicators]]
name = "发展"
full = 100
rules = [
  { name = "收入", unit = "元", bands = [{ from = 45, points = 0 }, { when = "党员数 < 9", points = -1 }] },
  { name = "支出", unit = "万元", bands = [{ from = 45, points = 0 }, { points = -5 }] },
]
"""


@pytest.mark.parametrize(("rule", "warned"), [("收入", []), ("支出", ["W226"])])
def test_an_amount_is_held_against_bands_only_where_the_figure_alone_decides(rule: str, warned: list[str]) -> None:
    typed = facts(f"支部 | 评委 | 规则 | 数量 | 分值\n甲 | 一 | {rule} | 30 | 2", "committee", "考核")
    table = entries(typed)
    assert [problem.code for problem in compare_amounts(table, standard(CONDITIONAL), ["甲"])] == warned
