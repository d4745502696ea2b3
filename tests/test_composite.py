"""Sources put together: whom things are for, who marks them, sources inside sources, bonus and limits."""

from __future__ import annotations

from fractions import Fraction

import pytest

from dingji.scheme.condition_values import Column
from tests.drawn import entries, facts, marks, rows, tally
from tests.small_standard import COMMITTEE, RECORDS_ONLY, indicator, rules, scored, standard

# --- for, exempt, scaled, in -----------------------------------------------------------------------------

ROSTER: dict[str, Column] = {"类别": ["机关", "临床"]}
PARTS = "items = [{ no = 1, full = 60 }, { no = 2, full = 20 }, { no = 3, full = 20, for = \"类别 = '机关'\" }]"


@pytest.mark.parametrize("scaled", ["indicator", "standard"])
def test_what_is_not_for_a_branch_is_left_out(scaled: str) -> None:
    """60 of the 80 that remain become 75 of 100, whether the indicator or the whole standard is scaled."""
    lines = ["scaled = true"] if scaled == "indicator" else []
    text = "" if lines else "scaled = true\n"
    text += COMMITTEE + 'marks = "items"\n' + indicator("班子", 100, PARTS, *lines)
    table = entries(marks("支部 | 评委 | 1 | 2 | 3\n甲 | 一 | 45 | 15 | 10\n乙 | 一 | 45 | 15 |", "评定"))
    assert scored(standard(text), table, roster=ROSTER).column("composite") == [70, 75]


def test_rules_of_an_item_that_is_not_for_a_branch_do_not_touch_it() -> None:
    lines = (PARTS, rules('name = "缺会", item = 3, once = -5'), "scaled = true")
    text = COMMITTEE + 'marks = "rules"\n' + indicator("班子", 100, *lines)
    table = entries(facts("支部 | 评委 | 规则 | 选项\n甲 | 一 | 缺会 | 是\n乙 | 一 | 缺会 | 是", "committee", "评定"))
    assert scored(standard(text), table, roster=ROSTER).column("composite") == [95, 100]


def test_a_rule_is_for_whom_it_says() -> None:
    text = (
        COMMITTEE
        + 'marks = "rules"\n'
        + indicator("班子", 100, rules('name = "缺会", once = -5, for = "类别 = \'机关\'"'))
    )
    table = entries(facts("支部 | 评委 | 规则 | 选项\n甲 | 一 | 缺会 | 是\n乙 | 一 | 缺会 | 是", "committee", "评定"))
    assert scored(standard(text), table, roster=ROSTER).column("composite") == [95, 100]
    assert scored(standard(text), table, roster={"类别": ["机关", None]}).column("composite") == [95, 95]


def test_an_indicator_is_for_whom_it_says() -> None:
    text = "scaled = true\n" + COMMITTEE + indicator("班子", 80) + indicator("机关作风", 20, "for = \"类别 = '机关'\"")
    table = entries(marks("支部 | 评委 | 班子 | 机关作风\n甲 | 一 | 72 | 15\n乙 | 一 | 72 |", "评定"))
    found = scored(standard(text), table, roster=ROSTER)
    assert found.column("composite") == [87, 90]


def test_exempt_counts_in_full_without_a_mark() -> None:
    exempt = "exempt = \"类别 = '临床'\""
    whole = COMMITTEE + indicator("班子", 80) + indicator("值班", 20, exempt)
    table = entries(marks("支部 | 评委 | 班子 | 值班\n甲 | 一 | 70 | 15\n乙 | 一 | 70 |", "评定"))
    assert scored(standard(whole), table, roster=ROSTER).column("composite") == [85, 90]
    items = f"items = [{{ no = 1, full = 80 }}, {{ no = 2, full = 20, {exempt} }}]"
    by_item = COMMITTEE + 'marks = "items"\n' + indicator("班子", 100, items)
    table = entries(marks("支部 | 评委 | 1 | 2\n甲 | 一 | 70 | 15\n乙 | 一 | 70 | –", "评定"))
    assert scored(standard(by_item), table, roster=ROSTER).column("composite") == [85, 90]
    rule = rules('name = "缺会", item = 2, unit = "次", each = -5')
    by_rules = COMMITTEE + 'marks = "rules"\n' + indicator("班子", 100, items, rule)
    table = entries(facts("支部 | 评委 | 规则 | 数量\n甲 | 一 | 缺会 | 1\n乙 | 一 | 缺会 | 1", "committee", "评定"))
    assert scored(standard(by_rules), table, roster=ROSTER).column("composite") == [95, 100]


def test_dimensions_of_a_hundred_may_be_worth_less() -> None:
    dimensions = "".join(
        indicator(name, full, "scaled = true", f"items = [{{ no = {no}, full = 60 }}, {{ no = {no + 1}, full = 40 }}]")
        for name, full, no in (("班子", 20, 1), ("队伍", 80, 3))
    )
    table = entries(marks("支部 | 评委 | 1 | 2 | 3 | 4\n甲 | 一 | 55 | 35 | 50 | 25", "评定"))
    found = scored(standard(COMMITTEE + 'marks = "items"\n' + dimensions), table)
    assert found.column("composite") == [18 + 60]


def test_an_indicator_is_the_sum_of_what_is_inside_it_within_its_own_bounds() -> None:
    text = (
        COMMITTEE
        + indicator("组织", 60, "max = 50")
        + indicator("班子", 30, 'in = "组织"')
        + indicator("队伍", 30, 'in = "组织"')
        + indicator("业绩", 40)
    )
    table = entries(
        marks(
            "支部 | 评委 | 班子 | 队伍 | 业绩\n甲 | 一 | 20 | 25 | 30\n乙 | 一 | 30 | 28 | 30\n丙 | 一 | 30 | – | 30",
            "评定",
        )
    )
    found = scored(standard(text), table)
    assert found.column("composite") == [75, 80, None]
    assert [step["figure"] for step in found.steps("乙", "combined")] == [50]


# --- several sources -------------------------------------------------------------------------------------

BY = """
[[sources]]
name = "自评"
form = "self"
weight = 40
[[sources]]
name = "评定"
form = "committee"
weight = 60
"""


def test_an_indicator_that_says_who_marks_it_counts_at_face_value() -> None:
    text = (
        BY
        + indicator("班子", 60)
        + indicator("队伍", 20, 'by = "评定"')
        + indicator("作风", 20, 'by = ["自评", "评定"]')
    )
    table = entries(
        marks("支部 | 班子 | 作风\n甲 | 50 | 20", "自评", "self"),
        marks("支部 | 评委 | 班子 | 队伍 | 作风\n甲 | 一 | 40 | 18 | 10", "评定"),
    )
    found = scored(standard(text), table)
    assert found.source("自评") == [70]
    assert found.source("评定") == [68]
    assert found.column("composite") == [
        Fraction("0.4") * 50 + Fraction("0.6") * 40 + 18 + (40 * 20 + 60 * 10) / Fraction(100)
    ]


def test_weights_may_be_left_out_where_every_indicator_says_who_marks_it() -> None:
    text = BY.replace("weight = 40\n", "").replace("weight = 60\n", "")
    text += indicator("班子", 60, 'by = "评定"') + indicator("作风", 40, 'by = ["自评", "评定"]')
    table = entries(
        marks("支部 | 作风\n甲 | 30\n乙 | 30", "自评", "self"),
        marks("支部 | 评委 | 班子 | 作风\n甲 | 一 | 50 | 40\n乙 | 一 | 50 | –", "评定"),
    )
    found = scored(standard(text), table)
    assert found.column("composite") == [85, None]
    assert found.told("甲", "composite") == ["班子 50 ＋ 作风 35 → 85.00"]


NESTED = """
rounds = ["半年", "年终"]
[[sources]]
name = "全部"
weight = 100
[[sources]]
name = "静态"
in = "全部"
weight = 60
[[sources]]
name = "动态"
in = "全部"
form = "committee"
marks = "total"
weight = 40
""" + "".join(
    f'[[sources]]\nname = "{name}"\nin = "静态"\nform = "committee"\nmarks = "total"\nweight = {weight}\n'
    for name, weight in (("述职", 10), ("单位自评", 20), ("群众", 30), ("组织", 40))
)

SERVICE = """
单位   | 述职 | 单位自评 | 群众 | 组织 | 检查          | 综合
甲站   | 85  | 90  | 88   | 82  | 80 84 78 86  | 84.22
甲站年 | 90  | 92  | 91.5 | 88  | 90 88 86 92  | 89.63
乙站   | 60  | 75  | 62.5 | 58  | 55 60 65 58  | 61.57
乙站年 | 64  | 80  | 66   | 61  | 60 62 58 64  | 64.36
丙院   | 95  | 96  | 97   | 94  | 95 93 96 92  | 94.84
丙院年 | 96  | 97  | 98   | 95  | 97 95 94 96  | 96.04
"""


def test_sources_inside_sources() -> None:
    """Every round of the service case by itself; the sources are written outermost first and two deep."""
    lines = rows(SERVICE)
    typed = [
        marks(f"支部 | 评委 | 总分\n{line['单位']} | 一 | {line[name]}", name)
        for line in lines
        for name in ("述职", "单位自评", "群众", "组织")
    ]
    typed += [
        marks(f"支部 | 评委 | 总分\n{line['单位']} | 组{place} | {mark}", "动态")
        for line in lines
        for place, mark in enumerate(line["检查"].split())
    ]
    found = scored(standard(NESTED + indicator("业绩", 100)), entries(*typed), round_name="年终")
    assert found.printed() == [line["综合"] for line in lines]
    assert found.steps("甲站", "source")[0]["figure"] is not None
    assert [list(scores) for scores in found.column("scores")] == [["全部"]] * 6


def test_an_indicators_composite_mark_weighs_sources_as_the_whole_does() -> None:
    """班子 is marked 40 by a source of 50 inside one of 60, and 80 by one of 40: it stands at 40×30 + 80×40 over 70."""
    text = """
[[sources]]
name = "静态"
weight = 60
[[sources]]
name = "述职"
in = "静态"
form = "committee"
weight = 50
[[sources]]
name = "群众"
in = "静态"
form = "committee"
marks = "total"
weight = 50
[[sources]]
name = "动态"
form = "committee"
weight = 40
"""
    low = '[[situations]]\nname = "弱"\nwhen = "班子 < 4400/70"\nflag = "弱"\n[[situations]]\nname = "更弱"\n'
    text += indicator("班子", 100) + low + 'when = "班子 <= 4400/70"\nflag = "更弱"\n'
    table = entries(
        marks("支部 | 评委 | 班子\n甲 | 一 | 40", "述职"),
        marks("支部 | 评委 | 总分\n甲 | 一 | 90", "群众"),
        marks("支部 | 评委 | 班子\n甲 | 一 | 80", "动态"),
    )
    found = scored(standard(text), table)
    assert found.column("flags") == [("更弱",)]
    assert found.column("composite") == [Fraction(60, 100) * 65 + 32]


def test_a_source_without_weight_is_shown_and_does_not_count() -> None:
    text = BY.replace("weight = 40", "weight = 0").replace("weight = 60", "weight = 100") + indicator("班子", 100)
    table = entries(marks("支部 | 评委 | 班子\n甲 | 一 | 70", "评定"), marks("支部 | 班子\n甲 | 99", "自评", "self"))
    found = scored(standard(text), table)
    assert found.column("composite") == [70]
    assert found.source("自评") == [99]
    without = scored(standard(text), entries(marks("支部 | 评委 | 班子\n甲 | 一 | 70", "评定")))
    assert without.column("composite") == [70]


def test_rules_of_one_source_read_the_share_of_another_written_after_it() -> None:
    text = """
[[sources]]
name = "评定"
form = "committee"
weight = 60
[[sources]]
name = "测评"
form = "survey"
marks = "options"
questions = ["评价"]
options = { "满意" = 100, "不满意" = 0 }
shares = { "满意率" = ["满意"] }
weight = 40
"""
    rule = 'name = "群众不满意", of = "满意率", bands = [{ from = "90%", points = 0 }, { points = -50 }]'
    text += indicator("群众反映", 100, rules(rule))
    votes = "支部 | 项目 | 满意 | 不满意\n甲 | 评价 | 9 | 1\n乙 | 评价 | 89 | 11"
    found = scored(standard(text), entries(tally(votes, "测评")), "甲乙丙")
    assert found.column("composite") == [96, Fraction("65.6"), None]
    assert found.column("shares") == [{"满意率": Fraction(9, 10)}, {"满意率": Fraction(89, 100)}, {"满意率": None}]
    assert found.told("甲", "rule") == ["群众不满意：满意率＝90.00%；90%及以上0分；其余−50分 → 0 分"]


def test_a_rule_over_the_group_is_missing_while_one_branch_has_no_figure() -> None:
    text = """
[[sources]]
name = "评定"
form = "committee"
marks = "rules"
weight = 100
"""
    text += indicator(
        "规模",
        100,
        rules(
            'name = "比例", of = "党员数 / 最高(党员数)", each = 100',
        ),
        "start = 0",
    )
    nothing = entries(facts("支部 | 评委 | 规则\n甲 | 一 |", "committee", "评定"))
    whole: dict[str, Column] = {"党员数": [Fraction(20), Fraction(15)]}
    part: dict[str, Column] = {"党员数": [Fraction(20), None]}
    assert scored(standard(text), nothing, "甲乙", roster=whole).column("composite") == [100, 75]
    assert scored(standard(text), nothing, "甲乙", roster=part).column("composite") == [None, None]


def test_a_rule_may_read_a_yes_or_no_of_the_roster() -> None:
    text = (
        COMMITTEE + 'marks = "rules"\n' + indicator("规模", 100, rules('name = "过小", of = "党员数 < 3", once = -10'))
    )
    figures: dict[str, Column] = {"党员数": [Fraction(2), Fraction(3), None]}
    found = scored(
        standard(text), entries(facts("支部 | 评委 | 规则\n甲 | 一 |", "committee", "评定")), "甲乙丙", roster=figures
    )
    assert found.column("composite") == [90, 100, None]


# --- bonus and limits ------------------------------------------------------------------------------------

RESPONSIBILITY = (
    RECORDS_ONLY
    + indicator(
        "落实",
        30,
        rules(
            'name = "上级会议精神未及时贯彻", unit = "次", each = -1',
            'name = "受教育率", unit = "%", under = "95%", once = -1',
            'name = "党建信息", unit = "篇", under = 4, each = -1',
        ),
    )
    + indicator("群众", 40, rules('name = "满意率", unit = "%", under = "85%", once = -3'))
    + indicator("服务", 30, rules('name = "志愿服务不配合", unit = "次", each = -2'))
    + """
[[indicators]]
name = "加分表"
bonus = true
rules = [
  { name = "荣誉", options = { "国家级" = 8, "省级" = 6, "市级" = 4 } },
  { name = "肯定推广", options = { "市级以上" = 4 } },
  { name = "核心词", options = { "市委宣传部" = 4, "院党委" = 1 } },
  { name = "信息录用", unit = "篇", options = { "市直" = 2, "院" = 0.5 } },
  { name = "活动", unit = "次", each = 1 },
]
"""
)
RECORDED = """
支部 | 规则                 | 数量 | 日期
甲   | 上级会议精神未及时贯彻 | 1   | 2026-03-01
甲   | 上级会议精神未及时贯彻 | 1   | 2026-06-01
甲   | 受教育率             | 93  | 2026-12-01
甲   | 党建信息             | 2   | 2026-04-01
甲   | 党建信息             | 1   | 2026-10-01
甲   | 满意率               | 84  | 2026-12-01
甲   | 志愿服务不配合        | 1   | 2026-05-01
"""
CLAIMED = """
支部 | 规则    | 选项       | 数量 | 工作
甲   | 荣誉    | 市级       |     | 创建工程
甲   | 肯定推广 | 市级以上    |     | 创建工程
甲   | 核心词  | 市委宣传部  |     |
甲   | 核心词  | 院党委      |     |
甲   | 信息录用 | 市直       | 2   |
甲   | 信息录用 | 院         | 3   |
甲   | 活动    |           | 2   |
"""


@pytest.mark.parametrize(
    ("change", "bonus"),
    [
        ("", "16.5"),
        ('same_work = "sum"\n', "20.5"),
        ("max = 6\n", "6"),
        ("for = \"类别 = '临床'\"\n", "0"),
    ],
)
def test_the_responsibility_case(change: str, bonus: str) -> None:
    """2 + 1 + 1 + 3 + 2 off 100; 4 once for the same work, 5, 5.5 and 2 on top: 107.5."""
    text = RESPONSIBILITY.replace("bonus = true\n", f"bonus = true\n{change}")
    table = entries(facts(RECORDED, "records"), facts(CLAIMED, "bonus"))
    found = scored(standard(text), table, roster={"类别": ["机关"]})
    assert found.source("考核") == [91]
    assert found.column("bonus") == [Fraction(bonus)]
    assert found.column("composite") == [91 + Fraction(bonus)]


def test_a_rules_limit_holds_its_rows_together() -> None:
    text = RESPONSIBILITY.replace('"院" = 0.5 } }', '"院" = 0.5 }, max = 4.5 }')
    found = scored(standard(text), entries(facts(CLAIMED, "bonus")))
    assert found.column("bonus") == [Fraction("15.5")]
    dropped = "肯定推广市级以上 +4（与“创建工程”同一工作，只计最高的一次，不计）"
    assert found.steps("甲", "bonus")[0]["words"].startswith(f"加分表：荣誉市级 +4；{dropped}；")


@pytest.mark.parametrize(
    ("limits", "figure"), [("max = 105", 105), ("max = 110", Fraction("107.5")), ("min = 108", 108)]
)
def test_the_standards_own_limits(limits: str, figure: Fraction) -> None:
    table = entries(facts(RECORDED, "records"), facts(CLAIMED, "bonus"))
    assert scored(standard(f"{limits}\n{RESPONSIBILITY}"), table).column("composite") == [figure]
