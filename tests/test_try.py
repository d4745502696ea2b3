"""`scheme try` through its workbook: written, filled as a person fills it, read back, each sentence with its points."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from dingji.trial.answers import answers_of, last_round
from dingji.trial.sheet import HEADINGS, NAME, OPENS, PLACE, POINTS, RESULTS, ROUND, TOP, TRY
from dingji.trial.slots import FIGURE
from tests.workspaces import PROGRAM, command, scheme

FIGURES: Mapping[str, tuple[int, Mapping[str, str]]] = {
    "five-good": (0, {"自评": "90", "党群评分": "77", "党委评定": "58", "综合得分": "73.3", "等次": "一般"}),
    "three-party": (0, {"测评": "94", "考评": "89.6667", "综合得分": "91.63", "等次": "好"}),
    "seven-indicators": (0, {"满意率": "88.00%", "综合得分": "92.2", "等次": "一般", "满意率低于90%": "是"}),
    "responsibility": (0, {"考核": "91", "加分": "16.5", "综合得分": "107.5"}),
    "service": (0, {"综合得分": "87.47", "等次": "较好"}),
}
"""What `run` gives for the same figures in the worked cases (test_case_*.py), by standard and place of its example."""


def sheet_of(path: Path) -> tuple[openpyxl.Workbook, Worksheet]:
    """Return a try workbook and its sheet."""
    book = openpyxl.load_workbook(path)
    return book, book[TRY]


def rows_of(sheet: Worksheet) -> dict[tuple[str, str, str], int]:
    """Return the row of each slot by round, place and name."""
    place = [HEADINGS.index(heading) for heading in (ROUND, PLACE, NAME)]
    lines = enumerate(sheet.iter_rows(min_row=TOP + 2, values_only=True), start=TOP + 2)
    return {tuple(str(line[index] or "") for index in place): number for number, line in lines}  # type: ignore[misc]


def filled_in(path: Path, name: str) -> None:
    """Fill a sheet with the standard's own example, each value where its row stands; several apart by 、."""
    standard = scheme(name)
    example = standard.examples[FIGURES[name][0]]
    book, sheet = sheet_of(path)
    rows = rows_of(sheet)
    answers = answers_of(standard, example.round or last_round(standard), example.typed)
    assert answers.faults == []
    for round_name, typed in answers.typed.items():
        for slot, cells in typed.items():
            row = rows[round_name, slot.place, slot.name or slot.place]
            for heading in OPENS:
                values = [str(cell[heading]) for cell in cells if heading in cell]
                if values:
                    sheet.cell(row, HEADINGS.index(heading) + 1).value = "、".join(values)
    book.save(path)


def told(path: Path) -> dict[str, str]:
    """Return what stands under 算得, by name, and by place and name."""
    _, sheet = sheet_of(path)
    found: dict[str, str] = {}
    for line in sheet.iter_rows(min_row=TOP + 2, values_only=True):
        cells: dict[str, Any] = dict(zip(HEADINGS, line, strict=True))
        key = str(cells[NAME]) if cells[PLACE] == RESULTS else f"{cells[PLACE]} {cells[NAME]}"
        found[key] = str(cells[POINTS] or "")
    return found


@pytest.mark.parametrize("name", FIGURES)
def test_a_filled_sheet_gives_the_figures_of_a_run(tmp_path: Path, name: str) -> None:
    shutil.copytree(PROGRAM / "schemes", tmp_path / "schemes")
    example = scheme(name).examples[FIGURES[name][0]]
    wanted = ["--round", example.round] if example.round else []
    assert command(tmp_path, "scheme", "try", name, *wanted) == 0
    path = tmp_path / f"{TRY}_{name}.xlsx"
    filled_in(path, name)
    before = path.read_bytes()
    assert command(tmp_path, "scheme", "try", name, str(path)) == 0
    assert path.read_bytes() == before
    found = told(tmp_path / f"{TRY}_{name}_结果.xlsx")
    assert {key: found[key] for key in FIGURES[name][1]} == FIGURES[name][1]


def edited(folder: Path, change: Callable[[Worksheet, dict[tuple[str, str, str], int]], None]) -> Path:
    """Return five-good's sheet with its example and a change."""
    path = folder / f"{TRY}_five-good.xlsx"
    assert command(folder, "scheme", "try", "five-good") == 0
    filled_in(path, "five-good")
    book, sheet = sheet_of(path)
    change(sheet, rows_of(sheet))
    book.save(path)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(PROGRAM / "schemes", tmp_path / "schemes")
    return tmp_path


def test_each_sentence_stands_beside_its_points(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = edited(folder, lambda *_: None)
    assert command(folder, "scheme", "try", "five-good", path.name) == 0
    found = told(folder / f"{TRY}_five-good_结果.xlsx")
    assert found["党委评定 工作机制好·制度未落实"] == "−15"
    assert found["党委评定 工作机制好·组织生活"] == "−4"
    assert found["党委评定 工作机制好"] == "0"
    assert found["党群评分 群众反映好·满意率低于90%"] == "−5"
    assert found["党委评定 领导班子好"] == "8"
    lines = capsys.readouterr().out.splitlines()
    assert "结果　等次　→ 一般" in lines
    assert "党委评定　工作机制好·制度未落实　5　→ −15" in lines


FIGURE_AT = HEADINGS.index(FIGURE) + 1
COMMITTEE = ("年初", "党委评定", "领导班子好")


@pytest.mark.parametrize(
    ("value", "words"),
    [("8、9分、8", "“9分”不是数"), ("8、", ""), ("八", "“八”不是数"), ("回避", ""), ("８．５；9", "")],
)
def test_a_cell_that_is_no_number_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str], value: str, words: str
) -> None:
    path = edited(folder, lambda sheet, rows: setattr(sheet.cell(rows[COMMITTEE], FIGURE_AT), "value", value))
    status = command(folder, "scheme", "try", "five-good", path.name)
    out = capsys.readouterr().out
    assert (words in out) if words else ("看不懂" not in out)
    assert not words or status == 1
    assert (folder / f"{TRY}_five-good_结果.xlsx").exists() == (not words)


def test_a_cell_that_takes_nothing_and_a_row_that_is_unknown_are_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def change(sheet: Worksheet, rows: dict[tuple[str, str, str], int]) -> None:
        sheet.cell(rows[COMMITTEE], HEADINGS.index("选项") + 1).value = "是"
        row = rows["年初", "党委评定", "党员队伍好"]
        sheet.cell(row, HEADINGS.index(NAME) + 1).value = "党员队伍"

    path = edited(folder, change)
    assert command(folder, "scheme", "try", "five-good", path.name) == 1
    out = capsys.readouterr().out
    assert "这一格不填：党委评定 领导班子好只填 数量" in out
    assert "不认得这一行：党委评定 党员队伍" in out
    assert "有 2 处看不懂" in out


def test_what_is_missing_is_told_and_no_grade_is_a_thing_to_act_on(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = ("年初", "自评", "工作业绩好·第16项")
    path = edited(folder, lambda sheet, rows: setattr(sheet.cell(rows[row], FIGURE_AT), "value", None))
    assert command(folder, "scheme", "try", "five-good", path.name) == 1
    out = capsys.readouterr().out
    assert "结果　等次　→ 未定级" in out
    assert "未定级：" in out


def test_a_filled_sheet_is_not_written_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = edited(folder, lambda *_: None)
    before = path.read_bytes()
    assert command(folder, "scheme", "try", "five-good") == 2
    assert "没有覆盖" in capsys.readouterr().out
    assert path.read_bytes() == before
    assert command(folder, "scheme", "try", "five-good", "--replace") == 0
    assert openpyxl.load_workbook(BytesIO(path.read_bytes()))[TRY].cell(TOP + 2, FIGURE_AT).value in (None, "")


def test_a_round_that_is_none_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(folder, "scheme", "try", "five-good", "--round", "年末") == 2
    assert "没有轮次“年末”；是不是“年终”" in capsys.readouterr().out
