"""What SQL answers: rows, as tuples, as dicts, or as a table of pandas or polars."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from archiver.errors import UsageError
from archiver.research.tables.engine import duckdb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_T = TypeVar("_T")
_AT_ONCE = 1_000
"""Rows that are taken at a time."""


class Answer:
    """The rows of one statement. Each walk over them asks anew, so that no more is in memory than is looked at."""

    def __init__(
        self, ask: Callable[[], duckdb.DuckDBPyConnection], explain: Callable[[duckdb.Error], Exception]
    ) -> None:
        self._ask = ask
        self._explain = explain
        self._asked: duckdb.DuckDBPyConnection | None = None
        # Whoever asks hears at once what is wrong with the question.
        asked = self._cursor()
        self.columns: tuple[str, ...] = tuple(str(column[0]) for column in asked.description or ())
        """Their names, in order."""
        self.types: tuple[str, ...] = tuple(str(column[1]) for column in asked.description or ())
        """DuckDB's types of them."""
        self._asked = asked

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        """Row by row. Raises UsageError where a value cannot be computed."""
        cursor = self._cursor()
        while rows := self._taken(lambda: cursor.fetchmany(_AT_ONCE)):
            yield from rows

    def dicts(self) -> Iterator[dict[str, Any]]:
        """Row by row, column to value. Of two columns of one name the last counts."""
        return (dict(zip(self.columns, row, strict=True)) for row in self)

    def to_pandas(self) -> Any:
        """A pandas.DataFrame. Raises UsageError where pandas is not installed."""
        _require("to_pandas()", "pandas")
        cursor = self._cursor()
        return self._taken(cursor.df)

    def to_polars(self) -> Any:
        """A polars.DataFrame. Raises UsageError where polars or pyarrow is not installed."""
        _require("to_polars()", "polars", "pyarrow")
        cursor = self._cursor()
        return self._taken(cursor.pl)  # type: ignore[attr-defined]  # its stubs do not know it

    def __repr__(self) -> str:
        columns = ", ".join(f"{name} {of}" for name, of in zip(self.columns, self.types, strict=True))
        return f"<Answer of {columns}: walk over it, or .dicts(), .to_pandas(), .to_polars()>"

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        asked, self._asked = self._asked, None
        return asked if asked is not None else self._taken(self._ask)

    def _taken(self, take: Callable[[], _T]) -> _T:
        try:
            return take()
        except duckdb.Error as problem:
            raise self._explain(problem) from problem


def _require(what: str, *packages: str) -> None:
    for package in packages:
        try:
            import_module(package)
        except ImportError as missing:
            message = f"{what} needs {' and '.join(packages)}. Install: pip install {' '.join(packages)}"
            raise UsageError(message) from missing
