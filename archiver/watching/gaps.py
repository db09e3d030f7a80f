"""Which runs of a schedule did not happen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from archiver.store.run_report import read_report, run_names, started_at

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.watching.schedule import Schedule

LOOKED_BACK = timedelta(days=90)
_FEW_PAUSES = 3
"""With fewer nobody can tell what is usual."""


@dataclass(frozen=True, slots=True)
class Span:
    """When a run was going on."""

    began: datetime
    ended: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A time without a run."""

    after: datetime
    """End of the run before, or when the schedule was set."""
    until: datetime
    """Beginning of the next, or now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regularity:
    """How a schedule was kept, in the last 90 days or since it was set."""

    missed: int
    """Runs that did not begin in time."""
    longest: Gap | None
    """The longest time between two runs; None: there was none."""
    due_at: datetime
    """When the next run is due,"""
    is_overdue: bool
    """and whether even the grace is over, without a run that goes on."""


def spans(site_folder: Path, since: datetime) -> list[Span]:
    """The runs that began after `since`, oldest first. Raises ArchiveDamaged."""
    names = [name for name in run_names(site_folder) if started_at(name) >= since]
    reports = (read_report(site_folder / "runs" / f"{name}.json") for name in names)
    return [Span(report.started_at, report.ended_at) for report in reports]


def looked_back_to(schedule: Schedule | None, now: datetime) -> datetime:
    """From when on runs are counted."""
    return max(schedule.since if schedule else now - LOOKED_BACK, now - LOOKED_BACK)


def longest_gap(runs: list[Span], start: datetime | None, now: datetime) -> Gap | None:
    """The longest time without a run. `start`: counts as the end of a run, where it is given."""
    ends = [*([start] if start else []), *(run.ended for run in runs)]
    begins = [*(run.began for run in (runs if start else runs[1:])), now]
    found = [Gap(after=end, until=begin) for end, begin in zip(ends, begins, strict=True)] if ends else []
    return max(found, key=lambda gap: gap.until - gap.after, default=None)


def regularity(schedule: Schedule, runs: list[Span], now: datetime, *, goes_on: bool) -> Regularity:
    """How the schedule was kept. `goes_on`: a run is under way, whose report is not yet written."""
    start = looked_back_to(schedule, now)
    begun = [Span(start, start), *runs]
    missed = sum(runs_missed(schedule, before, run.began) for before, run in pairwise(begun))
    due_at = _due(schedule, begun[-1])
    late = 0 if goes_on else runs_missed(schedule, begun[-1], now)
    return Regularity(
        missed=missed + late,
        longest=longest_gap(runs, start, now),
        due_at=due_at,
        is_overdue=late > 0,
    )


def gaps(schedule: Schedule | None, runs: list[Span], now: datetime) -> list[Gap]:
    """The times in which a run was due and none began, oldest first.

    Before a schedule was set, and without one, that is a pause of more than twice the usual one.
    """
    pauses = [run.began - before.ended for before, run in pairwise(runs)]
    usual = sorted(pauses)[len(pauses) // 2] if len(pauses) >= _FEW_PAUSES else timedelta.max / 3
    ahead = [*runs[1:], Span(now, now)] if schedule and runs else runs[1:]
    found = []
    for before, run in zip(runs, ahead, strict=False):
        is_scheduled = schedule is not None and before.began >= schedule.since
        is_late = (
            runs_missed(schedule, before, run.began) > 0
            if schedule and is_scheduled
            else run.began - before.ended > 2 * usual
        )
        if is_late:
            found.append(Gap(after=before.ended, until=run.began))
    return found


def _due(schedule: Schedule, run: Span) -> datetime:
    """When the run after `run` is due: one that takes longer than the interval pushes it on."""
    due = run.began + schedule.every
    return due if run.ended <= due else run.ended + schedule.every


def runs_missed(schedule: Schedule, before: Span, until: datetime) -> int:
    """How many runs of the schedule should have begun between `before` and `until`, and did not."""
    late = until - _due(schedule, before) - schedule.grace
    return 0 if late <= timedelta(0) else 1 + late // schedule.every
