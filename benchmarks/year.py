"""A year of a newsroom that lives, crawled every evening: what the archive has beside what it must have.

    python benchmarks/year.py                # 365 runs, about half an hour
    python benchmarks/year.py --days 31

Each run is `archiver crawl`, at a moment of a simulated clock. The newsroom publishes five articles a day, edits, withdraws
and restores some, is away on two days, and once changes its layout; the archivist then says that the site is so now. The
truth is told by the newsroom (archiver.demo.living.due), for the visits that the plan of the archive promises.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archiver.demo.living.due import revisions_due
from archiver.demo.living.habits import Habits, midnight
from archiver.demo.living.newsroom import LivingNewsroom
from archiver.demo.living.on_air import OnAir
from archiver.demo.server import serve
from archiver.store.visits import pause_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.demo.living.due import Sighting

HERE = Path(__file__).parent
CLOCK = "given_moment.now"
"""The clock of the runs: benchmarks/given_moment.py."""
CONTENT = ("title", "lead", "published_at", "body", "blocks", "images", "authors", "credit_line", "attachments")
LAYOUT_CHANGED = 4
VISITED = ("new", "changed", "unchanged", "gone")

Line = tuple[str, int, datetime, str, tuple[str, ...]]
"""Id, revision, moment, cause, classes."""


@dataclass
class Diary:
    """What the runs did."""

    codes: dict[datetime, int] = field(default_factory=dict)
    whys: dict[datetime, str] = field(default_factory=dict)
    requests: int = 0
    untrue: list[tuple[str, int, str]] = field(default_factory=list)
    """Id, revision and field of lines that differ from what stood on the site at their moment."""


@dataclass(frozen=True)
class Sums:
    """The archive beside the truth."""

    due: Counter[str]
    """Cause to lines that the archive must have."""
    missing: list[Line]
    extra: list[Line]
    not_visited: list[tuple[str, datetime]]
    """Visits that the plan promises and that were not made."""
    passed_unseen: int
    """Events of articles that were over before a visit was due."""


def evenings(newsroom: LivingNewsroom, days: int) -> list[datetime]:
    """23:00 on each of the first days, when all of the day's articles are out."""
    return [midnight(newsroom.start, day) + timedelta(hours=23) for day in range(days)]


def as_planned(seen: Sighting, run: datetime) -> bool:
    """Whether the archive promises a visit: see archiver.store.visits."""
    news_from = seen.changed_at if seen.is_gone else seen.published_at
    return run >= seen.checked_at + pause_of(seen.id, seen.checked_at - news_from)


def live(newsroom: LivingNewsroom, archive: Path, runs: list[datetime], *, is_shown: bool = False) -> Diary:
    """Crawls the newsroom into `archive` at each moment of `runs`; after a layout alarm the next run begins anew with it."""
    air, diary, is_new_layout = OnAir(newsroom, runs[0]), Diary(), False
    with serve(air) as server:
        for moment in runs:
            air.turn_to(moment)
            code, why = _crawl(server.url, archive, moment, is_new_layout=is_new_layout)
            is_new_layout = code == LAYOUT_CHANGED
            diary.codes[moment], diary.whys[moment] = code, why
            diary.untrue += _untrue(air, server.url, archive, moment)
            if is_shown:
                print(f"{moment:%Y-%m-%d}  exit {code}  {why}", flush=True)
    diary.requests = sum(
        json.loads(path.read_text())["requests"] for path in (archive / "hcma" / "runs").glob("*.json")
    )
    return diary


def compare(newsroom: LivingNewsroom, archive: Path, runs: list[datetime]) -> Sums:
    """The archive's lines beside those that its visits must give, and these beside the plan.

    A visit beyond the plan is in order: a listing led to an article that had been gone, or a redirect to another's.
    """
    visits = {(event["id"], _at(event["time"])) for event in lines(archive, "events") if event["outcome"] in VISITED}
    not_visited: list[tuple[str, datetime]] = []

    def is_visited(seen: Sighting, run: datetime) -> bool:
        is_made = (seen.id, run) in visits
        if as_planned(seen, run) and not is_made:
            not_visited.append((seen.id, run))
        return is_made

    due: list[Line] = [
        (each.id, each.revision, each.at.astimezone(UTC), each.cause, each.classes)
        for each in revisions_due(newsroom, runs, is_visited)
    ]
    found: list[Line] = [
        (line["id"], line["revision"], _moment(line), line["change"]["cause"], tuple(line["change"]["classes"]))
        for line in lines(archive, "articles")
    ]
    happened = sum(event.kind in ("edited", "withdrawn", "returned") for event in newsroom.events(runs[-1]))
    seen = sum(cause != "first" for *_, cause, _ in due)
    return Sums(
        Counter(cause for *_, cause, _ in due),
        sorted((Counter(due) - Counter(found)).elements()),
        sorted((Counter(found) - Counter(due)).elements()),
        not_visited,
        happened - seen,
    )


def lines(archive: Path, kind: str) -> Iterator[dict[str, Any]]:
    """Every line of that kind, articles or events, oldest first."""
    for path in sorted((archive / "hcma" / kind).glob("*/*.jsonl")):
        with path.open() as file:
            yield from map(json.loads, file)


def _crawl(url: str, archive: Path, moment: datetime, *, is_new_layout: bool) -> tuple[int, str]:
    words = ["crawl", "hcma", "--base-url", url, "--archive", str(archive), "-s", f"NOW={CLOCK}"]
    words += ["-s", "NEW_BASELINE=1"] if is_new_layout else []
    paths = os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH", "")]))
    environment = {**os.environ, "PYTHONPATH": paths, "GIVEN_MOMENT": moment.astimezone(UTC).isoformat()}
    done = subprocess.run(
        [sys.executable, "-m", "archiver", *words], capture_output=True, text=True, env=environment, check=False
    )
    reports = sorted((archive / "hcma" / "runs").glob(f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}*.json"))
    return done.returncode, json.loads(reports[-1].read_text())["why"] if reports else done.stderr


def _untrue(air: OnAir, url: str, archive: Path, moment: datetime) -> list[tuple[str, int, str]]:
    newest = [line for line in lines(archive, "articles") if _moment(line) == moment and line["status"] == "live"]
    wanted = {line["id"] for line in newest}
    told = {record["id"]: record for record in air.truth(url) if record["id"] in wanted}
    return [
        (line["id"], line["revision"], name)
        for line in newest
        for name in CONTENT
        if line[name] != told[line["id"]][name]
    ]


def _moment(line: dict[str, Any]) -> datetime:
    return _at(line["fetched_at"])


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def main() -> None:
    """Prints the sums, and the first of what differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    newsroom = LivingNewsroom(seed=options.seed, habits=Habits(has_feeds=True, counts_visits=True))
    runs, begun = evenings(newsroom, options.days), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder)
        diary = live(newsroom, archive, runs, is_shown=True)
        sums = compare(newsroom, archive, runs)
        check = subprocess.run(
            [sys.executable, "-m", "archiver", "rebuild", "--check", "--archive", str(archive)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    print(f"\n{len(runs)} runs in {time.monotonic() - begun:.0f} s, {diary.requests} requests")
    print("exit codes:", dict(Counter(diary.codes.values())))
    print("lines due:", sums.due.total(), dict(sums.due))
    print(f"missing: {len(sums.missing)}, beyond them: {len(sums.extra)}, untrue fields: {len(diary.untrue)}")
    print(f"visits promised and not made: {len(sums.not_visited)}")
    print(f"events that were over before a visit was due: {sums.passed_unseen}")
    print("rebuild --check:", check.returncode, check.stdout.strip().splitlines()[-1:])
    told = {"missing": sums.missing, "beyond": sums.extra, "untrue": diary.untrue, "not visited": sums.not_visited}
    for what, found in told.items():
        for each in found[:20]:
            print(what, each)


if __name__ == "__main__":
    main()
