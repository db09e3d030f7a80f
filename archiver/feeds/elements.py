"""What the elements of feeds and sitemaps say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from archiver import dates, text, urls
from archiver.errors import BadDate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from lxml.etree import _Element as Element

_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_TAG = re.compile(r"<[^<>]*>")
_LONGEST_TITLE = 1_000
_LONGEST_DATE = 100
_MEDIA = re.compile(r"\{[^}]*(?:mrss|itunes|podcast)[^}]*\}|(?:media|itunes|podcast):", re.IGNORECASE)
"""Names of parts about a picture or a recording, which has a title and a date of its own."""
_PUBLISHED = ("pubdate", "published", "issued", "date", "created", "publication_date")
"""RSS 2.0; Atom 1.0; Atom 0.3; Dublin Core; Dublin Core; news sitemaps."""
_CHANGED = ("updated", "modified", "lastmod")


@dataclass(frozen=True, slots=True)
class Found:
    """An entry as it stands in the document."""

    href: str
    title: str = ""
    published_at: datetime | None = None
    changed_at: datetime | None = None
    base: str = ""
    """What relative addresses are relative to, where the entry says so; else the document."""
    is_news: bool = False


def local_name(element: Element) -> str:
    """The element's name in lower case without its namespace, or the prefix of one that is not declared."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def in_feed(element: Element) -> Found:
    """An `item` of RSS or an `entry` of Atom."""
    parts = _parts(element)
    base = next((stated for each in (element, *element.iterancestors()) if (stated := each.get(_BASE))), "")
    return Found(
        href=_link(element, parts),
        title=_title(parts.get("title", "")),
        published_at=_moment(parts, _PUBLISHED),
        changed_at=_moment(parts, _CHANGED),
        base=base if urls.origin(base) else "",
    )


def in_sitemap(element: Element) -> Found:
    """A `url` of a sitemap or a `sitemap` of an index, with its part for news."""
    parts = _parts(element)
    news = next((child for child in element if local_name(child) == "news"), None)
    said = {**parts, **_parts(news)} if news is not None else parts
    return Found(
        href=parts.get("loc", ""),
        title=_title(said.get("title", "")) if news is not None else "",
        published_at=_moment(said, ("publication_date",)) if news is not None else None,
        changed_at=_moment(parts, _CHANGED),
        is_news=news is not None,
    )


def next_page(element: Element) -> Found | None:
    """The next page of a feed that a `link` right below its head names (RFC 5005, 3); None: another link."""
    if element.get("rel") != "next" or not element.get("href"):
        return None
    parent = element.getparent()
    return (
        Found(element.get("href") or "") if parent is not None and local_name(parent) in ("feed", "channel") else None
    )


def _parts(element: Element) -> dict[str, str]:
    """Child's name to its text, the first of each that has one."""
    found: dict[str, str] = {}
    for child in element:
        words = "".join(_texts(child)).strip()
        if words and isinstance(child.tag, str) and not _MEDIA.match(child.tag):
            found.setdefault(local_name(child), words)
    return found


def _texts(element: Element) -> Iterator[str]:
    # Not itertext(): an entity that was never expanded is a node whose text is its name.
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            yield from (str(words) for words in child.itertext("*"))
        yield child.tail or ""


def _link(element: Element, parts: dict[str, str]) -> str:
    """The page of an entry: its own address before that of a counting service, then Atom's alternate, RSS's link, a guid."""
    links = [child for child in element if local_name(child) == "link" and child.get("href")]
    alternate = [link.get("href") or "" for link in links if (link.get("rel") or "alternate") == "alternate"]
    guid = next((child for child in element if local_name(child) == "guid"), None)
    # RSS 2.0: a guid is the address of the item unless it says that it is not.
    is_address = guid is not None and (guid.get("isPermaLink") or "true").lower() == "true"
    named = parts.get("guid", "") if is_address and parts.get("guid", "").startswith("http") else ""
    return unescape(next(filter(None, (parts.get("origlink"), *alternate, parts.get("link"), named)), "")).strip()


def _title(printed: str) -> str:
    return text.clean(_TAG.sub(" ", unescape(printed[:_LONGEST_TITLE])))


def _moment(parts: dict[str, str], names: tuple[str, ...]) -> datetime | None:
    """The first of these that names a moment; without an offset it is UTC's.

    Only the forms that are read at once: fifty thousand dates of another would take dateparser minutes.
    """
    for name in names:
        printed = parts.get(name, "")[:_LONGEST_DATE]
        if not dates.is_for_machines(printed):
            found = dates.find_moment(printed)
            if found is not None:
                return found[0].at
            continue
        try:
            return dates.parse_moment(printed, timezone=None).at
        except BadDate:
            continue
    return None
