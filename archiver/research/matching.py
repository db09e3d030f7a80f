"""Which articles of the catalog a query finds: all of them, to count them by kind, and to put them in any order."""

from __future__ import annotations

import sys
from array import array
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from archiver.research.index.opening import ask_index
from archiver.research.query_language import parse_query

if TYPE_CHECKING:
    from collections.abc import Callable

    from archiver.research.found import Field
    from archiver.research.index.engines import Index
    from archiver.research.library import Shelf
    from archiver.research.query_language import Query

MOST_CHECKED = 20_000
"""Texts that are read to tell whether they have the accents that were typed; of more, all with these letters are counted."""

_REMEMBERED = 16
"""Queries."""
_FEW = 1_000


@dataclass(frozen=True, slots=True)
class Matched:
    """Numbers of a site's catalog."""

    numbers: array[int]
    is_exact: bool
    """False: some differ from what was typed in their accents."""


class Matcher:
    """Asks the search index of one site, and remembers the last answers while no line is written."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._lock = Lock()
        self._numbers = array("q", [0])
        """Of the index to that of the catalog; 0: none."""
        self._last = ""
        """The id of the index's last number, by which one that was made anew is noticed."""
        self._answers: OrderedDict[tuple[object, ...], Matched] = OrderedDict()

    def matched(
        self, text: str, field: Field | None, tell: Callable[[str], None], *, is_checked: bool = False
    ) -> Matched:
        """What the query finds. `is_checked`: accents are, however many texts have to be read. Raises BadQuery, DiskTrouble."""
        query = parse_query(text, field)
        with self._lock:
            key = (self._shelf.stamp, text, field, is_checked)
            if key not in self._answers:
                most = sys.maxsize if is_checked else MOST_CHECKED
                found = ask_index(self._shelf.folder, lambda index: self._asked(index, query, most), tell)
                self._answers[key] = found
                if len(self._answers) > _REMEMBERED:
                    self._answers.popitem(last=False)
            self._answers.move_to_end(key)
            return self._answers[key]

    def _asked(self, index: Index, query: Query, most: int) -> Matched:
        self._follow(index)
        found = index.texts.numbers(query, most)
        return Matched(array("q", map(self._numbers.__getitem__, found.numbers)), found.is_exact)

    def _follow(self, index: Index) -> None:
        """Learns the numbers that the index has given since the last time."""
        connection = index.catalogue.connection
        ask = "SELECT id FROM article WHERE number = ?"
        known = len(self._numbers) - 1
        if known and connection.execute(ask, (known,)).fetchone() != (self._last,):
            self._numbers, known = array("q", [0]), 0
        new = connection.execute("SELECT number, id FROM article WHERE number > ? ORDER BY number", (known,)).fetchall()
        if not new:
            return
        ids = self._shelf.numbers_of([id_ for _, id_ in new] if len(new) <= _FEW else None)
        for number, id_ in new:
            self._numbers.extend([0] * (number - len(self._numbers)))
            self._numbers.append(ids.get(id_, 0))
        self._last = new[-1][1]
