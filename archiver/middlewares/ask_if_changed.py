"""A known article is asked for on the condition that it is not as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

CONDITIONS = ("If-None-Match", "If-Modified-Since")


class AskIfChanged:
    """Downloader middleware. Notes in a request's meta `condition`: by what it is asked for, where it is.

    The condition is of one address: where a request is led on, or is another view, it is asked without.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AskIfChanged:
        """Scrapy's hook."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Adds what the server gave with the article's last capture: its ETag, its time (RFC 9110, 13.1)."""
        meta = request.meta
        if meta.pop("condition", None) is not None:
            for name in CONDITIONS:
                request.headers.pop(name, None)
        if "task" not in meta or "place" in meta or meta["kind"] != "article":
            return
        spider: Any = self._crawler.spider
        asked = spider.archive.validators(spider.archive.ledger.id_of(meta["key"]), urldefrag(request.url)[0])
        if asked is None:
            return
        meta["condition"] = asked
        for name, value in zip(CONDITIONS, (asked.etag, asked.last_modified), strict=True):
            if value is not None:
                request.headers[name] = value
