"""The commands that prove and mend an archive: verify, repair, rebuild."""

from __future__ import annotations

import json
import logging
import sys
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from archiver.cli.choose import archived_sites
from archiver.cli.show import show_rebuilt, show_verified
from archiver.errors import ArchiveDamaged
from archiver.store.archive import hold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Parsing and multiprocessing are imported by the commands that need them.
# ruff: noqa: PLC0415

Archive = Annotated[
    Path | None,
    typer.Option("--archive", metavar="DIR", file_okay=False, help="Folder of the archive. [ARCHIVER_DATA, else data]"),
]
Sites = Annotated[list[str] | None, typer.Argument(metavar="SITE", help="Sites of the archive; none: all of them.")]


def verify(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE", help="WARC files of any origin; none: the archive.")
    ] = None,
    archive: Archive = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array of findings.")] = False,
) -> None:
    """Find every damage: of captures, lines, manifest and ledger, and of each against the others."""
    from archiver.proof.verify import verify_files, verify_site

    looked = []
    if files:
        with bar("verifying", sum(file.stat().st_size for file in files if file.exists())) as passed:
            looked.append(("", verify_files(files, passed=passed)))
    for folder in archived_sites(archive) if not files else ():
        captures = sum(file.stat().st_size for file in folder.glob("captures/*/*/*") if file.is_file())
        with bar(f"verifying {folder.name}", captures) as passed:
            looked.append((folder.name, verify_site(folder, passed=passed)))
    findings = [finding for _, verified in looked for finding in verified.findings]
    if as_json:
        sys.stdout.write(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False) + "\n")
    else:
        show_verified(looked)
    raise typer.Exit(ArchiveDamaged.exit_code if findings else 0)


def repair(sites: Sites = None, archive: Archive = None) -> None:
    """Mend what an interrupted run or a torn file left; nothing is deleted. Then verify."""
    from archiver.proof.repair import repair as mend
    from archiver.proof.verify import verify_site
    from archiver.takedown.doing import overwrite_again, prepare

    log_plainly()
    looked = []
    for folder in archived_sites(archive, sites):
        with hold(folder):
            overwrite_again(folder)
        mend(folder)
        with hold(folder):
            prepare(folder)
        with bar(f"verifying {folder.name}", None) as passed:
            looked.append((folder.name, verify_site(folder, passed=passed)))
    show_verified(looked)
    raise typer.Exit(ArchiveDamaged.exit_code if any(verified.findings for _, verified in looked) else 0)


def rebuild(
    sites: Sites = None,
    archive: Archive = None,
    *,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; compare every line, byte by byte.")] = False,
) -> None:
    """Make the article lines again from the captures: add those that are missing, and revisions by newer rules."""
    from archiver.proof.check import check as compare
    from archiver.proof.rebuild import rebuild as write
    from archiver.proof.rebuilt import count_captures

    log_plainly()
    differing = 0
    for folder in archived_sites(archive, sites):
        with bar(f"reading {folder.name}", count_captures(folder)) as passed:
            found = (compare if check else write)(folder, passed=passed)
        show_rebuilt(folder.name, found, is_check=check)
        differing += found.differing
    raise typer.Exit(ArchiveDamaged.exit_code if differing else 0)


@contextmanager
def bar(what: str, total: int | None) -> Iterator[Callable[[int], object]]:
    """A function that moves a bar on by so much; the bar is seen on a terminal only."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=total)
        yield lambda step: progress.advance(task, step)


def log_plainly() -> None:
    """What is logged goes to standard error, a line each."""
    logging.basicConfig(format="%(message)s", level=logging.INFO, stream=sys.stderr, force=True)
