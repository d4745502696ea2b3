"""What situations make of the composite itself: a factor on what stands without the bonus, then points."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from dingji.exact import Exact, Mask
from dingji.numbers import plain, signed
from dingji.scheme.model import Situation
from dingji.scoring.points import limited
from dingji.scoring.state import Grading


def adjust(state: Grading) -> None:
    """Apply factors, then points; the standard's own bounds and the one rounding come after them.

    Conditions read the composite as it was before. What may hold, or multiplies by what is not known, leaves the
    composite unknown.
    """
    adjusting = [*state.with_effect("factor"), *state.with_effect("points")]
    state.board.set("综合得分", state.scores)
    figure = state.composite.unrounded if state.composite.summed is None else state.composite.summed
    changed = np.zeros(len(figure), bool)
    for situation in adjusting:
        figure, held = _adjusted(state, situation, figure)
        changed |= held
    if changed.any() or state.unscored.any():
        _settle(state, figure, changed)


def _adjusted(state: Grading, situation: Situation, before: Exact) -> tuple[Exact, Mask]:
    """Return the composite after a situation, and for whom it holds."""
    board, bonus = state.board, state.composite.bonus
    places, behind = state.holding(situation)
    held = np.isin(board.every, places)
    state.unscored |= np.isin(board.every, state.in_doubt(situation))
    times = board.figures_of(situation.of) if situation.of else Exact.constant(1, len(board))
    for place in np.flatnonzero(held & ~times.known).tolist():
        state.doubts[place][situation.name] = board.lacking(situation.of, place)
        state.unscored[place] = True
    changed = _changed(situation, before, bonus, times)
    after = changed.where(held, before).where(~state.unscored, None)
    told = held & after.known
    own = np.flatnonzero(told)
    for place, worth in zip(own.tolist(), times.take(own).each(lambda each: _worth(situation, each)), strict=True):
        state.took_effect[place].append(situation.name)
        state.worth[place][situation.name] = worth or ""
    behind = behind.take(np.flatnonzero(told[places]))
    columns = {"before": before, "bonus": bonus, "times": times, "after": after}
    state.trace(
        "adjust", own, "adjusted", item=situation.name, figure=after.take(own), behind=behind, situation=situation,
        read=board.from_outside(own, situation.when, situation.of),
        **{name: column.take(own) for name, column in columns.items()},
    )  # fmt: skip
    return after, told


def _changed(situation: Situation, before: Exact, bonus: Exact, times: Exact) -> Exact:
    if situation.factor is not None:
        return (before - bonus) * (times * Fraction(situation.factor)) + bonus
    return before + times * Fraction(situation.points or 0)


def _worth(situation: Situation, times: Fraction) -> str:
    if situation.factor is not None:
        return f"×{plain(times * Fraction(situation.factor))}"
    return f"{signed(times * Fraction(situation.points or 0))}分"


def _settle(state: Grading, figure: Exact, changed: Mask) -> None:
    """Hold the changed composite within the standard's bounds and round it; what is not known is no figure."""
    scheme, composite = state.scheme, state.composite
    held = limited(figure, scheme.minimum, scheme.maximum) if composite.summed is not None else figure
    rounded = held.half_up(scheme.rounding.places)
    own = np.flatnonzero(changed & figure.known)
    state.trace(
        "adjust", own, "settled", figure=rounded.take(own), total=figure.take(own), limit=held.take(own),
        rounded=rounded.take(own), places=scheme.rounding.places,
    )  # fmt: skip
    known = ~state.unscored
    composite.unrounded = held.where(changed, composite.unrounded).where(known, None)
    composite.rounded = rounded.where(changed, composite.rounded).where(known, None)
    state.scores = composite.rounded if scheme.rounding.before_grading else composite.unrounded
    state.board.set("综合得分", state.scores)
