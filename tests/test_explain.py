"""How a branch's grade came about, in lines: what it came to stands second."""

from dataclasses import replace

from dingji.reports.explain import explain
from dingji.reports.view import OutcomeView
from dingji.tables import ENTRIES, from_columns, records
from tests.drawn import ballots, entries, facts, marks
from tests.outcome_example import changed, example
from tests.small_standard import COMMITTEE, GRADES, indicator, rules, scored, standard


def test_the_second_line_says_what_a_branch_came_to() -> None:
    outcome = example()
    assert explain(outcome, "D001")[1].startswith("测算等次：好")
    assert explain(changed(outcome, "D001", computed=""), "D001")[1] == "测算等次：未定级"
    assert explain(changed(outcome, "D001", decided="较好"), "D001")[1:3] == ["审定等次：较好", "测算等次：好"]


def test_the_day_and_the_proof_stand_beside_the_reason() -> None:
    outcome = example()
    rows = {
        "date": ["2026-03-02", "2026-03-02", ""],
        "reason": ["少1次", "少1次", ""],
        "evidence": ["会议记录", "会议记录", "台账"],
    }
    view = OutcomeView(
        replace(outcome, entries=from_columns(ENTRIES, {**{name: [""] * 3 for name in ENTRIES}, **rows}))
    )
    assert view.grounds((0, 1)) == "2026-03-02　少1次（见会议记录）"
    assert view.grounds((0, 2)) == "2026-03-02　少1次（见会议记录）；（见台账）"
    assert view.grounds(()) == ""


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


GROUPS = """
[[sources]]
name = "测评"
form = "survey"
marks = "options"
questions = { "作风" = 60, "实绩" = 40 }
options = { "好" = 100, "差" = 50 }
shares = { "好评率" = ["好"] }
groups = { "党员" = 70, "群众" = 30 }
weight = 100
"""
MARKED = GROUPS.replace('"options"', '"indicators"').replace("60, ", "1, ").replace(" = 40 }", " = 1 }", 1)
BALLOTS = """
    支部 | 张数 | 身份 | 作风 | 实绩
    甲   | 3   | 党员 | 好   | 差
    甲   | 1   | 党员 | 差   | 差
    甲   | 2   | 群众 | 好   | 好
"""


def test_a_survey_with_groups_tells_each_groups_two_numbers_and_weights() -> None:
    """党员 (350÷4×0.6 + 200÷4×0.4) = 72.5, 群众 100: 72.5×0.7 + 100×0.3 = 80.75."""
    found = scored(standard(GROUPS + indicator("班子", 100) + GRADES), entries(ballots(BALLOTS, "测评")))
    (score,), (share,) = found.told("甲", "option_score"), found.told("甲", "share")
    parts = "党员 （作风 {}÷4×60% ＋ 实绩 {}÷4×40%）×70% ＋ 群众 （作风 {}÷2×60% ＋ 实绩 {}÷2×40%）×30%"
    assert f"＝{parts.format(350, 200, 200, 200)}＝80.75（" in score
    assert f"＝{parts.format(3, 0, 2, 2)}＝61.50%（" in share


def test_marks_on_ballots_tell_their_sum_and_number_by_group() -> None:
    drawn = "支部 | 张数 | 身份 | 班子\n甲 | 2 | 党员 | 90\n甲 | 1 | 党员 | 81\n甲 | 4 | 群众 | 70"
    found = scored(standard(MARKED + indicator("班子", 100) + GRADES), entries(ballots(drawn, "测评")))
    (mark,) = found.told("甲", "mark")
    assert mark == "班子（满分 100） 81.9 分，各票平均：党员 261÷3×70% ＋ 群众 280÷4×30%"


BY_ITEM = (
    'bounded = "item"\n'
    + GRADES
    + COMMITTEE
    + indicator(
        "班子",
        100,
        "items = [{ no = 1, full = 8 }, { no = 2, full = 2 }, { no = 3, full = 90 }]",
        rules('name = "学时", item = 2, unit = "学时", under = 8, each = -1', 'name = "换届", item = 1, once = -3'),
    )
)


def test_what_items_hold_back_is_told_item_by_item() -> None:
    """0 of 8 学时 costs the 2 of its item only: 5 + 0 + 90, not 100 − 11."""
    written = facts(
        "支部 | 评委 | 规则 | 数量 | 选项\n甲 | 一 | 学时 | 0 |\n甲 | 一 | 换届 | | 是", "committee", "评定"
    )
    found = scored(standard(BY_ITEM), entries(marks("支部 | 评委 | 班子\n甲 | 一 | 规则", "评定"), written))
    assert found.told("甲", "mark") == [
        "班子（满分 100） 95 分＝第1项 5（8 − 3） ＋ 第2项 0（2 − 8，扣完为止） ＋ 其余 90"
    ]
