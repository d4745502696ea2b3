"""The styles of an .xlsx: which show a percentage, strike a text through, or show something else than is stored."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from dingji.read.extent import TAG
from dingji.read.grid import PART, WHOLE
from dingji.read.number_formats import may_mislead
from dingji.read.relations import WITHIN, attributes

_FORMAT = re.compile(TAG + rb"numFmt\s" + WITHIN)
_CELL_FORMAT = re.compile(TAG + rb"xf\s" + WITHIN)
_FONT = re.compile(TAG + rb"font[\s/>]")
_STRIKE = re.compile(TAG + rb"""d?strike(?:\s+val\s*=\s*["'](?!0|false)[^"']*["'])?\s*/?>""")
_FILL = re.compile(TAG + rb"fill[\s/>]")
_SOLID = re.compile(rb"""patternType\s*=\s*["']solid["']""")
_GROUND = re.compile(TAG + rb"fgColor\s" + WITHIN)
_CHANGED_GROUND = re.compile(TAG + rb"bgColor\s" + WITHIN)
_DIFFERENCE = re.compile(TAG + rb"dxf[\s/>]")
_COLOUR = re.compile(TAG + rb"color\s" + WITHIN)
_SIZE = re.compile(TAG + rb"""sz\s+val\s*=\s*["'](\d{1,3}(?:\.\d{1,9})?)["']""")
WHITE, BLACK, TINY = "FFFFFF", "000000", "tiny"
THEME = {"0": WHITE, "1": BLACK}
INDEXED = {"0": BLACK, "1": WHITE, "8": BLACK, "9": WHITE, "64": BLACK, "65": WHITE}
"""Colours of a workbook's usual theme, and of the old palette, that are black or white."""
_RGB = re.compile(r"[0-9A-F]{6}")
ALIKE = 32
"""So far apart of 255 red, green and blue may be in colours that nobody tells apart."""
SMALLEST = 2
"""Points of a letter that nobody reads."""
UNSEEN = ";;;"
"""The format of a cell that shows nothing."""
FIGURES_BUILT_IN = {
    "1": "0",
    "2": "0.00",
    "3": "#,##0",
    "4": "#,##0.00",
    "37": "#,##0_);(#,##0)",
    "39": "#,##0.00_);(#,##0.00)",
}
FIGURES_BUILT_IN |= {"38": FIGURES_BUILT_IN["37"], "40": FIGURES_BUILT_IN["39"]}
"""Number formats that every spreadsheet has, but for those of days, shares and powers."""
LONGEST_FORMAT = 1_000
"""Signs of a number format that are looked at; a spreadsheet keeps 255."""
_BUILT_IN = re.compile(rb"""numFmtId\s*=\s*["'](?:9|10)["']""")
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\[[^]]*\]')
_TEXT = re.compile(TAG + rb"si(?:/?>|\s[^<>]*>)")
_RUN = re.compile(TAG + rb"r(?:>|\s[^<>]*>)")
_LETTERS = re.compile(TAG + rb"t(?:>|\s[^<>]*>)\s*[^<\s]")


class CellStyles(NamedTuple):
    """The numbers of the cell styles that show a percentage, of those struck through, and of those that mislead.

    These by the format that misleads. A style whose letters nobody can see has the format that shows nothing. `hiding`:
    the numbers of the styles of conditional formats that may mislead.
    """

    percent: Sequence[bytes] = ()
    struck: Sequence[bytes] = ()
    misleading: Mapping[str, Sequence[bytes]] = {}
    hiding: Sequence[str] = ()


def is_percent(code: str) -> bool:
    """Say whether a number format shows a percentage; a quoted % is a mere sign."""
    return "%" in _LITERAL.sub("", code[:LONGEST_FORMAT])


@lru_cache(maxsize=32)
def cell_styles(styles: bytes) -> CellStyles:
    """Return what the cell styles show. Remembered: they are the same in all forms handed out."""
    table = _section(styles, b"cellXfs")
    cells = [attributes(match.group(1)) for match in _CELL_FORMAT.finditer(table)]
    misleading, hiding = _misleading(styles, cells), _hiding(styles)
    if not (b"%" in styles or b"strike" in styles or _BUILT_IN.search(table)):
        return CellStyles(misleading=misleading, hiding=hiding)
    formats = [attributes(match.group(1)) for match in _FORMAT.finditer(styles)]
    percent = {"9", "10"} | {each["numFmtId"] for each in formats if is_percent(each.get("formatCode", ""))}
    struck = {str(number) for number, font in enumerate(_fonts(styles)) if _STRIKE.search(font)}
    return CellStyles(_numbers([each.get("numFmtId") in percent for each in cells]),
                      _numbers([each.get("fontId") in struck for each in cells]), misleading, hiding)  # fmt: skip


def _hiding(styles: bytes) -> Sequence[str]:
    differences = pieces(_section(styles, b"dxfs"), _DIFFERENCE)
    return [str(number) for number, difference in enumerate(differences) if hides(difference)]


def hides(difference: bytes) -> bool:
    """Say whether what a conditional format changes may show something else than is stored, as nothing at all."""
    code, size = _FORMAT.search(difference), _SIZE.search(difference)
    colours = _colour(_COLOUR.search(difference)) or BLACK, _colour(_CHANGED_GROUND.search(difference))
    tiny = size is not None and float(size[1]) <= SMALLEST
    return bool(misleading_code(TINY if tiny else colours[0], colours[1], _code(code)))


def _code(tag: re.Match[bytes] | None) -> str:
    return attributes(tag[1]).get("formatCode", "") if tag else ""


def _misleading(styles: bytes, cells: Sequence[Mapping[str, str]]) -> Mapping[str, Sequence[bytes]]:
    """Return the styles by the format that may show something else than what is stored."""
    own = [attributes(match.group(1)) for match in _FORMAT.finditer(styles)]
    codes = {**FIGURES_BUILT_IN, **{each["numFmtId"]: each.get("formatCode", "") for each in own if "numFmtId" in each}}
    grounds = [_ground(fill) for fill in pieces(_section(styles, b"fills"), _FILL)]
    letters = [_letters(font) for font in _fonts(styles)]
    found: dict[str, list[bytes]] = {}
    for number, cell in enumerate(cells):
        font, fill = (_at(each, cell.get(name, "")) for each, name in ((letters, "fontId"), (grounds, "fillId")))
        if code := misleading_code(font, fill, codes.get(cell.get("numFmtId", ""), "")):
            found.setdefault(code, []).append(str(number).encode())
    return found


def misleading_code(letters: str | None, ground: str | None, code: str) -> str:
    """Return the number format by which a cell may show something else than is stored, "" where it shows just that.

    `letters`: their colour, `TINY` for hardly any size, None where nothing is told; `ground`: the cell's own colour.
    """
    if letters is not None and (letters == TINY or _alike(letters, ground or WHITE)):
        return UNSEEN
    return code if code and may_mislead(code) else ""


def _at(listed: Sequence[str | None], number: str) -> str | None:
    return listed[int(number)] if number.isdigit() and int(number) < len(listed) else None


def _alike(one: str, other: str) -> bool:
    """Say whether two colours are so alike that letters of one cannot be read on the other."""
    if one == other or not (_RGB.fullmatch(one) and _RGB.fullmatch(other)):
        return one == other
    return all(abs(a - b) <= ALIKE for a, b in zip(bytes.fromhex(one), bytes.fromhex(other), strict=True))


def _letters(font: bytes) -> str | None:
    """Return the colour of a font, `TINY` where its letters are too small to be seen."""
    size = _SIZE.search(font)
    return TINY if size and float(size[1]) <= SMALLEST else _colour(_COLOUR.search(font)) or BLACK


def _ground(fill: bytes) -> str | None:
    """Return the colour of a fill that covers all of a cell."""
    return _colour(_GROUND.search(fill)) if _SOLID.search(fill) else None


def _colour(tag: re.Match[bytes] | None) -> str | None:
    """Return a colour by what it is called, `WHITE` and black by whatever name; None where none is told."""
    told = attributes(tag[1]) if tag else {}
    if told.get("tint", "0").strip("0."):
        return "&".join(f"{name}={value}" for name, value in sorted(told.items()))
    rgb = told["rgb"][-6:].upper() if "rgb" in told else None
    return (
        rgb
        or THEME.get(told.get("theme", ""))
        or INDEXED.get(told.get("indexed", ""))
        or "".join(told.values())
        or None
    )


def _section(xml: bytes, name: bytes) -> bytes:
    """Return what stands between an element's tags."""
    start = xml.find(name)
    end = xml.find(name + b">", start + 1)
    return xml[start:end] if 0 <= start < end else b""


def _fonts(styles: bytes) -> list[bytes]:
    return pieces(_section(styles, b"fonts"), _FONT)


def pieces(xml: bytes, begins: re.Pattern[bytes]) -> list[bytes]:
    """Return the pieces of an XML text, each from where something begins to where the next one does."""
    starts = [match.start() for match in begins.finditer(xml)]
    return [xml[start:end] for start, end in pairwise([*starts, len(xml)])]


def _numbers(chosen: Sequence[bool]) -> Sequence[bytes]:
    return [str(number).encode() for number, each in enumerate(chosen) if each]


def struck_in(texts: bytes) -> dict[int, str]:
    """Return which of the shared texts are struck through, and how much of them."""
    told = ((number, how_struck(text)) for number, text in enumerate(pieces(texts, _TEXT)))
    return {number: how for number, how in told if how}


def how_struck(text: bytes) -> str:
    """Return how much of a text made of runs is struck through: "" where nothing is."""
    if b"strike" not in text:
        return ""
    struck = [_STRIKE.search(run) is not None for run in pieces(text, _RUN) if _LETTERS.search(run)]
    return WHOLE if struck and all(struck) else PART if any(struck) else ""
