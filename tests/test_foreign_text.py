"""Text from outside is text everywhere: a formula, a tag or an expression as a branch's name is only printed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from lxml import html

from tests.five_good_case import case_files
from tests.paper_reading import raw_pdf_pages
from tests.workspaces import command, make_workspace, scheme

NAMES = {
    "ZB01": "=1+1",
    "ZB02": "<b>二</b>&",
    "ZB03": "{{7*7}}",
    "ZB04": "{% raw %}妇科‹一›&支部#[*]$",
    "ZB05": "+cmd|' /C calc'!A0",
}


def renamed(raw: bytes) -> bytes:
    """Give every branch a hostile name wherever its own stands beside its code, as text."""
    book = openpyxl.load_workbook(io.BytesIO(raw))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell, right in pairwise(row):
                if str(cell.value) in NAMES and isinstance(right.value, str) and right.value.endswith("支部"):
                    _as_text(right, NAMES[str(cell.value)])
                if cell.value == "党组织名称" and isinstance(right.value, str) and right.value.endswith("支部"):
                    code = next(other.value for other in _right_of(row, "党组织编码"))
                    _as_text(right, NAMES[str(code)])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _right_of(row: Sequence[Any], label: str) -> list[Any]:
    place = next(number for number, cell in enumerate(row) if cell.value == label)
    return [cell for cell in row[place + 1 :] if cell.value]


def _as_text(cell: Any, text: str) -> None:  # noqa: ANN401 - a cell, merged or not
    cell.value = text
    cell.data_type = "s"


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the mended case with hostile names."""
    files = {name: renamed(raw) for name, raw in case_files(scheme(), mended=True, decided=False).items()}
    folder = make_workspace(tmp_path_factory.mktemp("foreign"), files)
    assert command(folder, "run") == 0
    return folder / "output"


def test_workbooks(output: Path) -> None:
    """In the workbooks the names are strings, not formulas, in every sheet."""
    for name in ("内部/分类定级结果.xlsx", "上会/审定表.xlsx"):
        book = openpyxl.load_workbook(output / name)
        rows = [row for sheet in book.worksheets for row in sheet.iter_rows()]
        cells = [cell for row in rows for cell in row if cell.value in NAMES.values()]
        assert {cell.value for cell in cells} == set(NAMES.values())
        assert {cell.data_type for cell in cells} == {"s"}


def test_pages(output: Path) -> None:
    """In the pages the names are text, with no element of theirs and nothing computed."""
    for name in ("上报/一览表.html", "内部/校验报告.html", "内部/结果查询页.html"):
        page = html.fromstring((output / name).read_bytes())
        text = "".join(str(part) for part in page.itertext())
        assert all(hostile in text for hostile in NAMES.values()), name
        assert not page.xpath("//td//b[text()='二']")


def test_word(output: Path) -> None:
    """In the Word file the names are whole and as typed."""
    document = docx.Document(str(output / "上报/一览表.docx"))
    texts = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert set(NAMES.values()) <= texts
    assert "49" not in texts


@pytest.mark.typeset
def test_pdf(output: Path) -> None:
    """In a PDF the names are whole, and no markup of typst's."""
    assert command(output.parent, "pdf") == 0
    text = "".join("".join(page.split()) for page in raw_pdf_pages(output / "公示/公示.pdf"))
    assert all("".join(hostile.split()) in text for hostile in NAMES.values())


def test_explain(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The console prints such a name as it is."""
    assert command(output.parent, "explain", "{{7*7}}") == 0
    assert capsys.readouterr().out.startswith("{{7*7}}（ZB03）")
