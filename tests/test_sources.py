"""What one source gives: raters combined, marks computed from rules, records laid on."""

from __future__ import annotations

from fractions import Fraction

import pytest

from dingji.scheme.condition_values import Column
from tests.drawn import ballots, entries, facts, marks, rows, tally
from tests.small_standard import COMMITTEE, GRADES, RECORDS_ONLY, five_good, indicator, rules, scored, standard

# --- several raters --------------------------------------------------------------------------------------

COMBINED = """
办法                                   | 评分           | 得分
                                      | 88 90 91 95 70 | 86.8
combine = "median"                    | 88 90 91 95 70 | 90
combine = "median"                    | 88 90 91 95    | 90.5
trim = 1                              | 88 90 91 95 70 | 269/3
trim = 1                              | 70 90 95       | 90
trim = 1                              | 70 90          | 80
trim = 1, trim_from = 5               | 70 80 85 95    | 82.5
trim = 1, trim_from = 5               | 70 80 85 95 95 | 260/3
trim = 2                              | 70 80 85 95 95 | 85
trim = 2                              | 70 80 85 95    | 82.5
trim = 1, combine = "median"          | 70 80 85 95    | 82.5
min_raters = 3                        | 80 90          |
min_raters = 3                        | 80 90 100      | 90
                                      | 80 – 90        |
                                      | 80 ? 90        |
min_raters = 1                        | 80             | 80
"""


@pytest.mark.parametrize("line", rows(COMBINED), ids=lambda line: f"{line['办法']} {line['评分']}")
@pytest.mark.parametrize("form", ["committee", "peer"])
def test_raters_marks_become_one(line: dict[str, str], form: str) -> None:
    text = f'[[sources]]\nname = "评定"\nform = "{form}"\nweight = 100\n{line["办法"].replace(", ", chr(10))}\n'
    drawn = "\n".join(f"甲 | 评委{place} | {mark}" for place, mark in enumerate(line["评分"].split()))
    found = scored(
        standard(text + indicator("班子", 100)), entries(marks(f"支部 | 评委 | 班子\n{drawn}", "评定", form))
    )
    assert found.source("评定") == [Fraction(line["得分"]) if line["得分"] else None]


def test_how_marks_were_combined_is_told() -> None:
    text = COMMITTEE + "trim = 1\n" + indicator("班子", 100)
    drawn = marks("支部 | 评委 | 班子\n甲 | 一 | 88\n甲 | 二 | 90\n甲 | 三 | 95", "评定")
    found = scored(standard(text), entries(drawn))
    assert found.told("甲", "combined") == ["班子：3名评委（88、90、95）去掉1个最高、1个最低后平均 ＝ 90"]
    assert [step["rater"] for step in found.steps("甲", "mark")] == ["一", "二", "三"]
    assert [step["entries"] for step in found.steps("甲", "mark")] == [(0,), (1,), (2,)]


def test_one_missing_mark_leaves_the_branch_without_a_grade_and_is_named() -> None:
    text = COMMITTEE + indicator("班子", 50) + indicator("队伍", 50) + GRADES
    drawn = marks("支部 | 评委 | 班子 | 队伍\n甲 | 一 | 45 | –\n甲 | 二 | 45 | 45\n乙 | 一 | 45 | 45", "评定")
    found = scored(standard(text), entries(drawn), "甲乙丙")
    assert found.column("computed") == ["", "好", ""]
    assert found.column("missing") == [("评定缺队伍",), (), ("缺评定",)]


def test_what_was_put_right_counts_once() -> None:
    wrong = [{**row, "state": "superseded"} for row in marks("支部 | 评委 | 班子\n甲 | 一 | 10", "评定")]
    right = marks("支部 | 评委 | 班子\n甲 | 一 | 90", "评定")
    found = scored(standard(COMMITTEE + indicator("班子", 100)), entries(wrong, right))
    assert found.printed() == ["90.00"]


# --- marks computed from rules ---------------------------------------------------------------------------

BOUNDED = indicator(
    "班子",
    10,
    "items = [{ no = 1, full = 8 }, { no = 2, full = 2 }]",
    rules(
        'name = "学时", item = 2, unit = "学时", under = 8, each = -1',
        'name = "换届", item = 1, once = -2',
        'name = "缺额", once = -3',
    ),
) + indicator("其他", 90)
BOUNDS = """
范围                       | 扣分                         | 得分
                          | 甲 ¦ 一 ¦ 学时 ¦ ¦ 0            | 2
bounded = "indicator"     | 甲 ¦ 一 ¦ 学时 ¦ ¦ 0            | 2
bounded = "item"          | 甲 ¦ 一 ¦ 学时 ¦ ¦ 0            | 8
bounded = "item"          | 甲 ¦ 一 ¦ 学时 ¦ ¦ 7            | 9
bounded = "item"          | 甲 ¦ 一 ¦ 缺额 ¦ 是 ¦ ; 甲 ¦ 一 ¦ 学时 ¦ ¦ 0 | 5
                          | 甲 ¦ 一 ¦ 缺额 ¦ 是 ¦ ; 甲 ¦ 一 ¦ 学时 ¦ ¦ 0 | 0
                          | 甲 ¦ 一 ¦ ¦ ¦                  | 10
"""


@pytest.mark.parametrize("line", rows(BOUNDS), ids=lambda line: f"{line['范围']} {line['扣分']}")
def test_points_are_held_by_indicator_or_by_item(line: dict[str, str]) -> None:
    """0 of 8 学时 costs 8 of the indicator's 10, not the item's 2, unless the standard bounds items."""
    drawn = line["扣分"].replace("¦", "|").replace(" ; ", "\n")
    table = entries(
        marks("支部 | 评委 | 班子 | 其他\n甲 | 一 | 规则 | 90", "评定"),
        facts(f"支部 | 评委 | 规则 | 选项 | 数量\n{drawn}", "committee", "评定"),
    )
    found = scored(standard(line["范围"] + COMMITTEE + BOUNDED), table)
    assert found.column("composite") == [Fraction(line["得分"]) + 90]


@pytest.mark.parametrize(("limits", "mark"), [("", 0), ("min = -1", -1), ('min = "none"', -3), ("min = 2", 2)])
def test_an_indicators_own_floor_wins(limits: str, mark: int) -> None:
    text = (
        COMMITTEE
        + indicator("班子", 10, limits, rules('name = "缺会", unit = "次", each = -1'))
        + indicator("其他", 90)
    )
    table = entries(
        marks("支部 | 评委 | 班子 | 其他\n甲 | 一 | 规则 | 90", "评定"),
        facts("支部 | 评委 | 规则 | 数量\n甲 | 一 | 缺会 | 13", "committee", "评定"),
    )
    assert scored(standard(text), table).column("composite") == [90 + mark]


@pytest.mark.parametrize(("limits", "mark"), [("", 2), ("min = 0", 8), ("min = -1", 7)])
def test_an_item_limits_only_if_it_says_so(limits: str, mark: int) -> None:
    items = f"items = [{{ no = 1, full = 8 }}, {{ no = 2, full = 2{', ' + limits if limits else ''} }}]"
    rule = rules('name = "学时", item = 2, unit = "学时", under = 8, each = -1')
    for marked, things in (("indicators", "班子"), ("items", "1 | 2")):
        text = COMMITTEE + f'marks = "{marked}"\n' + indicator("班子", 10, items, rule) + indicator("其他", 90)
        cells = "规则" if marked == "indicators" else "8 | 规则"
        table = entries(
            marks(f"支部 | 评委 | {things} | 其他\n甲 | 一 | {cells} | 90", "评定"),
            facts("支部 | 评委 | 规则 | 数量\n甲 | 一 | 学时 | 0", "committee", "评定"),
        )
        assert scored(standard(text), table).column("composite") == [90 + mark]


def test_points_may_start_at_nothing() -> None:
    body = ("start = 0", "items = [{ no = 1, full = 10 }, { no = 2, full = 10 }]")
    rule = rules('name = "活动", item = 1, unit = "次", each = 3', 'name = "宣传", item = 2, unit = "篇", each = 2')
    for bounds, mark in (('bounded = "indicator"', 16), ('bounded = "item"', 14)):
        text = bounds + COMMITTEE + indicator("业绩", 20, *body, rule) + indicator("其他", 80)
        table = entries(
            marks("支部 | 评委 | 业绩 | 其他\n甲 | 一 | 规则 | 80", "评定"),
            facts("支部 | 评委 | 规则 | 数量\n甲 | 一 | 活动 | 4\n甲 | 一 | 宣传 | 2", "committee", "评定"),
        )
        assert scored(standard(text), table).column("composite") == [80 + mark]


def test_a_fact_that_could_not_be_read_leaves_its_indicator_missing() -> None:
    for rule in ("学时", "不知何规则"):
        table = entries(
            marks("支部 | 评委 | 班子 | 其他\n甲 | 一 | 规则 | 90", "评定"),
            facts(f"支部 | 评委 | 规则 | 数量 | 状态\n甲 | 一 | {rule} | | refused", "committee", "评定"),
        )
        assert scored(standard(COMMITTEE + BOUNDED), table).column("composite") == [None]


RULES_ONLY = (
    COMMITTEE.replace("weight", 'marks = "rules"\nweight')
    + indicator("班子", 40, rules('name = "换届", once = -2', 'name = "缺会", unit = "次", each = -1'))
    + indicator(
        "队伍", 40, rules('name = "出勤率", unit = "%", bands = [{ from = "90%", points = 0 }, { points = -5 }]')
    )
    + indicator("特色", 20)
)


def test_a_source_that_marks_by_rules_alone() -> None:
    """Two raters verified 甲's facts; of 乙's nobody wrote 出勤率, which takes nothing; nobody looked at 丙."""
    table = entries(
        facts(
            """
            支部 | 评委 | 规则   | 选项 | 数量
            甲   | 一   | 换届   | 是   |
            甲   | 一   | 出勤率 |      | 89.9
            甲   | 二   | 缺会   |      | 4
            甲   | 二   | 出勤率 |      | 90
            乙   | 一   | 换届   | 否   |
            """,
            "committee",
            "评定",
        ),
        marks("支部 | 评委 | 特色\n甲 | 一 | 15\n甲 | 二 | 16\n乙 | 一 | 20\n丙 | 一 | 20", "评定"),
    )
    found = scored(standard(RULES_ONLY), table)
    assert found.column("composite") == [37 + Fraction("37.5") + Fraction("15.5"), 100, None]
    assert found.column("missing") == [(), (), ("评定缺班子、队伍",)]
    assert found.told("甲", "rule")[:2] == [
        "换届：是；−2分 → −2 分",
        "出勤率：89.90%；90%及以上0分；其余−5分 → −5 分",
    ]


def test_of_a_rate_the_latest_date_counts() -> None:
    table = entries(
        marks("支部 | 评委 | 特色 | 班子\n甲 | 一 | 20 | 40", "评定"),
        facts(
            "支部 | 评委 | 规则 | 数量 | 日期\n甲 | 一 | 出勤率 | 85 | 2026-03-01\n甲 | 一 | 出勤率 | 95 | 2026-02-01",
            "committee",
            "评定",
        ),
    )
    assert scored(standard(RULES_ONLY), table).source("评定") == [95]


# --- records ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recorded", "mark"),
    [
        ("", 8),
        ("甲 | | 缺会 | 3", 5),
        ("甲 | | 缺会 | 3\n甲 | | 缺会 | 4", 1),
        ("甲 | | 缺会 | 30", 0),
        ("乙 | | 缺会 | 3", 8),
    ],
)
def test_records_are_laid_on_the_raters_combined_mark_before_its_floor(recorded: str, mark: int) -> None:
    """They count once, not once a rater; a rule in bands that nobody recorded adds nothing to a typed mark."""
    body = rules(
        'name = "缺会", unit = "次", each = -1',
        'name = "出勤率", unit = "%", bands = [{ from = "90%", points = 0 }, { points = -5 }]',
    )
    text = COMMITTEE + indicator("班子", 10, body) + indicator("其他", 90)
    table = entries(
        marks("支部 | 评委 | 班子 | 其他\n甲 | 一 | 7 | 90\n甲 | 二 | 9 | 90", "评定"),
        facts(f"支部 | 评委 | 规则 | 数量\n{recorded}".strip(), "records"),
    )
    found = scored(standard(text), table, "甲")
    assert found.column("composite") == [90 + mark]


def test_the_fourth_branch_of_five_good() -> None:
    """工作机制好 left blank: 23 off 20 → 0, and what is recorded beside cannot sink it further."""
    fact = """
        支部 | 评委 | 规则           | 选项    | 数量
        四   | 一   | 制度未落实       |        | 5
        四   | 一   | 组织生活         |        | 6
        四   | 一   | 无年度活动计划    | 是      |
        四   | 一   | 支部活动记录      | 没有记录 |
    """
    drawn = marks(
        "支部 | 评委 | 领导班子好 | 党员队伍好 | 工作机制好 | 工作业绩好\n四 | 一 | 8 | 14 | 规则 | 20", "党委评定"
    )
    votes = tally("支部 | 项目 | 满意 | 基本满意 | 不满意\n四 | 对党支部工作的总体评价 | 10 | 7 | 3", "党群评分")
    for recorded in ("", "四 | | 未编制党员信息表 | 是"):
        table = entries(
            drawn,
            votes,
            facts(fact, "committee", "党委评定"),
            facts(f"支部 | 评委 | 规则 | 选项\n{recorded}".strip(), "records"),
        )
        found = scored(five_good(), table, "四", round_name="年初")
        assert found.source("党委评定") == [8 + 14 + 0 + 20 + 15]
    told = [step["words"] for step in found.steps("四", "mark") if step["item"] == "工作机制好" and step["rater"]]
    assert told == ["工作机制好（满分 20） 0 分＝20 − 23，扣完为止"]


@pytest.mark.parametrize(("bounds", "figure"), [("indicator", 92), ("item", 95)])
def test_a_source_of_records_alone_starts_full(bounds: str, figure: int) -> None:
    """5 学时 short and 3 off: 2 of 10 are left, or 5 where item 2 can lose no more than its 2."""
    other = ('name = "其他"\nfull = 90\n', 'name = "其他"\nfull = 90\nrules = [{ name = "投诉", once = -1 }]\n')
    text = f'bounded = "{bounds}"' + RECORDS_ONLY + BOUNDED.replace(*other)
    table = entries(facts("支部 | 规则 | 数量\n甲 | 学时 | 3\n甲 | 学时 | 0\n甲 | 缺额 |", "records"))
    assert scored(standard(text), table, "甲乙").column("composite") == [figure, 100]


def test_bands_that_only_records_can_feed_need_a_record() -> None:
    rule = rules('name = "出勤率", unit = "%", bands = [{ from = "90%", points = 0 }, { points = -5 }]')
    found = scored(
        standard(RECORDS_ONLY + indicator("队伍", 100, rule)),
        entries(facts("支部 | 规则 | 数量\n甲 | 出勤率 | 89", "records")),
        "甲乙",
    )
    assert found.column("composite") == [95, None]


def test_a_record_that_could_not_be_read_leaves_its_indicator_missing() -> None:
    text = COMMITTEE + indicator("班子", 60, rules('name = "缺会", unit = "次", each = -1')) + indicator("其他", 40)
    drawn = marks("支部 | 评委 | 班子 | 其他\n甲 | 一 | 50 | 40\n乙 | 一 | 50 | 40", "评定")
    refused = facts("支部 | 规则 | 数量 | 状态\n甲 | 缺会 | | refused", "records")
    assert scored(standard(text), entries(drawn, refused)).column("composite") == [None, 90]


# --- surveys ----------------------------------------------------------------------------------------------

SURVEY = """
[[sources]]
name = "测评"
form = "survey"
marks = "total"
min_ballots = 3
weight = 100
"""


def test_ballots_may_give_one_total_and_too_few_of_them_give_none() -> None:
    drawn = "支部 | 张数 | 总分\n甲 | 2 | 90\n甲 | 1 | 84\n乙 | 2 | 100"
    found = scored(standard(SURVEY + indicator("班子", 100) + GRADES), entries(ballots(drawn, "测评")))
    assert found.column("composite") == [88, None]
    assert found.column("missing") == [(), ("缺测评",)]
    assert found.told("乙", "source") == ["测评 不计：有效票 2 张，不足 3 张"]


def test_bands_may_ask_for_a_condition() -> None:
    bands = "bands = [{ from = 4500, points = 0 }, { when = \"类别 = '贫困'\", points = -1 }, { points = -5 }]"
    text = COMMITTEE + 'marks = "rules"\n' + indicator("增收", 100, rules(f'name = "收入", unit = "元", {bands}'))
    drawn = "\n".join(
        f"{unit} | 一 | 收入 | {figure}" for unit, figure in zip("甲乙丙丁", (4500, 4400, 4400, 4400), strict=True)
    )
    table = entries(facts(f"支部 | 评委 | 规则 | 数量\n{drawn}", "committee", "评定"))
    roster: dict[str, Column] = {"类别": ["一般", "贫困", "一般", None]}
    assert scored(standard(text), table, roster=roster).column("composite") == [100, 99, 95, None]
