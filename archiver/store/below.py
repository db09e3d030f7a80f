"""What stands below a folder of a site's; what cannot be looked into is not nothing."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from archiver.errors import ArchiveDamaged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DEEPEST = 3
"""Folders between a site's and what is looked at: a link that leads back up has an end."""


def files_below(site_folder: Path, name: str) -> Iterator[str]:
    """What is below a folder of a site's, by names from the site's folder; of folders only those too deep for any month.

    Raises ArchiveDamaged.
    """
    try:
        with os.scandir(site_folder / name) as entries:
            for entry in sorted(entries, key=lambda each: each.name):
                below = f"{name}/{entry.name}"
                if entry.is_dir() and below.count("/") < _DEEPEST:
                    yield from files_below(site_folder, below)
                else:
                    with contextlib.suppress(FileNotFoundError):  # sealed, or taken away, a moment ago
                        entry.stat()  # a folder may be listed and still not be entered
                        yield below
    except FileNotFoundError:
        return
    except OSError as problem:
        message = f"{site_folder / name}: cannot be read ({problem.strerror}). Mend its rights, then: archiver verify"
        raise ArchiveDamaged(message) from problem
