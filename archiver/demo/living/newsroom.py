"""The newsroom that lives: what happened up to a moment, and how it stands at one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from archiver.demo import house, shelves
from archiver.demo.living.differences import classes
from archiver.demo.living.habits import Habits, midnight
from archiver.demo.living.life import Life, Turn, life
from archiver.demo.shelves import HANOI, TODAY
from archiver.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.demo.desk import Absence
    from archiver.demo.house import House
    from archiver.demo.shelves import Shelf

_EARLIEST = date(2022, 6, 1)
"""Before it the archives of generation B would not be archives yet."""
_MOST_A_DAY = 840
"""One for each working minute."""

Kind = Literal["published", "edited", "withdrawn", "returned", "outage began", "outage ended", "redesigned"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; without an id, to the whole site."""

    at: datetime
    kind: Kind
    id: str | None = None
    classes: tuple[str, ...] = ()
    """Of an edit: which parts of the record it changed; empty where it changed the page alone."""
    absence: Absence = ""
    """Of a withdrawal: what stands there now."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an article stands at a moment."""

    id: str
    place: int
    published_at: datetime
    turn: Turn
    is_listed: bool
    """Whether something leads to it: it is there, and it is not one of those whose listing was lost."""


@dataclass(frozen=True)
class LivingNewsroom:
    """A news site drawn from a seed, with a life of its own from the start day on."""

    seed: int = 1
    start: date = TODAY + timedelta(days=1)
    """The first day on which articles are published."""
    articles_a_day: int = 5
    backlog: int = 60
    """How many articles there are before, every generation and language counted; nothing happens to them.

    Those of the current site were published at the same pace: 100,000 at 5 a day reach back for decades.
    """
    habits: Habits = field(default_factory=Habits)
    _lives: dict[int, Life] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Those that were asked for, by place."""

    def __post_init__(self) -> None:
        """Raises UsageError for numbers that no newsroom can have."""
        if not 1 <= self.articles_a_day <= _MOST_A_DAY:
            message = f"{self.articles_a_day} articles a day cannot be. Give 1 to {_MOST_A_DAY}"
            raise UsageError(message)
        if self.start < _EARLIEST:
            message = f"the newsroom cannot start on {self.start}, among its own archives. Give {_EARLIEST} or later"
            raise UsageError(message)

    @cached_property
    def original(self) -> str:
        """The address that this newsroom has wherever it is served, on all of its days."""
        return f"http://living-{self.seed}-{self.start}-{self.articles_a_day}-{self.backlog}.test/"

    @cached_property
    def stock(self) -> dict[str, Shelf]:
        """The shelves on the eve of the start."""
        drawn = shelves.shelves(self.seed, self.backlog)
        eve = self.start - timedelta(days=1)
        current = replace(drawn["c"], newest_on=eve, a_day=self.articles_a_day, gap=None)
        english = replace(drawn["en"], newest_on=eve - timedelta(days=1), gap=None)
        return {**drawn, "c": current, "en": english}

    @cached_property
    def houses(self) -> tuple[House, House]:
        """The structure of the pages before the redesign, with every mark that rules go by, and after it, without."""
        marked = replace(house.house(self.seed), container="class and id", has_breadcrumb=True)
        other = house.house(self.seed + 7)
        bare = replace(
            other,
            container="bare divs",
            depth=marked.depth + 1,
            title_place="div",
            title_class="",
            time_class="",
            category_in_h1=False,
            sidebar="after" if other.sidebar == "table before" else other.sidebar,
            has_breadcrumb=False,
            section_property="article:section",
            listing="li" if marked.listing == "div" else "div",
            latest_place=marked.latest_place if marked.latest_place != "sidebar" else "end",
            comments=marked.comments,
            old_has_section=marked.old_has_section,
        )
        return marked, bare

    def published(self, moment: datetime) -> int:
        """How many articles were published since the start."""
        shelf, here = self.stock["c"], moment.astimezone(HANOI)
        days = (here.date() - self.start).days
        if days < 0:
            return 0
        before = days * self.articles_a_day
        today = range(before + 1, before + self.articles_a_day + 1)
        return before + sum(shelf.moment(-number) <= moment for number in today)

    def life(self, place: int) -> Life:
        """The life of the article at this place of the current shelf."""
        if place not in self._lives:
            self._lives[place] = life(self.stock["c"], place, self.habits)
        return self._lives[place]

    def is_unlisted(self, place: int) -> bool:
        """Whether the article's entries in listings were lost."""
        return self.stock["c"].chance(place, "unlisted") % 1_000 < self.habits.unlisted * 1_000

    def standing(self, moment: datetime) -> Iterator[Standing]:
        """Every article of the current site that is published at the moment, newest first, withdrawn ones too."""
        shelf = self.stock["c"]
        for place in range(-self.published(moment), shelf.live):
            turn = self.life(place).turn(moment)
            assert turn is not None, "it is published"
            is_listed = not turn.absence and not self.is_unlisted(place)
            yield Standing(f"{shelf.identity}{shelf.number(place)}", place, shelf.moment(place), turn, is_listed)

    def events(self, until: datetime, since: datetime | None = None) -> list[Event]:
        """All that happened from the start, or after `since`, up to and with `until`, in order."""
        found = [*self._of_the_site()]
        for number in range(1, self.published(until) + 1):
            found += _of_article(self.life(-number))
        return sorted(
            (event for event in found if event.at <= until and (since is None or since < event.at)),
            key=lambda event: event.at,
        )

    def last_event_at(self, moment: datetime) -> datetime:
        """When the newsroom last changed at all, in a way that any of its listings may show."""
        turns = (self.life(-number).turn(moment) for number in range(1, self.published(moment) + 1))
        changes = [turn.at for turn in turns if turn is not None]
        redesign = self.habits.redesigned_at(self.start)
        if redesign is not None and redesign <= moment:
            changes.append(redesign)
        return max(changes, default=midnight(self.start, 0))

    def _of_the_site(self) -> Iterator[Event]:
        for day in self.habits.outages:
            yield Event(midnight(self.start, day), "outage began")
            yield Event(midnight(self.start, day + 1), "outage ended")
        redesign = self.habits.redesigned_at(self.start)
        if redesign is not None:
            yield Event(redesign, "redesigned")


def _of_article(lived: Life) -> Iterator[Event]:
    shelf = lived.shelf
    id_ = f"{shelf.identity}{shelf.number(lived.place)}"
    yield Event(lived.turns[0].at, "published", id_)
    wordings = lived.wordings() if len(lived.turns) > 1 else ()
    for before, turn in zip(lived.turns, lived.turns[1:], strict=False):
        if turn.absence:
            yield Event(turn.at, "withdrawn", id_, absence=turn.absence)
        elif before.absence:
            yield Event(turn.at, "returned", id_)
        else:
            change = classes(wordings[before.wording].story, wordings[turn.wording].story)
            yield Event(turn.at, "edited", id_, change)
