"""Which attachments and pictures are kept, and whose of the lines that name them were looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.store.ledger import Place, fingerprint

if TYPE_CHECKING:
    from archiver.store.ledger import Ledger

_PUT = """INSERT INTO attached VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET
    at = max(at, excluded.at), file = excluded.file, offset = excluded.offset"""
_GET = "SELECT at, name, offset FROM attached CROSS JOIN file ON file.number = attached.file WHERE key = ?"
_TAKE_UP = "INSERT INTO taken_up VALUES (?, ?) ON CONFLICT DO UPDATE SET bytes = excluded.bytes"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is in the archive."""

    at: int
    """When the site was last known to give these bytes, Unix time."""
    place: Place
    """Of the record with the bytes."""


def key_of(url: str) -> str:
    """The key of the file's task; `url` is the address as the article's line has it."""
    return f"file {url}"


class Attached:
    """Kept in the ledger, and committed with it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def put(self, url: str, kept: Kept) -> None:
        """The file is kept there."""
        place = self._ledger.file_number(kept.place.file), kept.place.offset
        self._ledger.write(_PUT, fingerprint(key_of(url)), kept.at, *place)

    def get(self, url: str) -> Kept | None:
        """Where the file is kept; None: it is not."""
        row = self._ledger.row(_GET, fingerprint(key_of(url)))
        return Kept(row[0], Place(*row[1:])) if row else None

    def taken_up(self, month: str) -> int:
        """How many bytes of a month's lines were looked at for the files that they name."""
        row = self._ledger.row("SELECT bytes FROM taken_up WHERE month = ?", month)
        return int(row[0]) if row else 0

    def take_up(self, month: str, size: int) -> None:
        """So many are looked at now."""
        self._ledger.write(_TAKE_UP, month, size)
