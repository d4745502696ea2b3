"""A written book as an officer would change it: cells overwritten, rows and columns moved, saved by another program."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import date

from openpyxl import Workbook, load_workbook

Cell = tuple[str, str]
"""A sheet and an address."""


def edited(raw: bytes, cells: Mapping[Cell, str | float | date | bool | None]) -> bytes:
    """Return the book with these cells overwritten."""

    def change(book: Workbook) -> None:
        for (sheet, address), value in cells.items():
            book[sheet][address].value = value

    return reworked(raw, change)


def reworked(raw: bytes, change: Callable[[Workbook], None]) -> bytes:
    """Return the book as changed and saved by another program."""
    book = load_workbook(io.BytesIO(raw))
    change(book)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def as_text(book: Workbook) -> None:
    """Turn every number into the text that a person would type for it."""
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, int | float):
                    cell.value = f" {cell.value:g} " if cell.column % 2 else f"{cell.value:g}".translate(WIDE)


WIDE = {ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}
"""Full-width figures, as some input methods type them."""
