"""No more pages than --max-pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archiver.middlewares.skipped import Skipped

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler


class LimitPages:
    """Downloader middleware, after robots.txt: counts what is really fetched. Redirects and retries are the same page."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._tasks: set[int] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> LimitPages:
        """Scrapy's hook."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises Skipped for a page beyond the limit."""
        task = request.meta.get("task")
        spider: Any = self._crawler.spider
        limit = spider.scope.max_pages if task is not None else None
        if limit is None or task is None or task in self._tasks:
            return
        if len(self._tasks) >= limit:
            message = f"{limit} pages were asked for"
            raise Skipped(message, reason="max_pages")
        self._tasks.add(task)
