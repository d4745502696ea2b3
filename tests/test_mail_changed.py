"""Papers that somebody completed by hand are mailed as they lie, and it is told; another's paper never is."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from shutil import copyfile
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from docx import Document

from dingji.content import digest_of
from dingji.reports.publish import publish
from dingji.reports.run_record import RECORD, amended
from tests.mailing import ADDRESSES, attached, drafts, mail, office, send_list_of, set_mail
from tests.workspaces import command

FIRST, SECOND = "ZB01_一支部", "ZB02_二支部"
CIRCULAR, BOOK = "output/上报/通报.docx", "output/上报/上报.xlsx"
NUMBER = "示院党〔2026〕12号"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a workspace after a run, whose superior has an address."""
    made = office(tmp_path)
    set_mail(made, 'superior = "shangji@example.cn"')
    assert command(made, "run") == 0
    return made


def complete(paper: Path) -> None:
    """Write a document's number into a paper, as Word saves it."""
    document = Document(str(paper))
    document.add_paragraph(NUMBER)
    document.save(str(paper))


def upward(folder: Path) -> dict[str, bytes]:
    assert mail(folder, "上报") == 0
    return next((attached(message) for path, message in drafts(folder).items() if path.startswith("上报/")), {})


def remark(folder: Path, kind: str, code: str = "") -> str:
    (row,) = [row for row in send_list_of(folder) if row["种类"] == kind and row["编码"] == code]
    return str(row["说明"])


def test_a_paper_with_its_number_filled_in_goes_as_it_lies(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    complete(folder / CIRCULAR)
    capsys.readouterr()
    raw = upward(folder)["通报.docx"]
    assert raw == (folder / CIRCULAR).read_bytes()
    with ZipFile(BytesIO(raw)) as paper:
        assert NUMBER in paper.read("word/document.xml").decode()
    assert capsys.readouterr().out.count(f"W647 {CIRCULAR}") == 1
    assert f"W647 {CIRCULAR}" in remark(folder, "上报")


def test_nothing_is_told_of_papers_that_nobody_changed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert "通报.docx" in upward(folder)
    assert not [code for code in ("W612", "W647", "W648", "W649") if code in capsys.readouterr().out]


def test_a_book_of_figures_goes_only_as_it_was_written(folder: Path) -> None:
    book: Any = openpyxl.load_workbook(folder / BOOK)
    book["一览表"]["A1"] = "改过的标题"
    book.save(folder / BOOK)
    assert upward(folder) == {}
    assert remark(folder, "上报").startswith("W612")


def test_the_superiors_form_is_there_to_be_completed(folder: Path) -> None:
    """Whoever opens it to have its formulas worked out saves it: it is sent as saved."""
    record, filled = folder / "output" / RECORD, folder / "output/上报/上报填写.xlsx"
    made = {"上报/上报填写.xlsx": (folder / BOOK).read_bytes()}
    publish(folder / "output", {**made, RECORD: amended(record.read_bytes(), made)})
    book: Any = openpyxl.load_workbook(filled)
    book.save(filled)
    assert filled.read_bytes() != made["上报/上报填写.xlsx"]
    assert upward(folder)["上报填写.xlsx"] == filled.read_bytes()


def test_a_pdf_of_before_holds_the_message_back_until_it_is_made_again(folder: Path) -> None:
    record, paper = folder / "output" / RECORD, folder / CIRCULAR

    def make_pdf() -> None:
        made = {"上报/通报.pdf": b"%PDF-1.7"}
        of = {"上报/通报.pdf": digest_of(paper)}
        publish(folder / "output", {**made, RECORD: amended(record.read_bytes(), made, made_of=of)})

    make_pdf()
    complete(paper)
    assert upward(folder) == {}
    assert remark(folder, "上报").startswith("W648")
    make_pdf()
    assert {"通报.docx", "通报.pdf"} <= set(upward(folder))


def test_a_file_of_ones_own_is_not_sent_and_is_told(folder: Path) -> None:
    (folder / "output/上报/盖章扫描件.pdf").write_bytes(b"%PDF-1.7")
    (folder / "output/上报/~$通报.docx").write_bytes(b"held")
    assert "盖章扫描件.pdf" not in upward(folder)
    assert remark(folder, "上报").count("W649") == 1


def test_a_branch_gets_its_own_completed_paper(folder: Path) -> None:
    paper = folder / f"output/反馈/{FIRST}.docx"
    complete(paper)
    assert mail(folder, "结果") == 0
    (files,) = [attached(message) for message in drafts(folder).values() if str(message["To"]) == ADDRESSES["ZB01"]]
    assert files[f"{FIRST}.docx"] == paper.read_bytes()


def test_no_branch_gets_the_paper_of_another(folder: Path) -> None:
    copyfile(folder / f"output/反馈/{SECOND}.docx", folder / f"output/反馈/{FIRST}.docx")
    assert mail(folder, "结果") == 0
    assert f"结果/{FIRST}.eml" not in drafts(folder)
    assert remark(folder, "结果", "ZB01").startswith("W612")
