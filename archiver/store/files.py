"""What became of attachments and pictures, as the events tell it; and their bytes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from archiver import codings
from archiver.errors import ArchiveDamaged
from archiver.store.captures import path_of
from archiver.store.months import months
from archiver.store.warc import stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

OF_A_FILE = b'"file":{'
"""In the events of files only; inside a text the quotes are escaped."""


def file_events(site_folder: Path, shown: Callable[[bytes], bytes] = bytes) -> Iterator[dict[str, Any]]:
    """Every event of an attachment or a picture, oldest first; `shown`: what is read of its line. Raises ArchiveDamaged."""
    for month in months(site_folder, "events"):
        for offset, raw in month.lines():
            if OF_A_FILE in raw:
                try:
                    yield json.loads(shown(raw))
                except (ValueError, RecursionError) as problem:
                    message = f"{month.path}, byte {offset}: no event ({problem}). See what is damaged: archiver verify"
                    raise ArchiveDamaged(message) from problem


def bytes_of(site_folder: Path, warc: str, offset: int) -> bytes:
    """The file whose capture stands there, without content coding. Raises ArchiveDamaged, BadPage."""
    for found in stored(path_of(site_folder, warc), offset):
        body = found.exchange.body
        return codings.decode(body, found.exchange.header("Content-Encoding") or "", limit=_LARGEST)
    message = f"{warc}, byte {offset}: the capture cannot be read. See what is damaged: archiver verify"
    raise ArchiveDamaged(message)


_LARGEST = 1 << 40
"""What was kept was within the limits of its run."""
