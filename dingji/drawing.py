"""Drawing lots by a seed that somebody typed: the same seed draws the same, whenever, on whatever machine.

Lots follow from the seed and the names alone (SHA-256), not from how many there are: who joins or leaves changes the
draw of few others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence


def in_drawn_order(names: Iterable[str], seed: int) -> list[str]:
    """Return names, each of which stands once, in the order in which they are drawn."""
    return sorted(names, key=lambda name: (hashlib.sha256(f"{seed}|{name}".encode()).digest(), name))


def drawn_to_rate(raters: Sequence[str], rated: Sequence[str], each: int, seed: int) -> dict[str, frozenset[str]]:
    """Return whom everybody rates: never oneself, `each` others, and everybody rated equally often, give or take one.

    Those rated stand in a drawn circle and rate the next ones in it. Who only rates takes the next ones from where the
    one before has stopped.
    """
    circle = in_drawn_order(rated, seed)
    place = {unit: number for number, unit in enumerate(circle)}
    drawn = {unit: _from(circle, place[unit] + 1, min(each, len(circle) - 1)) for unit in circle}
    start, several = 0, min(each, len(circle))
    for unit in in_drawn_order((unit for unit in raters if unit not in place), seed):
        drawn[unit] = _from(circle, start, several)
        start += several
    return drawn


def _from(circle: Sequence[str], start: int, count: int) -> frozenset[str]:
    return frozenset(circle[(start + step) % len(circle)] for step in range(count))
