"""The commands that ask an archive's tables: query, stats."""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import sys
from dataclasses import asdict
from pathlib import Path  # noqa: TC003  # typer reads it
from typing import TYPE_CHECKING, Annotated

import typer

from archiver.cli.choose import archived_sites
from archiver.cli.proving import Archive, Sites, bar
from archiver.cli.show import end
from archiver.errors import UsageError
from archiver.store import disk
from archiver.store.articles import KIND
from archiver.store.months import months

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from archiver.research.tables.tables import Tables

# DuckDB is imported by the commands that need it.
# ruff: noqa: PLC0415

AsJson = Annotated[bool, typer.Option("--json", help="One JSON array.")]
Memory = Annotated[
    str, typer.Option("--memory", metavar="SIZE", help="What SQL may take; beyond it, it uses the disk.")
]


def query(  # one parameter an option
    sql: Annotated[str, typer.Argument(metavar="SQL", help="One SELECT; - for standard input.")],
    archive: Archive = None,
    form: Annotated[
        str | None, typer.Option("--format", metavar="FORMAT", help="table, csv, json, jsonl or markdown.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write there; its name tells the format.")] = None,
    memory: Memory = "1GB",
    *,
    as_json: AsJson = False,
) -> None:
    """Ask SQL: articles has the newest revision of each id, revisions all; DESCRIBE articles tells the columns."""
    from archiver.cli.show_answer import format_of, write_answer

    if as_json and form not in (None, "json"):
        message = f"--json and --format {form} are two formats: give one"
        raise UsageError(message)
    chosen = format_of("json" if as_json else form, out.name if out else None)
    asked = sys.stdin.read() if sql == "-" else sql
    with opened(archived_sites(archive), memory) as tables:
        answer = tables.ask(asked)
        if out is None:
            write_answer(answer, chosen, sys.stdout, is_kept=False)
        else:
            with _new_file(out) as file:
                write_answer(answer, chosen, file, is_kept=True)
    raise typer.Exit(end(tables.troubles))


def stats(sites: Sites = None, archive: Archive = None, memory: Memory = "1GB", *, as_json: AsJson = False) -> None:
    """Tell what the archive holds in numbers: by month, field, name and section, what was edited, and how large it is."""
    from archiver.cli.show_statistics import show_statistics
    from archiver.research.statistics import statistics

    folders = archived_sites(archive, sites)
    with opened(folders, memory) as tables:
        found = statistics(tables, folders)
    if as_json:
        sys.stdout.write(json.dumps([asdict(each) for each in found], ensure_ascii=False) + "\n")
    else:
        show_statistics(found)
    raise typer.Exit(end(tables.troubles))


@contextlib.contextmanager
def opened(folders: Sequence[Path], memory: str) -> Iterator[Tables]:
    """The tables of these sites; while lines are read for the first time, a terminal sees how far it is."""
    from archiver.research.tables.tables import Tables

    logging.basicConfig(format="archiver: %(message)s", level=logging.WARNING, stream=sys.stderr)
    size = sum(month.path.stat().st_size for folder in folders for month in months(folder, KIND))
    with contextlib.ExitStack() as stack:
        with bar("reading lines", size) as passed:
            tables = stack.enter_context(Tables(folders, memory=memory, passed=passed))
        yield tables


@contextlib.contextmanager
def _new_file(path: Path) -> Iterator[TextIO]:
    """A file that is there once it is whole. Raises UsageError where there is one already, DiskTrouble."""
    if path.exists():
        message = f"{path}: is there already. Give another name to --out, or move it away"
        raise UsageError(message)
    making = path.with_name(path.name + ".part")
    try:
        with making.open("x", encoding="utf-8", newline="") as file:
            yield file
        making.rename(path)
    except FileExistsError as problem:
        message = f"{making}: is being written by another command, or was left by one. Move it away"
        raise UsageError(message) from problem
    except OSError as problem:
        making.unlink(missing_ok=True)
        if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            raise disk.trouble(path, problem) from problem
        message = f"--out {path}: cannot be written ({problem.strerror}). Make its folder first, or give another --out"
        raise UsageError(message) from problem
    except BaseException:
        making.unlink(missing_ok=True)
        raise
