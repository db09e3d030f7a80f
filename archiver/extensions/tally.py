"""The count of a run: what was queued, how each address ended, what the articles have."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from archiver.site import is_own
from archiver.store.run_report import Fault

if TYPE_CHECKING:
    from archiver.article import Article
    from archiver.store.event import Event
    from archiver.store.ledger import Kind

ERRORS_KEPT = 20
FETCHED = ("new", "changed", "unchanged", "listing")
SEEN = ("new", "changed", "unchanged")

STATES = ("stored", "broken", "skipped")
"""Of attachments and pictures."""
OF_FILES = (*STATES, "unchanged", "bytes")
"""What is counted of them."""

COVERED = (
    "language", "lead", "body", "images", "authors", "credit_line", "section", "categories", "tags",
    "attachments", "related", "comment_count", "comments", "modified_at",
)  # fmt: skip
"""Fields that an article may lack."""


@dataclass
class Tally:
    """One run's count of how addresses ended."""

    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    covered: Counter[str] = field(default_factory=Counter)
    """Field to the articles that have it."""
    lacking: dict[str, str] = field(default_factory=dict)
    """Field to the last page whose article lacks it."""
    own: Counter[str] = field(default_factory=Counter)
    """Field to the values that the site's own rules gave."""
    general: Counter[str] = field(default_factory=Counter)
    """And those that the general rules gave,"""
    general_page: dict[str, str] = field(default_factory=dict)
    """the last of them on this page."""
    refused: int = 0
    """Pages that came whole, were no listing and gave no article,"""
    refused_page: str | None = None
    """this one last."""
    read: int = 0
    """Articles of which a page came: not those that the server says are as they were."""
    tried: int = 0
    """Articles that were asked for."""
    fetch_failures: int = 0
    """Of them, those that the site did not give."""
    holes: int = 0
    """Numbers under which the site says that nothing stands."""
    files: Counter[str] = field(default_factory=Counter)
    """Attachments and pictures, apart from the pages: state to count, and their `bytes`."""
    files_refused: Counter[str] = field(default_factory=Counter)
    """Reason to those that are not kept."""
    bugs: int = 0
    ended_twice: list[str] = field(default_factory=list)
    errors: list[Fault] = field(default_factory=list)

    @property
    def fetched(self) -> int:
        """Addresses that gave an article or a listing."""
        return sum(self.outcomes[outcome] for outcome in FETCHED)

    @property
    def seen(self) -> int:
        """Articles read, whether or not the archive knew them."""
        return sum(self.outcomes[outcome] for outcome in SEEN)

    @property
    def ended(self) -> int:
        """Addresses that came to an end."""
        return self.outcomes.total() + self.asked_files

    @property
    def asked_files(self) -> int:
        """Attachments and pictures that came to an end."""
        return sum(self.files[state] for state in STATES)

    def end(self, event: Event, *, was_open: bool, kind: Kind = "article", is_shown: bool = True) -> None:
        """A task of that kind ends with `event`; not `was_open`: it had ended before; `is_shown`: a page led to it."""
        if not was_open:
            self.ended_twice.append(event.url)
        if kind == "file":
            self._end_file(event)
            return
        self.outcomes[event.outcome] += 1
        if event.reason:
            self.reasons[event.outcome][event.reason] += 1
        if kind == "article" and is_shown and event.outcome != "skipped":
            self.tried += 1
            self.fetch_failures += event.is_fetch_failure
        self.holes += event.reason == "no_such_number"
        self.bugs += event.reason == "bug"
        if event.outcome in ("gone", "failed") and event.http_status == HTTPStatus.OK and not event.is_fetch_failure:
            self.refused += 1
            self.refused_page = event.url
        if event.outcome == "failed" and len(self.errors) < ERRORS_KEPT:
            self.errors.append(Fault(url=event.url, reason=event.reason, message=event.message))

    def _end_file(self, event: Event) -> None:
        """What becomes of a file says nothing of how well its site was crawled."""
        self.files[event.file.state if event.file else "broken"] += 1
        self.files["bytes"] += (event.file.bytes or 0) if event.file and event.reason is None else 0
        if event.outcome == "file":
            self.files["unchanged"] += event.reason is not None
        elif event.reason:
            self.files_refused[event.reason] += 1
        self.bugs += event.reason == "bug"

    def cover(self, article: Article, own: frozenset[str]) -> None:
        """Notes which fields `article` has, and which of them the site's `own` rules gave."""
        self.read += 1
        for name in COVERED:
            if getattr(article, name) in (None, "", ()):
                self.lacking[name] = article.url
            else:
                self.covered[name] += 1
        for name, by in article.extractor.found_by.items():
            if is_own(by, own):
                self.own[name] += 1
            elif by:
                self.general[name] += 1
                self.general_page[name] = article.url

    def coverage(self) -> dict[str, float]:
        """Field to the share of the articles read that have it."""
        return {name: round(self.covered[name] / self.read, 4) for name in COVERED} if self.read else {}

    def own_shares(self) -> dict[str, float]:
        """Field to the share of its values that the site's own rules gave."""
        return {name: round(self.own[name] / self.found(name), 4) for name in sorted({*self.own, *self.general})}

    def found(self, name: str) -> int:
        """Articles in which a rule found that field."""
        return self.own[name] + self.general[name]
