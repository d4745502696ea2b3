"""Build the Word templates of official papers: the page of GB/T 9704-2012, and what each paper says.

A line of a template is a paragraph's look and its text; tags of Jinja stand in it as an officer sees them in Word.
22 lines of 28 characters a page: exact line spacing and tightened characters, no document grid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.section import Section, _Footer
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

from dingji.reports.word_building import (
    BAR_UNITS,
    add_grid,
    add_page_field,
    add_table,
    fill_row,
    keep_whole,
    set_run,
    set_units,
    shade_cell,
    share_width,
)
from dingji.reports.word_tables import shares
from dingji.seal import seal

PLAIN, TITLE, HEADING, SUBHEADING, NUMBER = "仿宋", "方正小标宋简体", "黑体", "楷体", "宋体"
SIZE: Final = 16.0
"""三号, in points."""
LINE: Final = 28.95
"""22 lines fill 225 mm."""
TIGHT: Final = -5
"""Twentieths of a point by which characters stand closer: 28 of them fill 156 mm."""
TEXT_WIDTH: Final = 156
MARGINS: Final = {"top_margin": 37, "bottom_margin": 35, "left_margin": 28, "right_margin": 26}
FOOT: Final = 24
"""Millimetres from the page number to the edge: it stands 7 mm below the text."""

LEFT, CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


@dataclass(frozen=True)
class Look:
    """How a paragraph is set: font, size and line in points, indents in characters, side."""

    font: str = PLAIN
    size: float = SIZE
    line: float = LINE
    first: int = 0
    right: int = 0
    side: WD_ALIGN_PARAGRAPH = LEFT
    next: bool = False
    """Whether it stays, whole, on the page of what follows."""
    rule: bool = False
    """Whether a red line stands below it."""

    @property
    def tight(self) -> int:
        """Return by how many twentieths of a point its characters stand closer or wider."""
        return TIGHT if self.size == SIZE else 0

    @property
    def width(self) -> float:
        """Return how wide a character is, in points."""
        return self.size + self.tight / 20


LOOKS: Final[Mapping[str, Look]] = {
    "正文": Look(first=2),
    "末段": Look(first=2, next=True),
    "顶格": Look(),
    "空行": Look(next=True),
    "间隔": Look(size=5, line=6),
    "标题": Look(TITLE, 22, side=CENTRE, next=True),
    "一级": Look(HEADING, first=2, next=True),
    "二级": Look(SUBHEADING, first=2, next=True),
    "文号": Look(side=CENTRE),
    "红头": Look(TITLE, 36, 44, side=CENTRE),
    "红线": Look(side=CENTRE, rule=True),
    "署名": Look(right=2, side=RIGHT, next=True),
    "日期": Look(right=4, side=RIGHT),
    "附件": Look(HEADING, side=LEFT),
    "密级": Look(HEADING, side=LEFT),
    "小四": Look(size=12, line=20, first=2),
    "小四续": Look(size=12, line=20, first=2, next=True),
    "小四题": Look(HEADING, 12, 20, first=2, next=True),
    "小四顶格": Look(size=12, line=20),
    "小四署名": Look(size=12, line=20, right=4, side=RIGHT),
    "小字": Look(size=10.5, line=15, first=2),
    "标记": Look(size=10.5, line=15),
}
"""By the name that lines of a template give; 标记 is for tags that leave no paragraph.

间隔 stands after a table, for Word takes two that follow each other for one; 末段 goes with the signature, which never
stands on a page of its own.
"""
BAR: Final = "808080"
BAR_NAME, BAR_FIGURE = 20, 17
"""How many units of a bar its name and its figure are wide."""
SPANS: Final = (1, 10, 11, 10, 10, 1)
"""How the cells of a bar's row share the grid until it is filled: name, tag, bar, tag, rest, figure."""
THIN, THIN_ROW = 3, 2
RED: Final = "C00000"
STYLES: Final = frozenset({"Normal", "DefaultParagraphFont", "TableNormal", "TableGrid", "Header", "Footer"})
EXTRAS: Final = ("/thumbnail", "/customXml", "/stylesWithEffects", "/numbering")

Line = tuple[str, str]
"""A look and a text."""
Cells = Sequence[tuple[str, int]]
"""The texts of a row and their shares of the width."""


@dataclass(frozen=True)
class Grid:
    """A table: headings with their shares of the width, and what each row says; `loop` is what yields the rows.

    `room`: so many mm a row is high at least, where a pen is to fill it.
    """

    loop: str
    cells: Sequence[tuple[str, str, int]]
    size: float = 12
    room: int = 0


@dataclass(frozen=True)
class Open:
    """A table of as many columns as a report table has, in the field `name`; see `add_grid`.

    `whole`: it is short, and no page is to part it.
    """

    name: str
    size: float = 10.5
    whole: bool = False


@dataclass(frozen=True)
class Bars:
    """A picture of shaded cells: a bar of so many units, with its name and figure; `loop` is what yields each as 条."""

    loop: str
    size: float = 10.5


@dataclass(frozen=True)
class Across:
    """What follows stands on a new page lying across, of so many millimetres."""

    width: float
    height: float


Part = Line | Grid | Open | Bars | Across


def official_template(title: str, parts: Sequence[Part]) -> bytes:
    """Return a template, sealed."""
    document = Document()
    document.core_properties.title = title
    _without_extras(document)
    _set_normal(document)
    _set_page(document.sections[0])
    _number(document)
    for part in parts:
        _add(document, part)
    saved = BytesIO()
    document.save(saved)
    return seal(saved.getvalue())


def _add(document: WordDocument, part: Part) -> None:
    match part:
        case Grid():
            _add_rows(document, part)
        case Open():
            table = add_grid(document, part.name, part.size, head_font=HEADING, font=PLAIN)
            _tighten(table, part.size, whole=part.whole)
            _say(document.add_paragraph(), LOOKS["间隔"], "")
        case Bars():
            _add_bars(document, part)
            _say(document.add_paragraph(), LOOKS["间隔"], "")
        case Across():
            section = document.add_section(WD_SECTION.NEW_PAGE)
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = Mm(part.width), Mm(part.height)
            for side in MARGINS:
                setattr(section, side, Mm(20))
        case look, text:
            _say(document.add_paragraph(), LOOKS[look], text)


def _say(paragraph: Paragraph, look: Look, text: str) -> None:
    form = paragraph.paragraph_format
    paragraph.alignment = look.side
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(look.line)
    form.keep_with_next = form.keep_together = look.next or None
    if look.first:
        form.first_line_indent = Pt(look.first * look.width)
    if look.right:
        form.right_indent = Pt(look.right * look.width)
    set_run(paragraph, text, look.size, look.font, look.tight)
    if look.line > LINE:
        _redden(paragraph)
    if look.rule:
        _underline(paragraph)


def _redden(paragraph: Paragraph) -> None:
    for run in paragraph.runs:
        run.font.color.rgb = RGBColor.from_string(RED)


def _underline(paragraph: Paragraph) -> None:
    """Draw the red line below the number of a paper."""
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "4"), ("color", RED)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - the only way python-docx gives to it
    after = next(child for child in properties if child.tag in map(qn, ("w:spacing", "w:ind", "w:jc")))
    after.addprevious(borders)


def _add_rows(document: WordDocument, grid: Grid) -> None:
    """Add a table whose heading is repeated on each page, and whose second row is repeated for each line."""
    table = add_table(document, 4, len(grid.cells), bordered=True)
    share_width(table, shares([share for _, _, share in grid.cells], Mm(TEXT_WIDTH)))
    empty = [""] * (len(grid.cells) - 1)
    fill_row(table, 0, [heading for heading, _, _ in grid.cells], grid.size, HEADING)
    fill_row(table, 1, [f"{{%tr {grid.loop} %}}", *empty], grid.size, PLAIN)
    fill_row(table, 2, [text for _, text, _ in grid.cells], grid.size, PLAIN)
    fill_row(table, 3, ["{%tr endfor %}", *empty], grid.size, PLAIN)
    keep_whole(table)
    _tighten(table, grid.size)
    if grid.room:
        table.rows[2].height_rule, table.rows[2].height = WD_ROW_HEIGHT_RULE.AT_LEAST, Mm(grid.room)
    _say(document.add_paragraph(), LOOKS["间隔"], "")


def _add_bars(document: WordDocument, bars: Bars) -> None:
    """Add a table that draws bars: one row is repeated, and a thin one that parts it from the next.

    A bar is a shaded cell that reaches over so many columns of the grid. Cells of one row tell no width: the grid does.
    """
    table = add_table(document, 4, 6, bordered=False)
    length, rest = "{% colspan 条.长 %}", "{% colspan 条.余 %}"
    texts = ("{{ 条.名称 }}", "{%tc if 条.长 %}", length, "{%tc endif %}", rest, "{{ 条.数 }}")
    rows = ((f"{{%tr {bars.loop} %}}", *[""] * 5), texts, ("",) * 6, ("{%tr endfor %}", *[""] * 5))
    for number, row in enumerate(rows):
        fill_row(table, number, row, bars.size, PLAIN, LEFT)
    shade_cell(table.rows[1].cells[2], BAR)
    set_units(table, shares([BAR_NAME, *[1] * BAR_UNITS, BAR_FIGURE], Mm(TEXT_WIDTH)), SPANS)
    for number, row in enumerate(table.rows):
        for paragraph in (paragraph for cell in row.cells for paragraph in cell.paragraphs):
            form = paragraph.paragraph_format
            form.line_spacing_rule, form.keep_with_next = WD_LINE_SPACING.EXACTLY, True
            form.line_spacing = Pt(THIN if number == THIN_ROW else bars.size * 1.3)


def _tighten(table: Table, size: float, *, whole: bool = False) -> None:
    for paragraph in (paragraph for row in table.rows for cell in row.cells for paragraph in cell.paragraphs):
        form = paragraph.paragraph_format
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.AT_LEAST, Pt(size * 1.3)
        form.keep_with_next = whole or None


# --- the page -----------------------------------------------------------------------------------------------


def _set_page(section: Section) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    for side, width in MARGINS.items():
        setattr(section, side, Mm(width))
    section.footer_distance, section.header_distance = Mm(FOOT), Mm(20)
    for grid in section._sectPr.findall(qn("w:docGrid")):  # noqa: SLF001 - as above
        section._sectPr.remove(grid)  # noqa: SLF001 - as above


def _set_normal(document: WordDocument) -> None:
    """Let a paragraph that an officer adds be set as the text is."""
    normal = document.styles["Normal"]
    normal.font.size = Pt(SIZE)
    form = normal.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE)
    form.widow_control = False
    set_run(normal, "", SIZE, PLAIN, TIGHT)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def _number(document: WordDocument) -> None:
    """Put — 1 — outside, on the right of odd pages and on the left of even ones, one character from the edge."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    _number_page(section.footer, RIGHT)
    _number_page(section.even_page_footer, LEFT)


def _number_page(footer: _Footer, side: WD_ALIGN_PARAGRAPH) -> None:
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = side
    form = paragraph.paragraph_format
    form.right_indent, form.left_indent = (Pt(14), None) if side == RIGHT else (None, Pt(14))
    set_run(paragraph, "— ", 14, NUMBER)
    add_page_field(paragraph, "PAGE", 14, NUMBER)
    set_run(paragraph, " —", 14, NUMBER)


def _without_extras(document: WordDocument) -> None:
    """Leave out what the library's own first document brings along, of which a paper of one page is mostly made."""
    package = document.part.package
    for owner in (package, document.part):
        for name, relation in list(owner.rels.items()):
            if relation.reltype.endswith(EXTRAS):
                del owner.rels[name]
    for style in list(document.styles.element.iterfind(qn("w:style"))):
        if style.get(qn("w:styleId")) not in STYLES:
            document.styles.element.remove(style)
