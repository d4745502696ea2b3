"""One typed row of the entries table, as the reading process hands it over: before identities are settled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
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
"""Where the columns of a sheet stand: a column's letters by the field that it fills; facts' rows by `row_named`."""


def row_named(key: str) -> str:
    """Return under which name `Letters` have the number of a printed row; no field of a row is called so."""
    return f"@{key}"


@lru_cache(maxsize=256)
def member_keys(field: str) -> tuple[str, str, str]:
    """Return where a row of the roster has what a column says, its address, and whether it could not be read."""
    return field, f"{field}@", f"{field}?"


def beside(cell: str, field: str, letters: Letters) -> str:
    """Return the address of a field in the row of an address; the address itself where the sheet has no such column."""
    row = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f"{letters[field]}{row}" if field in letters else cell


def row_of(cell: str) -> str:
    """Return the row of the first address: whatever stands in a row is one branch's."""
    return cell.partition(" ")[0].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def lines_of_branches(columns: Columns, sheet: str) -> list[int]:
    """Return the rows (from 0) of a sheet whose records tell of a branch, in order."""
    told = zip(columns["part"], columns["sheet"], columns["who_cell"], strict=True)
    return sorted({int(row_of(cell)) - 1 for part, named, cell in told if part == "record" and named == sheet and cell})


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
Fields = tuple[Any, ...]
"""What a row says, in the order of COLUMNS."""
BLANK: Final[Mapping[str, Any]] = dict(zip(COLUMNS, _FIELDS(Row()), strict=False))
"""What a row says of which nothing is said."""


LAID_OUT: Final = frozenset({"part", "item", "rule", "rater", "rater_cell", "sheet", "cell"})
"""Columns of texts that are alike in most forms of a kind, whatever was typed in them."""


@dataclass(eq=False)
class Columns(Mapping[str, list[Any]]):
    """Rows as columns: a field that says the same in all of them once, in `fixed`, and every other in `varied`.

    Made of nothing but numbers, texts, lists and dictionaries, so that it crosses between processes cheaply.
    """

    size: int = 0
    fixed: dict[str, Any] = field(default_factory=dict)
    varied: dict[str, list[Any]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> list[Any]:
        """Return a column in full."""
        return [self.fixed[name]] * self.size if name in self.fixed else self.varied[name]

    def __iter__(self) -> Iterator[str]:
        """Name the columns."""
        return (name for name in COLUMNS if name in self.fixed or name in self.varied)

    def __len__(self) -> int:
        """Return how many columns there are, whether they hold rows or none; 0 where nothing was read."""
        return len(self.fixed) + len(self.varied)

    def __eq__(self, other: object) -> bool:
        """Say whether all rows say the same."""
        return isinstance(other, Columns) and self.size == other.size and dict(self) == dict(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """Show the columns in full, however they are kept."""
        return repr(dict(self))

    def put(self, name: str, values: list[Any]) -> None:
        """Set a column of at least one row, kept once where all rows say the same."""
        same = values.count(values[0]) == len(values)
        self.fixed.pop(name, None)
        self.varied.pop(name, None)
        if same:
            self.fixed[name] = values[0]
        else:
            self.varied[name] = values

    def share(self, known: dict[tuple[str, ...], list[str]]) -> None:
        """Hold what the layout of a form says as one list with all that say it alike, so that it is looked at once.

        `known`: the lists held so far, by what they say.
        """
        for name in LAID_OUT & self.varied.keys():
            self.varied[name] = known.setdefault(tuple(self.varied[name]), self.varied[name])

    def taken(self, rows: Sequence[int]) -> Columns:
        """Return these rows, in this order."""
        return Columns(len(rows), self.fixed, {name: [own[row] for row in rows] for name, own in self.varied.items()})


def like(row: Row) -> Row:
    """Return a row that says the same, to be changed."""
    return Row(*_FIELDS(row))


def fields_of(row: Row) -> Fields:
    """Return what a row says; `extra`, the last, does not travel."""
    return _FIELDS(row)[:-1]


def columns_of(rows: Sequence[Row]) -> Columns:
    """Turn rows into columns."""
    return columns_of_fields([fields_of(row) for row in rows])


def columns_of_fields(rows: Sequence[Fields]) -> Columns:
    """Turn what rows say into columns."""
    size = len(rows)
    columns = Columns(size, {} if rows else dict(BLANK), {})
    for name, values in zip(COLUMNS, zip(*rows, strict=True), strict=True) if rows else ():
        if values.count(values[0]) == size:
            columns.fixed[name] = values[0]
        else:
            columns.varied[name] = list(values)
    return columns


def joined(parts: Sequence[Columns]) -> Columns:
    """Put the rows of some columns below each other."""
    parts = [part for part in parts if part.size]
    if len(parts) <= 1:
        return parts[0] if parts else Columns(0, dict(BLANK), {})
    whole = Columns(sum(part.size for part in parts), {}, {})
    first, *others = [part.fixed.items() for part in parts]
    whole.fixed = dict(first if not others else [each for each in first if all(each in other for other in others)])
    for name in COLUMNS:
        if name not in whole.fixed:
            whole.varied[name] = list(chain.from_iterable(part[name] for part in parts))
    return whole
