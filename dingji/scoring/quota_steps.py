"""The grading step that holds the quotas on grades, before the decision: who is beyond falls, and on down."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from dingji.exact import Mask
from dingji.problems import Problem
from dingji.scheme.condition_values import Column
from dingji.scheme.model import Quota
from dingji.scheme.written import Quantity
from dingji.scoring import quotas
from dingji.scoring.state import NONE, Declared, Grading


@dataclass(frozen=True)
class Edge:
    """One bound of a quota within one group: who is in the group, and how many it comes to."""

    quota: Quota
    way: str
    within: Sequence[int]
    count: int
    told: str


def groups_within(state: Grading, within: str) -> dict[str, list[int]]:
    """Return the places among which is reckoned, by what a column of the roster says; all where none is named."""
    column = state.board.lookup(within) if within else None
    return quotas.groups_of(range(len(state.board)), column)


def base_of(
    quota: Quota, group: str, units: Sequence[str], graded: int, labels: Collection[str], last: Declared
) -> int:
    """Return of how many branches a share is taken; of those of last time, also of those that are gone since."""
    if quota.out_of != "previous":
        return graded if quota.out_of == "graded" else len(units)
    gone = (unit for unit, facts in last.left.items() if not quota.within or (facts.get(quota.within) or "") == group)
    return sum(last.previous.get(unit) in labels for unit in (*units, *gone))


def hold_quotas(state: Grading) -> None:
    """Hold the quotas on grades until nobody moves any more; a share is of those graded before any of them moved.

    Those level across an edge keep the seats that are theirs between them while the others are held, and then wait.
    """
    holding = Holding(state)
    for _ in state.scheme.grades:
        before = state.grade.copy()
        holding.hold("at_most", holding.most)
        holding.hold("at_least", holding.least)
        if np.array_equal(before, state.grade):
            break
    holding.finish()
    _tell_without_base(state)


def _tell_without_base(state: Grading) -> None:
    """Say of which quotas the base is not known, and that they were not held."""
    for quota in state.scheme.quotas:
        if quota.out_of == "previous" and not state.declared.previous:
            what = f"“{quota.what}”的名额以上期已定级的{state.scheme.unit}为基数，没有上期结果，这条名额没有计算"
            state.problems.append(Problem("E549", values={"what": what}))


@dataclass
class Holding:
    """Quotas being held: the grades as they stood before, who waits, and what lowered whom."""

    state: Grading
    waiting: dict[int, Quota] = field(default_factory=dict)
    lowered: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Keep the grades as they are before any quota moves them."""
        self.before = self.state.grade.copy()
        self.state.before_quotas = self.before.copy()

    def edges(self, way: str) -> Iterator[Edge]:
        """Yield the bounds of one kind, in the order in which they are held: from the best grade, or the worst."""
        order, worst_first = self.state.order, way == "at_least"
        on_grades = [quota for quota in self.state.scheme.quotas if quota.grade and getattr(quota, way) is not None]
        for quota in sorted(on_grades, key=lambda one: order[one.grade[0]], reverse=worst_first):
            yield from edges_of(self.state, quota, way, self.before != NONE)

    def hold(self, way: str, held: Callable[[Edge], None]) -> None:
        """Hold all bounds of one kind."""
        for edge in self.edges(way):
            held(edge)

    def most(self, edge: Edge) -> None:
        """Let the lowest beyond a number fall to the grade below those that it is on."""
        ranks = ranks_of(self.state, edge.quota)
        holders = [place for place in edge.within if self.state.grade[place] in ranks]
        self._fall(edge, holders, len(holders) - edge.count, ranks[-1] + 1)

    def least(self, edge: Edge) -> None:
        """Let the lowest of the better grades fall until a number is reached, the next better grade first."""
        ranks = ranks_of(self.state, edge.quota)
        holders = [place for place in edge.within if self.state.grade[place] in ranks]
        above = [place for place in edge.within if NONE < self.state.grade[place] < ranks[0]]
        self._fall(edge, above, edge.count - len(holders), ranks[0])

    def _fall(self, edge: Edge, among: Sequence[int], count: int, to: int) -> None:
        state = self.state
        if count <= 0 or to >= len(state.scheme.grades):
            return
        movable = [place for place in among if not state.fixed[place] and state.floor[place] >= to]
        level = quotas.level_of(edge.quota, falls_out=edge.way == "at_most")
        cut = quotas.pick(contenders(state, edge.quota, movable), count, level)
        self._tell_fall(edge, [place for place in cut.picked if place not in self.waiting], to, cut.looked)
        if not set(cut.tied) <= set(self.waiting):
            wait(state, edge.quota, cut, edge.told)
        self.waiting |= dict.fromkeys(cut.tied, edge.quota)
        state.grade[[*cut.picked, *cut.tied[: cut.room]]] = to

    def _tell_fall(self, edge: Edge, falling: Sequence[int], to: int, looked: int) -> None:
        state, places = self.state, np.array(falling, np.intp)
        before, after = state.named(state.grade[places]), state.labels[to]
        told = edge.told + quotas.settled_words(edge.quota, looked)
        item = edge.quota.name or edge.quota.what
        state.trace("quota", places, "fall", item=item, text=after, told=told, before=before, after=after)
        how = f"“{edge.quota.what}”名额之外" if edge.way == "at_most" else f"补足“{edge.quota.what}”名额"
        for place in falling:
            self.lowered.setdefault(place, how)

    def finish(self) -> None:
        """Leave without a grade whoever waits, and say of the others what lowered them.

        A grade without a bound of its own is had by rank: nobody is lowered from it.
        """
        state = self.state
        for place, quota in self.waiting.items():
            state.grade[place] = NONE
            state.waits[place] = f"“{quota.what}”名额边缘并列，待研究"
        for place, how in self.lowered.items():
            was = state.scheme.grades[self.before[place]]
            if place not in self.waiting and (was.start is not None or was.when):
                now = state.labels[state.grade[place]]
                state.lowered[place] = f"{how}，由“{was.name}”降为“{now}”"


def ranks_of(state: Grading, quota: Quota) -> list[int]:
    """Return the ranks of the grades that a quota is on, best first."""
    return sorted(state.order[label] for label in quota.grade)


def edges_of(state: Grading, quota: Quota, way: str, graded: Mask) -> Iterator[Edge]:
    """Yield a bound of a quota within each group that it names; none where its base is not known."""
    if quota.out_of == "previous" and not state.declared.previous:
        return
    for group, within in groups_within(state, quota.within).items():
        limit: Quantity | None = quotas.amount(getattr(quota, way), group)
        if limit is not None:
            units = [state.board.units[place] for place in within]
            base = base_of(quota, group, units, int(graded[within].sum()), state.order, state.declared)
            count = quotas.number(quota, way, limit, base)
            yield Edge(quota, way, within, count, quotas.told(quota, way, limit, base, count, group))


def contenders(state: Grading, quota: Quota, places: Sequence[int], *, highest: bool = False) -> list[quotas.Contender]:
    """Return branches as a quota sees them: the lowest of the worst grade first, or the highest."""
    sign = -1 if highest else 1
    scores = state.scores.take(np.array(places, np.intp)).fractions()
    columns = [_figures(state.board.evaluate(key)) for key in quota.tie_keys]
    found = []
    for place, score in zip(places, scores, strict=True):
        keys = tuple(None if (figure := column[place]) is None else sign * figure for column in columns)
        worst = () if quota.flag else (Fraction(-int(state.grade[place])),)
        found.append(quotas.Contender(place, (*worst, sign * (score or Fraction(0))), keys))
    return found


def _figures(column: Column) -> list[Fraction | None]:
    return [Fraction(value) if isinstance(value, Fraction | bool) else None for value in column]


def wait(state: Grading, quota: Quota, cut: quotas.Cut, told: str) -> None:
    """Leave those level across an edge to the committee."""
    names = [state.board.name(place) for place in cut.tied]
    level = quotas.tie_words(quota, state.scores.at(cut.tied[0]) or Fraction(0), names, cut.looked)
    words = f"{told}：{level}，待党委研究确定"
    if quota.grade:
        state.ties.append((cut.tied, Problem("E541", values={"what": words})))
    else:
        state.problems.append(Problem("W545", values={"what": words}))
    item = quota.name or quota.what
    state.trace("quota", cut.tied, "told", item=item, text="待定", told=words)
