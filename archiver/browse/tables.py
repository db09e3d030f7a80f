"""Lists as JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any

from starlette.responses import Response, StreamingResponse

from archiver.article import jsonable
from archiver.cells import safe_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FORMATS = ("json", "csv")


def table(rows: Iterable[Any], columns: tuple[str, ...], form: str, name: str) -> Response:
    """The rows as a JSON array, or as CSV (RFC 4180, UTF-8) in these columns, to be kept under `name`."""
    if form == "json":
        return StreamingResponse(_json(rows), media_type="application/json")
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return StreamingResponse(_csv(rows, columns), media_type="text/csv; charset=utf-8; header=present", headers=headers)


def json_answer(value: Any) -> Response:
    """One value as JSON."""
    return Response(json.dumps(jsonable(value), ensure_ascii=False, indent=2) + "\n", media_type="application/json")


def _json(rows: Iterable[Any]) -> Iterator[str]:
    before = "["
    for row in rows:
        yield before + json.dumps(jsonable(row), ensure_ascii=False)
        before = ",\n"
    yield "]\n" if before != "[" else "[]\n"


def _csv(rows: Iterable[Any], columns: tuple[str, ...]) -> Iterator[str]:
    yield _row(columns)
    for row in rows:
        values: dict[str, Any] = asdict(row) if is_dataclass(row) and not isinstance(row, type) else row
        yield _row([cell_of(values[name]) for name in columns])


def _row(cells: Iterable[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()


def cell_of(value: Any) -> str:
    """`value` as the text of a cell; the items of a list side by side."""
    if value is None:
        return ""
    if isinstance(value, tuple | list):
        value = "; ".join(map(str, value))
    return safe_cell(value) if isinstance(value, str) else str(jsonable(value))
