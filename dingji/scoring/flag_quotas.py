"""The grading step that gives flags to the highest or lowest of those among a condition."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dingji.scoring import quotas
from dingji.scoring.quota_steps import Edge, contenders, edges_of, wait
from dingji.scoring.state import Grading


def flag_by_quota(state: Grading) -> None:
    """Give flags to the highest or lowest of those among a condition, those who have it already counted.

    A branch that a situation leaves without a grade is not among them, unless the committee gave it one.
    """
    settled = np.array([bool(one) for one in state.settled_by], bool) if state.scheme.grades else state.scores.known
    for quota in (quota for quota in state.scheme.quotas if quota.flag):
        among = state.scores.known & (state.board.holds(quota.among) if quota.among else np.True_)
        state.doubt_flag(quota.name or quota.flag, quota.among, state.scores.known)
        for way in ("top", "bottom"):
            for edge in edges_of(state, quota, way, settled) if getattr(quota, way) is not None else ():
                held = [place for place in edge.within if among[place]]
                _flag(state, edge, [place for place in held if state.decided[place] or not state.label[place]])


def _flag(state: Grading, edge: Edge, standing: Sequence[int]) -> None:
    quota, flag, count = edge.quota, edge.quota.flag, edge.count
    having = [place for place in standing if flag in state.flags[place]]
    others = [place for place in standing if place not in having]
    ordered = contenders(state, quota, others, highest=edge.way == "top")
    cut = quotas.pick(ordered, count - len(having), quotas.level_of(quota, falls_out=False))
    chosen = [*having, *cut.picked]
    told = "" if quota.places is None else f"候选{len(chosen)}个，取{quota.places}个"
    for place in chosen if told else ():
        state.stand_beside(place, flag, f"差额推荐，{told}" if len(chosen) > (quota.places or 0) else told)
    for place in cut.picked:
        state.flags[place].append(flag)
    named = f"名额{count}个{f'（{told}）' if told else ''}{quotas.settled_words(quota, cut.looked)}"
    state.trace("flag", cut.picked, "quota", item=quota.name or flag, text=flag, told=named, outcome=flag)
    if cut.tied:
        wait(state, quota, cut, f"{flag}{count}个")
