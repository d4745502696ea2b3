"""What conditions mix up: shares with plain numbers, texts with figures, labels that a name never has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from dingji.numbers import plain
from dingji.scheme.conditions import AMONG, BELOW, ConditionError, Constant, Name, Node, Operation, parse
from dingji.scheme.finding import Finding, Path, error, nearest, warning
from dingji.scheme.indicators import Rule
from dingji.scheme.model import Scheme
from dingji.scheme.names import DATES, EARLIER, FURTHER, HEADS, NUMBERS, RANKS, ROSTER, TOLD, declared

Kind = Literal["text", "yes", "share", "number", "ratio", ""]
"""What a value is; a ratio may be held against shares and numbers alike, "" is not known."""

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=", "in")
SAMENESS = ("=", "!=", "in")
JOINING = ("and", "or", "not")
COUNTING = ("+", "-", "*")
"""Operators in which yes is 1 and no is 0, so that circumstances may be counted."""
FIGURES = ("share", "number", "ratio", "")
ONE = Fraction(1)
MOVEMENTS = ("晋位", "保持", "退位")
PAST_GRADES = tuple(name for name in (*EARLIER, *FURTHER) if name.endswith(TOLD[0]))
"""Grades of earlier rounds, by whatever standard they were given."""


@dataclass(frozen=True)
class Kinds:
    """What every name of a standard is, and the labels that some can have."""

    kinds: Mapping[str, Kind]
    labels: Mapping[str, Sequence[str]]
    formulas: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, scheme: Scheme) -> Kinds:
        """Gather them from a standard."""
        rules = [rule for indicator in scheme.indicators for rule in indicator.rules]
        kinds: dict[str, Kind] = {name: _kind_in_roster(name) for name in ROSTER}
        kinds |= {column.name: "number" if column.unit else "text" for column in scheme.roster}
        kinds |= dict.fromkeys(declared(scheme), "yes")
        kinds |= dict.fromkeys(("加分", "综合得分", *RANKS, *EARLIER, *FURTHER), "number")
        kinds |= dict.fromkeys(("等次", "晋位情况", *PAST_GRADES), "text")
        kinds |= {rule.name: _kind_of_rule(rule) for rule in rules if not rule.of}
        kinds |= {name: "number" for counts in HEADS.values() for name in counts}
        kinds |= {indicator.name: "number" for indicator in scheme.indicators}
        kinds |= {source.name: "number" for source in scheme.sources}
        kinds |= {share: "share" for source in scheme.sources for share in source.shares}
        grades = [grade.name for grade in scheme.grades]
        labels: dict[str, Sequence[str]] = dict.fromkeys(("等次", *PAST_GRADES), grades)
        labels |= {"晋位情况": MOVEMENTS, "轮次": list(scheme.rounds)}
        labels |= {rule.name: list(rule.options) for rule in rules if rule.options and not rule.of}
        labels |= {column.name: column.values for column in scheme.roster if column.values}
        return cls(kinds, labels, {rule.name: rule.of for rule in rules if rule.of})

    def own(self, name: str) -> str:
        """Return the last part of a name: 满意率 of 党群评分.满意率."""
        known = name in self.kinds or name in self.formulas
        return name if known else name.partition(".")[2]

    def kind(self, node: Node) -> Kind:
        """Return what a formula comes to."""
        match node:
            case Name(name):
                return self._kind_of_name(self.own(name), name)
            case Constant(value):
                return "text" if isinstance(value, str) else "share" if node.share else "number"
        if node.operator in (*COMPARISONS, *JOINING):
            return "yes"
        parts = [self.kind(part) for part in node.parts]
        if node.operator == "名次":
            return "number"
        if len(parts) == 1:
            counted = "ratio" if node.operator in BELOW and parts[0] == "yes" else parts[0]
            return counted if counted in FIGURES else ""
        return _of_arithmetic(node, parts)

    def _kind_of_name(self, own: str, name: str) -> Kind:
        if name.endswith((".迟报", ".未报")):
            return "yes"
        if own in self.formulas:
            try:
                formula = parse(self.formulas[own])
            except ConditionError:
                return ""  # told where conditions are read
            return Kinds(self.kinds, self.labels, {k: v for k, v in self.formulas.items() if k != own}).kind(formula)
        return self.kinds.get(own, "")


def _kind_in_roster(name: str) -> Kind:
    if name.endswith(NUMBERS):
        return "number"
    return "" if name.endswith(DATES) else "text"


def _kind_of_rule(rule: Rule) -> Kind:
    if rule.unit and not rule.options:
        return "share" if rule.unit == "%" else "number"
    return "text" if rule.options else "yes"


def _of_arithmetic(node: Operation, parts: Sequence[Kind]) -> Kind:
    parts = ["number" if part == "yes" else part for part in parts]
    if "" in parts:
        return ""
    same = parts[0] if len(set(parts)) == 1 else "ratio"
    if node.operator in ("+", "-", *AMONG):
        return same
    return "ratio" if node.operator == "/" or same != "number" else "number"


# --- findings ---------------------------------------------------------------------------------------------


def mixed_up(path: Path, node: Node, kinds: Kinds) -> Iterator[Finding]:
    """Find what is wrong between the parts of a condition, and a condition that says neither yes nor no."""
    yield from _within(path, node, kinds)
    if "ties" in path:
        if kinds.kind(node) == "text":
            yield error(path, f"{_shown(node)}是文字，比不出先后；并列的要比数")
    elif path[-1] != "of" and kinds.kind(node) not in ("yes", ""):
        yield error(path, f"条件要能判断是或否；{_shown(node)}要与别的数或文字比较")


def _within(path: Path, node: Node, kinds: Kinds) -> Iterator[Finding]:
    if not isinstance(node, Operation):
        return
    for part in node.parts:
        yield from _within(path, part, kinds)
    parts = [kinds.kind(part) for part in node.parts]
    if node.operator in COMPARISONS:
        for other in node.parts[1:]:
            yield from _compared(path, node, node.parts[0], other, kinds)
    elif node.operator in JOINING:
        for part, kind in zip(node.parts, parts, strict=True):
            if kind not in ("yes", ""):
                where = "后面" if node.operator == "not" else "两边"
                yield error(path, f"{node.operator} {where}都要能判断是或否；{_shown(part)}要与别的数或文字比较")
    else:
        for part, kind in zip(node.parts, parts, strict=True):
            if kind not in FIGURES and not (kind == "yes" and node.operator in (*COUNTING, *BELOW)):
                yield error(path, f"{_shown(part)}不是数，不能计算")


def _compared(path: Path, node: Operation, left: Node, right: Node, kinds: Kinds) -> Iterator[Finding]:
    first, second = kinds.kind(left), kinds.kind(right)
    if "" in (first, second):
        return
    if "text" in (first, second):
        yield from _of_text(path, node, (left, first), (right, second), kinds)
    elif "yes" in (first, second):
        if first != second or node.operator not in SAMENESS:
            named = left if first == "yes" else right
            yield error(path, f"{_shown(named)}只有是或否，不能与数比较；直接写它，或在前面写 not")
    elif {first, second} == {"share", "number"}:
        share, number = (left, right) if first == "share" else (right, left)
        yield from _of_share(path, share, number)


def _of_share(path: Path, share: Node, number: Node) -> Iterator[Finding]:
    """Find a share against a bare number above 1, which no share can reach, and a share as the bound of a figure."""
    if isinstance(number, Constant) and isinstance(number.value, Fraction):
        if number.value > ONE:
            yield error(path, f"比率不能与 {plain(number.value)} 比较；请写成 {plain(number.value)}%")
    elif isinstance(share, Constant) and isinstance(share.value, Fraction):
        points = plain(share.value * 100)
        yield error(path, f"{_shown(number)}不是比率，不能与 {points}% 比较；请写成 {points}")
    else:
        yield error(path, f"{_shown(number)}不是比率，不能与{_shown(share)}比较")


Side = tuple[Node, Kind]


def _of_text(path: Path, node: Operation, left: Side, right: Side, kinds: Kinds) -> Iterator[Finding]:
    if left[1] == right[1]:
        if node.operator not in SAMENESS:
            yield error(path, "文字不能比大小；只能用 =、!=、in")
        for named, text in ((left[0], right[0]), (right[0], left[0])):
            yield from _label(path, named, text, kinds)
        return
    (text, _), (other, kind) = (left, right) if left[1] == "text" else (right, left)
    if kind == "yes":
        answers = isinstance(text, Constant) and text.value in ("是", "否")
        if not answers or node.operator not in SAMENESS:
            yield error(path, f"{_shown(other)}只有是或否，不能与{_shown(text)}比较")
    elif isinstance(text, Constant):
        digits = str(text.value)
        mend = f"；请写成 {digits}" if digits.removesuffix("%").replace(".", "", 1).isdecimal() else "；数字不加引号"
        yield error(path, f"{_shown(other)}是数，不能与文字 '{digits}' 比较{mend}")
    else:
        constant = other.value if isinstance(other, Constant) else None
        mend = f"；文字要加单引号，如 '{plain(constant)}'" if isinstance(constant, Fraction) else ""
        yield error(path, f"{_shown(text)}是文字，不能与{_shown(other)}比较{mend}")


def _label(path: Path, named: Node, text: Node, kinds: Kinds) -> Iterator[Finding]:
    """Find a label that a name never has."""
    if not isinstance(named, Name) or not isinstance(text, Constant):
        return
    own, label = kinds.own(named.name), str(text.value)
    labels = kinds.labels.get(own, ())
    if labels and label not in labels:
        only = f"；只有 {'、'.join(labels)}"
        words = f"“{own}”没有“{label}”{nearest(label, labels) or only}"
        yield warning(path, words) if own in PAST_GRADES else error(path, words)


def _shown(node: Node) -> str:
    match node:
        case Name(name):
            return f"“{name}”"
        case Constant(value):
            shown = plain(value) if isinstance(value, Fraction) else f"'{value}'"
            return f" {plain(value * 100)}% " if node.share and isinstance(value, Fraction) else f" {shown} "
    return "算出的结果"
