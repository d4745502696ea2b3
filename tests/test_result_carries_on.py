"""The result workbook of one round, dropped into the next round's input, is its 上期结果."""

from __future__ import annotations

from pathlib import Path

from tests.five_good_case import case_files
from tests.test_case_five_good import sheet_rows
from tests.workspaces import command, make_workspace, scheme

BOOK = "output/内部/分类定级结果.xlsx"


def test_result_book_is_read_as_the_earlier_result(tmp_path: Path) -> None:
    """The decided grade is what the next round compares with, else the computed one."""
    first = make_workspace(tmp_path / "first", case_files(scheme(), mended=True, previous=False))
    assert command(first, "run") == 0
    before = sheet_rows((first / BOOK).read_bytes(), "一览表")
    files = case_files(scheme(), mended=True, decided=False, previous=False)
    second = make_workspace(tmp_path / "second", {**files, "上期/去年的.xlsx": (first / BOOK).read_bytes()})
    assert command(second, "run") == 0
    after = sheet_rows((second / BOOK).read_bytes(), "一览表")
    for code, row in after.items():
        assert row["上期等次"] == (before[code]["审定等次"] or before[code]["测算等次"])
    assert after["ZB04"]["上期等次"] == "较好"
    assert after["ZB04"]["晋位情况"] == "退位"
