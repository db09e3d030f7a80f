"""What an index knows beside the text: how far each month was read, where each article's newest line stands, all spellings.

One SQLite file; the connection's owner begins and commits.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

from archiver.research.words import bare, words
from archiver.store.ledger import Place

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from archiver.research.index.entry import Entry, Status

FORMAT = 2
"""Of the tables and of what stands in them: an index of another format is made anew."""

SCHEMA = (
    """CREATE TABLE month (
        name TEXT PRIMARY KEY, size INTEGER NOT NULL, changed INTEGER NOT NULL, read INTEGER NOT NULL,
        last INTEGER NOT NULL, last_crc INTEGER NOT NULL, crc INTEGER NOT NULL, damage TEXT) WITHOUT ROWID""",
    """CREATE TABLE article (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, revision INTEGER NOT NULL, status TEXT NOT NULL,
        published INTEGER, day TEXT, section INTEGER, month TEXT NOT NULL, offset INTEGER NOT NULL)""",
    "CREATE TABLE takedowns (seen TEXT NOT NULL)",
    "CREATE TABLE section (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    "CREATE TABLE spelling (number INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE, bare TEXT NOT NULL)",
    "CREATE INDEX spelling_by_bare ON spelling (bare)",
    f"PRAGMA user_version = {FORMAT}",
)


@dataclass(frozen=True, slots=True)
class MonthRead:
    """How far a month was read, and how its file was then."""

    size: int
    changed: int
    """Modification time, nanoseconds."""
    read: int = 0
    """Where the next line begins."""
    last: int = -1
    """Where the last line read begins; -1: none was."""
    last_crc: int = 0
    crc: int = 0
    """CRC-32 of the last line, and of all."""
    damage: str | None = None
    """What could not be read."""


@dataclass(frozen=True, slots=True)
class Located:
    """An article of the index, and where its newest line stands."""

    number: int
    id: str
    status: Status
    place: Place


class Catalogue:
    """The tables of an index."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._sections: dict[str, int] = {}

    def months(self) -> dict[str, MonthRead]:
        """Every month that was read."""
        rows = self.connection.execute("SELECT name, size, changed, read, last, last_crc, crc, damage FROM month")
        return {name: MonthRead(*state) for name, *state in rows}

    def takedowns(self) -> str | None:
        """How the takedowns stood when the lines were read, see archiver.store.emptied.seen; None: none was read."""
        found = self.connection.execute("SELECT seen FROM takedowns").fetchone()
        return found[0] if found else None

    def put_takedowns(self, seen: str) -> None:
        """Notes it, once."""
        self.connection.execute("INSERT INTO takedowns VALUES (?)", (seen,))

    def put_month(self, name: str, state: MonthRead) -> None:
        """Notes how far a month was read."""
        self.connection.execute("INSERT OR REPLACE INTO month VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (name, *astuple(state)))

    def forget_month(self, name: str) -> dict[str, int]:
        """Id to number of the articles whose newest line stood there: they and the month are known no more."""
        dropped = dict(self.connection.execute("SELECT id, number FROM article WHERE month = ?", (name,)))
        self.connection.execute("DELETE FROM article WHERE month = ?", (name,))
        self.connection.execute("DELETE FROM month WHERE name = ?", (name,))
        return dropped

    def revision_of(self, id_: str) -> tuple[int, int] | None:
        """Number and revision of an article."""
        found: tuple[int, int] | None = self.connection.execute(
            "SELECT number, revision FROM article WHERE id = ?", (id_,)
        ).fetchone()
        return found

    def put(self, number: int, entry: Entry, place: Place) -> None:
        """Takes in an article whose id is not known."""
        section = self.section(entry.section) if entry.section else None
        row = (entry.id, entry.revision, entry.status, entry.published, entry.day, section, place.file, place.offset)
        self.connection.execute("INSERT INTO article VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (number, *row))

    def forget(self, number: int) -> None:
        """Drops an article."""
        # Not by INSERT OR REPLACE: it opens a savepoint, at which FTS5 writes what it has gathered.
        self.connection.execute("DELETE FROM article WHERE number = ?", (number,))

    def last_number(self) -> int:
        """The highest number given."""
        return self._one("SELECT coalesce(max(number), 0) FROM article")

    def size(self) -> int:
        """How many articles have a text."""
        return self._one("SELECT count(*) FROM article WHERE status != 'tombstone'")

    def located(self, number: int) -> Located | None:
        """The article of that number."""
        asked = "SELECT id, status, month, offset FROM article WHERE number = ?"
        found = self.connection.execute(asked, (number,)).fetchone()
        return Located(number, found[0], found[1], Place(found[2], found[3])) if found else None

    def section(self, name: str) -> int:
        """The number of a section, given here where it has none."""
        if name not in self._sections:
            self.connection.execute("INSERT OR IGNORE INTO section (name) VALUES (?)", (name,))
            self._sections[name] = self._one("SELECT number FROM section WHERE name = ?", name)
        return self._sections[name]

    def sections_like(self, text: str) -> list[int]:
        """The numbers of the sections of that name: typed without accents, a word finds both."""
        return [number for number, name in self._section_rows() if _is_named(words(name), words(text))]

    def sections(self) -> list[str]:
        """The names of all sections."""
        return [name for _, name in self._section_rows()]

    def spelling(self, word: str) -> int:
        """The number of a word, from 1 up, given here where it has none."""
        found = self.connection.execute("SELECT number FROM spelling WHERE word = ?", (word,)).fetchone()
        if found is None:
            added = self.connection.execute("INSERT INTO spelling (word, bare) VALUES (?, ?)", (word, bare(word)))
            assert added.lastrowid is not None, "a row was inserted"
            return added.lastrowid
        number: int = found[0]
        return number

    def spellings(self, word: str, *, is_prefix: bool = False) -> list[tuple[int, str]]:
        """Number and word of all that `word` finds: typed with accents itself only, without accents every form of it."""
        column = "word" if bare(word) != word else "bare"
        if is_prefix:
            asked = f"SELECT number, word FROM spelling WHERE {column} >= ? AND {column} < ?"  # noqa: S608  # our names
            return self.connection.execute(asked, (word, word + chr(0x10FFFF))).fetchall()
        return self.connection.execute(f"SELECT number, word FROM spelling WHERE {column} = ?", (word,)).fetchall()  # noqa: S608

    def word(self, number: int) -> str:
        """The word of a number."""
        found: str = self.connection.execute("SELECT word FROM spelling WHERE number = ?", (number,)).fetchone()[0]
        return found

    def damage(self) -> Iterator[str]:
        """What could not be read, a line for each month that has some."""
        for (message,) in self.connection.execute("SELECT damage FROM month WHERE damage IS NOT NULL ORDER BY name"):
            yield message

    def _section_rows(self) -> list[Any]:
        return self.connection.execute("SELECT number, name FROM section ORDER BY name").fetchall()

    def _one(self, asked: str, *values: object) -> int:
        found: int = self.connection.execute(asked, values).fetchone()[0]
        return found


def _is_named(name: list[str], asked: list[str]) -> bool:
    return len(name) == len(asked) and all(
        word == wanted or bare(word) == wanted for word, wanted in zip(name, asked, strict=True)
    )
