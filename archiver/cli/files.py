"""The command that leads from an article to its attachments and pictures: files."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path  # noqa: TC003  # typer reads it
from typing import TYPE_CHECKING, Annotated

import typer

from archiver.cli.choose import archived_sites
from archiver.cli.printing import say
from archiver.cli.proving import Archive  # noqa: TC001  # typer reads it
from archiver.cli.show import end
from archiver.errors import UsageError
from archiver.research.files import files_in, files_of, folder_of, proved_bytes

if TYPE_CHECKING:
    from archiver.research.files import Filed

_NEVER_ASKED = "no attachment or picture was asked for yet. Fetch them: archiver crawl SITE --files"
STATES = ("listed", "stored", "broken", "skipped")


def files(
    id_: Annotated[str | None, typer.Argument(metavar="[ID]", help="An article: hcma:19239; none: all.")] = None,
    archive: Archive = None,
    state: Annotated[
        str | None, typer.Option(metavar="STATE", help="Only those that are listed, stored, broken or skipped.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write those that are stored into this folder.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False,
) -> None:
    """List the attachments and pictures of an article: what became of each, its digest, and where its bytes stand."""
    if state is not None and state not in STATES:
        message = f"--state {state!r} is none. There are: {', '.join(STATES)}"
        raise UsageError(message)
    folders = archived_sites(archive)
    troubles: list[str] = []
    if id_:
        found = files_of(folders, id_, troubles.append)
    else:
        found = [each for folder in folders for each in files_in(folder)]
    chosen = [each for each in found if state in (None, each.state)]
    stored = [each for each in chosen if each.state == "stored"]
    if out is not None and stored:
        _write(stored, folders, out)
    if as_json:
        sys.stdout.write(json.dumps([asdict(each) for each in chosen], ensure_ascii=False) + "\n")
    else:
        for each in chosen:
            say(_told(each))
    if not found and id_:
        say(f"{id_} names no attachments and pictures", err=True)
    elif not found:
        say(f"{_NEVER_ASKED}. Those that an article names: archiver files ID", err=True)
    elif out is not None and not stored:
        say(f"--out {out}: nothing to write, for none is stored. Fetch them: archiver crawl SITE --files", err=True)
    raise typer.Exit(end(troubles))


def _write(stored: list[Filed], folders: list[Path], out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        for each in stored:
            (out / each.name).write_bytes(proved_bytes(folder_of(folders, each.id), each))
    except OSError as problem:
        message = f"--out {out}: cannot be written ({problem.strerror}). Give another folder"
        raise UsageError(message) from problem


def _told(file: Filed) -> str:
    """State, kind, size and digest in columns, then the address."""
    kind = file.media_type or file.reason or ""
    size = f"{file.bytes:,}" if file.bytes is not None else ""
    return f"{file.state:<8} {kind:<28} {size:>12}  {(file.sha256 or '')[:16]:<16}  {file.url}"
