"""Workbooks under the password that Excel sets by itself: a package as of Office 2010, an .xls as of Excel 97."""

from __future__ import annotations

import hashlib
import hmac
import struct
from base64 import b64encode
from collections.abc import Sequence
from typing import Final

from dingji.demo.faults.old_excel import LEAST, as_xls, compound
from dingji.read import default_password as own
from dingji.read.aes import BLOCK, WORD, added, mixed, plus, round_keys, substitution, woven
from dingji.read.grid import Grid
from dingji.read.rc4 import keystream
from dingji.read.streams import stream

SALT: Final = bytes(range(16))
TURNS: Final = 1_000
"""Excel takes a hundred times as many; a practice folder is made often."""
KEY: Final = bytes(range(32, 64))
SEAL: Final = bytes(range(64, 128))
"""What the package is sealed with."""
HMAC_KEY, HMAC_VALUE = bytes.fromhex("5fb2ad010cb9e1f6"), bytes.fromhex("a0677f02b22c8433")


def packaged(raw: bytes) -> bytes:
    """Return an .xlsx as Excel saves it under its own password."""
    blocks = raw.ljust(-(-len(raw) // BLOCK) * BLOCK, b"\0")
    package = struct.pack("<Q", len(raw)) + _segments(blocks)[: len(blocks)]
    return compound({"EncryptionInfo": _info(package).ljust(LEAST), "EncryptedPackage": package})


def _sha512(text: bytes) -> bytes:
    return hashlib.sha512(text).digest()


def _segments(blocks: bytes) -> bytes:
    parts = [blocks[at : at + own.SEGMENT].ljust(own.SEGMENT) for at in range(0, len(blocks), own.SEGMENT)]
    return _chained(KEY, [_sha512(SALT + struct.pack("<I", number))[:BLOCK] for number in range(len(parts))], parts)


def _info(package: bytes) -> bytes:
    """Return what a package says of how it was encrypted, and by what it is known to be whole."""
    made, asked = own.slow_key(_sha512, SALT, TURNS), bytes(reversed(SALT))

    def locked(what: bytes, text: bytes) -> str:
        return b64encode(_chained(_sha512(made + what)[:32], [SALT], [text])).decode()

    told = (
        f'saltSize="16" blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" '
        f'cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512" saltValue="{b64encode(SALT).decode()}"'
    )
    password = (
        f'<p:encryptedKey spinCount="{TURNS}" {told} encryptedVerifierHashInput="{locked(own.ASKED, asked)}" '
        f'encryptedVerifierHashValue="{locked(own.ANSWER, _sha512(asked))}" '
        f'encryptedKeyValue="{locked(own.KEY, KEY)}"/>'
    )
    whole = " ".join(
        f'{name}="{b64encode(_chained(KEY, [_sha512(SALT + what)[:BLOCK]], [text])).decode()}"'
        for name, what, text in (
            ("encryptedHmacKey", HMAC_KEY, SEAL),
            ("encryptedHmacValue", HMAC_VALUE, hmac.digest(SEAL, package, "sha512")),
        )
    )
    names = 'xmlns="http://schemas.microsoft.com/office/2006/encryption" '
    names += 'xmlns:p="http://schemas.microsoft.com/office/2006/keyEncryptor/password"'
    kind = "http://schemas.microsoft.com/office/2006/keyEncryptor/password"
    text = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><encryption {names}><keyData {told}/>'
        f"<dataIntegrity {whole}/>"
        f'<keyEncryptors><keyEncryptor uri="{kind}">{password}</keyEncryptor></keyEncryptors></encryption>'
    )
    return struct.pack("<HHI", 4, 4, 0x40) + text.encode()


def _chained(key: bytes, begins: Sequence[bytes], texts: Sequence[bytes]) -> bytes:
    """Encrypt texts of one length side by side, each block added to the one before it (CBC)."""
    steps = [b"".join(begins)]
    for at in range(0, len(texts[0]), BLOCK):
        steps.append(encrypted(key, added(b"".join(text[at : at + BLOCK] for text in texts), steps[-1])))
    places = range(0, len(steps[0]), BLOCK)
    return b"".join(step[place : place + BLOCK] for place in places for step in steps[1:])


def encrypted(key: bytes, blocks: bytes) -> bytes:
    """Return blocks encrypted by AES, each by itself."""
    first, *keys = round_keys(key)
    planes = [plus(blocks[place::BLOCK], first[place]) for place in range(BLOCK)]
    for number, each in enumerate(keys, start=1):
        planes = [plane.translate(substitution()) for plane in planes]
        planes = [planes[place % WORD + WORD * ((place // WORD + place) % WORD)] for place in range(BLOCK)]
        planes = mixed(planes, (2, 3, 1, 1)) if number < len(keys) else planes
        planes = [plus(plane, each[place]) for place, plane in enumerate(planes)]
    return woven(planes)


# --- an old workbook --------------------------------------------------------------------------------------


def old_packaged(grids: Sequence[Grid]) -> bytes:
    """Return an .xls of these sheets as Excel saves it where its structure is protected."""
    keys = own.short_keys(SALT)
    shown = SALT + hashlib.md5(SALT, usedforsecurity=False).digest()
    told = struct.pack("<HHH", 1, 1, 1) + SALT + added(shown, keystream(keys(0), len(shown)))
    return hidden(grids, told, keys)


def hidden(grids: Sequence[Grid], told: bytes, keys: own.Keys) -> bytes:
    """Return an .xls of these sheets, its records hidden by keys and `told` how."""
    record = struct.pack("<HH", own.FILE_PASS, len(told)) + told
    data = _with_record(stream(as_xls(grids), "Workbook"), record)
    return compound({"Workbook": own.turned(data, keys)})


def _with_record(data: bytes, record: bytes) -> bytes:
    """Put a record behind the first, and say of the sheets that they begin so much later."""
    changed, at, (first,) = bytearray(data), 0, struct.unpack_from("<H", data, 2)
    while at + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, at)
        if kind == own.SHEET:
            changed[at + 4 : at + 8] = struct.pack("<I", struct.unpack_from("<I", data, at + 4)[0] + len(record))
        at += 4 + length
    return bytes(changed[: 4 + first] + record + changed[4 + first :])
