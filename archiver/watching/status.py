"""How an archive stands: what was collected, how fresh and how complete it is, and whether runs come as they should."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from archiver.store.run_report import read_reports
from archiver.watching.gaps import Gap, Regularity, longest_gap, looked_back_to, regularity, spans
from archiver.watching.room import Room, goes_on, last_written, room
from archiver.watching.schedule import Schedule, read_schedule
from archiver.watching.summary import Summary, summary

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from archiver.store.run_report import RunReport

OVERDUE = 4
"""Exit code of `archiver status` where a scheduled run is overdue: less was collected than was asked for."""
LOOKED_AT = 1_000
"""Reports among which the last complete run is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One site of an archive at one moment."""

    site: str
    looked_at: datetime
    collected: Summary
    last_run: RunReport | None
    last_complete_run: RunReport | None
    """The last that was well and left nothing; None: not among the last 1,000."""
    is_under_way: bool
    """Whether a run goes on now."""
    schedule: Schedule | None
    regularity: Regularity | None
    """How the schedule was kept; None: none is set."""
    longest_gap: Gap | None
    """The longest time without a run in the last 90 days, or since the schedule was set."""
    room: Room

    @property
    def is_overdue(self) -> bool:
        """Whether a scheduled run did not come."""
        return self.regularity is not None and self.regularity.is_overdue


def status(site_folder: Path, own: frozenset[str], now: datetime) -> Status:
    """How the site stands. `own`: names of the site's own rules. Reads only, but for a cache; needs no lock.

    Raises ArchiveDamaged, UsageError.
    """
    schedule = read_schedule(site_folder)
    runs = spans(site_folder, looked_back_to(schedule, now))
    is_under_way = goes_on(last_written(site_folder), now)
    kept = regularity(schedule, runs, now, goes_on=is_under_way) if schedule else None
    return Status(
        site=site_folder.name,
        looked_at=now,
        collected=summary(site_folder, own),
        last_run=next(read_reports(site_folder), None),
        last_complete_run=next((run for run in islice(read_reports(site_folder), LOOKED_AT) if run.is_complete), None),
        is_under_way=is_under_way,
        schedule=schedule,
        regularity=kept,
        longest_gap=kept.longest if kept else longest_gap(runs, None, now),
        room=room(site_folder),
    )
