"""How often a site is to be crawled: `SITE/schedule.json`, written by `archiver schedule`, read by `archiver status`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal
from zlib import crc32

from archiver.article import jsonable
from archiver.errors import ArchiveDamaged, UsageError
from archiver.store.archive import write_json

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
NAME = "schedule.json"

MINUTE, HOUR, DAY, WEEK = 60, 3_600, 86_400, 604_800
_UNITS = {"m": MINUTE, "h": HOUR, "d": DAY, "w": WEEK}
_INTERVALS = (
    *(minutes * MINUTE for minutes in (5, 10, 15, 20, 30)),
    *(hours * HOUR for hours in (1, 2, 3, 4, 6, 8, 12)),
    DAY,
    WEEK,
)
"""Those that fall on the same times of every day, or week: timers and crontabs know no others that outlive a restart."""
_LONGEST_JITTER = 10 * MINUTE
_SHORTEST_GRACE = 5 * MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When runs of a site begin."""

    format: int = FORMAT
    every_seconds: int
    at: str
    """A time of day at which a run begins, HH:MM in the zone of the machine; the others follow from it."""
    by: Literal["systemd", "cron"]
    since: datetime
    """When it was set: runs are due from then on."""

    @property
    def every(self) -> timedelta:
        """From the beginning of a run to that of the next."""
        return timedelta(seconds=self.every_seconds)

    @property
    def jitter_seconds(self) -> int:
        """A run begins so much later at most, by chance: not every archive asks at the full hour."""
        return min(self.every_seconds // 10, _LONGEST_JITTER)

    @property
    def grace(self) -> timedelta:
        """A run that has not begun so long after its time is missed. Covers the hour that a summer's day shifts by too."""
        return timedelta(seconds=self.jitter_seconds + max(_SHORTEST_GRACE, self.every_seconds // 10))

    @property
    def told(self) -> str:
        """The interval as typed: 6h."""
        return interval_text(self.every_seconds)


def read_interval(text: str) -> int:
    """Seconds of `6h`, `30m`, `1d`, `1w`. Raises UsageError with those that can be had."""
    found = re.fullmatch(r"(\d{1,6})\s*([mhdw])", text.strip().lower())
    seconds = int(found[1]) * _UNITS[found[2]] if found else 0
    if seconds not in _INTERVALS:
        known = ", ".join(map(interval_text, _INTERVALS))
        message = f"--every {text!r} is no interval that falls on the same times each day. Give one of {known}"
        raise UsageError(message)
    return seconds


def read_time(text: str | None, site: str) -> str:
    """The time of day in `text`, as HH:MM; without one, in the hour after 03:00, at a minute that the site's name gives.

    Raises UsageError.
    """
    if text is None:
        return f"03:{crc32(site.encode()) % 60:02}"
    found = re.fullmatch(r"(\d{1,2}):(\d{2})", text.strip())
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        message = f"--at {text!r} is no time of day. Write it as 03:30"
        raise UsageError(message)
    return f"{int(found[1]):02}:{found[2]}"


def interval_text(seconds: int) -> str:
    """The interval in its largest whole unit: 6h."""
    name, unit = next((name, unit) for name, unit in reversed(_UNITS.items()) if seconds % unit == 0)
    return f"{seconds // unit}{name}"


def read_schedule(site_folder: Path) -> Schedule | None:
    """The schedule of a site; None: none is set. Raises ArchiveDamaged, UsageError."""
    path = site_folder / NAME
    if not path.exists():
        return None
    try:
        told: dict[str, Any] = json.loads(path.read_bytes())
        if int(told["format"]) > FORMAT:
            message = (
                f"{path}: format {told['format']} is of a later release (this one knows {FORMAT}). Upgrade archiver"
            )
            raise UsageError(message)
        known = {each.name: told[each.name] for each in fields(Schedule)}
        return Schedule(**{**known, "since": datetime.fromisoformat(told["since"])})
    except (ValueError, TypeError, KeyError) as problem:
        message = f"{path}: no schedule ({problem!r}). Set it again: archiver schedule {site_folder.name} --every 6h"
        raise ArchiveDamaged(message) from problem


def write_schedule(site_folder: Path, schedule: Schedule) -> None:
    """Keeps it in the archive. Needs no lock: runs do not read it. Raises DiskTrouble, UsageError."""
    write_json(site_folder / NAME, jsonable(schedule))


def forget_schedule(site_folder: Path) -> None:
    """No run is due any longer."""
    (site_folder / NAME).unlink(missing_ok=True)
