"""The grading steps that hold quotas: on grades before the decision, on flags at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from dingji.problems import Problem
from dingji.scheme.model import Quota
from dingji.scheme.written import Quantity
from dingji.scoring import quotas
from dingji.scoring.state import NONE, Grading


def hold_quotas(state: Grading) -> None:
    """Hold the quotas on grades, best grade first: who is beyond falls one grade, and so on down."""
    for grade in state.scheme.grades:
        for quota in (quota for quota in state.scheme.quotas if quota.grade == grade.name):
            for way, bound in quotas.edges(quota):
                for group, places_in in _groups(state, quota).items():
                    limit = quotas.amount(bound, group)
                    if limit is not None:
                        _hold(state, quota, way, limit, places_in)


def _groups(state: Grading, quota: Quota) -> dict[str, list[int]]:
    column = state.board.lookup(quota.within) if quota.within else None
    return quotas.groups_of(range(len(state.board)), column)


def _hold(state: Grading, quota: Quota, way: str, limit: Quantity, within: Sequence[int]) -> None:
    """Hold one bound within one group."""
    graded = [place for place in within if state.grade[place] != NONE]
    base = len(graded if quota.out_of == "graded" else within)
    count = quotas.number(quota, limit, base, "ceil" if way == "at_least" else "floor")
    rank = state.order[quota.grade]
    holders = [place for place in graded if state.grade[place] == rank]
    told = f"{quota.grade}{'不少于' if way == 'at_least' else '不超过'}{quotas.words(limit, base, count)}"
    if way == "about":
        if len(holders) != count:
            values = {"what": f"“{quota.grade}”建议{quotas.words(limit, base, count)}，现有{len(holders)}个"}
            state.problems.append(Problem("W542", values=values))
    elif way == "at_most" and len(holders) > count:
        _fall(state, quota, holders, len(holders) - count, told)
    elif way == "at_least" and len(holders) < count:
        above = [place for place in graded if state.grade[place] == rank - 1]
        _fall(state, quota, above, count - len(holders), told)


def _fall(state: Grading, quota: Quota, holders: Sequence[int], count: int, told: str) -> None:
    """Let the lowest fall one grade; those level across the edge wait for the committee."""
    cut = quotas.lowest(_contenders(state, holders), count)
    last = len(state.scheme.grades) - 1
    falling = np.array([place for place in cut.beyond if state.grade[place] < last], np.intp)
    before = state.named(state.grade[falling])
    state.grade[falling] += 1
    after = state.named(state.grade[falling])
    item = quota.name or quota.grade
    state.trace("quota", falling, "fall", item=item, text=after, told=told, before=before, after=after)
    if cut.tied:
        _wait(state, quota, cut.tied, told)


def _contenders(state: Grading, places: Sequence[int]) -> list[quotas.Contender]:
    scores = state.scores.take(np.array(places, np.intp)).fractions()
    return [
        quotas.Contender(place, score or Fraction(0), state.stays(place))
        for place, score in zip(places, scores, strict=True)
    ]


def _wait(state: Grading, quota: Quota, tied: Sequence[int], told: str) -> None:
    names = [state.board.name(place) for place in tied]
    words = f"{told}：{quotas.tie_words(quota, state.scores.at(tied[0]) or Fraction(0), names)}，待党委研究确定"
    if quota.grade:
        state.ties.append((tuple(tied), Problem("E541", values={"what": words})))
    else:
        state.problems.append(Problem("W545", values={"what": words}))
    for place in tied:
        if quota.grade:
            state.grade[place] = NONE
            state.waits[place] = f"“{quota.grade}”名额边缘并列，待研究"
    item = quota.name or quota.grade or quota.flag
    state.trace("quota", tied, "told", item=item, text="待定", told=words)


def flag_by_quota(state: Grading) -> None:
    """Give flags to the highest or lowest of those among a condition, those who have it already counted.

    A branch that a situation leaves without a grade is not among them, unless the committee gave it one.
    """
    for quota in (quota for quota in state.scheme.quotas if quota.flag):
        among = state.scores.known & (state.board.holds(quota.among) if quota.among else np.True_)
        state.doubt_flag(quota.name or quota.flag, quota.among, state.scores.known)
        for group, within in _groups(state, quota).items():
            held = [place for place in within if among[place]]
            standing = [place for place in held if state.decided[place] or not state.label[place]]
            for key, pick in (("top", quotas.highest), ("bottom", quotas.lowest)):
                bound = getattr(quota, key)
                limit = None if bound is None else quotas.amount(bound, group)
                if limit is not None:
                    base = len(_settled(state, within) if quota.out_of == "graded" else within)
                    _flag(state, quota, standing, quotas.number(quota, limit, base, "ceil"), pick)


def _settled(state: Grading, within: Sequence[int]) -> list[int]:
    """Return the branches that are graded; where a standard has no grades, those that have a total."""
    settled = state.grade != NONE if state.scheme.grades else state.scores.known
    return [place for place in within if settled[place]]


def _flag(
    state: Grading,
    quota: Quota,
    standing: Sequence[int],
    count: int,
    pick: Callable[[Sequence[quotas.Contender], int], quotas.Cut],
) -> None:
    having = [place for place in standing if quota.flag in state.flags[place]]
    others = [place for place in standing if place not in having]
    contenders = [replace(contender, fixed=False) for contender in _contenders(state, others)]
    cut = pick(contenders, count - len(having))
    chosen = [*having, *cut.beyond]
    told = "" if quota.places is None else f"候选{len(chosen)}个，取{quota.places}个"
    for place in chosen if told else ():
        state.stand_beside(place, quota.flag, f"差额推荐，{told}" if len(chosen) > (quota.places or 0) else told)
    for place in cut.beyond:
        state.flags[place].append(quota.flag)
    named = f"名额{count}个{f'（{told}）' if told else ''}"
    state.trace(
        "flag", cut.beyond, "quota", item=quota.name or quota.flag, text=quota.flag, told=named, outcome=quota.flag
    )
    if cut.tied:
        _wait(state, quota, cut.tied, f"{quota.flag}{count}个")
