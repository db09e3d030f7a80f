"""A body on its way in: in memory while it is small, then in a file without a name."""

from __future__ import annotations

import hashlib
import tempfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

IN_MEMORY = 1_000_000
"""Bytes. Nearly every picture of a news page is smaller."""
PIECE = 1 << 18
START = 4096
"""So many of the first bytes tell what a file is."""


class Spool:
    """Bytes that were appended, with their digests. Nothing is left of it when it is closed, or the process ends."""

    def __init__(self, folder: Path) -> None:
        """What does not stay in memory goes into a file below `folder`: where the archive is, there is room for it."""
        self._file = tempfile.SpooledTemporaryFile[bytes](IN_MEMORY, dir=str(folder))  # close() closes it
        self._sha1: Any = hashlib.sha1(usedforsecurity=False)
        self._sha256: Any = hashlib.sha256()
        self.size = 0
        self.start = b""
        """The first bytes."""
        self.trouble: OSError | None = None
        """Why the disk took no more."""

    def write(self, data: bytes) -> None:
        """Appends. What the disk does not take is in `trouble`; from then on nothing is appended."""
        if self.trouble is not None:
            return
        try:
            self._file.write(data)
        except OSError as problem:
            self.trouble = problem
            return
        self._sha1.update(data)
        self._sha256.update(data)
        self.size += len(data)
        if len(self.start) < START:
            self.start += data[: START - len(self.start)]

    @property
    def sha1(self) -> bytes:
        """SHA-1: 20 bytes."""
        digest: bytes = self._sha1.digest()
        return digest

    @property
    def sha256(self) -> str:
        """SHA-256: 64 hexadecimal digits."""
        digest: str = self._sha256.hexdigest()
        return digest

    def pieces(self) -> Iterator[bytes]:
        """All of it, from the first byte on."""
        self._file.seek(0)
        while piece := self._file.read(PIECE):
            yield piece

    def first(self, count: int) -> bytes:
        """The first `count` bytes, or all where there are fewer."""
        self._file.seek(0)
        return self._file.read(count)

    def close(self) -> None:
        """Nothing of it is left."""
        self._file.close()
