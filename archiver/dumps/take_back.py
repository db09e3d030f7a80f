"""A package taken back into an archive: its files at their places, its ledger made again, as far as it can be proved."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.dumps.package import pieces_of, sha256_of
from archiver.errors import UsageError
from archiver.site.memory import NAME as REMEMBERED
from archiver.store import disk
from archiver.store.archive import LEDGER, hold, write_json
from archiver.store.articles import article_lines
from archiver.store.captures import FOLDER, capture_files
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
    from pathlib import Path

    from archiver.dumps.delivery import Delivered, Delivery


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

    Raises ArchiveDamaged where a file is not what the package lists, UsageError where the archive holds something else of a
    site, ArchiveBusy, DiskTrouble; then nothing of the site is there that was not before.
    """
    return [_take_site(delivery, site, archive / site) for site in sorted(delivery.told["sites"])]


def _take_site(delivery: Delivery, site: str, folder: Path) -> Taken:
    files = delivery.files[site]
    if "site.json" not in files:
        message = (
            f"the package holds no lines or captures of {site} to take back: it was made without jsonl, wacz or bagit"
        )
        raise UsageError(message)
    part = folder.with_name(f".{site}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        _write_all(files.values(), part)
        with hold(part):
            lacking, hidden = _lacking(part), _are_others(part)
            _settle(part, is_whole=not (delivery.is_range or lacking or hidden))
        taken = _taken(delivery, part, lacking, hidden=hidden, was_there=folder.exists())
        if folder.exists():
            with hold(folder):
                _require_same(folder, part)
        else:
            (part / ".lock").unlink()
            for path in (part, *part.rglob("*")):
                if path.is_dir():
                    disk.sync_folder(path)
            disk.rename(part, folder)
            disk.sync_folder(folder.parent)
    except OSError as error:
        raise disk.trouble(folder, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return taken


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
    for path in sorted(part.glob(f"*/*/*.jsonl{SEALED}")):
        file = path.relative_to(part).as_posix()
        if file not in sealed:
            _write(path.with_suffix(""), (raw for _, raw in Month(file.removesuffix(SEALED), path).lines()))
            path.unlink()
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
    site = part.name.removeprefix(".").removesuffix(".part")
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
