"""What the newest line of each article has: counted once for each line, and kept in `cache/` for the next time.

Files of lines only grow, so what was counted holds: a later look reads on where the last one ended. Where a file
does not end there as it did, everything is counted anew. The cache can be deleted at any time; an archive that cannot be written is
counted in memory.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archiver.errors import ArchiveDamaged
from archiver.site import is_own
from archiver.store.articles import KIND
from archiver.store.months import Month, month_of, months

if TYPE_CHECKING:
    from collections.abc import Callable

FORMAT = 1
NAME = "cache/summary.sqlite"

FIELDS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "title": lambda line: line["title"],
    "time": lambda line: line["published_at"],
    "lead": lambda line: line["lead"],
    "body": lambda line: line["body"],
    "authors": lambda line: line["authors"],
    "images": lambda line: line["images"],
    "captions": lambda line: any(image["caption"] for image in line["images"]),
    "credit_line": lambda line: line["credit_line"],
    "section": lambda line: line["section"],
    "categories": lambda line: line["categories"],
    "tags": lambda line: line["tags"],
    "attachments": lambda line: line["attachments"],
    "related": lambda line: line["related"],
    "comment_count": lambda line: line["comment_count"] is not None,
    "modified_at": lambda line: line["modified_at"],
    "language": lambda line: line["language"],
}
"""What is counted, and how a line tells it."""

_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_TAIL = 4_096
_BATCH = 1_000
_SCHEMA = (
    "CREATE TABLE file (name TEXT PRIMARY KEY, bytes INTEGER NOT NULL, lines INTEGER NOT NULL, tail TEXT NOT NULL)",
    """CREATE TABLE article (
        id TEXT PRIMARY KEY, status TEXT NOT NULL, published TEXT NOT NULL, title TEXT NOT NULL, has INTEGER NOT NULL,
        own INTEGER NOT NULL, general INTEGER NOT NULL) WITHOUT ROWID""",
    "CREATE TABLE meaning (digest TEXT NOT NULL)",
)
_PUT_ARTICLE = "INSERT OR REPLACE INTO article VALUES (?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """The article that was published last."""

    id: str
    title: str
    published_at: str
    """RFC 3339, as in its line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What stands in a site's lines."""

    articles: int = 0
    revisions: int = 0
    """Lines: an article may have several."""
    statuses: dict[str, int] = field(default_factory=dict)
    """live, gone, tombstone, of the newest revisions."""
    by_year: dict[str, int] = field(default_factory=dict)
    """Year of publication to articles."""
    newest: Newest | None = None
    coverage: dict[str, float] = field(default_factory=dict)
    """Field to the share of the newest revisions that have it, tombstones left out."""
    by_own_rules: int = 0
    """Fields of the newest revisions that the site's own rules gave,"""
    by_general_rules: int = 0
    """and that the general ones gave."""


def summary(site_folder: Path, own: frozenset[str]) -> Summary:
    """What the lines say, those included that a run has written so far. `own`: names of the site's own rules.

    No lock is needed. Raises ArchiveDamaged where a line cannot be read.
    """
    try:
        (site_folder / NAME).parent.mkdir(exist_ok=True)
        return _looked(site_folder, own, str(site_folder / NAME))
    except (
        OSError,
        sqlite3.OperationalError,
    ):  # no room, no rights, no answer within a minute: what is kept is a comfort
        return _looked(site_folder, own, ":memory:")


def _looked(site_folder: Path, own: frozenset[str], place: str) -> Summary:
    with closing(_opened(place)) as cache:
        cache.execute("BEGIN IMMEDIATE")
        if not _holds(cache, site_folder, own):
            for table in ("file", "article", "meaning"):
                cache.execute(f"DELETE FROM {table}")  # noqa: S608  # our own names
            cache.execute("INSERT INTO meaning VALUES (?)", (_meaning(own),))
        for month in months(site_folder, KIND):
            _read_on(cache, month, own)
        cache.execute("COMMIT")
        return _counted(cache)


def _opened(place: str) -> sqlite3.Connection:
    """The cache, made where it is not there, or is of another release, or damaged."""
    cache = sqlite3.connect(place, isolation_level=None, timeout=60)
    try:
        # What is lost of a cache is counted again: it need not wait for the disk.
        cache.execute("PRAGMA synchronous = OFF")
        cache.execute("BEGIN IMMEDIATE")
        form = cache.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.DatabaseError as error:
        cache.close()
        if error.sqlite_errorcode & 0xFF not in _DAMAGE:
            raise
        Path(place).unlink()
        return _opened(place)
    if form != FORMAT:
        for table in ("file", "article", "meaning"):
            cache.execute(f"DROP TABLE IF EXISTS {table}")
        for statement in _SCHEMA:
            cache.execute(statement)
        cache.execute(f"PRAGMA user_version = {FORMAT}")
    cache.execute("COMMIT")
    return cache


def _meaning(own: frozenset[str]) -> str:
    """What the bits of the cache mean."""
    return sha256(json.dumps([[*FIELDS], sorted(own)]).encode()).hexdigest()


def _holds(cache: sqlite3.Connection, site_folder: Path, own: frozenset[str]) -> bool:
    """Whether what was counted is still so: the same question, and every file begins as it did."""
    if cache.execute("SELECT digest FROM meaning").fetchone() != (_meaning(own),):
        return False
    return all(
        _tail(month_of(site_folder, name), size) == tail
        for name, size, tail in cache.execute("SELECT name, bytes, tail FROM file")
    )


def _tail(month: Month, size: int) -> str | None:
    """A digest of the last bytes before `size`; None: the month does not reach so far."""
    if not month.path.exists() or month.size < size:
        return None
    return sha256(month.text(max(0, size - _TAIL), size)).hexdigest()


def _read_on(cache: sqlite3.Connection, month: Month, own: frozenset[str]) -> None:
    """Counts the whole lines of a month that were not there the last time."""
    start, lines = cache.execute("SELECT bytes, lines FROM file WHERE name = ?", (month.name,)).fetchone() or (0, 0)
    end, batch = start, []
    for offset, raw in month.lines(start):
        batch.append(_row(raw, f"{month.path}, byte {offset}", own))
        end += len(raw)
        lines += 1
        if len(batch) == _BATCH:
            cache.executemany(_PUT_ARTICLE, batch)
            batch.clear()
    cache.executemany(_PUT_ARTICLE, batch)
    if end > start:
        cache.execute("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?)", (month.name, end, lines, _tail(month, end)))


def _row(raw: bytes, place: str, own: frozenset[str]) -> tuple[Any, ...]:
    try:
        line = json.loads(raw)
        has = sum(1 << bit for bit, reads in enumerate(FIELDS.values()) if reads(line))
        found_by = [by for by in line["extractor"]["found_by"].values() if by]
        by_own = sum(is_own(by, own) for by in found_by)
        published = line["published_at"] or ""
        return line["id"], line["status"], published, line["title"], has, by_own, len(found_by) - by_own
    except (ValueError, TypeError, KeyError, RecursionError) as problem:
        message = f"{place}: no line of an article ({problem!r}). See what is damaged: archiver verify"
        raise ArchiveDamaged(message) from problem


def _counted(cache: sqlite3.Connection) -> Summary:
    bits = ", ".join(f"total(has >> {bit} & 1)" for bit in range(len(FIELDS)))
    kept = "FROM article WHERE status != 'tombstone'"
    of, own, general, *counts = cache.execute(
        f"SELECT count(*), total(own), total(general), {bits} {kept}"  # our own words
    ).fetchone()
    # The moments have offsets of their own: julianday() makes them comparable.
    newest = cache.execute(
        f"SELECT id, title, published {kept} AND published != '' ORDER BY julianday(published) DESC, id LIMIT 1"
    ).fetchone()
    years = cache.execute("SELECT substr(published, 1, 4) AS year, count(*) FROM article GROUP BY year ORDER BY year")
    return Summary(
        articles=cache.execute("SELECT count(*) FROM article").fetchone()[0],
        revisions=int(cache.execute("SELECT total(lines) FROM file").fetchone()[0]),
        statuses=dict(cache.execute("SELECT status, count(*) FROM article GROUP BY status ORDER BY status")),
        by_year=dict(years),
        newest=Newest(id=newest[0], title=newest[1], published_at=newest[2]) if newest else None,
        coverage={name: round(count / of, 4) for name, count in zip(FIELDS, counts, strict=True)} if of else {},
        by_own_rules=int(own),
        by_general_rules=int(general),
    )
