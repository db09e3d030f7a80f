"""The commands that close months and hand archives over: seal, export, import."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.choose import archived_sites
from archiver.cli.printing import say
from archiver.cli.proving import Archive, Sites, bar, log_plainly
from archiver.errors import ArchiveDamaged
from archiver.store.clock import utc_now
from archiver.store.months import months
from archiver.store.sealing import MOMENTS

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
        open_months = [month for kind in MOMENTS for month in months(folder, kind) if not month.is_sealed]
        size = sum(month.path.stat().st_size for month in open_months)
        with bar(f"sealing {folder.name}", size) as passed:
            found = close(folder, last, now, passed)
        for each in found.sealed:
            say(f"{folder.name}: {each.file}: {each.lines} lines, {each.bytes} bytes, sha256 {each.sha256}")
        for fault in found.faults:
            say(f"not sealed: {fault}", err=True)
        goes_on = f"; open: {', '.join(found.open)}" if found.open else ""
        say(f"{folder.name}: {len(found.sealed)} months sealed{goes_on}")
        faults += len(found.faults)
    raise typer.Exit(ArchiveDamaged.exit_code if faults else 0)


def export(  # noqa: PLR0913  # one parameter an option
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder to make; an earlier export there is replaced.")],
    formats: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="NAMES", help="Of jsonl,csv,parquet,hf,wacz,bagit; none: jsonl,wacz, all of it."
        ),
    ] = None,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="Only articles published from this day on.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Only articles published up to this day.")] = None,
    site: Annotated[list[str] | None, typer.Option(metavar="SITE", help="Sites of the archive; none: all.")] = None,
    archive: Archive = None,
    *,
    bom: Annotated[bool, typer.Option("--bom", help="CSV with a byte order mark, for spreadsheets.")] = False,
) -> None:
    """Make a folder to hand over: the articles in any of six formats, described and summed for other people's tools."""
    from archiver.dumps.export import Wanted, read_formats
    from archiver.dumps.export import export as make
    from archiver.dumps.selection import read_range

    log_plainly()
    wanted = Wanted(formats=read_formats(formats), chosen=read_range(since, until), bom=bom)
    contents, files = make(archived_sites(archive, site), out, wanted)
    for fault in (*contents.foreign, *contents.faults):
        say(f"left out: {fault}", err=True)
    say(f"{out}: {contents.summary}")
    size = sum(each.bytes for each in files)
    say(
        f"{out}: {','.join(contents.formats)}; {len(files)} files, {size / 1e6:,.1f} MB; check: sha256sum -c SHA256SUMS"
    )
    raise typer.Exit(ArchiveDamaged.exit_code if contents.faults or contents.foreign else 0)


def import_(
    package: Annotated[Path, typer.Argument(metavar="PATH", help="A folder made by export, or a .wacz.")],
    archive: Archive = None,
) -> None:
    """Take an export back into an archive, each file checked; then verify and rebuild --check prove it there."""
    from archiver.dumps.delivery import delivery
    from archiver.dumps.take_back import take

    log_plainly()
    root = archive or Path(os.environ.get("ARCHIVER_DATA", "data"))
    for each in take(delivery(package), root):
        was = "was there already" if each.was_there else f"{each.files} files taken"
        say(f"{each.site}: {was}; {each.lines} lines, {each.captures} files of captures")
        for lack in each.lacks:
            say(f"{each.site}: lacks {lack}")
    say(f"Prove it: archiver verify --archive {root}; archiver rebuild --check --archive {root}")
