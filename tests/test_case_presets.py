"""Worked cases of the four standards beside the five, through real workbooks: quotas, persons, stars, ticks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from dingji.forms import office_forms
from dingji.forms.filling import Cells, Filling, Value
from tests.case_books import Books, Files, Rater, Run, Setting, Unit, run_case, shown
from tests.workspaces import PROGRAM, command, scheme

DAY = date(2026, 12, 18)
BOUNDS = ("2026-01-01", "2026-12-31")
HEADINGS = ("综合得分", "测算等次", "排名")


def books_of(name: str) -> Books:
    """Return the books of one round of a standard."""
    return Books(scheme(name), "2026 年终", DAY)


def roster(books: Books, rows: Mapping[Unit, Mapping[str, Value]], raters: Sequence[Rater]) -> Files:
    """Return 党组织名册 with further columns by branch."""
    branches: list[Cells] = [
        {**unit.identity, "排序号": order, "上级党组织": unit.parent, **more}
        for order, (unit, more) in enumerate(rows.items(), start=1)
    ]
    people: list[Cells] = [dict(zip(("评委编号", "评委", "来源"), rater, strict=True)) for rater in raters]
    return books.office(office_forms.roster_form(books.scheme, books.label), {"名册": branches, "评委": people})


def declared(books: Books, units: Sequence[Unit], held: Mapping[str, str]) -> Files:
    """Return 情形申报: the circumstances of `held` by branch are confirmed, all others do not exist."""
    names = [one.name for one in books.scheme.situations if not one.when]
    rows: list[Cells] = [
        {**unit.identity, "情形": name, "是否存在": answer, "办公室确认": answer}
        for unit in units
        for name in names
        for answer in ["是" if held.get(unit.code) == name else "否"]
    ]
    return books.office(office_forms.situation_form(books.scheme, books.label), {"情形申报": rows})


def run_of(folder: Path, name: str, files: Files) -> Run:
    """Run a case of a standard."""
    return run_case(folder, Setting(name, 2026, "年终", BOUNDS), files)


@pytest.mark.parametrize("name", ["debrief", "member-review", "star-branch", "standardized"])
def test_a_demonstration_runs(tmp_path: Path, name: str) -> None:
    """Every unit of a demonstration is graded, and some of them differ."""
    assert command(tmp_path, "demo", str(tmp_path / "made"), "--scheme", str(PROGRAM / f"schemes/{name}.toml")) == 0
    assert command(tmp_path / "made", "run") == 0
    grades = [row["测算等次"] for row in Run(tmp_path / "made", 0).overview.values()]
    assert len(grades) == 12
    assert len(set(grades)) > 1


# --- 述职评议考核 -----------------------------------------------------------------------------------------

DEBRIEF = {Unit("DW1", "甲党委"): "25 24 25 15 10 | 24 24 25 14 10 | 95 | 4 1 0 0; 2 4 2 0; 1 2 5 1",
           Unit("DW2", "乙党委"): "25 25 25 15 10 | 25 25 25 15 10 | 96 | 5 0 0 0; 8 0 0 0; 9 0 0 0",
           Unit("DW3", "丙党委"): "25 25 25 15 10 | 25 25 25 15 10 | 95 | 5 0 0 0; 2 2 4 0; 2 2 3 2",
           Unit("DW4", "丁党委"): "20 20 20 12 8 | 21 20 20 12 8 | 80 | 2 3 0 0; 4 4 0 0; 3 5 1 0"}  # fmt: skip
"""The two of 日常考核, 实地核查, and the votes of 上级领导, 其他述职人 and 党员群众代表."""


def debrief_files() -> Files:
    books = books_of("debrief")
    units = list(DEBRIEF)
    raters: list[Rater] = [("KH1", "考核一", "日常考核"), ("KH2", "考核二", "日常考核"), ("HC1", "核查一", "实地核查")]
    lines = {unit: [part.strip() for part in line.split("|")] for unit, line in DEBRIEF.items()}
    files = roster(books, {unit: {"书记任职时间": date(2023, 3, 1)} for unit in units}, raters)
    files |= declared(books, units, {})
    for place, rater in enumerate(raters):
        files |= books.book(rater, {unit: line[place] for unit, line in lines.items()})
    source = books.source("现场评议")
    for unit, line in lines.items():
        votes = [[int(word) for word in part.split()] for part in line[3].split(";")]
        printed = {
            f"{question}|{group}": dict(zip(source.options, counts, strict=True))
            for question in source.questions
            for group, counts in zip(source.groups, votes, strict=True)
        }
        cast = sum(map(sum, votes))
        files |= books.survey(unit, source.name, cast, Filling(printed={"测评汇总": printed}))
    return files


def test_debrief(tmp_path: Path) -> None:
    """甲 97, 85 and 73.33 → 85.13 of votes, 98 and 95: 93.54. 30% of four is one 好: 甲 falls behind 乙.

    丙: 100 × 40% + 81.25 × 20% + 73.33 × 40%, 认可率 40 + 10 + 17.78 = 67.78%: not below two thirds.
    """
    run = run_of(tmp_path, "debrief", debrief_files())
    assert run.status == 0
    found = {code: shown(row, HEADINGS) for code, row in run.overview.items()}
    assert found["DW1"] == pytest.approx([93.54, "较好", 3], abs=1e-9)
    assert found["DW2"] == pytest.approx([99.2, "好", 1], abs=1e-9)
    assert found["DW3"] == pytest.approx([94.68, "较好", 2], abs=1e-9)
    assert found["DW4"] == pytest.approx([83.32, "较好", 4], abs=1e-9)


# --- 民主评议党员 -----------------------------------------------------------------------------------------

PERSONS = {
    "P1": ("正式党员", "12 7 1 0", "20 16 23 15 15"),
    "P2": ("正式党员", "18 2 0 0", "20 20 24 20 15"),
    "P3": ("正式党员", "2 9 2 7", "20 20 20 18 15"),
    "P4": ("预备党员", "20 0 0 0", "20 20 25 20 15"),
}


def person_files() -> Files:
    books = books_of("member-review")
    units = {code: Unit(code, f"党员{code[1]}", "第一党支部") for code in PERSONS}
    rater: Rater = ("ZW1", "支委会", "组织评定")
    files = roster(books, {units[code]: {"类别": kind} for code, (kind, *_) in PERSONS.items()}, [rater])
    files |= declared(books, list(units.values()), {})
    for code, (_, votes, _) in PERSONS.items():
        files |= books.tally(units[code], "民主测评", votes) | books.claim(units[code], "个人自评", "18 18 24 18 15")
    return files | books.book(rater, {units[code]: marks for code, (_, _, marks) in PERSONS.items()})


def test_persons_are_graded_within_their_branch(tmp_path: Path) -> None:
    """A third of the three graded is one 优秀: P1 (91.40) gives way to P2; 7 of 20 hold P3 down; P4 is not graded."""
    run = run_of(tmp_path, "member-review", person_files())
    assert run.status == 0
    found = {code: shown(row, HEADINGS) for code, row in run.overview.items()}
    assert found["P1"] == pytest.approx([91.4, "合格", 2], abs=1e-9)
    assert found["P2"] == pytest.approx([98.7, "优秀", 1], abs=1e-9)
    assert found["P3"] == pytest.approx([76.35, "基本合格", 3], abs=1e-9)
    assert found["P4"][1:] == ["不评等次", "—"]


# --- 星级党支部 -------------------------------------------------------------------------------------------

STARS = {
    "S1": ("15 24 19 28 10", "18 1 1", "15 24 19 28 10", "2015-07-01", ""),
    "S2": ("15 25 20 30 10", "20 0 0", "15 25 20 29 10", "2015-07-01", ""),
    "S3": ("13 22 18 26 9", "16 2 2", "13 22 18 26 9", "2015-07-01", "党员受到党纪处分"),
    "S4": ("14 22 18 26 9", "14 1 5", "14 22 18 26 9", "2015-07-01", ""),
    "S5": ("15 25 20 30 10", "10 0 0", "15 25 20 30 10", "2026-05-01", ""),
}


def star_files() -> Files:
    books = books_of("star-branch")
    units = {code: Unit(code, f"{code}支部") for code in STARS}
    rater: Rater = ("KP1", "考评一", "上级考评")
    founded = {units[code]: {"成立日期": date.fromisoformat(line[3])} for code, line in STARS.items()}
    files = roster(books, founded, [rater])
    files |= declared(books, list(units.values()), {code: line[4] for code, line in STARS.items()})
    for code, (own, votes, *_) in STARS.items():
        files |= books.claim(units[code], "支部自评", own) | books.tally(units[code], "党员群众测评", votes)
    files |= books.bonus(
        [{**units["S1"].identity, "加分项": "受到表彰", "级别": "县级", "依据": "文件", "审核意见": "同意"}]
    )
    return files | books.book(rater, {units[code]: line[2] for code, line in STARS.items()})


def test_stars_by_points_satisfaction_and_places(tmp_path: Path) -> None:
    """10% of four, at least one: S2 alone is 五星; 30% of four is one 四星: S1. S4's 75% holds it at 三星."""
    run = run_of(tmp_path, "star-branch", star_files())
    assert run.status == 0
    found = {code: shown(row, HEADINGS) for code, row in run.overview.items()}
    assert found["S1"] == pytest.approx([97.55, "四星级", 2], abs=1e-9)
    assert found["S2"] == pytest.approx([99.4, "五星级", 1], abs=1e-9)
    assert found["S3"] == pytest.approx([87.9, "三星级", 3], abs=1e-9)
    assert found["S4"] == pytest.approx([85.95, "三星级", 4], abs=1e-9)
    assert found["S5"][1:] == ["不参加评星", "—"]


# --- 标准化达标 -------------------------------------------------------------------------------------------

FULL_SELF = "8 6 6 12 12 8 8 10 10 10 10"
TICKS: Mapping[str, Mapping[str, Value]] = {
    "T1": {"班子配备": "健全", "党小组": "健全", "党员大会": 4, "支委会": 11, "党课": 4,
           "组织生活会和民主评议": "都开了", "党费收缴率": 100, "活动场所": "固定", "工作经费": "足额"},
    "T2": {"班子配备": "健全", "延期换届": 8, "党小组": "健全", "党员大会": 4, "支委会": 11, "党课": 4,
           "组织生活会和民主评议": "都开了", "发展材料不齐": 1, "党费收缴率": 92,
           "活动场所": "共用", "工作经费": "足额"},
    "T3": {"班子配备": "健全", "党小组": "健全", "党员大会": 4, "支委会": 12, "党课": 4,
           "组织生活会和民主评议": "都开了", "党费收缴率": 100, "活动场所": "没有", "工作经费": "没有"},
}  # fmt: skip


def tick_files() -> Files:
    books = books_of("standardized")
    units = {code: Unit(code, f"{code}支部") for code in TICKS}
    rater: Rater = ("YS1", "验收组", "达标验收")
    files = roster(books, {unit: {"成立日期": date(2012, 7, 1)} for unit in units.values()}, [rater])
    files |= declared(books, list(units.values()), {})
    rows: list[Cells] = [
        {**units[code].identity, "规则": rule, "已核": "是", "选项" if isinstance(typed, str) else "数量": typed}
        for code, facts in TICKS.items()
        for rule, typed in facts.items()
    ]
    for unit in units.values():
        files |= books.claim(unit, "支部自查", FULL_SELF)
    return files | books.book(rater, dict.fromkeys(units.values(), ""), rows)


def test_standards_ticked_and_counted(tmp_path: Path) -> None:
    """T2: 14 (延期换届 takes its item's 6 and no more) + 39 + 14 + 17; T3 has the 80 and nothing under 运行保障."""
    run = run_of(tmp_path, "standardized", tick_files())
    assert run.status == 0
    found = {code: shown(row, HEADINGS) for code, row in run.overview.items()}
    assert found["T1"] == pytest.approx([99, "达标", 1], abs=1e-9)
    assert found["T2"] == pytest.approx([84, "达标", 2], abs=1e-9)
    assert found["T3"] == pytest.approx([80, "基本达标", 3], abs=1e-9)
