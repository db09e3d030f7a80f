"""What `archiver stats` tells: numbers, and on a terminal small plots beside them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from archiver.cli.show_answer import in_cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.research.statistics import Count, Statistics

_LEVELS = "▁▂▃▄▅▆▇█"
_PARTS = " ▏▎▍▌▋▊▉█"
_BAR = 24
"""Cells of a whole bar."""
_LABEL = 32
"""Characters of a name."""


def show_statistics(found: Sequence[Statistics]) -> None:
    """Tells each site."""
    console = Console(highlight=False, soft_wrap=True)
    for number, site in enumerate(found):
        if number:
            console.print()
        for line in _told(site, is_plotted=console.is_terminal):
            console.print(line)


def sparkline(counts: Sequence[int], most: int) -> str:
    """A sign for each count, as high as its share of `most`; a blank for none."""
    top = len(_LEVELS) - 1
    return "".join(_LEVELS[round(count / most * top)] if count else " " for count in counts)


def bar(share: float, cells: int = _BAR) -> str:
    """A bar as long as its share of `cells`, to the eighth of one."""
    eighths = round(share * cells * 8)
    return ("█" * (eighths // 8) + _PARTS[eighths % 8]).strip()


def _told(site: Statistics, *, is_plotted: bool) -> Iterator[Text]:
    others = "".join(f", {each.count:,} {each.name}" for each in site.statuses if each.name != "live")
    yield Text(site.site, style="bold")
    yield Text(f"{site.articles:,} articles{others}; {site.revisions:,} revisions")
    if site.published_from:
        undated = f"; {site.undated:,} without a time" if site.undated else ""
        yield _heading(f"Published {site.published_from} to {site.published_to}{undated}")
        yield from _years(site.months, is_plotted=is_plotted)
    if site.coverage:
        yield _heading("Articles that have")
        for name, share in site.coverage.items():
            yield _row(name, f"{share:.1%}", share, is_plotted=is_plotted)
    for heading, counts in (("Authors", site.authors), ("Organisations", site.units), ("Sections", site.sections), ("Languages", site.languages)):  # fmt: skip
        if counts:
            yield _heading(heading)
            yield from _counts(counts, is_plotted=is_plotted)
    yield _heading("Changes")
    yield Text(f"{site.edits:,} edits of {site.edited:,} articles; {site.gone:,} withdrawn, {site.returned:,} returned")
    most = max(site.edit_classes.values(), default=1)
    for name, count in site.edit_classes.items():
        yield _row(name, f"{count:,}", count / most, is_plotted=is_plotted)
    yield _heading("Size")
    yield Text(f"{site.median_characters:,} characters in the middle body; {site.images:,} pictures")
    if site.attachments:
        yield Text("attached: " + ", ".join(f"{each.count:,} {in_cell(each.name)}" for each in site.attachments))
    yield Text("on disk: " + ", ".join(f"{name} {_size(size)}" for name, size in site.sizes.items()))


def _heading(text: str) -> Text:
    return Text("\n" + text, style="bold")


def _years(months: Sequence[Count], *, is_plotted: bool) -> Iterator[Text]:
    """A line a year: its articles, and its months from January on."""
    most = max(each.count for each in months)
    for year, some in groupby(months, lambda month: month.name[:4]):
        of_year = {each.name[5:]: each.count for each in some}
        counts = [of_year.get(f"{month:02}", 0) for month in range(1, 13)]
        plot = f"  {sparkline(counts, most)}" if is_plotted else "  " + " ".join(f"{count:,}" for count in counts)
        yield Text(f"{year}  {sum(counts):>9,}{plot}")


def _counts(counts: Sequence[Count], *, is_plotted: bool) -> Iterator[Text]:
    most = max(each.count for each in counts)
    for each in counts:
        yield _row(each.name, f"{each.count:,}", each.count / most, is_plotted=is_plotted)


def _row(name: str, told: str, share: float, *, is_plotted: bool) -> Text:
    label = in_cell(name)
    label = label if len(label) <= _LABEL else label[: _LABEL - 1] + "…"
    return Text(f"{label:<{_LABEL}}  {told:>9}" + (f"  {bar(share)}" if is_plotted else ""))


def _size(size: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1_000:
            return f"{size:.0f} {unit}"
        size /= 1_000
    return f"{size:.1f} TB"
