"""A new round's 自评表 shows in grey what is known; nobody reads it, and it counts only once it is typed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from dingji.forms.filling import Cells
from tests.case_books import Books, Run, Unit
from tests.small_standard import GRADES, HEAD, indicator, rules, standard
from tests.workspaces import command, without_meeting

UNITS = [Unit("A1", "一支部"), Unit("A2", "二支部")]
TEXT = (
    'rounds = ["年终"]\n' + GRADES
    + '[[sources]]\nname = "自评"\nform = ["self", "records"]\nweight = 100\n'
    + indicator("班子", 60)
    + indicator("队伍", 40, rules('name = "缺课", unit = "次", each = -1'))
    + '[[indicators]]\nname = "加分"\nbonus = true\nrules = [{ name = "表彰", options = { "省级" = 3, "市级" = 2 } }]\n'
)  # fmt: skip
CONFIG = """\
[office]
name = "示范单位党委"

[round]
year = 2026
name = "年终"
previous = "无"

[standard]
default = "small"
"""


def write(folder: Path, files: dict[str, bytes]) -> None:
    for name, raw in files.items():
        path = folder / "input" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """Return a new round: last time 一支部 gave itself 50 and 38, and told 2 缺课."""
    old = tmp_path / "old"
    (old / "schemes").mkdir(parents=True)
    (old / "schemes/small.toml").write_text(HEAD + TEXT, "utf-8")
    (old / "config.toml").write_text(CONFIG, "utf-8")
    without_meeting(old)
    books = Books(standard(TEXT), "2026 年终", date(2026, 12, 1))
    write(old, books.roster(UNITS, []))
    write(old, books.claim(UNITS[0], "自评", "50 38", {"缺课": 2}) | books.claim(UNITS[1], "自评", "60 40"))
    claim: Cells = {**UNITS[1].identity, "加分项": "表彰", "同一工作": "党建品牌", "级别": "市级", "审核意见": "同意"}
    write(old, books.bonus([claim]))
    assert command(old, "archive", "2026年终") == 0
    folder = tmp_path / "new"
    assert command(old, "init", str(folder), "--from", str(old)) == 0
    record = {**UNITS[0].identity, "日期": date(2027, 3, 1), "规则": "缺课", "数量": 1, "事由": "缺课一次"}
    write(folder, Books(standard(TEXT), "2027 年终", date(2027, 12, 1)).records([record]))
    assert command(folder, "forms") == 0
    return folder


def hinted(path: Path) -> dict[str, dict[str, str]]:
    """Return by sheet what stands in the grey column, by the first text of the row."""
    found: dict[str, dict[str, str]] = {}
    for sheet in load_workbook(path).worksheets:
        rows = [list(row) for row in sheet.iter_rows()]
        place = next(((row, cell) for row in rows for cell in row if cell.value == "供参考"), None)
        if place:
            own = found.setdefault(sheet.title, {})
            for row in rows[place[1].row :]:
                value = row[place[1].column - 1].value
                if value:
                    assert row[place[1].column - 1].font.color.rgb == "FFA6A6A6"
                    name = next(cell.value for cell in row if isinstance(cell.value, str) and not cell.value.isdigit())
                    own[name if sheet.title == "自评表" else str(row[2].value)] = str(value)
    return found


def form_of(folder: Path, unit: Unit) -> Path:
    (path,) = (folder / "发放").rglob(f"{unit.code}_*_自评表.xlsx")
    return path


def test_last_times_values_stand_beside_the_fields(new: Path) -> None:
    assert hinted(form_of(new, UNITS[0])) == {
        "自评表": {"班子": "2026 年终：50", "队伍": "2026 年终：38"},
        "扣分加分": {"缺课": "2026 年终：2；平时记录：1条"},
    }
    assert hinted(form_of(new, UNITS[1])) == {"自评表": {"班子": "2026 年终：60", "队伍": "2026 年终：40"}}


def page(path: Path, sheet: str) -> list[list[Any]]:
    """Return the rows of a sheet that say something, without the blank cells."""
    rows = load_workbook(path)[sheet].iter_rows(values_only=True)
    return [told for row in rows if (told := [value for value in row if value not in (None, "")])]


def test_what_an_office_fills_in_has_them_too(new: Path) -> None:
    """In 汇总录入 beside each branch's rows; what was asked points for on a page to look things up in, in grey."""
    office = new / "发放/办公室"
    marks = page(office / "汇总录入.xlsx", "自评")
    told = [[value for value in row if str(value).startswith("2026 年终：")] for row in marks]
    assert [words for row in told for words in row] == [
        "2026 年终：50",
        "2026 年终：38",
        "2026 年终：60",
        "2026 年终：40",
    ]
    for book in ("汇总录入", "加分申报"):
        path = office / f"{book}.xlsx"
        assert page(path, "上一轮申报")[-1] == ["A2", "二支部", "表彰", "2026 年终：党建品牌，市级，同意"]
        sheet = load_workbook(path)["上一轮申报"]
        assert sheet.protection.sheet
        (cell,) = (cell for row in sheet for cell in row if str(cell.value).startswith("2026 年终："))
        assert cell.font.color.rgb == "FFA6A6A6"


def test_the_grey_of_an_offices_book_is_never_counted(new: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """汇总录入 and 加分申报 go back as they were handed out: no mark is there, and nothing is said of the grey."""
    for path in (new / "发放/办公室").glob("*.xlsx"):
        if path.stem in ("汇总录入", "加分申报"):
            (new / "input" / path.name).write_bytes(path.read_bytes())
    capsys.readouterr()
    assert command(new, "run") == 1
    out = capsys.readouterr().out
    assert not [code for code in ("W234", "W239", "E111", "N114", "E225") if code in out]
    rows = Run(new, 1).overview
    assert [(row["综合得分"], row["加分"]) for row in rows.values()] == [("—", 0), ("—", 0)]


def test_what_is_not_typed_is_missing_whatever_stands_beside_it(new: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """一支部 types one of two marks: the other is missing, though last time's stands beside it."""
    for unit, marks in zip(UNITS, (("51", None), ("52", "39")), strict=True):
        path = form_of(new, unit)
        book = load_workbook(path)
        sheet = book["自评表"]
        cells = {cell.value: cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}
        column = cells["自评得分"].column
        for name, mark in zip(("班子", "队伍"), marks, strict=True):
            sheet.cell(cells[name].row, column).value = mark and int(mark)
        (new / "input" / path.name).parent.mkdir(parents=True, exist_ok=True)
        book.save(new / "input" / path.name)
    capsys.readouterr()
    assert command(new, "run") == 1
    out = capsys.readouterr().out
    assert "1个待补（一支部）" in out
    assert not [code for code in ("W234", "W239", "E111", "N114") if code in out]
    rows = Run(new, 1).overview
    assert (rows["A2"]["综合得分"], rows["A1"]["综合得分"]) == (91, "—")
