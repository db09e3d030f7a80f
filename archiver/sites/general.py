"""Any news site without a file: general rules, articles told from listings by what the pages say and hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archiver import urls
from archiver.rules import article_body, article_head, related, shelving
from archiver.rules.boxes import items, loose_text
from archiver.rules.flow import flow
from archiver.rules.links import hrefs
from archiver.site import Address, Layout, Listing, Site

if TYPE_CHECKING:
    from archiver.page import Page

_ARTICLE_BODY = 250
"""Characters: a page that does not call itself an article is one from this much text on, if it has title and time."""
_LONG_TITLE = 25
_NEXT = re.compile(r"[?&/](?:page|p|trang|pg|paged)[=/]?\d+", re.IGNORECASE)
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
        timezone=None,
        language=None,
        identify=identify,
        recognizes=_recognizes,
        lists=_lists,
        layouts=(LAYOUT,),
    )


def _may_be_article(url: str) -> bool:
    """Whether the address looks like an article's: a number, a slug of several words, or a file name in its path."""
    path = urlsplit(url).path.rstrip("/")
    return bool(_ARTICLE_PATH.search(path.rpartition("/")[2])) and not _NEXT.search(url)


def _recognizes(site: Site, page: Page) -> bool:
    """An article says that it is one, or has title, time and more running text than links and their summaries."""
    article = site.parse_article(page)
    if article_head.states_article(page):
        return site.refusal(page, article) is None
    if site.refusal(page, article) is not None or min(len(article.body), loose_text(page)) < _ARTICLE_BODY:
        return False
    linked = sum(len(line.text) for line in flow(page).lines if line.linked)
    return len(article.body) > linked


def _lists(site: Site, page: Page) -> Listing:
    """Links that look like articles, by address or by the length of their title; further pages of the same listing.

    From the page where the crawl begins also the sections: links that look like no article.
    """
    here = site.own(page.url)

    def place(url: str) -> str | None:
        own = site.own(url)
        return url if own != here and site.follows(url) and not urls.is_file_link(own) else None

    found = {link.url: link for link in items(flow(page).lines, page.url, place)}
    articles = [
        link
        for link in found.values()
        if (_may_be_article(site.own(link.url)) or len(link.title) >= _LONG_TITLE) and not _NEXT.search(link.url)
    ]
    taken = {link.url for link in articles}
    others = [url for url in hrefs(page) if place(url) and url not in taken]
    starts = here == site.own(site.start_urls[0])
    path = urlsplit(page.url).path
    pages = [url for url in others if starts or (_NEXT.search(url) and urlsplit(url).path.startswith(path.rstrip("/")))]
    return Listing(tuple(articles), tuple(pages))


LAYOUT = Layout(
    name="general",
    title=article_head.title,
    published=article_head.published,
    body=article_body.body,
    lead=article_head.lead,
    authors=article_head.authors,
    section=shelving.section,
    categories=shelving.categories,
    tags=shelving.tags,
    modified=article_head.modified,
    language=article_head.language,
    related=related.related,
)
