"""Jinja's sandbox, held to a time and a size: a template is an officer's file, and must not stop a run for ever.

Every turn of a loop, every text printed or put together, and every call is counted. What can become large in one step
(multiplied texts, powers, filters and methods that fill up) is not to be had at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from time import monotonic
from typing import Any, Final

from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

SECONDS: Final = 20.0
SIGNS: Final = 64_000_000
"""What a paper may take, and how many signs it may have; the largest of a thousand branches has a tenth of either."""
SIZED: Final = (str, list, tuple)
OFTEN: Final = 2_000
"""So many signs on, it is looked at the clock again: looking costs more than counting."""
LARGEST: Final = 10**15
FILTERS: Final = frozenset({
    "abs", "batch", "capitalize", "count", "d", "default", "dictsort", "e", "escape", "first", "float", "forceescape",
    "groupby", "int", "items", "join", "last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr",
    "reverse", "round", "safe", "select", "selectattr", "sort", "string", "striptags", "sum", "title", "trim",
    "truncate", "unique", "upper", "urlencode", "wordcount",
})  # fmt: skip
TAKEN_UP: Final = (nodes.Macro, nodes.CallBlock, nodes.FilterBlock, nodes.AssignBlock, nodes.Block)
METHODS: Final = frozenset({"startswith", "endswith", "strip", "split", "lower", "upper", "removeprefix"})
"""What may be asked of a text."""
MOST_COMPILED: Final = 128
"""So many templates are kept compiled, by what they say: several commands of one process print the same papers."""
_compiled: Final[dict[tuple[object, ...], object]] = {}
_COUNTED, _WEIGHED = "_counted", "_weighed"


class EndlessError(Exception):
    """A template takes too long, or makes too much."""


class Budget:
    """What one rendering may still take."""

    def __init__(self) -> None:
        """Begin with a whole one."""
        self.begin()

    def begin(self) -> None:
        """Begin another rendering."""
        self.end, self.left, self.look = monotonic() + SECONDS, SIGNS, SIGNS

    def spend(self, signs: int) -> None:
        """Take so many signs from it; EndlessError where it is used up, or where time is."""
        self.left -= signs
        if self.left < self.look:
            self._looked()

    def _looked(self) -> None:
        self.look = self.left - OFTEN
        if self.left < 0 or monotonic() > self.end:
            raise EndlessError

    def weighed(self, value: object) -> object:
        """Take the length of a text, or of a list, from it; return the value.

        As `spend`, which it does not call: it is asked for every value that any paper prints.
        """
        self.left -= len(value) if isinstance(value, SIZED) else 1
        if self.left < self.look:
            self._looked()
        return value

    def counted(self, values: Iterable[object], signs: int) -> Iterator[object]:
        """Yield values; each turn takes so many signs."""
        for value in values:
            self.spend(signs)
            yield value


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, which says once for each kind of object whether an attribute of it is safe."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})
    shorten: Callable[[str], str] | None = None
    """What is made of the text of templates before they are compiled: see `shortened`."""

    def __init__(self, finalize: Callable[[object], object], **options: Any) -> None:  # noqa: ANN401 - what Jinja takes
        self.budget = Budget()
        weighed = self.budget.weighed
        super().__init__(finalize=lambda value: weighed(finalize(value)), **options)
        self._safe: dict[tuple[type, str], bool] = {}
        self.filters = {name: self._limited(function) for name, function in self.filters.items() if name in FILTERS}
        self.filters |= {_COUNTED: self.budget.counted, _WEIGHED: self.budget.weighed}
        self.globals.pop("lipsum", None)

    def shortened(self, shorten: Callable[[str], str]) -> Sandbox:
        """Return the same sandbox for templates whose own text is said in short, and counted as it is in full."""
        other: Sandbox = self.overlay()
        other.shorten = shorten
        return other

    def _limited(self, function: Callable[..., object]) -> Callable[..., object]:
        @wraps(function)
        def limited(*values: object, **named: object) -> object:
            return self.budget.weighed(function(*values, **named))

        return limited

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        """Say whether a template may read an attribute: by the object's type and the name alone, as in Jinja."""
        key = (type(obj), attr)
        if key not in self._safe:
            listed = not isinstance(obj, str | bytes) or attr in METHODS
            self._safe[key] = listed and super().is_safe_attribute(obj, attr, value)
        return self._safe[key]

    def wrap_str_format(self, value: Any) -> None:  # noqa: ANN401 - as Jinja's
        """Give no method that fills texts up, however it is wrapped."""

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> object:  # noqa: ANN401 - as Jinja's
        """Reckon with numbers only, and no larger ones than figures are."""
        plain = all(isinstance(value, int | float) and abs(value) < LARGEST for value in (left, right))
        if operator == "**" or (operator in "*%" and not plain):
            raise SecurityError(operator)
        return self.budget.weighed(super().call_binop(context, operator, left, right))

    def call(self, context: Context, obj: Any, *values: Any, **named: Any) -> object:  # noqa: ANN401 - as Jinja's
        """Call what may be called."""
        self.budget.spend(1)
        return super().call(context, obj, *values, **named)

    def compile(self, source: Any, *named: Any, **how: Any) -> Any:  # noqa: ANN401 - as Jinja's
        """Compile a template; one that says what another said, for the same use, is not compiled again."""
        options = (self.autoescape, self.trim_blocks, self.lstrip_blocks, self.shorten)
        key = (source, named, tuple(how.items()), options)
        if not isinstance(source, str):
            return super().compile(source, *named, **how)
        if key not in _compiled:
            if len(_compiled) == MOST_COMPILED:
                _compiled.clear()
            _compiled[key] = super().compile(source, *named, **how)
        return _compiled[key]

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Parse a template, with a count at every turn of a loop and a weight on every text put together."""
        template = super()._parse(source, name, filename)
        for loop in template.find_all(nodes.For):
            signs = sum(len(data.data) for part in loop.body for data in _within(part)) + 1
            loop.iter = nodes.Filter(loop.iter, _COUNTED, [nodes.Const(signs)], [], None, None, lineno=loop.lineno)
        for parent in list(template.find_all(nodes.Node)):
            _weigh(parent)
        if self.shorten and not any(map(_is_taken_up, template.find_all(nodes.Node))):
            for data in template.find_all(nodes.TemplateData):
                data.data = self.shorten(data.data)
        return template


def _is_taken_up(node: nodes.Node) -> bool:
    """Say whether a part of a template makes a value of its text, which is printed as any other value."""
    return isinstance(node, TAKEN_UP) or (isinstance(node, nodes.For) and node.recursive)


def _within(part: nodes.Node) -> Iterator[nodes.TemplateData]:
    """Yield the plain text in a part of a template."""
    if isinstance(part, nodes.TemplateData):
        yield part
    yield from part.find_all(nodes.TemplateData)


def _weigh(parent: nodes.Node) -> None:
    """Put a weight on every text that is put together below a node."""

    def weighed(value: object) -> object:
        if isinstance(value, nodes.Concat):
            return nodes.Filter(value, _WEIGHED, [], [], None, None, lineno=value.lineno)
        return [weighed(each) for each in value] if isinstance(value, list) else value

    if isinstance(parent, nodes.Filter) and parent.name == _WEIGHED:
        return
    for field, value in list(parent.iter_fields()):
        setattr(parent, field, weighed(value))
