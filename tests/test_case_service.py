"""The worked case of `service` through real workbooks: nested sources, two rounds in one figure, two years compared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from tests.case_books import Books, Files, Rater, Run, Setting, Unit, run_case, shown
from tests.workspaces import command, scheme

SETTING = Setting("service", 2026, "年终", ("2026-01-01", "2026-12-31"))
UNITS = (Unit("JZ", "甲站"), Unit("YZ", "乙站"), Unit("BY", "丙院"))
HALF, YEAR, LAST_YEAR = "2026 半年", "2026 年终", "2025 年终"
DAYS = {HALF: date(2026, 7, 5), YEAR: date(2026, 12, 20)}
REPORT: Rater = ("PW1", "述职评委", "述职")
OFFICE: Rater = ("PW2", "组织评委", "组织考评")
CHECKS: tuple[Rater, ...] = tuple(
    (f"DT{number}", name, "动态考评") for number, name in enumerate(("观摩组", "督导组", "座谈组", "查阅组"), start=1)
)

CASE: Mapping[str, tuple[str, str, str]] = {
    HALF: ("85 90 88 82; 80 84 78 86", "60 75 62.5 58; 55 60 65 58", "95 96 97 94; 95 93 96 92"),
    YEAR: ("90 92 91.5 88; 90 88 86 92", "64 80 66 61; 60 62 58 64", "96 97 98 95; 97 95 94 96"),
}
"""述职 自评 群众测评 组织考评; the four checks of 动态考评."""
VOTES = "16 3 1"
DONE = {"为群众办实事": 13, "党员活动日参与率": 96, "入户次数": 5, "结对党组织": 2, "志愿服务活动": 4}
"""What every branch did, by the standard's figures: none falls short."""

EXPECTED = {"JZ": (87.47, "较好", 2), "YZ": (63.24, "一般", 3), "BY": (95.56, "好", 1)}
BY_ROUND = {"JZ": ("84.22", "89.63"), "YZ": ("61.57", "64.36"), "BY": ("94.84", "96.04")}
SOURCES = {"JZ": (88.31, 86.2), "YZ": (65.14, 60.4), "BY": (96, 94.9)}
"""静态考评 and 动态考评 of the year: 40% of the half-year's figure and 60% of the year-end's."""


def round_files(books: Books) -> Files:
    """Return the forms of one round, each with that round's stamp."""
    files: Files = {}
    static = {unit: line.split(";")[0].split() for unit, line in zip(UNITS, CASE[books.label], strict=True)}
    checks = {unit: line.split(";")[1].split() for unit, line in zip(UNITS, CASE[books.label], strict=True)}
    for unit, (_, own, survey, _) in static.items():
        files |= books.claim(unit, "自评", own, DONE) | books.ballots(unit, "群众测评", VOTES, survey)
    files |= books.book(REPORT, {unit: marks[0] for unit, marks in static.items()})
    files |= books.book(OFFICE, {unit: marks[3] for unit, marks in static.items()})
    for place, rater in enumerate(CHECKS):
        files |= books.book(rater, {unit: marks[place] for unit, marks in checks.items()})
    return files


def case_files() -> Files:
    books = Books(scheme("service"), YEAR, DAYS[YEAR])
    files = books.roster(UNITS, (REPORT, OFFICE, *CHECKS)) | books.situations(UNITS)
    for label, day in DAYS.items():
        files |= round_files(books.at(label, day))
    last_year = dict(zip(UNITS, ("一般", "一般", "好"), strict=True))
    return files | books.at(LAST_YEAR, date(2025, 12, 20)).result(last_year)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_case(tmp_path_factory.mktemp("service"), SETTING, case_files())


def test_the_year_of_two_rounds(case: Run) -> None:
    """Each round counts by its weight and nothing is rounded between: 甲站 87.466 → 87.47."""
    assert case.status == 0
    for code, expected in EXPECTED.items():
        found = shown(case.overview[code], ("综合得分", "测算等次", "排名"))
        assert found == pytest.approx(list(expected), abs=1e-9), code


def test_the_sources_of_the_year(case: Run) -> None:
    """Static and dynamic marks of the year are weighted from both rounds too."""
    for code, expected in SOURCES.items():
        found = shown(case.overview[code], ("静态考评得分", "动态考评得分"))
        assert found == pytest.approx(list(expected), abs=1e-9), code


def test_one_round_alone_gives_no_year(tmp_path: Path) -> None:
    """Without the forms of the half-year nobody is graded: the year-end's do not stand in for them."""
    files = {path: raw for path, raw in case_files().items() if not path.startswith(HALF)}
    run = run_case(tmp_path, SETTING, files)
    assert run.status == 1
    for row in run.overview.values():
        assert shown(row, ("综合得分", "测算等次")) == ["—", "未定级"]
        assert "自评表未报" in row["备注"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.code)
def test_each_round_is_told(case: Run, unit: Unit, capsys: pytest.CaptureFixture[str]) -> None:
    """`explain` tells the half-year's and the year-end's figure before the year's."""
    assert command(case.folder, "explain", unit.name) == 0
    told = capsys.readouterr().out
    half, year = BY_ROUND[unit.code]
    assert f"半年 {half}" in told
    assert f"年终 {year}" in told


def test_two_years_without_advance(case: Run) -> None:
    """乙站 was 一般 last year and is again: its person in charge is spoken of; 甲站 came up from 一般."""
    rows = case.overview
    assert [rows[code]["上期等次"] for code in ("JZ", "YZ", "BY")] == ["一般", "一般", "好"]
    assert [rows[code]["晋位情况"] for code in ("JZ", "YZ", "BY")] == ["晋位", "保持", "保持"]
    remarks = {code: rows[code]["备注"] or "" for code in rows}
    assert [code for code, words in remarks.items() if "建议调整负责人" in words] == ["YZ"]
