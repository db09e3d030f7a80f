"""What feeds and sitemaps lead to: which of their entries a run asks for, and which further documents it reads."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from archiver import urls
from archiver.feeds import read_document
from archiver.rules.address_signs import signs
from archiver.rules.further import is_home
from archiver.site.absence import key
from archiver.site.boundary import refusal, trap
from archiver.site.sources import Announced, Feed, Sitemap
from archiver.store.ledger import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from archiver.feeds import Document, Entry
    from archiver.page import Page
    from archiver.site import Site
    from archiver.spiders.scope import Scope
    from archiver.store.ledger import Kind, Ledger

MOST_DOCUMENTS = 50
"""Sitemaps, and further pages of feeds, that one run reads. What is left out comes in the next: what is read is remembered."""
MOST_FEEDS = 20
"""Announced feeds of one start page."""
DEEPEST_INDEX = 3
"""Indexes of indexes are not allowed (sitemaps.org), and used; a recursive one ends here."""
READ_AGAIN = timedelta(days=30)
"""A sitemap that its index calls unchanged is read again after so long: an article of it may have failed."""

_OTHERS = re.compile(
    r"(?:^|[-_.])(?:categor(?:y|ies)|post_tag|tags?|authors?|users?|taxonom(?:y|ies)|images?|products?|attachments?)(?=[-_.\d]|$)"
    r"|^page-sitemap\d*\.|posts-page-\d+\.|sitemap[-_]?pages?\d*\.",
    re.IGNORECASE,
)
"""Names of sitemaps of other things than news, as WordPress, Yoast and Rank Math give them."""
_POSTS = re.compile(r"(?:^|[-_.])(?:posts?|news|articles?|stories|bai-?viet|tin-?tuc)(?=[-_.\d]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """An address that is to be queued."""

    url: str
    kind: Kind
    note: dict[str, Any]
    key: str
    """Equal for all addresses of an article."""
    changed_at: datetime | None = None
    """When the document says that it changed; None: it does not say."""


@dataclass(frozen=True, slots=True)
class Led:
    """What one document leads to."""

    asked: tuple[Asked, ...]
    left_out: Counter[str] = field(default_factory=Counter)
    """By reason, each address once."""
    message: str | None = None
    """What was left out or found wrong, for a reader; None: nothing."""


class Documents:
    """The feeds and sitemaps of one run of a site."""

    def __init__(self, site: Site, scope: Scope, now: Callable[[], datetime]) -> None:
        self._site = site
        self._scope = scope
        self._now = now
        self._queued = 0
        self._announced = next((each for each in site.sources if isinstance(each, Announced)), None)

    def declared(self) -> Iterator[Asked]:
        """Those that the site file names."""
        for source in self._site.sources:
            if isinstance(source, Feed | Sitemap):
                self._queued += 1
                kind = type(source).__name__.lower()
                url = self._site.here(source.url)
                yield Asked(url, "listing", {"source": kind, "start": True}, key(self._site, url))

    def of_page(self, page: Page, announced: Iterable[str]) -> Led:
        """The feeds that the head of a start page announces."""
        if self._announced is None:
            return Led(())
        below = [url for url in announced if (urlsplit(url).path + "/").startswith(self._announced.below)]
        # They are few, and what is new stands in them: they are read whatever the sitemaps take.
        return self._documents(
            [(self._site.here(url), {"source": "feed"}) for url in below if url != page.url], MOST_FEEDS
        )

    def of_robots(self, sitemaps: Iterable[str]) -> Led:
        """The sitemaps that robots.txt names; where it names none, the one that most sites have."""
        if self._announced is None or self._announced.below != "/":
            return Led(())
        named = [(self._site.here(url), {"source": "sitemap"}) for url in dict.fromkeys(sitemaps)]
        if not named and self._announced.guess:
            home = self._site.base_url or self._site.home
            named = [(home + "sitemap.xml", {"source": "sitemap", "guess": "/sitemap.xml"})]
        return self._sitemaps(named)

    def read(self, url: str, body: bytes, content_type: str | None, note: dict[str, Any], ledger: Ledger | None) -> Led:
        """What the document at `url` leads to. Raises BadPage where it is none. Without a ledger nothing is remembered."""
        document = read_document(url, body, content_type, now=self._now())
        articles = self._articles(document, is_of_posts=bool(_POSTS.search(_name(url))))
        depth = int(note.get("depth", 0)) + 1
        further = self._further(document, depth, ledger) if depth <= DEEPEST_INDEX else _too_deep(document)
        if ledger is not None and self._scope.is_whole and note.get("changed"):
            ledger.put(self._remark(url), f"{note['changed']} {self._now():%Y-%m-%d}")
        left_out = articles.left_out + further.left_out
        wrong = [f"{reason} {count}" for reason, count in document.faults.items()]
        said = (
            [f"left out: {', '.join(f'{reason} {count}' for reason, count in sorted(left_out.items()))}"]
            if left_out
            else []
        )
        said += [f"at fault: {', '.join(wrong)}"] if wrong else []
        message = f"{document.kind} of {len(document.entries) + len(document.further)} addresses; {'; '.join(said)}"
        return Led((*articles.asked, *further.asked), left_out, message if said else None)

    def remember(self, url: str, place: Place, ledger: Ledger) -> None:
        """The document at `url` was read whole from the response that stands there."""
        ledger.put(f"document {self._site.own(url)}", f"{place.offset} {place.file}")

    def last(self, url: str, ledger: Ledger) -> Place | None:
        """Where the response stands from which the document was read last; None: it never was."""
        offset, _, file = (ledger.get(f"document {self._site.own(url)}") or "").partition(" ")
        return Place(file, int(offset)) if file else None

    def _articles(self, document: Document, *, is_of_posts: bool) -> Led:
        asked: list[Asked] = []
        left_out: Counter[str] = Counter()
        for entry in document.entries:
            url = self._site.here(entry.url)
            is_told = document.kind in ("feed", "news") or is_of_posts
            reason = refusal(self._site, url) or trap(url, now=self._now()) or self._no_article(url, is_told=is_told)
            if reason is not None:
                left_out[reason] += 1
                continue
            outside = self._outside(entry)
            note = {"outside": outside} if outside else {}
            # Now, while the site still knows what it has found out of the address.
            asked.append(Asked(url, "article", note, key(self._site, url), entry.changed_at))
        return Led(tuple(asked), left_out)

    def _outside(self, entry: Entry) -> str | None:
        """Why the entry is not asked for, by the days of the run. What has not changed since was not published since."""
        if entry.published_at is not None:
            return self._scope.misses(entry.published_at, self._site.timezone)
        changed = self._scope.misses(entry.changed_at, self._site.timezone) if entry.changed_at is not None else None
        return changed if changed == "before_since" else None

    def _no_article(self, url: str, *, is_told: bool) -> str | None:
        """`is_told`: the document calls its entries news; of others only addresses that look like an article's are taken."""
        own = self._site.own(url)
        is_one = self._site.address(url) is not None and not urls.is_file_link(own)
        if not is_one and is_told and not self._site.addresses_tell and not urls.is_file_link(own):
            said = signs(own)
            is_one = not (is_home(own) or said.chrome or said.label or said.numbered)
        return None if is_one else "no_article_address"

    def _further(self, document: Document, depth: int, ledger: Ledger | None) -> Led:
        """The documents that go on from this one, the newest first: as many as the run still may read."""
        oldest = datetime.min.replace(tzinfo=UTC)
        newest_first = sorted(document.further, key=lambda each: each.changed_at or oldest, reverse=True)
        left_out: Counter[str] = Counter()
        wanted = []
        for entry in newest_first:
            reason = self._no_document(entry, ledger)
            if reason is not None:
                left_out[reason] += 1
                continue
            changed = {"changed": entry.changed_at.isoformat()} if entry.changed_at else {}
            source = "feed" if document.kind == "feed" else "sitemap"
            wanted.append((self._site.here(entry.url), {"source": source, "depth": depth, **changed}))
        led = self._sitemaps(wanted)
        return Led(led.asked, left_out + led.left_out)

    def _no_document(self, entry: Entry, ledger: Ledger | None) -> str | None:
        if _OTHERS.search(_name(entry.url)):
            return "other_sitemap"
        if entry.changed_at is None:
            return None
        if self._scope.since is not None and entry.changed_at.date() < self._scope.since:
            return "before_since"
        remembered = ledger.get(self._remark(entry.url)) if ledger is not None else None
        changed, _, read_on = (remembered or "").partition(" ")
        if not self._scope.is_whole or changed != entry.changed_at.isoformat():
            return None
        return "unchanged_sitemap" if self._now().date() - date.fromisoformat(read_on) < READ_AGAIN else None

    def _sitemaps(self, wanted: Iterable[tuple[str, dict[str, Any]]]) -> Led:
        led = self._documents(wanted, MOST_DOCUMENTS - self._queued)
        self._queued += len(led.asked)
        return led

    def _documents(self, wanted: Iterable[tuple[str, dict[str, Any]]], most: int) -> Led:
        asked: dict[str, Asked] = {}
        left_out: Counter[str] = Counter()
        for url, note in wanted:
            reason = refusal(self._site, url) or ("document_budget" if len(asked) >= most else None)
            if reason is not None:
                left_out[reason] += 1
            else:
                asked.setdefault(url, Asked(url, "listing", note, key(self._site, url)))
        return Led(tuple(asked.values()), left_out)

    def _remark(self, url: str) -> str:
        return f"sitemap {self._site.own(url)}"


def _name(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2]


def _too_deep(document: Document) -> Led:
    return Led((), Counter({"too_deep": len(document.further)} if document.further else {}))
