"""The zip around a workbook: listed as zipfile lists it, and made anew so that a reader finds the same in it."""

from __future__ import annotations

import io
import zipfile

import pytest

from dingji.read.extent import SheetXml
from dingji.read.guard import inspect
from dingji.read.open import open_workbook
from dingji.read.zips import Part, directory, zip_of
from tests.papers import BOOK, SELF, good

FORMS = [SELF, BOOK]


def listed(raw: bytes) -> list[Part]:
    infos = zipfile.ZipFile(io.BytesIO(raw)).infolist()
    return [
        Part(each.filename, each.flag_bits, each.compress_type, each.CRC, each.compress_size, each.file_size,
             each.header_offset)
        for each in infos
    ]  # fmt: skip


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("before", [b"", b"#!/bin/sh\n"])
@pytest.mark.parametrize("comment", [b"", b"comment"])
def test_a_directory_is_read_as_zipfile_reads_it(path: str, before: bytes, comment: bytes) -> None:
    raw = bytearray(before + good()[path])
    raw[-2:] = len(comment).to_bytes(2, "little")
    assert directory(bytes(raw) + comment) == listed(bytes(raw) + comment)


def test_a_directory_that_is_miscounted_is_left_to_zipfile() -> None:
    raw = bytearray(good()[SELF])
    raw[-14] ^= 1  # how many parts are listed
    assert [*directory(bytes(raw))] == listed(bytes(raw))


def test_a_zip_made_anew_holds_the_parts_given() -> None:
    parts = {"xl/workbook.xml": b"<w/>", "空/表.xml": "<表/>".encode(), "none": b""}
    with zipfile.ZipFile(io.BytesIO(raw := zip_of(parts.items()))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == parts
    assert [*directory(raw)] == listed(raw)


@pytest.mark.parametrize("path", FORMS)
def test_what_a_reader_is_shown_says_what_the_file_says(path: str) -> None:
    raw = good()[path]
    shown = inspect(raw).shown
    assert shown
    assert open_workbook(shown) == open_workbook(raw)


CELL = '<c r="A1"><v>1</v></c>'
BLANK = '<row r="2" ht="18"><c r="A2" s="1"/><c r="B2" s="12"/></row><row r="3"></row>'
BELOW = {
    "formats only": (BLANK, ""),
    "a text in place": (f'{BLANK}<row r="4"><c r="A4" t="x"/></row>', None),
    "another prefix": (f'{BLANK}<x:row r="4"><x:c r="ZZ4"><x:v>1</x:v></x:c></x:row>', None),
    "an end tag with a space": ('<row r="4"><c r="A4"><v>1</v></c ></row>', None),
    "the end of a comment": (f"{BLANK}-->", None),
    "the end of a text": (f"{BLANK}]]>", None),
}


@pytest.mark.parametrize("name", BELOW)
def test_only_rows_that_hold_nothing_but_formats_are_left_out(name: str) -> None:
    below, left = BELOW[name]
    before, after = f'<worksheet><sheetData><row r="1">{CELL}', "</sheetData><mergeCells/></worksheet>"
    xml = f"{before}</row>{below}{after}".encode()
    expected = xml if left is None else f"{before}</row>{left}{after}".encode()
    sheet = SheetXml(xml, briefly=True)
    assert (sheet.whole, sheet.shown, sheet.rest) == (xml, expected, after.encode())
