"""One observation: what became of one address in one run. The docstring under each field is its schema."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  # the schema of a line is read off the types
from typing import Literal

from archiver.article import jsonable

Outcome = Literal["new", "changed", "unchanged", "listing", "gone", "failed", "skipped", "file"]

READ: tuple[Outcome, ...] = ("new", "changed", "unchanged")
"""Outcomes of an address at which an article was read."""

SET_ASIDE = ("before_since", "after_until")
"""Reasons for which a crawl has read an article and written no line, on purpose."""


TAKEN_DOWN = "taken_down"
"""The reason for which an article is left alone that was taken down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What came of an attachment or a picture."""

    state: Literal["stored", "broken", "skipped"]
    """As in a record's `attachments`: it is kept; it cannot be had; it was left alone on purpose, by a limit or a rule."""
    media_type: str | None = None
    """What its bytes are (RFC 6838), whatever name and header say."""
    bytes: int | None = None
    """Its size, without content coding."""
    sha256: str | None = None
    """Of these bytes."""
    warc: str | None = None
    """The capture file, by its name from the site's folder, in which the record with its bytes stands,"""
    offset: int | None = None
    """and the byte at which it begins: that of an earlier capture where the same bytes were kept before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of `events/YYYY/YYYY-MM.jsonl`. Every address that a run queued ends in exactly one."""

    time: datetime
    """When it was observed, UTC."""
    url: str
    """The address as it was queued, before redirects; of a file as the line of its article has it; empty where it is that
    of an article that was taken down."""
    id: str | None = None
    """Of the article, where the address or the page tells it; of a file that of the first article that names it."""
    outcome: Outcome
    """new, changed, unchanged: an article was read. listing: a page of links, a feed or a sitemap was read. gone: the site has it no longer.
    failed: fetched in vain, or a page that gives no record. skipped: not fetched, on purpose; or looked for on the chance, and not there (`no_sitemap`, `no_such_number`).
    file: an attachment or a picture is kept."""
    reason: str | None = None
    """Why, as a code: `http_503`, `timeout`, `robots`, `no_title`, `before_since`, …; of a listing, why its further pages
    are not followed: `repeats`, `barren`, `past`; of a feed or sitemap `not_modified`; of an unchanged article `flapping`: the page goes to and fro between
    contents that the archive has; null where there is nothing to explain."""
    http_status: int | None = None
    """Of the last response; null where none came."""
    record_id: str | None = None
    """WARC-Record-ID of the capture that decided it; null where nothing came."""
    message: str | None = None
    """For a reader: what, where, and what to do next."""
    file: File | None = None
    """Of an attachment or a picture; in the line only there."""

    @property
    def is_fetch_failure(self) -> bool:
        """Whether the site did not give the page: no answer, an error status, a gatekeeper's page."""
        gave = self.http_status is not None and 200 <= self.http_status < 300
        return self.outcome == "failed" and (not gave or self.reason == "blocked")


def event_line(event: Event) -> dict[str, object]:
    """The event in the types of JSON, keys in order of the fields."""
    line: dict[str, object] = jsonable(event)
    if event.file is None:
        del line["file"]
    return line
