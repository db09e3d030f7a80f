"""The command that opens the page of an archive: browse."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from archiver.cli.choose import archived_sites, port_can_be_taken
from archiver.cli.proving import Archive  # noqa: TC001  # typer reads it
from archiver.cli.show import complain
from archiver.errors import ArchiveDamaged, UsageError

# What serves the page is an extra, and imported by the command alone.
# ruff: noqa: PLC0415

_NEEDED = ("starlette", "uvicorn", "jinja2")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def browse(
    archive: Archive = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the page; 0: any free one.")] = 8030,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Where to listen; anything but loopback lets other machines read.")
    ] = _LOOPBACK[0],
    *,
    no_open: Annotated[bool, typer.Option("--no-open", help="Open no browser.")] = False,
) -> None:
    """Open a read-only page of the archive: search, articles, histories, captures, runs. Ctrl-C ends it."""
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        message = f"browse needs {', '.join(missing)}. Install it: pip install 'archiver[browse]'"
        raise UsageError(message)
    from archiver.browse.serving import Listener, serve
    from archiver.research.library import Library

    folders = archived_sites(archive)
    if host not in _LOOPBACK:
        complain(f"--host {host}: whoever reaches this machine there can read the whole archive", 0)
    with Console(stderr=True).status("reading what is new in the archive"):
        library = Library(folders)
    problems = library.problems()
    for site, problem in problems:
        complain(f"{site}: {problem.message}. It is left out", 0)
    root = archive or Path(os.environ.get("ARCHIVER_DATA", "data"))
    with port_can_be_taken(port):
        serve(library, root, Listener(host, port, opens=not no_open), _tell, lambda words: complain(words, 0))
    raise typer.Exit(ArchiveDamaged.exit_code if problems else 0)


def _tell(words: str) -> None:
    typer.echo(words)
    sys.stdout.flush()
