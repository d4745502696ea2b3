"""What a figure can be before anyone types it: spans, and what conditions and formulas come to on them.

A span runs from the least to the greatest, both reached; without a bound it runs to infinity. A condition is yes, no,
or (None) not the same all over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import inf
from operator import eq, ge, gt, le, lt, ne

from dingji.scheme.conditions import BELOW, Constant, Name, Node, Operation

Edge = Fraction | float
"""An end of a span: exact, or infinite."""
ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Span:
    """From the least to the greatest that a figure can be."""

    low: Edge
    high: Edge

    @classmethod
    def at(cls, figure: Edge) -> Span:
        """Return the span of one figure."""
        return cls(figure, figure)

    def __add__(self, other: Span) -> Span:
        """Return what sums can be."""
        return Span(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Span) -> Span:
        """Return what differences can be."""
        return self + other * Span.at(Fraction(-1))

    def __mul__(self, other: Span) -> Span:
        """Return what products can be."""
        corners = [_times(*pair) for pair in product((self.low, self.high), (other.low, other.high))]
        return Span(min(corners), max(corners))

    def by(self, factor: Fraction) -> Span:
        """Return the span stretched by a factor."""
        return self * Span.at(factor)

    def held(self, low: Edge | None, high: Edge | None) -> Span:
        """Return the span held between bounds; None does not hold."""
        ends = (max(end, -inf if low is None else low) for end in (self.low, self.high))
        return Span(*(min(end, inf if high is None else high) for end in ends))

    def to(self, other: Span) -> Span:
        """Return the least span over both."""
        return Span(min(self.low, other.low), max(self.high, other.high))


NOTHING, ANYTHING, COUNT, SHARE = Span.at(ZERO), Span(-inf, inf), Span(ZERO, inf), Span(ZERO, ONE)
_OPERATORS: Mapping[str, Callable[..., Span]] = {
    "+": Span.__add__,
    "-": Span.__sub__,
    "*": Span.__mul__,
    "最高": lambda span: span,
    "最低": lambda span: span,
    "平均": lambda span: span,
    **dict.fromkeys(BELOW, lambda span: span),
    "较大": lambda *spans: Span(max(one.low for one in spans), max(one.high for one in spans)),
    "较小": lambda *spans: Span(min(one.low for one in spans), min(one.high for one in spans)),
    "名次": lambda _: Span(ONE, inf),
}
"""What a formula comes to by its operator; any other says yes (1) or no (0)."""
Spans = Callable[[str], Span]
"""What the figure of a name can be."""


def _times(left: Edge, right: Edge) -> Edge:
    return left * right if left and right else ZERO


def over_all(spans: Iterable[Span]) -> Span:
    """Return the least span over several, at least one."""
    first, *others = spans
    for other in others:
        first = first.to(other)
    return first


def summed(spans: Iterable[Span]) -> Span:
    """Return what the sum of several can be."""
    return sum(spans, NOTHING)


def span_of(node: Node, spans: Spans) -> Span:
    """Return what a formula can come to."""
    match node:
        case Name(name):
            return spans(name)
        case Constant(value):
            return Span.at(value) if isinstance(value, Fraction) else ANYTHING
    parts = [span_of(part, spans) for part in node.parts]
    if node.operator == "/":
        return _quotient(node, *parts)
    return _OPERATORS[node.operator](*parts) if node.operator in _OPERATORS else SHARE


def _quotient(node: Operation, top: Span, bottom: Span) -> Span:
    """Return what a quotient can be: of the best, or of the least, no more than 1."""
    left, right = node.parts
    part_of_whole = Operation("最高", (left,)) == right or Operation("最低", (right,)) == left
    if part_of_whole and top.low >= 0 and bottom.low >= 0:
        return SHARE
    if bottom.low > 0:
        return top * Span(_below(bottom.high), _below(bottom.low))
    return COUNT if top.low >= 0 and bottom.low >= 0 else ANYTHING


def _below(edge: Edge) -> Fraction:
    return 1 / edge if isinstance(edge, Fraction) else ZERO


def truth_of(node: Node, spans: Spans, texts: Mapping[str, str]) -> bool | None:
    """Say whether a condition holds all over (True), nowhere (False), or cannot be told (None)."""
    if not isinstance(node, Operation):
        return None
    if node.operator in ("and", "or", "not"):
        answers = [truth_of(part, spans, texts) for part in node.parts]
        if node.operator == "not":
            return None if answers[0] is None else not answers[0]
        decides = node.operator == "or"
        return decides if decides in answers else None if None in answers else not decides
    words = [_text_of(part, texts) for part in node.parts]
    if None not in words:
        return (words[0] in words[1:]) is (node.operator in ("=", "in")) if node.operator in ("=", "!=", "in") else None
    if node.operator in _COMPARE and words == [None, None]:
        return _compared(node.operator, *(span_of(part, spans) for part in node.parts))
    return None


def _text_of(node: Node, texts: Mapping[str, str]) -> str | None:
    if isinstance(node, Name):
        return texts.get(node.name)
    return node.value if isinstance(node, Constant) and isinstance(node.value, str) else None


_COMPARE: Mapping[str, Callable[[Edge, Edge], bool]] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def _compared(operator: str, left: Span, right: Span) -> bool | None:
    """Compare spans: an order is settled where it is at both far corners alike, sameness where they lie apart."""
    if operator in ("=", "!="):
        apart = left.high < right.low or right.high < left.low
        alike = left.low == left.high == right.low == right.high
        return (operator == "!=") if apart else (operator == "=") if alike else None
    compare = _COMPARE[operator]
    first, second = compare(left.low, right.high), compare(left.high, right.low)
    return first if first is second else None
