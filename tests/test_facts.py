"""Facts under rules: what the standard does not know or what does not suffice is told at its cell, and waits."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any

import pandas as pd
import pytest

from dingji.forms.filling import Cells, Filling
from dingji.forms.office_forms import bonus_form, records_form
from dingji.forms.write import write_form
from dingji.intake.combine import combine
from dingji.intake.facts import amount_range, check_facts
from dingji.intake.record_rounds import RecordRounds
from dingji.numbers import MICRO
from dingji.problems import Problem, describe
from dingji.read.recognise import Plan
from dingji.roster import Directory
from dingji.round_days import Round
from dingji.scheme.model import Scheme
from dingji.tables import BRANCHES, ENTRIES, table
from tests.drawn import rows as drawn
from tests.papers import (
    BOOK,
    FIRST,
    SELF,
    altered,
    filled,
    good,
    outcome_of,
    read_by,
    shown_at,
    told,
    typed,
    with_file,
)
from tests.small_standard import COMMITTEE, indicator, rules, standard

PATH = "平时记录.xlsx"
DAY = "2026-03-01"

RECORDS: list[tuple[dict[str, Any], list[str], str]] = [
    # a rule with fixed points needs its name only
    ({"规则": "未编制党员信息表"}, [], ""),
    ({"规则": " 未编制 党员信息表 "}, [], ""),
    ({"规则": "未编制党员信息表", "选项": "是"}, [], ""),
    ({"规则": "未编制党员信息表", "指标": "工作机制好"}, [], ""),
    ({"规则": "未编制党员信息表", "指标": "领导班子好"}, ["E212"], "领导班子好"),
    ({"规则": "未编党员信息表"}, ["E212"], "未编党员信息表"),
    ({"规则": "完全不同的事"}, ["E212"], "完全不同的事"),
    # a count
    ({"规则": "组织生活", "数量": 8}, [], ""),
    ({"规则": "组织生活", "数量": "8次"}, ["N220"], "8次"),
    ({"规则": "组织生活", "数量": 0}, [], ""),
    ({"规则": "组织生活"}, ["E214"], ""),
    ({"规则": "组织生活", "数量": "八次"}, ["E201"], "八次"),
    ({"规则": "组织生活", "数量": -3}, ["E202"], "-3"),
    ({"规则": "组织生活", "数量": 0.1234567}, ["E208"], "0.1234567"),
    # a choice
    ({"规则": "支部活动记录", "选项": "没有记录"}, [], ""),
    ({"规则": "支部活动记录"}, ["E215"], ""),
    ({"规则": "支部活动记录", "选项": "一般"}, ["E205"], "一般"),
    ({"规则": "支部活动记录", "选项": "未开展"}, ["E205"], "未开展"),
    # points to be weighed
    ({"规则": "党员要求松懈、党员群众有反映", "分值": 2}, [], ""),
    ({"规则": "党员要求松懈、党员群众有反映", "分值": "-2分"}, ["N220"], "-2分"),
    ({"规则": "党员要求松懈、党员群众有反映"}, ["E211"], ""),
    ({"规则": "党员要求松懈、党员群众有反映", "分值": 5}, ["E210"], "5"),
    ({"规则": "党员要求松懈、党员群众有反映", "分值": 0}, ["E210"], "0"),
    ({"规则": "党员要求松懈、党员群众有反映", "分值": 2, "事由": None}, ["W230"], ""),
    ({"规则": "党员示范活动", "选项": "效果不好", "分值": 2}, [], ""),
    ({"规则": "党员示范活动", "选项": "效果不好"}, ["E211"], ""),
    ({"规则": "党员示范活动", "选项": "效果不好", "分值": 9}, ["E210"], "9"),
    ({"规则": "党员示范活动", "选项": "未开展"}, [], ""),
    # the figure held, or what was lacking
    ({"规则": "组织生活", "数量": 1, "事由": "少1次"}, ["E249"], "1"),
    ({"规则": "组织生活", "数量": 2, "事由": "组织生活少开了两次"}, ["E249"], "2"),
    ({"规则": "组织生活", "数量": 3, "事由": "未开展 3 次"}, ["E249"], "3"),
    ({"规则": "组织生活", "数量": 8, "事由": "少2次"}, [], ""),
    ({"规则": "组织生活", "数量": 5, "事由": "少5次"}, [], ""),
    ({"规则": "组织生活", "数量": 1, "事由": "实有1次，少于10次"}, [], ""),
    # when, and what
    ({"规则": "组织生活", "数量": 8, "日期": "2025-12-31"}, ["W228"], "2025-12-31"),
    ({"规则": "组织生活", "数量": 8, "日期": "2026-07-01"}, ["W228"], "2026-07-01"),
    ({"规则": "组织生活", "数量": 8, "日期": "2026-06-30"}, [], ""),
    ({"规则": "组织生活", "数量": 8, "日期": None}, ["E229"], ""),
    ({"规则": "组织生活", "数量": 8, "日期": "三月"}, ["E213"], "三月"),
    ({"数量": 8}, ["E229"], ""),
]


def record(row: Mapping[str, Any]) -> bytes:
    return filled("records", [{**FIRST, "日期": DAY, "事由": "检查", **row}])


@pytest.mark.parametrize(("row", "expected", "found"), RECORDS, ids=lambda value: "" if value is None else str(value))
def test_records(row: dict[str, Any], expected: list[str], found: str) -> None:
    raw = record(row)
    problems = [problem for problem in outcome_of(with_file(PATH, raw)).problems if problem.file == PATH]
    assert [problem.code for problem in problems] == expected
    for problem in problems:
        assert (problem.unit, problem.sheet) == ("ZB01", "平时记录")
        assert problem.found == found
        assert shown_at(raw, problem.sheet, problem.cell) == problem.found, "what is found stands where it is said to"
        assert "{" not in describe(problem).text


def counted(row: Mapping[str, Any]) -> pd.DataFrame:
    entries = outcome_of(with_file(PATH, record(row))).entries
    return entries[entries["form"] == "records"]


def test_a_fact_that_counts_is_named_as_the_standard_names_it() -> None:
    fact = counted({"规则": " 组织 生活", "数量": "8次"}).iloc[0]
    assert (fact["rule"], fact["item"], fact["state"]) == ("组织生活", "工作机制好", "typed")
    assert int(fact["value"]) == 8 * MICRO


def test_a_fact_of_another_round_leaves_the_table_and_a_refused_one_stays() -> None:
    """What a refused fact should have fed is missing; it must not pass for nothing to deduct."""
    assert counted({"规则": "组织生活", "数量": 8, "日期": "2025-12-31"}).empty
    assert list(counted({"规则": "组织生活", "数量": "八次"})["state"]) == ["refused"]
    outcome = outcome_of(with_file(PATH, record({"规则": "组织生活", "数量": "八次"})))
    scores = dict(zip(outcome.results["unit"], outcome.results["composite"], strict=True))
    assert scores["ZB01"] is None
    assert scores["ZB02"] is not None


def test_a_near_rule_is_suggested() -> None:
    (problem,) = told(outcome_of(with_file(PATH, record({"规则": "未编党员信息表"}))).problems, "E212")
    assert describe(problem).words == "标准中没有这个规则；是不是“未编制党员信息表”"


def test_notes_and_totals_below_the_records_do_no_harm() -> None:
    rows: list[Cells] = [
        {**FIRST, "日期": DAY, "规则": "组织生活", "数量": 8},
        {**FIRST, "日期": DAY, "规则": "组织生活", "数量": 3, "事由": "另一次"},
        {"日期": "合 计", "数量": 11},
        {"日期": "注：以上由办公室登记。"},
        {"党组织编码": "登记人：", "事由": "审核人："},
    ]
    outcome = outcome_of(with_file(PATH, filled("records", rows)))
    assert [problem.code for problem in outcome.problems if problem.file == PATH] == []
    assert len(outcome.entries[outcome.entries["form"] == "records"]) == 2


# --- verified rows of raters ------------------------------------------------------------------------------

VERIFIED = [("是", [], 4), ("否", ["W224"], 3), (None, ["W224"], 3), ("已核", ["E205", "W224"], 3)]


@pytest.mark.parametrize(("verdict", "expected", "count"), VERIFIED)
def test_a_raters_fact_counts_when_it_is_verified(verdict: str | None, expected: list[str], count: int) -> None:
    raw = altered(good()[BOOK], typed("评定扣分", "组织生活", "已核", verdict))
    outcome = outcome_of(with_file(BOOK, raw))
    own = [problem for problem in outcome.problems if problem.file == BOOK]
    assert [problem.code for problem in own] == expected
    assert {shown_at(raw, problem.sheet, problem.cell) for problem in own} <= {verdict or ""}
    facts = outcome.entries[(outcome.entries["part"] == "fact") & (outcome.entries["rater"] == "PW1")]
    assert len(facts) == count


def test_a_raters_fact_under_another_indicator_is_refused() -> None:
    raw = altered(good()[BOOK], typed("评定扣分", "组织生活", "指标", "领导班子好"))
    (problem,) = told(outcome_of(with_file(BOOK, raw)).problems, "E212")
    assert describe(problem).words == "标准中没有这个指标与规则的搭配：规则“组织生活”属于“工作机制好”"


# --- the facts beside a claim -----------------------------------------------------------------------------

BESIDE: list[tuple[str, str, object, list[str]]] = [
    ("支委集中学习", "数量", 8, []),
    ("支委集中学习", "数量", 6, ["W221"]),
    ("支委集中学习", "数量", "6学时", ["N220", "W221"]),
    ("支委集中学习", "数量", "六学时", ["E201"]),
    ("支委集中学习", "数量", -1, ["E202"]),
    ("支委集中学习", "说明", "集中学习六次", []),
    ("不按期换届", "选项", "否", []),
    ("不按期换届", "选项", "是", ["W221"]),
    ("不按期换届", "选项", "按期", ["E205"]),
    ("党员要求松懈、党员群众有反映", "分值", 9, ["E210"]),
]


@pytest.mark.parametrize(("rule", "heading", "value", "expected"), BESIDE)
def test_facts_beside_a_claim(rule: str, heading: str, value: object, expected: list[str]) -> None:
    raw = altered(good()[SELF], typed("扣分加分", rule, heading, value))
    own = [problem for problem in outcome_of(with_file(SELF, raw)).problems if problem.file == SELF]
    assert [problem.code for problem in own] == expected
    for problem in own:
        assert not problem.found or shown_at(raw, problem.sheet, problem.cell) == problem.found


# --- rates, bonus, evidence: a standard made for it -------------------------------------------------------

SMALL = """
[[grades]]
name = "好"
[[sources]]
name = "考核"
form = ["committee", "records"]
weight = 100
[[indicators]]
name = "组织"
full = 100
rules = [
  { name = "参会率", unit = "%", under = "90%", each = -1 },
  { name = "通报批评", unit = "次", each = [-1, -3], evidence = true },
]
[[indicators]]
name = "加分"
bonus = true
rules = [{ name = "表彰", options = { "省级" = 5, "市级" = [1, 3] }, evidence = true }]
"""


@cache
def small() -> Scheme:
    return standard(SMALL)


def checked(kind: str, **row: Any) -> list[Problem]:  # noqa: ANN401 - whatever a cell may hold
    """Return what is said of one row of a form under the small standard."""
    declared = {"records": records_form, "bonus": bonus_form}[kind](small(), "2026 年初")
    line: Cells = {"党组织编码": "A", **({"日期": DAY} if kind == "records" else {}), **row}
    raw = write_form(declared, Filling(rows={declared.title: [line]}))
    reading = read_by(raw, Plan("2026 年初", (declared,)))
    directory = Directory.of(table(BRANCHES, [{"unit": "A", "name": "甲"}]))
    entries = combine([reading], directory, {}).entries
    letters = {(reading.path, sheet): own for sheet, own in reading.letters.items()}
    facts = entries[entries["part"] == "fact"]
    rounds = RecordRounds(("年初",), {"年初": Round(year=2026, name="年初")})
    return reading.problems + check_facts(facts, small(), rounds, letters)[1]


RATES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("records", {"规则": "参会率", "数量": 85}, []),
    ("records", {"规则": "参会 率", "数量": "85%"}, ["N220"]),
    ("records", {"规则": "参会率", "数量": 0.85}, ["E207"]),
    ("records", {"规则": "参会率", "数量": 1}, ["E207"]),
    ("records", {"规则": "参会率", "数量": 101}, ["E203"]),
    ("records", {"规则": "通报批评", "数量": 1, "分值": 0.5, "事由": "通报", "依据": "文号"}, ["E210"]),
    ("records", {"规则": "通报批评", "数量": "1次", "分值": "2分", "事由": "通报", "依据": "文号"}, ["N220", "N220"]),
    ("records", {"规则": "通报批评", "数量": 1, "分值": 2, "事由": "通报"}, ["E216"]),
    ("bonus", {"加分项": "表彰", "级别": "省级", "依据": "文号", "审核意见": "同意"}, []),
    ("bonus", {"加分项": "表彰", "级别": "省级", "审核意见": "同意"}, ["E216"]),
    ("bonus", {"加分项": "表彰", "级别": "省级", "依据": "文号"}, ["W513"]),
    ("bonus", {"加分项": "表彰", "级别": "省级", "依据": "文号", "审核意见": "不同意"}, []),
    ("bonus", {"加分项": "表彰", "级别": "市级", "分值": 4, "依据": "文号", "审核意见": "同意"}, ["E210"]),
    ("bonus", {"加分项": "表彰", "依据": "文号", "审核意见": "同意"}, ["E215"]),
    ("bonus", {"加分项": "表章", "级别": "省级", "审核意见": "同意"}, ["E212"]),
]


@pytest.mark.parametrize(("kind", "row", "expected"), RATES)
def test_rates_bonus_and_evidence(kind: str, row: dict[str, Any], expected: list[str]) -> None:
    problems = checked(kind, **row)
    assert [problem.code for problem in problems] == expected
    assert all("{" not in describe(problem).text for problem in problems)


def test_a_problem_of_an_amount_stands_at_the_amount() -> None:
    """Option, count and amount have each their own cell; the one that is wrong is named."""
    (problem,) = checked("records", 规则="通报批评", 数量=1, 分值=0.5, 事由="通报", 依据="文号")
    assert (problem.cell[0], problem.found) == ("H", "0.5")
    (problem,) = checked("records", 规则="通报批评", 数量=-1, 分值=1, 事由="通报", 依据="文号")
    assert (problem.cell[0], problem.found) == ("G", "-1")


def test_amounts_are_weighed_only_where_the_standard_leaves_a_range() -> None:
    rules = {rule.name: rule for indicator in small().indicators for rule in indicator.rules}
    assert amount_range({"option": ""}, rules["参会率"]) is None
    assert amount_range({"option": ""}, rules["通报批评"]) == (Fraction(-3), Fraction(-1))
    assert amount_range({"option": "省级"}, rules["表彰"]) is None
    assert amount_range({"option": "市级"}, rules["表彰"]) == (Fraction(1), Fraction(3))
    assert amount_range({"option": "没有这一级"}, rules["表彰"]) is None


EVIDENCE = """
form      | 事由   | 依据  | 规则 | codes
committee | 通报3号 |      | 缺会 |
committee |       | 通报  |     | E216
peer      |       |      |     | E216
records   | 迟到   |      | -   | E216
records   |       | 通报  | 缺会 |
bonus     |       |      | -   | E216
self      |       |      | 缺会 |
"""


@pytest.mark.parametrize("line", drawn(EVIDENCE), ids=lambda line: "-".join(line.values()))
def test_without_its_record_a_row_waits_and_does_not_count(line: dict[str, str]) -> None:
    """On 评定扣分, which has no 依据, 事由 states the record; what is left of such a row is that it was verified."""
    scheme = standard(COMMITTEE + indicator("班子", 100, rules('name = "缺会", once = -5, evidence = true')))
    verdict = "同意" if line["form"] in ("bonus", "records") else "是"
    row = {"unit": "A", "form": line["form"], "part": "fact", "rule": "缺会", "option": "是", "state": "typed"}
    row |= {"reason": line["事由"], "evidence": line["依据"], "verdict": verdict, "date": DAY, "cell": "F5"}
    rounds = RecordRounds(("年初",), {"年初": Round(year=2026, name="年初")})
    kept, problems = check_facts(table(ENTRIES, [row]), scheme, rounds)
    assert [problem.code for problem in problems] == line["codes"].split()
    assert [fact["rule"] for fact in kept] == ([] if line["规则"] == "-" else [line["规则"]])


TWO_RATES = """
第一日     | 第一值 | 第二日     | 第二值 | 结果          | 代码
2026-03-01 | 80   | 2026-03-02 | 90   | typed typed     |
2026-03-02 | 80   | 2026-03-01 | 90   | typed typed     |
2026-03-01 | 80   | 2026-03-01 | 80   | typed typed     |
2026-03-01 | 80   | 2026-03-01 | 90   | refused refused | E227 E227
"""


@pytest.mark.parametrize("line", drawn(TWO_RATES), ids=lambda line: "-".join(line.values()))
def test_of_a_rate_the_latest_counts_and_of_two_of_one_day_neither(line: dict[str, str]) -> None:
    row = {"unit": "A", "form": "records", "part": "fact", "rule": "参会率", "state": "typed", "reason": "统计"}
    dated = [(line["第一日"], line["第一值"], "G5"), (line["第二日"], line["第二值"], "G6")]
    typed_rows = [row | {"date": day, "value": int(value) * MICRO, "cell": cell} for day, value, cell in dated]
    rounds = RecordRounds(("年初",), {"年初": Round(year=2026, name="年初")})
    kept, problems = check_facts(table(ENTRIES, typed_rows), small(), rounds)
    assert " ".join(fact["state"] for fact in kept) == line["结果"]
    assert " ".join(problem.code for problem in problems) == line["代码"]
    assert [problem.cell for problem in problems] == (["G5", "G6"] if problems else [])
