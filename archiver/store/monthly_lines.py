"""The writer of JSON Lines by month, append-only."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archiver.store import disk
from archiver.store.jsonl import line_at, value_of
from archiver.store.ledger import FileState, Place
from archiver.store.manifest import Manifest
from archiver.store.months import month_of
from archiver.store.sealing import open_month

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path


@dataclass(slots=True)
class _Month:
    """One file, and the lines that are to go to its end."""

    descriptor: int
    size: int
    lines: int
    waiting: dict[int, bytes] = field(default_factory=dict)
    """Offset to line."""

    @property
    def end(self) -> int:
        """Where the next line will begin."""
        return self.size + sum(map(len, self.waiting.values()))


class MonthlyLines:
    """The files `SITE/KIND/YYYY/YYYY-MM.jsonl`, one writer at a time.

    Lines wait in memory until flush(): no line is on the disk before the captures that prove it. A sealed month that gets
    a late line is opened again first.
    """

    def __init__(self, site_folder: Path, kind: str, state_of: Callable[[str], FileState | None]) -> None:
        self._folder = site_folder
        self._kind = kind
        self._state_of = state_of
        self._months: dict[str, _Month] = {}

    def append(self, moment: datetime, line: str) -> Place:
        """Where `line`, which ends in its newline, will stand: in the file of the month of `moment`."""
        name = f"{self._kind}/{moment:%Y}/{moment:%Y-%m}.jsonl"
        encoded = line.encode()
        month = self._month(name)
        place = Place(name, month.end)
        month.waiting[place.offset] = encoded
        return place

    def line(self, place: Place) -> dict[str, Any]:
        """The value of the line at `place`, on the disk or not. Raises ArchiveDamaged."""
        month = self._months.get(place.file)
        if month is not None and place.offset in month.waiting:
            return value_of(month.waiting[place.offset], place.file)
        return line_at(self._folder, place)

    def flush(self) -> Mapping[str, FileState]:
        """The files with new lines, once these are on the disk. Raises DiskTrouble; then no part of a line is left."""
        flushed = {}
        for name, month in self._months.items():
            if not month.waiting:
                continue
            try:
                self._write(month)
            except OSError as error:
                raise disk.trouble(self._folder / name, error) from error
            flushed[name] = FileState(month.size, month.lines)
        return flushed

    def close(self) -> None:
        """Ends writing. Lines that were not flushed are not written."""
        for month in self._months.values():
            os.close(month.descriptor)
        self._months = {}

    def _write(self, month: _Month) -> None:
        try:
            disk.write(month.descriptor, b"".join(month.waiting.values()))
            disk.sync(month.descriptor)
        except OSError:
            disk.cut(month.descriptor, month.size)
            raise
        month.size = month.end
        month.lines += len(month.waiting)
        month.waiting.clear()

    def _month(self, name: str) -> _Month:
        if name not in self._months:
            path = self._folder / name
            if month_of(self._folder, name).is_sealed:
                open_month(self._folder, name, Manifest(self._folder))
            try:
                descriptor = disk.append_to(path)
                size = os.fstat(descriptor).st_size
            except OSError as error:
                raise disk.trouble(path, error) from error
            state = self._state_of(name)
            self._months[name] = _Month(descriptor, size, state.records if state else 0)
        return self._months[name]
