"""Where a form's sheet and columns are in a workbook: found by heading text, wherever someone moved them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dingji.forms.declare import Column, Form, HeadCell, Sheet
from dingji.intake.grid import CellValue, Grid, address, cells, normal, text_of
from dingji.problems import Problem

HEADER_SEARCH = 60
"""Rows from the top within which a table's heading row is looked for."""


@dataclass(frozen=True)
class Located:
    """A declared sheet found in a grid: its heading row and the grid column of each declared column found."""

    sheet: Sheet
    grid: Grid
    header: int
    places: tuple[tuple[Column, int], ...]

    @property
    def missing(self) -> list[str]:
        """Return the headings that are needed for reading and were not found."""
        found = {column.heading for column, _ in self.places}
        return [column.heading for column in self.sheet.columns if is_read(column) and column.heading not in found]


def is_read(column: Column) -> bool:
    """Say whether a column must be there for the sheet to be read."""
    return column.needed and (column.key or column.reads not in ("printed", "formula"))


def locate_sheet(sheet: Sheet, grids: Sequence[Grid]) -> Located | None:
    """Find a declared sheet: the grid of that name first, else any grid with its heading row."""
    named = [grid for grid in grids if normal(grid.name) == normal(sheet.name)]
    others = [grid for grid in grids if grid not in named]
    for grid in (*named, *others):
        located = _locate_in(sheet, grid)
        if located:
            return located
    return None


def _locate_in(sheet: Sheet, grid: Grid) -> Located | None:
    """Take the row with the most of the sheet's headings, if it has at least two thirds of those needed."""
    headings = {normal(column.heading): column for column in sheet.columns}
    needed = sum(is_read(column) for column in sheet.columns)
    best: Located | None = None
    for row, line in enumerate(grid.rows[:HEADER_SEARCH]):
        places = _header_places(line, headings)
        found = sum(is_read(column) for column, _ in places)
        if found * 3 >= needed * 2 and len(places) > (len(best.places) if best else 1):
            best = Located(sheet, grid, row, places)
    return best


def _header_places(line: Sequence[CellValue], headings: dict[str, Column]) -> tuple[tuple[Column, int], ...]:
    places: dict[str, int] = {}
    for column, value in enumerate(line):
        if isinstance(value, str) and value and normal(value) in headings:
            places.setdefault(normal(value), column)
    return tuple((headings[heading], place) for heading, place in places.items())


def is_repeated_header(located: Located, row: int) -> bool:
    """Say whether a row repeats the headings, as in a table broken over pages."""
    same = sum(
        normal(text_of(located.grid.value(row, place))) == normal(column.heading) for column, place in located.places
    )
    return same * 2 > len(located.places)


@dataclass(frozen=True)
class HeadValue:
    """What stands to the right of a head cell's label, with its address."""

    label: str
    value: CellValue
    sheet: str
    cell: str


def read_head(form: Form, grids: Sequence[Grid]) -> dict[str, HeadValue]:
    """Find the value of every head cell of a form; a label without a value is left out."""
    labels = {normal(head.label): head for head in form.head}
    found: dict[str, HeadValue] = {}
    for grid in grids:
        for row, column, value in cells(Grid(grid.name, grid.rows[:HEADER_SEARCH])):
            if isinstance(value, str) and (head := _head_label(value, labels)) and head.label not in found:
                answer = _value_right_of(grid, row, column, value, labels)
                if answer:
                    found[head.label] = HeadValue(head.label, answer[1], grid.name, address(row, answer[0]))
    return found


def _head_label(value: str, labels: dict[str, HeadCell]) -> HeadCell | None:
    head, _, _ = value.replace("：", ":").partition(":")
    return labels.get(normal(head)) if len(value) <= 80 else None  # noqa: PLR2004 - a label with its value is short


def _value_right_of(
    grid: Grid, row: int, column: int, value: str, labels: dict[str, HeadCell]
) -> tuple[int, CellValue] | None:
    """Return column and value: behind the label's own colon, else the next filled cell unless that is a label too."""
    _, _, behind = value.replace("：", ":").partition(":")
    if behind.strip():
        return column, behind.strip()
    for place in range(column + 1, len(grid.rows[row])):
        answer = grid.value(row, place)
        if answer == "":
            continue
        is_label = isinstance(answer, str) and _head_label(answer, labels) is not None
        return None if is_label else (place, answer)
    return None


def missing_columns(located: Located) -> list[Problem]:
    """Return one problem naming every needed heading that is not there."""
    if not located.missing:
        return []
    what = f"{located.sheet.name}：{'、'.join(located.missing)}"
    return [Problem("E117", sheet=located.grid.name, values={"what": what})]
