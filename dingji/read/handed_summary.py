"""汇总表 beside the rows of a result that came in: what it counts must be what the rows give, for it is not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

from dingji.checkcode import GRADES
from dingji.comparing import normal
from dingji.numbers import decimal_of_float, plain
from dingji.problems import Problem
from dingji.read.changed_cell import MEMBERS
from dingji.read.grid import CellValue, Grid, text_of
from dingji.read.locate import Located
from dingji.read.rows import Columns, lines_of_branches

SUMMARY: Final = "汇总表"
TOTAL: Final = "合计"
COUNTED: Final = ("党组织总数", MEMBERS, "已定级", "未定级")
"""Headings of counts, beside the grades'."""
TOLD: Final = 3


def summary_problems(
    located: Located, columns: Columns, grids: Sequence[Grid], grades: Sequence[str]
) -> Iterator[Problem]:
    """Yield a problem where 汇总表 counts otherwise than the rows do, or does not add up.

    `columns` is what was read of the result's sheet; `grades` are the standards' labels.
    """
    others = (grid for grid in grids if grid is not located.grid and normal(grid.name) == SUMMARY)
    for grid in others:
        header = next((row for row, line in enumerate(grid.rows) if {*map(str, line)} & set(grades)), None)
        if header is None:
            continue
        faults = [
            *_against_rows(grid, header, _counted(located, columns, grades)),
            *_not_adding_up(grid, header, grades),
        ]
        if faults:
            more = f"等 {len(faults)} 处" if len(faults) > TOLD else ""
            yield Problem("W626", sheet=grid.name, values={"what": "；".join(faults[:TOLD]) + more})


def _counted(located: Located, columns: Columns, grades: Sequence[str]) -> Mapping[str, Fraction]:
    """Return what the rows come to by heading of 汇总表: how many have each grade, and their members."""
    grid = located.grid
    headings = ["".join(str(value).split()) for value in grid.rows[located.header]]
    lines = lines_of_branches(columns, grid.name)
    places = [headings.index(heading) for heading in GRADES if heading in headings]
    found = Counter(next((text for at in places if (text := text_of(grid.value(row, at)))), "") for row in lines)
    settled = sum(found[grade] for grade in grades)
    of_grades = {**found, "已定级": settled, "未定级": len(lines) - settled} if places else {}
    numbers = {**dict.fromkeys(grades if places else (), 0), **of_grades, "党组织总数": len(lines)}
    counted = {name: Fraction(number) for name, number in numbers.items() if name}
    if MEMBERS in headings:
        members = [_figure(grid.value(row, headings.index(MEMBERS))) for row in lines]
        if None not in members:
            counted[MEMBERS] = sum((number for number in members if number is not None), Fraction(0))
    return counted


def _against_rows(grid: Grid, header: int, counted: Mapping[str, Fraction]) -> Iterator[str]:
    total = _rows(grid, header)[1]
    for place, heading in enumerate(map(str, grid.rows[header])):
        told = _figure(grid.value(total, place)) if total is not None else None
        if heading in counted and told is not None and told != counted[heading]:
            yield f"“{heading}”{TOTAL} {plain(told)}，一览表中是 {plain(counted[heading])}"


def _not_adding_up(grid: Grid, header: int, grades: Sequence[str]) -> Iterator[str]:
    own, total = _rows(grid, header)
    for place, heading in enumerate(map(str, grid.rows[header])):
        parts = [_figure(grid.value(row, place)) for row in own]
        told = _figure(grid.value(total, place)) if total is not None else None
        if heading not in (*COUNTED, *grades) or not parts or told is None or None in parts:
            continue
        summed = sum((part for part in parts if part is not None), Fraction(0))
        if summed != told:
            yield f"“{heading}”各单位加起来是 {plain(summed)}，{TOTAL}写的是 {plain(told)}"


def _rows(grid: Grid, header: int) -> tuple[list[int], int | None]:
    """Return the rows of units, and that of the total; of one unit alone its row is the total."""
    own: list[int] = []
    for row in range(header + 1, len(grid.rows)):
        first = normal(text_of(grid.value(row, 0)))
        if first == TOTAL:
            return own, row
        if not first or _figure(grid.value(row, 1)) is None:
            break
        own.append(row)
    return (own, own[0]) if len(own) == 1 else (own, None)


def _figure(value: CellValue) -> Fraction | None:
    """Return a count; None of what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return Fraction(decimal_of_float(float(value)) or 0)
