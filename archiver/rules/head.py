"""What a page's head says of the article: its titles, its own address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver import text, urls

if TYPE_CHECKING:
    from archiver.page import Page

LONGEST_CLAIM = 2_000
"""Characters: what the head gives beyond is no title, but a page whose `title` was never closed."""


def meta(page: Page, name: str) -> str | None:
    """The content of the first `meta` whose name, property or itemprop is `name` in any case, clean; None if empty."""
    return page.once(_metas).get(name.lower())


def claimed_titles(page: Page, site_names: tuple[str, ...]) -> tuple[str, ...]:
    """The titles that the head gives, the site's name cut off, each once: og:title, JSON-LD, title."""
    claims = [meta(page, "og:title"), meta(page, "twitter:title")]
    claims += [value for each in page.jsonld if isinstance(value := each.get("headline"), str)]
    named = next(page.root.iter("title"), None)
    claims += ["".join(named.itertext())] if named is not None else []
    cut = (
        _without_site(claim, site_names)
        for claim in dict.fromkeys(text.clean(claim) for claim in claims if claim and len(claim) <= LONGEST_CLAIM)
    )
    return tuple(
        dict.fromkeys(claim for claim in cut if claim and not any(text.same_text(claim, name) for name in site_names))
    )


def _without_site(claim: str, site_names: tuple[str, ...]) -> str:
    """`claim` without the part behind its last separator that names the site, alone or among other words."""
    title = text.without_site_name(claim, site_names)
    kept, separator, last = title.rpartition(" - " if " - " in title else " | ")
    names_site = separator and any(text.fold(name) in text.fold(last) for name in site_names)
    return kept.rstrip(" -|–") if names_site else title


def canonical_link(page: Page) -> str | None:
    """The address in `link rel=canonical` (RFC 6596), absolute; None where the page has none."""
    for link in page.root.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            return urls.absolute(page.url, link.get("href") or "")
    return None


def _metas(page: Page) -> dict[str, str]:
    """What each name, property or itemprop first says; names in lower case."""
    found: dict[str, str] = {}
    for element in page.root.iter("meta"):
        content = text.clean(element.get("content") or "")
        if content:
            for kind in ("property", "name", "itemprop"):
                name = element.get(kind)
                if name:
                    found.setdefault(name.lower(), content)
    return found
