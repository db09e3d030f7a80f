"""Why a request came to nothing, as the outcome and the reason that its event states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)

from archiver.site.absence import GONE_REASONS, GONE_STATUSES

if TYPE_CHECKING:
    from archiver.errors import Rejected
    from archiver.store.event import Outcome


_FAILURES: tuple[tuple[type[BaseException], str], ...] = (
    (CannotResolveHostError, "host_unknown"),
    (DownloadConnectionRefusedError, "connection_refused"),
    (DownloadTimeoutError, "timeout"),
    (DownloadCancelledError, "too_large"),
    (ResponseDataLossError, "cut_short"),
    (DownloadFailedError, "connection_lost"),
    (UnsupportedURLSchemeError, "no_web_address"),
    (NotSupported, "no_web_address"),
    (OSError, "connection_lost"),
)
_OUTSIDE = ("twisted.", "OpenSSL.", "scrapy.", "h2.")
"""Packages whose errors are the network's, not ours."""


def of_status(status: int) -> tuple[Outcome, str]:
    """What a response with an error status is."""
    return ("gone" if status in GONE_STATUSES else "failed"), f"http_{status}"


def of_refusal(refusal: Rejected) -> tuple[Outcome, str]:
    """What a page that gives no record is."""
    return ("gone" if refusal.reason in GONE_REASONS else "failed"), refusal.reason


def of_failure(problem: BaseException) -> tuple[Outcome, str]:
    """What a request without a response is; the reason `bug` where the fault is ours."""
    if isinstance(problem, IgnoreRequest):
        return _of_ignored(problem)
    for kind, reason in _FAILURES:
        if isinstance(problem, kind):
            return "failed", reason
    return "failed", "connection_lost" if type(problem).__module__.startswith(_OUTSIDE) else "bug"


def _of_ignored(problem: IgnoreRequest) -> tuple[Outcome, str]:
    if hasattr(problem, "reason"):
        return getattr(problem, "outcome", "skipped"), problem.reason
    # Scrapy's own middlewares tell their reason in words only.
    words = str(problem)
    if "robots.txt" in words:
        return "skipped", "robots"
    return ("failed", "redirect_loop") if "max redirections" in words else ("skipped", "ignored")
