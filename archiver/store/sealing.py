"""A month of lines closed (`2026-10.jsonl` becomes `2026-10.jsonl.gz`), opened again, and what a stop between leaves mended.

The new file is whole on the disk before it gets its name, the manifest says so next, and only then the old one goes. So
where both stand, each holds all lines, and the manifest has the last word.
"""

from __future__ import annotations

import hashlib
import logging
import os
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from archiver.errors import ArchiveDamaged
from archiver.store import disk
from archiver.store.jsonl import values
from archiver.store.manifest import Sealed
from archiver.store.months import SEALED, Month, members_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from archiver.store.manifest import Manifest

MOMENTS = {"articles": "fetched_at", "events": "time"}
"""Kind of lines to the field that says when one was made."""
PART = ".part"
_PIECE = 1 << 18

logger = logging.getLogger(__name__)


def close_month(month: Month, manifest: Manifest) -> Sealed:
    """Seals an open month whose lines are whole; its line of the manifest. Raises ArchiveDamaged, DiskTrouble."""
    sealed = Month(month.name, month.path.with_name(month.path.name + SEALED))
    write_whole(sealed.path, members_of(raw for _, raw in month.lines()))
    _require_same(sealed, month)
    stated = _stated(sealed)
    manifest.append(stated)
    _remove(month.path)
    return stated


def open_month(site_folder: Path, name: str, manifest: Manifest) -> None:
    """Makes a sealed month one that lines are appended to, and says so in the manifest. Raises ArchiveDamaged, DiskTrouble."""
    sealed = Month(name, site_folder / (name + SEALED))
    write_whole(site_folder / name, (raw for _, raw in sealed.lines()))
    stated = manifest.standing().get(name + SEALED)
    if stated is not None:
        manifest.append(replace(stated, cause="opened"))
    _remove(sealed.path)
    logger.warning("%s: got a late line; the month is open again. Seal it again: archiver seal", sealed.path)


def mend_months(site_folder: Path, manifest: Manifest) -> None:
    """Ends what a stop has left half done: each month is sealed, and in the manifest, or open.

    Raises ArchiveDamaged where a sealed month and an open one of the same name differ; DiskTrouble.
    """
    standing = manifest.standing()
    for file, line in standing.items():
        if file.endswith(SEALED) and file.startswith(tuple(MOMENTS)) and not (site_folder / file).exists():
            still_open = (site_folder / file).with_suffix("")
            if still_open.exists():  # somebody has unpacked it
                manifest.append(replace(line, cause="opened"))
                logger.warning("%s: was sealed, and is open again; the manifest says so now", still_open)
    for kind in MOMENTS:
        for part in sorted((site_folder / kind).glob(f"*/*{PART}")):
            _remove(part)  # a copy of what stands beside it
        for path in sorted((site_folder / kind).glob(f"*/*.jsonl{SEALED}")):
            file = path.relative_to(site_folder).as_posix()
            sealed, still_open = Month(file.removesuffix(SEALED), path), path.with_suffix("")
            if not still_open.exists():
                if file not in standing:
                    manifest.append(_stated(sealed))
                    logger.warning("%s: sealed, and not in the manifest; it is now", path)
            elif file not in standing:
                _remove(path)
            else:
                _require_same(sealed, Month(sealed.name, still_open))
                _remove(still_open)


def _require_same(sealed: Month, still_open: Month) -> None:
    is_same = sealed.size == still_open.size and all(
        one == other for one, other in zip(sealed.lines(), still_open.lines(), strict=True)
    )
    if not is_same:
        message = (
            f"{still_open.path}: the month is sealed, and {sealed.path.name} has other lines."
            " Move the one that is wrong out of the archive, then: archiver verify"
        )
        raise ArchiveDamaged(message)


def _stated(sealed: Month) -> Sealed:
    """The line of the manifest of a sealed month, from what stands on the disk. Raises ArchiveDamaged."""
    digest, size = hashlib.sha256(), 0
    with sealed.path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    moment = MOMENTS[PurePosixPath(sealed.name).parts[0]]
    lines, first, last = 0, None, None
    for _, line in values(sealed):
        lines += 1
        at = line.get(moment)
        if isinstance(at, str):
            first, last = min(first or at, at), max(last or at, at)
    file_name = sealed.name + SEALED
    return Sealed(file=file_name, bytes=size, sha256=digest.hexdigest(), lines=lines, first=first, last=last)


def write_whole(path: Path, pieces: Iterable[bytes]) -> None:
    """`path` holds `pieces`, or is not there. Raises DiskTrouble."""
    part = path.with_name(path.name + PART)
    try:
        part.unlink(missing_ok=True)
        descriptor = disk.append_to(part)
        try:
            for piece in pieces:
                disk.write(descriptor, piece)
            disk.sync(descriptor)
        except OSError:
            disk.cut(descriptor, 0)
            raise
        finally:
            os.close(descriptor)
        disk.rename(part, path)
        disk.sync_folder(path.parent)
    except OSError as error:
        raise disk.trouble(path, error) from error


def _remove(path: Path) -> None:
    try:
        disk.remove(path)
        disk.sync_folder(path.parent)
    except OSError as error:
        raise disk.trouble(path, error) from error
