"""How many articles there are of each kind: counted over all of them, or over those that a search found."""

from __future__ import annotations

import heapq
from array import array
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from datetime import date

    from archiver.research.library import Order
    from archiver.research.selection import Selection

_KINDS = 1 << 20
"""Above the number of kinds that a site has: a key is month * _KINDS + kind."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Articles that are alike."""

    site: str
    month: int
    """202611; 0: without a time."""
    section: str
    status: str
    flags: tuple[str, ...]


class Facts:
    """What is counted of each article of a site, in memory: some ten bytes an article."""

    def __init__(self, catalog: sqlite3.Connection, site: str) -> None:
        words = dict(catalog.execute("SELECT number, text FROM word"))
        last = catalog.execute("SELECT max(number) FROM fact").fetchone()[0] or 0
        self._days = array("l", bytes(array("l").itemsize * (last + 1)))
        self._keys = array("q", [-1]) * (last + 1)
        kinds: dict[tuple[int, int, int], int] = {}
        for number, day, *kind in catalog.execute("SELECT number, day, section, status, flags FROM fact"):
            key = kinds.setdefault((kind[0], kind[1], kind[2]), len(kinds))
            self._days[number], self._keys[number] = day, day // 100 * _KINDS + key
        self._kinds = [(words[section], words[status], tuple(words[flags].split())) for section, status, flags in kinds]
        self._site = site
        self._orders: dict[Order, array[int]] = {}
        self._connection = catalog

    def count(
        self, since: date | None = None, until: date | None = None, numbers: Iterable[int] | None = None
    ) -> Counter[Cell]:
        """How many there are in each cell, published on these days, among those numbers of the catalog (None: all)."""
        keys: Iterable[int] = self._keys if numbers is None else map(self._keys.__getitem__, numbers)
        if since or until:
            first, last = as_day(since) or 1, as_day(until) or 99_999_999
            days = self._days if numbers is None else map(self._days.__getitem__, numbers)
            keys = (key for key, day in zip(keys, days, strict=True) if first <= day <= last)
        counted = Counter(keys)
        counted.pop(-1, None)
        return Counter({self._cell(key): count for key, count in counted.items()})

    def first(self, numbers: Iterable[int], selection: Selection, order: Order, most: int) -> list[tuple[int, int]]:
        """The first of those that are in the selection: by what each was ordered, the greatest first, and its number."""
        kinds = {key for key in range(len(self._kinds)) if selection.takes(self._cell(key))}
        keys, days = self._keys, self._days
        first, last = as_day(selection.since) or -1, as_day(selection.until) or 99_999_999
        if first > 0 or selection.until:
            first = max(first, 1)
            numbers = [number for number in numbers if first <= days[number] <= last]
        places = self._places(order)
        chosen = (number for number in numbers if keys[number] >= 0 and keys[number] % _KINDS in kinds)
        return heapq.nlargest(most, ((places[number], number) for number in chosen))

    def _places(self, order: Order) -> array[int]:
        """Of each article: the later in the order, the greater. Read when it is first asked for."""
        if order not in self._orders:
            by = "changed" if order == "changed" else "moment"
            tables = "article JOIN fact USING (number)"
            asked = f"SELECT number FROM {tables} ORDER BY {by} {'DESC' if order == 'oldest' else 'ASC'}"  # noqa: S608
            places = array("q", [0]) * len(self._keys)
            for place, (number,) in enumerate(self._connection.execute(asked)):
                places[number] = place
            self._orders[order] = places
        return self._orders[order]

    def _cell(self, key: int) -> Cell:
        month, kind = divmod(key, _KINDS)
        return Cell(self._site, month, *self._kinds[kind])


def as_day(day: date | None) -> int:
    """20261122; 0: none."""
    return day.year * 10_000 + day.month * 100 + day.day if day else 0
