"""What is nearly right is suggested and never taken; what a branch was or is called in short is its name."""

from __future__ import annotations

import pytest
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook

from dingji.forms.catalogue import forms_of
from dingji.forms.filling import Filling
from dingji.forms.stamp import META_SHEET
from dingji.forms.write import write_form
from dingji.problems import describe
from dingji.tables import records
from tests.papers import (
    BOOK,
    FIRST,
    ROSTER,
    SELF,
    Alter,
    altered,
    cells_with,
    good,
    in_head,
    outcome_of,
    read,
    told,
    typed,
)
from tests.workspaces import scheme


def heading(sheet: str, text: str, value: str) -> Alter:
    """Return what types another heading over one."""

    def alter(book: Workbook) -> None:
        cells_with(book[sheet], text)[-1].value = value

    return alter


def without_stamps(book: Workbook) -> None:
    book.remove(book[META_SHEET])
    for page in book.worksheets:
        page["A1"] = None


def test_a_heading_nearly_right_is_suggested_and_never_taken() -> None:
    reading = read(altered(good()[SELF], heading("自评表", "自评得分", "自评得份")))
    (problem,) = reading.problems
    assert (problem.code, problem.values["what"]) == ("E117", "自评表：自评得分（是不是“自评得份”）")
    assert not reading.taken


def test_a_sheet_nearly_right_is_suggested_and_never_taken() -> None:
    def alter(book: Workbook) -> None:
        page = book["评定表"]
        page.title = "评定表格"
        for row in range(3, 12):
            for cell in page[row]:
                if isinstance(cell, Cell) and isinstance(cell.value, str):
                    cell.value = "文字"

    reading = read(altered(good()[BOOK], alter))
    (problem,) = reading.problems
    assert problem.code == "E117"
    assert problem.values["what"].startswith("评定表（党组织编码、党组织名称、")
    assert problem.values["what"].endswith("）（是不是“评定表格”）")


@pytest.mark.parametrize("name", ["第一支部", "老一支"])
def test_a_former_or_short_name_will_do_in_heads_and_rows(name: str) -> None:
    roster = altered(
        altered(good()[ROSTER], typed("名册", "ZB01", "曾用名", "第一支部、机关一支部")),
        typed("名册", "ZB01", "规范简称", "老一支"),
    )
    files = {**good(), ROSTER: roster}
    files[SELF] = altered(good()[SELF], in_head("自评表", "党组织名称", name))
    files[BOOK] = altered(good()[BOOK], typed("评定表", "ZB01", "党组织名称", name))
    outcome = outcome_of(files)
    assert told(outcome.problems, "E301", "E302", "E303") == []
    assert [row["composite"] for row in records(outcome.results)] == [
        row["composite"] for row in records(outcome_of(good()).results)
    ]


def test_a_name_nearly_right_is_suggested_and_never_taken() -> None:
    near = altered(good()[SELF], in_head("自评表", "党组织编码", None))
    unstamped = altered(near, in_head("自评表", "党组织名称", "一支部（原）"))
    outcome = outcome_of({**good(), SELF: altered(unstamped, without_stamps)})
    (problem,) = told(outcome.problems, "E301")
    assert problem.values["suggestion"] == "；是不是 ZB01 一支部"
    assert [row["status"] for row in records(outcome.rollcall) if row["unit"] == "ZB01"] == ["未报", "已报"]


def test_a_form_of_a_round_not_taken_is_refused_by_the_rounds_name() -> None:
    later = next(each for each in forms_of(scheme(), "2026 年终") if each.kind == "self")
    reading = read(write_form(later, Filling("ZB01", FIRST)))
    (problem,) = reading.problems
    assert describe(problem).words == "这是“2026 年终”的表，本次是“2026 年初”"
    assert (reading.code, reading.taken) == ("ZB01", False)
