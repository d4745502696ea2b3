"""Whose every row is: owners from head or stamp, books of many branches or raters, and what came twice."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from openpyxl.workbook import Workbook

from dingji.forms.filling import Cells, Filling
from dingji.forms.write import write_form
from dingji.intake.combine import find_rater, suggest_rater
from dingji.numbers import MICRO
from dingji.outcome import Outcome
from dingji.pipeline import grade
from dingji.problems import Problem, describe
from dingji.roster import Duty
from dingji.tables import records
from tests.five_good_case import BRANCHES, INDICATORS, QUESTION
from tests.papers import (
    BOOK,
    FIRST,
    ROSTER,
    SECOND,
    SELF,
    SURVEY,
    altered,
    at,
    filled,
    form,
    good,
    in_head,
    outcome_of,
    prepared,
    read,
    shown_at,
    told,
    typed,
    with_file,
)

COPY = "微信/三月收的/自评表(1).xlsx"
OTHER_SURVEY = "测评表/第二场.xlsx"


def composites(outcome: Outcome) -> dict[str, Fraction | None]:
    return dict(zip(outcome.results["unit"], outcome.results["composite"], strict=True))


def statuses(outcome: Outcome, unit: str) -> dict[str, str]:
    return {row["form"]: row["status"] for row in records(outcome.rollcall) if row["unit"] == unit}


GOOD = composites(outcome_of(good()))


def others_unharmed(outcome: Outcome, *touched: str) -> bool:
    """Say whether every branch but these has the figure that it has in the good case."""
    return all(figure == GOOD[unit] for unit, figure in composites(outcome).items() if unit not in touched)


def test_the_good_case_has_nothing_to_act_on() -> None:
    outcome = outcome_of(good())
    assert None not in GOOD.values()
    assert [problem.code for problem in outcome.problems] == ["W221"]


# --- twice ------------------------------------------------------------------------------------------------


def test_the_same_form_twice_counts_once() -> None:
    outcome = outcome_of(with_file(COPY, good()[SELF]))
    (problem,) = told(outcome.problems, "N304")
    assert {problem.file, problem.values["other"]} == {SELF, COPY}
    assert composites(outcome) == GOOD
    assert statuses(outcome, "ZB01")["自评表"] == "已报"


def test_two_forms_that_differ_wait_for_a_person() -> None:
    outcome = outcome_of(with_file(COPY, altered(good()[SELF], typed("自评表", "1", "自评得分", 3))))
    problems = told(outcome.problems, "E305")
    assert [(problem.file, problem.unit, problem.values["other"]) for problem in problems] == [
        (COPY, "ZB01", SELF),
        (SELF, "ZB01", COPY),
    ]
    assert composites(outcome)["ZB01"] is None
    assert others_unharmed(outcome, "ZB01")
    assert statuses(outcome, "ZB01")["自评表"] == "重复"


def test_of_three_the_two_alike_are_not_taken_for_the_third() -> None:
    other = altered(good()[SELF], typed("自评表", "1", "自评得分", 3))
    outcome = outcome_of(with_file(COPY, other) | {"再来.xlsx": good()[SELF]})
    assert [problem.code for problem in told(outcome.problems, "N304", "E305")].count("E305") == 2
    assert composites(outcome)["ZB01"] is None


def test_a_raters_two_books_that_differ_count_neither() -> None:
    path = "评定表/改过的.xlsx"
    outcome = outcome_of(with_file(path, altered(good()[BOOK], typed("评定表", "ZB01", "领导班子好", 1))))
    assert {problem.file for problem in told(outcome.problems, "E305")} == {BOOK, path}
    rows = {row["owner"]: row["status"] for row in records(outcome.rollcall) if row["rater"]}
    assert rows == {"评委一": "重复", "评委二": "已报", "评委三": "已报"}


def test_the_offices_forms_add_up_and_a_copy_counts_once() -> None:
    row = {**FIRST, "日期": "2026-03-01", "规则": "未编制党员信息表", "事由": "检查"}
    other = {**SECOND, "日期": "2026-03-01", "规则": "未编制党员信息表", "事由": "检查"}
    one, two = filled("records", [row]), filled("records", [other])
    outcome = outcome_of({**good(), "记录1.xlsx": one, "记录2.xlsx": two, "记录1(1).xlsx": one})
    facts = outcome.entries[outcome.entries["form"] == "records"]
    assert sorted(facts["unit"]) == ["ZB01", "ZB02"]
    assert [problem.values["other"] for problem in told(outcome.problems, "N304")] == ["记录1(1).xlsx"]


def test_an_offices_form_saved_anew_is_still_a_copy() -> None:
    """Saving in an office program changes every byte and no row."""
    row = {**FIRST, "日期": "2026-03-01", "规则": "未编制党员信息表", "事由": "检查"}
    one = filled("records", [row])
    anew = altered(one, lambda _book: None)
    assert anew != one
    outcome = outcome_of({**good(), "记录.xlsx": one, "记录（另存）.xlsx": anew})
    assert len(outcome.entries[outcome.entries["form"] == "records"]) == 1
    assert [problem.values["other"] for problem in told(outcome.problems, "N304")] == ["记录.xlsx"]


# --- sessions ---------------------------------------------------------------------------------------------


def survey(ballots: int, session: str, **head: Any) -> bytes:  # noqa: ANN401 - whatever a head cell may hold
    """Return a survey form of the first branch whose ballots all give half marks."""
    mark: Cells = {**dict.fromkeys(INDICATORS, 5), QUESTION: "满意"}
    rows: list[Cells] = [{"票号": str(number), **mark} for number in range(1, ballots + 1)]
    return write_form(form("survey"), Filling("ZB01", {**FIRST, "测评场次": session, **head}, {"测评票": rows}))


def ballots_of(outcome: Outcome, unit: str) -> int:
    rows = outcome.entries[(outcome.entries["form"] == "survey") & (outcome.entries["unit"] == unit)]
    marks = rows[rows["part"] == "mark"]
    return len(marks[["file", "rater"]].drop_duplicates())


def test_several_sessions_of_a_branch_add_up() -> None:
    """Ballot 1 of the second session is not ballot 1 of the first."""
    outcome = outcome_of(with_file(OTHER_SURVEY, survey(6, "第二场")))
    assert told(outcome.problems, "E305", "N304") == []
    assert ballots_of(outcome, "ZB01") == 16
    assert statuses(outcome, "ZB01")["测评表"] == "已报"


def test_the_same_session_twice_waits_for_a_person() -> None:
    outcome = outcome_of(with_file(OTHER_SURVEY, survey(6, "")))
    assert {problem.file for problem in told(outcome.problems, "E305")} == {OTHER_SURVEY, SURVEY}
    assert ballots_of(outcome, "ZB01") == 0
    assert others_unharmed(outcome, "ZB01")


# --- whose form it is -------------------------------------------------------------------------------------


def without_code(sheet: str, code: object, name: object) -> Any:  # noqa: ANN401 - an alteration
    def alter(book: Workbook) -> None:
        book.remove(book["_meta"])
        for page in book.worksheets:
            page["A1"] = None
        in_head(sheet, "党组织编码", code)(book)
        in_head(sheet, "党组织名称", name)(book)

    return alter


OWNERS = [
    ("ZB09", "一支部", "E301", "党组织编码", "ZB09"),
    (None, "一支部委员会", "E301", "党组织名称", "一支部委员会"),
    ("ZB01", "二支部", "E303", "党组织名称", "二支部"),
    (None, None, "E313", "", ""),
]


@pytest.mark.parametrize(("code", "name", "expected", "subject", "found"), OWNERS)
def test_a_form_of_nobody_is_refused_at_its_head(
    code: str | None, name: str | None, expected: str, subject: str, found: str
) -> None:
    raw = altered(good()[SELF], without_code("自评表", code, name))
    outcome = outcome_of(with_file(SELF, raw))
    (problem,) = told(outcome.problems, "E301", "E302", "E303", "E313")
    assert (problem.code, problem.subject, problem.found) == (expected, subject, found)
    assert not found or shown_at(raw, problem.sheet, problem.cell) == found
    assert statuses(outcome, "ZB01")["自评表"] == "未报"
    assert others_unharmed(outcome, "ZB01")


@pytest.mark.parametrize(("code", "name"), [("ZB01", None), (None, "一支部"), ("ｚｂ01", " 一 支部")])
def test_a_code_or_a_name_alone_will_do(code: str | None, name: str | None) -> None:
    outcome = outcome_of(with_file(SELF, altered(good()[SELF], without_code("自评表", code, name))))
    assert composites(outcome) == GOOD


def test_a_sheet_whose_name_has_a_space_is_named_whole() -> None:
    def alter(book: Workbook) -> None:
        without_code("自评表", "ZB09", "一支部")(book)
        book["自评表"].title = "自评表 (2)"

    (problem,) = told(outcome_of(with_file(SELF, altered(good()[SELF], alter))).problems, "E301")
    assert problem.sheet == "自评表 (2)"
    assert problem.cell.isalnum()


def test_the_form_of_a_branch_that_takes_no_part_is_noted() -> None:
    roster = altered(good()[ROSTER], typed("名册", "ZB01", "状态", "不参加"))
    outcome = outcome_of(with_file(ROSTER, roster))
    assert {problem.file for problem in told(outcome.problems, "N311")} >= {SELF, SURVEY}
    assert "ZB01" not in composites(outcome)
    assert others_unharmed(outcome)


# --- raters -----------------------------------------------------------------------------------------------

ALL: frozenset[str] = frozenset()
PEOPLE = {
    number: Duty(number, name, ALL, ALL, ALL, ALL, active=True)
    for number, name in (("PW1", "评委甲"), ("PW2", "评委乙"), ("PW3", "评委乙"))
}


@pytest.mark.parametrize(
    ("text", "rater"), [("PW1", "PW1"), ("ｐｗ 1", "PW1"), ("评委 甲", "PW1"), ("评委乙", ""), ("甲", ""), ("", "")]
)
def test_a_rater_is_a_number_or_a_name_that_one_has(text: str, rater: str) -> None:
    assert find_rater(text, PEOPLE) == rater


def test_without_raters_on_the_roster_every_rater_is_taken_as_typed() -> None:
    assert find_rater(" 张委员 ", {}) == "张委员"


def test_a_near_rater_is_suggested() -> None:
    assert suggest_rater("评委丙", PEOPLE).startswith("；是不是 PW")
    assert suggest_rater("PW", PEOPLE).startswith("；是不是 PW")
    assert suggest_rater("完全不同", PEOPLE) == ""


def book_without_stamp(name: object) -> bytes:
    def alter(book: Workbook) -> None:
        book.remove(book["_meta"])
        for page in book.worksheets:
            page["A1"] = None
        in_head("评定表", "评委", name)(book)

    return altered(good()[BOOK], alter)


@pytest.mark.parametrize(("name", "code"), [("评委九", "E307"), (None, "E314"), ("评委一", ""), ("PW1", "")])
def test_the_rater_of_a_book(name: str | None, code: str) -> None:
    raw = book_without_stamp(name)
    outcome = outcome_of(with_file(BOOK, raw))
    problems = told(outcome.problems, "E307", "E314")
    assert [problem.code for problem in problems] == ([code] if code else [])
    assert (composites(outcome) == GOOD) is not bool(code)
    if code == "E307":
        assert shown_at(raw, problems[0].sheet, problems[0].cell) == problems[0].found == "评委九"
        assert "是不是" in describe(problems[0]).words


def test_a_book_filled_in_by_somebody_else_is_refused_and_both_are_named() -> None:
    """The stamp says whose book it was; another name in its head must not count under that number."""
    raw = altered(good()[BOOK], in_head("评定表", "评委", "评委二"))
    outcome = outcome_of(with_file(BOOK, raw))
    (problem,) = told(outcome.problems, "E113")
    assert (problem.found, dict(problem.values)) == ("评委二", {"other": "PW1 评委一", "expected": "评委二"})
    assert shown_at(raw, problem.sheet, problem.cell) == "评委二"
    assert not outcome.entries["file"].isin([BOOK]).any()


# --- books of many ----------------------------------------------------------------------------------------


def many_ballots(*rows: Mapping[str, Any], **head: Any) -> bytes:  # noqa: ANN401
    return write_form(form("survey"), Filling("", head, {"测评票": list(rows)}))


def ballot(branch: int, number: int, mark: float = 5, answer: str = "满意") -> dict[str, Any]:
    marks = {**dict.fromkeys(INDICATORS, mark), QUESTION: answer}
    return {**BRANCHES[branch].identity, "票号": str(number), **marks}


def test_a_survey_book_of_many_branches() -> None:
    """Each row says whose ballot it is; the branches that it names count as handed in."""
    rest = {path: raw for path, raw in good().items() if not path.startswith(("测评表/ZB01", "测评表/ZB02"))}
    rows = [ballot(place, number) for place in (0, 1) for number in range(1, 7)]
    outcome = outcome_of({**rest, "测评表/汇总.xlsx": many_ballots(*rows)})
    assert (ballots_of(outcome, "ZB01"), ballots_of(outcome, "ZB02")) == (6, 6)
    assert [problem.unit for problem in told(outcome.problems, "W406")] == ["ZB01", "ZB02"]
    assert statuses(outcome, "ZB01")["测评表"] == statuses(outcome, "ZB02")["测评表"] == "已报"
    assert others_unharmed(outcome, "ZB01", "ZB02")


def test_a_row_of_an_unknown_branch_costs_that_row() -> None:
    rest = {path: raw for path, raw in good().items() if path != SURVEY}
    rows = [ballot(0, number) for number in range(1, 7)] + [{**ballot(0, 7), "党组织编码": "ZB99", "党组织名称": "九"}]
    raw = many_ballots(*rows)
    outcome = outcome_of({**rest, "测评表/汇总.xlsx": raw})
    (problem,) = told(outcome.problems, "E301")
    assert shown_at(raw, problem.sheet, problem.cell) == problem.found == "ZB99"
    assert ballots_of(outcome, "ZB01") == 6


def test_a_branch_named_in_a_book_of_many_and_in_its_own_form_waits() -> None:
    """The same ballots would count twice; which are right, a person decides."""
    path = "测评表/汇总.xlsx"
    outcome = outcome_of(with_file(path, many_ballots(*(ballot(0, number) for number in range(1, 7)))))
    assert [(problem.file, problem.unit) for problem in told(outcome.problems, "E305")] == [
        (SURVEY, "ZB01"),
        (path, "ZB01"),
    ]
    assert ballots_of(outcome, "ZB01") == 0
    assert others_unharmed(outcome, "ZB01")
    assert statuses(outcome, "ZB01")["测评表"] == "重复"


MANY_RATERS = [
    {"评委编号": "PW1", **FIRST, **dict(zip(INDICATORS, (10, 19, 18, 28), strict=True))},
    {"评委编号": "PW2", **FIRST, **dict(zip(INDICATORS, (9.5, 18.5, 18, 28), strict=True))},
    {"评委编号": "评委三", **FIRST, **dict(zip(INDICATORS, (9, 19, 19, 27), strict=True))},
]


def many_raters(*rows: Mapping[str, Any], head: str = "") -> dict[str, bytes]:
    """Return a case in which all that was marked of the first branch stands in one book of many raters."""
    raw = write_form(form("committee"), Filling("", {"评委": head} if head else {}, {"评定表": list(rows)}))
    rest = {path: raw for path, raw in good().items() if not path.startswith("评定表/")}
    return {**rest, "评定表/汇总.xlsx": raw}


@pytest.mark.parametrize("head", ["", "评委一"])
def test_a_book_of_many_raters(head: str) -> None:
    """评委编号 in the first column says whose row it is, whatever name stands in the head."""
    outcome = outcome_of(many_raters(*MANY_RATERS, head=head))
    assert composites(outcome)["ZB01"] == GOOD["ZB01"]
    rows = {row["owner"]: row["status"] for row in records(outcome.rollcall) if row["rater"]}
    assert rows == {"评委一": "已报", "评委二": "已报", "评委三": "已报"}


def test_an_unknown_rater_costs_that_row_and_is_told_at_its_cell() -> None:
    files = many_raters(*MANY_RATERS[:2], {**MANY_RATERS[2], "评委编号": "PW9"})
    outcome = outcome_of(files)
    (problem,) = told(outcome.problems, "E307")
    assert shown_at(files[problem.file], problem.sheet, problem.cell) == problem.found == "PW9"
    marks = outcome.entries[outcome.entries["form"] == "committee"]
    assert set(marks["rater"]) == {"PW1", "PW2"}


def test_a_row_without_a_rater_is_told_once_and_not_lost() -> None:
    files = many_raters(*MANY_RATERS[:2], {**MANY_RATERS[2], "评委编号": ""})
    (problem,) = told(outcome_of(files).problems, "E229")
    assert problem.values["what"] == "评委编号"
    assert not shown_at(files[problem.file], problem.sheet, problem.cell)


def test_the_same_book_of_many_twice_counts_once() -> None:
    files = many_raters(*MANY_RATERS)
    outcome = outcome_of(files | {"评定表/汇总(1).xlsx": files["评定表/汇总.xlsx"]})
    assert [problem.code for problem in told(outcome.problems, "N304", "E305")] == ["N304"]
    assert composites(outcome)["ZB01"] == GOOD["ZB01"]


# --- rows that say of nobody ------------------------------------------------------------------------------

NOBODY: list[tuple[str, dict[str, Any]]] = [
    ("records", {"日期": "2026-03-01", "规则": "未编制党员信息表", "事由": "检查"}),
    ("situation", {"情形": "支部班子不团结", "是否存在": "是", "办公室确认": "是"}),
    ("correction", {"来源": "自评", "指标": "1", "原值": 4, "更正值": 3}),
    ("decision", {"审定等次": "好", "理由": "研究"}),
]


@pytest.mark.parametrize(("kind", "row"), NOBODY)
def test_a_row_that_names_no_branch_is_told(kind: str, row: dict[str, Any]) -> None:
    """A deduction or veto of nobody in particular must not vanish."""
    raw = filled(kind, [row])
    outcome = outcome_of({**good(), "办公室.xlsx": raw})
    (problem,) = told(outcome.problems, "E229")
    assert (problem.file, problem.subject) == ("办公室.xlsx", "党组织编码")
    assert not shown_at(raw, problem.sheet, problem.cell)
    assert composites(outcome) == GOOD


def test_a_deduction_that_names_no_branch_is_told() -> None:
    def erase(book: Workbook) -> None:
        page = book["评定扣分"]
        cell = at(page, "ZB04", "党组织编码")
        cell.value, cell.offset(0, 1).value = None, None

    outcome = outcome_of(with_file(BOOK, altered(good()[BOOK], erase)))
    (problem,) = told(outcome.problems, "E229")
    assert (problem.file, problem.sheet) == (BOOK, "评定扣分")


# --- whose problem it is ----------------------------------------------------------------------------------


def problem_of(path: str, raw: bytes, code: str) -> Problem:
    (problem,) = told(outcome_of(with_file(path, raw)).problems, code)
    return problem


def test_a_problem_names_the_branch_whose_row_it_is_in() -> None:
    """In a rater's book the branch is the row's, never the rater's number."""
    marked = problem_of(BOOK, altered(good()[BOOK], typed("评定表", "ZB03", "领导班子好", 11)), "E203")
    assert (marked.unit, marked.found) == ("ZB03", "11")
    claimed = problem_of(SELF, altered(good()[SELF], typed("自评表", "1", "自评得分", 4.5)), "E203")
    assert (claimed.unit, claimed.found) == ("ZB01", "4.5")
    headed = problem_of(SURVEY, altered(good()[SURVEY], in_head("测评票", "发出", "十张")), "E201")
    assert (headed.unit, headed.found) == ("ZB01", "十张")


def test_forms_that_hold_a_column_together_give_the_same_entries() -> None:
    known: dict[tuple[str, ...], list[str]] = {}
    readings = [read(raw, path) for path, raw in sorted(good().items())]
    for reading in readings:
        reading.columns.share(known)
    alike = [id(reading.columns.varied["cell"]) for reading in readings if reading.kind == "self"]
    assert len(alike) > len(set(alike))
    assert grade(prepared(), readings).entries.equals(outcome_of(good()).entries)


def test_figures_are_exact() -> None:
    entries = outcome_of(good()).entries
    marks = entries[(entries["form"] == "committee") & (entries["rater"] == "PW2") & (entries["unit"] == "ZB01")]
    assert [Fraction(int(value), MICRO) for value in marks["value"]] == [Fraction(19, 2), Fraction(37, 2), 18, 28]
