"""Articles that a query finds, as a list with counts by kind: what the page shows of a search."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from archiver.research.matching import Matcher
from archiver.research.query_language import parse_query
from archiver.research.search import search
from archiver.research.selection import NO_SECTION
from archiver.research.snippets import snippets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archiver.research.found import Field, Snippet
    from archiver.research.library import Library, Listed, Order
    from archiver.research.selection import Counts, Selection


_REMEMBERED = 64
"""Answers of the search."""
_ANYTHING = "a"
"""Asked for when an index is only to be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedUp:
    """One page of what a query finds, and how much there is."""

    hits: Sequence[tuple[Listed, tuple[Snippet, ...]]]
    counts: Counts
    is_exact: bool
    """False: the counts are those of all articles with these letters, whatever their accents."""
    total: int
    """As far as it was counted,"""
    is_total: bool
    """and whether that is all."""
    notes: tuple[str, ...]
    """What the reader should know."""


class _Ranked(NamedTuple):
    """What a search says."""

    total: int
    is_total: bool
    hits: list[tuple[Listed, tuple[Snippet, ...]]]
    notes: list[str]


class Desk:
    """Looks things up in a library; its indexes are made and kept fresh by themselves."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._matchers = {name: Matcher(shelf) for name, shelf in library.shelves.items()}
        self._threads = ThreadPoolExecutor(max_workers=2)
        self._lock = Lock()
        self._answers: OrderedDict[tuple[object, ...], _Ranked] = OrderedDict()

    def look_up(
        self, text: str, field: Field | None, selection: Selection, order: Order | None, *, limit: int, offset: int
    ) -> LookedUp:
        """The articles of the selection that the query finds. `order`: None is the rank.

        Ranked are those of a site, a section and days; of other selections the newest come first. Raises BadQuery,
        UsageError, DiskTrouble, ArchiveDamaged.
        """
        query = parse_query(text, field)
        notes: list[str] = []
        is_ranked = order is None and may_be_ranked(selection)
        # SQLite lets other threads go on while it looks: ranking and counting take the time of the longer.
        ranked = self._threads.submit(self._ranked, text, field, selection, limit, offset) if is_ranked else None
        found = {
            name: matcher.matched(text, field, notes.append, is_checked=not is_ranked)
            for name, matcher in self._matchers.items()
            if selection.site in ("", name)
        }
        is_exact = all(each.is_exact for each in found.values())
        counts = self._library.counts(selection, {name: each.numbers for name, each in found.items()})
        if ranked is not None:
            answer = ranked.result()
            total, is_total, hits = answer.total, answer.is_total, answer.hits
            notes += answer.notes
        else:
            numbers = {name: each.numbers for name, each in found.items()}
            listed = self._library.first_of(numbers, selection, order or "newest", limit=limit, offset=offset)
            hits = [(each, snippets(self._library.line(each.id), query)) for each in listed]
            total, is_total = counts.total, True
        return LookedUp(
            hits=hits,
            counts=counts,
            is_exact=is_exact,
            total=counts.total if is_exact else total,
            is_total=is_exact or is_total,
            notes=tuple(dict.fromkeys(notes)),
        )

    def make_indexes(self, tell: Callable[[str], None]) -> None:
        """Makes those that are not there, and brings the others up to date. Raises DiskTrouble."""
        for matcher in self._matchers.values():
            matcher.matched(_ANYTHING, None, tell)

    def _ranked(self, text: str, field: Field | None, selection: Selection, limit: int, offset: int) -> _Ranked:
        """What the search says; the last answers are remembered while no line is written."""
        stamps = tuple(shelf.stamp for shelf in self._library.shelves.values())
        key = (stamps, text, field, selection, limit, offset)
        with self._lock:
            known = self._answers.get(key)
        if known is None:
            known = self._search(text, field, selection, limit, offset)
            with self._lock:
                self._answers[key] = known
                if len(self._answers) > _REMEMBERED:
                    self._answers.popitem(last=False)
        return known

    def _search(self, text: str, field: Field | None, selection: Selection, limit: int, offset: int) -> _Ranked:
        notes: list[str] = []
        folders = [folder for folder in self._library.folders if selection.site in ("", folder.name)]
        found = search(
            folders, text, field=field, since=selection.since, until=selection.until, section=selection.section or None,
            limit=limit, offset=offset, tell=notes.append,
        )  # fmt: skip
        known = self._library.named([hit.id for hit in found.hits])
        hits = [(known[hit.id], hit.snippets) for hit in found.hits if hit.id in known]
        return _Ranked(found.total, found.is_exact, hits, [*notes, *found.damage])


def may_be_ranked(selection: Selection) -> bool:
    """Whether the search itself knows what is asked for."""
    return not selection.status and not selection.flag and selection.section != NO_SECTION
