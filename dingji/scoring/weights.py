"""What each source counts: its own weight, by 类别 where it goes by that, and its weight in the whole."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from dingji.exact import Exact
from dingji.scheme.model import Source
from dingji.scheme.names import CATEGORY
from dingji.scoring.board import Board

HUNDRED: Final = Fraction(100)


def way_up(source: Source, sources: Sequence[Source]) -> list[Source]:
    """Return the sources that a source is inside of, the nearest first."""
    outer = next((outer for outer in sources if outer.name == source.inside), None)
    return [outer, *way_up(outer, sources)] if outer else []


def weight_of(board: Board, source: Source, round_name: str) -> Exact:
    """Return a source's own weight, one for all branches, or by their 类别: not known of a branch without one."""
    if not source.by_class:
        return Exact.constant(source.weight_in(round_name) or Fraction(0))
    weights = {name: source.weight_in(round_name, name) for name in source.by_class}
    other = source.weight_in(round_name)
    return Exact.of(
        None if category is None else weights.get(str(category), other) for category in board.lookup(CATEGORY)
    )


def effective_weights(board: Board, sources: Sequence[Source], round_name: str) -> dict[str, Exact]:
    """Return every source's weight in the whole: one of 40 inside another of 60 counts 24."""
    weights = {}
    for source in sources:
        weights[source.name] = weight_of(board, source, round_name)
        for outer in way_up(source, sources):
            weights[source.name] = weights[source.name] * weight_of(board, outer, round_name) / HUNDRED
    return weights


def weight_within(source: Source, sources: Sequence[Source], round_name: str, category: str) -> Fraction:
    """Return the same of one source for the branches of one 类别."""
    weight = source.weight_in(round_name, category) or Fraction(0)
    for outer in way_up(source, sources):
        weight *= (outer.weight_in(round_name, category) or Fraction(0)) / HUNDRED
    return weight


def idle(weight: Exact) -> bool:
    """Say whether a source counts nothing for anybody, so that nobody's figure of it is wanted."""
    return bool(weight.same(0).all())
