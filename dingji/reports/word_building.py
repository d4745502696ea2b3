"""What Word templates are built of: runs with a Chinese font of their own, tables, fields that Word fills in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from docx.document import Document as WordDocument
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Emu, Pt
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from lxml import etree

LATIN: Final = "Times New Roman"
TABLE: Final = "表"
COLUMNS: Final = "{%tc for 栏 in 表.栏目 %}"
ROWS: Final = "{%tr for 行 in 表.各行 %}"
"""Tags that repeat a column and a row of the table in the field 表."""
BAR_UNITS: Final = 41
"""Grid columns that a bar and what is left of its line share."""
CENTRE: Final = WD_ALIGN_PARAGRAPH.CENTER


def set_run(owner: Paragraph | ParagraphStyle, text: str, size: float, font: str, tight: int = 0) -> None:
    """Add a run to a paragraph, or set a style: Chinese font, size in points, spacing in twentieths of a point."""
    run = owner.add_run(text) if isinstance(owner, Paragraph) else owner
    properties = run.element.get_or_add_rPr()
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    properties.insert(0, fonts(font))
    if tight:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(tight))
        properties.insert(1, spacing)
    run.font.size = Pt(size)


def fonts(chinese: str) -> etree._Element:
    """Return the fonts of a run by script."""
    made = OxmlElement("w:rFonts")
    for script, name in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", chinese), ("cs", LATIN)):
        made.set(qn(f"w:{script}"), name)
    return made


def add_page_field(paragraph: Paragraph, instruction: str, size: float, font: str) -> None:
    """Add a number that Word itself fills in (PAGE, NUMPAGES)."""
    set_run(paragraph, "1", size, font)
    field, run = OxmlElement("w:fldSimple"), paragraph.runs[-1]
    field.set(qn("w:instr"), instruction)
    run.element.addprevious(field)
    field.append(run.element)


# --- tables -------------------------------------------------------------------------------------------------


def add_table(document: WordDocument, rows: int, columns: int, *, bordered: bool) -> Table:
    """Add a table with narrow margins in its cells."""
    table: Table = document.add_table(rows, columns, style="Table Grid" if bordered else None)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    margins = OxmlElement("w:tblCellMar")
    for side, twips in (("top", 20), ("left", 45), ("bottom", 20), ("right", 45)):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(twips))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    for look in table._tbl.tblPr.findall(qn("w:tblLook")):  # noqa: SLF001 - the only way python-docx gives to it
        look.addprevious(margins)
    return table


def share_width(table: Table, widths: Sequence[int]) -> None:
    """Give each column its width."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width


def set_units(table: Table, widths: Sequence[int], spans: Sequence[int]) -> None:
    """Give a table a finer grid than its cells, of these widths; each cell of a row reaches over so many columns."""
    table.autofit = False
    grid = table._tbl.tblGrid  # noqa: SLF001 - as above
    for _ in widths[len(grid.gridCol_lst) :]:
        grid.add_gridCol()
    for column, width in zip(grid.gridCol_lst, widths, strict=True):
        column.w = Emu(width)
    for row in table._tbl.tr_lst:  # noqa: SLF001 - as above
        for cell, span in zip(row.tc_lst, spans, strict=True):
            properties = cell.get_or_add_tcPr()
            for told in properties.findall(qn("w:tcW")):
                properties.remove(told)
            cell.grid_span = span


def shade_cell(cell: _Cell, colour: str) -> None:
    """Fill a cell with a colour, told in six figures."""
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{name}"), value)
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - as above
    after = properties.find(qn("w:vAlign"))
    properties.append(shade) if after is None else after.addprevious(shade)


def fill_row(
    table: Table, number: int, texts: Sequence[str], size: float, font: str, side: WD_ALIGN_PARAGRAPH = CENTRE
) -> None:
    """Write the cells of a row."""
    for cell, text in zip(table.rows[number].cells, texts, strict=True):
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph = cell.paragraphs[0]
        paragraph.alignment = side
        set_run(paragraph, text, size, font)


def keep_whole(table: Table) -> None:
    """Split no row between pages, and repeat the first one on each."""
    for number, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - as above
        properties.append(OxmlElement("w:cantSplit"))
        if not number:
            properties.append(OxmlElement("w:tblHeader"))


def add_grid(document: WordDocument, name: str, size: float, *, head_font: str, font: str) -> Table:
    """Add the table of a report table in the field `name`: as many columns and rows as that has."""
    table = add_table(document, 4, 3, bordered=True)
    fill_row(table, 0, (COLUMNS.replace(TABLE, name), "{{ 栏 }}", "{%tc endfor %}"), size, head_font)
    fill_row(table, 1, (ROWS.replace(TABLE, name), "", ""), size, font)
    fill_row(table, 2, ("{%tc for 格 in 行 %}", "{{ 格 }}", "{%tc endfor %}"), size, font)
    fill_row(table, 3, ("{%tr endfor %}", "", ""), size, font)
    keep_whole(table)
    return table
