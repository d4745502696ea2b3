"""What a reader cannot tell of the sheets of an .ods: errors, formulas, looks, merges, what is hidden, and notes.

As OpenDocument 1.3 part 3 describes it. What is repeated is told as often as it is, up to where readers stop.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from dingji.read.conditional import MOST as MOST_VEILED
from dingji.read.grid import ERRORS, PART, WHOLE, Block, Computed, Position, SheetMarks, address
from dingji.read.notes import MOST, Note
from dingji.read.odf_styles import CELL, COLUMN, LETTERS, ROW, TABLE, Styles
from dingji.read.sheet_marks import FARTHEST

_FARTHEST_ROW = 200_000
_NO_VALUE = ("value", "date-value", "time-value", "boolean-value", "string-value")
_COVERED = "covered-table-cell"
_NOTE, _DRAWN = "annotation", ":drawing:"
"""A note of a cell, and what stands in the names of all that is drawn, as text boxes are."""
Attributes = Mapping[str, str]


def odf_marks(content: bytes, styles: bytes = b"") -> dict[str, SheetMarks] | None:
    """Return the marks of every sheet by its name; None where the XML is not whole, or declares entities."""
    reader = _Reader()
    try:
        for part in filter(None, (styles, content)):
            reader.read(part)
    except (expat.ExpatError, _NotWholeError, ValueError):
        return None
    return reader.sheets


class _NotWholeError(Exception):
    """The XML declares entities of its own, or repeats without end, which no office program writes."""


_DIGITS = 9
_MOST_TOLD = 1_000_000
"""Cells of which something is told."""


@dataclass
class _Sheet:
    """A sheet as far as it was read: what is known of its cells, and where the reader stands."""

    hidden: bool
    faults: dict[Position, str] = field(default_factory=dict)
    percent: set[Position] = field(default_factory=set)
    struck: dict[Position, str] = field(default_factory=dict)
    misleading: dict[Position, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    veiled: list[Block] = field(default_factory=list)
    merges: dict[Position, Position] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    computed: set[Position] = field(default_factory=set)
    column_styles: list[tuple[int, str]] = field(default_factory=list)
    row: int = 0
    column: int = 0
    row_style: str = ""
    row_repeats: int = 1
    wide: int = 0

    def marks(self) -> SheetMarks:
        """Return what is known of the sheet."""
        found = frozenset(self.computed)
        formulas = Computed(lambda: found, any_at_all=bool(found))
        return SheetMarks(
            faults=self.faults,
            percent=frozenset(self.percent),
            struck=self.struck,
            misleading=self.misleading,
            notes=self.notes[:MOST],
            veiled=self.veiled[:MOST_VEILED],
            merges=self.merges,
            hidden_rows=frozenset(self.rows),
            hidden_columns=frozenset(self.columns),
            hidden=self.hidden,
            computed=formulas,
        )


class _Reader:
    """Reads the two parts of a document one after the other: the common styles, then the sheets."""

    def __init__(self) -> None:
        self.sheets: dict[str, SheetMarks] = {}
        self._styles = Styles()
        self._sheet: _Sheet | None = None
        self._name = ""
        self._cell: Attributes | None = None
        self._spans: list[str] = []
        self._text: list[tuple[str, bool]] = []
        self._aside: list[str] = []
        self._words = ""
        self._paragraphs = 0
        self._told = 0

    def read(self, part: bytes) -> None:
        """Read one part."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._letters
        parser.EntityDeclHandler = self._entity
        parser.buffer_text = True
        parser.Parse(part, True)

    def _entity(self, *_: object) -> None:
        raise _NotWholeError

    def _start(self, tag: str, given: dict[str, str]) -> None:
        space, _, name = tag.rpartition(" ")
        told = {key.rpartition(" ")[2]: value for key, value in given.items()}
        if self._sheet is None:
            self._before(name, told)
        elif self._aside or name == _NOTE or _DRAWN in space:
            self._paragraphs += name == "p"
            if name == _NOTE or _DRAWN in space:
                self._aside.append(tag)
        else:
            self._within(self._sheet, name, told)

    def _before(self, name: str, told: Attributes) -> None:
        """Take an element outside the sheets: a style, or where a sheet begins."""
        if name == TABLE and "name" in told:
            self._name, self._sheet = told["name"], _Sheet(bool(self._says(TABLE, told, "hidden")))
        else:
            self._styles.begin(name, told)

    def _says(self, family: str, told: Attributes, what: str) -> bool | str | None:
        return self._styles.said(family, told.get("style-name", ""), what)

    def _within(self, sheet: _Sheet, name: str, told: Attributes) -> None:
        if name == COLUMN:
            _take_columns(sheet, told, flat=bool(self._says(COLUMN, told, "flat")))
        elif name == ROW:
            sheet.column, sheet.row_style = 0, told.get("default-cell-style-name", "")
            sheet.row_repeats = _times(told, "number-rows-repeated", _FARTHEST_ROW - sheet.row)
            if told.get("visibility", "visible") != "visible" or self._says(ROW, told, "flat"):
                sheet.rows |= set(range(sheet.row, sheet.row + sheet.row_repeats))
        elif name in (CELL, _COVERED):
            self._cell, self._text = told, []
        elif name == "span":
            self._spans.append(told.get("style-name", ""))

    def _letters(self, text: str) -> None:
        if self._sheet is None:
            self._styles.letters(text)
        elif self._aside:
            self._words += text if self._paragraphs else ""
        elif self._cell is not None and text.strip():
            of_cell = self._styles.said(CELL, self._cell_style(self._sheet, self._cell), "struck")
            said = [*(self._styles.said(LETTERS, style, "struck") for style in reversed(self._spans)), of_cell]
            self._text.append((text, bool(next((struck for struck in said if struck is not None), False))))

    @staticmethod
    def _cell_style(sheet: _Sheet, told: Attributes) -> str:
        """Return a cell's style: its own, else its row's, else its column's."""
        by_column = next((style for end, style in sheet.column_styles if sheet.column < end), "")
        return told.get("style-name") or sheet.row_style or by_column

    def _end(self, tag: str) -> None:
        name, sheet = tag.rpartition(" ")[2], self._sheet
        if sheet is None:
            self._styles.end(name)
        elif self._aside:
            self._close_aside(sheet, tag, name)
        elif name == "span" and self._spans:
            self._spans.pop()
        elif name in (CELL, _COVERED) and self._cell is not None:
            self._close_cell(sheet, self._cell)
            self._cell = None
        elif name == ROW:
            sheet.row += sheet.row_repeats
        elif name == TABLE:
            self.sheets[self._name], self._sheet = sheet.marks(), None

    def _close_aside(self, sheet: _Sheet, tag: str, name: str) -> None:
        """Take the end of an element in a note or in what is drawn; with the outermost its words are told."""
        if name == "p":
            self._paragraphs -= 1
            self._words += " "
        if tag != self._aside[-1]:
            return
        self._aside.pop()
        if not self._aside:
            words, self._words = " ".join(self._words.split()), ""
            cell = address(sheet.row, sheet.column) if name == _NOTE else ""
            sheet.notes += [(cell, words)] if words else []

    def _close_cell(self, sheet: _Sheet, told: Attributes) -> None:
        times = _times(told, "number-columns-repeated", FARTHEST - sheet.column)
        kind, text = told.get("value-type"), "".join(letters for letters, _ in self._text)
        fault = _fault(told, text)
        struck = [said for _, said in self._text]
        how = WHOLE if struck and all(struck) else PART if any(struck) else ""
        below = _whole(told.get("number-rows-spanned", "1")), _whole(told.get("number-columns-spanned", "1"))
        style = self._cell_style(sheet, told) if kind or text else ""
        code = self._styles.misleading(style)
        if self._styles.veils(style):
            last = sheet.row + sheet.row_repeats - 1, sheet.column + times - 1
            sheet.veiled.append(((sheet.row, sheet.column), last))
        if not (kind == "percentage" or how or fault is not None or below != (1, 1) or "formula" in told or code):
            sheet.column += times
            return
        self._told += times * sheet.row_repeats
        if self._told > _MOST_TOLD:
            raise _NotWholeError
        for row in range(sheet.row, sheet.row + sheet.row_repeats):
            for column in range(sheet.column, sheet.column + times):
                self._tell(sheet, (row, column), told, fault, how)
                if code:
                    sheet.misleading[row, column] = code
                if below != (1, 1):
                    sheet.merges[row, column] = (row + below[0] - 1, column + below[1] - 1)
        sheet.column += times

    @staticmethod
    def _tell(sheet: _Sheet, place: Position, told: Attributes, fault: str | None, how: str) -> None:
        if told.get("value-type") == "percentage":
            sheet.percent.add(place)
        if fault is not None:
            sheet.faults[place] = fault
        if how:
            sheet.struck[place] = how
        if "formula" in told:
            sheet.computed.add(place)


def _take_columns(sheet: _Sheet, told: Attributes, *, flat: bool) -> None:
    first = sheet.wide
    sheet.wide += _times(told, "number-columns-repeated", FARTHEST - first)
    sheet.column_styles.append((sheet.wide, told.get("default-cell-style-name", "")))
    if flat or told.get("visibility", "visible") != "visible":
        sheet.columns |= set(range(first, sheet.wide))


def _fault(told: Attributes, text: str) -> str | None:
    """Return the error that a cell shows, "" for a formula without an outcome; None for neither."""
    if told.get("value-type") == "error" or text in ERRORS:
        return text or "#N/A"
    waits = "formula" in told and not text and not any(told.get(name) for name in ("value-type", *_NO_VALUE))
    return "" if waits else None


def _times(told: Attributes, name: str, most: int) -> int:
    return max(min(_whole(told.get(name, "1")), most), 1)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else 1
