"""What a file is by its first bytes or its parts: which are workbooks, and what the others are called.

Signatures as the formats' own documents give them: BIFF ([MS-XLS], 2.4.21), OLE ([MS-CFB], 2.2), SYLK, DIF, Lotus.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from dingji.read.ole import goes_in_a_circle


@dataclass(frozen=True)
class Fault:
    """Why a file is not opened: the problem's code and what its words need."""

    code: str
    what: str = ""


PLAIN_TEXT = "文本或其他内容"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_STARTS = (
    (b"%PDF", "E102", "PDF 文件"),
    (b"\x89PNG", "E102", "图片"),
    (b"\xff\xd8\xff", "E102", "图片"),
    (b"GIF8", "E102", "图片"),
    (b"BM", "E102", "图片"),
    (b"Rar!", "E102", "压缩包，须先解压"),
    (b"7z\xbc\xaf", "E102", "压缩包，须先解压"),
    (b"\x1f\x8b", "E102", "gzip 压缩文件"),
    (b"{\\rtf", "E102", "文字文档"),
    (b"\x1aE\xdf\xa3", "E102", "视频"),
    (b"ID;P", "E115", "SYLK 格式"),
    (b"TABLE\r\n0,1", "E115", "DIF 格式"),
    (b"\x00\x00\x02\x00", "E115", "Lotus 或 Works 格式"),
    (b"\x00\x00\x1a\x00", "E115", "Lotus 或 Works 格式"),
    (b"\xff\x00\x02\x00", "E115", "Lotus 或 Works 格式"),
)
_OLD_EXCEL = re.compile(rb"\x09[\x00\x02\x04\x08][\x04-\x10]\x00")
_XML = (
    (b"urn:schemas-microsoft-com:office:spreadsheet", "E115", "2003 版 XML 表格"),
    (b"opendocument:xmlns:office", "E115", "单个 XML 的 ODF 表格"),
    (b"<html", "E102", "网页"),
    (b"<table", "E102", "网页"),
)


def unzipped_kind(raw: bytes) -> Fault:
    """Name a file that is neither a zip nor of the old binary format."""
    for start, code, what in _STARTS:
        if raw.startswith(start):
            return Fault(code, what)
    if _OLD_EXCEL.match(raw):
        return Fault("E115", "Excel 5.0 或更早的格式")
    if raw[4:8] == b"ftyp":
        return Fault("E102", "视频或录音")
    head = raw[:2048].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not head.startswith(b"<"):
        return Fault("E102", PLAIN_TEXT)
    return next((Fault(code, what) for sign, code, what in _XML if sign in head), Fault("E102", "网页或 XML 文本"))


_ZIPS = (
    ("word/document.xml", "E102", "Word 文档"),
    ("ppt/presentation.xml", "E102", "演示文稿"),
    ("xl/workbook.bin", "E115", "二进制工作簿（.xlsb）"),  # hides its cells from the guard's caps
    ("index/document.iwa", "E115", "苹果 Numbers 格式"),
    ("index.zip", "E115", "苹果 Numbers 格式"),
)
_ODF_SHEETS = (b"application/vnd.oasis.opendocument.spreadsheet", b"application/x-vnd.oasis.opendocument.spreadsheet")


def zip_kind(names: Collection[str], mimetype: bytes) -> Fault | None:
    """Name a zip that is no .xlsx by its parts' plain names and its part `mimetype`; None where it is an .ods."""
    if mimetype.startswith(b"application/vnd.sun.xml.calc"):
        return Fault("E115", "OpenOffice 1.x 的 .sxc 格式")
    if "content.xml" in names and (not mimetype or mimetype.startswith(_ODF_SHEETS)):
        return None
    if "content.xml" in names:
        return Fault("E102", "不是表格的 ODF 文件")
    return next((Fault(code, what) for part, code, what in _ZIPS if part in names), Fault("E102", "压缩包，须先解压"))


def _stream(name: str) -> bytes:
    return f"{name}\0".encode("utf-16-le")


_OLE_STREAMS = (("WordDocument", "Word 文档"), ("PowerPoint Document", "演示文稿"))
_FILE_PASS = b"\x2f\x00"


def ole_kind(raw: bytes) -> Fault | None:
    """Name a file of the old binary format by the streams that it holds; None where it is a workbook, or may be."""
    if _stream("EncryptedPackage")[:-2] in raw or _has_password(raw):
        return Fault("E101")
    if _stream("Workbook") in raw or _stream("Book") in raw:
        return Fault("E103") if goes_in_a_circle(raw) else None
    return next((Fault("E102", what) for name, what in _OLE_STREAMS if _stream(name) in raw), None)


SECTOR = 512
_LOOKED_AT = 16
"""Records at the beginning of a workbook's stream among which the one of a password stands."""


def _has_password(raw: bytes) -> bool:
    """Say whether the stream of the workbook begins as one that a password hides: its own record says so."""
    starts = (match.start() for match in re.finditer(rb"\x09\x08[\x08\x10]\x00\x00[\x05\x06]\x05\x00", raw))
    return any(_password_record(raw, start) for start in starts if start % SECTOR == 0)


def _password_record(raw: bytes, place: int) -> bool:
    for _ in range(_LOOKED_AT):
        if raw[place : place + 2] == _FILE_PASS:
            return True
        place += 4 + int.from_bytes(raw[place + 2 : place + 4], "little")
    return False
