"""Setting and removing the schedule of a site: with the scheduler, and in the archive."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from archiver.errors import UsageError
from archiver.watching import crontab, units
from archiver.watching.schedule import forget_schedule, read_schedule, write_schedule

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.watching.calling import Call
    from archiver.watching.schedule import Schedule


def printed(schedule: Schedule, call: Call) -> str:
    """What set_schedule would write: two units, each under its name, or a line of a crontab."""
    if schedule.by == "cron":
        return crontab.line(schedule, call) + "\n"
    files = units.units(schedule, call, is_user=units.is_users())
    folder = units.unit_folder(os.environ)
    return "\n".join(f"# {folder / name}\n{text}" for name, text in files.items())


def set_schedule(schedule: Schedule, call: Call) -> str:
    """Lets systemd or cron crawl the site, and notes in the archive when runs are due. What was done, for a reader.

    Raises UsageError where the scheduler or the archive cannot be written.
    """
    folder = units.unit_folder(os.environ)
    if schedule.by == "cron":
        crontab.install(schedule, call)
        units.remove_units(folder, call.site, call.archive)
        done = f"{call.site}: every {schedule.told} by the crontab of this user. See it: crontab -l"
    else:
        paths = units.write_units(folder, schedule, call)
        crontab.remove(call.site, str(call.archive))
        done = f"{call.site}: every {schedule.told}. Written: {', '.join(map(str, paths))} ({_judged()})."
        done += f" {_started(call.site)}"
    write_schedule(call.archive / call.site, schedule)
    return done


def remove_schedule(site: str, archive: Path) -> str:
    """Lets nobody crawl the site any longer, and runs be due no more. Raises UsageError where none was set."""
    folder = archive / site
    was_set = read_schedule(folder) is not None
    gone = units.remove_units(units.unit_folder(os.environ), site, archive)
    was_in_crontab = crontab.remove(site, str(archive))
    if not (was_set or gone or was_in_crontab):
        message = f"{folder}: no schedule is set. Set one: archiver schedule {site} --every 6h"
        raise UsageError(message)
    forget_schedule(folder)
    removed = [*map(str, gone), *(["its line in the crontab"] if was_in_crontab else [])]
    return f"{site}: no longer scheduled. Removed: {', '.join(removed) or 'nothing but the note in the archive'}"


def _judged() -> str:
    return (
        "systemd-analyze verify: no fault"
        if shutil.which("systemd-analyze")
        else "not checked: no systemd-analyze here"
    )


def _started(site: str) -> str:
    scope = " --user" if units.is_users() else ""
    if not units.start_timer(site):
        return f"systemd does not run here; where it does: systemctl{scope} enable --now archiver-{site}.timer"
    lingers = " Runs need a login, unless: loginctl enable-linger" if units.is_users() else ""
    return f"Started. The next run: systemctl{scope} list-timers archiver-{site}.timer.{lingers}"
