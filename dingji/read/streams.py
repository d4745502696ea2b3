"""The compound file in which old office programs keep a workbook: its streams, by the chains that they are kept in.

As [MS-CFB] describes it. A chain that loops, or leads out of the file, ends the reading of it.
"""

from __future__ import annotations

from struct import unpack_from

_SECTORS = 0xFFFFFFFA
"""Numbers from here on are no sectors."""
_HEADER, _ENTRY = 512, 128
_SMALL = 6
"""The small sectors have 64 bytes: so many bits."""
_LISTED_IN_HEADER = 109


def stream(raw: bytes, *names: str) -> bytes:
    """Return the first stream of one of these names, b"" where there is none or its chain is broken."""
    if len(raw) < _HEADER:
        return b""
    file = _Compound(raw)
    entries = file.entries()
    return next((file.content(entry) for name in names for entry in entries if entry[0] == name.lower()), b"")


def overwritten(raw: bytes, data: bytes, *names: str) -> bytes:
    """Return the file with the bytes of one of its streams replaced by as many others; b"" where it is a small one."""
    file, changed = _Compound(raw), bytearray(raw)
    entry = next((each for name in names for each in file.entries() if each[0] == name.lower()), None)
    if entry is None or not file.replace(entry, data, changed):
        return b""
    return bytes(changed)


Entry = tuple[str, int, int]
"""Name in small letters, first sector and size of a stream."""


class _Compound:
    """A compound file with the table of its chains."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._bits = min(max(unpack_from("<H", raw, 30)[0], 7), 16)
        self._least, self._small_start = unpack_from("<I", raw, 56)[0], unpack_from("<I", raw, 60)[0]
        self._directory = unpack_from("<I", raw, 48)[0]
        self._table = self._chains()
        self._small_table: tuple[int, ...] | None = None
        self._small_store = b""

    def _sector(self, number: int) -> bytes:
        start = (number + 1) << self._bits
        return self._raw[start : start + (1 << self._bits)]

    def _numbers(self, number: int) -> tuple[int, ...]:
        data = self._sector(number)
        return unpack_from(f"<{len(data) // 4}I", data)

    def _chains(self) -> tuple[int, ...]:
        places = list(unpack_from(f"<{_LISTED_IN_HEADER}I", self._raw.ljust(_HEADER, b"\xff"), 76))
        more, seen = unpack_from("<I", self._raw, 68)[0], set()
        while more < _SECTORS and more not in seen and (found := self._numbers(more)):
            seen.add(more)
            places += found[:-1]
            more = found[-1]
        most = (len(self._raw) >> self._bits) + 1
        return tuple(number for place in places[:most] if place < _SECTORS for number in self._numbers(place))

    def _chain(self, start: int, table: tuple[int, ...]) -> list[int]:
        found: list[int] = []
        while start < _SECTORS and start < len(table) and len(found) <= len(table):
            found.append(start)
            start = table[start]
        return found if len(found) <= len(table) else []

    def _whole(self, start: int) -> bytes:
        return b"".join(map(self._sector, self._chain(start, self._table)))

    def entries(self) -> list[Entry]:
        """Return the streams listed, the root first."""
        listed = self._whole(self._directory)
        found = []
        for at in range(0, len(listed) - _ENTRY + 1, _ENTRY):
            length, kind = unpack_from("<HB", listed, at + 64)
            start, size = unpack_from("<II", listed, at + 116)
            name = listed[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace").lower()
            if kind == _ROOT:
                self._small_store = self._whole(start)
            found += [(name, start, size)] if kind else []
        return found

    def content(self, entry: Entry) -> bytes:
        """Return the bytes of a stream; small ones are kept together in a store of their own."""
        _, start, size = entry
        if size >= self._least:
            return self._whole(start)[:size]
        if self._small_table is None:
            table = self._whole(self._small_start)
            self._small_table = unpack_from(f"<{len(table) // 4}I", table)
        chain = self._chain(start, self._small_table)
        return b"".join(self._small_store[at << _SMALL : (at + 1) << _SMALL] for at in chain)[:size]

    def replace(self, entry: Entry, data: bytes, changed: bytearray) -> bool:
        """Write other bytes where a stream is kept; False for a small one."""
        size = 1 << self._bits
        for at, number in enumerate(self._chain(entry[1], self._table) if entry[2] >= self._least else ()):
            part = data[at * size : (at + 1) * size]
            changed[(number + 1) * size : (number + 1) * size + len(part)] = part
        return bool(entry[2] >= self._least)


_ROOT = 5
