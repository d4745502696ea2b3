"""Marks on workbooks of every origin: what is not there yet, what the owner put there, what cannot be marked."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Color, PatternFill
from openpyxl.workbook import Workbook
from xlsxwriter import Workbook as NewBook

from dingji.problems import Problem, shown
from dingji.read.grid import Grid
from dingji.reports.returned import mark
from dingji.reports.returned.convert import converted, sheet_names
from dingji.reports.returned.copying import marked_copy
from dingji.reports.returned.fault import Fault
from dingji.reports.returned.faults import faults_of
from dingji.reports.returned.package import Package, UnmarkableError
from dingji.seal import inflated
from tests.papers import SELF, altered, good, outcome_of, read, repacked, typed
from tests.returned_books import (
    LIST,
    OWN_COPY,
    given_back,
    is_tinted,
    listed,
    opened,
    resaved,
    seen,
    several,
)

NUMBER = "0123456789"
Spoil = Callable[[dict[str, bytes]], None]
MACROS = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645"
    "400000000049454e44ae426082"
)


def faults(*cells: str, sheet: str = "表", code: str = "E201", found: str = "十分") -> tuple[Fault, ...]:
    return faults_of(Problem(code, "x.xlsx", sheet, cell, subject="得分", found=found) for cell in cells)


def marked(raw: bytes, told: tuple[Fault, ...], number: str) -> bytes:
    return mark.marked(Package.of(raw), told, number)


def book(*names: str, **more: object) -> bytes:
    """Return a workbook as a person makes one: a sheet with a few cells, columns and rows with looks of their own."""
    buffer = io.BytesIO()
    made = NewBook(buffer, {"in_memory": True, **more})
    for name in names or ("表",):
        sheet = made.add_worksheet(name)
        sheet.write_row(1, 1, ["甲", "乙", "丙"])
        sheet.write_number(3, 1, 4.5)
        sheet.write_formula(3, 2, "=B4*2", None, 9)
        sheet.set_column(4, 4, 20, made.add_format({"num_format": "0.00", "bg_color": "#00FF00"}))
        sheet.set_row(7, 30, made.add_format({"bold": True}))
        sheet.merge_range("B12:D14", "合并")
        sheet.insert_image("G2", "a.png", {"image_data": io.BytesIO(PIXEL)})
    made.close()
    return buffer.getvalue()


def test_cells_rows_and_columns_that_are_not_there_yet() -> None:
    """A blank that nobody typed has no cell in the file: it is made, in its order, with its row's or column's look."""
    copy = marked(book(), faults("A1", "E4", "B8", "A3", "C4", "ZZ900"), NUMBER)
    sheet = opened(copy)["表"]
    for cell in ("A1", "E4", "B8", "A3", "C4", "ZZ900"):
        assert is_tinted(seen(copy, "表", cell)), cell
    assert sheet["E4"].number_format == "0.00"
    assert sheet["B8"].font.bold
    assert (sheet["B4"].value, sheet["C4"].value, sheet["B2"].value) == (4.5, "=B4*2", "甲")
    xml = inflated(copy)["xl/worksheets/sheet1.xml"].decode()
    rows = [int(row.partition('"')[0]) for row in xml.split('<row r="')[1:]]
    assert rows == sorted(rows)


def test_a_merged_block_is_marked_where_it_is_seen() -> None:
    copy = marked(book(), faults("C13"), NUMBER)
    assert is_tinted(seen(copy, "表", "B12"))
    assert seen(copy, "表", "B12").note.startswith("【退回】")
    assert listed(copy)[0]["链接"] == "'表'!C13"


def test_pictures_formulas_and_figures_stay() -> None:
    raw = book()
    before, after = inflated(raw), inflated(marked(raw, faults("B4"), NUMBER))
    for name in before:
        if name.startswith(("xl/media", "xl/drawings", "docProps", "xl/theme")):
            assert after[name] == before[name], name
    assert b"<f>B4*2</f><v>9</v>" in after["xl/worksheets/sheet1.xml"]


@pytest.mark.parametrize(("code", "kept"), [("E201", "yyyy-mm-dd"), ("E225", "General"), ("E206", "General")])
def test_a_cell_that_makes_dates_of_figures_becomes_a_plain_one(code: str, kept: str) -> None:
    def alter(workbook: Workbook) -> None:
        workbook["自评表"]["F9"].number_format = "yyyy-mm-dd"

    copy = marked(altered(good()[SELF], alter), faults("F9", sheet="自评表", code=code), NUMBER)
    cell = opened(copy)["自评表"]["F9"]
    assert (cell.number_format, is_tinted(seen(copy, "自评表", "F9"))) == (kept, True)


def test_macros_stay() -> None:
    def with_macros(parts: dict[str, bytes]) -> None:
        parts["xl/vbaProject.bin"] = b"macros"
        links = parts["xl/_rels/workbook.xml.rels"]
        told = f'<Relationship Id="rId99" Type="{MACROS}" Target="vbaProject.bin"/></Relationships>'
        parts["xl/_rels/workbook.xml.rels"] = links.replace(b"</Relationships>", told.encode())
        kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        macro_book = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
        types = parts["[Content_Types].xml"].replace(kind, macro_book)
        binary = b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
        parts["[Content_Types].xml"] = types.replace(b"</Types>", binary)

    raw = repacked(altered(good()[SELF], typed("自评表", "1", "自评得分", "四")), with_macros)
    files = {**{path: each for path, each in good().items() if path != SELF}, "一支部.xlsm": raw}
    made = given_back(files)
    assert set(made) == {"ZB01_一支部_自评表.xlsm", "ZB01_一支部_自评表.txt"}
    parts = inflated(made["ZB01_一支部_自评表.xlsm"])
    assert parts["xl/vbaProject.bin"] == b"macros"
    assert b"macroEnabled" in parts["[Content_Types].xml"]


def test_an_owners_own_notes_stay() -> None:
    """On a cell of its own untouched; on a faulty cell with ours behind it, and alone again once that is mended."""

    def remark(work: Workbook) -> None:
        work["表"]["B2"].comment = Comment("请核实", "张某")
        work["表"]["B4"].comment = Comment("按台账填", "张某")

    raw = altered(book(), remark)
    copy = marked(raw, faults("B4", "C4"), NUMBER)
    assert seen(copy, "表", "B2").note == "请核实"
    assert seen(copy, "表", "B4").note.startswith("按台账填\n【退回】不是数字")
    assert seen(copy, "表", "C4").note.startswith("【退回】不是数字")
    again = marked(copy, faults("D4"), NUMBER)
    assert [seen(again, "表", cell).note for cell in ("B2", "B4", "C4")] == ["请核实", "按台账填", ""]
    drawing = b"".join(part for name, part in inflated(again).items() if name.endswith(".vml"))
    assert drawing.count(b'ObjectType="Note"') == 3


FILLS = [
    (PatternFill("solid", fgColor=Color(rgb="FF123456")), "FF123456"),
    (PatternFill("solid", fgColor=Color(theme=4, tint=0.4)), 4),
    (PatternFill(), None),
]


@pytest.mark.parametrize(("fill", "expected"), FILLS)
def test_a_tint_taken_away_shows_what_it_covered(fill: PatternFill, expected: object) -> None:
    raw = altered(book(), lambda work: setattr(work["表"]["B4"], "fill", fill))
    copy = marked(raw, faults("B4", "C4"), NUMBER)
    assert is_tinted(seen(copy, "表", "B4"))
    freed = opened(marked(copy, faults("C4"), NUMBER))["表"]["B4"].fill
    shown = {"rgb": freed.fgColor.rgb, "theme": freed.fgColor.theme}[freed.fgColor.type]
    assert (shown if freed.patternType else None) == expected


def test_an_owners_own_list_of_that_name_stays() -> None:
    raw = book("表", LIST)
    copy = marked(raw, faults("B4"), NUMBER)
    assert opened(copy).sheetnames == ["表", LIST, f"{LIST}(2)"]
    assert opened(copy)[LIST]["B2"].value == "甲"
    assert opened(marked(copy, faults("B4"), NUMBER)).sheetnames == ["表", LIST, f"{LIST}(2)"]


def test_sheets_with_awkward_names_are_linked() -> None:
    copy = marked(book("书记's 表 & <1>"), faults("B4", sheet="书记's 表 & <1>"), NUMBER)
    assert listed(copy)[0]["链接"] == "'书记''s 表 & <1>'!B4"
    assert is_tinted(seen(copy, "书记's 表 & <1>", "B4"))


FOREIGN = [
    '=HYPERLINK("http://x.cn","点我")',
    "+cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "甲\x07乙\ud83d",
]


@pytest.mark.parametrize("text", FOREIGN)
def test_foreign_text_is_inert(text: str) -> None:
    copy = marked(book(), faults("B4", found=text), NUMBER)
    (line,) = listed(copy)
    cell = opened(copy)[LIST]["F5"]
    assert cell.data_type == "s"
    assert line["填的是"] == shown(text)
    xml = inflated(copy)["xl/worksheets/sheet2.xml"]
    assert b"<f>" not in xml
    assert b"<hyperlink " in xml
    assert b"r:id" not in xml, "links lead to cells only"


def test_what_stands_in_an_owners_cell_stays_what_it_was() -> None:
    raw = altered(
        good()[SELF], several(typed("自评表", "1", "自评得分", "四"), typed("自评表", "1", "情况说明", FOREIGN[0]))
    )
    copy = given_back({**good(), SELF: raw})[OWN_COPY]
    assert opened(copy)["自评表"]["G9"].value == opened(raw)["自评表"]["G9"].value
    assert opened(copy)["自评表"]["G9"].hyperlink is None


def test_a_name_from_a_file_is_safe() -> None:
    path = "退回件/../" + "长" * 60 + "＜:.xlsx"
    mine = next(name for name in good() if name.startswith("自评表/"))
    files = {name: raw for name, raw in good().items() if name != mine}
    made = given_back({**files, path: altered(good()[mine], typed("自评表", "1", "自评得分", "四分"))})
    assert made
    for name in made:
        assert "/" not in name
        assert len(name.encode()) <= 80


# --- other formats ------------------------------------------------------------------------------------------


def as_csv(raw: bytes) -> bytes:
    """Return the first sheet as a spreadsheet exports it on a Chinese machine."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(opened(raw).worksheets[0].iter_rows(values_only=True))
    return buffer.getvalue().encode("gb18030")


def test_a_csv_comes_back_as_a_workbook_of_the_same_cells() -> None:
    """With the same words on the same cells; the mended workbook stands in the place of the .csv."""
    raw = as_csv(altered(good()[SELF], typed("自评表", "2", "自评得分", "四分")))
    files = {**{path: each for path, each in good().items() if path != SELF}, "一支部.csv": raw}
    made = given_back(files)
    copy = made[OWN_COPY]
    (line,) = [each for each in listed(copy) if each["单元格"] == "F10"]
    assert (line["工作表"], line["单元格"], line["填的是"]) == ("CSV", "F10", "四分")
    assert seen(copy, "CSV", "F10").value == "四分"
    assert is_tinted(seen(copy, "CSV", "F10"))
    assert "原文件是 csv" in str(opened(copy)[LIST]["A3"].value)
    assert "原文件是 csv" in made["ZB01_一支部_自评表.txt"].decode("utf-8-sig")
    again = {**files, "改.xlsx": altered(copy, lambda work: setattr(work["CSV"]["F10"], "value", 2))}
    outcome = outcome_of(again)
    assert [problem.code for problem in outcome.problems if problem.file == "一支部.csv"] == ["N306"]
    assert given_back(again) == {}


@pytest.mark.office
@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_an_older_or_open_format_comes_back_as_a_workbook(tmp_path: Path, office_program: Path, ending: str) -> None:
    raw = altered(good()[SELF], typed("自评表", "2", "自评得分", "四分"))
    rest = {path: each for path, each in good().items() if path != SELF}
    files = {**rest, f"一支部.{ending}": resaved(raw, tmp_path, office_program, ending)}
    copy = given_back(files)[OWN_COPY]
    assert seen(copy, "自评表", "F10").value == "四分"
    assert is_tinted(seen(copy, "自评表", "F10"))
    assert opened(copy)["_meta"].sheet_state == "hidden"
    mended = altered(copy, typed("自评表", "2", "自评得分", 2))
    outcome = outcome_of({**files, "改.xlsx": mended})
    assert [problem.code for problem in outcome.problems if problem.file == f"一支部.{ending}"] == ["N306"]
    assert outcome.results.equals(outcome_of(good()).results)


def test_sheets_get_names_that_a_workbook_allows() -> None:
    grids = [Grid("'很[长]的:名字/" + "长" * 40, [["甲", 1.5, True]]), Grid("表", [[""]]), Grid("表", [["=1+1"]])]
    names = sheet_names(grids)
    assert opened(converted(grids)).sheetnames == names
    assert max(map(len, names)) <= 31
    assert opened(converted(grids))[names[2]]["A1"].data_type == "s"
    assert [cell.value for cell in opened(converted(grids))[names[0]][1]] == ["甲", 1.5, True]


def test_a_dialect_that_cannot_be_marked_is_said() -> None:
    def strict(parts: dict[str, bytes]) -> None:
        own, other = (
            b"http://schemas.openxmlformats.org/spreadsheetml/2006",
            b"http://purl.oclc.org/ooxml/spreadsheetml",
        )
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(own, other)

    def broken(parts: dict[str, bytes]) -> None:
        parts["xl/workbook.xml"] = b"<workbook"

    def with_type(parts: dict[str, bytes]) -> None:
        parts["xl/workbook.xml"] = b'<!DOCTYPE x [<!ENTITY a "b">]>' + parts["xl/workbook.xml"]

    for change in (strict, broken, with_type, lambda parts: parts.pop("xl/styles.xml")):
        with pytest.raises(UnmarkableError):
            marked(repacked(book(), change), faults("B4"), NUMBER)
    assert Package.of(book()).sheets == {"表": "xl/worksheets/sheet1.xml"}


def test_a_workbook_without_styles_comes_back_by_its_values() -> None:
    raw = repacked(
        altered(good()[SELF], typed("自评表", "1", "自评得分", "四")), lambda parts: parts.pop("xl/styles.xml")
    )
    assert read(raw).taken
    copy = given_back({**good(), SELF: raw})[OWN_COPY]
    assert seen(copy, "自评表", "F9").value == "四"
    assert is_tinted(seen(copy, "自评表", "F9"))


@pytest.mark.office
def test_an_office_suite_shows_the_marks(tmp_path: Path, office_program: Path) -> None:
    """Tints, notes and links are there after another program opened the copy and saved it in its own format."""
    raw = altered(good()[SELF], typed("自评表", "1", "自评得分", "四"))
    copy = given_back({**good(), SELF: raw})[OWN_COPY]
    content = inflated(resaved(copy, tmp_path, office_program, "ods"))["content.xml"].decode()
    assert "<office:annotation " in content
    assert "【退回】不是数字" in content
    assert 'xlink:href="#&apos;自评表&apos;.F9"' in content or 'xlink:href="#自评表.F9"' in content
    assert "#f8b4b1" in content
    assert resaved(copy, tmp_path / "pdf", office_program, "pdf").startswith(b"%PDF")


def test_many_faults_are_all_listed_and_the_first_noted() -> None:
    cells = [f"B{row}" for row in range(1, 1_202)]
    copy = marked(book(), faults(*cells), NUMBER)
    sheet = openpyxl.load_workbook(io.BytesIO(copy))["表"]
    assert len(listed(copy)) == 1_201
    assert sum(sheet[cell].comment is not None for cell in cells) == 1_000
    assert sheet["B1201"].fill.patternType == "solid"


# --- spoilt parts -------------------------------------------------------------------------------------------

SPOILT = (b"", b"x", b"-1", b"99999999", b"$A$1", b"a1", b"1e9", b"inf")


def spoil(random: Random, parts: dict[str, bytes]) -> None:
    """Change an attribute, an element or a sign of one part, or leave the part out."""
    name = random.choice([name for name in parts if name.endswith((".xml", ".rels", ".vml"))])
    xml = parts.pop(name)
    kind = random.choice(("attribute", "attribute", "element", "sign", "part"))
    if kind == "part":
        return
    pattern = {"attribute": rb'(?<==")[^"]*(?=")', "element": rb"<[^<>]+/>", "sign": rb"."}[kind]
    place = random.choice(list(re.finditer(pattern, xml, re.DOTALL)) or [re.match(b"", xml)])
    assert place is not None
    new = {"attribute": random.choice(SPOILT), "element": b"", "sign": b"%"}[kind]
    parts[name] = xml[: place.start()] + new + xml[place.end() :]


def test_a_spoilt_workbook_never_stops_a_run() -> None:
    """Whatever can be read goes back: marked, or by its values; and what goes back says what it said before."""
    remark = several(
        typed("自评表", "2", "自评得分", "四分"),
        lambda work: setattr(work["自评表"]["F10"], "comment", Comment("按台账填", "张某")),
    )
    first = altered(good()[SELF], remark)
    books = [first, given_back({**good(), SELF: first})[OWN_COPY]]
    random, told = Random(7), faults_of(read(first).problems)
    ways: Counter[str] = Counter()
    for number in range(60):
        raw = repacked(books[number % 2], partial(spoil, random))
        reading = read(raw)
        copy = marked_copy(raw, "表.xlsx", NUMBER, told)
        anew = copy is not None and "只保留了各格的内容" in copy.lost
        ways["values" if anew else "marked" if copy else "none"] += 1
        if reading.taken and copy and not anew:
            assert read(copy.raw).columns == reading.columns
    assert min(ways["marked"], ways["values"], ways["none"]) > 0, ways


@pytest.mark.parametrize("damage", ["crc", "header"])
def test_a_part_that_nobody_reads_may_be_damaged(damage: str) -> None:
    """The form is read, and its values go back; the workbook itself cannot be packed anew."""
    raw = bytearray(altered(good()[SELF], typed("自评表", "2", "自评得分", "四分")))
    with ZipFile(io.BytesIO(bytes(raw))) as archive:
        start = archive.getinfo("docProps/core.xml").header_offset
    if damage == "header":
        raw[start] ^= 1
    else:
        raw[raw.rindex(b"docProps/core.xml") - 30] ^= 1  # of what the directory says of it: the checksum
    reading = read(bytes(raw))
    assert [problem.code for problem in reading.problems] == ["E201"]
    copy = marked_copy(bytes(raw), "表.xlsx", NUMBER, faults_of(reading.problems))
    assert copy is not None
    assert (copy.suffix, bool(copy.lost)) == (".xlsx", True)
    assert read(copy.raw).columns["value"] == reading.columns["value"]


# --- what is not the owner's own ----------------------------------------------------------------------------

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def related(part: str, kind: str, target: str, number: str, *, outside: bool = False) -> Spoil:
    """Return what relates a part of a workbook to another, or to a place outside."""
    folder, _, name = part.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels".lstrip("/")

    def change(parts: dict[str, bytes]) -> None:
        space = "http://schemas.openxmlformats.org/package/2006/relationships"
        known = parts.get(relations, f'<Relationships xmlns="{space}"></Relationships>'.encode())
        mode = ' TargetMode="External"' if outside else ""
        told = f'<Relationship Id="{number}" Type="{OFFICE}/{kind}" Target="{target}"{mode}/></Relationships>'
        parts[relations] = known.replace(b"</Relationships>", told.encode())

    return change


def put_in(part: str, before: str, xml: str) -> Spoil:
    """Return what puts XML into a part, before an element or its end."""
    return lambda parts: parts.update({part: parts[part].replace(before.encode(), (xml + before).encode(), 1)})


def with_all(*changes: Spoil) -> Spoil:
    def change(parts: dict[str, bytes]) -> None:
        for each in changes:
            each(parts)

    return change


SHEET, WORK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
LINKED = "xl/externalLinks/externalLink1.xml"


def listed_link(element: str, number: str) -> str:
    return f'<{element}s><{element} ref="B2" xmlns:r="{OFFICE}" r:id="{number}"/></{element}s>'


NOT_OWN: dict[str, tuple[Spoil, str]] = {
    "another workbook": (
        with_all(
            related(WORK, "externalLink", "externalLinks/externalLink1.xml", "rId90"),
            related(LINKED, "externalLinkPath", "file:///C:/秘.xlsx", "rId1", outside=True),
            lambda parts: parts.update({LINKED: b"<externalLink/>"}),
            put_in(WORK, "</workbook>", listed_link("externalReference", "rId90")),
            put_in(SHEET, "<f>B4*2</f>", "<f>[1]Sheet1!A1</f>"),
        ),
        "externalLink",
    ),
    "a page of the net": (
        with_all(
            related(SHEET, "hyperlink", "http://example.com/秘", "rId91", outside=True),
            put_in(SHEET, "<pageMargins", listed_link("hyperlink", "rId91")),
        ),
        "rId91",
    ),
    "an object": (
        with_all(
            related(SHEET, "oleObject", "../embeddings/oleObject1.bin", "rId92"),
            lambda parts: parts.update({"xl/embeddings/oleObject1.bin": b"MZ"}),
            put_in(SHEET, "</worksheet>", listed_link("oleObject", "rId92")),
        ),
        "oleObject",
    ),
    "a part that nothing leads to": (lambda parts: parts.update({"客户.exe": b"MZ"}), "客户.exe"),
    "a connection": (
        with_all(
            related(WORK, "connections", "connections.xml", "rId93"),
            lambda parts: parts.update({"xl/connections.xml": b"<connections/>"}),
        ),
        "connections",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", NOT_OWN)
def test_links_outwards_and_foreign_parts_stay_behind_and_that_is_said(what: str) -> None:
    change, sign = NOT_OWN[what]
    raw = repacked(book(), change)
    assert any(sign in name or sign.encode() in part for name, part in inflated(raw).items())
    copy = marked_copy(raw, "表.xlsx", NUMBER, faults("B4"))
    assert copy is not None
    assert "指向别处的链接和嵌入的其他内容没有保留" in copy.lost
    assert copy.lost in str(opened(copy.raw)[LIST]["A3"].value)
    left = {name: part for name, part in inflated(copy.raw).items() if sign in name or sign.encode() in part}
    assert left == {}
    assert not any(b"[1]" in part or b"rId90" in part for part in inflated(copy.raw).values())
    assert (seen(copy.raw, "表", "B4").value, opened(copy.raw)["表"]["B2"].value) == (4.5, "甲")
    assert set(inflated(marked(book(), faults("B4"), NUMBER))) == set(inflated(copy.raw))


def test_macros_are_told_and_a_plain_workbook_loses_nothing() -> None:
    def with_macros(parts: dict[str, bytes]) -> None:
        parts["xl/vbaProject.bin"] = b"macros"

    raw = repacked(book(), with_all(with_macros, related(WORK, "vbaProject", "vbaProject.bin", "rId99")))
    copy = marked_copy(raw, "表.xlsm", NUMBER, faults("B4"))
    plain = marked_copy(book(), "表.xlsx", NUMBER, faults("B4"))
    assert copy is not None
    assert plain is not None
    assert (copy.suffix, copy.lost) == (".xlsm", "原文件带有宏，这一份里原样留着：打开时不要启用，除非确知来源。")
    assert inflated(copy.raw)["xl/vbaProject.bin"] == b"macros"
    assert plain.lost == ""
    assert inflated(plain.raw).keys() >= inflated(book()).keys()
