"""One sealing step for every workbook and document: the same content gives the same bytes.

Times, order, system marks and core properties are what differ between two writings of one document; all are
set to fixed values here. Across versions of zlib packed bytes may differ: there, compare `inflated` parts.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EPOCH = (1980, 1, 1, 0, 0, 0)
LEVEL = 6
TYPES = "[Content_Types].xml"
CORE = "docProps/core.xml"
FIXED_TIME = "2000-01-01T00:00:00Z"

_TITLE = re.compile(r"<dc:title[^>]*>([^<]*)</dc:title>")
_CORE_XML = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:dcmitype="http://purl.org/dc/dcmitype/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>{title}</dc:title><dc:creator></dc:creator><cp:lastModifiedBy></cp:lastModifiedBy>"
    "<cp:revision>1</cp:revision>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">{time}</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{time}</dcterms:modified>'
    "</cp:coreProperties>"
)


def seal(raw: bytes) -> bytes:
    """Rewrite an .xlsx or .docx so that its bytes depend on its content alone; idempotent."""
    parts = inflated(raw)
    if CORE in parts:
        parts[CORE] = _core(parts[CORE])
    return packed(parts)


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return a zip-based document of these parts: the same parts give the same bytes."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for name in sorted(parts, key=_order):
            archive.writestr(_info(name), parts[name], ZIP_DEFLATED, LEVEL)
    return buffer.getvalue()


def inflated(raw: bytes) -> dict[str, bytes]:
    """Return the parts of a zip-based document by name."""
    with ZipFile(BytesIO(raw)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}


def _order(name: str) -> tuple[bool, bool, str]:
    """Readers look for the content types first, then for the package's relations."""
    return name != TYPES, not name.startswith("_rels/"), name


def _info(name: str) -> ZipInfo:
    info = ZipInfo(name, EPOCH)
    info.create_system = 0
    info.external_attr = 0
    return info


def _core(part: bytes) -> bytes:
    """Return core properties with the title kept and nothing that tells who wrote or when."""
    match = _TITLE.search(part.decode(errors="replace"))
    title = html.unescape(match.group(1)) if match else ""
    return _CORE_XML.format(title=html.escape(title, quote=False), time=FIXED_TIME).encode()
