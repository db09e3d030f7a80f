"""Every end of a request becomes one event in the archive and one count in the tally."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.utils.asyncio import create_looping_call

from archiver.article import Article
from archiver.errors import ArchiverError
from archiver.extensions.tally import SEEN, Tally
from archiver.site import own_rules
from archiver.store.event import Event

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

    from archiver.store.event import Outcome

SECONDS_A_COMMIT = 1
"""What ended within it is acknowledged together; a crash costs no more than reading so much again from the captures."""

logger = logging.getLogger("archiver")


class KeepEvents:
    """Scrapy extension. What it hears is counted, then written.

    `response` of a signal is a Response, or the Failure of a request without one; both know their request.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self.tally = Tally()
        self._closing: asyncio.Future[None] | None = None
        self._committing = create_looping_call(self._commit)
        for handler, signal in (
            (self._open, signals.spider_opened),
            (self._close, signals.spider_closed),
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

    def _open(self) -> None:
        self._committing.start(SECONDS_A_COMMIT, now=False)

    def _close(self) -> None:
        if self._committing.running:
            self._committing.stop()

    def _commit(self) -> None:
        spider: Any = self._crawler.spider
        archive = getattr(spider, "archive", None)
        if archive is not None and archive.is_open and spider.stopped_by is None:
            try:
                spider.archive.commit()
            except ArchiverError as error:
                self._stop(error)

    def _stored(self, item: Any, response: Any) -> None:
        if isinstance(item, Article):
            outcome: Outcome = "new" if item.revision == 1 else "changed"
            returned = ("return",) if item.change.cause == "return" else ()
            self._end_article(item, response, outcome, message=", ".join((*returned, *item.change.classes)) or None)

    def _dropped(self, item: Article | Event, response: Any, exception: Exception) -> None:
        if isinstance(item, Event):
            self._end(response.request, item)
            return
        outcome: Outcome = getattr(exception, "outcome", "skipped")
        reason = getattr(exception, "reason", "dropped")
        item = replace(item, id=getattr(exception, "id", item.id))
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
            spider: Any = self._crawler.spider
            self.tally.cover(article, own_rules(spider.site))

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
        capture = request.meta.get("capture")
        return Event(
            time=spider.now(),
            url=url,
            outcome=outcome,
            reason=reason,
            http_status=status,
            record_id=capture.record_id if capture else None,
            message=message,
        )

    def _end(self, request: Request, event: Event) -> None:
        spider: Any = self._crawler.spider
        if spider.stopped_by is not None or not spider.archive.is_open:
            return
        task = request.meta.get("task")
        if task is None:
            return
        note = request.meta.get("note", {})
        try:
            if "ids" in note:
                spider.numbers.answered(note, event)
            captures = (request.meta.get("capture"), request.meta.get("refused_capture"))
            decisive = next((each for each in captures if each and each.record_id == event.record_id), None)
            was_open = spider.archive.observe(event, task, key=request.meta.get("key"), capture=decisive)
        except ArchiverError as error:
            self._stop(error)
            return
        # What nothing leads to but its number is no failure of the site's.
        self.tally.end(event, was_open=was_open, kind=request.meta["kind"], is_shown="ids" not in note)
        if event.outcome == "failed" and event.file is None:
            told = event.message or ""
            where = "" if event.url in told else f"{event.url} "
            logger.warning("%s: failed (%s) %s%s", spider.name, event.reason, where, told)

    def _stop(self, error: ArchiverError) -> None:
        """Ends the run: the archive cannot take more."""
        spider: Any = self._crawler.spider
        if spider.stopped_by is None:
            spider.stopped_by = error
            spider.archive.turns.stop()
            self._closing = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason=type(error).__name__))
