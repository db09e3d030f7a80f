"""Whether a run was well: its exit code, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.extensions.usual import FEW_ARTICLES

if TYPE_CHECKING:
    from archiver.errors import ArchiverError
    from archiver.extensions.tally import Tally
    from archiver.site import Expect
    from archiver.store.run_report import Alarm

FAILURES_BORNE = 10
"""So many fetch failures are borne whatever their share."""
SHARE_BORNE = 0.1
"""And so large a share whatever their number."""

OK, BUG, UNREACHABLE, BELOW_EXPECT, TOO_MANY_FAILURES, INTERRUPTED = 0, 1, 3, 4, 5, 130


@dataclass(frozen=True, slots=True)
class Run:
    """What a verdict is made of."""

    tally: Tally
    expect: Expect
    is_whole: bool
    """Whether the run was asked for the whole site."""
    ended: str
    """Scrapy's finish reason: finished, shutdown, closespider_timeout, …"""
    queued: int
    """By the ledger: due at the start, and discovered since."""
    left: int
    """By the ledger: due at the end."""
    seen: int
    """Articles that the sweep has read, in this run and in those that it went on with."""
    doubted: int = 0
    """Known articles that were not there, of which the run tells nothing: most were not, or no page came at all."""
    open_urls: tuple[str, ...] = ()
    """Some of those left."""
    alarms: tuple[Alarm, ...] = ()
    """What fell below what is usual, gravest first."""
    went_on: bool = False
    """Whether it took up what an earlier run had left."""
    stopped_by: ArchiverError | None = None


def verdict(run: Run) -> tuple[int, str]:
    """The exit code of `archiver crawl`, and why, in one line. The first that applies, gravest first."""
    if run.stopped_by is not None:
        return run.stopped_by.exit_code, str(run.stopped_by)
    if run.ended == "shutdown":
        return INTERRUPTED, "stopped on request; run it again to go on"
    for judge in (_bug, _unreachable, _failures, _withdrawals, _expectation, _alarms):
        found = judge(run)
        if found is not None:
            return found
    if run.left:
        return OK, f"all well; {run.left} left for the next run"
    return OK, "all well"


def _bug(run: Run) -> tuple[int, str] | None:
    tally = run.tally
    if tally.bugs:
        return BUG, f"{tally.bugs} pages met a bug of this program: see the errors of the run, and report them"
    if run.queued != tally.ended + run.left or tally.ended_twice:
        lost = [*tally.ended_twice[:3], *run.open_urls]
        sums = f"{run.queued} queued, {tally.ended} ended, {run.left} left"
        return BUG, f"the sums do not match ({sums}): {', '.join(lost)}. This is a bug of this program: report it"
    if run.ended != "finished" and not run.ended.startswith("closespider_"):
        return BUG, f"the crawl ended early: {run.ended}"
    return None


def _unreachable(run: Run) -> tuple[int, str] | None:
    tally = run.tally
    # What is left of an interrupted run may be files, holes and withdrawn articles alone: the site has answered.
    has_answered = tally.fetched or tally.files["stored"] or tally.holes or (run.went_on and tally.outcomes["gone"])
    if has_answered or not tally.outcomes.total():
        return None
    reasons = sorted({reason for counts in tally.reasons.values() for reason in counts})
    first = f" ({tally.errors[0].url})" if tally.errors else ""
    return UNREACHABLE, f"nothing could be fetched: {', '.join(reasons)}{first}. Look at the site in a browser"


def _failures(run: Run) -> tuple[int, str] | None:
    # Of articles only: a feed that fails is one of several ways to them, and says so in its event.
    failures, tried = run.tally.fetch_failures, run.tally.tried
    if failures > FAILURES_BORNE and failures > SHARE_BORNE * tried:
        return (
            TOO_MANY_FAILURES,
            f"{failures} of {tried} article fetches failed; {FAILURES_BORNE} or {SHARE_BORNE:.0%} are borne",
        )
    return None


def _withdrawals(run: Run) -> tuple[int, str] | None:
    if not run.doubted:
        return None
    found = f"{run.doubted} known articles were not there, and only {run.tally.seen} were: a fault, no withdrawal"
    return BELOW_EXPECT, f"{found}, and none is marked as gone. Look at the site in a browser, then run this again"


def _expectation(run: Run) -> tuple[int, str] | None:
    tally, expect = run.tally, run.expect
    is_whole = run.is_whole and run.ended == "finished"
    if is_whole and run.seen < expect.articles:
        return (
            BELOW_EXPECT,
            f"{run.seen} articles seen, at least {expect.articles} expected: look at the listings' rules",
        )
    if tally.read < FEW_ARTICLES and not (is_whole and tally.read == run.seen):
        return None
    coverage = tally.coverage()
    for field in ("lead", "body", "images", "authors"):
        least = getattr(expect, f"with_{field}")
        if coverage.get(field, 0.0) < least:
            found = f"{coverage.get(field, 0.0):.0%} of the articles have {field}, at least {least:.0%} expected"
            return BELOW_EXPECT, f"{found}: look at the rule of {field}"
    return None


def _alarms(run: Run) -> tuple[int, str] | None:
    if not run.alarms:
        return None
    more = f" ({len(run.alarms) - 1} more alarms in the report)" if run.alarms[1:] else ""
    return (
        BELOW_EXPECT,
        f"{run.alarms[0].says} and, if the site is so from now on, crawl it with -s NEW_BASELINE=1{more}",
    )
