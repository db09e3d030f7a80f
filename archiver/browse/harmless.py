"""A captured page as it may be shown: its text and look, and nothing that runs, leads away or is fetched.

The frame that shows it is sandboxed, and its policy allows no script and no address at all; what is taken out here are the
same things once more, and those that a policy does not reach, such as hints to look names up.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable

    from archiver.page import Page

POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
"""Of everything that was captured: nothing runs, nothing is fetched, and it is of no origin."""

_DROPPED = (
    "script", "noscript", "template", "iframe", "frame", "frameset", "object", "embed", "applet", "portal", "fencedframe",
    "base", "link", "meta", "title", "audio", "video", "source", "track", "svg", "math", "dialog",
)  # fmt: skip
_KEPT = frozenset(
    "abbr align alt bgcolor border cellpadding cellspacing class color cols colspan datetime dir disabled face height hspace"
    " id lang label nowrap open rows rowspan scope size span start style title type valign value vspace width wrap".split()
)
_FETCHES = re.compile(r"@import|(?:url|image-set|image|src|cross-fade|element)\s*\(", re.IGNORECASE)
"""What in a style sheet names something to fetch."""
_NOT_KEPT = "archiver-not-kept"
_LOOK = f".{_NOT_KEPT}{{display:inline-block;padding:.2em .6em;border:1px dashed #999;color:#666;font-size:.85em}}"


def harmless(page: Page, picture: Callable[[str], str | None]) -> str:
    """The page's source, made anew. `picture`: address to a data: URL, None where the archive has no such picture.

    Raises BadPage where there is no page.
    """
    root = copy.deepcopy(page.root)
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element.tag.lower() in _DROPPED:
            _drop(element)
        else:
            _strip(element, picture)
    head = root.find("head")
    if head is None:
        head = etree.Element("head")
        root.insert(0, head)
    etree.SubElement(head, "meta", charset="utf-8")
    etree.SubElement(head, "style").text = _LOOK
    source: str = etree.tostring(root, method="html", encoding="unicode", with_tail=False)
    return f"<!doctype html>\n{source}"


def _drop(element: etree._Element) -> None:
    """Takes the element out, and leaves what stands behind it."""
    parent = element.getparent()
    if parent is None:
        return
    before, tail = element.getprevious(), element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _strip(element: etree._Element, picture: Callable[[str], str | None]) -> None:
    address = element.get("src") or element.get("data-src") if element.tag == "img" else None
    for name in list(element.attrib):
        if str(name).lower() not in _KEPT:
            del element.attrib[name]
        elif name == "style":
            element.set(name, _FETCHES.sub("none(", element.get(name, "")))
    if element.tag == "style":
        element.text = _FETCHES.sub("none(", element.text or "")
    kept = picture(address) if address else None
    if kept is not None:
        element.set("src", kept)
    elif element.tag == "img":
        element.tag, element.text = "span", element.get("alt") or "▨"
        element.set("class", _NOT_KEPT)
