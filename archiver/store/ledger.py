"""What a site's archive has queued and how it ended, and an index of the files beside it: one SQLite file.

Why it is laid out so (measured with a million addresses): keys in a WITHOUT ROWID table of their own take 63 bytes
beside each URL, in a column with a unique index 78. Pages of 4096 bytes waste less than those of 2048 or 8192 on URLs of
60 to 400 bytes. A cache of 32 MB is no faster than one of 16. A checkpoint at 16 MB of -wal instead of 4 writes a sixth
less, and stands in the way of a run for twice as long.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Literal, get_args

from archiver.errors import ArchiveDamaged, ArchiverError, UsageError
from archiver.store import disk
from archiver.store.tables import OF_FILES, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

FORMAT = 3
"""Of the file, as PRAGMA user_version; a later format opens this one."""

LONGEST_NUMBER = 12
"""Digits of a number in an id; what is longer is a moment, or no number of a row."""

Kind = Literal["article", "listing", "file"]

KINDS: tuple[Kind, ...] = get_args(Kind)
"""In the order in which they are due. In the file a kind is its place here."""

# A byte each, like the -1 of what is due: a row that ends keeps its length, and is written over where it stands.
OUTCOMES = {"new": 2, "changed": 3, "unchanged": 4, "listing": 5, "gone": 6, "failed": 7, "skipped": 8, "file": 9}
"""How a task ends, and the number of that in the file."""

Status = Literal["live", "gone", "tombstone"]
STATUSES: tuple[Status, ...] = get_args(Status)
"""In the file a status is its place here."""

# Told by these (sqlite.org/rescode.html), it is the disk's doing, or another program's; by any other, a bug of ours.
_REFUSALS = (
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_BUSY,
)  # fmt: skip
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -16000",
    "PRAGMA cell_size_check = ON",
)

_SCHEMA = (
    """CREATE TABLE sweep (
        number INTEGER PRIMARY KEY, options TEXT NOT NULL, started TEXT NOT NULL, is_over INTEGER NOT NULL DEFAULT 0)""",
    "CREATE INDEX open_sweep ON sweep (options) WHERE is_over = 0",
    "CREATE TABLE address (key BLOB PRIMARY KEY, task INTEGER NOT NULL) WITHOUT ROWID",
    """CREATE TABLE task (
        number INTEGER PRIMARY KEY, url TEXT NOT NULL, sweep INTEGER NOT NULL, kind INTEGER NOT NULL,
        place INTEGER NOT NULL, note TEXT, outcome INTEGER NOT NULL)""",
    "CREATE INDEX due_task ON task (sweep, kind, place) WHERE outcome < 0",
    """CREATE TABLE ended (
        sweep INTEGER, outcome INTEGER, tasks INTEGER NOT NULL, PRIMARY KEY (sweep, outcome)) WITHOUT ROWID""",
    "CREATE TABLE file (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, bytes INTEGER, records INTEGER)",
    """CREATE TABLE article (
        id TEXT NOT NULL UNIQUE, revision INTEGER NOT NULL, revision_id BLOB NOT NULL, first_seen_at TEXT NOT NULL,
        file INTEGER NOT NULL, offset INTEGER NOT NULL, status INTEGER NOT NULL DEFAULT 0, contents TEXT)""",
    "CREATE TABLE payload (digest BLOB PRIMARY KEY, file INTEGER NOT NULL, offset INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE remark (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    *TABLES,
    *OF_FILES,
    f"PRAGMA user_version = {FORMAT}",
)
_FROM_FORMAT_1 = (
    "ALTER TABLE article ADD COLUMN status INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE article ADD COLUMN contents TEXT",
    *TABLES,
    # Which capture showed them last is not known: they are asked for without a condition, within two months.
    """INSERT INTO visit SELECT id, unixepoch() + 86400 * (rowid % 60), 86400 * 60, NULL, NULL FROM article""",
    *OF_FILES,
    f"PRAGMA user_version = {FORMAT}",
)
"""What a ledger of format 1 lacks. Its articles were all live, and had no line that came back."""
_LACKS = {0: _SCHEMA, 1: _FROM_FORMAT_1, 2: (*OF_FILES, f"PRAGMA user_version = {FORMAT}")}
"""Earlier format, 0 being none, to what a ledger of it lacks."""

_ASKED = "SELECT number, sweep, outcome FROM address CROSS JOIN task ON number = address.task WHERE key = ?"
_ASK = "INSERT INTO task VALUES (?, ?, ?, ?, ?, ?, -1)"
_ASK_AGAIN = "UPDATE task SET url = ?, sweep = ?, kind = ?, place = ?, note = ?, outcome = -1 WHERE number = ?"
_PUT_OUTCOME = "UPDATE task SET outcome = ? WHERE number = ? AND sweep = ? AND outcome < 0"
_COUNT_OUTCOME = "INSERT INTO ended VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET tasks = tasks + 1"
_NEXT_DUE = """SELECT number, url, kind, note, place FROM task
    WHERE outcome < 0 AND sweep = ? AND kind = ? AND place > ? ORDER BY place LIMIT ?"""
_DUE_URLS = "SELECT url FROM task WHERE outcome < 0 AND sweep = ? ORDER BY kind, place LIMIT ?"
_COUNT_DUE = "SELECT count(*), coalesce(max(place), 0) FROM task WHERE outcome < 0 AND sweep = ?"
_DUE = "SELECT number, url, kind, note FROM task WHERE number = ? AND sweep = ? AND outcome < 0"
_PUT_ARTICLE = """INSERT INTO article VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
    revision = excluded.revision, revision_id = excluded.revision_id, first_seen_at = excluded.first_seen_at,
    file = excluded.file, offset = excluded.offset, status = excluded.status, contents = excluded.contents"""
_ARTICLE = """SELECT revision, revision_id, first_seen_at, name, offset, status, contents
    FROM article CROSS JOIN file ON file.number = article.file WHERE id = ?"""
_ARTICLES = """SELECT id, revision, revision_id, first_seen_at, name, offset, status, contents
    FROM article CROSS JOIN file ON file.number = article.file WHERE id > ? ORDER BY id LIMIT 1000"""
_ORIGINAL = "SELECT name, offset FROM payload CROSS JOIN file ON file.number = payload.file WHERE digest = ?"
_PUT_FILE = """INSERT INTO file (name, bytes, records) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET bytes = excluded.bytes, records = excluded.records"""
_LISTINGS = "SELECT url, outcome FROM task WHERE sweep = ? AND kind = 1"
_FAILED = "SELECT url, note FROM task WHERE outcome = 7 AND kind = 0 AND sweep < ? ORDER BY sweep, place LIMIT ?"
_FAILED_FILES = "SELECT url, note FROM task WHERE outcome = 7 AND kind = 2 AND sweep < ? ORDER BY sweep, place LIMIT ?"
_NUMBERS = """SELECT CAST(substr(id, ?) AS INTEGER) FROM article
    WHERE substr(id, 1, ?) = ? AND length(id) BETWEEN ? AND ? AND substr(id, ?) NOT GLOB '*[^0-9]*'"""
_PUT_WALK = "INSERT INTO walk VALUES (?, ?) ON CONFLICT DO UPDATE SET since = min(since, excluded.since)"
_PUT_ALIAS = "INSERT INTO alias VALUES (?, ?) ON CONFLICT DO UPDATE SET id = excluded.id"
_PUT_REMARK = "INSERT INTO remark VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"


@dataclass(frozen=True, slots=True)
class Task:
    """One address that is to be fetched."""

    number: int
    """The ledger's own."""
    url: str
    """As found."""
    kind: Kind
    note: Mapping[str, Any]
    """What the spider wants to know again, in the types of JSON; mostly empty."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands."""

    file: str
    """Name from the site's folder: articles/2026/2026-11.jsonl."""
    offset: int
    """In bytes."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the archive knows of one article."""

    revision: int
    revision_id: str
    """64 hexadecimal digits."""
    first_seen_at: str
    """RFC 3339, UTC."""
    place: Place
    """Of its last line."""
    status: Status = "live"
    """Of its last line."""
    contents: tuple[tuple[str, str], ...] = ()
    """revision_id and fetched_at of the last lines that brought other content than the line before, oldest first, the
    last one included; empty while there is one content only."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an address stands that was asked for."""

    outcome: int
    """One of OUTCOMES; -1: due."""
    sweeps_ago: int
    """How many sweeps ago it was asked for; 0: in this one."""


@dataclass(frozen=True, slots=True)
class FileState:
    """How far a file of the archive is committed."""

    bytes: int
    records: int


class Ledger:
    """`ledger.sqlite` of one site, written by the one process that holds the archive's lock.

    All that is written stands in one open transaction: reads of this object see it, a later process only after commit().
    A lease lives in this object and not in the file. It is void when the process ends; with one process at a time, that
    is the whole story.

    Every method raises DiskTrouble where the disk refuses, and ArchiveDamaged where the file is not as it was left.
    After either, nothing more is written or committed before rollback(): SQLite may have dropped the transaction by
    itself, and what came after it must not be committed alone (sqlite.org/lang_transaction.html, section 3).
    """

    def __init__(self, path: Path) -> None:
        """Opens `path`, or makes it. Raises UsageError where a later release wrote it."""
        self._guard = _Guard(path)
        with self._guard:
            self._connection = sqlite3.connect(path, isolation_level=None)
        try:
            with self._guard:
                _prepare(self._connection, path)
            self._next = 1 + self.row("SELECT coalesce(max(number), 0) FROM task")[0]
        except ArchiverError:
            self._connection.close()
            raise
        self._sweep = self._queued = self._left = 0
        self._queued_at_commit: int | None = None
        self._changes_at_commit = self._connection.total_changes
        self._leased: set[int] = set()
        self._reached = dict.fromkeys(KINDS, 0)
        self._file_numbers: dict[str, int] = {}

    def begin(self, options: str, started: str) -> bool:
        """Takes up the sweep of the same `options` that has not ended (True), else begins a new one (False).

        A sweep is one pass over the site with the same options, in as many runs as it takes. `started`: RFC 3339.
        """
        found = self.row("SELECT number FROM sweep WHERE options = ? AND is_over = 0", options)
        if found is None:
            self.write("INSERT INTO sweep (options, started) VALUES (?, ?)", options, started)
        self._sweep = found[0] if found else self.row("SELECT max(number) FROM sweep")[0]
        self._leased.clear()
        self._queued_at_commit = None
        self._count()
        return found is not None

    def end_sweep(self) -> None:
        """The sweep is done: the next begin() starts a new one. What it left due is due in no sweep until it is found."""
        self.write("UPDATE sweep SET is_over = 1 WHERE number = ?", self._sweep)

    def put_discovered(self, key: str, url: str, kind: Kind, note: Mapping[str, Any] | None = None) -> bool:
        """Whether a task was queued; False: this sweep has asked for `key` already.

        What an earlier sweep asked for is asked for again, with the new url, kind and note; what an unfinished other
        sweep has left due moves to this one.
        """
        assert self._sweep, "begin() comes first"
        keyed, code, noted = fingerprint(key), KINDS.index(kind), json.dumps(note) if note else None
        before = self.row(_ASKED, keyed)
        if before is not None and before[1] == self._sweep:
            return False
        place, self._next = self._next, self._next + 1
        if before is None:
            self.write(_ASK, place, url, self._sweep, code, place, noted)
            self.write("INSERT INTO address VALUES (?, ?)", keyed, place)
        else:
            self.write(_ASK_AGAIN, url, self._sweep, code, place, noted, before[0])
        self._queued += 1
        self._left += 1
        return True

    def get_due(self, count: int, kinds: Sequence[Kind] = KINDS) -> list[Task]:
        """At most `count` tasks, leased: articles, then listings, then files, each in order of discovery in this sweep.

        What is leased is not given again.
        """
        due: list[Task] = []
        for kind in kinds:
            while wanted := max(0, count - len(due)):
                rows = self.rows(_NEXT_DUE, self._sweep, KINDS.index(kind), self._reached[kind], wanted)
                if not rows:
                    break
                self._reached[kind] = rows[-1][-1]
                due += [_task(*row) for row in rows if row[0] not in self._leased]
        self._leased.update(task.number for task in due)
        return due

    def get_due_key(self, key: str) -> Task | None:
        """The task of that key, leased, if it is due and not leased."""
        asked = self.row(_ASKED, fingerprint(key))
        row = self.row(_DUE, asked[0], self._sweep) if asked else None
        if row is None or row[0] in self._leased:
            return None
        self._leased.add(row[0])
        return _task(*row)

    def put_known(self, number: int, outcome: str) -> bool:
        """The task ended with `outcome`, one of OUTCOMES. False: it was not due, or ended before."""
        code = OUTCOMES[outcome]
        if not self.write(_PUT_OUTCOME, code, number, self._sweep):
            return False
        self.write(_COUNT_OUTCOME, self._sweep, code)
        self._left -= 1
        self._leased.discard(number)
        return True

    def has_asked(self, key: str) -> bool:
        """Whether this sweep has queued a task of that key."""
        asked = self.row(_ASKED, fingerprint(key))
        return asked is not None and asked[1] == self._sweep

    def has_ended(self, key: str) -> bool:
        """Whether this sweep's task of that key has ended."""
        asked = self.row(_ASKED, fingerprint(key))
        return asked is not None and asked[1] == self._sweep and asked[2] >= 0

    def standing(self, key: str) -> Standing | None:
        """How the task of that key stands, in this sweep or the last that asked for it; None: none did."""
        asked = self.row(_ASKED, fingerprint(key))
        return Standing(asked[2], self._sweep - asked[1]) if asked else None

    def listings(self) -> list[tuple[str, int]]:
        """Address and outcome of each listing of the sweep."""
        return [(url, outcome) for url, outcome in self.rows(_LISTINGS, self._sweep)]

    def failed(self, count: int) -> list[tuple[str, dict[str, Any]]]:
        """Address and note of at most so many articles that failed in other sweeps, those of the oldest first."""
        return [(url, json.loads(note) if note else {}) for url, note in self.rows(_FAILED, self._sweep, count)]

    def failed_files(self, count: int) -> list[tuple[str, dict[str, Any]]]:
        """The same of files, each with its note."""
        return [(url, json.loads(note)) for url, note in self.rows(_FAILED_FILES, self._sweep, count)]

    def walked(self, listing: str) -> str | None:
        """Down to which day the listing was walked once, empty: to its end; None: never."""
        row = self.row("SELECT since FROM walk WHERE listing = ?", fingerprint(listing))
        return str(row[0]) if row else None

    def put_walk(self, listing: str, since: str) -> None:
        """The listing was walked down to that day; the earliest day stays."""
        self.write(_PUT_WALK, fingerprint(listing), since)

    @property
    def queued(self) -> int:
        """Tasks due when this object took up the sweep, and those discovered since."""
        return self._queued

    @property
    def left(self) -> int:
        """Tasks due now, the leased ones included."""
        return self._left

    @property
    def leased(self) -> int:
        """Tasks given out that have not ended."""
        return len(self._leased)

    def open_urls(self, count: int) -> list[str]:
        """Of at most `count` tasks that are due now, in the order in which they are."""
        return [url for (url,) in self.rows(_DUE_URLS, self._sweep, max(0, count))]

    def outcomes(self) -> dict[str, int]:
        """How many tasks of the sweep ended how, in all its runs; only outcomes that occurred."""
        ended = dict(self.rows("SELECT outcome, tasks FROM ended WHERE sweep = ?", self._sweep))
        return {name: ended[code] for name, code in OUTCOMES.items() if code in ended}

    def article(self, id_: str) -> Known | None:
        """What is known of the article; None: nothing."""
        row = self.row(_ARTICLE, id_)
        return _known(*row) if row else None

    def put_article(self, id_: str, known: Known) -> None:
        """This is known now, whatever was before."""
        place = known.place
        revision_id = bytes.fromhex(known.revision_id)
        file = self.file_number(place.file)
        status, contents = STATUSES.index(known.status), json.dumps(known.contents) if known.contents else None
        values = known.revision, revision_id, known.first_seen_at, file, place.offset, status, contents
        self.write(_PUT_ARTICLE, id_, *values)

    def put_alias(self, key: str, id_: str) -> None:
        """What is asked for by `key` has shown to be the article of that id."""
        if key != id_:
            self.write(_PUT_ALIAS, fingerprint(key), id_)

    def put_alias_of(self, keyed: bytes, id_: str) -> None:
        """The same of a key of which only the fingerprint is known."""
        self.write(_PUT_ALIAS, keyed, id_)

    def aliases_of(self, id_: str) -> list[bytes]:
        """Fingerprints of what has shown to be the article of that id."""
        return [keyed for (keyed,) in self.rows("SELECT key FROM alias WHERE id = ?", id_)]

    def id_of(self, key: str) -> str:
        """The id of the article that is asked for by `key`; the key itself where nothing else was shown."""
        row = self.row("SELECT id FROM alias WHERE key = ?", fingerprint(key))
        return row[0] if row else key

    def forget_articles(self) -> None:
        """Nothing is known of any article, and of no file how far it is committed."""
        self.write("DELETE FROM article")
        self.write("UPDATE file SET bytes = NULL, records = NULL")

    def count_articles(self) -> int:
        """How many articles are known."""
        return int(self.row("SELECT count(*) FROM article")[0])

    def numbers(self, ids: str) -> Iterator[int]:
        """The numbers of the articles whose id is `ids` and a number of at most LONGEST_NUMBER digits, in no order."""
        behind, before = len(ids) + 1, len(ids)
        with self._guard:
            found = self._connection.execute(
                _NUMBERS, (behind, before, ids, before + 1, before + LONGEST_NUMBER, behind)
            )
            for (number,) in found:
                yield number

    def articles(self) -> Iterator[tuple[str, Known]]:
        """Every article with its id, by id. It is read in parts: what is written meanwhile may be among them or not."""
        rows: list[Any] = [("",)]
        while rows := self.rows(_ARTICLES, rows[-1][0]):
            for id_, *known in rows:
                yield id_, _known(*known)

    def original(self, digest: bytes) -> Place | None:
        """Where the body of that digest (20 bytes) was stored first."""
        row = self.row(_ORIGINAL, digest)
        return Place(*row) if row else None

    def put_original(self, digest: bytes, place: Place) -> None:
        """The body stands there, unless it is known to stand elsewhere: the first place wins."""
        file = self.file_number(place.file)
        self.write("INSERT OR IGNORE INTO payload VALUES (?, ?, ?)", digest, file, place.offset)

    def forget_original(self, place: Place) -> None:
        """No body stands there any more."""
        self.write("DELETE FROM payload WHERE file = ? AND offset = ?", self.file_number(place.file), place.offset)

    def file(self, name: str) -> FileState | None:
        """How far the file is committed; None: nothing was ever said of it."""
        row = self.row("SELECT bytes, records FROM file WHERE name = ? AND bytes IS NOT NULL", name)
        return FileState(*row) if row else None

    def put_file(self, name: str, state: FileState) -> None:
        """The file is committed so far."""
        self.write(_PUT_FILE, name, state.bytes, state.records)

    def files(self) -> dict[str, FileState]:
        """How far each file is committed, by name."""
        rows = self.rows("SELECT name, bytes, records FROM file WHERE bytes IS NOT NULL ORDER BY name")
        return {name: FileState(*state) for name, *state in rows}

    def get(self, name: str) -> str | None:
        """What was put under that name."""
        row = self.row("SELECT value FROM remark WHERE name = ?", name)
        return str(row[0]) if row else None

    def put(self, name: str, value: str) -> None:
        """Keeps a small text under that name."""
        self.write(_PUT_REMARK, name, value)

    @property
    def is_dirty(self) -> bool:
        """Whether there is anything to commit."""
        return self._connection.total_changes > self._changes_at_commit

    def commit(self) -> None:
        """Returns when all that was written is on the disk. The captures and lines it speaks of must be there before."""
        self._guard.require_sound()
        if not self.is_dirty:
            return
        with self._guard:
            disk.commit(self._connection)
        self._changes_at_commit = self._connection.total_changes
        self._queued_at_commit = self._queued

    def compact(self) -> None:
        """Returns when nothing that was deleted and committed stands in the file or in its -wal any more."""
        self.commit()
        with self._guard:
            if self._connection.in_transaction:  # nothing was changed in it: commit() has left it open
                self._connection.execute("ROLLBACK")
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def rollback(self) -> None:
        """Throws away what was written since the last commit.

        A task that ended since is due again and will be given again; one that was leased and has not ended stays leased;
        one that was discovered since never was. Where the sweep itself began since, begin() comes next.
        """
        self._guard.trouble = None
        with self._guard:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        self._changes_at_commit = self._connection.total_changes
        self._file_numbers.clear()
        if self.row("SELECT 1 FROM sweep WHERE number = ?", self._sweep) is None:
            self._sweep = 0
        queued = self._queued_at_commit
        self._count()
        self._queued = self._left if queued is None else queued
        self._leased = {number for number in self._leased if self.row(_DUE, number, self._sweep)}

    def close(self) -> None:
        """Ends writing. What was not committed is thrown away."""
        self._connection.close()

    def _count(self) -> None:
        """Takes from the file what is due in this sweep, none of it given yet."""
        self._left, last_place = self.row(_COUNT_DUE, self._sweep)
        self._queued = self._left
        self._next = max(self._next, last_place + 1)
        self._reached = dict.fromkeys(KINDS, 0)

    def file_number(self, name: str) -> int:
        """By which the file is referred to; it is given one where it has none."""
        number = self._file_numbers.get(name)
        if number is None:
            self.write("INSERT OR IGNORE INTO file (name) VALUES (?)", name)
            number = self._file_numbers[name] = int(self.row("SELECT number FROM file WHERE name = ?", name)[0])
        return number

    def rows(self, query: str, *values: Any) -> list[Any]:
        """What a query of the tables finds."""
        with self._guard:
            return self._connection.execute(query, values).fetchall()

    def row(self, query: str, *values: Any) -> Any:
        """The first row that a query finds; None: none."""
        rows = self.rows(query, *values)
        return rows[0] if rows else None

    def write(self, statement: str, *values: Any) -> int:
        """How many rows were written, in the open transaction."""
        self._guard.require_sound()
        with self._guard:
            if not self._connection.in_transaction:
                self._connection.execute("BEGIN IMMEDIATE")
            return self._connection.execute(statement, values).rowcount


class _Guard:
    """Turns what SQLite raises into the archive's errors, and remembers that it did."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.trouble: ArchiverError | None = None

    def require_sound(self) -> None:
        if self.trouble is not None:
            raise self.trouble

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _DAMAGE:
            message = f"{self._path}: the ledger is damaged ({error}). Run: archiver repair"
            self.trouble = ArchiveDamaged(message)
        elif code in _REFUSALS:
            self.trouble = disk.trouble(self._path, OSError(0, str(error)))
        elif isinstance(error, OSError):
            self.trouble = disk.trouble(self._path, error)
        else:
            return
        raise self.trouble from error


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Makes the tables of a new file, and those that one of an earlier release lacks. Raises where it is neither."""
    connection.execute("PRAGMA page_size = 4096")
    form = connection.execute("PRAGMA user_version").fetchone()[0]
    is_empty = connection.execute("SELECT 1 FROM sqlite_schema").fetchone() is None
    if form > FORMAT:
        message = f"{path}: format {form} is of a later release (this one knows {FORMAT}). Upgrade archiver"
        raise UsageError(message)
    if form not in (*_LACKS, FORMAT) or is_empty != (form == 0):
        message = f"{path}: an SQLite file, but no ledger (format {form}). Run: archiver repair"
        raise ArchiveDamaged(message)
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    if form in _LACKS:
        connection.execute("BEGIN IMMEDIATE")
        for statement in _LACKS[form]:
            connection.execute(statement)
        disk.commit(connection)
    if is_empty:
        disk.sync_folder(path.parent)


def fingerprint(key: str) -> bytes:
    """By which the ledger finds a key."""
    # 96 bits: among a hundred million keys the chance that two are taken for one is less than 1 in 10^13.
    return blake2b(key.encode(), digest_size=12).digest()


def _task(number: int, url: str, kind: int, note: str | None, *_: int) -> Task:
    return Task(number, url, KINDS[kind], json.loads(note) if note else {})


def _known(revision: int, revision_id: bytes, first_seen_at: str, *rest: Any) -> Known:
    file, offset, status, said = rest
    contents = tuple((content, at) for content, at in json.loads(said)) if said else ()
    return Known(revision, revision_id.hex(), first_seen_at, Place(file, offset), STATUSES[status], contents)
