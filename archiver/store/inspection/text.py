"""The text of records, uncompressed, read forward piece by piece; from another place by beginning there anew."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BORDER = re.compile(rb"WARC/\d\.\d{1,2}\r?\n[A-Za-z0-9-]{1,60}[ \t]*:")
"""Where a record begins: its version line, and the name of a field."""

_LONGEST_BORDER = 80
_BLANK_LINE = re.compile(rb"\n\r*\n")


class Text:
    """A text that `pieces_from` gives from any position on, to its end."""

    def __init__(self, pieces_from: Callable[[int], Iterator[bytes]], position: int = 0) -> None:
        self._pieces_from = pieces_from
        self.seek(position)

    def seek(self, position: int) -> None:
        """Goes on from `position`."""
        self.position = position
        self._pieces = self._pieces_from(position)
        self._piece = b""
        self._at = 0

    def beside(self, position: int) -> Text:
        """A second reader of the same text."""
        return Text(self._pieces_from, position)

    def some(self, most: int) -> memoryview:
        """The next bytes, at most `most`, at least one; none at the end."""
        while self._at == len(self._piece):
            if not self._grow():
                break
        part = memoryview(self._piece)[self._at : self._at + most]
        self._step(len(part))
        return part

    def peek(self, size: int) -> bytes:
        """The next `size` bytes, which stay; fewer at the end."""
        while len(self._piece) - self._at < size and self._grow():
            pass
        return self._piece[self._at : self._at + size]

    def head(self, most: int) -> bytes | None:
        """The lines up to the first blank one, with it; None: there is none within `most` bytes, and nothing was read."""
        searched = 0
        while not (blank := _BLANK_LINE.search(self._piece, self._at + searched)):
            searched = max(len(self._piece) - self._at - 2, 0)
            if searched > most or not self._grow():
                return None
        head = self._piece[self._at : blank.end()]
        self._step(len(head))
        return head

    def to_border(self) -> bool:
        """Whether another record begins further on: stands there, or at the end."""
        while not (border := BORDER.search(self._piece, self._at)):
            self._step(max(len(self._piece) - self._at - _LONGEST_BORDER, 0))
            if not self._grow():
                self._step(len(self._piece) - self._at)
                return False
        self._step(border.start() - self._at)
        return True

    def _step(self, size: int) -> None:
        self._at += size
        self.position += size

    def _grow(self) -> bool:
        piece = next(self._pieces, b"")
        self._piece = self._piece[self._at :] + piece if self._at < len(self._piece) else piece
        self._at = 0
        return bool(piece)
