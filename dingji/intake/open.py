"""Bytes → grids, through the guard and one reader for every spreadsheet format."""

from __future__ import annotations

import io

from python_calamine import CalamineError, CalamineWorkbook

from dingji.intake.grid import Grid
from dingji.intake.guard import Fault, SheetMarks, inspect
from dingji.problems import Problem


def open_workbook(raw: bytes) -> tuple[list[Grid], list[Problem]]:
    """Return the sheets of a workbook; no sheets and the reason where it cannot be read."""
    inspection = inspect(raw)
    if inspection.fault:
        return [], [_problem(inspection.fault)]
    problems = [Problem("N108")] if inspection.macros else []
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        grids = [_grid(workbook, name, inspection.marks.get(name, SheetMarks())) for name in workbook.sheet_names]
    except (CalamineError, ValueError, OverflowError):
        return [], [_problem(Fault("E103"))]
    if not any(grid.rows for grid in grids):
        return [], [_problem(Fault("E107"))]
    return grids, problems


def _grid(workbook: CalamineWorkbook, name: str, marks: SheetMarks) -> Grid:
    rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return Grid(name, rows, marks.faults, marks.percent)


def _problem(fault: Fault) -> Problem:
    return Problem(fault.code, values={"what": fault.what})
