"""Column widths and row heights of a report sheet; a Chinese character is two half-width ones wide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dingji.forms.layout import LINE, MOST, line_count, text_width
from dingji.forms.layout import PADDING as ROW_PADDING
from dingji.reports.columns import Cell, Cells, Kind, LiveCells, ReportTable

LEAST: Mapping[Kind, int] = {"count": 4, "score": 7, "exact": 7, "share": 7, "number": 6, "grade": 4, "text": 0}
"""Room for figures."""
ONE_LINE = 12
PADDING = 2


def widths_of(tables: Sequence[ReportTable]) -> list[int]:
    """Return widths that fit headings and texts of the tables of one sheet, held at each column's own."""
    several = [[_width(table, index) for index in range(len(table.columns))] for table in tables]
    count = max(len(widths) for widths in several)
    return [max(widths[index] for widths in several if index < len(widths)) for index in range(count)]


def _width(table: ReportTable, index: int) -> int:
    column = table.columns[index]
    if column.kind == "number":
        return max(column.width, _heading_width(column.heading) + PADDING)
    texts = _texts_in(table.values[index])
    content = min(max(_widest(texts, column.width), LEAST[column.kind]), column.width)
    return max(content, _heading_width(column.heading)) + PADDING


def _texts_in(cells: Cells) -> set[str]:
    """Return the texts among the cells of a column; most columns hold nothing else, or none."""
    kinds = set(map(type, cells))
    if kinds == {str}:
        return set(cells)  # type: ignore[arg-type] # texts all of them
    return {cell for cell in cells if isinstance(cell, str)} if str in kinds else set()


def _widest(texts: Iterable[str], enough: int) -> int:
    """Return the width of the widest line; the longest texts are measured first, while they can win."""
    widest = 0
    for text in sorted(texts, key=len, reverse=True):
        if widest >= min(enough, 2 * len(text)):
            return widest
        widest = max(widest, *(text_width(line) for line in text.split("\n")))
    return widest


def _heading_width(heading: str) -> int:
    """Return the width of a heading's longer line: one of more than six characters takes two lines.

    A remark in brackets goes whole into the second, where that takes no more than a character.
    """
    whole = text_width(heading)
    half = max(ONE_LINE, (whole + 3) // 4 * 2)
    name, bracket, remark = heading.partition("（")
    apart = max(text_width(name), text_width(bracket + remark)) if bracket else half
    return whole if whole <= ONE_LINE else max(half, apart) if apart <= half + 2 else half


def heights_of(table: ReportTable, widths: Sequence[int]) -> dict[int, float]:
    """Return the heights, in points, of the rows whose texts take more than one line, by the row's place."""
    lines: dict[int, int] = {}
    for column, cells, width in zip(table.columns, table.values, widths, strict=False):
        if isinstance(cells, LiveCells):  # figures, and words as short
            continue
        whole = width < column.width + PADDING  # nothing was cut short, so only line breaks make lines
        texts = _texts_in(cells)
        wrapping = (text for text in texts if "\n" in text or not (whole or 2 * len(text) < width))
        long: dict[Cell, int] = {text: count for text in wrapping if (count := line_count(text, width)) > 1}
        for place, needed in enumerate(map(long.get, cells)) if long else ():
            if needed and needed > lines.get(place, 1):
                lines[place] = needed
    return {place: min(count * LINE + ROW_PADDING, MOST) for place, count in sorted(lines.items())}
