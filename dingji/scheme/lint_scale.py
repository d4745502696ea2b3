"""Holes and overlaps between rows that have conditions: 80 to 89 beside 90 leaves 89.5 to the last row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from dingji.numbers import plain
from dingji.scheme.branch_classes import compared
from dingji.scheme.condition_values import evaluate
from dingji.scheme.conditions import Node, names_in, parse
from dingji.scheme.finding import Finding, warning
from dingji.scheme.model import Scheme

COMPOSITE = "综合得分"


@dataclass(frozen=True)
class Row:
    """A row of a falling table: its bound, its condition, and what it is called."""

    start: Fraction | None
    when: Node | None
    called: str

    def fits(self, figure: Fraction) -> bool:
        """Say whether a figure falls into this row."""
        if self.start is not None and figure < self.start:
            return False
        return self.when is None or evaluate(self.when, lambda _: [figure], 1)[0] is True


def holes(scheme: Scheme) -> Iterator[Finding]:
    """Find figures between two rows that neither takes, and rows that others take everything from."""
    rows = [
        Row(None if one.start is None else Fraction(one.start), parse(one.when) if one.when else None, f"“{one.name}”")
        for one in scheme.grades
    ]
    for words in _words(rows, COMPOSITE):
        yield warning(("grades",), words)
    for index, indicator in enumerate(scheme.indicators):
        for number, rule in enumerate(indicator.rules):
            bands = [
                Row(
                    band.start.value if band.start else None,
                    parse(band.when) if band.when else None,
                    f"第{place}档",
                )
                for place, band in enumerate(rule.bands or [], start=1)
            ]
            for words in _words(bands, ""):
                yield warning(("indicators", index, "rules", number, "bands"), f"“{rule.name}”的分档：{words}")


def _words(rows: Sequence[Row], read: str) -> Iterator[str]:
    """Yield what is wrong with rows that all read one figure; rows that read others cannot be told."""
    names = set[str]().union(*(names_in(row.when) for row in rows if row.when))
    if len(names) != 1 or (read and names != {read}) or (any(row.start is not None for row in rows) and not read):
        return
    (name,) = names
    points = _points(rows)
    taken = [next((place for place, row in enumerate(rows) if row.fits(one)), len(rows)) for one in points]
    yield from _hole_words(rows, name, points, taken)
    for place, row in enumerate(rows):
        if place not in taken and row.when is not None:
            yield f"{row.called}写的{name}，前面各行都已经占了，永远用不到"


def _points(rows: Sequence[Row]) -> list[Fraction]:
    """Return every bound, and a figure in each gap between two, and beyond both ends."""
    said = [value for row in rows if row.when for _, value in compared(row.when) if isinstance(value, Fraction)]
    bounds = sorted({*said, *(row.start for row in rows if row.start is not None)})
    between = [(lower + upper) / 2 for lower, upper in pairwise(bounds)]
    ends = [bounds[0] - 1, bounds[-1] + 1] if bounds else []
    return sorted([*bounds, *between, *ends])


def _hole_words(rows: Sequence[Row], name: str, points: Sequence[Fraction], taken: Sequence[int]) -> Iterator[str]:
    """Yield every stretch that falls to a later row than the stretches on both its sides."""
    place = 0
    while place < len(points):
        end = place
        while end + 1 < len(points) and taken[end + 1] == taken[place]:
            end += 1
        if place > 0 and end + 1 < len(points) and taken[place] > max(taken[place - 1], taken[end + 1]):
            below, above = points[place - 1], points[end + 1]
            falls = rows[taken[place]].called if taken[place] < len(rows) else "0 分"
            gap = f"{plain(below)} 和 {plain(above)} 之间（如 {plain((below + above) / 2)}）"
            mend = f"{rows[taken[place - 1]].called}的条件请写到 {name} < {plain(above)}，或者只写从多少起"
            yield f"{name}在 {gap}哪一行也不收，落到了{falls}；{mend}"
        place = end + 1
