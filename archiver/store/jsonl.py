"""JSON Lines by month, append-only: whole lines in, whole lines out, a torn last line moved aside."""

from __future__ import annotations

import errno
import json
import logging
import os
from typing import TYPE_CHECKING, Any, BinaryIO

from archiver.errors import ArchiveDamaged, DiskTrouble

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

LINES_A_SYNC = 256
"""So many lines go to the disk with one fsync; the rest at the end of a run."""

_TAIL_BYTES = 65_536

logger = logging.getLogger(__name__)


class MonthlyLines:
    """The files `FOLDER/YYYY/YYYY-MM.jsonl`, one writer at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path: Path | None = None
        self._file: BinaryIO | None = None
        self._unsynced = 0

    def paths(self) -> list[Path]:
        """Every file, oldest month first."""
        return sorted(self.folder.glob("[0-9][0-9][0-9][0-9]/*.jsonl"))

    def append(self, moment: datetime, line: str) -> tuple[Path, int]:
        """Where `line`, which ends in its newline, now stands: the file of the month of `moment`, and the offset there.

        One write, whole or cut back: no other line is ever glued to part of one. Raises DiskTrouble.
        """
        path = self.folder / f"{moment:%Y}" / f"{moment:%Y-%m}.jsonl"
        encoded = line.encode()
        try:
            file = self._opened(path)
            offset = file.seek(0, os.SEEK_END)
            _write_whole(file, encoded, offset)
            self._unsynced += 1
            if self._unsynced >= LINES_A_SYNC:
                self.sync()
        except OSError as trouble:
            raise _disk_trouble(path, trouble) from trouble
        return path, offset

    def sync(self) -> None:
        """Returns when every appended line is on the disk."""
        if self._file is not None and self._unsynced:
            os.fsync(self._file.fileno())
        self._unsynced = 0

    def close(self) -> None:
        """Ends writing; the lines are on the disk."""
        if self._file is not None:
            self.sync()
            self._file.close()
        self._file = self._path = None

    def mend(self) -> None:
        """Cuts every file back to its last whole line. What is cut off is moved aside and logged, never deleted."""
        for path in self.paths():
            mend_tail(path)

    def _opened(self, path: Path) -> BinaryIO:
        if self._file is None or path != self._path:
            self.close()
            path.parent.mkdir(parents=True, exist_ok=True)
            mend_tail(path)
            self._file = path.open("ab", buffering=0)
            self._path = path
        return self._file


def lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Offset and value of each line of `path`. Raises ArchiveDamaged, naming file and line, where one is no JSON object."""
    offset = 0
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            yield offset, _value(raw, f"{path}, line {number}")
            offset += len(raw)


def line_at(path: Path, offset: int) -> dict[str, Any]:
    """The value of the line that begins at `offset`."""
    with path.open("rb") as file:
        file.seek(offset)
        return _value(file.readline(), f"{path}, byte {offset}")


def mend_tail(path: Path) -> None:
    """Cuts `path` back to its last newline. The tail goes to NAME.jsonl.torn-N beside it."""
    whole, size = _whole_bytes(path)
    if whole == size:
        return
    number = 1 + len(list(path.parent.glob(f"{path.name}.torn-*")))
    aside = path.with_name(f"{path.name}.torn-{number}")
    with path.open("r+b") as file:
        file.seek(whole)
        aside.write_bytes(file.read())
        file.truncate(whole)
        os.fsync(file.fileno())
    logger.warning("%s ended in part of a line (%d bytes): moved to %s", path, size - whole, aside.name)


def _whole_bytes(path: Path) -> tuple[int, int]:
    """How many bytes of `path` are whole lines, and how many there are."""
    if not path.exists():
        return 0, 0
    with path.open("rb") as file:
        size = end = file.seek(0, os.SEEK_END)
        while end:
            start = max(0, end - _TAIL_BYTES)
            file.seek(start)
            newline = file.read(end - start).rfind(b"\n")
            if newline >= 0:
                return start + newline + 1, size
            end = start
    return 0, size


def _value(raw: bytes, place: str) -> dict[str, Any]:
    try:
        value = json.loads(raw)
    except ValueError as problem:
        message = f"{place}: no JSON ({problem}). Keep a copy of the file and restore it from a backup"
        raise ArchiveDamaged(message) from problem
    if not isinstance(value, dict):
        message = f"{place}: no JSON object. Keep a copy of the file and restore it from a backup"
        raise ArchiveDamaged(message)
    return value


def _write_whole(file: BinaryIO, encoded: bytes, offset: int) -> None:
    """One write; on a full disk the file is cut back to where it was."""
    try:
        written = file.write(encoded)
    except OSError:
        file.truncate(offset)
        raise
    if written != len(encoded):
        file.truncate(offset)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _disk_trouble(path: Path, trouble: OSError) -> DiskTrouble:
    message = f"{path}: cannot be written ({trouble.strerror or trouble}). Make room or choose another --archive DIR"
    return DiskTrouble(message)
