"""The two engines of full text, and which of them a site's folder uses."""

from __future__ import annotations

import importlib.util
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.errors import UsageError
from archiver.research.index import catalogue as tables
from archiver.research.index import sqlite_texts
from archiver.research.index.catalogue import Catalogue
from archiver.research.index.sqlite_texts import SqliteTexts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from archiver.research.index.texts import Texts

CACHE = "cache"
_WAIT_SECONDS = 60
_PAGES = (
    "PRAGMA synchronous = NORMAL",  # what is lost of a cache is made again
    "PRAGMA cache_size = -65536",
    "PRAGMA mmap_size = 4294967296",
)


class Unusable(Exception):
    """There is no index, or one of another release, or one that is damaged."""


@dataclass(frozen=True, slots=True)
class Index:
    """An index that is open."""

    catalogue: Catalogue
    texts: Texts

    def commit(self) -> None:
        """Keeps what was changed."""
        self.texts.flush()
        self.catalogue.connection.execute("COMMIT")

    def close(self) -> None:
        """Ends it; what was not committed is as before."""
        self.texts.close()
        self.catalogue.connection.close()


@dataclass(frozen=True, slots=True)
class Engine:
    """How an index is made and opened."""

    name: str
    file_name: str
    """In cache/."""
    others: tuple[str, ...]
    """The file names of the other engines."""
    make: Callable[[Path], Index]
    """An empty index where nothing is yet."""
    open: Callable[[Path], Index]
    """Raises Unusable."""


def engine_named(name: str) -> Engine:
    """The engine of that name. Raises UsageError where it is unknown or not installed."""
    if name not in ("sqlite", "tantivy"):
        message = f"no engine {name!r}. There are sqlite, which is built in, and tantivy, for millions of articles"
        raise UsageError(message)
    if name == "sqlite":
        return SQLITE
    if not _has_tantivy():
        message = "tantivy is not installed. Run: pip install 'archiver[search]'"
        raise UsageError(message)
    return _tantivy()


def engine_in_use(site_folder: Path, tell: Callable[[str], None]) -> Engine:
    """Tantivy where its index was made and it is installed, else SQLite."""
    chosen = site_folder / CACHE / "search.tantivy"
    if not chosen.exists():
        return SQLITE
    if not _has_tantivy():
        tell(f"{chosen} is not used: tantivy is not installed. Run: pip install 'archiver[search]'")
        return SQLITE
    return _tantivy()


def _has_tantivy() -> bool:
    return importlib.util.find_spec("tantivy") is not None


def _tantivy() -> Engine:
    from archiver.research.index.tantivy_engine import TANTIVY  # noqa: PLC0415  # an extra

    return TANTIVY


def _make(place: Path) -> Index:
    connection = sqlite3.connect(place, isolation_level=None)
    # Nobody sees it before it is whole.
    connection.execute("PRAGMA journal_mode = OFF")
    return _index(connection, *tables.SCHEMA, *sqlite_texts.SCHEMA)


def _open(place: Path) -> Index:
    return _index(open_catalogue(place))


def _index(connection: sqlite3.Connection, *schema: str) -> Index:
    for statement in (*_PAGES, *schema):
        connection.execute(statement)
    catalogue = Catalogue(connection)
    return Index(catalogue, SqliteTexts(catalogue))


def open_catalogue(place: Path) -> sqlite3.Connection:
    """The file of a catalogue. Raises Unusable where it is not there or of another release."""
    if not place.exists():
        message = "there is none"
        raise Unusable(message)
    connection = sqlite3.connect(place, isolation_level=None, timeout=_WAIT_SECONDS)
    try:
        form = connection.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.DatabaseError as problem:
        connection.close()
        raise Unusable(str(problem)) from problem
    if form != tables.FORMAT:
        connection.close()
        message = "it is of another release"
        raise Unusable(message)
    return connection


SQLITE = Engine("sqlite", "search.sqlite", ("search.tantivy",), _make, _open)
