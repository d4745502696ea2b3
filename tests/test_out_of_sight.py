"""What a person sees of a form and what is read of it: a cell that shows another value, and words beside the cells."""

from __future__ import annotations

import re
from functools import partial

import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from dingji.problems import Problem, describe
from dingji.read.number_formats import may_mislead, shown_otherwise
from tests.papers import BOOK, ROSTER, SELF, SURVEY, altered, at, codes, good, read, repacked, told

SHOWN = """
    19.5  | ;;;                       | nothing
    19.5  | "合格"                    | 合格
    19.5  | 0.0"分"                   | same
    19.5  | 0.0分                     | same
    19.5  | 0                         | 20
    19.55 | 0.0                       | 19.6
    19.5  | 0.00,                     | 0.02
    19.5  | 0.0"0"                    | 19.50
    19.5  | "1"0.0                    | 119.5
    19.5  | -0.0                      | -19.5
    19.5  | #.##                      | same
    0     | #.##                      | nothing
    0     | 0;-0;                     | nothing
    61    | [>60]"好"                 | 好
    19.5  | [>60]"好";0.0             | same
    19.5  | [<5]0;"优"                | 优
    -5    | 0;0                       | 5
    -5    | 0;-0                      | same
    -5    | 0_);(0)                   | same
    -5    | [<0]-0;0                  | same
    -5    | [>=0]0;-0                 | same
    -5    | [<60]0;"x"                | same
    1234  | #,##0                     | same
    1234.5 | #,##0.00_);[Red](#,##0.00) | same
"""
TABLE = [[cell.strip() for cell in line.split(" | ")] for line in SHOWN.strip().splitlines()]


@pytest.mark.parametrize(("value", "code", "shown"), TABLE)
def test_a_format_shows_the_figure_or_something_else(value: str, code: str, shown: str) -> None:
    wanted = {"nothing": "", "same": None}.get(shown, shown)
    assert may_mislead(code)
    assert shown_otherwise(float(value), code) == wanted


@pytest.mark.parametrize(
    "code", ["General", "@", "yyyy-mm-dd", "h:mm", "[h]:mm", "0%", "0.00E+00", "# ?/?", 'General"分"']
)
def test_formats_of_whole_values_days_and_shares_do_not_mislead(code: str) -> None:
    assert not may_mislead(code)


def test_texts_are_hidden_by_a_fourth_part_alone() -> None:
    assert [shown_otherwise("优", code) for code in (";;;", '0;0;0;"良"', "0;0;0;@", "0;0")] == ["", "良", None, None]


def sheet_of(book: Workbook) -> Worksheet:
    page = book["评定表"]
    assert isinstance(page, Worksheet)
    return page


def first_mark(page: Worksheet) -> str:
    """Return where the first mark of the first branch stands."""
    top = next(row for row in range(1, 20) if page.cell(row, 1).value == "党组织编码")
    return f"C{top + 1}"


def looking(**looks: object) -> bytes:
    def alter(book: Workbook) -> None:
        cell = sheet_of(book)[first_mark(sheet_of(book))]
        for name, look in looks.items():
            setattr(cell, name, look)

    return altered(good()[BOOK], alter)


WHITE, PALE, BLACK = (Font(color=color) for color in ("FFFFFFFF", "FFFEFEF0", "FF000000"))
SOLID = partial(PatternFill, "solid")


@pytest.mark.parametrize(
    "looks",
    [
        {"number_format": ";;;"},
        {"number_format": "0.00,"},
        {"number_format": '"合格"'},
        {"font": WHITE, "fill": PatternFill()},
        {"font": PALE, "fill": SOLID(fgColor="FFFFFFFF")},
        {"font": BLACK, "fill": SOLID(fgColor="FF000000")},
        {"font": Font(size=1)},
    ],
)
def test_a_mark_that_nobody_sees_as_it_is_counts_and_is_told(looks: dict[str, object]) -> None:
    reading = read(looking(**looks))
    assert reading.columns["value"] == read(good()[BOOK]).columns["value"]
    (problem,) = told(reading.problems, "W645")
    assert problem.sheet == "评定表"
    assert "存的是" in describe(problem).text


@pytest.mark.parametrize(
    "looks", [{"number_format": '0.0"分"'}, {"font": Font(color="FF808080")}, {"font": Font(size=5)}]
)
def test_a_mark_that_is_seen_as_it_is_needs_no_word(looks: dict[str, object]) -> None:
    assert codes(read(looking(**looks)).problems) == []


@pytest.mark.parametrize("size", [("row_dimensions", "height", 0.75), ("column_dimensions", "width", 0.1)])
def test_rows_without_height_and_columns_without_width_are_hidden(size: tuple[str, str, float]) -> None:
    def flatten(book: Workbook) -> None:
        place, name, value = size
        cell = sheet_of(book)[first_mark(sheet_of(book))]
        setattr(getattr(sheet_of(book), place)[cell.row if place.startswith("row") else "C"], name, value)

    assert codes(read(altered(good()[BOOK], flatten)).problems) == ["W244"]


def test_columns_without_a_usual_width_are_hidden_but_for_those_with_their_own() -> None:
    def narrow(parts: dict[str, bytes]) -> None:
        xml = parts["xl/worksheets/sheet1.xml"]
        start, end = xml.index(b"<cols>"), xml.index(b"</cols>") + len(b"</cols>")
        head = re.sub(
            rb"<sheetFormatPr[^>]*/>", b'<sheetFormatPr defaultRowHeight="15" defaultColWidth="0"/>', xml[:start]
        )
        assert b'Width="0"' in head
        parts["xl/worksheets/sheet1.xml"] = head + b'<cols><col min="1" max="3" width="9"/></cols>' + xml[end:]

    (problem,) = read(repacked(altered(good()[BOOK], lambda _: None), narrow)).problems
    assert problem.code == "W244"
    assert problem.values["what"].startswith("D、E")


FONT, FILL = '<font><color rgb="{}"/></font>', '<fill><patternFill><bgColor rgb="FF334455"/></patternFill></fill>'
NOTHING = '<numFmt numFmtId="170" formatCode=";;;"/>'
BAR = '<cfRule type="dataBar" priority="1"><dataBar{}><cfvo type="min"/><cfvo type="max"/></dataBar></cfRule>'
RULE = '<cfRule type="expression" dxfId="1" priority="1"><formula>TRUE</formula></cfRule>'
OLDER = '<conditionalFormatting sqref="{area}">{rule}</conditionalFormatting>'
NEWER = (
    "<extLst><ext><x14:conditionalFormattings><x14:conditionalFormatting><x14:cfRule><x14:dxf>{dxf}</x14:dxf>"
    "</x14:cfRule><xm:sqref>{area}</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>"
)


def ruled(dxf: str = "", rule: str = RULE, whole: str = OLDER, area: str = "C7:D40") -> list[Problem]:
    """Return what is said of a form with a conditional format, which changes nothing of what is read."""

    def change(parts: dict[str, bytes]) -> None:
        sheet, styles = "xl/worksheets/sheet1.xml", "xl/styles.xml"
        changes = f"<dxfs><dxf>{FONT.format('FFFF0000')}</dxf><dxf>{dxf}</dxf></dxfs>".encode()
        parts[styles] = parts[styles].replace(b"</cellStyles>", b"</cellStyles>" + changes, 1)
        own = whole.format(rule=rule, dxf=dxf, area=area).encode()
        own = own.replace(b"<extLst", b'<extLst xmlns:x14="urn:x14" xmlns:xm="urn:xm"')
        after = b"<dataValidations" if whole is OLDER else b"</worksheet>"
        parts[sheet] = parts[sheet].replace(after, own + after, 1)
        assert changes in parts[styles]
        assert own in parts[sheet]

    reading = read(repacked(altered(good()[BOOK], lambda _: None), change))
    assert reading.columns["value"] == read(good()[BOOK]).columns["value"]
    return list(reading.problems)


@pytest.mark.parametrize("dxf", [NOTHING, FONT.format("FFFFFFFF"), FONT.format("FF334455") + FILL])
@pytest.mark.parametrize("whole", [OLDER, NEWER])
def test_a_conditional_format_that_may_hide_a_mark_is_told(dxf: str, whole: str) -> None:
    (problem,) = ruled(dxf, whole=whole)
    assert (problem.code, problem.values["what"]) == ("W627", "C7:D40")


def test_a_bar_in_place_of_the_figure_is_told() -> None:
    assert codes(ruled(rule=BAR.format(' showValue="0"'))) == ["W627"]
    assert codes(ruled(rule=BAR.format(""))) == []


@pytest.mark.parametrize("dxf", [FONT.format("FFFF0000"), FONT.format("FFFFFFFF") + FILL, ""])
def test_a_conditional_format_that_hides_nothing_needs_no_word(dxf: str) -> None:
    assert codes(ruled(dxf)) == []


def test_a_conditional_format_of_cells_that_are_not_read_needs_no_word() -> None:
    assert codes(ruled(NOTHING, area="AA1:AB9")) == []
    (problem,) = ruled(NOTHING, area="AA1:AB9 C7")
    assert problem.values["what"] == "C7"


# --- words beside the cells ----------------------------------------------------------------------------------


def noted(words: str) -> bytes:
    def alter(book: Workbook) -> None:
        page = sheet_of(book)
        page[first_mark(page)].comment = Comment(words, "某人")

    return altered(good()[BOOK], alter)


def notes(raw: bytes) -> list[Problem]:
    return told(read(raw).problems, "W646")


def test_a_note_is_told_with_its_cell_and_its_words() -> None:
    (problem,) = notes(noted("此分作废，以此为准：15"))
    assert "“此分作废，以此为准：15”" in problem.values["what"]
    assert problem.values["what"].startswith("C")


def test_the_programs_own_note_is_none_but_what_the_owner_wrote_before_it_is() -> None:
    assert notes(noted("【退回】没有填写")) == []
    (problem,) = notes(noted("请看说明\n【退回】没有填写"))
    assert problem.values["what"].endswith("“请看说明”")


DRAWING = (
    '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:sp><xdr:txBody><a:p><a:r>'
    "<a:t>工作机制好改为</a:t></a:r><a:r><a:t>15分</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:wsDr>"
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing" Target="../drawings/drawing1.xml"/>'
    "</Relationships>"
)


def test_the_words_of_a_text_box_are_told() -> None:
    def add(parts: dict[str, bytes]) -> None:
        parts["xl/drawings/drawing1.xml"] = DRAWING.encode()
        parts["xl/worksheets/_rels/sheet1.xml.rels"] = RELATIONS.encode()

    plain = altered(good()[BOOK], lambda _: None)
    (problem,) = notes(repacked(plain, add))
    assert problem.values["what"] == "文本框“工作机制好改为15分”"
    assert notes(plain) == []


@pytest.mark.parametrize(("path", "sheet"), [(SELF, "自评表"), (BOOK, "评定表"), (ROSTER, "名册"), (SURVEY, "测评票")])
def test_words_under_no_heading_are_told_in_rows_that_do_not_count_too(path: str, sheet: str) -> None:
    def write(book: Workbook, text: str | int) -> None:
        page = book[sheet]
        page.cell(page.max_row + 3, 24).value = text

    reading = read(altered(good()[path], lambda book: write(book, "第三项改为15分")), "表.xlsx")
    plain = read(good()[path], "表.xlsx")
    (problem,) = told(reading.problems, "W628")
    assert problem.sheet == sheet
    assert problem.values["what"].startswith("X")
    assert problem.values["what"].endswith("“第三项改为15分”")
    assert dict(reading.columns) == dict(plain.columns)
    assert codes(reading.problems) == [*codes(plain.problems), "W628"]
    assert codes(read(altered(good()[path], lambda book: write(book, 15)), "表.xlsx").problems) == codes(plain.problems)


def test_words_beside_a_printed_row_are_told() -> None:
    def write(book: Workbook) -> None:
        page = book["自评表"]
        page.cell(at(page, "1", "自评得分").row, 24).value = "作废"

    (problem,) = told(read(altered(good()[SELF], write)).problems, "W628")
    assert problem.values["what"].endswith("“作废”")


def test_a_row_void_by_the_words_beside_it_is_told_once() -> None:
    def write(book: Workbook) -> None:
        page = sheet_of(book)
        page.cell(page[first_mark(page)].row, 24).value = "作废"

    problems = read(altered(good()[BOOK], write)).problems
    assert [code for code in codes(problems) if code in ("W243", "W628")] == ["W243"]
