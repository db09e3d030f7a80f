"""Any news site without a file: general rules, articles told from listings by what the pages say and hold."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archiver import urls
from archiver.rules import article_head
from archiver.rules.address_signs import ARTICLE, signs
from archiver.rules.boxes import loose_text
from archiver.rules.country_zones import country_zone
from archiver.rules.flow import flow
from archiver.rules.further import further_pages, is_home, sections
from archiver.rules.listing import excerpts, news_links
from archiver.rules.page_kind import states_other
from archiver.rules.simple import articles
from archiver.site import Address, Announced, Listing, Site
from archiver.site.general_layout import LAYOUT

if TYPE_CHECKING:
    from collections.abc import Callable

    from archiver.article import Article
    from archiver.page import Page

_ARTICLE_BODY = 250
"""Characters: a page that does not call itself an article is one from this much text on, if it has title and time."""
_EXCERPTS = 3
"""Articles with a time or a summary, from which a page may be a listing for all its text."""
_ARTICLE_PATH = re.compile(r"\d|-[^/]*-[^/]*-|\.(?:html?|aspx|php|amp|vnp)$")


def site_at(url: str) -> Site:
    """The site of `url`, named after its host, to be crawled from `url`."""
    name = urls.host(url).removeprefix("www.")
    home = urls.origin(url) + "/"

    def identify(address: str) -> Address | None:
        if not _may_be_article(address):
            return None
        return Address(f"{name}:{urls.short_hash(address)}", address, is_number=False)

    return Site(
        name=name,
        home=urls.fold(home),
        start_urls=(url,),
        timezone=country_zone(url),
        language=None,
        identify=identify,
        recognizes=_recognizes,
        lists=_lists,
        # A crawl of one section is not one of the site: its sitemaps lead elsewhere, and of its feeds most.
        sources=(Announced(guess=True) if is_home(url) else Announced(below=signs(url).stem + "/"),),
        remembers=True,
        layouts=(LAYOUT,),
    )


def _may_be_article(url: str) -> bool:
    """Whether the address looks like an article's: a number, a slug of several words, or a file name in its path."""
    said = signs(url)
    if said.chrome or said.label or said.numbered:
        return False
    return said.points >= ARTICLE or _ARTICLE_PATH.search(urlsplit(url).path.rstrip("/").rpartition("/")[2]) is not None


def _recognizes(site: Site, page: Page) -> bool:
    """An article says that it is one, or has title, time and more running text than links and their summaries.

    A page that says that it is a collection or an author's, or whose text stands in the cards of other articles, is none.
    """
    article = site.parse_article(page)
    if site.refusal(page, article) is not None or states_other(page):
        return False
    headlines = {str(thing.get("headline")) for thing in page.once(articles)}
    if headlines and len(headlines) < _EXCERPTS:
        return True
    if article_head.states_article(page):
        return not _is_list_of_excerpts(site, page, article)
    if min(len(article.body), loose_text(page)) < _ARTICLE_BODY:
        return False
    linked = sum(len(line.text) for line in flow(page).lines if line.linked)
    return len(article.body) > linked and not _is_list_of_excerpts(site, page, article)


def _lists(site: Site, page: Page) -> Listing:
    """The articles that the page lists, and the further pages of the same listing.

    From the page where the crawl begins also the sections: from a home page all, from a section those below it.
    """
    place = _place(site, page)
    links = news_links(page, place)
    taken = {link.url for link in links}
    pages = dict.fromkeys(further_pages(page, place, taken))
    if site.own(page.url) == site.own(site.start_urls[0]):
        pages.update(dict.fromkeys(sections(page, place, taken)))
    return Listing(links, tuple(pages))


def _place(site: Site, page: Page) -> Callable[[str], str | None]:
    """Where a page that this one links to is fetched: on this site, no file, not this page; one spelling of each address."""
    here = site.own(page.url)
    spellings: dict[str, str] = {}

    @cache
    def place(url: str) -> str | None:
        own = site.own(url)
        if own == here or not site.follows(url) or urls.is_file_link(own):
            return None
        return spellings.setdefault(own, url)

    return place


def _is_list_of_excerpts(site: Site, page: Page, article: Article) -> bool:
    """Whether half of what would be the body stands in small boxes about other articles: a blog's roll, a section."""
    boxes = excerpts(page, _place(site, page))
    if len(boxes) < _EXCERPTS:
        return False
    excerpted = frozenset().union(*boxes)
    body = [line for line in article.body.split("\n") if line]
    return 2 * sum(len(line) for line in body if line in excerpted) > sum(map(len, body))
