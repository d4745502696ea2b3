"""The state of grading: what the steps read and change, a column each, one place a branch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np

from dingji.exact import Exact, Mask, Places
from dingji.problems import Problem
from dingji.scheme.conditions import Value
from dingji.scheme.model import Scheme, Situation
from dingji.scheme.names import AFTER_GRADING, declared
from dingji.scheme.origins import origin
from dingji.scoring.board import Board
from dingji.scoring.composed import Composite
from dingji.scoring.decisions import Decision
from dingji.scoring.trail import Groups
from dingji.scoring.whereabouts import HandedIn
from dingji.scoring.worked import Part

NONE = -1
"""The rank of no grade."""


@dataclass(frozen=True)
class Declared:
    """Situations confirmed and decisions taken, by branch, with the entries behind them."""

    situations: Mapping[tuple[str, str], tuple[int, ...]]
    """By branch and situation."""
    decisions: Mapping[str, Decision]
    """By branch."""
    previous: Mapping[str, str]
    """上期等次 by branch, of those that are no longer graded too."""
    left: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    """What the roster tells of the branches of this standard that are no longer graded (撤销, 合并)."""
    first: bool = False
    """Whether there was no round before this one."""
    heirs: Mapping[str, str] = field(default_factory=dict)
    """By branch, in words, whose earlier results it carries on."""


@dataclass
class Grading:
    """The state that the steps work on; one place a branch, in the board's order.

    A grade is kept as its rank, the best 0, `NONE` where there is none.
    """

    scheme: Scheme
    board: Board
    composite: Composite
    declared: Declared
    handed: HandedIn = field(default_factory=HandedIn)
    problems: list[Problem] = field(default_factory=list)
    ties: list[tuple[tuple[int, ...], Problem]] = field(default_factory=list)
    """Who stands level across the edge of a quota on a grade, with what is told of it."""
    flag_doubts: dict[int, dict[str, list[str]]] = field(default_factory=dict)
    """By place: flags that cannot be told, with the names of which nothing is known."""
    waits: dict[int, str] = field(default_factory=dict)
    """Places level across a quota's edge, with why they wait for the committee."""

    def __post_init__(self) -> None:
        """Start with nothing graded."""
        size = len(self.board)
        rounding = self.scheme.rounding
        self.scores = self.composite.rounded if rounding.before_grading else self.composite.unrounded
        """The composite as grades are read off it; a situation may set it."""
        self.grade: Places = np.full(size, NONE)
        """测算等次."""
        self.before_quotas: Places = self.grade.copy()
        """The grade before any quota moved it."""
        self.fixed: Mask = np.zeros(size, bool)
        """Graded by a situation: they count in quotas, and none moves them."""
        self.floor: Places = np.full(size, len(self.scheme.grades))
        """The grade that 直接定级 gives at the least; a quota moves nobody below it."""
        self.possible: Mask = np.zeros((size, len(self.scheme.grades) + 1), bool)
        """[branch, grade]: the grades that may come about while something is not known, the last that there is none."""
        self.unscored: Mask = np.zeros(size, bool)
        """Whose composite a situation may set: nobody knows whether it holds."""
        self.doubts: list[dict[str, list[str]]] = [{} for _ in range(size)]
        """By situation or grade that cannot be told, the names of which nothing is known."""
        self.label = [""] * size
        """不定等次 and the like, which settle a branch without a grade."""
        self.decided = [""] * size
        self.movement = [""] * size
        self.took_effect: list[list[str]] = [[] for _ in range(size)]
        """Situations that hold, whether or not they moved the grade."""
        self.worth: list[dict[str, str]] = [{} for _ in range(size)]
        """What situations that change the composite gave, as papers print it: −5分, ×1.05."""
        self.unmoved: list[set[str]] = [set() for _ in range(size)]
        """Those of them that left the grade as it was."""
        self.lowered: dict[int, str] = {}
        """By place, which quota lowered it, from which grade to which."""
        self.notes: list[list[str]] = [[] for _ in range(size)]
        """What is printed under 备注 of a grade: that it is not final yet."""
        self.flags: list[list[str]] = [[] for _ in range(size)]
        self.beside: list[dict[str, str]] = [{} for _ in range(size)]
        """What is to be printed beside a flag: 差额, 书记任职时间."""
        self.reckoned: dict[str, Part] = {}
        """What names stand for in what is told of how figures are reckoned; the grade so far among them."""
        self.place: Places = np.zeros(size, np.intp)
        """排名; 0 where there is none."""
        for name in declared(self.scheme):
            self.board.set(name, [(unit, name) in self.declared.situations for unit in self.board.units])

    @cached_property
    def labels(self) -> list[str]:
        """Return the grades' labels, best first."""
        return [grade.name for grade in self.scheme.grades]

    @cached_property
    def order(self) -> Mapping[str, int]:
        """Return the rank of each grade's label, best first."""
        return {label: rank for rank, label in enumerate(self.labels)}

    def named(self, ranks: Places) -> list[str]:
        """Return the labels of some ranks, "" of no grade."""
        return [self.labels[rank] if rank != NONE else "" for rank in ranks.tolist()]

    @property
    def computed(self) -> list[str]:
        """Return 测算等次 by branch, "" where there is none."""
        return self.named(self.grade)

    @property
    def settled_by(self) -> list[str]:
        """Return the grade that counts: 审定等次, else 测算等次."""
        return [decided or computed for decided, computed in zip(self.decided, self.computed, strict=True)]

    def situations(self, place: int) -> tuple[str, ...]:
        """Return 直接定级或限档情形 of a branch as papers print them.

        One that moved nothing stays listed, and says so: an officer who holds the list beside 情形申报 must find every
        confirmed row again, and a ceiling that was not reached must not read as the reason for the grade.
        """
        names = dict.fromkeys(self.took_effect[place])
        beside = dict.fromkeys(self.unmoved[place], "未改变等次") | self.worth[place]
        return tuple(f"{name}（{beside[name]}）" if name in beside else name for name in names)

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
        return bool(self.fixed[place]) or (self.grade[place] != NONE and self.floor[place] == self.grade[place])

    def stand_beside(self, place: int, flag: str, words: str) -> None:
        """Add what is to be printed beside a branch's flag."""
        before = self.beside[place].get(flag, "")
        self.beside[place][flag] = f"{before}；{words}" if before else words

    def with_effect(self, effect: str) -> list[Situation]:
        """Return the situations that have a kind of effect."""
        return [situation for situation in self.scheme.situations if situation.effect == effect]

    def holding(self, situation: Situation) -> tuple[Places, Groups]:
        """Return the places for which a situation holds, with the entries behind a declared one."""
        applies = self.board.applies(situation.only_for)
        if situation.when:
            found = np.flatnonzero(self.board.holds(situation.when) & applies)
            return found, Groups.of(found[:0], len(found))
        places = {unit: place for place, unit in enumerate(self.board.units)}
        declared_ = {
            places[unit]: entries
            for (unit, name), entries in self.declared.situations.items()
            if name == situation.name and unit in places and applies[places[unit]]
        }
        found = np.array(sorted(declared_), np.intp)
        behind = [declared_[place] for place in found.tolist()]
        rows = np.array([entry for entries in behind for entry in entries], np.intp)
        return found, Groups.of(
            np.repeat(np.arange(len(found)), [len(entries) for entries in behind]), len(found), rows
        )

    def in_doubt(self, situation: Situation) -> Places:
        """Return the branches of which it cannot be told whether a situation holds."""
        applies = self.board.applies(situation.only_for)
        return self.doubt(situation.name, situation.when, applies) if situation.when else np.zeros(0, np.intp)

    def doubt(self, what: str, condition: str, places: Mask) -> Places:
        """Remember that it cannot be told for some branches whether a condition holds; return them.

        What is not for a branch fulfils no condition, and nothing is unknown of it.
        """
        found = []
        for place in np.flatnonzero(self.board.unknown(condition) & places).tolist():
            lacking = self.board.lacking(condition, place)
            names = [name for name in lacking if self._is_for(name, place)]
            if names or not lacking:
                self.doubts[place][what] = names
                found.append(place)
        return np.array(found, np.intp)

    def _is_for(self, name: str, place: int) -> bool:
        """Say whether what a name stands for applies to a branch."""
        own = name.rpartition(".")[2]
        marked = self.scheme.indicators
        conditions = [one.only_for for one in marked if own == one.name or any(own == rule.name for rule in one.rules)]
        conditions += [rule.only_for for one in marked for rule in one.rules if own == rule.name]
        return all(self.board.applies(condition)[place] for condition in conditions)

    def doubt_flag(self, what: str, condition: str, places: Mask) -> None:
        """Remember of whom it cannot be told whether a condition of a flag holds."""
        for place in self.doubt(what, condition, places).tolist() if condition else ():
            self.flag_doubts.setdefault(place, {})[what] = self.doubts[place][what]

    def trace(self, step: str, places: Places | Sequence[int], sentence: str, /, **parts: Any) -> None:  # noqa: ANN401 - see Trail.add
        """Add a step of the branches at some places to the trail; its columns have a row for each of them."""
        rows = np.arange(len(places))
        self.board.trace(step, rows, sentence, branches=np.asarray(places, np.intp), **parts)

    def trace_situation(
        self, situation: Situation, places: Places, behind: Groups, outcomes: list[str], texts: list[str] | str,
        figure: Exact | None = None,
    ) -> None:  # fmt: skip
        """Add a step of a situation that holds for some branches."""
        self.trace(
            situation.effect, places, "situation", item=situation.name, text=texts, figure=figure, behind=behind,
            situation=situation, outcome=outcomes, read=self.board.from_outside(places, situation.when),
        )  # fmt: skip


def doubt_words(state: Grading, doubts: Mapping[str, Sequence[str]], place: int) -> str:
    """Tell what cannot be told of a branch, and where what is not known would be typed."""
    return "；".join(
        f"“{what}”要看{'、'.join(_named(state, name, place) for name in names) or '的数算不出来'}"
        for what, names in doubts.items()
    )


def _named(state: Grading, name: str, place: int) -> str:
    if name in AFTER_GRADING:
        return f"“{name}”，还没有定级"
    placed = partial(state.handed.place, state.board.units[place])
    where = origin(state.scheme, name, state.board.trail.round, placed)
    return f"“{name}”，没有填" + (f"（{where}）" if where else "")
