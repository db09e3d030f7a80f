"""How a middleware says that a request is not made."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest


class Skipped(IgnoreRequest):
    """A request not made, on purpose; `reason` is the code that its event states."""

    outcome = "skipped"

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class LedAway(Skipped):
    """A redirect to what is not for reading: a sign-in, an error page. The article cannot be had."""

    outcome = "failed"


class Unreadable(Skipped):
    """A body that came and cannot be read."""

    outcome = "failed"
