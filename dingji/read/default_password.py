"""Workbooks under the password that Excel gives by itself: it opens them without a question, so they are read.

Excel sets it where the structure of an old workbook is protected, and on some that are to be opened for reading only.
As [MS-OFFCRYPTO] 2.3.4 describes packages, 2.3.5 and 2.3.6 old workbooks, and [MS-XLS] 2.2.10 their records.
"""

from __future__ import annotations

import hashlib
import re
import struct
from base64 import b64decode
from collections.abc import Callable, Mapping
from struct import unpack_from

from dingji.read.aes import BLOCK, KEY_SIZES, added, decrypted
from dingji.read.rc4 import keystream
from dingji.read.relations import WITHIN, attributes
from dingji.read.streams import overwritten, stream

TYPED = "VelvetSweatshop".encode("utf-16-le")
"""The password, the same in every copy of Excel, as it is hashed."""
MOST_TURNS = 1_000_000
"""Turns by which a key is made slow to guess; Excel takes a tenth of it."""
LONGEST_INFO = 2**16

Hash = Callable[[bytes], bytes]


def opened(raw: bytes) -> bytes:
    """Return the workbook that Excel's own password opens, b"" where it has another one or is hidden otherwise."""
    try:
        if info := stream(raw, "EncryptionInfo")[:LONGEST_INFO]:
            return _package(info, stream(raw, "EncryptedPackage"))
        return _old_workbook(raw)
    except (struct.error, ValueError, KeyError, IndexError):
        return b""


# --- packages ---------------------------------------------------------------------------------------------


def _package(info: bytes, package: bytes) -> bytes:
    size, cells = unpack_from("<Q", package)[0], package[8:]
    cells = cells[: len(cells) // BLOCK * BLOCK]
    agile = unpack_from("<HH", info) == (4, 4)
    return (_agile(info, cells) if agile else _standard(info, cells))[:size]


def slow_key(hashed: Hash, salt: bytes, turns: int) -> bytes:
    """Return what the password comes to, hashed so many times that guessing is slow."""
    found = hashed(salt + TYPED)
    for turn in range(turns):
        found = hashed(struct.pack("<I", turn) + found)
    return found


_TURNS_BEFORE_AGILE = 50_000


def _standard(info: bytes, cells: bytes) -> bytes:
    """Decrypt a package of Office 2007: AES by blocks, SHA-1."""
    (length,) = unpack_from("<I", info, 8)
    (bits,) = unpack_from("<I", info, 12 + 16)
    salt, asked, _, answer = unpack_from("<16s16sI32s", info, 12 + length + 4)
    last = _sha1(slow_key(_sha1, salt, _TURNS_BEFORE_AGILE) + bytes(4))
    wide = b"".join(_sha1(bytes(byte ^ sign for byte in last.ljust(64, b"\0"))) for sign in b"\x36\x5c")
    key = _sized(wide, bits)
    right = _sha1(decrypted(key, asked)) == decrypted(key, answer)[:20]
    return decrypted(key, cells) if right else b""


_AGILE = re.compile(rb"<(?:\w+:)?(keyData|encryptedKey)\s" + WITHIN)
ASKED, ANSWER, KEY = (bytes.fromhex(text) for text in ("fea7d2763b4b9e79", "d7aa0f6d3061344e", "146e0be7abacd0d6"))
"""What is hashed with the password, for each thing that it opens."""
SEGMENT = 4096


def _agile(info: bytes, cells: bytes) -> bytes:
    """Decrypt a package of Office 2010 and later: AES chained in segments, and a key of its own under the password."""
    told = {found[1]: attributes(found[2]) for found in _AGILE.finditer(info)}
    data, lock = told[b"keyData"], told[b"encryptedKey"]
    hashed, salt, turns = _hash_of(lock), b64decode(lock["saltValue"]), int(lock["spinCount"])
    if turns > MOST_TURNS or {"AES"} != {each["cipherAlgorithm"] for each in (data, lock)}:
        return b""
    made = slow_key(hashed, salt, turns)

    def unlocked(what: bytes, name: str) -> bytes:
        key = _sized(hashed(made + what), int(lock["keyBits"]))
        blocks = b64decode(lock[name])
        return added(decrypted(key, blocks), (salt.ljust(BLOCK, b"\x36")[:BLOCK] + blocks)[: len(blocks)])

    asked = unlocked(ASKED, "encryptedVerifierHashInput")[: len(salt)]
    if hashed(asked) != unlocked(ANSWER, "encryptedVerifierHashValue")[: int(lock["hashSize"])]:
        return b""
    return _segments(_sized(unlocked(KEY, "encryptedKeyValue"), int(data["keyBits"])), data, cells)


def _segments(key: bytes, data: Mapping[str, str], cells: bytes) -> bytes:
    """Decrypt segments, each chained from a beginning of its own."""
    hashed, salt = _hash_of(data), b64decode(data["saltValue"])
    before = b"".join(
        hashed(salt + struct.pack("<I", number)).ljust(BLOCK, b"\x36")[:BLOCK] + cells[at : at + SEGMENT - BLOCK]
        for number, at in enumerate(range(0, len(cells), SEGMENT))
    )
    return added(decrypted(key, cells), before[: len(cells)])


def _hash_of(told: Mapping[str, str]) -> Hash:
    name = told["hashAlgorithm"].replace("-", "").lower()
    return lambda text: hashlib.new(name, text, usedforsecurity=False).digest()


def _sized(key: bytes, bits: int) -> bytes:
    """Return a key of so many bits, filled up as the format has it."""
    if bits // 8 not in KEY_SIZES:
        raise ValueError(bits)
    return key.ljust(bits // 8, b"\x36")[: bits // 8]


def _sha1(text: bytes) -> bytes:
    return hashlib.sha1(text, usedforsecurity=False).digest()


def _md5(text: bytes) -> bytes:
    return hashlib.md5(text, usedforsecurity=False).digest()


# --- old workbooks ----------------------------------------------------------------------------------------

FILE_PASS, UNKNOWN = 0x2F, 0x0FFF
"""The record that says how the others are hidden; and one of no meaning, which readers pass over."""
BEGIN, SHEET = 0x809, 0x85
_PLAIN = frozenset({BEGIN, FILE_PASS, 0xE1, 0x138, 0x194, 0x195, 0x196})
"""Records that are never hidden."""
_STEP = 1_024
"""Bytes of the stream under one key."""
Keys = Callable[[int], bytes]


def _old_workbook(raw: bytes) -> bytes:
    """Return an .xls with its records as they were before they were hidden."""
    data = stream(raw, "Workbook", "Book")
    length = unpack_from("<H", data, 2)[0]
    kind, size = unpack_from("<HH", data, 4 + length)
    keys = _keys(data[8 + length : 8 + length + size]) if kind == FILE_PASS else None
    if keys is None:
        return b""
    shown = turned(data, keys)
    at = 4 + length
    return overwritten(raw, shown[:at] + struct.pack("<H", UNKNOWN) + shown[at + 2 :], "Workbook", "Book")


def _keys(told: bytes) -> Keys | None:
    """Return the key of each step by its number; None where the password is another one."""
    hidden_by, version, minor = unpack_from("<HHH", told)
    if (hidden_by, version, minor) == (1, 1, 1):
        salt, answer, hashed = told[6:22], told[22:54], _md5
        keys = short_keys(salt)
    elif (hidden_by, minor) == (1, 2):
        (length,) = unpack_from("<I", told, 10)
        bits = unpack_from("<I", told, 14 + 16)[0] or 40
        salt, asked, _, rest = unpack_from("<16s16sI20s", told, 14 + length + 4)
        answer, hashed = asked + rest, _sha1
        keys = long_keys(salt, bits)
    else:
        return None
    shown = added(answer, keystream(keys(0), len(answer)))
    return keys if hashed(shown[:16]) == shown[16:] else None


def short_keys(salt: bytes) -> Keys:
    """Return the keys of Excel 97: five bytes of an MD5."""
    made = _md5((_md5(TYPED)[:5] + salt) * 16)[:5]
    return lambda step: _md5(made + struct.pack("<I", step))


def long_keys(salt: bytes, bits: int) -> Keys:
    """Return the keys of Excel 2002 and later."""
    made, size = _sha1(salt + TYPED), bits // 8
    filled = 16 if bits == _SHORT else size
    return lambda step: _sha1(made + struct.pack("<I", step))[:size].ljust(filled, b"\0")


_SHORT = 40
"""Bits of a key that is filled up with noughts."""


def turned(data: bytes, keys: Keys) -> bytes:
    """Return a stream with what its records hold hidden, or shown where it was hidden."""
    steps = range(-(-len(data) // _STEP))
    other = bytearray(added(data, b"".join(keystream(keys(step), _STEP) for step in steps)[: len(data)]))
    at = 0
    while at + 4 <= len(data):
        kind, length = unpack_from("<HH", data, at)
        plain = 4 + (length if kind in _PLAIN else 4 if kind == SHEET else 0)
        other[at : at + plain] = data[at : at + plain]
        at += 4 + length
    return bytes(other)
