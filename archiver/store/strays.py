"""What stands among the months of lines and is read by nobody: files that are no months, and lines that were not finished."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from archiver.errors import ArchiveDamaged
from archiver.store.below import files_below
from archiver.store.months import months, named_as_month
from archiver.store.sealing import PART

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.store.months import Month


def strays(site_folder: Path, kind: str) -> list[str]:
    """A line for each, with the next command: foreign_files() and torn_months(). Raises ArchiveDamaged."""
    return [*foreign_files(site_folder, kind), *torn_months(site_folder, kind)]


def foreign_files(site_folder: Path, kind: str) -> list[str]:
    """A line for each file that no run has put there; what a repair or a stopped seal has left is ours. Raises ArchiveDamaged."""
    return [
        f"{site_folder / name}: no month of {kind}; it is left out. Move it out of the archive"
        for name in files_below(site_folder, kind)
        if not named_as_month(name) and ".torn-" not in name and not name.endswith(PART)
    ]


def torn_months(site_folder: Path, kind: str) -> list[str]:
    """A line for each month whose last line is not finished. The newest is none of them: a run may be writing it just now.

    Raises ArchiveDamaged.
    """
    return [
        f"{month.path}: its last line is not finished; it is left out. Run: archiver repair"
        for month in months(site_folder, kind)[:-1]
        if not month.is_sealed and _is_torn(month)
    ]


def _is_torn(month: Month) -> bool:
    try:
        with month.path.open("rb") as file:
            return file.seek(0, os.SEEK_END) > 0 and file.seek(-1, os.SEEK_END) >= 0 and file.read(1) != b"\n"
    except FileNotFoundError:  # sealed a moment ago
        return False
    except OSError as problem:
        message = f"{month.path}: cannot be read ({problem.strerror}). See what is damaged: archiver verify"
        raise ArchiveDamaged(message) from problem
