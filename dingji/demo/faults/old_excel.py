"""Grids → .xls, as old office programs save them (BIFF8 in a compound file); just enough of it for a reader."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from dingji.read.grid import Grid, cells, text_of

SECTOR = 512
PER_SECTOR = SECTOR // 4
LEAST = 4096
"""A shorter stream would have to be kept in the small sectors of the file."""

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
LONGEST = 4000
"""Characters of a text that fit one record."""

GLOBALS, WORKSHEET = 0x0005, 0x0010


def as_xls(grids: Sequence[Grid]) -> bytes:
    """Return a workbook of the old format with the texts and numbers of these sheets."""
    return compound({"Workbook": _workbook([(grid.name, b"".join(_cells(grid))) for grid in grids])})


def far_xls() -> bytes:
    """Return a small workbook of the old format whose two cells stand so far apart that no memory holds the sheet."""
    return compound({"Workbook": _workbook([("表", _number(0, 0, 1.0) + _number(0xFFFF, 0xFFFF, 1.0))])})


def encrypted() -> bytes:
    """Return what an office program saves under a password: an encrypted package and how it was encrypted."""
    return compound({"EncryptionInfo": bytes(LEAST), "EncryptedPackage": bytes(range(256)) * 64})


# --- the records of a workbook ----------------------------------------------------------------------------


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 1997, 0, 6))


def _end() -> bytes:
    return _record(0x000A)


def _workbook(sheets: Sequence[tuple[str, bytes]]) -> bytes:
    """Return the stream: the list of sheets with the place of each, then the sheets."""
    bodies = [_begin(WORKSHEET) + body + _end() for _, body in sheets]
    names = [_short(name) for name, _ in sheets]
    code_page = _record(0x0042, struct.pack("<H", 1200))
    head = len(_begin(GLOBALS)) + len(code_page) + sum(4 + 6 + len(name) for name in names) + len(_end())
    listed = b""
    for name, body in zip(names, bodies, strict=True):
        listed += _record(0x0085, struct.pack("<IBB", head, 0, 0) + name)
        head += len(body)
    return _begin(GLOBALS) + code_page + listed + _end() + b"".join(bodies)


def _short(name: str) -> bytes:
    return struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")


def _cells(grid: Grid) -> Iterator[bytes]:
    for row, column, value in cells(grid):
        if isinstance(value, float | int) and not isinstance(value, bool):
            yield _number(row, column, float(value))
        else:
            text = text_of(value)[:LONGEST].encode("utf-16-le")
            yield _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text) // 2, 1) + text)


def _number(row: int, column: int, value: float) -> bytes:
    return _record(0x0203, struct.pack("<HHHd", row, column, 0, value))


# --- the compound file around it --------------------------------------------------------------------------


def compound(streams: dict[str, bytes]) -> bytes:
    """Return a compound file with these streams, each at least 4096 bytes long when it is written."""
    bodies = [_padded(body.ljust(LEAST, b"\0")) for body in streams.values()]
    counts = [len(body) // SECTOR for body in bodies]
    tables = 1
    while tables * PER_SECTOR < tables + 1 + sum(counts):
        tables += 1
    starts = [tables + 1 + sum(counts[:place]) for place in range(len(counts))]
    chain = [TABLE] * tables + [END]
    for start, count in zip(starts, counts, strict=True):
        chain += [*range(start + 1, start + count), END]
    chain += [FREE] * (tables * PER_SECTOR - len(chain))
    sizes = [max(len(body), LEAST) for body in streams.values()]
    directory = _directory(list(zip(streams, starts, sizes, strict=True)))
    return _header(tables) + struct.pack(f"<{len(chain)}I", *chain) + directory + b"".join(bodies)


def _padded(body: bytes) -> bytes:
    return body + bytes(-len(body) % SECTOR)


def _header(tables: int) -> bytes:
    places = [*range(tables), *[FREE] * (109 - tables)]
    numbers = struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    rest = struct.pack("<IIIIIIIII", 0, tables, tables, 0, LEAST, END, 0, END, 0)
    return SIGNATURE + bytes(16) + numbers + rest + struct.pack("<109I", *places)


def _directory(streams: Sequence[tuple[str, int, int]]) -> bytes:
    """Return the one sector that lists the root and up to three streams, each the next one's left neighbour."""
    entries = [_entry("Root Entry", 5, child=len(streams), start=END)]
    for number, (name, start, size) in enumerate(streams, start=1):
        left = number - 1 or FREE
        entries.append(_entry(name, 2, left=left, start=start, size=size))
    return b"".join(entries).ljust(SECTOR, b"\0")


def _entry(name: str, kind: int, *, left: int = FREE, child: int = FREE, start: int = 0, size: int = 0) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
    return head + struct.pack("<III", left, FREE, child) + bytes(36) + struct.pack("<IQ", start, size)
