"""What a Word paper says, as data: sheets of paragraphs and tables, with their looks.

Taken from the paper itself, so that its PDF says the same whatever template an officer has edited, and whatever paper
is added later. What cannot be carried over (a picture, numbers that Word makes by itself) is told: half a paper is
never made. Lengths are in points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from lxml import etree

from dingji.reports.pdf.looks import Styles, W, is_on, largest, name_of, number, own, points, value
from dingji.reports.pdf.pieces import PAGE_BREAK, THROUGH, Piece, Reading, colour, pieces
from dingji.seal import CORE, inflated

R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PARSER: Final = etree.XMLParser(resolve_entities=False)
MAIN: Final = "word/document.xml"
SIDES: Final = {"left": "left", "start": "left", "center": "center", "right": "right", "end": "right", "both": "both"}
NATURAL: Final = 1.3
"""How high a line is where it says nothing, by the size of its characters."""
NO_LINE: Final = ("nil", "none")
TEXT: Final = 240
"""A line's height is told in so many parts of itself."""

Block = dict[str, Any]


def read_paper(raw: bytes) -> tuple[dict[str, Any], list[str]]:
    """Return a .docx as data, and what it holds that has no place there; BadZipFile, KeyError where it is none."""
    parts = inflated(raw)
    styles = parts.get("word/styles.xml")
    reading = Reading(parts, Styles(None if styles is None else etree.fromstring(styles, PARSER)))
    body = etree.fromstring(parts[MAIN], PARSER).find(f"{W}body")
    sheets = [] if body is None else list(_sheets(reading, body))
    return {"title": _title(parts), "sheets": sheets}, list(reading.left)


def _title(parts: Mapping[str, bytes]) -> str:
    core = etree.fromstring(parts[CORE], PARSER) if CORE in parts else None
    return "" if core is None else core.findtext("{http://purl.org/dc/elements/1.1/}title") or ""


# --- sheets -------------------------------------------------------------------------------------------------


def _sheets(reading: Reading, body: etree._Element) -> Iterator[dict[str, Any]]:
    """Yield each section; what it is like stands at its end."""
    blocks: list[Block] = []
    feet: dict[str, list[Block]] = {}
    for child in body:
        blocks += _block(reading, child)
        ends = [child] if name_of(child) == "sectPr" else child.findall(f"{W}pPr/{W}sectPr")
        for section in ends:
            feet |= _feet(reading, section)
            yield {**_page(reading, section), **feet, "body": blocks}
            blocks = []


def _page(reading: Reading, section: etree._Element) -> dict[str, Any]:
    if is_on([section], "titlePg"):
        reading.leave("titlePg")
    edges = ("top", "bottom", "left", "right", "header", "footer")
    margins = {edge: points(number([section], "pgMar", edge, 1440)) for edge in edges}
    size = {
        "width": points(number([section], "pgSz", "w", 11906)),
        "height": points(number([section], "pgSz", "h", 16838)),
    }
    return {**size, **margins, "odd_top": [], "even_top": [], "odd_foot": [], "even_foot": []}


def _feet(reading: Reading, section: etree._Element) -> dict[str, list[Block]]:
    """Return the header and footer of odd and even pages, as far as this section tells them anew."""
    settings = reading.parts.get("word/settings.xml", b"<none/>")
    differ = is_on([etree.fromstring(settings, PARSER)], "evenAndOddHeaders")
    found = {}
    for tag, place in (("headerReference", "top"), ("footerReference", "foot")):
        told = {one.get(f"{W}type"): one.get(f"{R}id", "") for one in section.iterfind(f"{W}{tag}")}
        if "default" in told:
            found[f"odd_{place}"] = found[f"even_{place}"] = _part(reading, told["default"])
        if differ and "even" in told:
            found[f"even_{place}"] = _part(reading, told["even"])
    return found


def _part(reading: Reading, relation: str) -> list[Block]:
    relations = etree.fromstring(reading.parts["word/_rels/document.xml.rels"], PARSER)
    target = next(one.get("Target", "") for one in relations if one.get("Id") == relation)
    root = etree.fromstring(reading.parts[f"word/{target.removeprefix('/word/')}"], PARSER)
    return [block for child in root for block in _block(reading, child)]


# --- paragraphs ---------------------------------------------------------------------------------------------


def _block(reading: Reading, element: etree._Element) -> Iterator[Block]:
    match name_of(element):
        case "p":
            yield from _paragraph(reading, element)
        case "tbl":
            yield _table(reading, element)
        case name if name in THROUGH:
            for child in element:
                yield from _block(reading, child)
        case name:
            reading.leave(name)


def _paragraph(reading: Reading, element: etree._Element) -> Iterator[Block]:
    """Yield a paragraph; one with a page break in it, as what stands before and after."""
    chain = reading.styles.paragraph(own(element, "pPr"))
    if any(name_of(each) == "numPr" and number([each], "numId") for one in chain for each in one):
        reading.leave("numPr")
    if is_on(chain, "pageBreakBefore"):
        yield {"is": "break"}
    mark = reading.styles.run([one for each in own(element, "pPr") for one in own(each, "rPr")], chain)
    told: list[Piece] = []
    for piece in pieces(reading, element, chain):
        if piece["text"] == PAGE_BREAK:
            yield _set(chain, told, mark)
            yield {"is": "break"}
            told = []
        else:
            told.append(piece)
    yield _set(chain, told, mark)


def _set(chain: Sequence[etree._Element], told: Sequence[Piece], mark: Sequence[etree._Element]) -> Block:
    size = largest((piece["size"] for piece in told), number(mark, "sz", default=20) / 2)
    ends = {edge: points(number(chain, "ind", edge)) for edge in ("left", "right", "firstLine", "hanging")}
    border = value([each for one in chain for each in one.iterfind(f"{W}pBdr")], "bottom", "color")
    return {
        "is": "text",
        "side": SIDES.get(value(chain, "jc") or "", "left"),
        "first": ends["firstLine"] - ends["hanging"],
        "left": ends["left"],
        "right": ends["right"],
        "before": points(number(chain, "spacing", "before")),
        "after": points(number(chain, "spacing", "after")),
        "size": size,
        "line": _line(chain, size),
        "next": is_on(chain, "keepNext"),
        "rule": colour(border) if border else "",
        "runs": list(told),
    }


def _line(chain: Sequence[etree._Element], size: float) -> float:
    told, natural = number(chain, "spacing", "line", TEXT), size * NATURAL
    rule = value(chain, "spacing", "lineRule")
    if rule == "exact":
        return points(told)
    return max(points(told), natural) if rule == "atLeast" else told / TEXT * natural


# --- tables -------------------------------------------------------------------------------------------------


def _table(reading: Reading, element: etree._Element) -> Block:
    chain = reading.styles.table(own(element, "tblPr"))
    margins = [each for one in chain for each in one.iterfind(f"{W}tblCellMar")]
    borders = [each for one in chain for each in one.iterfind(f"{W}tblBorders")]
    rows = element.findall(f"{W}tr")
    headed = [is_on(own(row, "trPr"), "tblHeader") for row in rows]
    columns = [points(float(one.get(f"{W}w", 0))) for one in element.iterfind(f"{W}tblGrid/{W}gridCol")]
    return {
        "is": "table",
        "columns": columns,
        "heads": headed.index(False) if False in headed else len(headed) - 1,
        "ruled": value(borders, "insideH") not in (None, *NO_LINE),
        "across": points(number(margins, "left", "w", 108)),
        "down": points(number(margins, "top", "w")),
        "rows": [_row(reading, rows, place, len(columns)) for place in range(len(rows))],
    }


def _row(reading: Reading, rows: Sequence[etree._Element], place: int, columns: int) -> list[Block]:
    """Return the cells of a row; those that a cell above reaches down over are left out."""
    cells: list[Block] = []
    column = 0
    for cell in rows[place].iterfind(f"{W}tc"):
        looks = own(cell, "tcPr")
        width = int(number(looks, "gridSpan", default=1))
        tall = 0 if cells else points(number(own(rows[place], "trPr"), "trHeight"))
        if not _goes_on(looks):
            fill = value(looks, "shd", "fill") or ""
            cells.append(
                {
                    "across": width,
                    "tall": tall,
                    "down": 1 + _reaches(rows[place + 1 :], column) if value(looks, "vMerge") == "restart" else 1,
                    "fill": fill if re.fullmatch("[0-9A-Fa-f]{6}", fill) else "",
                    "middle": value(looks, "vAlign") == "center",
                    "body": [block for child in cell for block in _block(reading, child)],
                }
            )
        column += width
    if column != columns:
        reading.leave("gridBefore")
    return cells


def _goes_on(looks: Sequence[etree._Element]) -> bool:
    """Say whether a cell belongs to the one above it."""
    found = [each for one in looks for each in one.iterfind(f"{W}vMerge")]
    return bool(found) and found[0].get(f"{W}val", "continue") == "continue"


def _reaches(rows: Sequence[etree._Element], column: int) -> int:
    """Return over how many of these rows a cell that begins above them in this column reaches."""
    count = 0
    for row in rows:
        start = 0
        for cell in row.iterfind(f"{W}tc"):
            if start == column:
                break
            start += int(number(own(cell, "tcPr"), "gridSpan", default=1))
        else:
            return count
        if not _goes_on(own(cell, "tcPr")):
            return count
        count += 1
    return count
