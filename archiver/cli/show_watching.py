"""What status and runs tell their reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from archiver.cli.printing import say
from archiver.watching.runs import MEANINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime, timedelta

    from archiver.store.run_report import RunReport
    from archiver.watching.gaps import Gap
    from archiver.watching.status import Status
    from archiver.watching.summary import Summary

_LABEL = 12
"""Characters before what is told."""


def run_line(report: RunReport) -> str:
    """One run in one line."""
    length = duration(report.ended_at - report.started_at)
    ended = {name: report.outcomes.get(name, 0) for name in ("new", "changed", "gone", "failed")}
    counts = ", ".join(f"{count} {name}" for name, count in ended.items())
    counts += f", {report.files['stored']} of {report.files['asked']} files" if report.files else ""
    meaning = MEANINGS.get(report.exit_code, "?")
    why = "" if report.why == meaning else f": {report.why}"
    return f"{_moment(report.started_at)}  {report.site}  {length}  {counts}  exit {report.exit_code}, {meaning}{why}"


def show_status(found: Sequence[Status]) -> None:
    """Tells each site in a few lines."""
    for number, status in enumerate(found):
        if number:
            typer.echo()
        say(status.site)
        for label, text in _told(status):
            say(f"  {label:<{_LABEL}}{text}")


def _told(status: Status) -> Iterator[tuple[str, str]]:
    collected = status.collected
    others = "".join(f", {count} {name}" for name, count in collected.statuses.items() if name != "live")
    yield "collected", f"{collected.articles:,} articles{others}, {collected.revisions:,} revisions"
    if collected.by_year:
        yield "by year", ", ".join(f"{year or 'no time'} {count:,}" for year, count in collected.by_year.items())
    if collected.newest:
        yield "newest", f"{collected.newest.published_at[:16].replace('T', ' ')}  {collected.newest.title}"
    if collected.coverage:
        yield "coverage", ", ".join(f"{name} {share:.0%}" for name, share in collected.coverage.items())
        yield "rules", _rules(collected)
    yield "last run", _last_run(status)
    yield from _schedule(status)
    room = status.room
    parts = f"captures {_size(room.captures)}, lines {_size(room.lines)}, other {_size(room.other)}"
    yield "disk", f"{_size(room.used)} ({parts}); {_size(room.free)} free"


def _rules(collected: Summary) -> str:
    of = max(1, collected.by_own_rules + collected.by_general_rules)
    shares = {"the site's own": collected.by_own_rules / of, "the general": collected.by_general_rules / of}
    return "of the fields " + ", ".join(f"{share:.0%} by {whose} rules" for whose, share in shares.items())


def _last_run(status: Status) -> str:
    report, complete = status.last_run, status.last_complete_run
    now = " A run is under way." if status.is_under_way else ""
    if report is None:
        return f"none yet.{now}"
    told = f"{_ago(status.looked_at, report.ended_at)}: exit {report.exit_code}, {report.why}"
    if complete is None:
        told += "; none of the last 1,000 was complete"
    elif complete.run != report.run:
        told += f"; the last complete one {_ago(status.looked_at, complete.ended_at)}"
    return told + ("." + now if now else "")


def _schedule(status: Status) -> Iterator[tuple[str, str]]:
    kept, plan = status.regularity, status.schedule
    if kept is None or plan is None:
        gap = f"; the longest time without a run: {_gap(status.longest_gap)}" if status.longest_gap else ""
        yield "schedule", f"none. Set one: archiver schedule {status.site} --every 6h{gap}"
        return
    due = "overdue since" if kept.is_overdue else "next run due"
    yield "schedule", f"every {plan.told} by {plan.by}; {due} {_moment(kept.due_at)}"
    missed = f"{kept.missed} runs missed" if kept.missed else "no run missed"
    gap = f", longest {_gap(kept.longest)}" if kept.longest else ""
    yield "gaps", f"{missed}{gap}"


def _gap(gap: Gap | None) -> str:
    return f"{duration(gap.until - gap.after)} from {_moment(gap.after)}" if gap else "none"


def _ago(now: datetime, then: datetime) -> str:
    return f"{_moment(then)}, {duration(now - then)} ago"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}Z"


def duration(span: timedelta) -> str:
    """The span in its two largest units: 2 d 3 h."""
    seconds = max(0, int(span.total_seconds()))
    parts = [(seconds // 86_400, "d"), (seconds // 3_600 % 24, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s")]
    first = next((place for place, (count, _) in enumerate(parts) if count), len(parts) - 1)
    return " ".join(f"{count} {unit}" for count, unit in parts[first : first + 2] if count) or "0 s"


def _size(size: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1_000:
            return f"{size:.0f} {unit}"
        size /= 1_000
    return f"{size:.1f} TB"
