"""The headings of a page as candidates for its title: their text, and how far they agree with what the head claims."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from archiver import text

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from archiver.page import Page

_WORD = re.compile(r"[^\W_]+")
_NO_TITLE = re.compile(
    r"logo|brand|site-?_*(?:title|name)|breadcrumb|(?:^|[\s_-])nav|seo-?title|masthead|related|sidebar|widget|teaser|newsletter"
    r"|comment|cookie|consent|modal|popup|menu"
)
_TITLE = re.compile(
    r"(?:entry|post|article|story|page|content|news)[\w-]*?(?:title|head)|headline|(?:^|\s)title|p-name"
)
_LIST = re.compile(
    r"(?:(?:các )?(?:tin|bài)(?: viết| tức)? )?(?:mới(?: nhất| cập nhật| đăng)?|khác|liên quan|nổi bật|(?:đọc|xem) nhiều(?: nhất)?|cùng chuyên mục)",
    re.IGNORECASE,
)
"""The heading of a list of other articles."""
_KICKER = re.compile(r"kicker|overline|topline|pretitle|pre-title|eyebrow|supertitle|roof|dachzeile", re.IGNORECASE)
_LEFT_OUT = frozenset(("script", "style", "svg", "button", "noscript", "rt", "rp", "template", "select"))
_PARTS = frozenset(("br", "p", "div", "h1", "h2", "h3", "h4", "li"))
_DEEPEST = 100
"""Elements inside each other, from which all text counts."""
_MOST = 60
_LONGEST = 400


def squeezed(name: str) -> str:
    """`name` folded, without spaces and signs."""
    return "".join(_WORD.findall(text.fold(name)))


def words_of(title: str) -> tuple[str, ...]:
    """The words of `title`, folded."""
    return tuple(_WORD.findall(text.fold(title)))


def headings(page: Page, claims: tuple[tuple[str, ...], ...], site: frozenset[str]) -> list[tuple[float, float, str]]:
    """The headings that can be the title: how likely each is, how far it agrees with a claim (0 to 1), its text."""
    found = []
    for element in islice(page.root.iter("h1", "h2", "h3"), _MOST):
        words = _text(element)
        if words and len(words) <= _LONGEST and squeezed(words) not in site and not _LIST.fullmatch(words):
            found.append((*_rating(element, words, claims), words))
    return found


def _text(element: Element) -> str:
    """The text of a heading: breaks are spaces; what is read aloud only, and the kicker above it, is left out."""
    parts: list[str] = []
    _gather(element, parts)
    return text.clean("".join(parts)).lstrip(" :-–—|/>»")


def _gather(element: Element, parts: list[str], depth: int = 0) -> None:
    parts.append(element.text or "")
    for child in element:
        tag = child.tag
        if tag not in _LEFT_OUT and not _KICKER.search(child.get("class") or ""):
            if tag in _PARTS:
                parts.append(" ")
            if depth < _DEEPEST:
                _gather(child, parts, depth + 1)
            else:
                parts.extend(child.itertext())
            if tag in _PARTS:
                parts.append(" ")
        parts.append(child.tail or "")


def _rating(element: Element, words: str, claims: tuple[tuple[str, ...], ...]) -> tuple[float, float]:
    """How likely a heading is the title, and how far it agrees with a claim (0 to 1)."""
    agreement = _agreement(words_of(words), claims)
    score = 2 * agreement + {"h1": 0.6, "h2": 0.1}.get(element.tag, 0)
    if not agreement and element.tag != "h1":
        return score, agreement
    name = _name_of(element)
    if element.get("itemprop") in ("headline", "name"):
        score += 0.3
    if _NO_TITLE.search(name):
        score -= 1
    elif _TITLE.search(name):
        score += 0.2
    for place, outer in enumerate(element.iterancestors()):
        if outer.tag in ("aside", "footer", "nav") or (
            place < 4 and outer.tag not in ("body", "html") and _NO_TITLE.search(_name_of(outer))
        ):
            score -= 0.5
            break
        if outer.tag in ("article", "main"):
            score += 0.1
            break
    return score, agreement


def _name_of(element: Element) -> str:
    """Its classes and id in lower case."""
    return f"{element.get('class') or ''} {element.get('id') or ''}".lower()


def _agreement(seen: tuple[str, ...], claims: tuple[tuple[str, ...], ...]) -> float:
    """How far the words of a heading are those of the claim that is most like it."""
    best = 0.0
    for place, stated in enumerate(claims):
        if seen == stated:
            best = max(best, 1 - 0.02 * min(place, 2))
            continue
        shared = len(set(seen) & set(stated))
        if shared:
            size = len(seen) + len(stated)
            begins = stated[: len(seen)] == seen or seen[: len(stated)] == stated
            best = max(best, min(0.95, 2 * shared / size + (0.25 if begins else 0)))
    return best
