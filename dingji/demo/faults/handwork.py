"""What people and programs do to a finished workbook: parts changed in the package, cells moved in a spreadsheet."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any, Final

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from dingji.demo.faults.kit import Alter, Case, Work
from dingji.demo.faults.other_formats import zipped
from dingji.forms.stamp import META_SHEET, PREFIX
from dingji.read.grid import Grid
from dingji.read.open import open_workbook
from dingji.seal import inflated, seal

PAGE: Final = "xl/worksheets/sheet1.xml"
TEXTS: Final = "xl/sharedStrings.xml"
CLAIMS: Final = "自评表"
CLAIM: Final = "自评得分"


def done(*works: Work, kind: str = "self") -> Alter:
    """Return the fault that something was done to the branch's own finished form."""

    def alter(case: Case) -> None:
        case.own(kind).works += works

    return alter


def becomes(raw: Callable[[], bytes]) -> Work:
    """Return the work of putting something else in the file's place."""
    return lambda _: raw()


def grids_of(raw: bytes) -> list[Grid]:
    """Return a form's sheets as values, for writing them in another format."""
    return open_workbook(raw)[0]


# --- parts of the package ---------------------------------------------------------------------------------


def repacked(change: Callable[[dict[str, bytes]], object]) -> Work:
    """Return the work of changing a workbook's parts."""

    def work(raw: bytes) -> bytes:
        parts = inflated(raw)
        change(parts)
        return zipped(parts)

    return work


def with_parts(parts: Mapping[str, bytes]) -> Work:
    """Return the work of adding parts."""
    return repacked(lambda old: old.update(parts))


def replaced(name: str, *pairs: tuple[bytes, bytes]) -> Work:
    """Return the work of replacing words in a part; "" is every part."""

    def change(parts: dict[str, bytes]) -> None:
        for each in [name] if name else list(parts):
            for old, new in pairs:
                parts[each] = parts[each].replace(old, new)

    return repacked(change)


# --- by hand, in a spreadsheet ----------------------------------------------------------------------------


Change = Callable[[Workbook], object]
"""What somebody changes in an open workbook."""


def by_hand(change: Change) -> Work:
    """Return the work of somebody who opens a workbook, changes and saves it."""

    def work(raw: bytes) -> bytes:
        book = openpyxl.load_workbook(io.BytesIO(raw))
        change(book)
        buffer = io.BytesIO()
        book.save(buffer)
        return seal(buffer.getvalue())

    return work


def heading(page: Worksheet, text: str) -> Cell:
    """Return the heading cell of a column; its full mark may stand below on a second line."""
    found = (cell for row in page.iter_rows() for cell in row if isinstance(cell, Cell))
    return next(cell for cell in found if str(cell.value).split("\n")[0] == text)


def first_claim(book: Workbook) -> Cell:
    """Return the cell of the first mark of 自评表."""
    top = heading(book[CLAIMS], CLAIM)
    return book[CLAIMS].cell(top.row + 1, top.column)  # type: ignore[return-value]


def in_first_claim(value: Any, number_format: str = "", data_type: str = "") -> Work:  # noqa: ANN401 - of any type
    """Return the work of putting a value of any kind into the first mark."""

    def change(book: Workbook) -> None:
        cell = first_claim(book)
        cell.value = value
        cell.number_format = number_format or cell.number_format
        cell.data_type = data_type or cell.data_type

    return by_hand(change)


def without_stamp(book: Workbook) -> None:
    """Take the stamp out of every sheet, as when a table is copied into a new workbook."""
    if META_SHEET in book.sheetnames:
        book.remove(book[META_SHEET])
    for page in book.worksheets:
        if str(page["A1"].value).startswith(PREFIX):
            page["A1"] = None
