"""The styles of an .ods: what strikes through, hides, has no size to speak of, or may show another value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from dingji.read.cell_styles import SMALLEST, TINY, misleading_code
from dingji.read.odf_formats import NumberStyles
from dingji.read.sheet_marks import LOWEST

Key = tuple[str, str]
"""A family of styles, and a name within it."""
CELL, ROW, COLUMN, TABLE, LETTERS = "table-cell", "table-row", "table-column", "table", "text"
_LENGTH = re.compile(r"(\d{1,6}(?:\.\d{1,9})?)(pt|in|cm|mm)")
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 72 / 2.54, "mm": 7.2 / 2.54}
_SIZES = {"table-row-properties": "row-height", "table-column-properties": "column-width"}


@dataclass
class _Style:
    """A style: whose it takes after, and what it says; None where it says nothing of something, "" for the usual."""

    parent: str = ""
    struck: bool | None = None
    hidden: bool | None = None
    flat: bool | None = None
    format: str | None = None
    letters: str | None = None
    ground: str | None = None
    instead: list[str] = field(default_factory=list)
    """The styles that it shows where a condition is met."""


@dataclass
class Styles:
    """The styles of a document, element by element."""

    _known: dict[Key, _Style] = field(default_factory=dict)
    _open: _Style = field(default_factory=_Style)
    _numbers: NumberStyles = field(default_factory=NumberStyles)
    _codes: dict[str, str] = field(default_factory=dict)

    def begin(self, name: str, told: Mapping[str, str]) -> None:
        """Take the beginning of an element."""
        if self._numbers.begin(name, told):
            return
        if name == "style":
            key = told.get("family", ""), told.get("name", "")
            self._open = self._known.setdefault(key, _Style(told.get("parent-style-name", "")))
            self._open.format = told.get("data-style-name")
        elif name == "default-style":
            self._open = _Style()
        elif name == "map":
            self._open.instead.append(told.get("apply-style-name", ""))
        elif name.endswith("-properties"):
            _take_properties(self._open, name, told)

    def letters(self, text: str) -> None:
        """Take letters."""
        self._numbers.letters(text)

    def end(self, name: str) -> None:
        """Take the end of an element."""
        self._numbers.end(name)

    def said(self, family: str, style: str, what: str) -> bool | str | None:
        """Return what a style says, or the one that it takes after."""
        seen: set[str] = set()
        while style and style not in seen and (family, style) in self._known:
            seen.add(style)
            own = self._known[family, style]
            said: bool | str | None = getattr(own, what)
            if said is not None:
                return said
            style = own.parent
        return None

    def misleading(self, style: str) -> str:
        """Return the number format of a cell style that may show something else than is stored, "" of any other."""
        if style not in self._codes:
            letters, ground, number = (self.said(CELL, style, what) for what in ("letters", "ground", "format"))
            code = self._numbers.code(str(number)) if number else ""
            self._codes[style] = misleading_code(str(letters) if letters else None, str(ground or "") or None, code)
        return self._codes[style]

    def veils(self, style: str) -> bool:
        """Say whether where a condition is met a cell style may show something else than is stored."""
        own = self._known.get((CELL, style))
        return own is not None and any(map(self.misleading, own.instead))


def _take_properties(style: _Style, name: str, told: Mapping[str, str]) -> None:
    if name == "text-properties":
        line = told.get("text-line-through-style", told.get("text-line-through-type"))
        style.struck = line != "none" if line else style.struck
        style.letters = _letters(told, style.letters)
    elif name == "table-properties":
        style.hidden = told.get("display") == "false"
    elif name == "table-cell-properties":
        style.ground = _colour(told["background-color"]) if "background-color" in told else style.ground
    elif name in _SIZES:
        points = _points(told.get(_SIZES[name], ""))
        style.flat = None if points is None else points < LOWEST


def _letters(told: Mapping[str, str], before: str | None) -> str | None:
    """Return the colour of letters, `TINY` of those too small to be seen, "" where the program chooses one."""
    size = _points(told.get("font-size", ""))
    if size is not None and size <= SMALLEST:
        return TINY
    if told.get("use-window-font-color") == "true":
        return ""
    return _colour(told["color"]) if "color" in told else before


def _colour(text: str) -> str:
    return text[1:].upper() if text.startswith("#") else ""


def _points(text: str) -> float | None:
    length = _LENGTH.fullmatch(text)
    return float(length[1]) * _POINTS[length[2]] if length else None
