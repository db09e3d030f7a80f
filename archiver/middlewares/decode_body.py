"""Compressed bodies become what they were, by the same function that reads captures again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import TextResponse
from scrapy.responsetypes import responsetypes

from archiver import codings
from archiver.errors import BadPage
from archiver.middlewares.skipped import Unreadable
from archiver.page import LARGEST_PAGE_BYTES

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class DecodeBody:
    """Downloader middleware in the place of Scrapy's HttpCompressionMiddleware, which takes half a gzip for a whole page."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DecodeBody:
        """Scrapy's hook."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Says which codings we read."""
        request.headers.setdefault("Accept-Encoding", codings.ACCEPTED)

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """`response` without codings; the request once more where the body is cut. Raises Unreadable.

        The body of a file is not in its response.
        """
        if request.meta.get("kind") == "file":
            return response
        named = b", ".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        if not named:
            return response
        try:
            body = codings.decode(response.body, named, limit=LARGEST_PAGE_BYTES)
        except BadPage as problem:
            if "task" not in request.meta:
                # robots.txt that cannot be read is one that could not be had: RFC 9309, 2.3.1.4.
                return TextResponse(request.url, status=503, request=request)
            return self._again(request, problem)
        headers = response.headers.copy()
        del headers["Content-Encoding"]
        kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
        return response.replace(cls=kind, headers=headers, body=body)

    def _again(self, request: Request, problem: BadPage) -> Request:
        spider: Any = self._crawler.spider
        again = None
        if problem.reason == "cut_short":
            again = get_retry_request(request, spider=spider, reason=problem.reason)
        if again is None:
            message = f"{request.url}: {problem}"
            raise Unreadable(message, reason=problem.reason) from None
        return again
