"""What was not crawled, as data: it tells an article that was not there from one that nobody looked for.

The same archive gives the same rows: they end with the last run, not with the day of the export.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from archiver.article import jsonable
from archiver.errors import ArchiveDamaged
from archiver.store.months import months
from archiver.store.withheld import shown_event
from archiver.watching.gaps import runs_missed, spans
from archiver.watching.runs import runs
from archiver.watching.schedule import read_schedule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONG = timedelta(days=1)
"""Without a schedule a longer time between two runs is told."""

Kind = Literal["no_run", "run_not_well", "listing_unfinished", "url_failed"]
KINDS: dict[Kind, str] = {
    "no_run": "No run began in time: `count` runs of the schedule were missed; without a schedule, no run for over a day.",
    "run_not_well": "The run `run` did not end well (`reason`), or left `count` addresses for the next one.",
    "listing_unfinished": "A listing, feed or sitemap that could not be read when it was tried last: what it led to may be missing.",
    "url_failed": "An address that could not be read when it was tried last.",
}
"""And what each says."""


_KEYS = {"url", "outcome", "time", "reason", "http_status"}
"""Of an event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """One row."""

    site: str
    """Its name."""
    kind: Kind
    """no_run, run_not_well, listing_unfinished, url_failed: the card says what each tells."""
    since: str
    """When it began; of an address, when it failed first. RFC 3339, UTC."""
    until: str
    """When it ended; of an address, when it failed last. RFC 3339, UTC."""
    count: int
    """Runs, addresses, or how often an address failed."""
    reason: str | None = None
    """A code, or words."""
    url: str | None = None
    """The address."""
    http_status: int | None = None
    """Of the last answer."""
    run: str | None = None
    """Name of a report in runs/."""


@dataclass(slots=True)
class _Failed:
    """An address that failed since it was read last."""

    since: str
    until: str
    count: int
    reason: str | None
    http_status: int | None


def absences(site_folder: Path, faults: list[str]) -> Iterator[Absence]:
    """What a site's archive has not looked for or not got. Events that cannot be read are left out, and told in `faults`.

    Raises ArchiveDamaged, UsageError where a report or the schedule cannot be read.
    """
    yield from _without_run(site_folder)
    yield from _not_well(site_folder)
    yield from _failed(site_folder, faults)


def absence_lines(rows: Iterator[Absence]) -> Iterator[bytes]:
    """The rows as JSON Lines."""
    for row in rows:
        yield json.dumps(asdict(row), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _without_run(site_folder: Path) -> Iterator[Absence]:
    schedule = read_schedule(site_folder)
    for before, run in pairwise(spans(site_folder, datetime.min.replace(tzinfo=UTC))):
        is_scheduled = schedule is not None and before.ended >= schedule.since
        count = runs_missed(schedule, before, run.began) if schedule is not None and is_scheduled else 0
        if count or (not is_scheduled and run.began - before.ended > LONG):
            yield Absence(
                site=site_folder.name,
                kind="no_run",
                since=jsonable(before.ended),
                until=jsonable(run.began),
                count=count,
                reason="schedule" if is_scheduled else "no_schedule",
            )


def _not_well(site_folder: Path) -> Iterator[Absence]:
    for report in runs([site_folder]):
        if report.exit_code or report.left:
            yield Absence(
                site=site_folder.name,
                kind="run_not_well",
                since=jsonable(report.started_at),
                until=jsonable(report.ended_at),
                count=report.left,
                reason=report.why,
                run=report.run,
            )


def _failed(site_folder: Path, faults: list[str]) -> Iterator[Absence]:
    failed: dict[str, _Failed] = {}
    listings: set[str] = set()
    for event in _events(site_folder, faults):
        url, outcome = event["url"], event["outcome"]
        if outcome == "listing":
            listings.add(url)
        if outcome != "failed":
            failed.pop(url, None)
            continue
        before = failed.get(url)
        failed[url] = _Failed(
            since=before.since if before else event["time"],
            until=event["time"],
            count=before.count + 1 if before else 1,
            reason=event["reason"],
            http_status=event["http_status"],
        )
    for url, each in sorted(failed.items()):
        yield Absence(
            site=site_folder.name,
            kind="listing_unfinished" if url in listings else "url_failed",
            since=each.since,
            until=each.until,
            count=each.count,
            reason=each.reason,
            url=url,
            http_status=each.http_status,
        )


def _events(site_folder: Path, faults: list[str]) -> Iterator[dict[str, Any]]:
    """Those of articles that were taken down have no address: nothing is told of them."""
    of = shown_event(site_folder)
    for month in months(site_folder, "events"):
        try:
            for offset, raw in month.lines():
                event = _event(of(raw))
                if event is None:
                    faults.append(
                        f"{month.path}, byte {offset}: no line of an event. See what is damaged: archiver verify"
                    )
                elif event["url"]:
                    yield event
        except ArchiveDamaged as damage:
            faults.append(str(damage))


def _event(raw: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) and event.keys() >= _KEYS else None
