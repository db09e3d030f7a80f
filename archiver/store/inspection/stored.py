"""The bytes of a file as stored: read through a window, hashed once and in order whatever is read again."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_WINDOW = 1 << 20


class StoredFile:
    """A file of `size` bytes, of which about 1 MB is in memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._descriptor = file.fileno()
        self.size = os.fstat(self._descriptor).st_size
        self._number = -1
        self._window = b""
        self._sha256 = hashlib.sha256()
        self._hashed = 0

    def piece(self, offset: int, most: int) -> bytes:
        """Some bytes from `offset`, at most `most`, at least one; none at the end of the file."""
        number, start = divmod(offset, _WINDOW)
        if number != self._number:
            self._window = self._read(number)
            self._number = number
        return self._window[start : start + most]

    def at(self, offset: int, size: int) -> bytes:
        """`size` bytes from `offset`; fewer at the end of the file."""
        got = self.piece(offset, size)
        while len(got) < size and (more := self.piece(offset + len(got), size - len(got))):
            got += more
        return got

    def pieces(self, offset: int) -> Iterator[bytes]:
        """All bytes from `offset`."""
        while piece := self.piece(offset, _WINDOW):
            yield piece
            offset += len(piece)

    def find(self, needle: bytes, offset: int) -> int | None:
        """Where `needle` stands next, from `offset`."""
        overlap = b""
        for piece in self.pieces(offset):
            looked = overlap + piece
            if (found := looked.find(needle)) >= 0:
                return offset - len(overlap) + found
            overlap = looked[-(len(needle) - 1) :]
            offset += len(piece)
        return None

    def zeros_from(self, offset: int) -> int:
        """Where the zeros begin that fill the file to its end, from `offset`; the size of the file: it ends in none."""
        zeros = offset
        for piece in self.pieces(offset):
            offset += len(piece)
            if kept := len(piece.rstrip(b"\0")):
                zeros = offset - len(piece) + kept
        return zeros

    def sha256(self) -> str:
        """Of the whole file, in hex."""
        for number in range(self._hashed, -(-self.size // _WINDOW)):
            self._read(number)
        return self._sha256.hexdigest()

    def _read(self, number: int) -> bytes:
        """The bytes of a window, hashed if it is the next to be."""
        start = number * _WINDOW
        window = os.pread(self._descriptor, max(min(_WINDOW, self.size - start), 0), start)
        if number == self._hashed:
            self._sha256.update(window)
            self._hashed += 1
        return window
