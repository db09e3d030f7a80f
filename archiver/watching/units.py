"""systemd: the service and the timer that crawl a site, their folder, and their start."""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.errors import ArchiverError, UsageError
from archiver.watching.calling import systemd_line
from archiver.watching.slots import on_calendar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from archiver.watching.calling import Call
    from archiver.watching.schedule import Schedule

_BOOTED = Path("/run/systemd/system")
"""Is there where systemd runs the machine, sd_booted(3)."""
_OF_ARCHIVE = "# Archive: "


def units(schedule: Schedule, call: Call, *, is_user: bool) -> dict[str, str]:
    """File name to content: the service, then the timer. `is_user`: for `systemctl --user`."""
    stem = f"archiver-{call.site}"
    return {
        f"{stem}.service": "\n".join(_service(call, is_user=is_user)) + "\n",
        f"{stem}.timer": "\n".join(_timer(schedule, call)) + "\n",
    }


def _service(call: Call, *, is_user: bool) -> Iterator[str]:
    yield f"{_OF_ARCHIVE}{call.archive}"
    yield "[Unit]"
    yield f"Description=Crawl {_plain(call.site)} into its archive"
    if not is_user:  # the network is the system's: a user's units cannot wait for it
        yield from ("Wants=network-online.target", "After=network-online.target")
    yield from ("", "[Service]", "Type=oneshot", f"ExecStart={systemd_line(call.words)}")
    if not is_user:
        owner = _owner(call.archive)
        yield from (f"User={owner}",) if owner != "root" else ()
        yield from ("ProtectSystem=full", "NoNewPrivileges=yes")
    yield "# 75: another run holds the archive. 130: stopped on request, the next run goes on."
    yield "SuccessExitStatus=75 130"
    yield "# A stop lets pages on their way come in, and everything be written; what comes later is not lost either."
    yield from ("KillSignal=SIGINT", "KillMode=mixed", "TimeoutStopSec=5min")
    yield from ("MemoryMax=1G", "Nice=10")


def _timer(schedule: Schedule, call: Call) -> Iterator[str]:
    yield from ("[Unit]", f"Description=Crawl {_plain(call.site)} every {schedule.told}", "", "[Timer]")
    yield f"OnCalendar={on_calendar(schedule)}"
    yield f"RandomizedDelaySec={schedule.jitter_seconds}"
    yield from ("Persistent=true", "", "[Install]", "WantedBy=timers.target")


def _plain(text: str) -> str:
    return text.replace("%", "%%")


def _owner(archive: Path) -> str:
    """Who has written the archive, else who asks."""
    there = next(folder for folder in (archive, *archive.parents) if folder.exists())
    number = there.stat().st_uid if there == archive else os.geteuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def is_users() -> bool:
    """Whether the units are this user's, not the system's."""
    return os.geteuid() != 0


def unit_folder(environ: Mapping[str, str]) -> Path:
    """Where units are written: the first folder of SYSTEMD_UNIT_PATH, else the system's or the user's, systemd.unit(5)."""
    named = environ.get("SYSTEMD_UNIT_PATH", "").split(":")[0]
    if named:
        return Path(named)
    if not is_users():
        return Path("/etc/systemd/system")
    return Path(environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"


def write_units(folder: Path, schedule: Schedule, call: Call) -> list[Path]:
    """Writes the units and lets systemd-analyze read them, where it is installed. The paths, service first.

    Raises UsageError where the folder cannot be written, or a unit there is of another archive.
    """
    files = units(schedule, call, is_user=is_users())
    paths = [folder / name for name in files]
    other = _archive_of(paths[0])
    if other not in (None, str(call.archive)):
        message = (
            f"{paths[0]} crawls into {other}. End that schedule first:"
            f" archiver schedule {call.site} --remove --archive {shlex.quote(str(other))}"
        )
        raise UsageError(message)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in zip(paths, files.values(), strict=True):
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _unwritable(folder, error) from error
    fault = fault_of(paths)
    if fault:
        message = f"{paths[0]}: systemd does not take it: {fault}"
        raise ArchiverError(message)
    return paths


def remove_units(folder: Path, site: str, archive: Path) -> list[Path]:
    """Stops and removes the units that crawl the site into that archive; those that were there. Raises UsageError."""
    service = folder / f"archiver-{site}.service"
    if _archive_of(service) != str(archive):
        return []
    timer = service.with_suffix(".timer")
    there = [path for path in (timer, service) if path.exists()]
    if _BOOTED.exists():
        _systemctl("disable", "--now", timer.name)
    try:
        for path in there:
            path.unlink()
    except OSError as error:
        raise _unwritable(folder, error) from error
    if _BOOTED.exists():
        _systemctl("daemon-reload")
    return there


def start_timer(site: str) -> bool:
    """Whether the timer counts from now on; False: systemd does not run here. Raises ArchiverError where it refuses."""
    if not _BOOTED.exists():
        return False
    _systemctl("daemon-reload")
    _systemctl("enable", "--now", f"archiver-{site}.timer")
    return True


def fault_of(paths: list[Path]) -> str | None:
    """What systemd-analyze finds wrong with the units; None: nothing, or it is not installed."""
    program = shutil.which("systemd-analyze")
    if program is None:
        return None
    words = [program, *(("--user",) if is_users() else ()), "verify", *map(str, paths)]
    # The empty last folder stands for all those that systemd knows, systemd.unit(5).
    environ = {**os.environ, "SYSTEMD_UNIT_PATH": f"{paths[0].parent}:"}
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=environ)  # noqa: S603  # our own words
    says = " ".join(done.stderr.split())
    return says or f"exit {done.returncode}" if done.returncode else None


def _systemctl(*words: str) -> None:
    program = shutil.which("systemctl") or "systemctl"
    scope = ("--user",) if is_users() else ()
    done = subprocess.run([program, *scope, *words], capture_output=True, text=True, check=False)  # noqa: S603  # our own words
    if done.returncode:
        message = f"systemctl {' '.join((*scope, *words))}: {' '.join(done.stderr.split())}"
        raise ArchiverError(message)


def _archive_of(service: Path) -> str | None:
    """Into which archive the service crawls; None: it is not there, or not ours."""
    first = service.read_text(encoding="utf-8").partition("\n")[0] if service.exists() else ""
    return first.removeprefix(_OF_ARCHIVE) if first.startswith(_OF_ARCHIVE) else None


def _unwritable(folder: Path, error: OSError) -> UsageError:
    return UsageError(
        f"{error.filename or folder}: cannot be written ({error.strerror}). See the units with --print, or use --cron"
    )
