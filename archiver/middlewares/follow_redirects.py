"""Redirects, without telling a site where on it we found an address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.redirect import RedirectMiddleware

from archiver.middlewares.skipped import LedAway

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response


_OTHER_SCHEME = re.compile(rb"\s*(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)


class FollowRedirects(RedirectMiddleware):
    """Scrapy's, which else warns at every start that nothing sets the header Referer."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FollowRedirects:
        """Scrapy's hook."""
        made = cls(crawler.settings)
        made.crawler = crawler
        return made

    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Spider | None = None,  # noqa: ARG002  # Scrapy's signature
    ) -> Request | Response:
        """The request that the response leads to, else the response. Raises LedAway: to `file:`, `data:` and their like."""
        to = response.headers.get("Location") or b""
        if 300 <= response.status < 400 and _OTHER_SCHEME.match(to):
            message = f"{request.url} redirects to {to.decode('latin-1')[:200]}, which is no address of the web"
            raise LedAway(message, reason="no_web_address")
        led: Request | Response = super().process_response(request, response)
        return led

    def handle_referer(self, request: Request, response: Response) -> None:  # noqa: ARG002  # Scrapy's signature
        """No Referer."""
        request.headers.pop("Referer", None)
