"""What the catalog of a site knows of single articles, addresses and files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.research.catalog_rows import address_key
from archiver.store.ledger import Place

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Problem:
    """Something among the lines that cannot be read, and is left out."""

    file: str
    message: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture or an attachment that is in the archive."""

    media_type: str
    """What its bytes are, by the event that tells of it."""
    place: Place
    """Of the record with the bytes."""


def problems(catalog: sqlite3.Connection) -> list[Problem]:
    """What was left out, and why."""
    return [Problem(*row) for row in catalog.execute("SELECT file, message FROM problem ORDER BY file, offset")]


def place_of(catalog: sqlite3.Connection, id_: str) -> list[tuple[int, Place]]:
    """Number and place of each revision of an article, oldest first; none: there is no such article."""
    rows = catalog.execute(
        """SELECT revision.revision, file.name, revision.offset FROM revision
        JOIN article ON article.number = revision.article JOIN file ON file.number = revision.file
        WHERE article.id = ? ORDER BY revision.revision""",
        (id_,),
    )
    return [(revision, Place(name, offset)) for revision, name, offset in rows]


def ids_at(catalog: sqlite3.Connection, urls: Iterable[str]) -> dict[str, str]:
    """Each of these addresses, scheme apart, at which an article was seen, and the article's id."""
    found = {}
    for url in urls:
        row = catalog.execute(
            "SELECT id FROM address JOIN article ON article.number = address.article WHERE key = ?", (address_key(url),)
        ).fetchone()
        if row:
            found[url] = row[0]
    return found


def kept_at(catalog: sqlite3.Connection, urls: Iterable[str]) -> dict[str, Kept]:
    """Each of these addresses, as a line has it, whose file is kept."""
    found = {}
    for url in urls:
        row = catalog.execute("SELECT media_type, warc, offset FROM kept WHERE key = ?", (address_key(url),)).fetchone()
        if row:
            found[url] = Kept(row[0], Place(row[1], row[2]))
    return found
