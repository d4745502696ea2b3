"""汇总表 of a result handed up: it is not read, so what it counts is held against the rows that are."""

from __future__ import annotations

from functools import cache

import pytest
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from dingji.reports.upward import write_upward
from dingji.reports.view import OutcomeView
from dingji.reports.withholding import give, hidden_headings
from tests.papers import Alter, altered, codes, good, outcome_of, read, told


@cache
def handed() -> bytes:
    """Return the result that the worked case hands up."""
    found = outcome_of(good())
    view = OutcomeView(found)
    return write_upward(found, give(view, hidden_headings(view)))


def summary(book: Workbook) -> Worksheet:
    page = book["汇总表"]
    assert isinstance(page, Worksheet)
    return page


def cell_of(book: Workbook, row: str, heading: str) -> Cell:
    page = summary(book)
    top = next(line for line in page.iter_rows() if line[0].value == "单位")
    column = next(cell.column for cell in top if cell.value == heading)
    found = page.cell(next(line[0].row for line in page.iter_rows() if line[0].value == row), column)
    assert isinstance(found, Cell)
    return found


def more(heading: str, *rows: str) -> Alter:
    """Return what adds one to a heading's figure in these rows."""

    def alter(book: Workbook) -> None:
        for row in rows:
            cell = cell_of(book, row, heading)
            assert isinstance(cell.value, int | float)
            cell.value = cell.value + 1

    return alter


def faults(alter: Alter) -> list[str]:
    return [problem.values["what"] for problem in told(read(altered(handed(), alter)).problems, "W626")]


def units(book: Workbook) -> list[str]:
    rows = list(summary(book).iter_rows(max_col=2))
    top = next(number for number, line in enumerate(rows) if line[0].value == "单位")
    return [str(line[0].value) for line in rows[top + 1 :] if isinstance(line[1].value, int | float)]


def test_as_it_was_written_it_agrees() -> None:
    assert "W626" not in codes(read(handed()).problems)
    assert faults(lambda _: None) == []


@pytest.mark.parametrize("heading", ["党组织总数", "党员数", "已定级", "好"])
def test_a_count_that_was_changed_is_told(heading: str) -> None:
    def alter(book: Workbook) -> None:
        more(heading, units(book)[-1])(book)

    (what,) = faults(alter)
    assert f"“{heading}”" in what


@pytest.mark.parametrize("heading", ["党员数", "好"])
def test_a_sum_that_is_not_what_the_rows_give_is_told(heading: str) -> None:
    def alter(book: Workbook) -> None:
        named = units(book)
        more(heading, *dict.fromkeys((named[0], named[-1])))(book)

    (what,) = faults(alter)
    assert "一览表中是" in what


def test_without_a_summary_nothing_is_told_of_it() -> None:
    def alter(book: Workbook) -> None:
        del book["汇总表"]

    assert faults(alter) == []
