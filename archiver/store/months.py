"""Months of lines, open (`2026-11.jsonl`) or sealed (`2026-11.jsonl.gz`): the same lines at the same places.

A place counts bytes of the lines as they were written, so that sealing moves nothing. A sealed month is a chain of gzip
members (RFC 1952), each of whole lines; the extra field of each says how long it is, and its last four bytes how long its
lines are: a line is found without reading those before it. Any gzip tool reads the file as the lines it holds.
"""

from __future__ import annotations

import io
import os
import re
import struct
import zlib
from bisect import bisect_right as bisect
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from archiver.errors import ArchiveDamaged
from archiver.store.below import files_below
from archiver.store.inflating import is_bomb

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from archiver.store.ledger import Place

SEALED = ".gz"
"""What the name of a sealed month has behind that of an open one."""
MEMBER_BYTES = 256 * 1024
"""Lines of so many bytes at least share a member; the last has fewer."""

_NAME = re.compile(r"\d{4}/\d{4}-\d{2}\.jsonl(?:\.gz)?")
_HEADER = struct.Struct("<4sIBBHccHI")
"""Magic, method and flags; time; extra flags; system; bytes of the extra field; its subfield `LM`, 4 bytes, the member's."""
_MAGIC = b"\x1f\x8b\x08\x04"
_UNKNOWN_SYSTEM = 255
_TRAILER = struct.Struct("<II")
_LEVEL = 9


@dataclass(frozen=True, slots=True)
class _Member:
    """Where a member of a sealed month stands."""

    start: int
    """In the file."""
    packed: int
    """Bytes in the file."""
    length: int
    """Bytes of its lines."""
    ends: int
    """Bytes of all lines up to its end."""


@dataclass(frozen=True, slots=True)
class _Members:
    """Those of a sealed month; the first is an empty one before them."""

    whole: tuple[_Member, ...]
    torn_at: int | None
    """Where there is something else behind them, in bytes of the file."""


@dataclass(frozen=True, slots=True)
class Month:
    """One file of lines."""

    name: str
    """From the site's folder, as of an open month: articles/2026/2026-11.jsonl."""
    path: Path
    """Where it stands now."""

    @property
    def is_sealed(self) -> bool:
        """Whether nothing is appended to it any more."""
        return self.path.suffix == SEALED

    def lines(self, start: int = 0) -> Iterator[tuple[int, bytes]]:
        """Offset and bytes, newline included, of each whole line from the one that begins at `start`.

        A last line without its newline is still being written: it is none yet. Raises ArchiveDamaged.
        """
        with self._open() as file:
            offset = start
            for raw in self._sealed(file, start) if self.is_sealed else _from(file, start):
                if raw.endswith(b"\n"):
                    yield offset, raw
                offset += len(raw)

    def line(self, offset: int) -> bytes:
        """The line that begins at `offset`; empty at the end. Raises ArchiveDamaged."""
        return next((raw for _, raw in self.lines(offset)), b"")

    def text(self, start: int, end: int) -> bytes:
        """The bytes of its lines from `start` to `end`, or to where they end before. Raises ArchiveDamaged."""
        with self._open() as file:
            if not self.is_sealed:
                file.seek(start)
                return file.read(end - start)
            found = b""
            for raw in self._sealed(file, start):
                found += raw
                if len(found) >= end - start:
                    break
            return found[: end - start]

    @property
    def size(self) -> int:
        """Bytes of its lines, a torn one included. Raises ArchiveDamaged."""
        if not self.is_sealed:
            return self.path.stat().st_size
        with self._open() as file:
            members = self._members(file)
        if members.torn_at is not None:
            raise _no_member(self.path, members.torn_at)
        return members.whole[-1].ends

    def _members(self, file: BinaryIO) -> _Members:
        state = os.fstat(file.fileno())
        return _index(self.path, state.st_size, state.st_mtime_ns)

    def _sealed(self, file: BinaryIO, start: int) -> Iterator[bytes]:
        """The lines from `start` on, out of their members; what stands before damage comes first."""
        members = self._members(file)
        state = os.fstat(file.fileno())
        for member in members.whole[bisect(members.whole, start, key=lambda each: each.ends) :]:
            before = member.ends - member.length
            yield from io.BytesIO(_text(self.path, state.st_mtime_ns, member)[max(0, start - before) :])
        if members.torn_at is not None:
            raise _no_member(self.path, members.torn_at)

    def _open(self) -> BinaryIO:
        try:
            return self.path.open("rb")
        except OSError as problem:
            message = f"{self.path}: cannot be read ({problem.strerror}). See what is damaged: archiver verify"
            raise ArchiveDamaged(message) from problem


def months(site_folder: Path, kind: str) -> list[Month]:
    """The months of a kind of lines (`articles`, `events`), oldest first; other files beside them are none.

    Raises ArchiveDamaged where a folder cannot be looked into: what is in it is not nothing.
    """
    files = [name for name in files_below(site_folder, kind) if named_as_month(name)]
    named = {name.removesuffix(SEALED): site_folder / name for name in sorted(files, reverse=True)}
    # Where a crash left both, the open one is whole: the sealed one takes its place only when it is on the disk.
    return [Month(name, path) for name, path in sorted(named.items())]


def named_as_month(name: str) -> bool:
    """Whether a file's name from the site's folder is that of a month."""
    return _NAME.fullmatch(name.partition("/")[2]) is not None


def month_of(site_folder: Path, name: str) -> Month:
    """The month of that name, wherever it stands."""
    sealed = site_folder / (name + SEALED)
    is_open = (site_folder / name).exists() or not sealed.exists()
    return Month(name, site_folder / name if is_open else sealed)


def line_at(site_folder: Path, place: Place) -> bytes:
    """The line at `place`. Raises ArchiveDamaged."""
    return month_of(site_folder, place.file).line(place.offset)


def members_of(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The gzip members of a sealed month: the same lines give the same bytes."""
    waiting: list[bytes] = []
    size = 0
    for raw in lines:
        waiting.append(raw)
        size += len(raw)
        if size >= MEMBER_BYTES:
            yield _member(b"".join(waiting))
            waiting, size = [], 0
    if waiting:
        yield _member(b"".join(waiting))


def _member(text: bytes) -> bytes:
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = deflate.compress(text) + deflate.flush()
    length = _HEADER.size + len(packed) + _TRAILER.size
    header = _HEADER.pack(_MAGIC, 0, 2, _UNKNOWN_SYSTEM, 8, b"L", b"M", 4, length)
    return header + packed + _TRAILER.pack(zlib.crc32(text), len(text))


@lru_cache(maxsize=256)
def _index(path: Path, size: int, changed_ns: int) -> _Members:  # noqa: ARG001  # another file, another index
    """The members up to the first bytes that are none."""
    found = [_Member(0, 0, 0, 0)]
    with path.open("rb") as file:
        while header := file.read(_HEADER.size):
            start = found[-1].start + found[-1].packed
            said = _HEADER.unpack(header) if len(header) == _HEADER.size else None
            if said is None or said[0] != _MAGIC or said[5:8] != (b"L", b"M", 4):
                return _Members(tuple(found), start)
            file.seek(start + said[8] - _TRAILER.size)
            trailer = file.read(_TRAILER.size)
            if said[8] < _HEADER.size + _TRAILER.size or len(trailer) != _TRAILER.size:
                return _Members(tuple(found), start)
            length = _TRAILER.unpack(trailer)[1]
            found.append(_Member(start, said[8], length, found[-1].ends + length))
    return _Members(tuple(found), None)


@lru_cache(maxsize=2)
def _text(path: Path, changed_ns: int, member: _Member) -> bytes:  # noqa: ARG001  # lines are asked for one after the other
    """What a member holds: as many bytes as it says, and no more are unpacked. Raises ArchiveDamaged."""
    try:
        with path.open("rb") as file:
            file.seek(member.start)
            packed = file.read(member.packed)
        if not is_bomb(member.length, member.packed):
            inflating = zlib.decompressobj(zlib.MAX_WBITS + 16)
            text = inflating.decompress(packed, member.length + 1)
            if len(text) == member.length and inflating.eof and not inflating.unused_data:
                return text
    except (OSError, zlib.error) as problem:
        raise _no_member(path, member.start) from problem
    raise _no_member(path, member.start)


def _from(file: BinaryIO, start: int) -> Iterator[bytes]:
    file.seek(start)
    yield from file


def _no_member(path: Path, offset: int) -> ArchiveDamaged:
    message = f"{path}, byte {offset}: no member of a sealed month. See what is damaged: archiver verify"
    return ArchiveDamaged(message)
