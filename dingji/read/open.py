"""Bytes → grids, through the guard and one reader for every spreadsheet format."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from itertools import islice

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from dingji.problems import Problem
from dingji.read.csv_text import read_csv
from dingji.read.file_kinds import OLE, PLAIN_TEXT, Fault
from dingji.read.grid import CellValue, Grid, Position, SheetMarks
from dingji.read.guard import MAX_CELLS, inspect
from dingji.read.number_formats import shown_otherwise

TEXT_TABLES = (".csv", ".tsv", ".tab")
"""How the names of text tables end; other names say nothing of it."""


def open_file(raw: bytes, path: str) -> tuple[list[Grid], list[Problem], bool]:
    """Return the sheets of a file, what is to be said of it, and whether it is a table of plain text.

    A text under another name may be one too, as spreadsheets save it (.txt) and databases export it (.xls). What is
    then said of it stands where it turns out to be nobody's form.
    """
    if path.lower().endswith(TEXT_TABLES):
        return *open_csv(raw), True
    grids, problems = open_workbook(raw)
    if grids or [problem.values.get("what") for problem in problems] != [PLAIN_TEXT]:
        return grids, problems, False
    grids, _ = open_csv(raw)
    return grids, problems, bool(grids)


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
    grids = _grids(inspection.shown or raw, inspection.marks)
    if isinstance(grids, Fault):
        return [], [_problem(grids)]
    return (grids, problems) if any(grid.rows for grid in grids) else ([], [_problem(Fault("E107"))])


def _grids(raw: bytes, marks: Mapping[str, SheetMarks]) -> list[Grid] | Fault:
    """Return the sheets, or the fault; a sheet too large is told before its cells are made values of ours."""
    grids: list[Grid] = []
    left = MAX_CELLS
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        for each in workbook.sheets_metadata:
            if each.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_name(each.name)
            rows, columns = sheet.end or (0, 0)
            left -= (rows + 1) * (columns + 1)
            if left < 0:
                return Fault("E105", f"有内容的范围（{rows + 1} 行 {columns + 1} 列）过大")
            if each.name not in marks:
                return _odd(raw)  # what is not known of its cells would be taken for nothing to know
            values, own = sheet.to_python(skip_empty_area=False), marks[each.name]
            known = {**vars(own), "misleading": own.misleading and _shown_otherwise(values, own.misleading)}
            grids.append(Grid(sheet.name, values, _spans(values, own.merges), **known))
    except PasswordError:
        return Fault("E101")
    except (CalamineError, ValueError, OverflowError):
        return _odd(raw)
    return grids


def _odd(raw: bytes) -> Fault:
    """Say that a workbook is written in a way that cannot be read; a zip was found whole by the guard."""
    return Fault("E103") if raw.startswith(OLE) else Fault("E115", "内部写法特殊，或有一处损坏")


def _spans(rows: Sequence[Sequence[CellValue]], merges: Mapping[Position, Position]) -> dict[Position, CellValue]:
    """Return what a merged block shows beside the lower cells of its first column, where only blanks are stored.

    Blocks do not overlap: more than all cells together is not looked at.
    """
    shown = (
        ((row, column), rows[top][column])
        for (top, column), (bottom, _) in merges.items()
        if top < bottom and top < len(rows) and column < len(rows[top]) and rows[top][column] != ""
        for row in range(top + 1, min(bottom + 1, len(rows)))
    )
    return dict(islice(shown, sum(map(len, rows))))


def _shown_otherwise(rows: Sequence[Sequence[CellValue]], formats: Mapping[Position, str]) -> dict[Position, str]:
    """Return what is shown of the filled cells that show something else than what is stored."""
    within = ((row, column) for row, column in formats if row < len(rows) and column < len(rows[row]))
    filled = ((place, rows[place[0]][place[1]]) for place in within if rows[place[0]][place[1]] != "")
    told = ((place, shown_otherwise(value, formats[place])) for place, value in filled)
    return {place: shown for place, shown in told if shown is not None}


def _problem(fault: Fault) -> Problem:
    return Problem(fault.code, values={"what": fault.what})
