"""What used to be silent or told wrongly, each through real workbooks: one line, the right level, no silent zero."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from dingji.forms.catalogue import forms_of
from dingji.forms.filling import Cells, Filling, Value
from dingji.forms.write import write_form
from dingji.outcome import Outcome
from dingji.problems import Problem, describe
from dingji.read.recognise import Plan
from dingji.settings import load_settings
from tests.drawn import ballots, entries
from tests.five_good_case import QUESTION
from tests.papers import (
    BOOK,
    FIRST,
    ROSTER,
    SURVEY,
    altered,
    at,
    codes,
    filled,
    form,
    good,
    outcome_of,
    read_by,
    told,
    typed,
    with_file,
)
from tests.small_standard import scored, standard
from tests.workspaces import PROGRAM, scheme

INDICATORS = ("领导班子好", "党员队伍好", "工作机制好", "工作业绩好")
COUNTS = ("应参加", "实到", "发出", "收回", "有效")


def composite(outcome: Outcome, unit: str = "ZB01") -> object:
    return dict(zip(outcome.results["unit"], outcome.results["composite"], strict=True))[unit]


# --- tallies ----------------------------------------------------------------------------------------------


def tallied(printed: dict[str, Cells]) -> Outcome:
    """Return the outcome with the first branch's survey as a tally of ten ballots."""
    head: dict[str, Value] = {"党组织名称": "一支部", "党组织编码": "ZB01", **dict.fromkeys(COUNTS, 10), "无效": 0}
    raw = write_form(form("survey"), Filling("ZB01", head, printed={"测评汇总": printed}))
    return outcome_of(with_file(SURVEY, raw))


MEANS: dict[str, Cells] = {f"{name}|": {"平均分": 9} for name in INDICATORS}
VOTES: dict[str, Cells] = {f"{QUESTION}|": {"满意": 10}}


def test_a_whole_tally_needs_no_word() -> None:
    outcome = tallied({**MEANS, **VOTES})
    assert [problem for problem in outcome.problems if problem.file == SURVEY] == []
    assert composite(outcome) is not None


@pytest.mark.parametrize("left_out", [f"{INDICATORS[2]}|", f"{QUESTION}|"])
def test_what_a_tally_leaves_out_is_missing_and_no_nought(left_out: str) -> None:
    outcome = tallied({key: cells for key, cells in {**MEANS, **VOTES}.items() if key != left_out})
    (problem,) = told(outcome.problems, "E204")
    assert (problem.file, problem.sheet, problem.subject) == (SURVEY, "测评汇总", left_out.rstrip("|"))
    assert problem.cell
    assert composite(outcome) is None


def test_a_survey_with_nothing_in_it_is_told() -> None:
    outcome = tallied({})
    assert codes(problem for problem in outcome.problems if problem.file == SURVEY) == ["E411"]
    assert composite(outcome) is None


def test_a_tally_is_held_against_its_head() -> None:
    assert codes(told(tallied({**MEANS, f"{QUESTION}|": {"满意": 8}}).problems, "E416")) == ["E416"]
    few = standard_survey("min_ballots = 5")
    assert [problem.values["what"] for problem in few] == ["有效票 2 张，不足 5 张"]


def test_a_survey_of_an_earlier_round_taken_is_told_too() -> None:
    rounds = 'rounds = { "半年" = 40, "年终" = 60 }'
    few = standard_survey("min_ballots = 5", rounds, current="年终", voted="半年")
    assert [problem.values["what"] for problem in few] == ["有效票 2 张，不足 5 张"]


def standard_survey(floor: str, head: str = "", current: str = "", voted: str = "") -> list[Problem]:
    """Return what is told of two ballots, cast in the round `voted`, where the standard asks for more."""
    text = f"""{head}
[[sources]]
name = "测评"
form = "survey"
marks = "options"
weight = 100
questions = ["总体"]
options = {{ "好" = 100, "差" = 0 }}
{floor}
[[indicators]]
name = "总分"
full = 100
"""
    rows = entries(ballots("支部 | 张数 | 总体\n甲 | 2 | 好", "测评"))
    return told(scored(standard(text), rows.assign(round=voted), round_name=current).scores.problems, "E405")


# --- the roster and the raters ----------------------------------------------------------------------------


def test_a_retired_raters_book_does_not_count() -> None:
    roster = altered(good()[ROSTER], typed("评委", "PW1", "状态", "停用"))
    outcome = outcome_of(with_file(ROSTER, roster))
    (problem,) = told(outcome.problems, "W319")
    assert problem.file == BOOK
    assert "评委一（PW1）" in describe(problem).words
    without = outcome_of({path: raw for path, raw in with_file(ROSTER, roster).items() if path != BOOK})
    assert list(outcome.results["composite"]) == list(without.results["composite"])


def test_a_count_in_words_is_refused_at_its_cell_and_not_left_out_of_the_sum() -> None:
    outcome = outcome_of(with_file(ROSTER, altered(good()[ROSTER], typed("名册", "ZB01", "正式党员", "十八"))))
    (problem,) = told(outcome.problems, "E201")
    assert (problem.found, problem.unit, problem.subject) == ("十八", "ZB01", "正式党员")
    assert outcome.branches["members"].tolist()[0] is None


def test_raters_are_told_by_name() -> None:
    def leave_blank(book: Workbook) -> None:
        for heading in INDICATORS:
            at(book["评定表"], "ZB01", heading).value = None

    outcome = outcome_of(with_file(BOOK, altered(good()[BOOK], leave_blank)))
    (problem,) = told(outcome.problems, "W223")
    assert describe(problem).words == "评委一（PW1）整行未填，视为不评；按其他评委计算"
    assert problem.subject == "一支部"


# --- facts ------------------------------------------------------------------------------------------------

FIXED: Cells = {"日期": "2026-03-02", "规则": "书记未配齐", "事由": "查阅资料"}


@pytest.mark.parametrize(("amount", "expected"), [(3, []), (-3, []), (2, ["W226"]), (None, [])])
def test_an_amount_where_points_are_fixed_is_held_against_the_rule(amount: int | None, expected: list[str]) -> None:
    raw = filled("records", [{**FIRST, **FIXED, "分值": amount}])
    outcome = outcome_of(with_file("平时记录.xlsx", raw))
    problems = told(outcome.problems, "W226")
    assert codes(problems) == expected
    assert all(describe(problem).words == "按规则应为 3，以规则为准" for problem in problems)
    plain = outcome_of(with_file("平时记录.xlsx", filled("records", [{**FIRST, **FIXED}])))
    assert composite(outcome) == composite(plain)


# --- forms ------------------------------------------------------------------------------------------------


def test_a_sheet_that_may_be_left_out_is_not_taken_for_another() -> None:
    """A .csv has one sheet, and says so; the checklist of 自评表 shares most of its headings with the marks."""
    forms = forms_of(scheme("service"), "2026 半年")
    own = next(each for each in forms if each.kind == "self")
    claim: dict[str, Cells] = {own.sheets[0].rows[0].key: {"自评得分": 1}}
    raw = write_form(own, Filling("ZB01", {"党组织编码": "ZB01"}, printed={"自评表": claim}))
    page = openpyxl.load_workbook(io.BytesIO(raw), data_only=True).worksheets[0]
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["" if value is None else value for value in row] for row in page.values])
    reading = read_by(text.getvalue().encode(), Plan("2026 半年", tuple(forms)), "表.csv")
    assert (reading.kind, codes(reading.problems)) == ("self", ["W239", "N121"])


# --- config.toml ------------------------------------------------------------------------------------------

CONFIG = (PROGRAM / "config.toml").read_text(encoding="utf-8")

MISTAKES = [
    ('name = "年初"', "name = 年初", "文字要加英文双引号"),
    ('name = "年初"', "name = 年初，", "文字要加英文双引号"),
    ('phone = ""', "phone = 0771，5555", "文字要加英文双引号"),
    ('name = "年初"', "name = “年初”", "用了全角引号"),
    ('date = ""', 'date = "三月"', "日期写成 2026-03-31 的样子"),
    ('date = ""', 'date = "2026.3"', "日期写成 2026-03-31 的样子"),
]


@pytest.mark.parametrize(("right", "wrong", "words"), MISTAKES)
def test_mistakes_in_config_are_told_for_what_they_are(right: str, wrong: str, words: str) -> None:
    assert right in CONFIG
    text = CONFIG.replace(right, wrong, 1)
    settings, findings = load_settings(text.encode())
    line = text[: text.index(wrong)].count("\n") + 1
    assert settings is None
    assert [(finding.line, words in finding.text) for finding in findings] == [(line, True)]
    assert " ：" not in findings[0].text
