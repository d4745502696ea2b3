"""The smallest amount of a change that brings about what is asked, many searches at once.

A move is supposed to be monotone: what an amount brings about, every larger one does too. Each search asks for a few
amounts at a time; all that is asked goes into one column run. A run costs more than what is in it: where arithmetic
tells the amount beforehand, that one and the one below it are asked first, and nothing more where it is right.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from itertools import pairwise
from typing import Final, TypeVar

from dingji.supposing.copies import Ask, Change, Copies, Found

Key = TypeVar("Key")
Search = Generator[list[Ask], list[Found], "tuple[int, Found] | None"]
"""Yields what is to be scored, takes what it comes to, and returns the smallest amount with what that comes to."""
FAN: Final = 8
"""Amounts that are tried at once: each turn narrows the search to an eighth."""


def smallest(
    unit: str, change: Callable[[int], Change], most: int, does: Callable[[Found], bool], likely: int | None = None
) -> Search:
    """Search the smallest of the amounts 1 to `most` by which a change does what is asked; None where none does.

    `likely`: the amount that is expected; a wrong one costs a turn, and changes nothing.
    """
    low, high, best = 0, most, None
    while low < high:
        amounts = _fan(low, high) if likely is None or high <= FAN else _about(likely, most)
        likely = None
        found = yield [(unit, change(amount)) for amount in amounts]
        first = next((place for place, one in enumerate(found) if does(one)), None)
        if first is None:
            return best
        best = amounts[first], found[first]
        low, high = (amounts[first - 1] if first else low), amounts[first] - 1
    return best


def _fan(low: int, high: int) -> list[int]:
    return sorted({low + -(-(high - low) * part // FAN) for part in range(1, FAN + 1)})


def _about(likely: int, most: int) -> list[int]:
    return sorted({amount for amount in (likely - 1, likely, likely + 1, most) if 0 < amount <= most})


def together(copies: Copies, searches: Mapping[Key, Search]) -> dict[Key, tuple[int, Found] | None]:
    """Run searches side by side; return what each came to."""
    done: dict[Key, tuple[int, Found] | None] = {}
    answers: dict[Key, list[Found] | None] = dict.fromkeys(searches)
    while answers:
        asked: dict[Key, list[Ask]] = {}
        for key, answer in answers.items():
            try:
                asked[key] = next(searches[key]) if answer is None else searches[key].send(answer)
            except StopIteration as stopped:
                done[key] = stopped.value
        found = copies.found([ask for asks in asked.values() for ask in asks]) if asked else []
        ends = _ends([len(asks) for asks in asked.values()])
        answers = {key: found[start:end] for key, (start, end) in zip(asked, pairwise(ends), strict=True)}
    return done


def _ends(sizes: Sequence[int]) -> list[int]:
    ends = [0]
    for size in sizes:
        ends.append(ends[-1] + size)
    return ends
