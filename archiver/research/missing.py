"""What is not in the archive, and why: the events that tell of pages gone, failed and skipped."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Any

from archiver.errors import ArchiveDamaged
from archiver.store.ledger import Place

if TYPE_CHECKING:
    import sqlite3

    from archiver.research.library import Library, Shelf

_WHERE = """FROM event JOIN word outcome ON outcome.number = event.outcome JOIN word reason ON reason.number = event.reason
    WHERE (:outcome = '' OR outcome.text = :outcome) AND (:reason = '' OR reason.text = :reason)
    AND (:day = '' OR event.time BETWEEN :day AND :day || 'U') AND (:id = '' OR event.id = :id)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Events that are alike in what is given here; empty: whatever it be."""

    site: str = ""
    outcome: str = ""
    """gone, failed or skipped."""
    reason: str = ""
    day: str = ""
    """2026-11-22, UTC."""
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One event, from its line."""

    site: str
    time: str
    outcome: str
    reason: str
    url: str
    id: str
    http_status: int | None
    record_id: str
    message: str


def missing(library: Library, asked: Asked, *, limit: int, offset: int = 0) -> list[Missing]:
    """The events, newest first, `limit` of them from the `offset`th on. Raises ArchiveDamaged."""
    lists = (_places(shelf, asked, offset + limit) for shelf in _shelves(library, asked))
    chosen = islice(merge(*lists, key=lambda each: each[0], reverse=True), offset, offset + limit)
    return [_event(shelf, place) for _, shelf, place in chosen]


def reasons(library: Library, asked: Asked) -> Counter[tuple[str, str]]:
    """How many events there are of each outcome and reason; which of them are asked for is not looked at."""
    found: Counter[tuple[str, str]] = Counter()
    for shelf in _shelves(library, asked):
        with shelf.open() as catalog:
            query = f"SELECT outcome.text, reason.text, count(*) {_WHERE} GROUP BY 1, 2"  # our own names
            for outcome, reason, count in catalog.execute(query, _values(Asked(day=asked.day, id=asked.id))):
                found[outcome, reason] += count
    return found


def _shelves(library: Library, asked: Asked) -> list[Shelf]:
    return [shelf for name, shelf in library.shelves.items() if asked.site in ("", name)]


def _places(shelf: Shelf, asked: Asked, most: int) -> list[tuple[str, Shelf, Place]]:
    with shelf.open() as catalog:
        query = f"""SELECT event.time, (SELECT name FROM file WHERE number = event.file), event.offset {_WHERE}
            ORDER BY event.time DESC, event.number LIMIT :most"""  # noqa: S608  # our own names
        rows = _rows(catalog, query, {**_values(asked), "most": most})
        return [(time, shelf, Place(file, offset)) for time, file, offset in rows]


def _rows(catalog: sqlite3.Connection, query: str, values: dict[str, Any]) -> list[Any]:
    return catalog.execute(query, values).fetchall()


def _values(asked: Asked) -> dict[str, Any]:
    return {"outcome": asked.outcome, "reason": asked.reason, "day": asked.day, "id": asked.id}


def _event(shelf: Shelf, place: Place) -> Missing:
    try:
        line = json.loads(shelf.event_at(place))
        texts = {name: line[name] or "" for name in ("time", "outcome", "reason", "url", "id", "record_id", "message")}
        return Missing(site=shelf.folder.name, http_status=line["http_status"], **texts)
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        message = (
            f"{shelf.folder / place.file}, byte {place.offset}: no line of an event ({problem!r}). See: archiver verify"
        )
        raise ArchiveDamaged(message) from problem
