"""The first page: search, kinds, months, and the articles."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from starlette.responses import RedirectResponse, Response

from archiver.browse.asked import PER_PAGE, Asked, read_asked
from archiver.browse.pages import href, is_web, page
from archiver.browse.tables import FORMATS, table
from archiver.browse.timeline import timeline
from archiver.errors import UsageError
from archiver.research.looking import may_be_ranked
from archiver.store.run_report import read_reports

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from starlette.requests import Request

    from archiver.browse.readiness import Readiness
    from archiver.research.found import Field
    from archiver.research.library import Library, Listed
    from archiver.research.looking import Desk, LookedUp
    from archiver.research.selection import Counts
    from archiver.store.run_report import RunReport

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
MOST_FOUND = 10_000
"""Hits of a search that a table has."""
_A_TIME = 500
_FIELDS: dict[str, Field | None] = {"": None, "title": "title", "body": "body", "captions": "captions"}


def listing(request: Request) -> Response:
    """The list of articles that is asked for, as a page or as a table."""
    library: Library = request.app.state.library
    asked = read_asked(request.query_params)
    is_part = "hx-request" in request.headers
    to = _article_named(library, asked.text)
    if to:
        return Response(headers={"HX-Redirect": to}) if is_part else RedirectResponse(to, 303)
    if not is_part and "" in request.query_params.values():  # of a form; the address is for passing on
        return RedirectResponse(asked.href(page=asked.page, format=request.query_params.get("format", "")), 303)
    answer = _listing(request, library, asked)
    if is_part:
        answer.headers["HX-Push-Url"] = asked.href(page=asked.page)
    return answer


def _listing(request: Request, library: Library, asked: Asked) -> Response:
    desk: Desk = request.app.state.desk
    form = request.query_params.get("format")
    if form in FORMATS:
        return table(_searched(desk, asked) if asked.text else _all(library, asked), COLUMNS, form, "articles")
    if not asked.text:
        counts = library.counts(asked.selection)
        listed = library.articles(asked.selection, asked.list_order, limit=PER_PAGE, offset=asked.offset)
        stands = () if asked.pairs() else _last_runs(library)
        return _page(request, asked, counts, hits=[(each, ()) for each in listed], total=counts.total, stands=stands)
    if is_web(asked.text):
        return _page(request, asked, library.counts(asked.selection), hits=[], total=0, is_no_address=True)
    readiness: Readiness = request.app.state.readiness
    if not readiness.wait():
        return _page(
            request, asked, library.counts(asked.selection), hits=[], total=0, notes=readiness.told, waits=True
        )
    try:
        found = _look_up(desk, asked, PER_PAGE, asked.offset)
    except UsageError as problem:
        # What is still being typed is often no query yet: htmx shows an answer only where it is well.
        status = 200 if "hx-request" in request.headers else 400
        counts = library.counts(asked.selection)
        return _page(request, asked, counts, hits=[], total=0, problem=str(problem), status=status)
    return _page(
        request,
        asked,
        found.counts,
        hits=found.hits,
        total=found.total,
        is_total=found.is_total,
        is_exact=found.is_exact,
        notes=found.notes,
    )


def _look_up(desk: Desk, asked: Asked, limit: int, offset: int) -> LookedUp:
    order = None if asked.order == "rank" else asked.order
    return desk.look_up(asked.text, _FIELDS[asked.scope], asked.selection, order, limit=limit, offset=offset)


def _page(request: Request, asked: Asked, counts: Counts, *, total: int, status: int = 200, **values: Any) -> Response:
    shown = {
        "is_total": True,
        "is_exact": True,
        "notes": (),
        "problem": "",
        "waits": False,
        "stands": (),
        "is_no_address": False,
        **values,
    }
    return page(
        request,
        "listing.html",
        status=status,
        asked=asked,
        counts=counts,
        total=total,
        line=timeline(counts.months, asked.selection),
        years=_years(counts.months),
        pages=-(-max(total, 0 if shown["is_total"] else counts.total) // PER_PAGE),
        link=lambda number: asked.href(page=number),
        shown=SHOWN,
        is_unranked=bool(asked.text) and asked.order == "rank" and not may_be_ranked(asked.selection),
        **shown,
    )


def _last_runs(library: Library) -> list[tuple[str, RunReport | None]]:
    """Each site, and how its last run went."""
    return [(folder.name, next(read_reports(folder), None)) for folder in library.folders]


def _article_named(library: Library, text: str) -> str:
    """Where the article is whose address or id that is; empty: it is none."""
    if is_web(text):
        text = library.ids_at([text]).get(text, "")
    is_id = ":" in text and not text.startswith(("title:", "body:", "captions:"))
    return href("/article/", text) if is_id and library.named([text]) else ""


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


def _searched(desk: Desk, asked: Asked) -> list[Listed]:
    """The first articles that the query finds."""
    return [listed for listed, _ in _look_up(desk, asked, MOST_FOUND, 0).hits]
