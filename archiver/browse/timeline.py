"""Articles per month as bars of a drawing: numbers for a template, no markup."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.research.selection import read_day

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from archiver.research.selection import Selection

WIDTH, HEIGHT = 1000, 92
MOST_BARS = 360
"""Where there are more months, a bar is a year."""
_LEAST = 2.5
"""What a bar has at least, so that one article is seen."""
_MOST_LABELS = 9
_LABEL_WIDTH = 80
"""Of the drawing's: closer to the one before, or to the end, a year is not written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A month, or a year."""

    name: str
    """2026-11, or 2026."""
    count: int
    x: float
    width: float
    height: float
    is_chosen: bool

    @property
    def y(self) -> float:
        """Of its top."""
        return HEIGHT - self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A year below the bars."""

    text: str
    x: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Bars from left to right."""

    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]
    most: int
    """Articles of the highest bar."""
    undated: int
    """Articles without a time, which have no bar."""

    @property
    def seen(self) -> list[Bar]:
        """Those with articles."""
        return [bar for bar in self.bars if bar.count]


def timeline(months: Mapping[int, int], selection: Selection) -> Timeline:
    """The bars of these months, the empty ones between them too; those on the selection's days are chosen."""
    dated = {month: count for month, count in months.items() if month}
    names = _names(dated)
    by_name: dict[str, int] = dict.fromkeys(names, 0)
    for month, count in dated.items():
        by_name[_name(month, is_year=len(names[0]) == 4)] += count
    most, step = max(by_name.values(), default=0), WIDTH / max(1, len(names))
    bars = tuple(
        Bar(
            name=name,
            count=count,
            x=round(place * step, 2),
            width=round(step * 0.84 if step > 3 else step, 2),
            height=round(max(_LEAST, count / most * (HEIGHT - 4)), 2) if count else 0,
            is_chosen=_is_chosen(name, selection),
        )
        for place, (name, count) in enumerate(by_name.items())
    )
    return Timeline(bars=bars, labels=_labels(bars), most=most, undated=months.get(0, 0))


def _names(dated: Mapping[int, int]) -> list[str]:
    if not dated:
        return []
    first, last = (month // 100 * 12 + month % 100 - 1 for month in (min(dated), max(dated)))
    if last - first >= MOST_BARS:
        return [f"{year:04}" for year in range(first // 12, last // 12 + 1)]
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(first, last + 1)]


def _name(month: int, *, is_year: bool) -> str:
    return f"{month // 100:04}" if is_year else f"{month // 100:04}-{month % 100:02}"


def _is_chosen(name: str, selection: Selection) -> bool:
    first, last = _span(name)
    return (selection.since is None or selection.since <= last) and (
        selection.until is None or first <= selection.until
    )


def _span(name: str) -> tuple[date, date]:
    first, last = read_day(name), read_day(name, is_end=True)
    assert first is not None
    assert last is not None
    return first, last


def _labels(bars: tuple[Bar, ...]) -> tuple[Label, ...]:
    """Every year, or every second, fifth, … where they would touch; each at its first bar."""
    years: dict[int, float] = {}
    for bar in bars:
        years.setdefault(int(bar.name[:4]), bar.x)
    every = next((step for step in (1, 2, 5, 10, 20, 50) if len(years) / step <= _MOST_LABELS), 100)
    labels: list[Label] = []
    for year, x in years.items():
        follows = not labels or x - labels[-1].x >= _LABEL_WIDTH
        # A year that begins with its first months may be written in the place of one that ends with its last.
        if year % every == 0 and follows and x <= WIDTH - _LABEL_WIDTH / 2:
            labels.append(Label(text=str(year), x=x))
    return tuple(labels)
