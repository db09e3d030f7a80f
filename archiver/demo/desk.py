"""What a newsroom shows at the moment: who holds the desk decides what stands and what was taken off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from archiver.demo import house, shelves, stories

if TYPE_CHECKING:
    from datetime import datetime

    from archiver.demo.house import House
    from archiver.demo.shelves import Shelf
    from archiver.demo.story import Headline, Story

Absence = Literal["", "404", "410", "soft 404", "sign in"]
"""How an item is not there: a status, the page round it with status 200, or the way to the sign-in page; empty: it is."""


class Desk(Protocol):
    """Decides what each page of a newsroom is made of."""

    @property
    def has_feeds(self) -> bool:
        """Whether there are an RSS feed and sitemaps, which robots.txt and the front page name."""

    @property
    def visits(self) -> int | None:
        """The number in the counter below each page; None: a script fills it in."""

    def shelves(self, seed: int, articles: int) -> dict[str, Shelf]:
        """The shelves by name."""

    def house(self, seed: int) -> House:
        """The structure of the pages."""

    def headline(self, shelf: Shelf, place: int) -> Headline:
        """What listings show of the story at this place."""

    def story(self, shelf: Shelf, place: int) -> Story:
        """The story at this place."""

    def absence(self, shelf: Shelf, place: int) -> Absence:
        """How the item at this place is not there."""

    def is_listed(self, shelf: Shelf, place: int) -> bool:
        """Whether anything but the item's own address leads to it."""

    def changed_at(self, shelf: Shelf, place: int | None) -> datetime | None:
        """When the page of an item, or with None any listing, last changed; None: the site does not tell."""


@dataclass(frozen=True, slots=True)
class Still:
    """The desk of a newsroom in which nothing happens: it stands as it was drawn, withdrawn items still listed."""

    has_feeds: bool = False
    visits: int | None = None
    unlisted: float = 0.0
    """Share of the items of the current site, either language, whose entries in listings were lost."""

    def shelves(self, seed: int, articles: int) -> dict[str, Shelf]:
        """As drawn."""
        return shelves.shelves(seed, articles)

    def house(self, seed: int) -> House:
        """As drawn."""
        return house.house(seed)

    def headline(self, shelf: Shelf, place: int) -> Headline:
        """As drawn."""
        return stories.headline(shelf, place)

    def story(self, shelf: Shelf, place: int) -> Story:
        """As drawn."""
        return stories.story(shelf, place)

    def absence(self, shelf: Shelf, place: int) -> Absence:
        """One withdrawn item of each shelf leads to the sign-in page, the others are soft 404."""
        if shelf.asks_to_sign_in(place):
            return "sign in"
        return "soft 404" if shelf.is_withdrawn(place) else ""

    def is_listed(self, shelf: Shelf, place: int) -> bool:
        """As the seed has drawn it."""
        return shelf.generation != "C" or shelf.chance(place, "unlisted") % 1_000 >= self.unlisted * 1_000

    def changed_at(self, _shelf: Shelf, _place: int | None) -> datetime | None:
        """Never told."""
        return None


STILL = Still()
"""It knows nothing by itself: one is enough for all newsrooms that list what they have."""
