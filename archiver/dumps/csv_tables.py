"""Lines as CSV (RFC 4180): one row a line, every field in a column, safe to open in a spreadsheet.

The fields of an object become columns of their own, `capture_warc`; lists and maps become JSON text in one column. A
missing value and an empty text are both an empty cell. A text that a spreadsheet would take for a formula gets a ' in
front; so does one that begins with ' itself, so that taking one ' away always gives the text (see archiver.cells).
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from archiver.cells import safe_cell
from archiver.dumps.fields import Field, record_fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BOM = "\ufeff".encode()
_ADDED = Field("published_on", "string", "Day of publication, as the page printed it.")


def columns() -> tuple[Field, ...]:
    """The columns of the table; of shape string, integer, moment, or list and map where JSON text stands in a cell."""
    return (_ADDED, *(column for path, column in _paths()))


def csv_rows(lines: Iterable[dict[str, Any]], *, bom: bool) -> Iterator[bytes]:
    """The table of these lines, its head first."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in columns()])
    yield (BOM if bom else b"") + _taken(text)
    paths = [path for path, _ in _paths()]
    for line in lines:
        day = (line["published_at"] or "")[:10]
        writer.writerow([safe_cell(day), *(_cell(_at(line, path)) for path in paths)])
        yield _taken(text)


def _paths() -> list[tuple[tuple[str, ...], Field]]:
    """Where in a line each column's value stands."""
    found: list[tuple[tuple[str, ...], Field]] = []
    for field in record_fields():
        if field.shape != "object":
            found.append(((field.name,), field))
            continue
        for part in field.parts:
            column = Field(f"{field.name}_{part.name}", part.shape, part.description, part.parts)
            found.append(((field.name, part.name), column))
    return found


def _at(line: dict[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = line
    for key in path:
        value = None if value is None else value[key]
    return value


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))  # begins with [ or {
    if isinstance(value, str):
        return safe_cell(value)
    return str(value)


def _taken(text: io.StringIO) -> bytes:
    raw = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return raw
