"""An article to read, where it comes from, how it changed, and the page as it was captured."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from archiver import codings
from archiver.browse.harmless import POLICY, harmless
from archiver.browse.kept import PICTURES, picture_of
from archiver.browse.pages import href, page
from archiver.browse.tables import json_answer, table
from archiver.errors import ArchiveDamaged, BadPage, UsageError
from archiver.page import LARGEST_PAGE_BYTES, Page
from archiver.research.captured import capture_path, captured
from archiver.research.citation import bibtex, plain_citation
from archiver.research.difference import differences
from archiver.research.missing import Asked, missing

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request

    from archiver.research.captured import Captured
    from archiver.research.library import Library

_TOLD = ("revision", "revision_id", "supersedes", "status", "change", "fetched_at", "title", "capture", "extractor")
_HISTORY = (
    "revision",
    "status",
    "cause",
    "classes",
    "fetched_at",
    "title",
    "revision_id",
    "warc",
    "offset",
    "record_id",
)
_MOST_OBSERVED = 50


def article(request: Request) -> Response:
    """One revision of an article: the newest, unless another is asked for."""
    folder, lines = _lines(request)
    line = _revision(lines, request.query_params.get("revision"))
    if request.query_params.get("format") == "json":
        return json_answer(line)
    library: Library = request.app.state.library
    found, problem = _captured(folder, line, lines)
    urls = [related["url"] for related in line["related"]]
    files = library.kept(folder.name, [each["url"] for each in (*line["images"], *line["attachments"])])
    return page(
        request,
        "article.html",
        line=line,
        last=lines[-1],
        revisions=len(lines),
        captured=found,
        problem=problem,
        people=_people(line),
        pictures={
            url: href("/picture/", folder.name, url=url) for url, kept in files.items() if kept.media_type in PICTURES
        },
        files={url: href("/file/", folder.name, url=url) for url in files},
        here_too=library.ids_at(urls),
        plain=plain_citation(line),
        bibtex=bibtex(line),
        proof=_proof(folder, line),
    )


def history(request: Request) -> Response:
    """All revisions of an article, and what was observed when there was none."""
    _, lines = _lines(request)
    form = request.query_params.get("format")
    if form == "csv":
        return table(map(_row, lines), _HISTORY, form, "history")
    if form == "json":
        return json_answer([{name: line[name] for name in _TOLD} for line in lines])
    library: Library = request.app.state.library
    observed = missing(library, Asked(id=lines[0]["id"]), limit=_MOST_OBSERVED)
    return page(request, "history.html", lines=lines, last=lines[-1], observed=observed)


def diff(request: Request) -> Response:
    """Two revisions side by side: the last two, unless others are asked for."""
    _, lines = _lines(request)
    last = lines[-1]["revision"]
    before = _revision(lines, request.query_params.get("a") or str(max(lines[0]["revision"], last - 1)))
    after = _revision(lines, request.query_params.get("b") or str(last))
    found = differences(before, after)
    if request.query_params.get("format") == "json":
        return json_answer([asdict(each) for each in found])
    parts: dict[str, list[Any]] = {}
    for each in found:
        parts.setdefault(each.part, []).append(each)
    return page(request, "diff.html", lines=lines, last=lines[-1], before=before, after=after, parts=parts)


def capture(request: Request) -> Response:
    """The captured page in a frame, with what the record says."""
    folder, lines = _lines(request)
    line = _revision(lines, request.query_params.get("revision"))
    found, problem = _captured(folder, line, lines)
    return page(request, "capture.html", line=line, last=lines[-1], captured=found, problem=problem)


def stored(request: Request) -> Response:
    """The captured page itself, harmless, for the frame."""
    folder, lines = _lines(request)
    line = _revision(lines, request.query_params.get("revision"))
    library: Library = request.app.state.library
    found = captured(folder, line, lines)
    headers = {"Content-Security-Policy": POLICY, "X-Frame-Options": "SAMEORIGIN"}
    if found is None:
        raise HTTPException(404, "no capture")
    exchange = found.exchange
    try:
        html = codings.decode(exchange.body, exchange.header("Content-Encoding") or "", limit=LARGEST_PAGE_BYTES)
        shown = Page(exchange.url, html, exchange.at, exchange.header("Content-Type"), exchange.status)
        return HTMLResponse(harmless(shown, picture_of(library, folder.name, exchange.url)), headers=headers)
    except BadPage as problem:
        return Response(f"{problem}\n", 200, headers, "text/plain")


def record(request: Request) -> Response:
    """The record of the capture as it stands in its file: a WARC file of one record."""
    folder, lines = _lines(request)
    line = _revision(lines, request.query_params.get("revision"))
    found = captured(folder, line, lines)
    if found is None:
        raise HTTPException(404, "no capture")
    with capture_path(folder, found.file).open("rb") as file:
        file.seek(found.offset)
        content = file.read(found.length)
    name = found.record_id.strip("<>").rpartition(":")[2]
    bare = "".join(letter for letter in name if letter.isascii() and (letter.isalnum() or letter == "-"))
    headers = {"Content-Disposition": f'attachment; filename="{bare or "record"}.warc.gz"'}
    return Response(content, headers=headers, media_type="application/gzip")


def _lines(request: Request) -> tuple[Path, list[dict[str, Any]]]:
    """The site's folder and the lines of the article; of one that was taken down the tombstone alone, without a capture."""
    library: Library = request.app.state.library
    id_ = request.path_params["id"]
    shelf = library.shelf_of(id_)
    if shelf is None:
        raise HTTPException(404, "no article")
    lines = library.lines(id_)
    if lines[-1]["status"] == "tombstone":
        return shelf.folder, [{**lines[-1], "capture": None}]
    return shelf.folder, lines


def _revision(lines: list[dict[str, Any]], number: str | None) -> dict[str, Any]:
    if not number:
        return lines[-1]
    for line in lines:
        if str(line["revision"]) == number:
            return line
    message = f"{lines[0]['id']} has no revision {number[:20]!r}, but {lines[0]['revision']} to {lines[-1]['revision']}"
    raise UsageError(message)


def _captured(folder: Path, line: dict[str, Any], lines: list[dict[str, Any]]) -> tuple[Captured | None, str]:
    """The capture, or what is wrong with it."""
    try:
        return captured(folder, line, lines), ""
    except ArchiveDamaged as problem:
        return None, str(problem)


def _proof(folder: Path, line: dict[str, Any]) -> list[str]:
    """The commands that prove the line: the bytes of its capture file, and the line made again from it."""
    archive, site = shlex.quote(str(folder.parent)), shlex.quote(folder.name)
    check = f"archiver rebuild --check {site} --archive {archive}"
    if not line["capture"]:
        return [check]
    return [f"archiver verify {shlex.quote(str(folder / str(line['capture']['warc'])))}", check]


def _people(line: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Every name of the article, and what it is named for."""
    roles: dict[str, list[str]] = {}
    for each in line["authors"]:
        roles.setdefault(each["name"], []).append(each["role"])
    return list(roles.items())


def _row(line: dict[str, Any]) -> dict[str, Any]:
    place = line["capture"] or {"warc": "", "offset": None, "record_id": ""}
    return {**line, **line["change"], **place}
