"""The addresses that a page's lines link to, and what is seen of each: words, markup, places."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archiver import dates, urls
from archiver.rules.address_signs import signs
from archiver.rules.flow import flow
from archiver.rules.link_words import LANGUAGE, MORE, NUMBER
from archiver.rules.surroundings import in_navigation

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element as Element

    from archiver.page import Page
    from archiver.rules.line import Anchor, Line

SHORT = 15
TITLE = 25
LONG_TITLE = 40
"""Characters of a link's words: from a name on, from what may be a title on, from what is one for sure."""
_PROSE = 60
"""Characters of unlinked text in a line, from which its links stand inside a sentence."""
_RIGHTS = re.compile(
    r"©|\bcopyright\b|all rights reserved|alle rechte vorbehalten|tous droits réservés|bản quyền", re.IGNORECASE
)
"""Lines of the foot of a page."""


@dataclass(slots=True)
class Candidate:
    """One address, wherever the page links to it."""

    url: str
    at: int
    """Place in the flow of the mention that says most."""
    title: str = ""
    groups: set[object] = field(default_factory=set)
    """What is made alike: the markup around the link, the shape of the address."""
    points: int = 0
    listed: bool = False
    """Some mention stands outside navigation."""
    heading: bool = False
    places: list[int] = field(default_factory=list)
    """Every line of the flow that links to it."""


def candidates(page: Page, place: Callable[[str], str | None]) -> list[Candidate]:
    """Every address that the page's lines link to, chrome and labels left out."""
    whole = flow(page)
    found: dict[str, Candidate] = {}
    for at, line in enumerate(whole.lines):
        if line.kind != "text" or not line.anchors or _is_prose(line):
            continue
        navigates = in_navigation(page, line.block) or _RIGHTS.search(line.text) is not None
        for anchor in line.anchors:
            href = urls.absolute(page.url, anchor.href)
            url = place(href) if href is not None else None
            if url is None or _is_no_news(url, anchor):
                continue
            each = found.setdefault(url, Candidate(url, at))
            each.places.append(at)
            each.listed = each.listed or not navigates
            each.groups |= {_make(line.block, many=len(line.anchors) > 2), signs(url).shape}
            _note_title(each, at, line, anchor)
    return list(found.values())


def _is_no_news(url: str, anchor: Anchor) -> bool:
    said = signs(url)
    return said.chrome or said.label or said.numbered or said.month or LANGUAGE.fullmatch(anchor.text) is not None


def _is_prose(line: Line) -> bool:
    linked = sum(len(anchor.text) for anchor in line.anchors)
    return len(line.text) - linked >= _PROSE and linked * 2 < len(line.text)


def _note_title(each: Candidate, at: int, line: Line, anchor: Anchor) -> None:
    """A heading names the article, else the first words that are long enough; never `Read more`."""
    words = _before_time(anchor.text)
    if MORE.fullmatch(words) or NUMBER.fullmatch(words):
        return
    is_heading = bool(line.level) and not each.heading
    if is_heading or (not each.heading and size(each.title) < TITLE and size(words) > size(each.title)):
        each.title, each.at = words, at
    each.heading = each.heading or bool(line.level)


def _make(block: Element, *, many: bool) -> tuple[object, ...]:
    """How the markup around a link is made: tags and first classes of four levels."""
    names: list[object] = [many]
    node: Element | None = block
    for _ in range(4):
        if node is None or node.tag == "body":
            break
        names.append((node.tag, (node.get("class") or "").partition(" ")[0].rstrip("0123456789")))
        node = node.getparent()
    return tuple(names)


def size(words: str) -> int:
    """Characters; a sign of a dense script says as much as three letters."""
    return len(words) if words.isascii() else sum(3 if sign >= "\u2e80" else 1 for sign in words)


def _before_time(words: str) -> str:
    time = dates.find_header_time(words)
    return time[0].rstrip(" -–|(,") if time and time[0] else words
