"""Grids in the other formats that arrive: OpenDocument, plain text, the binary workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from html import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from dingji.read.grid import CellValue, Grid, text_of

EPOCH = (1980, 1, 1, 0, 0, 0)
OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
_NAMES = " ".join(f'xmlns:{name}="{OFFICE}:{name}:1.0"' for name in ("office", "table", "text"))


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Return a zip of these parts; the same parts give the same bytes."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            info = ZipInfo(name, EPOCH)
            info.create_system = 0
            archive.writestr(info, part, ZIP_DEFLATED)
    return buffer.getvalue()


def as_ods(grids: Sequence[Grid]) -> bytes:
    """Return an OpenDocument spreadsheet with the texts and numbers of these sheets."""
    tables = "".join(f'<table:table table:name="{escape(grid.name)}">{_rows(grid)}</table:table>' for grid in grids)
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES}>{body}</office:document-content>'
    )
    manifest = (
        b'<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content.encode()})


def _rows(grid: Grid) -> str:
    return "".join(f"<table:table-row>{''.join(map(_cell, line))}</table:table-row>" for line in grid.rows)


def _cell(value: CellValue) -> str:
    if value == "":
        return "<table:table-cell/>"
    text = f"<text:p>{escape(text_of(value))}</text:p>"
    if isinstance(value, float | int) and not isinstance(value, bool):
        return f'<table:table-cell office:value-type="float" office:value="{value!r}">{text}</table:table-cell>'
    return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'


def as_csv(grid: Grid, encoding: str) -> bytes:
    """Return a sheet as a spreadsheet saves it as plain text."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([[text_of(value) for value in line] for line in grid.rows])
    return buffer.getvalue().encode(encoding)


def as_xlsb() -> bytes:
    """Return what is a binary workbook by its parts; nobody reads further."""
    return zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"\x83\x01\x00\x84\x01\x00"})
