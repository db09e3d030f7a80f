"""The commands that tell how an article changed: history, diff."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from archiver.cli.choose import archived_sites
from archiver.cli.printing import printable, say
from archiver.cli.proving import Archive  # noqa: TC001  # typer reads it
from archiver.cli.show import end
from archiver.errors import UsageError
from archiver.research.difference import differences
from archiver.research.histories import history as lines_of

if TYPE_CHECKING:
    from archiver.research.difference import Difference, Piece

Id = Annotated[str, typer.Argument(metavar="ID", help="An article, as in its lines: hcma:19239.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON array.")]

_TOLD = ("revision", "revision_id", "supersedes", "status", "change", "fetched_at", "title", "capture", "extractor")
_STYLES = {"same": "", "removed": "red strike", "added": "green"}
_MARKS = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
"""Where there are no colours, those of `git diff --word-diff`."""


def history(id_: Id, archive: Archive = None, *, as_json: AsJson = False) -> None:
    """List the revisions of an article: when, why, and what each touched."""
    troubles: list[str] = []
    lines = lines_of(archived_sites(archive), id_, troubles.append)
    if as_json:
        _print_json([{name: line[name] for name in _TOLD} for line in lines])
    else:
        say(f"{id_}  {lines[-1]['title']}")
        for line in lines:
            say(f"{line['revision']:>4}  {_moment(line)}  {line['status']:<9}  {_why(line)}")
    raise typer.Exit(end(troubles))


def diff(
    id_: Id,
    first: Annotated[int | None, typer.Argument(metavar="[A]", help="A revision; none: the last but one.")] = None,
    second: Annotated[int | None, typer.Argument(metavar="[B]", help="Another; none: the last.")] = None,
    archive: Archive = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show what differs between two revisions of an article, by block and by word."""
    troubles: list[str] = []
    lines = lines_of(archived_sites(archive), id_, troubles.append)
    if lines[-1]["status"] == "tombstone":
        message = f"{id_} was taken down: its texts are not shown. See when and why: archiver history {id_}"
        raise UsageError(message)
    if len(lines) == 1 and first is None:
        message = f"{id_} has one revision: there is nothing to compare. See it: archiver history {id_}"
        raise UsageError(message)
    last = lines[-1]["revision"]
    before, after = (
        revision_of(lines, last - 1 if first is None else first),
        revision_of(lines, last if second is None else second),
    )
    found = differences(before, after)
    if as_json:
        _print_json([asdict(each) for each in found])
        raise typer.Exit(end(troubles))
    console = Console(highlight=False, soft_wrap=True)
    is_coloured = console.is_terminal and not os.environ.get("NO_COLOR")
    span = f"revision {before['revision']} ({_moment(before)}) and {after['revision']} ({_moment(after)})"
    console.print(Text(printable(f"{id_}  {span}: {len(found) or 'no'} differences")))
    for each in found:
        _show(console, each, is_coloured=is_coloured)
    raise typer.Exit(end(troubles))


def revision_of(lines: list[dict[str, Any]], number: int) -> dict[str, Any]:
    """The line of that revision. Raises UsageError."""
    for line in lines:
        if line["revision"] == number:
            return line
    message = f"{lines[0]['id']} has no revision {number}, but {lines[0]['revision']} to {lines[-1]['revision']}"
    raise UsageError(message)


def _show(console: Console, difference: Difference, *, is_coloured: bool) -> None:
    """The part, and below it the passage."""
    kinds = {piece.kind for piece in difference.pieces}
    what = f" {kinds.pop()}" if len(kinds) == 1 else ""
    console.print(Text(printable(f"{difference.part} {difference.place}{what}"), style="bold" if is_coloured else ""))
    console.print(Text("  ").append_text(_passage(difference.pieces, is_coloured=is_coloured)))


def _passage(pieces: tuple[Piece, ...], *, is_coloured: bool) -> Text:
    shown = Text()
    for piece in pieces:
        if is_coloured:
            shown.append(printable(piece.text), style=_STYLES[piece.kind])
        else:
            shown.append(_MARKS[piece.kind].format(printable(piece.text)))
    return shown


def _why(line: dict[str, Any]) -> str:
    """The cause of a line, and what it touched or showed."""
    cause: str = line["change"]["cause"]
    told = line["change"]["classes"]
    if cause in ("gone", "takedown"):
        told = [*line["extractor"]["found_by"].values()]
    return f"{cause}: {', '.join(told)}" if any(told) else cause


def _moment(line: dict[str, Any]) -> str:
    fetched_at: str = line["fetched_at"]
    return fetched_at[:16].replace("T", " ") + " UTC"


def _print_json(value: list[Any]) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
