"""What a feed or a sitemap says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Kind = Literal["feed", "sitemap", "news", "index"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One address that a document names."""

    url: str
    """Absolute, http or https, percent-encoded, without its fragment."""
    title: str = ""
    published_at: datetime | None = None
    """First publication as the document states it; None where it states none, or one in the future."""
    changed_at: datetime | None = None
    """Last change (`lastmod`): not the publication (sitemaps.org)."""


@dataclass(frozen=True, slots=True)
class Document:
    """A feed (RSS 0.9 to 2.0, Atom), a sitemap, a news sitemap, or an index of sitemaps."""

    kind: Kind
    entries: tuple[Entry, ...] = ()
    """Pages, in the order of the document, each address once."""
    further: tuple[Entry, ...] = ()
    """Documents that go on from this one: the sitemaps of an index, the next page of a feed (RFC 5005, 3)."""
    faults: Mapping[str, int] = field(default_factory=dict)
    """What was found wrong and passed over, by reason, and how often: `invalid_xml` (read as far as it goes), `entities`
    (declarations cut out), `no_web_address`, `future_date` (the date is left out, the entry is not), `too_many`."""
