"""Full text by tantivy, for millions of articles: the words with their accents; a query names every form that it finds.

`cache/search.tantivy/` holds the catalogue and tantivy's own folder. The catalogue knows which commit of tantivy's it
belongs to: where a crash parted them, the index is made anew.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from math import log
from typing import TYPE_CHECKING, Any

import tantivy
from tantivy import FieldType, Occur

from archiver.research.index import catalogue as tables
from archiver.research.index.catalogue import Catalogue
from archiver.research.index.engines import Engine, Index, Unusable, open_catalogue
from archiver.research.index.texts import WEIGHTS, Counted, Matching, Only, Scored
from archiver.research.query_language import Either, Words
from archiver.research.words import bare

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from archiver.research.found import Sort
    from archiver.research.index.entry import Entry
    from archiver.research.query_language import Query

_CATALOGUE, _TEXTS = "catalogue.sqlite", "texts"
_COMMIT = "CREATE TABLE tantivy_commit (files TEXT NOT NULL)"
_HEAP_BYTES = 256_000_000
_UNDATED = -(2**62)
_MOST_TERMS = 64
"""Forms of one word up to which each counts for the rank by its own rarity; beyond, they count alike."""


class TantivyTexts:
    """The texts of a site's articles, in tantivy's folder."""

    def __init__(self, catalogue: Catalogue, index: tantivy.Index, folder: Path) -> None:
        self._catalogue = catalogue
        self._index = index
        self._folder = folder
        self._schema = index.schema
        self._writer: tantivy.IndexWriter | None = None
        self._counted: dict[tuple[Query, Only], int] = {}
        """Counts that came with hits."""
        self._spelled: set[str] = set()
        """Words that the catalogue has, as far as they were met."""
        index.register_tokenizer("words", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())

    def add(self, number: int, entry: Entry) -> None:
        """See Texts."""
        document = tantivy.Document()
        for field, words in zip(WEIGHTS, entry.wording, strict=True):
            document.add_text(field, " ".join(words))
            for word in set(words).difference(self._spelled):
                self._catalogue.spelling(word)
                self._spelled.add(word)
        document.add_unsigned("number", number)
        document.add_integer("published", _UNDATED if entry.published is None else entry.published)
        if entry.day:
            document.add_unsigned("day", _day(entry.day))
        if entry.section:
            document.add_unsigned("section", self._catalogue.section(entry.section))
        self._writing.add_document(document)

    def remove(self, numbers: Sequence[int]) -> None:
        """See Texts."""
        for number in numbers:
            # By query: delete_documents_by_term takes any number of Python's for a signed one, and finds nothing.
            self._writing.delete_documents_by_query(tantivy.Query.term_query(self._schema, "number", number))

    def flush(self) -> None:
        """See Texts."""
        if self._writer is not None:
            with _damage_named():
                self._writer.commit()
                self._writer.wait_merging_threads()
            self._writer = None
        self._catalogue.connection.execute("DELETE FROM tantivy_commit")
        self._catalogue.connection.execute("INSERT INTO tantivy_commit VALUES (?)", (_files(self._folder),))
        self._index.reload()
        self._counted.clear()

    def close(self) -> None:
        """See Texts."""
        self._writer = None

    def count(self, query: Query, only: Only, most: int | None = None) -> Counted:  # noqa: ARG002  # it counts at no cost
        """See Texts: always to the end."""
        if (query, only) not in self._counted:
            self._search(self._index.searcher(), query, only, 1)
        return Counted(self._counted[query, only])

    def best(self, query: Query, only: Only, sort: Sort, most: int) -> list[Scored]:
        """See Texts."""
        searcher = self._index.searcher()
        by = "published" if sort == "date" else None
        with _damage_named():
            found = self._search(searcher, query, only, max(most, 1), by)[:most]
            numbers = searcher.fast_field_values("number", [place for _, place in found])
        scores = [(0.0, None if key == _UNDATED else int(key)) if by else (float(key), None) for key, _ in found]
        return [
            Scored(int(number), *score) for number, score in zip(numbers, scores, strict=True) if number is not None
        ]

    def _search(
        self, searcher: tantivy.Searcher, query: Query, only: Only, most: int, by: str | None = None
    ) -> list[tuple[Any, tantivy.DocAddress]]:
        """The first hits; their count, which costs nothing beside them, is remembered."""
        with _damage_named():
            found = searcher.search(self._query(query, only), most, order_by_field=by)
        self._counted[query, only] = found.count or 0  # type: ignore[attr-defined]  # its stub does not know of it
        return list(found.hits)

    def numbers(self, query: Query, most_checked: int) -> Matching:  # noqa: ARG002  # it has the accents by itself
        """See Texts."""
        searcher = self._index.searcher()
        with _damage_named():
            found = searcher.search(self._query(query, Only()), max(searcher.num_docs, 1), count=False).hits
            numbers = searcher.fast_field_values("number", [place for _, place in found])
        return Matching([int(number) for number in numbers if number is not None])

    def weighed(self, run: Words, articles: int) -> tuple[int, float]:
        """See Texts. Source of the idf: tantivy's bm25.rs."""
        frequency = self.count(run, Only()).total
        return frequency, log(1 + (articles - frequency + 0.5) / (frequency + 0.5))

    @property
    def _writing(self) -> tantivy.IndexWriter:
        if self._writer is None:
            self._writer = self._index.writer(_HEAP_BYTES)
        return self._writer

    def _query(self, query: Query, only: Only) -> tantivy.Query:
        clauses = [(Occur.Must, self._of(query))]
        if only.since is not None or only.until is not None:
            first, last = _day(only.since or "0001-01-01"), _day(only.until or "9999-12-31")
            days = tantivy.Query.range_query(self._schema, "day", FieldType.Unsigned, first, last)
            clauses.append((Occur.Must, tantivy.Query.const_score_query(days, 0.0)))
        if only.sections is not None:
            sections = tantivy.Query.term_set_query(self._schema, "section", list(only.sections))
            clauses.append((Occur.Must, tantivy.Query.const_score_query(sections, 0.0)))
        return clauses[0][1] if len(clauses) == 1 else tantivy.Query.boolean_query(clauses)

    def _of(self, query: Query) -> tantivy.Query:
        if isinstance(query, Words):
            return self._run(query)
        if isinstance(query, Either):
            return tantivy.Query.boolean_query([(Occur.Should, self._of(part)) for part in query.of])
        wanted = [(Occur.Must, self._of(part)) for part in query.wanted]
        return tantivy.Query.boolean_query([*wanted, *((Occur.MustNot, self._of(part)) for part in query.unwanted)])

    def _run(self, run: Words) -> tantivy.Query:
        """The run in any of its fields, with the fields' weights."""
        forms = [[form for _, form in self._catalogue.spellings(word)] for word in run.words[:-1]]
        last = [form for _, form in self._catalogue.spellings(run.words[-1], is_prefix=run.is_prefix)]
        if run.is_prefix and forms and last:  # a few beginnings stand for thousands of words
            last = sorted({_beginning(form, run.words[-1]) + ".*" for form in last})
        forms.append(last)
        if not all(forms):
            return tantivy.Query.empty_query()
        fields = WEIGHTS if run.field is None else {run.field: WEIGHTS[run.field]}
        boosted = [
            (Occur.Should, tantivy.Query.boost_query(self._side_by_side(field, forms), weight))
            for field, weight in fields.items()
        ]
        return tantivy.Query.boolean_query(boosted)

    def _side_by_side(self, field: str, forms: list[list[str]]) -> tantivy.Query:
        if len(forms) > 1 and all(len(each) == 1 and each[0][-1] != "*" for each in forms):
            return tantivy.Query.phrase_query(self._schema, field, [each[0] for each in forms])
        if len(forms) > 1:
            return tantivy.Query.regex_phrase_query(self._schema, field, ["|".join(each) for each in forms])
        if len(forms[0]) > _MOST_TERMS:
            return tantivy.Query.term_set_query(self._schema, field, forms[0])
        terms = [(Occur.Should, tantivy.Query.term_query(self._schema, field, form)) for form in forms[0]]
        return tantivy.Query.boolean_query(terms)


@contextmanager
def _damage_named() -> Iterator[None]:
    try:
        yield
    except (ValueError, OSError) as problem:
        raise Unusable(str(problem)) from problem


def _beginning(word: str, prefix: str) -> str:
    """As much of a word as is the prefix."""
    is_bare = bare(prefix) == prefix
    return next(
        word[:end]
        for end in range(1, len(word) + 1)
        if (bare(word[:end]) if is_bare else word[:end]).startswith(prefix)
    )


def _files(folder: Path) -> str:
    """Tantivy's files and their lengths, and its last commit. Raises Unusable.

    A file that is too short makes tantivy end the whole process: it is opened only when all are as they were left.
    """
    try:
        stamp = json.loads((folder / "meta.json").read_bytes())["opstamp"]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise Unusable(repr(problem)) from problem
    kept = sorted((path.name, path.stat().st_size) for path in folder.iterdir() if not path.name.startswith("."))
    return json.dumps([stamp, kept])


def _day(day: str) -> int:
    return int(day.replace("-", ""))


def _make(place: Path) -> Index:
    (place / _TEXTS).mkdir(parents=True)
    connection = sqlite3.connect(place / _CATALOGUE, isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")  # nobody sees it before it is whole
    for statement in (*tables.SCHEMA, _COMMIT):
        connection.execute(statement)
    schema = tantivy.SchemaBuilder()
    for field in WEIGHTS:
        schema = schema.add_text_field(field, tokenizer_name="words")
    for field in ("number", "day", "section"):
        schema = schema.add_unsigned_field(field, indexed=True, fast=True)
    schema = schema.add_integer_field("published", fast=True)
    return _index(connection, tantivy.Index(schema.build(), path=str(place / _TEXTS)), place / _TEXTS)


def _open(place: Path) -> Index:
    connection = open_catalogue(place / _CATALOGUE)
    try:
        connection.execute("BEGIN")  # the catalogue of one moment: what tantivy has must belong to it
        kept = connection.execute("SELECT files FROM tantivy_commit").fetchone()
        if kept != (_files(place / _TEXTS),):
            message = "its parts do not belong together"
            raise Unusable(message)  # noqa: TRY301  # the connection is closed below
        index = tantivy.Index.open(str(place / _TEXTS))
        connection.execute("COMMIT")
    except (ValueError, OSError, sqlite3.DatabaseError, Unusable) as problem:
        connection.close()
        raise Unusable(str(problem)) from problem
    return _index(connection, index, place / _TEXTS)


def _index(connection: sqlite3.Connection, index: tantivy.Index, folder: Path) -> Index:
    catalogue = Catalogue(connection)
    return Index(catalogue, TantivyTexts(catalogue, index, folder))


TANTIVY = Engine("tantivy", "search.tantivy", ("search.sqlite",), _make, _open)
