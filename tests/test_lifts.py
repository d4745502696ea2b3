"""差多少升一档: the smallest change that lifts a grade equals what trying every amount comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from dingji.intake.earlier import Earlier
from dingji.reports.lift_words import lift_line
from dingji.scheme.load import load_scheme
from dingji.scoring.basis import Basis
from dingji.scoring.score import Group
from dingji.supposing.copies import Ask, Change, Copies
from dingji.supposing.lifts import lifts_of
from dingji.supposing.moves import Move, labelled, moves_of
from dingji.tables import records
from tests import random_standards
from tests.drawn import Row, ballots, entries, facts, marks, situations, tally
from tests.drawn_groups import drawn_basis
from tests.random_standards import LABELS, UNITS, Branch, Drawn, cases, expected, roster_of, rows_of
from tests.small_standard import COMMITTEE, GRADES, HEAD, indicator, rules, standard
from tests.workspaces import PROGRAM, command, scheme

STANDARDS = ("five-good", "three-party", "seven-indicators", "service", "star-branch")
SIZE = 210
LONG = ("points", "mark")
"""Moves in steps of a hundredth: for these it is held that the amount lifts, and that one step less does not."""


def grades_of(basis: Basis) -> dict[str, str]:
    return {row["unit"]: row["computed"] for row in records(basis.scored().results)}


def changed(frame: pd.DataFrame, changes: Sequence[Change]) -> pd.DataFrame:
    """Return entries changed by plain rows, one after the other."""
    rows = {int(label): row for label, row in zip(frame.index, records(frame), strict=True)}
    more = []
    for change in changes:
        more += [{**rows[label], **said} for label, said in change.added]
        for label, said in change.altered:
            rows[label] = {**rows[label], **said}
        for label in change.dropped:
            del rows[label]
    return entries([*rows.values(), *more])


def after(basis: Basis, asks: Sequence[Ask]) -> dict[str, str]:
    """Return the grades of all with some branches changed: by scoring the whole again."""
    entered = replace(basis, entries=changed(basis.entries, [change for _, change in asks]))
    laid = [(unit, Change(laid=change.laid, composite=change.composite)) for unit, change in asks]
    whole = Copies(entered, basis.groups[0]).all_with(*laid)
    return dict(zip(basis.groups[0].units, whole.state.computed, strict=True))


@pytest.mark.parametrize("name", STANDARDS)
def test_the_smallest_change_is_what_trying_every_amount_comes_to(name: str) -> None:
    """Every amount of votes, facts and situations is tried; what is found lifts when the whole is scored again."""
    drawn = scheme(name)
    alone = drawn.model_copy(update={"quotas": [quota for quota in drawn.quotas if not quota.grade]})
    basis = drawn_basis(alone, SIZE, 7, raters=2)
    computed = grades_of(basis)
    order = [grade.name for grade in alone.grades]
    assert len(Counter(computed.values())) >= 3
    units = [unit for unit, grade in computed.items() if grade in order[1:]]
    found = lifts_of(basis, list(computed), computed)
    assert set(found) == set(units)
    copies = Copies(basis, basis.groups[0])
    whole = copies.all_with()
    tried = [
        (unit, move, amount)
        for unit in units
        for move in moves_of(alone, labelled(copies.rows([unit])), whole, copies.place[unit], basis.round_name)
        for amount in _tried(move, {_key(lift.move): lift.amount for lift in found[unit].lifts})
    ]
    came = copies.found([(unit, move.change(amount)) for unit, move, amount in tried])
    first: dict[tuple[str, tuple[str, ...]], int] = {}
    for (unit, move, amount), one in zip(tried, came, strict=True):
        if 0 <= one.rank < order.index(computed[unit]):
            first.setdefault((unit, _key(move)), amount)
    assert first == {(unit, _key(lift.move)): lift.amount for unit in units for lift in found[unit].lifts}
    for turn in range(max(len(one.lifts) for one in found.values())):
        lifts = {unit: found[unit].lifts[turn] for unit in units if len(found[unit].lifts) > turn}
        grades = after(basis, [(unit, lift.move.change(lift.amount)) for unit, lift in lifts.items()])
        assert {unit: grades[unit] for unit in lifts} == {unit: lift.grade for unit, lift in lifts.items()}


def _key(move: Move) -> tuple[str, ...]:
    return move.kind, move.subject, move.group


def _tried(move: Move, found: Mapping[tuple[str, ...], int]) -> Sequence[int]:
    """Return every amount; of hundredths of a point the one found and one step less, or the most."""
    if move.kind not in LONG:
        return range(1, move.most + 1)
    amount = found.get(_key(move), move.most)
    return [one for one in (amount - 1, amount) if one]


# --- quotas, against plain loops --------------------------------------------------------------------------


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_under_quotas_a_change_has_to_carry_past_them(case: tuple[Drawn, tuple[Branch, ...]]) -> None:
    """The smallest composite, and the smallest number of situations and times not told, by plain loops."""
    drawn, branches = case
    loaded, _ = load_scheme((HEAD + drawn.toml()).encode())
    assert loaded is not None
    units = UNITS[: len(branches)]
    group = Group(loaded, units, roster_of(branches))
    basis = Basis(entries(rows_of(drawn, branches)), [group], "", "2026 ", Earlier())
    computed = grades_of(basis)
    found = lifts_of(basis, units, computed)
    assert computed == {unit: one.grade for unit, one in zip(units, expected(drawn, branches), strict=True)}
    assert set(found) == {unit for unit in units if computed[unit] in LABELS[1:]}
    for unit in found:
        place = units.index(unit)
        told = {_key(lift.move)[:2]: lift for lift in found[unit].lifts}
        points = told.get(("points", ""))
        if drawn.ties != '"all"':  # there standing exactly level may help, and more not
            assert (points.more if points and not points.beyond else None) == _lacking(drawn, branches, place)
        for name in branches[place].declared:
            without = replace(branches[place], declared=branches[place].declared - {name})
            rises = _rises(drawn, [*branches[:place], without, *branches[place + 1 :]], place, computed[unit])
            lift = told.get(("situation", name))
            assert rises == (lift is not None and not lift.beyond)


def _rises(drawn: Drawn, branches: Sequence[Branch], place: int, before: str) -> bool:
    grade = expected(drawn, branches)[place].grade
    return grade in LABELS[: LABELS.index(before)]


def _lacking(drawn: Drawn, branches: Sequence[Branch], place: int) -> Fraction | None:
    """Return by how many hundredths the composite has to be higher, by trying; None where none is enough."""
    own, before = branches[place], expected(drawn, branches)[place].grade
    reckoned = random_standards.composite
    if own.declared & {"清零", "罚分"}:
        return None
    base = reckoned(drawn, own)

    def lifted(amount: int) -> bool:
        with pytest.MonkeyPatch.context() as patch:
            supposed = base + Fraction(amount, 100)
            patch.setattr(
                random_standards, "composite", lambda standard, one: supposed if one is own else reckoned(standard, one)
            )
            return _rises(drawn, branches, place, before)

    scores = [one.score for one in expected(drawn, branches)]
    top = int((max([Fraction(drawn.full), *map(Fraction, drawn.bounds), *scores]) - base) * 100) + 200
    bounds = [*map(Fraction, drawn.bounds), *scores]
    edges = {int((bound - base) * 100) + more for bound in bounds for more in (0, 1)}
    lacking = next((Fraction(amount, 100) for amount in sorted({*edges, top}) if amount > 0 and lifted(amount)), None)
    best = max([Fraction(drawn.full), *map(Fraction, drawn.bounds)])
    return None if lacking is None or base + lacking > best else lacking


# --- sentences --------------------------------------------------------------------------------------------

MASSES = """
[[sources]]
name = "测评"
form = "survey"
marks = "options"
questions = ["总评"]
options = { "满意" = 100, "基本满意" = 60, "不满意" = 0 }
shares = { "满意率" = ["满意", "基本满意"] }
weight = 0
"""
READ = 'rules = [{ name = "满意率低", of = "满意率", bands = [{ from = "80%", points = 0 }, { points = -10 }] }]'
POPULAR = (
    GRADES
    + MASSES
    + COMMITTEE
    + indicator("群众反映好", 20, READ)
    + indicator("班子", 80, rules('name = "组织生活", unit = "次", under = 10, each = -3'))
    + '[[situations]]\nname = "群众反映好低于12分"\nwhen = "群众反映好 < 12"\ngrade = "差"\n'
)


def basis_of(text: str, *rows: Sequence[Row]) -> Basis:
    """Return drawn rows under a small standard, of the branches that they name."""
    table = entries(*rows)
    group = Group(standard(text), list(dict.fromkeys(table["unit"])), {})
    return Basis(table, [group], "", "2026 ", Earlier())


def line(text: str, *rows: Sequence[Row]) -> str:
    """Return what explain says of 甲."""
    basis = basis_of(text, *rows)
    return lift_line(lifts_of(basis, ["甲"], grades_of(basis)).get("甲"))


def test_a_ballot_more_lifts_a_branch_out_of_a_veto() -> None:
    votes = tally("支部 | 项目 | 满意 | 基本满意 | 不满意\n甲 | 总评 | 10 | 1 | 3", "测评")
    marked = marks("支部 | 评委 | 班子\n甲 | 一 | 50", "评定")
    assert line(POPULAR, votes, marked) == (
        "差多少升一档：要升到“一般”，测评有1张票由“不满意”改为“满意”，群众反映好即为20分，不再有“群众反映好低于12分”；"
        "或测评再多1张“满意”票，群众反映好即为20分，不再有“群众反映好低于12分”"
    )
    one_by_one = ballots("支部 | 张数 | 总评\n甲 | 11 | 满意\n甲 | 3 | 不满意", "测评")
    assert "再多1张“满意”票" in line(POPULAR, one_by_one, marked)
    lost = tally("支部 | 项目 | 满意 | 基本满意 | 不满意\n甲 | 总评 | 1 | 0 | 9", "测评")
    low = marks("支部 | 评委 | 班子\n甲 | 一 | 10", "评定")
    assert line(POPULAR, lost, low) == "差多少升一档：只改一处不够（有“群众反映好低于12分”）"


def test_a_fact_a_mark_and_a_situation_lift() -> None:
    votes = tally("支部 | 项目 | 满意 | 基本满意 | 不满意\n甲 | 总评 | 10 | 0 | 0", "测评")
    marked = marks("支部 | 评委 | 班子\n甲 | 一 | 规则", "评定")
    told = facts("支部 | 评委 | 规则 | 数量\n甲 | 一 | 组织生活 | 6", "committee", "评定")
    assert line(POPULAR, votes, marked, told) == (
        "差多少升一档：要升到“好”，综合得分再高2分；或评定再高2分；或“组织生活”再多1次"
    )
    case = POPULAR + '[[situations]]\nname = "案件"\nat_most = "一般"\n'
    typed = marks("支部 | 评委 | 班子\n甲 | 一 | 75", "评定")
    assert line(case, votes, typed, situations("支部 | 情形\n甲 | 案件")) == ("差多少升一档：要升到“好”，没有“案件”")


def test_a_quota_is_told_with_the_places_to_its_edge() -> None:
    text = GRADES + COMMITTEE + indicator("班子", 100) + '[[quotas]]\ngrade = "好"\nat_most = 2\n'
    marked = marks("支部 | 评委 | 班子\n甲 | 一 | 91\n乙 | 一 | 95\n丙 | 一 | 94\n丁 | 一 | 92", "评定")
    assert line(text, marked) == (
        "差多少升一档：要升到“好”，综合得分再高3.01分；或评定再高3.01分。名额所限，综合得分要到94.01，即前进2名"
    )
    below = marks("支部 | 评委 | 班子\n甲 | 一 | 88\n乙 | 一 | 95", "评定")
    assert line(text, below) == "差多少升一档：要升到“好”，综合得分再高2分；或评定再高2分"


COMPARED = (
    GRADES
    + COMMITTEE
    + indicator(
        "产值", 100, rules('name = "落后", of = "名次(产值数)", over = 1, each = -15', 'name = "产值数", unit = "万元"')
    )
)


def test_a_standard_that_compares_branches_is_scored_whole() -> None:
    """甲 has the second place and 85 points."""
    told = facts(
        "支部 | 评委 | 规则 | 数量\n乙 | 一 | 产值数 | 5\n甲 | 一 | 产值数 | 3\n丙 | 一 | 产值数 | 1",
        "committee",
        "评定",
    )
    marked = marks("支部 | 评委 | 产值\n甲 | 一 | 规则\n乙 | 一 | 规则\n丙 | 一 | 规则", "评定")
    assert line(COMPARED, marked, told) == ("差多少升一档：要升到“好”，综合得分再高5分；或评定再高5分")
    names = [f"党{number}" for number in range(41)]
    many = marks("\n".join(["支部 | 评委 | 产值", *(f"{name} | 一 | 规则" for name in names)]), "评定")
    lines = "\n".join(["支部 | 评委 | 规则 | 数量", *(f"{name} | 一 | 产值数 | 1" for name in names)])
    also = facts(lines, "committee", "评定")
    assert line(COMPARED, marked, told, many, also) == "差多少升一档：标准要与其他党组织比较，没有推算"


def test_explain_tells_it_third(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "演示"
    assert command(PROGRAM, "demo", str(folder), "--branches", "3") == 0
    told = []
    for number in range(1, 4):
        capsys.readouterr()
        assert command(folder, "explain", f"DZ000{number}") == 0
        lines = capsys.readouterr().out.splitlines()
        told += [(lines[1].startswith("测算等次：好"), lines[3].startswith("差多少升一档："))]
    assert all(best != lifted for best, lifted in told)
    assert any(lifted for _, lifted in told)
