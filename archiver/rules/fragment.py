"""List fragments that come as JSON: the markup or the items inside, as a page that listings' rules read."""

from __future__ import annotations

import json
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.page import Page

_ADDRESS = ("url", "link", "href", "permalink", "share_url", "detail_url")
_TITLE = ("title", "headline", "name", "tieude", "text")
_TIME = (
    "published_at",
    "publishedat",
    "published",
    "publish_date",
    "publishdate",
    "pubdate",
    "date",
    "time",
    "created_at",
)
_SUMMARY = ("summary", "excerpt", "description", "sapo", "lead")
_NEXT = ("next", "next_url", "nexturl", "next_page_url", "nextpageurl", "next_page", "load_more", "loadmore")
_DEEPEST = 12
_MOST = 2_000
"""Objects of one fragment that are looked at."""


def opened(page: Page) -> Page:
    """`page`, or where it is JSON a page of HTML: its strings of markup, a list of its items, a link to the next fragment."""
    if page.html.lstrip()[:1] not in (b"{", b"["):
        return page
    try:
        value = json.loads(page.text)
    except (ValueError, RecursionError):
        return page
    items = "".join(part for part, _ in zip(_markup(value, 0), range(_MOST), strict=False))
    return replace(page, html=f"<!doctype html><meta charset=utf-8><ul>{items}</ul>".encode(), content_type="text/html")


def _markup(value: Any, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        if "<" in value and ">" in value:
            yield value
    elif isinstance(value, list):
        for each in value:
            yield from _markup(each, depth + 1)
    elif isinstance(value, dict):
        lowered = {str(name).lower(): each for name, each in value.items()}
        address, title = _said(lowered, _ADDRESS), _said(lowered, _TITLE)
        if address and title:
            time, summary = _said(lowered, _TIME), _said(lowered, _SUMMARY)
            yield f'<li><h3><a href="{escape(address)}">{escape(title)}</a></h3><span>{escape(time)}</span><p>{escape(summary)}</p></li>'
            return
        for each in value.values():
            yield from _markup(each, depth + 1)
        following = _said(lowered, _NEXT)
        if following.startswith(("/", "?", "http://", "https://")):
            yield f'<a rel="next" href="{escape(following)}">next</a>'


def _said(value: dict[str, Any], names: tuple[str, ...]) -> str:
    """The first of these that is a text; WordPress wraps it as `{"rendered": …}`."""
    for name in names:
        said = value.get(name)
        said = said.get("rendered") if isinstance(said, dict) else said
        if isinstance(said, str) and said.strip():
            return said.strip()
    return ""
