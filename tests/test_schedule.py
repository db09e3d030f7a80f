"""`archiver schedule`: what systemd and cron get, judged by systemd and sh themselves; and what cannot be asked for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT, needs, run

from archiver.cli import main
from archiver.demo.newsroom import Newsroom
from archiver.demo.server import serve
from archiver.store.archive import hold
from archiver.watching import crontab, units
from archiver.watching.calling import Call
from archiver.watching.schedule import Schedule, read_interval, read_schedule
from archiver.watching.slots import cron_fields, on_calendar

if TYPE_CHECKING:
    from pathlib import Path

COPY = "http://127.0.0.1:8021"
INTERVALS = ["5m", "10m", "15m", "20m", "30m", "1h", "2h", "3h", "4h", "6h", "8h", "12h", "1d", "1w"]


@pytest.fixture
def systemd() -> None:
    if shutil.which("systemd-analyze") is None:
        needs("systemd judges what it gets. Run: apt-get install systemd")


def every(interval: str, at: str = "03:17", by: str = "systemd") -> Schedule:
    return Schedule(every_seconds=read_interval(interval), at=at, by=by, since=datetime(2026, 11, 22, tzinfo=UTC))


def call(archive: Path, url: str = COPY) -> Call:
    return Call(
        site="hcma",
        arguments=("hcma", "--base-url", url),
        archive=archive,
        contact="Ann O'Neil <a@b.example> 100% $HOME",
    )


@pytest.mark.parametrize(
    ("interval", "at", "calendar", "fields"),
    [
        ("20m", "03:17", "*-*-* *:17,37,57:00", "17,37,57 * * * *"),
        ("1h", "03:17", "*-*-* *:17:00", "17 * * * *"),
        ("6h", "03:17", "*-*-* 03,09,15,21:17:00", "17 3,9,15,21 * * *"),
        ("6h", "22:00", "*-*-* 04,10,16,22:00:00", "0 4,10,16,22 * * *"),
        ("1d", "03:30", "*-*-* 03:30:00", "30 3 * * *"),
        ("24h", "03:30", "*-*-* 03:30:00", "30 3 * * *"),
        ("1w", "03:30", "Mon *-*-* 03:30:00", "30 3 * * 1"),
    ],
)
def test_times_of_day_follow_from_one_of_them(interval, at, calendar, fields):
    assert (on_calendar(every(interval, at)), cron_fields(every(interval, at))) == (calendar, fields)


@pytest.mark.usefixtures("systemd")
@pytest.mark.parametrize("interval", INTERVALS)
def test_systemd_reads_the_times_as_the_interval(interval):
    words = [
        "systemd-analyze",
        "calendar",
        "--iterations=4",
        "--base-time=2026-11-22 00:00:00",
        on_calendar(every(interval)),
    ]
    said = subprocess.run(
        words, capture_output=True, text=True, check=True, env={**os.environ, "TZ": "UTC", "LC_ALL": "C"}
    ).stdout
    times = [
        datetime.fromisoformat(text)
        for text in re.findall(r"(?:Next elapse|Iteration #\d+|Iter\. #\d+): \w+ (\S+ \S+) UTC", said)
    ]

    assert len(times) == 4, said
    assert {later - sooner for sooner, later in pairwise(times)} == {timedelta(seconds=read_interval(interval))}


@pytest.mark.usefixtures("systemd")
@pytest.mark.parametrize("is_user", [True, False], ids=["user", "system"])
@pytest.mark.parametrize("interval", ["5m", "6h", "1w"])
def test_systemd_analyze_finds_no_fault_in_the_units(tmp_path, interval, is_user):
    archive = tmp_path / 'an archive, "100%" $HOME'
    files = units.units(every(interval), call(archive), is_user=is_user)
    paths = [tmp_path / name for name in files]
    for path, text in zip(paths, files.values(), strict=True):
        path.write_text(text)

    assert units.fault_of(paths) is None
    paths[1].write_text(files[paths[1].name].replace("OnCalendar=", "OnCalendar=often "))
    assert units.fault_of(paths) is not None


def test_the_service_ends_well_when_stopped_and_when_another_run_holds_the_archive(tmp_path):
    service, timer = units.units(every("6h"), call(tmp_path), is_user=True).values()

    for line in (
        "Type=oneshot",
        "SuccessExitStatus=75 130",
        "KillSignal=SIGINT",
        "TimeoutStopSec=5min",
        "MemoryMax=1G",
    ):
        assert line in service.splitlines()
    for line in ("Persistent=true", "RandomizedDelaySec=600", "OnCalendar=*-*-* 03,09,15,21:17:00"):
        assert line in timer.splitlines()


def schedule(*words: object, units_in: Path | None = None, **environ: str):
    folder = {"SYSTEMD_UNIT_PATH": str(units_in)} if units_in else {}
    return run("archiver", "schedule", "hcma", "--base-url", COPY, *words, **folder, **environ)


def test_a_schedule_with_files_crawls_with_files(tmp_path):
    plain = schedule("--every", "6h", "--print", "--cron", "--archive", tmp_path / "a")
    ended = schedule("--every", "6h", "--print", "--cron", "--files", "--archive", tmp_path / "a")

    assert ended.code == 0, ended.err
    assert " --files " in ended.out
    assert " --files " not in plain.out


def test_print_writes_nothing(tmp_path):
    by_timer = schedule("--every", "6h", "--print", "--archive", tmp_path / "a", units_in=tmp_path / "units")
    by_cron = schedule("--every", "6h", "--print", "--cron", "--archive", tmp_path / "a")

    assert (by_timer.code, by_cron.code) == (0, 0)
    assert "OnCalendar=" in by_timer.out
    assert by_cron.out.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_units_are_written_noted_and_removed(tmp_path):
    archive, folder = tmp_path / "archive", tmp_path / "units"
    done = schedule("--every", "6h", "--at", "4:05", "--archive", archive, units_in=folder)
    noted = read_schedule(archive / "hcma")
    written = sorted(path.name for path in folder.iterdir())
    other = schedule("--every", "6h", "--archive", tmp_path / "other", units_in=folder)
    removed = run("archiver", "schedule", "hcma", "--remove", "--archive", archive, SYSTEMD_UNIT_PATH=str(folder))
    again = run("archiver", "schedule", "hcma", "--remove", "--archive", archive, SYSTEMD_UNIT_PATH=str(folder))

    assert (done.code, other.code, removed.code, again.code) == (0, 2, 0, 2), done.err + removed.err
    assert written == ["archiver-hcma.service", "archiver-hcma.timer"]
    assert (noted.every, noted.at, noted.by) == (timedelta(hours=6), "04:05", "systemd")
    assert "End that schedule first" in other.complaint
    assert not (tmp_path / "other").exists()
    assert list(folder.iterdir()) == []
    assert read_schedule(archive / "hcma") is None


CRONTAB = """#!/bin/sh
# As POSIX has it: -l prints the crontab, - reads a new one.
case $1 in
  -l) cat "$CRONTAB" 2>/dev/null || { echo "no crontab for you" >&2; exit 1; };;
  -) cat > "$CRONTAB";;
esac
"""


def test_a_line_of_the_crontab_is_set_once_and_removed_without_touching_others(tmp_path):
    programs, table, archive = tmp_path / "bin", tmp_path / "crontab", tmp_path / "an archive"
    programs.mkdir()
    (programs / "crontab").write_text(CRONTAB)
    (programs / "crontab").chmod(0o755)
    environ = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "CRONTAB": str(table),
        "SYSTEMD_UNIT_PATH": str(tmp_path / "units"),
    }
    first = schedule("--every", "1h", "--cron", "--archive", archive, **environ)
    table.write_text("0 0 * * * backup\n" + table.read_text())
    schedule("--every", "6h", "--cron", "--archive", archive, **environ)
    lines = table.read_text().splitlines()
    removed = run("archiver", "schedule", "hcma", "--remove", "--archive", archive, **environ)

    assert (first.code, removed.code) == (0, 0), first.err + removed.err
    assert [line.split()[1] for line in lines] == ["0", lines[1].split()[1]]
    assert lines[1].split()[1].count(",") == 3
    assert table.read_text() == "0 0 * * * backup\n"
    assert read_schedule(archive / "hcma") is None


def test_a_percent_sign_in_the_line_does_not_end_its_command(tmp_path):
    line = crontab.line(every("6h", by="cron"), call(tmp_path))

    assert "100\\%" in line
    assert "%" not in line.replace("\\%", "")


def cron_runs(archive: Path, url: str) -> subprocess.CompletedProcess[str]:
    """What cron makes of the line, which waits for 0 seconds."""
    at_once = Schedule(every_seconds=9, at="03:17", by="cron", since=datetime(2026, 11, 22, tzinfo=UTC))
    words = ["/bin/sh", "-c", crontab.command(at_once, call(archive, url))]
    environ = {"PATH": "/usr/bin:/bin", "HOME": "/", "PYTHONPATH": str(ROOT)}
    return subprocess.run(words, env=environ, capture_output=True, text=True, check=False, timeout=60)


def test_cron_says_something_only_when_a_run_was_not_well(tmp_path):
    archive = tmp_path / "an archive"
    archive.mkdir()
    with serve(Newsroom(seed=1, articles=20)) as server:
        well = cron_runs(archive, server.url)
        with hold(archive / "hcma"):
            held = cron_runs(archive, server.url)
        unreachable = server.url
    failed = cron_runs(archive, unreachable)

    assert [(ran.returncode, ran.stdout, ran.stderr) for ran in (well, held)] == [(0, "", "")] * 2
    assert "nothing could be fetched: connection_refused" in failed.stdout
    assert (archive / "hcma.cron.log").read_text().endswith(failed.stdout)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("schedule", "SITE"),
        ("schedule hcma", "archiver schedule hcma --every 6h"),
        ("schedule hcmx --every 6h", "Did you mean hcma?"),
        ("schedule hcma --every 5h", "Give one of 5m"),
        ("schedule hcma --every often", "Give one of 5m"),
        ("schedule hcma --every 6h --at noon", "Write it as 03:30"),
        ("schedule hcma --every 6h --at 24:00", "Write it as 03:30"),
        ("schedule hcma --every 6h --print", "--contact you@example.org"),
        ("schedule hcma --remove --every 6h", "without --every"),
        ("schedule hcma --remove --archive nowhere", "no schedule is set"),
        ("schedule https:// --every 6h", "begins with http"),
        ("schedule http://127.0.0.1/ --every 6h --base-url http://127.0.0.1:1", "without SITE and --base-url"),
        ("status --archive nowhere", "no archive of a site"),
        ("runs hcmx --archive nowhere", "no archive of a site"),
    ],
)
def test_what_cannot_be_used_is_exit_2_and_one_line_with_the_next_step(monkeypatch, capsys, tmp_path, words, says):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SYSTEMD_UNIT_PATH", str(tmp_path / "units"))
    monkeypatch.delenv("ARCHIVER_CONTACT", raising=False)
    monkeypatch.setattr(sys, "argv", ["archiver", *words.split()])
    with pytest.raises(SystemExit) as ended:
        main()
    complaint = capsys.readouterr().err

    assert ended.value.code == 2
    assert says in complaint
    assert complaint.count("\n") == 1, complaint
    assert list(tmp_path.iterdir()) == []


def test_any_news_site_is_scheduled_by_its_start_page(tmp_path):
    ended = run(
        "archiver", "schedule", "https://news.example/home", "--every", "1d", "--contact", "me@example.org", "--print",
        "--archive", tmp_path,
    )  # fmt: skip

    assert "crawl --url https://news.example/home --archive" in ended.out
    assert (
        "# /etc/systemd/system/archiver-news.example.service" in ended.out
        or "systemd/user/archiver-news.example" in ended.out
    )
