"""Monitors of one's own, written for Spidermon, at the end of each run.

Spidermon is no extra of this package: two packages that it needs are under the GPL. Who wants it installs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.exceptions import NotConfigured

from archiver.errors import UsageError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Monitors:
    """Scrapy extension, for the setting MONITORS: the path of a Spidermon suite, such as my_monitors.Suite.

    What a monitor's actions do, and to whom they speak, is set as Spidermon has it.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Any:
        """Scrapy's hook: Spidermon's own extension."""
        suite = crawler.settings.get("MONITORS")
        if not suite:
            raise NotConfigured
        try:
            from spidermon.contrib.scrapy.extensions import Spidermon  # noqa: PLC0415  # only those who ask for it need it
        except ModuleNotFoundError as missing:
            message = f"MONITORS needs Spidermon ({missing}): pip install spidermon"
            raise UsageError(message) from missing
        crawler.settings.set("SPIDERMON_ENABLED", value=True, priority="cmdline")
        crawler.settings.set("SPIDERMON_SPIDER_CLOSE_MONITORS", [suite], priority="cmdline")
        return Spidermon.from_crawler(crawler)
