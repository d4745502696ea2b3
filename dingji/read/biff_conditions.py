"""Conditional formats of an .xls by which nobody may see what a cell holds: for which cells they are.

As [MS-XLS] describes the records CONDFMT (2.4.56) and CF (2.4.42), and what a format changes (DXFN, 2.5.92). Those of
Excel 2007 that stand beside them, as bars in place of figures, are not looked at.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from struct import unpack_from
from typing import Final

from dingji.read.biff_looks import Change, Font, Looks
from dingji.read.conditional import MOST
from dingji.read.grid import Block

AREAS, CONDITION = 0x1B0, 0x1B1
_FORMAT, _FONT, _PLACE, _BORDER, _GROUND = (1 << bit for bit in range(25, 30))
"""The signs of what is changed, in the order in which it is told; sizes of what stands between follow."""
_CHANGES, _FONT_SIZE, _FONT_BYTES, _BETWEEN = 12, 64, 118, 8
_USUAL: Final = Font(struck=False, size=200, colour=0x7FFF)
_FILLED = (0, 1)
"""Patterns of a ground that cover all of a cell; in a change none told is the plain one."""


@dataclass
class Conditions:
    """The blocks of cells whose conditional formats may hide them, record by record."""

    _areas: Sequence[Block] = ()
    _found: dict[Block, None] = field(default_factory=dict)

    def take(self, kind: int, body: bytes, looks: Looks) -> None:
        """Take a record; a change that cannot be followed may hide anything."""
        if kind == AREAS:
            self._areas = _areas(body)
        elif kind == CONDITION:
            try:
                hides = looks.hides(_change(body))
            except (struct.error, IndexError):
                hides = True
            self._found |= dict.fromkeys(self._areas if hides else ())

    def veiled(self) -> Sequence[Block]:
        """Return the blocks."""
        return list(self._found)[:MOST]


def _areas(body: bytes) -> Sequence[Block]:
    (count,) = unpack_from("<H", body, 12)
    told = (unpack_from("<4H", body, 14 + 8 * number) for number in range(count))
    return [((top, left), (bottom, right)) for top, bottom, left, right in told]


def _change(body: bytes) -> Change:
    _, flags, more = unpack_from("<6sIH", body)
    at, number, code, font, ground = _CHANGES, 0, "", _USUAL, None
    if flags & _FORMAT and more & 1:
        length, signs, wide = unpack_from("<HHB", body, at)
        letters = body[at + 5 : at + 5 + (signs << (wide & 1))]
        code, at = letters.decode("utf-16-le" if wide & 1 else "latin-1", "replace"), at + length
    elif flags & _FORMAT:
        number, at = body[at + 1], at + 2
    if flags & _FONT:
        size, colour = unpack_from("<i12xi", body, at + _FONT_SIZE)
        font = Font(struck=False, size=size if size >= 0 else _USUAL.size, colour=colour if colour >= 0 else 0x7FFF)
        at += _FONT_BYTES
    at += _BETWEEN * (bool(flags & _PLACE) + bool(flags & _BORDER))
    if flags & _GROUND:
        pattern, colours = unpack_from("<HH", body, at)
        ground = colours >> 7 & 0x7F if pattern >> 10 in _FILLED else None
    return Change(font, number, code, ground)
