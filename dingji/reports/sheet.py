"""A report table on a worksheet: title, headings, rows, notes, widths for Chinese, print set-up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dingji.forms.layout import height
from dingji.forms.palette import set_up_print
from dingji.reports.columns import NOTHING, Cell, Cells, Kind, Live, LiveCells, ReportColumn, ReportTable, Shown, each
from dingji.reports.flat import TEXT_LIMIT, FlatSheet, Pieces, number_of
from dingji.reports.styles import Styles
from dingji.reports.widths import heights_of, widths_of

TITLE_HEIGHT = 30
TITLE_SCALE = 1.6
FOOTER = "&C第 &P 页　共 &N 页"
WIDE_FOOTER = f"{FOOTER}&R本表较宽，用 A3 纸横向打印"
LONG_FOOTER = f"{FOOTER}&R本表很宽，用 A3 纸横向分 {{}} 页打印"
A4_WIDTH = 210
"""So many half-width characters are still read on A4, one page wide; a wider sheet prints on A3, and says why."""
A3_WIDTH = 2 * A4_WIDTH
"""The same on A3; a still wider sheet takes several pages side by side, its names on each."""
HEAD_ROWS = 2
NAMES = 2
"""Columns that stand on each of several pages side by side: code and name."""
ROW_HEIGHT = 18.0
"""Of a row of one line, in points."""


@dataclass(frozen=True)
class Layout:
    """How a sheet is read: columns that stay in view, and tints by a cell's text.

    The rows of a `long` sheet have the height that the office program gives them, unless they need more.
    """

    frozen: int = 2
    tints: Mapping[str, str] = field(default_factory=dict)
    long: bool = False
    widths: Sequence[int] = ()
    """Of the columns, where the tables of this sheet alone do not settle them."""

    @property
    def least(self) -> str:
        """Return the attributes of a row of one line."""
        return "" if self.long else f' ht="{ROW_HEIGHT:g}" customHeight="1"'


@dataclass(frozen=True)
class Placed:
    """Where a table stands on its sheet: rows count from 0; `first` > `last` where it has no rows."""

    table: ReportTable
    heading: int
    first: int
    last: int
    end: int


def cell_value(value: Cell, kind: Kind, places: int = 2) -> str | float:
    """Return what a cell holds: text, or the number that shows exactly the printed figure."""
    if value is None:
        return NOTHING
    if isinstance(value, str | int):
        return value
    if isinstance(value, Shown):
        return cell_value(value.value, value.kind, places)
    if isinstance(value, Live):
        return value.value
    if kind == "exact":
        return float(value)
    return rounded(value, {"share": 4, "score": places}.get(kind, 6))


def rounded(number: Fraction, places: int) -> float:
    """Return the double nearest to a number rounded 四舍五入: `numbers.half_up`, but quick."""
    scale: int = 10**places
    top, bottom = number.numerator, number.denominator
    whole = (2 * abs(top) * scale + bottom) // (2 * bottom)
    return (whole if top >= 0 else -whole) / scale


def prepare(sheet: Worksheet, widths: Sequence[int]) -> None:
    """Set widths and the printed page: landscape, as wide as can be read, headings on each page, numbered pages."""
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    wide = sum(widths) > A4_WIDTH
    set_up_print(sheet, landscape=True, paper="A3" if wide else "A4")
    sheet.repeat_rows(0, HEAD_ROWS - 1)
    sheet.set_footer(WIDE_FOOTER if wide else FOOTER)
    if (pages := -(-sum(widths) // A3_WIDTH)) > 1:
        sheet.fit_to_pages(pages, 0)
        sheet.repeat_columns(0, NAMES - 1)
        sheet.set_footer(LONG_FOOTER.format(pages))


def freeze(sheet: Worksheet, placed: Placed, layout: Layout) -> None:
    """Keep headings and name columns in view, and let the table be filtered."""
    sheet.freeze_panes(placed.first, layout.frozen)
    totals = placed.table.totals
    last = max(placed.last - totals, placed.heading)
    sheet.autofilter(placed.heading, 0, last, len(placed.table.columns) - 1)


def put_sheet(
    sheet: FlatSheet, styles: Styles, tables: Sequence[ReportTable], layout: Layout, stamp: str = ""
) -> list[Placed]:
    """Write tables below each other, and the stamp below them; the first one's headings stay in view."""
    widths = layout.widths or widths_of(tables)
    prepare(sheet, widths)
    placed: list[Placed] = []
    for table in tables:
        row = placed[-1].end if placed else -1
        placed.append(write_table(sheet, styles, table, widths, layout, row + 1))
    if stamp:
        sheet.write_string(placed[-1].end, 0, stamp, styles.look("stamp"))
    freeze(sheet, placed[0], layout)
    return placed


def write_head(sheet: Worksheet, styles: Styles, table: ReportTable, widths: Sequence[int], row: int = 0) -> int:
    """Write the title across the table and the headings; return the first row of the body."""
    columns = table.columns
    merged(sheet, row, len(columns), table.title, styles.look("title"))
    lines = height([(table.title, sum(widths[: len(columns)]) / TITLE_SCALE)], 0) / height([("", 9)], 0)
    sheet.set_row(row, TITLE_HEIGHT * max(1, round(lines)))
    for index, column in enumerate(columns):
        sheet.write_string(row + 1, index, column.heading, styles.look("heading"))
    sheet.set_row(row + 1, height(_heads(columns, widths), 22))
    return row + HEAD_ROWS


def _heads(columns: Sequence[ReportColumn[Any, Any]], widths: Sequence[int]) -> list[tuple[str, float]]:
    return [(column.heading, width) for column, width in zip(columns, widths, strict=False)]


def merged(sheet: Worksheet, row: int, count: int, text: str, look: Any) -> None:  # noqa: ANN401 - as there
    """Write a text across so many columns; one column needs no merging."""
    if count > 1:
        sheet.merge_range(row, 0, row, count - 1, "", look)
    sheet.write_string(row, 0, text, look)


def write_table(
    sheet: FlatSheet, styles: Styles, table: ReportTable, widths: Sequence[int], layout: Layout, row: int = 0
) -> Placed:
    """Write a whole table from a row on; return where it stands and the first row below its notes."""
    first = write_head(sheet, styles, table, widths, row)
    count = len(table) - table.totals
    heights = heights_of(table, widths)
    if count:
        columns = [
            _pieces(sheet, styles, column, values[:count], layout)
            for column, values in zip(table.columns, table.values, strict=True)
        ]
        body = {place: points for place, points in heights.items() if place < count}
        sheet.put_columns(first, count, columns, body, layout.least)
    for place, cells in enumerate(table.rows[count:] if table.totals else (), start=count):
        _write_sums(sheet, styles, table, first + place, cells)
        sheet.set_row(first + place, heights.get(place, ROW_HEIGHT))
    last = first + len(table) - 1
    end = _write_notes(sheet, styles, table, widths, last + 1)
    return Placed(table, row + 1, first, last, end)


def _pieces(sheet: FlatSheet, styles: Styles, column: ReportColumn[Any, Any], cells: Cells, layout: Layout) -> Pieces:
    """Return what gives the XML of a column's cells, made once a value."""

    @cache
    def look(kind: Kind, tint: str) -> int:
        return number_of(styles.cell(kind, column.places, tint=tint))

    def piece(cell: Cell) -> str:
        kind = cell.kind if isinstance(cell, Shown) else column.kind
        words = cell.value if isinstance(cell, Live) else cell
        tint = layout.tints.get(words, "") if kind == "grade" and isinstance(words, str) else ""
        value, style = cell_value(cell, kind, column.places), look(kind, tint)
        return sheet.formula(cell.formula, value, style) if isinstance(cell, Live) else sheet.piece(value, style)

    def some(rows: slice) -> list[str]:
        own = cells[rows]
        if isinstance(own, LiveCells):
            return _live_pieces(sheet, own, column.kind, layout, look)
        if column.kind != "grade" and set(map(type, own)) == {str}:
            return sheet.pieces(own, look(column.kind, ""))  # type: ignore[arg-type] # texts all of them
        return each(own, piece)

    return some


def _live_pieces(
    sheet: FlatSheet, cells: LiveCells, kind: Kind, layout: Layout, look: Callable[[Kind, str], int]
) -> list[str]:
    tints = layout.tints if kind == "grade" else {}
    styles = [look(kind, tints.get(value, "") if isinstance(value, str) else "") for value in cells.figures]
    return [sheet.formula(*each_) for each_ in zip(cells.formulas, cells.figures, styles, strict=True)]


def _write_sums(sheet: Worksheet, styles: Styles, table: ReportTable, row: int, cells: Cells) -> None:
    """Write a row of sums cell by cell: charts look there for the figures that they keep."""
    for index, (column, cell) in enumerate(zip(table.columns, cells, strict=True)):
        kind = cell.kind if isinstance(cell, Shown) else column.kind
        look = styles.cell(kind, column.places, total=True)
        _put(sheet, row, index, cell_value(cell, kind, column.places), look)


def _put(sheet: Worksheet, row: int, index: int, value: str | float, look: Format) -> None:
    if not isinstance(value, str):
        sheet.write_number(row, index, value, look)
    elif value:
        sheet.write_string(row, index, value[:TEXT_LIMIT], look)
    else:
        sheet.write_blank(row, index, None, look)


def _write_notes(sheet: Worksheet, styles: Styles, table: ReportTable, widths: Sequence[int], row: int) -> int:
    count = len(table.columns)
    for offset, note in enumerate(table.notes):
        merged(sheet, row + offset, count, note, styles.look("note"))
        sheet.set_row(row + offset, height([(note, sum(widths[:count]))], 20))
    return row + len(table.notes)
