"""Requests that the run is not to make: each becomes an event instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archiver.middlewares.skipped import LedAway, Skipped
from archiver.site.boundary import refusal, refusal_of_file
from archiver.store.event import TAKEN_DOWN
from archiver.urls import host, is_loopback, is_public_host, origin

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

LONGEST_URL = 2083
"""Longer addresses are a trap or a mistake; no browser of the time took them."""


class KeepScope:
    """Downloader middleware, before robots.txt: off the site, outside the days asked for, or no sensible address."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> KeepScope:
        """Scrapy's hook."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises Skipped for what is not to be fetched."""
        if "task" not in request.meta:
            self._keep_robots_in_public(request)
            return
        note = request.meta["note"]
        if outside := note.get("outside"):
            message = f"{request.url}: by its listing outside --since and --until"
            raise Skipped(message, reason=outside)
        if len(request.url) > LONGEST_URL:
            message = f"an address of {len(request.url)} characters"
            raise Skipped(message, reason="url_too_long")
        came_from = request.meta.get("redirect_urls")
        spider: Any = self._crawler.spider
        if request.meta["kind"] == "file":
            self._keep_file(request, came_from)
            return
        if (id_ := spider.taken_down(request.url)) is not None:
            message = f"{id_} was taken down"
            raise Skipped(message, reason=TAKEN_DOWN)
        if (note.get("start") and not came_from) or spider.site.follows(request.url):
            return
        if came_from and host(came_from[0]) == host(request.url):
            message = f"{came_from[0]} redirects to {request.url}, which is not for reading. Look at it in a browser"
            raise LedAway(message, reason="led_away")
        reason = refusal(spider.site, request.url) or "offsite"
        message = (
            f"{request.url} is not of this site ({reason}). Where it is meant, the site file allows it: allows=(…)"
        )
        raise Skipped(message, reason=reason)

    def _keep_file(self, request: Request, came_from: list[str] | None) -> None:
        spider: Any = self._crawler.spider
        reason = refusal_of_file(spider.site, request.url)
        if reason == "never_followed" and came_from:
            message = f"{came_from[0]} redirects to {request.url}, which is no file. Look at it in a browser"
            raise LedAway(message, reason="led_away")
        if reason is not None:
            led = f", to which {came_from[0]} redirects," if came_from else ""
            message = f"{request.url}{led} is no public address of a file ({reason})"
            raise Skipped(message, reason=reason)

    def _keep_robots_in_public(self, request: Request) -> None:
        """RFC 9309, 2.3.1.2, lets robots.txt lead to other hosts; none of them may be one that only we can reach."""
        came_from = request.meta.get("redirect_urls")
        if not came_from or origin(came_from[0]) == origin(request.url):
            return
        if is_loopback(request.url) or not is_public_host(request.url):
            message = f"{came_from[0]} redirects to {request.url}, which is no public host"
            raise Skipped(message, reason="private_address")
