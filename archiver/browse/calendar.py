"""The runs of a site day by day: what a year's calendar shows."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from archiver.store.run_report import FOLDER, read_report, run_names, started_at
from archiver.watching.gaps import gaps, spans
from archiver.watching.schedule import read_schedule

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from archiver.store.run_report import RunReport
    from archiver.watching.gaps import Gap

Kind = Literal["well", "below", "failed", "gap", "none"]

_SEEN_AS: dict[int, Kind] = {0: "well", 4: "below", 130: "below", 75: "below"}
_GRAVE: tuple[Kind, ...] = ("none", "gap", "well", "below", "failed")
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day, UTC."""

    on: date
    runs: int
    new: int
    changed: int
    kind: Kind
    """How the gravest of its runs ended: well, below (what is expected; or stopped), failed; gap: one was due, and none
    began."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The weeks of a month, Monday first; None: a day of another month."""

    first: date
    weeks: tuple[tuple[Day | None, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """One year of one site."""

    year: int
    years: tuple[int, ...]
    """Those with runs."""
    months: tuple[Month, ...]
    """From the first with a run or a gap to the last."""
    gaps: tuple[Gap, ...]
    """That begin or end in the year, newest first."""


def year_of_runs(site_folder: Path, year: int | None, now: datetime) -> Year:
    """The calendar of a year; None: the year of the newest run. Raises ArchiveDamaged, UsageError."""
    begun = [started_at(name) for name in run_names(site_folder)]
    years = tuple(range(begun[0].year, begun[-1].year + 1)) if begun else (now.year,)
    shown = year or years[-1]
    missed = gaps(read_schedule(site_folder), spans(site_folder, _LONG_AGO), now)
    days = _days(reports(site_folder, f"{shown}"), missed)
    seen = [on.month for on in days if on.year == shown]
    months = tuple(
        _month(date(shown, number, 1), days) for number in range(min(seen, default=1), max(seen, default=0) + 1)
    )
    here = tuple(gap for gap in reversed(missed) if shown in (gap.after.year, gap.until.year))
    return Year(year=shown, years=years, months=months, gaps=here)


def reports(site_folder: Path, span: str) -> list[RunReport]:
    """The reports of a year, a month or a day (2026, 2026-11, 2026-11-22, UTC), newest first. Raises ArchiveDamaged."""
    wanted = span.replace("-", "")
    names = [name for name in reversed(run_names(site_folder)) if name.startswith(wanted)]
    return [report(site_folder, name) for name in names]


def report(site_folder: Path, name: str) -> RunReport:
    """The report of that run. Raises ArchiveDamaged, UsageError."""
    path = site_folder / FOLDER / f"{name}.json"
    return _remembered(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=_REMEMBERED)
def _remembered(path: Path, _written: int) -> RunReport:
    return read_report(path)


def _days(found: Iterable[RunReport], missed: Iterable[Gap]) -> dict[date, Day]:
    by_day: dict[date, list[RunReport]] = {}
    for each in found:
        by_day.setdefault(each.started_at.date(), []).append(each)
    days = {}
    for gap in missed:
        for number in range((gap.until - gap.after).days + 2):
            on = gap.after.date() + timedelta(days=number)
            if on <= gap.until.date() and on not in by_day:
                days[on] = Day(on=on, runs=0, new=0, changed=0, kind="gap")
    return days | {on: _day(on, runs) for on, runs in by_day.items()}


def _day(on: date, runs: list[RunReport]) -> Day:
    kinds = [_SEEN_AS.get(run.exit_code, "failed") for run in runs]
    return Day(
        on=on,
        runs=len(runs),
        new=sum(run.articles.get("new", 0) for run in runs),
        changed=sum(run.articles.get("changed", 0) for run in runs),
        kind=max(kinds, key=_GRAVE.index),
    )


def _month(first: date, days: dict[date, Day]) -> Month:
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    nothing = {"runs": 0, "new": 0, "changed": 0}
    return Month(
        first=first,
        weeks=tuple(
            tuple(
                (days.get(on) or Day(on=on, kind="none", **nothing)) if on.month == first.month else None for on in week
            )
            for week in weeks
        ),
    )
