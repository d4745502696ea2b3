"""Which notation a key of a model has, told from its type: a new key of a known type needs nothing here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, Literal, Union, get_args, get_origin, get_type_hints

from annotated_types import Ge, Le
from pydantic import BaseModel, BeforeValidator

from dingji.book.compound import Either, Named, Several
from dingji.book.notation import (
    ANY_TEXT,
    UNLIMITED,
    UNREAD,
    YES_NO,
    Bound,
    Choice,
    Content,
    Notation,
    Number,
    Points,
    Text,
)
from dingji.book.toml import toml_value, value_of
from dingji.reference.headings import heading
from dingji.reference.kinds import CONDITIONS, FORMULA, declaring, key_name
from dingji.reference.words import VALUES
from dingji.scheme.written import Quantity, limit_of, names_of, number_of, points_of

_READERS: Mapping[object, Notation] = {
    number_of: Number(),
    Quantity.parse: Bound(),
    points_of: Points(),
    limit_of: Either("数字，或者“不限”", (Number(), UNLIMITED)),
}
"""By the function that reads the value from TOML."""
_PLAIN: Mapping[object, Notation] = {
    str: ANY_TEXT,
    bool: YES_NO,
    int: Number("整数", whole=True),
    Decimal: Number(),
}
DEFAULT_CALLED = (("default", "其余"),)


def notations(table: type[BaseModel]) -> Mapping[str, Notation]:
    """Return the notation of every key of a table, by the key as TOML writes it."""
    hints = get_type_hints(table, include_extras=True)
    return {
        key_name(name, field): notation(hints[name], key_name(name, field))
        for name, field in table.model_fields.items()
    }


def notation(hint: object, key: str = "") -> Notation:
    """Return how values of a type stand in a cell."""
    if key in CONDITIONS:
        return Text("算式" if key == FORMULA else "条件")
    if get_origin(hint) in (Union, UnionType):
        kinds = tuple(notation(part) for part in get_args(hint) if part is not NoneType)
        return kinds[0] if len(kinds) == 1 else Either("，或者".join(kind.words for kind in kinds), kinds)
    if get_origin(hint) is Annotated:
        return _annotated(hint)
    return _structure(hint)


def _annotated(hint: object) -> Notation:
    inner, *extras = get_args(hint)
    for reader in (extra.func for extra in extras if isinstance(extra, BeforeValidator)):
        if reader is names_of:
            return _several(get_args(inner)[0], single=True)
        return _READERS[reader]
    found = notation(inner)
    limits = [part for extra in extras for part in getattr(extra, "metadata", ())]
    told = [f"不小于 {part.ge}" for part in limits if isinstance(part, Ge)]
    told += [f"不大于 {part.le}" for part in limits if isinstance(part, Le)]
    return Number("，".join([found.words, *told]), whole=found.whole) if isinstance(found, Number) else found


def _structure(hint: object) -> Notation:
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Literal:
        values = tuple((value, VALUES.get(value, value)) for value in parts if value != "")
        return Choice("、".join(f"“{words}”" for _, words in values), values)
    if origin is list:
        return Rows(table=parts[0]) if _is_model(parts[0]) else _several(parts[0])
    if origin is dict:
        return _named(parts[1])
    return Rows(table=hint, single=True) if _is_model(hint) else _PLAIN.get(hint, Anything())


def _several(hint: object, *, single: bool = False) -> Several:
    part = notation(hint)
    words = f"{part.words}，几个的用“；”隔开或者分行写"
    return Several(words, part, single=single)


def _named(hint: object) -> Named:
    part = notation(hint)
    if isinstance(part, Several):
        part = Several(f"{part.part.words}+{part.part.words}", part.part, between="+")
    words = f"名称={part.words}，几个的用“；”隔开或者分行写"
    return Named(words, part, DEFAULT_CALLED if isinstance(part, Bound) else ())


def _is_model(hint: object) -> bool:
    return isinstance(hint, type) and issubclass(hint, BaseModel)


@dataclass(frozen=True)
class Anything(Notation):
    """A value of any kind, as TOML writes it; what is no TOML is text."""

    words: str = "TOML 的值"

    def write(self, value: object) -> Content:
        """Leave every value to TOML."""
        return toml_value(value)

    def meant(self, content: object) -> object:
        """Take what is no TOML as it is."""
        return content

    def read(self, content: object) -> object:
        """Read TOML, else take the text or number as it is."""
        value = value_of(content) if isinstance(content, str) else None
        return self.meant(content) if value is None else value


@dataclass(frozen=True)
class Rows(Notation):
    """Tables inside a cell, a table a line: `达到=90%，给分=0`."""

    words: str = "一行一条，每条写成 栏目=值，几栏之间用逗号“，”隔开"
    table: Any = None
    single: bool = False
    opens: ClassVar[str] = "[{"

    @property
    def _keys(self) -> Mapping[str, tuple[str, Notation]]:
        """Return the table's keys with their Chinese names and notations."""
        names = {key_name(name, field): declaring(self.table, name) for name, field in self.table.model_fields.items()}
        found = notations(self.table)
        return {key: (heading(owner, key), found[key]) for key, owner in names.items()}

    def fits(self, value: object) -> bool:
        """Take a table, or a list of them, whose keys are known."""
        rows = [value] if self.single else value
        return isinstance(rows, list) and bool(rows) and all(isinstance(row, dict) and row for row in rows)

    def short(self, value: Any) -> Content:  # noqa: ANN401 - as `fits` has it
        """Write a table a line; nothing where a value does not fit its key."""
        rows, keys = ([value] if self.single else value), self._keys
        if any(key not in keys or not keys[key][1].fits(one) for row in rows for key, one in row.items()):
            return ""
        lines = ("，".join(f"{keys[key][0]}={keys[key][1].short(one)}" for key, one in row.items()) for row in rows)
        return "\n".join(lines)

    def meant(self, content: object) -> object:
        """Read a table from each line."""
        rows = [self._row(line) for line in str(content).splitlines() if line.strip()]
        if not rows or None in rows or (self.single and len(rows) > 1):
            return UNREAD
        return rows[0] if self.single else rows

    def _row(self, line: str) -> dict[str, object] | None:
        keys = {name: (key, kind) for key, (name, kind) in self._keys.items()}
        pairs = [part.replace("＝", "=").partition("=") for part in line.replace(",", "，").split("，")]
        names = [name.strip() for name, _, _ in pairs]
        if len(set(names)) < len(names) or not set(names) <= set(keys):
            return None
        row = {
            keys[name][0]: keys[name][1].read(value.strip()) for name, (_, _, value) in zip(names, pairs, strict=True)
        }
        return None if UNREAD in row.values() else row
