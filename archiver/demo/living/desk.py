"""The desk of a newsroom that lives, at one moment of its life."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from archiver.demo import stories
from archiver.demo.living.habits import midnight
from archiver.demo.shelves import HANOI

if TYPE_CHECKING:
    from datetime import datetime

    from archiver.demo.desk import Absence
    from archiver.demo.house import House
    from archiver.demo.living.life import Turn
    from archiver.demo.living.newsroom import LivingNewsroom
    from archiver.demo.shelves import Shelf
    from archiver.demo.story import Headline, Story

_HOUR = timedelta(hours=1)
_FEWEST_VISITS = 120_000


@dataclass(frozen=True)
class DeskAt:
    """What stands in `newsroom` at `moment`. Only the current shelf lives; the others are as they were drawn."""

    newsroom: LivingNewsroom
    moment: datetime

    @property
    def has_feeds(self) -> bool:
        """As its habits are."""
        return self.newsroom.habits.has_feeds

    @property
    def visits(self) -> int | None:
        """Seventeen more in every hour."""
        if not self.newsroom.habits.counts_visits:
            return None
        return _FEWEST_VISITS + 17 * ((self.moment - midnight(self.newsroom.start, 0)) // _HOUR)

    def shelves(self, _seed: int, _articles: int) -> dict[str, Shelf]:
        """The stock, with what was published since on the current shelf."""
        stock, published = self.newsroom.stock, self.newsroom.published(self.moment)
        current = stock["c"]
        return {**stock, "c": replace(current, first=-published, live=current.live + published)}

    def house(self, _seed: int) -> House:
        """That before or that after the redesign."""
        return self.newsroom.houses[self._redesign is not None]

    def headline(self, shelf: Shelf, place: int) -> Headline:
        """That of the story's wording."""
        turn = self._turn(shelf, place)
        if turn is None or not turn.wording:
            return stories.headline(self.newsroom.stock[shelf.name], place)
        return self._worded(place).headline

    def story(self, shelf: Shelf, place: int) -> Story:
        """The story's wording, and the comments that have come by now."""
        if shelf.name != "c":
            return stories.story(shelf, place)
        story = self._worded(place)
        return replace(story, remarks=tuple(each for each in story.remarks if each.moment <= self.moment))

    def absence(self, shelf: Shelf, place: int) -> Absence:
        """As its turn has it."""
        turn = self._turn(shelf, place)
        return turn.absence if turn else ""

    def is_listed(self, shelf: Shelf, place: int) -> bool:
        """While it is there, unless its listing was lost."""
        return shelf.name != "c" or not (self.absence(shelf, place) or self.newsroom.is_unlisted(place))

    def changed_at(self, shelf: Shelf, place: int | None) -> datetime | None:
        """For listings, and pages with the newest items, the last event of the newsroom; never too early a moment."""
        changes = [midnight(self.newsroom.start, 0)]
        if self._redesign is not None:
            changes.append(self._redesign)
        if self.visits is not None:
            changes.append(self.moment.astimezone(HANOI).replace(minute=0, second=0, microsecond=0))
        turn = None if place is None else self._turn(shelf, place)
        if turn is not None and place is not None:
            changes += [turn.at, *(remark.moment for remark in self.story(shelf, place).remarks)]
        shows_newest = self.house(self.newsroom.seed).latest_place != "none"
        if shelf.name == "c" and (place is None or shows_newest):
            changes.append(self._last_event)
        return min(max(changes), self.moment)

    @cached_property
    def _redesign(self) -> datetime | None:
        """When the site was redesigned, if it was."""
        at = self.newsroom.habits.redesigned_at(self.newsroom.start)
        return at if at is not None and at <= self.moment else None

    @cached_property
    def _last_event(self) -> datetime:
        return self.newsroom.last_event_at(self.moment)

    def _turn(self, shelf: Shelf, place: int) -> Turn | None:
        """How the item stands; None for one that does not live."""
        return self.newsroom.life(place).turn(self.moment) if shelf.name == "c" else None

    def _worded(self, place: int) -> Story:
        life = self.newsroom.life(place)
        turn = life.turn(self.moment)
        return life.wordings(turn.wording if turn else 0)[-1].story
