"""Official papers: what each says, what it never says, and how it lies on the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from dingji.outcome import Outcome
from dingji.paper_settings import Publish, left_to_the_pen, publish_faults
from dingji.reports.official.build import official
from dingji.reports.official.closed import closed_sources
from dingji.reports.official.common import PEN, PEN_DATE, numeral
from dingji.reports.official.feedback import Pages
from dingji.reports.official_templates import LINE, SIZE, official_template
from dingji.reports.official_wording import PAPERS
from dingji.reports.rendering import Renderer
from dingji.reports.view import OutcomeView
from dingji.reports.withholding import WITHHELD, give, hidden_headings
from dingji.reports.word_templates import word_templates
from dingji.scheme.load import load_scheme
from dingji.seal import inflated
from dingji.settings import Privacy, load_settings
from dingji.tables import BRANCHES, RESULTS, records, table
from tests.drawn_trail import trail_of
from tests.outcome_example import SCHEMES, changed, example, five_good, renamed
from tests.paper_reading import opened, page_text, pdf_pages, with_floors, word_rows, word_text
from tests.papers import good, outcome_of
from tests.test_documents import convert, convert_all
from tests.workspaces import command

FIVE = ("five-good", "three-party", "seven-indicators", "responsibility", "service")
STRANGE = "妇科‹一›&支部"
MENDING = re.compile("/(整改台账|承诺书|目标责任书|检查验收表)_")
"""Papers from 整改台账: `test_ledger_papers.py` says who gets them."""
TOLD = Publish(
    code="示党", date="2026-04-10", begins="2026-04-01", ends="2026-04-08", days=5, department="组织科",
    phone="0000-7654321", address="三层301室", superior="示范市党组", rectify_by="2026-09-30",
)  # fmt: skip


def papers(outcome: Outcome) -> dict[str, bytes]:
    """Return the official papers by path."""
    view = OutcomeView(outcome)
    hidden = hidden_headings(view)
    return official(view, Renderer(), give(view, hidden), hidden)


def published(outcome: Outcome, publish: Publish = TOLD) -> Outcome:
    """Return the outcome with these settings of papers."""
    return replace(outcome, settings=outcome.settings.model_copy(update={"publish": publish}))


def everything(raw: bytes) -> str:
    """Return every text of a file: of a document its parts as they are, properties, comments and what is hidden too."""
    if raw[:2] != b"PK":
        return raw.decode("utf-8", "replace")
    return "".join(part.decode("utf-8", "replace") for part in inflated(raw).values())


def feedback_of(files: Mapping[str, bytes], unit: str) -> str:
    (path,) = [path for path in files if path.startswith(f"反馈/{unit}_")]
    return word_text(files[path])


# --- what they say ----------------------------------------------------------------------------------------


def test_a_run_has_every_paper() -> None:
    names = [
        "D001_第一党支部",
        "D002_第二党支部",
        "D003_第三党支部",
        "D004_第四党支部",
        "D005_第五党支部",
        "D006_第六党支部",
    ]
    feedback = {f"反馈/{name}.docx" for name in (*names, "限期整改通知书_D003_第三党支部")}
    assert {path for path in papers(opened()) if not MENDING.search(path)} == {
        "公示/公示.docx", "公示/公示.html", "上报/通报.docx", "上报/报告.docx", "上会/上会材料.docx", *feedback,
    }  # fmt: skip


def test_the_public_list_has_number_name_and_grade_alone_in_roster_order() -> None:
    files = papers(published(opened()))
    grades = ["好", "好", "后进", "较好", "未定级", "好"]
    listed = [[str(number), f"第{numeral(number)}党支部", grade] for number, grade in enumerate(grades, start=1)]
    rows = [["序号", "党组织名称", "拟定等次"], *listed]
    assert word_rows(files["公示/公示.docx"]) == rows
    for text in (word_text(files["公示/公示.docx"]), page_text(files["公示/公示.html"])):
        for piece in ("公示时间：2026年4月1日至2026年4月8日（5个工作日）", "受理部门：组织科", "受理电话：0000-7654321",
                      "受理地址：三层301室", "加盖公章", "真实姓名", "2026年4月10日"):  # fmt: skip
            assert piece in text
        assert "各党总支" not in text


def test_what_is_not_told_is_left_to_the_pen() -> None:
    files = papers(published(opened(), Publish()))
    text = word_text(files["公示/公示.docx"])
    assert f"公示时间：{PEN_DATE}至{PEN_DATE}。" in text
    assert f"受理电话：{PEN}" in text
    assert "×党〔2026〕　号" in word_text(files["上报/通报.docx"])
    assert f"{PEN}：" in word_text(files["上报/报告.docx"])


def test_a_circular_groups_names_by_grade_in_roster_order() -> None:
    text = word_text(papers(published(opened()))["上报/通报.docx"])
    assert "示党〔2026〕　号" in text
    assert "各党总支、各党支部：" in text
    assert (
        text.index("一、好（3个）") < text.index("第一党支部、第二党支部、第六党支部。") < text.index("二、较好（1个）")
    )
    assert text.index("二、较好（1个）") < text.index("三、后进（1个）")
    assert "另有1个尚未定级：第五党支部。" in text
    assert "一般（" not in text


def test_a_report_counts_prints_the_procedure_and_annexes_both_tables() -> None:
    raw = papers(published(opened()))["上报/报告.docx"]
    text = word_text(raw)
    assert "示范市党组：" in text
    assert f"按照“{five_good().procedure}”的程序进行" in text
    assert "已定级5个。其中“好”3个，占60.00%，“较好”1个，占20.00%，“一般”0个，占0.00%，“后进”1个，占20.00%。" in text
    annexes = re.findall(r"[12]．(示范医院党委党支部分类定级..表（2026 年初）)", text)
    assert len(annexes) == 2
    for number, name in enumerate(annexes, start=1):
        after = text.partition(f"\n附件{number}\n")[2]
        assert after.startswith(name)
    assert word_rows(raw, 1)[0][0] == "单位"
    assert word_rows(raw, 2)[0][:3] == ["序号", "党组织编码", "党组织名称"]
    assert not re.search("请(予|批|示)", text)


def test_a_meeting_sees_the_answer_and_raters_by_number() -> None:
    text = word_text(papers(opened())["上会/上会材料.docx"])
    assert "内部资料　会后收回" in text
    assert "临界的：第二党支部（90.00）、第六党支部（90.00）。" in text
    assert "没有测算等次的：第五党支部（待补：" in text
    secret = published(opened(), Publish(secrecy="内部", readers="党委委员"))
    assert "密级：内部　　知悉范围：党委委员" in word_text(papers(secret)["上会/上会材料.docx"])


def test_a_circular_speaks_of_what_was_decided_once_it_is_final() -> None:
    text = word_text(papers(replace(opened(), final=True))["上报/通报.docx"])
    assert "审定等次通报如下" in text


def test_standards_that_say_so_send_the_letter_for_other_grades() -> None:
    raw = (SCHEMES / "five-good.toml").read_bytes()
    told = raw.replace('name = "较好"\n'.encode(), 'name = "较好"\nrectify = true\n'.encode())
    scheme, _ = load_scheme(told)
    assert scheme is not None
    names = {path for path in papers(replace(opened(), schemes={"five-good": scheme})) if "通知书" in path}
    assert names == {"反馈/限期整改通知书_D004_第四党支部.docx"}
    assert five_good().rectified == {"后进"}


def test_the_letter_gives_the_day_and_the_problems() -> None:
    outcome = changed(published(opened()), "D003", follow_up="限期转化")
    text = word_text(papers(outcome)["反馈/限期整改通知书_D003_第三党支部.docx"])
    assert "的拟定等次为“后进”" in text
    assert "整改期限为2026年9月30日前" in text
    assert "应当限期转化。" in text


def test_offices_may_go_without_feedback() -> None:
    assert not [path for path in papers(published(opened(), Publish(feedback=False))) if path.startswith("反馈/")]


# --- what they never say ----------------------------------------------------------------------------------

INSIDE = ("评委", "P01", "P02", ".xlsx", "测算等次", "▸", "审核员（")
SHOWN_TO_NOBODY = (
    *INSIDE,
    "排名",
    "满意率",
    "95.87",
    "73.3",
    "直接定级",
    "主要问题",
    "上期",
    "群众反映好低于12分",
    "领导",
)


@pytest.mark.parametrize("outcome", [example(), opened()], ids=["withheld", "open"])
def test_never_in_public(outcome: Outcome) -> None:
    files = papers(outcome)
    for path in ("公示/公示.docx", "公示/公示.html"):
        text = everything(files[path])
        assert [word for word in SHOWN_TO_NOBODY if word in text] == [], path


@pytest.mark.parametrize("outcome", [example(), opened()], ids=["withheld", "open"])
def test_never_outside_the_office(outcome: Outcome) -> None:
    raters = ("评委1", "评委2", "P01", "P02", ".xlsx", "测算等次", "▸")
    for path, raw in papers(outcome).items():
        if not path.startswith("上会/"):
            assert [word for word in raters if word in everything(raw)] == [], path


def test_feedback_below_the_floor_withholds_figures_and_what_would_tell_them() -> None:
    """Of a real run: with the floor above its three raters, and with none."""
    outcome = outcome_of(good())
    hidden, open_ = (
        feedback_of(papers(with_floors(privacy, outcome)), "ZB01")
        for privacy in (Privacy(ballots=1, raters=99), Privacy(ballots=0, raters=0))
    )
    assert WITHHELD not in open_
    assert "达到“好”的 90 分" in open_
    assert "算式：自评" in open_
    assert "党委评定 " in open_
    for gone in ("算式", "达到“好”", "党委评定 ", "党群评分 "):
        assert gone not in hidden
    assert "拟定等次：好，综合得分" in hidden
    assert "自评 " in hidden
    assert "所报自评表的回执" in hidden
    assert WITHHELD in hidden


def test_an_indicator_that_one_rater_marked_closes_its_source() -> None:
    """Three raters stand behind the source, one alone behind its second indicator: neither is told."""
    marked = [("领导班子好", "P01"), ("领导班子好", "P02"), ("领导班子好", "P03"), ("党员队伍好", "P01")]
    steps = [
        {"unit": "D001", "round": "年初", "step": "mark", "source": "党委评定", "item": item, "rater": rater,
         "figure": Fraction(9)}
        for item, rater in marked
    ]  # fmt: skip
    outcome = with_floors(Privacy(ballots=0, raters=3))
    closed = closed_sources(OutcomeView(replace(outcome, trail=trail_of(steps, ("自评", "党群评分", "党委评定")))))
    assert closed["D001"] == {"党委评定"}
    wide = with_floors(Privacy(ballots=0, raters=1))
    assert "D001" not in closed_sources(
        OutcomeView(replace(wide, trail=trail_of(steps, ("自评", "党群评分", "党委评定"))))
    )


def test_a_situation_read_from_a_withheld_figure_is_not_the_reason() -> None:
    thin = changed(with_floors(Privacy(ballots=500, raters=1)), "D003", situations=("群众反映好低于12分",))
    files = papers(thin)
    for path, raw in files.items():
        if path.startswith("反馈/"):
            assert "群众反映好低于12分" not in everything(raw), path
    assert "拟定等次：后进" in feedback_of(files, "D003")


def test_a_withheld_grade_is_in_no_paper_outside() -> None:
    files = papers(with_floors(Privacy(ballots=500, raters=1, grade=True)))
    assert [row[2] for row in word_rows(files["公示/公示.docx"])[1:]].count(WITHHELD) >= 4
    assert not [path for path in files if "通知书" in path]


def test_the_committees_word_hides_what_was_computed() -> None:
    text = feedback_of(papers(opened()), "D004")  # computed 一般, decided 较好
    assert "拟定等次：较好，党委研究确定。" in text
    assert "一般”的" not in text
    assert "到“较好”" not in text


# --- names, bytes, page -----------------------------------------------------------------------------------


def test_a_strange_name_stays_whole_everywhere() -> None:
    files = papers(renamed(opened(), "D003", name=STRANGE))
    assert {f"反馈/D003_{STRANGE}.docx", f"反馈/限期整改通知书_D003_{STRANGE}.docx"} <= set(files)
    for path in (
        "公示/公示.docx",
        "上报/通报.docx",
        "上报/报告.docx",
        "上会/上会材料.docx",
        f"反馈/D003_{STRANGE}.docx",
    ):
        assert STRANGE in word_text(files[path]), path
    assert STRANGE in page_text(files["公示/公示.html"])


def test_same_input_gives_the_same_bytes() -> None:
    assert papers(example()) == papers(example())


def test_a_paper_laid_out_for_many_is_what_it_would_be_alone() -> None:
    renderer, outcome = Renderer(), opened()
    fields = [
        {**_fields(outcome, unit), "主送": name} for unit, name in (("D002", "甲<乙>&丙"), ("D006", ""), ("D002", "丁"))
    ]
    together = [renderer.render_word("反馈.docx", each) for each in fields]
    assert together == [Renderer().render_word("反馈.docx", each) for each in fields]


def _fields(outcome: Outcome, unit: str) -> dict[str, object]:
    view = OutcomeView(outcome)
    hidden = hidden_headings(view)
    return Pages(view, give(view, hidden), hidden).context(unit)


@pytest.mark.parametrize("name", [f"{name}.docx" for name in PAPERS])
def test_every_paper_is_a_page_of_the_standard(name: str) -> None:
    document = Document(BytesIO(word_templates()[name]))
    section = document.sections[0]
    sides = (section.page_width, section.page_height, section.top_margin, section.bottom_margin,
             section.left_margin, section.right_margin)  # fmt: skip
    assert [round(side.mm) for side in sides if side is not None] == [210, 297, 37, 35, 28, 26]
    assert document.settings.odd_and_even_pages_header_footer
    for root in (document.element.body, section.footer._element, section.even_page_footer._element):
        for run in root.iter(qn("w:r")):
            assert run.xpath("string(./w:rPr/w:rFonts/@w:eastAsia)"), run.xml
    assert not document.element.body.xpath(".//w:docGrid")
    body = [run for run in document.element.body.iter(qn("w:r")) if run.xpath(f"./w:rPr/w:sz[@w:val={2 * SIZE:.0f}]")]
    assert all(run.xpath("./w:rPr/w:spacing[@w:val='-5']") for run in body)


@pytest.mark.parametrize("name", ["公示", "通报", "报告", "限期整改通知书", "报表退回修改通知"])
def test_no_signature_stands_on_a_page_of_its_own(name: str) -> None:
    """Whatever comes last before it goes over to the next page with it."""
    lines = Document(BytesIO(word_templates()[f"{name}.docx"])).paragraphs
    signed = next(
        place
        for place, line in enumerate(lines)
        if line.text in ("{{ 署名 }}", "{{ 填报单位 }}") and line.alignment == WD_ALIGN_PARAGRAPH.RIGHT
    )
    before = [line for line in lines[:signed] if not line.text.startswith("{%p")]
    last = max(place for place, line in enumerate(before) if line.text)
    assert all(line.paragraph_format.keep_with_next for line in [*before[last:], lines[signed]])
    assert not before[last].text.startswith("附件：") or before[last - 2].paragraph_format.keep_with_next


def test_what_the_meeting_reads_of_one_branch_is_not_parted() -> None:
    """From its name to its last line of figures, everything goes over to the next page together."""
    document = Document(BytesIO(word_templates()["上会材料.docx"]))
    told = [line for line in document.paragraphs if line.text in ("{{ 个.序号 }}．{{ 个.名称 }}", "{{ 句 }}")]
    cells = [line for row in document.tables[-1].rows for cell in row.cells for line in cell.paragraphs]
    assert all(line.paragraph_format.keep_with_next for line in [*told[-2:], *cells])


@pytest.mark.parametrize(
    ("number", "words"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五"), (100, "100")]
)
def test_headings_are_numbered_in_chinese(number: int, words: str) -> None:
    assert numeral(number) == words


def test_days_of_papers_are_checked() -> None:
    assert [words for _, words in publish_faults(Publish(begins="2026-04-08", ends="2026-04-01"))] == [
        "最后一天 2026-04-01 早于第一天 2026-04-08"
    ]
    short = Publish(begins="2026-04-01", ends="2026-04-03", days=5)
    assert [path for path, _ in publish_faults(short)] == [("publish", "days")]
    assert list(publish_faults(TOLD)) == []
    assert left_to_the_pen(TOLD, graded=True, rectified=True) == []
    assert left_to_the_pen(Publish(), graded=False, rectified=False) == ["成文日期", "报告主送"]
    raw = (SCHEMES.parent / "config.toml").read_bytes().replace(b'begins = ""', b'begins = "2026-4"')
    assert [finding.path for finding in load_settings(raw)[1]] == [("publish", "begins")]


# --- five standards, by the program itself ----------------------------------------------------------------


@pytest.fixture(scope="module", params=FIVE)
def output(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what a run leaves of a demonstration whose first branch has a strange name."""
    folder = tmp_path_factory.mktemp(request.param) / "演示"
    assert (
        command(folder.parent, "demo", str(folder), "--scheme", request.param, "--branches", "5", "--raters", "4") == 0
    )
    assert command(folder, "run") in (0, 1)
    return folder / "output"


def test_every_standard_has_its_papers(output: Path) -> None:
    found = {path.relative_to(output).as_posix() for path in output.rglob("*.docx")}
    assert {"上报/报告.docx", "上会/上会材料.docx"} <= found
    graded = "responsibility" not in output.parent.parent.name
    assert ({"公示/公示.docx", "上报/通报.docx"} <= found) is graded
    assert len([name for name in found if re.match("反馈/DZ", name)]) == 5
    for path in output.rglob("*.docx"):
        text = everything(path.read_bytes())
        assert not re.search(r"\{\{|\{%|None|nan", text), path
    raters = re.compile(r"评委\d{2,}|P\d{3}|\.xlsx|▸|测算等次")
    for folder in ("公示", "反馈", "上报"):
        for path in (output / folder).rglob("*.docx"):
            assert raters.findall(everything(path.read_bytes())) == [], path


@pytest.mark.office
def test_feedback_is_one_page_and_papers_print_whole(output: Path, tmp_path: Path, office_program: Path) -> None:
    sources = [*sorted(output.glob("反馈/DZ*.docx"))[:2], output / "上报/报告.docx"]
    *letters, report = convert_all(office_program, sources, "pdf", tmp_path)
    assert len(letters) == 2
    for letter in letters:
        (text,) = pdf_pages(letter)
        assert "示范单位党委" in text
        assert "— 1 —" in text.replace("—1—", "— 1 —")
    pages = pdf_pages(report)
    flat = "".join("".join(pages).split())
    assert "附件1" in flat
    assert all(f"DZ000{number}" in flat for number in range(1, 6))


@pytest.mark.office
def test_a_full_page_has_22_lines_of_28_characters(tmp_path: Path, office_program: Path) -> None:
    source = tmp_path / "满页.docx"
    source.write_bytes(official_template("满页", [("顶格", "国" * 28 * 30)]))
    pages = pdf_pages(convert(office_program, source, "pdf", tmp_path))
    lines = [line.strip() for line in pages[0].splitlines() if "国" in line]
    assert [len(line) for line in lines] == [28] * 22
    assert LINE * 22 < 225 / 25.4 * 72


@pytest.mark.office
def test_a_long_list_repeats_its_heading(tmp_path: Path, office_program: Path) -> None:
    outcome = opened()
    branches, results = records(outcome.branches), records(outcome.results)
    units = [f"E{number:03}" for number in range(1, 81)]
    many = replace(
        outcome,
        branches=table(BRANCHES, [{**branches[0], "unit": unit, "name": f"第{unit}号党支部"} for unit in units]),
        results=table(RESULTS, [{**results[0], "unit": unit, "composite": Fraction(95)} for unit in units]),
        trail=trail_of([]),
    )
    source = tmp_path / "公示.docx"
    source.write_bytes(papers(many)["公示/公示.docx"])
    pages = pdf_pages(convert(office_program, source, "pdf", tmp_path))
    assert len(pages) >= 3
    assert all("党组织名称" in page for page in pages if "号党支部" in page)
    assert [unit for page in pages for unit in re.findall(r"第 ?(E\d{3}) ?号", page)] == units
