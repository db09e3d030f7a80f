"""The start of a run after one that did not end well: files and ledger agree again, and nothing captured is lost.

A run writes captures, then lines, then commits the ledger. Whatever stands in the files behind the last commit is
therefore made again from the captures: lines are cut back to the commit, and the captures since are read once more,
without a fetch.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archiver.errors import ArchiveDamaged
from archiver.store import disk, jsonl
from archiver.store.captures import FOLDER, OPEN, capture_files, is_of_probe, path_of, seal, serial_of
from archiver.store.ledger import FileState, Place
from archiver.store.members import whole_exchanges
from archiver.store.months import month_of, months
from archiver.store.refilling import KINDS_OF_LINES, UNFINISHED, refill, relearn, remember
from archiver.store.sealing import mend_months
from archiver.store.warc import stored

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archiver.store.ledger import Ledger
    from archiver.store.manifest import Manifest
    from archiver.store.warc import Stored

logger = logging.getLogger(__name__)


def recover(site_folder: Path, ledger: Ledger, manifest: Manifest) -> list[Place]:
    """The captures that are to be read again, in their order; files and ledger agree, capture files are closed.

    Raises ArchiveDamaged, and has then touched nothing, where files are not as they were left; DiskTrouble.
    """
    for part in sorted([*site_folder.glob("*.part"), *site_folder.glob("runs/*.part")]):
        _set_aside(part)
    manifest.mend()
    mend_months(site_folder, manifest)
    if ledger.get(UNFINISHED) is None:
        # Nothing was ever committed: the ledger is new.
        close_captures(site_folder, manifest)
        refill(site_folder, ledger, manifest)
    else:
        _require_as_left(site_folder, ledger, manifest)
        for kind in KINDS_OF_LINES:
            for month in months(site_folder, kind):
                if not month.is_sealed:  # nothing was appended to the others
                    _cut_back(month.path, ledger.file(month.name))
        close_captures(site_folder, manifest)
    tail = []
    for name, capture in _since(site_folder, ledger.get(UNFINISHED) or "0 0"):
        remember(ledger, name, capture)
        if capture.exchange.truncated is None and urlsplit(capture.exchange.url).path != "/robots.txt":
            tail.append(Place(name, capture.begins))
    probed = {name for name in {place.file for place in tail} if is_of_probe(site_folder, name)}
    return [place for place in tail if place.file not in probed]


def close_captures(site_folder: Path, manifest: Manifest) -> None:
    """Every capture file ends in a whole record, has its final name and its line in the manifest."""
    manifest.mend()
    sealed = manifest.standing()
    for name in capture_files(site_folder):
        final = name.removesuffix(OPEN)
        if name == final and final in sealed:
            continue
        path = site_folder / name
        members = whole_exchanges(path)
        if members.bytes < path.stat().st_size:
            jsonl.move_aside(path, members.bytes)
        if not members.records:
            # The run was stopped before its first record: an empty file is no WARC file.
            _set_aside(path)
            continue
        _sync(path)
        seal(site_folder, final, members, manifest)
        logger.warning("%s: was not closed; closed now, with %d records", final, members.records)


def _sync(path: Path) -> None:
    """The run that wrote the file may have ended before it did this."""
    try:
        descriptor = disk.append_to(path)
        try:
            disk.sync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise disk.trouble(path, error) from error


def _set_aside(path: Path) -> None:
    try:
        disk.rename(path, jsonl.torn_name(path.with_name(path.name.removesuffix(OPEN).removesuffix(".part"))))
        disk.sync_folder(path.parent)
    except OSError as error:
        raise disk.trouble(path, error) from error


def adopt(site_folder: Path, ledger: Ledger, manifest: Manifest) -> None:
    """Fills a new ledger from files that came whole from elsewhere: none of their captures is read again. It is committed.

    Raises ArchiveDamaged, DiskTrouble.
    """
    close_captures(site_folder, manifest)
    names = capture_files(site_folder)
    for name in names:
        for capture in stored(site_folder / name):
            remember(ledger, name, capture)
    relearn(site_folder, ledger)
    ledger.put(UNFINISHED, f"{1 + max(map(serial_of, names), default=0)} 0")
    ledger.commit()


def _require_as_left(site_folder: Path, ledger: Ledger, manifest: Manifest) -> None:
    """Raises ArchiveDamaged where a file holds less than was committed, or something else."""
    sealed = manifest.standing()
    for name, state in ledger.files().items():
        is_captures = name.startswith(FOLDER)
        month = month_of(site_folder, name)
        path = path_of(site_folder, name) if is_captures else month.path
        if name in sealed:
            continue  # a closed capture file may be elsewhere; verify tells
        size = 0 if not path.exists() else path.stat().st_size if is_captures else month.size
        if is_captures:
            is_as_left = size >= state.bytes and whole_exchanges(path).bytes >= state.bytes
        else:
            is_empty = state.bytes == 0  # as where all lines were moved aside, to be made again
            is_as_left = size >= state.bytes and (is_empty or month.text(state.bytes - 1, state.bytes) in (b"\n", b""))
        if not is_as_left:
            message = (
                f"{path}: {size} bytes, and {state.bytes} were written: the file was changed or cut."
                " Keep a copy, then: archiver verify, archiver repair"
            )
            raise ArchiveDamaged(message)


def _cut_back(path: Path, state: FileState | None) -> None:
    committed = state.bytes if state else 0
    if path.stat().st_size > committed:
        jsonl.move_aside(path, committed)


def _since(site_folder: Path, unfinished: str) -> Iterator[tuple[str, Stored]]:
    serial, offset = map(int, unfinished.split())
    for name in capture_files(site_folder):
        if serial_of(name) >= serial:
            for capture in stored(site_folder / name, offset if serial_of(name) == serial else 0):
                yield name, capture
