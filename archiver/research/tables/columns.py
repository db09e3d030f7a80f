"""The columns of each table, read off the dataclasses whose lines it holds: there is no second list that could differ."""

from __future__ import annotations

import types
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from archiver.article import Article
from archiver.store.event import Event
from archiver.store.run_report import RunReport

_PLAIN = {str: "VARCHAR", int: "BIGINT", float: "DOUBLE", bool: "BOOLEAN", datetime: "VARCHAR"}
"""Moments stay the text of the line: a type of DuckDB would lose the offset that a page printed."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of lines, and the table of all of them."""

    table: str
    """The table with a row for each line."""
    folder: str
    """In a site's folder."""
    record: type
    """What a line is."""

    @property
    def columns(self) -> dict[str, str]:
        """Column to DuckDB's type, as they stand in a line."""
        return columns_of(self.record)

    @property
    def required(self) -> list[str]:
        """Columns without which a line is none of this kind."""
        hints = _hints(self.record)
        return [
            each.name
            for each in fields(self.record)
            if each.default is MISSING and each.default_factory is MISSING and not _may_be_none(hints[each.name])
        ]

    @property
    def added(self) -> dict[str, tuple[str, str]]:
        """Column to its type and the expression that makes it: moments in UTC, the day where it was printed, the length."""
        moments = [name for name, hint in _hints(self.record).items() if datetime in (hint, *get_args(hint))]
        made = {
            f"{name.removesuffix('_at')}_utc": (
                "TIMESTAMP",
                f"try_cast({quoted(name)} AS TIMESTAMPTZ) AT TIME ZONE 'UTC'",
            )
            for name in moments
        }
        if self.record is not Article:
            return made
        day = ("DATE", "try_cast(left(published_at, 10) AS DATE)")
        return {"published_on": day, **made, "body_characters": ("BIGINT", "length(body)")}


KINDS = (
    Kind("revisions", "articles", Article),
    Kind("events", "events", Event),
    Kind("runs", "runs", RunReport),
)


def columns_of(record: type) -> dict[str, str]:
    """Field of a dataclass to DuckDB's type."""
    return {name: _typed(hint) for name, hint in _hints(record).items()}


def lists_of(record: type) -> dict[str, type]:
    """Fields of a dataclass that are lists of other dataclasses, to these."""
    hints = _hints(record).items()
    return {
        name: get_args(hint)[0] for name, hint in hints if get_origin(hint) is tuple and is_dataclass(get_args(hint)[0])
    }


def quoted(name: str) -> str:
    """`name` as SQL writes a column's or table's."""
    return f'"{name}"'


def _hints(record: type) -> dict[str, Any]:
    # Not every module of a record imports datetime when it runs.
    return get_type_hints(record, localns={"datetime": datetime})


def _typed(hint: Any) -> str:
    if hint in _PLAIN:
        return _PLAIN[hint]
    if is_dataclass(hint):
        parts = ", ".join(f"{quoted(name)} {kind}" for name, kind in columns_of(hint).items())  # type: ignore[arg-type]  # no instance
        return f"STRUCT({parts})"
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return "VARCHAR"
    if origin is tuple and arguments[1:] == (...,):
        return _typed(arguments[0]) + "[]"
    if origin is dict:
        return f"MAP({_typed(arguments[0])}, {_typed(arguments[1])})"
    if _may_be_none(hint):
        return _typed(next(each for each in arguments if each is not types.NoneType))
    message = f"no column for {hint}. Teach archiver.research.tables.columns its type"
    raise TypeError(message)


def _may_be_none(hint: Any) -> bool:
    return get_origin(hint) in (Union, types.UnionType) and types.NoneType in get_args(hint)
