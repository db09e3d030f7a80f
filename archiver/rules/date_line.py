"""The line of a page that prints its article's time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver import dates
from archiver.errors import BadDate
from archiver.rules.flow import flow

if TYPE_CHECKING:
    from archiver.page import Page

_LONGEST = 120
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
PARTS = re.compile(r"\s+[|·•–—]\s+")
"""What parts the time, the author and the section where they stand on one line."""


def date_line(page: Page) -> tuple[int, str] | None:
    """Place in the flow and text of the printed time, found once for a page.

    A time of day counts before a mere date, the first before the others.
    """
    return page.once(_date_line)


def _date_line(page: Page) -> tuple[int, str] | None:
    days = []
    for at, line in enumerate(flow(page).lines):
        if line.time is not None and not line.linked:
            return at, line.time[1]
        if line.kind != "text" or line.linked or len(line.text) > _LONGEST or not _YEAR.search(line.text):
            continue
        for part in PARTS.split(line.text):
            moment = moment_of(part)
            if moment is not None and moment.precision != "day":
                return at, part
            if moment is not None:
                days.append((at, part))
    return days[0] if days else None


def moment_of(raw: str) -> dates.Moment | None:
    """The moment that a text names; None: it names none."""
    try:
        return dates.parse_moment(raw, timezone=None)
    except BadDate:
        return None
