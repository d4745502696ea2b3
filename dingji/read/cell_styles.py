"""The styles of an .xlsx: which show a number as a percentage, and which strike a text through."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from dingji.read.extent import TAG
from dingji.read.grid import PART, WHOLE
from dingji.read.relations import WITHIN, attributes

_FORMAT = re.compile(TAG + rb"numFmt\s" + WITHIN)
_CELL_FORMAT = re.compile(TAG + rb"xf\s" + WITHIN)
_FONT = re.compile(TAG + rb"font[\s/>]")
_STRIKE = re.compile(TAG + rb"""d?strike(?:\s+val\s*=\s*["'](?!0|false)[^"']*["'])?\s*/?>""")
LONGEST_FORMAT = 1_000
"""Signs of a number format that are looked at; a spreadsheet keeps 255."""
_BUILT_IN = re.compile(rb"""numFmtId\s*=\s*["'](?:9|10)["']""")
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\[[^]]*\]')
_TEXT = re.compile(TAG + rb"si(?:/?>|\s[^<>]*>)")
_RUN = re.compile(TAG + rb"r(?:>|\s[^<>]*>)")
_LETTERS = re.compile(TAG + rb"t(?:>|\s[^<>]*>)\s*[^<\s]")


class CellStyles(NamedTuple):
    """The numbers of the cell styles that show a percentage, and of those struck through."""

    percent: Sequence[bytes] = ()
    struck: Sequence[bytes] = ()


def is_percent(code: str) -> bool:
    """Say whether a number format shows a percentage; a quoted % is a mere sign."""
    return "%" in _LITERAL.sub("", code[:LONGEST_FORMAT])


@lru_cache(maxsize=32)
def cell_styles(styles: bytes) -> CellStyles:
    """Return what the cell styles show. Remembered: they are the same in all forms handed out."""
    table = _section(styles, b"cellXfs")
    if not (b"%" in styles or b"strike" in styles or _BUILT_IN.search(table)):
        return CellStyles()
    formats = [attributes(match.group(1)) for match in _FORMAT.finditer(styles)]
    percent = {"9", "10"} | {each["numFmtId"] for each in formats if is_percent(each.get("formatCode", ""))}
    struck = {str(number) for number, font in enumerate(_fonts(styles)) if _STRIKE.search(font)}
    cells = [attributes(match.group(1)) for match in _CELL_FORMAT.finditer(table)]
    return CellStyles(_numbers([each.get("numFmtId") in percent for each in cells]),
                      _numbers([each.get("fontId") in struck for each in cells]))  # fmt: skip


def _section(xml: bytes, name: bytes) -> bytes:
    """Return what stands between an element's tags."""
    start = xml.find(name)
    end = xml.find(name + b">", start + 1)
    return xml[start:end] if 0 <= start < end else b""


def _fonts(styles: bytes) -> list[bytes]:
    return _pieces(_section(styles, b"fonts"), _FONT)


def _pieces(xml: bytes, begins: re.Pattern[bytes]) -> list[bytes]:
    """Return the pieces of an XML text, each from where something begins to where the next one does."""
    starts = [match.start() for match in begins.finditer(xml)]
    return [xml[start:end] for start, end in pairwise([*starts, len(xml)])]


def _numbers(chosen: Sequence[bool]) -> Sequence[bytes]:
    return [str(number).encode() for number, each in enumerate(chosen) if each]


def struck_in(texts: bytes) -> dict[int, str]:
    """Return which of the shared texts are struck through, and how much of them."""
    told = ((number, how_struck(text)) for number, text in enumerate(_pieces(texts, _TEXT)))
    return {number: how for number, how in told if how}


def how_struck(text: bytes) -> str:
    """Return how much of a text made of runs is struck through: "" where nothing is."""
    if b"strike" not in text:
        return ""
    struck = [_STRIKE.search(run) is not None for run in _pieces(text, _RUN) if _LETTERS.search(run)]
    return WHOLE if struck and all(struck) else PART if any(struck) else ""
