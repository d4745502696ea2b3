"""A table of plain text (.csv), as an online questionnaire or a spreadsheet exports it, as a grid."""

from __future__ import annotations

import csv
import io
import re

from dingji.read.file_kinds import Fault
from dingji.read.grid import CellValue, Grid
from dingji.read.guard import MAX_CELLS, MAX_FILE

ENCODINGS = ("utf-8-sig", "gb18030")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d+)?")
"""What a spreadsheet would store as a number; 001 stays a text."""


def read_csv(raw: bytes) -> Grid | Fault:
    """Return the one sheet of a .csv, in UTF-8 or GB18030, or why it cannot be read."""
    if not raw:
        return Fault("E104")
    if too_large := _too_large(raw):
        return Fault("E105", too_large)
    text = _decoded(raw)
    if text is None:
        return Fault("E102", "文本或其他内容")
    try:
        rows = [[_value(cell) for cell in line] for line in csv.reader(io.StringIO(text, newline=""), strict=True)]
    except csv.Error:
        return Fault("E103")
    width = max(map(len, rows), default=0)
    if width * len(rows) > MAX_CELLS:
        return Fault("E105", f"有内容的范围（{len(rows)} 行 {width} 列）过大")
    return Grid("CSV", [row + [""] * (width - len(row)) for row in rows])


def _too_large(raw: bytes) -> str:
    """Say what is too large, before a line is read; "" where nothing is."""
    if len(raw) > MAX_FILE:
        return f"文件超过 {MAX_FILE // 2**20} MB"
    many = raw.count(b",") + raw.count(b"\n") > MAX_CELLS
    return f"有内容的范围超过 {MAX_CELLS // 10_000} 万格" if many else ""


def _decoded(raw: bytes) -> str | None:
    for encoding in ENCODINGS:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def _value(cell: str) -> CellValue:
    return float(cell) if _NUMBER.fullmatch(cell) else cell
