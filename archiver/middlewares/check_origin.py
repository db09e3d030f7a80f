"""The first response of a run says whose pages these are; an archive takes them from one origin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import IgnoreRequest

from archiver import urls
from archiver.errors import ArchiverError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

# RFC 7089, 2.2.1: a copy (memento) names what it is a copy of.
_ORIGINAL = re.compile(r"<\s*([^>]+?)\s*>[^,]*;\s*rel\s*=\s*\"?(?:[^\",]*\s)?original\b", re.IGNORECASE)


class CheckOrigin:
    """Downloader middleware, innermost: before anything is kept of a response, the archive is claimed for its origin."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._claimed = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CheckOrigin:
        """Scrapy's hook."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """`response`, unless the archive is another origin's: then IgnoreRequest, caused by the UsageError."""
        spider: Any = self._crawler.spider
        is_page = "task" in request.meta  # not robots.txt
        if not self._claimed and is_page and getattr(spider, "archive", None) is not None and spider.archive.is_open:
            # What another host says of itself tells nothing of the site; an archive that names files has an origin.
            known = spider.archive.origin if request.meta["kind"] == "file" else None
            origin = known or origin_of(response, spider.address)
            try:
                spider.archive.claim(origin, contact=spider.contact, now=spider.now())
            except ArchiverError as error:
                raise IgnoreRequest(str(error)) from error
            self._claimed = True
        return response


def origin_of(response: Response, address: str) -> str:
    """Scheme and host of the original that the response names, else of `address`."""
    named = _ORIGINAL.search(b", ".join(response.headers.getlist("Link")).decode("latin-1"))
    return urls.origin(named[1]) or urls.origin(address) if named else urls.origin(address)
