"""From a kept exchange to the article on it: the same for a live crawl, a replay after a crash, and a rebuild."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archiver import codings
from archiver.errors import NotAnArticle
from archiver.page import LARGEST_PAGE_BYTES, Page
from archiver.store.acceptance import fault, normalised

if TYPE_CHECKING:
    from archiver.article import Article, Capture
    from archiver.site.site import Site
    from archiver.store.exchange import Exchange


def page_of(exchange: Exchange, repeated: frozenset[str] = frozenset()) -> Page:
    """The page that came, of a site whose articles have the lines `repeated` in common.

    Raises BadPage where its body cannot be read, NotAnArticle where it is an error's, not whole, or was asked for as a file.
    """
    if exchange.named is not None:
        message = f"{exchange.url}: a file of {exchange.named.id}"
        raise NotAnArticle(message, reason="file")
    if exchange.truncated is not None:
        message = f"{exchange.url}: the body was cut ({exchange.truncated})"
        raise NotAnArticle(message, reason="cut_short")
    if not 200 <= exchange.status < 300:
        message = f"{exchange.url}: status {exchange.status}"
        raise NotAnArticle(message, reason=f"http_{exchange.status}")
    return Page(
        url=exchange.url,
        html=codings.decode(exchange.body, exchange.header("Content-Encoding") or "", limit=LARGEST_PAGE_BYTES),
        fetched_at=exchange.at,
        content_type=exchange.header("Content-Type"),
        status=exchange.status,
        redirected_from=exchange.via,
        repeated=repeated,
    )


def article_of(site: Site, exchange: Exchange, capture: Capture, repeated: frozenset[str] = frozenset()) -> Article:
    """The article of a capture, ready to be numbered. Raises Rejected where it gives none."""
    page = page_of(exchange, repeated)
    if not site.is_article(page):
        message = f"{exchange.url}: no article"
        raise NotAnArticle(message, reason="not_an_article")
    article = site.parse_article(page)
    refusal = site.refusal(page, article)
    if refusal is not None:
        raise refusal
    article = normalised(replace(article, capture=capture))
    reason = fault(article)
    if reason is not None:
        message = f"{exchange.url}: {reason}"
        raise NotAnArticle(message, reason=reason)
    return article
