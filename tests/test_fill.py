"""The superior's own workbook filled as it is, its columns confirmed by the officer, never more than 上报 shows."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from dingji.comparing import normal
from dingji.forms.columns_form import UNUSED
from dingji.intake.column_mapping import ConfirmedColumns
from dingji.intake.questionnaire_mapping import Key, Line
from dingji.outcome import Outcome
from dingji.problems import Problem, describe
from dingji.reports.superior.mapping import known_headings, mapped, proposals
from dingji.reports.superior.matching import all_filled, unseen_sheets
from dingji.reports.superior.stock import stocks_of
from dingji.reports.superior.table import Look, look_at
from dingji.reports.superior.writing import Order, fill_in
from dingji.reports.upward import write_upward
from dingji.reports.view import OutcomeView
from dingji.reports.withholding import Given, give, hidden_headings
from tests.papers import good, outcome_of
from tests.workspaces import command, make_workspace

MAPPING, FILLED, BLANK = "output/内部/栏目对照.xlsx", "output/上报/上报填写.xlsx", "上级的空表.xlsx"
THIN = Side(style="thin")
FRAME = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
HEADINGS = ("序号", "支部编码", "支部名称", "书记姓名", "党员人数", "综合得分", "拟定等次")


def framed(page: Worksheet, first: int, last: int, width: int) -> None:
    for row in range(first, last + 1):
        for column in range(1, width + 1):
            page.cell(row, column).border = FRAME


def form(path: Path, draw: Callable[[Worksheet], object]) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = "定级汇总"
    draw(page)
    book.save(path)


def plain(headings: Sequence[str] = HEADINGS, rows: int = 5) -> Callable[[Worksheet], None]:
    def draw(page: Worksheet) -> None:
        page["A1"] = "党支部分类定级情况表"
        page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(headings))
        for column, heading in enumerate(headings, start=1):
            page.cell(2, column, heading)
        framed(page, 2, 2 + rows, len(headings))

    return draw


def lines(folder: Path) -> list[dict[str, Any]]:
    page = openpyxl.load_workbook(folder / MAPPING).worksheets[0]
    rows: list[list[Any]] = [list(row) for row in page.iter_rows(values_only=True)]
    top = next(number for number, row in enumerate(rows) if row[0] == "表")
    return [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :] if row[0]]


def confirm(folder: Path, changed: Mapping[str, str] | None = None) -> None:
    """Confirm every line of the proposal (what is `changed` by the heading first) and put it into input/."""
    book = openpyxl.load_workbook(folder / MAPPING)
    page = book.worksheets[0]
    top = next(number for number in range(1, page.max_row) if page.cell(number, 1).value == "表")
    headings = {page.cell(top, column).value: column for column in range(1, page.max_column + 1)}
    for row in range(top + 1, page.max_row + 1):
        if page.cell(row, 1).value:
            heading = page.cell(row, headings["上级表的栏目"]).value
            said = page.cell(row, headings["识别为"])
            said.value = (changed or {}).get(str(heading), said.value)
            page.cell(row, headings["确认"]).value = "是"
    book.save(folder / "input" / "栏目对照.xlsx")


def workspace(folder: Path, draw: Callable[[Worksheet], object]) -> Path:
    make_workspace(folder, good())
    form(folder / BLANK, draw)
    return folder


@dataclass(frozen=True)
class Done:
    """What came of a form: its sheet as filled (None where nothing was), what was said, and its bytes."""

    page: Worksheet | None
    problems: list[Problem]
    raw: bytes

    @property
    def sheet(self) -> Worksheet:
        assert self.page is not None, self.problems
        return self.page

    def told(self, code: str) -> list[str]:
        return [describe(problem).text for problem in self.problems if problem.code == code]


@cache
def outcome() -> Outcome:
    return outcome_of(good())


def given(found: Outcome) -> Given:
    view = OutcomeView(found)
    return give(view, hidden_headings(view))


def upward(found: Outcome | None = None) -> list[dict[str, Any]]:
    """Return the rows of 一览表 as 上报.xlsx holds them."""
    raw = write_upward(found or outcome(), given(found or outcome()))
    rows: list[Any] = list(openpyxl.load_workbook(io.BytesIO(raw))["一览表"].iter_rows(values_only=True))
    top = next(number for number, row in enumerate(rows) if row[0] == "序号")
    return [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 : top + 6]]


def proposed(folder: Path, draw: Callable[[Worksheet], object]) -> dict[str, str]:
    """Return by heading what is proposed for a form of one sheet."""
    form(folder / BLANK, draw)
    stocks = stocks_of(outcome(), given(outcome()))
    (table,) = look_at(Look(folder / BLANK, known_headings(stocks))).tables
    found = proposals(table, stocks)
    return {column.heading: found.get(column.index, UNUSED) for column in table.columns}


def filled(folder: Path, draw: Callable[[Worksheet], object], found: Outcome | None = None) -> Done:
    """Fill a form whose columns the officer has confirmed to be what was proposed."""
    form(folder / BLANK, draw)
    now = found or outcome()
    stocks = stocks_of(now, given(now))
    seen = look_at(Look(folder / BLANK, known_headings(stocks)))
    said: dict[Key, Line] = {
        (seen.number, normal(table.sheet), column.letter): Line(
            proposals(table, stocks).get(column.index, UNUSED), True, "栏目对照.xlsx", "栏目对照", "E6"
        )
        for table in seen.tables
        for column in table.columns
    }
    now = replace(now, confirmed_columns=ConfirmedColumns(said))
    sheets = all_filled(now, seen, mapped(now, seen, stocks))
    problems = [problem for each in sheets.values() for problem in each.problems]
    if any(problem.code == "E674" for problem in problems):
        return Done(None, problems, b"")
    digest = sha256((folder / BLANK).read_bytes()).hexdigest()
    writes = {sheet: each.writes for sheet, each in sheets.items()}
    tints = {sheet: each.tints for sheet, each in sheets.items()}
    assert fill_in(Order(folder / BLANK, digest, writes, tints, folder / "filled"))
    raw = (folder / "filled").read_bytes()
    return Done(openpyxl.load_workbook(io.BytesIO(raw)).worksheets[0], problems, raw)


def is_tinted(page: Worksheet, cell: str) -> bool:
    return bool(page[cell].fill.fgColor.rgb.startswith("FFFFE08"))


# --- the command ---------------------------------------------------------------------------------------------


def test_columns_are_confirmed_before_anything_is_filled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = workspace(tmp_path, plain())
    assert command(folder, "fill", BLANK) == 1
    assert "E672 定级汇总" in capsys.readouterr().out
    assert not (folder / FILLED).exists()
    assert [(line["列"], line["上级表的栏目"], line["识别为"], line["确认"]) for line in lines(folder)] == [
        ("A", "序号", "序号", None),
        ("B", "支部编码", "党组织编码", None),
        ("C", "支部名称", "党组织名称", None),
        ("D", "书记姓名", "书记", None),
        ("E", "党员人数", "党员数", None),
        ("F", "综合得分", "综合得分", None),
        ("G", "拟定等次", "等次", None),
    ]
    confirm(folder)
    assert command(folder, "fill", BLANK) == 0
    page = openpyxl.load_workbook(folder / FILLED).worksheets[0]
    wanted = ("序号", "党组织编码", "党组织名称", "书记", "党员数", "综合得分", "拟定等次")
    cells = [[page.cell(row, column).value for column in range(1, 8)] for row in range(3, 8)]
    assert cells == [[row[name] or None for name in wanted] for row in upward()]
    (folder / MAPPING).write_bytes(b"filled in by the officer")
    command(folder, "fill", BLANK)
    assert (folder / MAPPING).read_bytes() == b"filled in by the officer"
    command(folder, "run")  # figures may be others now: what was filled in before must not lie there
    assert not (folder / FILLED).exists()


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [("坏表.xlsx", b"nothing", "E102"), ("没有表头.xlsx", None, "没有找到表头")],
)
def test_what_cannot_be_filled_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, raw: bytes | None, words: str
) -> None:
    folder = workspace(tmp_path, plain())
    if raw is None:
        form(folder / name, lambda page: page.append(["收条", "今天"]))
    else:
        (folder / name).write_bytes(raw)
    assert command(folder, "fill", name) == 2
    assert words in capsys.readouterr().out


# --- what is filled ------------------------------------------------------------------------------------------


def merged_head(page: Worksheet) -> None:
    """Draw a head of two rows, a total with formulas below, print settings, a wide note."""
    page["A1"] = "汇总表"
    page.merge_cells("A1:F1")
    for cells, text in (("A3:A4", "支部名称"), ("B3:C3", "支部情况"), ("D3:E3", "测评情况"), ("F3:F4", "联系人电话")):
        page[cells.split(":")[0]] = text
        page.merge_cells(cells)
    for cell, text in (("B4", "书记"), ("C4", "党员数"), ("D4", "满意率"), ("E4", "综合得分")):
        page[cell] = text
    framed(page, 3, 10, 6)
    page["A10"] = "合计"
    page["C10"] = "=SUM(C5:C9)"
    page["E10"] = "=AVERAGE(E5:E9)"
    page["A11"] = "填表说明：请按时上报"
    page.merge_cells("A11:F11")
    page["E5"].number_format = "0.0"
    page["A5"].font = Font(name="仿宋", size=14)
    page.print_title_rows = "3:4"
    page.page_setup.orientation = "landscape"


def test_a_merged_head_and_a_total_with_formulas_stay(tmp_path: Path) -> None:
    assert proposed(tmp_path, merged_head) == {
        "支部名称": "党组织名称",
        "支部情况·书记": "书记",
        "支部情况·党员数": "党员数",
        "测评情况·满意率": "满意率",
        "测评情况·综合得分": "综合得分",
        "联系人电话": "不填",
    }
    page, rows = filled(tmp_path, merged_head).sheet, upward()
    assert [page.cell(row, 1).value for row in range(5, 10)] == [row["党组织名称"] for row in rows]
    assert [page.cell(row, 3).value for row in range(5, 10)] == [row["党员数"] for row in rows]
    assert [page.cell(row, 4).value for row in range(5, 10)] == [row["满意率"] for row in rows]
    assert page["D5"].number_format == "0.00%"  # as a bare number 0.9 would be misread
    assert (page["E5"].number_format, page["A5"].font.name) == ("0.0", "仿宋")
    assert (page["A10"].value, page["C10"].value, page["E10"].value) == ("合计", "=SUM(C5:C9)", "=AVERAGE(E5:E9)")
    assert {"A3:A4", "B3:C3", "D3:E3", "F3:F4", "A11:F11"} <= {str(block) for block in page.merged_cells.ranges}
    assert (page.print_title_rows, page.page_setup.orientation) == ("$3:$4", "landscape")
    assert [is_tinted(page, f"F{row}") for row in range(4, 11)] == [False, *[True] * 5, False]


def test_stored_values_of_formulas_are_worked_out_anew(tmp_path: Path) -> None:
    raw = filled(tmp_path, merged_head).raw
    assert openpyxl.load_workbook(io.BytesIO(raw), data_only=True).worksheets[0]["C10"].value is None
    assert openpyxl.load_workbook(io.BytesIO(raw)).calculation.fullCalcOnLoad


def named_rows(page: Worksheet) -> None:
    """Draw a table with its rows named: another order, one by code alone, one unknown, one figure filled in."""
    plain()(page)
    page["C3"], page["C4"], page["B5"] = "三支部", "一支部", "ZB02"
    page["C6"], page["E4"] = "外单位支部", 99


def test_rows_that_are_named_are_found(tmp_path: Path) -> None:
    done = filled(tmp_path, named_rows)
    page, by_code = done.sheet, {row["党组织编码"]: row["综合得分"] for row in upward()}
    assert [page.cell(row, 6).value for row in (3, 4, 5, 6, 7)] == [
        *(by_code[code] for code in ("ZB03", "ZB01", "ZB02")),
        None,
        None,
    ]
    assert done.told("E675")[0].startswith("E675 定级汇总 ▸ C6＝ 外单位支部，不在上报的表里")
    assert done.told("E677")[0].startswith("E677 定级汇总 ▸ E4（党员数）＝ 99，")
    assert (page["E4"].value, is_tinted(page, "E4"), is_tinted(page, "C6")) == (99, True, True)
    assert len(done.told("E676")) == 2


def test_a_branch_named_twice_is_filled_once(tmp_path: Path) -> None:
    def draw(page: Worksheet) -> None:
        plain()(page)
        page["C3"], page["C4"] = "一支部", "一支部"

    done = filled(tmp_path, draw)
    assert done.sheet["F3"].value is not None
    assert done.sheet["F4"].value is None
    assert "又是同一个" in done.told("E675")[0]


def test_a_column_of_nothing_of_ours_is_tinted_and_told(tmp_path: Path) -> None:
    done = filled(tmp_path, plain((*HEADINGS, "是否建立活动阵地")))
    assert [line.split("，")[0] for line in done.told("W678")] == ["W678 定级汇总 ▸ H（是否建立活动阵地）"]
    assert [is_tinted(done.sheet, f"H{row}") for row in (2, 3, 7, 8)] == [False, True, True, False]


def test_where_rows_are_too_few_before_a_total_nothing_is_filled(tmp_path: Path) -> None:
    def draw(page: Worksheet) -> None:
        plain(rows=3)(page)
        page["C6"], page["E6"] = "合计", "=SUM(E3:E5)"

    done = filled(tmp_path, draw)
    assert done.page is None
    assert "空行只有 3 行，要填 5 行，没有填写" in done.told("E674")[0]


@pytest.mark.parametrize("rows", [0, 2])
def test_a_table_with_nothing_below_goes_on(tmp_path: Path, rows: int) -> None:
    page = filled(tmp_path, plain(rows=rows)).sheet
    assert [page.cell(row, 3).value for row in range(3, 9)] == [row["党组织名称"] for row in upward()] + [None]
    assert (page["C7"].border.left.style == "thin") is bool(rows)


def test_a_print_area_that_ends_there_lets_no_row_be_added(tmp_path: Path) -> None:
    def draw(page: Worksheet) -> None:
        plain(rows=2)(page)
        page.print_area = "A1:G4"

    assert filled(tmp_path, draw).page is None


def test_numbers_and_a_row_that_numbers_the_columns_are_no_names(tmp_path: Path) -> None:
    def draw(page: Worksheet) -> None:
        plain(rows=6)(page)
        for column, sign in enumerate("甲乙丙1234", start=1):
            page.cell(3, column, sign)
        for row in range(4, 9):
            page.cell(row, 1, row - 3)

    page = filled(tmp_path, draw).sheet
    assert [page.cell(row, 3).value for row in range(3, 9)] == ["丙", *(row["党组织名称"] for row in upward())]


def test_what_is_withheld_stays_so(tmp_path: Path) -> None:
    settings = outcome().settings
    hiding = settings.model_copy(update={"privacy": settings.privacy.model_copy(update={"ballots": 60})})
    found = replace(outcome(), settings=hiding)
    done = filled(tmp_path, plain(("党组织名称", "满意率(%)", "综合得分")), found)
    rates = [row["满意率"] for row in upward(found)]
    assert "未公开" in rates
    assert [done.sheet.cell(row, 2).value for row in range(3, 8)] == [
        rate if isinstance(rate, str) else pytest.approx(rate * 100) for rate in rates
    ]
    assert "满意率（未公开）" in done.told("W679")[0]


def test_texts_of_others_stay_texts(tmp_path: Path) -> None:
    evil = '=HYPERLINK("http://x")'
    branches = outcome().branches.assign(secretary=evil)
    page = filled(tmp_path, plain(), replace(outcome(), branches=branches)).sheet
    assert (page["D3"].value, page["D3"].data_type) == (evil, "s")


def test_the_summary_is_filled_too(tmp_path: Path) -> None:
    page = filled(tmp_path, plain(("单位", "党支部总数", "好", "较好", "一般", "后进"), rows=1)).sheet
    assert (page["A3"].value, page["B3"].value) == ("示范医院党委", 5)
    assert [page.cell(3, column).value for column in range(3, 7)] == [
        sum(row["拟定等次"] == grade for row in upward()) for grade in ("好", "较好", "一般", "后进")
    ]


def after(change: Callable[[Worksheet], object]) -> Callable[[Worksheet], None]:
    """Return what draws the plain form, changed by hand."""

    def draw(page: Worksheet) -> None:
        plain()(page)
        change(page)

    return draw


def hide_composite(page: Worksheet) -> None:
    page.column_dimensions["F"].hidden = True


def reckon_composite(page: Worksheet) -> None:
    for row in range(3, 8):
        page.cell(row, 6).value = f"=E{row}*2"


def second_table(page: Worksheet) -> None:
    for column, heading in enumerate(HEADINGS, start=1):
        page.cell(12, column).value = heading
    framed(page, 12, 17, len(HEADINGS))


def somebody_elses(page: Worksheet) -> None:
    page["C3"], page["C4"] = "县直某支部", "外县支部"
    framed(page, 8, 9, len(HEADINGS))
    page["C11"] = "填表人"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (hide_composite, "隐藏的 F 栏（综合得分）"),
        (second_table, "第 12 行起的又一张表"),
        (somebody_elses, "C3“县直某支部”、C4“外县支部”不在上报的表里"),
    ],
)
def test_what_was_passed_over_in_their_form_is_told(
    tmp_path: Path, change: Callable[[Worksheet], object], words: str
) -> None:
    done = filled(tmp_path, after(change))
    (told,) = done.told("W669")
    assert words in told
    first = 5 if change is somebody_elses else 3
    assert done.sheet.cell(first, 2).value == upward()[0]["党组织编码"]


def test_a_hidden_sheet_with_a_table_is_told(tmp_path: Path) -> None:
    def draw(page: Worksheet) -> None:
        plain()(page)
        assert page.parent is not None
        other = page.parent.copy_worksheet(page)
        other.title, other.sheet_state = "备用", "hidden"

    form(tmp_path / BLANK, draw)
    stocks = stocks_of(outcome(), given(outcome()))
    (told,) = unseen_sheets(look_at(Look(tmp_path / BLANK, known_headings(stocks))))
    assert "备用，这张工作表是隐藏的，没有填" in describe(told).text


def test_a_column_confirmed_to_be_ours_that_holds_formulas_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = workspace(tmp_path, after(reckon_composite))
    assert command(folder, "fill", str(folder / BLANK)) == 1
    confirm(folder, {"综合得分": "综合得分"})
    capsys.readouterr()
    command(folder, "fill", str(folder / BLANK))
    assert "F 栏（综合得分）是上级的公式" in capsys.readouterr().out
    page = openpyxl.load_workbook(folder / FILLED)["定级汇总"]
    assert page["F3"].value == "=E3*2"
