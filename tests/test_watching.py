"""What `status` and `runs` tell of an archive, without holding it and while a run writes to it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from conftest import run

from archiver.cli.show_watching import duration
from archiver.demo.newsroom import Newsroom
from archiver.demo.server import serve
from archiver.errors import ArchiveDamaged
from archiver.site import own_rules
from archiver.sites import site_named
from archiver.watching.gaps import Span, gaps, regularity
from archiver.watching.room import goes_on, last_written
from archiver.watching.schedule import Schedule, read_schedule, write_schedule
from archiver.watching.status import status
from archiver.watching.summary import NAME as CACHE
from archiver.watching.summary import summary

if TYPE_CHECKING:
    from pathlib import Path

ARTICLES = 40
OWN = own_rules(site_named("hcma"))
SET_AT = datetime(2026, 11, 1, tzinfo=UTC)
SIX_HOURS = Schedule(every_seconds=6 * 3600, at="03:00", by="systemd", since=SET_AT)


def hours(number: float) -> datetime:
    return SET_AT + timedelta(hours=number)


def span(began: float, minutes: float = 10) -> Span:
    return Span(hours(began), hours(began + minutes / 60))


@pytest.fixture(scope="module")
def crawled(tmp_path_factory) -> Path:
    archive = tmp_path_factory.mktemp("watched")
    with serve(Newsroom(seed=1, articles=ARTICLES)) as server:
        ended = run("archiver", "crawl", "hcma", "--base-url", server.url, "--archive", archive)
    assert ended.code == 0, ended.err
    return archive


@pytest.fixture
def archive(crawled, tmp_path) -> Path:
    return shutil.copytree(crawled, tmp_path / "archive", ignore=shutil.ignore_patterns("cache"))


def articles_file(archive: Path) -> Path:
    (path,) = (archive / "hcma").glob("articles/*/*.jsonl")
    return path


def edited(line: dict, **changes: object) -> str:
    return json.dumps({**line, "revision": line["revision"] + 1, **changes}, ensure_ascii=False) + "\n"


def test_status_counts_what_the_lines_say(crawled):
    (told,) = json.loads(run("archiver", "status", "--archive", crawled, "--json").out)
    lines = [json.loads(line) for line in articles_file(crawled).read_text(encoding="utf-8").splitlines()]
    collected = told["collected"]

    assert (collected["articles"], collected["revisions"], collected["statuses"]) == (
        ARTICLES,
        ARTICLES,
        {"live": ARTICLES},
    )
    assert collected["by_year"]["2026"] == sum(line["published_at"].startswith("2026") for line in lines)
    assert collected["coverage"]["authors"] == pytest.approx(
        sum(bool(line["authors"]) for line in lines) / ARTICLES, abs=1e-4
    )
    assert collected["newest"]["published_at"] == max(line["published_at"] for line in lines)
    assert collected["by_own_rules"] == sum(len(line["extractor"]["found_by"]) for line in lines)
    assert told["last_complete_run"]["articles"]["new"] == ARTICLES


def test_status_is_read_while_a_run_holds_the_archive_and_is_within_a_line(archive):
    path = articles_file(archive)
    with (archive / "hcma" / ".lock").open("ab") as lock, path.open("ab") as half:
        fcntl.flock(lock, fcntl.LOCK_EX)
        half.write(b'{"id": "hcma:99", "title": "H')
        half.flush()
        ended = run("archiver", "status", "--archive", archive)
        held = run("archiver", "runs", "--archive", archive)

    assert (ended.code, held.code) == (0, 0), ended.err
    assert f"{ARTICLES} articles, {ARTICLES} revisions" in ended.out
    assert path.read_bytes().endswith(b'"title": "H')


def test_a_later_look_reads_on_where_the_last_one_ended(archive):
    folder, path = archive / "hcma", articles_file(archive)
    first = json.loads(path.read_text(encoding="utf-8").partition("\n")[0])
    summary(folder, OWN)
    with path.open("a", encoding="utf-8") as file:
        file.write(edited(first, lead="", status="gone"))
    again = summary(folder, OWN)
    shutil.rmtree(folder / "cache")

    assert (again.articles, again.revisions, again.statuses) == (
        ARTICLES,
        ARTICLES + 1,
        {"gone": 1, "live": ARTICLES - 1},
    )
    assert again == summary(folder, OWN)


@pytest.mark.parametrize("change", ["cut back", "other content", "damaged cache", "other rules"])
def test_what_is_not_as_it_was_counted_is_counted_anew(archive, change):
    folder, path = archive / "hcma", articles_file(archive)
    summary(folder, OWN)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    if change == "cut back":
        path.write_text("".join(lines[:-5]), encoding="utf-8")
    elif change == "other content":
        path.write_text("".join(line.replace('"status":"live"', '"status":"gone"') for line in lines), encoding="utf-8")
    elif change == "damaged cache":
        (folder / CACHE).write_bytes(b"no database at all, but long enough to be looked at as if it were one" * 20)
    found = summary(folder, frozenset() if change == "other rules" else OWN)
    shutil.rmtree(folder / "cache")

    assert found == summary(folder, frozenset() if change == "other rules" else OWN)
    assert found.articles == len(path.read_text(encoding="utf-8").splitlines())


def test_where_nothing_can_be_kept_all_is_counted_all_the_same(archive):
    (archive / "hcma" / "cache").write_bytes(b"no folder")

    assert summary(archive / "hcma", OWN).articles == ARTICLES
    assert (archive / "hcma" / "cache").read_bytes() == b"no folder"


def test_a_line_that_cannot_be_read_is_named(archive):
    path = articles_file(archive)
    path.write_bytes(path.read_bytes().replace(b'"extractor"', b'"extracted"', 1))

    with pytest.raises(ArchiveDamaged, match=f"{path.name}, byte 0: .*archiver verify"):
        summary(archive / "hcma", OWN)


def test_without_a_schedule_status_is_0_and_an_overdue_run_is_4(archive):
    unscheduled = run("archiver", "status", "--archive", archive)
    write_schedule(archive / "hcma", SIX_HOURS)
    (archive / "hcma" / "runs" / "20200101T000000Z.json").unlink(missing_ok=True)
    for report in (archive / "hcma" / "runs").iterdir():
        report.rename(report.with_name("20200101T000000Z.json"))
    overdue = run("archiver", "status", "--archive", archive)
    (told,) = json.loads(run("archiver", "status", "--archive", archive, "--json").out)

    assert (unscheduled.code, overdue.code) == (0, 4)
    assert "schedule    none. Set one" in unscheduled.out
    assert "overdue since 2026-11-01 06:00Z" in overdue.out
    assert told["is_overdue"]


def test_a_site_that_is_scheduled_and_never_crawled_has_a_status(tmp_path):
    write_schedule(tmp_path / "hcma", SIX_HOURS)
    found = status(tmp_path / "hcma", OWN, hours(5))

    assert (found.collected.articles, found.last_run, found.is_overdue) == (0, None, False)
    assert status(tmp_path / "hcma", OWN, hours(9)).is_overdue
    assert run("archiver", "status", "--archive", tmp_path).code in (0, 4)


def test_a_run_that_goes_on_is_not_overdue(archive):
    folder = archive / "hcma"
    write_schedule(folder, SIX_HOURS)
    capture = next(folder.glob("captures/*/*/*.warc.gz"))
    capture.rename(capture.with_name(capture.name + ".open"))
    written = hours(2_000)
    os.utime(capture.with_name(capture.name + ".open"), (written.timestamp(),) * 2)

    assert goes_on(last_written(folder), hours(2_000.2))
    assert not status(folder, OWN, hours(2_000.2)).is_overdue
    assert status(folder, OWN, hours(2_001)).is_overdue


REGULARITY = {
    "as it should be": ([span(0), span(6), span(12)], 17, 0, False),
    "never": ([], 5, 0, False),
    "never, and overdue": ([], 7, 1, True),
    "within the grace": ([span(0)], 6.5, 0, False),
    "behind the grace": ([span(0)], 7, 1, True),
    "two runs missed": ([span(0), span(18.1)], 20, 2, False),
    "a day off": ([span(0), span(6)], 36.8, 5, True),
    "a run that took longer than the interval": ([span(0), span(6, minutes=600), span(18)], 20, 0, False),
}


@pytest.mark.parametrize("case", REGULARITY)
def test_a_run_is_missed_when_it_did_not_begin_in_time(case):
    runs, now, missed, is_overdue = REGULARITY[case]
    kept = regularity(SIX_HOURS, runs, hours(now), goes_on=False)

    assert (kept.missed, kept.is_overdue) == (missed, is_overdue)


def test_the_longest_gap_is_between_the_end_of_a_run_and_the_beginning_of_the_next():
    kept = regularity(SIX_HOURS, [span(0), span(6), span(20)], hours(21), goes_on=False)

    assert (kept.longest.after, kept.longest.until) == (hours(6) + timedelta(minutes=10), hours(20))


def test_a_schedule_is_read_as_it_was_written(tmp_path):
    write_schedule(tmp_path / "hcma", SIX_HOURS)

    assert read_schedule(tmp_path / "hcma") == SIX_HOURS


def test_runs_are_lines_newest_last_and_one_json_array(archive):
    (only,) = (archive / "hcma" / "runs").iterdir()
    told = json.loads(only.read_text())
    failed = {
        **told,
        "run": "20300101T000000Z",
        "started_at": "2030-01-01T00:00:00Z",
        "ended_at": "2030-01-01T01:02:03Z",
    }
    failed |= {"exit_code": 3, "why": "nothing could be fetched: timeout"}
    (only.parent / "20300101T000000Z.json").write_text(json.dumps(failed))
    (only.parent / "20300101T000000Z-2.json").write_text(json.dumps({**failed, "exit_code": 0, "why": "all well"}))
    (only.parent / "20300101T000000Z-10.json").write_text(json.dumps({**failed, "exit_code": 130, "why": "stopped"}))
    shown = run("archiver", "runs", "hcma", "--archive", archive).out.splitlines()
    listed = json.loads(run("archiver", "runs", "--archive", archive, "--json").out)

    assert f"{ARTICLES} new, 0 changed" in shown[0]
    assert shown[0].endswith("exit 0, all well")
    assert shown[1] == (
        f"2030-01-01 00:00Z  hcma  1 h 2 min  {ARTICLES} new, 0 changed, {told['gone']} gone, {told['failed']} failed"
        "  exit 3, site unreachable: nothing could be fetched: timeout"
    )
    assert [report["exit_code"] for report in listed] == [0, 3, 0, 130]


def test_a_report_that_cannot_be_read_is_exit_7_and_named(archive):
    (archive / "hcma" / "runs" / "20300101T000000Z.json").write_text("{")
    ended = run("archiver", "runs", "--archive", archive)

    assert ended.code == 7
    assert "20300101T000000Z.json: no report of a run" in ended.complaint


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3_723, "1 h 2 min"), (200_000, "2 d 7 h"), (-5, "0 s")],
)
def test_a_length_is_told_in_its_two_largest_units(seconds, told):
    assert duration(timedelta(seconds=seconds)) == told


def test_an_archive_that_is_watched_has_no_damage(archive):
    write_schedule(archive / "hcma", SIX_HOURS)
    run("archiver", "status", "--archive", archive)

    assert run("archiver", "verify", "--archive", archive).code == 0


def ran(*began: float) -> list[Span]:
    return [span(each) for each in began]


@pytest.mark.parametrize(
    ("schedule", "runs", "now", "missed"),
    [
        (SIX_HOURS, ran(0, 6, 12), 13, []),
        (SIX_HOURS, ran(0, 6, 30, 36), 37, [(6, 30)]),
        (SIX_HOURS, ran(0, 6), 30, [(6, 30)]),
        (SIX_HOURS, ran(-50, -44, -38, -32, -2, 4), 5, [(-32, -2)]),
        (None, ran(0, 6, 12, 36, 42), 100, [(12, 36)]),
        (None, ran(0, 6, 30), 100, []),
        (None, [], 100, []),
    ],
    ids=["kept", "missed between", "missed until now", "before it was set", "no schedule", "too few to tell", "no run"],
)
def test_gaps_are_the_times_in_which_a_run_was_due(schedule, runs, now, missed):
    found = [(gap.after, gap.until) for gap in gaps(schedule, runs, hours(now))]

    assert found == [(span(after).ended, hours(until)) for after, until in missed]
