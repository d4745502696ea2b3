"""The number styles of an .ods, written as a spreadsheet's own formats: `0.0"分";-0.0"分"`.

As OpenDocument 1.3 part 3, 16.29 describes them. Days, shares, fractions and powers of ten, of which others know, are
`General`; a text within the figures is put behind them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_READ = ("number-style", "currency-style", "text-style")
_OF_OTHERS = ("percentage-style", "date-style", "time-style", "boolean-style")
_WORDS = ("text", "currency-symbol", "embedded-text")
_GENERAL = "General"
_MOST_DIGITS = 30
_SIGNS = ((">=",), (">", "<"), (">", "<", "="))
"""What asks for no more than a spreadsheet's usual parts: figures above nought, below it, and nought."""


@dataclass
class _Number:
    """A number style: what it shows, and by which others it shows what meets a condition."""

    shows: str = ""
    instead: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class NumberStyles:
    """The number styles of a document, element by element."""

    _known: dict[str, _Number] = field(default_factory=dict)
    _open: _Number | None = None
    _words: bool = False

    def begin(self, name: str, told: Mapping[str, str]) -> bool:
        """Take an element; say whether it is a number style, or within one."""
        if name in (*_READ, *_OF_OTHERS):
            self._open = self._known.setdefault(told.get("name", ""), _Number())
            self._open.shows = _GENERAL if name in _OF_OTHERS else ""
        elif self._open is None:
            return False
        elif name == "number":
            self._open.shows += _figures(told)
        elif name in ("fraction", "scientific-number"):
            self._open.shows += _GENERAL
        elif name == "text-content":
            self._open.shows += "@"
        elif name == "map":
            condition = told.get("condition", "").replace("value()", "").replace("!=", "<>")
            self._open.instead.append((condition, told.get("apply-style-name", "")))
        self._words = name in _WORDS
        return True

    def letters(self, text: str) -> None:
        """Take letters."""
        if self._open is not None and self._words:
            self._open.shows += '"{}"'.format(text.replace('"', ""))

    def end(self, name: str) -> None:
        """Take the end of an element."""
        self._words = False
        if name in (*_READ, *_OF_OTHERS):
            self._open = None

    def code(self, name: str) -> str:
        """Return a style as a number format, "" where there is none of this name."""
        style = self._known.get(name, _Number())
        own = [(condition, self._known.get(other, _Number()).shows) for condition, other in style.instead]
        usual = tuple(condition.removesuffix("0") for condition, _ in own) in _SIGNS
        return ";".join([*(shows if usual else f"[{condition}]{shows}" for condition, shows in own), style.shows])


def _figures(told: Mapping[str, str]) -> str:
    """Return how figures are shown: as they are, where no places are told."""
    if "decimal-places" not in told:
        return _GENERAL
    places, whole = _count(told["decimal-places"]), _count(told.get("min-integer-digits", "1"))
    least = min(_count(told.get("min-decimal-places", told["decimal-places"])), places)
    thousands = (len(told.get("display-factor", "1")) - 1) // 3
    part = "." + "0" * least + "#" * (places - least) if places else ""
    return ("0" * whole or "#") + part + "," * min(thousands, _MOST_DIGITS)


def _count(text: str) -> int:
    return min(int(text), _MOST_DIGITS) if text.isascii() and text.isdigit() and len(text) < _MOST_DIGITS else 0
