"""A message where a run was not well, and when one is well again: mail, chat, webhook, whatever Apprise knows."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import NotConfigured

from archiver.errors import UsageError
from archiver.extensions.announced import NO_NEWS, run_judged
from archiver.store.run_report import read_reports

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from archiver.store.run_report import RunReport

logger = logging.getLogger("archiver")


class Notify:
    """Scrapy extension, for the setting NOTIFY: Apprise URLs, parted by blanks."""

    def __init__(self, crawler: Crawler) -> None:
        addresses = (crawler.settings.get("NOTIFY") or "").split()
        if not addresses:
            raise NotConfigured
        try:
            from apprise import Apprise  # noqa: PLC0415  # an extra: only those who ask for it need it
        except ModuleNotFoundError as missing:
            message = f"NOTIFY needs Apprise ({missing}): pip install 'archiver[notify]'"
            raise UsageError(message) from missing
        self._crawler = crawler
        self._receivers = Apprise()
        for place, address in enumerate(addresses, start=1):
            # What is refused is not repeated, by Apprise neither: it may hold a password.
            logging.getLogger("apprise").disabled = True
            is_known = self._receivers.add(address)
            logging.getLogger("apprise").disabled = False
            if not is_known:
                message = f"NOTIFY: address {place} of {len(addresses)} is none that Apprise knows. Try it: apprise -b test URL"
                raise UsageError(message)
        crawler.signals.connect(self._tell, signal=run_judged)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Notify:
        """Scrapy's hook."""
        return cls(crawler)

    def _tell(self, report: RunReport) -> None:
        if report.exit_code in NO_NEWS or not (report.exit_code or self._was_unwell(report)):
            return
        title = f"archiver: {report.site} {f'ended with {report.exit_code}' if report.exit_code else 'is well again'}"
        counts = ", ".join(f"{count} {outcome}" for outcome, count in report.outcomes.items())
        pages = [alarm.says for alarm in report.alarms[1:]]
        body = "\n".join([report.why, *pages, f"Run {report.run}: {counts or 'nothing fetched'}"])
        if not self._receivers.notify(title=title, body=body):
            logger.warning("%s: a notification could not be sent; see the setting NOTIFY", report.site)

    def _was_unwell(self, report: RunReport) -> bool:
        spider: Any = self._crawler.spider
        earlier = (each for each in read_reports(spider.archive.folder) if each.started_at < report.started_at)
        before = next((each for each in earlier if each.exit_code not in NO_NEWS), None)
        return before is not None and before.exit_code != 0
