"""What a listing loads when its reader asks for more: addresses that scripts take from attributes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from archiver import urls

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from archiver.page import Page

_CALLED = re.compile(
    r"(?:(?:js|btn|button|ajax|view|list|news|posts?|articles?|box|link|a)[-_]+)*"
    r"(?:(?:load|show|see|get)[-_]?more|more[-_]?(?:posts?|news|articles|items|stories)|load[-_]?next"
    r"|infinite(?:[-_]?(?:scroll|list|loader))?|next[-_]?(?:page|posts?|articles?)|xem[-_]?them|tai[-_]?them)"
    r"(?:[-_]+(?:btn|button|link|wrap(?:per)?|list|container|trigger|posts?|news|articles?))*",
    re.IGNORECASE,
)
"""Classes and ids of what loads more: `load-more`, `btn-loadmore`, `infinite-scroll`, `xem-them`."""
_NEXT = ("data-next-page-url", "data-next-url", "data-next-href", "data-nexturl", "data-load-more-url", "data-next", "data-more")  # fmt: skip
"""Attributes that say themselves that they lead on."""
_FROM = ("data-url", "data-href", "data-ajax-url", "data-ajax", "data-src", "data-path", "data-endpoint", "hx-get", "data-link", "href")  # fmt: skip
"""Attributes that lead on where the element is called so."""
_NUMBER = ("data-next-page", "data-page", "data-paged", "data-pageindex", "data-current-page")
_PLACE = re.compile(r"\{+\s*page\w*\s*\}+|%7B+page\w*%7D+|__page__|:page\b|\$page\b|#page#", re.IGNORECASE)
_PAGE_KEY = re.compile(r"page|p|trang|pg|paged|page_?(?:index|no|num|number)", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ADDRESS = re.compile(r"(?:https?:)?/|\?|[\w./-]+[/?]")


def load_more(page: Page) -> tuple[str, ...]:
    """The addresses of the next fragments of the page's list, absolute, each once: stated whole, or with a page's number.

    `data-page` is the page that is shown, `data-next-page` the one that comes; it goes into the address's placeholder
    (`{page}`), or into its own parameter, or into a new one called `page`.
    """
    found: dict[str, None] = {}
    for element in page.root.iter():
        if not isinstance(element.tag, str) or len(element.attrib) < 1:
            continue
        for stated in _stated(element):
            url = urls.absolute(page.url, stated)
            if url is not None and url != page.url:
                found[url] = None
    return tuple(found)


def _stated(element: Element) -> list[str]:
    whole = [value for name in _NEXT if (value := (element.get(name) or "").strip()) and _ADDRESS.match(value)]
    if whole:
        return whole
    called = f"{element.get('class') or ''} {element.get('id') or ''}"
    if not called.strip() or not any(map(_CALLED.fullmatch, _CAMEL.sub("-", called).split())):
        return []
    address = next((value for name in _FROM if (value := (element.get(name) or "").strip())), "")
    if not _ADDRESS.match(address) or (element.tag == "a" and address.startswith("#")):
        return []
    number = _next_number(element)
    return [_with_number(address, number)] if number is not None or not _PLACE.search(address) else []


def _next_number(element: Element) -> int | None:
    for name in _NUMBER:
        stated = element.get(name) or ""
        if stated.isdecimal() and len(stated) <= 5:
            return int(stated) + ("next" not in name)
    return None


def _with_number(address: str, number: int | None) -> str:
    if number is None:
        return address
    if _PLACE.search(address):
        return _PLACE.sub(str(number), address)
    parts = urlsplit(address)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if any(_PAGE_KEY.fullmatch(name) for name, _ in pairs):
        pairs = [(name, str(number) if _PAGE_KEY.fullmatch(name) else value) for name, value in pairs]
    else:
        pairs.append(("page", str(number)))
    return urlunsplit(parts._replace(query=urlencode(pairs)))
