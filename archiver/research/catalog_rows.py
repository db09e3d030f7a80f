"""Lines of articles and events as rows of the catalog."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3

TOLD = ("gone", "failed", "skipped")
"""Outcomes of events that are listed: what is not in the archive, and why."""
EXCERPT = 220
"""Characters of the lead, or of the body, that a list shows."""
NO_MOMENT = -(1 << 62)
"""The moment of an article without a time: it comes last."""

_MOST_REVISIONS = 1 << 31


class BadLine(ValueError):
    """A line that is no article's and no event's."""


class Rows:
    """Puts lines into the tables of a catalog."""

    def __init__(self, catalog: sqlite3.Connection) -> None:
        self._catalog = catalog
        self._words: dict[str, int] = dict(catalog.execute("SELECT text, number FROM word"))

    def put_articles(self, raw: bytes, file: int, offset: int) -> None:
        """A line of an article: the newest of its id stands for it. Raises BadLine."""
        line = _read(raw)
        try:
            id_, revision, texts, facts = _texts(line["id"])[0], int(line["revision"]), _told(line), _facts(line)
            keys = {address_key(url) for url in (line["url"], line["canonical_url"], *line["aliases"])}
            if not 0 < revision < _MOST_REVISIONS:
                raise ValueError(revision)  # noqa: TRY301  # becomes a bad line below
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as problem:
            raise BadLine(repr(problem)) from problem
        known = self._catalog.execute("SELECT number, revision FROM article WHERE id = ?", (id_,)).fetchone()
        number = known[0] if known else self._new(id_)
        self._catalog.execute("INSERT OR REPLACE INTO revision VALUES (?, ?, ?, ?)", (number, revision, file, offset))
        self._catalog.executemany("INSERT OR IGNORE INTO address VALUES (?, ?)", ((key, number) for key in keys))
        if known is None or known[1] <= revision:
            self._catalog.execute(
                """UPDATE article SET title = ?, excerpt = ?, published = ?, language = ?, changed = ?, revision = ?,
                file = ?, offset = ? WHERE number = ?""",
                (*texts, revision, file, offset, number),
            )
            day, moment, *words = facts
            row = (number, moment, day, *map(self._word, words))
            self._catalog.execute("INSERT OR REPLACE INTO fact VALUES (?, ?, ?, ?, ?, ?)", row)

    def put_events(self, raw: bytes, file: int, offset: int) -> None:
        """A line of an event, where it tells of something that is not in the archive. Raises BadLine."""
        line = _read(raw)
        try:
            if line["outcome"] == "file" and line["url"]:  # without: of an article that was taken down
                self._put_file(line["url"], line["file"])
            if line["outcome"] not in TOLD:
                return
            time, outcome, reason, id_ = _texts(line["time"], line["outcome"], line["reason"], line["id"])
            datetime.fromisoformat(time)
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            raise BadLine(repr(problem)) from problem
        row = (time, self._word(outcome), self._word(reason), id_ or None, file, offset)
        columns = "time, outcome, reason, id, file, offset"
        self._catalog.execute(f"INSERT INTO event ({columns}) VALUES (?, ?, ?, ?, ?, ?)", row)  # noqa: S608  # our own names

    def _put_file(self, url: str, file: dict[str, Any]) -> None:
        """What tells where a picture or an attachment is kept; the last such event holds."""
        media_type, warc = _texts(file["media_type"], file["warc"])
        row = (address_key(url), media_type, warc, int(file["offset"]))
        self._catalog.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)", row)

    def _new(self, id_: str) -> int:
        columns = "id, title, excerpt, revision, file, offset, changed"
        cursor = self._catalog.execute(f"INSERT INTO article ({columns}) VALUES (?, '', '', 0, 0, 0, '')", (id_,))  # noqa: S608
        return int(cursor.lastrowid or 0)

    def _word(self, text: str) -> int:
        """The number of a word that many rows have."""
        if text not in self._words:
            cursor = self._catalog.execute("INSERT INTO word (text) VALUES (?)", (text,))
            self._words[text] = int(cursor.lastrowid or 0)
        return self._words[text]


def address_key(url: str) -> int:
    """Equal for addresses that differ in their scheme and fragment only."""
    bare = url.strip().partition("#")[0].partition("://")
    return int.from_bytes(blake2b((bare[2] or bare[0]).encode(), digest_size=8).digest(), signed=True)


def _read(raw: bytes) -> dict[str, Any]:
    try:
        line = json.loads(raw)
    except (ValueError, RecursionError) as problem:
        raise BadLine(str(problem)) from problem
    if not isinstance(line, dict):
        raise BadLine(type(line).__name__)
    return line


def _told(line: dict[str, Any]) -> tuple[str, ...]:
    """Title, excerpt, time of publication, language, and when this was captured."""
    return _texts(line["title"], _excerpt(line), line["published_at"], line["language"], line["fetched_at"])


def _facts(line: dict[str, Any]) -> tuple[int, int, str, str, str]:
    """Day, moment, status, section, and the flags, joined: their combinations are few."""
    day, moment = _when(line["published_at"])
    status, section, flags = _texts(line["status"], line["section"], " ".join(sorted(line["quality"])))
    return day, moment, status, section, flags


def _texts(*values: Any) -> tuple[str, ...]:
    """The values as texts that UTF-8 can write; None is an empty one. Raises TypeError, UnicodeEncodeError."""
    for value in values:
        if not isinstance(value, str | None):
            raise TypeError(value)
        (value or "").encode()
    return tuple(value or "" for value in values)


def _excerpt(line: dict[str, Any]) -> str:
    text: str = line["lead"] or line["body"].partition("\n\n")[0]
    if len(text) <= EXCERPT:
        return text
    return text[:EXCERPT].rpartition(" ")[0] + " …"


def _when(published_at: str | None) -> tuple[int, int]:
    """The day as printed on the page, 20261122, and the moment in seconds."""
    if not published_at:
        return 0, NO_MOMENT
    moment = datetime.fromisoformat(published_at)
    return moment.year * 10_000 + moment.month * 100 + moment.day, int(moment.timestamp())
