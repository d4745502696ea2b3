"""What a number format makes of a value: whether a person sees another figure than the one that is stored, or none.

After ECMA-376, part 1, 18.8.31. A format that this cannot follow shows what is stored, as far as we know.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from dingji.numbers import decimal_of_float, fixed

LONGEST: Final = 1_000
"""Signs of a number format that are looked at; a spreadsheet keeps 255."""
_PIECE: Final = re.compile(r'"([^"]*)"|\\(.)|[_*].|\[([^]]*)\]|([^"\\_*\[])')
_CONDITION: Final = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_FIGURES: Final = re.compile(r"[0#?][0#?.,]*|\.[0#?]+")
_HERE: Final = "\N{OBJECT REPLACEMENT CHARACTER}"
_SLOT: Final = re.compile(f"{_HERE}+")
_DIGIT: Final = re.compile(r"\d")
_WHOLE: Final = re.compile(r"general|通用格式|g/通用格式|@|[ymdhse%/]", re.IGNORECASE)
"""What shows a value as it is, or as a day, a share, a fraction or a power of ten, of which others know."""


class _Section(NamedTuple):
    """One part of a format: its condition, signs and words, and `whole`, with `_HERE` for each sign of a figure."""

    condition: tuple[str, Fraction] | None
    signs: str
    words: str
    whole: str

    def takes(self, value: Fraction) -> bool:
        if self.condition is None:
            return True
        sign, bound = self.condition
        below, same = value < bound, value == bound
        held = {"<": below, "<=": below or same, "=": same, "<>": not same, ">=": not below}
        return held.get(sign, not below and not same)


def may_mislead(code: str) -> bool:
    """Say whether a format may show something else than what is stored: figures cut short, words, or nothing."""
    sections = _sections(code[:LONGEST])
    return not all(_WHOLE.search(section.signs) for section in sections)


def shown_otherwise(value: object, code: str) -> str | None:
    """Return what a format shows of a value where that is not the value itself; "" where it shows nothing."""
    sections = _sections(code[:LONGEST])
    if isinstance(value, str):
        own = sections[3:4]
        return own[0].words if own and "@" not in own[0].signs else None
    decimal = decimal_of_float(float(value)) if isinstance(value, int | float) else 1  # a day is a figure above 0
    if decimal is None:
        return None
    number = Fraction(decimal)
    section, bare = _section_for(number, sections)
    if section is None or _WHOLE.search(section.signs):
        return None
    return _shown(section, number, bare=bare)


def _shown(section: _Section, number: Fraction, *, bare: bool) -> str | None:
    pattern = _FIGURES.search(section.signs)
    if pattern is None:
        return section.words.strip()
    whole, _, part = pattern.group().partition(".")
    places = sum(part.count(sign) for sign in "0#?")
    scaled = number / 1000 ** (len(pattern.group()) - len(pattern.group().rstrip(",")))
    digits = fixed(abs(scaled), places)
    minus = any(sign in section.signs + section.words for sign in "-(")
    negative = minus != (scaled < 0 and not bare)
    is_nothing = not Fraction(digits) and "0" not in whole + part
    shown = "" if is_nothing else _SLOT.sub(digits, section.whole, count=1).replace(_HERE, "").strip()
    shown = f"-{shown}" if scaled < 0 and not bare else shown
    same = Fraction(digits) * (-1 if negative else 1) == number and not _DIGIT.search(
        section.signs.replace("0", "") + section.words
    )
    return None if same and not is_nothing else shown


def _section_for(number: Fraction, sections: tuple[_Section, ...]) -> tuple[_Section | None, bool]:
    """Return the part of a format that shows a figure, and whether it shows it without a sign of its own.

    So does one for figures below nought alone.
    """
    if any(section.condition for section in sections):
        own, *others = (
            next((section for section in sections[:3] if section.takes(each)), None)
            for each in (number, -number, Fraction(0))
        )
        return own, number < 0 and not any(own is other for other in others)
    if number < 0 and len(sections) > 1:
        return sections[1], True
    of_nothing = sections[2:3] if not number else ()
    return next(iter(of_nothing), sections[0]), False


@lru_cache(maxsize=256)
def _sections(code: str) -> tuple[_Section, ...]:
    """Return the parts of a format."""
    found: list[list[re.Match[str]]] = [[]]
    for piece in _PIECE.finditer(code):
        if piece.group(4) == ";":
            found.append([])
        else:
            found[-1].append(piece)
    return tuple(map(_section, found))


def _section(pieces: list[re.Match[str]]) -> _Section:
    brackets = [bracket for piece in pieces if (bracket := piece.group(3))]
    told = next((match for bracket in brackets if (match := _CONDITION.fullmatch(bracket.strip()))), None)
    times = "h" if any(bracket.strip("hmsHMS") == "" for bracket in brackets) else ""
    signs = times + "".join(piece.group(4) or "" for piece in pieces)
    words = "".join((piece.group(1) or "") + (piece.group(2) or "") for piece in pieces)
    whole = "".join(
        _HERE if (piece[4] or " ") in "0#?.," else piece[1] or piece[2] or piece[4] or "" for piece in pieces
    )
    return _Section((told[1], Fraction(told[2])) if told else None, signs, words, whole)
