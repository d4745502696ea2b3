"""The rows of a form's sheet: which cells are open and which locked, live totals, and each cell's rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from xlsxwriter.utility import xl_range

from dingji.forms.declare import HINT, Column, Row
from dingji.forms.filling import Block, Cells, Value
from dingji.forms.layout import height, open_rows, row_count
from dingji.forms.page import Bounds, Page, put, validate
from dingji.forms.palette import DATE_FORMAT, TEXT_FORMAT, rows_left
from dingji.numbers import decimal_of

CODE_FIELDS = frozenset({"code", "rater", "phone", "merged_into", "successor_of", "item"})
"""What looks like a number and is none: the cell is formatted as text, so that 001 stays 001."""

IDENTITY = frozenset({"code", "name"})
NARROW = 14
SHORT_TEXT = 10
"""Columns up to these widths have their values centred: printed texts and choices, and typed texts."""

COUNTED_BY = 10
"""A stronger line after so many ballots lets them be counted; and long runs of like rows do not print everywhere."""

TOTAL_LABEL = "合计"

PER_BRANCH = (*IDENTITY, "head")
"""What stands once a branch beside its printed rows, in one cell as high as all of them."""

FULL_ROWS = 30
"""So many short rows have room on a page."""
PAGE_ROWS = 12
"""A branch with so many printed rows begins a page of its own."""


@dataclass(frozen=True)
class BodyRow:
    """A row to write: what is printed, what is filled in, and of how many rows it is the first of a branch's.

    A `height` of 0 is a further row of the branch above.
    """

    row: Row | None
    cells: Cells
    height: int = 1


def write_body(page: Page, top: int) -> int:
    """Write all rows from `top` on with their rules; return the row after the last."""
    lines = _lines(page, top)
    fillable: list[dict[Bounds, list[int]]] = [defaultdict(list) for _ in page.columns]
    ballots = page.sheet.shape == "wide" and page.sheet.spare > 0
    for number, line in enumerate(lines, start=top):
        _write_line(page, number, line, fillable, ruled=ballots and (number - top + 1) % COUNTED_BY == 0)
    after = top + len(lines)
    if page.sheet.blocks:
        begins = [top + place for place, line in enumerate(lines) if line.height]
        page.target.set_h_pagebreaks(begins[:: _on_a_page(len(page.sheet.rows))][1:])
    _open_below(page, range(after, after + open_rows(page.sheet, len(lines), len(page.rows))), fillable)
    for index, column in enumerate(page.columns):
        for bounds, rows in fillable[index].items():
            validate(page, column, rows, index, bounds)
    if page.sheet.shape == "printed" and page.sheet.total:
        _write_totals(page, top, lines)
        after += 1
    return after


def _on_a_page(rows: int) -> int:
    """Return how many branches with so many printed rows stand whole on a page."""
    return 1 if rows >= PAGE_ROWS else FULL_ROWS // rows


def _lines(page: Page, top: int) -> list[BodyRow]:
    if page.sheet.blocks:
        blocks = page.blocks or [Block()] * page.sheet.blocks
        return [line for block in blocks for line in _block_lines(page.sheet.rows, block)]
    if page.sheet.shape == "printed":
        hints = page.filling.hints.get(page.sheet.name, {})
        return [BodyRow(row, {**page.printed.get(row.key, {}), HINT: hints.get(row.key)}) for row in page.sheet.rows]
    given = [BodyRow(None, cells) for cells in page.rows]
    empty = row_count(page.sheet, len(given), page.spare) - len(given)
    if page.sheet.shape == "records" and not given:
        empty = min(empty, _fitting(page, top)) or empty
    return given + [BodyRow(None, {})] * empty


def _fitting(page: Page, top: int) -> int:
    """Return how many rows from `top` on find room on the page: more can be typed in than a blank sheet prints."""
    return rows_left(page.target, page.widths, top, landscape=page.sheet.landscape, paper=page.sheet.paper)


def _block_lines(rows: Sequence[Row], block: Block) -> list[BodyRow]:
    told = ({**block.printed.get(row.key, {}), HINT: block.hints.get(row.key)} for row in rows)
    first, *others = (BodyRow(row, cells, 0) for row, cells in zip(rows, told, strict=True))
    return [replace(first, cells={**block.cells, **first.cells}, height=len(rows)), *others]


def _open_below(page: Page, rows: range, fillable: list[dict[Bounds, list[int]]]) -> None:
    """Let more rows be typed in than are drawn; empty, they do not print."""
    for index, column in enumerate(page.columns):
        if not rows or not _is_open(page, column, None, None):
            continue
        look = page.palette.look("below", number_format=_number_format(column))
        for number in rows:
            page.target.write_blank(number, index, None, look)
        fillable[index][_bounds(page, column, None)] += rows


def _write_line(
    page: Page, number: int, line: BodyRow, fillable: list[dict[Bounds, list[int]]], *, ruled: bool
) -> None:
    row, cells = line.row, line.cells
    texts = dict(row.texts) if row else {}
    for index, column in enumerate(page.columns):
        if column.reads == "formula":
            _write_row_total(page, number, index, cells)
            continue
        once = bool(page.sheet.blocks) and column.field in PER_BRANCH
        if once and not line.height:
            continue  # a part of the cell above
        value = _value(page, column, texts, cells)
        is_open = _is_open(page, column, row, value)
        name, number_format = _look(page, column, row), _number_format(column)
        look = page.palette.look(name, fillable=is_open, number_format=number_format, ruled=ruled)
        if once and line.height > 1:
            page.target.merge_range(number, index, number + line.height - 1, index, "", look)
        put(page.target, number, index, value, look)
        if is_open:
            fillable[index][_bounds(page, column, row)].append(number)
    if row or cells:
        inside = [column for column in page.columns if line.height == 1 or column.field not in PER_BRANCH]
        shown = [(_text(column, texts, cells), column.width) for column in inside]
        page.target.set_row(number, height(shown))


def _text(column: Column, texts: dict[str, str], cells: Cells) -> str:
    value = texts.get(column.heading) or cells.get(column.heading)
    return value if isinstance(value, str) else ""


def _value(page: Page, column: Column, texts: dict[str, str], cells: Cells) -> Value:
    """Return a cell's value: what is filled in, or the standard's text (a number where it is added up)."""
    if column.heading not in texts:
        return cells.get(column.heading)
    text = texts[column.heading]
    number = decimal_of(text) if column.heading in page.sheet.total else None
    return text if number is None else number


def _is_open(page: Page, column: Column, row: Row | None, value: Value) -> bool:
    if column.reads == "printed" or _is_shut(page, column, row):
        return False
    listed = column.field in IDENTITY and page.sheet.shape == "wide" and page.form.owner != "office"
    return column.heading not in page.filling.fixed and not (listed and value not in (None, ""))


def _is_shut(page: Page, column: Column, row: Row | None) -> bool:
    """Say whether nothing can be filled in here: not this person's column, or no such fact in this row."""
    if column.heading in page.filling.shut:
        return True
    if row is None:
        return False
    if row.rule:
        no_choice = column.reads == "choice" and not row.choices
        return no_choice or (column.field == "value" and not row.unit)
    return column.heading in row.shut


def _look(page: Page, column: Column, row: Row | None) -> str:
    if column.reads != "printed" and _is_shut(page, column, row):
        return "shut"
    if column.heading == HINT:
        return "hint"
    widest = SHORT_TEXT if column.reads == "text" else NARROW
    return "centred" if column.width <= widest else "text"


def _number_format(column: Column) -> str:
    if column.reads == "date":
        return DATE_FORMAT
    if column.places is not None:
        return f"{0:.{column.places}f}"
    return TEXT_FORMAT if column.field in CODE_FIELDS or column.reads == "choice" else ""


def _bounds(page: Page, column: Column, row: Row | None) -> Bounds:
    """Return the bounds and choices of a cell: the printed row's, else the column's."""
    if row is None or page.sheet.shape != "printed":
        return column.low, column.full, column.choices
    if column.reads == "mark":
        return row.low, row.full, ()
    return None, None, row.choices or column.choices


def _write_row_total(page: Page, number: int, index: int, cells: Cells) -> None:
    marks = [position for position, column in enumerate(page.columns) if column.reads == "mark"]
    look = page.palette.look("total")
    typed = [cells.get(page.columns[position].heading) for position in marks]
    area = xl_range(number, marks[0], number, marks[-1])
    page.target.write_formula(number, index, _sum_formula(area), look, _cached(typed))


def _write_totals(page: Page, top: int, lines: Sequence[BodyRow]) -> None:
    number, look = top + len(lines), page.palette.look("total")
    for index, column in enumerate(page.columns):
        if column.heading in page.sheet.total:
            values = [_value(page, column, dict(line.row.texts) if line.row else {}, line.cells) for line in lines]
            area = xl_range(top, index, number - 1, index)
            page.target.write_formula(number, index, _sum_formula(area), look, _cached(values))
        else:
            put(page.target, number, index, TOTAL_LABEL if index == 0 else None, look)


def _sum_formula(area: str) -> str:
    """Return a total that stays empty while nothing is typed: blank is not zero."""
    return f'=IF(COUNT({area})=0,"",SUM({area}))'


def _cached(values: Sequence[Value]) -> int | float | str:
    """Return the total as a spreadsheet would show it, added up exactly."""
    numbers = [Fraction(value) for value in values if isinstance(value, int | float | Decimal | Fraction)]
    total = sum(numbers, Fraction(0))
    if not numbers:
        return ""
    return int(total) if total.denominator == 1 else float(total)
