"""The runs of an archive, in the order in which they began."""

from __future__ import annotations

from heapq import merge
from typing import TYPE_CHECKING

from archiver.store.run_report import FOLDER, read_report, run_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from archiver.store.run_report import RunReport

MEANINGS = {
    0: "all well",
    1: "a bug",
    2: "wrong usage",
    3: "site unreachable",
    4: "below what is expected",
    5: "too many failures",
    6: "disk full",
    7: "archive damaged",
    75: "archive held by another run",
    130: "stopped on request",
}
"""What the exit codes of a run say."""


def runs(site_folders: Iterable[Path]) -> Iterator[RunReport]:
    """Every report, newest last, read as it is asked for. Raises ArchiveDamaged, UsageError."""
    return merge(*map(_of_site, site_folders), key=lambda report: report.started_at)


def _of_site(site_folder: Path) -> Iterator[RunReport]:
    return (read_report(site_folder / FOLDER / f"{name}.json") for name in run_names(site_folder))
