"""A table of plain text (.csv, .txt), as an online questionnaire or a spreadsheet exports it, as a grid."""

from __future__ import annotations

import csv
import io
import re

from dingji.read.file_kinds import PLAIN_TEXT, Fault
from dingji.read.grid import ERRORS, CellValue, Grid
from dingji.read.guard import MAX_CELLS, MAX_FILE

ONLY_SHEET = "CSV"
"""What the one sheet of a text table is called, of which it keeps no name."""
ENCODINGS = ("utf-8-sig", "gb18030")
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
"""How Excel marks what it calls Unicode text."""
SEPARATORS = (",", "\t", ";", "|")
_LOOKED_AT = 2**16
"""Characters by which the separator is told."""
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d+)?")
"""What a spreadsheet would store as a number; 001 stays a text."""
_SHIELDED = re.compile(r'="(.*)"', re.DOTALL)
"""How programs keep a spreadsheet from making a number of a text."""


def read_csv(raw: bytes) -> Grid | Fault:
    """Return the one sheet of a text table, in UTF-8, UTF-16 or GB18030, or why it cannot be read."""
    if not raw:
        return Fault("E104")
    if too_large := _too_large(raw):
        return Fault("E105", too_large)
    text = _decoded(raw)
    if text is None:
        return Fault("E102", PLAIN_TEXT)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=_separator(text))
        rows = [[_value(cell) for cell in line] for line in lines]
    except csv.Error:
        return Fault("E103")
    width = max(map(len, rows), default=0)
    if width * len(rows) > MAX_CELLS:
        return Fault("E105", f"有内容的范围（{len(rows)} 行 {width} 列）过大")
    faults = {
        (row, place): value
        for row, line in enumerate(rows)
        for place, value in enumerate(line)
        if isinstance(value, str) and value in ERRORS
    }
    shown = [["" if value in ERRORS else value for value in line] for line in rows] if faults else rows
    return Grid(ONLY_SHEET, [[*row, *[""] * (width - len(row))] for row in shown], faults=faults)


def _too_large(raw: bytes) -> str:
    """Say what is too large, before a line is read; "" where nothing is."""
    if len(raw) > MAX_FILE:
        return f"文件超过 {MAX_FILE // 2**20} MB"
    many = max(raw.count(sign.encode()) for sign in SEPARATORS) + raw.count(b"\n") > MAX_CELLS
    return f"有内容的范围超过 {MAX_CELLS // 10_000} 万格" if many else ""


def _decoded(raw: bytes) -> str | None:
    wide = _WIDE.get(raw[:2])
    for encoding in (wide,) if wide else ENCODINGS:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def _separator(text: str) -> str:
    """Return what parts the cells: the sign that stands most often between texts, a comma where none does."""
    outside = re.sub(r'"[^"]*"', "", text[:_LOOKED_AT])
    return max(SEPARATORS, key=outside.count)


def _value(cell: str) -> CellValue:
    shielded = _SHIELDED.fullmatch(cell)
    cell = shielded[1].replace('""', '"') if shielded else cell
    return float(cell) if _NUMBER.fullmatch(cell) else cell
