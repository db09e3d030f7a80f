"""The sweep: numbers between those of known articles, tried one by one, until every hole is known to be one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver.site.sources import Sweep

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archiver.site import Site
    from archiver.store.ledger import Ledger

ABSENT = ("not_an_article", "sign_in", "led_away", "no_title", "empty", "no_html")
"""Reasons, besides every one of a page that is gone, for which nothing is said to stand under a number."""

_LONGEST_NUMBER = 12


class Numbers:
    """The sweeps of one run of a site. What was tried is a remark in the ledger, written with the outcome of the task."""

    def __init__(self, site: Site, ledger: Ledger) -> None:
        self._site = site
        self._ledger = ledger
        self._tried: dict[str, list[tuple[int, int]]] = {}

    def due(self) -> list[tuple[str, Sweep, int]]:
        """The address of each number to try, its sweep and itself: newest first, as many as each sweep's budget."""
        return [
            (self._site.here(sweep.page.format(number)), sweep, number)
            for sweep in self._site.sources
            if isinstance(sweep, Sweep)
            for number in self._holes(sweep)
        ]

    def tried(self, ids: str, number: int) -> None:
        """Nothing stands under the number: it is not tried again."""
        ranges = self._ranges(ids)
        self._tried[ids] = _merged([*ranges, (number, number)])
        self._ledger.put(_remark(ids), ",".join(f"{first}-{last}" for first, last in self._tried[ids]))

    def _holes(self, sweep: Sweep) -> list[int]:
        own = re.compile(re.escape(sweep.ids) + rf"(\d{{1,{_LONGEST_NUMBER}}})")
        known = {int(found[1]) for id_, _ in self._ledger.articles() if (found := own.fullmatch(id_))}
        if not known:
            return []
        # What is known needs no trying: together with what was tried it becomes few ranges.
        self._tried[sweep.ids] = _merged([*self._ranges(sweep.ids), *((number, number) for number in known)])
        holes: list[int] = []
        ceiling = max(known)
        for first, last in reversed(self._tried[sweep.ids]):
            for number in range(ceiling, last, -1):
                if number <= min(known) or len(holes) >= sweep.budget:
                    return holes
                if not self._ledger.has_asked(f"{sweep.ids}{number}"):
                    holes.append(number)
            ceiling = min(ceiling, first - 1)
        return holes

    def _ranges(self, ids: str) -> list[tuple[int, int]]:
        if ids not in self._tried:
            stated = (self._ledger.get(_remark(ids)) or "").split(",")
            self._tried[ids] = [
                (int(first), int(last)) for first, _, last in (each.partition("-") for each in stated if each)
            ]
        return self._tried[ids]


def _remark(ids: str) -> str:
    return f"numbers tried {ids}"


def _merged(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same numbers in as few ranges as there can be, in order, both ends included."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found
