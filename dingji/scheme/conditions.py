"""The one language of conditions (`when`, `for`, `of`, `among`): parsed once, evaluated on whole columns.

Names, numbers, `90%`, `1/3`, '文字', + − * /, = != < <= > >=, in, and / or / not, and the functions 最高, 最低,
名次 over the whole group. A name with other signs than letters, digits and dots stands in “…”. A column is a list
with one value a branch; None means missing and stays missing (three-valued logic). Arithmetic is exact. 0 ÷ 0 is 1,
any other division by 0 is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

Value = Fraction | str | bool | None
Column = list[Value]
Lookup = Callable[[str], Column]

FUNCTIONS = ("最高", "最低", "名次")
WORDS = ("and", "or", "not", "in")
YES_NO = {True: "是", False: "否"}
_TOKEN = re.compile(
    r"\s*(?:(?P<share>\d+(?:\.\d+)?%)|(?P<number>\d+(?:\.\d+)?)|'(?P<text>[^']*)'"
    r"|“(?P<quoted>[^“”]+)”|(?P<symbol><=|>=|!=|[-+*/=<>(),−])|(?P<name>[^\W\d][\w]*(?:\.\w+)*))"
)


class ConditionError(ValueError):
    """A condition that cannot be read; `position` is the character at which reading stopped."""

    def __init__(self, position: int, *, tangled: bool = False) -> None:
        """Keep where reading stopped, and whether it did because there is too much of it."""
        super().__init__(f"at {position}")
        self.position = position
        self.tangled = tangled


@dataclass(frozen=True)
class Name:
    """A name whose column the caller looks up."""

    name: str


@dataclass(frozen=True)
class Constant:
    """A number, a share or a text; `share` keeps 90% apart from 90."""

    value: Value
    share: bool = False


@dataclass(frozen=True)
class Operation:
    """An operator or function over nodes; `in` has the needle first, then the choices."""

    operator: str
    parts: tuple[Node, ...]


Node = Name | Constant | Operation


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    position: int


def _tokens(text: str) -> Iterator[_Token]:
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise ConditionError(end - len(text[position:end].lstrip()))
        kind, body = match.lastgroup, match.group(match.lastgroup)
        kind = "word" if kind == "name" and body in WORDS else kind
        start = match.end() - len(match.group().lstrip())
        yield _Token(kind, "-" if body == "−" else body, start)
        position = match.end()
    yield _Token("end", "", end)


_LEVELS = (("or",), ("and",), ("=", "!=", "<", "<=", ">", ">=", "in"), ("+", "-"), ("*", "/"))
_NOT_LEVEL = 2
LONGEST, DEEPEST = 500, 20
"""How many words and signs a condition may have, and how deep its brackets may go: nobody reads more."""


class _Parser:
    """A recursive descent over the levels of binding, loosest first."""

    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.at = self.depth = 0
        if len(self.tokens) > LONGEST:
            raise ConditionError(self.tokens[LONGEST].position, tangled=True)

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def take(self, *texts: str) -> str:
        """Take the token if it is one of these symbols or words, else return ""."""
        token = self.token
        if token.kind not in ("symbol", "word") or token.text not in texts:
            return ""
        self.at += 1
        return token.text

    def need(self, text: str) -> None:
        if not self.take(text):
            raise ConditionError(self.token.position)

    def level(self, depth: int) -> Node:
        if depth == len(_LEVELS):
            return self.unary()
        if depth == _NOT_LEVEL and self.take("not"):
            return Operation("not", (self.within(depth),))
        node = self.level(depth + 1)
        while operator := self.take(*_LEVELS[depth]):
            parts = self.choices() if operator == "in" else (self.level(depth + 1),)
            node = Operation(operator, (node, *parts))
            if depth == _NOT_LEVEL:  # 60 <= x < 90 would compare a yes with 90
                break
        return node

    def within(self, level: int) -> Node:
        """Read a level inside brackets or after a sign."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise ConditionError(self.token.position, tangled=True)
        node = self.level(level)
        self.depth -= 1
        return node

    def unary(self) -> Node:
        if self.take("-"):
            return Operation("-", (Constant(Fraction(0)), self.within(len(_LEVELS))))
        if self.take("("):
            node = self.within(0)
            self.need(")")
            return node
        return self.atom()

    def atom(self) -> Node:
        token = self.token
        self.at += 1
        match token.kind:
            case "number":
                return Constant(Fraction(token.text))
            case "share":
                return Constant(Fraction(token.text[:-1]) / 100, share=True)
            case "text":
                return Constant(token.text)
            case "quoted":
                return Name(token.text)
            case "name":
                return self.call(token.text) if self.take("(") else Name(token.text)
        raise ConditionError(token.position)

    def call(self, name: str) -> Node:
        if name not in FUNCTIONS:
            raise ConditionError(self.tokens[self.at - 2].position)
        node = Operation(name, (self.within(0),))
        self.need(")")
        return node

    def choices(self) -> tuple[Node, ...]:
        self.need("(")
        parts = [self.level(3)]
        while self.take(","):
            parts.append(self.level(3))
        self.need(")")
        return tuple(parts)


def parse(text: str) -> Node:
    """Parse a condition or formula; ConditionError says at which character it stops making sense."""
    parser = _Parser(text)
    node = parser.level(0)
    if parser.token.kind != "end":
        raise ConditionError(parser.token.position)
    return node


def names_in(node: Node) -> set[str]:
    """Return every name that a parsed condition reads."""
    if isinstance(node, Operation):
        return set().union(*(names_in(part) for part in node.parts))
    return {node.name} if isinstance(node, Name) else set()


def evaluate(node: Node, lookup: Lookup, size: int) -> Column:
    """Evaluate on whole columns of `size` branches; `lookup` returns the column of a name."""
    match node:
        case Name(name):
            return lookup(name)
        case Constant(value):
            return [value] * size
    columns = [evaluate(part, lookup, size) for part in node.parts]
    if node.operator in _GROUP:
        return _over_group(node.operator, columns[0])
    function = _CELLS[node.operator]
    return [function(*values) for values in zip(*columns, strict=True)]


def _over_group(function: str, column: Column) -> Column:
    """Apply 最高, 最低 or 名次 to a column; missing for all while one branch's figure is missing."""
    numbers = [value for value in column if isinstance(value, Fraction)]
    if len(numbers) < len(column) or not numbers:
        return [None] * len(column)
    return _GROUP[function](numbers)


def places(numbers: Sequence[Fraction]) -> list[int]:
    """Rank numbers with the highest first: 1, 2, 2, 4."""
    first: dict[Fraction, int] = {}
    for place, number in enumerate(sorted(numbers, reverse=True), start=1):
        first.setdefault(number, place)
    return [first[number] for number in numbers]


_GROUP: dict[str, Callable[[list[Fraction]], Column]] = {
    "最高": lambda numbers: [max(numbers)] * len(numbers),
    "最低": lambda numbers: [min(numbers)] * len(numbers),
    "名次": lambda numbers: [Fraction(place) for place in places(numbers)],
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
}
