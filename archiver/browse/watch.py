"""Runs and gaps as a calendar, one run, and what is missing and why."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from archiver.browse.asked import MOST_PAGES, read_page
from archiver.browse.calendar import report, reports, year_of_runs
from archiver.browse.pages import href, page
from archiver.browse.tables import FORMATS, json_answer, table
from archiver.errors import UsageError
from archiver.research.missing import Asked, missing, reasons
from archiver.research.selection import read_day
from archiver.store.clock import utc_now
from archiver.store.run_report import read_reports, run_names
from archiver.watching.gaps import longest_gap, looked_back_to, regularity, spans
from archiver.watching.room import goes_on, last_written
from archiver.watching.schedule import read_schedule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

    from archiver.research.library import Library
    from archiver.research.missing import Missing
    from archiver.store.run_report import RunReport

PER_PAGE = 50
_SPAN = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_RUN_COLUMNS = (
    "run", "site", "started_at", "ended_at", "exit_code", "why", "new", "changed", "unchanged", "queued", "fetched", "gone",
    "failed", "skipped", "left", "requests", "bytes_received",
)  # fmt: skip
_MISSING_COLUMNS = ("site", "time", "outcome", "reason", "http_status", "url", "id", "record_id", "message")


def runs(request: Request) -> Response:
    """The calendar of a year, and the runs of it, or of a month or a day of it."""
    folder = _folder(request)
    span = request.query_params.get("span", "")
    if span and not _SPAN.fullmatch(span):
        message = f"span {span[:20]!r} is no year, month or day. Write it as 2026, 2026-11 or 2026-11-22"
        raise UsageError(message)
    read_day(span)
    year = year_of_runs(folder, int(span[:4]) if span else None, utc_now())
    found = reports(folder, span or f"{year.year}")
    form = request.query_params.get("format")
    if form in FORMATS:
        rows = map(_row, found) if form == "csv" else iter(found)
        return table(rows, _RUN_COLUMNS, form, "runs")
    number, now = min(read_page(request.query_params), max(1, -(-len(found) // PER_PAGE))), utc_now()
    schedule = read_schedule(folder)
    recent = spans(folder, looked_back_to(schedule, now))
    kept = regularity(schedule, recent, now, goes_on=goes_on(last_written(folder), now)) if schedule else None
    return page(
        request,
        "runs.html",
        site=folder.name,
        sites=list(request.app.state.library.shelves),
        year=year,
        span=span,
        runs=found[(number - 1) * PER_PAGE : number * PER_PAGE],
        total=len(found),
        page_number=number,
        pages=-(-len(found) // PER_PAGE),
        link=lambda number: href("/runs", site=folder.name, span=span, page=number) + "#list",
        last=next(read_reports(folder), None),
        schedule=schedule,
        kept=kept,
        longest=kept.longest if kept else longest_gap(recent, None, now),
    )


def run(request: Request) -> Response:
    """One run: what it did, and whether it was well."""
    folder = _folder(request)
    name = request.path_params["run"]
    if name not in run_names(folder):
        raise HTTPException(404, "no run")
    found = report(folder, name)
    if request.query_params.get("format") == "json":
        return json_answer(found)
    return page(request, "run.html", report=found)


def not_there(request: Request) -> Response:
    """What is gone, failed or was skipped, and why."""
    library: Library = request.app.state.library
    given = request.query_params
    asked = Asked(
        site=given.get("site", ""),
        outcome=given.get("outcome", ""),
        reason=given.get("reason", ""),
        day=given.get("day", ""),
        id=given.get("id", ""),
    )
    read_day(asked.day)
    form = given.get("format")
    if form in FORMATS:
        return table(_all(library, asked), _MISSING_COLUMNS, form, "missing")
    counted = reasons(library, asked)
    total = sum(
        count
        for (outcome, reason), count in counted.items()
        if asked.outcome in ("", outcome) and asked.reason in ("", reason)
    )
    number = read_page(given)
    events = missing(library, asked, limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
    return page(
        request,
        "missing.html",
        asked=asked,
        counted=counted.most_common(),
        total=total,
        page_number=number,
        pages=-(-total // PER_PAGE),
        link=lambda number: href("/missing", **asdict(asked), page=number),
        events=events,
        known_ids=library.named([event.id for event in events if event.id]),
    )


def _all(library: Library, asked: Asked) -> Iterator[Missing]:
    for number in range(MOST_PAGES):
        some = missing(library, asked, limit=PER_PAGE, offset=number * PER_PAGE)
        yield from some
        if len(some) < PER_PAGE:
            return


def _folder(request: Request) -> Path:
    """Of the site that is asked for; without one, of the first."""
    library: Library = request.app.state.library
    name = request.path_params.get("site") or request.query_params.get("site") or next(iter(library.shelves))
    if name not in library.shelves:
        raise HTTPException(404, "no site")
    return library.shelves[name].folder


def _row(report: RunReport) -> dict[str, Any]:
    named = {name: getattr(report, name, None) for name in _RUN_COLUMNS}
    return {**named, **{name: report.articles.get(name, 0) for name in ("new", "changed", "unchanged")}}
