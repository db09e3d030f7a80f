"""How much of a site one run is asked for: from a day, to a day, so many pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from archiver import dates
from archiver.errors import BadDate, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archiver.rules.links import Link


@dataclass(frozen=True, slots=True)
class Scope:
    """What a run takes; None: no limit."""

    since: date | None = None
    """First day of publication, in the site's zone."""
    until: date | None = None
    """Last day of publication."""
    max_pages: int | None = None
    """At most so many pages are fetched, listings and articles together."""
    recheck: bool = False
    """Whether every known article is asked for, due or not."""
    backfill: bool = False
    """Whether every listing is walked to its end, whatever is known."""
    files: bool = False
    """Whether attachments and pictures are asked for: of all articles, however few pages the run is limited to."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing limits the run."""
        return self.since is None and self.until is None and self.max_pages is None

    def misses(self, published: datetime, timezone: str | None) -> str | None:
        """Why an article of that moment is not asked for: `before_since` or `after_until`; None: it is."""
        day = (published.astimezone(ZoneInfo(timezone)) if timezone else published).date()
        if self.since is not None and day < self.since:
            return "before_since"
        return "after_until" if self.until is not None and day > self.until else None

    def misses_link(self, link: Link, timezone: str | None) -> str | None:
        """The same of a link, by the time that stands beside it; None where no time is printed."""
        if (self.since is None and self.until is None) or not link.published_raw:
            return None
        try:
            return self.misses(dates.parse_moment(link.published_raw, timezone=timezone).at, timezone)
        except BadDate:
            return None

    def is_past(self, links: Iterable[Link], timezone: str | None) -> bool:
        """Whether a listing has dated links and all of them are older than `since`."""
        if self.since is None:
            return False
        dated = [self.misses_link(link, timezone) for link in links if link.published_raw]
        return bool(dated) and all(reason == "before_since" for reason in dated)

    def sweep(self) -> dict[str, str]:
        """The limits that say which pages are wanted: a run goes on with a sweep of the same ones."""
        return {name: value for name, value in self.options().items() if name != "max_pages"}

    def options(self) -> dict[str, str]:
        """The limits that were given, by name. Runs with `files` are to be compared with those without: it is none."""
        given = {"since": self.since, "until": self.until, "max_pages": self.max_pages}
        asked = {name: "yes" for name in ("recheck", "backfill") if getattr(self, name)}
        return {name: str(value) for name, value in given.items() if value is not None} | asked


WHOLE_SITE = Scope()


def read_scope(
    since: str | None = None,
    until: str | None = None,
    max_pages: str | int | None = None,
    *,
    recheck: bool | str | None = False,
    backfill: bool | str | None = False,
    files: bool | str | None = False,
) -> Scope:
    """The scope that these options name. Raises UsageError."""
    days = _day("since", since), _day("until", until)
    scope = Scope(*days, _count(max_pages), bool(recheck), bool(backfill), bool(files))
    if scope.since and scope.until and scope.since > scope.until:
        message = f"--since {scope.since} is after --until {scope.until}. Swap them"
        raise UsageError(message)
    return scope


def _day(option: str, text: str | None) -> date | None:
    if not text:
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    message = f"--{option} {text!r} is no day. Write it as 2026-11-22 (or 22/11/2026)"
    raise UsageError(message)


def _count(value: str | int | None) -> int | None:
    if value is None or value == "":
        return None
    try:
        count = int(value)
    except ValueError:
        count = 0
    if count < 1:
        message = f"--max-pages {value!r} is no number of pages. Give 1 or more"
        raise UsageError(message)
    return count
