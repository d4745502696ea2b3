"""What a reader cannot tell of a sheet: error cells, formulas never calculated, percentages, merged blocks.

Readers mind neither a namespace prefix, nor either quote, nor the order of attributes; so neither do these patterns,
and none of them looks at a sheet more than once, however its tags are left open.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from dingji.read.extent import TAG, SheetXml
from dingji.read.grid import Position, position_of


@dataclass(frozen=True)
class SheetMarks:
    """Per sheet: faulty cells (address → what), cells formatted as percentages, blocks merged over several rows.

    A block is its upper left cell and its last row.
    """

    faults: Mapping[Position, str] = field(default_factory=dict)
    percent: frozenset[Position] = frozenset()
    blocks: Mapping[Position, int] = field(default_factory=dict)


NO_SHEET = SheetXml(b"")


@lru_cache(maxsize=256)
def plain_name(name: str) -> str:
    """Return a part's name as readers look it up: whatever its case and its slashes."""
    return name.replace("\\", "/").lower()


_WITHIN = rb"""((?:[^<>"']|"[^"<]*"|'[^'<]*')*)>"""
_SHEET = re.compile(TAG + rb"sheet\s" + _WITHIN)
_RELATION = re.compile(TAG + rb"Relationship\s" + _WITHIN)
_ATTRIBUTE = re.compile(rb"""(?<![\w.:-])([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
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


def _attributes(tag: bytes) -> dict[str, str]:
    """Return a tag's attributes by name without prefix."""
    pairs = ((name, double or single) for name, double, single in _ATTRIBUTE.findall(tag))
    return {name.decode().rpartition(":")[2]: html.unescape(value.decode()) for name, value in pairs}


def sheet_marks(parts: Mapping[str, bytes], sheets: Mapping[str, SheetXml]) -> dict[str, SheetMarks]:
    """Return the marks of every sheet of a workbook by its name. Both have its inflated parts by plain name."""
    percent_styles = _percent_styles(parts.get("xl/styles.xml", b""))
    marks = {}
    for name, part in _sheet_parts(parts["xl/workbook.xml"], parts["xl/_rels/workbook.xml.rels"]):
        sheet = sheets.get(part) or NO_SHEET
        percent = _percent_cells(sheet.whole, percent_styles)
        marks[name] = SheetMarks(dict(_faults(sheet)), percent, _blocks(_merges(sheet.rest)))
    return marks


@lru_cache(maxsize=32)
def _sheet_parts(workbook: bytes, relations: bytes) -> tuple[tuple[str, str], ...]:
    """Return every sheet's name and the part it is kept in. Remembered: a form handed out is the same for all."""
    targets = {}
    for match in _RELATION.finditer(relations):
        relation = _attributes(match.group(1))
        target = relation.get("Target", "").lstrip("/")
        targets[relation.get("Id", "")] = plain_name(target if target.startswith("xl/") else f"xl/{target}")
    sheets = (_attributes(match.group(1)) for match in _SHEET.finditer(workbook))
    return tuple((sheet.get("name", ""), targets.get(sheet.get("id", ""), "")) for sheet in sheets)


def _merges(xml: bytes) -> bytes:
    """Return the part of a sheet in which its merged blocks stand."""
    start, end = xml.rfind(b"<", 0, max(xml.find(b"mergeCell "), 0)), xml.rfind(b"mergeCells>")
    return xml[start : end if end > start else len(xml)] if start >= 0 else b""


@lru_cache(maxsize=64)
def _blocks(merges: bytes) -> dict[Position, int]:
    """Return the blocks merged over more than one row. Remembered: they are the same in all forms handed out."""
    blocks = {}
    for match in _MERGE.finditer(merges):
        first, last = (position_of(corner.decode().upper()) for corner in match.groups())
        if last[0] > first[0]:
            blocks[first] = last[0]
    return blocks


def _faults(sheet: SheetXml) -> Iterator[tuple[Position, str]]:
    """Yield cells whose formula was never calculated (""), and those that show an error, with it."""
    xml = sheet.cells
    if b"<f" in sheet.shapes:
        yield from _uncalculated(xml)
    for match in _ERROR_CELL.finditer(xml) if b'"e"' in sheet.shapes else ():
        attributes, value = match.groups()
        yield from ((place, (value or b"").decode()) for place in _places(attributes))


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
        attributes, value, inline = match.groups()
        is_text = value is not None and _CALCULATED_TEXT.search(attributes)  # calculated to nothing: blank
        if not (value or inline or is_text):
            yield from ((place, "") for place in _places(attributes))


def _places(attributes: bytes) -> Iterator[Position]:
    address = _ADDRESS.search(attributes)
    if address:
        yield position_of(address.group(1).decode().upper())


_FORMAT = re.compile(TAG + rb"numFmt\s" + _WITHIN)
LONGEST_FORMAT = 1_000
"""Signs of a number format that are looked at; a spreadsheet keeps 255."""
_BUILT_IN = re.compile(rb"""numFmtId\s*=\s*["'](?:9|10)["']""")
_CELL_FORMAT = re.compile(TAG + rb"xf\s" + _WITHIN)
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\[[^]]*\]')


@lru_cache(maxsize=32)
def _percent_styles(styles: bytes) -> tuple[bytes, ...]:
    """Return the numbers of the cell styles that show a number as a percentage; a quoted % is a mere sign."""
    formats = [_attributes(match.group(1)) for match in _FORMAT.finditer(styles)]
    percent = {"9", "10"} | {each["numFmtId"] for each in formats if _is_percent(each["formatCode"])}
    start = styles.find(b"cellXfs")
    table = styles[start : styles.find(b"cellXfs>", start + len(b"cellXfs>"))] if start >= 0 else b""
    if not table or not (b"%" in styles or _BUILT_IN.search(table)):
        return ()
    numbers = [_attributes(match.group(1)).get("numFmtId") for match in _CELL_FORMAT.finditer(table)]
    return tuple(str(index).encode() for index, number in enumerate(numbers) if number in percent)


def _is_percent(code: str) -> bool:
    return "%" in _LITERAL.sub("", code[:LONGEST_FORMAT])


def _percent_cells(xml: bytes, styles: Sequence[bytes]) -> frozenset[Position]:
    if not styles:
        return frozenset()
    styled = rb"""c\s((?>[^<>]*?\bs\s*=\s*["'](?:""" + b"|".join(styles) + rb""")["'])[^<>]*)>"""
    return frozenset(place for match in re.finditer(TAG + styled, xml) for place in _places(match.group(1)))
