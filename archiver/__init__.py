"""News archives that prove themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.article import Article
    from archiver.research.archive import Archive

__all__ = ["__version__", "extract", "open_archive"]

# Parsers take their time to import: whoever only reads an archive need not wait for them, nor the other way round.
# ruff: noqa: PLC0415


def extract(html: bytes, url: str, *, site: str | None = None) -> Article:
    """The article on a page: what is missing is empty, nothing is refused. The same bytes give the same record.

    `url` is the page's address; `site` the name of a site whose rules are to be used, else the address tells.
    Times of a fetch are null. Raises BadPage where the bytes are no page, UsageError for an unknown site or address.
    """
    from dataclasses import replace
    from datetime import UTC, datetime

    from archiver.page import Page
    from archiver.sites import site_for, site_named

    rules = site_named(site) if site else site_for(url)
    article = rules.parse_article(Page(url, html, fetched_at=datetime.now(UTC)))
    return replace(article, first_seen_at=None, fetched_at=None)


def open_archive(path: str | Path) -> Archive:
    """An archive on the disk, to walk over its articles, search them, and ask SQL. See docs/python.md.

    Raises UsageError where there is none in that folder.
    """
    from archiver.research.archive import open_archive as opened

    return opened(path)
