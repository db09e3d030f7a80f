"""The tables that SQL sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.article import Article
from archiver.research.tables.cache import REVISIONS, SUPERSEDED
from archiver.research.tables.columns import KINDS, columns_of, lists_of, quoted
from archiver.research.tables.engine import literal
from archiver.research.tables.parts import columns_of_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from archiver.research.tables.engine import duckdb

ARTICLES = "articles"
_AT_ITS_PLACE = "USING (site, line_file, line_offset)"
_OF_ARTICLE = ("site", "id", "published_on")
"""What a row of a list tells of its article."""


def make_views(
    connection: duckdb.DuckDBPyConnection, files: Mapping[str, Sequence[Path]]
) -> dict[str, tuple[str, ...]]:
    """Makes every table out of these Parquet files; table to its columns."""
    newest, shown = _without_old(connection, files.get(SUPERSEDED, ()))
    for kind in KINDS:
        found = files.get(kind.table, ())
        columns = columns_of_table(kind)
        select = _rows_of(found, columns) if found else _no_rows(columns)
        _make(connection, kind.table, select + (shown if kind.table == REVISIONS else ""))
    _make(connection, ARTICLES, f"SELECT * FROM {REVISIONS}{newest}")
    for name, record in lists_of(Article).items():
        _make(connection, name, _items(name, record))
    made = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY view_oid").fetchall()
    return {
        name: tuple(row[0] for row in connection.execute(f"DESCRIBE {quoted(name)}").fetchall()) for (name,) in made
    }


def _without_old(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> tuple[str, str]:
    """What leaves out the lines behind which a newer one stands, and those of which that is a tombstone."""
    if not files:
        return "", ""
    connection.execute("CREATE SCHEMA kept")  # not among what SHOW TABLES lists
    connection.execute(
        f"CREATE TABLE kept.{SUPERSEDED} AS FROM read_parquet([{_listed(files)}], hive_partitioning = false)"
    )
    counted = connection.execute(f"SELECT count(*), count(*) FILTER (WHERE is_hidden) FROM kept.{SUPERSEDED}")
    ((old, hidden),) = counted.fetchall()
    newest = f" ANTI JOIN kept.{SUPERSEDED} {_AT_ITS_PLACE}" if old else ""
    shown = f" ANTI JOIN (FROM kept.{SUPERSEDED} WHERE is_hidden) {_AT_ITS_PLACE}" if hidden else ""
    return newest, shown


def _make(connection: duckdb.DuckDBPyConnection, name: str, select: str) -> None:
    connection.execute(f"CREATE VIEW {quoted(name)} AS {select}")


def _rows_of(files: Sequence[Path], columns: Mapping[str, str]) -> str:
    names = ", ".join(map(quoted, columns))
    return f"SELECT {names} FROM read_parquet([{_listed(files)}], hive_partitioning = false)"


def _no_rows(columns: Mapping[str, str]) -> str:
    nulls = ", ".join(f"NULL::{of} AS {quoted(name)}" for name, of in columns.items())
    return f"SELECT {nulls} WHERE false"


def _items(name: str, record: type) -> str:
    """A row for each item of a list of each article, with its place in the list from 0."""
    of_article = ", ".join(_OF_ARTICLE)
    parts = ", ".join(f"item.{quoted(part)} AS {quoted(part)}" for part in columns_of(record))
    unnested = f"unnest(range(len({quoted(name)}))) AS place, unnest({quoted(name)}) AS item"
    return f"SELECT {of_article}, place, {parts} FROM (SELECT {of_article}, {unnested} FROM {ARTICLES})"


def _listed(files: Sequence[Path]) -> str:
    return ", ".join(literal(str(file)) for file in files)
