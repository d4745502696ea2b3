"""The board: every figure computed so far, a column a name, which rules and conditions read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from dingji.scheme.condition_values import Column, evaluate
from dingji.scheme.conditions import Node, Value, parse
from dingji.scoring.trail import Trail

Figures = list[Fraction | None]


@lru_cache(maxsize=512)
def parsed(condition: str) -> Node:
    """Parse a condition once."""
    return parse(condition)


@dataclass
class Board:
    """Columns by name for the branches of one standard, in roster order, and the trail of how they came about."""

    units: Sequence[str]
    columns: dict[str, Column] = field(default_factory=dict)
    trail: Trail = field(default_factory=Trail)
    memo: dict[str, Column] = field(default_factory=dict)
    formulas: dict[str, str] = field(default_factory=dict)
    """What a rule that reads a figure (`of`) stands for where its name is read."""

    def __len__(self) -> int:
        """Return the number of branches."""
        return len(self.units)

    def set(self, name: str, column: Sequence[Value]) -> None:
        """Put a column under a name; a later source's takes the place of an earlier one's."""
        self.columns[name] = list(column)
        self.memo.clear()

    def lookup(self, name: str) -> Column:
        """Return a column; a name that nothing gave a figure to is missing for every branch."""
        if name not in self.columns and name in self.formulas:
            return self.evaluate(self.formulas[name])
        return self.columns.get(name, [None] * len(self.units))

    def evaluate(self, condition: str) -> Column:
        """Evaluate a condition or formula for every branch; remembered until a column changes."""
        if condition not in self.memo:
            self.memo[condition] = evaluate(parsed(condition), self.lookup, len(self.units))
        return self.memo[condition]

    def figure(self, name: str, place: int) -> Fraction | None:
        """Return the figure of a branch under a name, whatever signs it has; anything but a number is missing."""
        value = self.lookup(name)[place]
        return value if isinstance(value, Fraction) else None

    def applies(self, condition: str, place: int) -> bool:
        """Say whether a `for` condition holds for one branch; an unknown fact does not exempt it."""
        return not condition or self.evaluate(condition)[place] is not False

    def name(self, place: int) -> str:
        """Return how papers call a branch: by its name on the roster, else by its code."""
        return str(self.lookup("党组织名称")[place] or self.units[place])

    def holds_at(self, place: int, condition: str) -> bool:
        """Say the same, the branch first: for one branch and many conditions."""
        return self.applies(condition, place)

    def where(self, condition: str, column: Figures) -> Figures:
        """Return a column with figures only for the branches to which a `for` condition applies."""
        return [figure if self.applies(condition, place) else None for place, figure in enumerate(column)]
