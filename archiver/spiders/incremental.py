"""What a run need not ask for: articles that are known and not due, and further pages of a listing with nothing new."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver.rules.address_signs import listing_of, signs
from archiver.store.ledger import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archiver.site import Site
    from archiver.spiders.scope import Scope
    from archiver.store.ledger import Ledger

RETRIES = 50
"""So many articles that could not be fetched in an earlier sweep are tried once more in a run, the longest untried first."""

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

    def is_asked_for(self, key: str) -> bool:
        """Whether an article is fetched because a page leads to it. What is known has its own plan."""
        known = self._ledger.article(self._ledger.id_of(key))
        if known is not None and known.status == "live":
            self._met.add(key)
            return False
        standing = self._ledger.standing(key)
        if standing is None or known is not None:
            return True
        if standing.outcome in _READ:
            self._met.add(key)
            return False
        # What failed is tried again too, a few in each run, however far behind in a listing it stands.
        return self._scope.backfill or standing.outcome != OUTCOMES["failed"]

    def is_new(self, key: str) -> bool:
        """Whether no sweep before this one has come to the article."""
        standing = self._ledger.standing(key)
        if standing is None:
            return self._ledger.article(self._ledger.id_of(key)) is None
        if standing.is_of_this_sweep:
            return standing.outcome == OUTCOMES["new"] or (
                standing.outcome < 0 and self._ledger.article(self._ledger.id_of(key)) is None
            )
        return standing.outcome not in _READ | _ASKED_IN_VAIN

    def further(self, listing: str, pages: Iterable[str], *, has_news: bool) -> list[str]:
        """Of the pages to which the one at `listing` leads those that may list something new.

        Every other listing's first page; of this listing all, as long as no sweep has walked it to its end, else the next
        one where this one has news.
        """
        walk = self._walk(listing)
        mine = [url for url in pages if self._walk(url) == walk]
        wanted = set(mine)
        if self._is_walked(walk):
            wanted = {_next(listing, mine)} if has_news and mine else set()
        return [
            url for url in pages if (url in wanted if url in mine else not self._is_behind(url))
        ]  # in order of the page

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

    def _is_behind(self, url: str) -> bool:
        """Whether it is a page behind the first, of a listing that was walked: the first leads to it if need be."""
        return _is_behind_another(url) and self._is_walked(self._walk(url))


def _is_behind_another(url: str) -> bool:
    said = signs(url)
    return said.numbered or said.month


def _next(listing: str, pages: list[str]) -> str:
    """Of the pages of one listing the one behind `listing`: with the least number above its own."""
    here = _number(listing)
    behind = [url for url in pages if _number(url) > here]
    return min(behind or pages, key=_number)


def _number(url: str) -> int:
    """The page's number; 0 of a first page."""
    said = _NUMBER.findall(url) if signs(url).numbered else []
    return int(said[-1]) if said else 0
