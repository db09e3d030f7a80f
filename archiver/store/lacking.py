"""`lacking.json`: the capture files that an archive never had, because a package without them was taken back into it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from archiver.errors import ArchiveDamaged

if TYPE_CHECKING:
    from pathlib import Path

NAME = "lacking.json"


def lacking(site_folder: Path) -> frozenset[str]:
    """Their names from the site's folder; mostly none. Raises ArchiveDamaged."""
    path = site_folder / NAME
    if not path.exists():
        return frozenset()
    try:
        return frozenset(map(str, json.loads(path.read_bytes())["captures"]))
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as problem:
        message = f"{path}: cannot be read ({problem!r}). Take the package back again: archiver import"
        raise ArchiveDamaged(message) from problem
