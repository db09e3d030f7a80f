"""The search indexes being made while the page is read already."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from archiver.errors import ArchiverError

if TYPE_CHECKING:
    from collections.abc import Callable

    from archiver.research.looking import Desk

_PATIENCE_SECONDS = 3.0


class Readiness:
    """Makes the indexes in a thread of its own."""

    def __init__(self, desk: Desk, tell: Callable[[str], object]) -> None:
        self._desk = desk
        self._tell = tell
        self._ended = threading.Event()
        self.told: tuple[str, ...] = ()
        """What was said meanwhile."""
        threading.Thread(target=self._make, daemon=True).start()

    def wait(self, seconds: float = _PATIENCE_SECONDS) -> bool:
        """Whether they are there, now or within these seconds; each search keeps them fresh from then on."""
        return self._ended.wait(seconds)

    def _make(self) -> None:
        try:
            self._desk.make_indexes(self._hear)
        except ArchiverError as problem:  # the search tells it to whoever searches
            self._tell(str(problem))
        finally:
            self._ended.set()

    def _hear(self, words: str) -> None:
        self.told = (*self.told, words)
        self._tell(words)
