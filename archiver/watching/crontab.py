"""cron: the line that crawls a site, and its place in the user's crontab."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING

from archiver.errors import UsageError
from archiver.watching.calling import shell_line
from archiver.watching.slots import cron_fields

if TYPE_CHECKING:
    from archiver.watching.calling import Call
    from archiver.watching.schedule import Schedule

LOG_LINES = 5


def command(schedule: Schedule, call: Call) -> str:
    """What sh is to do: wait a moment by chance, crawl if nothing else does, and say something only where it went wrong.

    cron mails what is said; 75 (another run holds the archive) and 130 (stopped on request) are no news. All that the
    run said stands in SITE.cron.log beside the site's folder, until the next run.
    """
    log = shlex.quote(str(call.archive / f"{call.site}.cron.log"))
    lock = shlex.quote(str(call.archive / f".{call.site}.cron.lock"))
    wait = f"sleep $(shuf -n 1 -i 0-{schedule.jitter_seconds})"
    crawl = f"flock -n -E 75 {lock} sh -c {shlex.quote(f'{wait}; exec {shell_line(call.words)}')}"
    return f"{crawl} >{log} 2>&1 || case $? in 75|130) ;; *) tail -n {LOG_LINES} {log};; esac"


def line(schedule: Schedule, call: Call) -> str:
    """The line of the crontab, without its newline. `%` ends a command in a crontab, crontab(5)."""
    return f"{cron_fields(schedule)} {command(schedule, call)} {_mark(call.site, str(call.archive))}".replace(
        "%", "\\%"
    )


def _mark(site: str, archive: str) -> str:
    """A comment of sh at the end, by which the line is found again."""
    return f"# archiver {site} {archive}"


def install(schedule: Schedule, call: Call) -> None:
    """Puts the line into the crontab of this user, in place of that for the same site and archive. Raises UsageError."""
    _write([*_others(call.site, str(call.archive)), line(schedule, call)])


def remove(site: str, archive: str) -> bool:
    """Takes the line out again; whether there was one."""
    if shutil.which("crontab") is None:
        return False
    before, kept = _lines(), _others(site, archive)
    if len(kept) < len(before):
        _write(kept)
    return len(kept) < len(before)


def _others(site: str, archive: str) -> list[str]:
    mark = _mark(site, archive).replace("%", "\\%")
    return [each for each in _lines() if not each.endswith(mark)]


def _lines() -> list[str]:
    done = subprocess.run([_program(), "-l"], capture_output=True, text=True, check=False)  # noqa: S603  # our own words
    # A user without one gets 1 and these words; any other failure must not end in an empty crontab.
    if done.returncode and "no crontab for" not in done.stderr:
        message = f"crontab -l: {' '.join(done.stderr.split())}. See the line with --print"
        raise UsageError(message)
    return done.stdout.splitlines() if done.returncode == 0 else []


def _write(lines: list[str]) -> None:
    text = "".join(f"{each}\n" for each in lines)
    done = subprocess.run([_program(), "-"], input=text, capture_output=True, text=True, check=False)  # noqa: S603  # our own words
    if done.returncode:
        message = f"crontab does not take the line: {' '.join(done.stderr.split())}. See it with --print"
        raise UsageError(message)


def _program() -> str:
    program = shutil.which("crontab")
    if program is None:
        message = "no crontab on this machine. See the line with --print, or leave --cron out for systemd"
        raise UsageError(message)
    return program
