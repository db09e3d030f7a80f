"""The command that shows one article: show."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from archiver.cli.choose import archived_sites
from archiver.cli.proving import Archive  # noqa: TC001  # typer reads it
from archiver.cli.revisions import AsJson, Id, revision_of  # the same
from archiver.cli.show import end
from archiver.cli.show_article import show_article
from archiver.errors import UsageError
from archiver.research.histories import history as lines_of


def show(
    id_: Id,
    revision: Annotated[int | None, typer.Option(metavar="N", help="A revision; none: the newest.")] = None,
    archive: Archive = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show an article: title, time, lead, text, pictures with captions, credits, and where its capture stands."""
    troubles: list[str] = []
    lines = lines_of(archived_sites(archive), id_, troubles.append)
    line = revision_of(lines, lines[-1]["revision"] if revision is None else revision)
    if lines[-1]["status"] == "tombstone" != line["status"]:
        message = f"{id_} was taken down: its texts are not shown. See when and why: archiver history {id_}"
        raise UsageError(message)
    if as_json:
        sys.stdout.write(json.dumps([line], ensure_ascii=False) + "\n")
    else:
        show_article(line, len(lines))
    raise typer.Exit(end(troubles))
