"""What an archive takes of the disk, and whether something is being written to it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from archiver.store.captures import FOLDER, OPEN

if TYPE_CHECKING:
    from pathlib import Path

AT_REST = timedelta(minutes=15)
"""A run captures something more often than this, whatever a site asks it to wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Bytes."""

    captures: int
    lines: int
    """Articles and events."""
    other: int
    """Ledger, reports, caches."""
    free: int
    """Left on the disk."""

    @property
    def used(self) -> int:
        """By the site in all."""
        return self.captures + self.lines + self.other


def room(site_folder: Path) -> Room:
    """What the site's folder takes; a file that goes away meanwhile counts as nothing."""
    sizes = {"captures": 0, "lines": 0, "other": 0}
    for path in site_folder.rglob("*"):
        top = path.relative_to(site_folder).parts[0]
        kind = "captures" if top == FOLDER else "lines" if top in ("articles", "events") else "other"
        try:
            sizes[kind] += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
    return Room(**sizes, free=shutil.disk_usage(site_folder).free)


def last_written(site_folder: Path) -> datetime | None:
    """When a run that goes on wrote last; None: no capture file is open.

    Told from the file's time: asking for the lock would stand in the way of a run that begins.
    """
    times = []
    for path in (site_folder / FOLDER).glob(f"*/*/*{OPEN}"):
        try:
            times.append(path.stat().st_mtime)
        except FileNotFoundError:  # it was closed meanwhile
            continue
    return datetime.fromtimestamp(max(times), UTC) if times else None


def goes_on(written: datetime | None, now: datetime) -> bool:
    """Whether a run is under way."""
    return written is not None and now - written < AT_REST
