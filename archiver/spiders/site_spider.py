"""The spider of every site: listings lead to articles and further listings, articles to the site's newest."""

from __future__ import annotations

import json
import logging
from collections import Counter
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

import scrapy
from scrapy import Request, Spider, signals
from scrapy.exceptions import CloseSpider, DontCloseSpider
from scrapy.utils.misc import load_object

from archiver import urls
from archiver.errors import ArchiverError, NotAnArticle, Rejected, UsageError
from archiver.feeds import is_document
from archiver.page import Page
from archiver.rules.announced import announced_feeds
from archiver.rules.fragment import opened
from archiver.site import rules_digest
from archiver.site.absence import GONE_REASONS, IN_ITS_PLACE, key
from archiver.site.boundary import trap
from archiver.site.memory import SiteMemory
from archiver.sites import site_for
from archiver.spiders import numbers, reasons
from archiver.spiders.budget import Budget
from archiver.spiders.documents import Documents
from archiver.spiders.incremental import RETRIES, Incremental
from archiver.spiders.numbers import Numbers
from archiver.spiders.paging import Paging
from archiver.spiders.post_backs import next_step
from archiver.spiders.scope import WHOLE_SITE, Scope, read_scope
from archiver.store.archive import SiteArchive, Writing
from archiver.store.captures import Rotation
from archiver.store.event import TAKEN_DOWN, Event
from archiver.store.warc import NOT_MODIFIED_STATUS
from archiver.version import __version__

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

    from archiver.article import Article
    from archiver.site import Site
    from archiver.spiders.documents import Led
    from archiver.store.event import Outcome
    from archiver.store.ledger import Kind, Task

NOT_PRESERVED = (
    "Bodies are as received, in their content coding, without chunked transfer coding. Headers are as Scrapy gives them:"
    " every value and repetition, names in a uniform case, Content-Length first, those of the connection"
    " (Connection, Transfer-Encoding) left out. Requests are as Scrapy was asked to send them."
)
"""What a capture does not tell, in its file's warcinfo."""

logger = logging.getLogger(__name__)


class SiteSpider(Spider):
    """Crawls `site` into `archive`. Every request ends in one Article or one Event.

    A request's meta holds `asked` (the address as queued), `key` (equal for all addresses of an article), `kind`
    (article or listing), `note` (what the ledger keeps with it: of a start page `start`, of a listing `barren`, the
    listings without an article that led to it, of an article `outside`, why its listing says that it is not asked for, of
    a feed or sitemap `source` and what Documents keeps, of a number of the sweep `ids` and `number`) and, once it is due, `task` (its number in the ledger; redirects, retries and the second view keep it); on the second
    view `refused` (why the first was not enough) and `views` (the addresses tried before).
    """

    site: ClassVar[Site]

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Scrapy's hook: the contact is part of the name under which the site meets us."""
        super().update_settings(settings)
        if contact := settings.get("ARCHIVER_CONTACT"):
            settings.set("USER_AGENT", f"archiver/{__version__} (+{contact})", priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> SiteSpider:
        """Scrapy's hook: `scrapy crawl SITE -a base_url=URL -a since=DAY -a until=DAY -a max_pages=N -a recheck=1`."""
        limits = {name: kwargs.pop(name, None) for name in ("since", "until", "max_pages", "recheck", "backfill")}
        base_url, scope = kwargs.pop("base_url", None), kwargs.pop("scope", None)
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.now = load_object(crawler.settings["NOW"])
        spider.archive = SiteArchive(Path(crawler.settings["ARCHIVER_DATA"], spider.name))
        crawler.signals.connect(spider.go_on_with_numbers, signal=signals.spider_idle)
        try:
            spider.scope = scope or read_scope(**limits)
            spider.site = _copy(spider.site, base_url)  # type: ignore[misc]  # the copy is this run's, not the class's
        except UsageError as error:
            spider.stopped_by = error
        return spider

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._paging = Paging()
        self._budget = Budget()
        self._left_out: set[int] = set()
        self.left_out: Counter[str] = Counter()
        """Addresses that were found and not queued, by reason: of feeds and sitemaps all, of pages those of traps."""

    _memory: SiteMemory
    incremental: Incremental | None = None
    """What need not be asked for; None before the archive is open."""
    _numbers: Numbers
    _has_swept: bool = False
    now: Callable[[], datetime]
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
    def _documents(self) -> Documents:
        return Documents(self.site, self.scope, self.now)

    @property
    def contact(self) -> str | None:
        """Whom the site's people can reach."""
        return self.settings.get("ARCHIVER_CONTACT") or None

    @property
    def address(self) -> str:
        """Where the site, or the copy of it, is crawled."""
        return self.site.base_url or self.site.home

    async def start(self) -> AsyncIterator[Request]:
        """The site's start pages, once there is a contact and the archive is ours."""
        try:
            if self.stopped_by is not None:
                raise self.stopped_by
            self._require_contact()
            self.archive.open(self._writing())
            self._memory = SiteMemory(self.site, self.archive.folder)
            self.incremental = Incremental(self.site, self.archive.ledger, self.scope)
            self._numbers = Numbers(self.site, self.archive.ledger)
            # Addresses of a copy lead nowhere once it stands elsewhere.
            sweep = {**self.scope.sweep(), **({"base_url": self.site.base_url} if self.site.base_url else {})}
            begun = self.now()
            self.went_on = self.archive.ledger.begin(json.dumps(sweep), begun.isoformat())
            if self.went_on:
                logger.info("%s: going on where an earlier run stopped, %d queued", self.name, self.archive.ledger.left)
        except ArchiverError as error:
            self.stopped_by = error
            raise CloseSpider(type(error).__name__) from error
        for url in self.site.start_urls:
            yield self._request(url, "listing", start=True)
        for each in self._documents.declared():
            yield self._request(each.url, each.kind, **each.note)
        if not self.settings.getbool("ROBOTSTXT_OBEY"):
            for request in self.announced_by_robots(()):
                yield request
        for url in self._again(begun):
            yield self._request(url, "article")
        self.is_starting = False

    def announced_by_robots(self, sitemaps: Iterable[str]) -> list[Request]:
        """Requests for the sitemaps that the site's robots.txt names."""
        return self._led_to(self._documents.of_robots(sitemaps))

    def go_on_with_numbers(self) -> None:
        """Scrapy's signal that nothing is left to do: the holes between known numbers are tried, once a run."""
        if self._has_swept or not self.archive.is_open or self.stopped_by or not self.scope.is_whole:
            return
        self._has_swept = True
        requests = [
            self._request(url, "article", ids=sweep.ids, number=number) for url, sweep, number in self._numbers.due()
        ]
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def parse(self, response: Response, **_: Any) -> list[Any]:
        """One Article or Event, and the requests that the page leads to. Works on any page of the site."""
        try:
            return self._read(response)
        except Rejected as rejection:
            return [self._refused(response, rejection)]

    def fail(self, failure: Failure) -> list[Event]:
        """The event of a request without a response. Stops the run where the archive refuses it."""
        problem, request = failure.value, failure.request  # type: ignore[attr-defined]  # Scrapy adds the request
        assert problem is not None, "a failure has a cause"
        if isinstance(problem.__cause__, ArchiverError):
            self.stopped_by = self.stopped_by or problem.__cause__
            self.archive.turns.stop()
            raise CloseSpider(type(problem.__cause__).__name__)
        outcome, reason = reasons.of_failure(problem)
        self.not_fetched += outcome == "skipped"
        if reason == "bug":
            logger.error("bug while fetching %s", request.url, exc_info=problem)
        said = str(problem)
        # Twisted shows a list of objects where it has nothing to say.
        message = said if said and "<twisted" not in said else type(problem).__name__
        return [self._event(request, outcome, reason, None, message)]

    def _read(self, response: Response) -> list[Any]:
        if response.status == NOT_MODIFIED_STATUS and self._is_live(self._id_of(response.meta["asked"])):
            return [self._event(response.request, "unchanged", "not_modified", response.status)]
        if not 200 <= response.status < 300:
            outcome, reason = reasons.of_status(response.status)
            return [self._event(response.request, outcome, reason, response.status)]
        if "source" in response.meta.get("note", ()) or is_document(response.body, _header(response, "Content-Type")):
            return self._read_document(response)
        capture = response.meta["capture"]
        page = Page(
            url=response.url,
            html=response.body,
            fetched_at=response.meta["fetched_at"],
            content_type=_header(response, "Content-Type"),
            status=response.status,
            redirected_from=(*response.meta.get("views", ()), *response.meta.get("redirect_urls", ())),
            repeated=self._memory.of(capture.warc) if capture is not None else frozenset(),
        )
        if self.site.is_article(page):
            return self._read_article(page, response)
        if response.meta.get("kind") == "article" and not self.site.may_be_listing(page):
            self._budget.spend(page.url)
            message = f"{page.url} is no article, though a listing of {self.name} calls it one"
            raise NotAnArticle(message, reason="not_an_article")
        return self._read_listing(opened(page), response)

    def _read_document(self, response: Response) -> list[Any]:
        note, kind = response.meta.get("note", {}), _header(response, "Content-Type")
        ledger = self.archive.ledger if self.archive.is_open else None
        led = self._documents.read(response.url, response.body, kind, note, ledger)
        return [*self._led_to(led), self._event(response.request, "listing", None, response.status, led.message)]

    def _led_to(self, led: Led) -> list[Request]:
        self.left_out += led.left_out
        return [request for each in led.asked for request in self._asking(each.url, each.kind, **each.note)]

    def _read_article(self, page: Page, response: Response) -> list[Any]:
        article = self.site.parse_article(page)
        refusal = self.site.refusal(page, article)
        if refusal is not None:
            is_a_hole = "ids" in response.meta.get("note", ()) and reasons.of_refusal(refusal)[0] == "gone"
            again = None if "refused" in response.meta or is_a_hole else self.site.second_view(page.url)
            if again is None:
                raise refusal
            return [self._second_view(again, response, refusal)]
        if article.published_at is not None:
            outside = self.scope.misses(article.published_at, self.site.timezone)
            if outside:
                return [self._event(response.request, "skipped", outside, response.status, id_=article.id)]
        self._budget.refill(page.url)
        # Last comes what ends the task: by then all that it leads to is queued.
        return [*self._newest(article), replace(article, capture=response.meta["capture"])]

    def _read_listing(self, page: Page, response: Response) -> list[Any]:
        listing = self.site.parse_listing(page)
        zone = self.site.timezone
        barren = 0 if listing.articles else response.meta["note"].get("barren", 0) + 1
        (self._budget.spend if barren else self._budget.refill)(page.url)
        past = "past" if self.scope.is_past(listing.articles, zone) else None
        end = past or self._paging.end(page.url, listing, barren)
        found: list[Any] = []
        has_news = False
        for link in listing.articles:
            outside = self.scope.misses_link(link, zone)
            has_news = has_news or (not outside and self._is_new(link.url))
            found += self._asking(link.url, "article", **({"outside": outside} if outside else {}))
        for url in self._further(page.url, listing.pages, has_news=has_news) if end is None else ():
            found += self._asking(url, "listing", **({"barren": barren} if barren else {}))
        if "start" in response.meta["note"]:
            found += self._led_to(self._documents.of_page(page, announced_feeds(page)))
        following = next_step(self.site, page, response, barren) if end is None else None
        return [*found, following or self._event(response.request, "listing", end, response.status)]

    def _newest(self, article: Article) -> list[Request]:
        """Requests for the site's newest items that the page names: a source of discovery on every page."""
        newest = (item.url for item in article.related if item.relation == "latest")
        return [
            request
            for url in newest
            if self.site.follows(url) and self.site.address(url)
            for request in self._asking(url, "article")
        ]

    def key(self, url: str) -> str:
        """Equal for all addresses of an article."""
        return key(self.site, url)

    def request_of(self, task: Task) -> Request:
        """The request of a task that is due."""
        request = self._request(task.url, task.kind, **task.note)
        request.meta["task"] = task.number
        return request

    def _asking(self, url: str, kind: Kind, **note: Any) -> list[Request]:
        """The request for `url`; none where this sweep has asked for it, or for the same article, before, or knows it.

        Listings repeat each other, and every page its neighbours: what needs no request should not be made into one.
        """
        if self.archive.is_open and self.archive.ledger.has_asked(self.key(url)):
            return []
        if self.taken_down(url) is not None:
            self._leave_out(url, TAKEN_DOWN)
            return []
        if kind == "article" and self.incremental is not None and not self.incremental.is_asked_for(self.key(url)):
            return []
        trapped = trap(url, now=self.now()) or ("prefix_budget" if self._budget.is_spent(url) else None)
        if trapped:
            self._leave_out(url, trapped)
            return []
        return [self._request(url, kind, **note)]

    def _leave_out(self, url: str, reason: str) -> None:
        # Every page of a trap names the same addresses again.
        self.left_out[reason] += hash(url) not in self._left_out
        self._left_out.add(hash(url))

    def taken_down(self, url: str) -> str | None:
        """The id of the article at `url`, where it was taken down."""
        if not self.archive.is_open or not self.archive.taken_down:
            return None
        id_ = self.archive.ledger.id_of(self.key(url))
        return id_ if id_ in self.archive.taken_down else None

    def _is_new(self, url: str) -> bool:
        return self.incremental is None or self.incremental.is_new(self.key(url))

    def _further(self, listing: str, pages: Sequence[str], *, has_news: bool) -> Sequence[str]:
        if self.incremental is None:
            return pages
        return self.incremental.further(listing, pages, has_news=has_news)

    def _again(self, now: datetime) -> Iterator[str]:
        """The addresses of known articles that are due, and of some that could not be fetched."""
        archive = self.archive
        if self.scope.recheck:
            places = (known.place for _, known in archive.ledger.articles() if known.status != "tombstone")
        else:
            places = (place for _, place in archive.visits.due(now, self.settings.getint("RECHECKS")))
        for place in places:
            line = archive.articles.line_at(place)
            published = datetime.fromisoformat(line["published_at"])
            if self.scope.misses(published, self.site.timezone) is None:
                yield self._here(line["url"])
        yield from archive.ledger.failed(RETRIES)

    def _here(self, url: str) -> str:
        """An address of an earlier run where this run finds it: a copy may have moved."""
        if self.site.base_url is None:
            return url
        to, parts = urlsplit(self.site.base_url), urlsplit(url)
        return parts._replace(scheme=to.scheme, netloc=to.netloc).geturl()

    def _request(self, url: str, kind: Kind, **note: Any) -> Request:
        meta: dict[str, Any] = {"asked": url, "key": self.key(url), "kind": kind, "note": note}
        return Request(url, callback=self.parse, errback=self.fail, meta=meta)

    def _second_view(self, url: str, response: Response, refusal: Rejected) -> Request:
        """The request for another view of the same article. It ends the same task."""
        names = ("task", "asked", "key", "kind", "note")
        kept: dict[str, Any] = {name: response.meta[name] for name in names if name in response.meta}
        views = (*response.meta.get("redirect_urls", ()), response.url)
        refused = {"refused": (refusal.reason, str(refusal)), "refused_capture": response.meta["capture"]}
        meta = {**kept, **refused, "views": views}
        return Request(url, callback=self.parse, errback=self.fail, meta=meta)

    def _refused(self, response: Response, refusal: Rejected) -> Event:
        outcome, reason = reasons.of_refusal(refusal)
        return self._event(response.request, outcome, reason, response.status, str(refusal))

    def _event(
        self,
        request: Request | None,
        outcome: Outcome,
        reason: str | None,
        status: int | None,
        message: str | None = None,
        *,
        id_: str | None = None,
    ) -> Event:
        assert request is not None, "Scrapy sets it on every response"
        asked = request.meta.get("asked", request.url)
        capture = request.meta.get("capture")
        if "refused" in request.meta and outcome != "skipped":
            # What the article's own page lacked says more than how its second view failed.
            if outcome != "gone" and reason not in IN_ITS_PLACE:
                capture = request.meta["refused_capture"]
            reason, message = request.meta["refused"]
            outcome = "gone" if reason in GONE_REASONS else "failed"
        id_ = id_ or (self.taken_down(request.url) if reason == TAKEN_DOWN else None) or self._id_of(asked)
        if outcome == "failed" and reason in IN_ITS_PLACE and self._is_live(id_):
            outcome = "gone"
        note = request.meta.get("note", {})
        if "ids" in note and (outcome == "gone" or reason in numbers.ABSENT):
            outcome, reason = "skipped", "no_such_number"
            self._numbers.tried(note["ids"], note["number"])
        if "guess" in note and (outcome == "gone" or (outcome == "failed" and reason in ("no_feed", "empty"))):
            outcome, reason, message = "skipped", "no_sitemap", "looked for on the chance, for robots.txt names none"
        return Event(
            time=self.now(),
            url=asked,
            id=id_,
            outcome=outcome,
            reason=reason,
            http_status=status,
            record_id=capture.record_id if capture else None,
            message=message,
        )

    def _id_of(self, url: str) -> str | None:
        """The id of the article at `url`, as far as its address or an earlier answer tells."""
        address = self.site.address(url)
        if not self.archive.is_open:
            return address.id if address else None
        id_ = self.archive.ledger.id_of(self.key(url))
        return id_ if address or self.archive.ledger.article(id_) else None

    def _is_live(self, id_: str | None) -> bool:
        known = self.archive.ledger.article(id_) if id_ is not None and self.archive.is_open else None
        return known is not None and known.status == "live"

    def _writing(self) -> Writing:
        """How this run writes its captures."""
        about = {
            "software": f"archiver/{__version__} Scrapy/{scrapy.__version__}",
            "format": "WARC File Format 1.1",
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "description": NOT_PRESERVED,
            "robots": "obeyed after RFC 9309" if self.settings.getbool("ROBOTSTXT_OBEY") else "ignored",
            "http-header-user-agent": self.settings["USER_AGENT"],
            "isPartOf": self.name,
            "base-url": self.address,
            "operator": self.contact or "",
        }
        rotation = Rotation(
            self.settings.getint("CAPTURE_FILE_BYTES"),
            self.settings.getint("CAPTURE_FILE_SECONDS"),
        )
        return Writing({name: value for name, value in about.items() if value}, rotation, rules_digest())

    def _require_contact(self) -> None:
        if self.contact or all(urls.is_loopback(url) for url in self.site.start_urls):
            return
        message = (
            f"{self.name} is a live site: its people must be able to reach you."
            " Add --contact you@example.org (or ARCHIVER_CONTACT=you@example.org)"
        )
        raise UsageError(message)


def _copy(site: Site, base_url: str | None) -> Site:
    """`site` as it stands at `base_url`, where one is given. Raises UsageError where that is no address."""
    if not base_url:
        return site
    site_for(base_url)
    return site.at(base_url)


def _header(response: Response, name: str) -> str | None:
    values = response.headers.getlist(name)
    return b", ".join(values).decode("latin-1") if values else None
