"""What stands in a form's head → entries and problems: counts, choices and dates, each at its own cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from dingji.forms.declare import Form, HeadCell
from dingji.numbers import exact, plain
from dingji.problems import Problem
from dingji.read import cells
from dingji.read.grid import CellValue, TypedCell, text_of
from dingji.read.locate import HeadValue
from dingji.read.rows import Reading, Row

SESSION = "测评场次"
"""The head's one free text that tells two forms of a branch apart."""


def _read_head_value(cell: HeadCell, value: HeadValue) -> cells.Reading:
    words = cell.reads == "text" and cell.label != SESSION and not cell.prefilled
    asked = cells.Asked(cell.reads, choices=cell.choices, words=words)
    return cells.read_typed(value.known, asked) if value.odd else _said(value.value, asked)


@lru_cache(maxsize=1 << 12, typed=True)
def _said(value: CellValue, asked: cells.Asked) -> cells.Reading:
    """Return what a plain count, choice, date or remark says. Remembered: heads say the same in many forms."""
    return cells.read_typed(TypedCell(value), asked)


def read_head_values(form: Form, head: Mapping[str, HeadValue]) -> Reading:
    """Turn the counts, choices and dates of the head into entries named by their labels."""
    reading = Reading()
    for cell in form.head:
        value = head.get(cell.label)
        kept = cell.of_rows or cell.reads != "text" or cell.label == SESSION
        if value is None or not (kept or value.odd):
            continue
        result = _read_head_value(cell, value)
        if code := result.problem or result.note:
            reading.problems.append(_problem(code, value, result.values))
        if not result.problem and kept and (cell.of_rows or cell.reads != "date"):
            row = Row("head", rule=cell.label, option=result.text, value=result.number)
            row.sheet, row.cell = value.sheet, value.cell
            reading.rows.append(row)
    counts = {row.rule: row.value for row in reading.rows if row.value is not None}
    reading.problems += [_problem("W235", head[label], values) for label, values in _too_many(form, counts)]
    return reading


def _problem(code: str, value: HeadValue, values: Mapping[str, str]) -> Problem:
    found = text_of(value.value) or value.fault or ""
    return Problem(code, sheet=value.sheet, cell=value.cell, subject=value.label, found=found, values=values)


def _too_many(form: Form, counts: Mapping[str, int]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the counts that are more than another one that they are part of."""
    for cell in form.head:
        if cell.label in counts and cell.at_most in counts and counts[cell.label] > counts[cell.at_most]:
            yield cell.label, {"other": cell.at_most, "most": plain(exact(counts[cell.at_most]))}
