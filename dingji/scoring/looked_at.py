"""What was looked at and did not take effect: situations that do not hold, or of which that cannot be told."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from dingji.exact import Mask
from dingji.scheme.conditions import names_in
from dingji.scheme.model import Situation
from dingji.scoring.board import parsed
from dingji.scoring.entered import Words
from dingji.scoring.sentences import NOT_HELD, NOT_KNOWN
from dingji.scoring.state import Grading

SETTLED = ""
"""How a condition came out that took effect, or is not for the branch."""


def tell_looked_at(state: Grading) -> None:
    """Tell each branch's conditions that did not take effect, all in one step, after what did."""
    size = len(state.board)
    looked, any_ = [], np.zeros(size, bool)
    for situation in state.scheme.situations:
        came_out = _came_out(state, situation)
        looked.append(_told(state, situation.name, situation.when, came_out))
        any_ |= came_out != SETTLED
    for rank, grade in enumerate(state.scheme.grades):
        if grade.when:
            reached = state.scores.known & (np.True_ if grade.start is None else state.scores >= Fraction(grade.start))
            better = reached & ((state.grade > rank) | (state.grade < 0)) & ~state.board.holds(grade.when)
            came_out = np.where(better, np.where(_doubted(state, grade.name), NOT_KNOWN, NOT_HELD), SETTLED)
            looked.append(_told(state, grade.name, grade.when, came_out))
            any_ |= better
    state.board.trace("looked", any_, "looked", looked=tuple(looked))


def _came_out(state: Grading, situation: Situation) -> Words:
    held = np.array([situation.name in names for names in state.took_effect], bool)
    if situation.effect == "flag":
        held |= np.isin(state.board.every, state.holding(situation)[0])
    open_ = state.board.applies(situation.only_for) & ~held
    return np.where(open_, np.where(_doubted(state, situation.name), NOT_KNOWN, NOT_HELD), SETTLED)


def _doubted(state: Grading, name: str) -> Mask:
    flags = state.flag_doubts
    return np.array([name in doubts or name in flags.get(place, {}) for place, doubts in enumerate(state.doubts)], bool)


def _told(state: Grading, name: str, when: str, came_out: object) -> tuple[object, ...]:
    """Return what the sentence needs: the name, its condition, how it came out, and what it read, a column a name."""
    read = sorted(names_in(parsed(when))) if when else []
    return name, when, came_out, tuple((each, state.board.lookup(each)) for each in read)
