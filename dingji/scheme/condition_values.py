"""Conditions evaluated on whole columns.

A column is a list with one value a branch; None means missing and stays missing (three-valued logic). Arithmetic is
exact. 0 ÷ 0 is 1, any other division by 0 is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from dingji.scheme.conditions import BELOW, Constant, Name, Node, Value

Column = list[Value]
Lookup = Callable[[str], Column]
Below = Callable[[Node], list[list[Value]]]
"""Gives by branch what a formula comes to for each of those directly below it."""
YES_NO = {True: "是", False: "否"}


def evaluate(node: Node, lookup: Lookup, size: int, below: Below | None = None) -> Column:
    """Evaluate on whole columns of `size` branches; `lookup` returns the column of a name.

    Where nobody says who is `below`, nothing is known of them.
    """
    match node:
        case Name(name):
            return lookup(name)
        case Constant(value):
            return [value] * size
    if node.operator in BELOW:
        return [_of_those_below(node.operator, values) for values in below(node.parts[0])] if below else [None] * size
    columns = [evaluate(part, lookup, size, below) for part in node.parts]
    if node.operator in _GROUP:
        return _over_group(node.operator, columns[0])
    function = _CELLS[node.operator]
    return [function(*values) for values in zip(*columns, strict=True)]


def _over_group(function: str, column: Column) -> Column:
    """Apply 最高, 最低, 平均 or 名次 to a column; missing for all while one branch's figure is missing."""
    numbers = [value for value in column if isinstance(value, Fraction)]
    if len(numbers) < len(column) or not numbers:
        return [None] * len(column)
    return _GROUP[function](numbers)


def _of_those_below(function: str, values: Sequence[Value]) -> Value:
    """Return the mean, greatest or least of those below, yes being 1; missing where one is, and where nobody is."""
    numbers = [Fraction(value) for value in values if isinstance(value, Fraction | bool)]
    if len(numbers) < len(values) or not numbers:
        return None
    if function == BELOW[0]:
        return sum(numbers, Fraction(0)) / len(numbers)
    return max(numbers) if function == BELOW[1] else min(numbers)


def places(numbers: Sequence[Fraction]) -> list[int]:
    """Rank numbers with the highest first: 1, 2, 2, 4."""
    first: dict[Fraction, int] = {}
    for rank, number in enumerate(sorted(numbers, reverse=True), start=1):
        first.setdefault(number, rank)
    return [first[number] for number in numbers]


_GROUP: dict[str, Callable[[list[Fraction]], Column]] = {
    "最高": lambda numbers: [max(numbers)] * len(numbers),
    "最低": lambda numbers: [min(numbers)] * len(numbers),
    "平均": lambda numbers: [sum(numbers, Fraction(0)) / len(numbers)] * len(numbers),
    "名次": lambda numbers: [Fraction(rank) for rank in places(numbers)],
}


def _arithmetic(function: Callable[[Fraction, Fraction], Fraction | None]) -> Callable[[Value, Value], Value]:
    """Return arithmetic on two cells: yes counts 1 and no 0; what is no number makes the result missing."""

    def cell(left: Value, right: Value) -> Value:
        left, right = (Fraction(value) if isinstance(value, bool) else value for value in (left, right))
        both = isinstance(left, Fraction) and isinstance(right, Fraction)
        return function(left, right) if both else None  # type: ignore[arg-type]

    return cell


def _divide(left: Fraction, right: Fraction) -> Fraction | None:
    if right:
        return left / right
    return None if left else Fraction(1)


def _compare(function: Callable[[Fraction, Fraction], bool]) -> Callable[[Value, Value], Value]:
    def cell(left: Value, right: Value) -> Value:
        both = isinstance(left, Fraction) and isinstance(right, Fraction)
        return function(left, right) if both else None  # type: ignore[arg-type]

    return cell


def _picked(pick: Callable[[Sequence[Fraction]], Fraction]) -> Callable[..., Value]:
    """Return what picks one of several figures; missing while one is."""

    def cell(*values: Value) -> Value:
        numbers = [value for value in values if isinstance(value, Fraction)]
        return pick(numbers) if len(numbers) == len(values) else None

    return cell


def _equal(left: Value, right: Value) -> Value:
    """Compare two values; a yes or no also equals the 是 or 否 that forms have for it."""
    if isinstance(left, bool) != isinstance(right, bool):
        left, right = (YES_NO[value] if isinstance(value, bool) else value for value in (left, right))
    return None if left is None or right is None else left == right


def _and(left: Value, right: Value) -> Value:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def _or(left: Value, right: Value) -> Value:
    if left is True or right is True:
        return True
    return None if left is None or right is None else False


def _negate(value: Value) -> Value:
    return None if value is None else not value


def _among(needle: Value, *choices: Value) -> Value:
    found = [_equal(needle, choice) for choice in choices]
    return True if True in found else None if None in found else False


_CELLS: dict[str, Callable[..., Value]] = {
    "+": _arithmetic(lambda left, right: left + right),
    "-": _arithmetic(lambda left, right: left - right),
    "*": _arithmetic(lambda left, right: left * right),
    "/": _arithmetic(_divide),
    "<": _compare(lambda left, right: left < right),
    "<=": _compare(lambda left, right: left <= right),
    ">": _compare(lambda left, right: left > right),
    ">=": _compare(lambda left, right: left >= right),
    "=": _equal,
    "!=": lambda left, right: _negate(_equal(left, right)),
    "and": _and,
    "or": _or,
    "not": _negate,
    "in": _among,
    "较大": _picked(max),
    "较小": _picked(min),
}
