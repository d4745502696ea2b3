"""Sheets of a recognised workbook that were not read though somebody filled them in as the same form."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from dingji.comparing import normal
from dingji.forms.declare import CLAIMED, Form
from dingji.forms.stamp import META_SHEET
from dingji.problems import Problem
from dingji.read.grid import Grid, text_of
from dingji.read.locate import Located, is_filled, located_all, read_head

IDENTITY = ("党组织编码", "党组织名称", "评委")
"""Labels of a head by which two sheets are told to be of two owners."""


def unread_sheets(form: Form, read: Collection[str], grids: Sequence[Grid]) -> list[Problem]:
    """Return a problem for each sheet with a form's headings and something typed that is none of those read."""
    expected = {META_SHEET, CLAIMED, *(normal(sheet.name) for sheet in form.reference)}
    others = [grid for grid in grids if grid.name not in read and normal(grid.name) not in expected]
    return [problem for grid in others if (problem := _unread(form, grid))]


def _unread(form: Form, grid: Grid) -> Problem | None:
    """Return the problem of a sheet that was filled in; one that bears a page's name is that page and no other."""
    own = [sheet for sheet in form.sheets if normal(sheet.name) == normal(grid.name)]
    for sheet in own or form.sheets:
        if any(not found.missing and is_filled(found) for found in located_all(sheet, [grid])):
            return Problem("W234", sheet=grid.name, values={"form": form.title})
    return None


def rivals(form: Form, located: Sequence[Located], grids: Sequence[Grid]) -> list[Problem]:
    """Return a problem for each sheet that another one of the same owner rivals: both seen, filled, and different."""
    problems = []
    for found in located:
        others = [
            one
            for one in located_all(found.sheet, grids, [sheet.name for sheet in form.sheets if sheet != found.sheet])
            if one.grid is not found.grid and not one.missing and not one.grid.hidden and is_filled(one)
        ]
        same = [one for one in others if _owner(form, one.grid) == _owner(form, found.grid)]
        named = [one.grid.name for one in (found, *same)]
        if is_filled(found) and any(_typed(one) != _typed(found) for one in same):
            problems.append(Problem("E247", sheet=found.grid.name, values={"what": "”“".join(named)}))
    return problems


def _owner(form: Form, grid: Grid) -> list[str]:
    head = read_head(form, [grid])
    return [normal(text_of(head[label].value)) if label in head else "" for label in IDENTITY]


def _typed(located: Located) -> list[list[str]]:
    """Return what stands below the headings, by column and without blank rows."""
    places = [place for _, place in located.places]
    below = range(located.header + 1, len(located.grid.rows))
    lines = [[text_of(located.grid.value(number, place)) for place in places] for number in below]
    return [line for line in lines if any(line)]
