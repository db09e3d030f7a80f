"""The tables of an archive, open for questions."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from archiver.errors import UsageError
from archiver.research.tables.answer import Answer, Question
from archiver.research.tables.cache import held
from archiver.research.tables.engine import MEMORY, asking, shut
from archiver.research.tables.guard import check
from archiver.research.tables.hints import explained
from archiver.research.tables.views import make_views
from archiver.store.sealing import MOMENTS
from archiver.store.strays import strays

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType


_MEMORY = re.compile(r"([1-9]\d*(?:\.\d+)?) ?([KMGT])(i?)B", re.IGNORECASE)


_UNITS = {"K": 1, "M": 2, "G": 3, "T": 4}
_LEAST, _MOST = 16_000_000, 64_000_000_000_000
"""Bytes: with less DuckDB cannot open a table, and a larger number it cannot read."""


class Tables:
    """articles (the newest revision of each id), revisions (all lines), what is in their lists, events and runs.

    As fresh as the lines when it is opened; what it opened stays until close().
    """

    def __init__(
        self, folders: Sequence[Path], *, memory: str = MEMORY, passed: Callable[[int], object] = lambda _: None
    ) -> None:
        """Of the sites in `folders`. `memory`: what DuckDB may take; `passed` is told the bytes of lines that are read.

        Raises UsageError, DiskTrouble.
        """
        _require_size(memory)
        self._stack = ExitStack()
        try:
            caches = [self._stack.enter_context(held(folder.resolve(), passed)) for folder in folders]
            files: dict[str, list[Path]] = {}
            for cache in caches:
                for table, paths in cache.files.items():
                    files.setdefault(table, []).extend(paths)
            spill = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="archiver-sql-")))
            self._connection = self._stack.enter_context(asking(memory, spill))
            self.columns = make_views(self._connection, files)
            """Table to its columns."""
            shut(self._connection, [path for paths in files.values() for path in paths])
        except BaseException:
            self._stack.close()
            raise
        found = [stray for folder in folders for kind in MOMENTS for stray in strays(folder, kind)]
        self.troubles = (*found, *(trouble for cache in caches for trouble in cache.troubles))
        """A line for each file of which something was left out."""

    def ask(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> Answer:
        """The answer to one SELECT. `values` stand for `?`, or by name for `$name`.

        Text is compared as the lines have it, in NFC; so the statement is brought to NFC too. Raises UsageError with the
        place and a hint, for what is no SELECT, and for all that reaches beyond the tables.
        """
        composed = unicodedata.normalize("NFC", sql)
        try:
            composed.encode()
        except UnicodeEncodeError as problem:
            message = "SQL: is no UTF-8. Save the file that it comes from as UTF-8"
            raise UsageError(message) from problem
        statement = check(self._connection.cursor(), composed)
        explain = partial(explained, sql=composed, statement=statement, tables=self.columns)
        return Answer(self._connection, Question(composed, values, explain))

    def close(self) -> None:
        """Ends reading: no answer is walked over any more."""
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _require_size(memory: str) -> None:
    found = _MEMORY.fullmatch(memory)
    if not found:
        message = f"--memory {memory}: no size. Write it as 2GB"
        raise UsageError(message)
    size = float(found[1]) * (1024 if found[3] else 1000) ** _UNITS[found[2].upper()]
    if not _LEAST <= size <= _MOST:
        message = f"--memory {memory}: out of bounds. Give 16MB to 64TB, such as 2GB"
        raise UsageError(message)
