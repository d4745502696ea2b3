"""The result workbook of one round, dropped into a later round's input, is its 上期结果."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.case_books import Books, Setting, Unit, run_case
from tests.five_good_case import BRANCHES, PARENT, RATERS, case_files
from tests.test_case_five_good import sheet_rows
from tests.workspaces import command, make_workspace, scheme

BOOK = "output/内部/分类定级结果.xlsx"
NEXT_YEAR = Setting("five-good", 2027, "年初", ("2026-01-01", "2026-12-31"), previous="2026 年初")
ITEMS = "4 2 2 2 5 5 4 4 2 5 3 5 4 2 5 10 5 9 20"


def test_result_book_is_read_as_the_earlier_result(tmp_path: Path) -> None:
    """The decided grade is what the next round compares with, else the computed one."""
    first = make_workspace(tmp_path / "first", case_files(scheme(), mended=True, previous=False))
    assert command(first, "run") == 0
    before = sheet_rows((first / BOOK).read_bytes(), "一览表")
    second = run_case(tmp_path / "second", NEXT_YEAR, {**_next_year(), "去年的.xlsx": (first / BOOK).read_bytes()})
    after = second.overview
    for code, row in after.items():
        assert row["上期等次"] == (before[code]["审定等次"] or before[code]["测算等次"])
    assert after["ZB04"]["上期等次"] == "较好"
    assert (after["ZB04"]["测算等次"], after["ZB04"]["晋位情况"]) == ("好", "晋位")
    listed = sheet_rows((second.folder / BOOK).read_bytes(), "问题清单", key="文件")
    assert "去年的.xlsx" not in listed  # none of its sheets is taken for a form, and nobody is told to save it anew


def _next_year() -> dict[str, bytes]:
    """Return the workbooks of the next year: the roster, and one branch's forms; the others have handed in nothing."""
    books = Books(scheme(), "2027 年初", date(2027, 3, 5))
    units = [Unit(branch.code, branch.name, PARENT, sum(branch.members)) for branch in BRANCHES]
    graded = units[3]
    files = books.roster(units, [(number, name, "党委评定") for number, name in RATERS]) | books.situations(units)
    files |= books.claim(graded, "自评", ITEMS) | books.ballots(graded, "党群评分", "9 1 0", "9 19 19 28")
    for number, name in RATERS:
        files |= books.book((number, name, "党委评定"), {graded: "9 19 19 28"})
    return files
