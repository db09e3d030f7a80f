"""Full text by SQLite's FTS5: one index of words without accents, and a short copy of the text to check accents in.

Measured over 200,000 articles, 1.3 GB (benchmarks/search.py): the other design, words with their accents and the query
turned into every combination of forms, takes 0.20 instead of 0.28 of the lines, and counts accented phrases to the end
in 17 ms; but two syllables without accents take 85 ms instead of 23, their ten best 530 instead of 280, and each further
syllable five times as much.

The index is contentless: SQLite before 3.43 takes a text out of it only when told its words, and the copy has them. A
word of the copy is one character, a frequent word a short one, so that to check a text is to search a short string.
"""

from __future__ import annotations

import re
from math import log
from typing import TYPE_CHECKING

from archiver.research.index.texts import WEIGHTS, Counted, Scored
from archiver.research.query_language import Either, Query, Words
from archiver.research.words import Remembered, all_bare, bare

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from archiver.research.found import Sort
    from archiver.research.index.catalogue import Catalogue
    from archiver.research.index.entry import Entry
    from archiver.research.index.texts import Only

    Holds = Callable[[Sequence[str]], bool]

SCHEMA = (
    # The tokenizer `ascii` parts words at ASCII signs only: those that come in are parted by spaces already.
    "CREATE VIRTUAL TABLE text USING fts5 (title, body, captions, content = '', tokenize = 'ascii')",
    "CREATE TABLE copy (number INTEGER PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL, captions TEXT NOT NULL)",
    # Fewer, larger pieces: they are merged less often.
    "INSERT INTO text (text, rank) VALUES ('hashsize', 33554432)",
    f"INSERT INTO text (text, rank) VALUES ('rank', 'bm25({', '.join(map(str, WEIGHTS.values()))})')",  # noqa: S608
)

_FIRST_CODE, _SURROGATES, _LAST_CODE = 3, range(0xD800, 0xE000), 0x10FFFF
_SPELLED = "\x01{}\x02"
"""A word beyond the characters that there are stands as it is."""
_CODED = re.compile("\x01(?P<word>[^\x02]+)\x02|(?P<code>.)", re.DOTALL)
_NEVER = re.compile("(?!)")


class SqliteTexts:
    """The texts of a site's articles, in the file of its catalogue."""

    def __init__(self, catalogue: Catalogue, last_code: int = _LAST_CODE) -> None:
        self._catalogue = catalogue
        self._last_code = last_code
        self._codes = Remembered(lambda word: self._code(catalogue.spelling(word), word))

    @property
    def _connection(self) -> sqlite3.Connection:
        return self._catalogue.connection

    def add(self, number: int, entry: Entry) -> None:
        """See Texts."""
        texts = [" ".join(all_bare(field)) for field in entry.wording]
        self._connection.execute(
            "INSERT INTO text (rowid, title, body, captions) VALUES (?, ?, ?, ?)", (number, *texts)
        )
        copies = ["".join(map(self._codes.__getitem__, field)) for field in entry.wording]
        self._connection.execute("INSERT INTO copy VALUES (?, ?, ?, ?)", (number, *copies))

    def remove(self, numbers: Sequence[int]) -> None:
        """See Texts."""
        told = "INSERT INTO text (text, rowid, title, body, captions) VALUES ('delete', ?, ?, ?, ?)"
        # In the order of their numbers: otherwise FTS5 writes a piece of its index for each.
        for number in sorted(numbers):
            copies = self._connection.execute("SELECT title, body, captions FROM copy WHERE number = ?", (number,))
            for row in copies.fetchall():
                self._connection.execute(told, (number, *(" ".join(all_bare(self._words(copy))) for copy in row)))
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
        tables, where, values = _chosen(only, is_checked=self._set_check(query), is_dated=sort == "date")
        if sort == "date":
            columns, order = "text.rowid, 0.0, article.published", "article.published DESC, article.number DESC"
        else:
            columns, order = "text.rowid, -text.rank, NULL", "text.rank"
        asked = f"SELECT {columns} FROM {tables} WHERE {where} ORDER BY {order} LIMIT ?"  # noqa: S608
        return [Scored(*row) for row in self._connection.execute(asked, (_match(query), *values, most))]

    def weighed(self, run: Words, articles: int) -> tuple[int, float]:
        """See Texts. Source of the idf: fts5Bm25GetData in SQLite's fts5_aux.c; accents do not count for it."""
        asked = "SELECT count(*) FROM text WHERE text MATCH ?"
        frequency: int = self._connection.execute(asked, (_match(run),)).fetchone()[0]
        return frequency, max(log((articles - frequency + 0.5) / (frequency + 0.5)), 1e-6)

    def _code(self, number: int, word: str) -> str:
        code = number - 1 + _FIRST_CODE
        if code >= _SURROGATES.start:
            code += len(_SURROGATES)
        return chr(code) if code <= self._last_code else _SPELLED.format(word)

    def _words(self, copy: str) -> list[str]:
        return [found["word"] or self._catalogue.word(_number(found["code"])) for found in _CODED.finditer(copy)]

    def _set_check(self, query: Query) -> bool:
        """Whether what the index finds must be checked in the copies; `holds` then does it."""
        if not _is_accented(query):
            return False
        holds = self._holds(query)
        self._connection.create_function("holds", len(WEIGHTS), lambda *fields: holds(fields), deterministic=True)
        return True

    def _holds(self, query: Query) -> Holds:
        """Whether the fields of a copy are what the query asks for."""
        if isinstance(query, Words):
            search = self._pattern(query).search
            places = range(len(WEIGHTS)) if query.field is None else (list(WEIGHTS).index(query.field),)
            return lambda fields: any(search(fields[place]) is not None for place in places)
        if isinstance(query, Either):
            parts = [self._holds(part) for part in query.of]
            return lambda fields: any(part(fields) for part in parts)
        wanted = [self._holds(part) for part in query.wanted]
        unwanted = [self._holds(part) for part in query.unwanted]
        return lambda fields: all(part(fields) for part in wanted) and not any(part(fields) for part in unwanted)

    def _pattern(self, run: Words) -> re.Pattern[str]:
        last = len(run.words) - 1
        forms = [
            [self._code(*found) for found in self._catalogue.spellings(word, is_prefix=run.is_prefix and place == last)]
            for place, word in enumerate(run.words)
        ]
        return re.compile("".join(map(_one_of, forms))) if all(forms) else _NEVER


def _one_of(forms: list[str]) -> str:
    signs = "".join(form for form in forms if len(form) == 1)
    spelled = [re.escape(form) for form in forms if len(form) > 1]
    return (
        f"(?:{'|'.join([*spelled, *([f'[{re.escape(signs)}]'] if signs else [])])})"
        if spelled
        else f"[{re.escape(signs)}]"
    )


def _number(code: str) -> int:
    sign = ord(code)
    return sign - (len(_SURROGATES) if sign >= _SURROGATES.stop else 0) - _FIRST_CODE + 1


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
