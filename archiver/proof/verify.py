"""Whether an archive, or a WARC file of anybody's, is as it was written."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.errors import ArchiveDamaged
from archiver.proof.findings import Verified
from archiver.proof.lines import TakenDown, verify_aside, verify_lines
from archiver.proof.sealed import verify_sealed
from archiver.store import takedowns
from archiver.store.archive import LEDGER, hold_to_read
from archiver.store.captures import FOLDER, OPEN, capture_files, serial_of
from archiver.store.inspection import Expected, Finding, inspect_warc, revisits_of_nothing
from archiver.store.ledger import Ledger
from archiver.store.manifest import Manifest, Sealed
from archiver.store.months import month_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from archiver.proof.lines import LastLine
    from archiver.store.inspection import Inspected

Look = tuple[Path, Expected | None]


def verify_files(paths: Sequence[Path], *, passed: Callable[[int], object]) -> Verified:
    """What is wrong with these WARC files, taken as one archive; `passed` is told of bytes read.

    Of a file that stands in an archive, its manifest's line is held against it. Raises UsageError.
    """
    found = Verified()
    _inspect([(path, _listed(path)) for path in paths], found, passed)
    return found


def verify_site(folder: Path, *, passed: Callable[[int], object]) -> Verified:
    """What is wrong with a site's folder: captures, manifest, lines, ledger, and each against the others.

    Raises ArchiveBusy: a run is writing.
    """
    found = Verified()
    with hold_to_read(folder):
        _card(folder, found)
        sealed = _manifest(folder, found)
        _captures(folder, {file: line for file, line in sealed.items() if file.startswith(FOLDER)}, found, passed)
        _foreign(folder, found)
        taken = _taken_down(folder, found)
        try:
            verify_sealed(folder, {file: line for file, line in sealed.items() if not file.startswith(FOLDER)}, found)
            last = verify_lines(folder, taken, found)
            verify_aside(folder, taken, found)
        except ArchiveDamaged as problem:
            found.findings.append(Finding(code="unreadable", file=str(folder), offset=None, message=str(problem)))
        else:
            _ledger(folder, last, found)
    return found


def _captures(folder: Path, sealed: Mapping[str, Sealed], found: Verified, passed: Callable[[int], object]) -> None:
    names = capture_files(folder)
    lines = {name: sealed.get(name) for name in names}
    looks = [
        (folder / name, Expected(records=line.records or 0, bytes=line.bytes) if line else None)
        for name, line in lines.items()
    ]
    digests = _inspect(looks, found, passed)
    damaged = {finding.file for finding in found.findings}
    for (name, line), sha256 in zip(lines.items(), digests, strict=True):
        path = folder / name
        if line is None and not name.endswith(OPEN):
            found.tell("not-in-manifest", path, None, "closed, and not in the manifest")
        if line is not None and path.stat().st_size < line.bytes:
            found.tell("not-as-listed", path, None, f"{path.stat().st_size} bytes, {line.bytes} by the manifest")
        elif line is not None and line.sha256 != sha256 and str(path) not in damaged:
            found.tell("not-as-listed", path, None, "its SHA-256 is not that of the manifest")
    for name in sealed.keys() - lines.keys():
        found.tell("missing-file", folder / name, None, "in the manifest, and not here")


def _inspect(looks: Sequence[Look], found: Verified, passed: Callable[[int], object]) -> list[str]:
    """The SHA-256 of each file, inspected on all cores."""
    inspected: list[Inspected] = []
    with ProcessPoolExecutor() as pool:
        for each in pool.map(_inspected, looks):
            inspected.append(each)
            passed(each.bytes)
            found.files += 1
            found.records += each.records
            found.findings += each.findings
    found.findings += revisits_of_nothing(inspected)
    return [each.sha256 for each in inspected]


def _inspected(look: Look) -> Inspected:
    path, expected = look
    return inspect_warc(path, expected=expected)


def _listed(path: Path) -> Expected | None:
    """What the manifest of the archive around a file says of it; None: it stands in no archive."""
    folder = next((folder for folder in path.resolve().parents if (folder / "site.json").exists()), None)
    if folder is None:
        return None
    name = str(path.resolve().relative_to(folder))
    lines = [line for line in Manifest(folder).sealed() if line.file == name]
    return Expected(records=lines[-1].records or 0, bytes=lines[-1].bytes) if lines else None


def _card(folder: Path, found: Verified) -> None:
    path = folder / "site.json"
    try:
        json.loads(path.read_bytes())["origin"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as problem:
        found.tell("no-card", path, None, f"cannot be read ({problem})")


def _manifest(folder: Path, found: Verified) -> dict[str, Sealed]:
    manifest = Manifest(folder)
    if manifest.path.exists() and not manifest.path.read_bytes().endswith(b"\n"):
        found.tell("torn-manifest", manifest.path, None, "its last line is not finished")
    try:
        return manifest.standing()
    except ArchiveDamaged as problem:
        found.tell("bad-manifest", manifest.path, None, str(problem).removeprefix(f"{manifest.path}, "))
        return {}


def _taken_down(folder: Path, found: Verified) -> TakenDown:
    path = folder / takedowns.NAME
    try:
        for left in takedowns.unfinished(folder):
            found.tell("unfinished-takedown", path, None, f"a takedown of {left.id} was begun and is not done")
        return TakenDown(takedowns.taken_down(folder), takedowns.erased_records(folder))
    except ArchiveDamaged as problem:
        found.tell("bad-takedowns", path, None, f"cannot be read ({problem})")
        return TakenDown({}, frozenset())


def _foreign(folder: Path, found: Verified) -> None:
    """Files among the captures that no run has put there."""
    for path in sorted((folder / FOLDER).rglob("*")):
        name = path.name
        if path.is_file() and ".torn-" not in name and not serial_of(name):
            found.tell("foreign-file", path, None, "no capture file of this archive")


def _ledger(folder: Path, last: Mapping[str, LastLine], found: Verified) -> None:
    path = folder / LEDGER
    if not path.exists():
        found.tell("bad-ledger", path, None, "missing")
        return
    with _writable(path) as at:
        try:
            with closing(sqlite3.connect(f"file:{at}?mode=ro", uri=True)) as connection:
                (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if said != "ok":
                found.tell("bad-ledger", path, None, f"SQLite says: {said}")
                return
            ledger = Ledger(at)
        except (ArchiveDamaged, sqlite3.Error) as problem:
            found.tell("bad-ledger", path, None, f"cannot be read ({problem})")
            return
        try:
            _against_files(folder, ledger, last, found)
        finally:
            ledger.close()


@contextmanager
def _writable(path: Path) -> Iterator[Path]:
    """The ledger; where it cannot be written a copy, for SQLite opens no write-ahead log without writing."""
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="archiver-ledger-") as folder:
        for file in (path, path.with_name(path.name + "-wal")):
            if file.exists():
                shutil.copyfile(file, Path(folder) / file.name)
        yield Path(folder) / path.name


def _against_files(folder: Path, ledger: Ledger, last: Mapping[str, LastLine], found: Verified) -> None:
    for name, state in ledger.files().items():
        if name.startswith(FOLDER):
            continue  # the manifest has the last word on closed captures
        month = month_of(folder, name)
        try:
            size = month.size if month.path.exists() else -1
        except ArchiveDamaged:
            continue  # told by its lines
        if size != state.bytes:
            found.tell("ledger-differs", month.path, None, f"{max(size, 0)} bytes, {state.bytes} by the ledger")
    known = dict(ledger.articles())
    for id_, line in last.items():
        said = known.pop(id_, None)
        if said is None or (said.revision, said.place.offset) != (line.revision, line.offset):
            found.tell("ledger-differs", folder / line.file, line.offset, f"the ledger has another last line of {id_}")
    for id_, left in known.items():
        found.tell("ledger-differs", folder / left.place.file, left.place.offset, f"no line of {id_} is there")
