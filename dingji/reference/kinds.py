"""What stands under a key, told from the models themselves: its kind in words, what holds where it is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo

from dingji.numbers import plain
from dingji.reference.shapes import FORMULA, Shape, shape_of
from dingji.reference.words import VALUES
from dingji.scheme.examples import expected_of, typed_of
from dingji.scheme.told import OTHERS, KeyWords, Section
from dingji.scheme.written import Quantity, limit_of, number_of, otherwise_of, points_of

NUMBER: Mapping[str, Any] = {"type": "number"}
SHARE: Mapping[str, Any] = {
    "type": "string",
    "pattern": r"^\s*([-+]?[0-9]+(\.[0-9]+)?%|[0-9]+/[0-9]*[1-9][0-9]*)\s*$",
}


@dataclass(frozen=True)
class TomlKind:
    """What TOML may hold where one of the model's own types stands: in words, and as JSON Schema."""

    words: str
    schema: Mapping[str, Any]


KINDS: Mapping[Callable[..., Any], TomlKind] = {
    number_of: TomlKind("数字", NUMBER),
    Quantity.parse: TomlKind('数字或比率（`"90%"`、`"1/3"`）', {"anyOf": [NUMBER, SHARE]}),
    points_of: TomlKind(
        "分数，或 `[a, b]`：在两数之间酌情填",
        {"anyOf": [NUMBER, {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2}]},
    ),
    otherwise_of: TomlKind('数字，或 `"是"`、`"否"`、一个选项', {"anyOf": [NUMBER, {"type": "string"}]}),
    typed_of: TomlKind("数字、文字、几个这样的值（写在 `[ ]` 里），或 `{ 名称 = … }`", {}),
    expected_of: TomlKind("数字或文字", {"anyOf": [NUMBER, {"type": "string"}]}),
    limit_of: TomlKind('数字，或 `"none"`（不限）', {"anyOf": [NUMBER, {"type": "string", "const": "none"}]}),
}
"""By the function that reads the value."""

PLAIN: Mapping[object, str] = {
    str: "文字",
    OTHERS: "文字",
    bool: "`true` 或 `false`",
    int: "整数",
    Decimal: "数字",
    Any: "标准的那个键可以写的值",
}
NOTHING = "—"


@dataclass(frozen=True)
class Key:
    """A key of a table as TOML writes it: where it is declared, what is said of it, what it holds."""

    name: str
    declared_in: type[Section]
    words: KeyWords
    shape: Shape
    field: FieldInfo

    @property
    def kind(self) -> str:
        """Tell what the key may hold."""
        return kind_words(self.shape)

    @property
    def required(self) -> bool:
        """Say whether the key must be written."""
        return self.field.is_required()

    @property
    def default(self) -> Any:  # noqa: ANN401 - a key of any type
        """Return what holds where the key is left out, None where it must be written."""
        return None if self.required else self.field.get_default(call_default_factory=True)


@dataclass(frozen=True)
class TablePlace:
    """A table of a file: its model, the key that it stands under, whether there may be several, and in what."""

    model: type[Section]
    key: str = ""
    several: bool = False
    inside: TablePlace | None = None

    @property
    def header(self) -> str:
        """Return in Markdown how the table is begun in a file; one inside another is a key of that."""
        if self.inside and self.inside.key:
            return f"{self.inside.header} 的 `{self.key}`"
        return f"`[[{self.key}]]`" if self.several else f"`[{self.key}]`" if self.key else ""


def tables(model: type[Section]) -> list[TablePlace]:
    """Return a file's tables, the whole file first, in the order in which the models name them."""
    return list(_tables(TablePlace(model)))


def _tables(place: TablePlace) -> Iterator[TablePlace]:
    yield place
    for name, hint in get_type_hints(place.model, include_extras=True).items():
        field = place.model.model_fields.get(name)
        for inner, several in _models(hint) if field else ():
            yield from _tables(TablePlace(inner, key_name(name, field), several, place))


def _models(hint: object, *, several: bool = False) -> Iterator[tuple[type[Section], bool]]:
    """Yield the models in a hint, and whether they stand in a list."""
    if isinstance(hint, type) and issubclass(hint, Section):
        yield hint, several
    for part in get_args(hint):
        yield from _models(part, several=several or get_origin(hint) is list)


def key_name(name: str, field: FieldInfo | None) -> str:
    """Return a field's name as TOML writes it."""
    return (field.alias if field else None) or name


def keys(model: type[Section]) -> list[Key]:
    """Return every key of a table, those that it shares with others first."""
    hints = get_type_hints(model, include_extras=True)
    found = []
    for name, field in model.model_fields.items():
        key, owner = key_name(name, field), declaring(model, name)
        words = next(part for part in field.metadata if isinstance(part, KeyWords))
        found.append(Key(key, owner, words, shape_of(hints[name], key), field))
    return found


def declaring(model: type[Section], name: str) -> type[Section]:
    """Return the class among a model and its bases that declares a field."""
    return next(owner for owner in model.__mro__ if name in vars(owner).get("__annotations__", {}))


# --- in words ---------------------------------------------------------------------------------------------

_WORDS: Mapping[str, Callable[[Any, list[str]], str]] = {
    "condition": lambda key, _: "算式" if key == FORMULA else "条件",
    "either": lambda _, parts: "；或 ".join(parts),
    "read": lambda reader, _: KINDS[reader].words,
    "names": lambda _, parts: f"一个或几个（几个写在 `[ ]` 里）：{parts[0]}",
    "limited": lambda limits, parts: "，".join([*parts, *limits]),
    "choice": lambda values, _: "；".join(f'`"{value}"` {VALUES.get(value, "")}'.rstrip() for value in values),
    "list": lambda _, parts: f"几个{parts[0]}（写在 `[ ]` 里）",
    "named": lambda _, parts: f"`{{ 名称 = … }}`，等号后：{parts[-1]}",
    "rows": lambda _model, _: "几张表",
    "table": lambda _model, _: "一张表",
    "plain": lambda plain_type, _: PLAIN[plain_type],
}


def kind_words(shape: Shape) -> str:
    """Tell what a key may hold."""
    return _WORDS[shape.kind](shape.of, [kind_words(part) for part in shape.parts])


def default_words(key: Key) -> str:
    """Tell what holds where the key is left out."""
    default = key.default
    if key.required:
        return "必填"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, int | Decimal):
        return f"`{plain(Fraction(default))}`"
    return f'`"{default}"`' if isinstance(default, str) and default else NOTHING
