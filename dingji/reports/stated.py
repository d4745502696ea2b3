"""标准: every number of the standards that formulas read, a cell each, under the name that an officer gives it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final

from dingji.outcome import Outcome
from dingji.reports.columns import Cell, Live, ReportColumn, ReportTable, build
from dingji.reports.foot import titled
from dingji.reports.sheet import HEAD_ROWS
from dingji.scheme.indicators import Rule
from dingji.scheme.model import Scheme, Source
from dingji.scoring.worked import Stated

NAME: Final = "标准"
COMMON: Final = "（通用）"
"""What stands in place of a standard's title before what no standard states."""
NUMBER_COLUMN: Final = "C"
NOTE: Final = (
    "注：各表的公式只引用这里的数，公式里没有直接写的数字。改这里的数可以试算；"
    "正式改标准，改 schemes 里的标准文件再运行。"
)


@dataclass(frozen=True)
class StatedLine:
    """What the columns read: a standard's title, what the number is, the number or text."""

    title: str
    label: str
    value: Fraction | str


Column = ReportColumn[StatedLine, Cell]


def _value(line: StatedLine) -> Cell:
    return Live("", float(line.value) if isinstance(line.value, Fraction) else line.value)


COLUMNS: tuple[Column, ...] = (
    Column("标准", 40, "text", lambda line: line.title),
    Column("项目", 60, "text", lambda line: line.label),
    Column("数", 16, "number", _value),
)


@dataclass
class StatedCells:
    """Gives every number of the standards its cell, in the order in which it is first asked for."""

    outcome: Outcome
    places: dict[tuple[str, Stated], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with what a reader looks for in a standard."""
        for scheme in self.outcome.schemes.values():
            for stated in stated_by(scheme, self.outcome.settings.round.name):
                self.cell(scheme.title, stated)

    def cell(self, title: str, stated: Stated) -> str:
        """Return the address of what a standard states."""
        row = self.places.setdefault((title, stated), len(self.places)) + HEAD_ROWS + 1
        return f"{NAME}!${NUMBER_COLUMN}${row}"

    def common(self, stated: Stated) -> str:
        """Return the address of what is the same whatever the standard."""
        return self.cell(COMMON, stated)

    def table(self) -> ReportTable:
        """Return the sheet, once all formulas are written."""
        lines = [StatedLine(title, stated.label, stated.value) for title, stated in self.places]
        return build(titled(self.outcome, NAME), COLUMNS, lines, [NOTE])


def stated_by(scheme: Scheme, round_name: str) -> Iterator[Stated]:
    """Yield the numbers of a standard: weights, full marks, option points, grades, points of rules."""
    for source in scheme.sources_in(round_name):
        yield from _of_source(source, round_name)
    for indicator in scheme.scored:
        yield Stated(f"{indicator.name} 满分", Fraction(indicator.full or 0))
        for item in indicator.items:
            yield Stated(f"{indicator.name} 第{item.no}项 满分", Fraction(item.full or 0))
    for rank, grade in enumerate(scheme.grades, start=1):
        yield Stated(f"等次 {grade.name} 名称", grade.name)
        yield Stated(f"等次 {grade.name} 序号", Fraction(rank))
        if grade.start is not None:
            yield Stated(f"等次 {grade.name} 达到", Fraction(grade.start))
    for rule in (rule for indicator in scheme.indicators for rule in indicator.rules):
        yield from _points(rule)


def _of_source(source: Source, round_name: str) -> Iterator[Stated]:
    weight = None if source.by_class else source.weight_in(round_name)
    if weight is not None:
        yield Stated(f"{source.name} 权重（%）", weight)
    for name, own in source.by_class.items():
        yield Stated(f"{source.name} 权重（%） {name}", own)
    for option, points in source.options.items():
        yield Stated(f"{source.name} 选项“{option}”分值", Fraction(points))


def _points(rule: Rule) -> Iterator[Stated]:
    rows = {"一次": rule.once, "每个单位": rule.each, **(rule.options or {})}
    rows |= {f"第{number}档": band.points for number, band in enumerate(rule.bands or [], start=1)}
    for what, points in rows.items():
        if points is not None:
            yield from _range(f"规则 {rule.name} {what}", *points)
    for what, bound in (("低于", rule.under), ("超过", rule.over)):
        if bound is not None:
            yield Stated(f"规则 {rule.name} {what}", bound.value)


def _range(label: str, low: Decimal, high: Decimal) -> Iterator[Stated]:
    if low == high:
        yield Stated(f"{label} 分值", Fraction(low))
    else:
        yield Stated(f"{label} 分值（少）", Fraction(low))
        yield Stated(f"{label} 分值（多）", Fraction(high))
