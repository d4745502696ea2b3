"""What a file is by its content, and whether a reader may be shown it: signatures and caps.

A workbook is a zip of XML; a hostile one aborts or starves any reader, so its parts are inflated here under caps
first; `sheet_marks` then finds in them what the reader cannot tell.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dingji.read import parts as inflating
from dingji.read.biff import xls_marks
from dingji.read.default_password import opened
from dingji.read.extent import SheetXml, reach, sheet_of
from dingji.read.file_kinds import OLE, Fault, ole_kind, unzipped_kind, zip_kind
from dingji.read.grid import SheetMarks
from dingji.read.notes import notes_of
from dingji.read.odf import odf_marks
from dingji.read.parts import Parts, TooBigError
from dingji.read.sheet_marks import Book, sheet_marks
from dingji.read.tags import tags_closed
from dingji.read.zips import Part, directory

MAX_FILE = 64 * 2**20
MAX_PARTS = 2_000
MAX_ROWS = 200_000
MAX_COLUMNS = 702
MAX_CELLS = 4_000_000
"""Cells within the used rectangles of a workbook: a reader makes all of them, empty or not."""
MAX_MERGES = 20_000
MAX_TEXT = 2**20
"""Bytes of one cell's text, with its marks of style: a spreadsheet holds 32,767 characters."""
MAX_SHEETS, MAX_RELATIONS = 1_000, 2**20
"""Sheets of a workbook, whose parts may be the same; bytes of the list that tells where they are."""
LIGHT = 2**23
"""Bytes, once inflated, of a workbook that is shown to the reader as it was inspected: without blank rows
at the end, and not packed. That saves time; of larger ones two copies would take too much room."""
SHORTEST_CELL = 20
"""Bytes that a cell with a shared text takes at least."""


@dataclass(frozen=True)
class Inspection:
    """The outcome of a look at a file: a fault, or marks by sheet name and whether it carries macros.

    `shown` is what a reader is given in the file's place, b"" for the file itself.
    """

    fault: Fault | None = None
    marks: Mapping[str, SheetMarks] = field(default_factory=dict)
    macros: bool = False
    shown: bytes = b""


def inspect(raw: bytes) -> Inspection:
    """Look at a file's content before any reader does."""
    if not raw:
        return Inspection(Fault("E104"))
    if len(raw) > MAX_FILE:
        return Inspection(large_kind(raw))
    if raw.startswith(OLE):
        return _inspect_old(raw)
    if raw.startswith(b"PK"):
        return _inspect_zip(raw)
    return Inspection(unzipped_kind(raw))


def _inspect_old(raw: bytes) -> Inspection:
    """Look at a file in the old container; one under Excel's own password is looked at as what it opens to."""
    fault = ole_kind(raw)
    if fault is None:
        return Inspection(None, xls_marks(raw))
    plain = opened(raw) if fault.code == "E101" else b""
    if plain.startswith(b"PK"):
        found = _inspect_zip(plain)
    elif plain and ole_kind(plain) is None:
        found = Inspection(None, xls_marks(plain))
    else:
        return Inspection(fault)
    return replace(found, shown=found.shown or plain)


def large_kind(head: bytes) -> Fault:
    """Name a file that is larger than the cap by its beginning."""
    workbook = head.startswith((OLE, b"PK")) or (head[:1].isascii() and head[:1] > b" ")
    return Fault("E105", f"文件超过 {MAX_FILE // 2**20} MB") if workbook else unzipped_kind(head)


_LISTED = b"PK\x01\x02"
"""What stands before every part in a zip's directory; counting them costs less than reading it."""


def _inspect_zip(raw: bytes) -> Inspection:
    if (parts := raw.count(_LISTED)) > MAX_PARTS:
        return Inspection(Fault("E105", f"内部部件 {parts} 个"))
    try:
        return _inspect_archive(raw, directory(raw))
    except TooBigError:
        return Inspection(Fault("E105", f"解压后超过 {inflating.MAX_INFLATED // 2**20} MB"))
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


def _inspect_archive(raw: bytes, listed: Sequence[Part]) -> Inspection:
    if any(part.flags & 1 for part in listed):
        return Inspection(Fault("E101"))
    parts = Parts(raw, listed)
    if len(parts.names) < len(listed):
        return Inspection(Fault("E103"))  # which of two parts of one name counts, readers do not agree on
    is_workbook = parts.is_workbook
    if not is_workbook and (kind := zip_kind(parts.names, parts.get("mimetype"))):
        return Inspection(kind)
    inspection = _inspect_sheets(parts) if is_workbook else _inspect_other(parts)
    parts.count_the_rest()
    return inspection


def _inspect_other(parts: Parts) -> Inspection:
    """Look at a workbook of another format: ODF says in its manifest where a password hides a part."""
    if b"encryption-data" in parts.get("meta-inf/manifest.xml"):
        return Inspection(Fault("E101"))
    content = parts.get("content.xml")
    if b"<!ENTITY" in content[:4096]:
        return Inspection(Fault("E103"))
    marks = odf_marks(content, parts.get("styles.xml"))
    return Inspection(Fault("E103") if marks is None else None, marks or {})


def _inspect_sheets(parts: Parts) -> Inspection:
    if len(parts.get(parts.relations)) > MAX_RELATIONS or parts.get(parts.workbook).count(b"sheet ") > MAX_SHEETS:
        return Inspection(Fault("E105", "工作表或内部部件过多"))
    cells = parts.read_cells()
    named = parts.get(parts.workbook), parts.get(parts.relations)
    styles, texts = parts.get(parts.used_for("styles")), parts.get(parts.used_for("sharedStrings"))
    light = parts.inflated <= LIGHT or not parts.is_usual
    sheets = {name: sheet_of(xml, briefly=light) for name, xml in cells.items()}
    looked_at = (*named, styles, texts, *(sheet.shown for sheet in sheets.values()))
    if (
        parts.relations not in parts.names
        or any(xml.find(b"<!ENTITY", 0, 4096) >= 0 for xml in looked_at)
        or not all(map(tags_closed, looked_at))
    ):
        return Inspection(Fault("E103"))
    fault = _extent_fault(sheets, texts)
    if fault:
        return Inspection(fault)
    shown = parts.zip_again({name: sheet.shown for name, sheet in sheets.items()}) if light else b""
    book = Book(*named, parts.folder, styles, texts)
    notes = {name: notes_of(parts, name) for name in sheets}
    return Inspection(None, sheet_marks(book, sheets, notes), "xl/vbaproject.bin" in parts.names, shown)


# --- how far the cells reach ------------------------------------------------------------------------------
def _extent_fault(sheets: Mapping[str, SheetXml], texts: bytes) -> Fault | None:
    """Refuse used rectangles that no form has; cells are read from the XML, `<dimension>` is not believed."""
    left = MAX_CELLS
    for sheet in sheets.values():
        if b"sheetData" not in sheet.whole:
            continue
        rows, columns = reach(sheet)
        left -= rows * columns
        if columns > MAX_COLUMNS:
            return Fault("E105", "有内容的列超过 ZZ 列")
        if rows > MAX_ROWS:
            return Fault("E105", f"有内容的行超过 {MAX_ROWS} 行")
        if sheet.rest.count(b"mergeCell ") > MAX_MERGES:
            return Fault("E105", "合并单元格过多")
        if left < 0:
            return Fault("E105", f"有内容的范围（{rows} 行 {columns} 列）过大")
    return _repetition_fault([sheet.whole for sheet in sheets.values()], texts)


def _repetition_fault(sheets: Sequence[bytes], texts: bytes) -> Fault | None:
    """Refuse a long text that stands in many cells: it is stored once, and a reader copies it for each of them."""
    few = len(texts) * sum(map(len, sheets)) <= inflating.MAX_INFLATED * SHORTEST_CELL
    if few and len(texts) <= MAX_TEXT:
        return None
    longest = max(map(len, texts.split(b"si>")))
    if longest > MAX_TEXT:
        return Fault("E105", f"一个单元格里的文字有 {-(-longest // 2**20)} MB")
    cells = sum(xml.count(b'"s"') + xml.count(b"'s'") for xml in sheets)
    return Fault("E105", f"长文字重复 {cells} 次") if longest * cells > inflating.MAX_INFLATED else None
