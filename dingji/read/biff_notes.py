"""What is written beside the cells of an .xls: notes (批注) with their cells, and the words in text boxes (BIFF8).

As [MS-XLS] describes the records OBJ, TXO and NOTE: an object has a number, the text after it is its own, and a note
tells of which object it shows the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from struct import unpack_from
from typing import Final

from dingji.read.grid import address
from dingji.read.notes import MOST, Note

OBJECT, TEXT, NOTE, MORE = 0x5D, 0x1B6, 0x1C, 0x3C
_NUMBER_AT: Final = 6
_LENGTH_AT: Final = 10


class Notes:
    """Gathers them, record by record."""

    def __init__(self) -> None:
        """Begin with none."""
        self._texts: dict[int, str] = {}
        self._cells: dict[int, str] = {}
        self._object = self._left = 0

    def take(self, kind: int, body: bytes) -> None:
        """Take a record of the sheet, of whatever kind."""
        if kind == MORE and self._left:
            wide = body[0] & 1
            letters = body[1 : 1 + (self._left << wide)]
            self._left -= len(letters) >> wide
            self._texts[self._object] += letters.decode("utf-16-le" if wide else "latin-1", "replace")
            return
        self._left = 0
        if kind == OBJECT:
            (self._object,) = unpack_from("<H", body, _NUMBER_AT)
        elif kind == TEXT:
            (self._left,) = unpack_from("<H", body, _LENGTH_AT)
            self._texts[self._object] = ""
        elif kind == NOTE:
            row, column, _, number = unpack_from("<4H", body)
            self._cells[number] = address(row, column)

    def found(self) -> Sequence[Note]:
        """Return the words of each, with the cell that they belong to."""
        told = ((self._cells.get(number, ""), " ".join(text.split())) for number, text in self._texts.items())
        return [note for note in told if note[1]][:MOST]
