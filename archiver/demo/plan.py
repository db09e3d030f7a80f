"""What a newsroom of some seed and size consists of: its shelves, its house style, its newest items."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

from archiver.demo.accidents import accidents
from archiver.demo.desk import STILL, Desk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.demo.accidents import Accident
    from archiver.demo.faults import Fault
    from archiver.demo.house import House
    from archiver.demo.shelves import Section, Shelf
    from archiver.demo.story import Headline

_NEWEST = 5


@dataclass(frozen=True)
class Plan:
    """All that the pages share. Nothing in it grows with the number of articles."""

    seed: int
    articles: int
    faults: tuple[Fault, ...] = ()
    """What is to go wrong."""
    desk: Desk = STILL
    """What stands at the moment."""

    @cached_property
    def shelves(self) -> dict[str, Shelf]:
        """The shelves by name."""
        return self.desk.shelves(self.seed, self.articles)

    @cached_property
    def house(self) -> House:
        """The structure of the pages."""
        return self.desk.house(self.seed)

    @cached_property
    def latest(self) -> dict[str, tuple[Headline, ...]]:
        """The five newest items of each language, by the shelf's name (`c`, `en`)."""
        return {
            name: tuple(islice(self.standing(shelf), _NEWEST))
            for name, shelf in self.shelves.items()
            if shelf.generation == "C"
        }

    @cached_property
    def promoted(self) -> dict[str, tuple[Headline, ...]]:
        """Items that the sidebars name, any age up to the fixed day, by the shelf's name."""
        rng = Random(f"{self.seed}:promoted")
        stocks = {
            name: range(-shelf.first, shelf.live) for name, shelf in self.shelves.items() if shelf.generation == "C"
        }
        return {
            name: tuple(
                self.desk.headline(self.shelves[name], place)
                for place in map(self.shelves[name].place_of, rng.sample(ranks, k=min(_NEWEST + 1, len(ranks))))
                if self.desk.is_listed(self.shelves[name], place)
            )
            for name, ranks in stocks.items()
        }

    def standing(self, shelf: Shelf) -> Iterator[Headline]:
        """The items that can be read and that listings lead to, newest first."""
        for place in shelf.newest_first:
            if self.desk.is_listed(shelf, place) and not self.desk.absence(shelf, place):
                yield self.desk.headline(shelf, place)

    @cached_property
    def accidents(self) -> tuple[Accident, ...]:
        """Where its faults of pages stand. Raises UsageError where there are too few articles."""
        return accidents(self.shelves["c"], self.faults, self.promoted["c"])

    def section(self, shelf: Shelf, number: int) -> Section | None:
        """The shelf's section with this `cm` or `CateID`."""
        return next((section for section in shelf.sections if section.number == number), None)
