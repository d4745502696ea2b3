"""A sheet of a form while it is written, and the small steps that its top and its body share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from dingji.forms.declare import HINT, Column, Form, Sheet
from dingji.forms.filling import Block, Cells, Filling, Value
from dingji.forms.layout import written_columns
from dingji.forms.palette import Palette
from dingji.forms.validation import ChoiceLists, Ruled, rule_for

HINT_COLUMN = Column(HINT, reads="printed", width=16)
Bounds = tuple[Fraction | None, Fraction | None, tuple[str, ...]]


@dataclass(frozen=True)
class Page:
    """One sheet: what is declared, what is filled in, and where it is written to."""

    target: Worksheet
    form: Form
    sheet: Sheet
    filling: Filling
    columns: tuple[Column, ...]
    palette: Palette
    lists: ChoiceLists

    @property
    def widths(self) -> list[int]:
        """Return the columns' widths in half-width characters."""
        return [column.width for column in self.columns]

    @property
    def last(self) -> int:
        """Return the index of the last column."""
        return len(self.columns) - 1

    @property
    def printed(self) -> Mapping[str, Cells]:
        """Return the values of a printed sheet by row key."""
        return self.filling.printed.get(self.sheet.name, {})

    @property
    def rows(self) -> Sequence[Cells]:
        """Return the given rows of a wide sheet or of records."""
        return self.filling.rows.get(self.sheet.name, ())

    @property
    def blocks(self) -> Sequence[Block]:
        """Return the branches whose rows stand here, where printed rows stand once a branch."""
        return self.filling.blocks.get(self.sheet.name, ())

    @property
    def spare(self) -> int:
        """Return the number of empty rows: the filling's own, else the sheet's."""
        return self.filling.spare.get(self.sheet.name, self.sheet.spare)


def page_of(target: Worksheet, form: Form, sheet: Sheet, filling: Filling, tools: tuple[Palette, ChoiceLists]) -> Page:
    """Return the page of a sheet, with the columns that this filling needs."""
    columns = written_columns(form, sheet, filling.rows.get(sheet.name, ()))
    blocks = filling.blocks.get(sheet.name, ())
    hinted = [HINT_COLUMN] if filling.hints.get(sheet.name) or any(block.hints for block in blocks) else []
    return Page(target, form, sheet, filling, (*columns, *hinted), *tools)


def put(target: Worksheet, row: int, column: int, value: Value, look: Format) -> None:
    """Write one value by its type; text is always text, whatever it begins with."""
    if value is None or value == "":
        target.write_blank(row, column, None, look)
    elif isinstance(value, str):
        target.write_string(row, column, value, look)
    elif isinstance(value, date):
        target.write_datetime(row, column, datetime.combine(value, time.min), look)
    else:
        target.write_number(row, column, float(value), look)


def put_across(page: Page, row: int, span: tuple[int, int], value: Value, look: Format) -> None:
    """Write one value into a span of columns, merged where it is more than one."""
    first, last = span
    if first < last:
        page.target.merge_range(row, first, row, last, "", look)
    put(page.target, row, first, value, look)


def validate(page: Page, column: Column, rows: Sequence[int], index: int, bounds: Bounds) -> None:
    """Put the rule of a column on the cells of these rows (rising), in one rule for all."""
    ruled = Ruled(column, *bounds, xl_rowcol_to_cell(rows[0], index), page.sheet.excusable)
    rule = rule_for(ruled, page.lists)
    if rule is None:
        return
    ranges = " ".join(xl_range(first, index, last, index) for first, last in _runs(rows))
    page.target.data_validation(rows[0], index, rows[-1], index, {**rule, "multi_range": ranges})


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Return rising row numbers as runs without a gap: 3, 4, 5, 8 → (3, 5), (8, 8)."""
    breaks = [index for index in range(1, len(rows)) if rows[index] != rows[index - 1] + 1]
    starts, ends = [0, *breaks], [*breaks, len(rows)]
    return [(rows[start], rows[end - 1]) for start, end in zip(starts, ends, strict=True)]
