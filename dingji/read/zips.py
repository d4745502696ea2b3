"""The zip around a workbook: its directory, read where it is plain, and a zip made anew of the parts looked at."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from struct import Struct
from types import MappingProxyType
from typing import NamedTuple

_END, _LISTED, _LOCAL = Struct("<4s4H2LH"), Struct("<4s6H3L5H2L"), Struct("<4s5H3L2H")
"""The three records of a zip, as its specification (APPNOTE 4.3) has them, without their texts."""
_LARGER = 0xFFFFFFFF
"""What stands where a number is kept elsewhere, in the records of large zips."""
_VERSION, _UTF8, _DAY = 20, 0x800, 0x21


class Part(NamedTuple):
    """What a zip's directory says of a part; `packed` and `size` in bytes, before and after it is inflated."""

    name: str
    flags: int
    method: int
    checksum: int
    packed: int
    size: int
    start: int


def directory(raw: bytes) -> Sequence[Part]:
    """Return the parts of a zip; BadZipFile, or whatever else zipfile raises, where it is none."""
    parts = _plain_directory(raw)
    return [*map(_part, zipfile.ZipFile(io.BytesIO(raw)).infolist())] if parts is None else parts


def _part(info: zipfile.ZipInfo) -> Part:
    sizes = info.compress_size, info.file_size
    return Part(info.filename, info.flag_bits, info.compress_type, info.CRC, *sizes, info.header_offset)


def _plain_directory(raw: bytes) -> Sequence[Part] | None:
    """Read a directory that ends where the zip does, as office programs write it; None where anything is unusual."""
    end = len(raw) - _END.size
    if end < 0 or not raw.startswith(b"PK\5\6", end):
        return None
    _, disk, first_disk, here, count, length, at, comment = _END.unpack_from(raw, end)
    if disk or first_disk or comment or here != count or at + length != end:
        return None
    parts: list[Part] = []
    while at < end:
        if not raw.startswith(b"PK\1\2", at) or at + _LISTED.size > end:
            return None
        (_, _, _, flags, method, _, _, checksum, packed, size, named, *beside, _, _, start) = _LISTED.unpack_from(
            raw, at
        )
        at += _LISTED.size + named
        name = _plain_text(raw[at - named : at])
        if name is None or any(beside) or _LARGER in (packed, size, start):
            return None
        parts.append(Part(name, flags, method, checksum, packed, size, start))
    return parts if at == end and len(parts) == count else None


@lru_cache(maxsize=256)
def _plain_text(name: bytes) -> str | None:
    """Return a part's name where it can be read in one way only."""
    return name.decode() if name.isascii() and b"\0" not in name and b"\\" not in name else None


def zip_of(parts: Iterable[tuple[str, bytes]], checksums: Mapping[str, int] = MappingProxyType({})) -> bytes:
    """Return a zip of these parts, none packed: to be read at once, never kept; `checksums` so far as known."""
    written: list[bytes] = []
    listed: list[bytes] = []
    at = 0
    for name, part in parts:
        text = name.encode()
        checksum = checksums[name] if name in checksums else zlib.crc32(part)
        told = (_UTF8, zipfile.ZIP_STORED, 0, _DAY, checksum, len(part), len(part), len(text), 0)
        written += (_LOCAL.pack(b"PK\3\4", _VERSION, *told), text, part)
        listed += (_LISTED.pack(b"PK\1\2", _VERSION, _VERSION, *told, 0, 0, 0, 0, at), text)
        at += _LOCAL.size + len(text) + len(part)
    length = sum(map(len, listed))
    count = len(listed) // 2
    return b"".join((*written, *listed, _END.pack(b"PK\5\6", 0, 0, count, count, length, at, 0)))
