"""Lines in their places: those of the article become tombstones, those of others lose what they tell of it.

A line is replaced by one of the same length, spaces before its newline: every place in the month stays. The month is
written anew beside itself and then takes its name, sealed months too, so that at any moment one of both is whole.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from archiver.store.emptied import padded
from archiver.store.jsonl import value_of
from archiver.store.months import members_of
from archiver.store.sealing import write_whole
from archiver.store.takedowns import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from archiver.store.months import Month

    Changing = Callable[[Mapping[str, Any]], str | None]
    """What becomes of a line's value; None: it stays as it is."""

_PIECE = 1 << 20


def without_related(line: Mapping[str, Any], addresses: frozenset[str]) -> str | None:
    """Another article's line without the items of `related` that lead to one of these addresses, given as digests;
    None: it has none.
    """
    stay = [item for item in line["related"] if digest(item["url"]) not in addresses]
    return None if len(stay) == len(line["related"]) else _line({**line, "related": stay})


def rewrite(month: Month, change: Changing) -> int:
    """How many lines of the month `change` has made another line of; None leaves a line as it is.

    The month is on the disk under its name. Raises ArchiveDamaged, DiskTrouble.
    """
    changed = sum(new != raw for raw, new in _lines(month, change))
    if not changed:
        return 0
    lines = (new for _, new in _lines(month, change))
    write_whole(month.path, members_of(lines) if month.is_sealed else _pieces(lines))
    return changed


def digests(month: Month, change: Changing) -> tuple[str, str] | None:
    """SHA-256 of a sealed month as it is, and as rewrite() will leave it; None: nothing in it changes."""
    if not any(new != raw for raw, new in _lines(month, change)):
        return None
    after = hashlib.sha256()
    for piece in members_of(new for _, new in _lines(month, change)):
        after.update(piece)
    with month.path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), after.hexdigest()


def _lines(month: Month, change: Changing) -> Iterator[tuple[bytes, bytes]]:
    """Every line, and what becomes of it."""
    for offset, raw in month.lines():
        new = change(value_of(raw, f"{month.path}, byte {offset}"))
        yield raw, raw if new is None else padded(new, len(raw))


def _pieces(lines: Iterable[bytes]) -> Iterator[bytes]:
    waiting, size = [], 0
    for raw in lines:
        waiting.append(raw)
        size += len(raw)
        if size >= _PIECE:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"
