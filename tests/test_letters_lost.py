"""A table saved in an encoding without Chinese: every sign is a question mark, and no form is known again."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from dingji.forms.filling import Filling
from dingji.forms.ledger_form import TITLE
from dingji.forms.write import write_form
from dingji.pipeline import unsettled
from tests.five_good_case import small_book
from tests.papers import ROSTER, SELF, codes, form, good, outcome_of, read, with_file
from tests.workspaces import scheme

LEDGER = {"编号": "ZZ-1", "党组织编码": "ZB01", "党组织名称": "一支部", "问题": "记录不全", "措施": "补齐"}


def text_of(raw: bytes, page: str = "") -> str:
    """Return a sheet (the first where none is named) of a workbook as a spreadsheet writes it into a .csv."""
    book = openpyxl.load_workbook(io.BytesIO(raw))
    rows = (book[page] if page else book.worksheets[0]).iter_rows(values_only=True)
    out = io.StringIO()
    csv.writer(out).writerows(["" if cell is None else cell for cell in row] for row in rows)
    return out.getvalue()


def ledger() -> bytes:
    return write_form(form("ledger"), Filling(rows={TITLE: [LEDGER]}))


@pytest.mark.parametrize("raw", [ledger(), good()[SELF], good()[ROSTER]], ids=["ledger", "claims", "roster"])
def test_question_marks_for_chinese_are_refused_not_passed_over(raw: bytes) -> None:
    lost = text_of(raw).encode("ascii", "replace")
    assert codes(read(lost, "表.csv").problems) == ["E668"]
    assert codes(read(text_of(raw).encode("utf-8").decode("ascii", "replace").encode(), "表.csv").problems) == ["E668"]
    assert unsettled(outcome_of(with_file("表.csv", lost)))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_an_encoding_with_chinese_is_read(encoding: str) -> None:
    reading = read(text_of(ledger()).encode(encoding), "整改台账.csv")
    assert (reading.kind, codes(reading.problems)) == ("ledger", ["N121"])
    assert "补齐" in reading.columns["option"]


def test_a_question_in_somebody_elses_list_is_none() -> None:
    assert codes(read(b"name,why\nTom,??\nAnn,late\n", "list.csv").problems) == ["W109"]


@pytest.mark.parametrize("page", ["名册", "自评", "情形申报", "平时记录"])
def test_a_page_of_a_book_of_several_forms_is_refused_as_a_text_table(page: str) -> None:
    """Which page it is, is lost with its name: another one would be taken for it, or none."""
    raw = small_book(scheme(), mended=True, decided=False)
    reading = read(text_of(raw, page).encode("utf-8-sig"), "汇总录入.csv")
    assert codes(reading.problems) == ["E117"]
    assert reading.parts == []
