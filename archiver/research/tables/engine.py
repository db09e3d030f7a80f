"""DuckDB, which is installed by the extra `query`: a connection that writes the cache, and one that SQL is asked of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.errors import UsageError

try:
    import duckdb
except ImportError as missing:
    message = "SQL needs DuckDB, which is not installed. Install it: pip install 'archiver[query]'"
    raise UsageError(message) from missing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["MEMORY", "asking", "duckdb", "literal", "shut", "writing"]

MEMORY = "1GB"
"""What DuckDB may take unless told otherwise; beyond it, it sorts and joins on the disk."""

_SHUT: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,  # a table named as a variable of the caller is no table
}


def writing() -> duckdb.DuckDBPyConnection:
    """A connection for this package's own statements, which read lines and write Parquet."""
    return _connect(MEMORY)


def asking(memory: str, spill: Path) -> duckdb.DuckDBPyConnection:
    """A connection in which views are to be made; then shut() closes it. `spill`: a folder of its own, for what is too large."""
    connection = _connect(memory)
    connection.execute(f"SET temp_directory = {literal(str(spill))}")
    return connection


def shut(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> None:
    """From now on the connection reaches no file but these, no network, and keeps its settings.

    Files, not their folder: DuckDB lets SQL write wherever it may read, and a folder is all that is ever in it. What SQL is
    let through at all, archiver.research.tables.guard says.
    """
    paths = ", ".join(literal(str(file)) for file in files)
    connection.execute(f"SET allowed_paths = [{paths}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def literal(text: str) -> str:
    """`text` as a string of SQL."""
    return "'" + text.replace("'", "''") + "'"


def _connect(memory: str) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:", config={**_SHUT, "memory_limit": memory})
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    return connection
