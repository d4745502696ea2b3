"""What a grade is reckoned from: the composite, situations in order, bounds; steps of grading that only tell."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from dingji.exact import Exact, Places
from dingji.scheme.conditions import Value
from dingji.scheme.grades import PREVIOUS, Situation
from dingji.scoring.state import NONE as NO_GRADE
from dingji.scoring.state import Grading
from dingji.scoring.worked import (
    COMPOSITE,
    GRADE,
    NONE,
    RANK,
    SCORE,
    SET,
    SITUATION,
    SUMMED,
    UNROUNDED,
    Given,
    Key,
    Made,
    Of,
    Part,
    Stated,
    chosen,
    held,
    rounded,
    summed,
    times,
)
from dingji.scoring.worked_composite import bounds_of
from dingji.scoring.worked_conditions import Reading, figures_by_name


def work_adjusted(state: Grading) -> None:
    """Tell what factors and points make of the composite."""
    situations = [*state.with_effect("factor"), *state.with_effect("points")]
    start = _key(state, COMPOSITE if state.scheme.rounding.before_grading else UNROUNDED)
    state.reckoned = figures_by_name(state.board) | {"综合得分": Of(start)}
    if not situations:
        return
    summed_ = _key(state, SUMMED)
    part: Part = Of(summed_ if _has(state, summed_) else _key(state, UNROUNDED))
    for situation in situations:
        part = chosen(Made("yes", (_situation(state, situation),)), _changed(state, situation, part), part)
    bounds = bounds_of(state.scheme) if state.composite.summed is not None else (None, None)
    unrounded = state.board.work(
        (*start[:1], SCORE, UNROUNDED),
        "情形加减分之后（未取位）",
        state.composite.unrounded,
        (None, held(part, *bounds)),
    )
    made = rounded(unrounded, state.scheme.rounding.places)
    composite = state.board.work((*start[:1], SCORE), "情形加减分之后", state.composite.rounded, (None, made))
    state.reckoned["综合得分"] = composite if state.scheme.rounding.before_grading else unrounded


def _changed(state: Grading, situation: Situation, before: Part) -> Part:
    what = f"情形 {situation.name}"
    factor = situation.factor if situation.factor is not None else situation.points or 0
    worth: Part = Stated(f"{what} {'乘以' if situation.factor is not None else '加减分'}", Fraction(factor))
    if situation.of:
        worth = times(worth, Reading(state.board, state.reckoned, f"{what} 的数").figure(situation.of))
    if situation.factor is None:
        return summed([before, worth])
    bonus = Given("加分（各轮合计）", state.composite.bonus) if state.scheme.bonuses else NONE
    return summed([times(Made("-", (before, bonus)), worth), bonus])


def work_set(state: Grading) -> None:
    """Tell what situations that set the composite make of it."""
    situations = sorted(state.with_effect("score"), key=lambda situation: -(situation.score or 0))
    if situations:
        part = state.reckoned["综合得分"]
        for situation in situations:
            score = Stated(f"情形 {situation.name} 综合得分改为", Fraction(situation.score or 0))
            part = chosen(Made("yes", (_situation(state, situation),)), score, part)
        key = state.board.key(SCORE, SET)
        state.reckoned["综合得分"] = state.board.work(key, "情形定分之后", state.scores, (None, part))


def work_points(state: Grading) -> None:
    """Tell the grade by the composite: the first row that fits, as its number, the best 1."""
    made: Part = NONE
    for rank, grade in reversed(list(enumerate(state.scheme.grades))):
        conditions: list[Part] = []
        if grade.start is not None:
            start = Stated(f"等次 {grade.name} 达到", Fraction(grade.start))
            conditions.append(Made(">=", (state.reckoned["综合得分"], start)))
        if grade.when:
            reading = Reading(state.board, state.reckoned, f"等次 {grade.name}")
            conditions.append(_truth(reading.condition(grade.when)))
        fits = conditions[0] if len(conditions) == 1 else Made("and", tuple(conditions))
        made = chosen(fits, _number(state, rank), made) if conditions else _number(state, rank)
    if state.scheme.grades:
        key = state.board.key(RANK, "points")
        state.reckoned[RANK] = state.board.work(key, "按得分的等次序号", _numbers(state.grade), (None, made))


def _truth(part: Part) -> Part:
    return Made("yes", (part,)) if isinstance(part, Given) else part


def work_situations(state: Grading) -> None:
    """Tell what situations make of the grade, in their fixed order."""
    part = state.reckoned.get(RANK)
    effects = ("at_least", "up", "down", "at_most", "grade")
    situations = [situation for effect in effects for situation in _by_grade(state, effect)]
    if part is not None and situations:
        for situation in situations:
            part = chosen(Made("yes", (_situation(state, situation),)), _moved(state, situation, part), part)
        key = state.board.key(RANK, SITUATION)
        state.reckoned[RANK] = state.board.work(key, "情形之后的等次序号", _numbers(state.grade), (None, part))


def _by_grade(state: Grading, effect: str) -> list[Situation]:
    return sorted(state.with_effect(effect), key=lambda situation: state.order.get(situation.grade, 0))


def _moved(state: Grading, situation: Situation, now: Part) -> Part:
    named, last = situation.named, len(state.scheme.grades) - 1
    before = [state.order.get(state.declared.previous.get(unit, ""), NO_GRADE) for unit in state.board.units]
    previous = Given(f"{PREVIOUS} 序号（没有的为零）", Exact.parts(np.array(before, np.int64) + 1, 1))
    target: Part = previous if named == PREVIOUS else _number(state, state.order[named]) if named else now
    if situation.shift:
        shift = Stated(f"情形 {situation.name} 降几个等次（升为负）", Fraction(situation.shift))
        target = held(summed([target, shift]), _number(state, 0), _number(state, last))
    way = {"at_least": "min", "up": "min", "at_most": "max", "down": "max"}.get(situation.effect)
    moved = Made(way, (now, target)) if way else target
    return chosen(Made("=", (previous, NONE)), now, moved) if named == PREVIOUS else moved


def work_final(state: Grading) -> None:
    """Tell 测算等次: a quota that moved a branch, and what leaves it without a grade, are no formula."""
    if RANK in state.reckoned:
        labels = tuple(Stated(f"等次 {label} 名称", label) for label in state.labels)
        stays = (state.grade == state.before_quotas) & (state.grade != NO_GRADE)
        column = [grade or label or None for grade, label in zip(state.computed, state.label, strict=True)]
        made = Made("pick", (state.reckoned[RANK], *labels))
        state.board.work(state.board.key(GRADE), "测算等次", column, (stays, made))


def _situation(state: Grading, situation: Situation) -> Part:
    """Tell whether a situation holds: it is declared, or what its condition says."""
    board, place = state.board, range(len(state.board))
    held_: Sequence[Value] = [
        None if situation.name in state.doubts[one] else situation.name in state.took_effect[one] for one in place
    ]
    what = f"情形 {situation.name}"
    if not situation.when:
        part: Part = Given(what, held_)
    else:
        part = Reading(board, state.reckoned, what).condition(situation.when)
    return board.work(board.key(SITUATION, situation.name), what, held_, (board.applies(situation.only_for), part))


def _key(state: Grading, kind: str) -> Key:
    """Return the key of the composite that is graded: of several rounds, or of the one."""
    last = next(worked.key for worked in reversed(state.board.trail.worked) if worked.key[1:] == (COMPOSITE,))
    return (last[0], kind)


def _has(state: Grading, key: Key) -> bool:
    own = (worked for worked in state.board.trail.worked if worked.branches is state.board.on_trail)
    return any(worked.key == key for worked in own)


def _number(state: Grading, rank: int) -> Part:
    return Stated(f"等次 {state.labels[rank]} 序号", Fraction(rank + 1))


def _numbers(grade: Places) -> Exact:
    return Exact.parts(grade + 1, 1, grade != NO_GRADE)
