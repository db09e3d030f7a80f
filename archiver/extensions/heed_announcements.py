"""The sitemaps that robots.txt names (sitemaps.org; RFC 9309, 2.2.4), handed to the spider when it has come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy import signals

from archiver import urls

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.robotstxt import RobotParser


class HeedAnnouncements:
    """Scrapy extension. Hears of every robots.txt of a run and takes that of the site itself."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        crawler.signals.connect(self._heard, signal=signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HeedAnnouncements:
        """Scrapy's hook."""
        return cls(crawler)

    def _heard(self, robotparser: RobotParser, request: Request) -> None:
        spider: Any = self._crawler.spider
        if "task" not in request.meta or urls.origin(request.url) != urls.origin(spider.address):
            return
        # Scrapy's parser is Protego, which reads the lines; another that settings name may not.
        named = getattr(getattr(robotparser, "rp", None), "sitemaps", ())
        for asked in spider.announced_by_robots(named):
            self._crawler.engine.crawl(asked)
