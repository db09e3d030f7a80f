"""The records of a capture file, one gzip member each: read strictly, to the last that is whole."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archiver.errors import ArchiveDamaged
from archiver.store.inflating import MOST_TIMES, is_bomb

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PIECE = 1 << 18
_BEGINNING = 1 << 20
_COMES_BEFORE = ("request", "metadata")
"""Types of records that stand before the response that they belong to."""
_IS_CAPTURE = ("response", "revisit")

TAKEDOWN = "WARC-Takedown"
"""A field of our own (WARC 1.1, 5: others are allowed): why the record that stood here was erased, as a code."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it stands in a file."""

    offset: int
    length: int
    """Of its member, as stored."""
    fields: dict[str, str]
    """Named fields by their names in lower case (WARC 1.1, 4: names have no case)."""
    block: bytes

    @property
    def kind(self) -> str:
        """WARC-Type."""
        return self.fields.get("warc-type", "")

    @property
    def is_tombstone(self) -> bool:
        """Whether another record was erased here: it belongs to no exchange."""
        return bool(self.field(TAKEDOWN))

    def field(self, name: str) -> str:
        """A named field; empty: there is none."""
        return self.fields.get(name.lower(), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """What the members of a file hold, from its start."""

    bytes: int = 0
    """Where the last of them ends."""
    records: int = 0
    captures: int = 0
    """Responses and revisits."""
    first: str | None = None
    """WARC-Date of the first capture."""
    last: str | None = None
    sha256: str
    """Of these bytes."""

    def followed_by(self, size: int, sha256: str, captured: str | None) -> Members:
        """These and one more record of `size` bytes; `captured`: its WARC-Date where it is a capture."""
        return Members(
            bytes=self.bytes + size,
            records=self.records + 1,
            captures=self.captures + (captured is not None),
            first=self.first or captured,
            last=captured or self.last,
            sha256=sha256,
        )


def records(path: Path, start: int = 0) -> Iterator[Record]:
    """Every record from the offset of one on. Raises ArchiveDamaged at the first that is not whole."""
    for offset, length, inflated in _members(path, start):
        head, ends, rest = inflated.partition(b"\r\n\r\n")
        fields = _fields(path, offset, head, ends)
        size = fields["content-length"]
        if rest[int(size) :] != b"\r\n\r\n":
            raise _damaged(path, offset, "the record has another length than it states")
        yield Record(offset, length, fields, rest[: int(size)])


def beginning(path: Path, offset: int) -> Record:
    """The record at `offset` with the first megabyte of its block, read no further; `length` is 0. Raises ArchiveDamaged."""
    inflating, inflated = zlib.decompressobj(zlib.MAX_WBITS + 16), b""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            while len(inflated) < _BEGINNING and not inflating.eof:
                piece = inflating.unconsumed_tail or file.read(_PIECE)
                if not piece:
                    raise _damaged(path, offset, "the file ends in the middle of a record")
                inflated += inflating.decompress(piece, _BEGINNING)
    except zlib.error as problem:
        raise _damaged(path, offset, f"no gzip member ({problem})") from problem
    except OSError as problem:
        raise _unreadable(path, problem) from problem
    head, ends, rest = inflated.partition(b"\r\n\r\n")
    fields = _fields(path, offset, head, ends)
    return Record(offset, 0, fields, rest[: int(fields["content-length"])])


def _fields(path: Path, offset: int, head: bytes, ends: bytes) -> dict[str, str]:
    """The named fields of a record, among them its length. Raises ArchiveDamaged."""
    version, *lines = head.split(b"\r\n")
    pairs = (line.decode("utf-8", errors="replace").partition(":") for line in lines)
    fields = {name.strip().lower(): value.strip() for name, _, value in pairs}
    if not (ends and version.startswith(b"WARC/") and fields.get("content-length", "").isdecimal()):
        raise _damaged(path, offset, "no WARC record begins here")
    return fields


def whole_exchanges(path: Path) -> Members:
    """The records of `path` up to the first that is not whole, without requests that no response follows."""
    found = whole = Members(sha256="")
    try:
        for record in records(path):
            captured = record.field("WARC-Date") if record.kind in _IS_CAPTURE else None
            found = found.followed_by(record.length, "", captured)
            if record.kind not in _COMES_BEFORE or record.is_tombstone:
                whole = found
    except ArchiveDamaged:
        pass  # what is whole comes before
    digest, left = hashlib.sha256(), whole.bytes
    with path.open("rb") as file:
        while left:
            piece = file.read(min(_PIECE, left))
            digest.update(piece)
            left -= len(piece)
    return replace(whole, sha256=digest.hexdigest())


def _members(path: Path, start: int) -> Iterator[tuple[int, int, bytes]]:
    """Offset, stored length and content of each gzip member. Raises ArchiveDamaged."""
    try:
        with path.open("rb") as file:
            file.seek(start)
            piece = file.read(_PIECE)
            while piece:
                inflating, parts, length = zlib.decompressobj(zlib.MAX_WBITS + 16), [], 0
                while not inflating.eof:
                    if not piece:
                        raise _damaged(path, start, "the file ends in the middle of a record")
                    parts.append(inflating.decompress(piece))
                    length += len(piece) - len(inflating.unused_data)
                    piece = inflating.unused_data or file.read(_PIECE)
                yield start, length, b"".join(parts)
                start += length
    except zlib.error as problem:
        raise _damaged(path, start, f"no gzip member ({problem})") from problem
    except OSError as problem:
        raise _unreadable(path, problem) from problem


def require_no_bomb(path: Path) -> None:
    """Raises ArchiveDamaged where a record of a file that came from elsewhere unpacks to more than any honest one.

    Nothing of it is kept. What a crawl of our own has written has the limits of the crawl, and is not asked.
    """
    start = packed = inflated = 0
    inflating = zlib.decompressobj(zlib.MAX_WBITS + 16)
    try:
        with path.open("rb") as file:
            while piece := inflating.unconsumed_tail or inflating.unused_data or file.read(_PIECE):
                if inflating.eof:
                    start, packed, inflated = start + packed, 0, 0
                    inflating = zlib.decompressobj(zlib.MAX_WBITS + 16)
                inflated += len(inflating.decompress(piece, _BEGINNING))
                packed += len(piece) - len(inflating.unused_data) - len(inflating.unconsumed_tail)
                if is_bomb(inflated, packed):
                    raise _damaged(path, start, f"the record unpacks to more than {MOST_TIMES} times its size")
    except zlib.error as problem:
        raise _damaged(path, start, f"no gzip member ({problem})") from problem
    except OSError as problem:
        raise _unreadable(path, problem) from problem


def _unreadable(path: Path, problem: OSError) -> ArchiveDamaged:
    return ArchiveDamaged(f"{path}: cannot be read ({problem.strerror}). Restore it from a backup")


def _damaged(path: Path, offset: int, problem: str) -> ArchiveDamaged:
    message = f"{path}, byte {offset}: {problem}. See what is damaged: archiver verify {path}"
    return ArchiveDamaged(message)
