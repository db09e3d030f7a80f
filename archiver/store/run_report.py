"""What one run of one site did, and whether it was well: one file in `runs/`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from archiver.errors import ArchiveDamaged, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMAT = 1
FOLDER = "runs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One address that gave nothing."""

    url: str
    reason: str | None
    message: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What fell far below what the last completed runs had in the median."""

    kind: Literal["layout", "pages", "articles", "coverage"]
    """layout: values came from the general rules where the site's own gave them. pages: pages gave no article. articles:
    fewer were seen. coverage: fewer articles have a field."""
    fields: tuple[str, ...] = ()
    """Which fields, the one that fell deepest first; for layout and coverage."""
    found: float
    """Of the first field: a share; for articles a number."""
    usual: float
    """The median."""
    page: str | None
    """Address of a page to look at."""
    says: str
    """The alarm in a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """One run. `queued` = `fetched` + `gone` + `failed` + `skipped` + `left`, and `files` asked, or the run failed."""

    format: int = FORMAT
    run: str
    """Name of the run: its start, 20261122T183400Z."""
    site: str
    origin: str | None = None
    """What the archive holds: the site's own origin, or that of the original of a copy."""
    base_url: str | None = None
    """Address of the copy that was crawled, if one was."""
    contact: str | None = None
    started_at: datetime
    ended_at: datetime
    unfinished: str = "0 0"
    """Captures from here on were not read by this run: number of the capture file, and the byte in it."""
    exit_code: int
    """As `archiver crawl` ends with."""
    why: str
    """The exit code in words."""
    options: dict[str, str] = field(default_factory=dict)
    """since, until, max_pages, as far as given."""
    went_on: bool = False
    """Whether the run took up what an earlier one with the same days had left; `queued` begins with that."""
    queued: int = 0
    """Addresses queued, each article once."""
    fetched: int = 0
    """Ended in an article or a listing."""
    gone: int = 0
    failed: int = 0
    skipped: int = 0
    left: int = 0
    """Still queued when the run stopped."""
    withdrawn: int = 0
    """Known articles that the run found to be gone: each has a line that says so."""
    outcomes: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, dict[str, int]] = field(default_factory=dict)
    """Outcome to reason to count."""
    articles: dict[str, int] = field(default_factory=dict)
    """new, changed, unchanged."""
    left_out: dict[str, int] = field(default_factory=dict)
    """Addresses that were found and not queued, by reason: entries of feeds and sitemaps, and links of pages that look like
    a trap. Each is counted in the run that met it; no event is written of them, which a hostile site could make millions."""
    numbers: dict[str, int] = field(default_factory=dict)
    """Of the sweep: how many numbers it tried, how many articles it found by them, and how many holes are left for later."""
    date_suspect: bool = False
    """Whether the clock went back, during the run or since the one before."""
    files: dict[str, int] = field(default_factory=dict)
    """Attachments and pictures, which the sums of pages leave out: `asked` = `stored` + `broken` + `skipped`; of those stored
    `unchanged`, which the server says are as they were; `bytes` that came of the others. Empty: none were asked for."""
    files_refused: dict[str, int] = field(default_factory=dict)
    """Reason to count, of those that are not stored."""
    coverage: dict[str, float] = field(default_factory=dict)
    """Field to the share of this run's articles that have it."""
    seen: int = 0
    """Articles met, known ones included, by this run and by those that it went on with."""
    listed: int = 0
    """Articles, known ones included, in feeds and on the first pages of listings: what every run asks for, so that runs can
    be compared by it."""
    read: int = 0
    """Articles of which a page came; of the others the server said that nothing has changed."""
    refused: int = 0
    """Pages that came whole, were no listing and gave no article."""
    own_rules: dict[str, float] = field(default_factory=dict)
    """Field to the share of its values that the site's own rules gave; the general rules gave the others."""
    rules_digest: str = ""
    """Of the rules that read the pages, as in `extractor`."""
    new_baseline: bool = False
    """Whether this run was asked to be no longer compared with those before it."""
    alarms: tuple[Alarm, ...] = ()
    requests: int = 0
    bytes_received: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    """HTTP status to count of responses, retries and redirects included."""
    errors: tuple[Fault, ...] = ()
    """The first 20 addresses that failed."""
    versions: dict[str, str] = field(default_factory=dict)
    settings_digest: str = ""
    """Digest of the settings that differ from Scrapy's defaults."""

    @property
    def is_complete(self) -> bool:
        """Whether the run was well and left nothing of what it was asked for."""
        return self.exit_code == 0 and self.left == 0


def run_names(site_folder: Path) -> list[str]:
    """The names of all reports of a site, oldest first."""
    return sorted((path.stem for path in (site_folder / FOLDER).glob("*.json")), key=_order)


def read_reports(site_folder: Path) -> Iterator[RunReport]:
    """Every report of a site, newest first, read as it is asked for. Raises ArchiveDamaged, UsageError."""
    return (read_report(site_folder / FOLDER / f"{name}.json") for name in reversed(run_names(site_folder)))


def started_at(name: str) -> datetime:
    """When the run of that name began, from the name alone."""
    return datetime.strptime(name.partition("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def read_report(path: Path) -> RunReport:
    """The report in that file; what it does not say has its default.

    Raises ArchiveDamaged where it cannot be read, UsageError where a later release wrote it.
    """
    try:
        told: dict[str, Any] = json.loads(path.read_bytes())
        form = int(told["format"])
        if form > FORMAT:
            message = f"{path}: format {form} is of a later release (this one knows {FORMAT}). Upgrade archiver"
            raise UsageError(message)
        known = {each.name: told[each.name] for each in fields(RunReport) if each.name in told}
        known["started_at"] = datetime.fromisoformat(told["started_at"])
        known["ended_at"] = datetime.fromisoformat(told["ended_at"])
        known["errors"] = tuple(Fault(**fault) for fault in told.get("errors", ()))
        known["alarms"] = tuple(
            Alarm(**{**alarm, "fields": tuple(alarm["fields"])}) for alarm in told.get("alarms", ())
        )
        return RunReport(**known)
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as problem:
        message = f"{path}: no report of a run ({problem!r}). Restore it from a backup, or move it away"
        raise ArchiveDamaged(message) from problem


def _order(name: str) -> tuple[str, int]:
    """Runs that began in the same second are numbered from the second one on: NAME, NAME-2, …"""
    start, _, number = name.partition("-")
    return start, int(number) if number.isdecimal() else 1
