"""Workbooks in whose place another stands: mended copies of those given back (退回), and forms of another round."""

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


OTHER_ROUND = "E112"


def of_other_rounds(readings: Sequence[FileReading], owner_of: OwnerOf) -> dict[str, str]:
    """Return by path the forms of another round beside which the right one lies, with the path of that.

    Forms of earlier rounds may stay where they are; one that is there alone is somebody's mistake, and is told as such.
    """
    others = [reading for reading in readings if any(problem.code == OTHER_ROUND for problem in reading.problems)]
    if not others:
        return {}
    right = {
        (reading.kind, reading.scheme, reading.source, owner_of(reading)): reading.path
        for reading in readings
        if reading not in others and reading.taken
    }
    keys = {reading.path: (reading.kind, reading.scheme, reading.source, owner_of(reading)) for reading in others}
    return {path: right[key] for path, key in keys.items() if key in right}


def other_round_notes(others: dict[str, str], readings: Sequence[FileReading]) -> list[Problem]:
    """Return the note that each form of another round gets: which round it is of, and where the right one is."""
    rounds = {
        reading.path: problem.values["other"]
        for reading in readings
        for problem in reading.problems
        if problem.code == OTHER_ROUND
    }
    return [Problem("N120", path, values={"round": rounds[path], "other": other}) for path, other in others.items()]
