"""What is to be said of quotas after the decision: those not kept, and those that whoever still waits may move."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dingji.exact import Mask
from dingji.problems import Problem
from dingji.scheme.condition_values import Column
from dingji.scheme.conditions import names_in
from dingji.scheme.grades import ALL
from dingji.scheme.model import Quota
from dingji.scheme.names import RANKS
from dingji.scoring import quotas
from dingji.scoring.board import parsed
from dingji.scoring.quota_steps import Edge, base_of, edges_of, ranks_of
from dingji.scoring.state import NONE, Grading

Rows = Sequence[Mapping[str, Any]]
MOST_NAMED = 3
"""How many of those who wait are named."""


# --- after the decision -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """The branches of a standard as they stand after the decision, those that lower units graded too."""

    state: Grading
    units: Sequence[str]
    facts: Mapping[str, Column]
    rows: Mapping[str, Mapping[str, Any]]
    """Results by branch."""

    def grade(self, unit: str) -> str:
        """Return the grade that counts."""
        return str(self.rows[unit]["decided"] or self.rows[unit]["computed"])

    def graded(self, unit: str) -> bool:
        """Say whether a branch counts in a base; one that waits at an edge does."""
        place = self._places.get(unit)
        return self.grade(unit) in self.state.order or (place is not None and self.state.before_quotas[place] != NONE)

    def may_fall(self, unit: str) -> bool:
        """Say whether quotas moved a branch freely: neither situation, committee nor lower unit gave its grade."""
        place = self._places.get(unit)
        return place is not None and not self.state.stays(place) and not self.rows[unit]["decided"]

    @property
    def _places(self) -> Mapping[str, int]:
        return {unit: place for place, unit in enumerate(self.state.board.units)}

    def named(self, units: Sequence[str]) -> str:
        """Return how papers call some branches."""
        names = dict(zip(self.units, self.facts.get("党组织名称", self.units), strict=True))
        return "、".join(str(names[unit] or unit) for unit in units)


def quota_problems(standing: Standing) -> Iterator[Problem]:
    """Yield what asks for a person: more or fewer hold grades than a quota allows; a rough share is only a warning."""
    last, labels = standing.state.declared, standing.state.order
    for quota in standing.state.scheme.quotas:
        if not quota.grade or (quota.out_of == "previous" and not last.previous):
            continue
        column = standing.facts.get(quota.within) if quota.within else None
        for group, places in quotas.groups_of(range(len(standing.units)), column).items():
            units = [standing.units[place] for place in places]
            base = base_of(quota, group, units, sum(map(standing.graded, units)), labels, last)
            for way, bound in quotas.edges(quota):
                limit = quotas.amount(bound, group)
                if limit is not None:
                    count = quotas.number(quota, way, limit, base)
                    told = quotas.told(quota, way, limit, base, count, group)
                    yield from _verdict(standing, quota, way, units, count, told)


def _verdict(
    standing: Standing, quota: Quota, way: str, units: Sequence[str], count: int, told: str
) -> Iterator[Problem]:
    holders = [unit for unit in units if standing.grade(unit) in quota.grade]
    if way == "about" and len(holders) != count:
        yield Problem("W542", values={"what": f"{told}，现有{len(holders)}个"})
    waiting = any(not standing.rows[unit]["settled"] for unit in units)
    beyond = way == "at_most" and len(holders) > count and not _level(standing, quota, holders, count)
    short = way == "at_least" and len(holders) < count and not waiting
    if beyond or short:
        yield Problem("E551", values={"what": f"{told}，现有{len(holders)}个{_why(standing, quota, units, holders)}"})


def _level(standing: Standing, quota: Quota, holders: Sequence[str], count: int) -> bool:
    """Say whether more hold a grade than its number only because all who stand level are in."""
    free = [standing.rows[unit]["composite"] for unit in holders if standing.may_fall(unit)]
    above = sum(score > min(free) for score in free)
    return quota.ties == ALL and bool(free) and above + len(holders) - len(free) < count


def _why(standing: Standing, quota: Quota, units: Sequence[str], holders: Sequence[str]) -> str:
    """Tell what keeps a quota from being kept: who was decided into it or out of it, else whom nothing moves."""
    rows = standing.rows
    changed = [
        unit for unit in units if rows[unit]["decided"] and (rows[unit]["computed"] in quota.grade) != (unit in holders)
    ]
    if changed:
        return f"；审定改变的：{standing.named(changed)}"
    held = [unit for unit in holders if not standing.may_fall(unit)]
    return f"；不因名额变动的：{standing.named(held)}" if held else ""


# --- while somebody waits ---------------------------------------------------------------------------------


def tell_provisional(state: Grading) -> None:
    """Say of every quota that is not final yet by whom it may still move, and beside whom it holds."""
    for quota in state.scheme.quotas:
        waiting = np.flatnonzero(_waiting(state, quota)).tolist()
        moving = dict.fromkeys(place for edge in _edges(state, quota) for place in _unsure(state, edge, waiting))
        if moving:
            _provisional(state, quota, waiting, [place for place in moving if place not in waiting])
    _tell_by_rank(state)


def _tell_by_rank(state: Grading) -> None:
    """Say beside flags that are had by one's place that it may still move, while somebody has none."""
    settled = [bool(grade or label) for grade, label in zip(state.settled_by, state.label, strict=True)]
    lacking: Mask = ~np.array(settled, bool) if state.scheme.grades else ~state.scores.known
    for situation in state.with_effect("flag") if lacking.any() else ():
        if situation.when and not names_in(parsed(situation.when)).isdisjoint(RANKS):
            why = _why_open(state, np.flatnonzero(lacking).tolist())
            for place in (place for place, flags in enumerate(state.flags) if situation.flag in flags):
                state.stand_beside(place, situation.flag, f"暂定，{why}")


def _waiting(state: Grading, quota: Quota) -> Mask:
    """Say who may still come under a quota: without a grade, or without a figure where that alone is asked for."""
    spoken = [bool(decided or label) for decided, label in zip(state.decided, state.label, strict=True)]
    settled: Mask = np.array(spoken, bool)  # the type told: of nobody it would be numbers
    if quota.grade:
        lacking: Mask = state.before_quotas == NONE
    else:
        lacking = (state.grade == NONE) if quota.among and state.scheme.grades else ~state.scores.known
        lacking &= state.board.holds(quota.among) | state.board.unknown(quota.among) if quota.among else np.True_
    return lacking & ~settled


def _edges(state: Grading, quota: Quota) -> Iterator[Edge]:
    settled = state.before_quotas != NONE if state.scheme.grades else state.scores.known
    for way in (*quotas.BINDING, "top", "bottom"):
        if getattr(quota, way) is not None:
            yield from edges_of(state, quota, way, settled)


def _unsure(state: Grading, edge: Edge, waiting: Sequence[int]) -> Sequence[int]:
    """Return who may be moved by those who wait in a group, and those themselves; nobody where all have room."""
    own = [place for place in waiting if place in edge.within]
    if not own:
        return []
    if edge.quota.flag:
        having = [place for place in edge.within if edge.quota.flag in state.flags[place]]
        return [*own, *having] if having else []
    ranks = ranks_of(state, edge.quota)
    holders = [place for place in edge.within if state.grade[place] in ranks]
    lowered = [place for place in edge.within if place in state.lowered]
    if edge.way == "at_most":
        return [*own, *holders, *lowered] if lowered or len(holders) + len(own) > edge.count else []
    return [*own, *lowered] if lowered or len(holders) <= edge.count else []


def _why_open(state: Grading, waiting: Sequence[int]) -> str:
    """Tell by whom something may still move."""
    names = "、".join(state.board.name(place) for place in waiting[:MOST_NAMED])
    more = f"等{len(waiting)}个" if len(waiting) > MOST_NAMED else ""
    return f"{names}{more}还没有定级，定级以后可能变动" if state.scheme.grades else f"{names}{more}还没有得分，可能变动"


def _provisional(state: Grading, quota: Quota, waiting: Sequence[int], moving: Sequence[int]) -> None:
    why = _why_open(state, waiting)
    state.problems.append(Problem("W550", values={"what": f"“{quota.what}”的名额暂定：{why}"}))
    places = [place for place in moving if not state.decided[place] or quota.flag]
    for place in places:
        if quota.flag:
            state.stand_beside(place, quota.flag, f"暂定，{why}")
        else:
            state.notes[place].append(f"“{quota.what}”名额暂定，{why}")
    step = "flag" if quota.flag else "quota"
    state.trace(step, places, "told", item=quota.name or quota.what, text="暂定", told=f"“{quota.what}”暂定：{why}")
