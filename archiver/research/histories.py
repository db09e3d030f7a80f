"""All lines of one article, from the files alone: a run may hold the archive meanwhile."""

from __future__ import annotations

import difflib
import json
import re
from typing import TYPE_CHECKING, Any

from archiver.errors import ArchiveDamaged, UsageError
from archiver.schema import article_in
from archiver.store.articles import KIND
from archiver.store.emptied import shown
from archiver.store.months import months

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

_ID = re.compile(rb'"id":"([^"\\]+)"')
_NEAR = 3


def history(folders: Sequence[Path], id_: str, tell: Callable[[str], object]) -> list[dict[str, Any]]:
    """The lines of the article, oldest first, out of these sites' folders. `tell` hears, in a line, of each that cannot be read.

    Raises UsageError where there are none, naming the nearest ids; ArchiveDamaged where there are none in what can be read.
    """
    if not isinstance(id_, str):
        message = f"{id_!r} is no id of an article. Ids look like 'hcma:19239'"
        raise UsageError(message)
    of_site = [folder for folder in folders if folder.name == id_.rpartition(":")[0].partition(":")[0]]
    troubles: list[str] = []
    found = [line for folder in of_site for line in _lines_of(folder, id_, troubles)]
    if not found and troubles:
        message = f"no article {id_!r} in what can be read: {'; '.join(troubles)}"
        raise ArchiveDamaged(message)
    for trouble in troubles:
        tell(trouble)
    if found:
        return found
    known = {id_ for folder in of_site or folders for id_ in _ids(folder, tell)}
    near = difflib.get_close_matches(id_, sorted(known), n=_NEAR)
    hint = f"Nearest: {', '.join(near)}" if near else f"Ids look like {min(known, default='site:number')}"
    message = f"no article {id_!r} in the archive. {hint}"
    raise UsageError(message)


def _lines_of(folder: Path, id_: str, troubles: list[str]) -> Iterator[dict[str, Any]]:
    wanted = f'"id":{json.dumps(id_, ensure_ascii=False)}'.encode()
    for place, raw in _raw_lines(folder, troubles.append):
        if wanted not in raw:
            continue
        try:
            line = article_in(raw, place)
        except ArchiveDamaged as damage:
            troubles.append(str(damage))
            continue
        if line["id"] == id_:
            yield line


def _ids(folder: Path, tell: Callable[[str], object]) -> Iterator[str]:
    for _, raw in _raw_lines(folder, tell):
        if first := _ID.search(raw):
            yield first[1].decode(errors="replace")


def _raw_lines(folder: Path, tell: Callable[[str], object]) -> Iterator[tuple[str, bytes]]:
    """Every whole line with its place; one that is being written is none yet, and `tell` hears of a month that is damaged."""
    of = shown(folder)
    for month in months(folder, KIND):
        try:
            for offset, raw in month.lines():
                yield f"{month.path}, byte {offset}", of(raw)
        except ArchiveDamaged as damage:
            tell(str(damage))
