"""Waiting for DuckDB so that Ctrl-C ends the wait: its own client may not look at signals before it has an answer."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from archiver.research.tables.engine import duckdb

_T = TypeVar("_T")


def awaited(cursor: duckdb.DuckDBPyConnection, take: Callable[[], _T]) -> _T:
    """What `take` gives, which asks `cursor`. Raises what it raises, and KeyboardInterrupt once the cursor has stopped."""
    if threading.current_thread() is not threading.main_thread():
        return take()  # signals come to the main thread only
    with ThreadPoolExecutor(1) as other:
        asked = other.submit(take)
        try:
            return asked.result()
        except KeyboardInterrupt:
            cursor.interrupt()
            raise
