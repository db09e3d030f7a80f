"""How long a part of a site is followed that gives nothing."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import parse_qsl, urlsplit

MOST_IN_VAIN = 100
"""Pages of one prefix, one after another, that were neither an article nor a listing of one."""

_DIGITS = re.compile(r"\d+")


class Budget:
    """Counts, for one run, the pages in vain of each prefix: the first two folders, numbers apart, and the names of the query."""

    def __init__(self) -> None:
        self._in_vain: Counter[str] = Counter()

    def spend(self, url: str) -> None:
        """The page led to nothing."""
        self._in_vain[_prefix(url)] += 1

    def refill(self, url: str) -> None:
        """The page was an article, or a listing of some."""
        self._in_vain.pop(_prefix(url), None)

    def is_spent(self, url: str) -> bool:
        """Whether nothing more is asked for where `url` stands."""
        return self._in_vain[_prefix(url)] >= MOST_IN_VAIN if self._in_vain else False


def _prefix(url: str) -> str:
    parts = urlsplit(url)
    folders = _DIGITS.sub("#", parts.path).split("/")[1:-1][:2]
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return f"/{'/'.join(folders)}?{'&'.join(names)}"
