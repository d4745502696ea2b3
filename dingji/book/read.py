"""Workbook bytes → the data of a file, the cell of every key, and what could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dingji.book.declare import GUIDE, ITEM, PART, VALUE, Book, BookColumn, Entry, TableSheet, identity, path_of
from dingji.book.filled import BookReading, FilledRow, Spot, rows_of, value_in
from dingji.book.notation import UNREAD
from dingji.comparing import normal, suggestion
from dingji.read.grid import Grid
from dingji.scheme.finding import Path


def read_book(grids: Sequence[Grid], book: Book, others: Sequence[str] = ()) -> BookReading:
    """Read every sheet of a book; `others` are sheets that are known and read elsewhere."""
    reading = BookReading()
    by_name = {normal(grid.name): grid for grid in grids}
    known = [book.name, *(sheet.name for sheet in book.sheets), GUIDE, *others]
    for grid in grids:
        if normal(grid.name) not in {normal(name) for name in known} and any(any(row) for row in grid.rows):
            reading.tell(Spot(grid.name), f"没有读这张表{suggestion(grid.name, known)}", "warning")
    if normal(book.name) in by_name:
        _read_first(by_name[normal(book.name)], book, reading)
    else:
        reading.tell(Spot(book.name), f"没有这张表；请在导出的工作簿里填，不要删掉“{book.name}”")
    for sheet in book.sheets:
        if not sheet.beside:
            reading.spots[path_of(sheet.place)] = Spot(sheet.name)
        if normal(sheet.name) in by_name:
            _read_table(by_name[normal(sheet.name)], sheet, reading)
    return reading


# --- the first sheet, and the sheets of tables ----------------------------------------------------------------


def _read_first(grid: Grid, book: Book, reading: BookReading) -> None:
    entries = {(normal(entry.part), normal(entry.column.heading)): entry for entry in book.entries}
    found: dict[tuple[str, ...], Spot] = {}
    for row in rows_of(grid, {PART: None, ITEM: None, VALUE: None}, reading):
        item = (normal(str(row.contents.get(PART, ""))), normal(str(row.contents.get(ITEM, ""))))
        entry = entries.get(item)
        spot = row.spots.get(VALUE, row.place)
        if entry is None:
            near = suggestion(str(row.contents.get(ITEM, "")), [known.column.heading for known in book.entries])
            reading.tell(row.place, f"没有这一项{near}")
        elif entry.path in found:
            reading.tell(spot, f"“{entry.part}”的“{entry.column.heading}”写了两行（{found[entry.path].cell}）")
        else:
            found[entry.path] = spot
            _take(row, entry, reading)
    for entry in book.entries:
        reading.spots.setdefault(entry.path, Spot(grid.name, "", "", entry.column))


def _take(row: FilledRow, entry: Entry, reading: BookReading) -> None:
    spot = row.spots.get(VALUE)
    if spot is None:
        return
    reading.spots[entry.path] = Spot(spot.sheet, spot.cell, spot.found, entry.column)
    value = value_in(row, entry.column, VALUE, reading)
    if value is not None and value is not UNREAD:
        table = reading.data
        for key in entry.path[:-1]:
            table = table.setdefault(key, {})
        table[entry.path[-1]] = value


def _read_table(grid: Grid, sheet: TableSheet, reading: BookReading) -> None:
    columns: dict[str, BookColumn | None] = {sheet.link.heading: sheet.link} if sheet.link else {}
    columns |= {column.heading: column for column in sheet.columns}
    for row in rows_of(grid, columns, reading):
        home = _home(row, sheet, reading)
        path, table = home or ((), {})
        for column in sheet.columns:
            value = value_in(row, column, column.heading, reading)
            if home is not None:
                reading.spots[(*path, column.key)] = row.spots.get(column.heading, Spot(grid.name, "", "", column))
            if value is not None and value is not UNREAD:
                table[column.key] = value


def _home(row: FilledRow, sheet: TableSheet, reading: BookReading) -> tuple[Path, dict[str, Any]] | None:
    """Return the table that a row fills: a new one among its kind, or, beside, the one that it names."""
    above = _named(row, sheet, sheet.link, reading) if sheet.link else ((), reading.data)
    if above is None or sheet.beside:
        return above
    path, table = above
    listed = table.setdefault(sheet.place.key, [])
    listed.append({})
    own = (*path, sheet.place.key, len(listed) - 1)
    named = row.spots.get(sheet.columns[0].heading)
    reading.spots[own] = named if named and named.found else row.place
    return own, listed[-1]


def _named(
    row: FilledRow, sheet: TableSheet, link: BookColumn, reading: BookReading
) -> tuple[Path, dict[str, Any]] | None:
    """Return the table that a row's link names, with its path; what is wrong with the link is told."""
    spot = row.spots.get(link.heading, row.place)
    name = value_in(row, link, link.heading, reading)
    known = {str(table.get(link.key, "")): (path, table) for path, table in reversed(_tables(reading, link))}
    if name is None:
        reading.tell(spot, f"没有填；请写明是哪个{link.heading}")
    elif str(name) not in known:
        reading.tell(spot, f"“{link.heading}”表里没有它{suggestion(str(name), known)}")
    elif sheet.beside and any((*known[str(name)][0], column.key) in reading.spots for column in sheet.columns):
        reading.tell(spot, f"这个{link.heading}写了两行；请并成一行")
    else:
        return known[str(name)]
    return None


def _tables(reading: BookReading, link: BookColumn) -> list[tuple[Path, dict[str, Any]]]:
    """Return the tables read so far whose names a link may hold."""
    found = []
    for path, spot in reading.spots.items():
        column = spot.column
        if column is not None and column == identity(link.table) and path[-1] == link.key and len(path) > 1:
            table: Any = reading.data
            for part in path[:-1]:
                table = table[part]
            found.append((path[:-1], table))
    return found
