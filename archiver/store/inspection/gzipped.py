"""The members of a gzip file (RFC 1952): their text, where each ends, and in what way one is broken."""

from __future__ import annotations

import zlib
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from archiver.store.inspection.stored import StoredFile

MAGIC = b"\x1f\x8b\x08"
"""ID1, ID2 and the only method that is defined (RFC 1952, 2.3.1)."""

_GZIP = 31
_RAW = -15
_STEP = 1 << 15
_MOST = 1 << 18
_SALVAGED = 1 << 15


class TornMemberError(Exception):
    """The bytes end before the member does."""


class Member:
    """The member at `offset`. `end`, the byte after it, is known when its text was read to the end."""

    def __init__(self, stored: StoredFile, offset: int) -> None:
        self._stored = stored
        self.offset = offset
        self.end = offset

    def pieces(self, position: int) -> Iterator[bytes]:
        """Its text from `position` on. Raises TornMemberError, zlib.error; checksum and length are checked at the end."""
        inflated = self._inflated()
        for piece in inflated:
            if position < len(piece):
                yield piece[position:]
            position = max(position - len(piece), 0)

    def _inflated(self) -> Iterator[bytes]:
        self.end = yield from inflate(self._stored, self.offset, self._stored.size)


@dataclass(frozen=True, slots=True)
class Breakage:
    """A stretch of the file that gives no whole record."""

    code: str
    what: str
    text: bytes | None
    """As much as can be had of the beginning of the record that stood there, up to 32 kB; None: there stood none."""
    resume: int | None
    """Where the next member begins; None: there is none."""


def is_gzip(stored: StoredFile) -> bool:
    """By the first bytes; where they are damaged, by what follows, whatever the name says."""
    begin = stored.at(0, 5)
    if begin == b"WARC/" or MAGIC.startswith(begin[:2]):
        return begin != b"WARC/"
    return bool(_without_header(stored, 0)) or _next_member(stored, 0) is not None


def inflate(stored: StoredFile, offset: int, until: int) -> Generator[bytes, None, int]:
    """The text of the member at `offset`; returns the byte after it. Raises TornMemberError, zlib.error."""
    inflater = zlib.decompressobj(_GZIP)
    while not inflater.eof:
        packed = stored.piece(offset, min(_STEP, until - offset)) if offset < until else b""
        if not packed:
            raise TornMemberError
        offset += len(packed)
        text = inflater.decompress(packed, _MOST)
        while text:
            yield text
            # A piece of the full size may have more behind it, even where no packed byte is left.
            full = len(text) == _MOST and not inflater.eof
            text = inflater.decompress(inflater.unconsumed_tail, _MOST) if full else b""
    return offset - len(inflater.unused_data)


def breakage(stored: StoredFile, offset: int, error: Exception) -> Breakage:
    """In what way the member at `offset` is broken, of which reading ended in `error`."""
    resume = _next_member(stored, offset + 1)
    text = _salvaged(stored, offset) or _without_header(stored, offset)
    if resume is not None:
        if _only_torn(stored, offset, resume):
            return Breakage("torn-member", f"a gzip member is cut short; the next is at byte {resume}", text, resume)
        return Breakage("flipped-bits", f"a gzip member cannot be inflated ({error})", text, resume)
    if isinstance(error, TornMemberError) and stored.size - offset < 10:
        return Breakage("torn-header", f"{stored.size - offset} bytes of a gzip header end the file", text, None)
    zeros = stored.zeros_from(offset)
    # A loss of power may leave zeros in place of bytes not yet on the disk; those of a sound member's end are few.
    is_padded = stored.size - zeros >= 16 and _only_torn(stored, offset, zeros)
    if is_padded or isinstance(error, TornMemberError):
        return Breakage("torn-tail", f"the last gzip member ends after {zeros - offset} bytes", text, None)
    return Breakage("flipped-bits", f"the last gzip member cannot be inflated ({error})", text, None)


def no_member(stored: StoredFile, offset: int) -> Breakage:
    """What the bytes at `offset` are, where a member should begin and none does."""
    resume = _next_member(stored, offset + 1)
    if text := _without_header(stored, offset):
        return Breakage("flipped-bits", "a gzip header is damaged", text, resume)
    if resume is not None:
        size = resume - offset
        return Breakage("garbage-between", f"{size} bytes before the next gzip member belong to none", None, resume)
    size = stored.size - offset
    if MAGIC.startswith(stored.at(offset, 10)):
        return Breakage("torn-header", f"{size} bytes of a gzip header end the file", b"", None)
    if stored.zeros_from(offset) == offset:
        return Breakage("zeros-at-end", f"{size} zeros follow the last record", None, None)
    return Breakage("garbage-at-end", f"{size} bytes that are no gzip member follow the last record", None, None)


def _next_member(stored: StoredFile, offset: int) -> int | None:
    """Where the next member with a WARC record begins, from `offset`: the magic number alone stands in any data."""
    found = stored.find(MAGIC, offset)
    while found is not None and not _salvaged(stored, found, 5).startswith(b"WARC/"):
        found = stored.find(MAGIC, found + 1)
    return found


def _only_torn(stored: StoredFile, offset: int, until: int) -> bool:
    """Whether what stands before `until` is the beginning of a sound member."""
    end: Exception | None = None
    try:
        for _ in inflate(stored, offset, until):
            pass
    except (TornMemberError, zlib.error) as error:
        end = error
    return isinstance(end, TornMemberError)


def _salvaged(stored: StoredFile, offset: int, most: int = _SALVAGED) -> bytes:
    return _begun(stored.at(offset, most + 512), _GZIP, most)


def _without_header(stored: StoredFile, offset: int) -> bytes:
    """The text of a member whose header cannot be trusted; empty where it is no record's."""
    packed = stored.at(offset, _SALVAGED)
    # A header has 10 bytes, or 12 and the extra field (2.3.1.1) in which wget keeps the size of the member.
    starts = (10, 12 + int.from_bytes(packed[10:12], "little"))
    texts = (_begun(packed[start:], _RAW, _SALVAGED) for start in starts)
    return next((text for text in texts if text.startswith(b"WARC/")), b"")


def _begun(packed: bytes, form: int, most: int) -> bytes:
    """As much text as can be had, up to `most` bytes and a few more: small steps lose little to the first fault."""
    inflater = zlib.decompressobj(form)
    text = b""
    with suppress(zlib.error):
        while len(text) < most and (more := inflater.decompress(packed, 256)):
            text += more
            packed = inflater.unconsumed_tail
    return text
