"""Why an item goes no further. The event that each becomes is in its attributes."""

from __future__ import annotations

from scrapy.exceptions import DropItem


class Observed(DropItem):
    """The item is an event: noted, and no article."""


class Unchanged(DropItem):
    """The archive's last line of this article says the same, or a line before it that the page returns to now and then."""

    outcome = "unchanged"

    def __init__(self, message: str, *, reason: str | None = None) -> None:
        super().__init__(message)
        self.reason = reason


class Unwanted(DropItem):
    """The article, or one of the same content, was taken down."""

    outcome = "skipped"
    reason = "taken_down"

    def __init__(self, id_: str) -> None:
        super().__init__(f"{id_} was taken down")
        self.id = id_


class Incomplete(DropItem):
    """The article lacks what a record needs."""

    outcome = "failed"

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason
