"""What changed a result, or was lost from it, with status 0 and no word: each on real workbooks."""

from __future__ import annotations

import io
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from dingji.comparing import wording
from dingji.forms.declare import Column
from dingji.pipeline import unsettled
from dingji.problems import describe
from dingji.read.heading_texts import other_full
from dingji.reports.view import OutcomeView
from dingji.reports.workbook import write_results
from tests.papers import (
    BOOK,
    DECISIONS,
    FIRST,
    SELF,
    SITUATIONS,
    SURVEY,
    altered,
    at,
    book_of,
    cells_with,
    codes,
    filled,
    good,
    outcome_of,
    read,
    told,
    with_file,
)
from tests.test_bad_input import composites, password
from tests.workspaces import command, make_workspace

RECORD = {**FIRST, "日期": "2026-03-02", "规则": "支委集中学习", "数量": 9, "事由": "三月检查"}
SECOND_BOOK = "平时记录二.xlsx"


def records(*rows: dict[str, object]) -> bytes:
    return filled("records", [{**RECORD, **row} for row in rows])  # type: ignore[dict-item]


# --- a whole file that was not taken ----------------------------------------------------------------------


def without_rules(raw: bytes) -> bytes:
    return altered(raw, lambda book: cells_with(book["平时记录"], "规则")[0].__setattr__("value", "条款"))


@pytest.mark.parametrize(
    ("path", "raw", "asked"),
    [
        (SECOND_BOOK, password(), True),
        (SECOND_BOOK, without_rules(records({"事由": "四月检查"})), True),
        ("扫描件.xlsx", b"\x89PNG", True),
        ("全部.zip", b"PK\x05\x06" + b"\0" * 18, True),
        ("通知.docx", b"PK\x05\x06" + b"\0" * 18, False),
        ("照片.jpg", b"\xff\xd8\xff", False),
        (f"旧/{BOOK.partition('/')[2]}", good()[BOOK][:5_000], True),
    ],
)
def test_a_refused_workbook_that_nobody_owes_wants_a_person(path: str, raw: bytes, asked: bool) -> None:  # noqa: FBT001
    files = {**with_file("平时记录.xlsx", records({})), path: raw}
    assert unsettled(outcome_of(files)) == asked


# --- a column taken out of a form that was handed out -----------------------------------------------------


def without_column(sheet: str, heading: str) -> Callable[[Workbook], None]:
    def alter(book: Workbook) -> None:
        cell = cells_with(book[sheet], heading)[-1]
        assert cell.column is not None
        book[sheet].delete_cols(int(cell.column))

    return alter


def test_approval_taken_out_of_a_form_that_had_it_is_told_and_no_row_counts() -> None:
    raw = altered(records({"审核意见": "不同意"}), without_column("平时记录", "审核意见"))
    outcome = outcome_of(with_file("平时记录.xlsx", raw))
    (problem,) = told(outcome.problems, "E117")
    assert "审核意见" in describe(problem).text
    assert unsettled(outcome)
    assert not (outcome.entries["form"] == "records").any()


def test_a_table_made_by_hand_needs_no_approval() -> None:
    row = {key: value for key, value in RECORD.items() if key != "党组织名称"}
    outcome = outcome_of(with_file("平时记录.xlsx", book_of(row, row.values(), sheet="平时记录")))
    assert not told(outcome.problems, "E117")
    assert (outcome.entries["form"] == "records").any()


# --- the same thing, otherwise punctuated -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("三月检查，未开会", "三月检查,未开会。", True),
        ("（三月）检查：未开会", "(三月)检查 未开会", True),
        ("少开1.5次", "少开15次", False),
        ("第1、2季度", "第12季度", False),
        ("三月检查", "四月检查。", False),
    ],
)
def test_two_records_are_the_same_however_punctuated(one: str, other: str, same: bool) -> None:  # noqa: FBT001
    outcome = outcome_of(with_file("平时记录.xlsx", records({"事由": one}, {"事由": other})))
    assert bool(told(outcome.problems, "E246")) == same


# --- the program's own result, handed in as 上期结果 ------------------------------------------------------


def test_words_altered_in_our_own_result_are_told() -> None:
    raw = write_results(OutcomeView(outcome_of(good())))
    assert codes(read(raw).problems) == []
    assert told(read(altered(raw, lambda _: None)).problems, "W666") == []  # saved anew without what formulas gave

    def alter(book: Workbook) -> None:
        page = book["一览表"]
        at(page, FIRST["党组织编码"], "备注").value = "去年已降为后进"

    (problem,) = told(read(altered(raw, alter)).problems, "W666")
    assert (problem.code, problem.subject, problem.found) == ("W666", "备注", "去年已降为后进")


# --- what comes next --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "把 output/上会/审定表.xlsx 带到会上，填好放进 input，再运行 python process.py --workspace"),
        ({SECOND_BOOK: password()}, "还有事要人处理"),
    ],
)
def test_a_run_says_what_comes_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: dict[str, bytes], words: str
) -> None:
    assert command(make_workspace(tmp_path, {**good(), **more}), "run") == bool(more)
    *_, said, last = capsys.readouterr().out.splitlines()
    assert said.startswith(f"接下来：{words}")
    assert last.startswith("结果已放在")


# --- rows and columns that were left out or contradict each other -----------------------------------------


def emptied(sheet: str, *cells: str) -> Callable[[Workbook], None]:
    def alter(book: Workbook) -> None:
        for cell in cells:
            book[sheet][cell].value = None

    return alter


def test_a_verified_row_with_figures_and_no_rule_is_no_word_that_nothing_is_to_deduct() -> None:
    page = openpyxl.load_workbook(io.BytesIO(good()[BOOK]))["评定扣分"]
    assert (page["A5"].value, page["F5"].value, page["I5"].value) == ("ZB04", 5, "是")
    outcome = outcome_of(with_file(BOOK, altered(good()[BOOK], emptied("评定扣分", "D5"))))
    (problem,) = told(outcome.problems, "E229")
    assert (problem.sheet, problem.cell, problem.subject) == ("评定扣分", "D5", "规则")
    assert composites(outcome)["ZB04"] is None


def test_a_renamed_column_of_facts_is_told() -> None:
    def alter(book: Workbook) -> None:
        page = book["扣分加分"]
        page["G6"].value, page["G4"].value = 3, "数"

    (problem,) = told(outcome_of(with_file(SELF, altered(good()[SELF], alter))).problems, "E117")
    assert "数量（是不是“数”）" in describe(problem).text


@pytest.mark.parametrize("declared", ["否", None])
def test_a_situation_confirmed_that_nobody_declared_is_asked_about(declared: str | None) -> None:
    def alter(book: Workbook) -> None:
        page = book["情形申报"]
        page["D6"].value, page["F6"].value = declared, "是"

    outcome = outcome_of(with_file(SITUATIONS, altered(good()[SITUATIONS], alter)))
    (problem,) = told(outcome.problems, "E686")
    assert (problem.cell, problem.found) == ("F6", "是")
    assert unsettled(outcome)


@pytest.mark.parametrize(
    ("left", "code", "waits"),
    [(range(11, 21), "E687", True), (range(12, 21), "W688", False), (range(11, 15), "", False)],
)
def test_a_question_that_no_ballot_answers_is_no_share_of_nought(left: range, code: str, waits: bool) -> None:  # noqa: FBT001
    alter = emptied("测评票", *(f"G{row}" for row in left))
    outcome = outcome_of(with_file(SURVEY, altered(good()[SURVEY], alter)))
    assert [problem.code for problem in told(outcome.problems, "E687", "W688")] == [code] * bool(code)
    [status] = outcome.rollcall.loc[[SURVEY in files for files in outcome.rollcall["files"]], "status"]
    assert status == ("待改" if waits else "已报")
    assert (composites(outcome)["ZB01"] is None) == waits


# --- a ballot, or a session, that may be there twice -------------------------------------------------------


@pytest.mark.parametrize(("group", "asked"), [("党员", True), ("群众", False)])
def test_two_different_ballots_of_one_number_are_told(group: str, asked: bool) -> None:  # noqa: FBT001
    """Each 身份 may be numbered from 1 on."""

    def alter(book: Workbook) -> None:
        page = book["测评票"]
        page["A13"], page["B12"], page["B13"] = page["A12"].value, "党员", group
        page["C13"] = 1 if page["C12"].value != 1 else 2

    outcome = outcome_of(with_file(SURVEY, altered(good()[SURVEY], alter)))
    assert [problem.cell for problem in told(outcome.problems, "W418")] == ["A13"] * asked


@pytest.mark.parametrize(("changed", "asked"), [(None, True), (1, False)])
def test_two_sessions_that_are_one_ballot_by_ballot_are_told(changed: int | None, asked: bool) -> None:  # noqa: FBT001
    def alter(book: Workbook) -> None:
        page = book["测评票"]
        where = cells_with(page, "测评场次")[0]
        page.cell(where.row, int(where.column or 0) + 1).value = "第二场"
        page["C12"] = changed or page["C12"].value

    again = altered(good()[SURVEY], alter)
    outcome = outcome_of(with_file("测评表/第二场.xlsx", again))
    assert len(told(outcome.problems, "W419")) == asked


# --- a heading whose full mark is another -----------------------------------------------------------------


@pytest.mark.parametrize(("path", "sheet"), [(SURVEY, "测评票"), (BOOK, "评定表")])
@pytest.mark.parametrize(("printed", "asked"), [("（20分）", True), ("（30.0 分）", False), ("", False)])
def test_marks_under_another_full_mark_are_not_counted(path: str, sheet: str, printed: str, asked: bool) -> None:  # noqa: FBT001
    def alter(book: Workbook) -> None:
        (head,) = cells_with(book[sheet], "工作业绩好\n（30分）")
        head.value = f"工作业绩好{printed}"

    outcome = outcome_of(with_file(path, altered(good()[path], alter)))
    problems = told(outcome.problems, "E122")
    assert [problem.found for problem in problems] == ["工作业绩好（20分）"] * asked
    assert all("这一栏印的满分是20分，标准是30分" in describe(problem).text for problem in problems)
    assert not told(outcome.problems, "E117")
    assert (path in set(outcome.entries["file"])) != asked


@pytest.mark.parametrize(("heading", "printed"), [("班子", "班子\n（10分）"), ("答对一题得5分", "答对一题得5分")])
def test_a_column_is_held_against_what_is_printed_after_its_heading_alone(heading: str, printed: str) -> None:
    """Not against the highest mark, which may be another, nor a figure of the heading's own words."""
    column = Column(heading, full=Fraction(12), suffix="（10分）")
    assert other_full(printed, column) is None
    assert other_full(f"{heading}（20分）", column) == (Fraction(20), Fraction(10))


def test_signs_alone_are_compared_as_they_are() -> None:
    """Else a 同一工作 of nothing but signs were none, and what is one work would count twice."""
    assert wording("……") == wording(" …… ") != wording("、") != ""
    assert wording("三会一课，按月。") == wording("三会一课按月")


# --- words without the cell that decides, and situations told twice ---------------------------------------


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ({"理由": "整改到位，定为较好"}, True),
        ({"同意": 9, "不同意": 0}, True),
        ({"上级审查意见": "同意定为较好"}, True),
        ({"测算等次": "好", "会议名称": "党委会"}, False),
        ({"审定等次": "好", "理由": "同意测算"}, False),
    ],
)
def test_what_the_committee_says_without_a_grade_is_asked_about(said: dict[str, object], asked: bool) -> None:  # noqa: FBT001
    outcome = outcome_of(with_file(DECISIONS, filled("decision", [{**FIRST, **said}])))  # type: ignore[dict-item]
    found = [(problem.unit, problem.subject, problem.cell) for problem in told(outcome.problems, "E229")]
    assert [each[:2] for each in found] == [("ZB01", "审定等次")] * asked
    assert unsettled(outcome) == asked


def test_a_situation_described_and_not_answered_is_asked_about() -> None:
    def alter(book: Workbook) -> None:
        page = book["情形申报"]
        page["D6"].value, page["E6"].value = None, "一名党员受处分"

    outcome = outcome_of(with_file(SITUATIONS, altered(good()[SITUATIONS], alter)))
    (problem,) = told(outcome.problems, "E229")
    assert (problem.cell, problem.subject, unsettled(outcome)) == ("D6", "是否存在", True)


@pytest.mark.parametrize(
    ("other", "disputed"),
    [
        ({"是否存在": "否"}, True),
        ({"是否存在": "是", "办公室确认": "否"}, True),
        ({"是否存在": "是", "办公室确认": "是"}, False),
        ({"情形": "一年以上没有开展活动", "是否存在": "否"}, False),
    ],
)
def test_a_situation_confirmed_in_one_row_and_denied_in_another_waits(other: dict[str, str], disputed: bool) -> None:  # noqa: FBT001
    row = {**FIRST, "情形": "支部班子不团结", "是否存在": "是", "办公室确认": "是"}
    denied = {**FIRST, "情形": "支部班子不团结", **other, "说明": "另一份"}
    files = {**with_file(SITUATIONS, filled("situation", [row])), "情形申报二.xlsx": filled("situation", [denied])}
    outcome = outcome_of(files)
    assert [problem.unit for problem in told(outcome.problems, "E305")] == ["ZB01"] * disputed
    assert unsettled(outcome) == disputed
    first = outcome.results.set_index("unit").loc["ZB01"]
    assert bool(first["situations"]) != disputed
