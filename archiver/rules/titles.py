"""The title of an article: the heading that agrees with what the head claims, else the best of the claims."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver import text, urls
from archiver.rules import head
from archiver.rules.simple import jsonld_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from archiver.page import Page

_WORD = re.compile(r"[^\W_]+")
_SEPARATOR = re.compile(r"\s+(?:[-–—|»«·•›~/]|::|>+|<+)\s+|\s*[｜|]\s*|\s+:\s+|\s+[-–—|»•]$")
_NO_TITLE = re.compile(
    r"logo|brand|site-?_*(?:title|name)|breadcrumb|(?:^|[\s_-])nav|seo-?title|masthead|related|sidebar|widget|teaser|newsletter"
    r"|comment|cookie|consent|modal|popup|menu",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"(?:entry|post|article|story|page|content|news)[\w-]*?(?:title|head)|headline|(?:^|\s)title|p-name", re.IGNORECASE
)
_KICKER = re.compile(r"kicker|overline|topline|pretitle|pre-title|eyebrow|supertitle|roof|dachzeile", re.IGNORECASE)
_LEFT_OUT = frozenset(("script", "style", "svg", "button", "noscript", "rt", "rp", "template", "select"))
_PARTS = frozenset(("br", "p", "div", "h1", "h2", "h3", "h4", "li"))
_MOST_HEADINGS = 60
_LONGEST = 400
_CUT_FROM = 100
"""Characters from which a headline may have been cut to the length that search engines show."""
_ENOUGH = 0.5
"""Agreement with a claim from which a heading counts as the one that the head means."""


@dataclass(frozen=True, slots=True)
class _Claims:
    """What the head calls the page, from the surest; each with its words."""

    texts: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    shared: str
    """Of these, that of Open Graph or Twitter."""
    headline: str
    """Of these, that of JSON-LD."""
    site: frozenset[str]
    """The names of the site without spaces, folded; its host's label among them."""


def shared_title(page: Page) -> str | None:
    """The heading, where the title for shared links (Open Graph) has the same words."""
    seen = page.once(_heading)
    shared = page.once(_claims).shared
    return seen if seen and shared and _words(shared) == _words(seen) else None


def headline(page: Page) -> str | None:
    """JSON-LD's headline without the site's name, or the heading that goes on where it breaks off."""
    stated = page.once(_claims).headline
    seen = page.once(_heading)
    if not stated or not seen:
        return stated or None
    begins, whole = _words(stated.rstrip(".…")), _words(seen)
    # A cut may fall inside a word: all but the last are compared.
    is_cut = (
        len(whole) > len(begins) > 3
        and whole[: len(begins) - 1] == begins[:-1]
        and whole[len(begins) - 1].startswith(begins[-1])
    )
    return seen if is_cut and (stated.endswith(("…", "...")) or len(stated) >= _CUT_FROM) else stated


def heading(page: Page) -> str | None:
    """The heading that agrees best with the head's claims; a lone `h1` also where they say something else."""
    return page.once(_heading)


def claim(page: Page) -> str | None:
    """The title that the head gives, without the site's name."""
    claims = page.once(_claims)
    return claims.texts[0] if claims.texts else None


def _heading(page: Page) -> str | None:
    claims = page.once(_claims)
    rated = [(_rating(element, words, claims), words) for element, words in _headings(page, claims)]
    if not rated:
        return None
    (score, agreement), best = max(rated, key=lambda each: each[0][0])
    if agreement < _ENOUGH and (score < _ENOUGH or (claims.texts and len(_words(best)) < 2)):
        return None
    if best.endswith(("…", "...")):
        begins = _words(best)
        return next((each for each in claims.texts if _words(each)[: len(begins)] == begins != _words(each)), best)
    return best


def _claims(page: Page) -> _Claims:
    site = frozenset(filter(None, (_squeezed(name) for name in _site_names(page))))
    shared = head.meta(page, "og:title") or head.meta(page, "twitter:title") or ""
    stated = next(iter(jsonld_values(page, "headline")), "")
    named = next(page.root.iter("title"), None)
    others = [head.meta(page, name) for name in ("parsely-title", "sailthru.title", "dc.title", "headline", "title")]
    others += ["".join(named.itertext())] if named is not None else []
    unescaped = [plain(each or "") for each in (shared, stated, *others)]
    bare = [_without_site(each, site, unescaped) for each in unescaped]
    shared, stated, *_ = kept = [each if _squeezed(each) not in site else "" for each in bare]
    texts = tuple(dict.fromkeys(filter(None, kept)))
    return _Claims(texts, tuple(map(_words, texts)), shared, stated, site)


def plain(stated: str) -> str:
    """`stated` with character references read, up to twice: what JSON-LD and meta hold is often escaped once too much."""
    for _ in range(2):
        if "&" not in stated:
            break
        stated = html.unescape(stated)
    return text.clean(stated)


def _site_names(page: Page) -> Iterator[str]:
    """What the page calls its site."""
    for name in ("og:site_name", "application-name", "apple-mobile-web-app-title", "al:android:app_name"):
        stated = head.meta(page, name)
        if stated:
            yield stated
    for thing in page.jsonld:
        publisher = thing.get("publisher")
        named = thing if thing.get("@type") in ("WebSite", "NewsMediaOrganization", "Organization") else publisher
        if isinstance(named, dict) and isinstance(named.get("name"), str):
            yield text.clean(named["name"])
    host = urls.host(page.url).removeprefix("www.")
    labels = host.split(".")
    yield host
    yield max(labels[:-1] or labels, key=len)


def _squeezed(name: str) -> str:
    return "".join(_WORD.findall(text.fold(name)))


def _words(title: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.fold(title)))


def _without_site(stated: str, site: frozenset[str], others: list[str]) -> str:
    """`stated` without first and last parts that name the site, or that another claim does not have."""
    again = len(stated) <= _LONGEST
    while again:
        again = False
        separators = list(_SEPARATOR.finditer(stated))
        for found in (separators[-1:] + separators[:1]) if separators else ():
            front, behind = stated[: found.start()].strip(), stated[found.end() :].strip()
            if front and (not behind or _names_site(behind, site) or front in others):
                stated, again = front, True
            elif behind and (_names_site(front, site) or behind in others):
                stated, again = behind, True
            if again:
                break
    return stated


def _names_site(part: str, site: frozenset[str]) -> bool:
    squeezed = _squeezed(part)
    return squeezed in site or (
        len(squeezed) >= 4
        and any(
            squeezed in name or (len(name) >= 4 and name in squeezed and len(name) * 2 > len(squeezed)) for name in site
        )
    )


def _headings(page: Page, claims: _Claims) -> Iterator[tuple[Element, str]]:
    """The headings that can be the title, with their text."""
    for place, element in enumerate(page.root.iter("h1", "h2", "h3")):
        if place >= _MOST_HEADINGS:
            break
        words = _text(element)
        if words and len(words) <= _LONGEST and _squeezed(words) not in claims.site:
            yield element, words


def _text(element: Element) -> str:
    """The text of a heading: breaks are spaces; what is read aloud only, and the kicker above it, is left out."""
    parts: list[str] = []
    _gather(element, parts)
    return text.clean("".join(parts)).lstrip(" :-–—|/>»[")


def _gather(element: Element, parts: list[str]) -> None:
    parts.append(element.text or "")
    for child in element:
        tag = child.tag
        if tag not in _LEFT_OUT and not _KICKER.search(child.get("class") or ""):
            if tag in _PARTS:
                parts.append(" ")
            _gather(child, parts)
            if tag in _PARTS:
                parts.append(" ")
        parts.append(child.tail or "")


def _rating(element: Element, words: str, claims: _Claims) -> tuple[float, float]:
    """How likely a heading is the title, and how far it agrees with a claim (0 to 1)."""
    agreement = _agreement(_words(words), claims.words)
    score = 2 * agreement + {"h1": 0.6, "h2": 0.1}.get(element.tag, 0)
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    if element.get("itemprop") in ("headline", "name"):
        score += 0.3
    if _NO_TITLE.search(name):
        score -= 1
    elif _TITLE.search(name):
        score += 0.2
    for place, outer in enumerate(element.iterancestors()):
        if outer.tag in ("aside", "footer", "nav") or (
            place < 4
            and outer.tag not in ("body", "html")
            and _NO_TITLE.search(f"{outer.get('class') or ''} {outer.get('id') or ''}")
        ):
            score -= 0.5
            break
        if outer.tag in ("article", "main"):
            score += 0.1
            break
    return score, agreement


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
