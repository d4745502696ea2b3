"""The roll-call: which forms were owed, and what became of each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook

from dingji.forms.stamp import Stamp
from dingji.intake.combine import Combined
from dingji.intake.rollcall import call_roll, expected_forms
from dingji.outcome import Outcome
from dingji.pipeline import unsettled
from dingji.problems import Problem, describe
from dingji.roster import Duty
from dingji.scheme.model import Scheme
from dingji.tables import BRANCHES, STATUSES, records, table
from tests.papers import BOOK, ROSTER, SELF, altered, book_of, form, good, outcome_of, told, typed, with_file
from tests.small_standard import standard
from tests.workspaces import command, make_workspace, scheme

OLD = "旧表/自评表.xlsx"


def status(outcome: Outcome, owner: str, title: str) -> str:
    rows = [row for row in records(outcome.rollcall) if (row["owner"], row["form"]) == (owner, title)]
    assert len(rows) == 1
    return str(rows[0]["status"])


def stamped(raw: bytes, **change: str) -> bytes:
    declared = form("self")
    own = Stamp("self", declared.scheme, declared.fingerprint, declared.round, declared.source, "ZB01")
    text = replace(own, **change).text()

    def alter(book: Workbook) -> None:
        for page in book.worksheets:
            page["A1"] = text

    return altered(raw, alter)


def old_version(raw: bytes) -> bytes:
    return stamped(raw, fingerprint="00000000")


CASES: list[tuple[str, dict[str, bytes | None], str]] = [
    ("all is there", {}, "已报"),
    ("not handed in", {SELF: None}, "未报"),
    ("twice the same", {"再来.xlsx": good()[SELF]}, "已报"),
    ("twice, and different", {"再来.xlsx": altered(good()[SELF], typed("自评表", "1", "自评得分", 3))}, "重复"),
    ("an old version", {SELF: old_version(good()[SELF])}, "旧版"),
    ("an old version besides the right one", {OLD: old_version(good()[SELF])}, "已报"),
    ("another round's", {SELF: stamped(good()[SELF], round="2025 年终")}, "待改"),
    ("another round's besides the right one", {OLD: stamped(good()[SELF], round="2025 年终")}, "已报"),
    ("another standard's", {SELF: stamped(good()[SELF], scheme="other")}, "未报"),
    ("a blank", {SELF: altered(good()[SELF], typed("自评表", "1", "自评得分", None))}, "待改"),
    ("a wrong cell", {SELF: altered(good()[SELF], typed("自评表", "1", "自评得分", "四分"))}, "待改"),
    ("a note", {SELF: altered(good()[SELF], typed("自评表", "1", "自评得分", "4分"))}, "已报"),
    ("a sheet missing", {SELF: altered(good()[SELF], lambda book: book.remove(book["自评表"]))}, "待改"),
    ("not to be opened", {SELF: b"PK\x03\x04"}, "未报"),
]


@pytest.mark.parametrize(("files", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_became_of_a_form(files: dict[str, bytes | None], expected: str) -> None:
    kept = {path: raw for path, raw in {**good(), **files}.items() if raw is not None}
    outcome = outcome_of(kept)
    assert status(outcome, "一支部", "自评表") == expected
    assert status(outcome, "一支部", "测评表") == status(outcome, "二支部", "自评表") == "已报"
    assert expected in STATUSES
    missing = [problem for problem in told(outcome.problems, "E310") if problem.unit == "ZB01"]
    hint = f"；没有读进来的“{SELF}”可能就是，先看它为什么没读进来" if SELF in kept else ""
    words = [f"没有收到自评表{hint}"] if expected == "未报" else []
    assert [describe(problem).words for problem in missing] == words
    assert unsettled(outcome) == (expected != "已报")


def test_a_rater_owes_a_book() -> None:
    outcome = outcome_of(with_file(BOOK, None))
    assert status(outcome, "评委一", "评定表") == "未报"
    (problem,) = told(outcome.problems, "E310")
    assert (problem.subject, problem.unit) == ("评委一", "")


@pytest.mark.parametrize(("heading", "value"), [("状态", "停用"), ("回避党组织", "ZB01、ZB02、ZB03、ZB04、ZB05")])
def test_who_marks_nobody_owes_nothing(heading: str, value: str) -> None:
    roster = altered(good()[ROSTER], typed("评委", "PW1", heading, value))
    outcome = outcome_of({**with_file(BOOK, None), ROSTER: roster})
    assert [row["owner"] for row in records(outcome.rollcall) if row["rater"]] == ["评委二", "评委三"]
    assert told(outcome.problems, "E310") == []


def test_a_branch_that_takes_no_part_owes_nothing() -> None:
    roster = altered(good()[ROSTER], typed("名册", "ZB05", "状态", "撤销"))
    rest = {path: raw for path, raw in good().items() if "ZB05" not in path}
    outcome = outcome_of({**rest, ROSTER: roster})
    assert "五支部" not in {row["owner"] for row in records(outcome.rollcall)}
    assert told(outcome.problems, "E310") == []


def test_branches_come_in_the_rosters_order_then_raters_then_strangers() -> None:
    outcome = outcome_of({**good(), "a.xlsx": book_of(["采购清单"])})
    owners = list(dict.fromkeys(row["owner"] for row in records(outcome.rollcall)))
    assert owners == [f"{name}支部" for name in "一二三四五"] + ["评委一", "评委二", "评委三", "a.xlsx"]
    assert records(outcome.rollcall)[-1]["status"] == "未识别"
    assert not unsettled(outcome)


# --- what is owed -----------------------------------------------------------------------------------------

TWO = """
[[grades]]
name = "好"
[[sources]]
name = "自评"
form = "self"
weight = 50
[[sources]]
name = "评定"
form = "committee"
weight = 50
[[sources]]
name = "测评"
form = "survey"
marks = "options"
questions = ["总体"]
options = { "满意" = 100, "不满意" = 0 }
weight = 0
required = false
[[indicators]]
name = "组织"
full = 100
"""


def small() -> Scheme:
    return standard(TWO)


def owed(units: dict[str, str], *people: Duty) -> list[tuple[str, ...]]:
    """Return who owes what, where branches are graded by these standards."""
    branches = table(BRANCHES, [{"unit": unit, "name": f"{unit}支部"} for unit in units])
    schemes = {"small": small(), "five-good": scheme()}
    raters = {duty.rater: duty for duty in people}
    forms = expected_forms(schemes, units, branches, raters, "年初")
    return [(form.scheme, form.kind, form.source, form.owner) for form in forms]


def rater(number: str, units: str = "", source: str = "") -> Duty:
    none: frozenset[str] = frozenset()
    return Duty(number, "", frozenset(source.split()), none, frozenset(units.split()), none, active=True)


def test_each_branch_owes_the_forms_of_its_own_standard() -> None:
    assert owed({"A": "small", "B": "five-good"}) == [
        ("small", "self", "自评", "A"),
        ("small", "survey", "测评", "A"),
        ("five-good", "self", "自评", "B"),
        ("five-good", "survey", "党群评分", "B"),
    ]


@pytest.mark.parametrize(
    ("duty", "expected"),
    [
        (rater("P"), ["small", "five-good"]),
        (rater("P", units="A"), ["small"]),
        (rater("P", units="B"), ["five-good"]),
        (rater("P", source="党委评定"), ["five-good"]),
        (rater("P", units="A", source="党委评定"), []),
        (replace(rater("P"), active=False), []),
    ],
)
def test_a_rater_owes_a_book_of_each_standard_that_grades_one_of_his_branches(duty: Duty, expected: list[str]) -> None:
    books = [line for line in owed({"A": "small", "B": "five-good"}, duty) if line[1] == "committee"]
    assert [line[0] for line in books] == expected


def test_an_optional_form_is_listed_only_when_it_came() -> None:
    """A form that the standard does not require is nobody's debt."""
    branches = table(BRANCHES, [{"unit": "A", "name": "甲"}])
    forms = list(expected_forms({"small": small()}, {"A": "small"}, branches, {}, "年初"))
    combined = Combined(outcome_of(good()).entries.iloc[:0])
    rows, missing = call_roll(forms, [], combined, list[Problem]())
    assert [row["form"] for row in records(rows)] == ["自评表"]
    assert [problem.code for problem in missing] == ["E310"]


def test_a_roster_of_which_nobody_is_left_gives_its_papers(tmp_path: Path) -> None:
    raw = good()[ROSTER]
    for number in range(1, 6):
        raw = altered(raw, typed("名册", f"ZB0{number}", "状态", "撤销"))
    folder = make_workspace(tmp_path, {ROSTER: raw})
    command(folder, "run")
    assert (folder / "output/上会/上会材料.docx").exists()
