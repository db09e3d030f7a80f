"""The capture files of a site: `captures/YYYY/MM/SITE-TIME-SERIAL.warc.gz`, with `.open` behind the name while written."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from archiver.article import Capture
from archiver.store import disk, warc
from archiver.store.ledger import FileState, Place
from archiver.store.manifest import Sealed
from archiver.store.members import Members

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from archiver.store.exchange import Exchange
    from archiver.store.manifest import Manifest
    from archiver.store.warc import Original

OPEN = ".open"
FOLDER = "captures"
FIRST_OF_RUN = "first-file-of-run"
"""Field of a file's warcinfo: the number of the first file that its run began."""
PURPOSE, PROBE = "purpose", "probe"
"""Field of a file's warcinfo, and its value where a probe wrote the file. What a probe has asked is kept, and no line is
made of it, neither by the run after it nor by a rebuild: among it are addresses that no crawl asks for."""

_SERIAL = re.compile(r"-(\d+)\.warc\.gz(?:\.open)?$")


@dataclass(frozen=True, slots=True)
class Rotation:
    """When a file is closed and the next one begun."""

    largest_bytes: int = 1_000_000_000
    """A file of this size gets no further record."""
    longest_seconds: int = 86_400
    """Nor one whose first capture is so long ago."""


class CaptureFiles:
    """The writer. What is appended is with the system at once, and on the disk after sync()."""

    def __init__(self, site_folder: Path, manifest: Manifest, about: Mapping[str, str], rotation: Rotation) -> None:
        self._folder = site_folder
        self._manifest = manifest
        self._serial = 1 + max(map(serial_of, capture_files(site_folder)), default=0)
        self._about = {**about, FIRST_OF_RUN: str(self._serial)}
        self._rotation = rotation
        self._file: _OpenFile | None = None

    @property
    def end(self) -> tuple[int, int]:
        """Where the next exchange will stand: the file's number, and the offset there."""
        return (serial_of(self._file.name), self._file.members.bytes) if self._file else (self._serial, 0)

    def append(self, exchange: Exchange, original: Original | None) -> tuple[Capture, Place]:
        """The response's record, and where the exchange begins; a revisit where the payload is `original`'s,
        or the answer 304 says that it still holds.

        Raises DiskTrouble.
        """
        if self._file is not None and self._is_full(exchange.at):
            self.close()
        try:
            self._file = self._file or self._begin(exchange.at)
            begins = Place(self._file.name, self._file.members.bytes)
            return self._file.append(exchange, original), begins
        except OSError as error:
            raise disk.trouble(self._folder / FOLDER, error) from error

    def sync(self) -> Mapping[str, FileState]:
        """The file that is being written, once all of it is on the disk."""
        if self._file is None:
            return {}
        try:
            disk.sync(self._file.descriptor)
        except OSError as error:
            raise disk.trouble(self._folder / self._file.name, error) from error
        return {self._file.name: FileState(self._file.members.bytes, self._file.members.records)}

    def close(self) -> Mapping[str, FileState]:
        """The file, closed under its final name and in the manifest. Raises DiskTrouble."""
        states = self.sync()
        if self._file is not None:
            os.close(self._file.descriptor)
            done, self._file = self._file, None
            seal(self._folder, done.name, done.members, self._manifest)
        return states

    def abandon(self) -> None:
        """Leaves the file as it is, for the next run to mend."""
        if self._file is not None:
            os.close(self._file.descriptor)
            self._file = None

    def _is_full(self, at: datetime) -> bool:
        assert self._file is not None, "asked of an open file only"
        age = (at - self._file.begun_at).total_seconds()
        return self._file.members.bytes >= self._rotation.largest_bytes or age >= self._rotation.longest_seconds

    def _begin(self, at: datetime) -> _OpenFile:
        name = f"{FOLDER}/{at:%Y}/{at:%m}/{self._folder.name}-{at:%Y%m%dT%H%M%SZ}-{self._serial:05d}.warc.gz"
        self._serial += 1
        file = _OpenFile(name, disk.append_to(self._folder / (name + OPEN)), at)
        file.begin(warc.warcinfo(name.rpartition("/")[2], at, self._about))
        return file


class _OpenFile:
    """One file that is being written."""

    def __init__(self, name: str, descriptor: int, begun_at: datetime) -> None:
        self.name = name
        self.descriptor = descriptor
        self.begun_at = begun_at
        self._digest: Any = hashlib.sha256()
        self.members = Members(sha256=self._digest.hexdigest())

    def append(self, exchange: Exchange, original: Original | None) -> Capture:
        """Request, what led here, and response; the response last, so that where it is whole they all are."""
        record_id = warc.new_id()
        before = [warc.request_record(exchange, record_id)]
        if exchange.via or exchange.named:
            before.append(warc.via_record(exchange, record_id))
        if original is not None and exchange.status == warc.NOT_MODIFIED_STATUS:
            record = warc.not_modified_record(exchange, record_id, original)
        elif original is not None:
            record = warc.revisit_record(exchange, record_id, original)
        elif exchange.spool is None:
            record = warc.response_record(exchange, record_id)
        else:
            record = None
        offset = self.members.bytes + sum(map(len, before))
        captured = f"{exchange.at:%Y-%m-%dT%H:%M:%SZ}"
        if record is not None:
            self._write([*before, record], captured)
        else:
            self._write_in_pieces(before, partial(warc.write_response, exchange, record_id), captured)
        return Capture(
            warc=self.name,
            offset=offset,
            length=self.members.bytes - offset,
            record_id=record_id,
            payload_digest=warc.labelled(exchange.payload_sha1),
            http_status=exchange.status,
            truncated=exchange.truncated,
        )

    def begin(self, warcinfo: bytes) -> None:
        """Writes the first record. Raises OSError."""
        self._write([warcinfo], None)

    def _write(self, records: list[bytes], captured: str | None) -> None:
        """Appends records with one write, the last a capture of that WARC-Date; of half a write nothing is left."""
        try:
            disk.write(self.descriptor, b"".join(records))
        except OSError:
            disk.cut(self.descriptor, self.members.bytes)
            raise
        for place, record in enumerate(records, start=1):
            self._digest.update(record)
            at = captured if place == len(records) else None
            self.members = self.members.followed_by(len(record), self._digest.hexdigest(), at)

    def _write_in_pieces(
        self, before: list[bytes], give: Callable[[Callable[[bytes], object]], object], captured: str
    ) -> None:
        """The same of a capture whose own record, behind those `before`, is given piece by piece."""
        members, digest, size = self.members, self._digest.copy(), 0

        def take(piece: bytes) -> None:
            nonlocal size
            disk.write(self.descriptor, piece)
            self._digest.update(piece)
            size += len(piece)

        try:
            self._write(before, None)
            give(take)
        except OSError:
            disk.cut(self.descriptor, members.bytes)
            self.members, self._digest = members, digest
            raise
        self.members = self.members.followed_by(size, self._digest.hexdigest(), captured)


def capture_files(site_folder: Path) -> list[str]:
    """The names of all capture files from the site's folder, in the order in which they were begun; `.open` left on."""
    found = [
        path
        for pattern in ("*.warc.gz", f"*.warc.gz{OPEN}")
        for path in (site_folder / FOLDER).glob(f"[0-9][0-9][0-9][0-9]/[0-9][0-9]/{pattern}")
    ]
    return sorted((str(path.relative_to(site_folder)) for path in found), key=serial_of)


def serial_of(name: str) -> int:
    """The number of a capture file; 0 where its name has none."""
    found = _SERIAL.search(name)
    return int(found[1]) if found else 0


def run_of(site_folder: Path, name: str) -> int:
    """The run that wrote a capture file, by the number of the first file that it began. Raises ArchiveDamaged."""
    return int(warc.about(path_of(site_folder, name)).get(FIRST_OF_RUN, serial_of(name)))


def is_of_probe(site_folder: Path, name: str) -> bool:
    """Whether a probe wrote a capture file, not a crawl. Raises ArchiveDamaged."""
    return warc.about(path_of(site_folder, name)).get(PURPOSE) == PROBE


def path_of(site_folder: Path, name: str) -> Path:
    """Where the capture file of that final name stands, closed or being written."""
    path = site_folder / name
    return path if path.exists() else path.with_name(path.name + OPEN)


def seal(site_folder: Path, name: str, members: Members, manifest: Manifest) -> None:
    """Gives a whole file, which is on the disk, its final name and its line in the manifest. Raises DiskTrouble."""
    path = site_folder / name
    still_open = path.with_name(path.name + OPEN)
    try:
        if still_open.exists():
            disk.rename(still_open, path)
        disk.sync_folder(path.parent)
    except OSError as error:
        raise disk.trouble(path, error) from error
    manifest.append(Sealed(file=name, **asdict(members)))
