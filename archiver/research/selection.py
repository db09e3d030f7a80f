"""Which articles are asked for, and how many there are beside them of each kind."""

from __future__ import annotations

import calendar
import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from archiver.errors import UsageError
from archiver.research.facts import as_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archiver.research.facts import Cell

Facet = Literal["site", "section", "status", "flag"]
FACETS: tuple[Facet, ...] = ("site", "section", "status", "flag")

NO_SECTION = "-"
"""Typed for the articles that name none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Articles that are alike in what is given here; empty: whatever it be."""

    site: str = ""
    section: str = ""
    status: str = ""
    flag: str = ""
    since: date | None = None
    until: date | None = None

    def takes(self, cell: Cell) -> bool:
        """Whether the articles of the cell are meant; days are not looked at."""
        return (
            self.site in ("", cell.site)
            and self.section in ("", cell.section or NO_SECTION)
            and self.status in ("", cell.status)
            and (not self.flag or self.flag in cell.flags)
        )

    def condition(self, flags: list[str]) -> tuple[str, list[Any]]:
        """The same as a condition of SQL over `fact`, and its values. `flags`: every combination that there is."""
        numbered = "(SELECT number FROM word WHERE text = ?)"
        parts: list[tuple[str, list[Any]]] = []
        if self.section:
            parts.append((f"section = {numbered}", ["" if self.section == NO_SECTION else self.section]))
        if self.status:
            parts.append((f"status = {numbered}", [self.status]))
        if self.flag:
            wanted = [text for text in flags if self.flag in text.split()]
            chosen = "flags IN (SELECT number FROM word WHERE text IN (SELECT value FROM json_each(?)))"
            parts.append((chosen, [json.dumps(wanted)]))
        if self.since:
            parts.append(("day >= ?", [as_day(self.since)]))
        if self.until:
            parts.append(("day BETWEEN 1 AND ?", [as_day(self.until)]))
        return " AND ".join(part for part, _ in parts) or "1", [value for _, values in parts for value in values]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many articles a selection has, and how many others would have."""

    total: int
    facets: Mapping[Facet, list[tuple[str, int]]]
    """For each facet its values, the most frequent first, counted as if this facet were not chosen."""
    months: Mapping[int, int]
    """202611 to the articles of that month, counted as if no days were chosen; 0: without a time."""


def counts(selection: Selection, of_all_days: Counter[Cell], of_its_days: Counter[Cell]) -> Counts:
    """The counts of a selection, from those of the cells on all days and on the selection's days."""
    months: Counter[int] = Counter()
    for cell, count in of_all_days.items():
        if selection.takes(cell):
            months[cell.month] += count
    total = sum(count for cell, count in of_its_days.items() if selection.takes(cell))
    facets = {facet: _values(facet, selection, of_its_days) for facet in FACETS}
    return Counts(total=total, facets=facets, months=dict(sorted(months.items())))


def _values(facet: Facet, selection: Selection, cells: Counter[Cell]) -> list[tuple[str, int]]:
    others = _without(facet, selection)
    found: Counter[str] = Counter()
    for cell, count in cells.items():
        if others.takes(cell):
            for value in _of(facet, cell):
                found[value] += count
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def _without(facet: Facet, selection: Selection) -> Selection:
    cleared: dict[str, Any] = {facet: ""}
    return replace(selection, **cleared)


def _of(facet: Facet, cell: Cell) -> tuple[str, ...]:
    if facet == "flag":
        return cell.flags
    if facet == "section":
        return (cell.section or NO_SECTION,)
    return (cell.site,) if facet == "site" else (cell.status,)


def read_day(text: str, *, is_end: bool = False) -> date | None:
    """The day in `2026-11-22`; of a month or a year the first, or the last where `is_end`. None: empty. Raises UsageError."""
    parts = text.strip().split("-")
    if parts == [""]:
        return None
    try:
        year, month, day = (*map(int, parts), *(0,) * (3 - len(parts)))
        if day:
            return date(year, month, day)
        first = date(year, month or 1, 1)
        if not is_end:
            return first
        return date(year, month or 12, calendar.monthrange(year, month or 12)[1])
    except (ValueError, OverflowError) as problem:
        message = f"{text[:40]!r} is no day. Write it as 2026-11-22, 2026-11 or 2026"
        raise UsageError(message) from problem
