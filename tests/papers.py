"""Filled workbooks of the worked case, altered the way people alter them, and what a run makes of them."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from dingji.engine.readers import refused
from dingji.forms.catalogue import forms_of
from dingji.forms.declare import Form
from dingji.forms.filling import Cells, Filling
from dingji.forms.write import write_form
from dingji.outcome import Outcome
from dingji.pipeline import grade
from dingji.prepare import Prepared, prepare
from dingji.problems import Problem
from dingji.read.child import answer_or_none, read_job
from dingji.read.grid import text_of
from dingji.read.reading import FileReading
from dingji.read.recognise import Plan
from dingji.workspace import Workspace
from tests.five_good_case import BRANCHES, ROUND, case_files
from tests.workspaces import PROGRAM, scheme

Alter = Callable[[Workbook], object]

SELF = "自评表/ZB01_一支部_自评表.xlsx"
SURVEY = "测评表/ZB01_一支部_测评表.xlsx"
BOOK = "评定表/PW1_评委一_评定表.xlsx"
ROSTER = "党组织名册.xlsx"
SITUATIONS = "情形申报.xlsx"
DECISIONS = "审定表.xlsx"
FIRST = BRANCHES[0].identity
SECOND = BRANCHES[1].identity


@cache
def good() -> Mapping[str, bytes]:
    """Return the case with no blank mark, before the committee has spoken: nobody must act on a run of it."""
    return case_files(scheme(), mended=True, decided=False)


@cache
def prepared() -> Prepared:
    """Return the program's own settings and standard."""
    return prepare(Workspace(PROGRAM))


def form(kind: str, source: str = "") -> Form:
    """Return a form of the round."""
    forms = forms_of(scheme(), ROUND)
    return next(each for each in forms if each.kind == kind and source in ("", each.source))


def filled(kind: str, rows: Iterable[Cells], **sheets: Iterable[Cells]) -> bytes:
    """Return an office form or a rater's with these rows on its first sheet, others by the sheet's name."""
    declared = form(kind)
    named = {declared.sheets[0].name: list(rows), **{name: list(more) for name, more in sheets.items()}}
    return write_form(declared, Filling(rows={name: more for name, more in named.items() if more}))


# --- altering ---------------------------------------------------------------------------------------------


def altered(raw: bytes, alter: Alter) -> bytes:
    """Return a workbook after someone worked on it in an office program."""
    book = openpyxl.load_workbook(io.BytesIO(raw))
    alter(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def repacked(raw: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """Return a workbook after someone changed its parts by hand."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def book_of(*rows: Iterable[Any], sheet: str = "Sheet1") -> bytes:
    """Return a workbook made from scratch with these rows."""
    book = Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = sheet
    for row in rows:
        page.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def cells_with(page: Worksheet, text: object) -> list[Cell]:
    """Return the cells that say this; a heading may have its full mark on a second line."""
    found = (cell for row in page.iter_rows() for cell in row if isinstance(cell, Cell))
    return [cell for cell in found if cell.value == text or str(cell.value).startswith(f"{text}\n")]


def at(page: Worksheet, key: object, heading: str) -> Cell:
    """Return the cell of a row (found by what stands in it) under a heading."""
    column = cells_with(page, heading)[-1]
    row = next(cell.row for cell in cells_with(page, key) if cell.row > column.row)
    found = page.cell(row, column.column)
    assert isinstance(found, Cell)
    return found


def typed(sheet: str, key: object, heading: str, value: object) -> Alter:
    """Return what types a value into a cell."""

    def alter(book: Workbook) -> None:
        at(book[sheet], key, heading).value = value  # type: ignore[assignment]

    return alter


def in_head(sheet: str, label: str, value: object) -> Alter:
    """Return what types a value to the right of a head cell's label."""

    def alter(book: Workbook) -> None:
        cell = cells_with(book[sheet], label)[0]
        cell.offset(0, 1).value = value  # type: ignore[assignment]

    return alter


# --- reading and grading ----------------------------------------------------------------------------------


def read_by(raw: bytes, plan: Plan, shown: str = "表.xlsx") -> FileReading:
    """Read a file as the reading process does, in this one."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(raw)
        reading = answer_or_none(partial(read_job, plan=plan), (str(path), shown))
        return reading if isinstance(reading, FileReading) else refused((str(path), shown))


@lru_cache(maxsize=512)
def read(raw: bytes, shown: str = "表.xlsx") -> FileReading:
    """Read a file by the forms of the case."""
    return read_by(raw, prepared().plan, shown)


def outcome_of(files: Mapping[str, bytes]) -> Outcome:
    """Return the outcome of a run on these files."""
    return _outcome(tuple(sorted(files.items())))


@lru_cache(maxsize=64)
def _outcome(files: tuple[tuple[str, bytes], ...]) -> Outcome:
    return grade(prepared(), [read(raw, path) for path, raw in files])


def with_file(path: str, raw: bytes | None) -> dict[str, bytes]:
    """Return the good case with one file put in, replaced or (None) taken away."""
    rest = {name: other for name, other in good().items() if name != path}
    return rest if raw is None else {**rest, path: raw}


def codes(problems: Iterable[Problem]) -> list[str]:
    """Return the codes of problems, in order."""
    return [problem.code for problem in problems]


def told(problems: Iterable[Problem], *wanted: str) -> list[Problem]:
    """Return the problems of these codes."""
    return [problem for problem in problems if problem.code in wanted]


def shown_at(raw: bytes, sheet: str, cell: str) -> str:
    """Return what a person sees in a cell."""
    value = openpyxl.load_workbook(io.BytesIO(raw), data_only=True)[sheet][cell].value
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else text_of(value)
