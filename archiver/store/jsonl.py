"""JSON Lines: whole lines in, whole lines out, what is torn moved aside."""

from __future__ import annotations

import itertools
import json
import logging
import os
from typing import TYPE_CHECKING, Any

from archiver.errors import ArchiveDamaged
from archiver.store import disk, months

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archiver.store.ledger import Place

_TAIL_BYTES = 65_536

logger = logging.getLogger(__name__)


def lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Offset and value of each line of `path`. Raises ArchiveDamaged, naming file and line, where one is no JSON object."""
    offset = 0
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            yield offset, value_of(raw, f"{path}, line {number}")
            offset += len(raw)


def values(month: months.Month) -> Iterator[tuple[int, dict[str, Any]]]:
    """Offset and value of each whole line of a month, open or sealed. Raises ArchiveDamaged, naming file and place."""
    for offset, raw in month.lines():
        yield offset, value_of(raw, f"{month.path}, byte {offset}")


def line_at(site_folder: Path, place: Place) -> dict[str, Any]:
    """The value of the line at `place`, its month open or sealed. Raises ArchiveDamaged."""
    return value_of(months.line_at(site_folder, place), f"{site_folder / place.file}, byte {place.offset}")


def whole_bytes(path: Path) -> int:
    """How many bytes of `path` are whole lines."""
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        while end:
            start = max(0, end - _TAIL_BYTES)
            file.seek(start)
            newline = file.read(end - start).rfind(b"\n")
            if newline >= 0:
                return start + newline + 1
            end = start
    return 0


def move_aside(path: Path, size: int) -> None:
    """`path` ends at `size` bytes; what was behind stands in NAME.torn-N beside it. Raises DiskTrouble."""
    shown = path.name.removesuffix(".open")
    aside = torn_name(path.with_name(shown))
    try:
        with path.open("rb") as file:
            file.seek(size)
            rest = file.read()
        kept = disk.append_to(aside)
        disk.write(kept, rest)
        disk.sync(kept)
        os.close(kept)
        descriptor = disk.append_to(path)
        disk.cut(descriptor, size)
        disk.sync(descriptor)
        os.close(descriptor)
    except OSError as error:
        raise disk.trouble(path, error) from error
    logger.warning("%s: the last %d bytes were not finished; moved to %s", path, len(rest), aside.name)


def torn_name(path: Path) -> Path:
    """The first name of the form NAME.torn-N beside `path` that no file has."""
    return next(
        aside for number in itertools.count(1) if not (aside := path.with_name(f"{path.name}.torn-{number}")).exists()
    )


def value_of(raw: bytes, place: str) -> dict[str, Any]:
    """The JSON object in a line. Raises ArchiveDamaged, naming `place`."""
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as problem:
        message = f"{place}: no JSON ({problem}). See what is damaged: archiver verify"
        raise ArchiveDamaged(message) from problem
    if not isinstance(value, dict):
        message = f"{place}: no JSON object. See what is damaged: archiver verify"
        raise ArchiveDamaged(message)
    return value
