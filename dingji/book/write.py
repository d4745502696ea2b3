"""Drawn sheets → workbook bytes: headings with notes, drop-downs, widths for Chinese, set up for printing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from dingji.book.compound import Several
from dingji.book.declare import CHECK, BookColumn, Model, identity
from dingji.book.draw import Drawing, DrawnRow, Heading
from dingji.book.notation import Choice, Content, Number
from dingji.forms.layout import height, line_count, text_width
from dingji.forms.palette import TEXT_FORMAT, Palette, new_book, set_up_print
from dingji.forms.validation import ChoiceLists

HEAD_ROW: Final = 2
OPEN_ROWS: Final = 300
"""Drop-downs reach so many rows below the headings."""
CHECK_WIDTH: Final = 34
VALUE_WIDTH: Final = 26
NOTE_WIDTH: Final = 340
"""Of the note at a heading, in pixels."""
A3_FROM: Final = 170
"""Sheets wider than so many half-width signs print on A3."""
FOOTER: Final = "&C第 &P 页 共 &N 页"
Offers = Mapping[tuple[Model, str], Sequence[str]]
"""Values that a key may have in this workspace, beyond what its type says."""
Lists = tuple[Offers, Mapping[Model, str]]
"""What drop-downs may offer: values of keys, and ranges of names by the table that they name."""


def write_book(title: str, drawings: Sequence[Drawing], offers: Offers) -> bytes:
    """Return the sheets as .xlsx bytes: the same drawings give the same bytes."""
    book = new_book(title)
    palette = Palette(book)
    lists = _lists(drawings)
    for drawing in drawings:
        _write_sheet(book.add_worksheet(drawing.name), title, drawing, palette, (offers, lists))
    return book.sealed()


def _lists(drawings: Sequence[Drawing]) -> Mapping[Model, str]:
    """Return the ranges in which the names of each table stand, by the table."""
    found: dict[Model, str] = {}
    for drawing in drawings:
        for index, heading in enumerate(drawing.headings):
            column = heading.column
            if column and heading.role != "link" and column == identity(column.table):
                letter = xl_col_to_name(index)
                found[column.table] = f"='{drawing.name}'!${letter}${HEAD_ROW + 2}:${letter}${HEAD_ROW + 1 + OPEN_ROWS}"
    return found


def _write_sheet(target: Worksheet, title: str, drawing: Drawing, palette: Palette, lists: Lists) -> None:
    page = Page(target, drawing, palette, widths_of(drawing))
    _set_up(page)
    _write_top(page, f"{title}·{drawing.name}")
    _write_headings(page)
    for number, line in enumerate((*drawing.lines, *[DrawnRow([])] * drawing.spare), start=HEAD_ROW + 1):
        _write_line(page, number, line)
    _offer(page, lists)


@dataclass(frozen=True)
class Page:
    """A sheet while it is written."""

    target: Worksheet
    drawing: Drawing
    palette: Palette
    widths: Sequence[int]

    @property
    def last(self) -> int:
        """Return the index of the last column."""
        return len(self.widths) - 1


def _set_up(page: Page) -> None:
    target = page.target
    for index, width in enumerate(page.widths):
        target.set_column(index, index, width)
    set_up_print(target, landscape=True, paper="A3" if sum(page.widths) > A3_FROM else "A4")
    target.set_footer(FOOTER)
    target.repeat_rows(HEAD_ROW)
    target.freeze_panes(HEAD_ROW + 1, _frozen(page.drawing))
    target.ignore_errors({"number_stored_as_text": f"A1:XFD{HEAD_ROW + 1 + OPEN_ROWS}"})


def _frozen(drawing: Drawing) -> int:
    """Return how many columns stay in view: up to the one by which a row is named."""
    columns = [heading.column for heading in drawing.headings]
    return max((index for index, one in enumerate(columns) if one and one == identity(one.table)), default=1) + 1


def widths_of(drawing: Drawing) -> list[int]:
    """Return widths that fit headings, in up to three lines, and texts, in as many as it takes."""
    found = []
    for index, heading in enumerate(drawing.headings):
        texts = [str(line.cells[index]) for line in drawing.lines if line.cells[index] is not None]
        widest = max((text_width(part) for text in texts for part in text.split("\n")), default=0)
        least = VALUE_WIDTH if heading.role == "value" else max(-(-text_width(heading.text) // 3) + 1, 6)
        found.append(max(min(widest, heading.widest), least) + 2)
    return [*found, CHECK_WIDTH] if drawing.checked else found


def _write_top(page: Page, title: str) -> None:
    """Write title and note; what is found about the sheet as a whole stands at the note's right."""
    target, last = page.target, page.last
    target.merge_range(0, 0, 0, last, "", page.palette.look("title"))
    target.write_string(0, 0, title, page.palette.look("title"))
    target.set_row(0, 30)
    whole = last - 1 if page.drawing.checked else last
    note, check = f"说明：{page.drawing.about}", "\n".join(page.drawing.checks)
    target.merge_range(1, 0, 1, whole, "", page.palette.look("note"))
    target.write_string(1, 0, note, page.palette.look("note"))
    if check:
        target.write_string(1, last, check, page.palette.look("finding"))
    target.set_row(1, height([(note, sum(page.widths[: whole + 1])), (check, page.widths[last])]))


def _write_headings(page: Page) -> None:
    for index, heading in enumerate(page.drawing.headings):
        needed = heading.column is not None and heading.column.required
        page.target.write_string(HEAD_ROW, index, heading.text, page.palette.look("needed" if needed else "heading"))
        if heading.note:
            size = {"width": NOTE_WIDTH, "height": 30 + 18 * line_count(heading.note, NOTE_WIDTH // 7)}
            page.target.write_comment(HEAD_ROW, index, heading.note, {"author": "", "font_size": 9, **size})
    if page.drawing.checked:
        page.target.write_string(HEAD_ROW, page.last, CHECK, page.palette.look("heading"))
    heads = [(heading.text, width) for heading, width in zip(page.drawing.headings, page.widths, strict=False)]
    page.target.set_row(HEAD_ROW, height(heads, least=30))


def _write_line(page: Page, number: int, line: DrawnRow) -> None:
    cells = [*line.cells, *[None] * (len(page.drawing.headings) - len(line.cells))]
    for index, (heading, cell) in enumerate(zip(page.drawing.headings, cells, strict=True)):
        _put(page, (number, index), cell, heading, line)
    if page.drawing.checked:
        check = "\n".join(line.checks)
        page.target.write_string(number, page.last, check, page.palette.look("finding" if check else "text"))
        cells.append(check)
    page.target.set_row(
        number, height([(str(cell or ""), width) for cell, width in zip(cells, page.widths, strict=True)])
    )


def _put(page: Page, place: tuple[int, int], cell: Content | None, heading: Heading, line: DrawnRow) -> None:
    """Write a cell; only what is a number and nothing else is one, for Excel makes a date of 1/3 that is typed."""
    column = line.column if heading.role == "value" else heading.column
    number = column is not None and type(column.notation) is Number
    centred = column is not None and isinstance(column.notation, Number | Choice)
    name = "head" if heading.role == "value" else "centred" if centred else "text"
    fillable = column is not None or heading.role == "value" or (not line.path and page.drawing.open_value)
    look = page.palette.look(name, fillable=fillable, number_format="" if number else TEXT_FORMAT)
    if cell is None:
        page.target.write_blank(*place, None, look)
    elif isinstance(cell, Decimal) and number:
        page.target.write_number(*place, float(cell), look)
    else:
        page.target.write_string(*place, str(cell), look)


def _offer(page: Page, lists: Lists) -> None:
    """Put drop-downs on columns, and on the values of lines that have one of their own."""
    for index, heading in enumerate(page.drawing.headings):
        if heading.column and (rule := _rule(heading.column, lists, link=heading.role == "link")):
            page.target.data_validation(HEAD_ROW + 1, index, HEAD_ROW + OPEN_ROWS, index, rule)
        if heading.role == "value":
            for number, line in enumerate(page.drawing.lines, start=HEAD_ROW + 1):
                if line.column and (rule := _rule(line.column, lists)):
                    page.target.data_validation(number, index, number, index, rule)


def _rule(column: BookColumn, lists: Lists, *, link: bool = False) -> dict[str, Any] | None:
    """Return the drop-down of a column: a closed list stops what is not on it, any other only offers."""
    kind, offers = column.notation, lists[0].get((column.table, column.key), ())
    if isinstance(kind, Choice):
        stop = {"error_title": "请从下拉列表中选", "error_message": f"只能是{kind.words}。"[:255]}
        return {"validate": "list", "source": list(kind.shown), **stop}
    if isinstance(kind, Several) and isinstance(kind.part, Choice):
        offers = kind.part.shown
    source: list[str] | str = ChoiceLists().source(tuple(offers)) if offers else ""
    if isinstance(source, str):  # too long for a rule, or none: names may stand on a sheet of their own
        table = column.table if link else column.names
        source = lists[1].get(table, "") if table else ""
    return {"validate": "list", "source": source, "show_error": False} if source else None
