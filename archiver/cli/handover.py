"""The commands that close months and hand archives over: seal, export, import."""

from __future__ import annotations

from typing import Annotated

import typer

from archiver.cli.choose import archived_sites
from archiver.cli.proving import Archive, Sites, bar, log_plainly
from archiver.errors import ArchiveDamaged
from archiver.store.clock import utc_now

# Packing and parsing are imported by the commands that need them.
# ruff: noqa: PLC0415


def seal(
    sites: Sites = None,
    until: Annotated[
        str | None, typer.Option(metavar="MONTH", help="Only months up to this one: 2026-10. None: all that are over.")
    ] = None,
    archive: Archive = None,
) -> None:
    """Close months that are over to .jsonl.gz, each with its line in the manifest; a late line opens a month again."""
    from archiver.dumps.seal import read_month
    from archiver.dumps.seal import seal as close

    log_plainly()
    now = utc_now()
    last = read_month(until, now)
    faults = 0
    for folder in archived_sites(archive, sites):
        size = sum(path.stat().st_size for kind in ("articles", "events") for path in folder.glob(f"{kind}/*/*.jsonl"))
        with bar(f"sealing {folder.name}", size) as passed:
            found = close(folder, last, now, passed)
        for each in found.sealed:
            typer.echo(f"{folder.name}: {each.file}: {each.lines} lines, {each.bytes} bytes, sha256 {each.sha256}")
        for fault in found.faults:
            typer.echo(f"not sealed: {fault}", err=True)
        goes_on = f"; open: {', '.join(found.open)}" if found.open else ""
        typer.echo(f"{folder.name}: {len(found.sealed)} months sealed{goes_on}")
        faults += len(found.faults)
    raise typer.Exit(ArchiveDamaged.exit_code if faults else 0)
