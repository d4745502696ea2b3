"""数据校验码: eight characters by which a paper copy and an e-copy are known to hold the same figures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Protocol

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 8
PREFIX = "数据校验码："
BITS = 5

WORDS = frozenset(
    [
        *("序号", "党组织名称", "上级党组织", "类别", "书记", "排名", "直接定级或限档情形", "上期等次"),
        *("晋位情况", "主要问题", "联系领导", "备注", "单位"),
    ]
)
"""Headings that the code leaves out: names, words and what follows from the other figures."""

TAKEN_WORDS = ("直接定级或限档情形", "上期等次", "备注")
"""Of these the headings of what is read of a result that is handed up."""

COMPUTED, DECIDED, PROPOSED = "测算等次", "审定等次", "拟定等次"
GRADES = (PROPOSED, DECIDED, COMPUTED)
"""Headings of grades; the first of them that a row has filled is its grade."""


NO_FIGURE = ("", "—")


def check_code(rows: Iterable[Sequence[str]]) -> str:
    """Return the check code of rows of figures.

    A row is the printed texts of its figures from left to right (`figures` picks them), each without blanks
    around it. The texts of a row are joined by a tab, the rows from top to bottom by a line feed, and the
    whole is encoded as UTF-8. The first 40 bits of its SHA-256 are written as eight digits of five bits,
    highest first, with `ALPHABET` (digits and capitals without 0, O, 1 and I).
    """
    text = "\n".join("\t".join(cell.strip() for cell in row) for row in rows)
    digest = int.from_bytes(hashlib.sha256(text.encode()).digest()[: LENGTH * BITS // 8])
    return "".join(ALPHABET[digest >> shift & 31] for shift in range((LENGTH - 1) * BITS, -1, -BITS))


WRITTEN = "W-"
"""How what a stamp tells of words begins: a form that is handed out has the print of its layout there."""


def word_codes(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return what a result's stamp tells of its words: a code of its headings, then one a column of `TAKEN_WORDS`.

    Blanks count nothing: other programs break lines in their own way.
    """
    named = [*map(_closed, headings)]
    taken = [named.index(heading) for heading in TAKEN_WORDS if heading in named]
    return WRITTEN + headings_code(named) + "".join(column_code(named[at], [row[at] for row in rows]) for at in taken)


def told_codes(told: str) -> list[str]:
    """Return the codes that a stamp tells by `word_codes`, that of the headings first; none where it tells none."""
    codes = told.removeprefix(WRITTEN) if told.startswith(WRITTEN) else ""
    return [codes[at : at + LENGTH] for at in range(0, len(codes), LENGTH)]


def headings_code(headings: Iterable[str]) -> str:
    """Return the code of the headings of a table, in whatever order."""
    return check_code([sorted(map(_closed, headings))])


def column_code(heading: str, texts: Iterable[str]) -> str:
    """Return the code of a column of words, its heading with it."""
    return check_code([[heading], *([_closed(text)] for text in texts)])


def _closed(text: str) -> str:
    return "".join(text.split())


def digest_of(code: str) -> bytes:
    """Return the bytes with which a digest of this code begins; none where it is no code."""
    if len(code) != LENGTH or set(code) - set(ALPHABET):
        return b""
    number = 0
    for sign in code:
        number = number << BITS | ALPHABET.index(sign)
    return number.to_bytes(LENGTH * BITS // 8)


def columns_told(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the columns that the code covers, but for those of grades."""
    told = [index for index in range(len(headings)) if any(row[index].strip() not in NO_FIGURE for row in rows)]
    return [index for index in told if headings[index] not in WORDS and headings[index] not in GRADES]


def figures(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Pick what the code covers from printed rows, the program's own or read back from a copy.

    All columns but `WORDS` and those in which no row has a figure; the grade stands once, at the end: 拟定等次, else
    审定等次, else 测算等次. So the copy that leaves out what no branch has, the
    copy that prints both and the copy that prints one have the same code.
    """
    grades = [headings.index(heading) for heading in GRADES if heading in headings]
    kept = columns_told(headings, rows)
    return [(*(row[index] for index in kept), *_grade(row, grades)) for row in rows]


def _grade(row: Sequence[str], grades: Sequence[int]) -> tuple[str, ...]:
    return (next((row[index] for index in grades if row[index].strip()), ""),) if grades else ()


class Printed(Protocol):
    """A table as it stands on paper: headings, and rows of texts."""

    @property
    def headings(self) -> tuple[str, ...]:
        """Return the headings in order."""

    def texts(self) -> list[list[str]]:
        """Return the rows as printed."""


def code_of(tables: Iterable[Printed]) -> str:
    """Return the check code of one or more tables that stand on one sheet or paper."""
    return check_code(row for table in tables for row in figures(table.headings, table.texts()))
