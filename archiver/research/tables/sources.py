"""Where the rows of a table come from: months of lines, and the reports of runs as if they were lines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from archiver.article import jsonable
from archiver.errors import ArchiverError
from archiver.store.articles import KIND
from archiver.store.emptied import shown
from archiver.store.months import month_of, months
from archiver.store.run_report import FOLDER, read_report, run_names, started_at
from archiver.store.takedowns import NAME as TAKEDOWNS
from archiver.store.withheld import shown_event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from archiver.research.tables.columns import Kind
    from archiver.store.months import Month

Stamp = tuple[tuple[str, int, int], ...]
"""Name, bytes and time of change (ns) of each file that is read."""


@dataclass(frozen=True, slots=True)
class Source:
    """Lines that share a row of Parquet files."""

    name: str
    """From the site's folder: articles/2026/2026-11.jsonl; of runs runs/2026-11."""
    stamp: Stamp
    """As long as it is the same, nothing is read again."""
    lines: Callable[[int], Iterator[tuple[int, bytes]]]
    """Offset and bytes of each line from the one that begins at an offset. Raises ArchiveDamaged."""


def sources(site_folder: Path, kind: Kind) -> list[Source]:
    """All there is of a kind, oldest first."""
    if kind.folder == FOLDER:
        return list(_runs(site_folder))
    takedowns = [path for path in [site_folder / TAKEDOWNS] if path.exists()]
    of = (shown if kind.folder == KIND else shown_event)(site_folder)
    found = (_month(site_folder, month, takedowns, of) for month in months(site_folder, kind.folder))
    return [each for each in found if each is not None]


def _month(site_folder: Path, month: Month, takedowns: list[Path], of: Callable[[bytes], bytes]) -> Source | None:
    """None: it has vanished. Where it was sealed meanwhile, the sealed one. `of`: what is shown of a line."""
    for each in (month, month_of(site_folder, month.name)):
        if each.path.exists():
            # With a takedown less is shown of the same lines.
            return Source(each.name, _stamp([each.path, *takedowns]), _lines_shown(each, of))
    return None


def _lines_shown(month: Month, of: Callable[[bytes], bytes]) -> Callable[[int], Iterator[tuple[int, bytes]]]:
    return lambda start: ((offset, of(raw)) for offset, raw in month.lines(start))


def _runs(site_folder: Path) -> Iterator[Source]:
    for month, names in groupby(run_names(site_folder), lambda name: f"{started_at(name):%Y-%m}"):
        paths = [site_folder / FOLDER / f"{name}.json" for name in names]

        def lines(start: int, paths: list[Path] = paths) -> Iterator[tuple[int, bytes]]:
            return ((offset, raw) for offset, raw in _reports(paths) if offset >= start)

        yield Source(f"{FOLDER}/{month}", _stamp(paths), lines)


def _reports(paths: list[Path]) -> Iterator[tuple[int, bytes]]:
    """Each report in a line. What is wrong with the first that cannot be read is raised when all others are told."""
    offset = 0
    problem: ArchiverError | None = None
    for path in paths:
        try:
            report = read_report(path)
        except ArchiverError as damage:
            problem = problem or damage
            continue
        raw = json.dumps(jsonable(report), ensure_ascii=False).encode() + b"\n"
        yield offset, raw
        offset += len(raw)
    if problem is not None:
        raise problem


def _stamp(paths: list[Path]) -> Stamp:
    looked = [(path, path.stat()) for path in paths]
    return tuple((path.name, found.st_size, found.st_mtime_ns) for path, found in looked)
