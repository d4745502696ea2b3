"""What stands in a form when it is written: nothing, the head only, or all that a person would type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from dingji.forms.declare import Form, Sheet

Value = str | int | float | Decimal | Fraction | date | None
Cells = Mapping[str, Value]
"""Values by heading; a heading left out, None or "" is an empty cell."""


Hints = Mapping[str, Mapping[str, str]]
"""What is known already of a printed sheet's rows, by sheet and row key; never read back."""


@dataclass(frozen=True)
class Block:
    """One branch's part of a sheet whose printed rows stand once a branch: whose it is, and values by row key.

    `hints`: what is printed in grey beside its rows, by row key.
    """

    cells: Cells = field(default_factory=dict)
    printed: Mapping[str, Cells] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Filling:
    """The values of one workbook. `who` is a branch's or rater's code for the stamp.

    `head`: by label; 来源 and 轮次 come from the form. `rows`: by sheet, for wide sheets and records.
    `printed`: by sheet and row key, for printed sheets. `blocks`: by sheet, where printed rows stand once a branch.
    `shut`: headings that this person does not fill.
    `fixed`: headings that stay as given here. `spare`: empty rows by sheet, where not the sheet's own number.
    `office`: whose grading it is, printed in the title; `secret`: the line below it, 密级 and 知悉范围.
    `hints`: what is printed in grey beside a printed sheet's rows.
    """

    who: str = ""
    head: Mapping[str, Value] = field(default_factory=dict)
    rows: Mapping[str, Sequence[Cells]] = field(default_factory=dict)
    printed: Mapping[str, Mapping[str, Cells]] = field(default_factory=dict)
    blocks: Mapping[str, Sequence[Block]] = field(default_factory=dict)
    shut: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()
    spare: Mapping[str, int] = field(default_factory=dict)
    office: str = ""
    hints: Hints = field(default_factory=dict)
    secret: str = ""


BLANK = Filling()


def check(form: Form, filling: Filling) -> None:
    """Raise ValueError where a filling names a label, sheet, row or heading that the form does not have."""
    sheets = {sheet.name: sheet for sheet in form.sheets}
    _within("head cell", filling.head, {cell.label for cell in form.head})
    _within("sheet", filling.spare, set(sheets))
    _within("sheet", filling.rows, {name for name, sheet in sheets.items() if sheet.shape != "printed"})
    _within("sheet", filling.blocks, {name for name, sheet in sheets.items() if sheet.blocks})
    _within("sheet", filling.printed, {name for name, sheet in sheets.items() if sheet.shape == "printed"})
    for name, rows in filling.rows.items():
        for row in rows:
            _within("heading", row, _fillable(sheets[name]))
    for name, printed in filling.printed.items():
        _check_printed(sheets[name], printed)
    for name, hinted in filling.hints.items():
        _within("row", hinted, {row.key for row in sheets[name].rows} if name in sheets else set())
    for name, blocks in filling.blocks.items():
        for block in blocks:
            _within("heading", block.cells, _fillable(sheets[name]))
            _check_printed(sheets[name], block.printed)


def _check_printed(sheet: Sheet, printed: Mapping[str, Cells]) -> None:
    _within("row", printed, {row.key for row in sheet.rows})
    for cells in printed.values():
        _within("heading", cells, _fillable(sheet))


def _fillable(sheet: Sheet) -> set[str]:
    """Return the headings under which values may be given: in records also those that the program fills."""
    skipped = ("formula",) if sheet.shape == "records" else ("formula", "printed")
    return {column.heading for column in sheet.columns if column.reads not in skipped}


def _within(what: str, given: Mapping[str, object], known: set[str]) -> None:
    if unknown := [name for name in given if name not in known]:
        raise ValueError(f"no such {what} in the form: {unknown[0]}")
