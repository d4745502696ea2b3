"""The worked case of `five-good` through real workbooks: files in, command, files out, figures read from the files."""

from __future__ import annotations

import io
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dingji.read.grid import position_of
from tests.five_good_case import BRANCHES, PARENT, case_files
from tests.workspaces import command, make_workspace, scheme

EXPECTED = """
    code  自评    党群    党委    综合    满意率  测评   等次    直接定级或限档情形
    ZB01  98     95.8   94.33  95.87  0.9    82     好      -
    ZB02  92     88.65  89.5   90     0.95   87     好      -
    ZB03  90     71     75.67  78.57  0.65   55     后进    群众反映好低于12分
    ZB04  90     77     58     73.3   0.85   71     一般    -
    ZB05  95     92     -      -      1      100    未定级   -
"""
HEADINGS = ("自评得分", "党群得分", "党委评定得分", "综合得分", "满意率", "测评得分", "测算等次", "直接定级或限档情形")


def drawn(text: str) -> dict[str, list[str]]:
    """Return the rows of a drawn table by their first column."""
    return {line.split()[0]: line.split()[1:] for line in text.strip().splitlines()[1:]}


def sheet_rows(raw: bytes, name: str, key: str = "党组织编码") -> dict[str, dict[str, Any]]:
    """Return a sheet's rows as dictionaries by heading, keyed by one of them."""
    lines = sheet_lines(raw, name)
    header = next(number for number, line in enumerate(lines) if key in line)
    rows: list[dict[str, Any]] = [dict(zip(lines[header], line, strict=True)) for line in lines[header + 1 :]]
    return {str(row[key]): row for row in rows if row[key]}


@lru_cache(maxsize=64)
def sheet_lines(raw: bytes, name: str) -> tuple[tuple[Any, ...], ...]:
    """Return the values of a sheet line by line; read once, for a test asks for a sheet again at every cell."""
    book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
    return tuple(book[name].iter_rows(values_only=True))


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """Run the case as the officer would, the blank mark left blank."""
    folder = make_workspace(tmp_path_factory.mktemp("case"), case_files(scheme()))
    return folder, command(folder, "run")


def test_figures_and_grades(case: tuple[Path, int]) -> None:
    """Every figure of the case stands in 一览表: the half-up 90.00, the veto, the floor, the blank mark."""
    rows = sheet_rows((case[0] / "output/内部/分类定级结果.xlsx").read_bytes(), "一览表")
    for code, expected in drawn(EXPECTED).items():
        found = [rows[code][heading] for heading in HEADINGS]
        for cell, text in zip(found, expected, strict=True):
            shown = "-" if cell in (None, "—", "") else cell
            if text.replace(".", "").isdigit():
                assert shown == pytest.approx(float(text), abs=1e-9), (code, found)
            else:
                assert shown == text, (code, found)


def test_places_decision_and_movement(case: tuple[Path, int]) -> None:
    """Places count graded branches only; the decision stands beside the computed grade and moves 晋位情况."""
    rows = sheet_rows((case[0] / "output/内部/分类定级结果.xlsx").read_bytes(), "一览表")
    assert [rows[f"ZB0{n}"]["排名"] for n in range(1, 5)] == [1, 2, 3, 4]
    assert (rows["ZB04"]["测算等次"], rows["ZB04"]["审定等次"]) == ("一般", "较好")
    movement = [rows[f"ZB0{n}"]["晋位情况"] or "" for n in range(1, 6)]
    assert [word.replace("—", "") for word in movement] == ["晋位", "保持", "退位", "晋位", ""]
    assert "临界" in rows["ZB02"]["备注"]


def test_the_floor_is_the_indicators(case: tuple[Path, int]) -> None:
    """四支部's 23 points off 20 leave 0, computed from the verified rows of all three books."""
    sheet = openpyxl.load_workbook(case[0] / "output/内部/分类定级结果.xlsx")["计算过程"]
    words = [str(row[8].value) for row in sheet.iter_rows(min_row=3) if row[0].value == "ZB04"]
    assert sum("工作机制好：3名评委（0、0、0）平均 ＝ 0" in text for text in words) == 1


def test_summary(case: tuple[Path, int]) -> None:
    """汇总表 counts the decided grade where there is one."""
    rows = sheet_rows((case[0] / "output/内部/分类定级结果.xlsx").read_bytes(), "汇总表", key="单位")
    total = rows[PARENT]
    counts = [total[heading] for heading in ("党组织总数", "已定级", "好", "较好", "一般", "后进", "未定级")]
    assert counts == [5, 4, 2, 1, 0, 1, 1]
    assert [total[f"{grade}占比"] for grade in ("好", "较好", "一般", "后进")] == [0.5, 0.25, 0, 0.25]


def test_a_blank_mark_is_named_and_waits(case: tuple[Path, int], capsys: pytest.CaptureFixture[str]) -> None:
    """五支部 is 未定级, the blank cell of the second book is named, and the exit status says that a person must act."""
    folder, status = case
    assert status == 1
    problems = sheet_rows((folder / "output/内部/分类定级结果.xlsx").read_bytes(), "问题清单", key="编码")
    blank = problems["E204"]
    assert (blank["文件"], blank["工作表"]) == ("评定表/PW2_评委二_评定表.xlsx", "评定表")
    sheet = openpyxl.load_workbook(folder / "input" / blank["文件"])[blank["工作表"]]
    assert sheet[blank["单元格"]].value is None
    assert sheet.cell(sheet[blank["单元格"]].row, 1).value == "ZB05"
    command(folder, "run")
    assert capsys.readouterr().out.splitlines()[-1] == (
        "结果已放在 output 文件夹，共5个党组织，4个已测算，1个待补（五支部）"
    )


def test_mended_case_grades_all_and_exits_zero(tmp_path: Path) -> None:
    """With the blank filled by 27 five branches are graded: 五支部 = 92.90 好."""
    folder = make_workspace(tmp_path, case_files(scheme(), mended=True, decided=False))
    assert command(folder, "run") == 0
    row = sheet_rows((folder / "output/内部/分类定级结果.xlsx").read_bytes(), "一览表")["ZB05"]
    assert (row["综合得分"], row["测算等次"]) == (92.9, "好")


def test_every_file_of_the_contract_and_the_same_bytes_twice(case: tuple[Path, int]) -> None:
    """A second run leaves every workbook and page as it was, byte for byte."""
    folder, _ = case
    before = {path: path.read_bytes() for path in (folder / "output").rglob("*") if path.is_file()}
    names = {path.relative_to(folder / "output").as_posix() for path in before}
    assert names == {
        "内部/分类定级结果.xlsx", "内部/校验报告.html", "内部/结果查询页.html", "内部/运行记录.json",
        "内部/上报前自查.html", "内部/个人信息清单.docx",
        "上会/审定表.xlsx", "上会/上会材料.docx", "公示/公示.docx", "公示/公示.html",
        "上报/一览表.docx", "上报/一览表.html", "上报/汇总表.docx", "上报/通报.docx", "上报/报告.docx",
        "上报/上报.xlsx", "上报/汇总表.html", "上报/结果.json",
        *(f"反馈/{branch.code}_{branch.name}.docx" for branch in BRANCHES), "反馈/限期整改通知书_ZB03_三支部.docx",
        *(f"反馈/{paper}_{branch.code}_{branch.name}.{ending}" for branch in BRANCHES if branch.computed != "未定级"
          for paper, ending in (("承诺书", "docx"), ("目标责任书", "docx"), ("整改台账", "xlsx"))),
        f"上报/检查验收表_{PARENT}.docx",
        *(f"内部/退回/PW2_评委二_评定表{ending}" for ending in (".xlsx", ".txt", ".docx")),
    }  # fmt: skip
    command(folder, "run")
    changed = [path.name for path, raw in before.items() if path.read_bytes() != raw and path.name != "运行记录.json"]
    assert changed == []


def test_explain_names_every_step_and_every_cell(case: tuple[Path, int], capsys: pytest.CaptureFixture[str]) -> None:
    """`explain 三支部`: every cell that it names is opened, and holds the figures that the line above it states."""
    folder, _ = case
    assert command(folder, "explain", "三支部") == 0
    lines = capsys.readouterr().out.splitlines()
    told = "\n".join(lines)
    for step in ("自评 90×30%", "党群评分 71×30%", "党委评定 75.6667…×40%", "→ 78.57", "→ 一般", "→ 后进", "退位"):
        assert step in told, step
    named = 0
    for number, line in enumerate(lines):
        if "出处：" not in line:
            continue
        step = next(text for text in reversed(lines[:number]) if "出处：" not in text)
        file, sheet, cells = line.split("出处：")[1].split(" ▸ ")
        opened = openpyxl.load_workbook(folder / "input" / file)[sheet]
        values = [value for cell in cells.split("、") for value in _values(opened, cell)]
        assert values, line
        assert None not in values, line
        named += len(values)
        _agrees(step, values)
    assert named > 19 + 4 * 20 + 12


def _values(sheet: Any, cells: str) -> list[Any]:  # noqa: ANN401 - a worksheet of a library without types for it
    start, _, end = cells.partition(":")
    assert position_of(start)
    block = sheet[f"{start}:{end or start}"]
    return [cell.value for row in block for cell in row]


def _agrees(step: str, values: list[Any]) -> None:
    """Hold a line against its cells: a mark is their value or mean, a share counts the votes in them."""
    mark = re.search(r"（满分 \d+） ([\d.]+) 分", step)
    if mark:
        assert sum(map(float, values)) / len(values) == pytest.approx(float(mark[1]), abs=5e-5), step
    for option, count in re.findall(r"(满意|基本满意|不满意)(\d+)票", step):
        assert values.count(option) == int(count), step
