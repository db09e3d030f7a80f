"""The further pages of a listing, and the sections that a home page leads to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archiver import text, urls
from archiver.rules.address_signs import next_of, signs
from archiver.rules.link_words import LANGUAGE, NEXT, NUMBER
from archiver.rules.links import numbered_pages
from archiver.rules.load_more import load_more
from archiver.rules.surroundings import in_pager

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from lxml.etree import _Element as Element

    from archiver.page import Page

_HOME = re.compile(r"/?(?:index|default|home|trang-chu)?(?:\.\w+)?|/[a-z]{2}(?:-[a-z]{2})?/?", re.IGNORECASE)
"""Paths of home pages: those of a language too."""
_LABELS = frozenset(("tag", "author", "nofollow", "license", "privacy-policy", "terms-of-service"))
"""Values of `rel` of links that lead to no section."""


def further_pages(page: Page, place: Callable[[str], str | None], articles: Collection[str]) -> tuple[str, ...]:
    """The other pages of the listing on `page`, each once, in order: numbered ones, the next one, the months of an archive, what is loaded on request.

    `place` is as for news_links; addresses in `articles` are none. A page belongs to the listing where it differs from it
    by its number only, where `rel` or a pager says so, or where it is a date below the listing's path.
    """
    found: dict[str, None] = {}
    for link, url in _links(page, place, articles):
        if _goes_on(page, link, url):
            found[url] = None
    loaded = (place(url) for url in (*numbered_pages(page), *load_more(page)))
    found.update(dict.fromkeys(url for url in loaded if url is not None and url not in articles))
    return tuple(found)


def is_home(url: str) -> bool:
    """Whether `url` is a site's home page, by its path; that of a language too."""
    return _HOME.fullmatch(urlsplit(url).path) is not None


def sections(page: Page, place: Callable[[str], str | None], articles: Collection[str]) -> tuple[str, ...]:
    """The sections that the page where a crawl begins leads to: of a home page all, of another those below its path.

    Left out are labels, other languages, pages that every site has (about, contact, terms), further pages of other listings.
    """
    all_of_them = is_home(page.url)
    below = signs(page.url).stem + "/"
    found: dict[str, None] = {}
    for link, url in _links(page, place, articles):
        said = signs(url)
        if said.chrome or said.label or said.numbered or _is_apart(link):
            continue
        if all_of_them or (said.stem + "/").startswith(below):
            found[url] = None
    return tuple(found)


def _links(page: Page, place: Callable[[str], str | None], articles: Collection[str]) -> list[tuple[Element, str]]:
    found: list[tuple[Element, str]] = []
    for link in page.root.iter("a", "link"):
        if link.tag == "link" and "next" not in (link.get("rel") or "").split():
            continue
        href = urls.absolute(page.url, link.get("href") or "")
        url = place(href) if href is not None else None
        if url is not None and url not in articles:
            found.append((link, url))
    return found


def _goes_on(page: Page, link: Element, url: str) -> bool:
    if not {"next", "prev"}.isdisjoint((link.get("rel") or "").split()) or next_of(url, page.url):
        return True
    said, here = signs(url), signs(page.url)
    if said.month and (said.stem + "/").startswith(here.stem + "/") and said.stem != here.stem:
        return True
    words = text.clean("".join(link.itertext()))
    if not (NUMBER.fullmatch(words) or NEXT.fullmatch(words)) or not in_pager(link):
        return False
    # A pager leads through its own listing; another path is the way to another story, or to a section.
    return said.numbered or (said.stem + "/").startswith(here.stem + "/")


def _is_apart(link: Element) -> bool:
    """Whether a link leads to another language, a label, or out of what readers read."""
    rel = frozenset((link.get("rel") or "").lower().split())
    words = text.clean("".join(link.itertext()))
    return bool(link.get("hreflang")) or not rel.isdisjoint(_LABELS) or LANGUAGE.fullmatch(words) is not None
