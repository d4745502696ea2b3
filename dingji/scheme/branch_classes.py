"""Branch classes: the combinations of answers to a standard's `for` and `exempt` that can be told apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product
from math import prod

from dingji.numbers import plain
from dingji.scheme.condition_values import Column, evaluate
from dingji.scheme.conditions import ConditionError, Constant, Node, Operation, Value, names_in, parse
from dingji.scheme.indicators import Marked, Rule
from dingji.scheme.model import Scheme
from dingji.scheme.names import CATEGORY, ROUND, roster_names

OTHER = "其他"
"""What stands for every text that no condition names."""
MOST = 20_000
"""More combinations of facts than this are not looked through."""


@dataclass(frozen=True)
class BranchClass:
    """Branches to which a round's conditions give the same answers; `words` names them, "" where all are alike."""

    answers: Mapping[str, Value]
    words: str

    def applies(self, condition: str) -> bool:
        """Say whether what is `for` a condition is for these branches."""
        return not condition or self.answers.get(condition) is not False

    def exempt(self, condition: str) -> bool:
        """Say whether these branches are exempt."""
        return bool(condition) and self.answers.get(condition) is True


def branch_classes(scheme: Scheme, round_name: str) -> list[BranchClass]:
    """Return a standard's classes of branches in a round; none where there are too many facts to tell."""
    parsed = dict(_parsed(scheme))
    values = _values(parsed.values())
    size = prod(len(choices) for choices in values.values())
    if size > MOST:
        return []
    rows = list(product(*values.values()))
    columns: dict[str, Column] = {name: [row[place] for row in rows] for place, name in enumerate(values)}
    columns[ROUND] = [round_name] * size
    answers = [evaluate(node, lambda name: columns.get(name, [None] * size), size) for node in parsed.values()]
    found: dict[tuple[Value, ...], BranchClass] = {}
    for row, own in zip(rows, zip(*answers, strict=True) if answers else [()], strict=True):
        words = "、".join(f"{name}为{_shown(value)}" for name, value in zip(values, row, strict=True))
        found.setdefault(own, BranchClass(dict(zip(parsed, own, strict=True)), words))
    classes = list(found.values())
    return classes if len(classes) > 1 else [BranchClass(one.answers, "") for one in classes]


def _shown(value: Value) -> str:
    return plain(value) if isinstance(value, Fraction) else f"“{value}”"


def _parsed(scheme: Scheme) -> Iterator[tuple[str, Node]]:
    for condition in conditions_for(scheme):
        try:
            yield condition, parse(condition)
        except ConditionError:
            continue  # told where conditions are read


def conditions_for(scheme: Scheme) -> list[str]:
    """Return every condition that says whom a part of the standard is for, or who is exempt, each once.

    What changes the composite by the roster alone (a factor by class) tells branches apart as well.
    """
    found: list[str] = []
    for indicator in scheme.indicators:
        parts: list[Marked | Rule] = [indicator, *indicator.items, *indicator.rules]
        for part in parts:
            found += [part.only_for, part.exempt if isinstance(part, Marked) else ""]
    for source in scheme.sources:
        found += [of_class(name) for name in source.by_class]
    for situation in scheme.situations:
        if situation.effect in ("factor", "points"):
            found += [text for text in (situation.only_for, situation.when) if _of_roster(scheme, text)]
    return [condition for condition in dict.fromkeys(found) if condition]


def of_class(category: str) -> str:
    """Return the condition that a branch is of a 类别."""
    return f"{CATEGORY} = '{category}'"


def _of_roster(scheme: Scheme, condition: str) -> bool:
    """Say whether a condition reads nothing but the roster; one that cannot be read is told elsewhere."""
    try:
        return names_in(parse(condition)) <= set(roster_names(scheme))
    except ConditionError:
        return False


def _values(nodes: Iterable[Node]) -> dict[str, list[Value]]:
    """Return by name the values that conditions may answer differently to."""
    constants: defaultdict[str, set[Value]] = defaultdict(set)
    for node in nodes:
        for name, value in compared(node):
            constants[name].add(value)
    return {name: list(_telling(own)) for name, own in constants.items() if name != ROUND}


def compared(node: Node) -> Iterator[tuple[str, Value]]:
    """Yield every name of a condition with each constant that stands in one comparison with it."""
    if not isinstance(node, Operation):
        return
    if node.operator in ("and", "or", "not"):
        for part in node.parts:
            yield from compared(part)
        return
    constants = list(_constants(node))
    yield from ((name, value) for name in sorted(names_in(node)) for value in constants)


def _constants(node: Node) -> Iterator[Value]:
    if isinstance(node, Constant):
        yield node.value
    for part in node.parts if isinstance(node, Operation) else ():
        yield from _constants(part)


def _telling(constants: set[Value]) -> Iterator[Value]:
    """Yield each text and another, each number with one on either side of it."""
    texts = sorted(value for value in constants if isinstance(value, str))
    if texts:
        yield from (*texts, OTHER)
        return
    numbers = sorted(value for value in constants if isinstance(value, Fraction))
    yield from (numbers[0] - 1,) if numbers else (OTHER,)
    for lower, upper in pairwise(numbers):
        yield from (lower, (lower + upper) / 2)
    yield from (numbers[-1], numbers[-1] + 1) if numbers else ()
