"""The formulas of 分类定级结果.xlsx: what they come to, that no number stands in one, and that they go on living."""

from __future__ import annotations

import json
import re
import subprocess
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

import formualizer
import pytest
from openpyxl import load_workbook
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token

from dingji.cli.main import main
from dingji.outcome import Outcome
from dingji.pipeline import run
from dingji.reports.recalculate import formula_cells, recalculated
from dingji.reports.upward import write_upward
from dingji.reports.view import OutcomeView
from dingji.reports.withholding import give, hidden_headings
from dingji.reports.workbook import ROW_LIMIT, write_results
from dingji.workspace import Workspace
from tests.case_books import Run
from tests.workspaces import PROGRAM, command

STANDARDS = ("five-good", "three-party", "seven-indicators", "responsibility", "service")
FEW, MANY = 24, 100


@cache
def outcome_of(standard: str, branches: int = FEW) -> Outcome:
    """Return what a demonstration comes to."""
    with TemporaryDirectory() as folder:
        words = ["demo", f"{folder}/示范", "--scheme", standard, "--branches", str(branches), "--raters", "4"]
        assert main(words, PROGRAM) == 0
        return run(Workspace(Path(folder) / "示范")).outcome


@cache
def book_of(standard: str, branches: int = FEW) -> bytes:
    return write_results(OutcomeView(outcome_of(standard, branches)))


def rows(book: bytes, sheet: str) -> list[dict[str, Any]]:
    """Return the rows of a sheet by heading, as they are stored."""
    page = load_workbook(BytesIO(book), data_only=True)[sheet]
    head, *body = ([cell.value for cell in row] for row in page.iter_rows(min_row=2))
    named = ({str(name): value for name, value in zip(head, row, strict=True)} for row in body)
    return [line for line in named if str(line["党组织编码"]).startswith("DZ")]


# --- what they come to ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("standard", "branches"), [*((standard, FEW) for standard in STANDARDS), ("service", MANY)])
def test_every_formula_comes_to_what_is_stored(standard: str, branches: int) -> None:
    found = recalculated(book_of(standard, branches))
    assert found.differences == ()
    assert found.formulas >= 15 * branches


@pytest.mark.parametrize("standard", STANDARDS)
def test_formulas_agree_with_the_program_for_every_branch(standard: str) -> None:
    """Every composite and every grade that no other branch has a say in is reckoned by a formula."""
    book, outcome = book_of(standard), outcome_of(standard)
    verdicts = rows(book, "核对")
    assert [row["结论"] for row in verdicts] == ["一致"] * FEW
    for row, (_, result) in zip(verdicts, outcome.results.iterrows(), strict=True):
        assert row["综合得分（公式）"] == pytest.approx(float(result["composite"]))
        assert row["综合得分（程序）"] == float(result["composite"])
        assert row["测算等次（公式）"] == (result["computed"] or "—")


def test_planted_values_are_found_with_cell_and_both_values() -> None:
    """A control: had the engine handed back what is stored, nothing would be found here."""
    book = book_of("five-good")
    cell = next(cell for cell in formula_cells(book) if cell.sheet == "核算" and isinstance(cell.stored, float))
    spoilt = with_stored(book, cell.formula, f"{cell.stored!r}", "61.25")
    (found,) = recalculated(spoilt).differences
    assert (found.at.sheet, found.at.cell, found.at.stored) == ("核算", cell.cell, 61.25)
    assert float(found.reckoned) == pytest.approx(cell.stored)


def with_stored(book: bytes, formula: str, before: str, after: str) -> bytes:
    """Return a workbook in which another value is stored beside a formula."""
    spoilt = BytesIO()
    with ZipFile(BytesIO(book)) as whole, ZipFile(spoilt, "w") as written:
        for name in whole.namelist():
            text = whole.read(name)
            old, new = (f"<f>{formula}</f><v>{value}</v>".encode() for value in (before, after))
            written.writestr(name, text.replace(old, new, 1))
    return spoilt.getvalue()


RECALCULATES = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""
"""Of a profile of the office suite: it works every formula out again when it opens a workbook."""


@pytest.mark.office
def test_an_office_suite_comes_to_the_same(office_program: Path, tmp_path: Path) -> None:
    """One stored value is wrong: it comes back right, or the suite has only handed back what it was given."""
    book = book_of("five-good")
    cells = list(formula_cells(book))
    wrong = next(cell for cell in cells if cell.sheet == "核算" and isinstance(cell.stored, float))
    (tmp_path / "结果.xlsx").write_bytes(with_stored(book, wrong.formula, f"{wrong.stored!r}", "61.25"))
    profile = tmp_path / "profile/user/registrymodifications.xcu"
    profile.parent.mkdir(parents=True)
    profile.write_text(RECALCULATES, "utf-8")
    program = [str(office_program), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    target = ["--convert-to", "xlsx", "--outdir", str(tmp_path / "saved"), str(tmp_path / "结果.xlsx")]
    subprocess.run([*program, *target], check=True, capture_output=True, timeout=120)
    saved = load_workbook(tmp_path / "saved/结果.xlsx", data_only=True)
    for cell in cells:
        value = saved[cell.sheet][cell.cell].value
        assert value == (pytest.approx(cell.stored, abs=1e-9) if isinstance(cell.stored, float) else cell.stored), cell


# --- how they are written ---------------------------------------------------------------------------------


@pytest.mark.parametrize("standard", STANDARDS)
def test_no_number_stands_in_a_formula(standard: str) -> None:
    formulas = {cell.formula for cell in formula_cells(book_of(standard))}
    assert formulas
    for formula in formulas:
        operands = [token for token in Tokenizer(f"={formula}").items if token.type == Token.OPERAND]
        assert {token.subtype for token in operands} <= {Token.RANGE, Token.TEXT}, formula


def test_marks_are_read_over_one_range_each() -> None:
    named = re.compile(r"^AVERAGE\(得分明细!\$H\$(\d+)(?::\$H\$(\d+))?\)$")
    found = [named.match(cell.formula) for cell in formula_cells(book_of("five-good")) if "得分明细" in cell.formula]
    assert all(found)
    assert {int(match[2]) - int(match[1]) + 1 for match in found if match and match[2]} == {3, 4}  # one may be recused


def test_what_is_no_formula_says_so_in_its_heading() -> None:
    page = load_workbook(BytesIO(book_of("five-good")))["核算"]
    headings = {str(cell.value): page.cell(3, cell.column or 0).value for cell in page[2]}
    again = {heading for heading in headings if heading.endswith("（需重新运行）")}
    assert "情形 支部班子不团结（需重新运行）" in again
    assert not any(str(headings[heading]).startswith("=") for heading in again)
    assert str(headings["测算等次"]).startswith("=CHOOSE(")
    assert str(headings["情形 群众反映好低于12分"]).startswith("=IF(ROUND(")


def test_a_branch_stays_on_one_sheet_of_a_long_table() -> None:
    """Were it cut in two, its marks would stand in no one range, and nothing could be reckoned from them."""
    view = OutcomeView(outcome_of("five-good"))
    cut = write_results(view, row_limit=200)
    names = load_workbook(BytesIO(cut)).sheetnames
    assert "得分明细3" in names
    assert recalculated(cut).formulas == recalculated(write_results(view, ROW_LIMIT)).formulas


# --- they live --------------------------------------------------------------------------------------------


def test_a_mark_changed_in_the_book_does_what_it_does_in_the_form(tmp_path: Path) -> None:
    """One rater's mark: the total and the grade that the formulas come to are those of a run with that mark."""
    folder = tmp_path / "示范"
    command_line = ["demo", str(folder), "--scheme", "seven-indicators", "--branches", "6", "--raters", "3"]
    assert main(command_line, PROGRAM) == 0
    assert command(folder, "run") in (0, 1)
    book = (folder / "output/内部/分类定级结果.xlsx").read_bytes()
    mark = next(
        (number, row)
        for number, row in enumerate(load_workbook(BytesIO(book))["得分明细"].iter_rows(values_only=True), start=1)
        if row[0] == "DZ0002" and row[3] and "单元格" not in str(row[9]) and str(row[9]).startswith("评定")
    )
    number, row = mark
    file, sheet, cell = str(row[9]).split(" ▸ ")
    form = load_workbook(folder / "input" / file)
    form[sheet][cell].value = 0
    form.save(folder / "input" / file)
    again = living(book, {("得分明细", number, 8): 0.0}, "DZ0002")
    assert command(folder, "run") in (0, 1)
    after = (folder / "output/内部/分类定级结果.xlsx").read_bytes()
    was, fresh = (
        next(line for line in rows(each, "一览表") if line["党组织编码"] == "DZ0002") for each in (book, after)
    )
    assert again["综合得分"] == pytest.approx(fresh["综合得分"])
    assert again["测算等次"] == fresh["测算等次"]
    assert was["综合得分"] != fresh["综合得分"]


def line_of(book: bytes, unit: str) -> dict[str, Any]:
    return next(line for line in rows(book, "一览表") if line["党组织编码"] == unit)


def living(book: bytes, typed: dict[tuple[str, int, int], float], unit: str) -> dict[str, Any]:
    """Return a branch's row of 一览表 after some numbers were typed into the book, worked out again."""
    whole = formualizer.Workbook.from_bytes(book)
    for (sheet, row, column), value in typed.items():
        whole.set_value(sheet, row, column, value)
    whole.evaluate_all()
    page = load_workbook(BytesIO(book))["一览表"]
    line = next(cell.row for cell in page["B"] if cell.value == unit)
    return {str(cell.value): whole.get_value("一览表", line or 0, cell.column or 0) for cell in page[2]}


# --- a run checks them ------------------------------------------------------------------------------------


def record_of(folder: Path) -> str:
    told: str = json.loads((folder / "output/内部/运行记录.json").read_text("utf-8"))["formulas"]
    return told


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("自查") / "示范"
    assert main(["demo", str(folder), "--scheme", "responsibility", "--branches", "3", "--raters", "3"], PROGRAM) == 0
    return folder


def test_a_run_says_that_all_formulas_agree(small: Path) -> None:
    command(small, "run")
    assert re.fullmatch(r"重算了 \d\d+ 个公式，与存着的数都一致", record_of(small))


def test_a_run_tells_cell_and_both_values_where_they_differ(
    small: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = command(small, "run")
    capsys.readouterr()

    def spoilt(view: OutcomeView) -> bytes:
        book = write_results(view)
        cell = next(cell for cell in formula_cells(book) if cell.sheet == "核算" and isinstance(cell.stored, float))
        return with_stored(book, cell.formula, f"{cell.stored!r}", "61.25")

    monkeypatch.setattr("dingji.reports.outputs.write_results", spoilt)
    assert (before, command(small, "run")) == (0, 1)
    assert re.search(
        r"E571 内部/分类定级结果.xlsx ▸ 核算 ▸ [A-Z]+3＝ 61.25，这一格的公式重算得 [\d.]+，", capsys.readouterr().out
    )
    assert "1 个与存着的数不同" in record_of(small)
    assert Run(small, 1).sheet("问题清单", "编码")["E571"]["程度"] == "须处理"
    page = (small / "output/内部/校验报告.html").read_text("utf-8")
    assert "E571" in page
    assert "61.25" in page


def test_a_run_works_nothing_out_where_nothing_is_installed_or_wanted(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dingji.cli.outcomes.installed", lambda: False)
    command(small, "run")
    assert record_of(small) == "没有安装重算公式的组件，没有重算"
    monkeypatch.undo()
    config = small / "config.toml"
    whole = config.read_text("utf-8")
    config.write_text(f"{whole}\n[checks]\nformulas = false\n", "utf-8")
    command(small, "run")
    config.write_text(whole, "utf-8")
    assert record_of(small) == "设置里写了不重算公式"


# --- what stands beside them ------------------------------------------------------------------------------


def test_indicators_are_shaded_and_the_weakest_is_named_on_top() -> None:
    """Checked by hand: the mean of all branches' rates of each indicator, the lowest told in the title."""
    book = load_workbook(BytesIO(book_of("five-good")))
    page: Any = book["指标得分"]
    lines = rows(book_of("five-good"), "指标得分")
    names = list(lines[0])[3:]
    means = {name: sum(line[name] for line in lines) / len(lines) for name in names}
    lowest = min(means, key=lambda name: means[name])
    assert page["A1"].value.endswith(f"\n全部党组织得分率最低的指标：{lowest}（平均 {means[lowest]:.2%}）")
    (shaded,) = page.conditional_formatting
    assert str(shaded.sqref) == f"D3:H{2 + FEW}"
    assert [colour.rgb for colour in shaded.rules[0].colorScale.color] == ["FFA6A6A6", "FFFFFFFF"]
    assert len(page._charts) == 1


def test_scores_lead_to_their_marks_and_to_how_they_are_reckoned() -> None:
    book = load_workbook(BytesIO(book_of("seven-indicators")))
    page = book["一览表"]
    head = {cell.value: cell.column for cell in page[2]}
    for line in (3, 9):
        unit = page.cell(line, 2).value
        link: Any = page.cell(line, head["评定得分"] or 0).hyperlink
        sheet, cell = link.location.split("!")
        row = book[sheet][cell].row
        assert [book[sheet].cell(row, column).value for column in (1, 3)] == [unit, "评定"]
        link = page.cell(line, head["综合得分"] or 0).hyperlink
        sheet, cell = link.location.split("!")
        assert book[sheet].cell(book[sheet][cell].row, 1).value == unit


def test_what_goes_up_has_neither_formulas_nor_links() -> None:
    view = OutcomeView(outcome_of("five-good"))
    raw = write_upward(view.outcome, give(view, hidden_headings(view)))
    assert list(formula_cells(raw)) == []
    assert not any(cell.hyperlink for page in load_workbook(BytesIO(raw)) for line in page for cell in line)
