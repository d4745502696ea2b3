"""What a file is by its content, and whether a reader may be shown it: signatures and caps.

A workbook is a zip of XML; a hostile one aborts or starves any reader, so its parts are inflated here under caps
first; `sheet_marks` then finds in them what the reader cannot tell.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from dingji.intake.grid import position_of
from dingji.intake.sheet_marks import TAG, SheetMarks, plain_name, sheet_marks

MAX_FILE = 64 * 2**20
MAX_INFLATED = 256 * 2**20
MAX_PARTS = 2_000
MAX_ROWS = 200_000
MAX_COLUMNS = 702
MAX_CELLS = 4_000_000
"""Cells within the used rectangles of a workbook: a reader makes all of them, empty or not."""
MAX_MERGES = 20_000
MAX_TEXT = 2**20
"""Bytes of one cell's text, with its marks of style: a spreadsheet holds 32,767 characters."""

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class Fault:
    """Why a file is not opened: the problem's code and what its words need."""

    code: str
    what: str = ""


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


_LISTED = b"PK\x01\x02"
"""What stands before every part in a zip's directory; counting them costs less than reading it."""


def _inspect_zip(raw: bytes) -> Inspection:
    if (parts := raw.count(_LISTED)) > MAX_PARTS:
        return Inspection(Fault("E105", f"内部部件 {parts} 个"))
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
    if any(info.flag_bits & 1 for info in infos):
        return Inspection(Fault("E101"))
    names = {plain_name(info.filename): info for info in infos}
    if len(names) < len(infos):
        return Inspection(Fault("E103"))  # which of two parts of one name counts, readers do not agree on
    if "xl/workbook.xml" not in names and "content.xml" not in names:
        return Inspection(_no_workbook(names.keys()))
    budget = _Budget()
    parts = {name: budget.inflate(archive, info) for name, info in names.items()}
    fault = next((Fault("E103") for xml in parts.values() if b"<!ENTITY" in xml[:4096]), None) or _extent_fault(parts)
    if fault or "xl/workbook.xml" not in names:
        return Inspection(fault)
    return Inspection(None, sheet_marks(parts), "xl/vbaproject.bin" in names)


def _no_workbook(names: Collection[str]) -> Fault:
    """Say what a zip is that holds no workbook to be read; a binary one hides its cells from the caps below."""
    if "xl/workbook.bin" in names:
        return Fault("E115", "二进制工作簿（.xlsb）")
    return Fault("E102", "Word 文档" if "word/document.xml" in names else "压缩包")


class _Budget:
    """Inflates parts while counting, so that a bomb costs no more than the cap.

    A part's stated size is counted: no more than that is ever inflated, and one that is not true is a damaged part.
    """

    def __init__(self) -> None:
        self.left = MAX_INFLATED

    def inflate(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
        self.left -= info.file_size
        if self.left < 0:
            raise _TooBigError
        return archive.read(info)


# --- how far the cells reach ------------------------------------------------------------------------------
_FAR = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{2,}\d+|[A-Za-z]?\d{4,})""")
_ROW = re.compile(TAG + rb"row[\s/>]")
_CELL = re.compile(TAG + rb"c[\s/>]")
_UNPLACED = re.compile(TAG + rb"c(?:/?>|\s(?![^<>]*\br\s*=))")
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
    return _repetition_fault(parts)


def _repetition_fault(parts: Mapping[str, bytes]) -> Fault | None:
    """Refuse a long text that stands in many cells: it is stored once, and a reader copies it for each of them."""
    texts = parts.get("xl/sharedstrings.xml", b"")
    longest = max(map(len, texts.split(b"si>")))
    if longest > MAX_TEXT:
        return Fault("E105", f"一个单元格里的文字有 {-(-longest // 2**20)} MB")
    cells = sum(xml.count(b'"s"') + xml.count(b"'s'") for xml in parts.values() if b"sheetData" in xml)
    return Fault("E105", f"长文字重复 {cells} 次") if longest * cells > MAX_INFLATED else None


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
