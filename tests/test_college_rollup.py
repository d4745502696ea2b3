"""A college: three general branches grade, hand up, and are rolled up; and what goes wrong on the way."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from tests.case_books import Books, Files, Run, Unit, run_case, shown
from tests.returned_books import resaved
from tests.test_case_five_good import sheet_lines
from tests.test_case_seven_indicators import CASE, EXPECTED, GRADES, SETTING, TAKEN_OVER, case_files
from tests.workspaces import command, make_workspace, scheme

THIRD = """
    C1 | C总支 | 14 10 10 10 9 19 24           | 14.5 9.5 9.5 9.5 9.5 19 24   | 14 9.5 9 9.25 9 19 23.5        | 40 8 2
    C2 | C总支 | 13 9 9 9 8 17 23              | 13 8.5 8.5 8.5 8.5 17 22     | 13 8.45 8 8 8 17 22            | 20 7 3
"""
LINES = [line for text in (CASE, THIRD) for line in text.strip().splitlines()]
GENERAL = ("A总支", "B总支", "C总支")
WANTED = EXPECTED | {"C1": EXPECTED["A1"], "C2": EXPECTED["B1"]}
UNITS = [
    Unit(code.strip(), f"{code.strip()}党支部", parent.strip()) for code, parent, *_ in (x.split("|") for x in LINES)
]
BOOKS = Books(scheme("seven-indicators"), "2026 年终", date(2026, 12, 10))


@pytest.fixture(scope="module")
def handed(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Run]:
    """Run each general branch by itself, as its own office does."""
    folder = tmp_path_factory.mktemp("college")
    own = {name: "\n".join(line for line in LINES if name in line) for name in GENERAL}
    return {name: run_case(folder / name, SETTING, case_files(text)) for name, text in own.items()}


def upward(run: Run) -> bytes:
    return (run.folder / "output/上报/上报.xlsx").read_bytes()


def college(folder: Path, books: Files, units: list[Unit] = UNITS) -> Run:
    """Run the college on nothing but its roster and what its general branches handed up."""
    return run_case(folder, SETTING, BOOKS.roster(units, []) | books)


def all_of(handed: Mapping[str, Run]) -> Files:
    return {f"{name}/上报.xlsx": upward(run) for name, run in handed.items()}


def changed(raw: bytes, change: Callable[[Worksheet], None]) -> bytes:
    """Return a workbook of which somebody changed the sheet 一览表."""
    book = openpyxl.load_workbook(io.BytesIO(raw))
    sheet = book["一览表"]
    assert isinstance(sheet, Worksheet)
    change(sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def at(sheet: Worksheet, code: str, heading: str) -> Cell:
    """Return the cell of a branch under a heading."""
    cells = [cell for row in sheet.iter_rows() for cell in row]
    column = next(cell.column for cell in cells if cell.value == heading)
    row = next(cell.row for cell in cells if cell.value == code)
    found = sheet.cell(row, column)
    assert isinstance(found, Cell)
    return found


def said(run: Run, code: str) -> list[dict[str, Any]]:
    """Return the lines of 问题清单 with a code, in order."""
    lines = sheet_lines((run.folder / "output/内部/分类定级结果.xlsx").read_bytes(), "问题清单")
    head = next(number for number, line in enumerate(lines) if "编码" in line)
    rows: list[dict[str, Any]] = [dict(zip(lines[head], line, strict=True)) for line in lines[head + 1 :]]
    return [row for row in rows if row["编码"] == code]


@pytest.mark.office
def test_three_general_branches_roll_up_one_of_them_saved_anew(
    handed: Mapping[str, Run], tmp_path: Path, office_program: Path
) -> None:
    """Every figure is what its own office came to; 合计 is the sum of theirs; nothing is to be said of any code."""
    books = all_of(handed)
    books["B总支/上报.xlsx"] = resaved(books["B总支/上报.xlsx"], tmp_path / "office", office_program)
    books["C总支/结果.xls"] = resaved(books.pop("C总支/上报.xlsx"), tmp_path / "older", office_program, "xls")
    above = college(tmp_path / "college", books)
    assert above.status == 0
    for name, run in handed.items():
        for code, row in run.overview.items():
            assert shown(above.overview[code], TAKEN_OVER) == shown(row, TAKEN_OVER), (name, code)
            assert shown(row, ("综合得分", "测算等次")) == [pytest.approx(WANTED[code][4]), WANTED[code][5]]
    whole = {heading: above.summary["合计"][heading] for heading in ("党组织总数", "党员数", "已定级", *GRADES)}
    own = [run.summary[name] for name, run in handed.items()]
    assert whole == {heading: sum(row[heading] for row in own) for heading in whole}
    assert not said(above, "E651") + said(above, "W655") + said(above, "W656")


CHANGES: list[tuple[dict[tuple[str, str], Any], str, str, str]] = [
    ({("B3", "综合得分"): 80.0}, "综合得分", "80", "“综合得分”原来是 79.96"),
    ({("B3", "拟定等次"): "较好"}, "拟定等次", "较好", "“拟定等次”原来是 一般"),
    ({("B2", "满意率"): 0.9}, "满意率", "90", "“满意率”原来是 50.00%"),
    ({("B1", "党员数"): 80}, "党员数", "80", "“党员数”原来是 40"),
    ({("B3", "综合得分"): 80.5, ("B3", "拟定等次"): "较好"}, "综合得分", "80.5", "原来是 79.96，“拟定等次”原来是 一般"),
]


@pytest.mark.parametrize(("cells", "heading", "found", "told"), CHANGES)
def test_one_changed_figure_is_found(
    handed: Mapping[str, Run], tmp_path: Path, cells: dict[tuple[str, str], Any], heading: str, found: str, told: str
) -> None:
    """The cell is named, and what it said; a person must act, and the rows are marked in 一览表."""
    books = all_of(handed)

    def change(sheet: Worksheet) -> None:
        for (code, name), value in cells.items():
            at(sheet, code, name).value = value

    books["B总支/上报.xlsx"] = changed(books["B总支/上报.xlsx"], change)
    above = college(tmp_path, books)
    (line,) = said(above, "E651")
    sheet = openpyxl.load_workbook(io.BytesIO(books["B总支/上报.xlsx"]))["一览表"]
    assert isinstance(sheet, Worksheet)
    assert above.status == 1
    assert line["单元格"] == at(sheet, next(iter(cells))[0], heading).coordinate
    assert told in line["问题"]
    assert str(line["找到的值"]).startswith(found)
    notes = {code: row["备注"] or "" for code, row in above.overview.items()}
    assert [code for code, note in notes.items() if "与数据校验码不符" in note] == ["B1", "B2", "B3"]


def test_what_cannot_be_told_is_said_all_the_same(handed: Mapping[str, Run], tmp_path: Path) -> None:
    def swap(sheet: Worksheet) -> None:
        for code, value in (("A1", 91.0), ("A2", 92.0), ("A3", 93.0)):
            at(sheet, code, "综合得分").value = value

    books = all_of(handed)
    books["A总支/上报.xlsx"] = changed(books["A总支/上报.xlsx"], swap)
    above = college(tmp_path, books)
    (line,) = said(above, "E651")
    assert (above.status, line["单元格"]) == (1, None)
    assert "改过哪一格，程序找不出" in line["问题"]


def test_a_column_of_their_own_and_other_names_change_no_figure(handed: Mapping[str, Run], tmp_path: Path) -> None:
    def add(sheet: Worksheet) -> None:
        row = at(sheet, "A1", "党组织名称").row
        column = sheet.max_column + 1
        sheet.cell(row - 1, column).value, sheet.cell(row, column).value = "经办", 12
        at(sheet, "A1", "上级党组织").value = "甲总支"

    books = all_of(handed)
    books["A总支/上报.xlsx"] = changed(books["A总支/上报.xlsx"], add)
    assert college(tmp_path, books).status == 0


# --- who has not handed up, and who did twice ---------------------------------------------------------------


def test_a_general_branch_that_hands_up_nothing_is_named_once(handed: Mapping[str, Run], tmp_path: Path) -> None:
    """Its branches owe no forms here: one line says what is wanting, with how many branches wait for it."""
    books = all_of(handed)
    del books["C总支/上报.xlsx"]
    above = college(tmp_path, books)
    (line,) = said(above, "E652")
    assert above.status == 1
    assert "C总支" in line["内容"]
    assert "2个党组织没有结果" in line["问题"]
    assert "C1党支部、C2党支部" in line["问题"]
    assert not said(above, "E310")
    rollcall = above.sheet("报送情况", "编码")
    assert [rollcall[unit.code]["下级结果"] for unit in UNITS] == ["已报"] * 6 + ["未报"] * 2
    assert above.overview["C1"]["备注"] == "未报：下级结果未报"


def test_a_branch_that_its_general_branch_forgot_is_named(handed: Mapping[str, Run], tmp_path: Path) -> None:
    units = [*UNITS, Unit("A4", "A4党支部", "A总支")]
    above = college(tmp_path, all_of(handed), units)
    (line,) = said(above, "E652")
    assert "A总支" in line["内容"]
    assert "1个党组织没有结果" in line["问题"]


def test_branches_graded_at_the_college_itself_owe_their_own_forms(handed: Mapping[str, Run], tmp_path: Path) -> None:
    """C总支 hands up nothing, but its branches' own forms come here: what is wanting is wanting of them."""
    books = all_of(handed)
    del books["C总支/上报.xlsx"]
    own = case_files("\n".join(line for line in LINES if "C2" in line))
    books |= {f"本级/{path}": raw for path, raw in own.items() if "名册" not in path}
    above = college(tmp_path, books)
    assert above.status == 1
    assert not said(above, "E652")
    assert {line["内容"] for line in said(above, "E310")} >= {"C1党支部"}
    assert above.overview["C2"]["综合得分"] == pytest.approx(WANTED["C2"][4])


def test_the_same_book_twice_counts_once(handed: Mapping[str, Run], tmp_path: Path) -> None:
    books = all_of(handed)
    books["又一份.xlsx"] = changed(books["A总支/上报.xlsx"], lambda _: None)
    above = college(tmp_path, books)
    assert above.status == 0
    assert len(said(above, "N304")) == 1
    assert above.summary["合计"]["党组织总数"] == len(UNITS)


def test_a_branch_in_two_general_branches_books_is_named(handed: Mapping[str, Run], tmp_path: Path) -> None:
    """Where both say the same it counts once, with a warning; where they differ a person decides, and it waits."""
    books = all_of(handed)
    both = "\n".join(line for line in LINES if "B总支" in line or "C1" in line)
    books["B总支/上报.xlsx"] = upward(run_case(tmp_path / "both", SETTING, case_files(both)))
    above = college(tmp_path / "alike", books)
    (line,) = said(above, "W656")
    assert (above.status, "都有 C1党支部（1个）" in line["问题"]) == (0, True)
    lower = both.replace("14 9.5 9 9.25 9 19 23.5", "10 9.5 9 9.25 9 19 23.5")
    books["B总支/上报.xlsx"] = upward(run_case(tmp_path / "lower", SETTING, case_files(lower)))
    above = college(tmp_path / "apart", books)
    assert above.status == 1
    assert {line["文件"] for line in said(above, "E305")} <= set(books)
    assert above.overview["C1"]["测算等次"] == "未定级"
    assert above.overview["C2"]["测算等次"] == "较好"
    assert not said(above, "E652") + said(above, "E310")


# --- made by hand, another standard, further up --------------------------------------------------------------


def by_hand(title: str, rows: list[tuple[Any, ...]]) -> bytes:
    """Return 一览表 as an office without the program types it."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "一览表"
    for row in ((title,), ("党组织编码", "党组织名称", "综合得分", "审定等次"), *rows):
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "title", ["C总支一览表（2026 年终）", "C总支2026年终一览表", "C总支 2026年年终 分类定级一览表"]
)
def test_a_table_made_by_hand_is_taken_and_marked(handed: Mapping[str, Run], tmp_path: Path, title: str) -> None:
    """The mark stands in the papers that go on upward, too, and further up."""
    books = all_of(handed)
    del books["C总支/上报.xlsx"]
    books["C总支.xlsx"] = by_hand(title, [("C1", "C1党支部", 94.75, "好"), ("C2", "C2党支部", 85.98, "较好")])
    above = college(tmp_path / "college", books)
    assert above.status == 0
    assert len(said(above, "W655")) == 1
    assert [above.overview["C1"][name] for name in ("综合得分", "测算等次", "备注")] == [94.75, "好", "手工汇总"]
    assert above.sheet("一览表", file="上报/上报.xlsx")["C1"]["备注"] == "手工汇总"
    assert above.overview["A1"]["备注"] is None
    city = run_case(tmp_path / "city", SETTING, BOOKS.roster(UNITS, []) | {"学院.xlsx": upward(above)})
    assert [city.overview[code]["备注"] for code in ("A1", "C1")] == [None, "手工汇总"]


def test_a_grade_that_no_standard_has_is_asked_about(handed: Mapping[str, Run], tmp_path: Path) -> None:
    books = all_of(handed)
    rows = [("C1", "C1党支部", 94.75, "优"), ("C2", "C2党支部", 86, "较好")]
    books["C总支/上报.xlsx"] = by_hand("2026年终一览表", rows)
    above = college(tmp_path, books)
    assert above.status == 1
    assert [line["找到的值"] for line in said(above, "E653")] == ["优"]
    assert above.overview["C1"]["测算等次"] == "未定级"


def test_marks_given_at_the_college_stand_over_what_was_handed_up(handed: Mapping[str, Run], tmp_path: Path) -> None:
    books = all_of(handed)
    own = case_files("\n".join(line for line in LINES if "C2" in line))
    books |= {f"本级/{path}": raw for path, raw in own.items() if "名册" not in path}
    above = college(tmp_path, books)
    assert len(said(above, "W657")) == 1
    assert above.overview["C2"]["备注"] is None


def test_another_standard_below_is_said(handed: Mapping[str, Run], tmp_path: Path) -> None:
    books = BOOKS.roster(UNITS, []) | all_of(handed)
    make_workspace(tmp_path, books)
    scheme_file = tmp_path / "schemes/seven-indicators.toml"
    text = scheme_file.read_text("utf-8").replace('id = "seven-indicators"', 'id = "college"')
    (tmp_path / "schemes/college.toml").write_text(text, "utf-8")
    (tmp_path / "config.toml").write_text(replace(SETTING, standard="college").toml(), "utf-8")
    run = Run(tmp_path, command(tmp_path, "run"))
    assert len(said(run, "W654")) == 3
    assert run.overview["A1"]["测算等次"] == "好"


def test_any_depth(handed: Mapping[str, Run], tmp_path: Path) -> None:
    """The city takes the college's book as the college took its general branches'; what was marked below stays so."""
    above = college(tmp_path / "college", all_of(handed))
    units = [replace(unit, parent="示范学院党委") for unit in UNITS]
    city = run_case(tmp_path / "city", SETTING, BOOKS.roster(units, []) | {"学院.xlsx": upward(above)})
    assert (above.status, city.status) == (0, 0)
    for code, row in above.overview.items():
        assert shown(city.overview[code], TAKEN_OVER) == shown(row, TAKEN_OVER), code
    assert not said(city, "E651") + said(city, "W655")
    assert [city.summary["示范学院党委"][grade] for grade in GRADES] == [
        above.summary["合计"][grade] for grade in GRADES
    ]


# --- the general branches side by side ----------------------------------------------------------------------


def test_units_are_held_against_each_other(handed: Mapping[str, Run], tmp_path: Path) -> None:
    """1 of 3 against 1 of 5; with so few branches nothing is far."""
    above = college(tmp_path, all_of(handed))
    rows = above.sheet("单位对比", "单位")
    told = {name: [rows[name][key] for key in ("好", "已定级", "其他单位好", "其他单位已定级")] for name in GENERAL}
    assert told == {"A总支": [1, 3, 1, 5], "B总支": [0, 3, 2, 5], "C总支": [1, 2, 1, 6]}
    assert rows["A总支"]["好占比"] == pytest.approx(0.3333)
    assert rows["A总支"]["相差（百分点）"] == pytest.approx(13.33)
    assert [rows[name]["提示"] for name in GENERAL] == [None] * 3
