"""Faults of the file itself: no workbook at all, a hostile one, one in another program's dialect."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook import Workbook

from dingji.demo.faults.handwork import (
    PAGE,
    TEXTS,
    becomes,
    by_hand,
    done,
    grids_of,
    repacked,
    replaced,
    with_parts,
)
from dingji.demo.faults.kit import Alter, Case, Fault, Work
from dingji.demo.faults.old_excel import as_xls, encrypted, far_xls
from dingji.demo.faults.other_formats import EPOCH, as_csv, as_ods, as_xlsb, zipped

MISSING: Final = "E310"
PICTURE: Final = b"\x89PNG\r\n\x1a\n" + bytes(64)
PAGE_OF_WEB: Final = "<html><body><table><tr><td>自评得分</td></tr></table></body></html>".encode()
WORD: Final = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}
HUGE: Final = 300 * 2**20
MANY: Final = 100_000


def named(ending: str, *works: Work, kind: str = "self") -> Alter:
    """Return the fault that the branch's own form was worked on and has another ending."""

    def alter(case: Case) -> None:
        case.own(kind).works += works
        case.renamed(ending, kind)

    return alter


def locked(case: Case) -> None:
    """Leave the lock files of office programs beside the form."""
    path = case.own().path
    folder, _, name = path.rpartition("/")
    for lock in (f"~${name}", f".~lock.{name}#", f".~{name}"):
        case.desk.files[f"{folder}/{lock}"] = b"\x05office"


def under_zip_password(raw: bytes) -> bytes:
    """Say of every part, as zip programs do, that it needs a password."""
    changed = bytearray(raw)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(mark)
        while at >= 0:
            changed[at + place] |= 1
            at = changed.find(mark, at + 4)
    return bytes(changed)


def bomb(raw: bytes) -> bytes:
    """Add a part that is some hundred kilobytes long and inflates to 300 MB."""
    buffer = io.BytesIO(raw)
    info = ZipInfo("xl/media/image1.png", EPOCH)
    info.compress_type = ZIP_DEFLATED
    with ZipFile(buffer, "a") as archive, archive.open(info, "w") as part:
        for _ in range(HUGE // 2**20):
            part.write(bytes(2**20))
    return buffer.getvalue()


def crowded() -> bytes:
    """Return a zip with 100,000 empty parts."""
    local, central, at = [], [], 0
    for number in range(MANY):
        name = f"xl/media/{number}.bin".encode()
        sizes = struct.pack("<IIIHH", 0, 0, 0, len(name), 0)
        head = struct.pack("<HHHHH", 20, 0, 0, 0, 0x21) + sizes
        local.append(b"PK\x03\x04" + head + name)
        central.append(b"PK\x01\x02\x14\0" + head + struct.pack("<HHHII", 0, 0, 0, 0, at) + name)
        at += len(local[-1])
    listed = b"".join(central)
    ends = struct.pack("<HHHHIIH", 0, 0, MANY % 65536, MANY % 65536, len(listed), at, 0)
    return b"".join(local) + listed + _large_ends(len(listed), at) + b"PK\x05\x06" + ends


def _large_ends(size: int, at: int) -> bytes:
    """Return the record by which a zip says that it has more parts than its last line can count."""
    record = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, MANY, MANY, size, at)
    return record + b"PK\x06\x07" + struct.pack("<IQI", 0, at + size, 1)


ENTITIES: Final = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE: Final = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
STRICT: Final = (
    (b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
    (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
)
STYLELESS: Final = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'


def before_root(text: bytes) -> Work:
    """Return the work of putting a declaration before the root of the first sheet."""
    return replaced(PAGE, (b"<worksheet", text + b"<worksheet"))


def after_data(text: bytes) -> Work:
    """Return the work of putting something after the first sheet's cells."""
    return replaced(PAGE, (b"</sheetData>", b"</sheetData>" + text))


FAR: Final = replaced(PAGE, (b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'))
MERGES: Final = (
    b"<mergeCells>"
    + b"".join(b'<mergeCell ref="A%d:B%d"/>' % (row, row) for row in range(1, MANY + 1))
    + b"</mergeCells>"
)


def without_dimension(parts: dict[str, bytes]) -> None:
    """Take out what a sheet says of its own size."""
    head, found, rest = parts[PAGE].partition(b"<dimension")
    if found:
        parts[PAGE] = head + rest.partition(b"/>")[2]


LYING: Final = replaced(PAGE, (b"<sheetData>", b'<dimension ref="A1:A1"/><sheetData>'))


def in_1904(book: Workbook) -> None:
    """Let the workbook count its days from 1904, as those of old Macintosh programs do."""
    book.epoch = CALENDAR_MAC_1904


def emptied(book: Workbook) -> None:
    """Leave one empty sheet."""
    for page in book.worksheets[1:]:
        book.remove(page)
    page = book.worksheets[0]
    for block in list(page.merged_cells.ranges):
        page.unmerge_cells(str(block))
    page.delete_rows(1, page.max_row)


def surveyed_in_1904(case: Case) -> None:
    """Save a survey in a workbook that counts its days from 1904."""
    paper = case.own("survey")
    paper.head["测评日期"] = date(case.desk.stage.settings.round.year, 3, 3)
    paper.works.append(by_hand(in_1904))


def saved(save: Callable[[bytes], bytes], ending: str) -> Alter:
    """Return the fault that the form was saved in another format."""
    return named(ending, save)


def saved_as_text(encoding: str) -> Alter:
    """Return the fault that the form's first sheet alone was saved, as .csv; its facts stay behind."""
    save = saved(lambda raw: as_csv(grids_of(raw)[0], encoding), ".csv")

    def alter(case: Case) -> None:
        if not any(sheet.part == "fact" for sheet in case.own("self").form.sheets):
            raise StopIteration
        save(case)

    return alter


container = partial(Fault, "文件")
hostile = partial(Fault, "恶意文件")
TEXT_ONLY: Final = ("N121", "W239")
"""What is said of a sheet alone, saved as plain text."""

dialect = partial(Fault, "其他程序保存")

FAULTS: Final = (
    container("打开密码", ("E101", MISSING), "打开时要输入密码", done(becomes(encrypted))),
    container("压缩密码", ("E101", MISSING), "用压缩软件加了密码", done(under_zip_password)),
    container("截断文件", ("E103", MISSING), "没有传完，双击打不开", done(lambda raw: raw[: len(raw) // 2])),
    container("空文件", ("E104", MISSING), "文件大小是 0", done(becomes(lambda: b""))),
    container("图片改名", ("E102", MISSING), "拍的照片改成了 .xlsx", done(becomes(lambda: PICTURE))),
    container("网页改名", ("E102", MISSING), "网上系统导出的网页，改名 .xls", named(".xls", becomes(lambda: PAGE_OF_WEB))),
    container("文字文档", ("E102", MISSING), "交来的是 Word 文档", named(".docx", becomes(lambda: zipped(WORD)))),
    container("文本改名", ("E102", MISSING), "记事本文件改名", done(becomes("各位：附件见下。".encode))),
    container("压缩包", ("E102", MISSING), "没有解压，直接把压缩包交来", named(".zip", lambda raw: zipped({"自评表.xlsx": raw}))),
    container("锁定文件", (), "同一文件夹里有 ~$ 开头的文件：是打开时的临时文件，程序跳过", locked),
    container("带宏表", ("N108",), "打开时提示“宏已被禁用”", named(".xlsm", with_parts({"xl/vbaProject.bin": b"x"}))),
    container("没有内容", ("E107", MISSING), "打开是一张白表", done(by_hand(emptied))),
    hostile("压缩炸弹", ("E105", MISSING), "文件很小，解压后几百兆", done(bomb)),
    hostile("实体炸弹", ("E103", MISSING), "内部写有会成倍展开的实体", done(before_root(ENTITIES))),
    hostile("外部实体", ("E103", MISSING), "内部要引用别的文件", done(before_root(OUTSIDE))),
    hostile("十万部件", ("E105", MISSING), "压缩包里有十万个文件", done(becomes(crowded))),
    hostile("远角单元格", ("E105", MISSING), "按 Ctrl+End 跳到最右下角", done(FAR)),
    hostile("十万合并", ("E105", MISSING), "合并单元格多得打不开", done(after_data(MERGES))),
    hostile("读取崩溃", ("E106", MISSING), "旧格式 .xls，内容正常的程序也读不了", named(".xls", becomes(far_xls))),
    dialect("严格格式", (), "另存时选了“Strict Open XML”", done(replaced("", *STRICT))),
    dialect("没写范围", (), "别的软件导出，没写表有多大", done(repacked(without_dimension))),
    dialect("错写范围", (), "别的软件导出，写的范围不对", done(repacked(without_dimension), LYING)),
    dialect("缺共享文字", ("E115", MISSING), "打开时提示要修复", done(repacked(lambda parts: parts.pop(TEXTS)))),
    dialect("缺样式", (), "打开后没有格式", done(with_parts({"xl/styles.xml": STYLELESS}))),
    dialect("一九零四日期", (), "在苹果电脑旧版 Excel 里填的", surveyed_in_1904, ("survey",)),
    dialect("旧格式改名", (), "其实是 .xls，名字是 .xlsx", done(lambda raw: as_xls(grids_of(raw)))),
    dialect("新格式改名", (), "其实是 .xlsx，名字是 .xls", named(".xls")),
    dialect("金山格式", (), "WPS 另存的 .et", saved(lambda raw: as_xls(grids_of(raw)), ".et")),
    dialect("开放格式", (), "LibreOffice 另存的 .ods", saved(lambda raw: as_ods(grids_of(raw)), ".ods")),
    dialect("国标文本", TEXT_ONLY, "另存为 .csv，GB18030 编码", saved_as_text("gb18030")),
    dialect("通用文本", TEXT_ONLY, "另存为 .csv，UTF-8 编码", saved_as_text("utf-8-sig")),
    dialect("二进制表", ("E115", MISSING), "另存时选了 .xlsb", named(".xlsb", becomes(as_xlsb))),
)  # fmt: skip
