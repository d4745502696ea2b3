"""What stands under a key, told from the models themselves: its kind in words, what holds where it is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from annotated_types import Ge, Le
from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo

from dingji.numbers import plain
from dingji.reference.words import VALUES
from dingji.scheme.lint_conditions import CONDITION_KEYS
from dingji.scheme.written import Quantity, limit_of, names_of, number_of, points_of

NUMBER: Mapping[str, Any] = {"type": "number"}
SHARE: Mapping[str, Any] = {
    "type": "string",
    "pattern": r"^\s*([-+]?[0-9]+(\.[0-9]+)?%|[0-9]+/[0-9]*[1-9][0-9]*)\s*$",
}


@dataclass(frozen=True)
class Kind:
    """What TOML may hold where one of the model's own types stands: in words, and as JSON Schema."""

    words: str
    schema: Mapping[str, Any]


KINDS: Mapping[Callable[..., Any], Kind] = {
    number_of: Kind("数字", NUMBER),
    Quantity.parse: Kind('数字或比率（`"90%"`、`"1/3"`）', {"anyOf": [NUMBER, SHARE]}),
    points_of: Kind(
        "分数，或 `[a, b]`：在两数之间酌情填",
        {"anyOf": [NUMBER, {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2}]},
    ),
    limit_of: Kind('数字，或 `"none"`（不限）', {"anyOf": [NUMBER, {"type": "string", "const": "none"}]}),
}
"""By the function that reads the value."""

PLAIN: Mapping[object, str] = {
    str: "文字",
    bool: "`true` 或 `false`",
    int: "整数",
    Decimal: "数字",
    Any: "标准的那个键可以写的值",
}
CONDITIONS = frozenset(key for key, _ in CONDITION_KEYS)
FORMULA = "of"
NOTHING = "—"


@dataclass(frozen=True)
class Key:
    """A key of a table as TOML writes it: where it is declared, what it holds, what holds without it."""

    name: str
    declared_in: type[BaseModel]
    kind: str
    default: str


@dataclass(frozen=True)
class TablePlace:
    """A table of a file: its model, the key that it stands under, whether there may be several, and in what."""

    model: type[BaseModel]
    key: str = ""
    several: bool = False
    inside: TablePlace | None = None

    @property
    def header(self) -> str:
        """Return in Markdown how the table is begun in a file; one inside another is a key of that."""
        if self.inside and self.inside.key:
            return f"{self.inside.header} 的 `{self.key}`"
        return f"`[[{self.key}]]`" if self.several else f"`[{self.key}]`" if self.key else ""


def tables(model: type[BaseModel]) -> list[TablePlace]:
    """Return a file's tables, the whole file first, in the order in which the models name them."""
    return list(_tables(TablePlace(model)))


def _tables(place: TablePlace) -> Iterator[TablePlace]:
    yield place
    for name, hint in get_type_hints(place.model, include_extras=True).items():
        field = place.model.model_fields.get(name)
        for inner, several in _models(hint) if field else ():
            yield from _tables(TablePlace(inner, key_name(name, field), several, place))


def _models(hint: object, *, several: bool = False) -> Iterator[tuple[type[BaseModel], bool]]:
    """Yield the models in a hint, and whether they stand in a list."""
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint, several
    for part in get_args(hint):
        yield from _models(part, several=several or get_origin(hint) is list)


def key_name(name: str, field: FieldInfo | None) -> str:
    """Return a field's name as TOML writes it."""
    return (field.alias if field else None) or name


def keys(model: type[BaseModel]) -> list[Key]:
    """Return every key of a table: its own first, then those that it shares with others."""
    hints = get_type_hints(model, include_extras=True)
    found = []
    for name, field in model.model_fields.items():
        key, owner = key_name(name, field), declaring(model, name)
        found.append(Key(key, owner, kind_words(hints[name], key), default_words(field)))
    return sorted(found, key=lambda key: model.__mro__.index(key.declared_in))


def declaring(model: type[BaseModel], name: str) -> type[BaseModel]:
    """Return the class among a model and its bases that declares a field."""
    return next(owner for owner in model.__mro__ if name in vars(owner).get("__annotations__", {}))


# --- in words ---------------------------------------------------------------------------------------------


def kind_words(hint: object, key: str = "") -> str:
    """Tell what a key may hold; texts that are read as conditions are told apart by their key."""
    if key in CONDITIONS:
        return "算式" if key == FORMULA else "条件"
    if get_origin(hint) in (Union, UnionType):
        return "；或 ".join(kind_words(part) for part in get_args(hint) if part is not NoneType)
    if get_origin(hint) is Annotated:
        return _annotated_words(hint)
    return _structure_words(hint)


def _annotated_words(hint: object) -> str:
    inner, *extras = get_args(hint)
    for reader in (extra.func for extra in extras if isinstance(extra, BeforeValidator)):
        if reader is names_of:
            return f"一个或几个（几个写在 `[ ]` 里）：{kind_words(*get_args(inner))}"
        return KINDS[reader].words
    constraints = [part for extra in extras for part in getattr(extra, "metadata", ())]
    told = [f"不小于 {part.ge}" for part in constraints if isinstance(part, Ge)]
    told += [f"不大于 {part.le}" for part in constraints if isinstance(part, Le)]
    return "，".join([kind_words(inner), *told])


def _structure_words(hint: object) -> str:
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Literal:
        return "；".join(_value_words(value) for value in parts if value)
    if origin is list:
        return "几张表" if _is_model(parts[0]) else f"几个{kind_words(parts[0])}（写在 `[ ]` 里）"
    if origin is dict:
        return f"`{{ 名称 = … }}`，等号后：{kind_words(parts[1])}"
    return "一张表" if _is_model(hint) else PLAIN[hint]


def _is_model(hint: object) -> bool:
    return isinstance(hint, type) and issubclass(hint, BaseModel)


def _value_words(value: str) -> str:
    return f'`"{value}"` {VALUES.get(value, "")}'.rstrip()


def default_words(field: FieldInfo) -> str:
    """Tell what holds where the key is left out."""
    if field.is_required():
        return "必填"
    default = field.get_default(call_default_factory=True)
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, int | Decimal):
        return f"`{plain(Fraction(default))}`"
    return f'`"{default}"`' if isinstance(default, str) and default else NOTHING
