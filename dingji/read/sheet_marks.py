"""What a reader cannot tell of a sheet of an .xlsx: errors, formulas, percentages, strikes, merges, what is hidden.

Readers mind neither a namespace prefix, nor either quote, nor the order of attributes; so neither do these patterns,
and none of them looks at a sheet more than once, however its tags are left open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from dingji.read.cell_styles import cell_styles, how_struck, struck_in
from dingji.read.conditional import veiled
from dingji.read.extent import TAG, SheetXml
from dingji.read.grid import WHOLE, Computed, Position, SheetMarks, position_of
from dingji.read.relations import WITHIN, attributes, related

TRUE = ("1", "true")
FARTHEST = 702
"""No more columns than the guard lets pass."""
_SHEET = re.compile(TAG + rb"sheet\s" + WITHIN)
_ROW = re.compile(TAG + rb"row\s([^<>]*)>")
_COLUMN = re.compile(TAG + rb"col\s([^<>]*)>")
_TEXT_CELL = re.compile(TAG + rb"""c\s((?>[^<>]*?\bt\s*=\s*["']s["'])[^<>]*)>\s*""" + TAG + rb"v>(\d{1,9})<")
_OWN_TEXT = re.compile(TAG + rb"c\s([^<>]*)>\s*" + TAG + rb"is[\s>]")
_ANY_FORMULA = re.compile(TAG + rb"c\s([^<>]*)>\s*" + TAG + rb"f[\s/>]")
_ADDRESS = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3}\d{1,7})["']""")
_MERGE = re.compile(TAG + rb"""mergeCell\s[^<>]*?ref\s*=\s*["']([A-Za-z]{1,3}\d{1,7}):([A-Za-z]{1,3}\d{1,7})["']""")
_CALCULATION = rb"(?:" + TAG + rb"f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:[\w.-]+:)?f>)\s*)"
_VALUE = TAG + rb"v(?:\s[^<>]*)?>([^<]*)<"
_ERROR_CELL = re.compile(
    TAG + rb"""c\s((?>[^<>]*?\bt\s*=\s*["']e["'])[^<>]*)>\s*""" + _CALCULATION + rb"?(?:" + _VALUE + rb")?"
)
_FORMULA_CELL = re.compile(TAG + rb"c\s([^<>]*)>\s*" + _CALCULATION + rb"(?:" + _VALUE + rb"|(" + TAG + rb"is[\s>]))?")
_NO_VALUE = re.compile(rb"<f(?:\s[^<>]*)?(?:/>|>[^<]*</f>)\s*(?!<v(?:\s[^<>]*)?>[^<])")
_CALCULATED_TEXT = re.compile(rb"""\bt\s*=\s*["']str["']""")


@dataclass(frozen=True)
class Book:
    """The parts of a workbook that tell of all its sheets; `folder` is where the names in its relations begin."""

    workbook: bytes
    relations: bytes
    folder: str
    styles: bytes = b""
    texts: bytes = b""


def sheet_marks(
    book: Book, sheets: Mapping[str, SheetXml], notes: Mapping[str, Sequence[tuple[str, str]]]
) -> dict[str, SheetMarks]:
    """Return the marks of every sheet of a workbook by its name; `sheets` are its inflated parts by plain name.

    `notes`: what is written beside the cells of each part, with the cell.
    """
    styles = cell_styles(book.styles)
    struck_texts = struck_in(book.texts) if b"strike" in book.texts else {}
    marks = {}
    for name, part, hidden in _sheet_parts(book.workbook, book.relations, book.folder):
        sheet = sheets.get(part)
        if sheet is None:
            continue
        hidden_rows, hidden_columns = _hidden(sheet)
        marks[name] = SheetMarks(
            faults=dict(_faults(sheet)),
            percent=frozenset(_styled(sheet.whole, styles.percent)),
            struck=dict(_struck(sheet, styles.struck, struck_texts)),
            merges=_blocks(_merges(sheet.rest)),
            hidden_rows=hidden_rows,
            hidden_columns=hidden_columns,
            hidden=hidden,
            misleading={
                place: code for code, numbers in styles.misleading.items() for place in _styled(sheet.whole, numbers)
            },
            notes=notes.get(part, ()),
            veiled=veiled(sheet.rest, styles.hiding),
            computed=Computed(partial(_computed, sheet.cells), any_at_all=b"<f" in sheet.shapes),
        )
    return marks


@lru_cache(maxsize=32)
def _sheet_parts(workbook: bytes, relations: bytes, folder: str) -> tuple[tuple[str, str, bool], ...]:
    """Return every sheet's name, the part it is kept in, and whether it is hidden.

    Remembered: a form handed out is the same for all.
    """
    targets = {each.name: each.target for each in related(relations, folder)}
    sheets = (attributes(match.group(1)) for match in _SHEET.finditer(workbook))
    return tuple(
        (sheet.get("name", ""), targets.get(sheet.get("id", ""), ""), "idden" in sheet.get("state", ""))
        for sheet in sheets
    )


def _merges(xml: bytes) -> bytes:
    """Return the part of a sheet in which its merged blocks stand."""
    start, end = xml.rfind(b"<", 0, max(xml.find(b"mergeCell "), 0)), xml.rfind(b"mergeCells>")
    return xml[start : end if end > start else len(xml)] if start >= 0 else b""


@lru_cache(maxsize=64)
def _blocks(merges: bytes) -> dict[Position, Position]:
    """Return the merged blocks. Remembered: they are the same in all forms handed out."""
    blocks = {}
    for match in _MERGE.finditer(merges):
        first, last = (position_of(corner.decode().upper()) for corner in match.groups())
        if last > first:
            blocks[first] = last
    return blocks


def _hidden(sheet: SheetXml) -> tuple[frozenset[int], frozenset[int]]:
    """Return the rows and the columns that nobody sees: hidden, or with no height or width to speak of."""
    head = sheet.shown[: max(sheet.shown.find(b"sheetData"), 0)]
    unseen, columns = (_told_before if len(head) <= _LONGEST_HEAD else _told_before.__wrapped__)(head)
    if unseen or b"hidden" in sheet.cells or _has_low_row(sheet):
        return frozenset(_hidden_rows(sheet.cells, unseen=unseen)), columns
    return frozenset(), columns


_ONE_DIGIT = (b' ht="0"', b' ht="0.')
"""Heights of one digit, in a sheet's shapes."""
_BEFORE_DIGIT = len(b' ht="')


def _has_low_row(sheet: SheetXml) -> bool:
    """Say whether a row has hardly any height: of one digit that is 0 or 1."""
    return any(sheet.cells[at + _BEFORE_DIGIT] in b"01" for sign in _ONE_DIGIT for at in _all(sheet.shapes, sign))


def _all(text: bytes, sign: bytes) -> Iterator[int]:
    at = text.find(sign)
    while at >= 0:
        yield at
        at = text.find(sign, at + 1)


_LONGEST_HEAD = 2**14
"""Bytes before the cells that are remembered."""
_DEFAULTS = re.compile(TAG + rb"sheetFormatPr\s" + WITHIN)
LOWEST, NARROWEST = 2.0, 0.5
"""Points of height, and signs of width, below which nothing can be read."""


def _below(told: str | None, least: float) -> bool:
    """Say whether a size is told that is less than another one."""
    return told is not None and told.replace(".", "", 1).isdecimal() and float(told) < least


def _hidden_rows(xml: bytes, *, unseen: bool) -> Iterator[int]:
    """Yield the rows that nobody sees; `unseen`: so it is where a row has no height of its own."""
    number = 0
    for match in _ROW.finditer(xml):
        row = attributes(match.group(1))
        number = int(row["r"]) if row.get("r", "").isdigit() else number + 1
        if row.get("hidden", "1" if unseen and "ht" not in row else "0") in TRUE or _below(row.get("ht"), LOWEST):
            yield number - 1


@lru_cache(maxsize=64)
def _told_before(head: bytes) -> tuple[bool, frozenset[int]]:
    """Return, from what stands before a sheet's cells, whether rows have no usual height, and which columns are hidden.

    Remembered: it is the same in all forms handed out.
    """
    found = _DEFAULTS.search(head)
    usual = attributes(found.group(1)) if found else {}
    unseen = set(range(FARTHEST)) if _below(usual.get("defaultColWidth"), NARROWEST) else set()
    for match in _COLUMN.finditer(head):
        column = attributes(match.group(1))
        hidden = column.get("hidden") in TRUE or _below(column.get("width"), NARROWEST)
        if column.get("min", "").isdigit() and column.get("max", "").isdigit():
            own = range(int(column["min"]) - 1, min(int(column["max"]), FARTHEST))
            unseen = unseen.union(own) if hidden else unseen.difference(own)
    low = usual.get("zeroHeight") in TRUE or _below(usual.get("defaultRowHeight"), LOWEST)
    return low, frozenset(unseen)


def _struck(sheet: SheetXml, styles: Sequence[bytes], texts: Mapping[int, str]) -> Iterator[tuple[Position, str]]:
    """Yield the cells struck through, whole or in part: by their style, or by that of their text's letters."""
    yield from ((place, WHOLE) for place in _styled(sheet.whole, styles))
    for match in _TEXT_CELL.finditer(sheet.cells) if texts else ():
        if int(match.group(2)) in texts:
            yield from ((place, texts[int(match.group(2))]) for place in _places(match.group(1)))
    for match in _OWN_TEXT.finditer(sheet.cells) if b"strike" in sheet.cells else ():
        end = sheet.cells.find(b"is>", match.end())
        how = how_struck(sheet.cells[match.end() : end]) if end > 0 else ""
        yield from ((place, how) for place in _places(match.group(1)) if how)


def _computed(cells: bytes) -> frozenset[Position]:
    return frozenset(place for match in _ANY_FORMULA.finditer(cells) for place in _places(match.group(1)))


def _faults(sheet: SheetXml) -> Iterator[tuple[Position, str]]:
    """Yield cells whose formula was never calculated (""), and those that show an error, with it."""
    xml = sheet.cells
    if b"<f" in sheet.shapes:
        yield from _uncalculated(xml)
    for match in _ERROR_CELL.finditer(xml) if b'"e"' in sheet.shapes else ():
        found, value = match.groups()
        yield from ((place, (value or b"").decode()) for place in _places(found))


LONGEST_TAG = 1_000
"""Bytes within which a cell's formula follows the beginning of the cell."""


def _uncalculated(xml: bytes) -> Iterator[tuple[Position, str]]:
    if b":f" in xml:  # a prefix, or a text that looks like one
        found: Iterator[re.Match[bytes]] = _FORMULA_CELL.finditer(xml)
    else:  # only formulas without a value are looked at, and the cell that each stands in
        tails = (match.start() for match in _NO_VALUE.finditer(xml))
        starts = (xml.rfind(b"<c", max(0, tail - LONGEST_TAG), tail) for tail in tails)
        found = (match for start in starts if start >= 0 and (match := _FORMULA_CELL.match(xml, start)))
    for match in found:
        found_in, value, inline = match.groups()
        is_text = value is not None and _CALCULATED_TEXT.search(found_in)  # calculated to nothing: blank
        if not (value or inline or is_text):
            yield from ((place, "") for place in _places(found_in))


def _places(tag: bytes) -> Iterator[Position]:
    address = _ADDRESS.search(tag)
    if address:
        yield position_of(address.group(1).decode().upper())


def _styled(xml: bytes, styles: Sequence[bytes]) -> Iterator[Position]:
    """Yield the cells of these styles."""
    if styles:
        styled = rb"""c\s((?>[^<>]*?\bs\s*=\s*["'](?:""" + b"|".join(styles) + rb""")["'])[^<>]*)>"""
        for match in re.finditer(TAG + styled, xml):
            yield from _places(match.group(1))
