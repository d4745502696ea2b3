"""Standards of other notices: quotas, situations, nested indicators, places over the group."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest

from dingji.numbers import fixed
from tests.drawn import facts, marks, rows, situations
from tests.other_standards import figures, grades, recorded, roster, run
from tests.small_standard import Scored

# --- quotas: minimum, per category, ties at the edge, those graded directly ------------------------------------


def stars(scores: str, certificates: str = "", declared: str = "", **more: object) -> Scored:
    """Grade branches 甲, 乙 … by one figure each, claimed and marked alike."""
    lines = [(unit, Fraction(word)) for unit, word in zip("甲乙丙丁戊己庚辛壬癸", scores.split(), strict=False)]
    claims = "\n".join(f"{unit} | {fixed(score, 2)}" for unit, score in lines)
    given = "\n".join(f"{unit} | 一 | {fixed(score * 6 / 10, 2)} | {fixed(score * 4 / 10, 2)}" for unit, score in lines)
    own = "\n".join(f"{unit} | 廉政证明 | {'有' if unit in certificates else '无'}" for unit, _ in lines)
    known = more.get("roster", {})
    more["roster"] = {"成立月数": [Fraction(120)] * len(lines), **(known if isinstance(known, dict) else {})}
    return run("stars", marks(f"支部 | 总分\n{claims}", "自评", "self"),
               marks(f"支部 | 评委 | 规范指数 | 先锋指数\n{given}", "考评"),
               facts(f"支部 | 规则 | 选项\n{own}", "committee", "考评"),
               situations(f"支部 | 情形\n{declared}") if declared else (), round_name="年度", **more)  # fmt: skip


STARS = """
得分                    | 证明 | 等次
95 85 75 65 55         | 甲   | 五星 四星 三星 二星 不评星
95 94 75 65 55         | 甲乙  | 五星 四星 三星 二星 不评星
95 94 93 92 91         | 甲   | 五星 四星 四星 三星 三星
95 94 93 92 92         |     | 四星 四星 三星 三星 三星
95 94 93 93 93         | 甲   | 五星 四星 — — —
95 95 75 65 55         | 甲乙  | — — 三星 二星 不评星
"""


@pytest.mark.parametrize("line", rows(STARS), ids=lambda line: line["得分"])
def test_stars_within_their_numbers(line: dict[str, str]) -> None:
    """Of five, 10% is none but at least one holds 五星; 40% is two 四星, who comes down from 五星 among them.

    Level branches across an edge wait, and none of them is settled.
    """
    found = stars(line["得分"], line["证明"], roster=roster("教师 教师 教师 教师 教师"))
    assert grades(found) == line["等次"]
    assert found.column("settled") == [word != "—" for word in line["等次"].split()]


def test_stars_of_each_category_by_itself() -> None:
    """Two of five 教师 and none of two 学生 (40% of 2 is 0.8) hold 四星."""
    found = stars("89 88 87 86 85 84 83", roster=roster("教师 教师 教师 教师 教师 学生 学生"))
    assert grades(found) == "四星 四星 三星 三星 三星 三星 三星"
    assert found.column("flags") == [(), (), (), (), ("重点帮扶",), (), ("重点帮扶",)]


MEASURES = """
情形                       | 甲      | 乙
受区级以上表彰              | 五星    | 四星
档案缺失                   | 二星    | 二星
受区级以上表彰 档案缺失       | 二星    | 二星
发生重大事故                | 不评星  | 不评星
发生重大事故 受区级以上表彰   | 四星    | 四星
"""


@pytest.mark.parametrize("line", rows(MEASURES), ids=lambda line: line["情形"])
def test_stars_situations_act_in_their_order_whatever_the_order_written(line: dict[str, str]) -> None:
    """A branch that a situation graded counts in the quota, which never moves it."""
    for names in (line["情形"].split(), line["情形"].split()[::-1]):
        declared = "\n".join(f"{unit} | {name}" for name in names for unit in "甲乙")
        found = stars("95 62 50 50 50", "甲", declared, roster=roster("教师 " * 5))
        assert grades(found).split()[:2] == [line["甲"], line["乙"]]


def test_stars_the_young_are_not_graded_and_are_settled() -> None:
    found = stars("95 85 75", "甲", roster={"成立月数": [Fraction(11), Fraction(12), None], **roster("教师 教师 教师")})
    assert grades(found) == "不参加评星 四星 —"
    assert found.column("settled") == [True, True, False]


def test_stars_the_young_have_no_place_and_are_not_picked_out() -> None:
    """The lowest of all is too young: the next is helped, and places begin below it."""
    months = {"成立月数": [Fraction(30), Fraction(30), Fraction(3)], **roster("学生 学生 学生")}
    found = stars("95 75 70", "甲", roster=months)
    assert found.column("place") == [1, 2, None]
    assert found.column("flags") == [(), ("重点帮扶",), ()]


# --- nested indicators, situations, both kinds of quota, points taken off the whole ------------------------------

FORTRESS = """
支部 | 组织体系 | 党员管理 | 个性 | 积案 | 综合    | 等次
甲   | 38    | 19    | 38  |    | 95.00 | 先进
乙   | 36    | 18    | 36  |    | 90.00 | 先进
丙   | 36    | 18    | 35  |    | 89.00 | 先进
丁   | 35    | 18    | 35  |    | 88.00 | 一般
戊   | 34    | 17    | 35  |    | 86.00 | 一般
己   | 30    | 15    | 30  | 1  | 70.00 | 一般
庚   | 30    | 15    | 30  | 9  | 55.00 | 后进
辛   | 28    | 14    | 28  |    | 70.00 | 一般
壬   | 40    | 20    | 40  |    | 0.00  | 后进
"""


def test_fortress_common_and_own_indices_with_points_off() -> None:
    """45 points off are held at 20; of nine, 30% is 2.7, half up 3 先进; one 后进 at least (10%) there already is."""
    lines = rows(FORTRESS)
    kinds = ["学校" if place % 2 else "医院" for place in range(len(lines))]
    parts = []
    for line, kind in zip(lines, kinds, strict=True):
        unit = line["支部"]
        heads = f"支部 | 评委 | 组织体系 | 党员管理 | 个性指数（{kind}）"
        drawn = " | ".join((unit, "一", line["组织体系"], line["党员管理"], line["个性"]))
        parts.append(marks(f"{heads}\n{drawn}", "评价"))
        if line["积案"]:
            parts.append(facts(f"支部 | 规则 | 数量\n{unit} | 信访积案 | {line['积案']}", "bonus"))
    found = run("fortress", *parts, situations("支部 | 情形\n壬 | 清零情形"), roster={"类别": kinds})
    assert figures(found) == " ".join(line["综合"] for line in lines)
    assert grades(found) == " ".join(line["等次"] for line in lines)
    assert found.by_unit["庚"]["bonus"] == -20


# --- places, least and most -------------------------------------------------------------------------------------

RANKS = """
支部 | 测试成绩 | 信访量 | 计划数 | 完成数
甲   | 98    | 4    | 10   | 10
乙   | 90    | 2    | 10   | 12
丙   | 90    | 8    | 0    | 0
丁   | 70    | 16   | 8    | 6
"""


def test_ranks_by_place_by_the_least_and_in_proportion() -> None:
    """60 + 10 + 20; 57 + 20 + 20 (of 24); 57 + 5 + 20 (nothing planned, nothing left to do); 51 + 2.5 + 15."""
    found = run("ranks", recorded(RANKS))
    assert figures(found) == "90.00 97.00 82.00 68.50"
    assert grades(found) == "一等 一等 二等 三等"


@pytest.mark.parametrize("rule", ["测试成绩", "信访量"])
def test_ranks_wait_while_one_branch_has_no_figure(rule: str) -> None:
    lines: Sequence[dict[str, str]] = rows(RANKS)
    kept = [line for line in lines if line["支部"] != "丁"]
    without = {**lines[-1], rule: ""}
    drawn = "\n".join([" | ".join(lines[0]), *(" | ".join(line.values()) for line in (*kept, without))])
    assert figures(run("ranks", recorded(drawn))) == "— — — —"


def test_ranks_of_a_rate_the_latest_counts_whatever_the_order_of_rows() -> None:
    drawn = [
        f"甲 | 参合率 | {rate} | {date}" for rate, date in ((96, "2026-03-01"), (85, "2026-12-01"), (91, "2026-06-01"))
    ]
    for order in (drawn, drawn[::-1]):
        text = "\n".join(("支部 | 规则 | 数量 | 日期", *order))
        other = recorded("支部 | 人均纯收入 | 增幅 | 集体收入\n甲 | 5500 | 0 | 10", "考评")
        found = run("village", other, facts(text, "committee", "考评"))
        assert found.steps("甲", "rule")[-1]["figure"] == 0
        assert figures(found) == "45.00"
