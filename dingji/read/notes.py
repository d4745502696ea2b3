"""What is written beside the cells of an .xlsx: notes (批注) with their cells, and the words in text boxes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import Final

from dingji.read.extent import TAG
from dingji.read.parts import Parts
from dingji.read.relations import WITHIN, attributes, related, relations_of

MARK: Final = "【退回】"
"""How the program's own notes begin, in what it gives back."""
Note = tuple[str, str]
"""A cell, "" where there is none, and the words."""
HOLDERS: Final = ("comments", "threadedComment", "drawing")
"""The kinds of part in which they stand."""
LONGEST: Final = 2**20
"""Bytes of such a part that are looked at."""
MOST: Final = 50
"""So many notes of a sheet."""
_NOTE: Final = re.compile(TAG + rb"(?:comment|threadedComment)\s" + WITHIN)
_BOX: Final = re.compile(TAG + rb"txBody[\s>]")
_WORDS: Final = re.compile(TAG + rb"(?:t|text)(?:\s[^<>]*)?>([^<]*)(?=<)")


def notes_of(parts: Parts, sheet: str) -> Sequence[Note]:
    """Return what is written beside the cells of a sheet (its part); what stands twice is returned once."""
    told = parts.get(relations_of(sheet))
    if not told or not any(kind.encode() in told for kind in HOLDERS):
        return ()
    holders = [each.target for each in related(told, sheet.rpartition("/")[0]) if each.kind in HOLDERS]
    found = (note for name in holders for note in _notes(parts.get(name)[:LONGEST]))
    return list(dict.fromkeys(found))[:MOST]


def _notes(xml: bytes) -> Iterator[Note]:
    for begins in (_NOTE, _BOX):
        starts = list(begins.finditer(xml))
        ends = [*(start.start() for start in starts[1:]), len(xml)]
        for start, end in zip(starts, ends, strict=False):
            piece = xml[start.end() : end]
            text = html.unescape(b"".join(_WORDS.findall(piece)).decode(errors="replace"))
            cell = attributes(start.group(1)).get("ref", "") if begins is _NOTE else ""
            if words := " ".join(text.split()):
                yield cell, words
