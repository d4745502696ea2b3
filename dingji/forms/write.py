"""Form + filling → workbook: blanks, forms with their heads filled to hand out, demonstration forms alike."""

from __future__ import annotations

from xlsxwriter import Workbook

from dingji.forms.body import write_body
from dingji.forms.declare import Column, Form, HeadCell
from dingji.forms.filling import BLANK, Filling, Value, check
from dingji.forms.layout import LINE, Spot, head_spots, height, line_count, on_one_page
from dingji.forms.page import Page, page_of, put_across, validate
from dingji.forms.palette import DATE_FORMAT, TEXT_FORMAT, Palette, fit_tail, new_book, set_up_print
from dingji.forms.stamp import META_SHEET, Stamp
from dingji.forms.validation import ChoiceLists

TITLE_SCALE = 1.6
TITLE_LINE = 22.0
STAMP_HEIGHT = 7.5
ROW_HEIGHT = 18
FROZEN_ROWS = 10
FOOTER = "&C第 &P 页 共 &N 页"
SPACE = "　"


def write_form(form: Form, filling: Filling = BLANK) -> bytes:
    """Return the form as .xlsx bytes: the same form and filling give the same bytes.

    ValueError where the filling names a cell that the form does not have.
    """
    check(form, filling)
    book = new_book(form.title)
    stamp = Stamp(form.kind, form.scheme, form.fingerprint, form.round, form.source, filling.who).text()
    tools = (Palette(book), ChoiceLists())
    for sheet in (*form.sheets, *form.reference):
        _write_page(page_of(book.add_worksheet(sheet.name), form, sheet, filling, tools), stamp)
    _write_meta(book, stamp, tools[1])
    return book.sealed()


def _write_page(page: Page, stamp: str) -> None:
    _set_up(page)
    leading = page.sheet is page.form.sheets[0]
    _write_stamp_and_title(page, stamp)
    row = 2
    if leading:
        row = _write_head(page, row)
    if page.sheet.note:
        row = _write_note(page, row)
    _write_headings(page, row)
    _freeze(page, row)
    after = write_body(page, row + 1)
    if leading and page.form.sign_off and page.sheet.shape == "printed":
        put_across(page, after + 1, (0, page.last), page.form.sign_off, page.palette.look("sign"))
        page.target.set_row(after + 1, 30)
        after += 2
    if page.rows or (page.sheet.shape == "wide" and not _grows(page)):
        fit_tail(page.target, page.widths, after, landscape=page.sheet.landscape, paper=page.sheet.paper)
    # The stamp stays on the screen alone; a sheet that takes more rows prints whatever is typed below.
    if not _grows(page) or (page.sheet.complete and page.rows):
        page.target.print_area(1, 0, after - 1, page.last)
    page.target.ignore_errors({"number_stored_as_text": f"A1:XFD{after + 1}"})


def _set_up(page: Page) -> None:
    """Set widths, print and protection: no password, for a lock here guides and does not guard."""
    target = page.target
    for index, width in enumerate(page.widths):
        target.set_column(index, index, width)
    target.set_default_row(ROW_HEIGHT)
    set_up_print(target, landscape=page.sheet.landscape, paper=page.sheet.paper)
    if on_one_page(page.sheet):
        target.fit_to_pages(1, 1)
    target.set_footer(_signed(page) + FOOTER)
    grows = _grows(page)
    options = {"format_columns": True, "format_rows": True, "insert_rows": grows, "delete_rows": grows}
    target.protect("", options)


def _signed(page: Page) -> str:
    """Return where one signs below every page of a list; a line of cells there would pass for a row of it."""
    listed = page.sheet is page.form.sheets[0] and page.sheet.shape != "printed"
    return f"&L{page.form.sign_off}" if listed and page.form.sign_off else ""


def _grows(page: Page) -> bool:
    """Say whether rows may be added to what is drawn."""
    return page.sheet.shape != "printed" and page.sheet.spare > 0


def _write_stamp_and_title(page: Page, stamp: str) -> None:
    page.target.write_string(0, 0, stamp, page.palette.look("stamp"))
    page.target.set_row(0, STAMP_HEIGHT)
    form, sheet = page.form, page.sheet.name
    name = form.heading if sheet == form.title else f"{form.heading}·{sheet}"
    room = sum(page.widths) / TITLE_SCALE
    whose = SPACE.join(filter(None, (page.filling.office, page.form.work)))
    title = f"{whose}{SPACE}{name}"
    if line_count(title, room) > 1:
        title = f"{whose}\n{name}"
    title = "\n".join(filter(None, (title, page.filling.secret)))
    put_across(page, 1, (0, page.last), title, page.palette.look("title"))
    lines = line_count(title, room)
    page.target.set_row(1, lines * TITLE_LINE + 10)


def _head_value(page: Page, cell: HeadCell) -> Value:
    """Return what stands in a head cell: the filling's value, or what the form itself knows."""
    own = {"来源": page.form.source, "轮次": page.form.round}
    return page.filling.head.get(cell.label, own.get(cell.label))


def _write_head(page: Page, top: int) -> int:
    """Write the head cells and their rules from row `top` on; return the row after them."""
    spots = head_spots(page.form.head, page.widths)
    shown: dict[int, list[tuple[str, float]]] = {}
    for spot in spots:
        cell, row, value = spot.cell, top + spot.row, _head_value(page, spot.cell)
        _write_label(page, row, spot)
        fillable = not (cell.prefilled and value not in (None, ""))
        number_format = {"text": TEXT_FORMAT, "choice": TEXT_FORMAT, "date": DATE_FORMAT}.get(cell.reads, "")
        look = page.palette.look("head", fillable=fillable, number_format=number_format)
        put_across(page, row, (spot.first, spot.last), value, look)
        if fillable:
            column = Column(cell.label, reads=cell.reads)
            validate(page, column, [row], spot.first, (None, None, cell.choices))
        room = sum(page.widths[spot.start : spot.first]), sum(page.widths[spot.first : spot.last + 1])
        texts = shown.setdefault(row, [])
        texts += [(cell.label, room[0]), (value if isinstance(value, str) else "", room[1])]
    for row, texts in shown.items():
        page.target.set_row(row, height(texts))
    return max(shown, default=top - 1) + 1


def _write_label(page: Page, row: int, spot: Spot) -> None:
    """Write a label beside its value, over as many columns as it needs."""
    for column in range(spot.start, spot.label):
        look = page.palette.look("label_left" if column == spot.start else "label_middle")
        page.target.write_blank(row, column, None, look)
    look = page.palette.look("label" if spot.start == spot.label else "label_right")
    page.target.write_string(row, spot.label, spot.cell.label, look)


def _write_note(page: Page, row: int) -> int:
    note = f"说明：{page.sheet.note}"
    put_across(page, row, (0, page.last), note, page.palette.look("note"))
    page.target.set_row(row, height([(note, sum(page.widths))]))
    return row + 1


def _write_headings(page: Page, row: int) -> None:
    """Write the heading row: it stays in sight, and stands again on every printed page."""
    for index, column in enumerate(page.columns):
        look = page.palette.look("needed" if page.sheet.stressed and column.needed else "heading")
        page.target.write_string(row, index, column.shown, look)
    texts = [(column.shown, column.width) for column in page.columns]
    page.target.set_row(row, height(texts, least=LINE * 2))
    page.target.repeat_rows(row)


def _freeze(page: Page, row: int) -> None:
    """Keep the headings in sight, and the branch's name where a row is a branch.

    A head so long that a small screen would show little else scrolls away with its headings.
    """
    names = [index for index, column in enumerate(page.columns) if column.field == "name"]
    columns = names[0] + 1 if names and (page.sheet.shape == "wide" or page.sheet.blocks) else 0
    page.target.freeze_panes(row + 1 if row <= FROZEN_ROWS else 0, columns)


def _write_meta(book: Workbook, stamp: str, lists: ChoiceLists) -> None:
    """Write the hidden sheet: the stamp once more, and the choices too many for a rule."""
    meta = book.add_worksheet(META_SHEET)
    meta.very_hidden()
    meta.protect()
    meta.write_string(0, 0, stamp)
    for index, choices in enumerate(lists.columns, start=1):
        for row, choice in enumerate(choices):
            meta.write_string(row, index, choice)
