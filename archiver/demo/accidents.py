"""Where the faults of pages stand: each has a headline, and with it an address, like any story."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

from archiver.demo import addresses, stories
from archiver.demo.faults import PAGE_FAULTS, Fault
from archiver.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from archiver.demo.shelves import Shelf
    from archiver.demo.story import Headline


@dataclass(frozen=True, slots=True)
class Accident:
    """A fault at its place."""

    fault: Fault
    headline: Headline

    @property
    def address(self) -> str:
        """What the front page links, path and query."""
        return addresses.pretty(self.headline) + self.fault.query

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that misbehaves: that of the address, then those that its redirects lead to."""
        hops = range(1, self.fault.hops + 1)
        return (addresses.pretty(self.headline), *(f"/su-co/{self.fault.name}/{hop}" for hop in hops))


def accidents(shelf: Shelf, faults: Sequence[Fault], named: Collection[Headline]) -> tuple[Accident, ...]:
    """The faults of pages among `faults`, in order, on the shelf of the current generation.

    One that ends well stands at an article of the shelf, oldest first, that is not among the `named`: so the fault's
    address is the first that a visitor of the front page learns of this article. Any other stands at a story of the
    days to come, under a number beyond the shelf's. Raises UsageError where the shelf has too few articles.
    """
    of_pages = [fault for fault in faults if fault.name in PAGE_FAULTS]
    wanted = [fault for fault in of_pages if fault.ends_well]
    taken = dict(zip(wanted, _old_articles(shelf, named), strict=False))
    if len(taken) < len(wanted):
        message = (
            f"{len(wanted)} of these faults end in an article, and there are {len(taken)} for it. Give more --articles"
        )
        raise UsageError(message)
    heads = ((fault, taken.get(fault) or _of_days_to_come(shelf, fault)) for fault in of_pages)
    return tuple(Accident(fault, replace(head, slug=f"su-co-{fault.name}")) for fault, head in heads)


def _old_articles(shelf: Shelf, named: Collection[Headline]) -> Iterator[Headline]:
    """Articles of which every page is whole."""
    for rank in reversed(range(shelf.live)):
        found = stories.story(shelf, shelf.place_of(rank))
        if not found.is_broken and found.headline not in named:
            yield found.headline


def _of_days_to_come(shelf: Shelf, fault: Fault) -> Headline:
    """The fault's own headline, the same whichever other faults there are."""
    turn = list(PAGE_FAULTS).index(fault.name) + 1
    beyond = next(first for power in count(4) if (first := 9 * 10**power) > shelf.newest_number)
    return replace(stories.headline(shelf, -turn), number=beyond + turn)
