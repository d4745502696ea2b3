"""AES, backwards: blocks → what was encrypted, all blocks at once (FIPS 197, the inverse cipher).

The library has no AES. A block has sixteen bytes; the bytes of one place in all blocks are a plane, and each step of
the cipher is done to whole planes: substitution by `bytes.translate`, sums in the field by XOR of long numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, reduce
from operator import xor

BLOCK, WORD = 16, 4
"""Bytes of a block, and of one of its columns."""
_REDUCING = 0x11B
"""x⁸ + x⁴ + x³ + x + 1, by which products are reduced."""
_FIRST = 0x63
KEY_SIZES = (16, 24, 32)
_NARROW = 6
"""Words of a key above which one more of each row is substituted."""
Plane = bytes


def times(one: int, other: int) -> int:
    """Return the product of two bytes in the field."""
    found = 0
    while other:
        found ^= one if other & 1 else 0
        one = one << 1 ^ (_REDUCING if one & 0x80 else 0)
        other >>= 1
    return found


@lru_cache(maxsize=1)
def substitution() -> bytes:
    """Return what each byte becomes on encrypting: its inverse, turned and added up."""
    powers, each = [], 1
    for _ in range(255):
        powers.append(each)
        each = times(each, 3)
    inverse = {power: powers[-place] for place, power in enumerate(powers)}
    return bytes(_turned(inverse.get(byte, 0)) for byte in range(256))


def _turned(byte: int) -> int:
    doubled = byte | byte << 8
    return reduce(xor, (doubled >> shift & 0xFF for shift in (0, 4, 5, 6, 7)), _FIRST)


@lru_cache(maxsize=1)
def _back() -> bytes:
    forth = substitution()
    return bytes(forth.index(byte) for byte in range(256))


@lru_cache(maxsize=8)
def products(factor: int) -> bytes:
    """Return each byte times a factor."""
    return bytes(times(byte, factor) for byte in range(256))


@lru_cache(maxsize=8)
def round_keys(key: bytes) -> Sequence[bytes]:
    """Return the sixteen bytes that are added in each round."""
    words = [key[at : at + WORD] for at in range(0, len(key), WORD)]
    wide, constant = len(words), 1
    for number in range(wide, 4 * (wide + 7)):
        word = words[-1]
        if number % wide == 0:
            word = (word[1:] + word[:1]).translate(substitution())
            word, constant = bytes([word[0] ^ constant]) + word[1:], times(constant, 2)
        elif wide > _NARROW and number % wide == WORD:
            word = word.translate(substitution())
        words.append(added(word, words[-wide]))
    return [b"".join(words[at : at + WORD]) for at in range(0, len(words), WORD)]


def added(one: bytes, other: bytes) -> bytes:
    """Return the sum in the field, byte by byte, of two texts of one length."""
    return (int.from_bytes(one) ^ int.from_bytes(other)).to_bytes(len(one))


def mixed(planes: Sequence[Plane], factors: Sequence[int]) -> list[Plane]:
    """Return the planes of four columns, each byte a sum of its column's times these factors, turned by one a row."""
    found = []
    for place in range(BLOCK):
        column, row = place // 4 * 4, place % 4
        parts = (planes[column + (row + step) % 4].translate(products(factor)) for step, factor in enumerate(factors))
        found.append(reduce(added, parts))
    return found


def decrypted(key: bytes, blocks: bytes) -> bytes:
    """Return what blocks were before they were encrypted, each by itself (ECB); their length is a multiple of 16."""
    keys = round_keys(key)
    planes = [plus(blocks[place::BLOCK], keys[-1][place]) for place in range(BLOCK)]
    for number in range(len(keys) - 2, -1, -1):
        moved = [planes[place % 4 + 4 * ((place // 4 - place % 4) % 4)] for place in range(BLOCK)]
        planes = [plus(plane.translate(_back()), keys[number][place]) for place, plane in enumerate(moved)]
        planes = mixed(planes, (14, 11, 13, 9)) if number else planes
    return woven(planes)


def plus(plane: Plane, byte: int) -> Plane:
    """Return a plane with one byte added to each of its own."""
    return added(plane, bytes([byte]) * len(plane))


def woven(planes: Sequence[Plane]) -> bytes:
    """Return the blocks whose planes these are."""
    blocks = bytearray(sum(map(len, planes)))
    for place, plane in enumerate(planes):
        blocks[place::BLOCK] = plane
    return bytes(blocks)
