"""The pages of an archive, each at its address, behind the guard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse
from starlette.routing import Route

from archiver.browse.article import article, capture, diff, history, record, stored
from archiver.browse.guard import LOOPBACK, Guard
from archiver.browse.kept import file, picture
from archiver.browse.listing import listing
from archiver.browse.pages import FOLDER, page
from archiver.browse.preferences import choose
from archiver.browse.readiness import Readiness
from archiver.browse.watch import not_there, run, runs
from archiver.errors import ArchiveDamaged, DiskTrouble, UsageError
from archiver.research.looking import Desk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

    from archiver.research.library import Library

    View = Callable[[Request], Response]

STATIC = {path.name: path for path in (FOLDER / "static").iterdir()}
"""Nothing else is given out as a file."""
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}
_STATUSES = {UsageError: 400, ArchiveDamaged: 500, DiskTrouble: 507}


def make_app(library: Library, archive: Path, tell: Callable[[str], object], host: str = LOOPBACK[0]) -> Guard:
    """The pages over a library. `tell` hears of what takes long. `host`: where they will be opened; anything but loopback lets other machines in."""

    def fresh(view: View) -> View:
        """The view, once what was written meanwhile is taken in."""

        def seen(request: Request) -> Response:
            library.refresh()
            return view(request)

        return seen

    app = Starlette(
        routes=[
            Route("/", fresh(listing)),
            Route("/article/{id:path}", fresh(article)),
            Route("/history/{id:path}", fresh(history)),
            Route("/diff/{id:path}", fresh(diff)),
            Route("/capture/{id:path}", fresh(capture)),
            Route("/stored/{id:path}", fresh(stored)),
            Route("/record/{id:path}", fresh(record)),
            Route("/picture/{site}", fresh(picture)),
            Route("/file/{site}", fresh(file)),
            Route("/runs", fresh(runs)),
            Route("/run/{site}/{run}", fresh(run)),
            Route("/missing", fresh(not_there)),
            Route("/choose", choose),
            Route("/static/{name}", static),
        ],
        exception_handlers={HTTPException: _no_such_page, **dict.fromkeys(_STATUSES, _told)},
    )
    app.router.redirect_slashes = False
    app.state.library = library
    app.state.desk = Desk(library)
    app.state.readiness = Readiness(app.state.desk, tell)
    app.state.name = archive.absolute().name
    return Guard(app, host)  # around all of it, what Starlette says of a bug included


def static(request: Request) -> Response:
    """A file of the page's own: its style, its letters, its one script."""
    path = STATIC.get(request.path_params["name"])
    if path is None:
        raise HTTPException(404, "no file")
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return FileResponse(path, headers=headers, media_type=_TYPES[path.suffix])


def _no_such_page(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, HTTPException), "it is called for these"
    return page(request, "problem.html", status=problem.status_code, what=problem.detail, message="")


def _told(request: Request, problem: Exception) -> Response:
    """What is wrong, in the words that a command would use."""
    status = next(status for kind, status in _STATUSES.items() if isinstance(problem, kind))
    return page(
        request,
        "problem.html",
        status=status,
        what={400: "wrong", 500: "damaged"}.get(status, "disk"),
        message=str(problem),
    )
