"""One site's folder of an archive: held by one run at a time, filled from one origin."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import shutil
from typing import TYPE_CHECKING, Any, ClassVar

from archiver.article import jsonable
from archiver.errors import ArchiveDamaged, ArchiverError, DiskTrouble, UsageError
from archiver.store.articles import ArticleLines
from archiver.store.event import Event, event_line
from archiver.store.jsonl import MonthlyLines

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from typing import BinaryIO

    from archiver.store.run_report import RunReport

FORMAT = 1
"""Of the folder as a whole; a later format opens this one."""

LEAST_FREE_BYTES = 64_000_000
"""A run does not begin with less room on the disk."""

logger = logging.getLogger(__name__)


class ArchiveBusy(ArchiverError):  # named as those of archiver.errors
    """Another run holds the archive."""

    exit_code: ClassVar[int] = 75


class SiteArchive:
    """`DIR/SITE/`. Nothing is touched before open(), nothing is written before claim() beside the lock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.articles = ArticleLines(folder / "articles")
        self.origin: str | None = None
        self._events = MonthlyLines(folder / "events")
        self._lock: BinaryIO | None = None

    @property
    def is_open(self) -> bool:
        """Whether this run holds the folder."""
        return self._lock is not None

    def open(self) -> None:
        """Holds the folder for this run. Raises ArchiveBusy, DiskTrouble, ArchiveDamaged."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / ".lock").open("ab")
        except OSError as trouble:
            message = f"{self.folder}: cannot be written ({trouble.strerror}). Choose another --archive DIR"
            raise DiskTrouble(message) from trouble
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as held:
            lock.close()
            message = f"{self.folder}: another run holds it. Wait for its end, then run this again"
            raise ArchiveBusy(message) from held
        self._lock = lock
        self._require_room()
        self.origin = self._remembered_origin()

    def claim(self, origin: str, *, contact: str | None, now: datetime) -> None:
        """Makes the folder this origin's, or finds that it is. Raises UsageError where it is another's."""
        if self.origin is None:
            card = {"format": FORMAT, "origin": origin, "contact": contact, "created": jsonable(now)}
            _write_json(self.folder / "site.json", card)
            self.origin = origin
        elif self.origin != origin:
            message = f"{self.folder} is an archive of {self.origin}, not of {origin}. Choose another --archive DIR"
            raise UsageError(message)
        self.articles.read()

    def observe(self, event: Event) -> None:
        """Appends one event. Raises DiskTrouble."""
        line = json.dumps(event_line(event), ensure_ascii=False, separators=(",", ":"))
        self._events.append(event.time, line.encode(errors="replace").decode() + "\n")

    def write_run(self, report: RunReport) -> Path:
        """The file of a finished run's report: runs/20261122T183400Z.json."""
        folder = self.folder / "runs"
        name = report.run
        number = 2
        while (folder / f"{name}.json").exists():
            name, number = f"{report.run}-{number}", number + 1
        path = folder / f"{name}.json"
        _write_json(path, jsonable(report))
        return path

    def close(self) -> None:
        """Lets go of the folder; every line is on the disk."""
        self.articles.close()
        self._events.close()
        if self._lock is not None:
            self._lock.close()
        self._lock = None

    def _require_room(self) -> None:
        free = shutil.disk_usage(self.folder).free
        if free < LEAST_FREE_BYTES:
            message = (
                f"{self.folder}: only {free / 1e6:.0f} MB free on the disk. Make room or choose another --archive DIR"
            )
            raise DiskTrouble(message)

    def _remembered_origin(self) -> str | None:
        path = self.folder / "site.json"
        if not path.exists():
            return None
        try:
            card: dict[str, Any] = json.loads(path.read_bytes())
            origin, form = str(card["origin"]), int(card["format"])
        except (ValueError, TypeError, KeyError) as problem:
            message = f"{path}: cannot be read ({problem}). Restore it from a backup"
            raise ArchiveDamaged(message) from problem
        if form > FORMAT:
            message = f"{path}: format {form} is of a later release (this one knows {FORMAT}). Upgrade archiver"
            raise UsageError(message)
        return origin


def _write_json(path: Path, value: Any) -> None:
    """Writes `path` whole or not at all. Raises DiskTrouble."""
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8") as file:
            file.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as trouble:
        message = f"{path}: cannot be written ({trouble.strerror}). Make room or choose another --archive DIR"
        raise DiskTrouble(message) from trouble
