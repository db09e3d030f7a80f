"""Brings what is kept of a file of lines up to it: what was read stays, as long as the lines say the same."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.errors import ArchiverError
from archiver.research.tables.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from archiver.research.tables.columns import Kind
    from archiver.research.tables.parts import Lines, Part, Writer
    from archiver.research.tables.sources import Source

PART_BYTES = 32 * 1024 * 1024
"""Lines of so many bytes at least share a Parquet file; the last of a month has fewer."""
SMALL_BYTES = 2 * 1024 * 1024
"""A last file of fewer bytes of lines is written anew with those that were added."""


@dataclass(frozen=True, slots=True)
class Refresh:
    """Reads what is new of one site."""

    writer: Writer
    passed: Callable[[int], object]
    """Told the bytes of lines that were read."""

    def brought_up(self, kind: Kind, source: Source, kept: Kept | None, *, is_newest: bool) -> Kept:
        """What is kept of a file of lines from now on. Once it is no longer the newest, what was added bit by bit is put together."""
        known = kept.parts if kept else ()
        if not is_newest:
            known = _put_together(known)
        is_all = kept is not None and kept.stamp == source.stamp and len(known) == len(kept.parts)
        if kept and is_all and all(part.is_whole(self.writer.folder) for part in known):
            return kept
        parts: list[Part] = []
        trouble = None
        try:
            parts.extend(self._still_good(kind, source, known))
            if parts and _is_small(parts[-1]) and next(source.lines(parts[-1].end), None):
                parts.pop()
            begin = parts[-1].end if parts else 0
            parts.extend(self.writer.write(kind, source.name, lines) for lines in self._lots(source, begin))
        except ArchiverError as damage:
            trouble = str(damage)
        return Kept(source.stamp, tuple(parts), trouble)

    def _still_good(self, kind: Kind, source: Source, parts: Sequence[Part]) -> Iterator[Part]:
        """The parts whose lines are there; anew those whose lines were changed in place, or whose file was."""
        for part in parts:
            end, checksum = part.start, 0
            for offset, raw in self._between(source, part):
                end, checksum = offset + len(raw), zlib.crc32(raw, checksum)
            if end != part.end:
                return
            is_so = checksum == part.checksum and part.is_whole(self.writer.folder)
            yield part if is_so else self.writer.write(kind, source.name, list(self._between(source, part)))

    def _between(self, source: Source, part: Part) -> Iterator[tuple[int, bytes]]:
        """The lines that stand where those of `part` stood."""
        for offset, raw in source.lines(part.start):
            if offset + len(raw) > part.end:
                return
            self.passed(len(raw))
            yield offset, raw
            if offset + len(raw) == part.end:
                return

    def _lots(self, source: Source, start: int) -> Iterator[Lines]:
        """The lines from `start` on, so many as share a file. What stands before damage is given before it is raised."""
        lot: Lines = []
        size = 0
        try:
            for offset, raw in source.lines(start):
                lot.append((offset, raw))
                size += len(raw)
                self.passed(len(raw))
                if size >= PART_BYTES:
                    yield lot
                    lot, size = [], 0
        except ArchiverError:
            if lot:
                yield lot
            raise
        if lot:
            yield lot


def _is_small(part: Part) -> bool:
    return part.end - part.start < SMALL_BYTES


def _put_together(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts up to the first of several that could be one: from there on lines are read again."""
    first = next((place for place, part in enumerate(parts) if part.end - part.start < PART_BYTES), len(parts))
    return parts if len(parts) - first <= 1 else parts[:first]
