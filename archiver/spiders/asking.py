"""What of the addresses that a page leads to becomes a request, and the record of what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archiver.site.absence import key
from archiver.site.boundary import trap
from archiver.spiders.budget import Budget
from archiver.spiders.incremental import Incremental
from archiver.spiders.left_out import LeftOut
from archiver.spiders.rechecks import Rechecks
from archiver.store.event import TAKEN_DOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from scrapy import Request

    from archiver.site import Site
    from archiver.spiders.documents import Asked, Led
    from archiver.spiders.scope import Scope
    from archiver.store.archive import SiteArchive
    from archiver.store.ledger import Kind

    Made = Callable[[str, Kind, Mapping[str, Any]], Request]
    """Makes the request of an address, by its kind and note."""


class Asking:
    """The choice of one run. Before the archive is open all is asked for: a page is looked at by itself."""

    def __init__(self, site: Site, archive: SiteArchive, made: Made, now: Callable[[], datetime]) -> None:
        self._site = site
        self._archive = archive
        self._made = made
        self._now = now
        self._incremental: Incremental | None = None
        self._rechecks: Rechecks | None = None
        self.budget = Budget()
        self.left_out = LeftOut()

    @property
    def known(self) -> int:
        """Articles that were met, are known and were not asked for."""
        return self._incremental.passed_by if self._incremental is not None else 0

    @property
    def listed(self) -> int:
        """Articles in feeds and on the first pages of listings, which every run asks for."""
        return len(self._incremental.listed) if self._incremental is not None else 0

    def open(self, scope: Scope, rechecks: int) -> None:
        """From now on what the open archive knows is left out. `rechecks`: of known articles so many may be asked for."""
        self._incremental = Incremental(self._site, self._archive.ledger, scope)
        self._rechecks = Rechecks(self._site, self._archive, scope, rechecks, self._now())

    def due(self) -> Iterator[Request]:
        """Requests for known articles that are due, and for some that could not be fetched."""
        for url, note in self._rechecks.due() if self._rechecks is not None else ():
            yield self._made(url, "article", note)

    def note_listed(self, listing: str, articles: Iterable[str]) -> None:
        """The feed or listing at that address names these articles."""
        if self._incremental is not None:
            self._incremental.note_listed(listing, (key(self._site, url) for url in articles))

    def article(self, url: str, note: Mapping[str, Any] | None = None) -> list[Request]:
        """The request for an article that a page shows; none where this sweep has asked for it, or knows it.

        Listings repeat each other, and every page its neighbours: what needs no request should not be made into one.
        """
        asked_as = key(self._site, url)
        if self._has_asked(asked_as):
            return []
        if self._incremental is not None and not self._incremental.is_asked_for(asked_as):
            return []
        return self._untrapped(url, "article", note or {})

    def listing(self, url: str, note: Mapping[str, Any] | None = None) -> list[Request]:
        """The request for a listing, feed or sitemap; none where this sweep has asked for it, or knows it as an article.

        Where addresses do not tell, an article may be taken for a section.
        """
        asked_as = key(self._site, url)
        if self._has_asked(asked_as) or (self._incremental is not None and self._incremental.is_known(asked_as)):
            return []
        return self._untrapped(url, "listing", note or {})

    def led_to(self, led: Led) -> Iterator[Request]:
        """Requests for what a feed or sitemap names."""
        self.left_out.add(led.left_out)
        claimed = self._rechecks.claimed(led.asked, self.left_out) if self._rechecks is not None else frozenset()
        for each in led.asked:
            if each.kind == "listing":
                yield from self.listing(each.url, each.note)
            else:
                yield from self._named(each, is_claimed=each.url in claimed)

    def is_new(self, url: str) -> bool:
        """Whether no sweep before has come to the article."""
        return self._incremental is None or self._incremental.is_new(key(self._site, url))

    def further(self, listing: str, pages: Sequence[str], *, has_news: bool) -> Sequence[str]:
        """Of the pages to which a listing leads those that may list something new."""
        return pages if self._incremental is None else self._incremental.further(listing, pages, has_news=has_news)

    def goes_on(self, listing: str, *, has_news: bool) -> bool:
        """Whether the next page of a posted list may list something new."""
        return self._incremental is None or self._incremental.goes_on(listing, has_news=has_news)

    def note_walks(self) -> None:
        """The sweep is done: the listings that were walked to their end are remembered."""
        if self._incremental is not None:
            self._incremental.note_walks()

    def _named(self, asked: Asked, *, is_claimed: bool) -> list[Request]:
        if self._has_asked(asked.key):
            return []
        is_wanted = self._incremental is None or self._incremental.is_asked_for(asked.key, is_shown=False)
        if not is_wanted and not (is_claimed and self._rechecks is not None and self._rechecks.take(asked.key)):
            return []
        return self._untrapped(asked.url, asked.kind, asked.note)

    def _has_asked(self, asked_as: str) -> bool:
        return self._archive.is_open and self._archive.ledger.has_asked(asked_as)

    def taken_down(self, url: str) -> str | None:
        """The id of the article at `url`, where it was taken down."""
        return self._archive.taken_down_at(key(self._site, url)) if self._archive.is_open else None

    def _untrapped(self, url: str, kind: Kind, note: Mapping[str, Any]) -> list[Request]:
        if self.taken_down(url) is not None:
            self.left_out.once(url, TAKEN_DOWN)
            return []
        trapped = trap(url, now=self._now()) or ("prefix_budget" if self.budget.is_spent(url) else None)
        if trapped:
            self.left_out.once(url, trapped)
            return []
        return [self._made(url, kind, note)]
