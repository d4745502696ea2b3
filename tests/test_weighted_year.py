"""A figure of two rounds through real workbooks: a record counts in the round of its day."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from dingji.forms.filling import Cells
from dingji.outcome import Outcome
from dingji.pipeline import Prepared, grade
from dingji.round_days import Round, RoundDays
from dingji.scheme.model import Scheme
from dingji.tables import records
from dingji.workspace import Settings, StandardChoice
from tests.case_books import Books, Files, Rater, Unit
from tests.papers import read_by
from tests.small_standard import COMMITTEE, indicator, rules, standard

UNIT = Unit("A1", "一支部")
RATER: Rater = ("PW1", "评委一", "评定")
HALF, YEAR = "2026 半年", "2026 年终"
CALENDAR = [
    RoundDays(round="半年", begins="2026-01-01", ends="2026-06-30"),
    RoundDays(round="年终", begins="2026-07-01", ends="2026-12-31"),
]


def year(rows: list[Cells], *, calendar: list[RoundDays]) -> Outcome:
    """Grade one branch: 80 at half-year and 90 at year-end, with records on the form of the year's end."""
    head = 'scaled = true\nrounds = { "半年" = 40, "年终" = 60 }\n'
    team = indicator("班子", 100, rules('name = "通报", unit = "次", each = -5'))
    scheme: Scheme = standard(head + COMMITTEE + team)
    round_ = Round(year=2026, name="年终")
    settings = Settings(round=round_, calendar=calendar, standard=StandardChoice(default="small"))
    prepared = Prepared(settings, {"small": scheme}, ())
    half, whole = Books(scheme, HALF, date(2026, 6, 1)), Books(scheme, YEAR, date(2026, 12, 1))
    files: Files = {**whole.roster([UNIT], [RATER]), **whole.records(rows)}
    files |= half.book(RATER, {UNIT: "80"}) | whole.book(RATER, {UNIT: "90"})
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
