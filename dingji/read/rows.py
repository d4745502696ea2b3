"""One typed row of the entries table, as the reading process hands it over: before identities are settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Final

from dingji.problems import Problem


@dataclass(slots=True)
class Row:
    """An entry as typed. `code` and `name` are what the form says of the branch, in `who_cell`; so with `rater`.

    Figures in millionths; `part` is one of tables.PARTS.
    """

    part: str = "mark"
    code: str = ""
    name: str = ""
    who_cell: str = ""
    rater: str = ""
    rater_cell: str = ""
    group: str = ""
    item: str = ""
    rule: str = ""
    option: str = ""
    value: int | None = None
    amount: int | None = None
    work: str = ""
    date: str = ""
    reason: str = ""
    evidence: str = ""
    verdict: str = ""
    source: str = ""
    state: str = "typed"
    sheet: str = ""
    cell: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    """Fields of the roster, which are no entries."""


Letters = Mapping[str, str]
"""Where the columns of a sheet stand: a column's letters by the field that it fills."""


def beside(cell: str, field: str, letters: Letters) -> str:
    """Return the address of a field in the row of an address; the address itself where the sheet has no such column."""
    row = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f"{letters[field]}{row}" if field in letters else cell


def row_of(cell: str) -> str:
    """Return the row of the first address: whatever stands in a row is one branch's."""
    return cell.partition(" ")[0].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@dataclass
class Reading:
    """What one sheet or file gave: rows and problems, in the order of the cells."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, other: Reading) -> None:
        """Take over another reading's rows and problems."""
        self.rows += other.rows
        self.problems += other.problems


COLUMNS: Final = tuple(name for name in Row.__dataclass_fields__ if name != "extra")
"""The fields of a row that travel to the entries table."""


_FIELDS = attrgetter(*Row.__dataclass_fields__)


def like(row: Row) -> Row:
    """Return a row that says the same, to be changed."""
    return Row(*_FIELDS(row))


def columns_of(rows: list[Row]) -> dict[str, list[Any]]:
    """Turn rows into columns, which cross between processes cheaply."""
    columns = zip(*map(_FIELDS, rows), strict=True) if rows else ([] for _ in Row.__dataclass_fields__)
    return dict(zip(COLUMNS, map(list, columns), strict=False))  # `extra`, the last, does not travel
