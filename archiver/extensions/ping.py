"""A dead man's switch: an address that hears of each run's beginning and end, and raises the alarm when it hears nothing."""

from __future__ import annotations

import logging
import urllib.request
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.exceptions import NotConfigured

from archiver.errors import UsageError
from archiver.extensions.announced import NO_NEWS, run_judged

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from archiver.store.run_report import RunReport

TIMEOUT_SECONDS = 5
"""Nothing else is done meanwhile: the run has not yet begun to fetch, or is over."""

logger = logging.getLogger("archiver")


class Ping:
    """Scrapy extension, for the setting HEALTHCHECK_URL: GET of URL/start, then of URL, or of URL/fail.

    So healthchecks.io has it, and its like.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._url = (crawler.settings.get("HEALTHCHECK_URL") or "").rstrip("/")
        if not self._url:
            raise NotConfigured
        if not self._url.startswith(("http://", "https://")):
            message = f"HEALTHCHECK_URL {self._url!r} is no address. Give one that begins with http:// or https://"
            raise UsageError(message)
        self._has_begun = False
        # With the first request the archive is held; a run that is refused says nothing.
        crawler.signals.connect(self._begin, signal=signals.request_reached_downloader)
        crawler.signals.connect(self._end, signal=run_judged)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Ping:
        """Scrapy's hook."""
        return cls(crawler)

    def _begin(self) -> None:
        if not self._has_begun:
            self._has_begun = True
            self._get("/start")

    def _end(self, report: RunReport) -> None:
        if report.exit_code not in NO_NEWS:
            self._get("/fail" if report.exit_code else "")

    def _get(self, path: str) -> None:
        try:
            with urllib.request.urlopen(self._url + path, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310  # http(s), see above
                response.read()
        except OSError as error:  # URLError, HTTPError and timeouts are among them
            # The rest of the address is a password of sorts.
            logger.warning("HEALTHCHECK_URL at %s cannot be reached: %s", urlsplit(self._url).hostname, error)
