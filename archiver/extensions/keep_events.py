"""Every end of a request becomes one event in the archive and one count in the tally."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scrapy import signals

from archiver.article import Article
from archiver.errors import ArchiverError, DiskTrouble
from archiver.extensions.tally import SEEN, Tally
from archiver.store.event import Event

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

    from archiver.store.event import Outcome

logger = logging.getLogger("archiver")


class KeepEvents:
    """Scrapy extension. What it hears is counted, then written.

    `response` of a signal is a Response, or the Failure of a request without one; both know their request.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self.tally = Tally()
        self._closing: asyncio.Future[None] | None = None
        for handler, signal in (
            (self._queued, signals.request_scheduled),
            (self._refused_by_queue, signals.request_dropped),
            (self._stored, signals.item_scraped),
            (self._dropped, signals.item_dropped),
            (self._item_bug, signals.item_error),
            (self._spider_bug, signals.spider_error),
        ):
            crawler.signals.connect(handler, signal=signal)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> KeepEvents:
        """Scrapy's hook."""
        return cls(crawler)

    def _queued(self, request: Request) -> None:
        if "task" in request.meta:
            self.tally.queue(request.meta["task"], request.meta["asked"])

    def _refused_by_queue(self, request: Request) -> None:
        if "redirect_urls" in request.meta:
            self._end(request, self._event(request, "skipped", "duplicate"))
        elif "task" in request.meta:
            self.tally.withdraw(request.meta["task"])

    def _stored(self, item: Any, response: Any) -> None:
        if isinstance(item, Article):
            outcome: Outcome = "new" if item.revision == 1 else "changed"
            self._end_article(item, response, outcome, message=", ".join(item.change.classes) or None)

    def _dropped(self, item: Article | Event, response: Any, exception: Exception) -> None:
        if isinstance(item, Event):
            self._end(response.request, item)
            return
        outcome: Outcome = getattr(exception, "outcome", "skipped")
        reason = getattr(exception, "reason", "dropped")
        self._end_article(item, response, outcome, reason, str(exception) if reason else None)

    def _item_bug(self, item: Any, response: Any, failure: Failure) -> None:
        if isinstance(failure.value, ArchiverError):
            self._stop(failure.value)
        else:
            self._bug(response, f"{getattr(item, 'url', 'an item')}: {type(failure.value).__name__}: {failure.value}")

    def _spider_bug(self, failure: Failure, response: Any) -> None:
        if response is None:  # start() itself
            self.tally.bugs += 1
        else:
            self._bug(response, f"{type(failure.value).__name__}: {failure.value}")

    def _bug(self, response: Any, message: str) -> None:
        event = self._event(response.request, "failed", "bug", getattr(response, "status", None), message)
        self._end(response.request, event)

    def _end_article(
        self,
        article: Article,
        response: Any,
        outcome: Outcome,
        reason: str | None = None,
        message: str | None = None,
    ) -> None:
        event = self._event(response.request, outcome, reason, getattr(response, "status", None), message)
        assert article.fetched_at is not None, "a page was fetched at some time"
        self._end(response.request, replace(event, id=article.id, time=article.fetched_at))
        if outcome in SEEN:
            self.tally.cover(article)

    def _event(
        self,
        request: Request,
        outcome: Outcome,
        reason: str | None = None,
        status: int | None = None,
        message: str | None = None,
    ) -> Event:
        url = request.meta.get("asked", request.url)
        spider: Any = self._crawler.spider
        return Event(time=spider.now(), url=url, outcome=outcome, reason=reason, http_status=status, message=message)

    def _end(self, request: Request, event: Event) -> None:
        spider: Any = self._crawler.spider
        if spider.stopped_by is not None or not spider.archive.is_open:
            return
        self.tally.end(request.meta.get("task", 0), event)
        if event.outcome == "failed":
            told = event.message or ""
            where = "" if event.url in told else f"{event.url} "
            logger.warning("%s: failed (%s) %s%s", spider.name, event.reason, where, told)
        try:
            spider.archive.observe(event)
        except DiskTrouble as trouble:
            self._stop(trouble)

    def _stop(self, error: ArchiverError) -> None:
        """Ends the run: the archive cannot take more."""
        spider: Any = self._crawler.spider
        if spider.stopped_by is None:
            spider.stopped_by = error
            self._closing = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason=type(error).__name__))
