"""What a person sees of a form and what is read of it: a cell that shows another value, and words beside the cells."""

from __future__ import annotations

from functools import partial

import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from dingji.problems import Problem, describe
from dingji.read.number_formats import may_mislead, shown_otherwise
from tests.papers import BOOK, altered, codes, good, read, repacked, told

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
