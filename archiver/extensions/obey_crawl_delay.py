"""Crawl-delay of robots.txt, which Scrapy reads but does not obey."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import NotConfigured

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.robotstxt import RobotParser

LONGEST_SECONDS = 60
"""A longer delay would make a site a work of years: it is taken as this."""


class ObeyCrawlDelay:
    """Scrapy extension. Slows the host's download slot down, never up; hosts with their own DOWNLOAD_SLOTS stay as set."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._set_by_hand = crawler.settings.getdict("DOWNLOAD_SLOTS")
        crawler.signals.connect(self._slow_down, signal=signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ObeyCrawlDelay:
        """Scrapy's hook."""
        return cls(crawler)

    def _slow_down(self, robotparser: RobotParser, request: Request) -> None:
        stated = robotparser.crawl_delay(self._crawler.settings["USER_AGENT"])
        downloader = self._crawler.engine.downloader
        key = downloader.get_slot_key(request)
        slot = downloader.slots.get(key)
        if stated and slot is not None and key not in self._set_by_hand:
            slot.delay = max(slot.delay, min(float(stated), LONGEST_SECONDS))
