"""Scrapy's scheduler over the ledger: what was discovered, what is due, in which order."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

from scrapy.core.scheduler import BaseScheduler

from archiver.store.attached import key_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

    from archiver.store.archive import SiteArchive
    from archiver.store.exchange import Exchange
    from archiver.store.ledger import Kind, Task

LEASED_AT_ONCE = 16
"""Tasks taken from the ledger with one query."""
PAGES: tuple[Kind, ...] = ("article", "listing")
FILES: tuple[Kind, ...] = ("file",)

_OF_A_REPLAY = ("place", "dont_obey_robotstxt")
"""What the meta of a request says that is answered from a capture: not true of the one that goes on from it."""


class LedgerScheduler(BaseScheduler):
    """New requests go into the ledger and come out of it as tasks; a request that continues a task waits here.

    After a crash, the captures of the run before come first: each is handed out again as the request that it answered,
    in the order of the captures, and answered from the file (see KeepCaptures).
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._continuing: deque[Request] = deque()
        """Redirects, retries, second views, and requests that are not a site's (scrapy shell)."""
        self._due: deque[Task] = deque()
        self._due_files: deque[Task] = deque()
        self._handed_out = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> LedgerScheduler:
        """Scrapy's hook."""
        return cls(crawler)

    def has_pending_requests(self) -> bool:
        """Whether next_request() will have something now or later."""
        if self._continuing:
            return True
        archive = self._archive
        if archive is None:
            return False
        if archive.tail or self._due_files:
            return True
        if self._is_enough():
            self._due_files.extend(archive.ledger.get_due(LEASED_AT_ONCE, FILES))
            return bool(self._due_files)
        return bool(archive.ledger.left > self._in_flight())

    def enqueue_request(self, request: Request) -> bool:
        """False: this sweep has asked for it, or for the same article, before."""
        archive, meta = self._archive, request.meta
        if archive is not None and "key" in meta and "task" not in meta:
            return archive.ledger.put_discovered(meta["key"], request.url, meta["kind"], meta["note"])
        if archive is not None and "task" in meta:
            archive.turns.pause(meta["task"])
        if archive is not None and "step" in meta and not archive.tail:
            # The next page of a posted list. Its task stays open: the next run reads what came from the captures.
            if self._is_enough():
                return False
            self._handed_out += 1
        for name in _OF_A_REPLAY:
            meta.pop(name, None)
        self._continuing.append(request)
        return True

    def next_request(self) -> Request | None:
        """The next request; None: none now."""
        archive = self._archive
        if archive is not None and archive.tail:
            found = self._next_of_tail(archive)
            if found is not None or archive.tail:
                return found
        if self._continuing:
            return self._continuing.popleft()
        if archive is None:
            return None
        if not self._is_enough():
            if not self._due:
                self._due.extend(archive.ledger.get_due(LEASED_AT_ONCE, PAGES))
            if self._due:
                self._handed_out += 1
                return self._request_of(self._due.popleft())
        # Files come last, and are no pages: --max-pages does not count them.
        if not self._due_files:
            self._due_files.extend(archive.ledger.get_due(LEASED_AT_ONCE, FILES))
        return self._request_of(self._due_files.popleft()) if self._due_files else None

    @property
    def _spider(self) -> Any:
        return self._crawler.spider

    @property
    def _archive(self) -> SiteArchive | None:
        """The archive of the run; None: there is none, or it is not open yet."""
        archive: SiteArchive | None = getattr(self._spider, "archive", None)
        return archive if archive is not None and archive.is_open else None

    def _request_of(self, task: Task) -> Request:
        request: Request = self._spider.request_of(task)
        return request

    def _is_enough(self) -> bool:
        """Whether --max-pages are handed out. What was not fetched after all (robots.txt, --since) is no page."""
        limit = self._spider.scope.max_pages
        return limit is not None and self._handed_out - self._spider.not_fetched >= limit

    def _in_flight(self) -> int:
        """How many tasks are being fetched or read."""
        waiting = sum("task" in request.meta for request in self._continuing)
        return int(self._spider.archive.ledger.leased) - len(self._due) - len(self._due_files) - waiting

    def _next_of_tail(self, archive: SiteArchive) -> Request | None:
        while archive.tail:
            place = archive.tail[0]
            exchange = archive.kept(place).exchange
            request = self._answered_by(exchange) if self._is_wanted(exchange) else None
            if request is None and self._spider.went_on and self._may_still_be_asked(exchange):
                return None
            if request is None and self._is_adopted(archive, exchange):
                request = self._answered_by(exchange)
            if request is not None:
                archive.take(place, request.meta["task"])
                # It was allowed when it was fetched, and is not fetched again.
                request.meta.update(place=place, dont_obey_robotstxt=True)
                return request
            archive.tail.popleft()
        return None

    def _answered_by(self, exchange: Exchange) -> Request | None:
        for request in self._continuing:
            if urldefrag(request.url)[0] == exchange.url:
                self._continuing.remove(request)
                return request
        task = self._spider.archive.ledger.get_due_key(self._key(exchange))
        if task is None:
            return None
        request = self._request_of(task)
        if urldefrag(request.url)[0] == exchange.url:
            return request
        hops = list(exchange.via)
        meta = {**request.meta, "redirect_urls": hops, "redirect_times": len(hops)}
        led_on: Request = request.replace(url=exchange.url, meta=meta)
        return led_on

    def _is_wanted(self, exchange: Exchange) -> bool:
        """Whether this run asks for the exchange. A new sweep looks at the listings anew."""
        return exchange.named is not None or self._spider.went_on or self._spider.site.address(exchange.url) is not None

    def _is_adopted(self, archive: SiteArchive, exchange: Exchange) -> bool:
        """Whether an article or a file that this run would not have asked for (it has other options) is queued now.

        It was captured: it gets its line or its event, and is not fetched again.
        """
        if exchange.named is not None:
            note = {"of": exchange.named.id}
            return archive.ledger.put_discovered(self._key(exchange), exchange.named.url, "file", note)
        if exchange.status != 200 or self._spider.site.address(exchange.url) is None:
            return False
        note = self._spider.note_of(exchange)
        return archive.ledger.put_discovered(self._key(exchange), exchange.url, "article", note)

    def _may_still_be_asked(self, exchange: Exchange) -> bool:
        """Whether a page that is being read may lead to the exchange."""
        if not (self._in_flight() or self._spider.is_starting):
            return False
        return not self._spider.archive.ledger.has_ended(self._key(exchange))

    def _key(self, exchange: Exchange) -> str:
        if exchange.named is not None:
            return key_of(exchange.named.url)
        return str(self._spider.key(exchange.via[0] if exchange.via else exchange.url))
