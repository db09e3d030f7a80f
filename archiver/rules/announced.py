"""The feeds that a page's head announces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver import urls

if TYPE_CHECKING:
    from archiver.page import Page

MOST = 5
"""Feeds of one page: a portal announces one for each section, and the sitemap and the listings have the rest."""

_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")
_COMMENTS = re.compile(r"comment|kommentar|commentaire|comentario|bình luận|binh-luan", re.IGNORECASE)


def announced_feeds(page: Page) -> tuple[str, ...]:
    """The addresses in `<link rel="alternate">` of RSS and Atom feeds, at most MOST; those of comments are left out.

    The WHATWG standard (HTML, 4.6.7.1) calls it autodiscovery.
    """
    found: dict[str, None] = {}
    for link in page.root.iter("link"):
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        if "alternate" not in (link.get("rel") or "").lower().split() or kind not in _TYPES:
            continue
        url = urls.absolute(page.url, link.get("href") or "")
        if url is not None and not _COMMENTS.search(f"{link.get('title') or ''} {url}"):
            found[url] = None
    return tuple(found)[:MOST]
