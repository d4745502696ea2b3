"""Reading a standard's workbook: every mistake at its cell, all at once; harmless changes make no difference."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook

from dingji.book.standard import read_standard, write_standard
from dingji.scheme.load import load_scheme
from tests.book_edits import Cell, as_text, edited, reworked
from tests.workspaces import PROGRAM

FIVE_GOOD = (PROGRAM / "schemes" / "five-good.toml").read_bytes()
NUMBER = "数字，或者 90%、1/3 这样的比率"
BOOK = write_standard(FIVE_GOOD)[0]
MODEL = load_scheme(FIVE_GOOD)[0]
STANDARDS = {path.stem: path.read_bytes() for path in sorted((PROGRAM / "schemes").glob("*.toml"))}


@cache
def books() -> Mapping[str, bytes]:
    """Return every standard as a workbook."""
    return {name: write_standard(raw)[0] for name, raw in STANDARDS.items()}


def told(raw: bytes) -> list[str]:
    return [finding.text for finding in read_standard(raw).findings]


BOUND, SEVERAL = "数字，或者 90%、1/3 这样的比率", "几个的用“；”隔开或者分行写"
MISTAKES: Mapping[Cell, tuple[str | float | date | None, str]] = {
    ("标准", "C4"): ("五个好", "错误 表“标准” ▸ C4 ＝ 五个好：只能用小写英文字母、数字和连字符"),
    ("标准", "C12"): ("一百", "错误 表“标准” ▸ C12 ＝ 一百：应是数字"),
    ("标准", "C13"): ("每条", "错误 表“标准” ▸ C13 ＝ 每条：应是“每个指标”、“每项考评内容”"),
    ("标准", "C22"): (9, "错误 表“标准” ▸ C22 ＝ 9：应是整数，不小于 0，不大于 6"),
    ("标准", "C23"): ("对", "错误 表“标准” ▸ C23 ＝ 对：应是“是”或“否”"),
    ("标准", "B7"): ("出出处", "错误 表“标准” ▸ A7 ＝ 标准：没有这一项；是不是“出处”"),
    ("等次", "A5"): (None, "错误 表“等次” ▸ A5：没有填；这一栏必填"),
    ("来源", "B4"): (
        "自评",
        f"错误 表“来源” ▸ B4 ＝ 自评：应是“自评表”、“测评表”、“评定表”、“互评表”、“平时记录”，{SEVERAL}",
    ),
    ("来源", "E5"): (
        "年初=三十",
        f"错误 表“来源” ▸ E5 ＝ 年初=三十：应是{NUMBER}，或者名称={NUMBER}，几个的用“；”隔开或者分行写",
    ),
    ("测评", "A4"): ("党群平分", "错误 表“测评” ▸ A4 ＝ 党群平分：“来源”表里没有它；是不是“党群评分”"),
    ("考评内容", "B4"): (1.5, "错误 表“考评内容” ▸ B4 ＝ 1.5：应是整数"),
    ("规则", "A5"): (None, "错误 表“规则” ▸ A5：没有填；请写明是哪个指标"),
    ("规则", "F4"): ("-2分", "错误 表“规则” ▸ F4 ＝ -2分：应是分数，或者 -1至-4 这样的范围"),
    ("规则", "I5"): (
        date(2026, 1, 3),
        f"错误 表“规则” ▸ I5 ＝ 2026-01-03：应是{BOUND}；Excel 把它当成了日期，请先把格式改为“文本”再填",
    ),
    ("规则", "H10"): (
        "已开展=0；已开展=-1",
        "错误 表“规则” ▸ H10 ＝ 已开展=0；已开展=-1：应是名称=分数，或者 -1至-4 这样的范围，几个的用“；”隔开或者分行写",
    ),
    ("分档", "A5"): ("满意率", "错误 表“分档” ▸ A5 ＝ 满意率：“规则”表里没有它"),
    ("分档", "D4"): (None, "错误 表“分档” ▸ D4：没有填；这一栏必填"),
    ("分档", "B4"): ("九成", "错误 表“分档” ▸ B4 ＝ 九成：应是数字，或者 90%、1/3 这样的比率"),
    ("目标", "D4"): ("=1/0", "错误 表“目标” ▸ D4：公式出错，或者没有算出结果；请改成要填的内容"),
}


def test_all_mistakes_are_told_at_once_and_nothing_is_made_of_the_book() -> None:
    raw = edited(BOOK, {cell: typed for cell, (typed, _) in MISTAKES.items()})
    lines = told(raw)
    assert [expected for _, expected in MISTAKES.values() if expected not in lines] == []
    assert all(line.startswith("错误 ") for line in lines)
    assert not read_standard(raw).right


def test_what_the_linter_finds_is_told_at_its_cell() -> None:
    """Several at once; keys go by the names of their columns."""
    raw = edited(
        BOOK,
        {
            ("来源", "E7"): 41,
            ("规则", "C5"): 77,
            ("规则", "G5"): None,
            ("规则", "E5"): None,
            ("规则", "F5"): -1,
            ("规则", "J5"): 9,
            ("情形", "B7"): "满意律 < 90%",
            ("情形", "J5"): "最差",
        },
    )
    assert told(raw) == [
        "错误 表“来源”：各来源在“年初”的权重合计 101，应为 100",
        "错误 表“来源”：各来源在“年终”的权重合计 101，应为 100",
        "错误 表“规则” ▸ C5 ＝ 77：“支委集中学习”所属的第 77 项不在这个指标里",
        "错误 表“规则” ▸ J5 ＝ 9：“支委集中学习”的“低于”和“超过”只能写一个",
        "错误 表“规则” ▸ B5 ＝ 支委集中学习：“支委集中学习”的给分要看数量，须写“计量单位”，或用“读哪个数”指明读哪个数",
        "错误 表“情形” ▸ J5 ＝ 最差：没有等次“最差”",
        "错误 表“情形” ▸ B7 ＝ 满意律 < 90%：条件中的“满意律”没有出处；是不是“满意率”",
    ]


def test_a_warning_does_not_keep_a_book_from_being_read() -> None:
    imported = read_standard(edited(BOOK, {("考评内容", "C4"): 3}))
    assert [finding.text for finding in imported.findings] == [
        "提醒 表“指标” ▸ B4 ＝ 10：“领导班子好”各项分值合计 9，与指标分值 10 不符"
    ]
    assert imported.right


# --- what makes no difference -------------------------------------------------------------------------------


def moved(book: Workbook) -> None:
    """Move a column, leave rows blank, write beside and above the table."""
    sheet = book["规则"]
    for row in range(3, sheet.max_row + 1):
        first, second = sheet.cell(row, 2), sheet.cell(row, 6)
        first.value, second.value = second.value, first.value
    sheet.insert_rows(5, 2)
    sheet["Z20"] = "改过了"
    book.move_sheet("分档", 3)


def typed_loosely(book: Workbook) -> None:
    """Type as people do."""
    book["规则"]["F9"] = "－１～－４"
    book["规则"]["H10"] = "已开展 ＝ 0\n效果不好＝-1到-3；\n未开展=−4；"
    book["标准"]["C13"] = " 每个 指标"
    book["标准"]["C23"] = True
    book["来源"]["B7"] = "评定表;平时记录"
    book["目标"]["D4"] = "９５ ％"
    book["分档"]["B4"] = 0.9
    book["分档"]["B4"].number_format = "0%"


def merged(book: Workbook) -> None:
    """Merge the cells of one indicator, as people like to."""
    book["考评内容"].merge_cells("A4:A7")


def without_empty_sheets(book: Workbook) -> None:
    """Throw away what is not used."""
    for sheet in [
        sheet for sheet in book if not any(cell.value for line in sheet.iter_rows(min_row=4) for cell in line)
    ]:
        book.remove(sheet)
    del book["填写说明"]


def test_sheets_that_are_not_used_may_be_thrown_away() -> None:
    raw = STANDARDS["three-party"]
    book, _ = write_standard(raw)
    names = openpyxl.load_workbook(io.BytesIO(book)).sheetnames
    smaller = reworked(book, without_empty_sheets)
    assert len(openpyxl.load_workbook(io.BytesIO(smaller)).sheetnames) < len(names) - 1
    assert load_scheme(read_standard(smaller).text.encode())[0] == load_scheme(raw)[0]


@pytest.mark.parametrize("change", [as_text, moved, typed_loosely, merged])
def test_these_changes_make_no_difference(change: Callable[[Workbook], None]) -> None:
    imported = read_standard(reworked(BOOK, change))
    assert [finding.text for finding in imported.findings] == []
    assert load_scheme(imported.text.encode())[0] == MODEL


@pytest.mark.office
@pytest.mark.parametrize("ending", ["xlsx", "ods", "xls"])
def test_a_book_saved_again_by_an_office_suite_reads_the_same(
    ending: str, tmp_path: Path, office_program: Path
) -> None:
    source, target = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    for name, raw in books().items():
        (source / f"{name}.xlsx").write_bytes(raw)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    files = sorted(map(str, source.iterdir()))
    command = [str(office_program), profile, "--headless", "--convert-to", ending, "--outdir", str(target), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    for name, raw in STANDARDS.items():
        imported = read_standard((target / f"{name}.{ending}").read_bytes())
        assert [finding.text for finding in imported.findings] == []
        assert load_scheme(imported.text.encode())[0] == load_scheme(raw)[0]


# --- sheets, rows and columns that are not as they should be ------------------------------------------------


def test_sheets_and_columns_that_are_not_known_are_told() -> None:
    def change(book: Workbook) -> None:
        book["情形"].title = "情形表"
        book["规则"]["D3"] = "计量单"
        book["规则"]["G3"] = "一次给分"
        book.create_sheet("草稿")["A1"] = "记一下"

    assert told(reworked(BOOK, change))[:3] == [
        "提醒 表“情形表”：没有读这张表；是不是“情形”",
        "提醒 表“草稿”：没有读这张表",
        "提醒 表“规则” ▸ D3 ＝ 计量单：没有这一栏，没有读；是不是“计量单位”",
    ]
    assert "错误 表“规则” ▸ G3 ＝ 一次给分：这一栏有两个；请只留一个" in told(reworked(BOOK, change))


def test_a_missing_first_sheet_and_missing_headings_are_told() -> None:
    def change(book: Workbook) -> None:
        del book["标准"]
        book["等次"].delete_rows(3)

    assert told(reworked(BOOK, change))[:2] == [
        "错误 表“标准”：没有这张表；请在导出的工作簿里填，不要删掉“标准”",
        "错误 表“等次”：找不到表头；应有“等次”“达到”“条件”等栏",
    ]


def test_rows_that_stand_twice_are_told() -> None:
    def change(book: Workbook) -> None:
        book["标准"]["A40"], book["标准"]["B40"], book["标准"]["C40"] = "标准", "总分", 90
        book["测评"]["A5"] = "党群评分"
        book["测评"]["B5"] = "再问一次"

    assert told(reworked(BOOK, change)) == [
        "错误 表“标准” ▸ C40 ＝ 90：“标准”的“总分”写了两行（C12）",
        "错误 表“测评” ▸ A5 ＝ 党群评分：这个来源写了两行；请并成一行",
    ]


def test_an_empty_table_that_must_be_there_is_told() -> None:
    def change(book: Workbook) -> None:
        for name in ("来源", "测评"):
            book[name].delete_rows(4, 20)

    assert "错误 表“来源”：没有填；这张表必填" in told(reworked(BOOK, change))


@pytest.mark.parametrize("raw", [b"", b"no book", b"PK\x03\x04"])
def test_what_is_no_workbook_is_told(raw: bytes) -> None:
    imported = read_standard(raw)
    assert not imported.right
    assert [finding.severity for finding in imported.findings] == ["error"]
