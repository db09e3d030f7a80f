"""Which pictures belong to an article, and where they really are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver import text, urls
from archiver.article import Image

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

# Lazy loaders keep the real address beside a placeholder in src.
_LAZY = (
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazyload",
    "data-flickity-lazyload",
    "data-url",
    "data-image",
    "data-full-url",
)
_LAZY_SETS = ("data-srcset", "data-lazy-srcset", "data-flickity-lazyload-srcset", "srcset")
_FURNITURE = re.compile(
    r"/_layouts/|/Publishing/images/|/Content/publishing/img/|[/_-](?:icons?|logos?|sprites?|spacer|blank|pixel|avatar|emoji)s?[/_.-]",
    re.IGNORECASE,
)
_SMALLEST = 40
"""Pixels: a picture that states a smaller side is an icon."""

_RATIOS = frozenset(
    {(2, 1), (3, 2), (4, 3), (5, 3), (5, 4), (16, 9), (16, 10), (21, 9), (2, 3), (3, 4), (4, 5), (9, 16)}
)
"""Sides that keep a place of that shape free; no picture is that small."""


def picture(element: Element, page_url: str) -> Image | None:
    """The picture of an `img` element; None for icons, logos, trackers and designers' placeholders."""
    alt = text.clean(element.get("alt") or "")
    if alt == "Alternate Text":  # the default alt of the editor that hcma.vn's designers used
        return None
    source = _source(element)
    url = urls.absolute(page_url, source) if source else None
    if url is None or _FURNITURE.search(url):
        return None
    width, height = _pixels(element, "width"), _pixels(element, "height")
    if (width, height) in _RATIOS:
        width = height = None
    if any(side is not None and side < _SMALLEST for side in (width, height)):
        return None
    return Image(url=url, alt=alt, width=width, height=height)


def _source(element: Element) -> str | None:
    for name in _LAZY:
        if value := (element.get(name) or "").strip():
            return str(value)
    source = (element.get("src") or "").strip()
    if source and not source.startswith(("data:", "about:")):
        return str(source)
    sets = [element.get(name) for name in _LAZY_SETS]
    parent = element.getparent()
    if parent is not None and parent.tag == "picture":
        sets += [other.get(name) for other in parent.iterchildren("source") for name in _LAZY_SETS]
    return next((_largest(value) for value in sets if value and _largest(value)), None)


def _largest(srcset: str) -> str:
    """The address of the widest candidate in a srcset (HTML standard, 4.8.4.2.1)."""
    best, best_size = "", -1.0
    for candidate in re.split(r",\s+|,(?=https?:|/)", srcset.strip()):
        url, _, size = candidate.strip().partition(" ")
        number = float(found[0]) if (found := re.match(r"[\d.]+", size.strip())) and found[0].strip(".") else 1.0
        if url and not url.startswith("data:") and number > best_size:
            best, best_size = url, number
    return best


def _pixels(element: Element, side: str) -> int | None:
    value = (element.get(side) or "").strip().removesuffix("px")
    if value.isdecimal() and value.isascii() and 0 < int(value) < 100_000:
        return int(value)
    style = element.get("style") or ""
    found = re.search(rf"(?:^|[;\s]){side}\s*:\s*(\d{{1,5}})px", style, re.IGNORECASE)
    return int(found[1]) if found else None
