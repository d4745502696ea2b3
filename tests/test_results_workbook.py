"""分类定级结果.xlsx, read back from its real bytes."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from dingji.outcome import Outcome
from dingji.problems import Problem
from dingji.reports.overview import overview
from dingji.reports.sheet import cell_value, rounded
from dingji.reports.styles import grade_tints
from dingji.reports.summary import summary
from dingji.reports.view import OutcomeView
from dingji.reports.workbook import ROW_LIMIT, write_results
from dingji.scoring.trail import Trail
from dingji.seal import seal
from tests.outcome_example import MISSING, QUESTION, changed, example, renamed

PLACE = "（文件 ▸ 表 ▸ 单元格）"
HEADINGS = {
    "得分明细": "党组织编码 党组织名称 来源 评委 指标 项目 满分 得分 说明 出处" + PLACE,
    "测评统计": "党组织编码 党组织名称 来源 测评项目 满意 基本满意 不满意 弃权 收回 有效 满意率 测评得分",
    "加分与直接定级": "党组织编码 党组织名称 步骤 项目 分值 结果 说明 理由 出处" + PLACE,
    "计算过程": "党组织编码 党组织名称 步骤 来源 评委 项目 数值 结果 说明 出处" + PLACE,
    "临界提示": "序号 党组织编码 党组织名称 综合得分 测算等次 排名 名次范围",
    "晋位对比": "序号 党组织编码 党组织名称 上级党组织 书记 书记任职时间"
    " 上年等次 上期等次 本期等次 晋位情况 标注 后续要求",
    "报送情况": "编码 党组织（评委） 上级党组织 自评表 测评表 评定表 应报 已报 退回 未报",
    "问题清单": "编码 程度 党组织 文件 工作表 单元格 内容 找到的值 问题 改法",
}
SHEETS = ["一览表", "汇总表", "指标得分", *HEADINGS, "整改台账", "单位对比", "核算", "核对", "标准"]
FOREIGN = ("=1+1", "<b>x</b>", "{{7*7}}", "http://example.org", "@SUM(A1)")


def opened(outcome: Outcome, row_limit: int = ROW_LIMIT) -> Workbook:
    return load_workbook(BytesIO(write_results(OutcomeView(outcome), row_limit)))


@pytest.fixture(scope="module")
def book() -> Workbook:
    return opened(example())


def texts(sheet: Worksheet, row: int) -> list[Any]:
    """Return the values of a row, the empty cells at its end left out."""
    values = [cell.value for cell in sheet[row]]
    while values and values[-1] is None:
        values.pop()
    return values


def lines(sheet: Worksheet) -> list[dict[str, Any]]:
    """Return the rows below the headings by heading, as far as the first column is filled."""
    headings = texts(sheet, 2)
    rows = [[cell.value for cell in row[: len(headings)]] for row in sheet.iter_rows(min_row=3)]
    return [dict(zip(headings, row, strict=True)) for row in rows]


def test_sheets_and_headings_are_the_contracts(book: Workbook) -> None:
    assert book.sheetnames == SHEETS
    assert texts(book["一览表"], 2) == list(overview(OutcomeView(example()), "internal").headings)
    assert texts(book["汇总表"], 2) == list(summary(OutcomeView(example()))[0].headings)
    for name, headings in HEADINGS.items():
        assert texts(book[name], 2)[: len(headings.split(" "))] == _spaced(headings)


def _spaced(headings: str) -> list[str]:
    """Split drawn headings at spaces but those around the sign of a place."""
    return [heading.replace("~", " ") for heading in headings.replace(" ▸ ", "~▸~").split(" ")]


def test_figures_are_numbers_that_show_what_papers_print(book: Workbook) -> None:
    sheet = book["一览表"]
    first = dict(zip(texts(sheet, 2), sheet[3], strict=True))
    assert (first["党委评定得分"].value, first["党委评定得分"].number_format) == (94.33, "0.00")
    assert (first["满意率"].value, first["满意率"].number_format) == (0.9, "0.00%")
    assert (first["党员数"].value, first["党员数"].number_format) == (22, "0")
    assert (first["综合得分"].value, first["排名"].value, first["测算等次"].value) == (95.87, 1, "好")


def test_missing_figures_are_dashes(book: Workbook) -> None:
    fifth = lines(book["一览表"])[4]
    assert (fifth["党委评定得分"], fifth["综合得分"], fifth["排名"]) == ("—", "—", "—")
    assert fifth["备注"] == f"待补：{MISSING}"


def test_the_summary_shows_counts_shares_and_a_chart(book: Workbook) -> None:
    sheet: Any = book["汇总表"]
    total = lines(sheet)[2]
    assert (total["单位"], total["好"], total["好占比"], total["未定级"]) == ("合计", 3, 0.6, 1)
    chart, by_unit = sheet._charts
    anchor = chart.anchor._from.row
    assert anchor > 5 + len(summary(OutcomeView(example()))[0].notes)
    values = [series.val.numRef.f for series in chart.series]
    assert values == ["汇总表!$E$5", "汇总表!$G$5", "汇总表!$I$5", "汇总表!$K$5"]
    assert [series.dLbls.showVal for series in chart.series] == [True] * 4
    assert by_unit.grouping == "stacked"
    assert by_unit.series[0].val.numRef.f == "汇总表!$E$3:$E$4"
    assert [series.spPr.pattFill.prst for series in by_unit.series[1:]] == ["wdUpDiag", "ltHorz", "smCheck"]


def test_grades_are_tinted_by_rank(book: Workbook) -> None:
    tints = grade_tints(example().schemes.values())
    sheet = book["一览表"]
    grades = [row[texts(sheet, 2).index("测算等次")] for row in sheet.iter_rows(min_row=3, max_row=8)]
    assert [cell.fill.fgColor.rgb for cell in grades] == [f"FF{tints[str(cell.value)][1:]}" for cell in grades]
    assert len(set(tints.values())) == 5


def test_details_tell_every_mark_with_its_place(book: Workbook) -> None:
    rows = [row for row in lines(book["得分明细"]) if row["党组织编码"] == "D005"]
    assert [row["来源"] for row in rows] == ["党群评分"] * 4 + ["党委评定"] * 4
    place = "出处" + PLACE
    ballots, blank = rows[0], rows[6]
    assert (ballots["评委"], ballots["满分"], ballots["得分"]) == ("各票平均", 10, 8.5)
    assert ballots[place] == "测评/第五党支部.xlsx ▸ 测评票 ▸ D9:D10"
    assert (blank["评委"], blank["指标"], blank["得分"], blank["说明"]) == (
        "评委1",
        "工作机制好",
        "—",
        "工作机制好 缺",
    )
    assert blank[place] == "评定/评定表_评委1.xlsx ▸ 评定表 ▸ F9"


def test_surveys_show_votes_ballots_and_shares(book: Workbook) -> None:
    third = lines(book["测评统计"])[2]
    assert list(third.values()) == [
        "D003",
        "第三党支部",
        "党群评分",
        QUESTION,
        13,
        0,
        7,
        0,
        20,
        20,
        0.65,
        65,
    ]


def test_adjustments_tell_the_veto_and_the_decision_with_its_reason(book: Workbook) -> None:
    veto, decision = lines(book["加分与直接定级"])
    assert (veto["党组织名称"], veto["步骤"], veto["结果"]) == ("第三党支部", "否决", "后进")
    assert (decision["步骤"], decision["结果"], decision["理由"]) == ("审定", "较好", "整改成效明显")
    assert decision["出处" + PLACE] == "审定表.xlsx ▸ 审定表 ▸ E8、F8"


def test_steps_tell_the_trail_without_the_marks_that_are_there(book: Workbook) -> None:
    rows = [row for row in lines(book["计算过程"]) if row["党组织编码"] == "D005"]
    assert [row["说明"] for row in rows if row["步骤"] == "评分"] == ["工作机制好 缺"]
    share = next(row for row in rows if row["步骤"] == "比率")
    assert (share["项目"], share["数值"]) == ("满意率", 1)
    assert [row["说明"] for row in rows if row["步骤"] == "未定级"] == [MISSING]


def test_a_share_among_numbers_is_shown_as_one(book: Workbook) -> None:
    sheet = book["计算过程"]
    cells = {row[2].value: row[6] for row in sheet.iter_rows(min_row=3, max_row=40)}
    assert cells["比率"].number_format == "0.00%"
    assert cells["综合得分"].number_format == "General"


def test_the_roll_call_is_a_matrix_and_counts_by_parent(book: Workbook) -> None:
    sheet = book["报送情况"]
    rows = lines(sheet)
    assert (rows[2]["自评表"], rows[2]["测评表"], rows[2]["退回"]) == ("待改", "已报", 1)
    assert (rows[7]["党组织（评委）"], rows[7]["评定表"], rows[7]["未报"]) == ("评委2", "未报", 1)
    start = next(row[0].row for row in sheet.iter_rows() if row[0].value == "上级党组织")
    parents = [texts(sheet, start + number) for number in range(1, 5)]
    assert parents == [
        ["机关党总支", 6, 6, 0, 0, 1],
        ["临床党总支", 6, 5, 1, 0, 0.8333],
        ["（评委）", 2, 1, 0, 1, 0.5],
        ["合计", 14, 12, 1, 1, 0.8571],
    ]


def test_problems_stand_by_level_then_file(book: Workbook) -> None:
    rows = lines(book["问题清单"])
    assert [row["编码"] for row in rows] == ["E203", "E310", "E204", "W512"]
    assert [row["程度"] for row in rows] == ["拒收", "须处理", "须处理", "提醒"]
    assert (rows[0]["党组织"], rows[0]["单元格"], rows[0]["找到的值"]) == ("第三党支部", "F7", "25")


@pytest.mark.parametrize("name", SHEETS)
def test_every_sheet_prints_and_scrolls_with_its_headings(book: Workbook, name: str) -> None:
    sheet: Any = book[name]
    assert sheet.print_title_rows == "$1:$2"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    wide = sum(column.width * (column.max - column.min + 1) for column in sheet.column_dimensions.values()) > 218
    assert sheet.page_setup.paperSize == (8 if wide else 9)
    assert (sheet.oddFooter.right.text == "本表较宽，用 A3 纸横向打印") == wide
    assert "&P" in str(sheet.oddFooter.center.text)
    assert sheet.freeze_panes[1:] == "3"
    assert sheet.auto_filter.ref.startswith("A2:")
    assert sheet.cell(2, 1).border.left.style == "thin"


def test_the_filter_leaves_sums_and_notes_alone(book: Workbook) -> None:
    assert book["汇总表"].auto_filter.ref == "A2:N4"
    assert book["一览表"].auto_filter.ref == "A2:W8"
    assert book["一览表"].freeze_panes == "D3"


def test_the_foot_signs_off_with_the_check_code(book: Workbook) -> None:
    foot = [book["一览表"].cell(row, 1).value for row in (9, 10)]
    assert foot == list(overview(OutcomeView(example()), "internal").notes)


def test_long_sheets_are_cut_before_the_row_limit() -> None:
    book = opened(example(), row_limit=30)
    assert book.sheetnames[3:6] == ["得分明细", "得分明细2", "测评统计"]
    first, second = book["得分明细"], book["得分明细2"]
    assert (first.max_row, second.max_row) == (2 + 24, 2 + 24)  # three branches on each, none cut in two
    assert texts(second, 2) == texts(first, 2)
    whole = lines(opened(example())["得分明细"])
    assert lines(first) + lines(second) == whole
    assert first.auto_filter.ref == "A2:J26"


def test_sums_of_several_lines_are_as_high_as_they_need() -> None:
    outcome = example()
    for number in range(1, 7):
        outcome = changed(
            outcome, f"D00{number}", computed="", decided="", settled=True, missing=(f"缘由{number}" * 4,)
        )
    sheet = opened(outcome)["汇总表"]
    total = next(row[0].row for row in sheet.iter_rows(min_row=3) if row[0].value == "合计")
    assert sheet.row_dimensions[total].height > sheet.row_dimensions[2].height > 18


def test_foreign_text_stays_text() -> None:
    outcome = example()
    for unit, text in zip(("D001", "D002", "D003", "D004", "D005"), FOREIGN, strict=True):
        weak = ((text, Fraction(1), Fraction(9)),)
        outcome = changed(renamed(outcome, unit, name=text, parent=text), unit, issues=weak)
    outcome = replace(
        outcome, problems=tuple(Problem("E201", text, text, text, subject=text, found=text) for text in FOREIGN)
    )
    book = opened(outcome)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value in FOREIGN]
    assert len(cells) > 100
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)


def test_text_longer_than_a_cell_and_control_signs_do_no_harm() -> None:
    outcome = renamed(example(), "D001", name="长" * 40_000, leader="甲\x0b乙\ufffe")
    row = lines(opened(outcome)["一览表"])[0]
    assert row["党组织名称"] == "长" * 32_767
    assert row["联系领导"].startswith("甲")


def test_the_same_outcome_gives_the_same_sealed_bytes() -> None:
    first = write_results(OutcomeView(example()))
    assert write_results(OutcomeView(example())) == first
    assert seal(first) == first


def test_an_outcome_without_results_is_still_a_whole_book() -> None:
    empty = example()
    nothing = {name: getattr(empty, name).iloc[:0] for name in ("branches", "results", "rollcall")}
    book = opened(replace(empty, problems=(), trail=Trail(), **nothing))
    assert book.sheetnames == SHEETS
    assert lines(book["汇总表"])[0]["党组织总数"] == 0
    assert book["得分明细"].max_row == 2


@pytest.mark.parametrize(
    ("number", "places", "double"),
    [
        (Fraction("89.995"), 2, 90.0),
        (Fraction("89.985"), 2, 89.99),
        (Fraction(-1, 8), 2, -0.13),
        (Fraction(2, 3), 4, 0.6667),
        (Fraction(283, 3), 6, 94.333333),
    ],
)
def test_doubles_are_rounded_half_up_from_the_exact_number(number: Fraction, places: int, double: float) -> None:
    assert rounded(number, places) == double
    assert cell_value(None, "score") == "—"


@pytest.mark.office
def test_an_office_suite_reads_every_cell(office_program: Path, tmp_path: Path) -> None:
    path = tmp_path / "结果.xlsx"
    path.write_bytes(write_results(OutcomeView(example())))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    saved = tmp_path / "saved"
    command = [
        str(office_program),
        profile,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(saved),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    ours, theirs = load_workbook(path), load_workbook(saved / path.name)
    assert theirs.sheetnames == ours.sheetnames
    for sheet in ours:
        resaved = [[_digits(cell.value) for cell in row[: sheet.max_column]] for row in theirs[sheet.title].iter_rows()]
        assert resaved[: sheet.max_row] == [[_digits(cell.value) for cell in row] for row in sheet.iter_rows()]


def _digits(value: object) -> object:
    """Return a value as an office suite keeps it: a number by its first 15 digits."""
    return f"{value:.15g}" if isinstance(value, float | int) else value


def test_movement_tells_both_rounds_the_flags_and_what_follows() -> None:
    outcome = changed(example(), "D003", last_year="一般", flags=("调整",), beside={"调整": "书记2026-03-01任职"})
    outcome = changed(outcome, "D003", follow_up="限期整改", previous="一般", movement="退位")
    sheet = opened(outcome)["晋位对比"]
    line = next(line for line in lines(sheet) if line["党组织编码"] == "D003")
    shown = ("上年等次", "上期等次", "本期等次", "晋位情况", "标注", "后续要求")
    assert [line[heading] for heading in shown] == [
        "一般", "一般", "后进", "退位", "调整（书记2026-03-01任职）", "限期整改",
    ]  # fmt: skip
    notes = [cell.value for row in sheet.iter_rows() for cell in row if "目标不低于" in str(cell.value)]
    assert len(notes) == 1
