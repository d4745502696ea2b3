"""Tables of very many rows: each column is turned into XML as a whole.

XlsxWriter keeps an object a cell and serialises each by itself, which takes most of the time of a workbook
with hundreds of thousands of cells. Here equal values of a column share one piece of XML. Title, headings and
everything else go through XlsxWriter's own methods and stand above the flat rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from dingji.reports.columns import NOTHING, Cell, ReportColumn, ReportTable, Shown
from dingji.reports.sheet import TEXT_LIMIT, Placed, cell_value, write_head
from dingji.reports.styles import Styles
from dingji.reports.widths import heights_of

Value = str | float
Styled = tuple[float | str, Format]
"""A value whose format is not its column's."""


class FlatSheet(Worksheet):
    """A worksheet whose body is put in column by column, below everything else."""

    def __init__(self) -> None:
        super().__init__()
        self._flat: list[str] = []
        self._whole: Any = self

    def put_columns(
        self,
        first: int,
        columns: Sequence[Sequence[Value | Styled]],
        formats: Sequence[Format],
        heights: Mapping[int, float],
    ) -> None:
        """Put rows, given as columns of equal length with a format each, from row `first` (from 0) on.

        `heights`, in points, are of rows with more than one line, by their place among these rows. Text is never
        a formula or a link. To be called once, after all that stands above.
        """
        count = len(columns[0])
        numbers = [str(number) for number in range(first + 1, first + count + 1)]
        openings = [f'<row r="{number}">' for number in numbers]
        for place, points in heights.items():
            openings[place] = f'<row r="{numbers[place]}" ht="{points!r}" customHeight="1">'
        pieces = [openings]
        for index, (values, style) in enumerate(zip(columns, formats, strict=True)):
            pieces.append(self._cells(xl_col_to_name(index), numbers, values, style))
        self._flat = ["".join(row) + "</row>" for row in zip(*pieces, strict=True)]
        self._check_dimensions(first + count - 1, len(columns) - 1)

    def _cells(self, letter: str, numbers: Sequence[str], values: Sequence[Value | Styled], style: Format) -> list[str]:
        """Return the XML of a column's cells; what follows the address is made once a value, in order."""
        times = Counter(values)
        ends = {value: self._end(value, style) for value in times}
        again = sum(count - 1 for value, count in times.items() if value and isinstance(value, str))
        self._whole.str_table.count += again
        cells = zip(numbers, values, strict=True)
        return [f'<c r="{letter}{number}{ends[value]}' for number, value in cells]

    def _end(self, value: Value | Styled, style: Format) -> str:
        """Return what follows a cell's address: its format and value."""
        if isinstance(value, tuple):
            return self._end(*value)
        index = _index_of(style)
        if not isinstance(value, str):
            return f'" s="{index}"><v>{value!r}</v></c>'
        return f'" s="{index}" t="s"><v>{self._shared(value)}</v></c>' if value else f'" s="{index}"/>'

    def _shared(self, text: str) -> int:
        """Return the number of a text in the workbook's list of shared texts."""
        shared = self._whole.str_table
        index: int = shared._get_shared_string_index(text[:TEXT_LIMIT])  # noqa: SLF001 - as XlsxWriter does
        return index

    def _write_rows(self) -> None:
        """Write XlsxWriter's own rows, then the flat ones; overrides the one method that serialises rows."""
        last, self._whole.dim_rowmax = self.dim_rowmax, max(self.table, default=0)
        super()._write_rows()
        self._whole.dim_rowmax = last
        self._whole.fh.write("".join(self._flat))
        self._flat = []


def _index_of(style: Any) -> int:  # noqa: ANN401 - asks what XlsxWriter keeps to itself
    """Return the number by which cells name a format."""
    index: int = style._get_xf_index()  # noqa: SLF001 - there is no public way
    return index


def flat_sheet(book: Any, name: str) -> FlatSheet:  # noqa: ANN401 - XlsxWriter's workbook carries no types
    """Add a flat worksheet to a workbook."""
    sheet = book.add_worksheet(name, worksheet_class=FlatSheet)
    if not isinstance(sheet, FlatSheet):
        raise TypeError(name)
    return sheet


def write_flat(sheet: FlatSheet, styles: Styles, table: ReportTable, widths: Sequence[int]) -> Placed:
    """Write a long table, its notes left out, grades untinted."""
    first = write_head(sheet, styles, table, widths)
    if table.rows:
        cells = zip(table.columns, zip(*table.rows, strict=True), strict=True)
        columns = [_values(column, values, styles) for column, values in cells]
        formats = [styles.cell(column.kind, column.places) for column in table.columns]
        sheet.put_columns(first, columns, formats, heights_of(table, widths))
    last = first + len(table.rows) - 1
    return Placed(table, 1, first, last, last + 1)


def _values(column: ReportColumn[Any], cells: Sequence[Cell], styles: Styles) -> list[Value | Styled]:
    """Return what a column's cells hold; words, the bulk of them, stay as they are."""
    kind, places = column.kind, column.places
    if kind == "text":
        return [cell if isinstance(cell, str) else NOTHING for cell in cells]
    return [
        (cell_value(cell, kind), styles.cell(cell.kind)) if isinstance(cell, Shown) else cell_value(cell, kind, places)
        for cell in cells
    ]
