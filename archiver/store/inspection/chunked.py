"""A chunked body without its framing (RFC 9112, 7.1), while it goes by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archiver.store.inspection.digests import Hash

_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n")
_SIZE_BEGUN = re.compile(rb"(?:\r?\n)?[ \t]*[0-9A-Fa-f]{0,15}[ \t]*(?:;[^\r\n]*)?\r?")
_LONGEST_LINE = 4096


class Unchunked:
    """Hashes the data of the chunks it is fed; `is_chunked` until something is no chunk."""

    def __init__(self, hashed: Hash) -> None:
        self.hashed = hashed
        self.is_chunked = True
        self._left = 0
        """Bytes of the chunk still to come."""
        self._line = b""
        """Of the size line, what came so far; before it the end of the line after the last chunk."""
        self._is_over = False

    def update(self, data: memoryview) -> None:
        """Takes the next bytes of the body."""
        while data and self.is_chunked and not self._is_over:
            if self._left:
                self.hashed.update(data[: self._left])
                taken = min(self._left, len(data))
                self._left -= taken
                data = data[taken:]
            else:
                data = self._begin_chunk(data)

    def _begin_chunk(self, data: memoryview) -> memoryview:
        """What stands behind the size line, if it is whole."""
        before = len(self._line)
        line = self._line + bytes(data[:_LONGEST_LINE])
        start = 2 if line.startswith(b"\r\n") else 1 if line.startswith(b"\n") else 0
        size = _SIZE.match(line, start)
        if size is None:
            self._line = line
            self.is_chunked = len(line) < _LONGEST_LINE and _SIZE_BEGUN.fullmatch(line) is not None
            return data[len(line) - before :]
        self._line = b""
        self._left = int(size[1], 16)
        self._is_over = not self._left
        return data[size.end() - before :]
