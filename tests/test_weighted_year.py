"""A figure of two rounds through real workbooks: a record counts in the round of its day."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from dingji.forms.committee_forms import decision_form
from dingji.forms.filling import Cells
from dingji.forms.office_forms import correction_form
from dingji.outcome import Outcome
from dingji.pipeline import grade
from dingji.prepare import Prepared
from dingji.round_days import Round, RoundDays
from dingji.scheme.model import Scheme
from dingji.settings import Settings, StandardChoice
from dingji.tables import records
from tests.case_books import Books, Files, Rater, Unit
from tests.papers import read_by
from tests.small_standard import COMMITTEE, GRADES, indicator, rules, standard

UNIT = Unit("A1", "一支部")
RATER: Rater = ("PW1", "评委一", "评定")
HALF, YEAR = "2026 半年", "2026 年终"
CALENDAR = [
    RoundDays(round="半年", begins="2026-01-01", ends="2026-06-30"),
    RoundDays(round="年终", begins="2026-07-01", ends="2026-12-31"),
]


HEAD = 'scaled = true\nrounds = { "半年" = 40, "年终" = 60 }\n'
SCHEME: Scheme = standard(
    HEAD + GRADES + COMMITTEE + indicator("班子", 100, rules('name = "通报", unit = "次", each = -5'))
)
AT_HALF, AT_END = Books(SCHEME, HALF, date(2026, 6, 1)), Books(SCHEME, YEAR, date(2026, 12, 1))


def year(
    rows: list[Cells],
    *,
    calendar: list[RoundDays],
    marks: tuple[str, str] = ("80", "90"),
    office: Files | None = None,
    scheme: Scheme = SCHEME,
) -> Outcome:
    """Grade one branch: 80 at half-year and 90 at year-end, with records on the form of the year's end."""
    at_half, at_end = Books(scheme, HALF, date(2026, 6, 1)), Books(scheme, YEAR, date(2026, 12, 1))
    round_ = Round(year=2026, name="年终")
    settings = Settings(round=round_, calendar=calendar, standard=StandardChoice(default="small"))
    prepared = Prepared(settings, {"small": scheme}, ())
    files: Files = {**at_end.roster([UNIT], [RATER]), **at_end.records(rows)}
    files |= at_half.book(RATER, {UNIT: marks[0]}) | at_end.book(RATER, {UNIT: marks[1]}) | (office or {})
    return grade(prepared, [read_by(raw, prepared.plan, path) for path, raw in files.items()])


def record(day: str) -> Cells:
    return {**UNIT.identity, "日期": date.fromisoformat(day), "指标": "班子", "规则": "通报", "数量": 1, "事由": "通报"}


def composite(outcome: Outcome) -> Fraction | None:
    figure: Fraction | None = records(outcome.results)[0]["composite"]
    return figure


def test_a_record_counts_in_the_round_of_its_day() -> None:
    """5 off the half-year's 80 and 10 off the year-end's 90, though all stand on one form; one is of no round."""
    rows = [record(day) for day in ("2026-03-01", "2026-09-01", "2026-11-01", "2025-12-31")]
    outcome = year(rows, calendar=CALENDAR)
    assert composite(outcome) == Fraction("0.4") * 75 + Fraction("0.6") * 80
    told = [(problem.code, problem.found) for problem in outcome.problems if problem.code == "W228"]
    assert told == [("W228", "2025-12-31")]


def test_without_a_calendar_a_record_is_of_the_round_of_its_form() -> None:
    outcome = year([record("2026-03-01")], calendar=[])
    assert composite(outcome) == Fraction("0.4") * 80 + Fraction("0.6") * 85


def decision(books: Books, grade_given: str) -> Files:
    row: Cells = {**UNIT.identity, "审定等次": grade_given, "理由": "研究"}
    return books.office(decision_form(SCHEME, books.label), {"审定表": [row]})


def test_what_was_decided_at_half_year_is_not_the_years_grade() -> None:
    """Both forms lie in input/ at the year's end; the half-year's word is neither taken nor in the way."""
    outcome = year([], calendar=CALENDAR, office=decision(AT_HALF, "好"))
    assert records(outcome.results)[0]["decided"] == ""
    outcome = year([], calendar=CALENDAR, office=decision(AT_HALF, "好") | decision(AT_END, "一般"))
    assert records(outcome.results)[0]["decided"] == "一般"
    assert [problem.code for problem in outcome.problems if problem.code == "E305"] == []


def test_a_correction_is_of_the_round_of_its_form() -> None:
    """The rater typed 80 both times; only the mark of the year's end was wrong."""
    row: Cells = {**UNIT.identity, "来源": "评定", "指标": "班子", "原值": 80, "更正值": 70, "理由": "笔误"}
    office = AT_END.office(correction_form(SCHEME, YEAR), {"更正表": [row]})
    outcome = year([], calendar=CALENDAR, marks=("80", "80"), office=office)
    assert composite(outcome) == Fraction("0.4") * 80 + Fraction("0.6") * 70


BONUS = """
[[indicators]]
name = "加分"
bonus = true
rules = [{ name = "表彰", unit = "次", each = 1 }]
"""


def with_bonus(head: str = HEAD, more: str = "") -> Scheme:
    return standard(head + more + GRADES + COMMITTEE + indicator("班子", 100) + BONUS)


def bonus(scheme: Scheme, half: int, year_end: int) -> Files:
    """Return the claims approved at half-year and at the year's end."""
    row: Cells = {**UNIT.identity, "加分项": "表彰", "依据": "文", "审核意见": "同意"}
    books = Books(scheme, HALF, date(2026, 6, 1)), Books(scheme, YEAR, date(2026, 12, 1))
    claims = zip(books, (half, year_end), strict=True)
    return {path: raw for own, times in claims if times for path, raw in own.bonus([{**row, "数量": times}]).items()}


@pytest.mark.parametrize(
    ("half", "year_end", "limit", "printed", "told"),
    [
        (0, 5, "", "91", "年终加分 5 → 91.00"),
        (4, 0, "", "90", "半年加分 4 → 90.00"),
        (4, 5, "", "95", "半年加分 4 ＋ 年终加分 5 → 95.00"),
        (4, 9, "max = 97\n", "97",
         "半年加分 4 ＋ 年终加分 9 ＝ 99，以 97 为限 → 97.00"),
        (0, 0, "", "86", ""),
    ],
)  # fmt: skip
def test_a_bonus_is_added_once_as_it_stands_after_the_weighting(
    half: int, year_end: int, limit: str, printed: str, told: str
) -> None:
    """评定 86 and 加分 5 are 91 on the paper, not 89."""
    scheme = with_bonus(more=limit)
    outcome = year([], calendar=CALENDAR, office=bonus(scheme, half, year_end), scheme=scheme)
    (row,) = records(outcome.results)
    assert (row["scores"]["评定"], row["bonus"], row["composite"]) == (86, half + year_end, Fraction(printed))
    (words,) = (step["words"] for step in records(outcome.trail.table()) if step["words"].startswith("各轮"))
    weighted = "半年 80×40% ＋ 年终 90×60%"
    assert words == (f"各轮合成（各轮先不含加分）：{weighted} ＋ {told}" if told else f"各轮合成：{weighted} → 86.00")


def test_rounds_that_are_summed_keep_each_its_own_limit() -> None:
    scheme = with_bonus('rounds = { "半年" = 100, "年终" = 100 }\n', "max = 93\n")
    outcome = year([], calendar=CALENDAR, office=bonus(scheme, 2, 5), scheme=scheme)
    assert composite(outcome) == 82 + 93
