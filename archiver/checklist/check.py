"""What a probe found: one Check for each point of the list, and all of them together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from pathlib import Path

State = Literal["ok", "not so", "cannot be told"]
Whose = Literal["own", "general", "none"]

REFUSED, MATTERS = 3, 4
"""Exit codes that a check can bring: the site cannot be reached or refuses; what a crawl needs is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFound:
    """One field of the article's record, and who found it."""

    name: str
    whose: Whose
    """own: a rule of the site file. general: a rule for all sites. none: no rule found it."""
    rule: str | None
    """As in `extractor.found_by`."""
    value: Any
    """As in the record's JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One point of the list."""

    name: str
    state: State
    seen: str
    """What was seen, or why nothing was."""
    do: str | None = None
    """What to do about it."""
    exit_code: int = 0
    """With which the probe ends because of it; 0: it is told, and no more."""
    url: str | None = None
    """The page that it is about."""
    fields: tuple[FieldFound, ...] = ()


def ok(name: str, seen: str, *, url: str | None = None, do: str | None = None) -> Check:
    """A point that is as a crawl would have it."""
    return Check(name=name, state="ok", seen=seen, url=url, do=do)


def not_so(name: str, seen: str, do: str | None, *, exit_code: int = 0, url: str | None = None) -> Check:
    """A point that is not."""
    return Check(name=name, state="not so", seen=seen, do=do, exit_code=exit_code, url=url)


def untold(name: str, why: str, *, url: str | None = None, do: str | None = None) -> Check:
    """A point of which nothing can be told."""
    return Check(name=name, state="cannot be told", seen=why, url=url, do=do)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """A probe that is over."""

    site: str
    checks: tuple[Check, ...]
    requests: int
    """All that went out: those for robots.txt and those that redirects led to as well."""
    most_requests: int
    seconds: float
    folder: Path
    """The site's folder with the captures."""
    candidates: tuple[Candidate, ...]

    @property
    def exit_code(self) -> int:
        """0: all is well. 3: the site cannot be reached, or refuses. 4: a check that matters failed."""
        codes = {check.exit_code for check in self.checks}
        return next((code for code in (REFUSED, MATTERS) if code in codes), 0)

    @property
    def gravest(self) -> Check | None:
        """The check that the exit code comes of."""
        return next((each for each in self.checks if each.exit_code and each.exit_code == self.exit_code), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A page that was kept as a candidate for the tests, and the record found on it."""

    html: Path
    golden: Path
    url: str
    """Of the page, as the golden has it: the site's own address, also of a copy's page."""
    site: str | None
    """The name of the site file that reads it; None: it has none."""
    is_listing: bool
