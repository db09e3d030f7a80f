"""Retry-After (RFC 9110, 10.2.3): a site that asks for patience gets it."""

from __future__ import annotations

import logging
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from scrapy.utils.asyncio import call_later
from scrapy.utils.misc import load_object

from archiver import urls

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

STATUSES = (429, 503)

LONGEST_SECONDS = 600
"""Who asks for more is not asked again in this run."""

logger = logging.getLogger(__name__)


class HeedRetryAfter:
    """Downloader middleware, before Scrapy's retries: the whole run waits, for it is a run of one site."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._waits = 0
        self._now: Callable[[], datetime] = load_object(crawler.settings["NOW"])

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HeedRetryAfter:
        """Scrapy's hook."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """The response; nothing is fetched for as long as it asks. A file's other host does not keep the site waiting."""
        if response.status not in STATUSES:
            return response
        spider: Any = self._crawler.spider
        if request.meta.get("kind") == "file" and urls.host(request.url) != urls.host(spider.address):
            request.meta["dont_retry"] = True
            return response
        stated = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
        seconds = seconds_of(stated, self._now()) if stated else None
        if seconds is not None and seconds > LONGEST_SECONDS:
            request.meta["dont_retry"] = True
        elif seconds:
            logger.info(
                "%s: asked to wait %.0f seconds (status %d)", self._crawler.spidercls.name, seconds, response.status
            )
            self._waits += 1
            self._crawler.engine.pause()
            call_later(seconds, self._go_on)
        return response

    def _go_on(self) -> None:
        """The longest of several waits counts."""
        self._waits -= 1
        if not self._waits:
            self._crawler.engine.unpause()


def seconds_of(stated: str, now: datetime) -> float | None:
    """How long a Retry-After asks to wait, as a number of seconds or a date; None: it cannot be read."""
    if stated.isdecimal():
        return float(stated)
    try:
        moment = parsedate_to_datetime(stated)
    except (ValueError, OverflowError):
        return None
    return max(0.0, ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds())
