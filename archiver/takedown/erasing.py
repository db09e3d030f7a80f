"""Records of capture files overwritten in place by tombstones, and the files listed anew in the manifest."""

from __future__ import annotations

import hashlib
import os
from dataclasses import asdict
from typing import TYPE_CHECKING

from archiver.errors import ArchiveDamaged
from archiver.store import disk
from archiver.store.captures import FOLDER as CAPTURES
from archiver.store.manifest import Sealed
from archiver.store.members import whole_exchanges
from archiver.store.tombstones import tombstone

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from archiver.store.manifest import Manifest
    from archiver.store.takedowns import ErasedRecord

_PIECE = 1 << 20


def digest_after(folder: Path, name: str, records: Sequence[ErasedRecord], reason: str) -> tuple[str, str]:
    """SHA-256 of a capture file as it is, and as it will be once these records are tombstones. Raises ArchiveDamaged."""
    before, after = hashlib.sha256(), hashlib.sha256()
    with _own(folder, name).open("rb") as file:
        for piece, becomes in _pieces(file.fileno(), records, reason):
            before.update(piece)
            after.update(piece if becomes is None else becomes)
    return before.hexdigest(), after.hexdigest()


def erase(folder: Path, name: str, records: Sequence[ErasedRecord], reason: str) -> None:
    """Writes the tombstones; they are on the disk. What was done before is done again. Raises ArchiveDamaged, DiskTrouble."""
    path = _own(folder, name)
    try:
        descriptor = disk.open_in_place(path)
        try:
            for record in records:
                disk.overwrite(descriptor, record.offset, _tombstone(record, reason))
            disk.sync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise disk.trouble(path, error) from error


def list_anew(folder: Path, name: str, expected: str, reason: str, manifest: Manifest) -> None:
    """The manifest says what a file is now, or said so before; of a month that was opened again it says nothing.

    Raises ArchiveDamaged where the file is not what it was to become.
    """
    listed = manifest.standing().get(name)
    if listed is None or listed.sha256 == expected:
        return
    path = folder / name
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if sha256 != expected:
        message = f"{path}: not as the takedown was to leave it. Restore it from a backup, then: archiver repair"
        raise ArchiveDamaged(message)
    now = asdict(whole_exchanges(path)) if name.startswith(CAPTURES) else {"bytes": path.stat().st_size}
    said = {**asdict(listed), **now, "sha256": sha256, "previous": None}
    manifest.append(Sealed(**{**said, "cause": "takedown", "replaces": listed.sha256, "reason": reason}))


def fill_with_zeros(folder: Path, name: str) -> None:
    """A file of its length, without its content; it is on the disk. Raises ArchiveDamaged, DiskTrouble."""
    path = _own(folder, name)
    try:
        descriptor = disk.open_in_place(path)
        try:
            size = os.fstat(descriptor).st_size
            for start in range(0, size, _PIECE):
                disk.overwrite(descriptor, start, bytes(min(_PIECE, size - start)))
            disk.sync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise disk.trouble(path, error) from error


def _own(folder: Path, name: str) -> Path:
    """The file of that name, in the site's folder and nowhere else. Raises ArchiveDamaged.

    Names come from takedowns.jsonl, which checks them as it is read; what is written over is gone, so this asks again.
    """
    place = folder.resolve()
    if not (place / name).is_relative_to(place) or (place / name).resolve() != place / name:
        message = f"{folder / name}: outside of the site's folder, or a link: it is not written over. Put the file itself there"
        raise ArchiveDamaged(message)
    return folder / name


def _pieces(descriptor: int, records: Sequence[ErasedRecord], reason: str) -> Iterator[tuple[bytes, bytes | None]]:
    """The file in pieces, each with what takes its place; None: it stays."""
    at = 0
    for record in [*sorted(records, key=lambda each: each.offset), None]:
        end = record.offset if record is not None else os.fstat(descriptor).st_size
        while at < end:
            piece = os.pread(descriptor, min(_PIECE, end - at), at)
            if not piece:
                return
            yield piece, None
            at += len(piece)
        if record is not None:
            yield os.pread(descriptor, record.length, at), _tombstone(record, reason)
            at += record.length


def _tombstone(record: ErasedRecord, reason: str) -> bytes:
    return tombstone(record.record_id, record.date, reason, record.length)
