"""A sheet whose rows are written as soon as it is put holds what one written at the closing holds."""

import re
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from weakref import ref

import pytest
from python_calamine import CalamineWorkbook

from dingji.forms.palette import new_book
from dingji.reports.columns import Cell, Live, ReportColumn, ReportTable, Shown
from dingji.reports.flat import flat_sheet
from dingji.reports.sheet import Layout, put_sheet
from dingji.reports.styles import Styles
from dingji.seal import inflated


class Held(list[Cell]):
    """A column of which it can be seen whether anybody holds it."""


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dingji.reports.flat.AT_ONCE", 300)


SHEETS = ("一览表", "得分明细")


def _nothing(_: object) -> None:
    return None


COLUMNS = (
    *(ReportColumn(name, 14, "text", _nothing) for name in ("编码", "出处", "名称")),
    ReportColumn("得分", 9, "exact", _nothing),
    ReportColumn("等次", 6, "grade", _nothing),
    ReportColumn("公式", 9, "number", _nothing),
)


def table(count: int) -> ReportTable:
    """Return a table of texts that stand once or often, figures, none, shares, grades and formulas, with a sum."""
    rows = range(count)
    figures = [None if row % 7 == 3 else Fraction(row, 3) for row in rows]
    return ReportTable(
        "甲 & 乙",
        COLUMNS,
        (
            [*(f"{row:05}" for row in rows), "合计"],
            [*(f"表<{row}> ▸ B{row}\n又一行" if row % 5 else " 前后 " for row in rows), ""],
            [*("第一支部" if row < count // 2 else "第二支部" for row in rows), "—"],
            [*figures, Fraction(1)],
            [*("好" if row % 2 else "中" for row in rows), ""],
            [
                *(Live(f"D{row + 3}<1", f"a&{row % 3}") if row % 3 else Shown(Fraction(1, 3), "share") for row in rows),
                0,
            ],
        ),
        ("注：一行", "注：又一行"),
        totals=1,
    )


def book(*, passing: bool) -> bytes:
    workbook, tints = new_book("试"), {"好": "#C6E0B4"}
    styles = Styles(workbook)
    for place, name in enumerate(SHEETS):
        sheet = flat_sheet(workbook, name, passing=passing)
        put_sheet(sheet, styles, [table(200), table(5)], Layout(1, tints, long=bool(place)), "印记")
        if passing:
            sheet.finish(workbook.begun(sheet))
        sheet.link(4, 1, f"{SHEETS[1]}!A3")
    return workbook.sealed()


def plain(raw: bytes) -> dict[str, str]:
    """Return the sheets' XML; the numbers of formats and texts, which go by what is written first, left out."""
    sheets = {name: part.decode() for name, part in inflated(raw).items() if name.startswith("xl/worksheets/sheet")}
    return {name: re.sub(r' s="\d+"|(?<= t="s"><v>)\d+', "", text) for name, text in sheets.items()}


def test_a_sheet_written_early_holds_what_one_written_at_the_closing_holds() -> None:
    early, late = book(passing=True), book(passing=False)
    one, other = (CalamineWorkbook.from_filelike(BytesIO(raw)) for raw in (early, late))
    assert plain(early) == plain(late)
    assert one.sheet_names == list(SHEETS)
    for name in SHEETS:
        assert one.get_sheet_by_name(name).to_python() == other.get_sheet_by_name(name).to_python()


def test_the_texts_are_counted() -> None:
    parts = inflated(book(passing=True))
    cells = sum(part.count(b' t="s"') for name, part in parts.items() if name.startswith("xl/worksheets/sheet"))
    assert f' count="{cells}" '.encode() in parts["xl/sharedStrings.xml"]


def test_nothing_of_a_sheet_written_early_is_held() -> None:
    workbook, shown = new_book("试"), table(200)
    cells = Held(shown.values[0])
    sheet, told = flat_sheet(workbook, "一", passing=True), ref(cells)
    put_sheet(sheet, Styles(workbook), [replace(shown, values=(cells, *shown.values[1:]))], Layout())
    sheet.finish(workbook.begun(sheet))
    del cells
    assert told() is None
