"""What a reader cannot tell of the sheets of an .xls: errors, formulas, looks, merges, what is hidden, and notes.

The records of a workbook's stream as [MS-XLS] describes them (BIFF8, and BIFF5 as far as it has them).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from struct import unpack_from
from typing import Final

from dingji.read.biff_conditions import Conditions
from dingji.read.biff_looks import TWIPS, Looks, font_of, palette_of, style_of
from dingji.read.biff_notes import Notes
from dingji.read.grid import PART, WHOLE, Computed, Position, SheetMarks
from dingji.read.sheet_marks import FARTHEST, LOWEST, NARROWEST
from dingji.read.streams import stream

BEGIN, END, SHEET, FONT, FORMAT, STYLE, TEXTS, MORE = 0x809, 0x0A, 0x85, 0x31, 0x41E, 0xE0, 0xFC, 0x3C
PALETTE, USUAL_WIDTH, USUAL_HEIGHT = 0x92, 0x55, 0x225
ROW, COLUMNS, MERGES, FORMULA, BOOL_OR_ERROR, SHARED_TEXT, RICH_TEXT = 0x208, 0x7D, 0xE5, 0x06, 0x205, 0xFD, 0xD6
ONE_CELL: Final = frozenset({0x201, 0x203, 0x27E, 0x204, FORMULA, BOOL_OR_ERROR, SHARED_TEXT, RICH_TEXT})
SEVERAL: Final = {0xBE: 2, 0xBD: 6}
"""Records of several cells beside each other, and the bytes of each: blank ones, and numbers."""
ERRORS: Final = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_BIFF8 = 0x600
_WORKSHEET = 0x10
_ROW_HIDDEN, _ROWS_HIDDEN, _ON_LOAD = 0x20, 0x02, 0x02
_WIDTH, _MOST_COLUMNS = 256, 256
"""So many of a column's units of width are a sign; and so many columns a sheet has."""
_HEIGHT = 0x7FFF
_IS_ERROR = 2
"""What the outcome of a formula is."""
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
class _Book(Looks):
    """What stands before the sheets: how the cell styles look, and the list of the sheets."""

    sheets: list[tuple[str, int, bool]] = field(default_factory=list)

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
    return {
        name: _sheet(book, data, start, shared, new=new).marks(hidden=hidden) for name, start, hidden in book.sheets
    }


def _take(book: _Book, kind: int, body: bytes, *, new: bool) -> None:
    """Take what a record says of all sheets."""
    if kind == FONT:
        book.fonts.append(font_of(body))
    elif kind == FORMAT:
        number = unpack_from("<H", body)[0]
        book.formats[number] = _text(body, 2, 2) if new else body[3:].decode("latin-1")
    elif kind == STYLE:
        book.styles.append(style_of(body, new=new))
    elif kind == PALETTE:
        book.palette = palette_of(body)
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


def _sheet(book: _Book, data: bytes, start: int, shared: Sequence[tuple[int, Runs]], *, new: bool) -> _Sheet:
    """Return what is known of the sheet that begins here."""
    sheet = _Sheet(book, shared, new)
    for kind, body in _own_records(data, start):
        sheet.take_cells(kind, body)
        sheet.take_sizes(kind, body)
        if new:
            sheet.notes.take(kind, body)
            sheet.merges |= _merged(body) if kind == MERGES else {}
            sheet.conditions.take(kind, body, book)
    return sheet


def _own_records(data: bytes, start: int) -> Iterator[Record]:
    """Yield the records of the sheet that begins here, without those of the charts within."""
    depth = 0
    for kind, body in _records(data, start):
        depth += (kind == BEGIN) - (kind == END)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, body


@dataclass
class _Sheet:
    """What is known of a sheet's cells, rows and columns, as far as its records were read."""

    book: _Book
    shared: Sequence[tuple[int, Runs]]
    new: bool
    faults: dict[Position, str] = field(default_factory=dict)
    percent: set[Position] = field(default_factory=set)
    struck: dict[Position, str] = field(default_factory=dict)
    misleading: dict[Position, str] = field(default_factory=dict)
    merges: dict[Position, Position] = field(default_factory=dict)
    computed: set[Position] = field(default_factory=set)
    rows: dict[int, bool] = field(default_factory=dict)
    columns: dict[int, bool] = field(default_factory=dict)
    filled: set[int] = field(default_factory=set)
    rows_hidden: bool = False
    columns_hidden: bool = False
    notes: Notes = field(default_factory=Notes)
    conditions: Conditions = field(default_factory=Conditions)

    def take_cells(self, kind: int, body: bytes) -> None:
        """Take what a record says of cells."""
        for place, style in _styles(kind, body):
            self.filled.add(place[0])
            if self.book.percent(style):
                self.percent.add(place)
            if how := self.book.how(style, *_runs(kind, body, self.shared)):
                self.struck[place] = how
            if code := self.book.misleading(style):
                self.misleading[place] = code
        if kind == FORMULA:
            self.computed.add(unpack_from("<HH", body))
        if kind in (FORMULA, BOOL_OR_ERROR) and (fault := _fault(kind, body)) is not None:
            self.faults[unpack_from("<HH", body)] = fault

    def take_sizes(self, kind: int, body: bytes) -> None:
        """Take what a record says of the rows and columns that nobody sees: hidden, or without a size to speak of."""
        if kind == ROW:
            row, height = unpack_from("<H4xH", body)
            self.rows[row] = bool(body[12] & _ROW_HIDDEN) or height & _HEIGHT < LOWEST * TWIPS
        elif kind == COLUMNS:
            first, last, width = unpack_from("<HHH", body)
            hidden = bool(body[8] & 1) or width < NARROWEST * _WIDTH
            self.columns |= dict.fromkeys(range(first, min(last + 1, FARTHEST)), hidden)
        elif kind == USUAL_WIDTH:
            self.columns_hidden = not unpack_from("<H", body)[0]
        elif kind == USUAL_HEIGHT:
            self.rows_hidden = bool(body[0] & _ROWS_HIDDEN)

    def marks(self, *, hidden: bool) -> SheetMarks:
        """Return what is known of the sheet."""
        found = frozenset(self.computed)
        rows = dict.fromkeys(self.filled, self.rows_hidden) | self.rows
        columns = dict.fromkeys(range(_MOST_COLUMNS), self.columns_hidden) | self.columns
        return SheetMarks(
            faults=self.faults,
            percent=frozenset(self.percent),
            struck=self.struck,
            misleading=self.misleading,
            merges=self.merges,
            hidden_rows=frozenset(row for row, unseen in rows.items() if unseen),
            hidden_columns=frozenset(column for column, unseen in columns.items() if unseen),
            hidden=hidden,
            notes=self.notes.found(),
            veiled=self.conditions.veiled(),
            computed=Computed(lambda: found, any_at_all=bool(found)),
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
