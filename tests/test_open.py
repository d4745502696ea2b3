"""One reader for every spreadsheet format and dialect: the same form says the same, whatever program saved it."""

from __future__ import annotations

import csv
import io
import re
import subprocess
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook import Workbook

from dingji.forms.catalogue import forms_of
from dingji.forms.filling import Cells, Filling
from dingji.forms.write import write_form
from dingji.read.csv_text import read_csv
from dingji.read.file_kinds import Fault
from dingji.read.open import open_workbook
from dingji.read.reading import FileReading
from tests.five_good_case import ROUND
from tests.papers import (
    BOOK,
    FIRST,
    ROSTER,
    SECOND,
    SELF,
    SURVEY,
    altered,
    at,
    codes,
    filled,
    form,
    good,
    in_head,
    read,
    repacked,
)
from tests.workspaces import scheme

FIELDS = (
    "part", "code", "rater", "group", "item", "rule", "option", "value", "amount", "state", "date", "reason", "verdict",
    "sheet", "cell",
)  # fmt: skip
SESSIONS: Cells = {"应参加": 12, "发出": 12, "收回": 11, "有效": 10, "测评日期": date(2026, 3, 3)}


@cache
def forms() -> Mapping[str, bytes]:
    """Return a filled form of every kind that there is."""
    tally: dict[str, Cells] = {
        "对党支部工作的总体评价|": {"满意": 7, "基本满意": 2, "不满意": 1},
        "领导班子好|": {"平均分": 9.55},
    }
    united = {"情形": "支部班子不团结", "是否存在": "是", "办公室确认": "是"}
    return {
        "self": good()[SELF],
        "survey": good()[SURVEY],
        "tally": write_form(form("survey"), Filling(head={**FIRST, **SESSIONS}, printed={"测评汇总": tally})),
        "book": good()[BOOK],
        "rules": filled("committee", [], 评定扣分=[{**FIRST, "规则": "组织生活", "数量": 8, "事由": "全年八次"}]),
        "roster": good()[ROSTER],
        "result": good()["上期结果.xlsx"],
        "records": filled("records", [{**FIRST, "日期": date(2026, 3, 1), "规则": "组织生活", "数量": 8.5}]),
        "situation": filled("situation", [{**FIRST, **united}, {**SECOND, "情形": "支部班子不团结", "是否存在": "否"}]),
        "decision": filled(
            "decision", [{**FIRST, "测算等次": "好", "审定等次": "较好", "理由": "党委研究", "应到": 7}]
        ),
        "correction": filled("correction", [{**FIRST, "来源": "自评", "指标": "1", "原值": 4, "更正值": 3.25}]),
        "ledger": filled("ledger", [{**FIRST, "问题": "党费没有公示", "措施": "按月公示", "时限": "2026-09"}]),
        "receipt": filled("receipt", [{"党组织编码": "ZB01", "表类": "自评表", "收到时间": date(2026, 3, 5)}]),
    }


def test_every_kind_of_form_is_among_them() -> None:
    """All but 汇总录入, which is read as its parts."""
    kinds = {"small", *(read(raw).kind for raw in forms().values())}
    assert kinds == {declared.kind for declared in forms_of(scheme(), ROUND)}
    assert all(read(raw).taken and not codes(read(raw).problems) for raw in forms().values())


def says(reading: FileReading) -> list[Any]:
    """Return everything that a reading says, with the addresses where it stands."""
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
    for name, raw in forms().items():
        (source / f"{name}.xlsx").write_bytes(raw)
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
    for name, original in forms().items():
        raw = (folder / f"{name}.{ending}").read_bytes()
        for shown in ("表.xlsx", "表.et", "没有扩展名"):  # what it is its content tells, not its name
            reading = read(raw, shown)
            assert codes(reading.problems) == []
            assert says(reading) == says(read(original))


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


def each_sheet(change: Callable[[bytes, list[bytes]], bytes]) -> Callable[[dict[str, bytes]], None]:
    """Return what changes every sheet, given the shared texts as they are escaped."""

    def apply(parts: dict[str, bytes]) -> None:
        shared = parts.get(TEXTS_PART, b"").split(b"<si>")[1:]
        texts = [b"".join(re.findall(rb"<t[^>]*>([^<]*)</t>", each)) for each in shared]
        for name in [name for name in parts if name.startswith("xl/worksheets/sheet")]:
            parts[name] = change(parts[name], texts)

    return apply


TEXTS_PART = "xl/sharedStrings.xml"
SHARED = re.compile(rb'(<c r="[A-Z]+\d+"[^>]*) t="s"><v>(\d+)</v>')


def inline(parts: dict[str, bytes]) -> None:
    """Write every text into its cell, as programs do that keep no table of texts."""

    def change(xml: bytes, texts: list[bytes]) -> bytes:
        return SHARED.sub(
            lambda cell: b'%b t="inlineStr"><is><t xml:space="preserve">%b</t></is>' % (cell[1], texts[int(cell[2])]),
            xml,
        )

    each_sheet(change)(parts)
    del parts[TEXTS_PART]


def other_hand(parts: dict[str, bytes]) -> None:
    """Write the same cells with another hand: single quotes, attributes in another order, line breaks, a prefix."""

    def change(xml: bytes, _: list[bytes]) -> bytes:
        xml = re.sub(rb'<c r="([A-Z]+\d+)" s="(\d+)"( t="\w+")?', rb"<c\n s='\2'\3\tr = '\1'", xml)
        xml = re.sub(rb"(</?)(worksheet|sheetData|row|c|v|f|mergeCells|mergeCell)(?=[\s/>])", rb"\1x:\2", xml)
        return xml.replace(b"<x:worksheet xmlns=", b"<x:worksheet xmlns:x=")

    each_sheet(change)(parts)


def without_addresses(parts: dict[str, bytes]) -> None:
    """Leave out every address: cells follow one another, and every one is there."""

    def change(xml: bytes, _: list[bytes]) -> bytes:
        return re.sub(rb'<c r="[A-Z]+\d+"', b"<c", _every_cell(xml))

    each_sheet(change)(parts)


def _every_cell(xml: bytes) -> bytes:
    """Fill every row up from A on, and put in the rows that are not there."""
    rows = {int(match[1]): match[0] for match in re.finditer(rb'<row r="(\d+)".*?</row>|<row r="(\d+)"[^>]*/>', xml)}
    filled_rows = []
    for number in range(1, max(rows, default=0) + 1):
        row = rows.get(number, b"")
        there = {match[1]: match[0] for match in re.finditer(rb'<c r="([A-Z])\d+".*?(?:/>|</c>)', row)}
        letters = [bytes([code]) for code in range(65, max((ord(letter) for letter in there), default=64) + 1)]
        cells = (there.get(letter, b'<c r="%b%d"/>' % (letter, number)) for letter in letters)
        filled_rows.append(b'<row r="%d">%b</row>' % (number, b"".join(cells)))
    written = b"<sheetData>%b</sheetData>" % b"".join(filled_rows)
    return re.sub(rb"<sheetData>.*</sheetData>", lambda _: written, xml, flags=re.DOTALL)


DIALECTS: Mapping[str, Callable[[dict[str, bytes]], None]] = {
    "strict": strict,
    "without dimension": without_dimension,
    "texts in their cells": inline,
    "another hand": other_hand,
}


@pytest.mark.parametrize("name", DIALECTS)
def test_dialects_say_the_same(name: str) -> None:
    for original in forms().values():
        raw = repacked(original, DIALECTS[name])
        assert raw != original
        reading = read(raw)
        assert codes(reading.problems) == []
        assert says(reading) == says(read(original))


def test_cells_without_an_address_follow_one_another() -> None:
    for path in (SELF, BOOK, SURVEY):
        reading = read(repacked(good()[path], without_addresses))
        assert codes(reading.problems) == []
        assert says(reading) == says(read(good()[path]))


def test_saved_by_a_library_that_computes_nothing() -> None:
    """Formulas lose their values; no form asks for the figure of one that it printed itself."""
    for original in forms().values():
        reading = read(altered(original, lambda book: book))
        assert codes(reading.problems) == []
        assert says(reading) == says(read(original))


def test_without_styles_the_figures_are_still_there() -> None:
    assert says(read(repacked(good()[BOOK], without_styles))) == says(read(good()[BOOK]))


def test_blank_formula_error_percent_and_text_are_told_apart_in_every_hand() -> None:
    """What a reader cannot tell is told from the XML, whatever wrote it."""

    def alter(book: Workbook) -> None:
        for key, value in (("1", "=1+1"), ("2", "#REF!"), ("3", 0.5), ("4", "'1.5"), ("5", None)):
            mark = at(book["自评表"], key, "自评得分")
            mark.value = value
            mark.data_type = "e" if value == "#REF!" else mark.data_type
            mark.number_format = "0%" if key == "3" else mark.number_format

    raw = altered(good()[SELF], alter)
    expected = ["E209", "E209", "E206", "N220"]
    for name in ("strict", "without dimension", "another hand"):
        assert codes(read(repacked(raw, DIALECTS[name])).problems) == expected
    problems = read(raw).problems
    assert codes(problems) == expected
    assert [problem.found for problem in problems] == ["", "#REF!", "0.5", "'1.5"]
    assert [row[9] for row in says(read(raw))[4] if row[0] == "mark" and row[4] == "5"] == ["blank"]


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


def said(reading: FileReading) -> list[Any]:
    """Return the rows of a reading without the name of the sheet, which plain text does not keep."""
    return [(*row[:-2], row[-1]) for row in says(reading)[4]]


# --- plain text -------------------------------------------------------------------------------------------


def as_csv(raw: bytes, encoding: str) -> bytes:
    """Return the first sheet of a form as a spreadsheet saves it as .csv."""
    page = openpyxl.load_workbook(io.BytesIO(raw), data_only=True).worksheets[0]
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([["" if value is None else value for value in row] for row in page.values])
    return buffer.getvalue().encode(encoding)


@pytest.mark.parametrize("path", [SELF, BOOK, SURVEY])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_a_form_saved_as_plain_text(path: str, encoding: str) -> None:
    """The sheet that was open is all that such a file keeps; what it says it says as before."""
    reading, before = read(as_csv(good()[path], encoding), "表.CSV"), read(good()[path])
    assert set(codes(reading.problems)) - {"W239"} == {"N121"}, "such a file cannot say what is struck out or hidden"
    assert (reading.kind, reading.code, reading.rater) == (before.kind, before.code, before.rater)
    assert [row for row in said(reading) if row[0] == "mark"] == [row for row in said(before) if row[0] == "mark"]


@pytest.mark.parametrize("name", ["records", "situation", "decision", "correction", "receipt", "result"])
def test_an_office_form_saved_as_plain_text(name: str) -> None:
    raw = forms()[name]
    assert said(read(as_csv(raw, "gb18030"), "表.csv")) == said(read(raw))


TEXTS = [
    (b"", "E104"),
    (b"\xff\xfe\x00a", "W109"),
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


def test_a_table_of_text_is_read_by_what_it_holds_whatever_its_name() -> None:
    """A form saved as text and renamed is the form that it is as .csv; other text is no workbook."""
    text = as_csv(good()[SELF], "utf-8")
    assert codes(read(text, "表.xlsx").problems) == codes(read(text, "表.csv").problems)
    assert codes(read(b"hello", "表.xlsx").problems) == ["E102"]
