"""What a reader cannot tell of the sheets of an .xls: errors, formulas, percentages, strikes, merges, what is hidden.

The records of a workbook's stream as [MS-XLS] describes them (BIFF8, and BIFF5 as far as it has them).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from struct import unpack_from
from typing import Final

from dingji.read.cell_styles import is_percent
from dingji.read.grid import PART, WHOLE, Computed, Position, SheetMarks
from dingji.read.sheet_marks import FARTHEST
from dingji.read.streams import stream

BEGIN, END, SHEET, FONT, FORMAT, STYLE, TEXTS, MORE = 0x809, 0x0A, 0x85, 0x31, 0x41E, 0xE0, 0xFC, 0x3C
ROW, COLUMNS, MERGES, FORMULA, BOOL_OR_ERROR, SHARED_TEXT, RICH_TEXT = 0x208, 0x7D, 0xE5, 0x06, 0x205, 0xFD, 0xD6
ONE_CELL: Final = frozenset({0x201, 0x203, 0x27E, 0x204, FORMULA, BOOL_OR_ERROR, SHARED_TEXT, RICH_TEXT})
SEVERAL: Final = {0xBE: 2, 0xBD: 6}
"""Records of several cells beside each other, and the bytes of each: blank ones, and numbers."""
ERRORS: Final = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_BIFF8 = 0x600
_WORKSHEET = 0x10
_UNSIGNED, _STRUCK, _ROW_HIDDEN, _ON_LOAD = 0xFFFF, 0x08, 0x20, 0x02
_IS_ERROR, _NO_FONT = 2, 4
"""What the outcome of a formula is; and fonts are counted without a fourth."""
Record = tuple[int, bytes]


def xls_marks(raw: bytes) -> dict[str, SheetMarks]:
    """Return the marks of every sheet of an .xls by its name; of none where its records cannot be followed."""
    try:
        return _marks(stream(raw, "Workbook", "Book"))
    except (struct.error, IndexError):
        return {}


def _records(data: bytes, at: int = 0) -> Iterator[Record]:
    while at + 4 <= len(data):
        kind, length = unpack_from("<HH", data, at)
        yield kind, data[at + 4 : at + 4 + length]
        at += 4 + length


@dataclass
class _Book:
    """What stands before the sheets: the cell styles that show a percentage or a strike, the texts struck through."""

    fonts: list[bool] = field(default_factory=list)
    formats: dict[int, str] = field(default_factory=dict)
    styles: list[tuple[int, int]] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)
    sheets: list[tuple[str, int, bool]] = field(default_factory=list)

    def percent(self, style: int) -> bool:
        """Say whether a cell style shows a number as a percentage."""
        number = self.styles[style][1] if style < len(self.styles) else 0
        return number in (9, 10) or is_percent(self.formats.get(number, ""))

    def struck(self, font: int) -> bool:
        """Say whether a font strikes through."""
        place = font - (font > _NO_FONT)
        return place < len(self.fonts) and self.fonts[place]

    def strikes(self, style: int) -> bool:
        """Say whether a cell style strikes its text through."""
        return style < len(self.styles) and self.struck(self.styles[style][0])

    def how(self, style: int, runs: Sequence[tuple[int, int]], length: int) -> str:
        """Return how much of a text is struck through, by its style and the fonts that begin within it."""
        parts = [self.strikes(style)] if not runs or runs[0][0] > 0 else []
        parts += [self.struck(font) for start, font in runs if start < length]
        return WHOLE if parts and all(parts) else PART if any(parts) else ""


def _marks(data: bytes) -> dict[str, SheetMarks]:
    book, new = _Book(), True
    texts: list[bytes] = []
    in_texts = False
    for kind, body in _records(data):
        if kind == BEGIN:
            new = unpack_from("<H", body)[0] >= _BIFF8
        elif kind == END:
            break
        in_texts = kind == TEXTS or (kind == MORE and in_texts)
        if in_texts:
            texts.append(body)
        else:
            _take(book, kind, body, new=new)
    shared = list(_texts(texts)) if texts else []
    return {name: _sheet(book, data, start, shared, hidden=hidden, new=new) for name, start, hidden in book.sheets}


def _take(book: _Book, kind: int, body: bytes, *, new: bool) -> None:
    """Take what a record says of all sheets."""
    if kind == FONT:
        book.fonts.append(bool(unpack_from("<H", body, 2)[0] & _STRUCK))
    elif kind == FORMAT:
        number = unpack_from("<H", body)[0]
        book.formats[number] = _text(body, 2, 2) if new else body[3:].decode("latin-1")
    elif kind == STYLE:
        book.styles.append(unpack_from("<HH", body))
    elif kind == SHEET:
        start, state, what = unpack_from("<IBB", body)
        name = _text(body, 6, 1) if new else body[7:].decode("gb18030", "replace")
        book.sheets += [(name, start, bool(state & 3))] if what == 0 else []


def _text(body: bytes, at: int, size: int) -> str:
    """Return a text with its length before it, in one or two bytes."""
    length = int.from_bytes(body[at : at + size], "little")
    wide, start = body[at + size] & 1, at + size + 1
    return body[start : start + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")


Runs = list[tuple[int, int]]


def _texts(parts: Sequence[bytes]) -> Iterator[tuple[int, Runs]]:
    """Yield of each shared text how long it is and the fonts that begin within it; a text may be cut by its record."""
    whole = _Joined(parts)
    count = int.from_bytes(whole.take(8)[4:], "little")
    for _ in range(count):
        length, flags = unpack_from("<HB", whole.take(3))  # struct.error where the texts end too early
        runs = int.from_bytes(whole.take(2), "little") if flags & 8 else 0
        beside = int.from_bytes(whole.take(4), "little") if flags & 4 else 0
        whole.letters(length, wide=flags & 1)
        fonts = whole.take(4 * runs)
        whole.take(beside)
        yield length, [unpack_from("<HH", fonts, 4 * at) for at in range(len(fonts) // 4)]


class _Joined:
    """Records that continue each other, as one; letters that go on in the next one begin with their width again."""

    def __init__(self, parts: Sequence[bytes]) -> None:
        self._parts, self._part, self._at = parts, 0, 0

    def take(self, size: int) -> bytes:
        """Return the next bytes, fewer at the end."""
        found = b""
        while len(found) < size and self._part < len(self._parts):
            own = self._parts[self._part][self._at : self._at + size - len(found)]
            found, self._at = found + own, self._at + len(own)
            if len(found) < size:
                self._part, self._at = self._part + 1, 0
        return found

    def letters(self, length: int, *, wide: int) -> None:
        """Pass over so many letters."""
        while length and self._part < len(self._parts):
            here = min(length, (len(self._parts[self._part]) - self._at) >> wide)
            length, self._at = length - here, self._at + (here << wide)
            if length:
                self._part, self._at = self._part + 1, 0
                wide = self.take(1)[:1] == b"\x01"


def _sheet(
    book: _Book,
    data: bytes,
    start: int,
    shared: Sequence[tuple[int, Runs]],
    *,
    hidden: bool,
    new: bool,
) -> SheetMarks:
    """Return the marks of the sheet that begins here."""
    faults: dict[Position, str] = {}
    percent: set[Position] = set()
    struck: dict[Position, str] = {}
    merges: dict[Position, Position] = {}
    rows: set[int] = set()
    columns: set[int] = set()
    computed: set[Position] = set()
    for kind, body in _records(data, start):
        if kind == END:
            break
        for place, style in _styles(kind, body):
            percent |= {place} if book.percent(style) else set()
            if how := book.how(style, *_runs(kind, body, shared)):
                struck[place] = how
        if kind == FORMULA:
            computed.add(unpack_from("<HH", body))
        if kind in (FORMULA, BOOL_OR_ERROR) and (fault := _fault(kind, body)) is not None:
            faults[unpack_from("<HH", body)] = fault
        elif kind == ROW and body[12] & _ROW_HIDDEN:
            rows.add(unpack_from("<H", body)[0])
        elif kind == COLUMNS and body[8] & 1:
            first, last = unpack_from("<HH", body)
            columns |= set(range(first, min(last + 1, FARTHEST)))
        elif kind == MERGES and new:
            merges |= _merged(body)
    found = frozenset(computed)
    formulas = Computed(lambda: found, any_at_all=bool(found))
    return SheetMarks(
        faults=faults,
        percent=frozenset(percent),
        struck=struck,
        merges=merges,
        hidden_rows=frozenset(rows),
        hidden_columns=frozenset(columns),
        hidden=hidden,
        computed=formulas,
    )


def _styles(kind: int, body: bytes) -> Iterator[tuple[Position, int]]:
    """Yield the cells of a record with the number of their style."""
    if kind in ONE_CELL:
        row, column, style = unpack_from("<HHH", body)
        yield (row, column), style
    elif kind in SEVERAL:
        row, column = unpack_from("<HH", body)
        size = SEVERAL[kind]
        for number in range((len(body) - 6) // size):
            yield (row, column + number), unpack_from("<H", body, 4 + number * size)[0]


def _runs(kind: int, body: bytes, shared: Sequence[tuple[int, Runs]]) -> tuple[Runs, int]:
    """Return the fonts that begin within a cell's text, and how long it is."""
    if kind == SHARED_TEXT:
        number = unpack_from("<I", body, 6)[0]
        length, runs = shared[number] if number < len(shared) else (1, [])
        return runs, length
    if kind == RICH_TEXT:
        length = unpack_from("<H", body, 6)[0]
        tail = body[8 + length + 1 :]  # one byte a letter, then how many fonts
        return [(tail[at], tail[at + 1]) for at in range(0, len(tail) - 1, 2)], length
    return [], 1


def _fault(kind: int, body: bytes) -> str | None:
    """Return the error that a cell shows, "" for a formula that waits for its first calculation; None for neither."""
    if kind == BOOL_OR_ERROR:
        return ERRORS.get(body[6], "#N/A") if body[7] else None
    result, (flags,) = body[6:14], unpack_from("<H", body, 14)
    if result[6:] == b"\xff\xff":
        return ERRORS.get(result[2], "#N/A") if result[0] == _IS_ERROR else None
    return "" if flags & _ON_LOAD and not any(result) else None


def _merged(body: bytes) -> dict[Position, Position]:
    found = {}
    for number in range(unpack_from("<H", body)[0]):
        top, bottom, left, right = unpack_from("<4H", body, 2 + 8 * number)
        found[top, left] = (bottom, right)
    return found
