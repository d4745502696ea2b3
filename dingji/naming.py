"""File names made from foreign text: legal on every system, short, and no two alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

LIMIT = 80
"""Bytes of UTF-8 that a name may have: well below every system's limit, so that deep folders still open."""

SUBSTITUTE = "＿"
_ILLEGAL = frozenset('\\/:*?"<>|')
_UNPRINTED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # Cf: signs that turn the direction of reading
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def safe_name(text: str, limit: int = LIMIT) -> str:
    """Return text as a name for a file or folder of at most `limit` bytes; never empty."""
    legal = "".join(SUBSTITUTE if _is_illegal(character) else character for character in text.strip())
    if _DEVICE.fullmatch(legal) or legal.startswith("."):  # many programs pass over what begins with a dot
        legal = SUBSTITUTE + legal
    return _cut(legal, limit).rstrip(". ") or SUBSTITUTE


def unique(names: Sequence[str], limit: int = LIMIT) -> list[str]:
    """Return the names in order, a repeated one (whatever its case) with a number: `三支部`, `三支部(2)`."""
    taken: set[str] = set()
    result = []
    for name in names:
        free = _free(name, taken, limit)
        taken.add(free.casefold())
        result.append(free)
    return result


def _free(name: str, taken: set[str], limit: int) -> str:
    candidate, number = name, 1
    while candidate.casefold() in taken:
        number += 1
        mark = f"({number})"
        candidate = _cut(name, limit - len(mark)) + mark
    return candidate


def _is_illegal(character: str) -> bool:
    return character in _ILLEGAL or unicodedata.category(character) in _UNPRINTED


def _cut(text: str, limit: int) -> str:
    """Cut text to so many bytes of UTF-8, never through a character."""
    return text.encode()[:limit].decode(errors="ignore")
