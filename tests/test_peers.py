"""互评 of which lots are drawn: balanced, the same for the same seed; forms, reading and scoring go by one draw."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from io import BytesIO

import pytest
from openpyxl import load_workbook

from dingji.drawing import drawn_to_rate, in_drawn_order
from dingji.forms.handout import handouts
from dingji.outcome import Outcome
from dingji.pipeline import grade, unsettled
from dingji.prepare import Prepared
from dingji.problems import describe
from dingji.reports.view import OutcomeView
from dingji.round_days import Round
from dingji.scheme.model import Scheme
from dingji.scheme.sentences import as_lines
from dingji.settings import Settings, StandardChoice
from dingji.tables import BRANCHES, RATERS, table
from tests.case_books import Books, Files, Unit
from tests.papers import read_by
from tests.small_standard import GRADES, findings, indicator, standard

NAMES = [f"A{number}" for number in range(1, 10)]
DRAWN = '[[sources]]\nname = "互评"\nform = "peer"\nmarks = "total"\nweight = 100\nrates = {each}\nseed = {seed}\n'
YOUNG = '[[situations]]\nname = "新成立"\nwhen = "类别 = \'新\'"\nno_grade = "不定"\nexcused = true\n'


def drawn(each: int = 3, seed: int = 7, more: str = "") -> Scheme:
    return standard(GRADES + DRAWN.format(each=each, seed=seed) + indicator("班子", 100) + more)


# --- the draw ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("each", [1, 2, 3, 8, 20])
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("guests", [0, 1, 4])
def test_everybody_is_rated_equally_often_and_nobody_rates_itself(each: int, seed: int, guests: int) -> None:
    rated = NAMES[: len(NAMES) - guests]
    found = drawn_to_rate(NAMES, rated, each, seed)
    counts = Counter(unit for others in found.values() for unit in others)
    assert sorted(found) == sorted(NAMES)
    assert not [unit for unit, others in found.items() if unit in others]
    assert {len(found[unit]) for unit in rated} == {min(each, len(rated) - 1)}
    assert set(counts) == set(rated)
    assert max(counts.values()) - min(counts.values()) <= 1


def test_the_same_seed_draws_the_same_whatever_the_order_of_the_roster() -> None:
    assert drawn_to_rate(NAMES, NAMES, 3, 7) == drawn_to_rate(NAMES[::-1], NAMES[::-1], 3, 7)
    assert len({tuple(in_drawn_order(NAMES, seed)) for seed in range(20)}) > 15


def test_who_leaves_changes_no_lot_but_those_that_drew_it() -> None:
    before, after = drawn_to_rate(NAMES, NAMES, 3, 7), drawn_to_rate(NAMES[1:], NAMES[1:], 3, 7)
    assert all(before[unit] - {NAMES[0]} <= after[unit] for unit in NAMES[1:])


# --- forms that carry only the lots, read back ----------------------------------------------------------------

UNITS = [Unit(name, f"{name}支部", category="新" if name == "A9" else "") for name in NAMES]


def forms(scheme: Scheme, spared: str = "") -> Files:
    """Return 互评表 as handed out, by the branch that rates; `spared` is marked by nobody."""
    rows = [
        {"unit": unit.code, "name": unit.name, "parent": unit.parent, "category": unit.category, "members": 40}
        for unit in UNITS
    ]
    branches = table(BRANCHES, rows).assign(asked=[unit.code != spared for unit in UNITS])
    files = handouts(scheme, "2026 年终", branches, table(RATERS, []))
    return {path.split("/")[0][:2]: raw for path, raw in files if "互评表" in path}


def rows_of(raw: bytes) -> dict[str, int]:
    """Return the row (from 1) of a form in which each branch stands, by code; its own is in the head."""
    found = enumerate(load_workbook(BytesIO(raw))["评定表"].iter_rows(values_only=True), start=1)
    return {str(value): row for row, cells in found for value in cells if value in NAMES}


def filled(raw: bytes, mark: int, more: str = "", without: str = "") -> bytes:
    """Mark every branch of a form; `more` is added below, `without` taken out."""
    book = load_workbook(BytesIO(raw))
    sheet = book["评定表"]
    rows = [[str(value).split("\n")[0] for value in row] for row in sheet.iter_rows(values_only=True)]
    top = next(number for number, row in enumerate(rows, start=1) if {"党组织编码", "评分"} <= set(row))
    code, column = (rows[top - 1].index(heading) + 1 for heading in ("党组织编码", "评分"))
    below = {unit: row for unit, row in rows_of(raw).items() if row > top}
    for unit, row in below.items():
        if unit == without:
            sheet.cell(row, code).value = sheet.cell(row, code + 1).value = None
        else:
            sheet.cell(row, column).value = mark
    for place, value in ((code, more), (code + 1, f"{more}支部"), (column, 100)) if more else ():
        sheet.cell(max(below.values()) + 1, place).value = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def run(scheme: Scheme, files: Files) -> Outcome:
    books = Books(scheme, "2026 年终", date(2026, 12, 1))
    everything = {**books.roster(UNITS, []), **{f"互评/{unit}.xlsx": raw for unit, raw in files.items()}}
    settings = Settings(round=Round(year=2026, name="年终"), standard=StandardChoice(default="small"))
    prepared = Prepared(settings, {"small": scheme}, ())
    return grade(prepared, [read_by(raw, prepared.plan, path) for path, raw in everything.items()])


def composites(outcome: Outcome) -> dict[str, Fraction | None]:
    return {unit: row["composite"] for unit, row in OutcomeView(outcome).results.items()}


def told(outcome: Outcome, code: str) -> list[str]:
    return [describe(problem).text for problem in outcome.problems if problem.code == code]


@pytest.fixture(scope="module")
def handed_out() -> Files:
    return forms(drawn())


def test_a_form_carries_the_drawn_rows_alone_and_says_so(handed_out: Files) -> None:
    lots = drawn_to_rate(NAMES, NAMES, 3, 7)
    for unit, raw in handed_out.items():
        own = set(rows_of(raw)) - {unit}
        assert own == lots[unit]
    texts = [str(cell.value) for row in load_workbook(BytesIO(handed_out["A1"]))["评定表"].iter_rows() for cell in row]
    assert any("由抽签定（种子 7）" in text for text in texts)


def test_marks_of_the_lots_are_averaged_and_others_are_named_and_left_out(handed_out: Files) -> None:
    """Everybody gives its number × 10; A1 also marks itself, A2 one that it did not draw."""
    lots = drawn_to_rate(NAMES, NAMES, 3, 7)
    stranger = next(unit for unit in NAMES if unit not in lots["A2"] | {"A2"})
    more = {"A1": "A1", "A2": stranger}
    marked = {unit: filled(raw, int(unit[1]) * 10, more.get(unit, "")) for unit, raw in handed_out.items()}
    outcome = run(drawn(), marked)
    expected = {
        unit: round(Fraction(sum(int(by[1]) * 10 for by, others in lots.items() if unit in others), 3), 2)
        for unit in NAMES
    }
    assert composites(outcome) == expected
    (own,), (other,) = told(outcome, "W308"), told(outcome, "W644")
    assert "A1支部" in own
    assert "A2支部" in other


def test_lots_drawn_anew_after_the_forms_went_out_want_a_person(handed_out: Files) -> None:
    """No mark counts for anybody whom the seed of today did not give it, and that so many are lost is not let pass."""
    marked = {unit: filled(raw, 90) for unit, raw in handed_out.items()}
    before, now = (drawn_to_rate(NAMES, NAMES, 3, seed) for seed in (7, 8))
    outcome = run(drawn(seed=8), marked)
    others = [unit for unit in NAMES if before[unit] != now[unit]]
    assert {line.partition("，")[0].split()[-1] for line in told(outcome, "E685")} == {
        f"互评/{unit}.xlsx" for unit in others
    }
    assert unsettled(outcome)
    counted = outcome.entries[(outcome.entries["form"] == "peer") & (outcome.entries["part"] == "mark")]
    pairs = set(zip(counted["rater"], counted["unit"], strict=True))
    assert pairs == {(unit, other) for unit in NAMES for other in before[unit] & now[unit]}


def test_a_lot_that_was_taken_out_of_the_form_is_missed(handed_out: Files) -> None:
    lots = drawn_to_rate(NAMES, NAMES, 3, 7)
    gone = min(lots["A1"])
    marked = {unit: filled(raw, 90, without=gone if unit == "A1" else "") for unit, raw in handed_out.items()}
    (missed,) = told(run(drawn(), marked), "W223")
    assert "A1支部" in missed
    assert f"{gone}支部" in missed


def test_who_is_excused_rates_and_is_not_rated() -> None:
    scheme = drawn(more=YOUNG)
    handed = forms(scheme, spared="A9")
    assert all("A9" not in set(rows_of(raw)) - {unit} for unit, raw in handed.items())
    outcome = run(scheme, {unit: filled(raw, 90) for unit, raw in handed.items()})
    assert {unit: figure for unit, figure in composites(outcome).items() if figure != 90} == {"A9": None}
    assert not told(outcome, "W644") + told(outcome, "W223")


# --- in a standard --------------------------------------------------------------------------------------------


def test_the_draw_is_told_and_its_mistakes_are_found() -> None:
    assert "每个评 3 个，由抽签定谁评谁（种子 7）" in "\n".join(as_lines(drawn()))
    plain = GRADES + DRAWN.format(each=3, seed=7) + indicator("班子", 100)
    for before, after, words in (
        ("seed = 7\n", "", "要写抽签的种子 seed"),
        ("rates = 3\n", "", "seed 用不上"),
        ('form = "peer"', 'form = "committee"', "rates 只用于互评表"),
        ("rates = 3", "rates = 3\nmin_raters = 4", "都不会够"),
    ):
        assert any(words in finding.text for finding in findings(plain.replace(before, after))), words
