"""Several rounds in one figure: each composed by itself, then their weighted mean or sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import pandas as pd

from dingji.numbers import fixed, half_up, plain
from dingji.scheme.conditions import Value
from dingji.scheme.model import Scheme
from dingji.scoring.board import Board, Figures
from dingji.scoring.composite import Composite, compose

Part = tuple[str, Fraction, Composite]
"""A round, its part in the whole, and what it came to."""


def compose_rounds(
    scheme: Scheme,
    board: Board,
    entries: pd.DataFrame,
    current: str,
    by_round: Mapping[str, Mapping[str, Mapping[str, Value]]] | None = None,
) -> Composite:
    """Compose every round that the current one takes in; the board keeps the figures of the last.

    `by_round`: columns that differ by round, by round, name and branch.
    """
    taken = scheme.rounds_taken(current)
    parts: list[Part] = []
    for name, weight in taken:
        board.trail.round = name
        board.set("轮次", [name] * len(board))
        for column, values in (by_round or {}).get(name, {}).items():
            board.set(column, [values.get(unit) for unit in board.units])
        own = entries if len(taken) == 1 else entries[entries["round"] == name]
        parts.append((name, weight, compose(scheme, board, own, name)))
    return parts[0][2] if len(parts) == 1 else _combined(scheme, board, parts)


def _combined(scheme: Scheme, board: Board, parts: Sequence[Part]) -> Composite:
    """Return the rounds' figures by weight: each source's and the composite; bonus and shares are the last round's."""
    last = parts[-1][2]
    outcome = Composite(dict(last.sources), bonus=list(last.bonus))
    for name, marks in last.sources.items():
        totals = [(weight, part.sources[name].total if name in part.sources else None) for _, weight, part in parts]
        outcome.sources[name] = replace(marks, total=_weighted(totals, len(board)))
    outcome.unrounded = _weighted([(weight, part.unrounded) for _, weight, part in parts], len(board))
    places = scheme.rounding.places
    outcome.rounded = [None if figure is None else half_up(figure, places) for figure in outcome.unrounded]
    for place, unit in enumerate(board.units):
        _trace(board, unit, place, parts, outcome, places)
    return outcome


def _weighted(parts: Sequence[tuple[Fraction, Figures | None]], size: int) -> Figures:
    """Return Σ weight × figure; missing where a round's figure is. A source that a round lacks leaves its part out."""
    there = [(weight, figures) for weight, figures in parts if figures is not None]
    whole = sum((weight for weight, _ in parts), Fraction(0))
    base = sum((weight for weight, _ in there), Fraction(0))
    column: Figures = []
    for place in range(size):
        known = [(weight, figure) for weight, figures in there if (figure := figures[place]) is not None]
        total = sum((weight * figure for weight, figure in known), Fraction(0))
        column.append(total * whole / base if len(known) == len(there) and base else None)
    return column


def _trace(board: Board, unit: str, place: int, parts: Sequence[Part], outcome: Composite, places: int) -> None:
    figures: Mapping[str, Fraction | None] = {name: part.unrounded[place] for name, _, part in parts}
    missing = [name for name, figure in figures.items() if figure is None]
    if missing:
        return
    terms = [f"{name} {plain(figures[name] or Fraction(0))}×{plain(weight * 100)}%" for name, weight, _ in parts]
    whole, rounded = outcome.unrounded[place], outcome.rounded[place]
    if whole is None or rounded is None:
        return
    exactly = "" if whole == rounded else f"（{plain(whole)} 四舍五入）"
    words = f"各轮合成：{' ＋ '.join(terms)} → {fixed(rounded, places)}{exactly}"
    board.trail.add(unit, "composite", figure=rounded, words=words)
