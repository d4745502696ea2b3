"""What a file is by its content, and what of it a reader may be shown: caps, error cells, percentages.

A workbook is a zip of XML; a hostile one aborts or starves any reader, so its parts are inflated here under caps
first. The same pass finds what the reader cannot tell: error cells, formulas never calculated, percent formats.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from dingji.intake.grid import Position, position_of

MAX_FILE = 64 * 2**20
MAX_INFLATED = 256 * 2**20
MAX_PARTS = 2_000
MAX_ROWS = 200_000
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
    """Per sheet: faulty cells (address → what), and cells formatted as percentages."""

    faults: Mapping[Position, str] = field(default_factory=dict)
    percent: frozenset[Position] = frozenset()


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
        return Inspection(Fault("E105", f"文件有 {len(raw) // 2**20} MB"))
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
    names = archive.namelist()
    if len(names) > MAX_PARTS:
        return Inspection(Fault("E105", f"内部部件 {len(names)} 个"))
    if any(info.flag_bits & 1 for info in archive.infolist()):
        return Inspection(Fault("E101"))
    if "xl/workbook.xml" not in names:
        known = "content.xml" in names or "xl/workbook.bin" in names
        return Inspection(None if known else Fault("E102", _zip_kind(names)))
    budget = _Budget()
    parts = {name: budget.inflate(archive, name) for name in names if name.startswith("xl/") and name.endswith(".xml")}
    fault = next(
        (fault for name, xml in parts.items() if "worksheets/" in name and (fault := _extent_fault(xml))),
        None,
    )
    if fault:
        return Inspection(fault)
    relations = budget.inflate(archive, "xl/_rels/workbook.xml.rels")
    return Inspection(None, _sheet_marks(parts, relations), "xl/vbaProject.bin" in names)


def _zip_kind(names: list[str]) -> str:
    return "Word 文档" if "word/document.xml" in names else "压缩包"


class _Budget:
    """Inflates parts while counting, so that a bomb costs no more than the cap."""

    def __init__(self) -> None:
        self.left = MAX_INFLATED

    def inflate(self, archive: zipfile.ZipFile, name: str) -> bytes:
        with archive.open(name) as part:
            data = part.read(self.left + 1)
        self.left -= len(data)
        if self.left < 0:
            raise _TooBigError
        return data


_FAR_COLUMN = re.compile(rb'<c r="[A-Z]{3}\d')
_FAR_ROW = re.compile(rb' r="[A-Z]{0,3}(\d{6,})"')
_MERGES = re.compile(rb"<mergeCell ")


def _extent_fault(xml: bytes) -> Fault | None:
    """Refuse a used rectangle that no form has; cells are read from the XML, `<dimension>` is not believed."""
    if _FAR_COLUMN.search(xml):
        return Fault("E105", "有内容的列超过 ZZ 列")
    if any(int(match.group(1)) > MAX_ROWS for match in _FAR_ROW.finditer(xml)):
        return Fault("E105", f"有内容的行超过 {MAX_ROWS} 行")
    if xml.count(b"<mergeCell ") > MAX_MERGES:
        return Fault("E105", "合并单元格过多")
    return Fault("E103", "") if b"<!ENTITY" in xml[:4096] else None


_SHEET = re.compile(rb'<sheet [^>]*?name="([^"]*)"[^>]*?r:id="([^"]*)"')
_RELATION = re.compile(rb"<Relationship [^>]*>")
_ATTRIBUTE = re.compile(rb'(\w+)="([^"]*)"')
_ERROR_CELL = re.compile(rb'<c r="([A-Z]+\d+)"[^>]*? t="e"[^>]*>(?:<f.*?(?:</f>|/>))?<v>([^<]*)</v>')
_UNCALCULATED = re.compile(rb'<c r="([A-Z]+\d+)"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)(?:<v></v>|<v/>)?</c>')


def _sheet_marks(parts: Mapping[str, bytes], relations: bytes) -> dict[str, SheetMarks]:
    targets = {}
    for match in _RELATION.finditer(relations):
        attributes = dict(_ATTRIBUTE.findall(match.group()))
        target = attributes.get(b"Target", b"").decode().lstrip("/")
        targets[attributes.get(b"Id", b"")] = target if target.startswith("xl/") else f"xl/{target}"
    percent_styles = _percent_styles(parts.get("xl/styles.xml", b""))
    marks = {}
    for name, relation in _SHEET.findall(parts["xl/workbook.xml"]):
        xml = parts.get(targets.get(relation, ""), b"")
        marks[_unescaped(name.decode())] = SheetMarks(_faults(xml), _percent_cells(xml, percent_styles))
    return marks


def _unescaped(text: str) -> str:
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text


def _faults(xml: bytes) -> dict[Position, str]:
    faults = {}
    if b"<f" in xml:
        faults.update({position_of(match.group(1).decode()): "" for match in _UNCALCULATED.finditer(xml)})
    if b' t="e"' in xml:
        faults.update({position_of(m.group(1).decode()): m.group(2).decode() for m in _ERROR_CELL.finditer(xml)})
    return faults


_FORMAT = re.compile(rb'<numFmt [^>]*?numFmtId="(\d+)"[^>]*?formatCode="([^"]*)"')
_CELL_FORMATS = re.compile(rb"<cellXfs.*?</cellXfs>", re.DOTALL)
_CELL_FORMAT = re.compile(rb"<xf [^>]*?numFmtId=\"(\d+)\"")


def _percent_styles(styles: bytes) -> set[bytes]:
    percent = {b"9", b"10"} | {number for number, code in _FORMAT.findall(styles) if b"%" in code}
    table = _CELL_FORMATS.search(styles)
    numbers = _CELL_FORMAT.findall(table.group()) if table else []
    return {str(index).encode() for index, number in enumerate(numbers) if number in percent}


def _percent_cells(xml: bytes, styles: set[bytes]) -> frozenset[Position]:
    if not styles:
        return frozenset()
    cells = re.finditer(rb'<c r="([A-Z]+\d+)"[^>]*? s="(?:' + b"|".join(styles) + rb')"', xml)
    return frozenset(position_of(match.group(1).decode()) for match in cells)
