"""Templates: foreign text stays text, and a faulty template is told in Chinese."""

from io import BytesIO
from pathlib import Path
from time import perf_counter

import pytest
from docx import Document
from lxml import html

from dingji.cannot_run import TemplateFault
from dingji.reports import sandbox
from dingji.reports.columns import Cell, ReportColumn, ReportTable
from dingji.reports.rendering import PROGRAM_TEMPLATES, Renderer
from dingji.reports.word_tables import shares
from tests.paper_reading import html_tables, text_of, word_rows

FOREIGN = ["=1+1", "<b>x</b>", "{{7*7}}", "{%p if x %}", "A&B<支部>", "'+cmd|' /C calc'!A0", '"引号"', "䶮𬱟"]
HEADINGS = ("甲", "乙")


def report(cells: list[str]) -> ReportTable:
    columns = tuple(ReportColumn[str, Cell](heading, 10 + 20 * (heading == "乙"), "text", str) for heading in HEADINGS)
    return ReportTable("标题<i>", columns, (cells, ["乙"] * len(cells)))


def context(table: ReportTable) -> dict[str, object]:
    printed: dict[str, object] = {"标题": table.title, "栏目": list(table.headings), "各行": table.texts()}
    printed |= {"明细行数": len(table), "列宽": ["50%", "50%"], "文字栏": [1]}
    fields = dict.fromkeys(("轮次", "审核人", "填表人", "联系电话", "填报日期", "数据校验码"), "—")
    return {**printed, "各表": [printed], "填报单位": "某单位&<科>", "附注": [], **fields}


def body_of(raw: bytes) -> list[list[str]]:
    return html_tables(raw)[0][1:]


def word_template(folder: Path, *paragraphs: str | tuple[str, ...]) -> Renderer:
    """Write 某.docx as an officer would have it; a tuple is one paragraph in several runs."""
    document = Document()
    for texts in paragraphs:
        paragraph = document.add_paragraph()
        for text in (texts,) if isinstance(texts, str) else texts:
            paragraph.add_run(text)
    document.save(str(folder / "某.docx"))
    return Renderer(folder)


def word_texts(raw: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(BytesIO(raw)).paragraphs]


def test_foreign_text_is_printed_as_typed() -> None:
    table = report(FOREIGN)
    renderer = Renderer()
    page = renderer.render_html("一览表.html.j2", context(table))
    paper = renderer.render_word("一览表.docx", context(table), [table])
    assert [row[0] for row in body_of(page)] == FOREIGN
    assert [row[0] for row in word_rows(paper)[1:]] == FOREIGN
    assert word_texts(paper)[0] == "标题<i>"
    assert "填报单位（盖章）：某单位&<科>" in text_of(html.document_fromstring(page.decode()))


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x0b", "\x0c", "\x1f", "\x85", "\ufffe", "\ud800", "\u202e"])
def test_forbidden_signs_show_as_a_box(sign: str) -> None:
    table = report([f"前{sign}后"])
    page = Renderer().render_html("一览表.html.j2", context(table))
    paper = Renderer().render_word("一览表.docx", context(table), [table])
    assert body_of(page)[0][0] == "前□后"
    assert word_rows(paper)[1][0] == "前□后"


def test_a_value_is_never_taken_for_tags_said_in_short() -> None:
    table = report(["前\x010>后"])
    assert word_rows(Renderer().render_word("一览表.docx", context(table), [table]))[1][0] == "前□0>后"


@pytest.mark.parametrize(
    "paragraphs",
    [
        ("{% macro 印(名) %}甲", "{{ 名 }}{% endmacro %}{{ 印('乙') }}"),
        ("{% set 段 %}甲", "乙{% endset %}{{ 段 }}"),
        ("{% filter trim %}甲", "乙{% endfilter %}"),
        ("{% block 段 %}甲", "{% endblock %}乙"),
        ("{% for 名, 下 in [['甲', [['乙', []]]]] recursive %}{{ 名 }}", "{{ loop(下) }}{% endfor %}"),
    ],
)
def test_paragraphs_that_a_template_makes_a_value_of_keep_their_tags(
    tmp_path: Path, paragraphs: tuple[str, ...]
) -> None:
    texts = word_texts(word_template(tmp_path, *paragraphs).render_word("某.docx", {}))
    assert [text for text in texts if text] == ["甲", "乙"]


def test_line_breaks_stay_in_their_cell() -> None:
    table = report(["上\n下\t右"])
    rows = Document(BytesIO(Renderer().render_word("一览表.docx", context(table), [table]))).tables[0].rows
    assert [cell.text for cell in rows[1].cells] == ["上\n下\t右", "乙"]


def test_same_input_gives_same_bytes() -> None:
    table = report(FOREIGN)
    first, second = (Renderer().render_word("一览表.docx", context(table), [table]) for _ in range(2))
    assert first == second
    assert Renderer().render_html("一览表.html.j2", context(table)) == Renderer().render_html(
        "一览表.html.j2", context(table)
    )


def test_columns_share_the_page_width() -> None:
    table = report(["一"])
    body = Document(BytesIO(Renderer().render_word("一览表.docx", context(table), [table]))).element.body
    grid = [int(width) for width in body.xpath("./w:tbl[1]/w:tblGrid/w:gridCol/@w:w")]
    cells = [int(width) for width in body.xpath("./w:tbl[1]/w:tr[1]/w:tc/w:tcPr/w:tcW/@w:w")]
    size, margin = body.xpath("./w:sectPr/w:pgSz/@w:w")[0], body.xpath("./w:sectPr/w:pgMar/@w:left")[0]
    assert grid == cells
    assert sum(grid) == int(size) - 2 * int(margin)
    assert grid[1] > 2 * grid[0]


def test_shares_add_up_exactly() -> None:
    assert shares([1, 1, 1], 100) == [33, 33, 34]
    assert sum(shares([7, 11, 13, 17], 22_111)) == 22_111


def test_the_offices_own_template_is_taken_first(tmp_path: Path) -> None:
    (tmp_path / "汇总表.html.j2").write_text("本单位：{{ 填报单位 }}", encoding="utf-8")
    renderer = Renderer(tmp_path)
    assert renderer.render_html("汇总表.html.j2", {"填报单位": "甲&乙"}).decode() == "本单位：甲&amp;乙"
    assert body_of(renderer.render_html("一览表.html.j2", context(report(["一"])))) == [["一", "乙"]]


def test_a_field_split_between_runs_still_works(tmp_path: Path) -> None:
    renderer = word_template(tmp_path, ("{", "{ 填报", "单位 }", "}"))
    assert word_texts(renderer.render_word("某.docx", {"填报单位": "甲"})) == ["甲"]


def test_nothing_is_printed_for_none(tmp_path: Path) -> None:
    renderer = word_template(tmp_path, "（{{ 备注 }}）")
    assert word_texts(renderer.render_word("某.docx", {"备注": None})) == ["（）"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ 填报单为 }}", "没有“填报单为”这个字段"),
        ("{% if 没有这个 %}是{% endif %}", "没有“没有这个”这个字段"),
        ("{{ 单位.电话 }}", "没有“电话”这个字段"),
        ("填报单位：｛｛ 单位 ｝｝", "全角的“｛｛”"),
        ("填报单位：{｛ 单位 }}", "全角的“{｛”"),
        ("{% if 单位 ％}是{% endif %}", "全角的“％}”"),
        ("{% for 行 in 各行 %}一行", "标记写错或不成对"),
        ("{{ 单位", "标记写错或不成对"),
        ("{{ 单位|没有的 }}", "标记写错或不成对"),
        ("{{ ''.__class__.__mro__ }}", "不允许的写法"),
        ("{{ 名单.append(1) }}", "不允许的写法"),
        ("{{ 名单 + 1 }}", "算式无法计算"),
        ("{{ 1 / 0 }}", "算式无法计算"),
    ],
)
def test_a_faulty_template_is_told_in_chinese(tmp_path: Path, text: str, words: str) -> None:
    fields: dict[str, object] = {"单位": {"名称": "甲"}, "各行": [], "名单": []}
    (tmp_path / "某.html.j2").write_text(f"<p>第一行</p>\n<p>{text}</p>\n", encoding="utf-8")
    renderer = word_template(tmp_path, "第一行", text)
    for name, render in (("某.html.j2", renderer.render_html), ("某.docx", renderer.render_word)):
        with pytest.raises(TemplateFault) as fault:
            render(name, fields)
        assert words in str(fault.value)
        assert f"模板“{name}”" in str(fault.value)


def test_a_full_width_brace_split_between_runs_is_found(tmp_path: Path) -> None:
    renderer = word_template(tmp_path, ("填报单位：｛", "｛ 填报单位 ｝", "｝"))
    with pytest.raises(TemplateFault, match="全角的“｛｛”"):
        renderer.render_word("某.docx", {"填报单位": "甲"})


def test_a_misplaced_row_tag_does_not_lose_text_in_silence(tmp_path: Path) -> None:
    document = Document()
    table = document.add_table(2, 1)
    table.cell(0, 0).text = "{%tr if 有 %}"
    table.cell(1, 0).paragraphs[0].text = "{%p endif %}"
    document.save(str(tmp_path / "某.docx"))
    with pytest.raises(TemplateFault, match="放错了位置"):
        Renderer(tmp_path).render_word("某.docx", {"有": False})


def test_a_template_that_is_no_document(tmp_path: Path) -> None:
    (tmp_path / "某.docx").write_bytes(b"not a zip")
    with pytest.raises(TemplateFault, match="不是 Word 文档"):
        Renderer(tmp_path).render_word("某.docx", {})
    with pytest.raises(TemplateFault, match=r"找不到模板“没有\.docx”"):
        Renderer(tmp_path).render_word("没有.docx", {})


def test_pages_reach_for_nothing_outside_themselves() -> None:
    for template in (*PROGRAM_TEMPLATES.glob("*.j2"), *PROGRAM_TEMPLATES.glob("*.js")):
        text = template.read_text(encoding="utf-8").replace("url(#", "")  # a part of the page itself
        assert not [word for word in ("http:", "https:", "src=", "<link", "@import", "url(") if word in text]


ENDLESS = "算得太久，或者印出的内容太多"
FORBIDDEN = "不允许的写法"
ITSELF = "引用了自己，或者一层套一层太多"
LOOP = "{% for a in range(99999) %}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ 'a' * 10**10 }}", FORBIDDEN),
        ("{{ 9 ** 9 ** 9 ** 9 }}", FORBIDDEN),
        ("{{ ['a'] * 10000000000 }}", FORBIDDEN),
        ("{{ '%9999999999d' % 1 }}", FORBIDDEN),
        ("{{ 'a'.ljust(9999999999) }}", FORBIDDEN),
        ("{{ '{:9999999999}'.format(1) }}", FORBIDDEN),
        ("{{ 单位|center(9999999999) }}", "标记写错"),
        ("{{ lipsum(n=99999999) }}", "没有“lipsum”这个字段"),
        (LOOP * 3 + "{% endfor %}" * 3, ENDLESS),
        (LOOP * 2 + "一" * 1_000 + "{% endfor %}" * 2, ENDLESS),
        ("{% set n = namespace(s='ab') %}" + LOOP + "{% set n.s = n.s ~ n.s %}{% endfor %}", ENDLESS),
        ("{% set n = namespace(s='ab') %}" + LOOP + "{% set n.s = n.s + n.s %}{% endfor %}", ENDLESS),
        ("{% set n = namespace(s='ab') %}" + LOOP + "{% set n.s = [n.s, n.s]|join %}{% endfor %}", ENDLESS),
        ("{% set n = namespace(s=9) %}" + LOOP + "{% set n.s = n.s * n.s %}{% endfor %}", FORBIDDEN),
        ("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", ITSELF),
        ("{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}", ITSELF),
        ("{{ " + "9" * 5_000 + " }}", "算式无法计算"),
    ],
)
def test_a_template_that_never_ends_is_told_in_bounded_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, words: str
) -> None:
    monkeypatch.setattr(sandbox, "SECONDS", 1.0)
    (tmp_path / "某.html.j2").write_text(text, "utf-8")
    started = perf_counter()
    with pytest.raises(TemplateFault, match=words) as fault:
        Renderer(tmp_path).render_html("某.html.j2", {"单位": "甲"})
    assert "模板“某.html.j2”" in str(fault.value)
    assert perf_counter() - started < 10


def test_a_template_that_includes_itself_is_told(tmp_path: Path) -> None:
    (tmp_path / "某.txt.j2").write_text("{% include '某.txt.j2' %}", "utf-8")
    with pytest.raises(TemplateFault, match=ITSELF):
        Renderer(tmp_path).render_text("某.txt.j2", {})


def test_loops_count_and_say_where_they_are_as_ever(tmp_path: Path) -> None:
    text = "{% for 行 in 各行 %}{{ loop.index }}/{{ loop.length }}{{ 行 ~ '。' }}{% if not loop.last %} {% endif %}"
    (tmp_path / "某.txt.j2").write_text(f"{text}{{% else %}}无{{% endfor %}}{{{{ 2 * 3 + 1 }}}}", "utf-8")
    render = Renderer(tmp_path).render_text
    assert render("某.txt.j2", {"各行": ["甲", "乙"]}).decode("utf-8-sig") == "1/2甲。 2/2乙。7\r\n"
    assert render("某.txt.j2", {"各行": []}).decode("utf-8-sig") == "无7\r\n"
