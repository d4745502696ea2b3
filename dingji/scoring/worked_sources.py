"""What the figures of a source are reckoned from: its things by the raters' marks, its indicators by its things."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from dingji.exact import Exact, Mask
from dingji.scheme.indicators import Indicator
from dingji.scheme.marking import Thing, own_limit
from dingji.scheme.model import Source
from dingji.scheme.who_marks import full_within
from dingji.scoring.board import Board
from dingji.scoring.ruled import Ground
from dingji.scoring.worked import (
    INDICATOR,
    MARK,
    Marks,
    Of,
    Part,
    Stated,
    bound,
    held,
    over,
    stated,
    summed,
    times,
)


def marks_of(ground: Ground, source: Source, thing: Thing) -> Marks:
    """Name the marks that raters gave a thing in the round at hand."""
    return Marks(source, ground.board.trail.round, thing.key)


def sum_of_indicators(board: Board, source: Source, names: Sequence[str], ratio: Exact | None = None) -> Part:
    """Tell the sum of some of a source's indicators; `ratio` brings it to the standard's full mark."""
    made = summed([Of(board.key(INDICATOR, source.name, name)) for name in names])
    return made if ratio is None else times(made, stated(f"{source.name} 折算系数（满分÷适用的满分）", ratio))


def work_thing(ground: Ground, source: Source, thing: Thing, mark: Exact) -> Part:
    """Tell what a thing counts in its indicator: the raters' mark, or its full mark where it is exempt."""
    board, name = ground.board, source.name
    applies = board.applies(thing.only_for)
    items = ground.indicator(thing.indicator).items if thing.number is not None else ()
    exempt = [ground.exempt(item) for item in items if item.no == thing.number and item.exempt]
    spared = exempt[0] if exempt else np.zeros(len(board), bool)
    full = Stated(f"{thing.indicator} {thing.label} 满分", thing.full)
    of_raters = (~spared, marks_of(ground, source, thing))
    label = f"{name} {thing.label}" + ("" if thing.number is not None else " 评分")
    figure = mark.where(~spared, thing.full)
    return board.work(board.key(MARK, name, thing.key), label, figure, of_raters, (spared, full), blank=~applies)


@dataclass(frozen=True, eq=False)
class Reckoning:
    """What an indicator's figure is reckoned from beside its things: what is added, whom it is for, the scale."""

    beside: Sequence[Part]
    open: Mask
    exempt: Mask
    applying: Exact

    def work(self, ground: Ground, source: Source, indicator: Indicator, parts: Sequence[Part], figure: Exact) -> None:
        """Tell it: the sum of its things and of what is beside them, scaled, within bounds."""
        board, label = ground.board, f"{source.name} {indicator.name}"
        full, (low, high) = full_within(ground.scheme, source, indicator), limits_of(ground, source, indicator)
        made, of_all = summed([*parts, *self.beside]), Stated(f"{label} 满分", Fraction(full))
        if indicator.scaled:
            made = over(times(made, of_all), stated(f"{label} 适用的满分合计", self.applying))
        made = held(made, bound(f"{label} 最低分", low), bound(f"{label} 最高分", high))
        whole = Stated(f"{indicator.name} 满分", Fraction(indicator.full or 0))
        ways = ((self.exempt, whole), (self.open, made))
        blank = ~self.open & ~self.exempt
        board.work(board.key(INDICATOR, source.name, indicator.name), label, figure, *ways, blank=blank)


def limits_of(ground: Ground, source: Source, indicator: Indicator) -> tuple[Fraction | None, Fraction | None]:
    """Return between which points an indicator is held in a source."""
    full = Fraction(full_within(ground.scheme, source, indicator))
    return own_limit(indicator.minimum, Fraction(0)), own_limit(indicator.maximum, full)
