"""Rows of a rendered Word table that differ in their words alone: one of them is laid out, and the others like it.

A paper of a thousand branches has a hundred thousand elements, and a tree of them costs far more than their text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from itertools import count, groupby
from operator import itemgetter
from typing import Final

ROWS: Final = "rows"
"""The attribute of a row that stands for so many; it is gone again once they are put in."""

TABLE, TABLE_END, ROW_END = "<w:tbl>", "</w:tbl>", "</w:tr>"
ROW: Final = re.compile(r"<w:tr(?=[ >])")
STANDING_FOR: Final = re.compile(rf'<w:tr {ROWS}="\d+"(.*?){ROW_END}', re.DOTALL)
WORDS_END: Final = "</w:t>"
HERE: Final = f">\ue000{WORDS_END}"
"""In place of words, the end of the tag before them and the tag after them."""

MARK: Final = f">\ue001{WORDS_END}"
"""The same for a whole paper, whose rows are folded with the marks as their words."""

QUOTES: Final = {"&#34;": '"', "&#39;": "'"}
"""Signs as Jinja escapes them, and as a tree writes them."""

ESCAPED: Final = ("&amp;", "&lt;", "&gt;", *QUOTES)

Words = list[str]


def folded(xml: str, bounds: Collection[int]) -> tuple[str, list[list[Words]]]:
    """Return a document with one row for all like it that follow each other, and the words of each of these rows.

    No such row reaches over one of the `bounds`: row numbers (from 0) at which another layout begins, the first of
    them after the heading.
    """
    tables = xml.split(TABLE)
    if odd(xml) or not all(TABLE_END in table for table in tables[1:]):
        return xml, []
    words: list[list[Words]] = []
    for number, table in enumerate(tables[1:], start=1):
        inside, _, after = table.partition(TABLE_END)
        tables[number] = f"{''.join(_folded(inside, bounds, words))}{TABLE_END}{after}"
    return TABLE.join(tables), words


def parted(xml: str) -> tuple[str, Words]:
    """Return a document with a mark in place of every text, and the texts: papers of one make differ in these alone.

    No texts where a tree would change something of them.
    """
    if odd(xml):
        return xml, []
    *pieces, last = xml.split(WORDS_END)
    found = [piece.rpartition(">") for piece in pieces]
    return MARK.join([*(before for before, _, _ in found), last]), [said for _, _, said in found]


def filled(pieces: Sequence[str], words: Words) -> str:
    """Return a document from what stands between the marks once it is laid out, and its texts."""
    first, *others = pieces
    return first + "".join(f"{_said(said)}{other}" for said, other in zip(words, others, strict=True))


def odd(xml: str) -> bool:
    """Say whether there are words that a tree would change, or pictures, which are numbered there."""
    changed = "\r" in xml or ("&" in xml and xml.count("&") > sum(map(xml.count, ESCAPED)))
    return changed or "<wp:docPr" in xml


def _folded(table: str, bounds: Collection[int], words: list[list[Words]]) -> Iterator[str]:
    lead, *rows = ROW.split(table)
    yield lead
    for (_, shape), alike in groupby(map(partial(_shaped, bounds), count(), rows), key=itemgetter(0, 1)):
        same = [said for _, _, said in alike]
        words.append(same)
        yield f'<w:tr {ROWS}="{len(same)}"{shape}'


def _shaped(bounds: Collection[int], number: int, row: str) -> tuple[int, str, Words]:
    """Part a row into its XML and its words; the heading, by which a table is known, keeps them.

    So does a row with something between it and the next one. The number is that of its part of the table.
    """
    part = sum(number >= bound for bound in bounds)
    if not part or not row.endswith(ROW_END):
        return -number, row, []
    *pieces, last = row.split(WORDS_END)
    parted = [piece.rpartition(">") for piece in pieces]
    return part, HERE.join([*(before for before, _, _ in parted), last]), [said for _, _, said in parted]


def unfolded(xml: str, words: Sequence[Sequence[Words]]) -> str:
    """Return the document, after layout, with every row in its place again."""
    waiting = iter(words)
    return STANDING_FOR.sub(lambda found: "".join(_rows(found[1], next(waiting))), xml) if words else xml


def _rows(shape: str, words: Sequence[Words]) -> Iterator[str]:
    first, *others = shape.split(HERE)
    for row in words:
        cells = (f"{_said(said)}{other}" for said, other in zip(row, others, strict=True))
        yield f"<w:tr{first}{''.join(cells)}{ROW_END}"


def _said(words: str) -> str:
    if not words:
        return "/>"
    for escaped, sign in QUOTES.items() if "&#" in words else ():
        words = words.replace(escaped, sign)
    return f">{words}{WORDS_END}"
