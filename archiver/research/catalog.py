"""What an archive's lines say of each article and of what went wrong, in `SITE/cache/catalog.sqlite`: for lists and counts.

It is read on from the last good place whenever the lines have grown, and made anew where a line that was read is no longer
there. It can be deleted at any time; where it cannot be written it is made in memory.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.errors import ArchiveDamaged
from archiver.research.catalog_rows import BadLine, Rows
from archiver.store.emptied import seen, shown
from archiver.store.months import months
from archiver.store.withheld import shown_event

if TYPE_CHECKING:
    from collections.abc import Callable

    Put = Callable[[bytes, int, int], None]
    """Takes a line, the number of its file, and its offset."""

    from archiver.store.months import Month

FORMAT = 2
NAME = "cache/catalog.sqlite"
KINDS = ("articles", "events")

_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_BATCH = 2_000
_SCHEMA = (
    """CREATE TABLE file (
        number INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL UNIQUE, stamp TEXT NOT NULL,
        end INTEGER NOT NULL, last INTEGER NOT NULL, digest BLOB NOT NULL)""",
    "CREATE TABLE problem (file TEXT NOT NULL, offset INTEGER, message TEXT NOT NULL, PRIMARY KEY (file, offset))",
    "CREATE TABLE word (number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)",
    """CREATE TABLE article (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, excerpt TEXT NOT NULL,
        revision INTEGER NOT NULL, file INTEGER NOT NULL, offset INTEGER NOT NULL, published TEXT, language TEXT,
        changed TEXT NOT NULL)""",
    "CREATE INDEX lately ON article (changed DESC, number)",
    # Apart from the texts, so that counting over all articles reads few pages.
    """CREATE TABLE fact (
        number INTEGER PRIMARY KEY, moment INTEGER NOT NULL, day INTEGER NOT NULL, status INTEGER NOT NULL,
        section INTEGER NOT NULL, flags INTEGER NOT NULL)""",
    "CREATE INDEX newest ON fact (moment DESC, number)",
    "CREATE INDEX by_section ON fact (section, moment DESC, number)",
    """CREATE TABLE revision (
        article INTEGER NOT NULL, revision INTEGER NOT NULL, file INTEGER NOT NULL, offset INTEGER NOT NULL,
        PRIMARY KEY (article, revision)) WITHOUT ROWID""",
    # Eight bytes of a digest for each address that an article was seen at.
    "CREATE TABLE address (key INTEGER NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (key, article)) WITHOUT ROWID",
    """CREATE TABLE kept (
        key INTEGER PRIMARY KEY, media_type TEXT NOT NULL, warc TEXT NOT NULL, offset INTEGER NOT NULL)""",
    """CREATE TABLE event (
        number INTEGER PRIMARY KEY, time TEXT NOT NULL, outcome INTEGER NOT NULL, reason INTEGER NOT NULL,
        id TEXT, file INTEGER NOT NULL, offset INTEGER NOT NULL)""",
    "CREATE INDEX when_seen ON event (time DESC, number)",
    "CREATE INDEX of_article ON event (id) WHERE id IS NOT NULL",
)
_TABLES = ("file", "problem", "word", "article", "fact", "revision", "address", "kept", "event")


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one file of lines."""

    number: int
    stamp: str
    end: int
    last: int
    digest: bytes


def open_catalog(site_folder: Path, told: Callable[[int], object] = lambda _: None) -> sqlite3.Connection:
    """The catalog of a site, as its lines stand now. `told` hears how many bytes of lines were read since it was last called.

    No lock is needed: a run may go on meanwhile. What cannot be read is left out, and stands among `problems`.
    """
    try:
        (site_folder / NAME).parent.mkdir(exist_ok=True)
        return _refreshed(_opened(str(site_folder / NAME)), site_folder, told)
    except (OSError, sqlite3.OperationalError):  # no room, no rights: what is kept is a comfort
        return _refreshed(_opened(":memory:"), site_folder, told)


def stamp_of(site_folder: Path) -> tuple[str, ...]:
    """Changes whenever a file of lines does, or a takedown is begun: by it a reader knows that what it has is still so."""
    takedowns = seen(site_folder)
    return tuple(_stamp(month, takedowns) for kind in KINDS for month in months(site_folder, kind))


def _refreshed(catalog: sqlite3.Connection, site_folder: Path, told: Callable[[int], object]) -> sqlite3.Connection:
    catalog.execute("BEGIN IMMEDIATE")
    try:
        if not _holds(catalog, site_folder):
            _begin(catalog)
        rows, takedowns = Rows(catalog), seen(site_folder)
        for kind, of in (("articles", shown(site_folder)), ("events", shown_event(site_folder))):
            for month in months(site_folder, kind):
                _read_on(catalog, partial(_put, getattr(rows, f"put_{kind}"), of), kind, month, takedowns, told)
        catalog.execute("COMMIT")
    except BaseException:
        catalog.execute("ROLLBACK")
        catalog.close()
        raise
    return catalog


def _opened(place: str) -> sqlite3.Connection:
    """The file, made where it is not there, or is of another release, or damaged."""
    catalog = sqlite3.connect(place, isolation_level=None, timeout=60, check_same_thread=False)
    try:
        # What is lost of a cache is read again: it need not wait for the disk.
        catalog.execute("PRAGMA synchronous = OFF")
        catalog.execute("BEGIN IMMEDIATE")
        if catalog.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
            _begin(catalog)
            catalog.execute(f"PRAGMA user_version = {FORMAT}")
        catalog.execute("COMMIT")
    except sqlite3.DatabaseError as error:
        catalog.close()
        if error.sqlite_errorcode & 0xFF not in _DAMAGE:
            raise
        Path(place).unlink()
        return _opened(place)
    return catalog


def _begin(catalog: sqlite3.Connection) -> None:
    for table in _TABLES:
        catalog.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in _SCHEMA:
        catalog.execute(statement)


def _known(catalog: sqlite3.Connection) -> dict[str, Standing]:
    rows = catalog.execute("SELECT name, number, stamp, end, last, digest FROM file")
    return {name: Standing(*standing) for name, *standing in rows}


def _holds(catalog: sqlite3.Connection, site_folder: Path) -> bool:
    """Whether all that was read still stands where it stood: lines were added at most."""
    now = {month.name: month for kind in KINDS for month in months(site_folder, kind)}
    takedowns = seen(site_folder)
    return all(name in now and _stands(now[name], known, takedowns) for name, known in _known(catalog).items())


def _stands(month: Month, known: Standing, takedowns: str) -> bool:
    if _stamp(month, takedowns) == known.stamp:
        return True
    if not known.stamp.endswith(f" {takedowns}"):
        return False  # less may be shown of any line
    was_sealed = known.stamp.startswith("sealed")
    try:
        grew = month.size > known.end
        # Written to and no longer than before: something in it was replaced.
        if not grew and month.is_sealed == was_sealed:
            return False
        return known.end == 0 or sha256(month.line(known.last)).digest() == known.digest
    except ArchiveDamaged:
        return False


def _stamp(month: Month, takedowns: str) -> str:
    said = month.path.stat()
    return f"{'sealed' if month.is_sealed else 'open'} {said.st_size} {said.st_mtime_ns} {takedowns}"


def _put(put: Put, of: Callable[[bytes], bytes], raw: bytes, file: int, offset: int) -> None:
    put(of(raw), file, offset)


def _read_on(  # a month, what takes its lines, and who hears of it
    catalog: sqlite3.Connection, put: Put, kind: str, month: Month, takedowns: str, told: Callable[[int], object]
) -> None:
    """Puts in the whole lines of a month that were not there the last time."""
    stamp = _stamp(month, takedowns)
    known = _known(catalog).get(month.name)
    if known is not None and known.stamp == stamp:
        return
    number = known.number if known else _new_file(catalog, kind, month.name)
    end, last, digest, waiting = (known.end, known.last, known.digest, 0) if known else (0, 0, b"", 0)
    raw = None
    try:
        for offset, raw in month.lines(end):
            try:
                put(raw, number, offset)
            except BadLine as problem:
                _note(catalog, month, offset, f"no line of {kind} ({problem})")
            end, last, waiting = offset + len(raw), offset, waiting + 1
            if waiting % _BATCH == 0:
                told(end - (known.end if known else 0))
    except ArchiveDamaged as damage:
        _note(catalog, month, end, str(damage))
    if raw is not None:
        digest = sha256(raw).digest()
    catalog.execute(
        "UPDATE file SET stamp = ?, end = ?, last = ?, digest = ? WHERE number = ?", (stamp, end, last, digest, number)
    )


def _new_file(catalog: sqlite3.Connection, kind: str, name: str) -> int:
    cursor = catalog.execute(
        "INSERT INTO file (kind, name, stamp, end, last, digest) VALUES (?, ?, '', 0, 0, x'')", (kind, name)
    )
    return int(cursor.lastrowid or 0)


def _note(catalog: sqlite3.Connection, month: Month, offset: int, what: str) -> None:
    message = f"{month.name}, byte {offset}: {what}"
    catalog.execute("INSERT OR REPLACE INTO problem VALUES (?, ?, ?)", (month.name, offset, message))
