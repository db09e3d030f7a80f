"""A folder to hand over: what was chosen of an archive, in the formats that were asked for, described for others' tools."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.dumps import parquet
from archiver.dumps.absences import Absence, absence_lines, absences
from archiver.dumps.bag import close_bag
from archiver.dumps.card import card
from archiver.dumps.contents import FORMATS, Contents
from archiver.dumps.copies import copies_of_captures, copies_of_lines, require_closed
from archiver.dumps.croissant import croissant
from archiver.dumps.csv_tables import csv_rows
from archiver.dumps.frictionless import data_package
from archiver.dumps.hub import hub_lines
from archiver.dumps.package import SUMS, Package, Rows, packing, sha256_of
from archiver.dumps.selection import EVERYTHING, Range, select
from archiver.dumps.wacz import write_wacz
from archiver.errors import ArchiveDamaged, UsageError
from archiver.schema import record_schema
from archiver.store.archive import hold_to_read
from archiver.store.event import Event
from archiver.store.months import members_of
from archiver.store.takedowns import is_unfinished, taken_down, unfinished

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import Any

    from archiver.dumps.package import Packed, Role
    from archiver.dumps.selection import Selection
    from archiver.store.months import Month

DEFAULT = ("jsonl", "wacz")
"""All of an archive: its lines to read, and its captures to prove them by."""
DESCRIPTION = "datapackage.json"
FAULTS_TOLD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for."""

    formats: tuple[str, ...] = DEFAULT
    chosen: Range = EVERYTHING
    bom: bool = False
    """Of CSV."""


def read_formats(text: str | None) -> tuple[str, ...]:
    """The formats in `jsonl,csv`, in their own order. Raises UsageError."""
    if text is None:
        return DEFAULT
    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        message = f"--format {(unknown or [text])[0]!r} is none. Give one or more of {','.join(FORMATS)}"
        raise UsageError(message)
    return tuple(name for name in FORMATS if name in names)


def export(folders: Sequence[Path], out: Path, wanted: Wanted) -> tuple[Contents, list[Packed]]:
    """Makes the folder `out` of these sites' folders, which are held meanwhile and not changed; what it holds.

    What is damaged is left out and told in the contents' `faults`; then an earlier export in `out` stays. Raises ArchiveBusy, ArchiveDamaged, DiskTrouble, UsageError.
    """
    if "parquet" in wanted.formats:
        parquet.require()
    with ExitStack() as held:
        for folder in folders:
            _require_apart(folder, out)
            held.enter_context(hold_to_read(folder))
            require_closed(folder)
            _require_taken_down(folder)
            if {"wacz", "bagit"} & {*wanted.formats}:
                _require_nothing_hidden(folder)
        selections = [select(folder, wanted.chosen) for folder in folders]
        contents = Contents(selections=selections, formats=wanted.formats, chosen=wanted.chosen)
        if not contents.lines and not wanted.chosen.is_all and not contents.faults:
            message = "no article was published in that range. Leave out --since and --until, or see: archiver status"
            raise UsageError(message)
        with packing(out, is_export) as package:
            _require_better(out, contents)
            for selection in selections:
                _write_site(package, selection, contents, wanted)
            _describe(package, contents)
            _require_better(out, contents)
            return contents, package.files


def is_export(folder: Path) -> bool:
    """Whether all that stands in a folder is an export's, as its sums list it."""
    try:
        listed = {line.split("  ", 1)[1] for line in (folder / SUMS).read_text(encoding="utf-8").splitlines()}
        described = json.loads((folder / DESCRIPTION).read_bytes())
    except (OSError, ValueError, IndexError, RecursionError):
        return False
    bag = {"bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"}
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    return "archiver" in described and found <= listed | bag | {SUMS}


def _require_taken_down(folder: Path) -> None:
    """Raises ArchiveDamaged where a takedown was cut off: files may still hold what it is to erase."""
    for left in unfinished(folder):
        message = f"{folder}: {is_unfinished(left)}"
        raise ArchiveDamaged(message)


def _require_better(out: Path, contents: Contents) -> None:
    """Raises ArchiveDamaged where an earlier export would be replaced by one that lacks something."""
    if contents.faults and out.is_dir() and any(out.iterdir()):
        faults = "; ".join(contents.faults[:FAULTS_TOLD])
        more = f"; and {len(contents.faults) - FAULTS_TOLD} more" if len(contents.faults) > FAULTS_TOLD else ""
        message = (
            f"--out {out} holds an earlier export, which stays, for a new one would lack something: {faults}{more}."
            " To have what there is, give another --out"
        )
        raise ArchiveDamaged(message)


def _require_nothing_hidden(folder: Path) -> None:
    """Raises UsageError where captures still show articles that were taken down."""
    hidden = sorted(each.id for each in taken_down(folder).values() if each.level != "erase")
    if hidden:
        message = (
            f"{folder}: captures still show articles that were taken down ({len(hidden)}, such as {hidden[0]}). Leave captures"
            " out: --format jsonl,csv,parquet,hf. Or erase them first: archiver takedown ID --level erase"
        )
        raise UsageError(message)


def _require_apart(folder: Path, out: Path) -> None:
    archive, there = folder.resolve().parent, out.resolve()
    if there == archive or there.is_relative_to(folder.resolve()) or archive.is_relative_to(there):
        message = f"--out {out} is the archive itself, or in it. Give a folder beside it"
        raise UsageError(message)


def _write_site(package: Package, selection: Selection, contents: Contents, wanted: Wanted) -> None:
    site = selection.site
    if {"jsonl", "bagit"} & {*wanted.formats}:
        for copy in copies_of_lines(selection):
            package.write(f"data/{site}/{copy.name}", copy.pieces, copy.role, site=site, rows=copy.rows)
    if "bagit" in wanted.formats:
        for copy in copies_of_captures(selection):
            package.write(f"data/{site}/{copy.name}", copy.pieces, copy.role, site=site)
    for month in selection.months():
        for is_newest in selection.parts(month):
            _write_tables(package, selection, month, wanted, is_newest=is_newest)
    if "wacz" in wanted.formats:
        path = package.folder / f"{site}.wacz"
        one = Contents(selections=[selection], formats=("wacz",), chosen=contents.chosen)
        about = {"title": one.title, "description": one.summary, "software": "archiver", "archiver": one.told}
        write_wacz(path, selection, about)
        package.note(path.name, path.stat().st_size, sha256_of(path), "wacz", site=site)


def _write_tables(package: Package, selection: Selection, month: Month, wanted: Wanted, *, is_newest: bool) -> None:
    """The lines of a part of a month, in each format that is a table."""
    site, role = selection.site, _role(is_newest=is_newest)
    stem = f"data/{site}-{role}-{month.path.name.partition('.')[0]}"

    def lines() -> Iterator[dict[str, Any]]:
        return (json.loads(raw) for _, raw in selection.of_part(month, is_newest=is_newest))

    if "csv" in wanted.formats:
        rows = Rows(csv_rows(lines(), bom=wanted.bom), head=1)
        package.write(f"{stem}.csv", rows, role, site=site, rows=rows)
    if "hf" in wanted.formats:
        rows = Rows(hub_lines(lines()))
        package.write(f"{stem}.jsonl.gz", members_of(rows), role, site=site, rows=rows)
    if "parquet" in wanted.formats:
        parquet.write_parquet(package, stem, site, month.name, selection.of_part(month, is_newest=is_newest), role)


def _role(*, is_newest: bool) -> Role:
    return "articles" if is_newest else "earlier"


def _describe(package: Package, contents: Contents) -> None:
    """All that is said of the files, each list made of the same."""
    rows = Rows(_counted(contents))
    package.write("data/gaps.jsonl", rows, "gaps", rows=rows)
    package.write_json("record.schema.json", record_schema(), "schema")
    files = sorted(package.files, key=lambda each: each.path)
    package.write_json(DESCRIPTION, data_package(contents, files, Event, Absence), "about")
    package.write_json("croissant.json", croissant(contents, files), "about")
    package.write("README.md", [card(contents, files).encode()], "about")
    listed = sorted(package.files, key=lambda each: each.path)
    package.write(SUMS, [f"{each.sha256}  {each.path}\n".encode() for each in listed], "about")
    if "bagit" in contents.formats:
        close_bag(package, contents)


def _counted(contents: Contents) -> Iterator[bytes]:
    """The lines of gaps.jsonl; how many there are of each kind goes into `contents`."""
    for selection in contents.selections:
        for absence in absences(selection.folder, selection.faults):
            contents.absences[absence.kind] += 1
            yield from absence_lines(iter([absence]))
