"""What a response becomes: an article, or an event, and the requests that it leads to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from archiver.errors import NotAnArticle, Rejected
from archiver.feeds import is_document
from archiver.page import Page
from archiver.rules.announced import announced_feeds
from archiver.rules.fragment import opened
from archiver.site.memory import SiteMemory
from archiver.spiders import reasons
from archiver.spiders.asking import Asking
from archiver.spiders.documents import Documents
from archiver.spiders.endings import Endings
from archiver.spiders.paging import Paging
from archiver.spiders.post_backs import next_step
from archiver.store.ledger import Place
from archiver.store.warc import NOT_MODIFIED_STATUS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from scrapy import Request
    from scrapy.http import Response

    from archiver.article import Article
    from archiver.site import Site
    from archiver.spiders.asking import Made
    from archiver.spiders.scope import Scope
    from archiver.store.archive import SiteArchive


class Reading:
    """The reading of one run. Pages of any site can be read before its archive is open."""

    def __init__(self, site: Site, archive: SiteArchive, scope: Scope, now: Callable[[], datetime], made: Made) -> None:
        self._site = site
        self._archive = archive
        self._scope = scope
        self._made = made
        self._paging = Paging()
        self._memory: SiteMemory | None = None
        self.asking = Asking(site, archive, made, now)
        self.documents = Documents(site, scope, now)
        self.endings = Endings(site, archive, now)

    def open(self, rechecks: int) -> None:
        """The archive is open. `rechecks`: so many known articles may be asked for again."""
        self._memory = SiteMemory(self._site, self._archive.folder)
        self.asking.open(self._scope, rechecks)

    def read(self, response: Response) -> Iterable[Any]:
        """One Article or Event, last, and before it the requests that the page leads to. Raises Rejected."""
        ends = self.endings
        is_source = "source" in response.meta.get("note", ())
        if (
            response.status == NOT_MODIFIED_STATUS
            and not is_source
            and ends.is_live(ends.id_of(response.meta["asked"]))
        ):
            return [ends.event(response.request, "unchanged", "not_modified", response.status)]
        as_before = response.status == NOT_MODIFIED_STATUS and is_source and bool(response.body)
        if not (200 <= response.status < 300 or as_before):
            outcome, reason = reasons.of_status(response.status)
            return [ends.event(response.request, outcome, reason, response.status)]
        if is_source or is_document(response.body, _header(response, "Content-Type")):
            return self._read_document(response)
        capture = response.meta["capture"]
        page = Page(
            url=response.url,
            html=response.body,
            fetched_at=response.meta["fetched_at"],
            content_type=_header(response, "Content-Type"),
            status=response.status,
            redirected_from=(*response.meta.get("views", ()), *response.meta.get("redirect_urls", ())),
            repeated=self._memory.of(capture.warc) if capture is not None and self._memory is not None else frozenset(),
        )
        if self._site.is_article(page):
            return self._read_article(page, response)
        if response.meta.get("kind") == "article" and not self._site.may_be_listing(page):
            self.asking.budget.spend(page.url)
            message = f"{page.url} is no article, though a listing of {self._site.name} calls it one"
            raise NotAnArticle(message, reason="not_an_article")
        return self._read_listing(opened(page), response)

    def _read_document(self, response: Response) -> Iterator[Any]:
        note, kind = response.meta.get("note", {}), _header(response, "Content-Type")
        ledger = self._archive.ledger if self._archive.is_open else None
        led = self.documents.read(response.url, response.body, kind, note, ledger)
        if note.get("source") == "feed":
            self.asking.note_listed(response.url, (each.url for each in led.asked if each.kind == "article"))
        capture = response.meta.get("capture")
        reason = "not_modified" if response.status == NOT_MODIFIED_STATUS else None
        if ledger is not None and capture is not None and reason is None:
            self.documents.remember(response.url, Place(capture.warc, capture.offset), ledger)
        event = self.endings.event(response.request, "listing", reason, response.status, led.message)
        # A sitemap has fifty thousand entries: each becomes a request when its turn comes.
        return self._then(self.asking.led_to(led), event)

    def _then(self, requests: Iterable[Request], end: Any) -> Iterator[Any]:
        yield from requests
        # Last comes what ends the task: by then all that it leads to is queued.
        yield end

    def _read_article(self, page: Page, response: Response) -> list[Any]:
        article = self._site.parse_article(page)
        refusal = self._site.refusal(page, article)
        if refusal is not None:
            is_a_hole = "ids" in response.meta.get("note", ()) and reasons.of_refusal(refusal)[0] == "gone"
            again = None if "refused" in response.meta or is_a_hole else self._site.second_view(page.url)
            if again is None:
                raise refusal
            return [self._second_view(again, response, refusal)]
        if article.published_at is not None:
            outside = self._scope.misses(article.published_at, self._site.timezone)
            if outside:
                ended = self.endings.event(response.request, "skipped", outside, response.status, id_=article.id)
                return [ended]
        self.asking.budget.refill(page.url)
        # Last comes what ends the task: by then all that it leads to is queued.
        return [*self._newest(article), replace(article, capture=response.meta["capture"])]

    def _read_listing(self, page: Page, response: Response) -> list[Any]:
        listing = self._site.parse_listing(page)
        zone = self._site.timezone
        barren = 0 if listing.articles else response.meta["note"].get("barren", 0) + 1
        asking = self.asking
        (asking.budget.spend if barren else asking.budget.refill)(page.url)
        past = "past" if self._scope.is_past(listing.articles, zone) else None
        end = past or self._paging.end(page.url, listing, barren)
        if "step" not in response.meta:
            asking.note_listed(page.url, (link.url for link in listing.articles))
        found: list[Any] = []
        has_news = False
        for link in listing.articles:
            outside = self._scope.misses_link(link, zone)
            has_news = has_news or (not outside and asking.is_new(link.url))
            found += asking.article(link.url, {"outside": outside} if outside else None)
        for url in asking.further(page.url, listing.pages, has_news=has_news) if end is None else ():
            found += asking.listing(url, {"barren": barren} if barren else None)
        if "start" in response.meta["note"]:
            found += self.asking.led_to(self.documents.of_page(page, announced_feeds(page)))
        goes_on = end is None and asking.goes_on(response.meta["asked"], has_news=has_news)
        following = next_step(self._site, page, response, barren) if goes_on else None
        return [*found, following or self.endings.event(response.request, "listing", end, response.status)]

    def _newest(self, article: Article) -> list[Request]:
        """Requests for the site's newest items that the page names: a source of discovery on every page."""
        newest = (item.url for item in article.related if item.relation == "latest")
        return [
            request
            for url in newest
            if self._site.follows(url) and self._site.address(url)
            for request in self.asking.article(url)
        ]

    def _second_view(self, url: str, response: Response, refusal: Rejected) -> Request:
        """The request for another view of the same article. It ends the same task."""
        names = ("task", "asked", "key", "kind", "note")
        kept: dict[str, Any] = {name: response.meta[name] for name in names if name in response.meta}
        views = (*response.meta.get("redirect_urls", ()), response.url)
        refused = {"refused": (refusal.reason, str(refusal)), "refused_capture": response.meta["capture"]}
        request = self._made(url, response.meta["kind"], response.meta["note"])
        request.meta.update(kept, **refused, views=views)
        return request


def _header(response: Response, name: str) -> str | None:
    values = response.headers.getlist(name)
    return b", ".join(values).decode("latin-1") if values else None
