"""From composite to grade: the steps in their fixed order, as a list that can be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from dingji.numbers import fixed, plain
from dingji.scheme.condition_values import places
from dingji.scheme.conditions import names_in
from dingji.scheme.describe import condition_words
from dingji.scheme.model import Grade, Scheme, Situation
from dingji.scoring.board import parsed
from dingji.scoring.quota_steps import flag_by_quota, hold_quotas
from dingji.scoring.state import Declared, Grading, trace

__all__ = ["GRADING_STEPS", "Declared", "Grading", "borderline", "grade_all"]

BORDERLINE = Fraction(1, 2)
LAST_YEAR = "上年等次"
ROSE, KEPT, FELL = "晋位", "保持", "退位"


def _words(situation: Situation, outcome: str) -> str:
    why = f"（{condition_words(situation.when)}）" if situation.when else "（申报，办公室已确认）"
    return f"{situation.name}{why} → {outcome}"


def set_scores(state: Grading) -> None:
    """Apply situations that set the composite (清零); of several the lowest."""
    state.board.set("综合得分", state.scores)
    for situation in sorted(_with_effect(state, "score"), key=lambda situation: -(situation.score or 0)):
        for place, behind in state.holding(situation):
            score = Fraction(situation.score or 0)
            state.scores[place] = score
            state.composite.rounded[place] = state.composite.unrounded[place] = score
            state.took_effect[place].append(situation.name)
            trace(
                state,
                place,
                "score",
                situation.name,
                _words(situation, f"{plain(score)} 分"),
                behind,
                figure=score,
            )
    state.board.set("综合得分", state.scores)


def _with_effect(state: Grading, effect: str) -> list[Situation]:
    return [situation for situation in state.scheme.situations if situation.effect == effect]


def grade_by_points(state: Grading) -> None:
    """Read the grade off the composite: the first row, best first, that fits."""
    for place, score in enumerate(state.scores):
        if score is None:
            continue
        grade = next((grade for grade in state.scheme.grades if _fits(state, grade, place, score)), None)
        if grade:
            state.grades[place] = grade.name
            bound = "" if grade.start is None else f"≥ {plain(Fraction(grade.start))} "
            rounding = state.scheme.rounding
            shown = fixed(score, rounding.places) if rounding.before_grading else plain(score)
            words = f"综合得分 {shown} {bound}→ {grade.name}"
            trace(state, place, "points", "", words, text=grade.name, figure=score)


def _fits(state: Grading, grade: Grade, place: int, score: Fraction) -> bool:
    reached = grade.start is None or score >= Fraction(grade.start)
    return reached and (not grade.when or state.board.evaluate(grade.when)[place] is True)


def raise_to(state: Grading) -> None:
    """Apply 直接定级: at least this grade, which no quota takes away either."""
    _move(state, "at_least", lambda now, to: to < now)
    for situation in _with_effect(state, "at_least"):
        for place, _ in state.holding(situation):
            rank = state.order[_target(state, situation, place)]
            state.floors[place] = min(rank, state.floors.get(place, rank))


def cap_at(state: Grading) -> None:
    """Apply 限档: not above this grade, which may be 上期等次."""
    _move(state, "at_most", lambda now, to: to > now)


def veto(state: Grading) -> None:
    """Apply 否决: this grade whatever the points; of several the lowest, whatever the order written."""
    _move(state, "grade", lambda _now, _to: True)


def _move(state: Grading, effect: str, moves: Callable[[int, int], bool]) -> None:
    order = state.order
    for situation in sorted(_with_effect(state, effect), key=lambda situation: order.get(situation.grade, 0)):
        for place, behind in state.holding(situation):
            target, before = _target(state, situation, place), state.grades[place]
            # What raises or caps needs a grade to work on; a veto gives one whatever the points, also to no points.
            acts = target in order and (moves(order[before], order[target]) if before else effect == "grade")
            if acts:
                state.grades[place] = target
                state.fixed.add(place)
            state.took_effect[place].append(situation.name)
            if state.grades[place] == before:
                state.unmoved[place].add(situation.name)
            outcome = target if before != target and acts else f"{before or '未定级'}（不变）"
            trace(
                state,
                place,
                effect,
                situation.name,
                _words(situation, outcome),
                behind,
                text=state.grades[place],
            )


def _target(state: Grading, situation: Situation, place: int) -> str:
    named: str = getattr(situation, situation.effect)
    return state.declared.previous.get(state.board.units[place], "") if named == "上期等次" else named


def withhold(state: Grading) -> None:
    """Apply situations that leave a branch without a grade (不定等次); it counts as settled."""
    for situation in _with_effect(state, "no_grade"):
        for place, behind in state.holding(situation):
            state.grades[place], state.labels[place] = "", situation.no_grade
            state.took_effect[place].append(situation.name)
            words = _words(situation, situation.no_grade)
            trace(state, place, "no_grade", situation.name, words, behind, text=situation.no_grade)


def rank(state: Grading) -> None:
    """Give places 1, 2, 2, 4 on the printed composite, to graded branches only (to all where there are no grades)."""
    ranked = [
        (place, score)
        for place, score in enumerate(state.composite.rounded)
        if score is not None and (state.grades[place] or not state.scheme.grades)
    ]
    for (place, _), number in zip(ranked, places([score for _, score in ranked]), strict=True):
        state.ranks[place] = number
    state.board.set("排名", [None if number is None else Fraction(number) for number in state.ranks])


def decide(state: Grading) -> None:
    """Lay the committee's decisions over the computed grades, which stay beside them."""
    for place, unit in enumerate(state.board.units):
        if unit in state.declared.decisions:
            decision = state.declared.decisions[unit]
            state.decided[place] = decision[0]
            words = decision_words(decision, state.grades[place] or state.labels[place] or "未定级")
            trace(state, place, "decision", "审定等次", words, (decision[-1],), text=decision[0])


def decision_words(decision: tuple[str, str, int], computed: str) -> str:
    """Tell a decision beside the grade that was computed."""
    grade, reason, _ = decision
    why = f"，理由：{reason}" if reason else ""
    return f"党委研究确定 {grade}（测算等次 {computed}{why}）"


def compare(state: Grading) -> None:
    """Compare with 上期等次: 晋位, 保持, 退位; from the decided grade, else the computed."""
    labels = list(state.order)
    for place, unit in enumerate(state.board.units):
        now = state.decided[place] or state.grades[place]
        movement, words = movement_of(labels, state.declared.previous.get(unit, ""), now)
        if movement:
            state.movement[place] = movement
            trace(state, place, "movement", "", words, text=movement)
    settled = [decided or computed for decided, computed in zip(state.decided, state.grades, strict=True)]
    state.board.set("等次", [grade or None for grade in settled])
    state.board.set("晋位情况", [movement or None for movement in state.movement])


def movement_of(labels: Sequence[str], before: str, now: str) -> tuple[str, str]:
    """Return 晋位情况 with its words; "" where one of the two is no grade of the standard. `labels`: best first."""
    if before not in labels or now not in labels:
        return "", ""
    change = labels.index(before) - labels.index(now)
    movement = ROSE if change > 0 else FELL if change < 0 else KEPT
    return movement, f"上期 {before}，本期 {now} → {movement}"


def flag(state: Grading) -> None:
    """Apply situations that only flag a branch."""
    for situation in _with_effect(state, "flag"):
        over_years = bool(situation.when) and LAST_YEAR in names_in(parsed(situation.when))
        for place, behind in state.holding(situation):
            since = _in_office_since(state, place) if over_years else ""
            state.flags[place].append(situation.flag)
            if over_years:
                state.stand_beside(place, situation.flag, since)
            outcome = situation.flag + (f"（{since}）" if over_years else "")
            words = _words(situation, outcome)
            trace(state, place, "flag", situation.name, words, behind, text=situation.flag)


def _in_office_since(state: Grading, place: int) -> str:
    """Tell since when a branch has its secretary: nobody is blamed for the years before."""
    since = state.board.lookup("书记任职时间")[place]
    return f"书记{since}任职" if since else "名册未填书记任职时间"


GRADING_STEPS: Sequence[Callable[[Grading], None]] = (
    set_scores,
    grade_by_points,
    raise_to,
    cap_at,
    veto,
    withhold,
    hold_quotas,
    rank,
    decide,
    compare,
    flag,
    flag_by_quota,
)
"""The order in which a grade comes about, whatever the order in which a standard states its situations."""


def grade_all(state: Grading) -> Grading:
    """Take every step in order."""
    for step in GRADING_STEPS:
        step(state)
    return state


def borderline(scheme: Scheme, score: Fraction | None) -> bool:
    """Say whether a score lies within 0.5 of a bound between grades, on either side."""
    bounds = [Fraction(grade.start) for grade in scheme.grades if grade.start is not None]
    return score is not None and any(abs(score - bound) <= BORDERLINE for bound in bounds)
