"""The types of a model's keys as data, so that what is told of them and what reads them walk no type hints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import BeforeValidator

from dingji.scheme.lint_conditions import CONDITION_KEYS
from dingji.scheme.told import OTHERS, Section
from dingji.scheme.written import names_of

CONDITIONS = frozenset(key for key, _ in CONDITION_KEYS)
FORMULA = "of"
Kind = Literal["condition", "either", "read", "names", "limited", "choice", "list", "named", "rows", "table", "plain"]
_MADE_OF: Mapping[object, Kind] = {Union: "either", UnionType: "either", list: "list", dict: "named"}


@dataclass(frozen=True)
class Shape:
    """What a key holds. `of` is, by kind: the key of a condition, the function that reads, limits told, values, a type.

    `names` are one name or a list of them; `rows` several tables; `named` a table of names and values.
    """

    kind: Kind
    of: Any = None
    parts: tuple[Shape, ...] = ()


def shape_of(hint: object, key: str = "") -> Shape:
    """Return the shape of a type hint; texts that are read as conditions are told apart by their key."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _annotated(parts[0], parts[1:], key)
    if origin is Literal:
        return Shape("choice", tuple(value for value in parts if value != ""))
    if key in CONDITIONS:
        return Shape("condition", key)
    if origin is list and _is_model(parts[0]):
        return Shape("rows", parts[0])
    if origin in _MADE_OF:
        return Shape(_MADE_OF[origin], None, tuple(shape_of(part) for part in parts if part is not NoneType))
    return Shape("table" if _is_model(hint) else "plain", hint)


def _annotated(inner: object, extras: Sequence[object], key: str) -> Shape:
    for reader in (extra.func for extra in extras if isinstance(extra, BeforeValidator)):
        return Shape("names", None, (shape_of(*get_args(inner)),)) if reader is names_of else Shape("read", reader)
    if OTHERS in extras:
        return Shape("plain", OTHERS)
    constraints = [part for extra in extras for part in getattr(extra, "metadata", ())]
    told = [f"不小于 {part.ge}" for part in constraints if isinstance(part, Ge)]
    told += [f"不大于 {part.le}" for part in constraints if isinstance(part, Le)]
    return Shape("limited", tuple(told), (shape_of(inner),)) if told else shape_of(inner, key)


def _is_model(hint: object) -> bool:
    return isinstance(hint, type) and issubclass(hint, Section)
