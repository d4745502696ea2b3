"""What counts at face value beside the weighted sources: indicators and items that say themselves who marks them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

from dingji.scheme.indicators import Indicator
from dingji.scheme.marking import item_key
from dingji.scheme.model import Scheme, Source
from dingji.scheme.who_marks import items_apart
from dingji.scoring.board import Figures
from dingji.scoring.sources import SourceMarks

HUNDRED = Fraction(100)


def with_items(
    indicator: Indicator,
    column: Figures,
    scored: Mapping[str, SourceMarks],
    weights: Mapping[str, Fraction],
    total: Fraction,
) -> Figures:
    """Return an indicator's composite marks with its items that say who marks them at face value, not by weight."""
    for key in [item_key(item) for item in items_apart(indicator)]:
        face_marks = faces(scored, weights, key, len(column))
        weighed = [(weights[name], marks.items[key]) for name, marks in scored.items() if key in marks.items]
        column = [
            None if figure is None or face is None or not total
            else figure - sum((weight * (own[place] or 0) for weight, own in weighed), Fraction(0)) / total + face
            for place, (figure, face) in enumerate(zip(column, face_marks, strict=True))
        ]  # fmt: skip
    return column


def faces(scored: Mapping[str, SourceMarks], weights: Mapping[str, Fraction], key: str, size: int) -> Figures:
    """Return the marks at face value of an indicator (by name) or item (by key): its sources' mean by weight."""
    giving = [(weights[name], own) for name, marks in scored.items() if (own := _own(marks, key))]
    return [_face_value([(weight, own[place]) for weight, own in giving]) for place in range(size)]


def _own(marks: SourceMarks, key: str) -> Figures:
    return marks.indicators.get(key) or marks.items.get(key, [])


def keys_apart(scheme: Scheme) -> dict[str, str]:
    """Return what counts at face value, by key, with how it is told: indicators and items that say who marks them."""
    top = [indicator for indicator in scheme.scored if not indicator.inside]
    indicators = {indicator.name: indicator.name for indicator in top if indicator.by}
    items = [(indicator, item) for indicator in scheme.scored for item in items_apart(indicator)]
    return indicators | {item_key(item): f"{indicator.name}第{item.no}项" for indicator, item in items}


def apart_of(
    source: Source,
    sources: Sequence[Source],
    scored: Mapping[str, SourceMarks],
    own: Collection[str],
    place: int,
    round_name: str,
) -> Fraction:
    """Return how much of a source's total comes from indicators and items that count at face value."""
    marks = scored[source.name]
    figures = [column[place] for key in own if (column := _own(marks, key))]
    apart = sum((figure for figure in figures if figure is not None), Fraction(0))
    for part in (part for part in sources if part.inside == source.name):
        weight = part.weight_in(round_name) or Fraction(0)
        apart += weight * apart_of(part, sources, scored, own, place, round_name) / HUNDRED
    return apart


def _face_value(figures: Sequence[tuple[Fraction, Fraction | None]]) -> Fraction | None:
    """Return the mean of some sources' marks by weight, equal where none has one."""
    known = [(weight, figure) for weight, figure in figures if figure is not None]
    if not known or len(known) < len(figures):
        return None
    total = sum((weight for weight, _ in known), Fraction(0))
    if not total:
        return sum((figure for _, figure in known), Fraction(0)) / len(known)
    return sum((weight * figure for weight, figure in known), Fraction(0)) / total
