"""`manifest.jsonl`: one line a file that is never written again, each with the digest of the line before."""

from __future__ import annotations

import hashlib
import json
import os
from collections import deque
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from archiver.errors import ArchiveDamaged
from archiver.store import disk
from archiver.store.jsonl import lines, move_aside, whole_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "manifest.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """One line: a file as it was when it was closed."""

    file: str
    """Name from the site's folder."""
    bytes: int
    sha256: str
    records: int
    """WARC records."""
    captures: int
    """Responses and revisits among them."""
    first: str | None
    """WARC-Date of the first capture."""
    last: str | None
    previous: str | None = None
    """SHA-256 of the line before, its newline included; null in the first line."""


class Manifest:
    """The manifest of one site, one writer at a time."""

    def __init__(self, site_folder: Path) -> None:
        self.path = site_folder / NAME

    def mend(self) -> None:
        """Moves a torn last line aside."""
        if self.path.exists() and whole_bytes(self.path) != self.path.stat().st_size:
            move_aside(self.path, whole_bytes(self.path))

    def sealed(self) -> Iterator[Sealed]:
        """Every line. Raises ArchiveDamaged where one cannot be read or does not follow from the line before."""
        previous = None
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for (offset, value), raw in zip(lines(self.path), file, strict=True):
                try:
                    line = Sealed(**value)
                except TypeError as problem:
                    message = f"{self.path}, byte {offset}: {problem}. Restore the file from a backup"
                    raise ArchiveDamaged(message) from problem
                if line.previous != previous:
                    message = (
                        f"{self.path}, byte {offset}: the line of {line.file} does not follow from the line before it:"
                        " lines were changed or removed. Restore the file from a backup"
                    )
                    raise ArchiveDamaged(message)
                previous = hashlib.sha256(raw).hexdigest()
                yield line

    def append(self, sealed: Sealed) -> None:
        """Adds a line, chained to the last one; it is on the disk. Raises DiskTrouble."""
        line = json.dumps({**asdict(sealed), "previous": self._last_digest()}, ensure_ascii=False)
        try:
            descriptor = disk.append_to(self.path)
            size = os.fstat(descriptor).st_size
            try:
                disk.write(descriptor, line.encode() + b"\n")
                disk.sync(descriptor)
            except OSError:
                disk.cut(descriptor, size)
                raise
            finally:
                os.close(descriptor)
        except OSError as error:
            raise disk.trouble(self.path, error) from error

    def _last_digest(self) -> str | None:
        if not self.path.exists():
            return None
        with self.path.open("rb") as file:
            last = deque(file, maxlen=1)
        return hashlib.sha256(last[0]).hexdigest() if last else None
