"""Several rounds in one figure: each composed by itself, then their weighted mean or sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from dingji.exact import Exact, total
from dingji.scheme.conditions import Value
from dingji.scheme.model import Scheme
from dingji.scoring.board import Board
from dingji.scoring.composite import Composite, compose
from dingji.scoring.entered import Entered

Part = tuple[str, Fraction, Composite]
"""A round, its part in the whole, and what it came to."""


def compose_rounds(
    scheme: Scheme,
    board: Board,
    entered: Entered,
    current: str,
    by_round: Mapping[str, Mapping[str, Mapping[str, Value]]] | None = None,
) -> tuple[Composite, list[Part]]:
    """Compose every round that the current one takes in; the board keeps the figures of the last.

    `by_round`: columns that differ by round, by round, name and branch. Returns the whole, and its parts.
    """
    taken = scheme.rounds_taken(current)
    parts: list[Part] = []
    for name, weight in taken:
        board.trail.round = name
        board.set("轮次", [name] * len(board))
        for column, values in (by_round or {}).get(name, {}).items():
            board.set(column, [values.get(unit) for unit in board.units])
        own = entered if len(taken) == 1 else entered.in_round(name)
        parts.append((name, weight, compose(scheme, board, own, name)))
    return (parts[0][2] if len(parts) == 1 else _combined(scheme, board, parts)), parts


def _combined(scheme: Scheme, board: Board, parts: Sequence[Part]) -> Composite:
    """Return the rounds' figures by weight: each source's and the composite; bonus and shares are the last round's."""
    last = parts[-1][2]
    sources = {}
    for name, marks in last.sources.items():
        totals = [(weight, part.sources[name].total if name in part.sources else None) for _, weight, part in parts]
        sources[name] = replace(marks, total=_weighted(totals, len(board)))
    whole = _weighted([(weight, part.unrounded) for _, weight, part in parts], len(board))
    rounded = whole.half_up(scheme.rounding.places)
    terms = tuple((name, part.unrounded, weight) for name, weight, part in parts)
    board.trace(
        "composite", whole.known, "rounds", figure=rounded, parts=terms, whole=whole, rounded=rounded,
        places=scheme.rounding.places,
    )  # fmt: skip
    mean = sum(weight for _, weight, _ in parts) == 1
    return Composite(sources, last.bonus, whole, rounded, summed=whole if mean else None)


def _weighted(parts: Sequence[tuple[Fraction, Exact | None]], size: int) -> Exact:
    """Return Σ weight × figure; missing where a round's figure is. A source that a round lacks leaves its part out."""
    there = [(weight, figures) for weight, figures in parts if figures is not None]
    whole = sum((weight for weight, _ in parts), Fraction(0))
    base = sum((weight for weight, _ in there), Fraction(0))
    return total((figures * weight for weight, figures in there), size) * whole / base
