"""How the cell styles of an .xls look: colours of letters and grounds, and the number format where it may mislead.

As [MS-XLS] describes the records FONT, XF and PALETTE; what a cell of Excel 2007 tells beside them in colours of its
own is not looked at: the nearest of the palette stands there too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from struct import unpack_from
from typing import Final, NamedTuple

from dingji.read.cell_styles import (
    BLACK,
    FIGURES_BUILT_IN,
    INDEXED,
    SMALLEST,
    TINY,
    is_percent,
    misleading_code,
)

TWIPS: Final = 20
"""So many of a record's units of height are a point."""
_STRUCK, _NO_FONT = 0x08, 4
"""A font's sign of a strike; and fonts are counted without a fourth."""
_AUTOMATIC, _OWN_COLOURS, _SOLID = 0x7FFF, 8, 1
_NEW_LENGTH, _OLD_LENGTH = 20, 16
"""Bytes of a style in BIFF8 and in BIFF5."""


class Font(NamedTuple):
    """A font: whether it strikes through, its size in twentieths of a point, and the number of its colour."""

    struck: bool
    size: int
    colour: int


class Style(NamedTuple):
    """A cell style: the numbers of its font, of its format, and of the colour that fills the cell, if one does."""

    font: int
    format: int
    ground: int | None


def font_of(body: bytes) -> Font:
    """Return what a record tells of a font."""
    size, flags, colour = unpack_from("<HHH", body)
    return Font(bool(flags & _STRUCK), size, colour)


def style_of(body: bytes, *, new: bool) -> Style:
    """Return what a record tells of a cell style."""
    font, number = unpack_from("<HH", body)
    if len(body) < (_NEW_LENGTH if new else _OLD_LENGTH):
        return Style(font, number, None)
    pattern, colour = (body[17] >> 2, body[18] & 0x7F) if new else (body[10] & 0x3F, body[8] & 0x7F)
    return Style(font, number, colour if pattern == _SOLID else None)


def palette_of(body: bytes) -> Mapping[int, str]:
    """Return the colours that a workbook has in place of the usual ones, by their numbers."""
    (count,) = unpack_from("<H", body)
    return {_OWN_COLOURS + each: body[2 + 4 * each : 5 + 4 * each].hex().upper() for each in range(count)}


class Change(NamedTuple):
    """What a conditional format changes: the font, the number of a format or the format itself, and the ground."""

    font: Font
    format: int
    code: str
    ground: int | None


@dataclass
class Looks:
    """The fonts, formats and styles of a workbook, as they come."""

    fonts: list[Font] = field(default_factory=list)
    formats: dict[int, str] = field(default_factory=dict)
    styles: list[Style] = field(default_factory=list)
    palette: Mapping[int, str] = field(default_factory=dict)
    _codes: dict[int, str] = field(default_factory=dict)

    def percent(self, style: int) -> bool:
        """Say whether a cell style shows a number as a percentage."""
        number = self.styles[style].format if style < len(self.styles) else 0
        return number in (9, 10) or is_percent(self.formats.get(number, ""))

    def struck(self, font: int) -> bool:
        """Say whether a font strikes through."""
        own = self._font(font)
        return own is not None and own.struck

    def strikes(self, style: int) -> bool:
        """Say whether a cell style strikes its text through."""
        return style < len(self.styles) and self.struck(self.styles[style].font)

    def misleading(self, style: int) -> str:
        """Return the number format of a cell style that may show something else than is stored, "" of any other."""
        if style not in self._codes:
            self._codes[style] = self._misleading(self.styles[style]) if style < len(self.styles) else ""
        return self._codes[style]

    def _misleading(self, style: Style) -> str:
        font = self._font(style.font)
        letters = None if font is None else self._letters(font)
        return misleading_code(letters, self._ground(style.ground), self._code(style.format))

    def hides(self, change: Change) -> bool:
        """Say whether what a conditional format changes may show something else than is stored, as nothing at all."""
        letters, code = self._letters(change.font), change.code or self._code(change.format)
        return bool(misleading_code(letters, self._ground(change.ground), code))

    def _letters(self, font: Font) -> str:
        return TINY if font.size <= SMALLEST * TWIPS else self._colour(font.colour)

    def _ground(self, colour: int | None) -> str | None:
        return None if colour is None else self._colour(colour)

    def _code(self, number: int) -> str:
        return self.formats.get(number) or FIGURES_BUILT_IN.get(str(number), "")

    def _font(self, number: int) -> Font | None:
        place = number - (number > _NO_FONT)
        return self.fonts[place] if place < len(self.fonts) else None

    def _colour(self, number: int) -> str:
        if number == _AUTOMATIC:
            return BLACK
        own = number + _OWN_COLOURS if number < _OWN_COLOURS else number
        return self.palette.get(own) or INDEXED.get(str(own), str(own))
