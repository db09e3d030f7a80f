"""The spider of every site: listings lead to articles and further listings, articles to the site's newest."""

from __future__ import annotations

import json
import logging
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request, Spider, signals
from scrapy.exceptions import CloseSpider, DontCloseSpider

from archiver.errors import ArchiverError, Rejected, UsageError
from archiver.site.absence import key
from archiver.sites import site_for
from archiver.spiders.clock import Clock, named_clock
from archiver.spiders.files import Files
from archiver.spiders.introduction import contact_of, introduce, require_contact, writing
from archiver.spiders.numbers import Numbers
from archiver.spiders.reading import Reading
from archiver.spiders.scope import WHOLE_SITE, Scope, read_scope
from archiver.store.archive import SiteArchive

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator, Mapping

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

    from archiver.site import Site
    from archiver.spiders.asking import Asking
    from archiver.spiders.documents import Documents
    from archiver.store.exchange import Exchange
    from archiver.store.ledger import Kind, Task

logger = logging.getLogger(__name__)


class SiteSpider(Spider):
    """Crawls `site` into `archive`. Every request ends in one Article or one Event.

    A request's meta holds `asked` (the address as queued), `key` (equal for all addresses of an article), `kind`
    (article, listing or file), `note` (what the ledger keeps with it: of a start page `start`, of a listing `barren`, the
    listings without an article that led to it, of an article `outside`, why its listing says that it is not asked for, of
    a feed or sitemap `source` and what Documents keeps, of a number of the sweep `ids` and `number`, of a file what Files
    asks it by) and, once it is due, `task` (its number in the ledger; redirects, retries and the second view keep it); on
    the second view `refused` (why the first was not enough) and `views` (the addresses tried before).
    """

    site: ClassVar[Site]

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Scrapy's hook: the contact is part of the name under which the site meets us."""
        super().update_settings(settings)
        introduce(settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> SiteSpider:
        """Scrapy's hook: `scrapy crawl SITE -a base_url=URL -a since=DAY -a until=DAY -a max_pages=N -a recheck=1 -a files=1`."""
        names = ("since", "until", "max_pages", "recheck", "backfill", "files")
        limits = {name: kwargs.pop(name, None) for name in names}
        base_url, scope = kwargs.pop("base_url", None), kwargs.pop("scope", None)
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.now = Clock(named_clock(crawler.settings))
        spider.archive = SiteArchive(Path(crawler.settings["ARCHIVER_DATA"], spider.name))
        crawler.signals.connect(spider.go_on_with_numbers, signal=signals.spider_idle)
        crawler.signals.connect(spider.go_on_with_files, signal=signals.spider_idle)
        try:
            spider.scope = scope or read_scope(**limits)
            spider.site = _copy(spider.site, base_url)  # type: ignore[misc]  # the copy is this run's, not the class's
        except UsageError as error:
            spider.stopped_by = error
        return spider

    numbers: Numbers | None = None
    """The sweeps of the run; None before the archive is open."""
    now: Clock
    archive: SiteArchive
    scope: Scope = WHOLE_SITE
    stopped_by: ArchiverError | None = None
    """Why the run cannot go on: its exit code and message are the run's."""
    went_on: bool = False
    """Whether an earlier run's queue was taken up."""
    is_starting: bool = True
    """Whether start pages may still come."""
    not_fetched: int = 0
    """Addresses that were due and then left alone, on purpose."""

    @cached_property
    def _reading(self) -> Reading:
        return Reading(self.site, self.archive, self.scope, self.now, self._request)

    @property
    def documents(self) -> Documents:
        """What of feeds and sitemaps is asked for."""
        return self._reading.documents

    @property
    def asking(self) -> Asking:
        """What of the addresses on a page is asked for."""
        return self._reading.asking

    @cached_property
    def _files(self) -> Files:
        return Files(self.site, self.archive, self.settings, self.now)

    @property
    def contact(self) -> str | None:
        """Whom the site's people can reach."""
        return contact_of(self.settings)

    @property
    def address(self) -> str:
        """Where the site, or the copy of it, is crawled."""
        return self.site.base_url or self.site.home

    async def start(self) -> AsyncIterator[Request]:
        """The site's start pages, feeds and sitemaps, and what is due, once there is a contact and the archive is ours."""
        try:
            self._open()
            for request in self._first():
                yield request
        except ArchiverError as error:
            self.stopped_by = error
            raise CloseSpider(type(error).__name__) from error
        except Exception as problem:
            # Scrapy would log it, and end as if nothing had been to do.
            self.stopped_by = ArchiverError(f"a bug of this program kept the run from starting: {problem!r}. Report it")
            raise CloseSpider(type(problem).__name__) from problem
        self.is_starting = False

    def _first(self) -> Iterator[Request]:
        for url in self.site.start_urls:
            yield self._request(url, "listing", {"start": True})
        for each in self.documents.declared():
            yield self._request(each.url, each.kind, each.note)
        if not self.settings.getbool("ROBOTSTXT_OBEY"):
            yield from self.announced_by_robots(())
        yield from self.asking.due()

    def _open(self) -> None:
        """Opens the archive and takes up a sweep. Raises ArchiverError."""
        if self.stopped_by is not None:
            raise self.stopped_by
        require_contact(self.site, self.contact)
        if self.scope.files:
            self._files.require_limits()
        self.archive.open(writing(self.site, self.settings))
        ledger = self.archive.ledger
        self.now.go_on_from(ledger)
        begun = self.now()
        self._reading.open(self.settings.getint("RECHECKS"))
        self.numbers = Numbers(self.site, ledger)
        # Addresses of a copy lead nowhere once it stands elsewhere.
        sweep = {**self.scope.sweep(), **({"base_url": self.site.base_url} if self.site.base_url else {})}
        self.went_on = ledger.begin(json.dumps(sweep), begun.isoformat())
        if self.went_on:
            logger.info("%s: going on where an earlier run stopped, %d queued", self.name, ledger.left)

    def announced_by_robots(self, sitemaps: Iterable[str]) -> list[Request]:
        """Requests for the sitemaps that the site's robots.txt names."""
        return [*self.asking.led_to(self.documents.of_robots(sitemaps))]

    def go_on_with_numbers(self) -> None:
        """Scrapy's signal that nothing is left to do: the holes around known numbers are tried, until none is due."""
        if self.numbers is None or not self.archive.is_open or self.stopped_by or not self.scope.is_whole:
            return
        due = self.numbers.due()
        for url, note in due:
            self.crawler.engine.crawl(self._request(url, "article", note))
        if due:
            raise DontCloseSpider

    def go_on_with_files(self) -> None:
        """The same signal: the next files that the lines name are asked for, as long as the run has its share left."""
        if not self.scope.files or not self.archive.is_open or self.stopped_by:
            return
        try:
            # Lines are read from the disk, and what is captured for a task must find it after a crash.
            self.archive.commit()
            requests = [self._request(each.url, "file", each.note) for each in self._files.due()]
            for request in requests:
                self.crawler.engine.crawl(request)
            self.archive.commit()
        except ArchiverError as error:
            self.stopped_by = error
            raise CloseSpider(type(error).__name__) from error
        if requests:
            raise DontCloseSpider

    def parse(self, response: Response, **_: Any) -> Iterable[Any]:
        """One Article or Event, and the requests that the page leads to. Works on any page of the site."""
        if response.meta.get("kind") == "file":
            return [self._files.read(response)]
        try:
            return self._reading.read(response)
        except Rejected as refusal:
            assert response.request is not None, "Scrapy sets it on every response"
            return [self._reading.endings.of_refusal(response.request, refusal, response.status)]

    def fail(self, failure: Failure) -> list[Any]:
        """The event of a request without a response. Stops the run where the archive refuses it."""
        problem, request = failure.value, failure.request  # type: ignore[attr-defined]  # Scrapy adds the request
        assert problem is not None, "a failure has a cause"
        if isinstance(problem.__cause__, ArchiverError):
            self.stopped_by = self.stopped_by or problem.__cause__
            self.archive.turns.stop()
            raise CloseSpider(type(problem.__cause__).__name__)
        if request.meta.get("kind") == "file":
            return [self._files.failed(request, problem)]
        event = self._reading.endings.of_failure(request, problem)
        self.not_fetched += event.outcome == "skipped"
        return [event]

    def key(self, url: str) -> str:
        """Equal for all addresses of an article."""
        return key(self.site, url)

    def request_of(self, task: Task) -> Request:
        """The request of a task that is due."""
        request = self._request(task.url, task.kind, task.note)
        request.meta["task"] = task.number
        return request

    def note_of(self, exchange: Exchange) -> dict[str, Any]:
        """The note of the task of an article that was captured by a run before, and not queued by this one."""
        return self.numbers.note_of(exchange.via[0] if exchange.via else exchange.url) if self.numbers else {}

    def taken_down(self, url: str) -> str | None:
        """The id of the article at `url`, where it was taken down."""
        return self.asking.taken_down(url)

    def _request(self, url: str, kind: Kind, note: Mapping[str, Any]) -> Request:
        if kind == "file":
            return Request(callback=self.parse, errback=self.fail, **self._files.request(url, note))
        meta: dict[str, Any] = {"asked": url, "key": self.key(url), "kind": kind, "note": note}
        return Request(url, callback=self.parse, errback=self.fail, meta=meta)


def _copy(site: Site, base_url: str | None) -> Site:
    """`site` as it stands at `base_url`, where one is given. Raises UsageError where that is no address."""
    if not base_url:
        return site
    site_for(base_url)
    return site.at(base_url)
