"""Lay out the tables of a rendered Word document: column widths and alignment, in one pass over its XML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, compress
from operator import or_
from typing import Any, Final

from lxml import etree

from dingji.forms.layout import text_width as display_width
from dingji.reports.columns import Kind, ReportColumn, ReportTable
from dingji.reports.word_rows import ROWS

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

WIDEST: Final = 26
"""Half-width characters beyond which a column gets no more room on paper."""

LAST_SIGN: Final = 2
"""Half-width characters of a single Chinese sign."""
FIGURES: Final = (13, 11)
"""Room for two figures, in twips (twentieths of a point) for each half-point of their size: in a wide font that stands
in for the paper's own; where the table cannot spare so much, in that itself."""
SIGNS: Final[Mapping[Kind, int]] = {"share": 7, "score": 6, "exact": 6, "number": 4, "count": 4, "grade": 4, "text": 0}
"""How long figures are, as `100.00%` is; a text has no length of its own."""
PADDING: Final = 3
"""Room for the cell's margins, in quarters of a full-width character."""

# The schema's order: what stands before a table's width, after its layout, and after a paragraph's alignment.
_BANDS = ("tblStyleRowBandSize", "tblStyleColBandSize")
TABLE_ORDER: Final = ("tblStyle", "tblpPr", "tblOverlap", "bidiVisual", *_BANDS)
TABLE_LATER: Final = ("tblCellMar", "tblLook", "tblCaption", "tblDescription", "tblPrChange")
PARAGRAPH_LATER: Final = ("textDirection", "textAlignment", "textboxTightWrap", "outlineLvl", "rPr", "sectPr")


def lay_out(body: etree._Element, tables: Sequence[ReportTable]) -> None:
    """Share the page's width among the columns of each table whose headings are those of a report table.

    Tables with the same headings are taken in order; the last of them serves for any further one.
    """
    waiting: dict[tuple[str, ...], list[ReportTable]] = {}
    for table in tables:
        waiting.setdefault(table.headings, []).append(table)
    for element, total in _with_widths(body):
        same = waiting.get(_headings(element))
        if same:
            _fit(element, same.pop(0) if len(same) > 1 else same[0], total)


def _with_widths(body: etree._Element) -> list[tuple[etree._Element, int]]:
    """Return the tables in order, each with the width of the text where it stands.

    What a section is like stands at its end: in its last paragraph, of the last section in the body itself.
    """
    found: list[tuple[etree._Element, int]] = []
    width = text_width(body)
    for child in reversed(body):
        ended = child.find(f"{W}pPr") if child.tag == f"{W}p" else None
        if ended is not None and ended.find(f"{W}sectPr") is not None:
            width = text_width(ended)
        found += [(table, width) for table in reversed(list(child.iter(f"{W}tbl")))]
    return found[::-1]


def paper_widths(columns: Sequence[ReportColumn[Any, Any]]) -> list[int]:
    """Return the columns' shares of a sheet: long texts wrap there, so that short figures need not."""
    return [2 * _room(column) + PADDING for column in columns]


def _room(column: ReportColumn[Any, Any]) -> int:
    """Return a column's width on paper; one whose heading would break before its last sign is as wide as that."""
    width, heading = min(column.width, WIDEST), display_width(column.heading)
    return heading if 0 < heading - width <= LAST_SIGN else width


def text_width(body: etree._Element) -> int:
    """Return the width between the margins of the section that ends here, in twentieths of a point."""
    size, margins = body.find(f"{W}sectPr/{W}pgSz"), body.find(f"{W}sectPr/{W}pgMar")
    if size is None or margins is None:
        return 0
    return int(size.get(f"{W}w", 0)) - int(margins.get(f"{W}left", 0)) - int(margins.get(f"{W}right", 0))


def shares(widths: Sequence[int], total: int) -> list[int]:
    """Split a width in proportion, so that the parts add up to it exactly."""
    whole = sum(widths)
    ends = [total * end // whole for end in accumulate(widths)]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def spared(widths: Sequence[int], needs: Sequence[int]) -> list[int]:
    """Give columns what their figures need on one line, where the texts can spare it; texts share what is left."""
    given, short = list(widths), [False] * len(widths)
    while any(found := [need > width for need, width in zip(needs, given, strict=True)]):
        short = [*map(or_, short, found)]
        left = sum(widths) - sum(compress(needs, short))
        others = [width for width, lacks in zip(widths, short, strict=True) if not lacks]
        if not others or 2 * left < sum(others):
            return list(widths)
        spread = iter(shares(others, left))
        given = [need if lacks else next(spread) for need, lacks in zip(needs, short, strict=True)]
    return given


def _needs(element: etree._Element, table: ReportTable, figure: int) -> list[int]:
    """Return the room that a figure of each column takes on one line; a text may wrap."""
    size = next((int(size.get(f"{W}val", 0)) for size in element.iter(f"{W}sz")), 0)
    margins = sum(int(side.get(f"{W}w", 0)) for side in element.iterfind(f"{W}tblPr/{W}tblCellMar/*") if _is_side(side))
    return [size * figure // 2 * SIGNS[column.kind] + margins if SIGNS[column.kind] else 0 for column in table.columns]


def _is_side(margin: etree._Element) -> bool:
    return margin.tag in (f"{W}left", f"{W}right")


def _headings(table: etree._Element) -> tuple[str, ...]:
    row = table.find(f"{W}tr")
    cells = [] if row is None else row.findall(f"{W}tc")
    return tuple("".join(text.text or "" for text in cell.iter(f"{W}t")) for cell in cells)


def complete_grid(table: etree._Element) -> None:
    """Give a table a grid column for each cell of its widest row, all equally wide if the number was off."""
    grid = table.find(f"{W}tblGrid")
    widths = [] if grid is None else [int(column.get(f"{W}w", 0)) for column in grid]
    needed = max((sum(_span(cell) for cell in row.iterfind(f"{W}tc")) for row in table.iterfind(f"{W}tr")), default=0)
    if grid is not None and needed and needed != len(widths):
        grid[:] = [_made("gridCol", w=str(width)) for width in shares([1] * needed, sum(widths))]


def _span(cell: etree._Element) -> int:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    return 1 if span is None else int(span.get(f"{W}val", 1))


def _fit(element: etree._Element, table: ReportTable, total: int) -> None:
    widths = shares(paper_widths(table.columns), total)
    for figure in FIGURES:
        needs = _needs(element, table, figure)
        given = spared(widths, needs)
        if all(need <= width for need, width in zip(needs, given, strict=True)):
            widths = given
            break
    sides = ["left" if column.kind == "text" else "center" for column in table.columns]
    sums = 1 + len(table) - table.totals
    _set_grid(element, widths)
    number = 0
    for row in element.iterfind(f"{W}tr"):
        for cell, width, side in zip(row.iterfind(f"{W}tc"), widths, sides, strict=False):
            _set_width(cell, width)
            if number:
                _align(cell, side)
        if number >= sums:
            _embolden(row)
        number += int(row.get(ROWS, 1))


def _embolden(row: etree._Element) -> None:
    for properties in row.iter(f"{W}rPr"):
        fonts = properties.find(f"{W}rFonts")
        properties.insert(0 if fonts is None else properties.index(fonts) + 1, _made("b"))


def _set_grid(table: etree._Element, widths: Sequence[int]) -> None:
    properties = table.find(f"{W}tblPr")
    if properties is not None:
        for tag in ("tblW", "tblLayout"):
            for old in properties.findall(f"{W}{tag}"):
                properties.remove(old)
        place = sum(child.tag.removeprefix(W) in TABLE_ORDER for child in properties)
        properties.insert(place, _made("tblW", w=str(sum(widths)), type="dxa"))
        _insert(properties, _made("tblLayout", type="fixed"), TABLE_LATER)
    grid = table.find(f"{W}tblGrid")
    if grid is not None:
        grid[:] = [_made("gridCol", w=str(width)) for width in widths]


def _insert(properties: etree._Element, made: etree._Element, later: Sequence[str]) -> None:
    """Insert a property before those that the schema puts after it."""
    after = next((child for child in properties if child.tag.removeprefix(W) in later), None)
    if after is None:
        properties.append(made)
    else:
        after.addprevious(made)


def _set_width(cell: etree._Element, width: int) -> None:
    properties = cell.find(f"{W}tcPr")
    if properties is None:
        properties = etree.Element(f"{W}tcPr")
        cell.insert(0, properties)
    made = properties.find(f"{W}tcW")
    if made is None:
        made = _made("tcW")
        properties.insert(0, made)
    made.set(f"{W}w", str(width))
    made.set(f"{W}type", "dxa")


def _align(cell: etree._Element, side: str) -> None:
    for paragraph in cell.iterfind(f"{W}p"):
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            properties = etree.Element(f"{W}pPr")
            paragraph.insert(0, properties)
        made = properties.find(f"{W}jc")
        if made is None:
            made = _made("jc")
            _insert(properties, made, PARAGRAPH_LATER)
        made.set(f"{W}val", side)


def _made(tag: str, **attributes: str) -> etree._Element:
    return etree.Element(f"{W}{tag}", {f"{W}{name}": value for name, value in attributes.items()})
