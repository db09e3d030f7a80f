"""The title of an article: the heading that agrees with what the head claims, else the best of the claims."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver import text, urls
from archiver.rules import head
from archiver.rules.headings import headings, squeezed, words_of
from archiver.rules.simple import jsonld_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.page import Page

_SEPARATOR = re.compile(r"\s+(?:[-–—|»«·•›~/]|::|>+|<+)\s+|\s*[｜|]\s*|\s+:\s+|\s+[-–—|»•]$")
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
    return seen if seen and shared and words_of(shared) == words_of(seen) else None


def headline(page: Page) -> str | None:
    """JSON-LD's headline without the site's name, or the heading that goes on where it breaks off."""
    stated = page.once(_claims).headline
    seen = page.once(_heading)
    if not stated or not seen:
        return stated or None
    begins, whole = words_of(stated.rstrip(".…")), words_of(seen)
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


def is_claimed(page: Page) -> bool:
    """Whether JSON-LD or meta give a title."""
    claims = page.once(_claims)
    return bool(claims.shared or claims.headline)


def _heading(page: Page) -> str | None:
    claims = page.once(_claims)
    rated = headings(page, claims.words, claims.site)
    if not rated:
        return None
    score, agreement, best = max(rated, key=lambda each: each[0])
    if agreement < _ENOUGH and (score < _ENOUGH or (claims.texts and len(words_of(best)) < 2)):
        return None
    if best.endswith(("…", "...")):
        begins = words_of(best)
        return next((each for each in claims.texts if words_of(each)[: len(begins)] == begins != words_of(each)), best)
    return best


def _claims(page: Page) -> _Claims:
    site = page.once(site_names)
    shared = head.meta(page, "og:title") or head.meta(page, "twitter:title") or ""
    stated = next(iter(jsonld_values(page, "headline")), "")
    named = next(page.root.iter("title"), None)
    others = [head.meta(page, name) for name in ("parsely-title", "sailthru.title", "dc.title", "headline", "title")]
    others += ["".join(named.itertext())] if named is not None else []
    unescaped = [plain(each or "") for each in (shared, stated, *others)]
    bare = [_without_site(each, site, unescaped) for each in unescaped]
    shared, stated, *_ = kept = [each if squeezed(each) not in site else "" for each in bare]
    texts = tuple(dict.fromkeys(filter(None, kept)))
    return _Claims(texts, tuple(map(words_of, texts)), shared, stated, site)


def site_names(page: Page) -> frozenset[str]:
    """What the page and its address call the site, squeezed."""
    return frozenset(filter(None, (squeezed(name) for name in _site_names(page))))


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
    own = squeezed(part)
    return own in site or (
        len(own) >= 4
        and any(own in name or (len(name) >= 4 and name in own and len(name) * 2 > len(own)) for name in site)
    )
