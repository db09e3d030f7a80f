"""The fields of a record as a tree, read off its JSON Schema: every description of a package's tables is made from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from archiver.schema import record_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

Shape = Literal["string", "integer", "moment", "object", "list", "map"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field."""

    name: str
    shape: Shape
    description: str
    parts: tuple[Field, ...] = ()
    """Of an object its fields; of a list the one field that its items are."""


@cache
def record_fields() -> tuple[Field, ...]:
    """The fields of a record, in the order of a line's keys."""
    schema = record_schema()
    return _fields(schema, schema["$defs"])


def _fields(schema: Mapping[str, Any], defs: Mapping[str, Any]) -> tuple[Field, ...]:
    return tuple(_field(name, each, defs) for name, each in schema["properties"].items())


def _field(name: str, schema: Mapping[str, Any], defs: Mapping[str, Any]) -> Field:
    description = schema.get("description", "")
    plain = next((each for each in schema.get("anyOf", ()) if each != {"type": "null"}), schema)
    if "$ref" in plain:
        plain = defs[plain["$ref"].rpartition("/")[2]]
    types = plain.get("type", "string")
    kind = types if isinstance(types, str) else types[0]
    if kind == "array":
        return Field(name, "list", description, (_field("item", plain["items"], defs),))
    if kind == "object":
        is_map = "properties" not in plain
        return Field(name, "map" if is_map else "object", description, () if is_map else _fields(plain, defs))
    if kind == "integer":
        return Field(name, "integer", description)
    return Field(name, "moment" if plain.get("format") == "date-time" else "string", description)
