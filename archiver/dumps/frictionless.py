"""datapackage.json (Frictionless Data Package 1): every file with size and digest, every table with its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archiver.dumps.contents import media_type
from archiver.dumps.csv_tables import columns
from archiver.dumps.fields import Field, record_fields
from archiver.schema import line_schema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.dumps.contents import Contents
    from archiver.dumps.package import Packed

_TYPES = {
    "string": "string",
    "moment": "string",
    "integer": "integer",
    "object": "object",
    "map": "object",
    "list": "array",
}
_IN_CELLS = {**_TYPES, "map": "string", "list": "string"}
"""JSON text in a cell of CSV is text."""


def data_package(contents: Contents, files: Sequence[Packed], event: type, absence: type) -> dict[str, Any]:
    """The description of these files. `event`, `absence`: what a line of those tables is."""
    return {
        "profile": "data-package",
        "name": contents.name.lower(),
        "title": contents.title,
        "description": contents.summary,
        "version": contents.last_fetched or "0",
        "licenses": [{"name": "other", "title": "Copyright of the publishers; see README.md"}],
        "archiver": contents.told,
        "resources": [_resource(each, event, absence) for each in files],
    }


def _resource(packed: Packed, event: type, absence: type) -> dict[str, Any]:
    told = {
        "name": packed.path.lower().removeprefix("data/").replace("/", "-"),
        "path": packed.path,
        "mediatype": media_type(packed),
        "bytes": packed.bytes,
        "hash": f"sha256:{packed.sha256}",
    }
    if packed.rows is None or packed.path.endswith(".parquet"):
        # Frictionless 5: not to be opened as a table; lists in Parquet stop it.
        return {**told, "type": "file"}
    is_csv = packed.path.endswith(".csv")
    shape: dict[str, Any] = {
        "format": "csv" if is_csv else "jsonl",
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
    }
    if packed.path.endswith(".gz"):
        shape["compression"] = "gz"
    fields = _columns(packed, event, absence, is_csv=is_csv)
    if packed.role == "events":
        # Only events of files say `file`: without this the first line's keys would be those of all.
        shape["dialect"] = {"json": {"keys": [each["name"] for each in fields]}}
    return {**told, **shape, "rows": packed.rows, "schema": {"fields": fields, "missingValues": [""] if is_csv else []}}


def _columns(packed: Packed, event: type, absence: type, *, is_csv: bool) -> list[dict[str, Any]]:
    if packed.role in ("events", "gaps"):
        return _of_schema(line_schema(event if packed.role == "events" else absence))
    if is_csv:
        return [_field(each, _IN_CELLS) for each in columns()]
    fields = [_field(each, _TYPES) for each in record_fields()]
    if packed.role == "lines":
        return fields
    return [*fields, {"name": "published_on", "type": "string"}, {"name": "published_offset", "type": "string"}]


def _field(field: Field, types: dict[str, str]) -> dict[str, Any]:
    return {"name": field.name, "type": types[field.shape], "description": field.description}


def _of_schema(schema: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for name, each in schema["properties"].items():
        kinds = each.get("type", "string")
        kind = kinds if isinstance(kinds, str) else kinds[0]
        found.append({"name": name, "type": kind, "description": each.get("description", "")})
    return found
