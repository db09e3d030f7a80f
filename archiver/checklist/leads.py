"""What leads to articles: the listing, its further pages, feeds, sitemaps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from archiver import urls
from archiver.checklist.check import MATTERS, not_so, ok, untold
from archiver.errors import BadPage
from archiver.feeds import read_document
from archiver.rules.address_signs import signs
from archiver.rules.announced import announced_feeds
from archiver.rules.further import is_home
from archiver.rules.load_more import load_more
from archiver.rules.post_back import next_post_back
from archiver.site import Feed, Sitemap

if TYPE_CHECKING:
    from archiver.checklist.answer import Answer, Robots
    from archiver.checklist.check import Check
    from archiver.feeds import Document, Entry
    from archiver.page import Page
    from archiver.site import Listing, Site

OTHER_LEADS = "Nothing: listings and what else is found lead to articles"
_FIRST = re.compile(r"\D1$")
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Listed:
    """A page, read as a listing."""

    page: Page
    listing: Listing


def read_listing(site: Site, answer: Answer | None) -> Listed | None:
    """The page of an answer as a listing; None: it did not come, is an article, or cannot be read."""
    if answer is None or not answer.is_page:
        return None
    page = answer.page()
    try:
        return None if site.is_article(page) else Listed(page, site.parse_listing(page))
    except BadPage:
        return None


def listing_check(listed: Listed) -> Check:
    """Whether a listing leads to articles, and how much it says of them."""
    page, listing = listed.page, listed.listing
    name, links = "listing", listing.articles
    if not links:
        seen = f"{page.url} leads to no article, and to {len(listing.pages)} further pages"
        advice = "Probe a section's page instead, or give the site file `lists` and `identify` that know its addresses"
        return not_so(name, seen, advice, exit_code=MATTERS, url=page.url)
    counts = {
        "with a title": sum(bool(link.title) for link in links),
        "with a time": sum(bool(link.published_raw) for link in links),
        "with a summary": sum(bool(link.summary) for link in links),
    }
    said = ", ".join(f"{count} {what}" for what, count in counts.items())
    return ok(name, f"{len(links)} articles ({said}), {len(listing.pages)} further pages", url=page.url)


def second_page(listed: Listed) -> str | None:
    """The address of another page of the listing, by its number; None: it has no numbered pages."""
    numbered = [url for url in listed.listing.pages if signs(url).numbered and url != listed.page.url]
    return next((url for url in numbered if not _FIRST.search(url)), next(iter(numbered), None))


def way_to_pager(site: Site, listed: Listed) -> str | None:
    """Where a pager may be that the page itself has not: in a fragment that it loads, else in a section."""
    loaded = (site.here(url) for url in load_more(listed.page))
    fragment = next((url for url in loaded if site.follows(url)), None)
    if fragment is not None:
        return fragment
    pages = (url for url in listed.listing.pages if site.own(url) != site.own(listed.page.url))
    return next((url for url in pages if not signs(url).chrome and not is_home(url)), None)


def pager(listed: Listed, answer: Answer | None, second: Listed | None) -> Check:
    """Whether the next page of a listing has other articles than the first; `answer`: that of the next page."""
    name, page = "pager", listed.page
    if answer is None:
        if next_post_back(page, 1) is not None:
            return ok(name, "posts the page's form back: a crawl does, a probe does not", url=page.url)
        advice = (
            "Older articles are found by feeds, sitemaps and the newest of each article alone: see docs/discovery.md"
        )
        return not_so(name, f"{page.url} has none that was found", advice, url=page.url)
    if second is None:
        why = _why(answer) if not answer.is_page else f"{answer.url} is no listing that can be read"
        return not_so(name, why, "Look at the pager in a browser", url=answer.url)
    known = {link.url for link in listed.listing.articles}
    fresh = [link for link in second.listing.articles if link.url not in known]
    if fresh:
        return ok(name, f"{len(second.listing.articles)} articles, {len(fresh)} of them others", url=answer.url)
    what = "the same articles as the page before" if second.listing.articles else "no article"
    return not_so(
        name, f"{answer.url} has {what}", "A crawl stops there: look at the pager in a browser", url=answer.url
    )


def feeds_of(site: Site, listed: Listed | None) -> tuple[str, ...]:
    """The feeds that the site file names and the listing's page announces."""
    named = [each.url for each in site.sources if isinstance(each, Feed)]
    announced = announced_feeds(listed.page) if listed is not None else ()
    return tuple(dict.fromkeys(site.here(url) for url in (*named, *announced)))


def sitemaps_of(site: Site, robots: Robots | None) -> tuple[str, ...]:
    """The sitemaps that the site file and robots.txt name, else the address where most sites have one."""
    named = [each.url for each in site.sources if isinstance(each, Sitemap)]
    named += robots.sitemaps if robots is not None else ()
    return tuple(dict.fromkeys(site.here(url) for url in named)) or ((site.base_url or site.home) + "sitemap.xml",)


def document_check(name: str, site: Site, answer: Answer | None, now: datetime) -> tuple[Check, Entry | None]:
    """What a feed or sitemap says of articles, and of an index the document to read next."""
    if answer is None:
        return untold(name, "none is named"), None
    if answer.problem is not None:
        return untold(name, _why(answer), url=answer.url), None
    if not answer.is_page:
        return not_so(name, _why(answer), OTHER_LEADS, url=answer.url), None
    try:
        document = read_document(answer.url, answer.body, answer.content_type, now=now)
    except BadPage as problem:
        return not_so(name, f"{problem} ({problem.reason})", OTHER_LEADS, url=answer.url), None
    further = document.further if document.kind == "index" else ()
    newest = max(further, key=lambda each: each.changed_at or _LONG_AGO, default=None)
    return _said(name, site, answer.url, document), newest


def _said(name: str, site: Site, url: str, document: Document) -> Check:
    if document.kind == "index":
        return ok(name, f"an index of {len(document.further)} sitemaps", url=url)
    entries = document.entries
    own = [entry for entry in entries if site.follows(site.here(entry.url))]
    dated = [entry.published_at for entry in entries if entry.published_at is not None]
    said = f"{document.kind} of {len(entries)} addresses, {len(own)} of the site, {len(dated)} with a time"
    said += f", the newest {max(dated):%Y-%m-%d %H:%M %z}" if dated else ""
    faults = ", ".join(f"{reason} {count}" for reason, count in document.faults.items())
    if faults:
        return not_so(name, f"{said}; at fault: {faults}", "Nothing: it is read as far as it goes", url=url)
    if entries and not own:
        hosts = ", ".join(sorted({urls.host(entry.url) for entry in entries})[:3])
        return not_so(
            name, said, f"Its entries stand on {hosts}: allows=(…) in the site file lets a crawl go there", url=url
        )
    return ok(name, said, url=url)


def _why(answer: Answer) -> str:
    return f"{answer.url}: {answer.message or f'status {answer.status}'}"
