"""What SQL answers: rows, as tuples, as dicts, or as a table of pandas or polars."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

from archiver.errors import UsageError
from archiver.research.tables.engine import duckdb
from archiver.research.tables.waiting import awaited

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_T = TypeVar("_T")
_CLOSED = "No open result set"
_AT_ONCE = 1_000
"""Rows that are taken at a time."""


@dataclass(frozen=True, slots=True)
class Question:
    """One statement."""

    sql: str
    values: Sequence[Any] | dict[str, Any]
    """What stands for `?` or `$name` in it."""
    explain: Callable[[duckdb.Error], Exception]
    """What is to be said of what DuckDB says."""


class Answer:
    """The rows of one statement. Each walk over them asks anew, so that no more is in memory than is looked at."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, question: Question) -> None:
        self._connection = connection
        self._question = question
        # Whoever asks hears at once what is wrong with the question.
        self._asked: duckdb.DuckDBPyConnection | None = self._cursor()
        described = self._asked.description or ()
        self.columns: tuple[str, ...] = tuple(_distinct([str(column[0]) for column in described]))
        """Their names, in order; of several of one name the later ones are numbered."""
        self.types: tuple[str, ...] = tuple(str(column[1]) for column in described)
        """DuckDB's types of them."""

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        """Row by row. Raises UsageError where a value cannot be computed."""
        asked, self._asked = self._asked, None
        cursor = asked or self._cursor()
        while rows := self._taken(cursor, lambda: cursor.fetchmany(_AT_ONCE)):
            yield from rows

    def dicts(self) -> Iterator[dict[str, Any]]:
        """Row by row, column to value."""
        return (dict(zip(self.columns, row, strict=True)) for row in self)

    def to_pandas(self) -> Any:
        """A pandas.DataFrame. Raises UsageError where pandas is not installed."""
        _require("to_pandas()", "pandas")
        return self._whole("df")

    def to_polars(self) -> Any:
        """A polars.DataFrame. Raises UsageError where polars or pyarrow is not installed."""
        _require("to_polars()", "polars", "pyarrow")
        return self._whole("pl")

    def __repr__(self) -> str:
        columns = ", ".join(f"{name} {of}" for name, of in zip(self.columns, self.types, strict=True))
        return f"<Answer of {columns}: walk over it, or .dicts(), .to_pandas(), .to_polars()>"

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        cursor = self._connection.cursor()
        return self._taken(cursor, lambda: cursor.execute(self._question.sql, self._question.values or None))

    def _whole(self, form: str) -> Any:
        cursor = self._connection.cursor()

        def take() -> Any:
            relation = cursor.sql(self._question.sql, params=self._question.values or None)
            return getattr(relation, form)()

        return self._taken(cursor, take)

    def _taken(self, cursor: duckdb.DuckDBPyConnection, take: Callable[[], _T]) -> _T:
        try:
            return awaited(cursor, take)
        except duckdb.Error as problem:
            if isinstance(problem, duckdb.ConnectionException) or _CLOSED in str(problem):
                message = (
                    "the archive was closed: its answers can no longer be walked over. Ask again with archive.sql(…)"
                )
                raise UsageError(message) from problem
            raise self._question.explain(problem) from problem


def _distinct(names: Sequence[str]) -> Iterator[str]:
    taken = set(names)
    seen: set[str] = set()
    for name in names:
        if name in seen:
            free = next(each for number in count(1) if (each := f"{name}_{number}") not in taken)
            taken.add(free)
            yield free
        else:
            seen.add(name)
            yield name


def _require(what: str, *packages: str) -> None:
    for package in packages:
        try:
            import_module(package)
        except ImportError as missing:
            message = f"{what} needs {' and '.join(packages)}. Install: pip install {' '.join(packages)}"
            raise UsageError(message) from missing
