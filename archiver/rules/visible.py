"""What of a page's elements a reader sees, where tags and styles alone do not say it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_UNSEEN = frozenset(
    "script style noscript template head title select option datalist button input textarea svg math canvas nav "
    "object applet map dialog".split()
)
_OFTEN_UNCLOSED = frozenset(("nav", "button", "select", "noscript"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_UNFOLDED = 4
"""Paragraphs from which a hidden block is text that a reader can unfold."""
_CRUMBS = re.compile("breadcrumb", re.IGNORECASE)
_PICTURE_TAG = re.compile("image|img|picture|photo")


def is_seen(element: Element, tag: str, style: str | None) -> bool:
    """Whether a reader sees what is inside `element`, now or after a click."""
    if tag in _UNSEEN:
        # A button around a figure enlarges it.
        return (
            (tag == "nav" and _CRUMBS.search(f"{element.get('class')} {element.get('aria-label')}") is not None)
            or (tag in _OFTEN_UNCLOSED and _holds_page(element))
            or (tag == "button" and element.find(".//figcaption") is not None)
        )
    if (style and _HIDDEN.search(style)) or element.get("hidden") is not None:
        return _is_shown_later(element)
    return True


def is_picture(element: Element, tag: str) -> bool:
    """Whether an element is a picture: `img`, or a custom element (its name has a hyphen) with a source of its own."""
    if tag in ("img", "amp-img"):
        return True
    if "-" not in tag or _PICTURE_TAG.search(tag) is None or element.find(".//img") is not None:
        return False
    return element.get("src") is not None or element.get("data-src") is not None


def _holds_page(element: Element) -> bool:
    """Whether a menu or button that was never closed holds the rest of the page."""
    return len(element) > 0 and any(element.find(f".//{tag}") is not None for tag in ("main", "article", "h1"))


def _is_shown_later(element: Element) -> bool:
    """Whether hidden text is the reader's all the same.

    React streams parts of a page in hidden elements with ids such as `S:1` and moves them into place; long texts are
    folded until a click.
    """
    return (element.get("id") or "").startswith("S:") or len(element.findall("p")) >= _UNFOLDED
