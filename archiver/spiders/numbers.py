"""The sweep: numbers around and between those of known articles, tried one by one, until every hole is known to be one."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from itertools import chain
from typing import TYPE_CHECKING, Any

from archiver.site.sources import Sweep
from archiver.store.ledger import LONGEST_NUMBER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from archiver.site import Site
    from archiver.store.event import Event
    from archiver.store.ledger import Ledger

ABSENT = ("not_an_article", "sign_in", "led_away", "no_title", "empty", "no_html")
"""Reasons, besides every one of a page that is gone, for which nothing is said to stand under a number."""
NO_SUCH_NUMBER = "no_such_number"
"""The reason that the event of such a number has."""

AHEAD = 5
"""So many numbers above the highest known one are tried in each run: what is published tomorrow may stand there."""
BEHIND = 20
"""And so many below the lowest, once. A hit moves either end, and the sweep goes on from there."""


class Numbers:
    """The sweeps of one run of a site. What was tried is a remark in the ledger, written with the outcome of the task."""

    def __init__(self, site: Site, ledger: Ledger) -> None:
        self._site = site
        self._ledger = ledger
        self._rows = {each.ids: _Row(each, ledger) for each in site.sources if isinstance(each, Sweep)}
        self._tried = self._found = 0

    def due(self) -> list[tuple[str, dict[str, Any]]]:
        """The address of each number to try now, and its note: of each sweep the highest first, as many as its budget.

        Once they are answered there may be more: around what was found.
        """
        return [
            (self._site.here(row.sweep.page.format(number)), {"ids": row.sweep.ids, "number": number})
            for row in self._rows.values()
            for number in row.due()
        ]

    def answered(self, note: Mapping[str, Any], event: Event) -> None:
        """How a number ended. The sweep does not come back to it: what failed is tried again as every article is."""
        was_asked = event.outcome != "skipped" or event.reason == NO_SUCH_NUMBER
        self._tried += was_asked
        self._found += event.outcome in ("new", "changed")
        row = self._rows.get(note["ids"])
        if row is not None and was_asked:
            row.remember(note["number"])

    def note_of(self, url: str) -> dict[str, Any]:
        """The note of a number that a run before tried at `url`; empty: it is no number's, or that of a known article."""
        for row in self._rows.values():
            number = row.number_at(self._site.own(url), self._site.own)
            if number is not None and self._ledger.article(f"{row.sweep.ids}{number}") is None:
                return {"ids": row.sweep.ids, "number": number}
        return {}

    def sums(self) -> dict[str, int]:
        """How many numbers the run tried, how many articles it found by them, and how many holes are left to try."""
        return {"tried": self._tried, "found": self._found, "left": sum(row.left() for row in self._rows.values())}


class _Row:
    """The numbers of one sweep."""

    def __init__(self, sweep: Sweep, ledger: Ledger) -> None:
        self.sweep = sweep
        self._ledger = ledger
        self._budget = sweep.budget
        self._known = array("q")
        """In order."""
        self._asked: list[int] = []
        """In this run."""
        self._above: list[int] = []
        """Of them, those above all known ones, that were answered."""
        stated = (ledger.get(self._remark) or "").split(",")
        self._tried = [(int(first), int(last)) for first, _, last in (each.partition("-") for each in stated if each)]

    def due(self) -> list[int]:
        """The numbers to try next, leased from the budget of the run."""
        self._learn()
        found: list[int] = []
        elsewhere: list[int] = []
        for number in chain.from_iterable(self._open()):
            if len(found) >= self._budget:
                break
            has_asked = self._ledger.has_asked(f"{self.sweep.ids}{number}")
            (elsewhere if has_asked else found).append(number)
        for number in elsewhere:
            # Something else leads to it, and it is not there: no hole that nobody has looked into.
            noted(self._tried, number, self._is_known)
        self._budget -= len(found)
        self._asked += found
        return found

    def left(self) -> int:
        """How many numbers below the highest known one were never tried."""
        return sum(len(each) for each in self._open() if each[0] < self._known[-1])

    def remember(self, number: int) -> None:
        """Nothing stands under the number, or what stands there is known. What lies above all known ones may come yet."""
        if not self._known or number > self._known[-1]:
            self._above.append(number)
            return
        noted(self._tried, number, self._is_known)
        self._ledger.put(self._remark, ",".join(f"{first}-{last}" for first, last in self._tried))

    def number_at(self, url: str, own: Callable[[str], str]) -> int | None:
        """The number that is tried at this address."""
        found = re.search(rf"\d{{1,{LONGEST_NUMBER}}}$", url)
        return int(found[0]) if found and own(self.sweep.page.format(int(found[0]))) == url else None

    @property
    def _remark(self) -> str:
        return f"numbers tried {self.sweep.ids}"

    def _learn(self) -> None:
        """What is known by now: all of it at first, then what the numbers of this run have brought."""
        if not self._known:
            self._known = array("q", sorted(self._ledger.numbers(self.sweep.ids)))
            return
        brought = [number for number in self._asked if self._ledger.article(f"{self.sweep.ids}{number}") is not None]
        if not brought:
            return
        self._known = array("q", sorted({*self._known, *brought}))
        above, self._above = self._above, []
        for number in above:
            self.remember(number)

    def _open(self) -> Iterator[range]:
        """The numbers of which nothing is known, in ranges, the highest first."""
        for first, last in self._gaps():
            end = last
            while end >= first:
                at = bisect_right(self._tried, end, key=lambda each: each[0]) - 1
                from_, to = self._tried[at] if at >= 0 else (first, first - 1)
                if to < end:
                    yield range(end, max(first, to + 1) - 1, -1)
                end = from_ - 1

    def _gaps(self) -> Iterator[tuple[int, int]]:
        known = self._known
        if not known:
            return
        yield known[-1] + 1, known[-1] + AHEAD
        for at in range(len(known) - 1, 0, -1):
            if known[at] - known[at - 1] > 1:
                yield known[at - 1] + 1, known[at] - 1
        yield max(1, known[0] - BEHIND), known[0] - 1

    def _is_known(self, number: int) -> bool:
        at = bisect_left(self._known, number)
        return at < len(self._known) and self._known[at] == number


def noted(ranges: list[tuple[int, int]], number: int, is_known: Callable[[int], bool]) -> None:
    """Puts a number into ranges that are in order and apart, both ends included.

    What is known needs no trying: together with it what was tried becomes few ranges.
    """
    first = last = number
    at = bisect_left(ranges, (number, number))
    if at and ranges[at - 1][1] >= number:
        return
    is_whole = False
    while not is_whole:
        is_whole = True
        while is_known(last + 1):
            last += 1
        while is_known(first - 1):
            first -= 1
        if at < len(ranges) and ranges[at][0] <= last + 1:
            last, is_whole = max(last, ranges.pop(at)[1]), False
        if at and ranges[at - 1][1] >= first - 1:
            at -= 1
            first, is_whole = min(first, ranges.pop(at)[0]), False
    ranges.insert(at, (first, last))
