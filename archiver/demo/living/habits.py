"""How a newsroom lives: what happens to its articles and to the whole site, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, get_args

from archiver.demo.shelves import HANOI
from archiver.errors import UsageError

Silence = Literal["503", "nothing"]
"""What an outage sends: status 503 to every address, robots.txt too, or not a byte before the connection is reset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """The rules of a newsroom's life. Shares are of the articles published after the start; older ones stand still."""

    edited: float = 0.3
    """Share that is edited, once to three times within 60 days, most of them within hours."""
    withdrawn: float = 0.04
    """Share that is taken off the site, each in a way of its own; every second of them comes back after days."""
    flapping: float = 0.01
    """Share that goes to and fro between two wordings, day by day."""
    unlisted: float = 0.0
    """Share that no listing, feed or page names: their numbers alone lead to them. Older articles too."""
    outages: tuple[int, ...] = (97, 260)
    """Days after the start on which the whole site is away, from midnight to midnight, by turns as in Silence."""
    redesign: int | None = 200
    """Day after the start from which on every page, old articles too, has another layout; None: it stays as it was."""
    has_feeds: bool = False
    """Whether there are an RSS feed, monthly sitemaps and a news sitemap; robots.txt and the front page name them."""
    counts_visits: bool = False
    """Whether every current page shows a counter, which is another in every hour."""

    def __post_init__(self) -> None:
        """Raises UsageError for shares beyond 0 to 1."""
        for name in ("edited", "withdrawn", "flapping", "unlisted"):
            share = getattr(self, name)
            if not 0 <= share <= 1:
                message = f"{name}={share} is no share of the articles. Give a number from 0 to 1, such as 0.2"
                raise UsageError(message)

    def silence(self, start: date, moment: datetime) -> Silence | None:
        """What the site sends instead of its pages at this moment; None: its pages."""
        day = (moment.astimezone(HANOI).date() - start).days
        if day not in self.outages:
            return None
        ways: tuple[Silence, ...] = get_args(Silence)
        return ways[sorted(self.outages).index(day) % len(ways)]

    def redesigned_at(self, start: date) -> datetime | None:
        """From when on the layout is another."""
        return None if self.redesign is None else midnight(start, self.redesign)


def midnight(start: date, days: int) -> datetime:
    """The first moment of the day so many days after the start, where the site is."""
    return datetime.combine(start + timedelta(days=days), time(), tzinfo=HANOI)
