"""The one language of conditions (`when`, `for`, `of`, `among`), and how it is parsed.

Names, numbers, `90%`, `1/3`, '文字', + − * /, = != < <= > >=, in, and / or / not, the functions 最高, 最低, 平均,
名次 over the whole group, 下级平均, 下级最高, 下级最低 over those below a branch, and 较大, 较小 among several figures
of one branch. A name with other signs than letters, digits and dots stands in “…”.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

Value = Fraction | str | bool | None

OVER_GROUP = ("最高", "最低", "平均", "名次")
"""Functions of one figure over the whole group."""
AMONG = ("较大", "较小")
"""Functions of several figures of one branch."""
BELOW = ("下级平均", "下级最高", "下级最低")
"""Functions of one figure over those that are directly below a branch: its 上级党组织 is it."""
FUNCTIONS = (*OVER_GROUP, *AMONG, *BELOW)
WORDS = ("and", "or", "not", "in")
_TOKEN = re.compile(
    r"\s*(?:(?P<share>\d+(?:\.\d+)?%)|(?P<number>\d+(?:\.\d+)?)|'(?P<text>[^']*)'"
    r"|“(?P<quoted>[^“”]+)”|(?P<symbol><=|>=|!=|[-+*/=<>(),−])|(?P<name>[^\W\d][\w]*(?:\.\w+)*))"
)


LONGEST_NUMBER = 30
"""Signs of a number."""


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
class Token:
    """A word or sign of a condition: its kind, what it says, and where it begins."""

    kind: str
    text: str
    position: int


def tokens(text: str) -> Iterator[Token]:
    """Yield the words and signs of a condition, and an `end`; ConditionError where one cannot be read."""
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise ConditionError(end - len(text[position:end].lstrip()))
        kind, body = match.lastgroup, match.group(match.lastgroup)
        kind = "word" if kind == "name" and body in WORDS else kind
        start = match.end() - len(match.group().lstrip())
        yield Token(kind, "-" if body == "−" else body, start)
        position = match.end()
    yield Token("end", "", end)


_LEVELS = (("or",), ("and",), ("=", "!=", "<", "<=", ">", ">=", "in"), ("+", "-"), ("*", "/"))
_NOT_LEVEL = 2
LONGEST, DEEPEST = 500, 20
"""How many words and signs a condition may have, and how deep its brackets may go: nobody reads more."""


class _Parser:
    """A recursive descent over the levels of binding, loosest first."""

    def __init__(self, text: str) -> None:
        self.tokens = list(tokens(text))
        self.at = self.depth = 0
        if len(self.tokens) > LONGEST:
            raise ConditionError(self.tokens[LONGEST].position, tangled=True)

    @property
    def token(self) -> Token:
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
        if token.kind in ("number", "share") and len(token.text) > LONGEST_NUMBER:
            raise ConditionError(token.position, tangled=True)
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
        parts = [self.within(0)]
        if name in AMONG:
            self.need(",")
            parts.append(self.within(0))
            while self.take(","):
                parts.append(self.within(0))
        self.need(")")
        return Operation(name, tuple(parts))

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


def below_in(node: Node) -> list[Operation]:
    """Return every part of a parsed condition that looks at those below a branch."""
    if not isinstance(node, Operation):
        return []
    own = [node] if node.operator in BELOW else []
    return own + [found for part in node.parts for found in below_in(part)]


def names_of_its_own(node: Node) -> set[str]:
    """Return the names that a parsed condition reads of the branch itself, not of those below it."""
    if isinstance(node, Operation):
        return set() if node.operator in BELOW else set().union(*map(names_of_its_own, node.parts))
    return names_in(node)


def names_in(node: Node) -> set[str]:
    """Return every name that a parsed condition reads."""
    if isinstance(node, Operation):
        return set().union(*(names_in(part) for part in node.parts))
    return {node.name} if isinstance(node, Name) else set()
