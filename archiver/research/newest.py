"""The newest revision of each article, one by one, out of the lines alone."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any

from archiver.errors import ArchiveDamaged, ArchiverError, UsageError
from archiver.research.records import article_of
from archiver.store.articles import KIND
from archiver.store.emptied import shown
from archiver.store.months import months
from archiver.store.strays import strays

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from archiver.article import Article
    from archiver.store.months import Month

# Keys of a line have an order, and a quote within a text is escaped: the first of each is the article's own.
_ID = re.compile(rb'"id":"([^"\\]+)"')
_REVISION = re.compile(rb'"revision":(\d+)')
_PUBLISHED = re.compile(rb'"published_at":(?:null|"(\d{4}-\d\d-\d\d)T)')


class Newest:
    """Walks over the articles of sites; what could not be read stands in `troubles` when it has ended."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self.troubles: list[str] = []
        """A line for each file of which something was left out."""

    def articles(self, since: date | None = None, until: date | None = None) -> Iterator[Article]:
        """Those published from `since` to `until`, both days included, as printed; all without them.

        In the order of their last capture, site by site. Two walks over the files: the first finds which line is the newest
        of its id, and keeps 100 bytes an article.
        """
        for folder in self._folders:
            for stray in strays(folder, KIND):
                self._tell(stray)
            places, of = set(self._newest(folder).values()), shown(folder)
            for month in months(folder, KIND):
                for offset, raw in self._lines(month):
                    if (month.name, offset) in places and _is_within(raw, since, until):
                        yield from self._read(month, offset, of(raw))

    def _newest(self, folder: Path) -> dict[bytes, tuple[str, int]]:
        """Id to the place of its newest line."""
        revisions: dict[bytes, int] = {}
        places = {}
        for month in months(folder, KIND):
            for offset, raw in self._lines(month):
                id_, revision = _ID.search(raw), _REVISION.search(raw)
                if not id_ or not revision:
                    self._tell(
                        f"{month.path}, byte {offset}: no line of an article. See what is damaged: archiver verify"
                    )
                elif int(revision[1]) >= revisions.get(id_[1], 0):
                    revisions[id_[1]] = int(revision[1])
                    places[id_[1]] = month.name, offset
        return places

    def _lines(self, month: Month) -> Iterator[tuple[int, bytes]]:
        """As far as they can be read."""
        try:
            yield from month.lines()
        except ArchiverError as damage:
            self._tell(str(damage))

    def _read(self, month: Month, offset: int, raw: bytes) -> Iterator[Article]:
        try:
            yield article_of(json.loads(raw))
        except (ValueError, AttributeError, RecursionError, ArchiveDamaged) as problem:
            self._tell(f"{month.path}, byte {offset}: left out ({problem}). See what is damaged: archiver verify")

    def _tell(self, trouble: str) -> None:
        if trouble not in self.troubles:
            self.troubles.append(trouble)


def day(value: date | str | None) -> date | None:
    """The day that is meant: 2026-11-22, or a date. Raises UsageError."""
    if value is None or type(value) is date:
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError as problem:
        message = f"{value!r} is no day. Write it as 2026-11-22"
        raise UsageError(message) from problem


def days(since: date | str | None, until: date | str | None) -> tuple[date | None, date | None]:
    """The days that are meant. Raises UsageError, also where the first is after the last."""
    first, last = day(since), day(until)
    if first and last and first > last:
        message = f"since {first} is after until {last}: nothing lies between"
        raise UsageError(message)
    return first, last


def _is_within(raw: bytes, since: date | None, until: date | None) -> bool:
    if since is None and until is None:
        return True
    found: Any = _PUBLISHED.search(raw)
    if not found or not found[1]:
        return False
    published_on = found[1].decode()
    return (since is None or published_on >= since.isoformat()) and (until is None or published_on <= until.isoformat())
