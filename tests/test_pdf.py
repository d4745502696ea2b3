"""`pdf`: papers set by a real typst say what their Word files say, and none is half made."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_BREAK
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.text.paragraph import Paragraph

from dingji.reports.pdf.stand_in import stand_ins, told_of
from dingji.reports.pdf.typeset import Press
from tests.make_demonstration import demonstration
from tests.paper_reading import pdf_pages, raw_pdf_pages
from tests.workspaces import command, make_workspace

pytestmark = pytest.mark.typeset

FOOT = re.compile(r"—\d+—|第\d+页共\d+页")
A4, A3 = (595, 842), (1191, 842)


@pytest.fixture(scope="module")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demonstration, run."""
    folder = make_workspace(tmp_path_factory.mktemp("党办 资料"), demonstration())
    assert command(folder, "run") == 0
    return folder


@pytest.fixture
def folder(demonstrated: Path, tmp_path: Path) -> Path:
    """Return a copy that a test may change."""
    return Path(shutil.copytree(demonstrated, tmp_path / "一轮"))


@pytest.fixture(scope="module")
def made(demonstrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the output with its PDFs, which nobody changes."""
    folder = Path(shutil.copytree(demonstrated, tmp_path_factory.mktemp("pdf") / "一轮"))
    assert command(folder, "pdf") == 0
    return folder / "output"


def papers(output: Path) -> list[Path]:
    """Return the Word papers that a PDF is made of."""
    return [path for name in ("公示", "上报", "上会", "反馈") for path in sorted((output / name).rglob("*.docx"))]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def word_text(path: Path) -> str:
    """Return the words of a paper in order, without spaces."""
    return squeezed("".join(Document(str(path)).element.body.xpath(".//w:t/text()")))


def pdf_text(path: Path) -> str:
    """Return likewise the words of a PDF, without what stands at the foot of each page, and headings said again."""
    document = Document(str(path.with_suffix(".docx")))
    headings = [squeezed("".join(cell.text for cell in table.rows[0].cells)) for table in document.tables]
    expected, said = word_text(path.with_suffix(".docx")), ""
    for page in raw_pdf_pages(path):
        text = FOOT.sub("", squeezed(page))
        again = [each for each in headings if text.startswith(each) and not expected[len(said) :].startswith(each)]
        said += text.removeprefix(again[0]) if again else text
    return said


def told(page: str) -> str:
    found = FOOT.search(squeezed(page))
    return found[0] if found else ""


def test_beside_each_paper_stands_its_pdf(made: Path) -> None:
    assert len(papers(made)) > 12
    assert sorted(made.rglob("*.pdf")) == sorted(path.with_suffix(".pdf") for path in papers(made))


def test_a_pdf_says_what_the_word_paper_says(made: Path) -> None:
    for path in papers(made):
        assert pdf_text(path.with_suffix(".pdf")) == word_text(path), path.name


def test_pages_are_numbered_and_lie_as_in_word(made: Path) -> None:
    pages = raw_pdf_pages(made / "上报/报告.pdf")
    assert [told(page) for page in pages] == ["—1—", "—2—", "—3—", "—4—"]
    wide = re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", (made / "上报/报告.pdf").read_bytes())
    sizes = [(round(float(width)), round(float(height))) for width, height in wide]
    assert sizes == [A4, A4, A4[::-1], A3]
    assert told(raw_pdf_pages(made / "上报/一览表.pdf")[0]) == "第1页共1页"


def test_odd_and_even_numbers_stand_outside(made: Path) -> None:
    odd, even = (page.rstrip().splitlines()[-1] for page in pdf_pages(made / "上会/上会材料.pdf")[:2])
    assert len(odd) - len(odd.lstrip()) > 30 > len(even) - len(even.lstrip())


def test_the_same_paper_gives_the_same_bytes(made: Path, folder: Path) -> None:
    assert command(folder, "pdf") == 0
    for path in made.rglob("*.pdf"):
        assert (folder / "output" / path.relative_to(made)).read_bytes() == path.read_bytes(), path.name


def test_a_long_table_repeats_its_headings(folder: Path) -> None:
    path = folder / "output/上报/一览表.docx"
    document = Document(str(path))
    last = document.tables[0].rows[-1]._tr
    for _ in range(120):
        last.addnext(deepcopy(last))
    document.save(str(path))
    assert command(folder, "pdf") == 0
    pages = raw_pdf_pages(path.with_suffix(".pdf"))
    assert [told(page) for page in pages] == [f"第{number}页共{len(pages)}页" for number in range(1, len(pages) + 1)]
    assert len(pages) > 2
    assert all(squeezed(page).count("党组织编码") == 1 for page in pages[:-1])
    assert sum(squeezed(page).count("ZB05") for page in pages) == 121


# --- what is not made is told ------------------------------------------------------------------------------


def test_before_a_run_there_is_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_workspace(tmp_path, {})
    assert command(folder, "pdf") == 2
    assert "先运行 python process.py" in capsys.readouterr().out


def test_without_the_extra_one_line_says_how_to_install_it(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    assert command(folder, "pdf") == 2
    line, last = capsys.readouterr().out.splitlines()
    assert line.startswith("做 PDF 还缺组件 typst。安装：")
    assert line.endswith(f'安装："{sys.executable}" -m pip install typst')  # a folder may have blanks in its name
    assert last == "没有运行：请先改正上面的问题。"


def test_a_new_run_takes_old_pdfs_away(folder: Path) -> None:
    assert command(folder, "pdf") == 0
    assert command(folder, "run") == 0
    assert not list((folder / "output").rglob("*.pdf"))


def test_a_pdf_of_somebody_else_stays(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = folder / "output/公示/公示.pdf"
    own.write_bytes("盖了章的".encode())
    assert command(folder, "pdf") == 1
    assert own.read_bytes() == "盖了章的".encode()
    assert "output/公示/公示.pdf 不是本程序做的" in capsys.readouterr().out


Change = Callable[[WordDocument], object]


def _added(tag: str) -> Change:
    """Return what puts an element into a run of its own."""
    return lambda document: document.add_paragraph().add_run()._r.append(OxmlElement(tag))


def _listed(document: WordDocument) -> None:
    numbered, which = OxmlElement("w:numPr"), OxmlElement("w:numId")
    which.set(qn("w:val"), "1")
    numbered.append(which)
    document.add_paragraph("第一条")._p.get_or_add_pPr().append(numbered)


def _raised(document: WordDocument) -> None:
    document.add_paragraph("10").add_run("2").font.superscript = True


def _uneven(document: WordDocument) -> None:
    row = document.tables[0].rows[1]._tr
    row.remove(row.tc_lst[-1])


SPOILT: dict[str, tuple[Change, str]] = {
    "a character that no font has": (lambda document: document.add_paragraph("王\U0010fffd"), "没有字体能印出"),
    "a picture": (_added("w:drawing"), "里有图片或图形"),
    "an object": (_added("w:object"), "里有图片或图形"),
    "a footnote": (_added("w:footnoteReference"), "里有脚注"),
    "numbers made by Word": (_listed, "里有自动编号"),
    "a power": (_raised, "里有上标或下标"),
    "a cell too few": (_uneven, "里有各行不齐的表格"),
    "what nobody knows": (_added("w:ruby"), "里有特殊内容（ruby）"),
}


@pytest.fixture(scope="module")
def press() -> Press:
    return Press()


def saved(document: WordDocument) -> bytes:
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize(("change", "words"), SPOILT.values(), ids=SPOILT)
def test_half_a_paper_is_never_made(made: Path, press: Press, change: Change, words: str) -> None:
    document = Document(str(made / "公示/公示.docx"))
    change(document)
    raw, why = press.pdf(saved(document), "公示")
    assert raw == b""
    assert words in why


def test_a_paper_that_cannot_be_made_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The others are made; an earlier PDF of the paper goes, for it is of another paper."""
    assert command(folder, "pdf") == 0
    path = folder / "output/公示/公示.docx"
    document = Document(str(path))
    SPOILT["a picture"][0](document)
    path.write_bytes(saved(document))
    capsys.readouterr()
    assert command(folder, "pdf") == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("output/公示/公示.docx 里有图片或图形")]
    made = len(papers(folder / "output")) - 1
    assert lines[-1].startswith(f"做了{made}个 PDF")
    assert not path.with_suffix(".pdf").exists()


def test_a_damaged_paper_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "output/公示/公示.docx").write_bytes(b"PK")
    assert command(folder, "pdf") == 1
    assert "output/公示/公示.docx 不是 Word 文档" in capsys.readouterr().out


# --- as Word writes ----------------------------------------------------------------------------------------


def _in_pieces(paragraph: Paragraph, instruction: str, shown: str) -> None:
    """Add a field as Word itself saves it."""
    for kind, text in (("begin", ""), ("", instruction), ("separate", ""), ("text", shown), ("end", "")):
        run = paragraph.add_run(text if kind == "text" else "")._r
        if kind in ("begin", "separate", "end"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run.append(mark)
        elif not kind:
            said = OxmlElement("w:instrText")
            said.text = text
            run.append(said)


Typeset = Callable[[WordDocument], str]


@pytest.fixture
def typeset(tmp_path: Path, press: Press) -> Typeset:
    """Return what sets a document, and gives its text."""

    def text_of(document: WordDocument) -> str:
        raw, why = press.pdf(saved(document), "文")
        assert why == ""
        (tmp_path / "文.pdf").write_bytes(raw)
        return "|".join(squeezed(page) for page in raw_pdf_pages(tmp_path / "文.pdf"))

    return text_of


def test_fields_breaks_and_what_is_not_printed(typeset: Typeset) -> None:
    document = Document()
    _in_pieces(document.add_paragraph("第"), " PAGE \\* MERGEFORMAT ", "77")
    _in_pieces(document.add_paragraph("日期"), ' DATE \\@ "yyyy" ', "2026")
    document.add_paragraph("甲").add_run("隐").font.hidden = True
    document.add_paragraph("乙").add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("丙").paragraph_format.page_break_before = True
    assert typeset(document) == "第1日期2026甲乙||丙"


@pytest.mark.office
def test_a_paper_saved_by_an_office_suite_keeps_its_words(
    made: Path, tmp_path: Path, press: Press, office_program: Path
) -> None:
    """As an officer who has filled in the number of a paper saves it."""
    source = made / "上报/报告.docx"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    words = [str(office_program), profile, "--headless", "--convert-to", "docx", "--outdir", str(tmp_path), str(source)]
    subprocess.run(words, check=True, capture_output=True, timeout=180)
    saved_again = tmp_path / source.name
    assert saved_again.read_bytes() != source.read_bytes()
    raw, why = press.pdf(saved_again.read_bytes(), "报告")
    assert why == ""
    saved_again.with_suffix(".pdf").write_bytes(raw)
    assert pdf_text(saved_again.with_suffix(".pdf")) == word_text(source)
    assert [told(page) for page in raw_pdf_pages(saved_again.with_suffix(".pdf"))] == ["—1—", "—2—", "—3—", "—4—"]


def test_merged_cells_keep_their_places(typeset: Typeset) -> None:
    document = Document()
    table = document.add_table(3, 3)
    for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = str(number)
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).merge(table.cell(0, 2))
    assert typeset(document) == "12" + "03" + "45" + "678"  # what reaches over rows is set after the first of them


def test_markup_in_a_paper_is_text(typeset: Typeset) -> None:
    hostile = '妇科‹一›&支部#[*]$`_x_`"\\u{41}#eval("1+1")<a>@b//c/*d*/~e---'
    document = Document()
    document.add_paragraph(hostile)
    assert typeset(document) == squeezed(hostile)


def test_fonts_that_lack_are_named_with_where_to_get_them() -> None:
    chosen, lacking = stand_ins(
        ["仿宋", "方正小标宋简体", "Times New Roman", "黑体"], ["fangsong", "simsun", "Libertinus Serif"]
    )
    assert chosen == {
        "仿宋": ["fangsong"],
        "方正小标宋简体": ["simsun"],
        "Times New Roman": ["Libertinus Serif"],
        "黑体": ["simsun"],
    }
    assert lacking == ["方正小标宋简体", "Times New Roman", "黑体"]
    assert told_of(lacking) == (
        "本机缺字体，已用相近的代替，字不会少：方正小标宋简体，方正字库官网可下载；"
        "Times New Roman、黑体，随 Windows 和 WPS 安装。装好后再运行一次"
    )
    assert told_of([]) == ""
