"""The superior's two tables and the check report: what they show, and what never leaves the office."""

import re
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from dingji.forms.stamp import is_stamp
from dingji.outcome import Outcome
from dingji.reports.documents import chinese_date
from dingji.reports.overview import overview
from dingji.reports.rendering import PROGRAM_TEMPLATES
from dingji.reports.summary import summary
from dingji.reports.upward import write_upward
from dingji.reports.view import OutcomeView
from dingji.reports.withholding import give, hidden_headings
from dingji.scheme.load import load_scheme
from dingji.seal import inflated
from dingji.tables import BRANCHES, RESULTS, records, table
from tests.drawn_trail import trail_of
from tests.outcome_example import SCHEMES, changed, example, five_good, renamed
from tests.paper_reading import column, documents, html_tables, opened, page_text, pdf_pages, word_rows, word_text

UPWARD = [f"上报/{name}.{kind}" for name in ("一览表", "汇总表") for kind in ("html", "docx")]
FOREIGN = ["=1+1", "<b>x</b>", "{{7*7}}", "A&B<支部>", "前\x07后"]
SHOWN = ["=1+1", "<b>x</b>", "{{7*7}}", "A&B<支部>", "前□后"]


def many(count: int) -> Outcome:
    """Return many branches like the example's first, some with long names and long texts."""
    base = opened()
    branch, result = records(base.branches)[0], records(base.results)[0]
    units = [f"D{number:04}" for number in range(1, count + 1)]
    long = "住院医师规范化培训学员与进修人员联合党支部"
    situations = tuple(situation.name for situation in five_good().situations)
    branches = [
        {
            **branch,
            "unit": unit,
            "name": f"第{number}{long if number % 5 == 0 else '党支部'}",
            "parent": f"总支{number % 3}",
        }
        for number, unit in enumerate(units, start=1)
    ]
    results = [
        {**result, "unit": unit, "situations": situations if number % 6 == 0 else ()}
        for number, unit in enumerate(units, start=1)
    ]
    steps = [step for step in records(base.trail.table()) if step["unit"] == result["unit"]]
    trail = trail_of({**step, "unit": unit} for unit in units for step in steps)
    return replace(base, branches=table(BRANCHES, branches), results=table(RESULTS, results), trail=trail)


# --- what they show ---------------------------------------------------------------------------------------


def test_every_paper_is_written() -> None:
    assert set(documents(example())) == {*UPWARD, "内部/校验报告.html"}


def test_word_and_page_show_the_same_table() -> None:
    outcome = opened()
    files = documents(outcome)
    expected = overview(OutcomeView(outcome), "upward")
    grid = [list(expected.headings), *expected.texts()]
    assert html_tables(files["上报/一览表.html"])[0] == grid
    assert word_rows(files["上报/一览表.docx"]) == grid
    block = summary(OutcomeView(outcome))[0]
    assert html_tables(files["上报/汇总表.html"])[0] == [list(block.headings), *block.texts()]
    assert word_rows(files["上报/汇总表.docx"]) == [list(block.headings), *block.texts()]


def test_sums_stand_out_on_a_page() -> None:
    page = documents(opened())["上报/汇总表.html"].decode()
    assert re.findall(r'<tr class="total"><td>(.*?)</td>', page) == ["合计"]
    assert 'class="total"' not in documents(opened())["上报/一览表.html"].decode().partition("<tbody>")[2]


def test_the_stamp_stands_on_one_sheet_of_the_superiors_book() -> None:
    view = OutcomeView(opened())
    book = load_workbook(BytesIO(write_upward(view.outcome, give(view, hidden_headings(view)))))
    stamped = [sheet.title for sheet in book if any(is_stamp(str(cell.value)) for cell in sheet["A"])]
    assert (book.sheetnames, stamped) == (["一览表", "汇总表"], ["一览表"])


def test_branches_stand_in_roster_order() -> None:
    grid = html_tables(documents(opened())["上报/一览表.html"])[0]
    assert column(grid, "党组织编码") == ["D001", "D002", "D003", "D004", "D005", "D006"]
    assert column(grid, "拟定等次") == ["好", "好", "后进", "较好", "未定级", "好"]


def test_sign_off_line_is_printed() -> None:
    files = documents(opened())
    for text in (page_text(files["上报/汇总表.html"]), word_text(files["上报/汇总表.docx"])):
        for piece in (
            "填报单位（盖章）：示范医院党委",
            "审核人：审核员",
            "填表人：填表员",
            "联系电话：0000-123",
        ):
            assert piece in text
        assert "填报日期：2026年3月31日" in text


@pytest.mark.parametrize(
    ("typed", "printed"),
    [("2026-03-31", "2026年3月31日"), ("", "　　　年　　月　　日"), ("三月底", "三月底")],
)
def test_date_is_printed_as_on_papers(typed: str, printed: str) -> None:
    assert chinese_date(typed) == printed


def test_check_code_is_that_of_the_internal_table() -> None:
    outcome = opened()
    files = documents(outcome)
    for name, tables in (
        ("一览表", [overview(OutcomeView(outcome), "internal")]),
        ("汇总表", summary(OutcomeView(outcome))),
    ):
        inside = re.search(r"数据校验码：(\w{8})", "".join(tables[-1].notes))
        assert inside is not None
        assert inside.group(0) in page_text(files[f"上报/{name}.html"])
        assert inside.group(0) in word_text(files[f"上报/{name}.docx"])


def test_heading_row_is_repeated_and_no_row_is_split() -> None:
    rows = Document(BytesIO(documents(opened())["上报/一览表.docx"])).element.body.xpath("./w:tbl[1]/w:tr")
    assert [bool(row.xpath("./w:trPr/w:tblHeader")) for row in rows] == [True] + [False] * 6
    assert all(row.xpath("./w:trPr/w:cantSplit") for row in rows)


def test_each_standard_has_its_block() -> None:
    scheme, _ = load_scheme((SCHEMES / "five-good.toml").read_bytes().replace(b'"five-good"', b'"second"'))
    assert scheme is not None
    both = replace(opened(), schemes={"five-good": five_good(), "second": scheme})
    files = documents(changed(both, "D001", scheme="second"))
    raw = files["上报/汇总表.docx"]
    assert len(html_tables(files["上报/汇总表.html"])) == 2
    assert [column(word_rows(raw, number), "党组织总数")[-1] for number in (1, 2)] == ["5", "6"]
    bold = Document(BytesIO(raw)).element.body.xpath("./w:tbl[2]/w:tr[.//w:b]")
    assert ["".join(row.xpath("./w:tc[1]//w:t/text()")) for row in bold] == ["小计", "合计"]


def test_same_input_gives_same_bytes() -> None:
    assert documents(example()) == documents(example())


def test_foreign_text_is_printed_as_typed() -> None:
    outcome = opened()
    for number, text in enumerate(FOREIGN, start=1):
        outcome = renamed(outcome, f"D00{number}", name=text)
    files = documents(outcome)
    assert column(html_tables(files["上报/一览表.html"])[0], "党组织名称")[: len(SHOWN)] == SHOWN
    assert column(word_rows(files["上报/一览表.docx"]), "党组织名称")[: len(SHOWN)] == SHOWN


def test_the_offices_own_template_is_used(tmp_path: Path) -> None:
    (tmp_path / "一览表.html.j2").write_text("{{ 标题 }}｜{{ 各行|length }}", encoding="utf-8")
    files = documents(opened(), tmp_path)
    assert files["上报/一览表.html"].decode() == "示范医院党委党支部分类定级一览表（2026 年初）｜6"


# --- what never leaves the office -------------------------------------------------------------------------


@pytest.mark.parametrize("name", UPWARD)
@pytest.mark.parametrize("outcome", [example(), opened()], ids=["withheld", "open"])
def test_nothing_internal_is_in_a_paper(name: str, outcome: Outcome) -> None:
    raw = documents(outcome)[name]
    text = raw.decode() if name.endswith("html") else "".join(part.decode("latin-1") for part in inflated(raw).values())
    words = ["评委1", "P01", ".xlsx", "测算等次", "排名", "临界"]
    hidden = words if name.endswith("html") else [word.encode().decode("latin-1") for word in words]
    assert not [word for word in hidden if word in text]


# --- on paper, through the programs a person uses ---------------------------------------------------------


def check_pages(pages: list[str]) -> None:
    """Check that every branch stands on one page, headings on each, and the foot on the last."""
    assert 2 <= len(pages) <= 5
    for page in pages:
        assert "党组织编码" in page
        assert "拟定等次" in page
    numbers = [re.findall(r"\bD\d{4}\b", page) for page in pages]
    assert [unit for page in numbers for unit in page] == [f"D{number:04}" for number in range(1, 41)]
    assert "数据校验码" in pages[-1]


def convert(office: Path, source: Path, kind: str, folder: Path) -> Path:
    """Let the office suite re-save a file as another kind, with a profile of its own."""
    return convert_all(office, [source], kind, folder)[0]


def convert_all(office: Path, sources: Sequence[Path], kind: str, folder: Path) -> list[Path]:
    """Let the office suite, started once, re-save files of different names as another kind."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [str(office), profile, "--headless", "--convert-to", kind, "--outdir", str(folder), *map(str, sources)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return [folder / f"{source.stem}.{kind}" for source in sources]


@pytest.mark.office
def test_word_table_prints_whole(tmp_path: Path, office_program: Path) -> None:
    source = tmp_path / "一览表.docx"
    source.write_bytes(documents(many(40))["上报/一览表.docx"])
    pages = pdf_pages(convert(office_program, source, "pdf", tmp_path))
    check_pages(pages)
    assert f"第1页共{len(pages)}页" in "".join(pages[0].split())


@pytest.mark.office
def test_a_template_saved_by_an_office_suite_still_works(tmp_path: Path, office_program: Path) -> None:
    names = ("一览表", "汇总表")
    convert_all(office_program, [PROGRAM_TEMPLATES / f"{name}.docx" for name in names], "docx", tmp_path)
    for name in names:
        assert (tmp_path / f"{name}.docx").read_bytes() != (PROGRAM_TEMPLATES / f"{name}.docx").read_bytes()
    own, shipped = documents(opened(), tmp_path), documents(opened())
    for name in ("上报/一览表.docx", "上报/汇总表.docx"):
        assert word_rows(own[name]) == word_rows(shipped[name])
        assert "数据校验码：" in word_text(own[name])


@pytest.mark.browser
def test_page_prints_whole(tmp_path: Path, browser_program: Path) -> None:
    source, target = tmp_path / "一览表.html", tmp_path / "一览表.pdf"
    source.write_bytes(documents(many(40))["上报/一览表.html"])
    flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
    ]
    flags += ["--disable-component-update", "--disable-sync", f"--user-data-dir={tmp_path / 'profile'}"]
    printing = [f"--print-to-pdf={target}", "--no-pdf-header-footer", source.as_uri()]
    subprocess.run([str(browser_program), *flags, *printing], check=True, capture_output=True, timeout=120)
    check_pages(pdf_pages(target))
