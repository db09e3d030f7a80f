"""The record of addresses that were found and not queued."""

from __future__ import annotations

from collections import Counter


class LeftOut:
    """Counts by reason: of feeds and sitemaps all, of pages those of traps."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._met: set[int] = set()

    def add(self, counts: Counter[str]) -> None:
        """What one document left out."""
        self.counts += counts

    def once(self, url: str, reason: str) -> None:
        """An address on a page: every page of such a place names the same ones again."""
        self.counts[reason] += hash(url) not in self._met
        self._met.add(hash(url))
