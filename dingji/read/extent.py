"""How far the cells of a sheet reach, from its XML: what a reader would make room for.

Nearly every program writes a cell as `<c r="A1" …>`. Where a whole sheet is written so, one search tells that no cell
stands beyond the last one; any other way of writing XML is looked through cell by cell.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from dingji.read.grid import position_of

TAG = rb"<(?:[\w.-]+:)?"
"""How an element begins, with any prefix."""
NEAR_ROWS, NEAR_COLUMNS = 999, 26
MIDDLE_ROWS = 9_999
"""Smaller sheets are not measured exactly."""

_EMPTY = rb"""(?:\s+[\w:.-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*\s*(?:/>|>\s*</(?:[\w.-]+:)?c>)"""
"""How a tag ends that has nothing in it, after any more attributes; none of them with a sign of markup."""
_FAR = re.compile(TAG + rb"""\w+\s(?>(?:[^<>]*?\s)?r\s*=\s*["'])([A-Za-z]{2,}\d+|[A-Za-z]?\d{4,})["'][^<>]*""")
"""A tag with an address far off, up to its end; of several addresses of one tag the first counts."""
_NOTHING = re.compile(rb"(?<=/)>|>\s*</(?:[\w.-]+:)?c>")
"""How a cell goes on that has nothing in it."""
_ROW = re.compile(TAG + rb"row[\s/>]")
_CELL = re.compile(TAG + rb"c[\s/>]")
_UNPLACED = re.compile(TAG + rb"c(?:/?>|\s(?![^<>]*\br\s*=))")
PLAIN = b'<c r="'
_LAST = re.compile(PLAIN + rb'([A-Z]\d{1,7})"(' + _EMPTY + rb")?")


_CELLS = b"<sheetData>", b"</sheetData>"
_SHAPES = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ123456789:'\t\r\n/>", b"A" * 26 + b"0" * 9 + b'<"' + b" " * 5)
"""Capitals as A and digits as 0, so that addresses of one length look alike; what follows a prefix begins a tag, and
whatever ends a tag's name is a space."""


_BLANKS = re.compile(rb'<c r="[A-Z]\d+" s="\d+"/>')
"""Cells that have a format and nothing in them, as nearly every program writes them."""


class SheetXml:
    """A sheet's XML in parts: the cells, and what follows them; all of it as both where that is unsure.

    `shown` is what a reader may be given of it: `briefly` without the rows below the last that has something in it.
    """

    def __init__(self, xml: bytes, *, briefly: bool = False) -> None:
        """Part it, and make shapes of the cells."""
        self.whole = xml
        start, end = xml.find(_CELLS[0]), xml.rfind(_CELLS[1])
        self.cells = self.rest = self.shown = xml
        parted = 0 <= start < end
        if parted:
            own, rest = xml[start:end], xml[end:]
            cells = _without_blank_rows(own) if briefly else own
            shown = xml if cells is own else b"".join((xml[:start], cells, rest))
            parted = shown.count(b"sheetData") == len(_CELLS)  # in blank rows it does not stand
            if parted:
                self.cells, self.rest, self.shown = cells, rest, shown
        self.plain = parted and self.shapes.count(b"<c ") == self.shapes.count(b'<c r="A0')
        """Whether every cell is written plainly, and stands in a column of one letter."""
        self.small = self.plain and b'0000"' not in self.shapes

    @cached_property
    def shapes(self) -> bytes:
        """Return the cells with all addresses of one length alike, whatever prefix or quotes they are written with."""
        return self.cells.translate(_SHAPES)


_SMALL = 2**13
_remembered = lru_cache(maxsize=32)(SheetXml)
"""Small parts, as the sheet of the stamp, are the same in all forms handed out."""


def sheet_of(xml: bytes, *, briefly: bool) -> SheetXml:
    """Return a sheet's XML in parts."""
    return _remembered(xml, briefly=briefly) if len(xml) <= _SMALL else SheetXml(xml, briefly=briefly)


_END_OF_CELL = b"</c>"
_MANY = 2**16
"""Bytes of blank rows of which it is remembered that they are blank: forms handed out end in the same ones."""
_BLANK_CELL = re.compile(rb'<c r="[A-Z]+\d+" s="\d+"/>')
_BLANK_ROWS = re.compile(rb"</row>(?:<row [^<>]*>(?:</row>)?)*")


def _without_blank_rows(cells: bytes) -> bytes:
    """Leave out the rows that follow the last cell with something in it, where they hold nothing but formats."""
    last = cells.rfind(_END_OF_CELL) + len(_END_OF_CELL)
    below = cells[last:]
    return cells[:last] + b"</row>" if len(below) <= _MANY and _are_blank(below) else cells


@lru_cache(maxsize=64)
def _are_blank(rows: bytes) -> bool:
    return _BLANK_ROWS.fullmatch(_BLANK_CELL.sub(b"", rows)) is not None


def extent(xml: bytes) -> tuple[int, int]:
    """Return at least how many rows and columns a reader makes of a sheet; small ones are not measured exactly.

    A cell or row that has its format only, and nothing in it, is none that a reader makes.
    """
    return reach(SheetXml(xml))


def reach(sheet: SheetXml) -> tuple[int, int]:
    """Return the extent of a sheet that was parted."""
    if sheet.small:
        return NEAR_ROWS, NEAR_COLUMNS
    xml = sheet.whole
    last = _LAST.match(xml, max(0, xml.rfind(PLAIN)))
    rows = max(position_of(last[1].decode())[0] + 1 if last else 0, NEAR_ROWS)
    measured = rows == NEAR_ROWS or (last and not last[2])
    if measured and b":c" not in xml and not _odd_or_beyond(rows).search(xml):
        return rows, NEAR_COLUMNS
    if sheet.plain and b'00000"' not in sheet.shapes:
        return MIDDLE_ROWS, NEAR_COLUMNS
    return _looked_through(xml)


@lru_cache(maxsize=256)
def _odd_or_beyond(rows: int) -> re.Pattern[bytes]:
    """Return a pattern of a cell that is written in another way, or has something in it and stands farther off."""
    digits = str(rows)
    larger = [rb"\d{%d,}" % (len(digits) + 1)]
    for place, digit in enumerate(digits):
        if digit != "9":
            rest = len(digits) - place - 1
            larger.append(b"%b[%d-9]" % (digits[:place].encode(), int(digit) + 1) + rb"\d{%d}" % rest)
    far = rb'[A-Za-z]{2,}\d+"|[A-Za-z]0*(?:' + b"|".join(larger) + rb')"'
    return re.compile(rb'<c(?:[>/\s](?<! )| (?!r="[A-Za-z])| r="(?:' + far + rb")(?!" + _EMPTY + rb"))")


def _looked_through(xml: bytes) -> tuple[int, int]:
    rows, columns = NEAR_ROWS, NEAR_COLUMNS
    unplaced = _UNPLACED.search(xml) is not None  # cells without an address follow one another
    for match in _FAR.finditer(xml):
        place = match.group(1)
        letters = place.rstrip(b"0123456789")
        if not letters and not unplaced:
            continue  # a row: its cells say for themselves
        if _NOTHING.match(xml, match.end()):
            continue
        row, column = position_of(f"{letters.decode().upper()}{place[len(letters) :][:9].decode()}")
        rows, columns = max(rows, row + 1), max(columns, column + 1)
    if unplaced:
        lines = _ROW.split(xml)
        rows, columns = max(rows, len(lines)), max(columns, *(len(_CELL.findall(line)) for line in lines))
    return rows, columns
