"""Keeps an index fresh: reads the lines that are new, and the months again that are not as they were."""

from __future__ import annotations

import zlib
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from archiver.errors import ArchiveDamaged
from archiver.research.index.catalogue import MonthRead
from archiver.research.index.entry import entry_of
from archiver.store.articles import KIND
from archiver.store.emptied import seen, shown
from archiver.store.ledger import Place
from archiver.store.months import Month, months

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from archiver.research.index.catalogue import Catalogue
    from archiver.research.index.texts import Texts


class MustBeMadeAnew(Exception):  # caught by the one who opens the index
    """Lines went, or are hidden now, and what stands in their place is not known without reading everything."""


def is_fresh(catalogue: Catalogue, site_folder: Path) -> bool:
    """Whether no file was written, removed or replaced since it was read, and nothing more is to be hidden."""
    if catalogue.takedowns() != seen(site_folder):
        return False
    known = catalogue.months()
    here = months(site_folder, KIND)
    return known.keys() == {month.name for month in here} and all(
        _stands(month) == (known[month.name].size, known[month.name].changed) for month in here
    )


def refresh(catalogue: Catalogue, texts: Texts, site_folder: Path) -> None:
    """Takes in what was written since the last time. Raises MustBeMadeAnew."""
    takedowns = seen(site_folder)
    if catalogue.takedowns() is None:
        catalogue.put_takedowns(takedowns)
    if catalogue.takedowns() != takedowns:
        raise MustBeMadeAnew
    reader = _Reader(catalogue, texts, shown(site_folder))
    here = {month.name: month for month in months(site_folder, KIND)}
    known = catalogue.months()
    for name, was in known.items():
        if name not in here or not _is_as_read(here[name], was):
            reader.forget(name)
    known = catalogue.months()
    for name, month in here.items():
        size, changed = _stands(month)
        was = known.get(name, MonthRead(0, 0))
        if (was.size, was.changed) != (size, changed):
            catalogue.put_month(name, reader.read(month, replace(was, size=size, changed=changed)))
    reader.close()


def _stands(month: Month) -> tuple[int, int]:
    try:
        stat = month.path.stat()
    except FileNotFoundError:  # sealed, or taken away, a moment ago
        return 0, 0
    return stat.st_size, stat.st_mtime_ns


def _is_as_read(month: Month, was: MonthRead) -> bool:
    """Whether the lines that were read stand as they stood."""
    size, changed = _stands(month)
    if (size, changed) == (was.size, was.changed):
        return True
    if was.damage:
        return False
    try:
        if size > was.size and not month.is_sealed:  # appended to: to read all of it would cost more than what is new
            return was.last < 0 or zlib.crc32(month.line(was.last)) == was.last_crc
        crc, end = 0, 0
        for offset, raw in takewhile(lambda line: line[0] < was.read, month.lines()):
            crc, end = zlib.crc32(raw, crc), offset + len(raw)
    except ArchiveDamaged:
        return False
    return (crc, end) == (was.crc, was.read)


class _Reader:
    def __init__(self, catalogue: Catalogue, texts: Texts, of: Callable[[bytes], bytes]) -> None:
        self._catalogue = catalogue
        self._texts = texts
        self._shown = of
        self._number = catalogue.last_number()
        self._stale: list[int] = []
        """Numbers whose text is to go: all at once, see SqliteTexts.remove."""
        self._lost: set[str] = set()
        """Ids whose newest line is gone."""

    def forget(self, month: str) -> None:
        dropped = self._catalogue.forget_month(month)
        self._stale += dropped.values()
        self._lost.update(dropped)

    def read(self, month: Month, was: MonthRead) -> MonthRead:
        """Takes the lines from `was.read` on in. What cannot be read is left out and named."""
        read, last, last_crc, crc = was.read, was.last, was.last_crc, was.crc
        damage = []
        try:
            for offset, raw in month.lines(was.read):
                read, last, last_crc, crc = offset + len(raw), offset, zlib.crc32(raw), zlib.crc32(raw, crc)
                try:
                    self._take(raw, Place(month.name, offset))
                except (ValueError, TypeError, KeyError, RecursionError) as problem:
                    damage.append(f"{month.path}, byte {offset}: no line of an article ({problem!r})")
        except ArchiveDamaged as problem:
            damage.append(str(problem).split(". See what", 1)[0])
        said = was.damage
        if damage:
            more = f" and {len(damage) - 1} more" if len(damage) > 1 else ""
            said = f"{damage[0]}{more}: left out. See what is damaged: archiver verify"
        return replace(was, read=read, last=last, last_crc=last_crc, crc=crc, damage=said)

    def close(self) -> None:
        if self._lost:
            raise MustBeMadeAnew
        self._texts.remove(self._stale)

    def _take(self, raw: bytes, place: Place) -> None:
        entry = entry_of(self._shown(raw))
        self._lost.discard(entry.id)
        known = self._catalogue.revision_of(entry.id)
        if known is not None:
            number, revision = known
            if revision > entry.revision:
                return
            self._stale.append(number)
            self._catalogue.forget(number)
        self._number += 1
        self._catalogue.put(self._number, entry, place)
        if entry.status != "tombstone":
            self._texts.add(self._number, entry)
