"""问题清单: the sheet added to a workbook given back. Every text in it is inert; each place is a link to its cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape  # that of xml.sax.saxutils brings what talks to servers with it
from typing import Final

from lxml import etree

from dingji.forms.layout import height
from dingji.forms.palette import BODY_FONT, TITLE_FONT
from dingji.forms.stamp import SEPARATOR, ReturnLine, read_return_line
from dingji.read.grid import address
from dingji.reports.returned.fault import Fault
from dingji.reports.returned.looks import ASK, MUST, Looks
from dingji.reports.returned.package import MAIN, OFFICE, WORKBOOK, Package, R, S

NAME: Final = "问题清单"
SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
HEADINGS: Final = {"序号": 6, "程度": 9, "工作表": 14, "单元格": 10, "内容": 24, "填的是": 16, "问题": 44, "改法": 44}
HOW: Final = (
    "标色的格就是要改的，批注里写着改法；点下面的单元格可以跳到那里。直接改在原来的格里，保存后发回。"
    "标色、批注和本表不必清除，不影响读取；灰色小字请勿改动。"
)
LINK: Final = 3
"""The column with the links."""
FIRST_ROW: Final = 5
"""The rows above hold the line with the 退回号, title, what to do and headings; then come the faults."""


def earlier_sheet(package: Package) -> tuple[str, ReturnLine] | None:
    """Return the part of the list that an earlier return added, and its line; None where there is none."""
    for part in package.sheets.values() if package.texts_with(SEPARATOR) else ():
        root = package.seen(part)
        first = root.find(f"{S}sheetData/{S}row/{S}c[@r='A1']")
        line = read_return_line(_text(package, first)) if first is not None else None
        if line:
            return part, line
    return None


def _text(package: Package, cell: etree._Element) -> str:
    """Return the text that a cell holds itself or shares with others; "" for any other value."""
    value = cell.findtext(f"{S}v", "")
    if cell.get("t") == "s" and value.isdigit():
        items = package.seen(package.target(WORKBOOK, "sharedStrings")).findall(f"{S}si")
        cell = items[int(value)] if int(value) < len(items) else cell
    return "".join(piece.text or "" for piece in cell.iter(f"{S}t"))


def write_sheet(package: Package, looks: Looks, line: ReturnLine, faults: Sequence[Fault], lost: str) -> None:
    """Add the list to a workbook, in the place of an earlier one. `lost`: what of the workbook could not be kept."""
    known = earlier_sheet(package)
    part = known[0] if known else _new_sheet(package)
    sheets = frozenset(name for name, own in package.sheets.items() if own != part)
    xml = _sheet(_styles(looks), line, faults, lost, sheets)
    package.parts.pop(part, None)
    package.add(part, etree.fromstring(xml.encode()), SHEET_TYPE)


def _new_sheet(package: Package) -> str:
    part = package.free_name("xl/worksheets/sheet{}.xml")
    package.add(part, etree.Element(f"{S}worksheet"), SHEET_TYPE)
    listed = next(package.tree(WORKBOOK).iterfind(f"{S}sheets"))
    taken = {sheet.get("name", "").casefold() for sheet in listed}
    names = (NAME, *(f"{NAME}({number})" for number in range(2, len(taken) + 3)))
    name = next(name for name in names if name not in taken)
    number = max((int(sheet.get("sheetId", 0)) for sheet in listed), default=0) + 1
    sheet = etree.SubElement(listed, f"{S}sheet", name=name, sheetId=str(number))
    sheet.set(f"{R}id", package.relate(WORKBOOK, "worksheet", part))
    return part


def _styles(looks: Looks) -> dict[str, int]:
    body = f'<sz val="10"/><name val="{BODY_FONT}"/>'
    return {
        "line": looks.add(f'<sz val="7"/><color rgb="FFA6A6A6"/><name val="{BODY_FONT}"/>', wrap=False),
        "title": looks.add(f'<b/><sz val="16"/><name val="{TITLE_FONT}"/>', wrap=False),
        "how": looks.add(body),
        "heading": looks.add(f"<b/>{body}", fill="FFD9E2F3", border=True),
        "text": looks.add(body, border=True),
        "must": looks.add(body, fill=f"{MUST}0", border=True),
        "ask": looks.add(body, fill=f"{ASK}0", border=True),
        "link": looks.add(f'<u/><sz val="10"/><color rgb="FF0563C1"/><name val="{BODY_FONT}"/>', border=True),
    }


def _sheet(styles: dict[str, int], line: ReturnLine, faults: Sequence[Fault], lost: str, sheets: frozenset[str]) -> str:
    """Return the XML of the sheet. `sheets`: names that a link may lead to."""
    widths = list(HEADINGS.values())
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(widths, start=1)
    )
    how = f"{HOW}{lost}"
    top = [
        _row(1, 10.5, [(line.text(), styles["line"])]),
        _row(2, 30, [(NAME, styles["title"])]),
        _row(3, height([(how, sum(widths))]), [(how, styles["how"])]),
        _row(4, 24, [(heading, styles["heading"]) for heading in HEADINGS]),
    ]
    last = address(0, len(widths) - 1)[:-1]
    links = "".join(_links(faults, sheets))
    return (
        f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        '<sheetPr><tabColor rgb="FFC00000"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView showGridLines="0" workbookViewId="0">'
        f'<pane ySplit="{FIRST_ROW - 1}" topLeftCell="A{FIRST_ROW}" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{columns}</cols>"
        f"<sheetData>{''.join(top)}{''.join(_fault_rows(styles, faults))}</sheetData>"
        f'<mergeCells count="2"><mergeCell ref="A2:{last}2"/><mergeCell ref="A3:{last}3"/></mergeCells>'
        + (f"<hyperlinks>{links}</hyperlinks>" if links else "")
        + '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.7" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    )


def _fault_rows(styles: dict[str, int], faults: Sequence[Fault]) -> Iterator[str]:
    for number, fault in enumerate(faults, start=1):
        line, cells = fault.line, "、".join(fault.cells)
        texts = (str(number), line.level, fault.sheet, cells, line.subject, line.found, line.words, line.mend)
        looks = [styles["text"]] * len(texts)
        looks[1], looks[LINK] = styles["must" if fault.must else "ask"], styles["link" if cells else "text"]
        room = height(zip(texts, HEADINGS.values(), strict=True))
        yield _row(FIRST_ROW - 1 + number, room, list(zip(texts, looks, strict=True)))


def _links(faults: Sequence[Fault], sheets: frozenset[str]) -> Iterator[str]:
    for number, fault in enumerate(faults):
        if fault.cells and fault.sheet in sheets:
            sheet = fault.sheet.replace("'", "''")
            target = escape(f"'{sheet}'!{fault.cells[0]}", quote=False).replace('"', "&quot;")
            yield f'<hyperlink ref="{address(FIRST_ROW - 1 + number, LINK)}" location="{target}"/>'


def _row(number: int, points: float, cells: Sequence[tuple[str, int]]) -> str:
    """Return a row of texts; text stays text whatever it begins with, for no cell here holds a formula."""
    shown = (
        f'<c r="{address(number - 1, column)}" s="{style}" t="inlineStr">'
        f'<is><t xml:space="preserve">{escape(text, quote=False)}</t></is></c>'
        for column, (text, style) in enumerate(cells)
    )
    return f'<row r="{number}" ht="{points}" customHeight="1">{"".join(shown)}</row>'
