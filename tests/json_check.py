"""Just enough of JSON Schema to hold a file against a schema of ours; what it does not know it refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

Schema = Mapping[str, Any]
TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float, Decimal),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
TOLD = {"$schema", "$defs", "title", "description", "default"}
KNOWN = TOLD | {
    "$ref", "anyOf", "type", "enum", "const", "pattern", "minimum", "maximum", "minItems", "maxItems", "items",
    "properties", "required", "additionalProperties",
}  # fmt: skip


def faults(value: object, schema: Schema, root: Schema, path: str = "") -> list[str]:
    """Return what a schema has against a value, each with its path."""
    unknown = set(schema) - KNOWN
    assert not unknown, unknown
    return list(_faults(value, schema, root, path))


def _faults(value: object, schema: Schema, root: Schema, path: str) -> Iterator[str]:
    if "$ref" in schema:
        yield from faults(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, path)
    if "anyOf" in schema and all(faults(value, choice, root, path) for choice in schema["anyOf"]):
        yield f"{path}: none of the alternatives"
    if "type" in schema and not _is(value, schema["type"]):
        yield f"{path}: not {schema['type']}"
        return
    yield from _plain_faults(value, schema, path)
    if isinstance(value, list):
        for place, part in enumerate(value):
            yield from faults(part, schema.get("items", {}), root, f"{path}[{place}]")
    if isinstance(value, dict) and "$ref" not in schema:
        yield from _table_faults(value, schema, root, path)


def _is(value: object, kind: str) -> bool:
    return isinstance(value, TYPES[kind]) and isinstance(value, bool) == (kind == "boolean")


def _plain_faults(value: Any, schema: Schema, path: str) -> Iterator[str]:  # noqa: ANN401 - anything a file holds
    if value not in schema.get("enum", [value]) or value != schema.get("const", value):
        yield f"{path}: not one of the values"
    if not re.search(schema.get("pattern", ""), value if isinstance(value, str) else ""):
        yield f"{path}: not as the pattern has it"
    if ("minimum" in schema and value < schema["minimum"]) or ("maximum" in schema and value > schema["maximum"]):
        yield f"{path}: out of range"
    if isinstance(value, list) and not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        yield f"{path}: too many or too few"


def _table_faults(value: Mapping[str, Any], schema: Schema, root: Schema, path: str) -> Iterator[str]:
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    yield from (f"{path}.{key}: wanting" for key in schema.get("required", ()) if key not in value)
    for key, part in value.items():
        if key in properties or isinstance(others, dict):
            yield from faults(part, properties.get(key, others), root, f"{path}.{key}")
        elif not others:
            yield f"{path}.{key}: unknown"
