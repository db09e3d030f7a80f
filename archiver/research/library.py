"""The articles of an archive to look up: lists, counts, lines, and what went wrong. Safe to ask from several threads."""

from __future__ import annotations

import json
import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, fields
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from archiver.article import Article
from archiver.errors import ArchiveDamaged
from archiver.research.catalog import open_catalog, stamp_of
from archiver.research.catalog_answers import ids_at, kept_at, place_of, problems
from archiver.research.facts import Facts
from archiver.research.selection import counts
from archiver.store.emptied import shown
from archiver.store.months import line_at
from archiver.store.withheld import shown_event

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from archiver.research.catalog_answers import Kept, Problem
    from archiver.research.selection import Counts, Selection
    from archiver.store.ledger import Place

_NAMES = frozenset(each.name for each in fields(Article))
"""Of what every line has."""

Order = Literal["newest", "oldest", "changed"]

_ORDERS: dict[Order, tuple[str, str, bool]] = {
    "newest": ("moment", "fact", True),
    "oldest": ("moment", "fact", False),
    "changed": ("changed", "article JOIN fact USING (number)", True),
}
"""By what, where that stands, and whether the greatest comes first."""
_LISTED = """SELECT article.number, article.id, title, excerpt, revision, published, language, changed, moment, section.text, status.text,
    flags.text FROM article JOIN fact ON fact.number = article.number JOIN word section ON section.number = fact.section
    JOIN word status ON status.number = fact.status JOIN word flags ON flags.number = fact.flags"""


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in a list, by its newest line."""

    id: str
    title: str
    excerpt: str
    revision: int
    published_at: str
    """RFC 3339, as in its line; empty: none."""
    language: str
    changed: str
    """When its newest line was captured."""
    moment: int
    section: str
    status: str
    flags: tuple[str, ...]
    site: str


class Shelf:
    """One site of the library."""

    def __init__(self, folder: Path, told: Callable[[int], object]) -> None:
        self.folder = folder
        self._lock = threading.RLock()
        self.stamp: tuple[str, ...] = ()
        """Another one whenever a line was written."""
        self._facts: Facts | None = None
        self._catalog = self._opened(told)

    def refresh(self) -> None:
        """Takes in what was written since the last time."""
        with self._lock:
            if stamp_of(self.folder) != self.stamp:
                self._catalog.close()
                self._catalog = self._opened(lambda _: None)

    def line_at(self, place: Place) -> bytes:
        """What is shown of the line of an article there. Raises ArchiveDamaged."""
        return self._shown(line_at(self.folder, place))

    def event_at(self, place: Place) -> bytes:
        """What is shown of the event there. Raises ArchiveDamaged."""
        return self._shown_event(line_at(self.folder, place))

    def _opened(self, told: Callable[[int], object]) -> sqlite3.Connection:
        self.stamp, self._facts = stamp_of(self.folder), None
        self._shown, self._shown_event = shown(self.folder), shown_event(self.folder)
        return open_catalog(self.folder, told)

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """The catalog as it was refreshed last, for one thread at a time."""
        with self._lock:
            yield self._catalog

    def numbers_of(self, ids: Sequence[str] | None) -> dict[str, int]:
        """Ids and their numbers; None: of all."""
        with self.open() as catalog:
            if ids is None:
                return dict(catalog.execute("SELECT id, number FROM article"))
            asked = "SELECT id, number FROM article WHERE id IN (SELECT value FROM json_each(?))"
            return dict(catalog.execute(asked, (json.dumps(ids),)))

    def facts(self) -> Facts:
        """What is counted of its articles."""
        with self.open() as catalog:
            if self._facts is None:
                self._facts = Facts(catalog, self.folder.name)
            return self._facts

    def ordered(self, selection: Selection, order: Order, most: int) -> list[tuple[Any, int]]:
        """The first articles of a selection: by what each was ordered, and its number."""
        with self.open() as catalog:
            flags = [text for (text,) in catalog.execute("SELECT text FROM word")] if selection.flag else []
            condition, values = selection.condition(flags)
            by, tables, is_descending = _ORDERS[order]
            direction = "DESC" if is_descending else "ASC"
            query = f"SELECT {by}, number FROM {tables} WHERE {condition} ORDER BY {by} {direction} LIMIT ?"  # noqa: S608
            return catalog.execute(query, (*values, most)).fetchall()

    def first(self, numbers: Iterable[int], selection: Selection, order: Order, most: int) -> list[Listed]:
        """The first of the articles of these numbers that are in the selection."""
        chosen = self.facts().first(numbers, selection, order, most)
        found = self.numbered(chosen)
        return [found[number] for number in chosen]

    def numbered(self, numbers: Sequence[int]) -> dict[int, Listed]:
        """These articles by their numbers."""
        return self._found("article.number", numbers)

    def named(self, ids: Sequence[str]) -> dict[str, Listed]:
        """These articles by their ids, as far as there are such."""
        return {listed.id: listed for listed in self._found("article.id", ids).values()}

    def _found(self, column: str, values: Sequence[Any]) -> dict[int, Listed]:
        with self.open() as catalog:
            query = f"{_LISTED} WHERE {column} IN (SELECT value FROM json_each(?))"  # noqa: S608  # our own names
            return {row[0]: self._listed(row[1:]) for row in catalog.execute(query, (json.dumps(values),))}

    def _listed(self, row: tuple[Any, ...]) -> Listed:
        *told, flags = row
        return Listed(*(*told, tuple(flags.split()), self.folder.name))


class Library:
    """All sites of an archive."""

    def __init__(self, folders: Sequence[Path], told: Callable[[int], object] = lambda _: None) -> None:
        self.shelves = {folder.name: Shelf(folder, told) for folder in folders}

    def refresh(self) -> None:
        """Takes in what was written since the last time: what is asked afterwards is answered from that state."""
        for shelf in self.shelves.values():
            shelf.refresh()

    @property
    def folders(self) -> list[Path]:
        """Of the sites."""
        return [shelf.folder for shelf in self.shelves.values()]

    def problems(self) -> list[tuple[str, Problem]]:
        """What could not be read, with its site."""
        found = []
        for name, shelf in self.shelves.items():
            with shelf.open() as catalog:
                found += [(name, problem) for problem in problems(catalog)]
        return found

    def counts(self, selection: Selection, found: Mapping[str, Collection[int]] | None = None) -> Counts:
        """How many articles there are of each kind. `found`: numbers that a search has found, by site; None: all."""
        all_days: Counter[Any] = Counter()
        its_days: Counter[Any] = Counter()
        has_days = selection.since is not None or selection.until is not None
        for name, shelf in self.shelves.items():
            numbers = None if found is None else found.get(name, ())
            facts = shelf.facts()
            all_days += facts.count(numbers=numbers)
            its_days += facts.count(selection.since, selection.until, numbers) if has_days else Counter()
        return counts(selection, all_days, its_days if has_days else all_days)

    def articles(self, selection: Selection, order: Order, *, limit: int, offset: int = 0) -> list[Listed]:
        """The articles of a selection, `limit` of them from the `offset`th on."""
        chosen = [shelf for name, shelf in self.shelves.items() if selection.site in ("", name)]
        lists = (
            [(by, shelf, number) for by, number in shelf.ordered(selection, order, offset + limit)] for shelf in chosen
        )
        in_order = merge(*lists, key=lambda each: each[0], reverse=_ORDERS[order][2])
        here = [(shelf, number) for _, shelf, number in islice(in_order, offset, offset + limit)]
        found = {
            shelf: shelf.numbered([number for at, number in here if at is shelf])
            for shelf in {shelf for shelf, _ in here}
        }
        return [found[shelf][number] for shelf, number in here]

    def first_of(
        self, found: Mapping[str, Sequence[int]], selection: Selection, order: Order, *, limit: int, offset: int = 0
    ) -> list[Listed]:
        """Of the articles of these numbers, by site, those of the selection, `limit` from the `offset`th on."""
        lists = (self.shelves[name].first(numbers, selection, order, offset + limit) for name, numbers in found.items())
        in_order = merge(*lists, key=lambda listed: _order_key(listed, order), reverse=order != "oldest")
        return list(islice(in_order, offset, offset + limit))

    def line(self, id_: str) -> dict[str, Any]:
        """The newest line of an article. Raises ArchiveDamaged."""
        return self.lines(id_)[-1]

    def named(self, ids: Sequence[str]) -> dict[str, Listed]:
        """These articles by their ids, as far as there are such."""
        return {id_: listed for shelf in self.shelves.values() for id_, listed in shelf.named(ids).items()}

    def ids_at(self, urls: Sequence[str]) -> dict[str, str]:
        """Each of these addresses at which an article was seen, and the article's id."""
        found: dict[str, str] = {}
        for shelf in self.shelves.values():
            with shelf.open() as catalog:
                found |= ids_at(catalog, urls)
        return found

    def kept(self, site: str, urls: Sequence[str]) -> dict[str, Kept]:
        """Each of these addresses of a site's pictures and attachments that is kept."""
        with self.shelves[site].open() as catalog:
            return kept_at(catalog, urls)

    def shelf_of(self, id_: str) -> Shelf | None:
        """The site of an article; None: no site has it."""
        for shelf in self.shelves.values():
            with shelf.open() as catalog:
                if place_of(catalog, id_):
                    return shelf
        return None

    def lines(self, id_: str) -> list[dict[str, Any]]:
        """All lines of an article, oldest first; none: no site has it. Raises ArchiveDamaged."""
        shelf = self.shelf_of(id_)
        if shelf is None:
            return []
        with shelf.open() as catalog:
            places = place_of(catalog, id_)
        return [_line(shelf, place, id_) for _, place in places]


def _order_key(listed: Listed, order: Order) -> Any:
    return listed.changed if order == "changed" else listed.moment


def _line(shelf: Shelf, place: Place, id_: str) -> dict[str, Any]:
    try:
        line: dict[str, Any] = json.loads(shelf.line_at(place))
        lacks = _NAMES - line.keys()
        if line["id"] == id_ and not lacks:
            return line
        problem: object = f"it lacks {', '.join(sorted(lacks))}" if lacks else f"a line of {line['id']!r}"
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        problem = repr(error)
    message = (
        f"{shelf.folder / place.file}, byte {place.offset}: not the line of {id_} ({problem}). See: archiver verify"
    )
    raise ArchiveDamaged(message)
