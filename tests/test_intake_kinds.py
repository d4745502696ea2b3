"""What trials from outside found in cells and rows, each with neighbours of its kind, through reading and grading.

A row of `CASES`: what was done to which file of the good case, the codes that are told, and what comes of the first
branch's figure: the same, none, or another one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any

import pytest
from openpyxl.styles import Font
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from dingji.forms.filling import Cells, Filling, Value
from dingji.forms.write import write_form
from dingji.outcome import Outcome
from tests.five_good_case import INDICATORS, QUESTION
from tests.papers import (
    BOOK,
    FIRST,
    ROSTER,
    SELF,
    SURVEY,
    Alter,
    altered,
    at,
    cells_with,
    codes,
    filled,
    form,
    good,
    in_head,
    outcome_of,
    typed,
    with_file,
)
from tests.test_known_of_cells import half_struck

OWN, SAME, WAITS = "ZB01", "same", "waits"
BALLOTS, TALLY, CLAIMS, MARKS = "测评票", "测评汇总", "自评表", "评定表"
COUNTS = ("应参加", "实到", "发出", "收回", "有效", "无效")
Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Case:
    """A kind's case: its name, the files, the codes told beside those of the good case, and what the figure is.

    The files are made by the test, for every process that runs tests draws up the whole table.
    """

    name: str
    files: Callable[[], Files]
    codes: str
    comes_to: str

    def __str__(self) -> str:
        return self.name


def case(path: str, name: str, how: Alter, told: str, comes_to: str = SAME) -> Case:
    return Case(name, lambda: with_file(path, altered(good()[path], how)), told, comes_to)


def figures(outcome: Outcome) -> dict[str, Fraction | None]:
    return dict(zip(outcome.results["unit"], outcome.results["composite"], strict=True))


# --- what is done to a form -----------------------------------------------------------------------------------


def below(page: Worksheet) -> int:
    return max(int(cell.row or 0) for line in page.iter_rows() for cell in line if cell.value is not None) + 1


def row_below(sheet: str, values: Sequence[object], *, counted: bool = False) -> Alter:
    """Return what writes a row below all others, the counts of a survey's head blanked unless `counted`."""

    def alter(book: Workbook) -> None:
        page, number = book[sheet], below(book[sheet])
        for place, value in enumerate(values, start=1):
            page.cell(number, place).value = value  # type: ignore[assignment]
        for label in () if counted else COUNTS:
            in_head(sheet, label, None)(book)

    return alter


def ballot(*values: object) -> Alter:
    return row_below(BALLOTS, values)


def beside(key: str, text: str) -> Alter:
    """Return what writes a text beside a ballot, under no heading."""

    def alter(book: Workbook) -> None:
        at(book[BALLOTS], key, QUESTION).offset(0, 1).value = text

    return alter


def words_below(sheet: str, text: str) -> Alter:
    """Return what writes words below a table, a row apart from it."""

    def alter(book: Workbook) -> None:
        book[sheet].cell(book[sheet].max_row + 2, 1).value = text

    return alter


def formatted(sheet: str, key: object, heading: str, value: object, number_format: str) -> Alter:
    def alter(book: Workbook) -> None:
        cell = at(book[sheet], key, heading)
        cell.value, cell.number_format = value, number_format  # type: ignore[assignment]

    return alter


def error(sheet: str, key: object, heading: str, shown: str = "#NAME?", kind: str = "e") -> Alter:
    def alter(book: Workbook) -> None:
        cell = at(book[sheet], key, heading)
        cell.value, cell.data_type = shown, kind

    return alter


def struck(sheet: str, key: object, heading: str, *, part: bool = False) -> Alter:
    def alter(book: Workbook) -> None:
        cell = at(book[sheet], key, heading)
        if part:
            cell.value = half_struck()
        else:
            cell.font = Font(strike=True)

    return alter


def struck_text(sheet: str, text: str) -> Alter:
    """Return what strikes a heading or label through."""

    def alter(book: Workbook) -> None:
        cells_with(book[sheet], text)[-1].font = Font(strike=True)

    return alter


def sheet_named(old: str, new: str) -> Alter:
    def alter(book: Workbook) -> None:
        book[old].title = new

    return alter


def section(label: str, name: str, **figures_of: int) -> Alter:
    """Return what puts a row above the first claim: a label, a name, and figures under 分值 and 自评得分."""

    def alter(book: Workbook) -> None:
        page = book[CLAIMS]
        for block in list(page.merged_cells.ranges):
            page.unmerge_cells(str(block))
        number = int(at(page, "1", "序号").row)
        page.insert_rows(number)
        page.cell(number, 1).value, page.cell(number, 2).value = label, name
        for heading, figure in figures_of.items():
            page.cell(number, cells_with(page, heading)[-1].column).value = figure

    return alter


def tally(name: str, votes: Cells, told: str, comes_to: str, how: Alter | None = None, **head: Value) -> Case:
    """Return a case of the first branch's survey as a tally: means of nine, these votes, and a head."""
    printed = {TALLY: {**{f"{name}|": {"平均分": 9} for name in INDICATORS}, f"{QUESTION}|": votes}}
    filling = Filling(OWN, {"党组织名称": "一支部", "党组织编码": OWN, **head}, printed=printed)

    def files() -> Files:
        raw = write_form(form("survey"), filling)
        return with_file(SURVEY, altered(raw, how) if how else raw)

    return Case(name, files, told, comes_to)


def percent_votes(book: Workbook) -> None:
    cell = at(book[TALLY], QUESTION, "满意")
    cell.number_format = "0%"


def merged(sheet: str, heading: str, first: object, rows: int, value: object = None) -> Alter:
    """Return what merges a column's cells from a row on, so that the first alone says something."""

    def alter(book: Workbook) -> None:
        page, cell = book[sheet], at(book[sheet], first, heading)
        cell.value = value or cell.value  # type: ignore[assignment]
        for further in range(1, rows):
            cell.offset(further, 0).value = None
        page.merge_cells(f"{cell.coordinate}:{cell.offset(rows - 1, 0).coordinate}")

    return alter


def painted(sheet: str, label: str, value: object) -> Alter:
    """Return what merges a head cell's label with its value by a format painter, which leaves the value below."""

    def alter(book: Workbook) -> None:
        cell = cells_with(book[sheet], label)[0]
        cell.offset(0, 1).value = value  # type: ignore[assignment]
        book[sheet].merged_cells.add(f"{cell.coordinate}:{cell.offset(0, 1).coordinate}")

    return alter


DAY = date(2026, 3, 1)
EVENT: dict[str, Value] = {**FIRST, "日期": DAY, "规则": "组织生活", "数量": 8}
SEVENTH = {**EVENT, "数量": 7}


def records(*rows: Mapping[str, Any], how: Alter | None = None) -> Files:
    raw = filled("records", rows)
    return with_file("平时记录.xlsx", altered(raw, how) if how else raw)


def of_record(name: str, how: Alter, told: str, comes_to: str, *rows: Mapping[str, Any]) -> Case:
    return Case(name, lambda: records(*rows, how=how), told, comes_to)


def renamed_void() -> Files:
    return {**with_file(SURVEY, None), "一支部（作废）.xlsx": good()[SURVEY]}


LESS = "95.07"
"""What the first branch has with that event taken: 0.8 less."""
WITHOUT_SECOND = "92.38"
"""What it has without its second ballot."""

of_survey, of_claims, of_rater, of_roster = (partial(case, path) for path in (SURVEY, SELF, BOOK, ROSTER))

NOBODY: Cells = {"基本满意": 0, "不满意": 0}
MEANS = (9.6, 19.1, 18.8, 28.3)
BEST, LEAST = (10, 20, 20, 30), (9, 18, 17, 26.5)

CASES = [
    # what is no ballot or branch is no matter of labels
    of_survey("means under words", ballot("各项平均", None, *MEANS), "E245", WAITS),
    of_survey("means with the words in another column", ballot(None, "平均", *MEANS), "E245", WAITS),
    of_survey("the best of each without a number", ballot(None, None, *BEST), "E245", WAITS),
    of_survey("the least of each without a number", ballot(None, None, *LEAST), "E245", WAITS),
    of_survey("words in 身份 alone", ballot(None, "标准差", 0.3, 0.7, 0.5, 0.9), "E245", WAITS),
    of_survey("nought for a number", ballot("0", None, *BEST), "E245", WAITS),
    of_survey("a number that counts ballots", ballot("10张", None, *MEANS), "E245", WAITS),
    of_survey("from the first to the last", ballot("1-10", None, *MEANS), "E245", WAITS),
    of_rater("means under a branch's name", row_below(MARKS, (None, "平均", 9, 17, 17, 25), counted=True), "E301"),
    of_roster("members summed up", row_below("名册", (None, "合计", *[None] * 10, 95, 5), counted=True), "W233"),
    # percent where a figure is asked
    of_claims("a claim in percent", formatted(CLAIMS, "1", "自评得分", 0.95, "0%"), "E206", WAITS),
    of_survey("a ballot in percent", formatted(BALLOTS, "2", INDICATORS[0], 0.9, "0.0%"), "E206", WAITS),
    of_rater("a rater's mark in percent", formatted(MARKS, OWN, INDICATORS[1], 0.9, "0%"), "E206", WAITS),
    tally("votes in percent", {"满意": 1, **NOBODY}, "E206", WAITS, percent_votes),
    tally("votes as a text in percent", {"满意": "100%", **NOBODY}, "E201", WAITS),
    of_roster("members in percent", formatted("名册", OWN, "正式党员", 1, "0%"), "E206"),
    of_record("percent of times", formatted("平时记录", "组织生活", "数量", 0.8, "0%"), "E206", WAITS, EVENT),
    # errors are no blanks and no abstentions
    of_survey("an error for an answer", error(BALLOTS, "2", QUESTION, "#N/A"), "E209", WAITS),
    of_survey("an error pasted as a text for an answer", error(BALLOTS, "2", QUESTION, "#N/A", "s"), "E209", WAITS),
    of_survey("an error pasted as a text for a mark", error(BALLOTS, "2", INDICATORS[0], "#REF!", "s"), "E209", WAITS),
    of_rater("an error in a rater's mark", error(MARKS, OWN, INDICATORS[0], "#DIV/0!"), "E209", WAITS),
    # a fault stays in its cell
    of_claims("an error in a remark", error(CLAIMS, "2", "情况说明"), "W248"),
    of_rater("an error in a rater's remark", error(MARKS, OWN, "说明"), ""),
    of_rater("an error in a total", error(MARKS, OWN, "合计"), ""),
    of_survey("an error in who counted", in_head(BALLOTS, "计票人", "#N/A"), "W248"),
    # strikes
    of_claims("a digit struck", struck(CLAIMS, "5", "自评得分", part=True), "E240", WAITS),
    of_survey("an answer struck", struck(BALLOTS, "2", QUESTION), "E240", WAITS),
    of_roster("a count struck in part", struck("名册", OWN, "正式党员", part=True), "E240"),
    of_claims("a row's number struck, its mark not", struck(CLAIMS, "3", "序号"), "E240", WAITS),
    of_claims("a row's text struck, its mark not", struck(CLAIMS, "3", "考评内容"), "E240", WAITS),
    of_survey("a heading struck", struck_text(BALLOTS, INDICATORS[2]), "E117", WAITS),
    of_rater("a rater's heading struck", struck_text(MARKS, INDICATORS[2]), "E117", "95.74"),
    of_survey("a count's label struck", struck_text(BALLOTS, "有效"), ""),
    # void ones
    of_survey("a number marked void", typed(BALLOTS, "2", "票号", "2（作废）"), "N402 W243 W407", WITHOUT_SECOND),
    of_survey("void for a group", typed(BALLOTS, "2", "身份", "作废"), "N402 W243 W407", WITHOUT_SECOND),
    of_survey("void beside", beside("2", "此票不计入"), "N402 W243 W407", WITHOUT_SECOND),
    of_survey("a word beside", beside("2", "涂改"), "W565"),
    of_survey("a cross beside", beside("2", "×"), "W565"),
    of_survey("a sum beside", beside("2", "77.5"), ""),
    of_claims("a claim that says void", typed(CLAIMS, "1", "情况说明", "此项作废"), "W565"),
    of_survey("a sheet that says void", sheet_named(BALLOTS, "测评票（作废）"), "W566"),
    of_survey("a title that says void", lambda book: book[BALLOTS].cell(2, 1, "测评票（作废）"), "W566"),
    of_survey("words below that say void", words_below(BALLOTS, "以上结果作废，以重报的为准"), "W566"),
    of_claims("words below claims that say void", words_below(CLAIMS, "本表作废"), "W566"),
    of_roster("words below a roster that say void", words_below("名册", "以上名单作废"), "W566"),
    of_rater("words below marks that say void", words_below(MARKS, "此表作废"), "W566"),
    of_claims("a remark below on what counts", words_below(CLAIMS, "以上各项不计入总分"), ""),
    of_claims("a warning printed below", words_below(CLAIMS, "以上内容如有虚假，成绩作废"), ""),
    of_claims("a rule printed below", words_below(CLAIMS, "本表未盖章无效，涂改无效"), ""),
    Case("a file that says void", renamed_void, "W566", SAME),
    # merged blocks
    of_roster("a parent merged", merged("名册", "上级党组织", OWN, 5), ""),
    of_roster("a category merged", merged("名册", "类别", OWN, 2), ""),
    of_rater("a mark merged", merged(MARKS, INDICATORS[0], OWN, 2), "E218 E552"),
    of_record("a date merged", merged("平时记录", "日期", "组织生活", 2), "", SAME, EVENT, SEVENTH),
    of_survey("a name under a merged label", painted(BALLOTS, "计票人", "计票员"), ""),
    of_claims("a name under a merged label of claims", painted(CLAIMS, "填表人", "某同志"), ""),
    of_survey("a count under a merged label", painted(BALLOTS, "有效", 10), "E241"),
    of_survey("a date under a merged label", painted(BALLOTS, "测评日期", date(2026, 3, 3)), "E241"),
    # a blank that takes part in a sum
    tally("an option blank, with no count", {"满意": 7}, "E561", WAITS),
    tally("two options blank, with no count", {"不满意": 1}, "E561", WAITS),
    tally("an option blank, with the count", {"满意": 7}, "", "83.93", 有效=7),
    tally("all options told, with no count", {"满意": 7, **NOBODY}, "", "83.93"),
    # sections
    of_claims("a section with its sum", section("一、", "领导班子好", 分值=10, 自评得分=10), ""),
    of_claims("a section in one cell", section("一、领导班子好（10分）", "", 自评得分=10), ""),
    of_claims("the sum of all at the top", section("1", "总分", 分值=100, 自评得分=98), ""),
    of_claims("a section that is no sum", section("一", "领导班子好", 分值=10, 自评得分=9), "W233"),
    # totals
    of_rater("another total typed", typed(MARKS, OWN, "合计", 99), "W567"),
    of_rater("the same total typed", typed(MARKS, OWN, "合计", 75), ""),
]  # fmt: skip


@pytest.mark.parametrize("one", CASES, ids=str)
def test_what_was_found_and_its_neighbours(one: Case) -> None:
    before, outcome = outcome_of(good()), outcome_of(one.files())
    already = codes(before.problems)
    told = sorted(code for code in codes(outcome.problems) if code not in already)
    assert " ".join(told) == one.codes
    figure = figures(outcome)[OWN]
    expected = {SAME: figures(before)[OWN], WAITS: None}
    assert figure == (expected[one.comes_to] if one.comes_to in expected else Fraction(one.comes_to))


# --- dates ----------------------------------------------------------------------------------------------------

DAYS = [
    "2026.3.1", "2026年3月1日", "2026-3-1 上午", "2026/03/01（周日）", "20260301", 20260301, "2026-03-01T00:00:00.000Z",
    "２０２６年３月１日", "2026年3月1日星期日",
]  # fmt: skip


@pytest.mark.parametrize("text", DAYS)
def test_a_day_as_offices_write_it(text: Value) -> None:
    outcome = outcome_of(records({**EVENT, "日期": text}))
    assert codes(problem for problem in outcome.problems if problem.file == "平时记录.xlsx") == []
    assert figures(outcome)[OWN] == Fraction(LESS)


NO_DAYS = ["2026.3", "3月1日", "2026年2月30日", "2026年3月1日至2日", "2026年3月上旬"]


@pytest.mark.parametrize("text", NO_DAYS)
def test_what_is_no_day_is_asked_about(text: str) -> None:
    outcome = outcome_of(records({**EVENT, "日期": text}))
    assert codes(problem for problem in outcome.problems if problem.file == "平时记录.xlsx") == ["E213"]
    assert figures(outcome)[OWN] is None


MONTHS = ["2025.10", "2025年10月", "2025-10", "202510"]


@pytest.mark.parametrize("text", MONTHS)
@pytest.mark.parametrize("heading", ["书记任职时间", "届满日期"])
def test_a_month_is_enough_where_a_month_is_asked(heading: str, text: str) -> None:
    outcome = outcome_of(with_file(ROSTER, altered(good()[ROSTER], typed("名册", OWN, heading, text))))
    expected = {"书记任职时间": ["N242"]}.get(heading, ["E213"])
    assert codes(problem for problem in outcome.problems if problem.file == ROSTER) == expected
