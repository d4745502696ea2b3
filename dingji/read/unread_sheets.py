"""Sheets of a recognised workbook that were not read though somebody filled them in as the same form."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from dingji.comparing import normal
from dingji.forms.declare import Form
from dingji.forms.stamp import META_SHEET
from dingji.problems import Problem
from dingji.read.grid import Grid
from dingji.read.lines import ROSTER_SHEETS, WHO, typed_columns
from dingji.read.locate import Located, locate_sheet


def unread_sheets(form: Form, read: Collection[str], grids: Sequence[Grid]) -> list[Problem]:
    """Return a problem for each sheet with a form's headings and something typed that is none of those read."""
    expected = {META_SHEET, *(normal(sheet.name) for sheet in (*form.sheets, *form.reference))}
    others = [grid for grid in grids if grid.name not in read and normal(grid.name) not in expected]
    return [problem for grid in others if (problem := _unread(form, grid))]


def _unread(form: Form, grid: Grid) -> Problem | None:
    for sheet in form.sheets:
        found = locate_sheet(sheet, [grid])
        if found and not found.missing and _is_filled(found):
            return Problem("W234", sheet=grid.name, values={"form": form.title})
    return None


def _is_filled(located: Located) -> bool:
    named = located.sheet.name in ROSTER_SHEETS  # elsewhere whose row it is was printed before anybody typed
    typed = [place for _, column, place in typed_columns(located) if named or column.field not in WHO]
    below = range(located.header + 1, len(located.grid.rows))
    return any(located.grid.value(number, place) != "" for number in below for place in typed)
