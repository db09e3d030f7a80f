"""What a run need not ask for: articles that are known, and further pages of a listing with nothing new."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archiver.rules.address_signs import listing_of, signs
from archiver.store.ledger import OUTCOMES, fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archiver.site import Site
    from archiver.spiders.scope import Scope
    from archiver.store.ledger import Ledger

GONE_FOR = 10
"""What a sitemap or feed names although it was not there is asked for again after 10 to 30 sweeps; some name it for ever."""

_READ = frozenset(OUTCOMES[name] for name in ("new", "changed", "unchanged"))
_ASKED_IN_VAIN = frozenset(OUTCOMES[name] for name in ("listing", "gone", "failed"))
_NUMBER = re.compile(r"\d+")


class Incremental:
    """What the ledger knows of the addresses on a page."""

    def __init__(self, site: Site, ledger: Ledger, scope: Scope) -> None:
        self._site = site
        self._ledger = ledger
        self._scope = scope
        self._met: set[str] = set()
        self.listed: set[str] = set()
        """Keys of articles that stood in feeds and on the first pages of listings, which every run asks for."""

    @property
    def passed_by(self) -> int:
        """Articles that are known, were met in a listing, and not asked for."""
        return sum(not self._ledger.has_asked(key) for key in self._met)

    def note_listed(self, listing: str, keys: Iterable[str]) -> None:
        """The feed or listing at that address names these articles."""
        if not _is_behind_another(listing):
            self.listed.update(keys)

    def is_asked_for(self, key: str, *, is_shown: bool = True) -> bool:
        """Whether an article is fetched because a page leads to it. What is known has its own plan.

        `is_shown`: on a page for readers; else in a feed or sitemap.
        """
        if self.is_known(key):
            return False
        standing = self._ledger.standing(key)
        if standing is None or self._ledger.article(self._ledger.id_of(key)) is not None:
            return True
        if standing.outcome in _READ:
            self._met.add(key)
            return False
        if standing.outcome == OUTCOMES["gone"] and not is_shown:
            return standing.sweeps_ago > GONE_FOR + fingerprint(key)[0] % (2 * GONE_FOR)
        # What failed is tried again too, a few in each run, however far behind in a listing it stands.
        return self._scope.backfill or standing.outcome != OUTCOMES["failed"]

    def is_known(self, key: str) -> bool:
        """Whether it is a live article of the archive, which is met by this."""
        known = self._ledger.article(self._ledger.id_of(key))
        if known is None or known.status != "live":
            return False
        self._met.add(key)
        return True

    def is_new(self, key: str) -> bool:
        """Whether no sweep before this one has come to the article."""
        standing = self._ledger.standing(key)
        if standing is None:
            return self._ledger.article(self._ledger.id_of(key)) is None
        if not standing.sweeps_ago:
            return standing.outcome == OUTCOMES["new"] or (
                standing.outcome < 0 and self._ledger.article(self._ledger.id_of(key)) is None
            )
        return standing.outcome not in _READ | _ASKED_IN_VAIN

    def further(self, listing: str, pages: Sequence[str], *, has_news: bool) -> list[str]:
        """Of the pages to which the one at `listing` leads those that may list something new, in the order of the page.

        Of this listing all, as long as no sweep has walked it to its end, else the next one where this one has news. Of
        every other its first page, or the first to which this page leads.
        """
        walk = self._walk(listing)
        mine = [url for url in pages if self._walk(url) == walk]
        others = [url for url in pages if url not in mine]
        wanted = {*self._firsts(others), *self._months(listing, others, has_news=has_news)}
        if not self._is_walked(walk):
            wanted.update(mine)
        elif has_news and mine:
            wanted.add(_next(listing, mine))
        return [url for url in pages if url in wanted]

    def goes_on(self, listing: str, *, has_news: bool) -> bool:
        """Whether the next page of a list is asked for that can only be had one page after another."""
        return has_news or not self._is_walked(self._walk(listing))

    def note_walks(self) -> None:
        """The sweep is done: what it walked without a failure was walked to its end, or to `since`."""
        failed: set[str] = set()
        walked: set[str] = set()
        for url, outcome in self._ledger.listings():
            (failed if outcome == OUTCOMES["failed"] else walked).add(self._walk(url))
        for walk in walked - failed:
            self._ledger.put_walk(walk, str(self._scope.since or ""))

    def _walk(self, url: str) -> str:
        return listing_of(self._site.own(url))

    def _is_walked(self, walk: str) -> bool:
        since = self._ledger.walked(walk)
        return not self._scope.backfill and since is not None and since <= str(self._scope.since or "")

    def _firsts(self, pages: Iterable[str]) -> Iterator[str]:
        """Every first page; of a listing of which only later ones are named, and which was walked, the first of them."""
        later: dict[str, list[str]] = {}
        begun: set[str] = set()
        for url in pages:
            said, walk = signs(url), self._walk(url)
            if said.numbered and self._is_walked(walk):
                later.setdefault(walk, []).append(url)
            elif not (said.month and self._is_walked(walk)):
                begun.add(walk)
                yield url
        for walk, urls in later.items():
            if walk not in begun:
                yield min(urls, key=_number)

    def _months(self, listing: str, pages: Iterable[str], *, has_news: bool) -> Iterator[str]:
        """Of the months of an archive that were walked the newest, and from one that has news the one before it."""
        months = [url for url in pages if signs(url).month]
        if signs(listing).month:
            months = [url for url in months if _month(url) < _month(listing)] if has_news else []
        if months:
            yield max(months, key=_month)


def _is_behind_another(url: str) -> bool:
    said = signs(url)
    return said.numbered or said.month


def _next(listing: str, pages: list[str]) -> str:
    """Of the pages of one listing the one behind `listing`: with the least number above its own."""
    here = _number(listing)
    behind = [url for url in pages if _number(url) > here]
    return min(behind or pages, key=_number)


def _month(url: str) -> tuple[int, ...]:
    """Year, month and day, as far as the address names them by number."""
    return tuple(map(int, _NUMBER.findall(urlsplit(url).path)))


def _number(url: str) -> int:
    """The page's number; 0 of a first page."""
    said = _NUMBER.findall(url) if signs(url).numbered else []
    return int(said[-1]) if said else 0
