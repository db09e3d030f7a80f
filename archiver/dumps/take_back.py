"""A package taken back into an archive: its files at their places, its ledger made again, as far as it can be proved."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from archiver.dumps.delivered import as_in_package
from archiver.dumps.inspection import inspect
from archiver.dumps.package import pieces_of, sha256_of
from archiver.errors import ArchiveDamaged, DiskTrouble, UsageError
from archiver.site.memory import NAME as REMEMBERED
from archiver.store import disk
from archiver.store.archive import LEAST_FREE_BYTES, LEDGER, ArchiveBusy, hold, write_json
from archiver.store.articles import article_lines
from archiver.store.captures import FOLDER, capture_files
from archiver.store.inflating import is_bomb
from archiver.store.lacking import NAME as LACKING
from archiver.store.ledger import Ledger
from archiver.store.manifest import NAME as MANIFEST
from archiver.store.manifest import Manifest
from archiver.store.months import SEALED, Month
from archiver.store.recovery import adopt
from archiver.store.sealing import mend_months
from archiver.store.takedowns import NAME as TAKEDOWNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archiver.dumps.delivered import Delivered, Delivery


IMPORTING = ".importing"
"""Folder of an archive in which imports make what they bring; no command looks for sites so deep."""
_OWN = ("site.json", MANIFEST, TAKEDOWNS, REMEMBERED)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken of one site."""

    site: str
    files: int
    lines: int
    captures: int
    """Capture files."""
    was_there: bool
    """The archive has held all of it before: nothing was written."""
    lacks: tuple[str, ...]
    """What cannot be proved, and why."""


def take(delivery: Delivery, archive: Path) -> list[Taken]:
    """Takes every site of a package into the archive.

    Raises ArchiveDamaged where a file is not what the package lists or not as archiver writes it, UsageError where the
    archive holds something else of a site, ArchiveBusy where another import is at work, DiskTrouble; then nothing of the
    site is there that was not before.
    """
    place = archive / IMPORTING
    with hold(place):
        for left in place.iterdir():  # of imports that were killed: whoever holds the folder is the only one
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)
        return [_take_site(delivery, site, archive / site, place) for site in sorted(delivery.told["sites"])]


def _take_site(delivery: Delivery, site: str, folder: Path, place: Path) -> Taken:
    files = delivery.files[site]
    if "site.json" not in files:
        message = (
            f"the package holds no lines or captures of {site} to take back: it was made without jsonl, wacz or bagit"
        )
        raise UsageError(message)
    making = Path(mkdtemp(dir=place))
    part = making / site
    try:
        with as_in_package(delivery, site, part):
            _require_room(sum(file.size for file in files.values()), folder)
            _write_all(files.values(), part)
            inspect(part)
            with hold(part):
                lacking, hidden = _lacking(part), _are_others(part)
                _settle(part, is_whole=not (delivery.is_range or lacking or hidden))
            taken = _taken(delivery, part, lacking, hidden=hidden, was_there=folder.exists())
        if folder.exists():
            with hold(folder):
                _require_same(folder, part)
        else:
            _put(part, folder)
    except OSError as error:
        raise disk.trouble(folder, error) from error
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return taken


def _put(part: Path, folder: Path) -> None:
    """The site's folder is there, all of it on the disk. Raises ArchiveBusy where a run has made one meanwhile, OSError."""
    (part / ".lock").unlink()
    for path in (part, *part.rglob("*")):
        if path.is_dir():
            disk.sync_folder(path)
    try:
        disk.rename(part, folder)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        message = f"{folder}: a run has begun it meanwhile. Wait for its end, then run this again"
        raise ArchiveBusy(message) from error
    disk.sync_folder(folder.parent)


def _require_room(needed: int, folder: Path) -> None:
    """Raises DiskTrouble."""
    place = next(each for each in folder.absolute().parents if each.is_dir())
    free = shutil.disk_usage(place).free
    if needed > free - LEAST_FREE_BYTES:
        message = (
            f"{folder}: the package needs {needed / 1e6:,.0f} MB, and {free / 1e6:,.0f} MB are free on the disk."
            " Make room or choose another --archive DIR"
        )
        raise DiskTrouble(message)


def _write_all(files: Iterable[Delivered], part: Path) -> None:
    part.mkdir(parents=True)
    for each in files:
        path = part / each.name
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, each.pieces())


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    with path.open("xb") as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(file.fileno())


def _settle(part: Path, *, is_whole: bool) -> None:
    """Months are open that were open, and the ledger is made. Of a part of an archive the manifest's chain begins anew."""
    manifest = Manifest(part)
    sealed = manifest.standing()
    paths = {path.relative_to(part).as_posix(): path for path in sorted(part.glob(f"*/*/*.jsonl{SEALED}"))}
    opened = [Month(file.removesuffix(SEALED), path) for file, path in paths.items() if file not in sealed]
    size, packed = sum(month.size for month in opened), sum(month.path.stat().st_size for month in opened)
    if is_bomb(size, packed):
        message = f"{part}: lines of {size / 1e6:,.0f} MB in {packed / 1e6:,.1f} MB, which no honest ones are"
        raise ArchiveDamaged(message)
    _require_room(size, part)
    for month in opened:
        _write(month.path.with_suffix(""), (raw for _, raw in month.lines()))
        month.path.unlink()
    if not is_whole:
        (part / MANIFEST).unlink(missing_ok=True)
        mend_months(part, manifest)
    ledger = Ledger(part / LEDGER)
    try:
        adopt(part, ledger, manifest)
    finally:
        ledger.close()


def _lacking(part: Path) -> list[str]:
    """The capture files that lines name, or the manifest, and that did not come; kept for verify."""
    named = {line["capture"]["warc"] for _, line in article_lines(part) if line.get("capture")}
    named |= {file for file in Manifest(part).standing() if file.startswith(FOLDER)}
    lacking = sorted(named - set(capture_files(part)))
    if lacking:
        write_json(part / LACKING, {"captures": lacking})
    return lacking


def _are_others(part: Path) -> bool:
    """Whether a sealed month is not the one of the manifest: texts of articles that were taken down are not handed over."""
    sealed = Manifest(part).standing().items()
    return any(
        sha256_of(part / file) != line.sha256
        for file, line in sealed
        if file.endswith(f".jsonl{SEALED}") and (part / file).exists()
    )


def _taken(delivery: Delivery, part: Path, lacking: list[str], *, hidden: bool, was_there: bool) -> Taken:
    site = part.name
    lines = [line["capture"] for _, line in article_lines(part)]
    lacks = []
    if lacking:
        count = sum(capture is not None and capture["warc"] in lacking for capture in lines)
        lacks.append(f"{len(lacking)} files of captures: {count} lines cannot be proved")
    if delivery.is_range:
        lacks.append("the articles published outside of its range: rebuild --check finds captures without a line")
    if hidden:
        lacks.append("the texts of articles that were taken down where it was made")
    if lacks:
        lacks.append("the chain of the manifest: it begins anew")
    return Taken(site, len(delivery.files[site]), len(lines), len(capture_files(part)), was_there, tuple(lacks))


def _require_same(folder: Path, part: Path) -> None:
    """Raises UsageError where a site's folder holds something else than what came."""
    there, came = _digests(folder), _digests(part)
    if there != came:
        differing = sorted(name for name in there.keys() | came.keys() if there.get(name) != came.get(name))
        message = (
            f"{folder}: the archive holds other content of this site ({differing[0]} differs, {len(differing)} files in"
            " all). Nothing was changed. Give another --archive DIR"
        )
        raise UsageError(message)


def _digests(folder: Path) -> Mapping[str, str]:
    """File to the digest of what it holds, of lines unpacked: the archive's own files, not those made from them."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        is_own = name in _OWN or name.startswith(("articles/", "events/", "runs/", f"{FOLDER}/"))
        if path.is_file() and is_own and ".torn-" not in name:
            digest = hashlib.sha256()
            for piece in pieces_of(path):
                digest.update(piece)
            found[name] = digest.hexdigest()
    return found
