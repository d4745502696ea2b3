"""JSON Schema of a standard and of config.toml, by which an editor completes keys and explains them in Chinese."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from dingji.reference.kinds import KINDS, TablePlace, keys, tables
from dingji.scheme.told import Section
from dingji.scheme.written import names_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class TomlSchema(GenerateJsonSchema):
    """Writes what a TOML file may hold, not what the model makes of it: no nulls, no titles, no empty defaults."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """Tell a value of the model's own types by the function that reads it."""
        reader = schema["function"]["function"]
        if reader in KINDS:
            return dict(KINDS[reader].schema)
        inner = super().function_before_schema(schema)
        return {"anyOf": [inner["items"], inner]} if reader is names_of else inner

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Leave null out: TOML has none."""
        return self.generate_inner(schema["schema"])

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchemaValue:
        """Leave the empty text out: it stands for a key that is not written."""
        return super().literal_schema({**schema, "expected": [value for value in schema["expected"] if value != ""]})

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Tell a default only where there is something to tell."""
        written = super().default_schema(schema)
        if not isinstance(written.get("default"), str | bool | int | float) or written["default"] == "":
            written.pop("default", None)
        return written

    def encode_default(self, dft: Any) -> Any:  # noqa: ANN401 - the signature of the library
        """Write a decimal as a number."""
        if isinstance(dft, Decimal):
            return int(dft) if dft == dft.to_integral_value() else float(dft)
        return super().encode_default(dft)

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401 - the signature of the library
        """Give keys no titles: they would only say the key again."""
        return bool(not schema)


def json_schema(root: type[Section]) -> dict[str, Any]:
    """Return the JSON Schema of a kind of file, every table and key described in Chinese."""
    schema = root.model_json_schema(by_alias=True, schema_generator=TomlSchema)
    for place in tables(root):
        _describe(place, schema if place.model is root else schema["$defs"][place.model.__name__])
    return {"$schema": DIALECT, **schema}


def _describe(place: TablePlace, table: dict[str, Any]) -> None:
    table["title"], table["description"] = place.model.words.title, place.model.words.about
    for key in keys(place.model):
        words = f"{key.words.does}写：{key.kind.replace('`', '')}。"
        table["properties"][key.name]["description"] = words
