"""The times of day of a schedule, as systemd.time(7) and crontab(5) write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.watching.schedule import DAY, HOUR, MINUTE, WEEK

if TYPE_CHECKING:
    from archiver.watching.schedule import Schedule

EVERY = "*"


def on_calendar(schedule: Schedule) -> str:
    """`*-*-* 03,09,15,21:17:00`; a weekly run is on Monday."""
    hours, minutes = _hours(schedule), _minutes(schedule)
    day = "Mon " if schedule.every_seconds == WEEK else ""
    return f"{day}*-*-* {_listed(hours, '02')}:{_listed(minutes, '02')}:00"


def cron_fields(schedule: Schedule) -> str:
    """`17 3,9,15,21 * * *`; a weekly run is on Monday."""
    day = "1" if schedule.every_seconds == WEEK else EVERY
    return f"{_listed(_minutes(schedule), '')} {_listed(_hours(schedule), '')} {EVERY} {EVERY} {day}"


def _hours(schedule: Schedule) -> list[int]:
    """Empty: every hour."""
    first = int(schedule.at[:2])
    if schedule.every_seconds <= HOUR:
        return []
    step = min(schedule.every_seconds, DAY) // HOUR
    return sorted({(first + hour) % 24 for hour in range(0, 24, step)})


def _minutes(schedule: Schedule) -> list[int]:
    first = int(schedule.at[3:])
    step = min(schedule.every_seconds, HOUR) // MINUTE
    return sorted({(first + minute) % 60 for minute in range(0, 60, step)})


def _listed(numbers: list[int], form: str) -> str:
    return ",".join(format(number, form) for number in numbers) or EVERY
