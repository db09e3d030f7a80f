"""What a probe asks, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from archiver.page import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from archiver.article import Capture


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request of a probe; it may take several, where it is led on."""

    url: str
    is_named: bool = False
    """Whether the user or the site file names the address: such a one need not look like the site's own."""
    follows: bool = True
    """Whether redirects are followed."""
    first_bytes: int | None = None
    """Of a file only so many bytes are asked for (RFC 9110, 14.2)."""
    as_before: Answer | None = None
    """The answer that the site gave here before: it may say that it still holds (RFC 9110, 13.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What a server's certificate says of itself."""

    issuer: str
    not_after: datetime
    """Aware, UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of an Ask, through every redirect."""

    asked: str
    url: str
    """Where the last answer came from, or did not come."""
    status: int = 0
    """0: none came."""
    headers: Mapping[str, str]
    """Names in lower case; several values of one joined by commas."""
    cookies: tuple[str, ...] = ()
    """Names of those that are set."""
    body: bytes = b""
    """Without its content coding."""
    fetched_at: datetime
    led_by: tuple[str, ...] = ()
    """The addresses that redirected, first to last."""
    problem: str | None = None
    """Why no answer came, as events say it: `robots`, `timeout`, `request_budget`, …"""
    message: str | None = None
    """The same in words."""
    certificate: Certificate | None = None
    seconds: float | None = None
    """Until the head of the last answer was there."""
    capture: Capture | None = None
    """Where it is kept."""

    @property
    def is_page(self) -> bool:
        """Whether what was asked for came."""
        return 200 <= self.status < 300

    @property
    def refused(self) -> str | None:
        """Why it did not come, as a code; None: it did."""
        if self.is_page:
            return None
        return self.problem or f"http_{self.status}"

    @property
    def content_type(self) -> str | None:
        """As stated."""
        return self.headers.get("content-type")

    @property
    def validators(self) -> str:
        """By what the server could tell later whether it still holds, in words; empty: nothing."""
        names = {"ETag": "etag", "Last-Modified": "last-modified"}
        return " and ".join(name for name, key in names.items() if self.headers.get(key))

    def page(self) -> Page:
        """The page that came."""
        return Page(
            url=self.url,
            html=self.body,
            fetched_at=self.fetched_at,
            content_type=self.content_type,
            status=self.status,
            redirected_from=self.led_by,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """What robots.txt says to us."""

    status: int | None
    """None: no answer came."""
    delay_seconds: float | None
    sitemaps: tuple[str, ...]
    allows: Callable[[str], bool]


class Visitor(Protocol):
    """Who asks the site, politely, and keeps what comes."""

    robots: Robots | None
    """None: not asked for, or it could not be read."""

    async def ask(self, ask: Ask) -> Answer:
        """The answer, whatever it is. Raises ArchiverError where it cannot be kept."""

    def now(self) -> datetime:
        """The time of the probe's clock, UTC."""
