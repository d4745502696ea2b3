"""The board: every figure computed so far, a column a name, which rules and conditions read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from dingji.comparing import normal
from dingji.exact import Exact, Mask, Places
from dingji.scheme.condition_values import Column, evaluate
from dingji.scheme.conditions import Node, Value, below_in, names_in, parse
from dingji.scheme.names import EARLIER, FURTHER, ROSTER
from dingji.scoring.sentences import said
from dingji.scoring.trail import Trail
from dingji.scoring.worked import Column as Figures
from dingji.scoring.worked import Key, Of, Part, Worked

PARENT = "上级党组织"
Offer = Callable[[], Exact | Column | None]
"""Makes a column when somebody reads its name; None where there is nothing to read."""


@lru_cache(maxsize=512)
def parsed(condition: str) -> Node:
    """Parse a condition once."""
    return parse(condition)


@dataclass(frozen=True)
class Unfit:
    """A row whose amount cannot be taken: which row, why (a problem's code), and between what it should lie."""

    row: int
    code: str
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)
    unit: str = ""


@dataclass
class Board:
    """Columns by name for the branches of one standard, in roster order, and the trail of how they came about."""

    units: Sequence[str]
    columns: dict[str, Exact | Column] = field(default_factory=dict)
    trail: Trail = field(default_factory=Trail)
    sources: Sequence[str] = ()
    """The standard's sources in its order, in which a reader wants their steps."""
    others: list[Board] = field(default_factory=list)
    """Boards of those that were graded before: by another standard, or by a lower unit."""
    roster: Sequence[str] = ()
    """Names whose values come from the roster."""
    formulas: Mapping[str, str] = field(default_factory=dict)
    """What a rule that reads a figure (`of`) stands for where its name is read."""
    offers: dict[str, list[Offer]] = field(default_factory=dict)
    """What is made only when its name is read; of several the last that has something."""
    memo: dict[str, tuple[frozenset[str], Column]] = field(default_factory=dict)
    unfit: dict[tuple[int, str], Unfit] = field(default_factory=dict)
    """By entry and rule: why what was typed does not suffice."""

    def __post_init__(self) -> None:
        """Place the branches among those of the trail."""
        if not self.trail.units:
            self.trail.units = list(self.units)
        places = {unit: place for place, unit in enumerate(self.trail.units)}
        self.on_trail = np.array([places[unit] for unit in self.units], np.intp)
        self.order = {source: place for place, source in enumerate(self.sources)}

    def __len__(self) -> int:
        """Return the number of branches."""
        return len(self.units)

    @property
    def every(self) -> Places:
        """Return the places of all branches."""
        return np.arange(len(self.units))

    def set(self, name: str, column: Exact | Sequence[Value]) -> None:
        """Put a column under a name; a later source's takes the place of an earlier one's."""
        self.columns[name] = column if isinstance(column, Exact) else list(column)
        self._forget(name)

    def offer(self, name: str, made: Offer) -> None:
        """Have a column made under a name where none stands by then."""
        self.offers.setdefault(name, []).append(made)
        self.columns.pop(name, None)
        self._forget(name)

    def _forget(self, name: str) -> None:
        for condition in [condition for condition, (names, _) in self.memo.items() if name in names]:
            del self.memo[condition]

    def lookup(self, name: str) -> Column:
        """Return a column; a name that nothing gave a figure to is missing for every branch."""
        found = self._found(name)
        return list(found.fractions()) if isinstance(found, Exact) else found

    def _found(self, name: str) -> Exact | Column:
        if name not in self.columns:
            made = (offered for offer in reversed(self.offers.get(name, [])) if (offered := offer()) is not None)
            if (column := next(made, None)) is not None:
                self.columns[name] = column
            elif name in self.formulas:
                return self.evaluate(self.formulas[name])
        return self.columns.get(name, [None] * len(self.units))

    def evaluate(self, condition: str) -> Column:
        """Evaluate a condition or formula for every branch; remembered until a column that it reads changes."""
        if condition not in self.memo:
            names = frozenset(self._read_by(condition))
            values = evaluate(parsed(condition), self.lookup, len(self.units), self.below)
            self.memo[condition] = (names, values)
        return self.memo[condition][1]

    def below(self, node: Node) -> list[list[Value]]:
        """Return by branch what a formula comes to for each of those whose 上级党组织 it is."""
        return [[value for _, value in own] for own in self._named_below(node)]

    def _named_below(self, node: Node) -> list[list[tuple[str, Value]]]:
        found: defaultdict[str, list[tuple[str, Value]]] = defaultdict(list)
        for board in (self, *self.others):
            values = evaluate(node, board.lookup, len(board), board.below)
            for place, (above, value) in enumerate(zip(board.lookup(PARENT), values, strict=True)):
                found[normal(str(above or ""))].append((board.name(place), value))
        named = (normal(self.name(place)) for place in range(len(self)))
        return [found[name] if name else [] for name in named]

    def _read_by(self, condition: str) -> Iterable[str]:
        for name in names_in(parsed(condition)):
            yield name
            if name in self.formulas and self.formulas[name] != condition:
                yield from self._read_by(self.formulas[name])

    def figures(self, name: str) -> Exact:
        """Return the figures under a name; anything but a number is missing."""
        found = self._found(name)
        return found if isinstance(found, Exact) else numbers_of(found)

    def figures_of(self, formula: str) -> Exact:
        """Return the figures that a formula comes to; see `as_figures`."""
        return as_figures(self.evaluate(formula))

    def applies(self, condition: str) -> Mask:
        """Say for which branches a `for` condition holds; an unknown fact does not exempt."""
        return ~self._is(condition, False) if condition else np.ones(len(self), bool)

    def holds(self, condition: str) -> Mask:
        """Say for which branches a condition certainly holds; none where there is no condition."""
        return self._is(condition, True) if condition else np.zeros(len(self), bool)

    def unknown(self, condition: str) -> Mask:
        """Say for which branches it cannot be told whether a condition holds."""
        return self._is(condition, None) if condition else np.zeros(len(self), bool)

    def lacking(self, condition: str, place: int) -> list[str]:
        """Return the names that a condition reads and that nothing is known of for a branch, formulas looked into."""
        names = sorted(set(self._read_by(condition)))
        lacking = [name for name in names if name not in self.formulas and self.lookup(name)[place] is None]
        for part in below_in(parsed(condition)):
            own = self._named_below(part.parts[0])[place]
            if not own:
                lacking.append("下级（名册上没有以它为上级党组织的）")
            lacking += [f"{who}的数" for who, value in own if value is None]
        return lacking

    def from_outside(self, places: Places, *conditions: str, marks: bool = False) -> list[str]:
        """Tell what conditions read of the roster, of earlier rounds and of those below, of which no step tells.

        `marks`: what rules of marks read; the usual columns of the roster need no telling there.
        """
        read = {name for condition in conditions if condition for name in self._read_by(condition)}
        roster = [name for name in self.roster if not (marks and name in ROSTER)]
        names = [name for name in (*roster, *EARLIER, *FURTHER) if name in read]
        columns = [self.lookup(name) for name in names]
        parts = dict.fromkeys(part for text in conditions if text for part in below_in(parsed(text)))
        below = [self._named_below(part.parts[0]) for part in parts]
        told = []
        for place in np.asarray(places).tolist():
            own = [f"{name}＝{said(column[place])}" for name, column in zip(names, columns, strict=True)]
            own += [f"下级 {'、'.join(f'{who} {said(value)}' for who, value in each[place])}" for each in below]
            told.append("，".join(own))
        return told

    def _is(self, condition: str, wanted: bool | None) -> Mask:  # noqa: FBT001 - yes or no is what is asked
        return np.array([value is wanted for value in self.evaluate(condition)], bool)

    def name(self, place: int) -> str:
        """Return how papers call a branch: by its name on the roster, else by its code."""
        return str(self.lookup("党组织名称")[place] or self.units[place])

    def alike(self, conditions: Iterable[str]) -> tuple[Places, list[Callable[[str], bool]]]:
        """Sort the branches by which `for` conditions hold for them.

        Returns the sort of each branch, and for each sort the function that says whether a condition holds.
        """
        asked = list(dict.fromkeys(condition for condition in conditions if condition))
        answers = np.array([self.applies(condition) for condition in asked], bool).reshape(len(asked), len(self))
        sorts, of_branch = np.unique(answers, axis=1, return_inverse=True)
        found: list[Callable[[str], bool]] = []
        for column in sorts.T.tolist() if asked else [[]]:
            told = {"": True, **dict(zip(asked, column, strict=True))}
            found.append(told.__getitem__)
        return (of_branch.reshape(-1) if asked else np.zeros(len(self), np.intp)), found

    def trace(
        self,
        step: str,
        rows: Places | Mask | Sequence[int],
        sentence: str,
        source: str = "",
        /,
        *,
        branches: Places | None = None,
        **parts: Any,  # noqa: ANN401 - see Trail.add
    ) -> None:
        """Add a step to the trail for some rows of its columns: `branches`, or a row each branch of the board."""
        chosen = np.asarray(rows)
        places = np.flatnonzero(chosen) if chosen.dtype == bool else chosen.astype(np.intp)
        own = self.on_trail if branches is None else self.on_trail[branches]
        order = self.order.get(source, len(self.order))
        self.trail.add(step, places, own, sentence, source=source, order=order, **parts)

    def key(self, *names: str) -> Key:
        """Return the key of a figure of the round at hand."""
        return (self.trail.round, *names)

    def work(
        self, key: Key, label: str, column: Figures, *ways: tuple[Mask | None, Part], blank: Mask | None = None
    ) -> Part:
        """Tell what a figure is reckoned from, in the way whose mask holds first; return how others name it.

        A way without a mask is for all branches.
        """
        every = np.ones(len(self), bool)
        masked = tuple((every if mask is None else mask, part) for mask, part in ways)
        self.trail.worked.append(Worked(key, label, self.on_trail, column, masked, ~every if blank is None else blank))
        return Of(key)


def numbers_of(column: Column) -> Exact:
    """Return the numbers of a column; anything else is missing."""
    return Exact.of(value if isinstance(value, Fraction) else None for value in column)


def as_figures(column: Column) -> Exact:
    """Return a column as figures: anything but a number is missing, yes is 1 and no is 0."""
    values = (Fraction(value) if isinstance(value, bool) else value for value in column)
    return Exact.of(value if isinstance(value, Fraction) else None for value in values)
