"""Words and headings of a result handed up, which 数据校验码 leaves out: told where they were altered afterwards."""

from __future__ import annotations

import io
from functools import cache

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from dingji.problems import Problem
from tests.papers import Alter, altered, read, told
from tests.test_handed_summary import handed

SHEET = "一览表"


def page(book: Workbook) -> Worksheet:
    found = book[SHEET]
    assert isinstance(found, Worksheet)
    return found


def heading(book: Workbook, text: str) -> Cell:
    return next(cell for cell in page(book)[2] if cell.value == text)


def cell(book: Workbook, text: str, row: int = 2) -> Cell:
    """Return the cell of a branch, counted from one below the headings."""
    return page(book).cell(heading(book, text).row + row, heading(book, text).column)  # type: ignore[return-value]


def put(text: str, value: str, row: int = 2) -> Alter:
    def alter(book: Workbook) -> None:
        cell(book, text, row).value = value

    return alter


def renamed(text: str, to: str) -> Alter:
    def alter(book: Workbook) -> None:
        heading(book, text).value = to

    return alter


def taken_out(text: str) -> Alter:
    return lambda book: page(book).delete_cols(heading(book, text).column)


def added(book: Workbook) -> None:
    """Put a column of one's own beside the table."""
    last = page(book).max_column + 1
    page(book).cell(2, last).value, page(book).cell(3, last).value = "经办", "某同志"


@cache
def found(alter: Alter, *codes: str) -> list[Problem]:
    return told(read(altered(handed(), alter)).problems, *codes)


@cache
def written(text: str) -> str:
    """Return what the result says of the second branch under a heading."""
    return str(cell(openpyxl.load_workbook(io.BytesIO(handed())), text).value or "")


@pytest.mark.parametrize("alter", [lambda _: None, added], ids=["saved anew", "a column added"])
def test_what_was_not_altered_is_not_told(alter: Alter) -> None:
    assert found(alter, "W666", "E667", "E651") == []


@pytest.mark.parametrize("text", ["直接定级或限档情形", "上期等次"])
def test_a_word_that_was_altered_is_told_with_its_cell(text: str) -> None:
    assert written(text) != "改过的字"
    (problem,) = found(put(text, "改过的字"), "W666", "E651")
    where = cell(openpyxl.load_workbook(io.BytesIO(handed())), text).coordinate
    assert (problem.code, problem.sheet, problem.subject) == ("W666", SHEET, text)
    assert (problem.cell, problem.found) == (where, "改过的字")
    assert f"原来是 {written(text) or '空白'}" in problem.values["what"]


def test_two_words_of_a_column_are_told_without_a_cell() -> None:
    def alter(book: Workbook) -> None:
        for row in (1, 2):
            cell(book, "上期等次", row).value = f"改过 {row}"

    (problem,) = found(alter, "W666")
    assert (problem.cell, problem.subject) == ("", "上期等次")


def test_a_grade_heading_renamed_is_told_as_such() -> None:
    (problem,) = found(renamed("拟定等次", "拟定的等次"), "E667")
    assert "“拟定的等次”（是不是“拟定等次”）" in problem.values["what"]


def test_a_figure_heading_renamed_or_taken_out_is_told() -> None:
    (problem,) = found(renamed("综合得分", "总分数"), "E667")
    assert "“总分数”" in problem.values["what"]
    (problem,) = found(taken_out("上期等次"), "E667")
    assert "删去了一栏" in problem.values["what"]


def test_without_a_stamp_a_result_that_has_no_grades_is_told() -> None:
    def alter(book: Workbook) -> None:
        for row in page(book).iter_rows():
            for each in row:
                if str(each.value).startswith("定级表单"):
                    each.value = None
        for text in ("拟定等次", "测算等次", "审定等次"):
            if text in [each.value for each in page(book)[2]]:
                heading(book, text).value = "结论"

    (problem,) = found(alter, "E667")
    assert "没有等次的栏目" in problem.values["what"]
