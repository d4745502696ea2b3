"""From composite to grade: the steps in their fixed order, as a list that can be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np

from dingji.exact import Exact, Mask, Places
from dingji.numbers import fixed, plain
from dingji.problems import Problem
from dingji.scheme.conditions import names_in
from dingji.scheme.grades import PREVIOUS
from dingji.scheme.model import Scheme, Situation
from dingji.scheme.names import WITHINS, rank_within
from dingji.scoring.adjusting import adjust
from dingji.scoring.board import parsed
from dingji.scoring.flag_quotas import flag_by_quota
from dingji.scoring.looked_at import tell_looked_at
from dingji.scoring.quota_checks import tell_provisional
from dingji.scoring.quota_steps import groups_within, hold_quotas
from dingji.scoring.state import NONE, Declared, Grading, doubt_words
from dingji.scoring.trail import Groups
from dingji.scoring.worked_grades import work_adjusted, work_final, work_points, work_set, work_situations

__all__ = ["GRADING_STEPS", "Declared", "Grading", "borderline", "grade_all", "grade_alone", "movement_of", "places_of"]

BORDERLINE = Fraction(1, 2)
LAST_YEAR = "上年等次"
ROSE, KEPT, FELL = "晋位", "保持", "退位"


def set_scores(state: Grading) -> None:
    """Apply situations that set the composite (清零); of several the lowest. One that may hold leaves it unknown."""
    state.board.set("综合得分", state.scores)
    for situation in sorted(state.with_effect("score"), key=lambda situation: -(situation.score or 0)):
        score = Fraction(situation.score or 0)
        places, behind = state.holding(situation)
        held, composite = np.isin(state.board.every, places), state.composite
        maybe = np.isin(state.board.every, state.in_doubt(situation))
        state.unscored |= maybe
        state.scores, composite.rounded, composite.unrounded = (
            Exact.constant(score).where(held, column).where(~maybe, None)
            for column in (state.scores, composite.rounded, composite.unrounded)
        )
        for place in places.tolist():
            state.took_effect[place].append(situation.name)
        outcomes = [f"{plain(score)} 分"] * len(places)
        state.trace_situation(situation, places, behind, outcomes, "", Exact.constant(score, len(places)))
    state.board.set("综合得分", state.scores)


def grade_by_points(state: Grading) -> None:
    """Read the grade off the composite: the first row, best first, that fits; one that may fit leaves it open."""
    rounding, open_ = state.scheme.rounding, state.scores.known.copy()
    for rank, grade in enumerate(state.scheme.grades):
        reached = open_ & (np.True_ if grade.start is None else state.scores >= Fraction(grade.start))
        fits = reached & (state.board.holds(grade.when) if grade.when else np.True_)
        state.possible[fits, rank] = True
        state.possible[state.doubt(grade.name, grade.when, reached) if grade.when else [], rank] = True
        open_ &= ~fits
        first = fits & (state.grade == NONE)
        state.grade[first] = rank
        places = np.flatnonzero(first)
        scores = state.scores.take(places)
        shown = scores.each(lambda score: fixed(score, rounding.places) if rounding.before_grading else plain(score))
        state.trace(
            "points", places, "points", text=grade.name, figure=scores, shown=shown, start=grade.start, grade=grade.name
        )
    state.possible[:, -1] = open_ | ~state.scores.known


def raise_to(state: Grading) -> None:
    """Apply 直接定级: at least this grade, which no quota takes away either."""
    _move(state, "at_least", _better)
    for situation in state.with_effect("at_least"):
        places, _ = state.holding(situation)
        targets = _targets(state, situation, places, state.grade[places])
        there = targets != NONE
        state.floor[places[there]] = np.minimum(state.floor[places[there]], targets[there])


def step_up(state: Grading) -> None:
    """Apply 升等次: so many grades better, as far as the best; several add up."""
    _move(state, "up", _better)


def step_down(state: Grading) -> None:
    """Apply 降等次: so many grades worse, as far as the last; several add up."""
    _move(state, "down", _worse)


def cap_at(state: Grading) -> None:
    """Apply 限档: not above this grade, which may be 上期等次."""
    _move(state, "at_most", _worse)


def veto(state: Grading) -> None:
    """Apply 否决: this grade whatever the points; of several the lowest, whatever the order written."""
    _move(state, "grade", lambda now, _: np.ones(len(now), bool))


def _better(now: Places, to: Places) -> Mask:
    return to < now


def _worse(now: Places, to: Places) -> Mask:
    return to > now


def _move(state: Grading, effect: str, moves: Callable[[Places, Places], Mask]) -> None:
    order = state.order
    for situation in sorted(state.with_effect(effect), key=lambda situation: order.get(situation.grade, 0)):
        places, behind = state.holding(situation)
        before = state.grade[places]
        targets = _targets(state, situation, places, before)
        # What raises or caps needs a grade to work on; a veto gives one whatever the points, also to no points.
        acts = (targets != NONE) & np.where(before == NONE, effect == "grade", moves(before, targets))
        state.grade[places[acts]] = targets[acts]
        state.fixed[places[acts]] = True
        after = state.grade[places]
        _may_move(state, situation, places, moves)
        for place, moved in zip(places.tolist(), (after != before).tolist(), strict=True):
            state.took_effect[place].append(situation.name)
            if not moved:
                state.unmoved[place].add(situation.name)
        told = zip(state.named(before), state.named(after), strict=True)
        outcomes = [to if to != was else f"{was or '未定级'}（不变）" for was, to in told]
        state.trace_situation(situation, places, behind, outcomes, state.named(after))


def _may_move(state: Grading, situation: Situation, places: Places, moves: Callable[[Places, Places], Mask]) -> None:
    """Move what may come about: where a situation holds in any case, where it may hold beside what was before.

    Where the grade that it names is not known, it may be any.
    """
    ranks = range(len(state.scheme.grades))
    maybe, lost = state.in_doubt(situation), _not_named(state, situation, places)
    for all_, beside, goals in ((places, False, [None]), (maybe, True, [None]), (lost, True, list(ranks))):
        was = state.possible[all_]
        now = was & beside
        for rank in [*ranks, NONE]:
            standing = np.full(len(all_), rank)
            for goal in goals:
                to = _targets(state, situation, all_, standing, goal)
                moved = (to != NONE) & (moves(standing, to) if rank != NONE else situation.effect == "grade")
                now[np.arange(len(all_)), np.where(moved, to, rank)] |= was[:, rank]
        state.possible[all_] = now


def _not_named(state: Grading, situation: Situation, places: Places) -> Places:
    """Return the branches of which it is not known which grade a situation names: nobody handed in 上期等次."""
    if situation.named != PREVIOUS or state.declared.previous or state.declared.first:
        return places[:0]
    for place in places.tolist():
        state.doubts[place][situation.name] = [PREVIOUS]
    return places


def _targets(state: Grading, situation: Situation, places: Places, now: Places, previous: int | None = None) -> Places:
    """Return the rank that a situation leads to for each of some branches, by the rank that they have now.

    It may name 上期等次 (`previous` in its place where that is not known), and go some grades up or down from there.
    """
    last = len(state.scheme.grades) - 1
    if situation.named != PREVIOUS:
        named = np.full(len(places), state.order.get(situation.named, NONE)) if situation.named else now
    elif previous is not None:
        named = np.full(len(places), previous)
    else:
        labels = (state.declared.previous.get(state.board.units[place], "") for place in places.tolist())
        named = np.array([state.order.get(label, NONE) for label in labels], np.intp)
    return np.where(named == NONE, NONE, np.clip(named + situation.shift, 0, last))


def withhold(state: Grading) -> None:
    """Apply situations that leave a branch without a grade (不定等次); it counts as settled."""
    for situation in state.with_effect("no_grade"):
        places, behind = state.holding(situation)
        state.grade[places] = NONE
        for place in places.tolist():
            state.label[place] = situation.no_grade
            state.took_effect[place].append(situation.name)
        state.possible[places] = False
        state.possible[state.in_doubt(situation), -1] = True
        outcomes = [situation.no_grade] * len(places)
        state.trace_situation(situation, places, behind, outcomes, situation.no_grade)


def wait_for_facts(state: Grading) -> None:
    """Leave without a grade, until it is known, whoever may come to one grade or another by what is not known."""
    open_ = ((state.possible.sum(axis=1) > 1) & state.scores.known) | state.unscored
    for place in np.flatnonzero(open_).tolist():
        what = doubt_words(state, state.doubts[place], place)
        may = " 或 ".join(state.named(np.flatnonzero(state.possible[place, :-1]))) or "未定"
        state.waits[place] = f"等次待定：{what}"
        state.problems.append(Problem("E546", unit=state.board.units[place], values={"what": what, "may": may}))
    state.grade[open_] = NONE


def rank(state: Grading) -> None:
    """Give places 1, 2, 2, 4 on the printed composite, to graded branches only (to all where there are no grades).

    A branch that the committee graded is graded. Beside 排名 stand the places within each category and superior.
    """
    graded = np.array([bool(grade) for grade in state.settled_by], bool) if state.scheme.grades else state.scores.known
    figures = state.composite.rounded.where(graded, None)
    state.place = places_of(figures)
    state.board.set("排名", Exact.parts(state.place, 1, state.place > 0))
    for within in WITHINS:
        place = np.zeros(len(state.board), np.intp)
        for own in groups_within(state, within).values():
            place[own] = places_of(figures.take(np.array(own, np.intp)))
        state.board.set(rank_within(within), Exact.parts(place, 1, place > 0))


def places_of(figures: Exact) -> Places:
    """Rank figures with the highest first: 1, 2, 2, 4; 0 where one is missing."""
    keys = figures.keys
    ranked = np.sort(keys[figures.known])
    above = len(ranked) - np.searchsorted(ranked, keys, side="right")
    return np.where(figures.known, above + 1, 0)


def decide(state: Grading) -> None:
    """Lay the committee's decisions over the computed grades, which stay beside them."""
    places = [place for place, unit in enumerate(state.board.units) if unit in state.declared.decisions]
    decisions = [state.declared.decisions[state.board.units[place]] for place in places]
    grades, reasons, meetings, entries = ([decision[part] for decision in decisions] for part in range(4))
    owners = np.repeat(np.arange(len(entries)), [len(each) for each in entries])
    behind = Groups.of(owners, len(entries), np.array([one for each in entries for one in each], np.intp))
    computed = state.computed
    before = [computed[place] or state.label[place] or "未定级" for place in places]
    for place, grade in zip(places, grades, strict=True):
        state.decided[place] = str(grade)
    state.trace(
        "decision", places, "decision", item="审定等次", text=grades,
        behind=behind, grade=grades, computed=before, reason=reasons, meeting=meetings,
    )  # fmt: skip


def compare(state: Grading) -> None:
    """Compare with 上期等次: 晋位, 保持, 退位; from the decided grade, else the computed."""
    now = state.settled_by
    before = [state.declared.previous.get(unit, "") for unit in state.board.units]
    pairs = zip(before, now, strict=True)
    state.movement = [movement_of(state.labels, was, is_) for was, is_ in pairs]
    told = [place for place, movement in enumerate(state.movement) if movement]
    columns = ([column[place] for place in told] for column in (before, now, state.movement))
    was, is_, movement = columns
    state.trace("movement", told, "movement", text=movement, before=was, now=is_, movement=movement)
    state.board.set("等次", [grade or None for grade in now])
    state.board.set("晋位情况", [movement or None for movement in state.movement])


def movement_of(labels: Sequence[str], before: str, now: str) -> str:
    """Return 晋位情况; "" where one of the two is no grade of the standard. `labels`: best first."""
    if before not in labels or now not in labels:
        return ""
    change = labels.index(before) - labels.index(now)
    return ROSE if change > 0 else FELL if change < 0 else KEPT


def flag(state: Grading) -> None:
    """Apply situations that only flag a branch; one that may hold is told."""
    for situation in state.with_effect("flag"):
        over_years = bool(situation.when) and LAST_YEAR in names_in(parsed(situation.when))
        state.doubt_flag(situation.name, situation.when, state.board.applies(situation.only_for))
        places, behind = state.holding(situation)
        since = [_in_office_since(state, place) if over_years else "" for place in places.tolist()]
        for place, words in zip(places.tolist(), since, strict=True):
            state.flags[place].append(situation.flag)
            if over_years:
                state.stand_beside(place, situation.flag, words)
        outcomes = [situation.flag + (f"（{words}）" if words else "") for words in since]
        state.trace_situation(situation, places, behind, outcomes, situation.flag)


def _in_office_since(state: Grading, place: int) -> str:
    """Tell since when a branch has its secretary: nobody is blamed for the years before."""
    since = state.board.lookup("书记任职时间")[place]
    return f"书记{since}任职" if since else "名册未填书记任职时间"


def tell_flag_doubts(state: Grading) -> None:
    """Say of whom it cannot be told whether they are flagged, a line a branch."""
    for place, doubts in sorted(state.flag_doubts.items()):
        what = doubt_words(state, doubts, place)
        state.problems.append(Problem("E547", unit=state.board.units[place], values={"what": what}))


ALONE_STEPS: Sequence[Callable[[Grading], None]] = (
    adjust,
    work_adjusted,
    set_scores,
    work_set,
    grade_by_points,
    work_points,
    raise_to,
    step_up,
    step_down,
    cap_at,
    veto,
    withhold,
    wait_for_facts,
)
"""Steps that a branch takes by itself, whatever the others come to."""
TELLING = (work_adjusted, work_set, work_points)
"""Those among them that change nothing: they tell how a figure is reckoned."""
GRADING_STEPS: Sequence[Callable[[Grading], None]] = (
    *ALONE_STEPS,
    work_situations,
    hold_quotas,
    work_final,
    decide,
    rank,
    compare,
    flag,
    flag_by_quota,
    tell_provisional,
    tell_flag_doubts,
    tell_looked_at,
)
"""The order in which a grade comes about, whatever the order in which a standard states its situations."""


def grade_all(state: Grading) -> Grading:
    """Take every step in order."""
    for step in GRADING_STEPS:
        step(state)
    return state


def grade_alone(state: Grading, supposed: Exact | None = None) -> Grading:
    """Take the steps before the quotas, without telling how figures are reckoned.

    `supposed`: composites that stand in place of those reckoned, where known.
    """
    for step in (step for step in ALONE_STEPS if step not in TELLING):
        step(state)
        if step is adjust and supposed is not None:
            _suppose(state, supposed)
    return state


def _suppose(state: Grading, supposed: Exact) -> None:
    composite, there = state.composite, supposed.known
    composite.unrounded = supposed.where(there, composite.unrounded)
    composite.rounded = supposed.half_up(state.scheme.rounding.places).where(there, composite.rounded)
    state.scores = composite.rounded if state.scheme.rounding.before_grading else composite.unrounded
    state.board.set("综合得分", state.scores)


def borderline(scheme: Scheme, scores: Exact) -> Mask:
    """Say which scores lie within 0.5 of a bound between grades, on either side."""
    near = np.zeros(len(scores), bool)
    for bound in (Fraction(grade.start) for grade in scheme.grades if grade.start is not None):
        near |= scores.known & ~(abs(scores - bound) > BORDERLINE)
    return near
