"""What people do in an office's two years: open a round, type into forms handed out, hand in, decide; by commands."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from dingji.forms.filling import Cells, Filling, Value
from dingji.forms.handout import file_name
from tests.case_books import Run
from tests.five_good_case import Branch
from tests.workspaces import PROGRAM, command

KEYS = ("编号", "序号", "党组织编码", "评委编号", "情形", "规则", "问题", "票号")
"""Headings by which a person finds the row that is printed already."""


def open_round(folder: Path, *arguments: str) -> Office:
    """Open a round by the program's own command."""
    assert command(PROGRAM, "init", str(folder), *arguments) == 0
    return Office(folder)


@dataclass(frozen=True)
class Office:
    """An office at its workspace of one round."""

    folder: Path

    def do(self, *arguments: str) -> int:
        """Run a command; return its exit status."""
        return command(self.folder, *arguments)

    def set(self, old: str, new: str) -> None:
        """Change a line of the settings as a person does in an editor; add lines at the end where `old` is ""."""
        path = self.folder / "config.toml"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1) if old else f"{text}{new}", "utf-8")

    def given(self, whose: Branch | tuple[str, str], title: str) -> Path:
        """Return the workbook that the program handed out to a branch or a rater."""
        owner = whose.owner if isinstance(whose, Branch) else whose
        (found,) = (self.folder / "发放").rglob(file_name(owner, title))
        return found

    def hand_in(self, form: Path, filling: Filling, name: str = "") -> None:
        """Fill in a copy of a form and put it into input."""
        target = self.folder / "input" / (name or form.name)
        if form != target:
            shutil.copy(form, target)
        type_into(target, filling)

    def decide(self, overruled: Mapping[str, tuple[str, str]] = {}, **head: Value) -> None:
        """Fill in 审定表 as the last run printed it: agreed with the computed grade, but for what is overruled."""
        paper = self.folder / "output/上会/审定表.xlsx"
        rows = Run(self.folder, 0).sheet("审定表", file="上会/审定表.xlsx")
        told = [
            {"党组织编码": unit, "审定等次": grade, "理由": reason or None}
            for unit, row in rows.items()
            for grade, reason in [overruled.get(unit, (row["测算等次"], ""))]
        ]
        self.hand_in(paper, Filling(head=head, rows={"审定表": told}))

    @property
    def overview(self) -> dict[str, dict[str, object]]:
        """Return 一览表 of the last run by 党组织编码."""
        return Run(self.folder, 0).overview

    def graded(self) -> list[tuple[str, object, object]]:
        """Return code, composite and decided grade of every branch."""
        return [(code, row["综合得分"], row["审定等次"]) for code, row in self.overview.items()]

    def ledger(self) -> dict[str, dict[str, object]]:
        """Return the lines of 整改台账 of the last run by 编号."""
        rows = Run(self.folder, 0).sheet("整改台账", "编号")
        return {number: row for number, row in rows.items() if row["党组织编码"]}

    def lines(self, sheet: str) -> list[tuple[object, ...]]:
        """Return a sheet of the last run's results, row by row, without the empty cells at their ends."""
        rows = load_workbook(self.folder / "output/内部/分类定级结果.xlsx")[sheet].iter_rows(values_only=True)
        return [tuple(value for value in row if value is not None) for row in rows]

    def inputs(self) -> list[str]:
        """Return what lies in input."""
        folder = self.folder / "input"
        return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


# --- typing -------------------------------------------------------------------------------------------------------


def type_into(path: Path, filling: Filling) -> None:
    """Type values into a workbook: beside the labels of its head, and under the headings of its sheets."""
    book = load_workbook(path)
    for label, value in filling.head.items():
        _beside(book.worksheets[0], label).value = _typed(value)
    for name, rows in filling.rows.items():
        _type_rows(book[name], rows)
    for name, printed in filling.printed.items():
        for key, cells in printed.items():
            _type_rows(book[name], [{"序号" if key.isdecimal() else "规则": key, **cells}])
    book.save(path)


def _beside(sheet: Worksheet, label: str) -> Cell:
    (at,) = (cell for row in sheet.iter_rows(max_row=8) for cell in row if cell.value == label)
    spans = [span for span in sheet.merged_cells.ranges if at.coordinate in span]
    found = sheet.cell(at.row, (spans[0].max_col if spans else at.column) + 1)
    assert isinstance(found, Cell)
    return found


def _type_rows(sheet: Worksheet, rows: Sequence[Cells]) -> None:
    for cells in rows:
        top, columns = _headings(sheet, list(cells))
        row = _row(sheet, top, {columns[key]: str(cells[key]) for key in KEYS if cells.get(key)})
        for heading, value in cells.items():
            sheet.cell(row, columns[heading]).value = _typed(value)


def _headings(sheet: Worksheet, wanted: Sequence[str]) -> tuple[int, dict[str, int]]:
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        columns = {str(value).partition("\n")[0]: place for place, value in enumerate(row, start=1) if value}
        if set(wanted) <= set(columns):
            return number, columns
    raise AssertionError((sheet.title, wanted))


def _row(sheet: Worksheet, top: int, keys: Mapping[int, str]) -> int:
    """Return the row that is printed for these keys, else the first empty one."""
    found = {row: [str(sheet.cell(row, column).value or "") for column in keys] for row in range(top + 1, top + 200)}
    mine = [row for row, texts in found.items() if texts == list(keys.values())]
    return mine[0] if mine else next(row for row, texts in found.items() if not any(texts))


def _typed(value: Value) -> str | float | date | None:
    return float(value) if isinstance(value, Fraction | Decimal) else value
