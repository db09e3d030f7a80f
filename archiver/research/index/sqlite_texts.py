"""Full text by SQLite's FTS5: one index of words without accents, and a short copy of the text to check accents in.

The other design that was measured, words with their accents and the query turned into every combination of forms, is
smaller and counts accented phrases to the end, but each syllable without accents makes a question some five times as
dear: docs/search.md has the figures.

The index is contentless: SQLite before 3.43 takes a text out of it only when told its words, and the copy has them.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, Any

from archiver.research.index.copies import LAST_CODE, Copies
from archiver.research.index.texts import WEIGHTS, Counted, Matching, Only, Scored
from archiver.research.query_language import Either, Query, Words, wanted_words
from archiver.research.words import all_bare, bare

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from archiver.research.found import Sort
    from archiver.research.index.catalogue import Catalogue
    from archiver.research.index.entry import Entry

SCHEMA = (
    # The tokenizer `ascii` parts words at ASCII signs only: those that come in are parted by spaces already.
    "CREATE VIRTUAL TABLE text USING fts5 (title, body, captions, content = '', tokenize = 'ascii')",
    "CREATE TABLE copy (number INTEGER PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL, captions TEXT NOT NULL)",
    # Fewer, larger pieces: they are merged less often.
    "INSERT INTO text (text, rank) VALUES ('hashsize', 33554432)",
    f"INSERT INTO text (text, rank) VALUES ('rank', 'bm25({', '.join(map(str, WEIGHTS.values()))})')",  # noqa: S608
)

RANKED_BY_ACCENTS = 2_000
"""So many articles, the best by their words without accents, are put in order by their words with them."""


class SqliteTexts:
    """The texts of a site's articles, in the file of its catalogue."""

    def __init__(self, catalogue: Catalogue, last_code: int = LAST_CODE) -> None:
        self._catalogue = catalogue
        self._copies = Copies(catalogue, last_code)

    @property
    def _connection(self) -> sqlite3.Connection:
        return self._catalogue.connection

    def add(self, number: int, entry: Entry) -> None:
        """See Texts."""
        texts = [" ".join(all_bare(field)) for field in entry.wording]
        self._connection.execute(
            "INSERT INTO text (rowid, title, body, captions) VALUES (?, ?, ?, ?)", (number, *texts)
        )
        copies = map(self._copies.copied, entry.wording)
        self._connection.execute("INSERT INTO copy VALUES (?, ?, ?, ?)", (number, *copies))

    def remove(self, numbers: Sequence[int]) -> None:
        """See Texts."""
        told = "INSERT INTO text (text, rowid, title, body, captions) VALUES ('delete', ?, ?, ?, ?)"
        # In the order of their numbers: otherwise FTS5 writes a piece of its index for each.
        for number in sorted(numbers):
            copies = self._connection.execute("SELECT title, body, captions FROM copy WHERE number = ?", (number,))
            for row in copies.fetchall():
                self._connection.execute(
                    told, (number, *(" ".join(all_bare(self._copies.words(copy))) for copy in row))
                )
            self._connection.execute("DELETE FROM copy WHERE number = ?", (number,))

    def flush(self) -> None:
        """See Texts: the catalogue's commit is the texts' too."""

    def close(self) -> None:
        """See Texts: the catalogue's connection is the texts' too."""

    def count(self, query: Query, only: Only, most: int | None = None) -> Counted:
        """See Texts."""
        is_checked = self._set_check(query)
        limit = f" LIMIT {most + 1:d}" if is_checked and most is not None else ""
        tables, where, values = _chosen(only, is_checked=is_checked)
        asked = f"SELECT count(*) FROM (SELECT 1 FROM {tables} WHERE {where}{limit})"  # noqa: S608  # our own names
        total: int = self._connection.execute(asked, (_match(query), *values)).fetchone()[0]
        return Counted(most, is_exact=False) if limit and most is not None and total > most else Counted(total)

    def best(self, query: Query, only: Only, sort: Sort, most: int) -> list[Scored]:
        """See Texts."""
        is_checked = self._set_check(query)
        is_by_accents = is_checked and sort == "rank"
        tables, where, values = _chosen(only, is_checked=is_checked, is_dated=sort == "date")
        if sort == "date":
            columns, order = "text.rowid, 0.0, article.published", "article.published DESC, article.number DESC"
        else:
            columns, order = "text.rowid, -text.rank, NULL", "text.rank"
        if is_by_accents:
            columns += ", copy.title, copy.body, copy.captions"
        taken = max(most, RANKED_BY_ACCENTS) if is_by_accents else most
        asked = f"SELECT {columns} FROM {tables} WHERE {where} ORDER BY {order} LIMIT ?"  # noqa: S608
        rows = self._connection.execute(asked, (_match(query), *values, taken)).fetchall()
        return self._by_accents(query, rows)[:most] if is_by_accents else [Scored(*row) for row in rows]

    def _by_accents(self, query: Query, rows: list[tuple[Any, ...]]) -> list[Scored]:
        """The first of these in the order of their words with accents; the others behind them, in the order that they have."""
        first, others = rows[:RANKED_BY_ACCENTS], rows[RANKED_BY_ACCENTS:]
        articles = self._catalogue.size()
        idfs = [self.weighed(run, articles)[1] for run in wanted_words(query)]
        scores = self._copies.scores(query, idfs, [row[3:] for row in first])
        ranked = [Scored(row[0], score, None) for score, row in zip(scores, first, strict=True)]
        ranked.sort(key=lambda each: -each.score)
        # Scores of two kinds: those behind begin with the last before them.
        factor = ranked[-1].score / others[0][1] if others and others[0][1] else 1
        return [*ranked, *(Scored(row[0], row[1] * factor, None) for row in others)]

    def numbers(self, query: Query, most_checked: int) -> Matching:
        """See Texts."""
        match = (_match(query),)
        asked = "SELECT rowid FROM text WHERE text MATCH ?"
        found = [number for (number,) in self._connection.execute(asked, match)]
        if not _is_accented(query):
            return Matching(found)
        if len(found) > most_checked:
            return Matching(found, is_exact=False)
        self._set_check(query)
        tables, where, values = _chosen(Only(), is_checked=True)
        asked = f"SELECT text.rowid FROM {tables} WHERE {where}"  # noqa: S608  # our own names
        return Matching([number for (number,) in self._connection.execute(asked, (*match, *values))])

    def weighed(self, run: Words, articles: int) -> tuple[int, float]:
        """See Texts. Source of the idf: fts5Bm25GetData in SQLite's fts5_aux.c; accents do not count for it."""
        asked = "SELECT count(*) FROM text WHERE text MATCH ?"
        frequency: int = self._connection.execute(asked, (_match(run),)).fetchone()[0]
        return frequency, max(log((articles - frequency + 0.5) / (frequency + 0.5)), 1e-6)

    def _set_check(self, query: Query) -> bool:
        """Whether what the index finds must be checked in the copies; `holds` then does it."""
        if not _is_accented(query):
            return False
        holds = self._copies.holds(query)
        self._connection.create_function("holds", len(WEIGHTS), lambda *fields: holds(fields), deterministic=True)
        return True


def _is_accented(query: Query) -> bool:
    """Whether a word of the query has accents."""
    if isinstance(query, Words):
        return any(bare(word) != word for word in query.words)
    parts = query.of if isinstance(query, Either) else (*query.wanted, *query.unwanted)
    return any(map(_is_accented, parts))


def _match(query: Query) -> str:
    """The query for FTS5: finds all that the query does, and what differs from it in accents.

    https://www.sqlite.org/fts5.html#full_text_query_syntax
    """
    if isinstance(query, Words):
        field = f"{query.field} : " if query.field else ""
        return f'{field}"{" ".join(all_bare(query.words))}"{" *" if query.is_prefix else ""}'
    if isinstance(query, Either):
        return " OR ".join(f"({_match(part)})" for part in query.of)
    wanted = " AND ".join(f"({_match(part)})" for part in query.wanted)
    # What has the unwanted words without their accents is not unwanted: that is for the check.
    unwanted = " OR ".join(f"({_match(part)})" for part in query.unwanted if not _is_accented(part))
    return f"({wanted}) NOT ({unwanted})" if unwanted else wanted


def _chosen(only: Only, *, is_checked: bool, is_dated: bool = False) -> tuple[str, str, list[object]]:
    """Tables, condition and its values, the query's left out."""
    tables, where = "text", ["text MATCH ?"]
    values: list[object] = []
    if not only.is_all or is_dated:
        tables += " CROSS JOIN article ON article.number = text.rowid"
    if only.since is not None:
        where.append("article.day >= ?")
        values.append(only.since)
    if only.until is not None:
        where.append("article.day <= ?")
        values.append(only.until)
    if only.sections is not None:
        where.append(f"article.section IN ({', '.join('?' * len(only.sections))})")
        values += only.sections
    if is_checked:
        tables += " CROSS JOIN copy ON copy.number = text.rowid"
        where.append("holds(copy.title, copy.body, copy.captions)")
    return tables, " AND ".join(where), values
