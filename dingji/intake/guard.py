"""What a file is by its content, and what of it a reader may be shown: caps, error cells, percentages.

A workbook is a zip of XML; a hostile one aborts or starves any reader, so its parts are inflated here under caps
first. The same pass finds what the reader cannot tell: error cells, formulas never calculated, percent formats.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from dingji.intake.grid import Position, position_of

MAX_FILE = 64 * 2**20
MAX_INFLATED = 256 * 2**20
MAX_PARTS = 2_000
MAX_ROWS = 200_000
MAX_COLUMNS = 702
MAX_CELLS = 4_000_000
"""Cells within the used rectangles of a workbook: a reader makes all of them, empty or not."""
MAX_MERGES = 20_000

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class Fault:
    """Why a file is not opened: the problem's code and what its words need."""

    code: str
    what: str = ""


@dataclass(frozen=True)
class SheetMarks:
    """Per sheet: faulty cells (address → what), cells formatted as percentages, blocks merged over several rows.

    A block is its upper left cell and its last row.
    """

    faults: Mapping[Position, str] = field(default_factory=dict)
    percent: frozenset[Position] = frozenset()
    blocks: Mapping[Position, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Inspection:
    """The outcome of a look at a file: a fault, or marks by sheet name and whether it carries macros."""

    fault: Fault | None = None
    marks: Mapping[str, SheetMarks] = field(default_factory=dict)
    macros: bool = False


_SIGNATURES = (
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
)


def inspect(raw: bytes) -> Inspection:
    """Look at a file's content before any reader does."""
    if not raw:
        return Inspection(Fault("E104"))
    if len(raw) > MAX_FILE:
        return Inspection(Fault("E105", f"文件超过 {MAX_FILE // 2**20} MB"))
    if raw.startswith(_OLE):
        return Inspection(Fault("E101") if _ENCRYPTED in raw else None)
    if raw.startswith(b"PK"):
        return _inspect_zip(raw)
    return Inspection(Fault("E102", _what_it_is(raw)))


def _what_it_is(raw: bytes) -> str:
    for signature, what in _SIGNATURES:
        if raw.startswith(signature):
            return what
    head = raw[:1024].lstrip().lower()
    return "网页或 XML 文本" if head.startswith(b"<") else "文本或其他内容"


class _TooBigError(Exception):
    """A part inflates beyond the cap."""


def _inspect_zip(raw: bytes) -> Inspection:
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
        return _inspect_archive(archive)
    except _TooBigError:
        return Inspection(Fault("E105", f"解压后超过 {MAX_INFLATED // 2**20} MB"))
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
        KeyError,
    ):
        return Inspection(Fault("E103"))


def _inspect_archive(archive: zipfile.ZipFile) -> Inspection:
    infos = archive.infolist()
    if len(infos) > MAX_PARTS:
        return Inspection(Fault("E105", f"内部部件 {len(infos)} 个"))
    if any(info.flag_bits & 1 for info in infos):
        return Inspection(Fault("E101"))
    names = {_plain_name(info.filename): info for info in infos}
    if len(names) < len(infos):
        return Inspection(Fault("E103"))  # which of two parts of one name counts, readers do not agree on
    if "xl/workbook.xml" not in names and not {"content.xml", "xl/workbook.bin"} & names.keys():
        return Inspection(Fault("E102", _zip_kind(names.keys())))
    budget = _Budget()
    parts = {name: budget.inflate(archive, info) for name, info in names.items()}
    fault = next((Fault("E103") for xml in parts.values() if b"<!ENTITY" in xml[:4096]), None) or _extent_fault(parts)
    if fault or "xl/workbook.xml" not in names:
        return Inspection(fault)
    return Inspection(None, _sheet_marks(parts), "xl/vbaproject.bin" in names)


def _plain_name(name: str) -> str:
    """Return a part's name as readers look it up: whatever its case and its slashes."""
    return name.replace("\\", "/").lower()


def _zip_kind(names: Collection[str]) -> str:
    return "Word 文档" if "word/document.xml" in names else "压缩包"


class _Budget:
    """Inflates parts while counting, so that a bomb costs no more than the cap."""

    def __init__(self) -> None:
        self.left = MAX_INFLATED

    def inflate(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
        with archive.open(info) as part:
            data = part.read(self.left + 1)
        self.left -= len(data)
        if self.left < 0:
            raise _TooBigError
        return data


# --- how far the cells reach ------------------------------------------------------------------------------
# Readers do not mind a namespace prefix, either quote, or the order of attributes; so neither do these patterns.

_ANY_PREFIX = rb"<(?:[\w.-]+:)?"
_FAR = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{2,}\d+|[A-Za-z]?\d{4,})""")
_ROW = re.compile(_ANY_PREFIX + rb"row[\s/>]")
_CELL = re.compile(_ANY_PREFIX + rb"c[\s/>]")
_UNPLACED = re.compile(_ANY_PREFIX + rb"c(?:/?>|\s(?![^<>]*\br\s*=))")
NEAR_ROWS, NEAR_COLUMNS = 999, 26


def _extent_fault(parts: Mapping[str, bytes]) -> Fault | None:
    """Refuse used rectangles that no form has; cells are read from the XML, `<dimension>` is not believed."""
    left = MAX_CELLS
    for xml in parts.values():
        if b"sheetData" not in xml:
            continue
        rows, columns = _extent(xml)
        left -= rows * columns
        if columns > MAX_COLUMNS:
            return Fault("E105", "有内容的列超过 ZZ 列")
        if rows > MAX_ROWS:
            return Fault("E105", f"有内容的行超过 {MAX_ROWS} 行")
        if xml.count(b"mergeCell ") > MAX_MERGES:
            return Fault("E105", "合并单元格过多")
        if left < 0:
            return Fault("E105", f"有内容的范围（{rows} 行 {columns} 列）过大")
    return None


def _extent(xml: bytes) -> tuple[int, int]:
    """Return at least how many rows and columns a reader makes of a sheet; small ones are not measured exactly."""
    rows, columns = NEAR_ROWS, NEAR_COLUMNS
    for match in _FAR.finditer(xml):
        letters = match.group(1).rstrip(b"0123456789")
        digits = match.group(1)[len(letters) :]
        row, column = position_of(f"{letters.decode().upper()}{digits[:9].decode()}")
        rows, columns = max(rows, row + 1), max(columns, column + 1)
    if _UNPLACED.search(xml):  # cells without an address follow one another
        lines = _ROW.split(xml)
        rows, columns = max(rows, len(lines)), max(columns, *(len(_CELL.findall(line)) for line in lines))
    return rows, columns


# --- error cells, formulas never calculated, percentages --------------------------------------------------

_WITHIN = rb"""((?:[^>"']|"[^"]*"|'[^']*')*)>"""
_SHEET = re.compile(_ANY_PREFIX + rb"sheet\s" + _WITHIN)
_RELATION = re.compile(_ANY_PREFIX + rb"Relationship\s" + _WITHIN)
_ATTRIBUTE = re.compile(rb"""([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ADDRESS = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3}\d{1,7})["']""")
_MERGE = re.compile(rb"""mergeCell\s[^<>]*?ref\s*=\s*["']([A-Za-z]{1,3}\d{1,7}):([A-Za-z]{1,3}\d{1,7})["']""")
_ERROR = re.compile(rb"""["']e["']""")
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_CALCULATION = rb"(?:" + _ANY_PREFIX + rb"f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:[\w.-]+:)?f>)\s*)"
_VALUE = _ANY_PREFIX + rb"v(?:\s[^<>]*)?>([^<]*)<"
_ERROR_CELL = re.compile(
    _ANY_PREFIX + rb"""c\s([^<>]*\bt\s*=\s*["']e["'][^<>]*)>\s*""" + _CALCULATION + rb"?(?:" + _VALUE + rb")?"
)
_FORMULA_CELL = re.compile(
    _ANY_PREFIX + rb"c\s([^<>]*)>\s*" + _CALCULATION + rb"(?:" + _VALUE + rb"|(" + _ANY_PREFIX + rb"is[\s>]))?"
)
_CALCULATED_TEXT = re.compile(rb"""\bt\s*=\s*["']str["']""")


def _attributes(tag: bytes) -> dict[str, str]:
    """Return a tag's attributes by name without prefix."""
    pairs = ((name, double or single) for name, double, single in _ATTRIBUTE.findall(tag))
    return {name.decode().rpartition(":")[2]: html.unescape(value.decode()) for name, value in pairs}


def _sheet_marks(parts: Mapping[str, bytes]) -> dict[str, SheetMarks]:
    targets = {}
    for match in _RELATION.finditer(parts["xl/_rels/workbook.xml.rels"]):
        relation = _attributes(match.group(1))
        target = relation.get("Target", "").lstrip("/")
        targets[relation.get("Id", "")] = _plain_name(target if target.startswith("xl/") else f"xl/{target}")
    percent_styles = _percent_styles(parts.get("xl/styles.xml", b""))
    marks = {}
    for match in _SHEET.finditer(parts["xl/workbook.xml"]):
        sheet = _attributes(match.group(1))
        xml = parts.get(targets.get(sheet.get("id", ""), ""), b"")
        marks[sheet.get("name", "")] = SheetMarks(
            dict(_faults(xml)), _percent_cells(xml, percent_styles), dict(_blocks(xml))
        )
    return marks


def _blocks(xml: bytes) -> Iterator[tuple[Position, int]]:
    """Yield the blocks merged over more than one row."""
    for match in _MERGE.finditer(xml):
        first, last = (position_of(corner.decode().upper()) for corner in match.groups())
        if last[0] > first[0]:
            yield first, last[0]


def _faults(xml: bytes) -> Iterator[tuple[Position, str]]:
    """Yield cells whose formula was never calculated (""), and those that show an error, with it."""
    for match in _FORMULA_CELL.finditer(xml) if _FORMULA.search(xml) else ():
        attributes, value, inline = match.groups()
        is_text = value is not None and _CALCULATED_TEXT.search(attributes)  # calculated to nothing: blank
        if not (value or inline or is_text):
            yield from ((place, "") for place in _places(attributes))
    for match in _ERROR_CELL.finditer(xml) if _ERROR.search(xml) else ():
        attributes, value = match.groups()
        yield from ((place, (value or b"").decode()) for place in _places(attributes))


def _places(attributes: bytes) -> Iterator[Position]:
    address = _ADDRESS.search(attributes)
    if address:
        yield position_of(address.group(1).decode().upper())


_FORMAT = re.compile(_ANY_PREFIX + rb"numFmt\s" + _WITHIN)
_CELL_FORMATS = re.compile(rb"cellXfs\b.*?cellXfs>", re.DOTALL)
_BUILT_IN = re.compile(rb"""numFmtId\s*=\s*["'](?:9|10)["']""")
_CELL_FORMAT = re.compile(_ANY_PREFIX + rb"xf\s" + _WITHIN)
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\[[^]]*\]')


def _percent_styles(styles: bytes) -> list[bytes]:
    """Return the numbers of the cell styles that show a number as a percentage; a quoted % is a mere sign."""
    formats = [_attributes(match.group(1)) for match in _FORMAT.finditer(styles)]
    percent = {"9", "10"} | {each["numFmtId"] for each in formats if "%" in _LITERAL.sub("", each["formatCode"])}
    table = _CELL_FORMATS.search(styles)
    if table is None or not (b"%" in styles or _BUILT_IN.search(table[0])):
        return []
    numbers = [_attributes(match.group(1)).get("numFmtId") for match in _CELL_FORMAT.finditer(table[0])]
    return [str(index).encode() for index, number in enumerate(numbers) if number in percent]


def _percent_cells(xml: bytes, styles: list[bytes]) -> frozenset[Position]:
    if not styles:
        return frozenset()
    styled = rb"""c\s([^<>]*\bs\s*=\s*["'](?:""" + b"|".join(styles) + rb""")["'][^>]*)>"""
    return frozenset(place for match in re.finditer(_ANY_PREFIX + styled, xml) for place in _places(match.group(1)))
