"""The benchmark command measures every goal; how fast anything is, no test asks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.goals import GOALS
from benchmarks.page import PAGE, write_rows
from benchmarks.rerun import change
from benchmarks.row import Row
from dingji.seal import inflated
from tests.papers import SELF, good
from tests.workspaces import PROGRAM


def test_every_goal_has_its_rows_and_bad_files_are_told_of(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7")
    command = [sys.executable, "-X", "utf8", "-m", "benchmarks", "--quick", "--hostile", str(tmp_path)]
    done = subprocess.run(command, cwd=PROGRAM, check=True, capture_output=True, encoding="utf-8")
    rows = [line.strip().split("  ") for line in done.stdout.splitlines()]
    assert list(dict.fromkeys(int(row[0]) for row in rows)) == list(GOALS)
    assert {row[-1].partition("：")[0] for row in rows} <= {"达到", "未达", "对照", "尚无"}
    assert [row[1:] for row in rows if row[0] == "9"][:3] == [
        ["2 个坏文件中没有说到的", "0 个", "≤ 0 个", "达到"],
        ["2 个坏文件中当作表收下的", "0 个", "≤ 0 个", "达到"],
        ["没有收下的好表和变了的上报材料", "0 个", "≤ 0 个", "达到"],
    ]


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (Row(1, "甲", (1.9, 2.5, 1.8), 2.0), " 1  甲  1.90×（1.80–2.50）  ≤ 2.00×  达到"),
        (Row(1, "甲", (2.1,), 2.0), " 1  甲  2.10×  ≤ 2.00×  未达"),
        (Row(10, "乙", (1.6, 1.8, 1.9), 1.7, at_least=True), "10  乙  1.80×（1.60–1.90）  ≥ 1.70×  达到"),
        (Row(10, "乙", (1.5,), 1.7, at_least=True), "10  乙  1.50×  ≥ 1.70×  未达"),
        (Row(4, "丙", (421.3,), 300, "MB"), " 4  丙  421 MB  ≤ 300 MB  未达"),
        (Row(3, "丁", (1.447,), unit="s"), " 3  丁  1.45 s  对照"),
        (Row(11, "戊", limit=3, unit="ms", missing="没有"), "11  戊  ≤ 3 ms  尚无：没有"),
    ],
)
def test_a_row_says_whether_its_goal_is_reached(row: Row, line: str) -> None:
    assert row.line == line


def test_the_table_is_renewed_goal_by_goal(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("前\n<!-- table -->\n<!-- /table -->\n后\n", encoding="utf-8")
    write_rows(page, [Row(2, "甲", (30.0,), 25, at_least=True), Row(10, "乙", (1.0,), 2)], "小")
    write_rows(page, [Row(10, "丙", (3.0,), 2)], "大")
    text = page.read_text(encoding="utf-8")
    lines = [line.split(" | ")[:6] for line in text.splitlines() if line.startswith(("| 2", "| 10"))]
    assert lines == [
        ["| 2", "甲", "30×", "≥ 25×", "达到", "小"],
        ["| 10", "丙", "3.00×", "≤ 2.00×", "未达", "大"],
    ]
    assert text.startswith("前\n<!-- table -->\n机器：")
    assert text.endswith("\n<!-- /table -->\n后\n")


def test_the_page_has_a_row_for_every_goal() -> None:
    text = PAGE.read_text(encoding="utf-8").partition("<!-- table -->")[2].partition("<!-- /table -->")[0]
    assert {line.split("|")[1].strip() for line in text.splitlines()[5:]} == {str(number) for number in GOALS}


def test_one_figure_of_a_form_is_changed(tmp_path: Path) -> None:
    form = tmp_path / "a.xlsx"
    form.write_bytes(good()[SELF])
    change(form)
    before, after = inflated(good()[SELF]), inflated(form.read_bytes())
    assert [name for name in before if before[name] != after[name]] == ["xl/worksheets/sheet1.xml"]
    change(form)
    assert inflated(form.read_bytes()) != after
