"""How many articles there are of each kind: counted over all of them, or over those that a search found."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass
from itertools import islice
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

    def first(self, numbers: Iterable[int], selection: Selection, order: Order, most: int) -> list[int]:
        """The numbers of the first of those that are in the selection."""
        wanted = bytearray(len(self._keys))
        for number in numbers:
            wanted[number] = 1
        kinds = bytes(selection.takes(self._cell(key)) for key in range(len(self._kinds)))
        first, last = as_day(selection.since) or (1 if selection.until else 0), as_day(selection.until) or 99_999_999
        chosen = (
            number
            for number in self._in_order(order)
            if wanted[number] and kinds[self._keys[number] % _KINDS] and first <= self._days[number] <= last
        )
        return list(islice(chosen, most))

    def _in_order(self, order: Order) -> array[int]:
        """All numbers. Read when it is first asked for."""
        if order not in self._orders:
            by = "changed" if order == "changed" else "moment"
            tables = "article JOIN fact USING (number)"
            asked = f"SELECT number FROM {tables} ORDER BY {by} {'ASC' if order == 'oldest' else 'DESC'}"  # noqa: S608
            self._orders[order] = array("q", (number for (number,) in self._connection.execute(asked)))
        return self._orders[order]

    def _cell(self, key: int) -> Cell:
        month, kind = divmod(key, _KINDS)
        return Cell(self._site, month, *self._kinds[kind])


def as_day(day: date | None) -> int:
    """20261122; 0: none."""
    return day.year * 10_000 + day.month * 100 + day.day if day else 0
