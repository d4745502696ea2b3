"""The result workbook's formulas worked out again by another program's engine, and held against what is stored.

The engine comes with the extra `check`; where it is not installed, nothing is worked out, and 运行记录 says so.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from typing import Any, Final
from zipfile import ZipFile

ENGINE: Final = "formualizer"
TOLERANCE: Final = 1e-9
_SHEET = re.compile(r'<sheet name="([^"]*)" sheetId="(\d+)"')
_CELL = re.compile(r'<c r="([A-Z]+)(\d+)" s="\d+"( t="str")?><f>([^<]*)</f><v>([^<]*)</v></c>')
_LETTERS: Final = 26


@dataclass(frozen=True)
class FormulaCell:
    """A cell with a formula, and the value stored in it."""

    sheet: str
    cell: str
    row: int
    column: int
    formula: str
    stored: str | float


@dataclass(frozen=True)
class Difference:
    """A cell whose formula comes to something else than is stored in it."""

    at: FormulaCell
    reckoned: str


@dataclass(frozen=True)
class Recalculated:
    """How many formulas were worked out again, and which come to something else."""

    formulas: int
    differences: tuple[Difference, ...]


def installed() -> bool:
    """Say whether the engine is there."""
    return find_spec(ENGINE) is not None


def formula_cells(book: bytes) -> Iterator[FormulaCell]:
    """Yield every formula of a workbook that this program wrote, sheet by sheet."""
    with ZipFile(BytesIO(book)) as archive:
        sheets = _SHEET.findall(archive.read("xl/workbook.xml").decode())
        for name, number in sheets:
            text = archive.read(f"xl/worksheets/sheet{number}.xml").decode()
            for letters, row, words, formula, stored in _CELL.findall(text):
                value = html.unescape(stored) if words else float(stored)
                place = (f"{letters}{row}", int(row), _column(letters), html.unescape(formula))
                yield FormulaCell(html.unescape(name), *place, value)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number


def recalculated(book: bytes) -> Recalculated:
    """Work all formulas of the result workbook out again. Raises ImportError where the engine is not installed."""
    engine: Any = import_module(ENGINE)
    whole = engine.Workbook.from_bytes(book)
    whole.evaluate_all()
    cells = list(formula_cells(book))
    found = ((cell, whole.get_value(cell.sheet, cell.row, cell.column)) for cell in cells)
    differences = tuple(Difference(cell, str(value)) for cell, value in found if not _same(cell.stored, value))
    return Recalculated(len(cells), differences)


def _same(stored: str | float, value: object) -> bool:
    if isinstance(stored, float) and isinstance(value, int | float):
        return abs(stored - value) <= TOLERANCE
    return stored == value
