"""How a branch's grade came about, in lines: what it came to stands second."""

from dingji.reports.explain import explain
from dingji.tables import records
from tests.drawn import entries, facts, marks
from tests.outcome_example import changed, example
from tests.small_standard import COMMITTEE, GRADES, indicator, rules, scored, standard


def test_the_second_line_says_what_a_branch_came_to() -> None:
    outcome = example()
    assert explain(outcome, "D001")[1].startswith("测算等次：好")
    assert explain(changed(outcome, "D001", computed=""), "D001")[1] == "测算等次：未定级"
    assert explain(changed(outcome, "D001", decided="较好"), "D001")[1] == "测算等次：好　审定等次：较好"


LOOKED = (
    """
[[situations]]
name = "活动太少"
when = "活动率 < 60%"
at_most = "一般"
[[situations]]
name = "没有证明"
when = "not 证明"
flag = "补证明"
[[situations]]
name = "发生案件"
grade = "差"
[[situations]]
name = "机关才有"
for = "类别 = '机关'"
when = "活动率 < 90%"
flag = "机关"
"""
    + GRADES.replace("from = 90", 'from = 90\nwhen = "活动率 >= 95%"')
    + COMMITTEE
    + indicator("班子", 100, rules('name = "活动率", unit = "%"', 'name = "证明"'))
)


def test_conditions_that_did_not_take_effect_stand_after_the_answer() -> None:
    """What was looked at and does not hold, what cannot be told, and what nobody confirmed: one line, with values."""
    told = """
        支部 | 评委 | 规则  | 数量 | 选项
        甲   | 一  | 活动率 | 80  |
        乙   | 一  | 活动率 | 50  |
        乙   | 一  | 证明   |     | 是
    """
    marked = marks("支部 | 评委 | 班子\n甲 | 一 | 96\n乙 | 一 | 70", "评定")
    table = entries(marked, facts(told, "committee", "评定"))
    found = scored(standard(LOOKED), table, roster={"类别": ["临床", "临床"]})
    (first,), (second,) = found.told("甲", "looked"), found.told("乙", "looked")
    assert first == (
        "不成立：活动太少（活动率 < 60%；活动率＝80.00%）、好（活动率 ≥ 95%；活动率＝80.00%）；"
        "判断不了：没有证明（不是 证明；证明＝缺）；没有确认发生：发生案件"
    )
    assert second == "不成立：没有证明（不是 证明；证明＝是）；没有确认发生：发生案件"
    kinds = [row["step"] for row in records(found.scores.trail.table()) if row["unit"] == "乙"]
    assert kinds[-1] == "looked"
