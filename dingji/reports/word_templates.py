"""Build the Word templates that ship in `templates/reports/`; an officer may then edit them in Word or WPS.

Run `python -m dingji.reports.word_templates` after a change here; a test compares the committed files with
what this module builds. A table is three columns wide in the template: the tags that repeat a column stand in
cells of their own, so do those that repeat a row, and Word shows them as plain text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from dingji.reports.official_templates import official_template
from dingji.reports.official_wording import PAPERS
from dingji.reports.rendering import PROGRAM_TEMPLATES
from dingji.reports.word_building import add_grid, add_page_field, add_table, fill_row, fonts, set_run, share_width
from dingji.reports.word_tables import shares
from dingji.seal import seal

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
    tables = {name: _template(name.removesuffix(".docx"), page) for name, page in PAGES.items()}
    papers = {f"{name}.docx": official_template(name, parts) for name, parts in PAPERS.items()}
    return {**tables, **papers}


def _template(name: str, page: Page) -> bytes:
    document = Document()
    document.core_properties.title = name
    _set_page(document, page)
    _say(document.add_paragraph(), "{%p for 表 in 各表 %}", page.table)
    title = document.add_paragraph()
    title.paragraph_format.space_after = Pt(6)
    title.paragraph_format.keep_with_next = True
    _say(title, "{{ 表.标题 }}", page.title, HEAD, WD_ALIGN_PARAGRAPH.CENTER)
    add_grid(document, "表", page.table, head_font=HEAD, font=BODY)
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
    normal.element.get_or_add_rPr().append(fonts(BODY))
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def _add_foot(document: WordDocument, page: Page) -> None:
    _say(document.add_paragraph(), "{%p for 注 in 附注 %}", page.table)
    note = document.add_paragraph()
    note.paragraph_format.space_before = Pt(GAP / 2)
    _say(note, "{{ 注 }}", page.table)
    _say(document.add_paragraph(), "{%p endfor %}", page.table)
    _say(document.add_paragraph(), "", GAP)
    table = add_table(document, 1, len(SIGN_OFF), bordered=False)
    share_width(table, shares(list(SIGN_OFF.values()), Mm(page.width - 2 * page.margin)))
    fill_row(table, 0, tuple(SIGN_OFF), page.table + 1.5, PLAIN, WD_ALIGN_PARAGRAPH.LEFT)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - as above
    _say(document.add_paragraph(), "数据校验码：{{ 数据校验码 }}", page.table)


def _say(
    paragraph: Paragraph,
    text: str,
    size: float,
    font: str = BODY,
    side: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT,
) -> None:
    paragraph.alignment = side
    set_run(paragraph, text, size, font)


def _add_page_number(paragraph: Paragraph) -> None:
    """Write 第 n 页　共 m 页 with Word's own fields."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for words, field in (("第 ", "PAGE"), (" 页　共 ", "NUMPAGES")):
        set_run(paragraph, words, 9, BODY)
        add_page_field(paragraph, field, 9, BODY)
    set_run(paragraph, " 页", 9, BODY)


if __name__ == "__main__":
    PROGRAM_TEMPLATES.mkdir(parents=True, exist_ok=True)
    for file_name, content in word_templates().items():
        (PROGRAM_TEMPLATES / file_name).write_bytes(content)
