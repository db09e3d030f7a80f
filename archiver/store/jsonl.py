"""JSON Lines by month, append-only: whole lines in, whole lines out, what is torn moved aside."""

from __future__ import annotations

import itertools
import json
import logging
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archiver.errors import ArchiveDamaged
from archiver.store import disk
from archiver.store.ledger import FileState, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

_TAIL_BYTES = 65_536

logger = logging.getLogger(__name__)


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

    Lines wait in memory until flush(): no line is on the disk before the captures that prove it.
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
            return _value(month.waiting[place.offset], place.file)
        return line_at(self._folder / place.file, place.offset)

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
            try:
                descriptor = disk.append_to(path)
                size = os.fstat(descriptor).st_size
            except OSError as error:
                raise disk.trouble(path, error) from error
            state = self._state_of(name)
            self._months[name] = _Month(descriptor, size, state.records if state else 0)
        return self._months[name]


def lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Offset and value of each line of `path`. Raises ArchiveDamaged, naming file and line, where one is no JSON object."""
    offset = 0
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            yield offset, _value(raw, f"{path}, line {number}")
            offset += len(raw)


def line_at(path: Path, offset: int) -> dict[str, Any]:
    """The value of the line that begins at `offset`. Raises ArchiveDamaged."""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            raw = file.readline()
    except OSError as problem:
        message = f"{path}: cannot be read ({problem.strerror}). See what is damaged: archiver verify"
        raise ArchiveDamaged(message) from problem
    return _value(raw, f"{path}, byte {offset}")


def whole_bytes(path: Path) -> int:
    """How many bytes of `path` are whole lines."""
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        while end:
            start = max(0, end - _TAIL_BYTES)
            file.seek(start)
            newline = file.read(end - start).rfind(b"\n")
            if newline >= 0:
                return start + newline + 1
            end = start
    return 0


def move_aside(path: Path, size: int) -> None:
    """`path` ends at `size` bytes; what was behind stands in NAME.torn-N beside it. Raises DiskTrouble."""
    shown = path.name.removesuffix(".open")
    aside = torn_name(path.with_name(shown))
    try:
        with path.open("rb") as file:
            file.seek(size)
            rest = file.read()
        kept = disk.append_to(aside)
        disk.write(kept, rest)
        disk.sync(kept)
        os.close(kept)
        descriptor = disk.append_to(path)
        disk.cut(descriptor, size)
        disk.sync(descriptor)
        os.close(descriptor)
    except OSError as error:
        raise disk.trouble(path, error) from error
    logger.warning("%s: the last %d bytes were not finished; moved to %s", path, len(rest), aside.name)


def torn_name(path: Path) -> Path:
    """The first name of the form NAME.torn-N beside `path` that no file has."""
    return next(
        aside for number in itertools.count(1) if not (aside := path.with_name(f"{path.name}.torn-{number}")).exists()
    )


def _value(raw: bytes, place: str) -> dict[str, Any]:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as problem:
        message = f"{place}: no JSON ({problem}). See what is damaged: archiver verify"
        raise ArchiveDamaged(message) from problem
    if not isinstance(value, dict):
        message = f"{place}: no JSON object. See what is damaged: archiver verify"
        raise ArchiveDamaged(message)
    return value
