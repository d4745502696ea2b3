"""Sheets of formats that cannot be marked (.xls, .et, .ods, .csv) → an .xlsx of the same values, sheet by sheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, cast

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dingji.forms.palette import DATE_FORMAT, new_book
from dingji.forms.stamp import META_SHEET
from dingji.naming import unique
from dingji.read.grid import CellValue, Grid, cells

LONGEST_NAME: Final = 31
LONGEST_TEXT: Final = 32_767
MOST_CELLS: Final = 1_000_000
"""A book with more cells is not made anew: no form has as many."""
WIDTH: Final = 14
_FORBIDDEN: Final = dict.fromkeys(map(ord, "[]:*?/\\"), "＿")


def sheet_names(grids: Sequence[Grid]) -> list[str]:
    """Return the names that the sheets get: their own, as far as .xlsx allows them."""
    legal = [grid.name.translate(_FORBIDDEN).strip("'")[:LONGEST_NAME] or "Sheet" for grid in grids]
    return unique(legal, LONGEST_NAME * 4)


def converted(grids: Sequence[Grid]) -> bytes:
    """Return a workbook of these sheets: the values as they were read, dates as dates, text as text."""
    book = new_book("")
    day, moment = (book.add_format({"num_format": code}) for code in (DATE_FORMAT, f"{DATE_FORMAT} hh:mm:ss"))
    for name, grid in zip(sheet_names(grids), grids, strict=True):
        target = book.add_worksheet(name)
        target.set_column(0, max(map(len, grid.rows), default=1), WIDTH)
        if name == META_SHEET:
            target.hide()
        for row, column, value in cells(grid):
            _write(target, (row, column), value, (day, moment))
    return book.sealed()


def _write(target: Worksheet, place: tuple[int, int], value: CellValue, looks: tuple[Format, Format]) -> None:
    day, moment = looks
    match value:
        case str():
            target.write_string(*place, value[:LONGEST_TEXT])
        case bool():
            target.write_boolean(*place, value)
        case datetime() if value.time() == time():
            target.write_datetime(*place, value, day)
        case datetime() | date() | time() | timedelta():
            # the library takes all four, but is annotated for the first alone
            target.write_datetime(*place, cast("datetime", value), day if type(value) is date else moment)
        case _:
            target.write_number(*place, value)
