"""Where paging ends: pages that repeat others, and paths on which no article is found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archiver.site import Listing

BARREN_HOPS = 3
"""Listings in a row without an article; what lies behind them (a calendar without end) is not followed."""

_NUMBER = re.compile(r"\d+")


class Paging:
    """What one run has seen of the listings of a site."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, tuple[str, ...]]] = set()

    def end(self, url: str, listing: Listing, barren: int) -> str | None:
        """Why the pages of this listing are not followed: `repeats` or `barren`; None: they are.

        `barren` counts the listings without an article that led here, one after another. Repeats is a listing of the
        same articles as one before it whose address differs in its numbers only: many servers answer any page number
        beyond the last with the first page, or the last.
        """
        if not listing.articles:
            return "barren" if barren >= BARREN_HOPS else None
        key = (_NUMBER.sub("#", url), tuple(link.url for link in listing.articles))
        if key in self._seen:
            return "repeats"
        self._seen.add(key)
        return None
