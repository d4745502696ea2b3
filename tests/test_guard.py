"""What a file is by its content: refused by the name of its fault, in bounded time; and what a reader cannot tell."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import openpyxl
import pytest

from dingji.demo.faults.old_excel import as_xls
from dingji.read import guard
from dingji.read import parts as inflating
from dingji.read.child import read_job
from dingji.read.extent import extent
from dingji.read.grid import Grid, SheetMarks
from dingji.read.guard import Inspection, inspect
from dingji.read.open import open_workbook
from dingji.read.tags import tags_closed
from tests.papers import BOOK, SELF, altered, book_of, codes, good, prepared, repacked

PAGE = "xl/worksheets/sheet1.xml"
LINKS = "xl/_rels/workbook.xml.rels"
SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def small() -> bytes:
    return book_of(["甲", 1])


def with_sheet(rows: str, *, after: str = "", space: str = SPACE, prefix: str = "") -> bytes:
    """Return a workbook whose one sheet is this XML."""
    xml = f"<{prefix}worksheet {space}><{prefix}sheetData>{rows}</{prefix}sheetData>{after}</{prefix}worksheet>"
    return repacked(small(), lambda parts: parts.update({PAGE: xml.encode()}))


def with_parts(parts: dict[str, bytes]) -> bytes:
    """Return a workbook with these parts put in or replaced."""
    return repacked(small(), lambda old: old.update(parts))


def zipped(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/"), part)
    return buffer.getvalue()


def fault(raw: bytes) -> tuple[str, str]:
    found = inspect(raw).fault
    return (found.code, found.what) if found else ("", "")


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504

FAULTS: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "nothing in it": (lambda: b"", "E104", ""),
    "a password, as Excel sets one": (
        lambda: OLE + "EncryptedPackage".encode("utf-16-le") + b"\0" * 512,
        "E101",
        "",
    ),
    "a password on the zip": (lambda: bytes(_encrypted()), "E101", ""),
    "text named .xlsx": ("各位：附件见下。".encode, "E102", "文本或其他内容"),
    "text in GB18030": (lambda: "编码,名称\n1,一支部".encode("gb18030"), "E102", "文本或其他内容"),
    "a PDF": (lambda: b"%PDF-1.7\n...", "E102", "PDF 文件"),
    "a PNG": (lambda: b"\x89PNG\r\n\x1a\n...", "E102", "图片"),
    "a JPEG": (lambda: b"\xff\xd8\xff\xe0...", "E102", "图片"),
    "a password, as older programs set one": (lambda: _older(b"\x2f\0\x06\0" + b"\1" * 6), "E101", ""),
    "a password in an OpenDocument": (
        lambda: zipped(**{"content.xml": b"?", "META-INF__manifest.xml": b"<m:encryption-data/>"}),
        "E101",
        "",
    ),
    "a Word document of the old format": (
        lambda: OLE + "WordDocument\0".encode("utf-16-le") + b"\0" * 512,
        "E102",
        "Word 文档",
    ),
    "slides": (lambda: zipped(**{"ppt__presentation.xml": b"<p/>"}), "E102", "演示文稿"),
    "another OpenDocument": (
        lambda: zipped(**{"content.xml": b"<o/>", "mimetype": b"application/vnd.oasis.opendocument.text"}),
        "E102",
        "不是表格的 ODF 文件",
    ),
    "OpenOffice 1.x": (
        lambda: zipped(**{"content.xml": b"<o/>", "mimetype": b"application/vnd.sun.xml.calc"}),
        "E115",
        "OpenOffice 1.x 的 .sxc 格式",
    ),
    "Excel 4.0": (lambda: b"\x09\x04\x06\x00\x00\x00\x10\x00\x00\x00", "E115", "Excel 5.0 或更早的格式"),
    "SYLK": (lambda: b"ID;PWXL;N;E\nC;Y1;X1;K1\n", "E115", "SYLK 格式"),
    "an OpenDocument in one XML": (
        lambda: b'<?xml version="1.0"?><o:document xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>',
        "E115",
        "单个 XML 的 ODF 表格",
    ),
    "a workbook of 2003 in XML": (
        lambda: b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "E115",
        "2003 版 XML 表格",
    ),
    "gzip": (lambda: b"\x1f\x8b\x08\0", "E102", "gzip 压缩文件"),
    "a page saved as .xls": (lambda: b"\r\n <HTML><table><tr><td>1</td></tr></table>", "E102", "网页"),
    "XML of 2003": (lambda: b'<?xml version="1.0"?><Workbook/>', "E102", "网页或 XML 文本"),
    "an archive": (lambda: zipped(a__b=b"x"), "E102", "压缩包，须先解压"),
    "a RAR archive": (lambda: b"Rar!\x1a\x07\x01\x00", "E102", "压缩包，须先解压"),
    "a Word document": (lambda: zipped(**{"word__document.xml": b"<w/>"}), "E102", "Word 文档"),
    "an empty archive": (zipped, "E102", "压缩包，须先解压"),
    "a binary workbook": (lambda: zipped(**{"xl__workbook.bin": b"x"}), "E115", "二进制工作簿（.xlsb）"),
    "a truncated zip": (lambda: small()[:-400], "E103", ""),
    "half a zip": (lambda: small()[: len(small()) // 2], "E103", ""),
    "only the first letters of a zip": (lambda: b"PK\x03\x04", "E103", ""),
    "a damaged part": (lambda: _damaged(small()), "E103", ""),
    "no relations": (lambda: zipped(**{"xl__workbook.xml": b"<workbook/>"}), "E103", ""),
    "an entity declared": (
        lambda: repacked(small(), lambda parts: parts.update({PAGE: b'<!DOCTYPE x [<!ENTITY a "b">]>' + parts[PAGE]})),
        "E103",
        "",
    ),
    "3,000 parts": (
        lambda: repacked(small(), lambda parts: parts.update({f"xl/media/{n}.bin": b"" for n in range(3_000)})),
        "E105",
        "内部部件 3009 个",
    ),
    "cells at A1 and XFD1048576": (
        lambda: with_sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="XFD1048576"><v>1</v></c></row>'),
        "E105",
        "有内容的列超过 ZZ 列",
    ),
    "a cell far down": (
        lambda: with_sheet('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
        "E105",
        "有内容的行超过 200000 行",
    ),
    "a wide and long rectangle": (
        lambda: with_sheet('<row r="1"><c r="ZZ1"><v>1</v></c></row><row r="199999"><c r="A199999"><v>1</v></c></row>'),
        "E105",
        "有内容的范围（199999 行 702 列）过大",
    ),
    "two rectangles, too large together": (
        lambda: repacked(
            with_sheet('<row r="9000"><c r="IV9000"><v>1</v></c></row>'),
            lambda parts: parts.update(
                {
                    "xl/worksheets/other.xml": parts[PAGE],
                    LINKS: parts[LINKS].replace(b"</Rel", b'<Relationship Id="x" Target="worksheets/other.xml"/></Rel'),
                }
            ),
        ),
        "E105",
        "有内容的范围（9000 行 256 列）过大",
    ),
    "many merges": (
        lambda: with_sheet("", after="<mergeCells>" + '<mergeCell ref="A1:B1"/>' * 20_001 + "</mergeCells>"),
        "E105",
        "合并单元格过多",
    ),
}


def _older(record: bytes) -> bytes:
    """Return the beginning of a workbook of the old format, a record after the first."""
    names = "Workbook\0".encode("utf-16-le").ljust(504, b"\0")
    return OLE[:8] + names + b"\x09\x08\x10\0\0\x06\x05\0" + b"\0" * 12 + record + b"\0" * 1_024


def _encrypted() -> bytearray:
    """Return a zip whose directory says that its part needs a password."""
    raw = bytearray(small())
    place = raw.index(b"PK\x01\x02")
    raw[place + 8] |= 1
    return raw


def _damaged(raw: bytes) -> bytes:
    place = raw.index(b"xl/styles.xml") + 60
    return raw[:place] + b"\xff" * 20 + raw[place + 20 :]


@pytest.mark.parametrize("name", FAULTS)
def test_refused_by_the_name_of_the_fault(name: str) -> None:
    make, code, what = FAULTS[name]
    raw = make()
    assert fault(raw) == (code, what)
    assert [(problem.code, problem.values["what"]) for problem in open_workbook(raw)[1]] == [(code, what)]


FAR = {
    "attributes in another order": '<row r="1"><c s="0" r="XFD9"><v>1</v></c></row>',
    "single quotes": "<row r='1'><c r='XFD9'><v>1</v></c></row>",
    "spaces and line breaks": '<row r="1"><c\n r = "XFD9" ><v>1</v></c></row>',
    "small letters": '<row r="1"><c r="xfd9"><v>1</v></c></row>',
    "no addresses": f'<row r="1">{"<c><v>1</v></c>" * 800}</row>',
    "a row far away with cells that follow it": '<row r="1048576"><c><v>1</v></c></row>',
}


@pytest.mark.parametrize("name", FAR)
def test_no_way_of_writing_xml_hides_a_far_cell(name: str) -> None:
    assert fault(with_sheet(FAR[name]))[0] == "E105"


EMPTY = {
    "a format of the last cell there is": '<row r="1048576"><c r="XFD1048576" s="0"/></row>',
    "its end tag apart": '<row r="1048576"><c r="XFD1048576" s="0"></c></row>',
    "attributes in another order": "<row r='1048576'><c s='0' r='XFD1048576' /></row>",
    "rows that have a height only": '<row r="300000" ht="20"/><row r="1048576" ht="20" customHeight="1"/>',
}


@pytest.mark.parametrize("name", EMPTY)
def test_formats_without_content_reach_no_further_than_the_content(name: str) -> None:
    """Whole columns with borders are saved so; a reader makes no room for them."""
    raw = with_sheet('<row r="1"><c r="A1"><v>7</v></c></row>' + EMPTY[name])
    grids, problems = open_workbook(raw)
    assert problems == []
    assert grids[0].rows == [[7.0]]


def test_what_only_looks_empty_is_content() -> None:
    far = '<row r="1"><c r="A1048576" x="/>"><v>1</v></c></row>'
    assert fault(with_sheet(far))[0] == "E105"


@pytest.mark.parametrize("rows", [1_000, 1_009, 9_999, 10_000, 25_089])
def test_a_long_list_is_measured_by_its_last_row_unless_another_is_farther(rows: int) -> None:
    lines = "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(1, rows + 1))
    assert extent(lines.encode()) == (rows, 26)
    for far in (rows + 1, rows + 10, rows * 10, 299_999):
        assert extent(f'<row r="{far}"><c r="B{far}"><v>1</v></c></row>{lines}'.encode()) == (far, 26)
    assert extent(f'<row r="1"><c r="AA1"><v>1</v></c></row>{lines}'.encode()) == (rows, 27)


def test_a_part_that_cannot_be_a_sheet_is_not_inflated() -> None:
    """Damage in a picture hurts no figure; damage in what is read is told."""
    raw = repacked(good()[SELF], lambda parts: parts.update({"xl/media/picture.png": b"x" * 5_000}))
    place = raw.index(b"xl/media/picture.png") + 25
    spoilt = raw[:place] + b"\xff" * 8 + raw[place + 8 :]
    assert open_workbook(spoilt)[1] == []
    assert open_workbook(spoilt)[0] == open_workbook(good()[SELF])[0]


def test_a_prefix_hides_nothing() -> None:
    space = 'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    far = '<x:row r="1"><x:c r="XFD9"><x:v>1</x:v></x:c></x:row>'
    assert fault(with_sheet(far, space=space, prefix="x:"))[0] == "E105"
    near = '<x:row r="1"><x:c r="B1"><x:v>7</x:v></x:c></x:row>'
    grids, problems = open_workbook(with_sheet(near, space=space, prefix="x:"))
    assert problems == []
    assert grids[0].rows == [["", 7.0]]


@pytest.mark.parametrize(
    "rename",
    [
        lambda name: name.replace("worksheets/sheet1.xml", "other/s.xml"),
        lambda name: name.replace("xl/worksheets/sheet1.xml", "picture.png"),
        lambda name: name.replace("sheet1.xml", "表&1.xml"),
        lambda name: name.replace("xl/", "XL/"),
        lambda name: name.replace("/", "\\"),
    ],
)
def test_a_far_cell_is_found_wherever_the_sheet_is_kept(rename: Callable[[str], str]) -> None:
    far = with_sheet('<row r="1"><c r="XFD9"><v>1</v></c></row>')

    def move(parts: dict[str, bytes]) -> None:
        links = rename("xl/worksheets/sheet1.xml").replace("\\", "/")
        target = links.removeprefix("xl/") if links.startswith("xl/") else f"/{links}"
        old = b"/xl/worksheets/sheet1.xml" if b'"/xl/worksheets' in parts[LINKS] else b"worksheets/sheet1.xml"
        parts[LINKS] = parts[LINKS].replace(old, target.replace("&", "&amp;").encode())
        moved = {rename(name): part for name, part in parts.items()}
        parts.clear()
        parts.update(moved)

    assert fault(repacked(far, move))[0] == "E105"


def test_two_parts_of_one_name_are_refused() -> None:
    """One reader takes the first and another the last: what is inspected would not be what is read."""
    buffer = io.BytesIO(small())
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(PAGE, b"<worksheet/>")
    assert fault(buffer.getvalue()) == ("E103", "")


@pytest.mark.parametrize("content", [b"\0", b"<c/>", b'<c r="A1"', b"<f>"])
def test_a_bomb_costs_bounded_time(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inflating, "MAX_INFLATED", 2**22)
    bomb = repacked(small(), lambda parts: parts.update({PAGE: content * (2**23 // len(content))}))
    assert len(bomb) < 2**17
    started = perf_counter()
    assert fault(bomb) == ("E105", "解压后超过 4 MB")
    assert perf_counter() - started < 5


BEYOND = ("E105", "有内容的列超过 ZZ 列")
STYLES = "xl/styles.xml"
REPEATED: dict[str, tuple[str, str, tuple[str, str]]] = {
    "formulas left open": (PAGE, '<c r="A1"><f>{}', ("", "")),
    "errors": (PAGE, '<c t="e">{}', BEYOND),
    "cells left open": (PAGE, '<c r="A1" {}', ("E103", "")),
    "rows left open": (PAGE, "<row {}", ("E103", "")),
    "sheets left open": (PAGE, "<sheet {}", ("E103", "")),
    "styled cells": (PAGE, '<c s="1"/>{}', BEYOND),
    "an error in one tag": (PAGE, '<c {} x="', ("E103", "")),
    "errors in one tag": (PAGE, 't="e" {}', ("", "")),
    "far addresses": (PAGE, '<c r="AAA1" {}', ("E103", "")),
    "far addresses in one tag": (PAGE, 'r="AAA1" {}', ("", "")),
    "merges without tags": (PAGE, "mergeCell {}", ("", "")),
    "a literal without end": (STYLES, '<numFmt numFmtId="200" formatCode="%{}"/>', ("", "")),
    "formats left open": (STYLES, "<numFmt {}", ("E103", "")),
    "formats in quotes": (STYLES, '<numFmt a=">"{}', ("", "")),
    "lists of formats without end": (STYLES, "cellXfs {}", ("", "")),
    "a long name": (STYLES, "<numFmt a{}", ("E103", "")),
    "relations left open": (LINKS, "<Relationship {}", ("E103", "")),
    "relations in quotes": (LINKS, '<Relationship "{}', ("E103", "")),
}
"""A part, what is repeated in it, and what is said of the workbook."""


@pytest.mark.parametrize("what", REPEATED)
def test_hostile_parts_cost_no_more_the_longer_they_are(what: str) -> None:
    """Every pattern looks at a part once, however its tags are left open: with 200 KB of these some took minutes."""
    part, once, expected = REPEATED[what]
    inner = {"a literal without end": "[", "a long name": "a", "an error in one tag": 't="e" '}.get(what)
    body = once.format(inner * 100_000) if inner else once.format("") * 25_000
    tag = {PAGE: "sheetData", STYLES: "styleSheet", LINKS: "Relationships"}[part]
    around = ("<worksheet>", "<c r='A1' ", "</worksheet>") if part == PAGE else ("", "", "")
    opened = around[1] if what in ("errors in one tag", "far addresses in one tag") else ""
    closed = "/>" if opened else ""
    xml = f"{around[0]}<{tag}>{opened}{body}{closed}</{tag}>{around[2]}"
    started = perf_counter()
    assert fault(with_parts({part: xml.encode()})) == expected
    assert perf_counter() - started < 5


@pytest.mark.parametrize(
    ("count", "expected"), [(900, ("", "")), (2_000, ("E105", "工作表或内部部件过多"))], ids=["many", "too many"]
)
def test_a_part_that_many_sheets_share_is_looked_at_so_often_only(count: int, expected: tuple[str, str]) -> None:
    sheets = "".join(f'<sheet name="{number}" r:id="rId1"/>' for number in range(count))
    book = f"<workbook {SPACE}><sheets>{sheets}</sheets></workbook>".encode()
    assert fault(with_parts({"xl/workbook.xml": book})) == expected


@pytest.mark.parametrize("aside", ["<!-- <c -->", "<![CDATA[ a < b < c ]]>", "<?x < < ?>"])
def test_signs_of_markup_that_are_none_leave_a_part_whole(aside: str) -> None:
    assert fault(with_sheet(f'<row r="1">{aside}<c r="A1"><v>1</v></c></row>')) == ("", "")
    assert tags_closed(aside.encode())
    assert not tags_closed(aside.encode() + b"<a <b>")
    assert not tags_closed(aside[:-2].encode() * 2)


def test_a_bomb_in_many_parts_is_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inflating, "MAX_INFLATED", 2**22)
    bomb = repacked(small(), lambda parts: parts.update({f"p{number}": b"\0" * 2**20 for number in range(8)}))
    assert fault(bomb)[0] == "E105"


def test_a_bomb_in_another_format_is_counted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inflating, "MAX_INFLATED", 2**20)
    assert fault(zipped(**{"content.xml": b" " * 2**21}))[0] == "E105"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"\0\0\0\x18ftypmp42", ("E102", "视频或录音")),
        (b"\x1aE\xdf\xa3", ("E102", "视频")),
        (b"\0" * 8, ("E102", "文本或其他内容")),
        (b"PK\3\4", ("E105", "文件超过 64 MB")),
        ("编码,名称\n".encode("gb18030"), ("E102", "文本或其他内容")),
        (b"1,2,3\n", ("E105", "文件超过 64 MB")),
    ],
)
def test_a_file_of_gigabytes_is_named_by_its_beginning(tmp_path: Path, head: bytes, expected: tuple[str, str]) -> None:
    path = tmp_path / "大.xlsx"
    with path.open("wb") as file:
        file.write(head)
        file.truncate(3 * 2**30)  # takes no room
    started = perf_counter()
    reading = read_job((str(path), path.name), prepared().plan)
    assert [(problem.code, problem.values["what"]) for problem in reading.problems] == [expected]
    assert reading.sha256 == ""
    assert perf_counter() - started < 5


# --- chains of sectors ------------------------------------------------------------------------------------


def linked(raw: bytes, links: dict[int, int]) -> bytes:
    """Return a workbook of the old format in which these sectors are followed by others."""
    made = bytearray(raw)
    (table,) = struct.unpack_from("<I", made, 76)
    for sector, following in links.items():
        struct.pack_into("<I", made, (table + 1) * 512 + 4 * sector, following)
    return bytes(made)


def test_a_chain_of_sectors_that_goes_in_a_circle_is_refused_before_a_reader_follows_it() -> None:
    raw = as_xls([Grid("A", [[1.0, "甲" * 100]] * 400)])
    (first,) = struct.unpack_from("<I", raw, 48)
    assert fault(raw) == ("", "")
    for links in ({first: first}, {first + 1: first + 1}, {first + 90: first + 1}):
        assert fault(linked(raw, links)) == ("E103", "")
    more = bytearray(raw)
    struct.pack_into("<II", more, 68, 3, 1)
    struct.pack_into("<I", more, 4 * 512 + 508, 3)
    assert fault(bytes(more)) == ("E103", "")


@pytest.mark.parametrize("cut", [20, 76, 400, 700, 1_024])
def test_a_workbook_of_the_old_format_cut_off_anywhere_raises_nothing(cut: int) -> None:
    raw = as_xls([Grid("A", [[1.0, "甲"]])])
    found = open_workbook(raw[:cut])[1]
    assert codes(found)[0] in ("E102", "E103", "E107")


def test_a_file_beyond_the_cap_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MAX_FILE", 1_000)
    assert fault(small()) == ("E105", "文件超过 0 MB")


def test_a_long_text_that_many_cells_show_is_refused() -> None:
    """It is stored once and weighs little; a reader copies it into every cell."""
    text = f"<sst {SPACE}><si><t>{'长' * 100_000}</t></si></sst>".encode()
    row = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    for cells, code in ((10, ""), (1_000, "E105")):
        assert fault(with_parts({"xl/sharedStrings.xml": text, PAGE: with_rows(row * cells)}))[0] == code


def test_a_dimension_that_lies_is_not_believed() -> None:
    raw = with_sheet('<row r="1"><c r="A1"><v>1</v></c></row>')
    lying = repacked(
        raw,
        lambda parts: parts.update(
            {PAGE: parts[PAGE].replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')}
        ),
    )
    assert open_workbook(lying)[0][0].rows == [[1.0]]


# --- what a reader cannot tell ----------------------------------------------------------------------------


def marked(raw: bytes, sheet: str = "Sheet1") -> SheetMarks:
    found: Inspection = inspect(raw)
    assert found.fault is None
    return found.marks[sheet]


FORMULAS = """
<c r="B2"><f>1+1</f></c>                                | {(1, 1): ''}
<c r="B2"><f>1+1</f><v></v></c>                         | {(1, 1): ''}
<c r="B2"><f>1+1</f><v/></c>                            | {(1, 1): ''}
<c r="B2"><f ca="1"/></c>                               | {(1, 1): ''}
<c s="0" r="B2"><f>A1</f></c>                           | {(1, 1): ''}
<c r="B2"><f>1+1</f><v>2</v></c>                        | {}
<c r="B2" t="str"><f>""</f><v></v></c>                  | {}
<c r="B2" t="str"><f>"a"</f><v>a</v></c>                | {}
<c r="B2" t="e"><v>#REF!</v></c>                        | {(1, 1): '#REF!'}
<c t='e' r='B2'><v>#N/A</v></c>                         | {(1, 1): '#N/A'}
<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>            | {(1, 1): '#DIV/0!'}
<c r="B2" t="e"><f>IF(A1,&#10;1)</f><v>#NAME?</v></c>   | {(1, 1): '#NAME?'}
<c r="B2" s="0"/><c r="C2"><f>1</f></c>                 | {(1, 2): ''}
<c r="B2" s="0"/><c r="C2"><v>1</v></c>                 | {}
"""


@pytest.mark.parametrize(("cell", "expected"), [line.split("|") for line in FORMULAS.strip().splitlines()])
def test_error_cells_and_formulas_never_calculated_are_told_by_address(cell: str, expected: str) -> None:
    """A formula calculated to nothing is a blank; one never calculated is not."""
    row = f'<row r="2">{cell.strip()}</row>'.replace("&#10;", "\n")
    raw = repacked(small(), lambda parts: parts.update({PAGE: with_rows(row)}))
    assert repr(dict(marked(raw, "Sheet1").faults)) == expected.strip()


def with_rows(rows: str) -> bytes:
    return f"<worksheet {SPACE}><sheetData>{rows}</sheetData></worksheet>".encode()


FORMATS = """
0%          | True
0.00%       | True
0.0%;-0.0%  | True
General     | False
0.00        | False
0"%"        | False
0\\%        | False
[红]0       | False
"""


@pytest.mark.parametrize(("code", "is_percent"), [line.split("|") for line in FORMATS.strip().splitlines()])
def test_percent_formats(code: str, is_percent: str) -> None:
    """A percentage stored as 0.9 and shown as 90% is told; a mere sign behind a number is none."""

    def style(book: openpyxl.Workbook) -> None:
        book["Sheet1"]["B1"].number_format = code.strip()

    expected = {(0, 1)} if is_percent.strip() == "True" else set()
    assert marked(altered(small(), style)).percent == expected


def test_styles_without_a_format_of_their_own_keep_their_place() -> None:
    styles = f'<styleSheet {SPACE}><cellXfs count="2"><xf fontId="0"/><xf numFmtId="10"/></cellXfs></styleSheet>'
    row = '<row r="1"><c r="A1" s="0"><v>1</v></c><c r="B1" s="1"><v>1</v></c></row>'
    raw = repacked(small(), lambda parts: parts.update({"xl/styles.xml": styles.encode(), PAGE: with_rows(row)}))
    assert marked(raw).percent == {(0, 1)}


def test_a_sheet_is_known_by_its_name_however_it_is_written() -> None:
    name = "A&B <一>"
    raw = altered(book_of([1], sheet="甲"), lambda book: setattr(book["甲"], "title", name))
    assert list(inspect(raw).marks) == [name]


def test_merged_blocks_show_their_value_beside_the_cells_below() -> None:
    raw = altered(book_of(["甲", 1], ["", 2], ["", 3], ["乙", 4]), lambda book: book["Sheet1"].merge_cells("A1:A3"))
    grid = open_workbook(raw)[0][0]
    assert grid.spans == {(1, 0): "甲", (2, 0): "甲"}


def test_macros_are_noted_and_chart_sheets_passed_over() -> None:
    macros = repacked(small(), lambda parts: parts.update({"xl/vbaProject.bin": b"x"}))
    assert codes(open_workbook(macros)[1]) == ["N108"]
    charted = altered(small(), lambda book: book.create_chartsheet("图"))
    grids, problems = open_workbook(charted)
    assert ([grid.name for grid in grids], problems) == (["Sheet1"], [])


def test_an_empty_workbook_has_no_content() -> None:
    assert codes(open_workbook(book_of())[1]) == ["E107"]


@pytest.mark.parametrize("path", [SELF, BOOK])
def test_a_good_form_is_read_without_a_word(path: str) -> None:
    found = inspect(good()[path])
    assert found.fault is None
    assert all(not each.faults and not each.percent for each in found.marks.values())


@pytest.mark.parametrize("flipped", range(40, 9_000, 331))
def test_flipped_bytes_never_raise(flipped: int) -> None:
    raw = bytearray(good()[SELF])
    raw[flipped] ^= 0xFF
    grids, problems = open_workbook(bytes(raw))
    assert bool(grids) != bool([problem for problem in problems if problem.code.startswith("E")])
