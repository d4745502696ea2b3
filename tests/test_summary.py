"""汇总表: counts and shares by group, of the figures that the worked cases give."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from dingji.outcome import Outcome
from dingji.reports.columns import NOTHING, ReportTable
from dingji.reports.summary import shares_of, summary
from dingji.reports.view import OutcomeView
from dingji.settings import Summary
from tests.outcome_example import changed, example, five_good, only, renamed, settings

GRADES = [f"{grade}{part}" for grade in ("好", "较好", "一般", "后进") for part in ("", "占比")]
CASE = ("D001", "D002", "D003", "D004", "D005")


def with_summary(outcome: Outcome, choice: Summary) -> Outcome:
    return replace(outcome, settings=settings(choice))


def row(table: ReportTable, name: str) -> dict[str, str]:
    """Return the printed row of a group by heading."""
    return next(dict(zip(table.headings, texts, strict=True)) for texts in table.texts() if texts[0] == name)


def test_headings_stand_in_the_contracts_order() -> None:
    (table,) = summary(OutcomeView(example()))
    assert list(table.headings) == ["单位", "党组织总数", "党员数", "已定级", *GRADES, "未定级", "备注"]


def test_the_worked_case_counts_the_committees_grade() -> None:
    (table,) = summary(OutcomeView(only(example(), *CASE)))
    total = row(table, "合计")
    assert {name: total[name] for name in ("党组织总数", "已定级", "未定级")} == {
        "党组织总数": "5",
        "已定级": "4",
        "未定级": "1",
    }
    assert [total[name] for name in GRADES] == ["2", "50.00%", "1", "25.00%", "0", "0.00%", "1", "25.00%"]
    assert total["党员数"] == str(22 + 23 + 24 + 25 + 26)
    assert total["备注"] == "待补1"


@pytest.mark.parametrize(
    ("blank", "members", "told"),
    [((), "120", "待补1"), (("D001", "D002"), "75", "待补1；党员数未计2个党组织"), (CASE, NOTHING, "待补1")],
)
def test_a_sum_of_members_says_who_is_not_in_it(blank: tuple[str, ...], members: str, told: str) -> None:
    outcome = only(example(), *CASE)
    for unit in blank:
        outcome = renamed(outcome, unit, members=None)
    total = row(summary(OutcomeView(outcome))[0], "合计")
    assert (total["党员数"], total["备注"]) == (members, told)


def test_groups_stand_in_the_rosters_order() -> None:
    (table,) = summary(OutcomeView(example()))
    assert [texts[0] for texts in table.texts()] == ["机关党总支", "临床党总支", "合计"]
    assert table.totals == 1


def test_groups_follow_config_and_a_blank_one_has_a_name() -> None:
    outcome = renamed(example(), "D003", category="")
    (table,) = summary(OutcomeView(with_summary(outcome, Summary(by="类别"))))
    assert [texts[0] for texts in table.texts()] == ["机关", "（未填）", "临床", "合计"]


def test_one_third_each_is_forced_to_a_hundred() -> None:
    counts = {"好": 1, "较好": 1, "一般": 1, "较差": 0}
    forced = [share and share * 100 for share in shares_of(counts, "forced").values()]
    assert forced == [Fraction("33.33"), Fraction("33.33"), Fraction("33.34"), 0]
    assert shares_of(counts, "plain")["好"] == Fraction(1, 3)


@pytest.mark.parametrize(("how", "last"), [("plain", "33.33%"), ("forced", "33.34%")])
def test_the_printed_shares_follow_config_and_a_note_says_how(how: str, last: str) -> None:
    outcome = changed(only(example(), "D001", "D003", "D004"), "D001", computed="好")
    (table,) = summary(OutcomeView(with_summary(outcome, Summary.model_validate({"shares": how}))))
    assert [row(table, "合计")[f"{grade}占比"] for grade in ("好", "较好", "后进")] == [
        "33.33%",
        "33.33%",
        last,
    ]
    assert any(note.startswith("注：占比") for note in table.notes)


def test_shares_of_nobody_graded_are_none() -> None:
    (table,) = summary(OutcomeView(only(example(), "D005")))
    assert row(table, "临床党总支")["好占比"] == NOTHING


def test_the_remarks_split_those_without_a_grade() -> None:
    outcome = changed(example(), "D001", computed="", settled=True, missing=("成立不满一年",))
    outcome = changed(outcome, "D002", computed="", settled=False, missing=("未报：自评表",))
    outcome = changed(outcome, "D006", computed="", settled=False, missing=("名额边缘并列，待研究",))
    (table,) = summary(OutcomeView(outcome))
    total = row(table, "合计")
    assert total["备注"] == "不参加（成立不满一年）1；未报1；待补1；待研究1"
    assert total["未定级"] == "4"


def test_a_label_outside_the_standard_counts_as_ungraded() -> None:
    (table,) = summary(OutcomeView(changed(example(), "D001", computed="不定等次", settled=True)))
    assert row(table, "合计")["备注"] == "不参加1；待补1"


def test_a_standard_without_grades_counts_totals() -> None:
    scheme = five_good().model_copy(update={"grades": []})
    (table,) = summary(OutcomeView(replace(example(), schemes={scheme.id: scheme})))
    assert list(table.headings) == [
        "单位",
        "党组织总数",
        "党员数",
        "已测算",
        "最高分",
        "最低分",
        "平均分",
        "未测算",
        "备注",
    ]
    total = row(table, "合计")
    assert [total[name] for name in table.headings[3:]] == ["5", "95.87", "73.30", "85.55", "1", "待补1"]
    assert len(table.notes) == 2


def two_standards(*labels: str) -> Outcome:
    """Return the example with two branches graded by a second standard with these labels."""
    scheme = five_good()
    grades = [grade.model_copy(update={"name": label}) for grade, label in zip(scheme.grades, labels, strict=True)]
    second = scheme.model_copy(update={"id": "second", "title": "第二个标准", "grades": grades})
    outcome = replace(example(), schemes={scheme.id: scheme, "second": second})
    return changed(changed(outcome, "D005", scheme="second"), "D006", scheme="second")


def test_standards_with_the_same_labels_share_one_total() -> None:
    first, second = summary(OutcomeView(two_standards("好", "较好", "一般", "后进")))
    assert [texts[0] for texts in first.texts()][-1] == "小计"
    assert [texts[0] for texts in second.texts()][-2:] == ["小计", "合计"]
    assert row(second, "合计")["党组织总数"] == "6"
    assert row(second, "小计")["好"] == "1"
    assert [len(first.notes), second.totals] == [2, 2]
    assert first.notes[0].startswith("一般党支部争创好、较好：")
    assert second.title.endswith("第二个标准")


def test_standards_with_other_labels_have_their_own_totals() -> None:
    tables = summary(OutcomeView(two_standards("优", "良", "中", "差")))
    assert [table.texts()[-1][0] for table in tables] == ["合计", "合计"]
    assert [table.texts()[-1][1] for table in tables] == ["4", "2"]
    assert not any(note.startswith("数据校验码：") for note in tables[0].notes)
    assert tables[1].notes[-1].startswith("数据校验码：")


def test_a_single_unit_is_not_summed_below_itself() -> None:
    outcome = only(example(), *CASE)
    for unit in CASE:
        outcome = renamed(outcome, unit, parent="第一党总支")
    (table,) = summary(OutcomeView(outcome))
    assert ([texts[:2] for texts in table.texts()], table.totals) == ([["第一党总支", "5"]], 0)


def test_a_single_unit_without_a_name_is_the_sum() -> None:
    outcome = only(example(), *CASE)
    for unit in CASE:
        outcome = renamed(outcome, unit, parent="")
    (table,) = summary(OutcomeView(outcome))
    assert ([texts[:2] for texts in table.texts()], table.totals) == ([["合计", "5"]], 1)
