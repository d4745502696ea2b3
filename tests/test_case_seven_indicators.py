"""The worked case of `seven-indicators` through real workbooks: ceiling, forced shares, parents' own tables."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from tests.case_books import Books, Files, Rater, Run, Setting, Unit, numbers, run_case, shown
from tests.workspaces import scheme

SETTING = Setting("seven-indicators", 2026, "年终", ("2026-01-01", "2026-12-31"), shares="forced")
TAKEN_OVER = ("自评得分", "测评得分", "评定得分", "满意率", "综合得分", "测算等次", "直接定级或限档情形")
GRADES = ("好", "较好", "一般", "较差")
RATERS: tuple[Rater, ...] = (("PW1", "评委一", "评定"), ("PW2", "评委二", "评定"))
STEP = Fraction(1, 2)
"""The two raters differ by twice this in the first indicator, so that their mean is the case's."""

CASE = """
    A1 | A总支 | 14 10 10 10 9 19 24           | 14.5 9.5 9.5 9.5 9.5 19 24   | 14 9.5 9 9.25 9 19 23.5        | 40 8 2
    A2 | A总支 | 14 10 9 9 9 19 24             | 13.5 9 9 9 9 18 22.5         | 14 9 9.5 9 9 18.5 23.5         | 40 4 6
    A3 | A总支 | 13 8 8 8 8 17 23              | 12.5 8 8 8 8 17 21           | 12 8 8 8 8 16 20.3             | 45 4 1
    B1 | B总支 | 13 9 9 9 8 17 23              | 13 8.5 8.5 8.5 8.5 17 22     | 13 8.45 8 8 8 17 22            | 20 7 3
    B2 | B总支 | 9 6 6 6 6 12 15               | 8 5.5 5.5 5.5 5.5 11 14      | 8 5 5 5 5 10 12                | 10 5 15
    B3 | B总支 | 12 8 8 8 8 16 19.9            | 12 8 8 8 8 16 19.9           | 12.05 8 8 8 8 16 20            | 30 0 0
"""
HEADINGS = ("自评得分", "测评得分", "评定得分", "满意率", "综合得分", "测算等次", "直接定级或限档情形")
EXPECTED = {
    "A1": [96, 95.5, 93.25, 0.96, 94.75, "好", "—"],
    "A2": [94, 90, 92.5, 0.88, 92.2, "一般", "满意率低于90%"],
    "A3": [85, 82.5, 80.3, 0.98, 82.37, "较好", "—"],
    "B1": [88, 86, 84.45, 0.9, 85.98, "较好", "—"],
    "B2": [60, 55, 50, 0.5, 54.5, "较差", "满意率低于90%（未改变等次）"],
    "B3": [79.9, 79.9, 80.05, 1, 79.96, "一般", "—"],
}


def case_files(case: str = CASE) -> Files:
    """Return what the branches of some lines and the two raters hand in."""
    books = Books(scheme("seven-indicators"), "2026 年终", date(2026, 12, 10))
    lines = [[cell.strip() for cell in line.split("|")] for line in case.strip().splitlines()]
    units = {line[0]: Unit(line[0], f"{line[0]}党支部", line[1]) for line in lines}
    files = books.roster(list(units.values()), RATERS) | books.situations(list(units.values()))
    for code, _, own, means, _, votes in lines:
        files |= books.claim(units[code], "自评", own) | books.ballots(units[code], "测评", votes, means)
    for rater, lean in zip(RATERS, (STEP, -STEP), strict=True):
        files |= books.book(rater, {units[line[0]]: _leaning(line[4], lean) for line in lines})
    return files


def _leaning(marks: str, lean: Fraction) -> str:
    first, *others = numbers(marks)
    return " ".join(str(mark) for mark in (first + lean, *others))


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_case(tmp_path_factory.mktemp("seven"), SETTING, case_files())


def test_figures_and_grades(case: Run) -> None:
    """A2 is held at 一般 by 88%; B1's 90% exactly is not below; B2 is below, and already lower."""
    assert case.status == 0
    for code, expected in EXPECTED.items():
        assert shown(case.overview[code], HEADINGS) == pytest.approx(expected, abs=1e-9), code


def test_shares_are_forced_to_a_hundred(case: Run) -> None:
    """The last grade that somebody holds takes the rest: 33.33 33.33 33.34 0.00."""
    shares = {name: [case.summary[name][f"{grade}占比"] for grade in GRADES] for name in ("A总支", "B总支")}
    assert shares["A总支"] == pytest.approx([0.3333, 0.3333, 0.3334, 0], abs=1e-12)
    assert shares["B总支"] == pytest.approx([0, 0.3333, 0.3333, 0.3334], abs=1e-12)
    counts = {name: [case.summary[name][grade] for grade in GRADES] for name in ("A总支", "B总支", "合计")}
    assert counts == {"A总支": [1, 1, 1, 0], "B总支": [0, 1, 1, 1], "合计": [1, 2, 2, 1]}


@pytest.mark.parametrize(("parent", "codes"), [("A总支", ["A1", "A2", "A3"]), ("B总支", ["B1", "B2", "B3"])])
def test_each_parent_has_its_own_tables(case: Run, parent: str, codes: list[str]) -> None:
    """A parent's own workbook holds its branches only, and its sums are theirs."""
    file = f"上报/按上级/{parent}/上报.xlsx"
    rows = case.sheet("一览表", file=file)
    assert [code for code in rows if code in EXPECTED] == codes
    assert [rows[code]["拟定等次"] for code in codes] == [EXPECTED[code][5] for code in codes]
    assert [rows[code]["综合得分"] for code in codes] == pytest.approx([EXPECTED[code][4] for code in codes], abs=1e-9)
    own = case.sheet("汇总表", "单位", file)
    assert not {"A总支", "B总支"} - {parent} & set(own)
    whole = case.summary[parent]
    assert "合计" not in own
    assert [own[parent][grade] for grade in GRADES] == [whole[grade] for grade in GRADES]
    assert sum(own[parent][f"{grade}占比"] for grade in GRADES) == pytest.approx(1, abs=1e-12)
    papers = {path.name for path in (case.folder / "output" / file).parent.iterdir()}
    assert papers == {"上报.xlsx", "一览表.docx", "一览表.html", "汇总表.docx", "汇总表.html", "结果.json"}


def test_committee_takes_over_what_its_parents_hand_up(case: Run, tmp_path: Path) -> None:
    """Nothing but the roster and each parent's 上报.xlsx gives the committee the very same rows and sums."""
    lines = [[cell.strip() for cell in line.split("|")] for line in CASE.strip().splitlines()]
    units = [Unit(line[0], f"{line[0]}党支部", line[1]) for line in lines]
    books = Books(scheme("seven-indicators"), "2026 年终", date(2026, 12, 10))
    files = books.roster(units, [])
    for parent in ("A总支", "B总支"):
        files[f"{parent}上报.xlsx"] = (case.folder / f"output/上报/按上级/{parent}/上报.xlsx").read_bytes()
    above = run_case(tmp_path / "above", SETTING, files)
    assert above.status == 0
    for code, row in above.overview.items():
        assert shown(row, TAKEN_OVER) == shown(case.overview[code], TAKEN_OVER)
    upward = above.sheet("一览表", file="上报/上报.xlsx")
    told = case.sheet("一览表", file="上报/上报.xlsx")
    assert {code: upward[code]["综合得分"] for code in EXPECTED} == {code: told[code]["综合得分"] for code in EXPECTED}
    assert [above.summary["合计"][grade] for grade in GRADES] == [1, 2, 2, 1]
    rollcall = above.sheet("报送情况", "编码")
    assert {rollcall[unit.code]["下级结果"] for unit in units} == {"已报"}
