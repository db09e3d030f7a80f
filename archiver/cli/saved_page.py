"""A saved page, from a file or standard input, to its article."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.errors import BadPage, NotAnArticle, UsageError
from archiver.page import LARGEST_PAGE_BYTES, Page
from archiver.store.clock import utc_now

if TYPE_CHECKING:
    from archiver.article import Article
    from archiver.errors import Rejected
    from archiver.site import Site


def read_saved_page(file: str, url: str, site: Site) -> tuple[Page, Article, Rejected | None]:
    """A saved page, its article, and why that is no record."""
    page = Page(url=url, html=_bytes_of(file), fetched_at=utc_now())
    article = site.parse_article(page)
    refusal = site.refusal(page, article)
    if refusal is None and not site.is_article(page):
        message = f"{site.name}: {url} is no address of an article. Give the article's own address with --url"
        refusal = NotAnArticle(message, reason="not_an_article")
    return page, article, refusal


def _bytes_of(file: str) -> bytes:
    try:
        if file == "-":
            content = sys.stdin.buffer.read(LARGEST_PAGE_BYTES + 1)
        else:
            with Path(file).open("rb") as opened:
                content = opened.read(LARGEST_PAGE_BYTES + 1)
    except (OSError, ValueError) as trouble:
        message = (
            f"{file}: cannot be read ({getattr(trouble, 'strerror', None) or trouble}). Give the file of a saved page"
        )
        raise UsageError(message) from trouble
    if len(content) > LARGEST_PAGE_BYTES:
        message = f"{file}: more than {LARGEST_PAGE_BYTES / 1e6:.0f} MB is no news page. Cut it or skip it"
        raise BadPage(message, reason="too_large")
    return content
