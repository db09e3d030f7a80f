"""What one run of one site did, and whether it was well: one file in `runs/`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One address that gave nothing."""

    url: str
    reason: str | None
    message: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """One run. `queued` = `fetched` + `gone` + `failed` + `skipped` + `left`, or the run failed."""

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
    coverage: dict[str, float] = field(default_factory=dict)
    """Field to the share of this run's articles that have it."""
    requests: int = 0
    bytes_received: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    """HTTP status to count of responses, retries and redirects included."""
    errors: tuple[Fault, ...] = ()
    """The first 20 addresses that failed."""
    versions: dict[str, str] = field(default_factory=dict)
    settings_digest: str = ""
    """Digest of the settings that differ from Scrapy's defaults."""
