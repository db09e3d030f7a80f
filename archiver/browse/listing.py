"""The first page: search, kinds, months, and the articles."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from archiver.browse.asked import PER_PAGE, read_asked
from archiver.browse.pages import page
from archiver.browse.tables import FORMATS, table
from archiver.browse.timeline import timeline

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from archiver.browse.asked import Asked
    from archiver.research.library import Library, Listed

COLUMNS = (
    "id",
    "title",
    "published_at",
    "section",
    "status",
    "flags",
    "revision",
    "language",
    "changed",
    "site",
    "excerpt",
)
SHOWN = 8
"""Values of a facet that are seen at once."""
_A_TIME = 500


def listing(request: Request) -> Response:
    """The list of articles that is asked for, as a page or as a table."""
    library: Library = request.app.state.library
    asked = read_asked(request.query_params)
    if request.query_params.get("format") in FORMATS:
        return table(_all(library, asked), COLUMNS, request.query_params["format"], "articles")
    counts = library.counts(asked.selection)
    listed = library.articles(asked.selection, asked.list_order, limit=PER_PAGE, offset=asked.offset)
    return page(
        request,
        "listing.html",
        asked=asked,
        counts=counts,
        listed=[(each, ()) for each in listed],
        total=counts.total,
        is_exact=True,
        notes=(),
        line=timeline(counts.months, asked.selection),
        years=_years(counts.months),
        pages=-(-counts.total // PER_PAGE),
        link=lambda number: asked.href(page=number),
        shown=SHOWN,
    )


def _years(months: Mapping[int, int]) -> list[tuple[str, int]]:
    """Newest first."""
    found: Counter[str] = Counter()
    for month, count in months.items():
        if month:
            found[f"{month // 100:04}"] += count
    return sorted(found.items(), reverse=True)


def _all(library: Library, asked: Asked) -> Iterator[Listed]:
    """Every article of the list."""
    offset = 0
    while some := library.articles(asked.selection, asked.list_order, limit=_A_TIME, offset=offset):
        yield from some
        offset += len(some)
