"""The chains of sectors in a file of the old binary format ([MS-CFB] 2.2 to 2.6): whether one of them goes in a circle.

A reader that follows a circle makes room until there is none. Sectors that are damaged otherwise it finds itself.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from struct import unpack_from

_HEADER = 512
_ENTRY = 128
_LAST_SECTOR = 0xFFFFFFFA
"""Numbers above mark ends, free sectors and tables."""
_FIRST_TABLES = 109
_LARGEST = 12
"""A sector has 2¹² bytes at most."""
_STREAM, _ROOT = 2, 5
_SHORT = 4_096
"""Streams shorter than this lie in small sectors, with a table of their own."""


class _CircleError(Exception):
    """A chain has more sectors than there are."""


def goes_in_a_circle(raw: bytes) -> bool:
    """Say whether a chain that a reader follows has no end."""
    try:
        _follow_all(raw)
    except _CircleError:
        return True
    return False


def _follow_all(raw: bytes) -> None:
    if len(raw) < _HEADER:
        return
    (shift,), (entry,), (short,) = (unpack_from(form, raw, at) for form, at in (("<H", 30), ("<I", 48), ("<I", 60)))
    file = _Sectors(raw, 1 << min(shift, _LARGEST))
    following = file.numbers(file.tables())
    entries = b"".join(map(file.sector, _chain(following, entry)))
    following_short = file.numbers(_chain(following, short))
    left = len(following) + len(following_short)  # chains share no sectors, so together they are no longer
    for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        kind, (start, length) = entries[at + 66], unpack_from("<II", entries, at + 116)
        if kind in (_STREAM, _ROOT) and length:
            links = following_short if kind == _STREAM and length < _SHORT else following
            left -= sum(1 for _ in _chain(links, start))
            if left < 0:
                raise _CircleError


class _Sectors:
    """The sectors of a file, of `size` bytes each; the header takes the room of one."""

    def __init__(self, raw: bytes, size: int) -> None:
        self.raw, self.size = raw, size

    def sector(self, number: int) -> bytes:
        """Return a sector, b"" beyond the end."""
        return self.raw[(number + 1) * self.size : (number + 2) * self.size]

    def numbers(self, sectors: Iterable[int]) -> array[int]:
        """Return the numbers that stand in sectors."""
        joined = b"".join(map(self.sector, sectors))
        return array("I", joined[: len(joined) // 4 * 4])

    def tables(self) -> list[int]:
        """Return the sectors of the table that tells of each sector which one follows it."""
        tables = [*unpack_from(f"<{_FIRST_TABLES}I", self.raw, 76)]
        (more,) = unpack_from("<I", self.raw, 68)
        most = len(self.raw) // self.size
        while more < _LAST_SECTOR and (numbers := self.numbers([more])):
            tables += numbers[:-1]
            more = numbers[-1]
            if len(tables) > most + 2 * len(numbers) + _FIRST_TABLES:
                raise _CircleError
        return [table for table in tables if table < _LAST_SECTOR]


def _chain(following: Sequence[int], start: int) -> Iterator[int]:
    """Yield the sectors of a chain, up to one that is none."""
    for _ in range(len(following) + 1):
        if start >= len(following):
            return
        yield start
        start = following[start]
    raise _CircleError
