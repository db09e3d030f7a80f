"""From the bytes of a feed or sitemap to what it says, read as far as they go."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING

from lxml import etree

from archiver import urls
from archiver.errors import BadPage
from archiver.feeds.document import Document, Entry
from archiver.feeds.elements import Found, in_feed, in_sitemap, local_name, next_page
from archiver.feeds.source_text import source_text, unpacked, with_sound_references, without_declarations

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from archiver.feeds.document import Kind

MOST_ENTRIES = 50_000
"""sitemaps.org: no sitemap has more. What is behind is counted."""
_AHEAD = timedelta(days=1)
"""Clocks and zones differ by so much; what is later is no date of publication."""
_ROOTS: dict[str, Kind] = {
    "rss": "feed", "rdf": "feed", "feed": "feed", "channel": "feed", "urlset": "sitemap", "sitemapindex": "index",
}  # fmt: skip
_FIRST_TAG = re.compile(r"(?:\s|<\?[^>]{0,2000}>|<!--.{0,5000}?-->|<!DOCTYPE[^>\[]{0,500}(?:\[.*?\]\s*)?>)*<(?:[\w.-]+:)?(\w+)", re.DOTALL | re.IGNORECASE)  # fmt: skip
_LOOKED_AT = 20_000
_A_LINE = re.compile(r"https?://\S+")


def is_document(body: bytes, content_type: str | None = None) -> bool:
    """Whether `body` is a feed or sitemap in XML, by its first element, whatever its media type says."""
    if b"<" not in body[:_LOOKED_AT] and b"\x00" not in body[:4]:
        return False
    try:
        return _kind(source_text(body[:_LOOKED_AT], content_type)) is not None
    except BadPage:
        return False


def read_document(url: str, body: bytes, content_type: str | None, *, now: datetime) -> Document:
    """What the document at `url` says. Raises BadPage: `no_feed` where it is none (a page of HTML, a sign-in), `empty`,
    `too_large`, `cut_short`, `bad_coding`.

    Nothing is fetched and no entity is expanded. XML that breaks off or is invalid gives what stands before and around
    the fault, which is counted.
    """
    text = source_text(unpacked(body), content_type)
    kind = _kind(text[:_LOOKED_AT])
    if kind is not None:
        return _read_xml(url, text, kind, now)
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    # sitemaps.org: a sitemap may be a text file of one address a line.
    if all(map(_A_LINE.fullmatch, lines)):
        return _document("sitemap", url, [Found(line) for line in lines], [], Counter(), now)
    message = f"{url}: no feed and no sitemap, though it was taken for one. Look at it in a browser"
    raise BadPage(message, reason="no_feed")


def _kind(text: str) -> Kind | None:
    first = _FIRST_TAG.match(text)
    return _ROOTS.get(first[1].lower()) if first else None


def _read_xml(url: str, text: str, kind: Kind, now: datetime) -> Document:
    faults: Counter[str] = Counter()
    text, declares = without_declarations(text)
    faults["entities"] += declares
    found: list[Found] = []
    further: list[Found] = []
    # No huge_tree: libxml2's own limits (256 deep, 10 MB a text) hold.
    reading = etree.iterparse(
        BytesIO(with_sound_references(text).encode("utf-8", "replace")), events=("end",), recover=True, resolve_entities=False,
        no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8",
    )  # fmt: skip
    is_news = False
    try:
        for _, element in reading:
            name = local_name(element)
            if name in ("item", "entry"):
                found.append(in_feed(element))
            elif name == "url" and kind == "sitemap":
                found.append(in_sitemap(element))
                is_news = is_news or found[-1].is_news
            elif name == "sitemap" and kind == "index":
                further.append(in_sitemap(element))
            elif name == "link" and (following := next_page(element)):
                further.append(following)
                continue
            else:
                continue
            _let_go(element)
            if len(found) + len(further) > MOST_ENTRIES:
                faults["too_many"] += text.count("<item") + text.count("<entry") + text.count("<loc") - MOST_ENTRIES
                break
    except etree.XMLSyntaxError:
        faults["invalid_xml"] += 1
    else:
        faults["invalid_xml"] += bool(reading.error_log.filter_from_errors())
    return _document("news" if is_news else kind, url, found, further, faults, now)


def _let_go(element: etree._Element) -> None:
    """Frees what was read: fifty thousand entries would stay in memory else."""
    element.clear()
    while element.getprevious() is not None:
        parent = element.getparent()
        if parent is None:
            return
        del parent[0]


def _document(
    kind: Kind, url: str, found: Iterable[Found], further: Iterable[Found], faults: Counter[str], now: datetime
) -> Document:
    entries = _entries(url, [*found][:MOST_ENTRIES], faults, now)
    documents = _entries(url, [*further][:MOST_ENTRIES], faults, now)
    return Document(kind, entries, documents, {reason: count for reason, count in sorted(faults.items()) if count > 0})


def _entries(base: str, found: Iterable[Found], faults: Counter[str], now: datetime) -> tuple[Entry, ...]:
    entries: dict[str, Entry] = {}
    for each in found:
        # A link that is empty or leads to a script would else be the document itself.
        url = urls.absolute(each.base or base, each.href) if each.href else None
        if url is None:
            faults["no_web_address"] += 1
            continue
        published, changed = each.published_at, each.changed_at
        if published is not None and published > now + _AHEAD:
            faults["future_date"] += 1
            published = None
        if changed is not None and changed > now + _AHEAD:
            faults["future_date"] += 1
            changed = None
        entries.setdefault(url, Entry(url, each.title, published, changed))
    return tuple(entries.values())
