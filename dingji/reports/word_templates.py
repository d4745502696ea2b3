"""Build the Word templates that ship in `templates/reports/`; an officer may then edit them in Word or WPS.

Run `python -m dingji.reports.word_templates` after a change here; a test compares the committed files with
what this module builds. A table is three columns wide in the template: the tags that repeat a column stand in
cells of their own, so do those that repeat a row, and Word shows them as plain text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from lxml import etree

from dingji.reports.rendering import PROGRAM_TEMPLATES
from dingji.reports.word_tables import shares
from dingji.seal import seal

LATIN: Final = "Times New Roman"
BODY: Final = "宋体"
HEAD: Final = "黑体"
PLAIN: Final = "仿宋"
GAP: Final = 6
"""Points between the table, its notes and the line below which it is signed."""
SIGN_OFF: Final = {
    "填报单位（盖章）：{{ 填报单位 }}": 30,
    "审核人：{{ 审核人 }}": 17,
    "填表人：{{ 填表人 }}": 17,
    "联系电话：{{ 联系电话 }}": 20,
    "填报日期：{{ 填报日期 }}": 26,
}
"""The cells of the sign-off line with their shares of its width."""


@dataclass(frozen=True)
class Page:
    """A sheet of paper in millimetres, and the type sizes in points that suit it."""

    width: float
    height: float
    title: float
    table: float
    margin: float = 15


PAGES: Final[Mapping[str, Page]] = {
    "一览表.docx": Page(420, 297, title=22, table=9),
    "汇总表.docx": Page(297, 210, title=18, table=9.5),
}


def word_templates() -> dict[str, bytes]:
    """Return the shipped Word templates by file name, sealed."""
    return {name: _template(name.removesuffix(".docx"), page) for name, page in PAGES.items()}


def _template(name: str, page: Page) -> bytes:
    document = Document()
    document.core_properties.title = name
    _set_page(document, page)
    _say(document.add_paragraph(), "{%p for 表 in 各表 %}", page.table)
    title = document.add_paragraph()
    title.paragraph_format.space_after = Pt(6)
    title.paragraph_format.keep_with_next = True
    _say(title, "{{ 表.标题 }}", page.title, HEAD, WD_ALIGN_PARAGRAPH.CENTER)
    _add_grid(document, page)
    _say(document.add_paragraph(), "{%p endfor %}", page.table)
    _add_foot(document, page)
    _add_page_number(document.sections[0].footer.paragraphs[0])
    saved = BytesIO()
    document.save(saved)
    return seal(saved.getvalue())


def _set_page(document: WordDocument, page: Page) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(page.width), Mm(page.height)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(page.margin)
    section.footer_distance = Mm(8)
    normal = document.styles["Normal"]
    normal.paragraph_format.space_after = Pt(0)
    normal.element.get_or_add_rPr().append(_fonts(BODY))
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def _add_grid(document: WordDocument, page: Page) -> None:
    """Add the table: a heading row repeated on each page, and the row that is repeated for each line."""
    table = _table(document, 4, 3, bordered=True)
    _fill(table, 0, ("{%tc for 栏 in 表.栏目 %}", "{{ 栏 }}", "{%tc endfor %}"), page.table, HEAD)
    _fill(table, 1, ("{%tr for 行 in 表.各行 %}", "", ""), page.table)
    _fill(table, 2, ("{%tc for 格 in 行 %}", "{{ 格 }}", "{%tc endfor %}"), page.table)
    _fill(table, 3, ("{%tr endfor %}", "", ""), page.table)
    for number, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - the only way python-docx gives to it
        properties.append(OxmlElement("w:cantSplit"))
        if not number:
            properties.append(OxmlElement("w:tblHeader"))


def _add_foot(document: WordDocument, page: Page) -> None:
    _say(document.add_paragraph(), "{%p for 注 in 附注 %}", page.table)
    note = document.add_paragraph()
    note.paragraph_format.space_before = Pt(GAP / 2)
    _say(note, "{{ 注 }}", page.table)
    _say(document.add_paragraph(), "{%p endfor %}", page.table)
    _say(document.add_paragraph(), "", GAP)
    table = _table(document, 1, len(SIGN_OFF), bordered=False)
    _share_width(table, shares(list(SIGN_OFF.values()), Mm(page.width - 2 * page.margin)))
    _fill(table, 0, tuple(SIGN_OFF), page.table + 1.5, PLAIN, WD_ALIGN_PARAGRAPH.LEFT)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - as above
    _say(document.add_paragraph(), "数据校验码：{{ 数据校验码 }}", page.table)


def _table(document: WordDocument, rows: int, columns: int, *, bordered: bool) -> Table:
    table: Table = document.add_table(rows, columns, style="Table Grid" if bordered else None)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    margins = OxmlElement("w:tblCellMar")
    for side, twips in (("top", 20), ("left", 45), ("bottom", 20), ("right", 45)):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(twips))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    for look in table._tbl.tblPr.findall(qn("w:tblLook")):  # noqa: SLF001 - as above
        look.addprevious(margins)
    return table


def _share_width(table: Table, widths: Sequence[int]) -> None:
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width


def _fill(
    table: Table,
    number: int,
    texts: Sequence[str],
    size: float,
    font: str = BODY,
    side: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.CENTER,
) -> None:
    for cell, text in zip(table.rows[number].cells, texts, strict=True):
        _centre(cell)
        _say(cell.paragraphs[0], text, size, font, side)


def _centre(cell: _Cell) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _say(
    paragraph: Paragraph,
    text: str,
    size: float,
    font: str = BODY,
    side: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT,
) -> None:
    paragraph.alignment = side
    _set_run(paragraph, text, size, font)


def _set_run(paragraph: Paragraph, text: str, size: float, font: str) -> None:
    run = paragraph.add_run(text)
    run._r.get_or_add_rPr().append(_fonts(font))  # noqa: SLF001 - as above
    run.font.size = Pt(size)


def _fonts(chinese: str) -> etree._Element:
    fonts = OxmlElement("w:rFonts")
    for script, name in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", chinese), ("cs", LATIN)):
        fonts.set(qn(f"w:{script}"), name)
    return fonts


def _add_page_number(paragraph: Paragraph) -> None:
    """Write 第 n 页　共 m 页 with Word's own fields."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for words, field in (("第 ", "PAGE"), (" 页　共 ", "NUMPAGES")):
        _set_run(paragraph, words, 9, BODY)
        paragraph._p.append(_field(field))  # noqa: SLF001 - as above
    _set_run(paragraph, " 页", 9, BODY)


def _field(instruction: str) -> etree._Element:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    return field


if __name__ == "__main__":
    PROGRAM_TEMPLATES.mkdir(parents=True, exist_ok=True)
    for file_name, content in word_templates().items():
        (PROGRAM_TEMPLATES / file_name).write_bytes(content)
