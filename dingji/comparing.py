"""Texts held against each other: as people read them, whatever their width, spaces and case."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache

_INVISIBLE = re.compile("[\u00ad\u200b-\u200e\u202a\u202c\u202d\u2060\u2066\u2069\ufeff]+")
"""Those that turn text round stay: with them 45 is shown as 54."""


def visible(text: str) -> str:
    """Return a text without the signs that nobody sees, as a chat or a web page leaves them in what is pasted."""
    return _INVISIBLE.sub("", text)


@lru_cache(maxsize=1 << 12)
def tidy(text: str) -> str:
    """Return a text as it was meant: without what nobody sees, and no space around it."""
    return visible(text).strip()


_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x2212: 0x2D}


def folded(text: str) -> str:
    """Return typed text in half width. Only width is changed: NFKC would make 42 of 4² and 41/2 of 4½."""
    return visible(text).strip().translate(_HALF_WIDTH).strip().removeprefix("'").strip()


@lru_cache(maxsize=1 << 12)
def normal(text: str) -> str:
    """Return a text for comparing: NFKC, nothing invisible, no case. Remembered: forms repeat the same texts."""
    return "".join(visible(unicodedata.normalize("NFKC", text)).split()).casefold()


_STOPS = re.compile(r"""[,.;:!?，。、；：！？…·"'“”‘’()《》〈〉【】〔〕「」『』\[\]](?!\d)""")
"""Signs that stop or enclose words; before a figure they may be part of it: 1.5 is no 15, and 1、2 no 12."""


@lru_cache(maxsize=1 << 12)
def wording(text: str) -> str:
    """Return a sentence for comparing: as `normal` does, however it is punctuated; signs alone as they stand."""
    return _STOPS.sub("", normal(text)) or normal(text)


def most_like(text: str, names: Iterable[str]) -> str:
    """Return the name most like a text, for a suggestion that is never a guess; "" where none is near."""
    by_text = {normal(name): name for name in names if name}
    near = get_close_matches(normal(text)[:100], by_text, n=1)
    return by_text[near[0]] if near else ""


def suggestion(text: str, names: Iterable[str]) -> str:
    """Return `；是不是“…”` with the name most like a text, to stand behind what is wrong with it; "" where none is."""
    return asked(most_like(text, names))


def asked(near: str) -> str:
    """Return `；是不是“…”` with a name that was likely meant; "" for none."""
    return f"；是不是“{near}”" if near else ""


SUGGESTED = 2
"""So many names are suggested together; of more that are equally like, none is the likely one."""


def most_alike(text: str, names: Iterable[str]) -> list[str]:
    """Return the names most like a text, by what both are as compared; none where more than SUGGESTED are as near."""
    wanted = normal(text)
    near = get_close_matches(wanted, names, n=SUGGESTED + 1)
    likeness = [SequenceMatcher(None, name, wanted).ratio() for name in near]
    alike = [name for name, like in zip(near, likeness, strict=True) if like == max(likeness)]
    return alike if len(alike) <= SUGGESTED else []
