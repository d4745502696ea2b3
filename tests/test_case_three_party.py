"""The worked case of `three-party` through real workbooks: options, a tally, raters' mean without both ends."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest

from tests.case_books import RESULTS, Books, Files, Rater, Run, Setting, Unit, run_case, shown
from tests.workspaces import command, scheme

SETTING = Setting("three-party", 2026, "年初", ("2026-01-01", "2026-06-30"), raters=3)
MEDICAL, SURGICAL = Unit("NK", "内科党支部"), Unit("WK", "外科党支部")
UNITS = (MEDICAL, SURGICAL)
RATERS: tuple[Rater, ...] = tuple((f"PW{n}", f"评委{word}", "考评") for n, word in enumerate("一二三四五", start=1))
MARKS = {MEDICAL: ("88", "90", "91", "95", "70"), SURGICAL: ("80", "82", "79", "84", "81")}

HEADINGS = ("自评得分", "测评得分", "考评得分", "综合得分", "满意率", "测算等次", "排名")
EXPECTED = {
    "NK": [93, 94, 89.67, 91.63, 0.9333, "好", 1],
    "WK": [88, 83, 81, 83, 0.7, "较好", 2],
}


def case_files() -> Files:
    books = Books(scheme("three-party"), "2026 年初", date(2026, 4, 10))
    files = books.roster(UNITS, RATERS) | books.situations(UNITS)
    files |= books.claim(MEDICAL, "自评", "93") | books.claim(SURGICAL, "自评", "88")
    files |= books.ballots(MEDICAL, "测评", "20 8 2 0") | books.tally(SURGICAL, "测评", "9 12 6 3")
    for place, rater in enumerate(RATERS):
        files |= books.book(rater, {unit: marks[place] for unit, marks in MARKS.items()})
    return files


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_case(tmp_path_factory.mktemp("three-party"), SETTING, case_files())


def test_figures_and_grades(case: Run) -> None:
    assert case.status == 0
    for code, expected in EXPECTED.items():
        assert shown(case.overview[code], HEADINGS) == pytest.approx(expected, abs=1e-9), code


def test_highest_and_lowest_are_left_out_and_it_is_said(case: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """内科's plain mean would be 86.80; the trail says that 95 and 70 were left out."""
    sheet = openpyxl.load_workbook(case.folder / "output" / RESULTS)["计算过程"]
    words = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row]
    told = [text for text in words if "5名评委（88、90、91、95、70）" in text]
    assert len(told) == 1
    assert "去掉1个最高、1个最低后平均" in told[0]
    assert "89.6667" in told[0]
    assert command(case.folder, "explain", "内科党支部") == 0
    assert "去掉1个最高、1个最低后平均" in capsys.readouterr().out


def test_summary_and_the_recommended_branch(case: Run) -> None:
    """One 好 and one 较好; the best of the good ones is proposed as the model branch."""
    total = case.summary[MEDICAL.parent]
    assert [total[grade] for grade in ("党组织总数", "好", "较好", "一般", "差", "未定级")] == [2, 1, 1, 0, 0, 0]
    remarks = {code: row["备注"] or "" for code, row in case.overview.items()}
    assert "示范点推荐" in remarks["NK"]
    assert "示范点推荐" not in remarks["WK"]
