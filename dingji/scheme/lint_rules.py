"""What is wrong with the rules of a standard: how points are given, and keys that this way of giving never reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from dingji.scheme.finding import Finding, error, warning
from dingji.scheme.indicators import Indicator, Item, Rule
from dingji.scheme.model import Scheme
from dingji.scheme.written import Quantity

READ_BY: dict[str, tuple[str, ...]] = {
    "under": ("once", "each"),
    "over": ("once", "each"),
    "per": ("each",),
    "round": ("each",),
}
"""Keys of a rule that only some ways of giving points read."""


def rules(scheme: Scheme) -> Iterator[Finding]:
    """Find what is wrong with each rule."""
    for index, indicator in enumerate(scheme.indicators):
        numbers = {item.no for item in indicator.items}
        for number, rule in enumerate(indicator.rules):
            path = ("indicators", index, "rules", number)
            if rule.item is not None and rule.item not in numbers:
                yield error((*path, "item"), f"“{rule.name}”所属的第 {rule.item} 项不在这个指标里")
            for key, words in _way_faults(rule):
                yield error((*path, key) if key else path, f"“{rule.name}”的{words}")
            if rule.of and rule.amounts is not None:
                yield error((*path, "of"), f"“{rule.name}”读的是现成的数，没有人填分值，分数不能写成范围，要写成定数")
            if words := _missing_fault(rule):
                yield error((*path, "missing"), f"“{rule.name}”的{words}")
            rows = [Row.of(band.start, band.when) for band in rule.bands or []]
            for words in row_faults(rows):
                yield error((*path, "bands"), f"“{rule.name}”的分档{words}")
            if rows and not rows[-1].rest:
                yield warning(
                    (*path, "bands"), f"“{rule.name}”的最后一档以下没有写，按 0 分计；可以加一行只写 points 的"
                )


def _way_faults(rule: Rule) -> Iterator[tuple[str, str]]:
    ways = [way for way in ("once", "each", "options", "bands") if getattr(rule, way) is not None]
    if len(ways) > 1:
        yield "", f"给分办法只能有一种，现有 {'、'.join(ways)}"
    if rule.under and rule.over:
        yield "over", "under 和 over 只能写一个"
    if rule.per and rule.per.value <= 0:
        yield "per", "per 要大于 0"
    for way in ("options", "bands"):
        if getattr(rule, way) is not None and not getattr(rule, way):
            yield way, f"{way} 是空的"
    compares = rule.under or rule.over or any(band.start for band in rule.bands or [])
    if (rule.each is not None or compares) and not rule.unit and not rule.of:
        yield "", "给分要看数量，须写计量单位 unit，或用 of 指明读哪个数"
    if len(ways) == 1:
        for key, readers in READ_BY.items():
            if getattr(rule, key) and ways[0] not in readers:
                yield key, f"{key} 在 {ways[0]} 里不起作用，只能与 {'、'.join(readers)} 同写"


def _missing_fault(rule: Rule) -> str:
    """Say what is wrong with what a fact is taken for where nobody typed it; "" where nothing is."""
    if rule.missing is None:
        return ""
    if rule.of:
        return "missing 不起作用：它读别的数，没有人填它"
    if rule.options:
        return "" if rule.missing in rule.options else f"missing 要写一个选项：{'、'.join(rule.options)}"
    if rule.unit:
        return "" if isinstance(rule.missing, Decimal) else "missing 要写一个数，因为它填的是数量"
    return "" if rule.missing in ("是", "否") else "missing 要写“是”或“否”"


@dataclass(frozen=True)
class Row:
    """A row of bands or grades: its bound, whether it has a condition beside, and the bound as written."""

    start: Fraction | None
    conditional: bool
    written: str

    @classmethod
    def of(cls, start: Quantity | Decimal | None, when: str) -> Row:
        """Return the row of a bound, if any, and a condition, if any."""
        bound = start.value if isinstance(start, Quantity) else None if start is None else Fraction(start)
        return cls(bound, bool(when), start.written if isinstance(start, Quantity) else str(start))

    @property
    def rest(self) -> bool:
        """Say whether the row takes whatever is left."""
        return self.start is None and not self.conditional


def row_faults(rows: Sequence[Row]) -> Iterator[str]:
    """Yield what keeps a row of a falling table from ever being reached."""
    if any(row.rest for row in rows[:-1]):
        yield "中，没有条件的一行只能放在最后"
    bounded = [(row.start, row) for row in rows if row.start is not None]
    if any(lower > upper or (lower == upper and not row.conditional) for (upper, row), (lower, _) in pairwise(bounded)):
        falling = list(dict.fromkeys(row.written for _, row in sorted(bounded, key=lambda pair: pair[0], reverse=True)))
        same = "（相同的只留一行，或者改一个界限）" if len(falling) < len(bounded) else ""
        yield f"要从高到低写，界限不能相同；应是 {'、'.join(falling)}{same}"


def limits(scheme: Scheme) -> Iterator[Finding]:
    """Find limits that cross, and full marks below nothing."""
    if _cross(scheme.minimum, scheme.maximum):
        yield error(("min",), "标准的 min 比 max 大")
    for index, indicator in enumerate(scheme.indicators):
        path = ("indicators", index)
        parts: list[tuple[tuple[str | int, ...], Indicator | Item | Rule, str]] = [(path, indicator, indicator.name)]
        parts += [((*path, "items", number), item, f"第{item.no}项") for number, item in enumerate(indicator.items)]
        parts += [((*path, "rules", number), rule, rule.name) for number, rule in enumerate(indicator.rules)]
        for where, part, name in parts:
            if _cross(part.minimum, part.maximum):
                yield error((*where, "min"), f"“{name}”的 min 比 max 大")
            if not isinstance(part, Rule) and part.full is not None and part.full < 0:
                yield error((*where, "full"), f"“{name}”的分值不能小于 0")


def _cross(low: Decimal | str | None, high: Decimal | str | None) -> bool:
    return isinstance(low, Decimal) and isinstance(high, Decimal) and low > high
