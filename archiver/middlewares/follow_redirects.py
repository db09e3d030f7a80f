"""Redirects, without telling a site where on it we found an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.redirect import RedirectMiddleware

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class FollowRedirects(RedirectMiddleware):
    """Scrapy's, which else warns at every start that nothing sets the header Referer."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FollowRedirects:
        """Scrapy's hook."""
        made = cls(crawler.settings)
        made.crawler = crawler
        return made

    def handle_referer(self, request: Request, response: Response) -> None:  # noqa: ARG002  # Scrapy's signature
        """No Referer."""
        request.headers.pop("Referer", None)
