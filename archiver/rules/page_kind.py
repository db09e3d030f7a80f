"""What kind of page a page says that it is, besides an article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.rules.head import meta
from archiver.rules.simple import articles

if TYPE_CHECKING:
    from archiver.page import Page

_OTHERS = frozenset(
    ("AboutPage", "CollectionPage", "ContactPage", "FAQPage", "ProfilePage", "SearchResultsPage", "CheckoutPage")
)
"""Kinds of schema.org's WebPage that are no article's."""


def states_other(page: Page) -> bool:
    """Whether the page says that it is no article: a collection, a person's page, a page of the house's own.

    WordPress with Yoast states `og:type` article on its standing pages (about, contact) too; they have a time of change
    and none of publication, and are a WebPage in JSON-LD where an article would be one.
    """
    if page.once(articles):
        return False
    kinds = {kind for thing in page.jsonld for kind in _kinds(thing)}
    if kinds & _OTHERS:
        return True
    changed, published = (meta(page, f"article:{when}_time") for when in ("modified", "published"))
    return "WebPage" in kinds and bool(changed) and not published


def _kinds(thing: dict[str, object]) -> list[str]:
    said = thing.get("@type")
    return [kind for kind in (said if isinstance(said, list) else [said]) if isinstance(kind, str)]
