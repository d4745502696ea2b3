"""差多少升一档: the smallest changes, one at a time, that would have lifted a branch's grade.

Every change is scored again; what lifts the points and stays under a ceiling lifts nothing. Where quotas bind, a change
has to carry the branch past them too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, partial
from math import ceil
from typing import Any, Final

import numpy as np

from dingji.exact import Exact
from dingji.scheme.model import Scheme
from dingji.scoring.basis import Basis
from dingji.scoring.grading import Grading, grade_alone, places_of
from dingji.scoring.quota_steps import hold_quotas
from dingji.scoring.state import NONE
from dingji.scoring.trail import Trail
from dingji.supposing.copies import AS_IT_IS, Alone, Copies, Found, crosses
from dingji.supposing.moves import Move, grid, labelled, moves_of
from dingji.supposing.search import smallest, together


@dataclass(frozen=True)
class Lift:
    """The smallest amount of a move that lifts the grade, what it lifts it to, and what else it changes."""

    move: Move
    amount: int
    grade: str
    more: Fraction
    """Points of the composite that come with it."""
    gone: tuple[str, ...]
    """Situations that would not have taken effect any more."""
    figures: tuple[tuple[str, Fraction], ...]
    """Indicators that no rater marks, with what they would have come to."""
    beyond: bool = False
    """Whether a quota would still hold the branch back."""


@dataclass(frozen=True)
class Edge:
    """What a quota asks for before it lets a branch rise: the composite, and how many places it goes forward."""

    score: Fraction | None
    """None where no composite is enough."""
    places: int = 0


@dataclass(frozen=True)
class Lifts:
    """What would have lifted one branch; `held`: the situations that hold it down, whatever the points.

    `edge`: where a quota holds it back and not the points alone.
    """

    lifts: tuple[Lift, ...]
    held: tuple[str, ...] = ()
    edge: Edge | None = None
    sought: bool = True
    """Whether anything was sought: not where each try would want many branches scored anew."""


MOST_COMPARED: Final = 40
"""Branches of a standard that compares them up to which every try scores them all: a few seconds."""


@dataclass(frozen=True, eq=False)
class Lifting:
    """Seeks what would have lifted branches of one standard."""

    copies: Copies

    @property
    def scheme(self) -> Scheme:
        """Return the standard."""
        return self.copies.group.scheme

    @cached_property
    def binding(self) -> bool:
        """Say whether the standard has quotas that move grades."""
        return any(quota.grade and (quota.at_most or quota.at_least) is not None for quota in self.scheme.quotas)

    def of(self, units: Sequence[str], ranks: Mapping[str, int]) -> dict[str, Lifts]:
        """Return what would have lifted each of some branches. `ranks`: of the computed grades, the best 0."""
        able = [unit for unit in units if ranks.get(unit, 0) > 0 and unit in self.copies.place]
        if not self.copies.able or (crosses(self.scheme) and len(self.copies.group.units) > MOST_COMPARED):
            return {unit: Lifts((), sought=False) for unit in able}
        if not able:
            return {}
        base = self._as_they_are(able)
        edges = {unit: self._edge(unit, ranks[unit]) for unit in able} if self.binding else {}
        searches, moves, told = {}, {}, _by_branch(labelled(self.copies.rows(able)))
        for unit in able:
            alone, place = base[unit]
            does = partial(_does, ranks[unit], edges.get(unit), alone.found(place).held)
            listed = moves_of(self.scheme, told[unit], alone, place, self.copies.basis.round_name)
            for number, move in enumerate(listed):
                moves[unit, number] = move
                likely = self._likely(move, alone, place, ranks[unit], edges.get(unit))
                searches[unit, number] = smallest(unit, move.change, move.most, does, likely)
        found = together(self.copies, searches)
        made: dict[str, list[Lift]] = {unit: [] for unit in able}
        for (unit, number), one in sorted(found.items(), key=lambda item: item[0][1]):
            if one is not None:
                alone, place = base[unit]
                lift = self._lift(moves[unit, number], *one, alone.found(place))
                if self.binding and (edges[unit].score is None or one[1].held != alone.found(place).held):
                    lift = replace(lift, beyond=not self._rises(unit, ranks[unit], lift))
                made[unit].append(lift)
        return {unit: self._told(unit, made[unit], base, edges.get(unit), ranks[unit]) for unit in able}

    def _likely(self, move: Move, alone: Alone, place: int, rank: int, edge: Edge | None) -> int | None:
        """Return the amount with which the composite should reach the next grade, or what a quota asks for."""
        start, now = self.scheme.grades[rank - 1].start, alone.whole.unrounded.at(place)
        goal = edge.score if edge is not None else None if start is None else Fraction(start)
        if goal is None or now is None or not move.worth:
            return None
        rounding = self.scheme.rounding
        spared = Fraction(1, 2 * 10**rounding.places) if rounding.before_grading or edge is not None else Fraction(0)
        return ceil((goal - spared - now) / move.worth)

    def _as_they_are(self, units: Sequence[str]) -> dict[str, tuple[Alone, int]]:
        """Return for each branch the run that it stands in as it is, and its place there."""
        if self.binding or crosses(self.scheme) or len(units) > len(self.copies.group.units) // 2:
            return {unit: (self._whole, self.copies.place[unit]) for unit in units}
        alone = self.copies.alone([(unit, AS_IT_IS) for unit in units])
        return {unit: (alone, place) for place, unit in enumerate(units)}

    @cached_property
    def _whole(self) -> Alone:
        return self.copies.all_with()

    def _lift(self, move: Move, amount: int, after: Found, before: Found) -> Lift:
        filled = {
            one.name for one in self.scheme.scored if one.rules and all(rule.of for rule in one.rules if rule.way)
        }
        figures = tuple(
            (name, figure)
            for name, figure in after.figures.items()
            if name in filled and figure is not None and figure != before.figures[name]
        )
        grade = self.scheme.grades[after.rank].name
        gone = tuple(sorted(before.held - after.held))
        more = (after.score or Fraction(0)) - (before.score or Fraction(0))
        return Lift(move, amount, grade, more, gone, figures)

    def _told(
        self, unit: str, lifts: Sequence[Lift], base: Mapping[str, tuple[Alone, int]], edge: Edge | None, rank: int
    ) -> Lifts:
        alone, place = base[unit]
        pointed = any(lift.move.kind == "points" for lift in lifts)
        held = () if pointed else tuple(self._holding(alone.found(place)))
        at_edge = edge if edge is not None and (edge.places or _lowered(alone, place, rank)) else None
        return Lifts(tuple(lifts), held, at_edge)

    def _holding(self, found: Found) -> Iterator[str]:
        down = ("at_most", "grade", "down")
        for situation in self.scheme.situations:
            if situation.name in found.held and situation.effect in down:
                yield situation.name

    # --- quotas -------------------------------------------------------------------------------------------

    def _edge(self, unit: str, rank: int) -> Edge:
        """Search the smallest composite with which a branch rises past the quotas, all others as they are."""
        place, scheme, step = self.copies.place[unit], self.scheme, grid(self.scheme)
        score = self._whole.state.scores.at(place)
        bounds = [Fraction(grade.start) for grade in scheme.grades if grade.start is not None]
        figures = [figure for figure in self._whole.state.scores.fractions() if figure is not None]
        if score is None:
            return Edge(None)
        low, high = score // step, ceil(max([Fraction(scheme.full), *bounds, *figures]) / step) + 1
        if not self._with_composite(place, high * step, rank):
            return Edge(None)
        least = 0  # 0: as it is does not rise
        most = high - low
        while most - least > 1:
            middle = (least + most) // 2
            least, most = (
                (least, middle) if self._with_composite(place, (low + middle) * step, rank) else (middle, most)
            )
        needed = (low + most) * step
        return Edge(needed, self._places(place, needed) if self._kept(place, needed, rank) else 0)

    def _kept(self, place: int, needed: Fraction, rank: int) -> bool:
        """Say whether a quota asks for more than the points alone do."""
        step = grid(self.scheme)
        state = self._regraded(place, needed - step)
        return NONE < int(state.before_quotas[place]) < rank

    def _places(self, place: int, needed: Fraction) -> int:
        """Return how many places a branch goes forward with a composite."""
        scores = self._whole.state.scores
        graded = scores.where(self._whole.state.grade != NONE, None)
        now = places_of(graded)[place]
        mine = np.arange(len(scores)) == place
        return int(now - places_of(Exact.constant(needed).where(mine, graded))[place])

    def _with_composite(self, place: int, composite: Fraction, rank: int) -> bool:
        grade = int(self._regraded(place, composite).grade[place])
        return NONE < grade < rank

    def _regraded(self, place: int, composite: Fraction) -> Grading:
        """Grade the whole group again, one branch with another composite."""
        alone = self._whole
        mine = np.arange(len(alone.state.scores)) == place
        alone.state.board.trail = Trail(list(alone.state.board.units))
        state = Grading(self.scheme, alone.state.board, replace(alone.whole), alone.state.declared)
        grade_alone(state, Exact.constant(composite).where(mine, None))
        hold_quotas(state)
        return state

    def _rises(self, unit: str, rank: int, lift: Lift) -> bool:
        """Say whether a branch rises with a change past the quotas too: the whole group graded again."""
        state = self.copies.all_with((unit, lift.move.change(lift.amount))).state
        hold_quotas(state)
        return NONE < int(state.grade[self.copies.place[unit]]) < rank


def _by_branch(rows: Iterable[dict[str, Any]]) -> Mapping[str, list[dict[str, Any]]]:
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["unit"]].append(row)
    return found


def _lowered(alone: Alone, place: int, rank: int) -> bool:
    """Say whether a quota lowered a branch from what it has by itself."""
    return NONE < int(alone.state.grade[place]) < rank


def _does(rank: int, edge: Edge | None, held: frozenset[str], found: Found) -> bool:
    """Say whether a branch rises: to a better grade by itself, and past the quotas.

    What a quota asks of the composite is known where the same situations hold; others are tried in the whole group.
    """
    if not NONE < found.rank < rank:
        return False
    if edge is None or edge.score is None or found.held != held:
        return True
    return found.score is not None and found.score >= edge.score


def lifts_of(basis: Basis, units: Sequence[str], computed: Mapping[str, str]) -> dict[str, Lifts]:
    """Return what would have lifted branches, by branch. `computed`: their computed grades; "" where there is none."""
    found: dict[str, Lifts] = {}
    for whole in basis.groups:
        order = {grade.name: rank for rank, grade in enumerate(whole.scheme.grades)}
        own = [unit for unit in units if unit in set(whole.units) and computed.get(unit) in order]
        ranks = {unit: order[computed[unit]] for unit in own}
        if own:
            found |= Lifting(Copies(basis, whole)).of(own, ranks)
    return found
