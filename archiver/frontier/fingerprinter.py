"""When two requests are one: all addresses of an article are one request."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from scrapy.utils.request import RequestFingerprinter

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler


class ArticleFingerprinter:
    """Scrapy's RequestFingerprinterProtocol.

    A redirect continues the request that led to it: it has that request's fingerprint and the number of hops. So the
    redirect from an article's query form to its pretty form is no duplicate, and a circle of redirects goes on until
    REDIRECT_MAX_TIMES ends it with an event, instead of vanishing in the duplicate filter.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._standard = RequestFingerprinter(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ArticleFingerprinter:
        """Scrapy's hook."""
        return cls(crawler)

    def fingerprint(self, request: Request) -> bytes:
        """Equal for requests of which one suffices."""
        hops = request.meta.get("redirect_times", 0)
        asked = request.meta["redirect_urls"][0] if hops else request.url
        site = getattr(self._crawler.spider, "site", None)
        address = site.address(asked) if site is not None and request.method == "GET" else None
        if address is None:
            if not hops:
                return self._standard.fingerprint(request)
            key = self._standard.fingerprint(request.replace(url=asked))
        else:
            key = address.id.encode()
        return hashlib.sha1(b"%s %d" % (key, hops), usedforsecurity=False).digest()
