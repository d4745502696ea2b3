"""The office's own forms: situations confirmed, corrections laid over marks, earlier grades, decisions."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from dingji.forms.filling import Cells, Filling
from dingji.forms.office_forms import result_form
from dingji.forms.write import write_form
from dingji.numbers import MICRO
from dingji.outcome import Outcome
from dingji.pipeline import grade as run_grade
from dingji.pipeline import unsettled
from dingji.problems import Problem, describe
from dingji.tables import records
from tests.five_good_case import BRANCHES, EARLIER_ROUND
from tests.papers import (
    BOOK,
    FIRST,
    SECOND,
    SITUATIONS,
    filled,
    good,
    outcome_of,
    prepared,
    read,
    shown_at,
    told,
    with_file,
)
from tests.workspaces import scheme

PATH = "办公室.xlsx"
UNITED = "支部班子不团结"


def result(outcome: Outcome, unit: str = "ZB01") -> dict[str, Any]:
    return next(row for row in records(outcome.results) if row["unit"] == unit)


def own(outcome: Outcome, path: str = PATH) -> list[Problem]:
    return [problem for problem in outcome.problems if problem.file == path]


# --- situations -------------------------------------------------------------------------------------------

SITUATION: list[tuple[dict[str, Any], list[str], str]] = [
    ({"情形": UNITED, "是否存在": "是", "办公室确认": "是"}, [], "后进"),
    ({"情形": " 支部班子 不团结", "是否存在": "是", "办公室确认": "是"}, [], "后进"),
    ({"情形": UNITED, "是否存在": "是", "办公室确认": "否"}, [], "好"),
    ({"情形": UNITED, "是否存在": "否", "办公室确认": None}, [], "好"),
    ({"情形": UNITED, "是否存在": "否", "办公室确认": "是"}, ["E686"], "好"),
    ({"情形": UNITED, "是否存在": "是", "办公室确认": None}, ["E511"], "好"),
    ({"情形": UNITED, "是否存在": "有", "办公室确认": "是"}, ["N220"], "后进"),
    ({"情形": UNITED, "是否存在": "√", "办公室确认": "√"}, ["N220", "N220"], "后进"),
    ({"情形": UNITED, "是否存在": "不存在", "办公室确认": None}, ["N220"], "好"),
    ({"情形": UNITED, "是否存在": "说不准", "办公室确认": "是"}, ["E205"], "好"),
    ({"情形": "支部班子不和", "是否存在": "是", "办公室确认": "是"}, ["E212"], "好"),
    ({"情形": "群众反映好低于12分", "是否存在": "是", "办公室确认": "是"}, ["E212"], "好"),
]


@pytest.mark.parametrize(("row", "expected", "grade"), SITUATION)
def test_situations(row: dict[str, Any], expected: list[str], grade: str) -> None:
    """Only what is declared and confirmed takes effect; what the program computes cannot be declared."""
    raw = filled("situation", [{**FIRST, **row}, {**SECOND, "情形": UNITED, "是否存在": "否"}])
    outcome = outcome_of(with_file(SITUATIONS, raw))
    problems = own(outcome, SITUATIONS)
    assert [problem.code for problem in problems] == expected
    assert result(outcome)["computed"] == grade
    for problem in problems:
        assert problem.unit == "ZB01"
        assert shown_at(raw, problem.sheet, problem.cell) == problem.found
    assert unsettled(outcome) == any(code.startswith("E") for code in expected)


def test_without_declarations_there_is_one_warning() -> None:
    assert [problem.code for problem in told(outcome_of(with_file(SITUATIONS, None)).problems, "W512")] == ["W512"]


def test_a_form_handed_out_and_not_answered_declares_nothing() -> None:
    """Every row is printed beforehand; with no answer in any the form says as little as none."""
    rows: list[Cells] = [{**branch.identity, "情形": UNITED} for branch in BRANCHES]
    assert len(told(outcome_of(with_file(SITUATIONS, filled("situation", rows))).problems, "W512")) == 1


# --- corrections ------------------------------------------------------------------------------------------


def correction(**row: Any) -> bytes:  # noqa: ANN401 - whatever a cell may hold
    usual: Cells = {"来源": "党委评定", "评委编号": "PW1", "指标": "领导班子好", "原值": 10, "更正值": 9}
    return filled("correction", [{**FIRST, **usual, **row}])


def test_a_correction_overlays_a_mark_and_the_original_stays() -> None:
    raw = correction()
    outcome = outcome_of({**good(), PATH: raw})
    (problem,) = own(outcome)
    assert (problem.code, describe(problem).words) == ("N522", "原值 10，更正为 9")
    entries = outcome.entries
    entries = entries[(entries["form"] == "committee") & (entries["unit"] == "ZB01") & (entries["rater"] == "PW1")]
    before, after = records(entries[entries["item"] == "领导班子好"])
    assert (before["state"], int(before["value"]), before["file"]) == ("superseded", 10 * MICRO, BOOK)
    assert (after["state"], int(after["value"]), after["file"]) == ("typed", 9 * MICRO, PATH)
    assert shown_at(raw, after["sheet"], after["cell"]) == "9"
    assert result(outcome)["scores"]["党委评定"] == Fraction(74 * 3, 3) + 20


def test_a_corrected_row_is_still_the_raters_one_row() -> None:
    """The corrected mark stands in another file and is no second row of that rater."""
    assert told(outcome_of({**good(), PATH: correction()}).problems, "E305", "N304", "W223") == []


CORRECTIONS: list[tuple[dict[str, Any], list[str], str]] = [
    ({"评委编号": None}, ["N522"], "9"),
    ({"评委编号": "pw1", "指标": " 领导 班子好"}, ["N522"], "9"),
    ({"来源": "自评", "评委编号": None, "指标": "1", "原值": 4, "更正值": 3}, ["N522"], "3"),
    ({"来源": "自评", "评委编号": None, "指标": 1, "原值": 4, "更正值": 0}, ["N522"], "0"),
    ({"原值": 8}, ["E521"], "8"),
    ({"评委编号": "PW9"}, ["E521"], "10"),
    ({"指标": "群众反映好"}, ["E521"], "10"),
    ({"评委编号": None, "指标": "工作业绩好", "原值": 28}, ["E521"], "28"),
    ({"来源": "党群评分", "评委编号": "1", "指标": "领导班子好", "原值": 10}, ["E521"], "10"),
    ({"原值": None}, ["E521"], ""),
    ({"更正值": None}, ["E521"], ""),
    ({"更正值": "九分"}, ["E201", "E521"], "九分"),
    ({"更正值": 10.5}, ["E521"], "10.5"),
    ({"更正值": -1}, ["E521"], "-1"),
    ({"党组织编码": "ZB09"}, ["E301"], "ZB09"),
]


@pytest.mark.parametrize(("row", "expected", "found"), CORRECTIONS)
def test_corrections(row: dict[str, Any], expected: list[str], found: str) -> None:
    raw = correction(**row)
    outcome = outcome_of({**good(), PATH: raw})
    problems = own(outcome)
    assert [problem.code for problem in problems] == expected
    assert problems[0].found == found
    assert not found or shown_at(raw, problems[0].sheet, problems[0].cell) == found
    changed = (outcome.entries["state"] == "superseded").sum()
    assert changed == (1 if expected == ["N522"] else 0)
    assert unsettled(outcome) == (expected != ["N522"])


def test_the_same_correction_twice_is_done_once() -> None:
    usual: Cells = {"来源": "党委评定", "评委编号": "PW1", "指标": "领导班子好", "原值": 10, "更正值": 9}
    outcome = outcome_of({**good(), PATH: filled("correction", [{**FIRST, **usual}, {**FIRST, **usual}])})
    assert [problem.code for problem in own(outcome)] == ["N522", "E521"]


def test_a_claim_put_right_counts_in_the_composite() -> None:
    row = {"来源": "自评", "评委编号": None, "指标": "1", "原值": 4, "更正值": 3}
    before, after = outcome_of(good()), outcome_of({**good(), PATH: correction(**row)})
    assert result(before)["scores"]["自评"] - result(after)["scores"]["自评"] == 1


# --- earlier grades ---------------------------------------------------------------------------------------


def earlier(*rows: Cells, round_label: str = EARLIER_ROUND) -> bytes:
    return write_form(result_form(scheme(), round_label), Filling(rows={"一览表": list(rows)}))


PREVIOUS: list[tuple[dict[str, Any], str, list[str]]] = [
    ({"审定等次": "较好"}, "较好", []),
    ({"测算等次": "好"}, "好", []),
    ({"测算等次": "好", "拟定等次": "较好"}, "较好", []),
    ({"测算等次": "好", "拟定等次": "较好", "审定等次": "一般"}, "一般", []),
    ({"测算等次": "好", "审定等次": None}, "好", []),
    ({"测算等次": "未定级", "审定等次": "—"}, "", []),
    ({"审定等次": "优秀"}, "", ["W531"]),
    ({"综合得分": 95, "审定等次": "较好"}, "较好", []),
]


@pytest.mark.parametrize(("row", "grade", "expected"), PREVIOUS)
def test_earlier_grades(row: dict[str, Any], grade: str, expected: list[str]) -> None:
    raw = earlier({**FIRST, **row})
    outcome = outcome_of(with_file("上期结果.xlsx", raw))
    problems = own(outcome, "上期结果.xlsx")
    assert result(outcome)["previous"] == grade
    assert [problem.code for problem in problems] == expected
    assert all(shown_at(raw, problem.sheet, problem.cell) == problem.found for problem in problems)


ROUNDS = [
    (["2025 年终", "2024 年终"], "2025 年终"),
    (["2025 年初", "2025 年终"], "2025 年终"),
    (["2026 年终", "2025 年终"], "2025 年终"),
]


@pytest.mark.parametrize(("labels", "last"), ROUNDS)
def test_of_several_earlier_results_the_last_round_counts(labels: list[str], last: str) -> None:
    """Whatever the files are called, and a result of a round still to come is none."""
    grades = {label: "较好" if label == last else "后进" for label in labels}
    files = {f"{number}.xlsx": earlier({**FIRST, "审定等次": grades[label]}, round_label=label)
             for number, label in enumerate(labels)}  # fmt: skip
    outcome = outcome_of({**with_file("上期结果.xlsx", None), **files})
    assert result(outcome)["previous"] == "较好"


ASKED = [
    (["2024 年终"], "", "", "放着的上期结果是 2024 年终 的，不是上一轮（2025 年终）的，没有采用"),
    (["2025 年初", "2024 年终"], "", "", "放着的上期结果是 2025 年初 的，不是上一轮（2025 年终）的，没有采用"),
    (["2024 年终"], "2024 年终", "较好", ""),
    (["2025 年终", "2024 年终"], "2024 年终", "较好", ""),
    (["2025 年终"], "2024 年终", "", "设置的“上期是哪一轮”写的是 2024 年终，没有放入它的结果"),
    (["2025 年终"], "无", "", ""),
]


@pytest.mark.parametrize(("labels", "meant", "grade", "what"), ASKED)
def test_an_older_result_than_the_round_before_is_asked_about(
    labels: list[str], meant: str, grade: str, what: str
) -> None:
    """Only the round just before is 上期; the office may name another, or say that there was none."""
    files = {
        f"{number}.xlsx": earlier({**FIRST, "审定等次": "较好" if label == "2024 年终" else "一般"}, round_label=label)
        for number, label in enumerate(labels)
    }
    settings = prepared().settings
    named = settings.model_copy(update={"round": settings.round.model_copy(update={"previous": meant})})
    given = sorted({**with_file("上期结果.xlsx", None), **files}.items())
    outcome = run_grade(replace(prepared(), settings=named), [read(raw, path) for path, raw in given])
    assert result(outcome)["previous"] == grade
    assert [problem.values["what"] for problem in outcome.problems if problem.code == "E533"] == [what][: bool(what)]
    assert unsettled(outcome) == bool(what)


def test_two_results_of_one_round_that_differ_wait_for_a_person() -> None:
    """Neither grade is compared with; the other branches' still are."""
    once = earlier({**FIRST, "审定等次": "好"}, {**SECOND, "审定等次": "好"})
    again = earlier({**FIRST, "审定等次": "较好"}, {**SECOND, "审定等次": "好"})
    outcome = outcome_of({**with_file("上期结果.xlsx", None), "甲.xlsx": once, "乙.xlsx": again})
    (problem,) = told(outcome.problems, "E305")
    assert {problem.file, problem.values["other"].split(" ")[0]} == {"甲.xlsx", "乙.xlsx"}
    assert (problem.unit, problem.found) == ("ZB01", "好" if problem.file == "甲.xlsx" else "较好")
    assert [result(outcome, unit)["previous"] for unit in ("ZB01", "ZB02")] == ["", "好"]


def test_a_result_before_and_after_the_committee_do_not_differ() -> None:
    before = earlier({**FIRST, "测算等次": "好", "综合得分": 95})
    after = earlier({**FIRST, "审定等次": "较好", "综合得分": "95.00"})
    withheld = earlier({**FIRST, "拟定等次": "较好", "综合得分": "未公开"})
    files = {"甲.xlsx": before, "乙.xlsx": after, "丙.xlsx": withheld}
    outcome = outcome_of({**with_file("上期结果.xlsx", None), **files})
    assert told(outcome.problems, "E305") == []
    assert result(outcome)["previous"] == "较好"


# --- decisions --------------------------------------------------------------------------------------------


def decided(*rows: Cells) -> Outcome:
    return outcome_of({**good(), PATH: filled("decision", rows)})


DECISIONS: list[tuple[dict[str, Any], list[str], str]] = [
    ({"测算等次": "好", "审定等次": "好"}, [], "好"),
    ({"测算等次": "好", "审定等次": None}, [], ""),
    ({"测算等次": "好", "审定等次": "较好", "理由": "党委研究"}, [], "较好"),
    ({"测算等次": "好", "审定等次": "较好"}, ["E504"], "较好"),
    ({"测算等次": "一般", "审定等次": "好"}, ["E501"], "好"),
    ({"测算等次": "好", "审定等次": "优秀"}, ["E205"], ""),
    ({"测算等次": "好", "审定等次": "好", "会议日期": "三月"}, ["E213"], "好"),
    ({"测算等次": "好", "审定等次": "好", "应到": "七人", "同意": "7票"}, ["E201", "N220"], "好"),
]


@pytest.mark.parametrize(("row", "expected", "grade"), DECISIONS)
def test_decisions(row: dict[str, Any], expected: list[str], grade: str) -> None:
    raw = filled("decision", [{**FIRST, **row}])
    outcome = outcome_of({**good(), PATH: raw})
    assert [problem.code for problem in own(outcome)] == expected
    assert result(outcome)["decided"] == grade
    for problem in own(outcome):
        assert problem.unit == "ZB01"
        assert not problem.found or shown_at(raw, problem.sheet, problem.cell) == problem.found


def test_a_branch_decided_on_twice_and_differently_waits() -> None:
    """Neither word is taken for the committee's, and nobody guesses which came last."""
    outcome = decided({**FIRST, "审定等次": "好"}, {**FIRST, "审定等次": "较好", "理由": "研究"})
    (problem,) = own(outcome)
    assert (problem.code, problem.unit, problem.found) == ("E305", "ZB01", "较好")
    assert result(outcome)["decided"] == ""


def test_a_branch_decided_on_twice_alike_is_decided() -> None:
    outcome = decided({**FIRST, "审定等次": "好"}, {**FIRST, "审定等次": "好"})
    assert own(outcome) == []
    assert result(outcome)["decided"] == "好"
