"""What makes a row a ballot, a branch's, a record or a member of the roster: its form, and no list of labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from openpyxl.styles import Font
from openpyxl.workbook import Workbook

from dingji.forms.filling import Cells, Filling, Value
from dingji.forms.write import write_form
from dingji.read.reading import FileReading
from tests.five_good_case import INDICATORS, QUESTION
from tests.papers import (
    BOOK,
    FIRST,
    ROSTER,
    SECOND,
    SELF,
    altered,
    at,
    cells_with,
    codes,
    filled,
    form,
    good,
    outcome_of,
    read,
    told,
    with_file,
)

BALLOTS = "测评票"
HEADINGS = (*INDICATORS, QUESTION)
THREE = [("1", 9, 18, 17, 26, "满意"), ("2", 8, 19, 18, 27, "满意"), ("3", 10, 17, 16, 28, "不满意")]
Ballot = Sequence[object]


def ballots(rows: Sequence[Ballot], alter: Callable[[Workbook], object] | None = None) -> FileReading:
    """Read 测评表 with these ballots: number, marks, answer."""
    lines: list[Cells] = [dict(zip(("票号", *HEADINGS), row, strict=True)) for row in rows]  # type: ignore[arg-type]
    raw = write_form(form("survey"), Filling(head={**FIRST}, rows={BALLOTS: lines}))
    return read(altered(raw, alter or (lambda _: None)))


def states(reading: FileReading, number: str) -> set[str]:
    """Return the states of a ballot's answers."""
    whose = zip(reading.columns["rater"], reading.columns["state"], strict=True)
    return {state for rater, state in whose if rater == number}


# --- ballots -------------------------------------------------------------------------------------------------

LABELS = ("各项平均", "去掉最高最低分后平均", "汇总", "标准差", "AVERAGE", "Total", "∑", "参评人数30", "示例", "折算分")


@pytest.mark.parametrize("label", LABELS)
def test_a_row_that_words_name_is_no_ballot(label: str) -> None:
    reading = ballots([*THREE, (label, 9.1, 18, 17, 26, "")])
    assert codes(reading.problems) == ["E245"]
    assert states(reading, label) == {"refused"}
    assert states(reading, "1") == {"typed"}


NUMBERS = ("4", "第4号", "No.4", "A-4", "2-15", "№4", "004", "四", "票4", "甲1")


@pytest.mark.parametrize("number", NUMBERS)
def test_a_ballot_is_numbered_in_many_ways(number: str) -> None:
    reading = ballots([*THREE, (number, 9, 18, 17, 26, "满意")])
    assert codes(reading.problems) == ([] if number != "甲1" else ["E245"])


STATISTICS = [
    ("", 9, 18, 17, 27, ""),  # the means
    ("", 27, 54, 51, 81, ""),  # the sums
    ("", 9.0, 18.0, "", 27.0, ""),
]


@pytest.mark.parametrize("row", STATISTICS)
def test_an_unnumbered_row_of_sums_or_means_is_no_ballot(row: Ballot) -> None:
    assert codes(ballots([*THREE, row]).problems) == ["E245"]


@pytest.mark.parametrize("row", [("", 8, 18, 16, 25, ""), ("", 9, 18, 17, 27, "满意"), ("", "", "", "", "", "满意")])
def test_an_unnumbered_ballot_with_answers_of_its_own_is_one(row: Ballot) -> None:
    assert codes(ballots([*THREE, row]).problems) == []


def test_live_formulas_are_no_answers() -> None:
    def alter(book: Workbook) -> None:
        page = book[BALLOTS]
        for heading in INDICATORS:
            cell = at(page, "4", heading)
            cell.value = f"=SUM({cell.column_letter}1:{cell.column_letter}2)"

    reading = ballots([*THREE, ("4", 9, 18, 17, 26, "")], alter)
    assert codes(reading.problems) == ["E245"]


def test_the_same_ballot_twice_is_asked_about_and_the_same_number_alone_is_told() -> None:
    assert codes(ballots([*THREE, THREE[2]]).problems) == ["E245"]
    assert codes(ballots([*THREE, ("3", 9, 17, 16, 28, "不满意")]).problems) == ["W418"]


def test_a_signature_below_the_ballots_needs_no_word() -> None:
    assert (
        codes(ballots([*THREE, ("监票人：", "某同志", "", "", "", ""), ("", "2026年3月5日", "", "", "", "")]).problems)
        == []
    )


VOID = [
    ("2（作废）", ""),
    ("2 无效", ""),
    ("【作废】2", ""),
    ("2", "此票作废"),
    ("2", "【废票】"),
    ("2", "注：本票已作废"),
]


@pytest.mark.parametrize(("number", "beside"), VOID)
def test_a_ballot_that_the_counters_marked_void_is_counted_apart(number: str, beside: str) -> None:
    def alter(book: Workbook) -> None:
        cell = at(book[BALLOTS], number, QUESTION)
        cell.offset(0, 1).value = beside or None

    reading = ballots([THREE[0], (number, 8, 19, 18, 27, "满意"), THREE[2]], alter)
    assert codes(reading.problems) == ["W243"]
    assert states(reading, number) == {"invalid"}
    assert states(reading, "1") == states(reading, "3") == {"typed"}


def test_a_row_struck_through_is_void_and_a_struck_answer_is_asked_about() -> None:
    def strike(headings: Sequence[str]) -> Callable[[Workbook], None]:
        def alter(book: Workbook) -> None:
            for heading in headings:
                at(book[BALLOTS], "2", heading).font = Font(strike=True)

        return alter

    whole = ballots(THREE, strike(("票号", *HEADINGS)))
    assert (codes(whole.problems), states(whole, "2")) == (["W243"], {"invalid"})
    one = ballots(THREE, strike(HEADINGS[:1]))
    assert codes(one.problems) == ["E240"]
    assert states(one, "2") == {"typed", "refused"}


# --- branches, records, roster -------------------------------------------------------------------------------


def marks_below(*line: object) -> FileReading:
    """Read a rater's book with a row below its branches, written from the first column on."""

    def alter(book: Workbook) -> None:
        page = book["评定表"]
        row = max(cell.row for line in page.iter_rows() for cell in line if cell.value is not None) + 1
        for place, value in enumerate(line, start=1):
            page.cell(row, place).value = value  # type: ignore[assignment]

    return read(altered(good()[BOOK], alter))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (("", "审核人", "某同志"), ["W233"]),
        (("评委签字", "", "2026年3月5日"), []),
        (("", "", "某同志"), []),
        (("", "", 18), ["E229"]),
        (("", "", 9, 18, 17, 26), ["E229"]),
        (("备注", "", 9, 18), ["E229"]),
        (("", "", "回避"), ["E229"]),
    ],
)
def test_marks_that_are_nobodys_are_asked_about_and_signatures_are_not(
    line: Sequence[object], expected: Sequence[str]
) -> None:
    assert codes(told(marks_below(*line).problems, "E229", "W233")) == expected


def test_sums_below_the_marks_are_told_whatever_they_are_called() -> None:
    plain = read(good()[BOOK])
    sums = [0] * 4
    for part, item, value in zip(*(plain.columns[name] for name in ("part", "item", "value")), strict=True):
        if part == "mark" and value is not None:
            sums[INDICATORS.index(item)] += value
    reading = marks_below("", "全院", *(value / 10**6 for value in sums))
    assert codes(reading.problems) == ["W233"]
    assert dict(reading.columns) == dict(plain.columns)


EVENT: dict[str, Value] = {**FIRST, "日期": date(2026, 3, 1), "规则": "组织生活", "数量": 8}


def event(**cells: Value) -> dict[str, Value]:
    """Return a record that says something else in these columns."""
    return {**EVENT, **cells}


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (EVENT, ["E246"]),
        (event(事由="另一次"), []),
        (event(数量=7), []),
        (event(**SECOND), []),
    ],
)
def test_the_same_record_twice_is_asked_about(second: Cells, expected: Sequence[str]) -> None:
    outcome = outcome_of(with_file("平时记录.xlsx", filled("records", [EVENT, second])))
    assert codes(told(outcome.problems, "E246")) == expected


def test_the_same_record_in_other_spelling_is_asked_about() -> None:
    rows = [event(事由="第1次（甲）", 依据="A表 第2页"), event(事由="第１次 (甲)", 依据="Ａ表第2页")]
    outcome = outcome_of(with_file("平时记录.xlsx", filled("records", rows)))
    assert codes(told(outcome.problems, "E246")) == ["E246"]


@pytest.mark.parametrize("called", ["审批意见", "领导批示"])
def test_a_verdict_under_another_heading_is_not_passed_over(called: str) -> None:
    def rename(book: Workbook) -> None:
        cells_with(book.worksheets[0], "审核意见")[0].value = called

    judged = filled("records", [event(审核意见="不同意"), event(数量=7, 审核意见="同意")])
    [problem] = told(outcome_of(with_file("平时记录.xlsx", altered(judged, rename))).problems, "E117")
    assert f"审核意见（是不是“{called}”）" in problem.values["what"]


def test_a_record_pasted_into_another_file_is_asked_about() -> None:
    files = with_file("平时记录.xlsx", filled("records", [EVENT]))
    files["平时记录二.xlsx"] = filled("records", [EVENT, event(**SECOND)])
    [problem] = told(outcome_of(files).problems, "E246")
    assert problem.file == "平时记录二.xlsx"
    assert "平时记录.xlsx" in problem.values["other"]


@pytest.mark.parametrize("said", ["作废", "【作废】", "此条作废", "已注销"])
def test_a_void_record_does_not_count_and_is_told(said: str) -> None:
    reading = read(filled("records", [EVENT, event(事由=said)]))
    assert codes(reading.problems) == ["W243"]
    assert reading.columns["part"] == ["fact"]


@pytest.mark.parametrize("said", ["作废旧制度，重订新制度", "无效的发展对象材料已退回重办，另附说明", "未注销"])
def test_a_record_about_something_void_counts(said: str) -> None:
    assert codes(read(filled("records", [event(事由=said)])).problems) == []


@pytest.mark.parametrize("heading", ["日期", "规则", "事由", "党组织编码"])
def test_a_merged_block_says_the_same_of_each_row(heading: str) -> None:
    rows = [event(事由="检查"), event(事由="检查", 数量=7), event(事由="检查", 数量=6)]

    def alter(book: Workbook) -> None:
        page = book["平时记录"]
        top = cells_with(page, heading)[-1]
        row, letter = int(top.row or 0), top.column_letter
        for below in (2, 3):
            page[f"{letter}{row + below}"] = None
        page.merge_cells(f"{letter}{row + 1}:{letter}{row + 3}")

    raw = filled("records", rows)
    for field in ("code", "name", "rule", "date", "reason", "value"):
        assert read(altered(raw, alter)).columns[field] == read(raw).columns[field], field


def test_a_figure_merged_over_two_records_is_of_neither() -> None:
    def alter(book: Workbook) -> None:
        cell = at(book["平时记录"], "组织生活", "数量")
        book["平时记录"].merge_cells(f"{cell.coordinate}:{cell.offset(1, 0).coordinate}")

    reading = read(altered(filled("records", [EVENT, {key: EVENT[key] for key in EVENT if key != "数量"}]), alter))
    assert reading.columns["value"] == [8_000_000, None]


def in_roster(alter: Callable[[Workbook], object]) -> FileReading:
    return read(altered(good()[ROSTER], alter))


def test_a_parent_merged_over_its_branches_is_the_parent_of_each() -> None:
    def alter(book: Workbook) -> None:
        page = book["名册"]
        first = at(page, "ZB01", "上级党组织")
        first.value = "第一党总支"
        for below in (1, 2):
            first.offset(below, 0).value = None
        page.merge_cells(f"{first.coordinate}:{first.offset(2, 0).coordinate}")

    assert [row["parent"] for row in in_roster(alter).roster["名册"]][:3] == ["第一党总支"] * 3


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (("合计", "五个支部"), ["W233"]),
        (("备注", "以上均为在职党支部"), ["W233"]),
        (("填表人：某同志", "审核人：某同志"), []),
    ],
)
def test_what_is_no_branch_of_the_roster_is_told_and_not_graded(line: Sequence[str], expected: Sequence[str]) -> None:
    def alter(book: Workbook) -> None:
        page = book["名册"]
        codes_below = [at(page, f"ZB0{number}", "党组织编码") for number in range(1, 6)]
        last = max(codes_below, key=lambda cell: int(cell.row or 0))
        last.offset(1, 0).value = line[0]
        last.offset(1, 1).value = line[1]

    reading = in_roster(alter)
    assert codes(reading.problems) == expected
    assert len(reading.roster["名册"]) == len(read(good()[ROSTER]).roster["名册"])


def test_a_name_with_a_colon_is_a_branch_beside_its_code_and_asked_about_without() -> None:
    """A remark has a colon, and neither a code nor figures."""

    def alter(*, coded: bool) -> Callable[[Workbook], object]:
        def rename(book: Workbook) -> None:
            own = at(book["名册"], "ZB02", "党组织编码")
            own.offset(0, 1).value = "二支部: 门诊"
            own.value = own.value if coded else None

        return rename

    named = in_roster(alter(coded=True))
    assert (codes(named.problems), [row["code"] for row in named.roster["名册"]][1]) == ([], "ZB02")
    nameless = in_roster(alter(coded=False))
    assert (codes(nameless.problems), len(nameless.roster["名册"])) == (["W233"], len(named.roster["名册"]) - 1)


def test_a_branch_struck_from_the_roster_is_told() -> None:
    def alter(book: Workbook) -> None:
        row = at(book["名册"], "ZB05", "党组织编码").row
        for cell in book["名册"][row]:
            cell.font = Font(strike=True)

    reading = in_roster(alter)
    assert codes(reading.problems) == ["W243"]
    assert "ZB05" not in [row["code"] for row in reading.roster["名册"]]


@pytest.mark.parametrize(("blank", "members"), [("正式党员", None), ("预备党员", None), ("", 12)])
def test_a_count_left_blank_leaves_the_sum_unknown(blank: str, members: int | None) -> None:
    def alter(book: Workbook) -> None:
        for code in ("ZB01", "ZB02"):
            at(book["名册"], code, "正式党员").value = 11
            at(book["名册"], code, "预备党员").value = 1
        if blank:
            at(book["名册"], "ZB01", blank).value = None

    outcome = outcome_of(with_file(ROSTER, altered(good()[ROSTER], alter)))
    found = dict(zip(outcome.branches["unit"], outcome.branches["members"], strict=True))
    assert (None if found["ZB01"] != found["ZB01"] else found["ZB01"], found["ZB02"]) == (members, 12)


def test_a_roster_without_its_raters_is_told() -> None:
    def alter(book: Workbook) -> None:
        del book["评委"]

    outcome = outcome_of(with_file(ROSTER, altered(good()[ROSTER], alter)))
    assert codes(told(outcome.problems, "W323")) == ["W323"]
    assert not told(outcome_of(good()).problems, "W323")


# --- printed rows --------------------------------------------------------------------------------------------


def with_section(label: str, name: str, figure: int) -> FileReading:
    """Read 自评表 with a row above its first: a label, a name, the full mark and a figure."""

    def alter(book: Workbook) -> None:
        page = book["自评表"]
        for block in list(page.merged_cells.ranges):
            page.unmerge_cells(str(block))
        row = at(page, "1", "序号").row
        page.insert_rows(row)
        for column, value in zip("ABDF", (label, name, 10, figure), strict=True):
            page[f"{column}{row}"].value = value

    return read(altered(good()[SELF], alter))


@pytest.mark.parametrize("label", ["一、", "一", "（一）", "①", "A", "Ⅰ", "第一部分", "1", ""])
def test_a_section_with_its_own_sum_is_a_subtotal_with_any_numbering(label: str) -> None:
    plain = read(good()[SELF])
    first = [
        value
        for item, value in zip(plain.columns["item"], plain.columns["value"], strict=True)
        if item in ("1", "2", "3")
    ]
    assert first
    total = sum(
        value // 10**6
        for item, value in zip(plain.columns["item"], plain.columns["value"], strict=True)
        if item.isdigit() and value and int(item) <= FIRST_INDICATOR
    )
    reading = with_section(label, "领导班子好", total)
    assert codes(reading.problems) == []
    assert reading.columns["value"] == plain.columns["value"]


FIRST_INDICATOR = 4
"""Rows of the first indicator of the standard."""


def test_a_section_whose_figure_is_no_sum_is_told() -> None:
    assert codes(with_section("一、", "领导班子好", 3).problems) == ["W233"]


# --- two sheets of one kind -----------------------------------------------------------------------------------

CLAIMS = "自评表"


def copied(*, blank: str = "", hidden: str = "", other: bool = False) -> FileReading:
    """Read 自评表 with a copy of its sheet; marks of one blanked, one hidden, or a mark of the copy changed."""

    def alter(book: Workbook) -> None:
        copy = book.copy_worksheet(book[CLAIMS])
        copy.title = "自评表 (2)"
        if blank:
            for number in range(1, 20):
                at(book[blank], str(number), "自评得分").value = None
        if hidden:
            book[hidden].sheet_state = "hidden"
        if other:
            at(copy, "1", "自评得分").value = 1

    return read(altered(good()[SELF], alter))


@pytest.mark.parametrize(
    ("blank", "hidden", "other", "expected"),
    [
        (CLAIMS, "", False, []),
        ("自评表 (2)", "", False, []),
        ("", "", True, ["E247"]),
        ("", "", False, ["W234"]),
        ("", CLAIMS, False, ["W234"]),
        ("", "自评表 (2)", True, ["W234"]),
    ],
)
def test_of_two_sheets_the_visible_and_filled_one_is_read(
    blank: str, hidden: str, *, other: bool, expected: Sequence[str]
) -> None:
    reading = copied(blank=blank, hidden=hidden, other=other)
    assert codes(reading.problems) == expected
    assert (dict(reading.columns) != {}) == ("E247" not in expected)
