"""Scoring under five-good against the same worked out by hand's way: plain loops over plain fractions."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dingji.numbers import micro
from dingji.scheme.load import load_scheme
from dingji.tables import records
from tests.drawn import Row, entries
from tests.small_standard import Scored, five_good, scored

FULL = {"领导班子好": 10, "党员队伍好": 20, "工作机制好": 20, "工作业绩好": 30}
ITEMS = (4, 2, 2, 2, 5, 5, 4, 4, 2, 5, 3, 5, 5, 2, 5, 10, 5, 10, 20)
QUESTION = "对党支部工作的总体评价"
ANSWERS = ("满意", "基本满意", "不满意", "")
BLANK = 61
UNITS = ("甲", "乙", "丙")

Fact = Mapping[str, Any]
"""What is typed under a rule: option, value, amount."""
ONCE: Mapping[str, Mapping[str, int]] = {
    "领导班子好": {"不按期换届": 2, "未按理论学习计划学习": 2, "书记未配齐": 3, "支委未配齐": 2},
    "党员队伍好": {"党费不及时或不足额": 2},
    "工作机制好": {"无年度活动计划": 2, "未编制党员信息表": 1, "流动党员管理记录不全": 1, "未形成党建带团建机制": 2},
    "工作业绩好": {"党建带团建成效不明显": 3},
}
COUNTED: Mapping[str, Mapping[str, Callable[[Fraction], Fraction]]] = {
    "领导班子好": {"支委集中学习": lambda hours: max(8 - hours, Fraction(0))},
    "党员队伍好": {
        "党员集中学习": lambda times: max(6 - times, Fraction(0)),
        "离院后未及时联系支部": lambda people: people / 2,
    },
    "工作机制好": {
        "制度未落实": lambda number: 3 * number,
        "组织生活": lambda times: max(10 - times, Fraction(0)),
        "发展流程或入党材料不规范": lambda number: number,
    },
    "工作业绩好": {"承诺事项未兑现": lambda number: 2 * number},
}
DISCRETION = {"党员要求松懈、党员群众有反映": "党员队伍好", "医德医风建设成效不明显": "工作业绩好"}


@dataclass(frozen=True)
class Case:
    """One branch as drawn; None is a blank. `books`: by rater, a mark or the facts it follows from by indicator."""

    claims: tuple[Fraction | None, ...]
    ballots: tuple[tuple[Mapping[str, Fraction | None], str], ...]
    books: tuple[Mapping[str, Fraction | list[Fact] | None], ...]
    recorded: tuple[Fact, ...]


def halves(full: int) -> st.SearchStrategy[Fraction]:
    return st.integers(0, 2 * full).map(lambda number: Fraction(number, 2))


def blankable(full: int) -> st.SearchStrategy[Fraction | None]:
    """Return marks of which most are good, some anything and few blank."""
    good = st.integers(3 * full // 2, 2 * full).map(lambda number: Fraction(number, 2))
    chances: Mapping[int, st.SearchStrategy[Fraction | None]] = {BLANK: st.none(), BLANK + 1: halves(full)}
    return st.integers(0, 99).flatmap(lambda chance: chances.get(chance, good))


def facts_of(indicator: str) -> st.SearchStrategy[list[Fact]]:
    once = [st.just({"rule": rule, "option": option}) for rule in ONCE[indicator] for option in ("是", "否")]
    counted = [st.builds(_counted(rule), halves(12)) for rule in COUNTED[indicator]]
    judged = [st.builds(_judged(rule), halves(3)) for rule, place in DISCRETION.items() if place == indicator]
    return st.lists(st.one_of(*once, *counted, *judged), max_size=5, unique_by=lambda fact: fact["rule"])


def _counted(rule: str) -> Callable[[Fraction], Fact]:
    return lambda value: {"rule": rule, "value": value}


def _judged(rule: str) -> Callable[[Fraction], Fact]:
    return lambda amount: {"rule": rule, "option": "是", "amount": amount + 1}


BOOK = st.fixed_dictionaries({name: st.one_of(blankable(full), facts_of(name)) for name, full in FULL.items()})
BALLOT = st.tuples(
    st.fixed_dictionaries({name: blankable(full) for name, full in FULL.items()}),
    st.sampled_from((*ANSWERS, *["满意"] * 12)),
)
CASES = st.builds(
    Case,
    st.tuples(*(blankable(full) for full in ITEMS)),
    st.lists(BALLOT, min_size=1, max_size=6).map(tuple),
    st.lists(BOOK, min_size=1, max_size=3).map(tuple),
    st.lists(st.sampled_from(list(FULL)).flatmap(facts_of), max_size=2).map(lambda lists: tuple(chain(*lists))),
)


# --- worked out by plain loops ----------------------------------------------------------------------------


def lost(indicator: str, facts: list[Fact], recorded: list[Fact] | None = None) -> Fraction | None:
    """Return the points off, `recorded` beside; None where two amounts are told of one thing.

    Figures of one rule told twice are one figure; what counts once is told by 平时记录 where they have it.
    """
    figures, once = dict[str, Fraction](), dict[str, set[Fraction]]()
    for told in (facts, recorded or []):
        here = dict[str, set[Fraction]]()
        for fact in told:
            rule = fact["rule"]
            if rule in COUNTED[indicator]:
                figures[rule] = figures.get(rule, Fraction(0)) + fact["value"]
            elif fact["option"] == "是":
                amount = fact["amount"] if rule in DISCRETION else Fraction(ONCE[indicator][rule])
                here.setdefault(rule, set()).add(amount)
        once |= here
    if any(len(amounts) > 1 for amounts in once.values()):
        return None
    total = sum((amount for amounts in once.values() for amount in amounts), Fraction(0))
    return total + sum((COUNTED[indicator][rule](figure) for rule, figure in figures.items()), Fraction(0))


def average(marks: list[Fraction | None]) -> Fraction | None:
    known = [mark for mark in marks if mark is not None]
    return sum(known, Fraction(0)) / len(known) if known and len(known) == len(marks) else None


def total(marks: list[Fraction | None]) -> Fraction | None:
    known = [mark for mark in marks if mark is not None]
    return sum(known, Fraction(0)) if len(known) == len(marks) else None


def satisfaction(case: Case) -> Fraction | None:
    """Return the points for 群众反映好."""
    if not case.ballots:
        return None
    rate = Fraction(sum(answer in ANSWERS[:2] for _, answer in case.ballots), len(case.ballots))
    steps = ((Fraction("0.9"), 20), (Fraction("0.8"), 15), (Fraction("0.7"), 10))
    return Fraction(next((points for bound, points in steps if rate >= bound), 5))


def survey(case: Case) -> Fraction | None:
    answered = {name: [marks[name] for marks, _ in case.ballots if marks[name] is not None] for name in FULL}
    return total([*(average(marks) for marks in answered.values()), satisfaction(case)])


def committee(case: Case) -> Fraction | None:
    marks: list[Fraction | None] = [satisfaction(case)]
    for name, full in FULL.items():
        own = [fact for fact in case.recorded if fact["rule"] in _rules(name)]
        told = [(book[name], facts) for book in case.books for facts in [_facts(book[name])]]
        raters = [max(Fraction(0), full - (lost(name, facts) or Fraction(0))) if isinstance(mark, list) else mark
                  for mark, facts in told]  # fmt: skip
        more = average([_more(name, facts, own) for _, facts in told])
        mark = average(raters)
        marks.append(None if mark is None or more is None else min(max(mark - more, Fraction(0)), Fraction(full)))
    return total(marks)


def _facts(mark: Fraction | list[Fact] | None) -> list[Fact]:
    return mark if isinstance(mark, list) else []


def _more(indicator: str, facts: list[Fact], recorded: list[Fact]) -> Fraction | None:
    """Return what 平时记录 take beside what a rater has taken."""
    both, alone = lost(indicator, facts, recorded), lost(indicator, facts)
    return None if both is None or alone is None else both - alone


def _rules(indicator: str) -> set[str]:
    return {*ONCE[indicator], *COUNTED[indicator], *(rule for rule, place in DISCRETION.items() if place == indicator)}


def expected(case: Case) -> dict[str, Any]:
    scores = {"自评": total(list(case.claims)), "党群评分": survey(case), "党委评定": committee(case)}
    parts = [
        None if score is None else score * weight for score, weight in zip(scores.values(), (30, 30, 40), strict=True)
    ]
    whole = total(parts)
    points = satisfaction(case)
    vetoed = points is not None and points < 12
    if whole is None:
        return {"scores": scores, "composite": None, "computed": "后进" if vetoed else ""}
    composite = Fraction(int(whole + Fraction(1, 2)), 100)
    grade = "好" if composite >= 90 else "较好" if composite >= 80 else "一般" if composite >= 60 else "后进"
    return {"scores": scores, "composite": composite, "computed": "后进" if vetoed else grade}


# --- the same as entries ----------------------------------------------------------------------------------


def number(value: Fraction | None) -> int | None:
    return None if value is None else micro(Decimal(value.numerator) / Decimal(value.denominator))


def mark(unit: str, form: str, source: str, item: str, value: Fraction | None, **more: Any) -> Row:  # noqa: ANN401
    state = "blank" if value is None else "typed"
    own = {"unit": unit, "form": form, "source": source, "part": "mark", "item": item}
    return {**own, "value": number(value), "state": state, **more}


def fact_rows(unit: str, facts: list[Fact], **own: str) -> list[Row]:
    kept = ("value", "amount")
    return [
        {"unit": unit, "part": "fact", **own, **fact, **{key: number(fact.get(key)) for key in kept}} for fact in facts
    ]


def rows_of(unit: str, case: Case) -> list[Row]:
    found = [mark(unit, "self", "自评", str(no), claim) for no, claim in enumerate(case.claims, start=1)]
    for place, (marks, answer) in enumerate(case.ballots):
        more = {"rater": str(place), "file": f"{unit}测评"}
        found += [mark(unit, "survey", "党群评分", name, value, **more) for name, value in marks.items()]
        state = "typed" if answer else "blank"
        found.append(mark(unit, "survey", "党群评分", QUESTION, None, **more) | {"option": answer, "state": state})
    for place, book in enumerate(case.books):
        own = {"rater": f"评委{place}", "form": "committee", "source": "党委评定"}
        for name, marked in book.items():
            facts = marked if isinstance(marked, list) else []
            line = mark(unit, own["form"], own["source"], name, None if isinstance(marked, list) else marked)
            found.append(line | {"rater": own["rater"]} | ({"state": "rules"} if isinstance(marked, list) else {}))
            found += fact_rows(unit, facts, **own)
    return found + fact_rows(unit, list(case.recorded), form="records")


def graded(cases: list[Case], rows: list[Row] | None = None) -> Scored:
    rows = rows or [row for unit, case in zip(UNITS, cases, strict=False) for row in rows_of(unit, case)]
    return scored(five_good(), entries(rows), UNITS[: len(cases)], round_name="年初")


BOUNDED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@BOUNDED
@given(st.lists(CASES, min_size=1, max_size=2))
def test_every_figure_and_grade_equals_the_oracle(cases: list[Case]) -> None:
    found = graded(cases)
    for unit, case in zip(UNITS, cases, strict=False):
        row = found.by_unit[unit]
        assert {name: row[name] for name in ("scores", "composite", "computed")} == expected(case)
        assert row["settled"] is bool(row["computed"])


@settings(BOUNDED, max_examples=20)
@given(st.lists(CASES, min_size=2, max_size=3), st.integers(0, 2**16))
def test_the_order_of_rows_never_matters(cases: list[Case], seed: int) -> None:
    rows = [row for unit, case in zip(UNITS, cases, strict=False) for row in rows_of(unit, case)]
    shuffled = random.Random(seed).sample(rows, len(rows))
    assert records(graded(cases, rows).scores.results) == records(graded(cases, shuffled).scores.results)


MORE = Path(__file__).parents[1] / "schemes" / "five-good.toml"
NEVER = '  { name = "从未发生的事", item = 17, unit = "次", over = 99, each = -30 },\n  { name = "承诺事项未兑现"'


@settings(BOUNDED, max_examples=15)
@given(CASES)
def test_a_rule_that_nobody_uses_changes_nothing(case: Case) -> None:
    text = MORE.read_text("utf-8").replace('  { name = "承诺事项未兑现"', NEVER)
    scheme, _ = load_scheme(text.encode())
    assert scheme is not None
    assert len(scheme.indicators[3].rules) == len(five_good().indicators[3].rules) + 1
    table = entries(rows_of("甲", case))
    with_it, without = (scored(either, table, "甲", round_name="年初") for either in (scheme, five_good()))
    assert records(with_it.scores.results) == records(without.scores.results)
    assert records(with_it.scores.trail.table()) == records(without.scores.trail.table())
