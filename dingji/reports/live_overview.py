"""一览表 of the result workbook: its figures as formulas that look where they are reckoned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any, Final

from dingji.checkcode import COMPUTED
from dingji.reports.columns import Cell, Cells, Live, ReportColumn, ReportTable
from dingji.reports.flat import FlatSheet
from dingji.reports.formulas import NOISE
from dingji.reports.overview import source_headings
from dingji.reports.reckoned import Place, Reckoned
from dingji.reports.sheet import Placed, cell_value
from dingji.reports.view import OutcomeView
from dingji.scheme.model import Source
from dingji.scoring.worked import Stated

MOST_LINKS: Final = 65_530
"""Links that a sheet takes."""
UNIT, COMPOSITE = "党组织编码", "综合得分"


def live_overview(table: ReportTable, view: OutcomeView, reckoned: Reckoned) -> ReportTable:
    """Return 一览表 with formulas where figures are reckoned by one; what it shows, and its notes, stay as they are."""
    units = [str(unit) for unit in table.values[table.headings.index(UNIT)]]
    sources = {id_: source_headings(view.outcome, scheme) for id_, scheme in view.outcome.schemes.items()}

    def place_of(heading: str, unit: str) -> Place | None:
        if heading == COMPOSITE:
            return reckoned.composite(unit)
        if heading == COMPUTED:
            return reckoned.grade(unit)
        source = sources[view.results[unit]["scheme"]].get(heading)
        return reckoned.source(unit, source.name) if source else None

    headings = {COMPOSITE, COMPUTED, *(heading for own in sources.values() for heading in own)}
    values = [
        _live(column, cells, [place_of(column.heading, unit) for unit in units], reckoned)
        if column.heading in headings
        else cells
        for column, cells in zip(table.columns, table.values, strict=True)
    ]
    return replace(table, values=tuple(values))


def insert_links(sheet: FlatSheet, placed: Placed, view: OutcomeView, reckoned: Reckoned) -> None:
    """Let every source's figure lead to its marks in 得分明细, and every composite to how it is reckoned."""
    table = placed.table
    units = [str(unit) for unit in table.values[table.headings.index(UNIT)]]
    sources = {id_: source_headings(view.outcome, scheme) for id_, scheme in view.outcome.schemes.items()}
    leading = [(index, heading) for index, heading in enumerate(table.headings) if _leads(heading, sources)]
    for index, heading in leading if len(units) * len(leading) <= MOST_LINKS else ():
        for row, unit in enumerate(units, start=placed.first):
            source = sources[view.results[unit]["scheme"]].get(heading)
            place = reckoned.composite(unit) if heading == COMPOSITE else None
            cell = reckoned.marks.first(unit, source.name) if source else place.cell if place else None
            if cell:
                sheet.link(row, index, cell.replace("$", ""))


def _leads(heading: str, sources: Mapping[str, Mapping[str, Source]]) -> bool:
    return heading == COMPOSITE or any(heading in own for own in sources.values())


def _live(column: ReportColumn[Any, Any], cells: Cells, places: list[Place | None], reckoned: Reckoned) -> Cells:
    shown = reckoned.stated.common(Stated("一览表小数位数", Fraction(column.places)))
    made = partial(_cell, column, (reckoned.stated.common(NOISE), shown))
    return [made(cell, place) for cell, place in zip(cells, places, strict=True)]


def _cell(column: ReportColumn[Any, Any], rounding: tuple[str, str], cell: Cell, place: Place | None) -> Cell:
    """Return a cell with its formula; one that shows nothing, or that no formula reckons, stays as it is."""
    if place is None or not place.live or cell in (None, ""):
        return cell
    if column.kind != "score":
        return Live(place.cell, str(cell))
    noise, shown = rounding
    return Live(f"ROUND(ROUND({place.cell},{noise}),{shown})", cell_value(cell, column.kind, column.places))
