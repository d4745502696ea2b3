"""Runs of tags of a Word template, each said by a number while a paper is rendered and its rows are compared.

They are nearly all of a paper, and the same in every row. What rows are known by (`word_rows`) stays as it is, and what
is no tag; a number stands between signs that no value prints and no template holds, for XML forbids them.
"""

from __future__ import annotations

import re
from typing import Final

from dingji.reports.word_rows import ROW, ROW_END, TABLE, TABLE_END, WORDS_END, odd

KNOWN_BY: Final = re.compile(f"({TABLE}|{TABLE_END}|{ROW.pattern}|{ROW_END}|{WORDS_END})")
BEGIN, END = "\x01", ">"
"""A number ends as a tag does: words after it are told from it as they are from a tag."""
NUMBER: Final = re.compile(rf"{BEGIN}(\d+){END}")
LEAST: Final = 16
"""Signs from which a run is said by its number."""
SEEN: Final = ("\n", "\t", "{_", "_}")
"""What a paper is searched for once it is rendered."""

_runs: Final[list[str]] = []
_numbers: Final[dict[str, int]] = {}


def short(xml: str) -> str:
    """Return a piece of a template with its runs of tags said by their numbers."""
    return "".join(piece if at % 2 else _short(piece) for at, piece in enumerate(KNOWN_BY.split(xml)))


def full(xml: str) -> str:
    """Return a paper with every run in its place."""
    return NUMBER.sub(lambda found: _runs[int(found[1])], xml)


def _short(piece: str) -> str:
    begin, end = piece.find("<"), piece.rfind(END) + 1
    run = piece[begin:end]
    if begin < 0 or len(run) < LEAST or odd(run) or any(sign in run for sign in SEEN):
        return piece
    if run not in _numbers:
        _numbers[run] = len(_runs)
        _runs.append(run)
    return f"{piece[:begin]}{BEGIN}{_numbers[run]}{END}{piece[end:]}"
