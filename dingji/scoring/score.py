"""Entries → results and trail: the whole of scoring for one round, one standard after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from dingji.comparing import normal
from dingji.exact import Exact, Mask
from dingji.intake.earlier import Earlier
from dingji.intake.lower import Handed, handed_up
from dingji.numbers import plain
from dingji.problems import Problem
from dingji.read.rows import Letters
from dingji.scheme.condition_values import Column, places
from dingji.scheme.conditions import Value
from dingji.scheme.model import Scheme
from dingji.scheme.names import CATEGORY, ROUND, form_title
from dingji.scoring.board import PARENT, Board
from dingji.scoring.composed import Composite
from dingji.scoring.decisions import decisions_of
from dingji.scoring.entered import Entered
from dingji.scoring.grading import Declared, Grading, borderline, grade_all
from dingji.scoring.lower import taken_over
from dingji.scoring.quota_checks import Standing, quota_problems
from dingji.scoring.remarks import amount_problems, decision_problems, turnout_problems, unlike_totals
from dingji.scoring.rounds import compose_rounds
from dingji.scoring.state import NONE
from dingji.scoring.targets import follow_up, target_problems
from dingji.scoring.trail import Trail
from dingji.scoring.whereabouts import HandedIn
from dingji.tables import RESULTS, table


@dataclass(frozen=True)
class Group:
    """The branches graded by one standard, in roster order, with their roster facts by name."""

    scheme: Scheme
    units: Sequence[str]
    facts: Mapping[str, Column]
    by_round: Mapping[str, Mapping[str, Mapping[str, Value]]] = field(default_factory=dict)
    """What differs by round (自评表.迟报), by round, name and branch."""
    left: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    """Roster facts by branch of those that this standard graded and that are gone since (撤销, 合并)."""


@dataclass(frozen=True)
class Scores:
    """What scoring gives: a row a branch, the steps behind it, and what a person must look at."""

    results: pd.DataFrame
    trail: Trail
    problems: tuple[Problem, ...]


def score(
    entries: pd.DataFrame,
    groups: Iterable[Group],
    round_name: str,
    label: str,
    earlier: Earlier,
    absent: Mapping[str, Sequence[str]],
    letters: Mapping[tuple[str, str], Letters] | None = None,
) -> Scores:
    """Score every group of branches. `round_name`: 年初; `label`: `2026 年初`, by which 下级结果 are known.

    `earlier`: 上期等次 and 上年等次. `absent`: by branch, why forms are missing, in words for 主要问题 and 备注.
    `letters`: by file and sheet, where its columns stand.
    """
    groups = list(groups)
    trail = Trail([unit for group in groups for unit in group.units])
    results: list[dict[str, Any]] = []
    problems: list[Problem] = []
    handed = handed_up(entries, label)
    boards: list[Board] = []
    for whole in _lower_first(groups):
        group = narrowed(whole, [unit for unit in whole.units if unit not in handed])
        board = board_of(group, trail, earlier)
        board.others = [*boards, _handed_board(whole, handed)]
        boards += [board, board.others[-1]]
        entered = Entered.of(entries, group.units)
        composite, parts = compose_rounds(group.scheme, board, entered, round_name, group.by_round)
        declared = declarations(entries[entries["unit"].isin(list(whole.units))], earlier, whole.left)
        files = HandedIn(None if letters is None else entries[entries["round"] == round_name], letters or {})
        state = grade_all(Grading(group.scheme, board, composite, declared, files))
        rows = _results(state, absent)
        _tell_missing(board, rows)
        rows += taken_over(whole.scheme, whole.units, handed, declared, trail)
        results += _in_order(_placed(rows, whole.scheme), whole.units)
        standing = Standing(state, whole.units, whole.facts, {row["unit"]: row for row in rows})
        problems += [
            *unlike_totals(group.scheme, board),
            *amount_problems(entries, board.unfit, letters or {}),
            *state.open_ties,
            *state.problems,
            *quota_problems(standing),
            *turnout_problems(parts),
            *decision_problems(entries, {row["unit"]: row["computed"] for row in rows}, state.vetoed),
            *(
                Problem("W548", unit=row["unit"], values={"what": what})
                for row in rows
                for what in row.get("assumed", ())
            ),
            *target_problems(whole.scheme, rows, round_name),
        ]
    return Scores(table(RESULTS, results), trail, tuple(problems))


def board_of(group: Group, trail: Trail, earlier: Earlier) -> Board:
    """Return the board with what is known before anything is scored."""
    columns: dict[str, Exact | Column] = {name: list(column) for name, column in group.facts.items()}
    board = Board(list(group.units), columns, trail, [source.name for source in group.scheme.sources])
    board.roster = [name for name in group.facts if name != ROUND]
    board.set("上期等次", [earlier.previous.get(unit) for unit in group.units])
    board.set("上年等次", [earlier.last_year.get(unit) for unit in group.units])
    for name, told in earlier.columns.items():
        board.set(name, [told.get(unit) for unit in group.units])
    if earlier.first:
        board.set("上期等次", [""] * len(group.units))  # known: there was none
    return board


def _lower_first(groups: Sequence[Group]) -> list[Group]:
    """Put standards after those of the branches below theirs, so that they can read what these came to."""
    above = [{normal(str(name)) for name in group.facts.get(PARENT, ()) if name} for group in groups]
    named = [{normal(str(name)) for name in group.facts.get("党组织名称", ()) if name} for group in groups]
    waiting, ordered = list(range(len(groups))), []
    while waiting:
        free = (one for one in waiting if not any(above[other] & named[one] for other in waiting if other != one))
        ordered.append(next(free, waiting[0]))
        waiting.remove(ordered[-1])
    return [groups[place] for place in ordered]


def _handed_board(whole: Group, handed: Mapping[str, Handed]) -> Board:
    """Return a board of the branches that a lower unit graded, with what it handed up."""
    group = narrowed(whole, [unit for unit in whole.units if unit in handed])
    board = Board(list(group.units), {name: list(column) for name, column in group.facts.items()})
    board.set("综合得分", [handed[unit].figure("综合得分") for unit in group.units])
    board.set("等次", [handed[unit].grade or None for unit in group.units])
    for share in dict.fromkeys(share for source in whole.scheme.sources for share in source.shares):
        board.set(share, [handed[unit].figure(share) for unit in group.units])
    return board


def narrowed(group: Group, units: Sequence[str]) -> Group:
    """Return a group with some of its branches only."""
    wanted = set(units)
    kept = [place for place, unit in enumerate(group.units) if unit in wanted]
    facts = {name: [column[place] for place in kept] for name, column in group.facts.items()}
    return Group(group.scheme, list(units), facts, group.by_round, group.left)


def _placed(rows: list[dict[str, Any]], scheme: Scheme) -> list[dict[str, Any]]:
    """Give places over own and taken-over branches alike: 1, 2, 2, 4, graded ones only, whoever graded them."""
    labels = {grade.name for grade in scheme.grades}  # 不定等次 stands under computed too, and is no grade
    grades = [row["decided"] or row["computed"] for row in rows]
    ranked = [
        row
        for row, grade in zip(rows, grades, strict=True)
        if row["composite"] is not None and (grade in labels or not labels)
    ]
    for row, place in zip(ranked, places([row["composite"] for row in ranked]), strict=True):
        row["place"] = place
    return rows


def _in_order(rows: Sequence[dict[str, Any]], units: Sequence[str]) -> list[dict[str, Any]]:
    order = {unit: place for place, unit in enumerate(units)}
    return sorted(rows, key=lambda row: order[row["unit"]])


def declarations(
    entries: pd.DataFrame, earlier: Earlier, left: Mapping[str, Mapping[str, Value]] | None = None
) -> Declared:
    """Gather confirmed situations and decisions from the entries, and what was before this round."""
    situations: dict[tuple[str, str], tuple[int, ...]] = {}
    rows = entries[(entries["form"] == "situation") & (entries["part"] == "record")]
    for label, unit, rule in zip(rows.index, rows["unit"], rows["rule"], strict=True):
        situations[unit, rule] = (*situations.get((unit, rule), ()), label)
    return Declared(situations, decisions_of(entries), earlier.previous, left or {}, earlier.first, earlier.heirs)


# --- a row a branch ---------------------------------------------------------------------------------------


def _results(state: Grading, absent: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """Return a row of `tables.RESULTS` for every branch of the board."""
    board, composite, scheme = state.board, state.composite, state.scheme
    computed, settled = state.computed, state.settled_by
    graded = state.grade != NONE if scheme.grades else composite.rounded.known
    columns = {
        "scores": _named(
            {name: marks.total for name, marks in composite.sources.items() if not marks.source.inside}, state
        ),
        "shares": _named(
            {name: board.figures(name) for source in composite.sources.values() for name in source.source.shares}, state
        ),
        "survey": _survey_scores(composite, len(board)).fractions(),
        "bonus": composite.bonus.fractions(),
        "composite": composite.rounded.fractions(),
        "unrounded": composite.unrounded.fractions(),
        "place": [place or None for place in state.place.tolist()],
        "computed": [grade or label for grade, label in zip(computed, state.label, strict=True)],
        "decided": state.decided,
        "previous": [state.declared.previous.get(unit, "") for unit in board.units],
        "last_year": [str(grade or "") for grade in board.lookup("上年等次")],
        "movement": state.movement,
        "situations": [state.situations(place) for place in range(len(board))],
        "lowered": [state.lowered.get(place, "") for place in range(len(board))],
        "notes": [
            (*filter(None, [state.declared.heirs.get(unit, "")]), *notes)
            for unit, notes in zip(board.units, state.notes, strict=True)
        ],
        "overruled": [_overruled(state, place, grade) for place, grade in enumerate(computed)],
        "flags": [tuple(dict.fromkeys(flags)) for flags in state.flags],
        "beside": [dict(beside) for beside in state.beside],
        "follow_up": [follow_up(scheme, grade) for grade in settled],
        "issues": _weak_points(state),
        "missing": _missing(state, graded, absent),
        "assumed": _assumed(state),
        "settled": [
            bool(one or label or decided)
            for one, label, decided in zip(graded, state.label, state.decided, strict=True)
        ],
        "borderline": borderline(scheme, composite.rounded).tolist(),
    }
    rows = (dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True))
    return [{"unit": unit, "scheme": scheme.id, **row} for unit, row in zip(board.units, rows, strict=True)]


def _overruled(state: Grading, place: int, computed: str) -> str:
    """Tell, with its reason, a decision for another grade than a situation gave; "" where there is none."""
    decided = state.decided[place]
    if not decided or decided == computed or not set(state.took_effect[place]) - state.unmoved[place]:
        return ""
    reason = state.declared.decisions[state.board.units[place]].reason
    return f"党委研究定为“{decided}”" + (f"：{reason}" if reason else "")


def _named(columns: Mapping[str, Exact], state: Grading) -> list[dict[str, Fraction | None]]:
    """Return figures by name for every branch."""
    listed = [column.fractions() for column in columns.values()]
    return [dict(zip(columns, values, strict=True)) for values in zip(*listed, strict=True)] or [
        {} for _ in state.board.units
    ]


def _survey_scores(composite: Composite, size: int) -> Exact:
    """Return the first survey source's mean of option points (测评得分)."""
    scores = (marks.option_scores for marks in composite.sources.values())
    return next((column for column in scores if column is not None), Exact.constant(None, size))


def _missing(state: Grading, graded: Mask, absent: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """Return by branch why there is no grade: forms not handed in, a tie, else the sources that came to no figure."""
    found: list[tuple[str, ...]] = [()] * len(graded)
    for place in (place for place in np.flatnonzero(~graded).tolist() if not state.label[place]):
        waiting = [*absent.get(state.board.units[place], ()), *filter(None, [state.waits.get(place)])]
        found[place] = tuple(waiting or _without_figure(state.composite, place))
    return found


def _without_figure(composite: Composite, place: int) -> Iterable[str]:
    sources = [marks.source for marks in composite.sources.values()]
    lacking = [name for name, marks in composite.sources.items() if not marks.total.known[place]]
    if not lacking and any(source.by_class for source in sources):
        yield f"名册没有填{CATEGORY}，不知道各方占多少"
    for name, marks in composite.sources.items():
        if not marks.total.known[place]:
            things = [thing for thing, figures in marks.indicators.items() if not figures.known[place]]
            yield f"{name}缺{'、'.join(things)}" if things and len(things) < len(marks.indicators) else f"缺{name}"


def _assumed(state: Grading) -> list[tuple[str, ...]]:
    """Return by branch what the standard counts for forms that never came."""
    counted = [(marks.source, marks.absent) for marks in state.composite.sources.values() if marks.absent is not None]
    return [
        tuple(
            f"{form_title(source)}未交，按{plain(Fraction(source.missing or 0))}分计"
            for source, absent in counted
            if absent[place]
        )
        for place in range(len(state.board))
    ]


WEAK = Fraction(4, 5)
"""An indicator whose composite mark is below four fifths of its full mark is named under 主要问题."""


def _weak_points(state: Grading) -> list[tuple[tuple[str, Fraction, Fraction], ...]]:
    found: list[list[tuple[str, Fraction, Fraction]]] = [[] for _ in state.board.units]
    for indicator in state.scheme.scored:
        figures, full = state.board.figures(indicator.name), Fraction(indicator.full or 0)
        weak = np.flatnonzero(figures < full * WEAK)
        for place, figure in zip(weak.tolist(), figures.take(weak).fractions(), strict=True):
            found[place].append((indicator.name, figure or Fraction(0), full))
    return [tuple(told) for told in found]


def _tell_missing(board: Board, rows: Sequence[Mapping[str, Any]]) -> None:
    told = [place for place, row in enumerate(rows) if row["missing"]]
    board.trace("missing", told, "missing", text="未定级", why=[row["missing"] for row in rows])
