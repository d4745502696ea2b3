"""Values as TOML: a file laid out for people from the data of a standard or of the settings."""

from __future__ import annotations

import json
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from dingji.reference.kinds import Key, keys
from dingji.scheme.load import inner_model
from dingji.scheme.told import Section

Data = Mapping[str, Any]
WIDE: Final = 100
"""Signs beyond which a list is written an entry a line."""


def is_rows(value: object) -> bool:
    """Say whether a value is a list of tables."""
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def toml_value(value: object, indent: int | None = None) -> str:
    """Write a value on one line; lists of tables a row a line where `indent` says how far in they stand."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return toml_text(value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{toml_key(key)} = {toml_value(part, indent)}" for key, part in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple):
        if indent is not None and is_rows(value):
            pad = "  " * (indent + 1)
            rows = "".join(f"{pad}{toml_value(row, indent + 1)},\n" for row in value)
            return f"[\n{rows}{'  ' * indent}]"
        return f"[{', '.join(toml_value(part) for part in value)}]"
    return str(value)


def toml_text(text: str) -> str:
    """Write a text between quotes; signs that cannot be seen are written by their number."""
    quoted = json.dumps(text, ensure_ascii=False)
    shown = "".join(sign if is_shown(sign) else f"\\U{ord(sign):08x}" for sign in quoted)
    return shown.replace("_x", "\\u005fx")  # to a spreadsheet `_x000D_` is one sign


def is_shown(sign: str) -> bool:
    """Say whether a sign is one that a person sees in a cell."""
    return unicodedata.category(sign)[0] != "C" and unicodedata.category(sign) not in ("Zl", "Zp")


def toml_key(key: str) -> str:
    """Write a key, in quotes unless it is plain English."""
    return key if key and key.isascii() and key.replace("-", "").replace("_", "").isalnum() else toml_text(key)


def value_of(text: str) -> object:
    """Read one value as TOML writes it; None where it is none."""
    try:
        read = tomllib.loads(f"value = {text}", parse_float=Decimal)
    except tomllib.TOMLDecodeError:
        return None
    return read["value"] if len(read) == 1 else None


def toml_file(model: type[Section], data: Data, opening: Sequence[str], *, explained: bool = False) -> str:
    """Return a whole file: single values first, then a table each under a line that says what it is.

    `explained` tells each key's meaning beside it.
    """
    lines = [f"# {line}" for line in opening]
    plain = {key: value for key, value in data.items() if not _is_table(value, model, key)}
    lines += ["", *_pairs(model, plain, explained=explained)] if plain else []
    for key in (key for key in data if key not in plain):
        inner = inner_model(model, key)
        if inner is not None:
            lines += ["", f"# ---- {inner.words.title}：{inner.words.about.rstrip('。')} ----"]
        lines += list(_tables(inner, key, data[key], explained=explained))
    return "\n".join(lines).strip("\n") + "\n"


def _is_table(value: object, model: type[Section], key: str) -> bool:
    nested = isinstance(value, Mapping) and bool(value) and all(isinstance(part, Mapping) for part in value.values())
    table = isinstance(value, Mapping) and inner_model(model, key) is not None
    return is_rows(value) or table or nested


def _tables(model: type[Section] | None, key: str, value: Any, *, explained: bool) -> Iterator[str]:  # noqa: ANN401
    if isinstance(value, list):
        for row in value:
            yield from ("", f"[[{toml_key(key)}]]", *_pairs(model, row, explained=False))
    elif model is not None:
        yield from ("", f"[{toml_key(key)}]", *_pairs(model, value, explained=explained))
    else:
        for name, table in value.items():
            yield from ("", f"[{toml_key(key)}.{toml_key(name)}]", *_pairs(None, table, explained=False))


def _pairs(model: type[Section] | None, table: Data, *, explained: bool) -> Iterator[str]:
    does = {key.name: _comment(key) for key in keys(model)} if model and explained else {}
    for key, value in table.items():
        line = f"{toml_key(key)} = {toml_value(value, 0)}"
        yield f"{line}  # {does[key]}" if key in does else line


def _comment(key: Key) -> str:
    """Tell what a key does, with the values that it may have where they are few."""
    values = f"{key.kind.replace('`', '')}。" if '"' in key.kind else ""
    return key.words.does + values
