"""Entries → results and trail: the whole of scoring for one round, one standard after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pandas as pd

from dingji.intake.earlier import Earlier
from dingji.intake.lower import handed_up
from dingji.numbers import half_up, plain
from dingji.problems import Problem
from dingji.scheme.condition_values import Column, places
from dingji.scheme.conditions import Value
from dingji.scheme.model import Scheme
from dingji.scoring.board import Board
from dingji.scoring.composite import Composite
from dingji.scoring.grading import Declared, Grading, borderline, grade_all
from dingji.scoring.lower import taken_over
from dingji.scoring.remarks import decision_problems, turnout_problems, unlike_totals
from dingji.scoring.rounds import compose_rounds
from dingji.scoring.targets import follow_up, target_problems
from dingji.scoring.trail import Trail
from dingji.tables import RESULTS, TRAIL, from_columns, table


@dataclass(frozen=True)
class Group:
    """The branches graded by one standard, in roster order, with their roster facts by name."""

    scheme: Scheme
    units: Sequence[str]
    facts: Mapping[str, Column]
    by_round: Mapping[str, Mapping[str, Mapping[str, Value]]] = field(default_factory=dict)
    """What differs by round (自评表.迟报), by round, name and branch."""


@dataclass(frozen=True)
class Scores:
    """What scoring gives: a row a branch, the steps behind it, and what a person must look at."""

    results: pd.DataFrame
    trail: pd.DataFrame
    problems: tuple[Problem, ...]


def score(
    entries: pd.DataFrame,
    groups: Iterable[Group],
    round_name: str,
    label: str,
    earlier: Earlier,
    absent: Mapping[str, Sequence[str]],
) -> Scores:
    """Score every group of branches. `round_name`: 年初; `label`: `2026 年初`, by which 下级结果 are known.

    `earlier`: 上期等次 and 上年等次. `absent`: by branch, why forms are missing, in words for 主要问题 and 备注.
    """
    results: list[dict[str, Any]] = []
    trails: list[pd.DataFrame] = []
    problems: list[Problem] = []
    handed = handed_up(entries, label)
    for whole in groups:
        group = narrowed(whole, [unit for unit in whole.units if unit not in handed])
        own = entries[entries["unit"].isin(list(group.units)) & (entries["state"] != "superseded")]
        board = Board(list(group.units), {name: list(column) for name, column in group.facts.items()}, Trail())
        board.set("上期等次", [earlier.previous.get(unit) for unit in group.units])
        board.set("上年等次", [earlier.last_year.get(unit) for unit in group.units])
        composite = compose_rounds(group.scheme, board, own, round_name, group.by_round)
        declared = declarations(entries[entries["unit"].isin(list(whole.units))], earlier.previous)
        state = grade_all(Grading(group.scheme, board, composite, declared))
        rows = [_result(state, place, absent) for place in range(len(board))]
        steps = _with_missing(board, state, rows)
        rows += taken_over(whole.scheme, whole.units, handed, declared, steps)
        results += _in_order(_placed(rows, whole.scheme), whole.units)
        trails.append(_by_branch(steps, whole))
        problems += [
            *unlike_totals(group.scheme, board),
            *state.open_ties,
            *state.problems,
            *turnout_problems(own, group.scheme, round_name),
            *decision_problems(entries, {row["unit"]: row["computed"] for row in rows}, state.vetoed),
            *target_problems(whole.scheme, rows, round_name),
        ]
    trail = pd.concat(trails, ignore_index=True) if trails else from_columns(TRAIL, {name: [] for name in TRAIL})
    return Scores(table(RESULTS, results), trail, tuple(problems))


def narrowed(group: Group, units: Sequence[str]) -> Group:
    """Return a group with some of its branches only."""
    wanted = set(units)
    kept = [place for place, unit in enumerate(group.units) if unit in wanted]
    facts = {name: [column[place] for place in kept] for name, column in group.facts.items()}
    return Group(group.scheme, list(units), facts, group.by_round)


def _placed(rows: list[dict[str, Any]], scheme: Scheme) -> list[dict[str, Any]]:
    """Give places over own and taken-over branches alike: 1, 2, 2, 4, graded ones only."""
    labels = {grade.name for grade in scheme.grades}  # 不定等次 stands under computed too, and is no grade
    ranked = [row for row in rows if row["composite"] is not None and (row["computed"] in labels or not labels)]
    for row, place in zip(ranked, places([row["composite"] for row in ranked]), strict=True):
        row["place"] = place
    return rows


def _in_order(rows: Sequence[dict[str, Any]], units: Sequence[str]) -> list[dict[str, Any]]:
    order = {unit: place for place, unit in enumerate(units)}
    return sorted(rows, key=lambda row: order[row["unit"]])


def declarations(entries: pd.DataFrame, previous: Mapping[str, str]) -> Declared:
    """Gather confirmed situations and decisions from the entries."""
    situations: dict[tuple[str, str], tuple[int, ...]] = {}
    rows = entries[(entries["form"] == "situation") & (entries["part"] == "record")]
    for label, unit, rule in zip(rows.index, rows["unit"], rows["rule"], strict=True):
        situations[unit, rule] = (*situations.get((unit, rule), ()), label)
    rows = entries[(entries["form"] == "decision") & (entries["part"] == "record") & (entries["option"] != "")]
    decisions = {
        unit: (option, reason, label)
        for label, unit, option, reason in zip(rows.index, rows["unit"], rows["option"], rows["reason"], strict=True)
    }
    return Declared(situations, decisions, previous)


def _by_branch(trail: Trail, group: Group) -> pd.DataFrame:
    """Return the trail with each branch's steps together, in roster order: its sources in the standard's order first.

    Surveys are scored before the others, whose rules read their shares; a reader wants the standard's order.
    """
    units = {unit: place for place, unit in enumerate(group.units)}
    sources = {source.name: place for place, source in enumerate(group.scheme.sources)}
    after = len(sources)
    trail.rows.sort(key=lambda row: (units[str(row[0])], sources.get(str(row[3]), after)))
    return trail.table()


# --- a row a branch ---------------------------------------------------------------------------------------


def _result(state: Grading, place: int, absent: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    unit, composite = state.board.units[place], state.composite
    graded = bool(state.grades[place]) if state.scheme.grades else composite.rounded[place] is not None
    missing = () if graded or state.labels[place] else tuple(_missing(state, place, absent.get(unit, ())))
    shown = composite.rounded[place]
    return {
        "unit": unit,
        "scheme": state.scheme.id,
        "scores": {name: marks.total[place] for name, marks in composite.sources.items() if not marks.source.inside},
        "shares": _shares(state, place),
        "survey": _survey_score(composite, place),
        "bonus": composite.bonus[place],
        "composite": shown,
        "unrounded": composite.unrounded[place],
        "place": state.ranks[place],
        "computed": state.grades[place] or state.labels[place],
        "decided": state.decided[place],
        "previous": state.declared.previous.get(unit, ""),
        "last_year": str(state.board.lookup("上年等次")[place] or ""),
        "movement": state.movement[place],
        "situations": state.situations(place),
        "flags": tuple(dict.fromkeys(state.flags[place])),
        "beside": dict(state.beside[place]),
        "follow_up": follow_up(state.scheme, state.decided[place] or state.grades[place]),
        "issues": tuple(_weak_points(state, place)),
        "missing": missing,
        "settled": graded or bool(state.labels[place]) or bool(state.decided[place]),
        "borderline": borderline(state.scheme, shown),
    }


def _shares(state: Grading, place: int) -> dict[str, Fraction | None]:
    names = [name for marks in state.composite.sources.values() for name in marks.source.shares]
    return {name: state.board.figure(name, place) for name in names}


def _survey_score(composite: Composite, place: int) -> Fraction | None:
    """Return the first survey source's mean of option points (测评得分)."""
    first = next((marks for marks in composite.sources.values() if marks.option_scores), None)
    return first.option_scores[place] if first else None


def _missing(state: Grading, place: int, absent: Sequence[str]) -> Iterable[str]:
    """Yield why there is no grade: forms not handed in, else the sources that came to no figure."""
    yield from absent
    if place in state.waits:
        yield state.waits[place]
    if absent or place in state.waits:
        return
    for name, marks in state.composite.sources.items():
        if marks.total[place] is None:
            things = [thing for thing, figures in marks.indicators.items() if figures[place] is None]
            yield (f"{name}缺{'、'.join(things)}" if things and len(things) < len(marks.indicators) else f"缺{name}")


WEAK = Fraction(4, 5)
"""An indicator whose composite mark is below four fifths of its full mark is named under 主要问题."""


def _weak_points(state: Grading, place: int) -> Iterable[str]:
    for indicator in state.scheme.scored:
        figure = state.board.figure(indicator.name, place)
        full = Fraction(indicator.full or 0)
        if figure is not None and figure < full * WEAK:
            yield f"{indicator.name}（{plain(half_up(figure, 2))}/{plain(full)}）"


def _with_missing(board: Board, state: Grading, results: Sequence[Mapping[str, Any]]) -> Trail:
    for place, row in enumerate(results):
        if row["missing"]:
            board.trail.add(board.units[place], "missing", words=f"未定级：{'；'.join(row['missing'])}", text="未定级")
    return state.board.trail
