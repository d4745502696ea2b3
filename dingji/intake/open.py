"""Bytes → grids, through the guard and one reader for every spreadsheet format."""

from __future__ import annotations

import io
from collections.abc import Sequence

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from dingji.intake.csv_text import read_csv
from dingji.intake.grid import CellValue, Grid, Position
from dingji.intake.guard import Fault, inspect
from dingji.intake.sheet_marks import SheetMarks
from dingji.problems import Problem


def open_csv(raw: bytes) -> tuple[list[Grid], list[Problem]]:
    """Return the one sheet of a .csv; no sheet and the reason where it cannot be read."""
    found = read_csv(raw)
    if isinstance(found, Fault):
        return [], [_problem(found)]
    return ([found], []) if any(any(row) for row in found.rows) else ([], [_problem(Fault("E107"))])


def open_workbook(raw: bytes) -> tuple[list[Grid], list[Problem]]:
    """Return the sheets of a workbook; no sheets and the reason where it cannot be read."""
    inspection = inspect(raw)
    if inspection.fault:
        return [], [_problem(inspection.fault)]
    problems = [Problem("N108")] if inspection.macros else []
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        grids = [_grid(workbook, name, inspection.marks.get(name, SheetMarks())) for name in names]
    except PasswordError:
        return [], [_problem(Fault("E101"))]
    except (CalamineError, ValueError, OverflowError):
        return [], [_problem(Fault("E103"))]
    if not any(grid.rows for grid in grids):
        return [], [_problem(Fault("E107"))]
    return grids, problems


def _grid(workbook: CalamineWorkbook, name: str, marks: SheetMarks) -> Grid:
    rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return Grid(name, rows, marks.faults, marks.percent, _spans(rows, marks))


def _spans(rows: Sequence[Sequence[CellValue]], marks: SheetMarks) -> dict[Position, CellValue]:
    """Return what a merged block shows beside the lower cells of its first column, where only blanks are stored."""
    spans: dict[Position, CellValue] = {}
    for (top, column), bottom in marks.blocks.items():
        if top < len(rows) and column < len(rows[top]) and rows[top][column] != "":
            spans |= {(row, column): rows[top][column] for row in range(top + 1, min(bottom + 1, len(rows)))}
    return spans


def _problem(fault: Fault) -> Problem:
    return Problem(fault.code, values={"what": fault.what})
