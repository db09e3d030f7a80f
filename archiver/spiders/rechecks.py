"""Which known articles a run asks for again: those that are due, and those that the site says it has changed."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archiver.site import Site
    from archiver.spiders.documents import Asked
    from archiver.spiders.left_out import LeftOut
    from archiver.spiders.scope import Scope
    from archiver.store.archive import SiteArchive

RETRIES = 50
"""So many articles that could not be fetched in an earlier sweep are tried once more in a run, the longest untried first."""
FEW_CLAIMS = 20
"""So many changes that one sitemap claims are believed."""
BELIEVED_SHARE = 0.25
"""And more, up to this share of the known articles in it."""


class Rechecks:
    """The re-checks of one run: by the plan first, what is left of the budget by `<lastmod>`."""

    def __init__(self, site: Site, archive: SiteArchive, scope: Scope, budget: int, now: datetime) -> None:
        self._site = site
        self._archive = archive
        self._scope = scope
        self._budget = budget
        self._now = now

    def due(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Address and note of known articles that are due, then of some that could not be fetched."""
        archive = self._archive
        if self._scope.recheck:
            places = [known.place for _, known in archive.ledger.articles() if known.status != "tombstone"]
        else:
            places = [place for _, place in archive.visits.due(self._now, self._budget)]
        self._budget -= len(places)
        for place in places:
            line = archive.articles.line_at(place)
            published = datetime.fromisoformat(line["published_at"])
            if self._scope.misses(published, self._site.timezone) is None:
                yield self._here(line["url"]), {}
        yield from archive.ledger.failed(RETRIES)

    def claimed(self, asked: Iterable[Asked], left_out: LeftOut) -> frozenset[str]:
        """Of what one document names the addresses of live articles that it says have changed since they were looked at.

        None where it says so of more than is likely: many sites give every entry the time at which the sitemap was made.
        Those are counted as left out (`unlikely_date`).
        """
        if self._scope.since is not None or self._scope.until is not None:
            return frozenset()
        known, claims = 0, set()
        for each in asked:
            if each.changed_at is None:
                continue
            visited_at = self._archive.visits.last_at(self._archive.ledger.id_of(each.key))
            known += visited_at is not None
            if visited_at is not None and each.changed_at > visited_at:
                claims.add(each.url)
        if len(claims) > max(FEW_CLAIMS, BELIEVED_SHARE * known):
            left_out.add(Counter(unlikely_date=len(claims)))
            return frozenset()
        return frozenset(claims)

    def take(self, key: str) -> bool:
        """Whether the budget has room for one more re-check; where it has none, the article is due in the next run."""
        if self._budget > 0:
            self._budget -= 1
            return True
        self._archive.visits.advance(self._archive.ledger.id_of(key), self._now)
        return False

    def _here(self, url: str) -> str:
        """An address of an earlier run where this run finds it: a copy may have moved."""
        if self._site.base_url is None:
            return url
        to, parts = urlsplit(self._site.base_url), urlsplit(url)
        return parts._replace(scheme=to.scheme, netloc=to.netloc).geturl()
