"""Lines as Hugging Face `datasets` reads them: typed in the card, so that it guesses nothing.

Its reader turns whatever looks like a time into one without a zone. So times are declared as moments in UTC, the day and
the offset that the page printed stand beside them, and texts that may look like a time, and maps, are declared as JSON.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from archiver.dumps.fields import Field, record_fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PLAIN = {"string": "string", "integer": "int64", "moment": "timestamp[s, tz=UTC]", "map": "json"}
_MAY_LOOK_LIKE_A_TIME = ("published_raw",)
ADDED = ({"name": "published_on", "dtype": "date32"}, {"name": "published_offset", "dtype": "string"})


def features() -> list[dict[str, Any]]:
    """What the card says of the columns, as YAML and JSON alike."""
    return [*(_feature(field) for field in record_fields()), *ADDED]


def hub_lines(lines: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """The lines with the columns that are added."""
    for line in lines:
        at = line["published_at"] or ""
        offset = "+00:00" if at.endswith("Z") else at[19:] or None
        shown = {**line, "published_on": at[:10] or None, "published_offset": offset}
        yield json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _feature(field: Field) -> dict[str, Any]:
    return {"name": field.name, **_typed(field)}


def _typed(field: Field) -> dict[str, Any]:
    if field.name in _MAY_LOOK_LIKE_A_TIME:
        return {"dtype": "json"}
    if field.shape == "object":
        return {"struct": [_feature(part) for part in field.parts]}
    if field.shape == "list":
        (item,) = field.parts
        if item.shape == "object":
            return {"list": [_feature(part) for part in item.parts]}
        inner = _typed(item)
        return {"list": inner.get("dtype", inner)}
    return {"dtype": _PLAIN[field.shape]}
