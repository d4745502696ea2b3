"""What is known of a cell beside its value: the same from every format, and one rule for every form."""

from __future__ import annotations

import re
import struct
import subprocess
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from dingji.demo.faults.old_excel import as_xls
from dingji.demo.faults.other_formats import as_ods
from dingji.numbers import MICRO
from dingji.read.biff import xls_marks
from dingji.read.grid import PART, WHOLE, Grid
from dingji.read.odf import odf_marks
from dingji.read.open import open_csv, open_workbook
from dingji.read.reading import FileReading
from tests.papers import BOOK, ROSTER, SELF, SURVEY, altered, at, book_of, codes, good, in_head, read, repacked, told

STRUCK = Font(strike=True)


def half_struck() -> CellRichText:
    """Return 18 with its first digit struck through."""
    return CellRichText(TextBlock(InlineFont(strike=True), "1"), "8")


def marks_of(reading: FileReading) -> dict[str, tuple[str, int | None]]:
    """Return state and figure of each mark by its item."""
    columns = reading.columns
    values = [None if value is None else value // MICRO for value in columns["value"]]
    return dict(zip(columns["item"], zip(columns["state"], values, strict=True), strict=True))


# --- every format tells the same ----------------------------------------------------------------------------


def everything(book: Workbook) -> None:
    """Do to a sheet all that is more than a value."""
    page = book["Sheet1"]
    page["A1"], page["A1"].number_format = 0.95, "0%"
    page["B1"], page["C1"] = "=NA()", "=1+1"
    page["D1"], page["E1"] = half_struck(), 18
    page["E1"].font = STRUCK
    page["F1"] = 3
    page["A2"], page["B2"], page["A6"], page["A7"], page["A8"] = "并", 1, "隐", "划", "尾"
    page["A7"].font = STRUCK
    page.merge_cells("A2:A4")
    page.merge_cells("B2:C2")
    page.row_dimensions[6].hidden = True
    page.column_dimensions["F"].hidden = True
    book.create_sheet("藏").sheet_state = "hidden"
    book["藏"]["A1"] = 1


def saved(folder: Path, program: Path) -> None:
    """Save that workbook, calculated, by an office suite in each format."""
    (folder / "t.xlsx").write_bytes(altered(book_of([""]), everything))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    for ending, source in (("xls", "t.xlsx"), ("ods", "t.xlsx"), ("xlsx", "t.ods")):
        command = [
            str(program),
            profile,
            "--headless",
            "--convert-to",
            ending,
            "--outdir",
            str(folder),
            str(folder / source),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)


@pytest.mark.office
def test_every_format_tells_the_same(tmp_path: Path, office_program: Path) -> None:
    saved(tmp_path, office_program)
    for ending in ("xlsx", "xls", "ods"):
        tells_everything((tmp_path / f"t.{ending}").read_bytes())


def tells_everything(raw: bytes) -> None:
    grid, hidden = open_workbook(raw)[0]
    assert (dict(grid.faults), set(grid.percent)) == ({(0, 1): "#N/A"}, {(0, 0)})
    assert grid.struck == {(0, 3): PART, (0, 4): WHOLE, (6, 0): WHOLE}
    assert grid.spans == {(2, 0): "并", (3, 0): "并"}
    assert grid.merges == {(1, 0): (3, 0), (1, 1): (1, 2)}
    assert (set(grid.hidden_rows), set(grid.hidden_columns), grid.hidden) == ({5}, {5}, False)
    assert grid.computed.places == {(0, 1), (0, 2)}
    assert hidden.hidden
    assert grid.rows[0][:1] == [0.95]


def test_a_formula_that_waits_for_its_first_calculation_is_told_in_the_other_formats_too() -> None:
    calculated = 'table:formula="of:=1" office:value-type="float" office:value="1"'
    rows = f'<table:table-cell table:formula="of:=1+1"/><table:table-cell {calculated}/>'
    content = (
        '<d xmlns:table="t" xmlns:office="o"><table:table table:name="甲"><table:table-row>'
        f"{rows}</table:table-row></table:table></d>"
    )
    marks = odf_marks(content.encode())
    assert marks is not None
    assert (dict(marks["甲"].faults), set(marks["甲"].computed.places)) == ({(0, 0): ""}, {(0, 0), (0, 1)})


def test_a_formula_of_an_old_workbook_waits_where_it_is_to_be_calculated_on_loading() -> None:
    end = struct.pack("<HH", 0x000A, 0)
    number = struct.pack("<HHHHHd", 0x0203, 14, 0, 1, 0, 1.0) + end + bytes(8)
    formula = struct.pack("<HHHHH", 0x0006, 22, 0, 1, 0) + bytes(8) + struct.pack("<HIH", 2, 0, 0) + end
    raw = as_xls([Grid("甲", [["", 1.0]])])
    assert raw.count(number) == 1
    marks = xls_marks(raw.replace(number, formula))
    assert (dict(marks["甲"].faults), set(marks["甲"].computed.places)) == ({(0, 1): ""}, {(0, 1)})


def test_an_old_workbook_whose_records_cannot_be_followed_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not known of its cells, as a per cent mark, would be taken for nothing to know."""
    raw = as_xls([Grid("甲", [["a", 1.0]])])
    assert [grid.name for grid in open_workbook(raw)[0]] == ["甲"]
    monkeypatch.setattr("dingji.read.guard.xls_marks", lambda raw: xls_marks(raw[:600]))
    grids, problems = open_workbook(raw)
    assert (grids, [problem.code for problem in problems]) == ([], ["E103"])


def test_blocks_over_each_other_cost_no_more_than_the_cells_that_there_are() -> None:
    merges = {(row, 0): (999, 49) for row in range(1_000)}
    assert len(Grid("甲", [[""] * 50] * 1_000, merges=merges).anchors) <= 50_000


def test_entities_and_repetition_without_end_are_no_document() -> None:
    cell = '<table:table-cell office:value-type="percentage" table:number-columns-repeated="999999999"/>'
    rows = f'<table:table-row table:number-rows-repeated="999999999">{cell}</table:table-row>'
    sheet = f'<d xmlns:table="t" xmlns:office="o"><table:table table:name="甲">{rows}</table:table></d>'
    assert odf_marks(sheet.encode()) is None
    assert odf_marks(b'<!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>') is None
    assert odf_marks(b"<d>") is None


@pytest.mark.parametrize("write", [as_xls, lambda grids: as_ods(list(grids))])
def test_workbooks_without_any_style_are_read_as_before(write: Callable[[Sequence[Grid]], bytes]) -> None:
    grid = open_workbook(write([Grid("甲", [["a", 1.0]])]))[0][0]
    assert list(grid.rows[0]) == ["a", 1.0]
    assert not any((grid.faults, grid.percent, grid.struck, grid.hidden_rows, grid.merges))


SEPARATED = """
comma     | utf-8     | ,
tab       | gb18030   | \\t
semicolon | gb18030   | ;
wide      | utf-16    | \\t
bar       | utf-8-sig | |
"""


@pytest.mark.parametrize("line", SEPARATED.strip().splitlines())
def test_text_tables_of_any_separator_and_encoding_are_read(line: str) -> None:
    _, encoding, sign = (part.strip() for part in line.split("|", 2))
    sign = sign.replace("\\t", "\t")
    raw = sign.join(["名称", '="4"', "001", "#N/A"]).encode(encoding)
    grid = open_csv(raw)[0][0]
    assert list(grid.rows[0]) == ["名称", 4.0, "001", ""]
    assert grid.faults == {(0, 3): "#N/A"}


# --- one rule for every form ---------------------------------------------------------------------------------

SHEET, FIRST_MARK = "自评表", "1"


def in_mark(change: Callable[[Worksheet, str], object]) -> bytes:
    """Return 自评表 with something done to the cell of its first mark."""

    def alter(book: Workbook) -> None:
        page = book[SHEET]
        change(page, at(page, FIRST_MARK, "自评得分").coordinate)

    return altered(good()[SELF], alter)


def struck_in_part(page: Worksheet, cell: str) -> None:
    page[cell] = half_struck()


def struck_whole(page: Worksheet, cell: str) -> None:
    page[cell].font = STRUCK


def in_percent(page: Worksheet, cell: str) -> None:
    page[cell], page[cell].number_format = 0.95, "0.0%"


def covered(page: Worksheet, cell: str) -> None:
    """Merge by a format painter, which leaves what stands below in its cell."""
    row, column = page[cell].row, page[cell].column_letter
    page.merged_cells.add(f"{column}{row - 1}:{column}{row}")


@pytest.mark.parametrize(
    ("change", "code"),
    [(struck_in_part, "E240"), (struck_whole, "E240"), (in_percent, "E206"), (covered, "E241")],
)
def test_a_mark_of_which_more_is_known_than_its_value_is_asked_about(
    change: Callable[[Worksheet, str], object], code: str
) -> None:
    reading = read(in_mark(change))
    assert codes(reading.problems) == [code]
    assert marks_of(reading)[FIRST_MARK] == ("refused", None)
    assert [state for state, _ in marks_of(reading).values()].count("typed") == len(marks_of(reading)) - 1 - heads(
        reading
    )


def heads(reading: FileReading) -> int:
    """Return how many entries of a form have no item of their own, less the typed ones: they share one key."""
    return int(marks_of(reading).get("", ("typed", 0))[0] != "typed")


@pytest.mark.parametrize("label", ["应到", "赞成"])
def test_a_count_of_the_head_in_percent_is_asked_about(label: str) -> None:
    def alter(book: Workbook) -> None:
        in_head(SHEET, label, 0.9)(book)
        cell = next(cell for row in book[SHEET].iter_rows() for cell in row if cell.value == label).offset(0, 1)
        cell.number_format = "0%"

    reading = read(altered(good()[SELF], alter))
    assert codes(reading.problems) == ["E206"]


@pytest.mark.parametrize("heading", ["正式党员", "预备党员", "排序号"])
def test_a_figure_of_the_roster_in_percent_is_asked_about(heading: str) -> None:
    def alter(book: Workbook) -> None:
        cell = at(book["名册"], "ZB02", heading)
        cell.value, cell.number_format = 1, "0%"

    assert codes(read(altered(good()[ROSTER], alter)).problems) == ["E206"]


@pytest.mark.parametrize(("column", "code", "state"), [("G", "W248", "typed"), ("F", "E209", "refused")])
def test_an_error_in_words_leaves_the_mark_beside_it(column: str, code: str, state: str) -> None:
    raw = repacked(good()[SELF], partial(with_error, column))
    reading = read(raw)
    assert codes(reading.problems) == [code]
    assert marks_of(reading)[FIRST_MARK][0] == state


def with_error(column: str, parts: dict[str, bytes]) -> None:
    """Let the first row's cell of a column show an error."""
    error = rf'<c r="{column}9" s="\1" t="e"><f>-x</f><v>#NAME?</v></c>'.encode()
    cell = rf'<c r="{column}9" s="(\d+)"(?:/>|[^>]*>.*?</c>)'.encode()
    parts["xl/worksheets/sheet1.xml"], count = re.subn(cell, error, parts["xl/worksheets/sheet1.xml"])
    assert count == 1


# --- dates ---------------------------------------------------------------------------------------------------

DATES = """
2026年3月26日上午       | 2026-03-26
2026/03/26（周四）      | 2026-03-26
2026.3.26 星期四        | 2026-03-26
20260326                | 2026-03-26
2026年3月26日14时30分   | 2026-03-26
2026-03-26 下午3点      | 2026-03-26
2026-03-26T00:00:00.000Z | 2026-03-26
2026-03-25T16:00:00.000Z | 2026-03-26
2026-03-26T08:00:00+08:00 | 2026-03-26
２０２６．３．２６      | 2026-03-26
"""


@pytest.mark.parametrize("line", DATES.strip().splitlines())
def test_dates_as_offices_and_programs_write_them(line: str) -> None:
    typed, expected = (part.strip() for part in line.split("|"))

    def alter(book: Workbook) -> None:
        at(book["名册"], "ZB01", "届满日期").value = typed

    reading = read(altered(good()[ROSTER], alter))
    assert codes(reading.problems) == []
    assert reading.roster["名册"][0]["term_ends"] == expected


MONTHS = """
2025.10     | 2025-10-01
2025年10月  | 2025-10-01
2025-10     | 2025-10-01
202510      | 2025-10-01
2025年9月起 | 2025-09-01
"""


@pytest.mark.parametrize("line", MONTHS.strip().splitlines())
@pytest.mark.parametrize("heading", ["书记任职时间", "届满日期"])
def test_a_month_is_enough_where_months_are_counted(line: str, heading: str) -> None:
    typed, expected = (part.strip() for part in line.split("|"))

    def alter(book: Workbook) -> None:
        at(book["名册"], "ZB01", heading).value = typed

    reading = read(altered(good()[ROSTER], alter))
    enough = heading == "书记任职时间"
    assert codes(reading.problems) == ["N242" if enough else "E213"]
    assert reading.roster["名册"][0]["secretary_since"] == (expected if enough else "")


@pytest.mark.parametrize(("typed", "code"), [(2025.1, "E213"), (2025.11, "N242"), (2025.02, "N242"), (202510, "N242")])
def test_a_month_that_became_a_number_is_read_where_it_says_one_thing(typed: float, code: str) -> None:
    """2025.10 in a plain cell is 2025.1: January or October."""

    def alter(book: Workbook) -> None:
        at(book["名册"], "ZB01", "书记任职时间").value = typed

    assert codes(read(altered(good()[ROSTER], alter)).problems) == [code]


# --- the container -------------------------------------------------------------------------------------------


def main_part(name: str) -> Callable[[dict[str, bytes]], None]:
    """Return a change that keeps the workbook's main part under another name, as the relations say."""

    def change(parts: dict[str, bytes]) -> None:
        folder, _, file = name.rpartition("/")
        for part in [part for part in parts if part.startswith("xl/")]:
            inside = part.removeprefix("xl/").replace("workbook.xml", file)
            parts[f"{folder}/{inside}".lstrip("/")] = parts.pop(part)
        for part in ("_rels/.rels", "[Content_Types].xml"):
            parts[part] = (
                parts[part]
                .replace(b"xl/workbook.xml", name.encode())
                .replace(b'"/xl/', f'"/{folder}/'.encode().replace(b"//", b"/"))
            )

    return change


@pytest.mark.parametrize("name", ["xl/workbook22.xml", "workbook.xml", "book/workbook.xml", "xl/Mappe.xml"])
def test_the_main_part_is_where_the_relations_say(name: str) -> None:
    raw = repacked(good()[SELF], main_part(name))
    reading = read(raw)
    assert (reading.kind, codes(reading.problems)) == ("self", [])
    assert dict(reading.columns) == dict(read(good()[SELF]).columns)


def test_a_book_by_another_name_is_no_word_document() -> None:
    raw = repacked(good()[SELF], lambda parts: parts.update({"word/document.xml": b"<document/>"}))
    assert read(raw).kind == "self"


# --- hidden --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "sheet"), [(SELF, SHEET), (BOOK, "评定表"), (SURVEY, "测评票"), (ROSTER, "名册")])
def test_hidden_rows_are_read_and_told(path: str, sheet: str) -> None:
    def alter(book: Workbook) -> None:
        filled = [row[0].row for row in book[sheet].iter_rows() if sum(cell.value is not None for cell in row) > 2]
        book[sheet].row_dimensions[int(filled[-1] or 0)].hidden = True

    reading = read(altered(good()[path], alter), "表.xlsx")
    assert codes(told(reading.problems, "W244")) == ["W244"]
    assert dict(reading.columns) == dict(read(good()[path]).columns)
