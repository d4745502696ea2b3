"""A small notice as a standard of its own, through the workbooks that people would hand in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from dingji.forms.filling import Cells
from tests.case_books import Books, Files, Rater, Run, Setting, Unit
from tests.small_standard import HEAD, standard
from tests.workspaces import command, make_workspace

DAY = date(2026, 12, 1)
JUDGE: Rater = ("PW01", "评委一", "评定")
UNITS = [
    Unit("A1", "第一支部", members=10, category="机关"),
    Unit("B2", "第二支部", members=20, category="学生"),
    Unit("C3", "第三支部", members=30, category="学生"),
]
TOTAL = """
[[sources]]
name = "评定"
form = ["committee", "records"]
marks = "indicators"
weight = 100
"""
"""One rater's marks are the composite; records are kept through the year."""


def books(text: str, label: str = "2026 年终") -> Books:
    """Return the workbooks of a standard."""
    return Books(standard(text), label, DAY)


def marked(text: str, marks: Mapping[Unit, str], label: str = "2026 年终") -> Files:
    """Return a roster and one rater's book with marks by branch."""
    own = books(text, label)
    return {**own.roster(list(marks), [JUDGE]), **own.book(JUDGE, marks)}


def record(unit: Unit, rule: str, figure: int | None = None) -> Cells:
    """Return a row of 平时记录."""
    row: Cells = {"日期": date(2026, 6, 1), **unit.identity, "规则": rule, "事由": "检查", "依据": "记录"}
    return row if figure is None else {**row, "数量": figure}


def run(folder: Path, text: str, files: Files, round_name: str = "年终", year: int = 2026) -> Run:
    """Run the program on a standard and filled workbooks."""
    make_workspace(folder, files)
    (folder / "schemes" / "small.toml").write_text(HEAD + text, encoding="utf-8")
    setting = Setting("small", year, round_name, (f"{year}-01-01", f"{year}-12-31"))
    (folder / "config.toml").write_text(setting.toml(), encoding="utf-8")
    return Run(folder, command(folder, "run"))


def column(found: Run, heading: str = "综合得分") -> list[object]:
    """Return a column of 一览表, branch by branch in its order."""
    return [found.overview[code][heading] for code in sorted(found.overview)]


def explained(found: Run, code: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what `explain` prints of a branch."""
    capsys.readouterr()
    assert command(found.folder, "explain", code) == 0
    return capsys.readouterr().out


def shown(text: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what `scheme show` prints of a standard."""
    path = folder / "small.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    capsys.readouterr()
    assert command(folder, "scheme", "show", str(path)) == 0
    return capsys.readouterr().out
