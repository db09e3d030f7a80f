"""Months of lines, open (`2026-11.jsonl`) or sealed (`2026-11.jsonl.gz`): the same lines at the same places.

A place counts bytes of the lines as they were written, so that sealing moves nothing. A sealed month is a chain of gzip
members (RFC 1952), each of whole lines; the extra field of each says how long it is, and its last four bytes how long its
lines are: a line is found without reading those before it. Any gzip tool reads the file as the lines it holds.
"""

from __future__ import annotations

import gzip
import io
import re
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.errors import ArchiveDamaged

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
            for raw in _sealed(file, self.path, start) if self.is_sealed else _from(file, start):
                if raw.endswith(b"\n"):
                    yield offset, raw
                offset += len(raw)

    def line(self, offset: int) -> bytes:
        """The line that begins at `offset`; empty at the end. Raises ArchiveDamaged."""
        return next((raw for _, raw in self.lines(offset)), b"")

    @property
    def size(self) -> int:
        """Bytes of its lines, a torn one included. Raises ArchiveDamaged."""
        if not self.is_sealed:
            return self.path.stat().st_size
        with self._open() as file:
            return sum(length for _, _, length in _members(file, self.path))

    def _open(self) -> BinaryIO:
        try:
            return self.path.open("rb")
        except OSError as problem:
            message = f"{self.path}: cannot be read ({problem.strerror}). See what is damaged: archiver verify"
            raise ArchiveDamaged(message) from problem


def months(site_folder: Path, kind: str) -> list[Month]:
    """The months of a kind of lines (`articles`, `events`), oldest first; other files beside them are none."""
    folder = site_folder / kind
    paths = [path for path in folder.glob("*/*") if _NAME.fullmatch(path.relative_to(folder).as_posix())]
    named = {
        path.relative_to(site_folder).as_posix().removesuffix(SEALED): path for path in sorted(paths, reverse=True)
    }
    # Where a crash left both, the open one is whole: the sealed one takes its place only when it is on the disk.
    return [Month(name, path) for name, path in sorted(named.items())]


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


def _members(file: BinaryIO, path: Path) -> Iterator[tuple[int, int, int]]:
    """Where each member begins, its bytes, and the bytes of its lines."""
    start = 0
    while header := file.read(_HEADER.size):
        said = _HEADER.unpack(header) if len(header) == _HEADER.size else None
        if said is None or said[0] != _MAGIC or said[5:8] != (b"L", b"M", 4):
            raise _no_member(path, start)
        length = said[8]
        file.seek(start + length - _TRAILER.size)
        trailer = file.read(_TRAILER.size)
        if len(trailer) != _TRAILER.size:
            raise _no_member(path, start)
        yield start, length, _TRAILER.unpack(trailer)[1]
        start += length


def _sealed(file: BinaryIO, path: Path, start: int) -> Iterator[bytes]:
    """The lines from `start` on, out of their members."""
    before = 0
    for at, packed, length in _members(file, path):
        if before + length > start:
            file.seek(at)
            try:
                text = gzip.decompress(file.read(packed))
            except (OSError, EOFError, zlib.error) as problem:
                raise _no_member(path, at) from problem
            yield from io.BytesIO(text[max(0, start - before) :])
            file.seek(at + packed)
        before += length


def _from(file: BinaryIO, start: int) -> Iterator[bytes]:
    file.seek(start)
    yield from file


def _no_member(path: Path, offset: int) -> ArchiveDamaged:
    message = f"{path}, byte {offset}: no member of a sealed month. See what is damaged: archiver verify"
    return ArchiveDamaged(message)
