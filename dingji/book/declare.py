"""A model as a workbook: one declaration of sheets and columns, by which a book is written, read and explained.

Tables that stand once in a file share the first sheet, a key a row. Tables that may be several have a sheet each, a
table a row; those inside another name it in their first column.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from dingji.book.kinds import notation
from dingji.book.notation import Notation
from dingji.reference.kinds import TablePlace, keys, tables
from dingji.scheme.indicators import Indicator
from dingji.scheme.model import Grade, Quota, Scheme, Situation, Source
from dingji.scheme.told import KeyWords, Section
from dingji.settings import Settings

Model = type[Section]

CHECK: Final = "检查"
PART, ITEM, VALUE, MEANING = "部分", "项目", "值", "说明"
GUIDE: Final = "填写说明"

NAMES: Mapping[Model, str] = {Scheme: "标准", Settings: "设置"}
"""What the sheet of a whole file is called."""
SPLIT: Mapping[Model, tuple[str, str, tuple[str, ...]]] = {
    Source: (
        "测评",
        "用测评表的来源，票上的问题和选项，一方一行；来源一栏与“来源”表相同。",
        ("questions", "options", "apart", "shares", "out_of", "groups", "min_ballots", "min_turnout"),
    ),
}
"""Tables with so many keys that some stand on a sheet of their own: its name, what it is for, and the keys."""
LABELS: Mapping[tuple[Model, str], Model] = {
    (Situation, "grade"): Grade,
    (Situation, "at_least"): Grade,
    (Situation, "at_most"): Grade,
    (Quota, "grade"): Grade,
    (Source, "in"): Source,
    (Indicator, "in"): Indicator,
}
"""Keys that hold the name of another table: a drop-down offers the names that stand on that table's sheet."""


@dataclass(frozen=True)
class BookColumn:
    """A key of a table as a column, or as a row of the first sheet."""

    key: str
    table: Model
    words: KeyWords
    notation: Notation
    default: Any = field(default=None, compare=False)
    required: bool = False
    names: Model | None = None
    """The table whose names are offered."""

    @property
    def heading(self) -> str:
        """Return what the column is called."""
        return self.words.heading


@dataclass(frozen=True)
class TableSheet:
    """A sheet on which each row is a table; `about` where the table's own words are not for it.

    `link` is the column that says whose row it is: of which table above it, or, where the sheet stands `beside`, of
    which row of the same table's main sheet.
    """

    name: str
    about: str
    place: TablePlace
    columns: tuple[BookColumn, ...]
    link: BookColumn | None = None
    beside: bool = False


@dataclass(frozen=True)
class Entry:
    """A row of the first sheet: in which part, and the key path."""

    part: str
    path: tuple[str, ...]
    column: BookColumn


@dataclass(frozen=True)
class Book:
    """A whole workbook."""

    root: Model
    name: str
    entries: tuple[Entry, ...]
    sheets: tuple[TableSheet, ...]


@cache
def book_of(root: Model) -> Book:
    """Return the workbook that a kind of file makes."""
    places = tables(root)
    single = [place for place in places if not _in_list(place)]
    entries = [entry for place in single for entry in _entries(place, root)]
    sheets: list[TableSheet] = []
    for place in places:
        if place.several:
            taken = {sheet.name for sheet in sheets}
            sheets += _sheets(place, taken)
    return Book(root, NAMES[root], tuple(entries), tuple(sheets))


def _in_list(place: TablePlace) -> bool:
    return place.several or (place.inside is not None and _in_list(place.inside))


def _entries(place: TablePlace, root: Model) -> list[Entry]:
    part = NAMES[root] if place.inside is None else place.model.words.title
    inner = {other.key for other in tables(root) if other.inside is place or other.inside == place}
    own = [column for column in columns_of(place.model) if column.key not in inner | {"choices"}]
    return [Entry(part, (*path_of(place), column.key), column) for column in own]


def path_of(place: TablePlace) -> tuple[str, ...]:
    """Return the keys that lead to a table."""
    return (*path_of(place.inside), place.key) if place.inside else ()


def _sheets(place: TablePlace, taken: set[str]) -> list[TableSheet]:
    words, above = place.model.words, place.inside
    inner = {other.key for other in tables(place.model)[1:] if other.several and other.inside and not other.inside.key}
    name, about, apart = SPLIT.get(place.model, ("", "", ()))
    own = [column for column in columns_of(place.model) if column.key not in inner]
    link = identity(above.model) if above is not None and above.key else None
    title = words.title if words.title not in taken else f"{link.heading if link else ''}{words.title}"
    main = tuple(column for column in own if column.key not in apart)
    found = [TableSheet(title, "", place, main, link)]
    if apart:
        rest = tuple(column for column in own if column.key in apart)
        found.append(TableSheet(name, about, place, rest, identity(place.model), beside=True))
    return found


@cache
def columns_of(table: Model) -> tuple[BookColumn, ...]:
    """Return every key of a table as a column: what names it first, the office's own choice last."""
    columns = [
        BookColumn(
            key.name, table, key.words, notation(key.shape), key.default, key.required, LABELS.get((table, key.name))
        )
        for key in keys(table)
    ]
    return tuple(sorted(columns, key=lambda column: (_rank(column), column.key == "choice")))


NAMING: Final = (("name", "no", "id"), ("round", "year"))
"""Keys that tell which row it is, the plainest first; the latter where they must be given."""


def _rank(column: BookColumn) -> int:
    plain, others = NAMING
    return 0 if column.key in plain else 1 if column.key in others and column.required else 2


def identity(table: Model) -> BookColumn:
    """Return the key by which a row of a table is named."""
    return columns_of(table)[0]
