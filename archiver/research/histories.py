"""All lines of one article, from the files alone: a run may hold the archive meanwhile."""

from __future__ import annotations

import difflib
import json
import re
from typing import TYPE_CHECKING, Any

from archiver.errors import ArchiveDamaged, UsageError
from archiver.store.articles import KIND
from archiver.store.emptied import shown
from archiver.store.months import months

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_ID = re.compile(rb'"id":"([^"\\]+)"')
_NEAR = 3


def history(folders: Sequence[Path], id_: str) -> list[dict[str, Any]]:
    """The lines of the article, oldest first, out of these sites' folders.

    Raises UsageError where there are none, naming the nearest ids; ArchiveDamaged where one cannot be read.
    """
    of_site = [folder for folder in folders if folder.name == id_.rpartition(":")[0].partition(":")[0]]
    found = [line for folder in of_site for line in _lines_of(folder, id_)]
    if found:
        return found
    known = {id_ for folder in of_site or folders for id_ in _ids(folder)}
    near = difflib.get_close_matches(id_, sorted(known), n=_NEAR)
    hint = f"Nearest: {', '.join(near)}" if near else f"Ids look like {min(known, default='site:number')}"
    message = f"no article {id_!r} in the archive. {hint}"
    raise UsageError(message)


def _lines_of(folder: Path, id_: str) -> Iterator[dict[str, Any]]:
    wanted = f'"id":{json.dumps(id_, ensure_ascii=False)}'.encode()
    for path, offset, raw in _raw_lines(folder):
        if wanted not in raw:
            continue
        try:
            line = json.loads(raw)
        except ValueError as problem:
            message = f"{path}, byte {offset}: no JSON ({problem}). See what is damaged: archiver verify"
            raise ArchiveDamaged(message) from problem
        if line["id"] == id_:
            yield line


def _ids(folder: Path) -> Iterator[str]:
    for _, _, raw in _raw_lines(folder):
        if first := _ID.search(raw):
            yield first[1].decode()


def _raw_lines(folder: Path) -> Iterator[tuple[Path, int, bytes]]:
    """Every whole line with its offset; one that is being written is none yet. Raises ArchiveDamaged."""
    of = shown(folder)
    for month in months(folder, KIND):
        for offset, raw in month.lines():
            yield month.path, offset, of(raw)
