"""What the figure of several rounds is reckoned from: theirs by weight, and the bonus of each beside."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from dingji.exact import Mask
from dingji.scheme.model import Scheme
from dingji.scheme.names import source_heading
from dingji.scoring.board import Board
from dingji.scoring.composed import Composite
from dingji.scoring.worked import (
    BONUS,
    COMPOSITE,
    PLAIN,
    SOURCE,
    SUMMED,
    UNROUNDED,
    Key,
    Of,
    Stated,
    held,
    rounded,
    summed,
    weighted,
)
from dingji.scoring.worked import Part as Made
from dingji.scoring.worked_composite import bounds_of

Part = tuple[str, Fraction, Composite]
"""A round, its part in the whole, and what it came to."""
WHOLE = ""
"""The round of what several rounds come to together."""


def whole_key(*names: str) -> Key:
    """Return the key of a figure over the rounds."""
    return (WHOLE, *names)


def work_rounds(scheme: Scheme, board: Board, parts: Sequence[Part], kept: Sequence[Mask], whole: Composite) -> None:
    """Tell each source's figure over the rounds, and the composite.

    Where the lowest and highest rounds are left out, which ones these are is not told by a formula.
    """
    every, all_ = np.logical_and.reduce(kept), sum((weight for _, weight, _ in parts), Fraction(0))
    for name, marks in whole.sources.items():
        there = [(round_, weight) for round_, weight, part in parts if name in part.sources]
        made = _mean(there, all_, SOURCE, name)
        board.work(whole_key(SOURCE, name), f"各轮 {source_heading(name)}", marks.total, (every, made))
    apart = scheme.averaged and all(part.plain is not None for _, _, part in parts)
    made = _mean([(round_, weight) for round_, weight, _ in parts], all_, PLAIN if apart else UNROUNDED)
    if apart and scheme.bonuses:
        made = summed([made, *(Of((round_, BONUS)) for round_, _, _ in parts)])
    bounds = bounds_of(scheme) if scheme.averaged else (None, None)
    if whole.summed is not None and bounds != (None, None):
        made = board.work(whole_key(SUMMED), "各轮综合得分（限额之前）", whole.summed, (every, made))
    board.work(whole_key(UNROUNDED), "各轮综合得分（未取位）", whole.unrounded, (every, held(made, *bounds)))
    made = rounded(Of(whole_key(UNROUNDED)), scheme.rounding.places)
    board.work(whole_key(COMPOSITE), "各轮综合得分（情形之前）", whole.rounded, (None, made))


def _mean(rounds: Sequence[tuple[str, Fraction]], all_: Fraction, *names: str) -> Made:
    """Tell Σ figure × weight over the rounds that have it; those that have none leave their part to the others."""
    base = sum((weight for _, weight in rounds), Fraction(0))
    return weighted(
        [(Of((name, *names)), Stated(f"{name} 在各轮中占", weight * all_ / base)) for name, weight in rounds]
    )
