"""Conditions and formulas of a standard as parts: what reads a figure of the branch itself is reckoned from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from dingji.exact import Exact
from dingji.numbers import percent, plain
from dingji.scheme.condition_values import evaluate
from dingji.scheme.conditions import BELOW, OVER_GROUP, Constant, Name, Node, Operation
from dingji.scoring.board import Board, as_figures, parsed
from dingji.scoring.worked import INDICATOR, NONE, ONE, OVER, SHARE, SOURCE, Given, Made, Of, Part, Stated, chosen

LOGIC, EQUALS = ("and", "or", "not"), ("=", "!=", "in")
PICKING = {"较大": "max", "较小": "min"}


@dataclass(frozen=True, eq=False)
class Reading:
    """Reads conditions of one standard: what names stand for, and what the condition is of, as a reader calls it."""

    board: Board
    names: Mapping[str, Part]
    what: str

    def condition(self, text: str) -> Part:
        """Return a condition as a part that is yes or no."""
        part = self.truth(parsed(text))
        return part if reads(part) else Given(self.what, self.board.evaluate(text))

    def figure(self, text: str) -> Part:
        """Return a formula as a part that is a number."""
        part = self.value(parsed(text))
        return part if reads(part) else Given(self.what, self.board.figures_of(text))

    def truth(self, node: Node) -> Part:
        """Return a node of which yes or no is asked."""
        if isinstance(node, Operation) and node.operator in LOGIC:
            return Made(node.operator, tuple(self.truth(part) for part in node.parts))
        if isinstance(node, Operation) and node.operator in EQUALS:
            return Made(node.operator, tuple(self._either(part) for part in node.parts))
        if isinstance(node, Operation) and node.operator in ("<", "<=", ">", ">="):
            return Made(node.operator, tuple(self.value(part) for part in node.parts))
        return Made("yes", (self._either(node),))

    def _either(self, node: Node) -> Part:
        """Return a node that may be a word, yes or no, or a number."""
        if isinstance(node, Operation):
            return self.value(node)
        return self._named(node, numeric=False) if isinstance(node, Name) else self._constant(node)

    def value(self, node: Node) -> Part:
        """Return a node of which a number is asked."""
        match node:
            case Constant():
                return self._constant(node)
            case Name():
                return self._named(node, numeric=True)
        if node.operator in (*OVER_GROUP, *BELOW):
            return self._of_others(node)
        parts = tuple(self.value(part) for part in node.parts)
        made = Made(PICKING.get(node.operator, node.operator), parts)
        return (
            chosen(Made("=", (parts[1], NONE)), Stated("一（零除以零）", ONE), made) if node.operator == "/" else made
        )

    def _constant(self, node: Constant) -> Part:
        value = node.value
        if not isinstance(value, Fraction):
            return Stated(f"{self.what} 条件里的文字", str(value))
        return Stated(f"{self.what} 条件里的数 {percent(value) if node.share else plain(value)}", value)

    def _named(self, node: Name, *, numeric: bool) -> Part:
        name = node.name
        if name in self.names:
            return self.names[name]
        if name in self.board.formulas and name not in self.board.columns:
            part = self.value(parsed(self.board.formulas[name]))
            return part if reads(part) else Given(name, as_figures(self.board.lookup(name)))
        column = self.board.lookup(name)
        return Given(name, as_figures(column) if numeric else column)

    def _of_others(self, node: Operation) -> Part:
        column = evaluate(node, self.board.lookup, len(self.board), self.board.below)
        figures = Exact.of(value if isinstance(value, Fraction) else None for value in column)
        return Given(f"{self.what} {node.operator}（要看别的党组织）", figures)


def reads(part: Part) -> bool:
    """Say whether a part reads any figure that is reckoned from others."""
    return isinstance(part, Of) or (isinstance(part, Made) and any(map(reads, part.parts)))


def figures_by_name(board: Board) -> dict[str, Part]:
    """Return what names stand for in the round at hand, as conditions call them; of several the last one put there."""
    found: dict[str, Part] = {}
    for worked in board.trail.worked:
        round_, kind, *names = worked.key
        if worked.branches is board.on_trail and round_ == board.trail.round:
            if kind in (SOURCE, OVER):
                found[names[-1]] = Of(worked.key)
            elif kind in (INDICATOR, SHARE):
                found[".".join(names)] = Of(worked.key)
            if kind == SHARE:
                found[names[-1]] = Of(worked.key)
    return found
