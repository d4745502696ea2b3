"""What a cell of the heading row prints: which declared heading, and the full mark after it."""

from __future__ import annotations

import re
from collections.abc import Container
from fractions import Fraction
from functools import lru_cache
from typing import Final

from dingji.comparing import normal
from dingji.forms.declare import Column

_PRINTED_AFTER: Final = re.compile(r"(?:\((\d+(?:\.\d+)?)分\)|(\d+(?:\.\d+)?)分|\*)$")
"""What is printed after a heading: its full mark (`领导班子好（10分）`), or the sign of a needed column."""


@lru_cache(maxsize=1 << 12)
def read_as(text: str) -> tuple[str, str]:
    """Return the headings that a cell may print, normalised: all of its text, and without what follows a heading."""
    return normal(text), _PRINTED_AFTER.sub("", normal(text))


def declared(text: str, headings: Container[str]) -> str:
    """Return the heading among these (normalised) that a cell prints, "" where it is none of them."""
    whole, bare = read_as(text)
    return whole if whole in headings else bare if bare in headings else ""


def other_full(text: str, column: Column) -> tuple[Fraction, Fraction] | None:
    """Return the full mark printed after a column's heading, and the column's own, where these are two.

    Marks below it were given out of another figure: as with a row that prints another full mark than the standard's,
    which of the two is right cannot be told. What is held against it is what the form prints, not the highest mark
    that may be given, which a standard may set apart.
    """
    printed, own = _full(normal(text).removeprefix(normal(column.heading))), _full(normal(column.suffix))
    return (printed, own) if printed is not None and own is not None and printed != own else None


def _full(after: str) -> Fraction | None:
    found = _PRINTED_AFTER.search(after)
    figure = (found[1] or found[2]) if found else None
    return Fraction(figure) if figure else None
