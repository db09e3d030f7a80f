"""Tables: those to read in rows and columns, those that frame a picture, and those that lay out a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver import text

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

Rows = tuple[tuple[str, ...], ...]

_LONGEST_CELL = 400
_LONGEST_CAPTION = 400


def rows_to_read(table: Element) -> Rows | None:
    """The cells of a table that is to be read in rows and columns; None for a table that lays out a page."""
    if any(element is not table for element in table.iter("img", "table", "h1", "h2", "iframe", "form")):
        return None
    trs = list(table.iter("tr"))
    if len(trs) < 2 or sum(len(row) > 1 for row in trs) * 2 < len(trs):
        return None
    # Rows that each lead somewhere are a listing, not figures.
    if sum(row.find(".//a[@href]") is not None for row in trs) * 2 > len(trs):
        return None
    rows = tuple(cells for row in trs if any(cells := _cells(row)))
    longest = max((len(cell) for row in rows for cell in row), default=0)
    return rows if 0 < longest <= _LONGEST_CELL else None


def frames_pictures(table: Element) -> bool:
    """Whether `table` holds only pictures and the captions below or beside them: each cell a picture or a short text."""
    if table.find(".//img") is None:
        return False
    if any(element is not table for element in table.iter("table", "h1", "h2", "h3", "h4", "ul", "form")):
        return False
    return all(len("".join(cell.itertext()).strip()) <= _LONGEST_CAPTION for cell in table.iter("td", "th"))


def _cells(row: Element) -> tuple[str, ...]:
    return tuple(text.clean(" ".join(cell.itertext())) for cell in row.iterchildren("td", "th"))
