"""One observation: what became of one address in one run. The docstring under each field is its schema."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  # the schema of a line is read off the types
from typing import Literal

from archiver.article import jsonable

Outcome = Literal["new", "changed", "unchanged", "listing", "gone", "failed", "skipped"]

READ: tuple[Outcome, ...] = ("new", "changed", "unchanged")
"""Outcomes of an address at which an article was read."""

SET_ASIDE = ("before_since", "after_until")
"""Reasons for which a crawl has read an article and written no line, on purpose."""


TAKEN_DOWN = "taken_down"
"""The reason for which an article is left alone that was taken down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of `events/YYYY/YYYY-MM.jsonl`. Every address that a run queued ends in exactly one."""

    time: datetime
    """When it was observed, UTC."""
    url: str
    """The address as it was queued, before redirects; empty where it is that of an article that was taken down."""
    id: str | None = None
    """Of the article, where the address or the page tells it."""
    outcome: Outcome
    """new, changed, unchanged: an article was read. listing: a page of links, a feed or a sitemap was read. gone: the site has it no longer.
    failed: fetched in vain, or a page that gives no record. skipped: not fetched, on purpose; or looked for on the chance, and not there (`no_sitemap`, `no_such_number`)."""
    reason: str | None = None
    """Why, as a code: `http_503`, `timeout`, `robots`, `no_title`, `before_since`, …; of a listing, why its further pages
    are not followed: `repeats`, `barren`, `past`; of an unchanged article `flapping`: the page goes to and fro between
    contents that the archive has; null where there is nothing to explain."""
    http_status: int | None = None
    """Of the last response; null where none came."""
    record_id: str | None = None
    """WARC-Record-ID of the capture that decided it; null where nothing came."""
    message: str | None = None
    """For a reader: what, where, and what to do next."""

    @property
    def is_fetch_failure(self) -> bool:
        """Whether the site did not give the page: no answer, an error status, a gatekeeper's page."""
        gave = self.http_status is not None and 200 <= self.http_status < 300
        return self.outcome == "failed" and (not gave or self.reason == "blocked")


def event_line(event: Event) -> dict[str, object]:
    """The event in the types of JSON, keys in order of the fields."""
    line: dict[str, object] = jsonable(event)
    return line
