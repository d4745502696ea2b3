"""The cells of a sheet's XML: finding one, or putting an empty one in its place, and where columns and rows end."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from lxml import etree

from dingji.read.grid import Position, address, position_of
from dingji.reports.returned.package import S, UnmarkableError

DEFAULT_WIDTH = 8.43
DEFAULT_HEIGHT = 15.0


class SheetCells:
    """The cells of one sheet by position (row and column from 0)."""

    def __init__(self, root: etree._Element) -> None:
        data = root.find(f"{S}sheetData")
        if data is None:
            raise UnmarkableError("sheetData")
        self.root = root
        self.data = data
        self._cells: dict[int, dict[int, etree._Element]] = {}

    @cached_property
    def rows(self) -> dict[int, etree._Element]:
        """Return the rows by number from 0; one without a number follows the one before."""
        rows: dict[int, etree._Element] = {}
        number = -1
        for row in self.data.iterfind(f"{S}row"):
            number = int(row.get("r", number + 2)) - 1
            row.set("r", str(number + 1))
            rows[number] = row
        return rows

    @cached_property
    def blocks(self) -> list[tuple[Position, Position]]:
        """Return the merged blocks by their first and last cells."""
        corners = (block.get("ref", "A1").split(":") for block in self.root.iterfind(f"{S}mergeCells/{S}mergeCell"))
        return [(position_of(pair[0]), position_of(pair[-1])) for pair in corners]

    def shown_at(self, place: Position) -> Position:
        """Return the cell in which a place is seen: the first of the block merged over it, else itself."""
        row, column = place
        for first, last in self.blocks:
            if first[0] <= row <= last[0] and first[1] <= column <= last[1]:
                return first
        return place

    def cell(self, place: Position) -> etree._Element:
        """Return the cell at a place; where there is none, a new empty one that looks like its row or column."""
        row, column = place
        cells = self._in_row(row)
        if column not in cells:
            cell = etree.Element(f"{S}c", r=address(row, column))
            if style := self._style(row, column):
                cell.set("s", style)
            after = [other for other in cells if other < column]
            line = self.rows[row]
            line.insert(line.index(cells[max(after)]) + 1 if after else 0, cell)
            line.attrib.pop("spans", "")  # a hint to readers only, and no longer true
            cells[column] = cell
        return cells[column]

    def columns_of(self, row: int) -> list[int]:
        """Return the columns that have a cell in a row."""
        return list(self._in_row(row))

    def _in_row(self, row: int) -> dict[int, etree._Element]:
        """Return the cells of a row by column, each with its address; the row is made where there is none."""
        if row not in self._cells:
            line = self.rows.get(row)
            if line is None:
                line = self._new_row(row)
            cells: dict[int, etree._Element] = {}
            column = -1
            for cell in line.iterfind(f"{S}c"):
                told = cell.get("r")
                column = position_of(told)[1] if told else column + 1
                cell.set("r", address(row, column))
                cells[column] = cell
            self._cells[row] = cells
        return self._cells[row]

    def _new_row(self, row: int) -> etree._Element:
        before = [number for number in self.rows if number < row]
        line = etree.Element(f"{S}row", r=str(row + 1))
        self.data.insert(self.data.index(self.rows[max(before)]) + 1 if before else 0, line)
        self.rows[row] = line
        return line

    def _style(self, row: int, column: int) -> str:
        own = self.rows[row]
        if own.get("customFormat") in ("1", "true"):
            return own.get("s", "")
        return next((style for first, last, _, style in self._columns if first <= column <= last), "")

    @cached_property
    def _columns(self) -> list[tuple[int, int, float, str]]:
        """Return runs of columns: first, last, width in characters, style."""
        listed = self.root.iterfind(f"{S}cols/{S}col")
        return [
            (int(col.get("min", 1)) - 1, int(col.get("max", 1)) - 1, float(col.get("width", DEFAULT_WIDTH)),
             col.get("style", ""))
            for col in listed
        ]  # fmt: skip

    def widths(self, start: int) -> Iterator[int]:
        """Yield the widths of the columns from one on, in pixels, without end."""
        column = start
        while True:
            width = next((width for first, last, width, _ in self._columns if first <= column <= last), DEFAULT_WIDTH)
            yield max(int(width * 7 + 5), 1)
            column += 1

    def heights(self, start: int) -> Iterator[int]:
        """Yield the heights of the rows from one on, in pixels, without end."""
        row = start
        while True:
            line = self.rows.get(row)
            points = float(line.get("ht", DEFAULT_HEIGHT)) if line is not None else DEFAULT_HEIGHT
            yield max(int(points * 4 / 3), 1)
            row += 1
