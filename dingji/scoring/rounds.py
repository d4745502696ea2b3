"""Several rounds in one figure: each composed by itself, then their weighted mean or sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from dingji.exact import Exact, Mask, total, where
from dingji.scheme.conditions import Value
from dingji.scheme.model import Scheme
from dingji.scoring.board import Board
from dingji.scoring.composed import Composite
from dingji.scoring.composite import compose
from dingji.scoring.entered import Entered
from dingji.scoring.points import limited
from dingji.scoring.worked_rounds import Part, work_rounds


def compose_rounds(
    scheme: Scheme,
    board: Board,
    entered: Entered,
    current: str,
    by_round: Mapping[str, Mapping[str, Mapping[str, Value]]] | None = None,
    more: Mapping[str, Exact] | None = None,
) -> tuple[Composite, list[Part]]:
    """Compose every round that the current one takes in; the board keeps the figures of the last.

    `by_round`: columns that differ by round, by round, name and branch. `more`: what is supposed to be laid on totals
    of sources in the current round. Returns the whole, and its parts.
    """
    taken = scheme.rounds_taken(current)
    parts: list[Part] = []
    for name, weight in taken:
        board.trail.round = name
        board.set("轮次", [name] * len(board))
        for column, values in (by_round or {}).get(name, {}).items():
            board.set(column, [values.get(unit) for unit in board.units])
        own = entered if len(taken) == 1 else entered.in_round(name)
        parts.append((name, weight, compose(scheme, board, own, name, more if name == current else None)))
    return (parts[0][2] if len(parts) == 1 else _combined(scheme, board, parts)), parts


def _combined(scheme: Scheme, board: Board, parts: Sequence[Part]) -> Composite:
    """Return the rounds' figures by weight: each source's and the composite; shares are the last round's.

    In a mean of rounds the bonus of each is added once, as it stands, after the weighting: each round gives its
    composite without it. Rounds that are summed count whole, with their bonus.
    """
    last, apart = parts[-1][2], scheme.averaged
    own = [part.plain if apart and part.plain else part.unrounded for _, _, part in parts]
    kept = _kept(scheme, own, len(board))
    sources = {}
    for name, marks in last.sources.items():
        totals = [part.sources[name].total if name in part.sources else None for _, _, part in parts]
        sources[name] = replace(marks, total=_weighted(parts, kept, totals, len(board)))
    bonuses = tuple((name, part.bonus) for name, _, part in parts)
    bonus = total((figure for _, figure in bonuses), len(board))
    weighted = _weighted(parts, kept, own, len(board))
    summed = weighted + bonus if apart else weighted
    whole = limited(summed, scheme.minimum, scheme.maximum) if apart else summed
    rounded = whole.half_up(scheme.rounding.places)
    composite = Composite(sources, bonus, whole, rounded, summed=summed if apart else None)
    work_rounds(scheme, board, parts, kept, composite)
    terms = tuple((name, figure, weight, on) for (name, weight, _), figure, on in zip(parts, own, kept, strict=True))
    board.trace(
        "composite", whole.known, "rounds", figure=rounded, parts=terms, bonuses=bonuses if apart else (),
        total=summed, whole=whole, rounded=rounded, places=scheme.rounding.places,
    )  # fmt: skip
    board.set("加分", bonus)
    return composite


def _kept(scheme: Scheme, parts: Sequence[Exact], size: int) -> list[Mask]:
    """Say round by round for which branches it counts: all but their lowest and highest, where those are left out."""
    lowest, highest = scheme.dropped(len(parts))
    if not lowest + highest:
        return [np.ones(size, bool)] * len(parts)
    keys = Exact.joined(parts).keys.reshape(len(parts), size)
    ranks = np.argsort(np.argsort(keys, axis=0, kind="stable"), axis=0, kind="stable")
    return list((ranks >= lowest) & (ranks < len(parts) - highest))


def _weighted(parts: Sequence[Part], kept: Sequence[Mask], columns: Sequence[Exact | None], size: int) -> Exact:
    """Return Σ weight × figure; missing where a round's figure is. A round that has none leaves its part out.

    What is not kept leaves its part to the others, so that a mean stays one.
    """
    weights = [weight for _, weight, _ in parts]
    there = [(weight, own, column) for weight, own, column in zip(weights, kept, columns, strict=True) if column]
    whole = sum(weights, Fraction(0))
    base = total((where(own, weight) for weight, own, _ in there), size)
    terms = (column * where(own, weight) for weight, own, column in there)
    return total(terms, size) * whole / base
