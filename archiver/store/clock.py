"""The clock of this machine. A test or a replay names another one in the setting NOW."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The moment, in UTC, to the second: as exact as every time that an archive keeps."""
    return datetime.now(UTC).replace(microsecond=0)
