"""The fields of one row, filled from its cells."""

from __future__ import annotations

from collections.abc import Mapping

from dingji.forms.declare import Row as PrintedRow
from dingji.read.lines import Cell, read_cell, read_named
from dingji.read.rows import Reading, Row


def _called(item: str) -> str:
    """Return what papers call a mark: an item by its number, an indicator by its name."""
    return f"第{item}项" if item.isdigit() else item


RECORD_FIELDS = (
    "rule",
    "item",
    "option",
    "value",
    "amount",
    "work",
    "date",
    "reason",
    "evidence",
    "verdict",
    "source",
)
"""The fields of a record, in the order in which they are filled."""
TYPED = ("option", "value", "amount")
"""Fields whose addresses are noted."""
MEASURED = ("value", "amount")
"""Fields of figures."""
NAMED = ("rule", "item", "source")
"""Fields that name a part of the standard: taken as typed, resolved where the whole standard is known."""


def fill(
    line: Mapping[str, Cell],
    reading: Reading,
    printed: PrintedRow | None,
    fields: tuple[str, ...],
    unit: str = "",
) -> Row:
    """Fill a row's fields from its cells; `cell` collects the addresses of what was typed, in this order."""
    row, typed = Row(), []
    subject = printed.rule or _called(printed.item) if printed else ""
    for name in fields:
        cell = line.get(name)
        if cell is None or cell.blank:
            continue
        if name in TYPED and not cell.spanned:
            typed.append(cell.address)
        if name in NAMED:
            named = read_named(cell, reading)
            setattr(row, name, named or "")
            row.state = "refused" if named is None else row.state
            continue
        measured = (printed.unit if printed else unit) if name == "value" else ""
        outcome = read_cell(cell, reading, subject, measured, printed)
        if outcome is None:
            row.state = "refused"
        else:
            setattr(row, name, outcome.number if name in MEASURED else outcome.text)
    row.cell = " ".join(typed) or next(
        (line[name].address for name in fields if name in line and not line[name].blank), ""
    )
    return row
