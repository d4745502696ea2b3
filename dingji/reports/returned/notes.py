"""The notes (批注) in the faulty cells: the text in a comments part, the box that shows it in a VML drawing.

An owner's own note stays, with ours behind it. Ours begin with a mark by which they are found and taken out again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Final

from lxml import etree

from dingji.forms.layout import line_count
from dingji.read.grid import Position, address, position_of
from dingji.read.notes import MARK
from dingji.reports.returned.cells import SheetCells
from dingji.reports.returned.package import MAIN, Package, R, S, UnmarkableError

AUTHOR: Final = "退回"
MOST_NOTES: Final = 1_000
"""So many cells of a sheet get a note; a program that shows more grows slow. The list has them all."""
COMMENTS_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
DRAWING_TYPE: Final = "application/vnd.openxmlformats-officedocument.vmlDrawing"
BOX_WIDTH, LINE_HEIGHT, BOX_SIGNS = 260, 18, 34
_AFTER_DRAWING = (
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "AlternateContent", "webPublishItems",
    "tableParts", "extLst",
)  # fmt: skip
"""What comes after the drawing of the notes in a sheet, by the schema's order."""
_SHAPE = re.compile(rb"<v:shape\s.*?</v:shape>", re.DOTALL)
_NOTE = re.compile(rb"<x:Row>\s*(\d+)\s*</x:Row>.*?<x:Column>\s*(\d+)\s*</x:Column>", re.DOTALL)
_SHAPE_ID = re.compile(rb"_s(\d+)")
_NAMES = (
    b' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    b' xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_DRAWING = (
    b"<xml" + _NAMES + b'><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="%d"/></o:shapelayout>'
    b'<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)
_BOX = (
    b'<v:shape id="_x0000_s%d" type="#_x0000_t202"' + _NAMES + b' style="position:absolute;visibility:hidden"'
    b' fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
    b'<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
    b'</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>%s</x:Anchor>'
    b"<x:AutoFill>False</x:AutoFill><x:Row>%d</x:Row><x:Column>%d</x:Column></x:ClientData></v:shape>"
)


def write_notes(package: Package, sheet: str, cells: SheetCells, texts: Mapping[Position, str]) -> None:
    """Put notes into the cells of a sheet (its part). `texts`: without the mark, which is put before each."""
    comments = _comments(package, sheet)
    authors, listed = _child(comments, "authors"), _child(comments, "commentList")
    there = {position_of(comment.get("ref", "A1")): comment for comment in listed}
    author = len(authors)
    etree.SubElement(authors, f"{S}author").text = AUTHOR
    boxed = []
    for place, text in sorted(texts.items())[:MOST_NOTES]:
        known = there.get(place)
        if known is None:
            comment = etree.SubElement(listed, f"{S}comment", ref=address(*place), authorId=str(author))
            _append_run(etree.SubElement(comment, f"{S}text"), f"{MARK}{text}")
            boxed.append(place)
        elif not _is_threaded(known, authors):
            _append_run(_child(known, "text"), f"\n{MARK}{text}")
    _draw(package, sheet, cells, {place: texts[place] for place in boxed})


def _comments(package: Package, sheet: str) -> etree._Element:
    """Return the sheet's comments, made where there are none."""
    known = list(package.targets(sheet, "comments").values())
    if known:
        return package.tree(known[0])
    name, root = package.free_name("xl/comments{}.xml"), etree.fromstring(f'<comments xmlns="{MAIN}"/>')
    package.add(name, root, COMMENTS_TYPE)
    package.relate(sheet, "comments", name)
    return root


def _child(parent: etree._Element, name: str) -> etree._Element:
    found = parent.find(f"{S}{name}")
    return etree.SubElement(parent, f"{S}{name}") if found is None else found


def _append_run(text: etree._Element, words: str) -> None:
    run = etree.SubElement(text, f"{S}r")
    piece = etree.SubElement(run, f"{S}t")
    piece.text = words
    piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _is_threaded(comment: etree._Element, authors: etree._Element) -> bool:
    """Say whether a note only stands in for a conversation, which newer programs show instead of it."""
    number = int(comment.get("authorId", -1))
    return 0 <= number < len(authors) and (authors[number].text or "").startswith("tc=")


# --- the boxes ------------------------------------------------------------------------------------------------


def _draw(package: Package, sheet: str, cells: SheetCells, texts: Mapping[Position, str]) -> None:
    name = _drawing(package, sheet, cells.root)
    drawing = package.parts[name]
    number = max((int(found) for found in _SHAPE_ID.findall(drawing)), default=_first_id(drawing))
    boxes = (
        _BOX % (number + step, _anchor(cells, place, text).encode(), *place)
        for step, (place, text) in enumerate(texts.items(), start=1)
    )
    head, closing, tail = drawing.rpartition(b"</xml>")
    if not closing:
        raise UnmarkableError(name)
    package.parts[name] = head + b"".join(boxes) + closing + tail


def _drawing(package: Package, sheet: str, root: etree._Element) -> str:
    """Return the part of the sheet's VML drawing, made where there is none."""
    known = root.find(f"{S}legacyDrawing")
    if known is not None:
        return package.targets(sheet, "vmlDrawing")[known.get(f"{R}id", "")]
    name = package.free_name("xl/drawings/vmlDrawing{}.vml")
    number = len([part for part in package.parts if part.endswith(".vml")]) + 1
    package.parts[name] = _DRAWING % number
    package.declare("vml", DRAWING_TYPE)
    element = etree.Element(f"{S}legacyDrawing", {f"{R}id": package.relate(sheet, "vmlDrawing", name)})
    after = next((child for child in root if etree.QName(child).localname in _AFTER_DRAWING), None)
    root.insert(len(root) if after is None else root.index(after), element)
    return name


def _first_id(drawing: bytes) -> int:
    block = re.search(rb'<(?:\w+:)?idmap\s[^<>]*?data="(\d+)', drawing)
    return 1024 * int(block.group(1)) if block else 1024


def _anchor(cells: SheetCells, place: Position, text: str) -> str:
    """Return where the box stands, to the right of its cell: columns and rows with pixels into them."""
    row, column = place
    lines = sum(line_count(line, BOX_SIGNS) for line in f"{MARK}{text}".split("\n"))
    right, within_column = _reached(cells.widths(column + 1), BOX_WIDTH + 15)
    bottom, within_row = _reached(cells.heights(row), lines * LINE_HEIGHT + 12)
    edges = (column + 1, 15, row, 2, column + 1 + right, within_column, row + bottom, within_row)
    return ", ".join(map(str, edges))


def _reached(sizes: Iterator[int], length: int) -> tuple[int, int]:
    """Return how many cells a length goes past, and how far into the next."""
    before = 0
    for number, end in enumerate(accumulate(sizes)):
        if end > length:
            return number, length - before
        before = end
    raise AssertionError("sizes have no end")


# --- taking earlier notes out ---------------------------------------------------------------------------------


def remove_notes(package: Package, sheet: str) -> None:
    """Take out the notes that an earlier return put into a sheet; what the owner wrote before them stays."""
    for part in package.targets(sheet, "comments").values():
        if MARK not in "".join(piece.text or "" for piece in package.seen(part).iter(f"{S}t")):
            continue
        gone = set(_without_ours(package.tree(part)))
        for drawing in package.targets(sheet, "vmlDrawing").values() if gone else ():
            xml = package.parts[drawing]
            for box in _SHAPE.findall(xml):
                if _place(box) in gone:
                    xml = xml.replace(box, b"")
            package.parts[drawing] = xml


def _without_ours(comments: etree._Element) -> Iterator[Position]:
    """Cut our words from every note; yield the places of those with nothing left, which are taken out."""
    listed = _child(comments, "commentList")
    for comment in list(listed):
        words = "".join(piece.text or "" for piece in comment.iter(f"{S}t"))
        own, mark, _ = words.partition(MARK)
        if mark and own.strip():
            text = _child(comment, "text")
            for child in list(text):
                text.remove(child)
            _append_run(text, own.rstrip("\n"))
        elif mark:
            listed.remove(comment)
            yield position_of(comment.get("ref", "A1"))


def _place(box: bytes) -> Position | None:
    found = _NOTE.search(box)
    return (int(found.group(1)), int(found.group(2))) if found else None
