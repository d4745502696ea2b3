"""What nobody sees as it is stored, and words beside the cells, in .xls and .ods: the same as in an .xlsx."""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook import Workbook

from dingji.demo.faults.old_excel import as_xls
from dingji.read.biff import xls_marks
from dingji.read.grid import Grid, SheetMarks
from dingji.read.odf import odf_marks
from dingji.read.open import open_workbook
from tests.papers import altered, book_of

# --- as an office program saves it --------------------------------------------------------------------------

LOOKS = """
    A1 | ;;;            | nothing
    A2 | 0;-0;;@        | same
    A3 | "合格"         | 合格
    A4 | 0              | 20
    A5 | 0.0"分"        | same
    A6 | 0.0;[Red]-0.0  | same
    A7 | #,##0.00       | same
    A8 | [>60]"好";0.0  | same
    A9 | 0.00,          | 0.02
"""
TABLE = [[cell.strip() for cell in line.split(" | ")] for line in LOOKS.strip().splitlines()]


def unseen(book: Workbook) -> None:
    page = book["Sheet1"]
    for cell, code, _ in TABLE:
        page[cell], page[cell].number_format = 19.5, code
    page["A2"] = -3
    page["B1"], page["B1"].font = 1, Font(color="FFFFFFFF")
    page["B2"], page["B2"].font, page["B2"].fill = 1, Font(color="FF102030"), PatternFill("solid", fgColor="FF102030")
    page["B3"], page["B3"].font = 1, Font(size=1)
    page["B4"], page["B4"].font, page["B4"].fill = 1, Font(color="FFFFFFFF"), PatternFill("solid", fgColor="FF102030")
    page["C1"] = 1
    page["C1"].comment = Comment("以此为准：15", "某人")
    page.row_dimensions[7].height = 0.75
    page["D1"] = 1
    page.column_dimensions["D"].width = 0.1
    page["E1"] = page["E2"] = page["E3"] = 1
    white, red, dark = (Font(color=colour) for colour in ("FFFFFFFF", "FFFF0000", "FF102030"))
    for cell, font, fill in (("E1", white, None), ("E2", red, None), ("E3", dark, PatternFill(bgColor="FF102030"))):
        rule = CellIsRule("greaterThan", ["0"], font=font, fill=fill)  # type: ignore[no-untyped-call]
        page.conditional_formatting.add(cell, rule)


@pytest.mark.office
@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_every_format_tells_what_nobody_sees(tmp_path: Path, office_program: Path, ending: str) -> None:
    (tmp_path / "t.xlsx").write_bytes(altered(book_of([""]), unseen))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [str(office_program), profile, "--headless", "--convert-to", ending, "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "t.xlsx")], check=True, capture_output=True, timeout=120)
    for name in ("t.xlsx", f"t.{ending}"):
        (grid,) = open_workbook((tmp_path / name).read_bytes())[0]
        wanted = {(row, 0): shown for row, (_, _, shown) in enumerate(TABLE) if shown != "same"}
        wanted = {place: "" if shown == "nothing" else shown for place, shown in wanted.items()}
        assert grid.misleading == wanted | {(0, 1): "", (1, 1): "", (2, 1): ""}
        assert [(cell, words.split()[-1]) for cell, words in grid.notes] == [("C1", "以此为准：15")]
        assert grid.veiled == [((0, 4), (0, 4)), ((2, 4), (2, 4))]
        assert (set(grid.hidden_rows), set(grid.hidden_columns)) == ({6}, {3})


# --- .xls, by its records -----------------------------------------------------------------------------------


def record(kind: int, form: str = "", *values: object) -> bytes:
    body = struct.pack(f"<{form}", *values)
    return struct.pack("<HH", kind, len(body)) + body


END = record(0x0A)
BEGIN = record(0x809, "HHHHII", 0x600, 0x10, 0, 1997, 0, 6)


def old(own: bytes, head: bytes = b"") -> SheetMarks:
    """Return the marks of an old workbook with these records in its head and in its one sheet."""
    raw = as_xls([Grid("甲", [["", 1.0]])])
    start = raw.index(b"\x09\x08")
    listed = raw.index(record(0x85)[:2], start)
    second = raw.index(b"\x09\x08", start + 4)
    size = int.from_bytes(raw[listed + 2 : listed + 4], "little") + 4
    place = second - start + len(head)
    sheet = raw[listed : listed + 4] + struct.pack("<I", place) + raw[listed + 8 : listed + size]
    stream = raw[start:listed] + head + sheet + END + raw[second : second + len(BEGIN)] + own + END
    whole = bytearray(raw)
    whole[start : start + len(stream)] = stream
    (marks,) = xls_marks(bytes(whole)).values()
    return marks


AREAS = record(0x1B0, "HH4HH4H", 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0)
CODE = '"合格"'.encode("utf-16-le")


@pytest.mark.parametrize(
    ("change", "hides"),
    [
        (record(0x1B1, "6xIHHHB8s", 1 << 25, 1, 5 + len(CODE), 4, 1, CODE), True),
        (record(0x1B1, "6xIHBB", 1 << 25, 0, 0, 0), False),
        (record(0x1B1, "6xI", 1 << 26), True),  # cut off: what it changes nobody knows
    ],
)
def test_a_conditional_format_that_shows_words_for_a_figure_is_known(change: bytes, hides: bool) -> None:  # noqa: FBT001
    assert list(old(NUMBER + AREAS + change, head_of()).veiled) == [((0, 0), (0, 0))] * hides


NUMBER = record(0x203, "HHHd", 0, 1, 0, 1.0)
STYLE = "HH13xBBBx"


def head_of(font: tuple[int, int] = (200, 0x7FFF), ground: int | None = None, number: int = 0) -> bytes:
    size, colour = font
    fonts = record(0x31, "HHH", size, 0, colour)
    return fonts + record(0xE0, STYLE, 0, number, 0 if ground is None else 1 << 2, ground or 0, 0)


def heads() -> Iterator[tuple[bytes, str | None]]:
    palette = record(0x92, "H4B4B", 2, 255, 0, 0, 0, 255, 20, 10, 0)
    yield head_of(), None
    yield head_of((40, 0x7FFF)), ";;;"
    yield head_of((200, 9)), ";;;"
    yield head_of((200, 1)), ";;;"
    yield head_of((200, 9), ground=10), None
    yield head_of((200, 10), ground=2), ";;;"
    yield palette + head_of((200, 8), ground=9), ";;;"
    yield head_of(number=1), "0"
    yield head_of(number=9), None


@pytest.mark.parametrize(("head", "code"), [*heads()])
def test_letters_and_grounds_of_an_old_workbook(head: bytes, code: str | None) -> None:
    assert old(NUMBER, head).misleading == ({} if code is None else {(0, 1): code})


def note(number: int, *texts: bytes) -> bytes:
    """Return an object with a text, in one or more records."""
    length = sum(len(text) - 1 >> text[0] for text in texts)
    shape = record(0x5D, "HHHHH", 0x15, 0x12, 0x19, number, 0)
    return (
        shape
        + record(0x1B6, "HHHHHHHI", 0, 0, 0, 0, 0, length, 16, 0)
        + b"".join(record(0x3C, f"{len(text)}s", text) for text in [*texts, bytes(16)])
    )


def test_the_notes_and_text_boxes_of_an_old_workbook_are_told_with_their_cells() -> None:
    words = "此分作废".encode("utf-16-le")
    first = note(1, b"\1" + words[:4], b"\1" + words[4:])
    own = first + note(2, b"\0see 15") + record(0x1C, "HHHHH", 8, 2, 0, 1, 0)
    assert list(old(NUMBER + own).notes) == [("C9", "此分作废"), ("", "see 15")]


def test_a_chart_within_a_sheet_does_not_end_it() -> None:
    merged = record(0xE5, "H4H", 1, 3, 4, 0, 0)
    assert old(NUMBER + BEGIN + record(0x203, "HHHd", 5, 5, 0, 1.0) + END + merged).merges == {(3, 0): (4, 0)}


def sized(what: str) -> bytes:
    name, _, size = what.partition(" ")
    if what == "no height":
        return record(0x225, "HH", 2, 300)
    number = int(size)
    return {
        "row": record(0x208, "HHHHHHI", 0, 0, 2, number, 0, 0, 0),
        "width": record(0x7D, "HHHHHH", 1, 1, number, 0, 0, 0),
        "usual": record(0x55, "H", number),
    }[name]


@pytest.mark.parametrize(
    ("what", "hidden"),
    [
        ("row 39", "row"),
        ("row 300", ""),
        ("width 0", "column"),
        ("width 2560", ""),
        ("usual 0", "column"),
        ("usual 8", ""),
        ("no height", "row"),
    ],
)
def test_rows_and_columns_of_an_old_workbook_without_a_size_are_hidden(what: str, hidden: str) -> None:
    marks = old(sized(what) + NUMBER)
    assert (0 in marks.hidden_rows, 1 in marks.hidden_columns) == (hidden == "row", hidden == "column")


# --- .ods, by its elements ----------------------------------------------------------------------------------

SPACES = ("office", "style", "table", "text", "number", "fo", "draw", "dc")


def ods(styles: str, rows: str) -> SheetMarks:
    names = " ".join(f'xmlns:{each}="urn:x:{"drawing" if each == "draw" else each}:1.0"' for each in SPACES)
    content = f'<d {names}>{styles}<table:table table:name="甲">{rows}</table:table></d>'
    marks = odf_marks(content.encode())
    assert marks is not None
    return marks["甲"]


CELL_19 = '<table:table-cell table:style-name="c" office:value-type="float" office:value="19.5"><text:p>x</text:p>'
ROW_19 = f"<table:table-row>{CELL_19}</table:table-cell></table:table-row>"


def cell_style(inner: str, name: str = "c", **given: str) -> str:
    more = "".join(f' style:{key.replace("_", "-")}="{value}"' for key, value in given.items())
    return f'<style:style style:name="{name}" style:family="table-cell"{more}>{inner}</style:style>'


NUMBERS = """
    <number:number number:decimal-places="1" number:min-integer-digits="1"/>                    | 0.0
    <number:number number:min-integer-digits="1"/>                                              |
    <number:number number:decimal-places="0" number:display-factor="1000"/>                     | 0,
    <number:number number:decimal-places="2" number:min-decimal-places="0"/><number:text>分</number:text> | 0.##"分"
    <number:text>合格</number:text>                                                             | "合格"
"""


@pytest.mark.parametrize("line", NUMBERS.strip().splitlines())
def test_number_styles_are_formats(line: str) -> None:
    inner, _, code = (part.strip() for part in line.partition("|"))
    styles = f'<number:number-style style:name="n">{inner}</number:number-style>' + cell_style("", data_style_name="n")
    assert ods(styles, ROW_19).misleading == ({(0, 0): code} if code else {})


def test_a_number_style_shows_by_others_what_meets_a_condition() -> None:
    one = '<number:number-style style:name="p"><number:text>好</number:text></number:number-style>'
    other = (
        '<number:number-style style:name="n"><style:text-properties fo:color="#ffffff"/>'
        '<number:number number:decimal-places="0"/><style:map style:condition="value(){}" '
        'style:apply-style-name="p"/></number:number-style>'
    )
    for condition, code in (("&gt;60", '[>60]"好";0'), ("&gt;=0", '"好";0'), ("!=2", '[<>2]"好";0')):
        styles = one + other.format(condition) + cell_style("", data_style_name="n")
        assert ods(styles, ROW_19).misleading == {(0, 0): code}


LETTERS, GROUND = "<style:text-properties {}/>", '<style:table-cell-properties fo:background-color="{}"/>'
WHITE, BLACK = LETTERS.format('fo:color="#FFFFFF"'), LETTERS.format('fo:color="#000000"')


@pytest.mark.parametrize(
    ("inner", "unseen"),
    [
        (WHITE, True),
        (WHITE + GROUND.format("transparent"), True),
        (WHITE + GROUND.format("#102030"), False),
        (BLACK + GROUND.format("#000000"), True),
        (LETTERS.format('fo:font-size="1pt"'), True),
        (LETTERS.format('fo:font-size="10pt"'), False),
        (LETTERS.format('fo:color="#ffffff" style:use-window-font-color="true"'), False),
    ],
)
def test_letters_and_grounds_of_an_open_document(inner: str, *, unseen: bool) -> None:
    wanted = {(0, 0): ";;;"} if unseen else {}
    assert ods(cell_style(inner), ROW_19).misleading == wanted
    parent = cell_style(inner, "above")
    assert ods(parent + cell_style("", parent_style_name="above"), ROW_19).misleading == wanted


def test_styles_of_one_name_in_other_families_say_nothing_of_cells() -> None:
    shape = f'<style:style style:name="c" style:family="graphic">{WHITE}</style:style>'
    assert ods(shape + cell_style(""), ROW_19).misleading == {}
    assert ods(cell_style("") + shape, ROW_19).misleading == {}


def test_the_notes_and_text_boxes_of_an_open_document_are_told_with_their_cells() -> None:
    dated = "<dc:date>2026-03-01</dc:date><dc:creator>某人</dc:creator>"
    words = "<text:p>以此<text:span>为准</text:span></text:p><text:p>15</text:p>"
    noted = f"<office:annotation>{dated}{words}</office:annotation>"
    box = "<draw:frame><draw:text-box><text:p>改为15分</text:p></draw:text-box></draw:frame>"
    rows = f"<table:shapes>{box}</table:shapes><table:table-row><table:table-cell/>{CELL_19}{noted}</table:table-cell>"
    marks = ods("", f"{rows}</table:table-row>")
    assert list(marks.notes) == [("", "改为15分"), ("B1", "以此为准 15")]


@pytest.mark.parametrize(("size", "flat"), [("0.02cm", True), ("0.1mm", True), ("0.001in", True), ("0.45cm", False)])
def test_rows_and_columns_of_an_open_document_without_a_size_are_hidden(size: str, *, flat: bool) -> None:
    families = {"table-row": "row-height", "table-column": "column-width"}
    styles = "".join(
        f'<style:style style:name="f" style:family="{family}"><style:{family}-properties style:{name}="{size}"/>'
        "</style:style>"
        for family, name in families.items()
    )
    rows = '<table:table-column table:style-name="f"/><table:table-row table:style-name="f"/>'
    marks = ods(styles, rows)
    assert (set(marks.hidden_rows), set(marks.hidden_columns)) == (({0}, {0}) if flat else (set(), set()))
