"""So many requests and no more, whatever they are for: those for robots.txt and those that redirects lead to count too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.middlewares.skipped import Skipped

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

STAT = "archiver/requests_sent"
"""How many went out, in Scrapy's statistics."""


class KeepBudget:
    """Downloader middleware, next to the network, for the setting MOST_REQUESTS."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._most = crawler.settings.getint("MOST_REQUESTS")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> KeepBudget:
        """Scrapy's hook."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises Skipped once so many went out."""
        stats = self._crawler.stats
        if stats.get_value(STAT, 0) >= self._most:
            message = f"{request.url}: not asked, for {self._most} requests went out already"
            raise Skipped(message, reason="request_budget")
        stats.inc_value(STAT)
