"""The commands of full text: search, index."""

from __future__ import annotations

import json
import os
import shlex
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from archiver.cli.choose import archived_sites
from archiver.cli.printing import printable
from archiver.cli.proving import Archive, Sites  # noqa: TC001  # typer reads them
from archiver.cli.show import complain, end
from archiver.research.index.engines import engine_in_use, engine_named
from archiver.research.index.opening import make_index
from archiver.research.query_language import apart
from archiver.research.search import search as found_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archiver.research.found import Found, Hit, Piece


def search(  # noqa: PLR0913  # one parameter an option
    text: Annotated[
        list[str],
        typer.Argument(
            metavar="TEXT", help="Words side by side; AND OR NOT ( ) prefix* title: body: captions: (docs/search.md)."
        ),
    ],
    *,
    field: Annotated[str | None, typer.Option(metavar="FIELD", help="Only in title, body or captions.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="Published from this day on: 2026-11-22.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Published up to this day.")] = None,
    section: Annotated[str | None, typer.Option(metavar="NAME", help="Only of this section.")] = None,
    site: Annotated[
        list[str] | None, typer.Option(metavar="SITE", help="Only of this site; again for another.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many hits are shown,")] = 20,
    offset: Annotated[int, typer.Option(min=0, metavar="N", help="and how many before them are left out.")] = 0,
    sort: Annotated[str, typer.Option(metavar="ORDER", help="rank: best first; date: newest first.")] = "rank",
    count: Annotated[bool, typer.Option("--count", help="Only say how many articles there are, exactly.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array of hits.")] = False,
    archive: Archive = None,
) -> None:
    """Search the text of all articles: typed with accents it finds accented words only, without accents both."""
    folders = archived_sites(archive, site)
    query = " ".join(text)
    choice: dict[str, Any] = {
        "field": field,
        "since": since,
        "until": until,
        "section": section,
        "sort": sort,
        "tell": _tell,
    }
    found = found_by(folders, query, limit=0 if count else limit, offset=offset, **choice)
    if count and as_json:
        sys.stdout.write(json.dumps([{"total": found.total, "is_exact": found.is_exact}]) + "\n")
    elif count:
        typer.echo(found.total)
    elif as_json:
        sys.stdout.write(json.dumps([asdict(hit) for hit in found.hits], ensure_ascii=False) + "\n")
    else:
        _show(found, offset)
        if not found.total and (wider := apart(query)):
            many = found_by(folders, wider, limit=0, **choice).total
            again = {"field": field, "since": since, "until": until, "section": section, "archive": archive}
            if many:
                typer.echo(f"Side by side; apart: {many:,} articles. {_command(wider, again, site)}")
    raise typer.Exit(end(found.damage))


def index(
    sites: Sites = None,
    engine: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="sqlite, or tantivy for millions of articles; none: the one in use."),
    ] = None,
    archive: Archive = None,
) -> None:
    """Bring the search index up to date now, or change its engine; a search does the former by itself."""
    damage: list[str] = []
    for folder in archived_sites(archive, sites):
        chosen = engine_in_use(folder, _tell) if engine is None else engine_named(engine)
        made = make_index(folder, chosen, _tell)
        files = [made.place, *made.place.rglob("*")]
        size = sum(path.stat().st_size for path in files if path.is_file())
        typer.echo(f"{made.place}: {chosen.name}, {size / 1e6:,.1f} MB")
        damage += made.damage
    raise typer.Exit(end(damage))


def _show(found: Found, offset: int) -> None:
    console = Console(highlight=False, soft_wrap=True)
    is_coloured = console.is_terminal and not os.environ.get("NO_COLOR")
    total = f"{'' if found.is_exact else 'over '}{found.total:,}"
    last = offset + len(found.hits)
    shown = f": {offset + 1} to {last}" if found.hits and (offset or found.total > last) else ""
    console.print(Text(f"{total} article{'' if found.total == 1 else 's'}{shown}"))
    for number, hit in enumerate(found.hits, start=offset + 1):
        console.print()
        for line in _lines(number, hit, is_coloured=is_coloured):
            console.print(line)
    if found.hits and (not found.is_exact or found.total > last):
        console.print(Text(f"\nMore: --offset {last}"))


def _lines(number: int, hit: Hit, *, is_coloured: bool) -> Iterable[Text]:
    titles = [snippet for snippet in hit.snippets if snippet.field == "title"]
    title = _marked(titles[0].pieces, is_coloured=is_coloured) if titles else Text(printable(hit.title))
    if is_coloured:
        title.stylize("bold")
    yield Text(f"{number:>3}  ").append_text(title)
    told = (hit.published_at or "no date")[:10], hit.section, hit.id, None if hit.status == "live" else hit.status
    yield Text("     " + "  ".join(printable(each) for each in told if each))
    yield Text("     " + printable(hit.url))
    for snippet in hit.snippets:
        if snippet.field != "title":
            yield Text("     ").append_text(_marked(snippet.pieces, is_coloured=is_coloured))


def _marked(pieces: Iterable[Piece], *, is_coloured: bool) -> Text:
    """The passage; what was looked for in colour, or in brackets where there are no colours."""
    shown = Text()
    for piece in pieces:
        text = printable(piece.text)
        if is_coloured and piece.is_match:
            shown.append(text, style="bold red")
        else:
            shown.append(f"[{text}]" if piece.is_match else text)
    return shown


def _command(query: str, choice: Mapping[str, object], sites: Iterable[str] | None) -> str:
    """The command that asks it, with the choice that was made."""
    options = [(name, value) for name, value in choice.items() if value is not None]
    options += [("site", site) for site in sites or ()]
    return shlex.join(
        ["archiver", "search", query, *(str(word) for name, value in options for word in (f"--{name}", value))]
    )


def _tell(message: str) -> None:
    complain(message, 0)
