"""Lines of articles that were taken down: without their texts, as long as they were, and hidden where they still have them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from archiver.article import Change, Extractor, jsonable
from archiver.store.takedowns import NAME, taken_down
from archiver.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from archiver.store.takedowns import Level

ID = re.compile(rb'"id":"([^"\\]+)"')
"""In the bytes of a line: inside a text the quotes are escaped."""

BAD_LINE = (ValueError, KeyError, TypeError, RecursionError)
"""What a line raises that is none of its kind."""
NOTHING = "{}"
"""What is shown of such a line: it is told and left out like any other that lacks its fields."""

_STAYS = (
    "schema_version", "id", "revision", "revision_id", "supersedes", "status", "change", "site", "language",
    "published_at", "published_precision", "modified_at", "first_seen_at", "fetched_at", "capture", "extractor",
)  # fmt: skip
_EMPTY: Mapping[str, Any] = {
    "url": "", "canonical_url": "", "aliases": [], "title": "", "lead": "", "published_raw": "", "body": "", "blocks": [],
    "images": [], "authors": [], "credit_line": "", "section": None, "categories": [], "tags": [], "attachments": [],
    "related": [], "comment_count": None, "comments": [], "quality": [],
}  # fmt: skip
"""What a tombstone does not tell."""


def tombstone_line(last_line: Mapping[str, Any], reason: str, level: Level, at: datetime) -> str:
    """The line that says that the article of `last_line` was taken down at `at`, with its newline; it is of no capture."""
    told = Extractor(version=__version__, found_by={"status": reason, "level": level})
    return _line(
        {
            **_emptied(last_line),
            "revision": last_line["revision"] + 1,
            "supersedes": last_line["revision_id"],
            "status": "tombstone",
            "change": jsonable(Change(cause="takedown")),
            "fetched_at": jsonable(at),
            "capture": None,
            "extractor": jsonable(told),
        }
    )


def emptied_line(line: Mapping[str, Any]) -> str:
    """An earlier line without its texts: what it was the revision of, when, and which capture it came of."""
    made = line["extractor"]
    extractor = Extractor(version=made["version"], rules_digest=made["rules_digest"])
    return _line({**_emptied(line), "status": "tombstone", "extractor": jsonable(extractor)})


def padded(line: str, length: int) -> bytes:
    """The line in `length` bytes, its newline included. Raises ValueError where it is longer."""
    raw = line.encode().removesuffix(b"\n")
    if len(raw) >= length:
        message = f"a line of {len(raw) + 1} bytes does not fit into {length}"
        raise ValueError(message)
    return raw.ljust(length - 1) + b"\n"


def shown(site_folder: Path) -> Callable[[bytes], bytes]:
    """What a reader is shown of a line, given its bytes: of an article that was taken down only that it was.

    Each line keeps its length. What `hide` has left in the files is hidden here, and what a takedown that was cut off has
    not come to; of a line of such an article that is damaged nothing is shown. Raises ArchiveDamaged.
    """
    hidden = {id_.encode() for id_ in taken_down(site_folder)}

    def of(raw: bytes) -> bytes:
        found = ID.search(raw) if hidden else None
        if found is None or found[1] not in hidden:
            return raw
        try:
            line = json.loads(raw)
            return raw if line["change"]["cause"] == "takedown" else padded(emptied_line(line), len(raw))
        except BAD_LINE:
            return padded(NOTHING, len(raw))

    return of


def lines_aside(site_folder: Path, kind: str) -> list[Path]:
    """The files of lines of a kind that a run or a repair has moved aside."""
    return sorted((site_folder / kind).glob("*/*.jsonl.torn-*"))


def is_emptied(raw: bytes) -> bool:
    """Whether a line tells no more than a tombstone; the torn end of one may."""
    try:
        line = json.loads(raw)
        return bool(line["change"]["cause"] == "takedown" or _emptied(line) == line)
    except BAD_LINE:
        return False


def seen(site_folder: Path) -> str:
    """Another word whenever a takedown was begun or done: by it a reader knows that what it was shown is still shown."""
    path = site_folder / NAME
    try:
        found = path.stat()
    except FileNotFoundError:
        return "-"
    return f"{found.st_size}-{found.st_mtime_ns}"


def _emptied(line: Mapping[str, Any]) -> dict[str, Any]:
    return {name: line[name] if name in _STAYS else _EMPTY.get(name) for name in line}


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"
