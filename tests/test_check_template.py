"""`check-template`: what is wrong with an officer's template is said with its place, before a run uses it."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from dingji.cli.main import main
from dingji.reports.official.template_data import PARTS
from dingji.reports.rendering import PROGRAM_TEMPLATES
from tests.papers import good
from tests.workspaces import PROGRAM, make_workspace

Change = Callable[[WordDocument], object]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("党办"), good())


def check(folder: Path, template: Path) -> int:
    return main(["--workspace", str(folder), "check-template", str(template)], PROGRAM)


def changed(folder: Path, name: str, change: Change) -> Path:
    """Return a template as somebody changed it in Word."""
    document = Document(BytesIO((PROGRAM_TEMPLATES / name).read_bytes()))
    change(document)
    path = folder / f"草稿{len(list(folder.glob('草稿*')))}"
    path.mkdir()
    document.save(str(path / name))
    return path / name


def added(text: str) -> Change:
    """Return what adds a paragraph."""
    return lambda document: document.add_paragraph(text)


def in_cell(text: str) -> Change:
    return lambda document: document.tables[0].rows[2].cells[1].paragraphs[0].add_run(text)


def font(name: str) -> Change:
    """Return what sets a paragraph in a font."""

    def change(document: WordDocument) -> None:
        run = document.add_paragraph().add_run("说明")
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)

    return change


@pytest.mark.parametrize(
    "name", sorted({path.name for path in PROGRAM_TEMPLATES.iterdir() if path.suffix != ".js"} - set(PARTS))
)
def test_every_shipped_template_is_sound(folder: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(folder, PROGRAM_TEMPLATES / name) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith(f"模板“{name}”没有问题，试印了")


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("公示.docx", added("{{ 受理部们 }}"), "段（{{ 受理部们 }}）：没有“受理部们”这个字段；是不是“受理部门”"),
        ("公示.docx", added("｛｛ 标题 ｝｝"), "段（｛｛ 标题 ｝｝）：有全角的“｛｛”"),
        ("公示.docx", added("{{ 标题 ｝｝"), "有全角的“｝｝”"),
        ("公示.docx", added("{ 标题 }}"), "段（{ 标题 }}）：有不成对的“{”"),
        ("公示.docx", added("{% if 标题 %}有标题"), "标记写错或不成对"),
        ("公示.docx", in_cell("{{ 行.得分 }}"), "没有“得分”这个字段"),
        ("公示.docx", in_cell("{{ 排名 }}"), "第1个表第3行第2格（{{ 行.名称 }}{{ 排名 }}）：没有“排名”这个字段"),
        ("公示.docx", font("某某手写体"), "字体“某某手写体”许多电脑没有"),
        ("通报.docx", added("{{ 主送.__class__ }}"), "用了不允许的写法"),
        ("报表退回修改通知.docx", added("{% if not 须改正 %}{{ 主送人 }}{% endif %}"), "没有“主送人”这个字段"),
    ],
)  # fmt: skip
def test_faults_are_told_with_their_place(
    folder: Path, name: str, change: Change, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(folder, changed(folder, name, change)) == 1
    assert words in capsys.readouterr().out


def test_a_run_without_a_font_of_its_own_is_told_where_nothing_else_sets_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def bare(document: WordDocument) -> None:
        for fonts in list(document.styles.element.iter(qn("w:rFonts"))):
            fonts.getparent().remove(fonts)
        document.add_paragraph("没有字体的一段")

    assert check(folder, changed(folder, "公示.docx", bare)) == 1
    assert "“没有字体的一段”没有指定中文字体" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("公示.docx", b"text", "不是 Word 文档（.docx），或者已损坏"),
        ("工示.docx", b"", "不知道“工示.docx”是哪个模板；是不是“公示.docx”"),
        ("_base.html.j2", b"", "是别的模板共用的部件"),
    ],
)
def test_what_is_no_template_is_refused(
    folder: Path, tmp_path: Path, name: str, raw: bytes, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_bytes(raw)
    assert check(folder, tmp_path / name) == 2
    assert words in capsys.readouterr().out
    assert check(folder, tmp_path / "没有.docx") == 2


def test_a_draft_is_tried_in_its_templates_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also where nothing has been handed in yet: then with a fictional round."""
    empty = make_workspace(tmp_path / "空", {})
    draft = empty / "反馈（改2）.docx"
    draft.write_bytes((PROGRAM_TEMPLATES / "反馈.docx").read_bytes())
    assert check(empty, draft) == 0
    out = capsys.readouterr().out
    assert "用虚构的例子试印" in out
    assert "试印了6份" in out
