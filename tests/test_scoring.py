"""The whole of scoring: worked cases of three standards, and what must not matter."""

from __future__ import annotations

from fractions import Fraction

from dingji.numbers import half_up, plain
from tests.drawn import entries, heads, marks, rows, tally
from tests.small_standard import COMMITTEE, GRADES, five_good, indicator, scored, standard

THREE_PARTY = """
[[sources]]
name = "自评"
form = "self"
marks = "total"
weight = 20
[[sources]]
name = "测评"
form = "survey"
marks = "options"
questions = ["评价"]
options = { "好" = 100, "较好" = 85, "一般" = 70, "差" = 50 }
weight = 30
[[sources]]
name = "考评"
form = "committee"
marks = "total"
trim = 1
weight = 50
[[indicators]]
name = "五个一"
items = [{ no = 1, text = "一面旗" }, { no = 2, text = "一块牌" }]
"""


def test_the_three_party_case() -> None:
    votes = "支部 | 项目 | 好 | 较好 | 一般 | 差\n内科 | 评价 | 20 | 8 | 2 | 0\n外科 | 评价 | 9 | 12 | 6 | 3"
    raters = "\n".join(
        f"{unit} | 评委{place} | {mark}"
        for unit, line in (("内科", "88 90 91 95 70"), ("外科", "80 82 79 84 81"))
        for place, mark in enumerate(line.split())
    )
    found = scored(
        standard(THREE_PARTY + GRADES),
        entries(
            marks("支部 | 总分\n内科 | 93\n外科 | 88", "自评", "self"),
            tally(votes, "测评"),
            marks(f"支部 | 评委 | 总分\n{raters}", "考评"),
        ),
    )
    assert found.source("测评") == [94, 83]
    assert found.source("考评") == [Fraction(269, 3), 81]
    assert found.printed() == ["91.63", "83.00"]
    assert found.printed("survey") == ["94.00", "83.00"]
    assert found.column("computed") == ["好", "较好"]


NAMES = ["带头人", "工作思路", "工作制度", "活动阵地", "保障机制", "工作业绩", "群众评价"]
WEIGHTS = [Fraction(full, 100) for full in (15, 10, 10, 10, 10, 20, 25)]
SEVEN = (
    """
[[sources]]
name = "自评"
form = "self"
weight = 30
[[sources]]
name = "测评"
form = "survey"
questions = ["评价"]
options = { "满意" = 100, "不满意" = 0 }
shares = { "满意率" = ["满意"] }
weight = 30
[[sources]]
name = "评定"
form = "committee"
weight = 40
"""
    + "".join(
        indicator(name, int(weight * 100)) for name, weight in zip(NAMES, WEIGHTS, strict=True)
    )
    + GRADES.replace('"差"', '"较差"')
    + '[[situations]]\nname = "满意率低于90%"\nwhen = "满意率 < 90%"\nat_most = "一般"\n'
)  # fmt: skip
SEVEN_CASE = """
支部 | 自评  | 测评  | 评定   | 满意  | 总票 | 综合  | 等次
A1  | 96   | 95.5 | 93.25 | 48   | 50  | 94.75 | 好
A2  | 94   | 90   | 92.5  | 44   | 50  | 92.20 | 一般
A3  | 85   | 82.5 | 80.3  | 49   | 50  | 82.37 | 较好
B1  | 88   | 86   | 84.45 | 27   | 30  | 85.98 | 较好
B2  | 60   | 55   | 50    | 15   | 30  | 54.50 | 较差
B3  | 79.9 | 79.9 | 80.05 | 30   | 30  | 79.96 | 一般
"""


def spread(total: str) -> str:
    """Split a total over the seven indicators in proportion, as a line of cells."""
    return " | ".join(plain(Fraction(total) * weight) for weight in WEIGHTS)


def test_the_seven_indicators_case() -> None:
    """A2 reaches 好 by points and is held at 一般 by 44 of 50; B1 stands at 27 of 30, which is 90% exactly."""
    lines = rows(SEVEN_CASE)
    names = " | ".join(NAMES)
    parts = []
    for line in lines:
        unit = line["支部"]
        no = int(line["总票"]) - int(line["满意"])
        means = [
            f"{unit} | {name} | {mean}" for name, mean in zip(NAMES, spread(line["测评"]).split(" | "), strict=True)
        ]
        parts += [
            marks(f"支部 | {names}\n{unit} | {spread(line['自评'])}", "自评", "self"),
            marks(f"支部 | 评委 | {names}\n{unit} | 一 | {spread(line['评定'])}", "评定"),
            tally("\n".join(["支部 | 项目 | 平均分", *means]), "测评"),
            tally(f"支部 | 项目 | 满意 | 不满意\n{unit} | 评价 | {line['满意']} | {no}", "测评"),
        ]
    found = scored(standard(SEVEN), entries(*parts))
    assert found.printed() == [line["综合"] for line in lines]
    assert found.column("computed") == [line["等次"] for line in lines]
    assert found.column("situations") == [(), ("满意率低于90%",), (), (), ("满意率低于90%（未改变等次）",), ()]
    assert [(name, plain(half_up(figure, 2)), full) for name, figure, full in found.column("issues")[4]] == [
        ("带头人", "8.18", 15), ("工作思路", "5.45", 10), ("工作制度", "5.45", 10), ("活动阵地", "5.45", 10),
        ("保障机制", "5.45", 10), ("工作业绩", "10.9", 20), ("群众评价", "13.63", 25),
    ]  # fmt: skip


def test_a_branch_of_another_standard_does_no_harm() -> None:
    table = entries(
        marks("支部 | 评委 | 班子\n甲 | 一 | 90\n乙 | 一 | 10", "评定"), heads("支部 | 有效\n丙 | 3", "评定")
    )
    alone = scored(standard(COMMITTEE + indicator("班子", 100)), table, "甲")
    assert alone.column("composite") == [90]
    assert set(alone.scores.trail.table()["unit"]) == {"甲"}


def test_nothing_in_gives_nothing_out() -> None:
    found = scored(five_good(), entries(), "甲乙", round_name="年初")
    assert found.column("computed") == ["", ""]
    assert found.column("missing") == [("缺党群评分", "缺自评", "缺党委评定")] * 2
    assert set(found.scores.trail.listed().step) == {"rule", "mark", "indicator", "missing", "looked"}
