"""The exchange that a line comes from, read from its capture file and held against what the line says of it."""

from __future__ import annotations

import base64
import hashlib
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from archiver import codings
from archiver.errors import ArchiveDamaged
from archiver.store.captures import path_of
from archiver.store.ledger import Place
from archiver.store.warc import NOT_MODIFIED_STATUS, body_at, stored

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from archiver.store.exchange import Exchange
    from archiver.store.warc import Stored

LARGEST_FILE_BYTES = 1 << 30
"""Of a kept picture or attachment, without content coding."""

_FILE = re.compile(r"captures/\d{4}/\d{2}/[\w.-]+\.warc\.gz")
_ORIGINAL = "SELECT file.name, payload.offset FROM payload JOIN file ON file.number = payload.file WHERE digest = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """One exchange, and whether it is what the line says."""

    exchange: Exchange
    """With its body, as far as that is kept."""
    record_id: str
    payload_digest: str
    """As the record states it."""
    file: str
    """Name from the site's folder."""
    offset: int
    """Byte at which the record of the response begins."""
    length: int
    """Bytes of the record as stored."""
    original: Place | None
    """Where the body stands, where this record says that it was the same as in an earlier one."""
    doubts: tuple[str, ...]
    """What is not as the line says: `record_id`, `digest`, `body`; empty: all that can be held against it agrees."""


def captured(site_folder: Path, line: Mapping[str, Any], lines: Sequence[Mapping[str, Any]] = ()) -> Captured | None:
    """The exchange of a line; None: the line names none. `lines`: of the same article, where the body may stand.

    Raises ArchiveDamaged where no record can be read there.
    """
    said = line["capture"]
    if said is None:
        return None
    path, offset = capture_path(site_folder, said["warc"]), _offset(said["offset"])
    for found in stored(path, offset):
        original = _original(site_folder, found, lines)
        exchange = found.exchange
        if original is not None:
            body = body_at(capture_path(site_folder, original.file), original.offset)
            exchange = replace(exchange, body=body)
        return Captured(
            exchange=exchange,
            record_id=found.record_id,
            payload_digest=found.payload_digest,
            file=said["warc"],
            offset=found.offset,
            length=found.length,
            original=original,
            doubts=tuple(_doubts(said, found, exchange)),
        )
    message = f"{path}, byte {offset}: no record of a response. See what is damaged: archiver verify {path}"
    raise ArchiveDamaged(message)


def bytes_at(site_folder: Path, place: Place) -> bytes:
    """The bytes of a kept file, without content coding. Raises ArchiveDamaged, BadPage."""
    path = capture_path(site_folder, place.file)
    for found in stored(path, _offset(place.offset)):
        exchange = found.exchange
        return codings.decode(exchange.body, exchange.header("Content-Encoding") or "", limit=LARGEST_FILE_BYTES)
    message = f"{path}, byte {place.offset}: no record of a response. See what is damaged: archiver verify {path}"
    raise ArchiveDamaged(message)


def capture_path(site_folder: Path, name: object) -> Path:
    """Where a capture file of that name stands. Raises ArchiveDamaged for names that no capture file has."""
    if not isinstance(name, str) or not _FILE.fullmatch(name):
        message = (
            f"{site_folder}: {str(name)[:80]!r} is no name of a capture file. See what is damaged: archiver verify"
        )
        raise ArchiveDamaged(message)
    return path_of(site_folder, name)


def _offset(said: object) -> int:
    if not isinstance(said, int) or said < 0:
        message = f"{str(said)[:40]!r} is no place in a capture file. See what is damaged: archiver verify"
        raise ArchiveDamaged(message)
    return said


def _original(site_folder: Path, found: Stored, lines: Sequence[Mapping[str, Any]]) -> Place | None:
    """Where the body of a revisit stands; None: in the record itself, or nowhere that is known."""
    if found.refers_to is None:
        return None
    said = [line["capture"] for line in lines if line["capture"]]
    for capture in said:
        if capture["payload_digest"] == found.payload_digest and capture["record_id"] != found.record_id:
            first = next(stored(capture_path(site_folder, capture["warc"]), _offset(capture["offset"])), None)
            if first is not None and first.refers_to is None:
                return Place(capture["warc"], first.offset)
    ledger = site_folder / "ledger.sqlite"
    try:
        with closing(sqlite3.connect(f"{ledger.absolute().as_uri()}?mode=ro", uri=True)) as known:
            row = known.execute(_ORIGINAL, (found.payload_sha1,)).fetchone()
    except (sqlite3.Error, ValueError):  # no ledger, or a damaged one: `verify` tells, and the body is a doubt
        return None
    return Place(*row) if row else None


def _doubts(said: Mapping[str, Any], found: Stored, exchange: Exchange) -> list[str]:
    digest = "sha1:" + base64.b32encode(hashlib.sha1(exchange.body, usedforsecurity=False).digest()).decode()
    doubts = []
    if said["record_id"] != found.record_id:
        doubts.append("record_id")
    if said["payload_digest"] != found.payload_digest:
        doubts.append("digest")
    if digest != found.payload_digest and exchange.status != NOT_MODIFIED_STATUS:
        doubts.append("body")
    return doubts
