"""What standards of other notices asked of the program: names with any sign, formulas by name, rules beside items."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.drawn import entries, facts, marks, rows, situations
from tests.small_standard import COMMITTEE, GRADES, findings, indicator, rules, scored, standard

SIGNS = (
    COMMITTEE
    + 'marks = "rules"\n'
    + indicator("作风（含廉政）", 60, rules('name = "5篇以上、被采用", unit = "篇", each = -1'))
    + indicator("学习、教育", 40, rules('name = "学习", unit = "次", under = 4, each = -10'))
    + GRADES
    + """
[[situations]]
name = "作风差"
when = "“作风（含廉政）” < 50 and “评定.学习、教育” = 40 and “5篇以上、被采用” > 10"
at_most = "一般"
"""
)


def test_a_name_with_other_signs_is_read_in_quotes_and_needs_none_elsewhere() -> None:
    drawn = "支部 | 规则 | 数量\n甲 | 5篇以上、被采用 | 11\n甲 | 学习 | 4\n乙 | 5篇以上、被采用 | 11\n乙 | 学习 | 3"
    found = scored(standard(SIGNS), entries(facts(drawn, "committee", "评定")))
    assert found.column("composite") == [89, 79]
    assert found.column("computed") == ["一般", "一般"]
    assert found.column("situations") == [("作风差",), ()]
    assert found.column("issues") == [(), (("学习、教育", 30, 40),)]


READ_BY_NAME = (
    COMMITTEE
    + 'marks = "rules"\n'
    + indicator(
        "任务",
        100,
        rules(
            'name = "计划", unit = "件"',
            'name = "完成", unit = "件"',
            'name = "完成率", of = "完成 / 计划", under = "90%", once = -20',
            'name = "垫底", of = "完成率 = 最低(完成率)", once = -5',
            'name = "缺席", once = -1, missing = "否"',
        ),
    )
    + GRADES
    + """
[[situations]]
name = "未完成"
when = "完成率 < 50%"
grade = "差"
[[situations]]
name = "缺席述职"
when = "缺席 = '是'"
at_most = "一般"
"""
)
TASKS = """
支部 | 计划 | 完成 | 缺席 | 得分 | 等次
甲   | 10  | 9   | 否  | 100 | 好
乙   | 10  | 8   |     | 80  | 较好
丙   | 9   | 8   | 是  | 79  | 一般
丁   | 9   | 4   | 否  | 75  | 差
"""


def test_a_rules_formula_is_read_by_the_rules_name() -> None:
    lines = rows(TASKS)
    drawn = [f"{line['支部']} | {rule} | | {line[rule]}" for line in lines for rule in ("计划", "完成")]
    drawn += [f"{line['支部']} | 缺席 | {line['缺席']} | " for line in lines if line["缺席"]]
    text = "\n".join(("支部 | 规则 | 选项 | 数量", *drawn))
    found = scored(standard(READ_BY_NAME), entries(facts(text, "committee", "评定")), "甲乙丙丁")
    assert found.column("composite") == [Fraction(line["得分"]) for line in lines]
    assert found.column("computed") == [line["等次"] for line in lines]


BESIDE = """
[[sources]]
name = "评定"
form = ["committee", "records"]
marks = "items"
weight = 100
[[indicators]]
name = "班子"
full = 100
items = [{ no = 1, full = 60 }, { no = 2, full = 40 }]
rules = [
  { name = "缺人", unit = "人", each = -30 },
  { name = "迟到", item = 1, unit = "次", each = -5 },
]
"""
BOOKS = """
支部 | 一           | 二           | 得分
甲   | 规则 规则 2 1 |              | 60
乙   | 50 40 0 1   |              | 90
丙   | 规则 40 2 1  | 60 40 0 0   | 80
丁   | 规则 规则 0 4 |              | 0
戊   | 规则 40 0 0  | 规则 30 1 2  | 62.5
"""


def test_rules_of_no_item_count_beside_the_items_of_who_left_one_to_the_rules() -> None:
    """甲 60 − 10 + 40 − 30; 乙 typed every mark, which stands; 丙 the mean of 60 and 100; 丁 is held at nothing.

    戊: items 60 and 55 → 57.5, 40 and 30 → 35; beside them 0 and −60 → −30.
    """
    parts, lines = [], rows(BOOKS)
    for line in lines:
        unit = line["支部"]
        for rater in ("一", "二"):
            if line[rater]:
                first, second, late, absent = line[rater].split()
                parts.append(marks(f"支部 | 评委 | 1 | 2\n{unit} | {rater} | {first} | {second}", "评定"))
                drawn = f"{unit} | {rater} | 迟到 | {late}\n{unit} | {rater} | 缺人 | {absent}"
                parts.append(facts(f"支部 | 评委 | 规则 | 数量\n{drawn}", "committee", "评定"))
    found = scored(standard(BESIDE), entries(*parts))
    assert found.column("composite") == [Fraction(line["得分"]) for line in lines]


ORDER = """
[[sources]]
name = "复核"
form = "committee"
weight = 50
[[sources]]
name = "初评"
form = "committee"
weight = 50
[[indicators]]
name = "班子"
full = 60
by = "初评"
[[indicators]]
name = "整改"
full = 40
by = "复核"
rules = [{ name = "初评失分", of = "初评.班子", under = 50, each = -1 }]
"""


@pytest.mark.parametrize("swapped", [False, True])
def test_a_source_waits_for_the_sources_that_its_rules_read(*, swapped: bool) -> None:
    """45 of 60 and 5 short of 50: 45 + 35, whichever source is written first."""
    text = ORDER.replace('"复核"\nform', '"?"\nform').replace('"初评"\nform', '"复核"\nform').replace('"?"', '"初评"')
    found = scored(standard(text if swapped else ORDER), entries(marks("支部 | 评委 | 班子\n甲 | 一 | 45", "初评")))
    assert found.column("composite") == [80]


def test_a_score_may_be_set_by_what_the_composite_comes_to() -> None:
    text = COMMITTEE + indicator("班子", 100) + GRADES
    text += '[[situations]]\nname = "过低"\nwhen = "综合得分 < 40"\nscore = 0\n'
    found = scored(standard(text), entries(marks("支部 | 评委 | 班子\n甲 | 一 | 39.99\n乙 | 一 | 40", "评定")))
    assert found.column("composite") == [0, 40]


def test_the_examples_have_no_findings() -> None:
    assert [finding.text for text in (SIGNS, READ_BY_NAME, BESIDE, ORDER) for finding in findings(text)] == []


COUNTED = """
[[situations]]
name = "班子不团结"
flag = "关注"
[[situations]]
name = "信访突出"
flag = "关注"
[[situations]]
name = "账目混乱"
flag = "关注"
[[situations]]
name = "两种以上"
when = "班子不团结 + 信访突出 + 账目混乱 >= 2"
grade = "差"
[[quotas]]
flag = "推荐"
top = 2
among = "等次 = '好' and not 信访突出"
"""


def test_declared_situations_may_be_counted_and_read() -> None:
    """甲 has one and stays 好, two make 乙 差; 丙 is as good and not among those recommended."""
    text = COMMITTEE + indicator("班子", 100) + GRADES + COUNTED
    given = marks("支部 | 评委 | 班子\n甲 | 一 | 95\n乙 | 一 | 95\n丙 | 一 | 99\n丁 | 一 | 94", "评定")
    drawn = "支部 | 情形\n甲 | 班子不团结\n乙 | 班子不团结\n乙 | 账目混乱\n丙 | 信访突出"
    found = scored(standard(text), entries(given, situations(drawn)))
    assert found.column("computed") == ["好", "差", "好", "好"]
    assert found.column("flags") == [("关注", "推荐"), ("关注",), ("关注",), ("推荐",)]


def test_points_may_be_taken_off_the_whole_by_an_indicator_of_its_own() -> None:
    text = COMMITTEE + indicator("班子", 100)
    text += indicator("反向指数", 0, "start = 0", "min = -20", rules('name = "积案", unit = "件", each = -5'))
    drawn = facts("支部 | 规则 | 数量\n甲 | 积案 | 3\n乙 | 积案 | 9", "records")
    table = entries(marks("支部 | 评委 | 班子 | 反向指数\n甲 | 一 | 90 | 0\n乙 | 一 | 90 | 0", "评定"), drawn)
    assert findings(text) == []
    assert scored(standard(text), table).column("composite") == [75, 70]


THIRDS = """
rounds = { "一次" = "1/3", "二次" = "1/3", "三次" = "1/3" }
[[sources]]
name = "自评"
form = "self"
marks = "total"
weight = "1/3"
[[sources]]
name = "互评"
form = "peer"
marks = "total"
weight = "1/3"
[[sources]]
name = "组织评"
form = "committee"
marks = "total"
weight = { "一次" = "1/3", "二次" = "1/3", "三次" = "1/3" }
[[indicators]]
name = "总体"
full = 100
"""


def test_three_parties_and_three_rounds_may_count_alike() -> None:
    """(90 + 80 + 70) ÷ 3 three times, the last with 71: 80, 80, 80⅓ → 80.11."""
    drawn = []
    for name, last in (("一次", 70), ("二次", 70), ("三次", 71)):
        own = [("自评", "self", 90), ("互评", "peer", 80), ("组织评", "committee", last)]
        for source, form, figure in own:
            rows_in = marks(f"支部 | 评委 | 总分\n甲 | 一 | {figure}", source, form)
            drawn += [{**row, "round": name} for row in rows_in]
    assert findings(THIRDS) == []
    found = scored(standard(THIRDS), entries(drawn), round_name="三次")
    assert found.column("unrounded") == [Fraction(721, 9)]
    assert found.printed() == ["80.11"]


SLIPS = {
    'rounds = { "一" = 33, "二" = 33, "三" = 33 }\n': (
        "各轮次的权重合计 99，应为 100（取加权平均），或者每个都是 100（相加）"
    ),
    '[[grades]]\nname = "甲"\nfrom = 90\n[[grades]]\nname = "甲"\nfrom = 80\n[[grades]]\nname = "乙"\n': (
        "等次“甲”写了不止一次；同一等次的几种条件写在一个 when 里，用 or 连起来"
    ),
}


@pytest.mark.parametrize(("text", "words"), SLIPS.items())
def test_rounds_that_make_no_whole_and_a_grade_twice_are_errors(text: str, words: str) -> None:
    found = findings(text + COMMITTEE + indicator("班子", 100))
    assert [(finding.severity, finding.words) for finding in found] == [("error", words)]


OWN_FIELD = (
    "scaled = true\n"
    + COMMITTEE
    + indicator("共性", 60)
    + indicator("学校工作", 40, "for = \"类别 = '学校'\"")
    + GRADES
    + """
[[situations]]
name = "学校工作差"
when = "学校工作 < 12 or 评定.学校工作 < 12"
grade = "差"
"""
)


def test_what_is_not_for_a_branch_is_nobodys_weak_point_and_fulfils_no_condition() -> None:
    drawn = "支部 | 评委 | 共性 | 学校工作\n校 | 一 | 60 | 11\n院 | 一 | 60 |"
    found = scored(standard(OWN_FIELD), entries(marks(drawn, "评定")), roster={"类别": ["学校", "医院"]})
    assert found.column("computed") == ["差", "好"]
    assert found.column("issues") == [(("学校工作", 11, 40),), ()]
    assert found.told("院", "source") == ["共性 60 ＝ 60，按满分 100 折算为 100"]
