"""Workbooks given back (退回) and handed in again: the mended copy stands in the place of what it was made from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dingji.forms.stamp import BETWEEN_NUMBERS
from dingji.problems import Problem
from dingji.read.reading import FileReading

OwnerOf = Callable[[FileReading], str]
"""Whose a file is, as far as the roster tells; "" where that cannot be said."""


def superseded_by(readings: Sequence[FileReading], owner_of: OwnerOf = lambda _: "") -> dict[str, str]:
    """Return by path which files a mended copy replaces, with the path of that copy.

    A copy names every file that it was made from, through however many returns. It replaces only a form of its own
    kind, round and owner, or one of which these were not to be told.
    """
    mended: dict[str, list[FileReading]] = {}
    for reading in readings:
        for number in reading.returned.split(BETWEEN_NUMBERS) if reading.kind else ():
            mended.setdefault(number, []).append(reading)
    replaced = {}
    for reading in readings:
        copies = mended.get(reading.number, ()) if mended else ()
        right = [copy for copy in copies if _same_form(reading, copy) and owner_of(reading) in ("", owner_of(copy))]
        if right:
            replaced[reading.path] = max(right, key=lambda copy: len(copy.returned)).path  # the last of the chain
    return replaced


def _same_form(old: FileReading, new: FileReading) -> bool:
    what = [(reading.kind, reading.scheme, reading.source, reading.round) for reading in (old, new)]
    return not old.kind or what[0] == what[1]


def replaced_notes(replaced: dict[str, str]) -> list[Problem]:
    """Return the note that each replaced file gets."""
    return [Problem("N306", path, values={"other": other}) for path, other in replaced.items()]
