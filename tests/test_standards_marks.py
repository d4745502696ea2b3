"""Standards of other notices: rules, items, sources; what is typed is drawn, what follows worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from dingji.scheme.load import load_scheme
from tests.drawn import entries, facts, marks, rows, situations
from tests.other_standards import NAMES, figures, grades, recorded, roster, run, standard, with_round
from tests.small_standard import scored


@pytest.mark.parametrize("name", NAMES)
def test_each_is_read_without_a_finding(name: str) -> None:
    assert standard(name).id == name


# --- rules: bands by one value or another, shares of the best, points below nothing ----------------------------

VILLAGE = """
支部 | 人均纯收入 | 增幅 | 集体收入 | 合作社 | 参合率 | 文体活动
甲   | 5500    | 5   | 80     | 2     | 95    | 10
乙   | 5499.99 | 15.01 | 40   | 4     | 94.99 | 12
丙   | 2000    | 13  | 20     | 0     | 79.99 | 0
丁   | 2299    | 17.5 | 0     | 3     | 80    | 4
"""


def test_village_bands_by_one_value_or_another() -> None:
    """25 + 20 + 10 + 10 + 25; 20 + 10 + 15 (held at 15) + 5 + 30; 10 + 5 + 0 − 5 + 0; 25 + 0 + 15 + 0 + 10."""
    found = run("village", recorded(VILLAGE, "考评"))
    assert figures(found) == "90.00 80.00 10.00 50.00"
    assert found.column("place") == [1, 2, 4, 3]
    assert grades(found) == "— — — —"


def test_village_the_best_is_missing_while_one_branch_has_no_figure() -> None:
    found = run("village", recorded(VILLAGE.replace("| 20     | 0     |", "|        | 0     |"), "考评"))
    assert figures(found) == "— — — —"
    assert found.column("missing")[0] == ("考评缺生产发展",)


STUDENTS = """
支部 | 不符合项 | 积极分子比例 | 第一次谈话率
甲   | 0     | 55         | 75
乙   | 3     | 39.9       | 60
丙   | 70    | 30         | 45
丁   | 0     | 9          | 30
"""


def test_students_rates_by_steps_above_and_below() -> None:
    """62 + 41.5; 57 + 40; 0 (floored) + 38.5; 60 − 2 + 37. 39.9% is no whole step above 30%, 9% two below."""
    claims = "支部 | 组织建设 | 队伍建设\n甲 | 60 | 40\n乙 | 60 | 40\n丙 | 1 | 1\n丁 | 60 | 40"
    found = run("students", marks(claims, "自评", "self"), recorded(STUDENTS, "党委评分"))
    assert figures(found) == "103.50 97.00 38.50 95.00"
    assert grades(found) == "A A C A"
    assert found.source("自评") == [100, 100, 2, 100]


# --- items: dimensions of a hundred, two kinds of branch, exemption ---------------------------------------------

DIMENSIONS = """
支部 | 1   | 2   | 3   | 4   | 5   | 6   | 7
教   | 规则 | 规则 | 规则 |     | 规则 | 90  | 80
机   | 规则 | 规则 |     | 规则 | 规则 | 100 | 70
"""
DIMENSION_FACTS = """
支部 | 评委 | 规则        | 选项 | 数量
教   |    | 缺支委       |     | 1
教   |    | 制度评价      | 较好 |
教   |    | 学生单科不足70 |     | 3
教   |    | 推广层级      | 学院 |
机   |    | 缺支委       |     | 0
机   |    | 制度评价      | 差   |
机   |    | 服务投诉      |     | 2
机   |    | 推广层级      | 无   |
"""


def test_dimensions_of_a_hundred_are_worth_twenty_each() -> None:
    """教: (55 + 30 + 94 + 75 + 90 + 80) ÷ 5; 机: 60 + 0 of 100, 40 of 50, 0, 100, 70."""
    found = run("dimensions", marks(DIMENSIONS, "考评组"), facts(DIMENSION_FACTS, "committee", "考评组"),
                roster=roster("教学 机关"))  # fmt: skip
    assert figures(found) == "84.80 62.00"
    assert grades(found) == "达标 整改"


ALTERNATIVE_FACTS = """
支部 | 评委 | 规则     | 选项 | 数量
教   | 一  | 缺席     |    | 3
教   | 一  | 分工不明   | 是  |
教   | 一  | 学习不足   |    | 5
教   | 一  | 教学事故   |    | 1
机   | 一  | 缺席     |    | 1
机   | 一  | 换届超期   |    | 20
机   | 一  | 学习不足   |    | 4
"""


def test_parts_for_different_branches_stand_in_for_each_other() -> None:
    """教: 60 − 3 − 6, 35, (100 − 15 − 10 − 6) ÷ 5; 机: 60 − 1 − 40, 40, (60 − 12) of 60 in 20."""
    found = run(
        "alternatives",
        marks("支部 | 评委 | 教学成果 | 服务成果\n教 | 一 | 35 |\n机 | 一 | | 40", "考评"),
        facts(ALTERNATIVE_FACTS, "committee", "考评"),
        facts("支部 | 规则 | 数量\n教 | 通报 | 1", "records"),
        roster=roster("教学 机关"),
    )
    assert figures(found) == "99.80 75.00"
    assert grades(found) == "一般 后进"


RANKED = """
id = "ranked"
title = "分组排名办法"
[[sources]]
name = "评审"
form = "committee"
weight = 100
[[indicators]]
name = "创建"
full = 100
[[quotas]]
flag = "先进"
top = { "学生" = "50%", default = "40%" }
within = "类别"
[[quotas]]
flag = "约谈"
bottom = "20%"
round = "half_up"
among = "综合得分 < 70"
"""


def test_where_there_are_no_grades_a_share_is_of_those_with_a_total() -> None:
    """Three of 教工 with a total: 40% is 1.2, so two; of two 学生 one; 20% of all five is one, the lowest below 70."""
    ranked, found = load_scheme(RANKED.encode())
    assert ranked is not None, found
    drawn = marks("支部 | 创建\n甲 | 90\n乙 | 80\n丙 | 60\n丁 | –\n戊 | 95\n己 | 65", "评审")
    told = scored(ranked, entries(drawn), round_name="年终", roster=roster("教工 教工 教工 教工 学生 学生"))
    assert told.column("flags") == [("先进",), ("先进",), ("约谈",), (), ("先进",), ()]


RESOURCES = """
支部 | 评委 | 1   | 2 | 3   | 4   | 5
大   | 一  | 规则 | 5 | 规则 | 规则 | 规则
小   | 一  |     | 4 | 15  | 1   | 0
"""
RESOURCE_FACTS = """
支部 | 评委 | 规则     | 选项 | 数量
大   | 一  | 无固定场所 | 是  |
大   | 一  | 主题活动   |    | 5
大   | 一  | 信息稿件   |    | 6
大   | 一  | 建网站     | 是 |
大   | 一  | 建公众号    | 是 |
"""


def test_resources_an_exempt_item_counts_in_full_and_one_of_two_is_enough() -> None:
    """大: 0 + 5 + 15 + 1 + 1 (two websites count once); 小, seven members short of the limit: 15 + 4 + 15 + 1 + 0."""
    claims = "支部 | 1 | 2 | 3 | 4 | 5\n大 | 15 | 5 | 18 | 1 | 1\n小 | | 5 | 18 | 0 | 0"
    found = run("resources", marks(claims, "自评", "self"), marks(RESOURCES, "考评"),
                facts(RESOURCE_FACTS, "committee", "考评"), roster=roster("7 6", "党员数"))  # fmt: skip
    assert found.source("考评") == [22, 35]
    assert figures(found) == "29.20 36.20"
    assert grades(found) == "基本合格 合格"


# --- records: level × gravity, counts of a label, quarters that add up, a full mark of 120 -----------------------

ENTERPRISE = """
支部 | 规则      | 选项    | 数量 | 分值
甲   | 安全处罚   | 本级黄牌 | 3  |
甲   | 安全处罚   | 上级红牌 | 1  |
甲   | 问题线索核实 | 部分核实 |    |
甲   | 党员攻关   |        | 4  | 5
乙   | 报表逾期   |        | 12 |
乙   | 内容不实   |        | 2  | 3
"""
QUARTERS = [("一季度", "120.0"), ("二季度", "240.0"), ("三季度", "360.0"), ("四季度", "480.0")]


def test_enterprise_a_matrix_of_level_and_gravity() -> None:
    """20 + 100 − 1.5 − 5 − 2 + 15 (of 20, at most 15) = 126.5; 24 + 6 off 20 leaves nothing of that block."""
    found = run("enterprise", with_round(facts(ENTERPRISE, "records"), "一季度"), round_name="一季度")
    assert figures(found, 1) == "126.5 100.0"


@pytest.mark.parametrize(("current", "figure"), QUARTERS)
def test_enterprise_quarters_add_up(current: str, figure: str) -> None:
    """Every quarter's records count in the sum so far; what is recorded later does not yet."""
    drawn = [
        row
        for name, _ in QUARTERS
        for row in with_round(facts("支部 | 规则 | 数量\n甲 | 报表逾期 | 0", "records"), name)
    ]
    assert figures(run("enterprise", drawn, round_name=current), 1) == figure


def test_additive_points_stack_without_a_ceiling() -> None:
    """5 × 4 + 3 + 2 × 10 + 20 + 40 (of 45, at most 40); nothing recorded and 已核 gives 0, not missing."""
    drawn = """
支部 | 评委 | 规则      | 选项 | 数量
甲   | 一  | 调研报告   |     | 5
甲   | 一  | 报告被采用 | 区级 | 1
甲   | 一  | 报告被采用 | 市级 | 2
甲   | 一  | 报告被采用 | 全国 | 1
甲   | 一  | 组织活动   |     | 9
乙   | 一  |          |     |
"""
    claims = marks("支部 | 参政议政\n甲 | 100\n乙 | 20", "支部自评", "self")
    found = run("additive", claims, facts(drawn, "committee", "审核"))
    assert figures(found) == "103.00 0.00"
    assert found.column("place") == [1, 2]


# --- sources: each its own part, gates, medians, trimmed means, weights -----------------------------------------

OFFICES = """
支部 | 组织生活 | 阵地组织科 | 阵地农村科 | 播放 | 设备
甲   | 13    | 12      | 10      | 10 | 1
乙   | 9.5   | 6       | 7       | 0  | 3
"""


def test_offices_mark_each_its_own_and_the_parts_are_added_at_face_value() -> None:
    """13 + (12 + 10) ÷ 2 + 8 − 1 − 1 = 30; 9.5 + 6.5 + 0 (6 and 3 off 8 leaves nothing) = 16."""
    parts = []
    for line in rows(OFFICES):
        unit = line["支部"]
        life, place, devices = line["组织生活"], line["阵地组织科"], line["设备"]
        parts += [
            marks(f"支部 | 评委 | 组织生活 | 阵地建设\n{unit} | 一 | {life} | {place}", "组织科"),
            marks(f"支部 | 评委 | 阵地建设\n{unit} | 二 | {line['阵地农村科']}", "农村科"),
            marks(f"支部 | 评委 | 远程教育\n{unit} | 三 | 规则", "电教科"),
            facts(f"支部 | 评委 | 规则 | 数量\n{unit} | 三 | 播放不足 | {line['播放']}", "committee", "电教科"),
            facts(f"支部 | 评委 | 规则 | 数量\n{unit} | 三 | 设备缺失 | {devices}", "committee", "电教科"),
        ]
    found = run("offices", *parts)
    assert figures(found) == "30.00 16.00"
    assert grades(found) == "好 差"


GATES = """
支部 | 思想 | 组织 | 作风        | 综合    | 等次
甲   | 36  | 36  | 18 18      | 90.00 | 达标
乙   | 40  | 40  | 0 0        | 80.00 | 不达标
丙   | 32  | 32  | 15 16 17 18 | 80.35 | 达标
丁   | 30  | 30  | 12 14      | 73.00 | 基本达标
"""


def test_gates_a_heading_of_nothing_bars_every_grade_with_a_condition() -> None:
    """The median of 15, 16, 17 and 18 is 16.5; a heading at 0 in every source bars both upper grades at 80 points."""
    parts = []
    for line in rows(GATES):
        unit, own = line["支部"], line["作风"].split()
        claim = "0" if own[0] == "0" else str(Fraction(own[0]) + (1 if unit in "丙丁" else 0))
        parts.append(
            marks(
                f"支部 | 思想建设 | 组织建设 | 作风建设\n{unit} | {line['思想']} | {line['组织']} | {claim}",
                "自查",
                "self",
            )
        )
        raters = "\n".join(
            f"{unit} | {place} | {line['思想']} | {line['组织']} | {mark}" for place, mark in enumerate(own)
        )
        parts.append(marks(f"支部 | 评委 | 思想建设 | 组织建设 | 作风建设\n{raters}", "核查"))
    found = run("gates", *parts, situations("支部 | 情形\n丙 | 书记受处分"))
    assert figures(found) == " ".join(line["综合"] for line in rows(GATES))
    assert grades(found) == " ".join(line["等次"] for line in rows(GATES))
    assert found.column("flags") == [("推荐评先",), (), ("取消评先资格",), ()]


def test_gates_one_rater_is_too_few() -> None:
    claim = marks("支部 | 思想建设 | 组织建设 | 作风建设\n甲 | 36 | 36 | 18", "自查", "self")
    one = marks("支部 | 评委 | 思想建设 | 组织建设 | 作风建设\n甲 | 一 | 36 | 36 | 18", "核查")
    assert figures(run("gates", claim, one)) == "—"


TIERS = """
支部 | 四有 | 四好  | 四强 | 等次
甲   | 80  | 80   | 80  | 五星
乙   | 100 | 79.9 | 100 | 三星
丙   | 95  | 90   | 79  | 四星
丁   | 79.99 | 100 | 100 | 未达标
"""


def test_tiers_are_passed_one_by_one_whatever_the_total() -> None:
    drawn = "\n".join(" | ".join(list(line.values())[:4]) for line in rows(TIERS))
    parts = [
        marks(f"支部 | 四有 | 四好 | 四强\n{drawn}", source, form)
        for source, form in (("申报", "self"), ("验收", "committee"))
    ]
    found = run("tiers", *parts)
    assert grades(found) == "五星 三星 四星 未达标"
    assert figures(found) == "240.00 279.90 264.00 279.99"
    declared = run("tiers", *parts, situations("支部 | 情形\n甲 | 触犯四无底线"))
    assert grades(declared) == "未达标 三星 四星 未达标"


def test_faculty_full_marks_of_52_and_32_are_brought_to_a_hundred() -> None:
    """47 of 52 and 27.2 of 32: 90.38 and 85.00; 27 of 32 is 84.375, exactly half way and so 84.38."""
    drawn = "支部 | 评委 | 1 | 2 | 3\n院 | 一 | 18 | 11 | 18\n处 | 一 | 17 | 10.2 |\n科 | 一 | 15 | 12 |"
    found = run("faculty", marks(drawn, "评分"), roster=roster("学院 机关 机关"))
    assert figures(found) == "90.38 85.00 84.38"
    assert grades(found) == "优 良 良"
