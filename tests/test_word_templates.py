"""The shipped Word templates are what their builder makes, and an officer can work with them."""

from io import BytesIO

import pytest
from docx import Document

from dingji.reports.rendering import PROGRAM_TEMPLATES
from dingji.reports.word_templates import PAGES, word_templates
from dingji.seal import inflated

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.mark.parametrize("name", PAGES)
def test_committed_file_is_what_the_builder_makes(name: str) -> None:
    committed = inflated((PROGRAM_TEMPLATES / name).read_bytes())
    assert committed == inflated(word_templates()[name])


def test_built_twice_gives_the_same_bytes() -> None:
    assert word_templates() == word_templates()


@pytest.mark.parametrize(("name", "width", "height"), [("一览表.docx", 420, 297), ("汇总表.docx", 297, 210)])
def test_paper_lies_across(name: str, width: int, height: int) -> None:
    section = Document(BytesIO(word_templates()[name])).sections[0]
    assert section.page_width is not None
    assert section.page_height is not None
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (width, height)


@pytest.mark.parametrize("name", PAGES)
def test_rows_stay_whole_and_the_first_is_repeated(name: str) -> None:
    rows = Document(BytesIO(word_templates()[name])).element.body.xpath("./w:tbl[1]/w:tr")
    assert [bool(row.xpath("./w:trPr/w:tblHeader")) for row in rows] == [True, False, False, False]
    assert all(row.xpath("./w:trPr/w:cantSplit") for row in rows)


@pytest.mark.parametrize("name", PAGES)
def test_every_run_names_its_chinese_font(name: str) -> None:
    document = Document(BytesIO(word_templates()[name]))
    runs = document.element.body.xpath(".//w:r[w:t]")
    fonts = {run.xpath("string(./w:rPr/w:rFonts/@w:eastAsia)") for run in runs}
    assert fonts == {"宋体", "黑体", "仿宋"}


@pytest.mark.parametrize("name", PAGES)
def test_it_carries_what_a_superior_asks_for(name: str) -> None:
    document = Document(BytesIO(word_templates()[name]))
    text = "".join(node.text or "" for node in document.element.body.iter(f"{W}t"))
    for label in ("填报单位（盖章）", "审核人", "填表人", "联系电话", "填报日期", "数据校验码"):
        assert f"{label}：" in text
    fields = document.sections[0].footer._element.xpath(".//w:fldSimple/@w:instr")
    assert fields == ["PAGE", "NUMPAGES"]
