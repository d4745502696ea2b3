"""The state of grading: what the steps read and change, one place a branch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from dingji.problems import Problem
from dingji.scheme.model import Scheme, Situation
from dingji.scheme.names import declared
from dingji.scoring.board import Board, Figures
from dingji.scoring.composite import Composite


@dataclass(frozen=True)
class Declared:
    """Situations confirmed and decisions taken, by branch, with the entries behind them."""

    situations: Mapping[tuple[str, str], tuple[int, ...]]
    """By branch and situation."""
    decisions: Mapping[str, tuple[str, str, int]]
    """By branch: the decided grade, its reason, its entry."""
    previous: Mapping[str, str]
    """上期等次 by branch."""


@dataclass
class Grading:
    """The state that the steps work on; one place a branch, in the board's order."""

    scheme: Scheme
    board: Board
    composite: Composite
    declared: Declared
    scores: Figures = field(default_factory=list)
    """The composite as grades are read off it; a situation may set it."""
    grades: list[str] = field(default_factory=list)
    """测算等次; "" not graded."""
    labels: list[str] = field(default_factory=list)
    """不定等次 and the like, which settle a branch without a grade."""
    decided: list[str] = field(default_factory=list)
    movement: list[str] = field(default_factory=list)
    took_effect: list[list[str]] = field(default_factory=list)
    """Situations that hold, whether or not they moved the grade."""
    unmoved: list[set[str]] = field(default_factory=list)
    """Those of them that left the grade as it was."""
    flags: list[list[str]] = field(default_factory=list)
    beside: list[dict[str, str]] = field(default_factory=list)
    """What is to be printed beside a flag: 差额, 书记任职时间."""
    ranks: list[int | None] = field(default_factory=list)
    fixed: set[int] = field(default_factory=set)
    """Places graded by a situation: they count in quotas, and none moves them."""
    floors: dict[int, int] = field(default_factory=dict)
    """By place: the rank of the grade that 直接定级 gives at the least; a quota moves nobody below it."""
    waits: dict[int, str] = field(default_factory=dict)
    """Places level across a quota's edge, with why they wait for the committee."""
    ties: list[tuple[tuple[int, ...], Problem]] = field(default_factory=list)
    """Who stands level across the edge of a quota on a grade, with what is told of it."""
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start with nothing graded."""
        size = len(self.board)
        rounding = self.scheme.rounding
        read = self.composite.rounded if rounding.before_grading else self.composite.unrounded
        self.scores = self.scores or list(read)
        self.grades, self.labels, self.decided, self.movement = ([""] * size for _ in range(4))
        self.took_effect = [[] for _ in range(size)]
        self.unmoved = [set() for _ in range(size)]
        self.flags = [[] for _ in range(size)]
        self.beside = [{} for _ in range(size)]
        self.ranks = [None] * size
        for name in declared(self.scheme):
            self.board.set(name, [(unit, name) in self.declared.situations for unit in self.board.units])

    def situations(self, place: int) -> tuple[str, ...]:
        """Return 直接定级或限档情形 of a branch as papers print them.

        One that moved nothing stays listed, and says so: an officer who holds the list beside 情形申报 must find every
        confirmed row again, and a ceiling that was not reached must not read as the reason for the grade.
        """
        names = dict.fromkeys(self.took_effect[place])
        return tuple(f"{name}（未改变等次）" if name in self.unmoved[place] else name for name in names)

    @property
    def open_ties(self) -> list[Problem]:
        """Return the ties of which somebody still waits for the committee."""
        return [problem for places, problem in self.ties if not all(self.decided[place] for place in places)]

    @property
    def vetoed(self) -> set[str]:
        """Return the branches for which a 否决 holds."""
        vetoes = {situation.name for situation in self.scheme.situations if situation.grade}
        return {unit for unit, held in zip(self.board.units, self.took_effect, strict=True) if vetoes & set(held)}

    def stays(self, place: int) -> bool:
        """Say whether no quota moves a branch: a situation graded it, or it stands at what 直接定级 gives it."""
        return place in self.fixed or self.floors.get(place) == self.order.get(self.grades[place], -1)

    def stand_beside(self, place: int, flag: str, words: str) -> None:
        """Add what is to be printed beside a branch's flag."""
        before = self.beside[place].get(flag, "")
        self.beside[place][flag] = f"{before}；{words}" if before else words

    @property
    def order(self) -> Mapping[str, int]:
        """Return the rank of each grade's label, best first."""
        return {grade.name: rank for rank, grade in enumerate(self.scheme.grades)}

    def holding(self, situation: Situation) -> list[tuple[int, tuple[int, ...]]]:
        """Return the places for which a situation holds, with the entries behind a declared one."""
        found: list[tuple[int, tuple[int, ...]]]
        if situation.when:
            column = self.board.evaluate(situation.when)
            found = [(place, ()) for place, value in enumerate(column) if value is True]
        else:
            keys = [(unit, situation.name) for unit in self.board.units]
            situations = self.declared.situations
            found = [(place, situations[key]) for place, key in enumerate(keys) if key in situations]
        return [(place, behind) for place, behind in found if self.board.applies(situation.only_for, place)]


def trace(  # noqa: PLR0913 - a step has these parts
    state: Grading,
    place: int,
    step: str,
    item: str,
    words: str,
    entries: Sequence[int] = (),
    *,
    text: str = "",
    figure: Fraction | None = None,
) -> None:
    """Add a step of the branch at a place to the trail."""
    unit = state.board.units[place]
    state.board.trail.add(unit, step, item=item, text=text, figure=figure, words=words, entries=entries)
