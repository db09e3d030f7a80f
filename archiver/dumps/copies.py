"""The archive's own files in a package: lines, events, reports, manifest, captures, each with its place in an archive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.dumps.package import Rows, pieces_of, sha256_of
from archiver.errors import ArchiveDamaged
from archiver.site.memory import NAME as REMEMBERED
from archiver.store.captures import OPEN, capture_files
from archiver.store.manifest import NAME as MANIFEST
from archiver.store.manifest import Manifest
from archiver.store.months import SEALED, members_of, months
from archiver.store.run_report import FOLDER as RUNS
from archiver.store.run_report import run_names
from archiver.store.takedowns import NAME as TAKEDOWNS
from archiver.store.warc import stored
from archiver.store.withheld import shown_event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from archiver.dumps.package import Role
    from archiver.dumps.selection import Selection

CARD = "site.json"


@dataclass(frozen=True)
class Copy:
    """One file of a site's archive, as it is handed over."""

    name: str
    """From the site's folder; months as sealed ones."""
    role: Role
    pieces: Iterable[bytes]
    rows: Rows | None = None
    """Of months: its lines, counted while the pieces are taken."""


def copies_of_lines(selection: Selection) -> Iterator[Copy]:
    """The files but the captures. Of a range: only the card, the takedowns and the lines, for the others tell of all articles.

    Raises OSError; a month of events that is damaged is told in `selection.faults` and left out.
    """
    folder = selection.folder
    yield Copy(CARD, "archive", pieces_of(folder / CARD))
    for name in (TAKEDOWNS, REMEMBERED):
        if (folder / name).exists():
            yield Copy(name, "archive", pieces_of(folder / name))
    for month in selection.months():
        rows = Rows(raw for raw, _ in selection.rows(month))
        yield Copy(month.name + SEALED, "lines", members_of(rows), rows)
    if not selection.chosen.is_all:
        return
    of = shown_event(folder)
    for month in months(folder, "events"):
        try:
            for _ in month.lines():
                pass
        except ArchiveDamaged as damage:
            selection.faults.append(str(damage))
            continue
        rows = Rows(of(raw) for _, raw in month.lines())
        yield Copy(month.name + SEALED, "events", members_of(rows), rows)
    for run in run_names(folder):
        yield Copy(f"{RUNS}/{run}.json", "archive", pieces_of(folder / RUNS / f"{run}.json"))
    if (folder / MANIFEST).exists():
        yield Copy(MANIFEST, "archive", pieces_of(folder / MANIFEST))


def copies_of_captures(selection: Selection) -> Iterator[Copy]:
    """The capture files: all, or of a range those that its lines need, the originals of revisits among them.

    One that is not as the manifest says is told in `selection.faults` and left out. Raises ArchiveDamaged, OSError.
    """
    folder = selection.folder
    stated = Manifest(folder).standing()
    wanted = None if selection.chosen.is_all else _needed(selection)
    for name in capture_files(folder):
        if wanted is not None and name not in wanted:
            continue
        line = stated.get(name)
        if line is None or sha256_of(folder / name) != line.sha256:
            selection.faults.append(f"{folder / name}: not as the manifest says; it is left out. See: archiver verify")
            continue
        yield Copy(name, "captures", pieces_of(folder / name))


def require_closed(folder: Path) -> None:
    """Raises ArchiveDamaged where a run that was killed has left its files."""
    left = [name for name in capture_files(folder) if name.endswith(OPEN)]
    if left:
        message = f"{folder / left[0]}: an interrupted run left it open. Run: archiver repair {folder.name}"
        raise ArchiveDamaged(message)


def _needed(selection: Selection) -> set[str]:
    """The files that the lines name, and those with the bodies of revisits in them."""
    folder, found = selection.folder, set(selection.capture_files)
    wanted = {each.payload_sha1 for name in found for each in stored(folder / name) if each.refers_to is not None}
    for name in capture_files(folder):
        if wanted and name not in found:
            bodies = {
                each.payload_sha1 for each in stored(folder / name) if each.refers_to is None and each.payload_digest
            }
            if not wanted.isdisjoint(bodies):
                found.add(name)
                wanted -= bodies
    return found
