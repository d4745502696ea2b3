"""Which marks were expected, and which blank ones are missing, excused or left to the rules."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from openpyxl.workbook import Workbook

from dingji.cannot_run import CannotRunError
from dingji.forms.filling import Cells, Filling
from dingji.forms.write import write_form
from dingji.numbers import MICRO
from dingji.outcome import Outcome
from dingji.problems import Problem, describe
from dingji.tables import records
from tests.five_good_case import BRANCHES, INDICATORS
from tests.papers import BOOK, ROSTER, SELF, altered, at, form, good, outcome_of, shown_at, told, typed, with_file

UNITS = {branch.code: branch.identity for branch in BRANCHES}


def book(*lines: str, facts: Mapping[str, Any] | None = None, raters: str = "PW1") -> bytes:
    """Return a rater's book drawn a row a branch: `ZB01 10 19 18 28`, – for a blank cell; `facts` for ZB01."""
    rows: list[Cells] = []
    for line in lines:
        unit, *cells = line.split()
        marks = {name: _cell(text) for name, text in zip(INDICATORS, cells, strict=True)}
        rows.append({**UNITS[unit], **marks})
    deductions = [{**UNITS["ZB01"], **facts}] if facts else []
    names = {"PW1": "评委一"}
    return write_form(
        form("committee"), Filling(raters, {"评委": names.get(raters, "")}, {"评定表": rows, "评定扣分": deductions})
    )


def _cell(text: str) -> str | float | None:
    if text == "–":
        return None
    return float(text) if text.replace(".", "").isdigit() else text


REST = ("ZB02 9 17 17 26", "ZB03 9 18 17 26", "ZB04 8 14 15 20", "ZB05 9 18 18 27")


def run(*lines: str, **facts: object) -> Outcome:
    """Return the outcome of the case with this book of the first rater."""
    return outcome_of(with_file(BOOK, book(*lines, facts=facts)))


def states(outcome: Outcome, unit: str = "ZB01", rater: str = "PW1") -> str:
    """Return the states of a rater's four marks of a branch, a stroke where there is no entry."""
    entries = outcome.entries
    own = entries[(entries["form"] == "committee") & (entries["part"] == "mark")]
    rows = {row["item"]: row["state"] for row in records(own[(own["unit"] == unit) & (own["rater"] == rater)])}
    return " ".join(rows.get(name, "–") for name in INDICATORS)


def marks_of(outcome: Outcome, unit: str) -> Any:  # noqa: ANN401 - a figure or None
    return dict(zip(outcome.results["unit"], outcome.results["scores"], strict=True))[unit]["党委评定"]


def place(problem: Problem) -> str:
    return f"{problem.code} {problem.sheet} {problem.cell} {problem.subject} {problem.unit}"


ROWS = [
    # a row wholly blank: this rater does not mark this branch
    ("ZB01 – – – –", "– – – –", ["W223"]),
    # excused, and no warning
    ("ZB01 回避 回避 回避 回避", "– – – –", []),
    ("ZB01 缺席 – – –", "– – – –", []),
    # one excused, the others marked: whether he marks the branch is asked about, and it waits
    ("ZB01 10 19 回避 28", "typed typed blank typed", ["E322"]),
    # partly empty
    ("ZB01 10 – 18 28", "typed blank typed typed", ["E204"]),
    ("ZB01 – – – 28", "blank blank blank typed", ["E204"] * 3),
    ("ZB01 回避 – 18 28", "blank blank typed typed", ["E322", "E204"]),
    # typed, and not to be understood: missing, not abstaining
    ("ZB01 十分 19 18 28", "refused typed typed typed", ["E201"]),
    ("ZB01 十分 – – –", "refused blank blank blank", ["E201", "E204", "E204", "E204"]),
    # 0 is a mark
    ("ZB01 0 0 0 0", "typed typed typed typed", []),
]


@pytest.mark.parametrize(("row", "expected", "codes"), ROWS)
def test_rows_of_a_raters_book(row: str, expected: str, codes: list[str]) -> None:
    outcome = run(row, *REST)
    found = [problem.code for problem in outcome.problems if problem.file == BOOK]
    assert states(outcome) == expected
    assert sorted(found) == sorted(codes)
    missing = "blank" in expected or "refused" in expected
    assert (marks_of(outcome, "ZB01") is None) == missing
    assert states(outcome, "ZB02") == "typed typed typed typed"


def test_who_abstains_leaves_the_mean_to_the_others() -> None:
    """Three raters give 75, 74 and 74; 20 points follow from the survey. Without the first the mean is 74."""
    assert marks_of(outcome_of(good()), "ZB01") == Fraction(75 + 74 + 74, 3) + 20
    assert marks_of(run("ZB01 – – – –", *REST), "ZB01") == 74 + 20


def test_a_blank_mark_is_told_at_its_cell() -> None:
    raw = book("ZB01 10 – 18 28", *REST)
    outcome = outcome_of(with_file(BOOK, raw))
    (problem,) = told(outcome.problems, "E204")
    assert (problem.sheet, problem.subject, problem.unit, problem.found) == ("评定表", "党员队伍好", "ZB01", "")
    assert shown_at(raw, problem.sheet, problem.cell) == ""
    assert describe(problem).text.count("改法") == 1


def test_a_branch_that_has_no_row_is_warned_of() -> None:
    """Nothing of it stands in the book: the same as a row left blank."""
    (problem,) = told(run(*REST).problems, "W223")
    assert (problem.file, problem.unit) == (BOOK, "ZB01")


# --- left to the rules ------------------------------------------------------------------------------------

NOTED = {"指标": "工作机制好", "规则": "组织生活", "数量": 8, "事由": "全年8次", "已核": "是"}
NOTHING = {"规则": None, "事由": "没有可扣的", "已核": "是"}


@pytest.mark.parametrize(
    ("row", "facts", "expected", "codes"),
    [
        ("ZB01 10 19 – 28", NOTED, "typed typed rules typed", []),
        ("ZB01 10 19 – 28", {**NOTED, "已核": "否"}, "typed typed blank typed", ["W224", "E204"]),
        ("ZB01 10 19 – 28", {**NOTED, "已核": None}, "typed typed blank typed", ["W224", "E204"]),
        ("ZB01 10 – 18 28", NOTED, "typed blank typed typed", ["E204"]),
        ("ZB01 – – – –", NOTHING, "rules rules rules rules", []),
        ("ZB01 – – – –", NOTED, "blank blank rules blank", ["E204"] * 3),
        ("ZB01 10 19 18 28", NOTED, "typed typed typed typed", []),
        ("ZB01 10 19 17 28", NOTED, "typed typed typed typed", ["W222"]),
    ],
)
def test_blank_marks_with_verified_facts_are_computed(
    row: str, facts: dict[str, Any], expected: str, codes: list[str]
) -> None:
    """工作机制好 has 20 points; eight of ten meetings cost two: 18. Unverified facts compute nothing."""
    outcome = outcome_of(with_file(BOOK, book(row, *REST, facts=facts)))
    assert states(outcome) == expected
    assert [problem.code for problem in outcome.problems if problem.file == BOOK] == codes


def test_a_computed_mark_counts_like_a_typed_one() -> None:
    computed = outcome_of(with_file(BOOK, book("ZB01 10 19 – 28", *REST, facts=NOTED)))
    assert marks_of(computed, "ZB01") == marks_of(run("ZB01 10 19 18 28", *REST), "ZB01")


@pytest.mark.parametrize(
    ("lines", "facts", "expected", "codes"),
    [
        (REST, NOTED, "blank blank rules blank", ["E219"]),
        (REST, {**NOTED, "指标": "领导班子好", "规则": "支委集中学习"}, "rules blank blank blank", ["E219"]),
        (REST, NOTHING, "rules rules rules rules", []),
        (REST, {**NOTED, "已核": "否"}, "– – – –", ["W224", "W223"]),
        ((), NOTED, "blank blank rules blank", ["E219"]),
    ],
)
def test_a_row_deleted_beside_verified_facts_is_missing_and_no_verdict_vanishes(
    lines: tuple[str, ...], facts: dict[str, Any], expected: str, codes: list[str]
) -> None:
    outcome = outcome_of(with_file(BOOK, book(*lines, facts=facts)))
    assert states(outcome) == expected
    assert [one.code for one in outcome.problems if one.file == BOOK and one.unit == "ZB01"] == codes
    assert (marks_of(outcome, "ZB01") is None) == ("E219" in codes)


# --- whom and what a rater is not asked to mark -----------------------------------------------------------


def roster(heading: str, value: str) -> bytes:
    return altered(good()[ROSTER], typed("评委", "PW1", heading, value))


DUTIES = [
    ("回避党组织", "ZB01", "– – – –", "W308"),
    ("评定范围", "ZB02、ZB03、ZB04、ZB05", "– – – –", "W231"),
    ("负责指标", "领导班子好、工作机制好", "typed – typed –", "W231"),
]


@pytest.mark.parametrize(("heading", "value", "expected", "code"), DUTIES)
def test_marks_that_a_rater_must_not_give_do_not_count_and_are_told(
    heading: str, value: str, expected: str, code: str
) -> None:
    raw = book("ZB01 10 19 18 28", *REST)
    outcome = outcome_of({**good(), BOOK: raw, ROSTER: roster(heading, value)})
    problem = next(each for each in told(outcome.problems, "W308", "W231") if each.unit == "ZB01")
    assert states(outcome) == expected
    assert problem.code == code
    assert shown_at(raw, problem.sheet, problem.cell) in ("10", "19")
    assert marks_of(outcome, "ZB01") is not None


@pytest.mark.parametrize(("heading", "value", "expected", "code"), DUTIES)
def test_who_leaves_blank_what_is_not_asked_hears_nothing(heading: str, value: str, expected: str, code: str) -> None:
    row = {"负责指标": "10 – 18 –"}.get(heading, "– – – –")
    outcome = outcome_of({**good(), BOOK: book(f"ZB01 {row}", *REST), ROSTER: roster(heading, value)})
    assert states(outcome) == expected
    assert [each.code for each in outcome.problems if each.unit == "ZB01" and each.file == BOOK] == []
    assert code in ("W308", "W231")


def test_an_indicator_that_no_standard_has_is_told() -> None:
    with pytest.raises(CannotRunError, match="“领导班子”在标准中没有；是不是“领导班子好”"):
        outcome_of({**good(), ROSTER: roster("负责指标", "领导班子")})


# --- the same branch twice --------------------------------------------------------------------------------


def repeat(mark: object, *, blank: bool = False) -> Any:  # noqa: ANN401 - an alteration
    """Return what types the first branch's row a second time, at the end."""

    def alter(workbook: Workbook) -> None:
        page = workbook["评定表"]
        first = at(page, "ZB01", "党组织编码").row
        last = at(page, "ZB05", "党组织编码").row + 1
        for column in range(1, 7):
            page.cell(last, column).value = page.cell(first, column).value if column < 3 or not blank else None
        if not blank:
            page.cell(last, 3).value = mark  # type: ignore[assignment]

    return alter


@pytest.mark.parametrize(
    ("mark", "blank", "expected", "codes"),
    [
        (10, False, "typed typed typed typed", ["N304"]),
        (None, True, "typed typed typed typed", []),
        (7, False, "– – – –", ["E305", "E305"]),
    ],
)
def test_a_branch_marked_twice_in_one_book(mark: object, *, blank: bool, expected: str, codes: list[str]) -> None:
    """Two marks of one rater for one branch must not both enter the mean."""
    outcome = outcome_of(with_file(BOOK, altered(good()[BOOK], repeat(mark, blank=blank))))
    own = [problem for problem in outcome.problems if problem.file == BOOK and problem.unit == "ZB01"]
    assert states(outcome) == expected
    assert [problem.code for problem in own] == codes
    entries = outcome.entries
    both = entries[(entries["rater"] == "PW1") & (entries["unit"] == "ZB01") & (entries["item"] == "领导班子好")]
    assert len(both) == (0 if "E305" in codes else 1)


# --- claims -----------------------------------------------------------------------------------------------


def test_a_blank_claim_is_missing_even_beside_its_facts() -> None:
    def alter(workbook: Workbook) -> None:
        typed("自评表", "2", "自评得分", None)(workbook)
        typed("扣分加分", "支委集中学习", "数量", 8)(workbook)

    raw = altered(good()[SELF], alter)
    outcome = outcome_of(with_file(SELF, raw))
    (problem,) = told(outcome.problems, "E204")
    assert (problem.unit, problem.subject, shown_at(raw, problem.sheet, problem.cell)) == ("ZB01", "第2项", "")
    assert dict(zip(outcome.results["unit"], outcome.results["composite"], strict=True))["ZB01"] is None


def test_a_zero_claim_is_a_claim() -> None:
    outcome = outcome_of(with_file(SELF, altered(good()[SELF], typed("自评表", "2", "自评得分", 0))))
    assert told(outcome.problems, "E204") == []
    entries = outcome.entries
    claim = entries[(entries["form"] == "self") & (entries["unit"] == "ZB01") & (entries["item"] == "2")]
    assert [int(value) for value in claim["value"]] == [0 * MICRO]
