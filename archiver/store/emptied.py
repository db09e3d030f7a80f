"""Lines of articles that were taken down: without their texts, as long as they were, and hidden where they still have them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from archiver.article import Change, Extractor, jsonable
from archiver.store.takedowns import taken_down
from archiver.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from archiver.store.takedowns import Level

_ID = re.compile(rb'"id":"([^"\\]+)"')

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

    Each line keeps its length. What `hide` has left in the files is hidden here. Raises ArchiveDamaged.
    """
    hidden = {id_.encode() for id_ in taken_down(site_folder)}

    def of(raw: bytes) -> bytes:
        found = _ID.search(raw) if hidden else None
        if found is None or found[1] not in hidden:
            return raw
        try:
            line = json.loads(raw)
            return raw if line["change"]["cause"] == "takedown" else padded(emptied_line(line), len(raw))
        except (ValueError, KeyError, TypeError, RecursionError):
            return padded("{}", len(raw))  # damaged, and its texts are not to be seen

    return of


def _emptied(line: Mapping[str, Any]) -> dict[str, Any]:
    return {name: line[name] if name in _STAYS else _EMPTY.get(name) for name in line}


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"
