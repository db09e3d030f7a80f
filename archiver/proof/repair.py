"""What of a damaged archive can be mended without loss. Nothing is deleted: what is cut off or replaced is moved aside."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from archiver.errors import ArchiveDamaged
from archiver.store import disk
from archiver.store.archive import LEDGER, hold
from archiver.store.captures import OPEN, capture_files
from archiver.store.jsonl import move_aside, torn_name
from archiver.store.ledger import Ledger
from archiver.store.manifest import Manifest
from archiver.store.members import whole_exchanges
from archiver.store.recovery import close_captures
from archiver.store.refilling import UNFINISHED, mend_lines, refill, relearn
from archiver.store.sealing import mend_months

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.store.manifest import Sealed

logger = logging.getLogger(__name__)


def repair(folder: Path) -> None:
    """Mends torn tails of captures, lines and manifest, files that were not closed, and the ledger; logs what it does.

    A closed capture file is cut only back to exactly what the manifest says it was. Raises ArchiveBusy, DiskTrouble.
    """
    with hold(folder):
        manifest = Manifest(folder)
        manifest.mend()
        try:
            sealed = manifest.standing()
        except ArchiveDamaged as damage:
            logger.warning("the manifest is left alone: %s", damage)
        else:
            for name in capture_files(folder):
                if name in sealed and not name.endswith(OPEN):
                    _cut_to_manifest(folder / name, sealed[name])
            mend_months(folder, manifest)
            close_captures(folder, manifest)
        mend_lines(folder)
        _mend_ledger(folder, manifest)


def _cut_to_manifest(path: Path, sealed: Sealed) -> None:
    if path.stat().st_size <= sealed.bytes:
        return
    members = whole_exchanges(path)
    if members.bytes == sealed.bytes and members.sha256 == sealed.sha256:
        move_aside(path, sealed.bytes)
    else:
        logger.warning("%s: damaged before its end; it is left alone. Restore it from a backup", path)


def _mend_ledger(folder: Path, manifest: Manifest) -> None:
    path = folder / LEDGER
    try:
        ledger = Ledger(path)
    except ArchiveDamaged as damage:
        aside = torn_name(path)
        for part in ("", "-wal", "-shm"):
            beside = path.with_name(path.name + part)
            if beside.exists():
                disk.rename(beside, aside.with_name(aside.name + part))
        disk.sync_folder(folder)
        logger.warning("%s; moved to %s", damage, aside.name)
        ledger = Ledger(path)
    try:
        if ledger.get(UNFINISHED) is None:
            refill(folder, ledger, manifest)
        else:
            relearn(folder, ledger)
        ledger.commit()
    finally:
        ledger.close()
