"""One reader for every spreadsheet format and dialect: the same form says the same, whatever program saved it."""

from __future__ import annotations

import csv
import io
import subprocess
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook import Workbook

from dingji.intake.csv_text import read_csv
from dingji.intake.file_kinds import Fault
from dingji.intake.open import open_workbook
from dingji.intake.reading import FileReading
from tests.papers import BOOK, FIRST, ROSTER, SELF, SURVEY, altered, codes, filled, good, in_head, read, repacked

FORMS = {"self": SELF, "survey": SURVEY, "book": BOOK, "roster": ROSTER}
FIELDS = ("part", "code", "rater", "group", "item", "rule", "option", "value", "state", "date")


def says(reading: FileReading) -> list[Any]:
    """Return everything that a reading says but its addresses."""
    rows = sorted(zip(*(reading.columns[field] for field in FIELDS), strict=True), key=str)
    roster = [{key: value for key, value in row.items() if "@" not in key}
              for rows in reading.roster.values() for row in rows]  # fmt: skip
    return [reading.kind, reading.source, reading.code, reading.rater, rows, roster]


# --- saved by an office suite -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Return folders of the forms by format, each form saved there by an office suite."""
    return {ending: tmp_path_factory.mktemp(ending) for ending in ("xls", "ods", "xlsx")}


def save_as(program: Path, folder: Path, ending: str) -> None:
    """Save every form in a format, unless that is done already."""
    source = folder / "forms"
    if source.exists():
        return
    source.mkdir()
    for name, path in FORMS.items():
        (source / f"{name}.xlsx").write_bytes(good()[path])
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    files = sorted(map(str, source.iterdir()))
    command = [str(program), profile, "--headless", "--convert-to", ending, "--outdir", str(folder), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


@pytest.mark.office
@pytest.mark.parametrize("ending", ["xls", "ods", "xlsx"])
def test_saved_again_in_any_format(ending: str, converted: Mapping[str, Path], office_program: Path) -> None:
    """The stamp, the head and every figure survive, and nothing needs to be said."""
    folder = converted[ending]
    save_as(office_program, folder, ending)
    for name, path in FORMS.items():
        raw = (folder / f"{name}.{ending}").read_bytes()
        reading = read(raw, "表.xlsx")  # what it is its content tells, not its name
        assert codes(reading.problems) == []
        assert says(reading) == says(read(good()[path]))


# --- dialects ---------------------------------------------------------------------------------------------

STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
}


def strict(parts: dict[str, bytes]) -> None:
    """Turn a workbook into what Excel calls Strict Open XML."""
    for name, part in parts.items():
        for usual, other in STRICT.items():
            part = part.replace(usual, other)  # noqa: PLW2901
        parts[name] = part


def without_dimension(parts: dict[str, bytes]) -> None:
    for name, part in parts.items():
        start, end = part.find(b"<dimension"), part.find(b"/>", part.find(b"<dimension")) + 2
        if start > 0:
            parts[name] = part[:start] + part[end:]


def without_styles(parts: dict[str, bytes]) -> None:
    parts["xl/styles.xml"] = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'


@cache
def dialect(name: str, path: str) -> bytes:
    changes = {"strict": strict, "without dimension": without_dimension, "without styles": without_styles}
    return repacked(good()[path], changes[name])


@pytest.mark.parametrize("path", [SELF, BOOK, SURVEY])
@pytest.mark.parametrize("name", ["strict", "without dimension"])
def test_dialects_say_the_same(name: str, path: str) -> None:
    reading = read(dialect(name, path))
    assert codes(reading.problems) == []
    assert says(reading) == says(read(good()[path]))


def test_without_styles_the_figures_are_still_there() -> None:
    assert says(read(dialect("without styles", BOOK))) == says(read(good()[BOOK]))


def test_without_its_texts_a_workbook_is_refused_and_nothing_is_guessed() -> None:
    reading = read(repacked(good()[SELF], lambda parts: parts.pop("xl/sharedStrings.xml")))
    assert not reading.taken
    assert reading.problems


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_dates_are_read_by_the_workbooks_own_calendar(epoch: Any) -> None:  # noqa: ANN401 - a constant of openpyxl
    def alter(book: Workbook) -> None:
        if epoch:
            book.epoch = epoch
        in_head("测评票", "测评日期", date(2026, 3, 3))(book)

    grids, problems = open_workbook(altered(good()[SURVEY], alter))
    assert problems == []
    assert any(value == date(2026, 3, 3) for line in grids[0].rows for value in line)


def test_a_date_in_a_record_is_the_day_that_was_typed() -> None:
    rows = [
        {**FIRST, "日期": day, "规则": "组织生活", "数量": 8} for day in (date(2026, 3, 1), "2026年3月1日", "2026.3.1")
    ]
    reading = read(filled("records", rows))
    assert reading.columns["date"] == ["2026-03-01"] * 3


# --- plain text -------------------------------------------------------------------------------------------


def as_csv(path: str, encoding: str) -> bytes:
    """Return the first sheet of a form as a spreadsheet saves it as .csv."""
    page = openpyxl.load_workbook(io.BytesIO(good()[path]), data_only=True).worksheets[0]
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([["" if value is None else value for value in row] for row in page.values])
    return buffer.getvalue().encode(encoding)


@pytest.mark.parametrize("path", [SELF, BOOK, SURVEY])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_a_form_saved_as_plain_text(path: str, encoding: str) -> None:
    """The sheet that was open is all that such a file keeps; what it says it says as before."""
    reading, before = read(as_csv(path, encoding), "表.CSV"), read(good()[path])
    assert codes(reading.problems) == []
    assert (reading.kind, reading.code, reading.rater) == (before.kind, before.code, before.rater)
    marks = [row for row in says(reading)[4] if row[0] == "mark"]
    assert marks == [row for row in says(before)[4] if row[0] == "mark"]


TEXTS = [
    (b"", "E104"),
    (b"\xff\xfe\x00a", "E102"),
    (b"a,b\0\n", "E102"),
    ('编码,"名称\n'.encode(), "E103"),
    (b",,,\n,,\n", "E107"),
    ("姓名,电话\n甲,1\n".encode(), "W109"),
    (b"," * 3_000_000 + b"\n\n", "E105"),
    (b"1,2\n" * 3_000_000, "E105"),
    (b"<html><table></table></html>", "W109"),
]


@pytest.mark.parametrize(("raw", "code"), TEXTS, ids=[code for _, code in TEXTS])
def test_plain_text_that_is_no_form(raw: bytes, code: str) -> None:
    assert codes(read(raw, "表.csv").problems) == [code]


def test_plain_text_keeps_zeros_and_reads_numbers() -> None:
    grid = read_csv('编码,得分,备注\r\n001,4.50,"甲,\n乙"\r\n-3,1e5,0\r\n'.encode())
    assert not isinstance(grid, Fault)
    assert grid.rows == [["编码", "得分", "备注"], ["001", 4.5, "甲,\n乙"], [-3.0, "1e5", 0.0]]


def test_text_that_only_claims_to_be_a_workbook_is_refused() -> None:
    assert codes(read(as_csv(SELF, "utf-8"), "表.xlsx").problems) == ["E102"]
