"""What the ledger, the caches and moved-aside files keep of an article, and how it leaves them."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from archiver.store import disk
from archiver.store.exchange import parted
from archiver.store.ledger import Place, fingerprint
from archiver.store.takedowns import digest
from archiver.takedown.erasing import fill_with_zeros
from archiver.takedown.readable import text_of, torn_members

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from archiver.store.ledger import Ledger
    from archiver.store.takedowns import Takedown
    from archiver.takedown.shown import Finder

CACHE = "cache"
CANDIDATES = "candidates"


def forget_in_ledger(ledger: Ledger, takedown: Takedown) -> None:
    """The ledger knows by what the article is asked for, and plans nothing for it; not committed."""
    for key in takedown.keys:
        ledger.put_alias_of(bytes.fromhex(key), takedown.id)
    ledger.write("DELETE FROM visit WHERE id = ?", takedown.id)
    ledger.write("DELETE FROM missing WHERE id = ?", takedown.id)


def erase_in_ledger(ledger: Ledger, takedown: Takedown) -> None:
    """No address of the article and no place of its payloads is left in the ledger, nor in the pages of its file.

    It is committed. Raises DiskTrouble.
    """
    known = frozenset(takedown.addresses)
    keys = {bytes.fromhex(key) for key in takedown.keys} | {fingerprint(takedown.id)}
    numbers = {number for (number,) in _of_keys(ledger, keys)}
    numbers |= {number for number, url in ledger.rows("SELECT number, url FROM task") if digest(url) in known}
    for number in numbers:
        ledger.write("DELETE FROM task WHERE number = ?", number)
        ledger.write("DELETE FROM address WHERE task = ?", number)
    for file, records in takedown.records.items():
        for record in records:
            ledger.forget_original(Place(file, record.offset))
    ledger.commit()
    ledger.compact()


def clear_caches(folder: Path) -> None:
    """What can be made again from the files is made again without the article. Raises DiskTrouble."""
    try:
        if (folder / CACHE).exists():
            shutil.rmtree(folder / CACHE)
            disk.sync_folder(folder)
    except OSError as error:
        raise disk.trouble(folder / CACHE, error) from error


def moved_aside(folder: Path, below: str, finder: Finder, id_: str) -> Iterator[Path]:
    """The files below `below` that a run or a repair has moved aside, and the pages that a probe has put by for tests, which
    hold something of the article, or cannot be read.
    """
    put_by = (folder / CANDIDATES).rglob("*")
    for path in sorted({*(folder / below).rglob("*.torn-*"), *put_by}):
        if path.is_file() and _holds(path, finder, id_):
            yield path


def empty_moved_aside(folder: Path, names: Collection[str]) -> None:
    """Fills these files with zeros. Raises ArchiveDamaged, DiskTrouble."""
    for name in names:
        if (folder / name).exists():
            fill_with_zeros(folder, name)


def _holds(path: Path, finder: Finder, id_: str) -> bool:
    data = path.read_bytes()
    if not data.strip(b"\x00"):
        return False
    as_page = text_of(b"", data, datetime.now(UTC))
    if f'"id":"{id_}"'.encode() in data or _shows(finder, data.decode(errors="replace")) or _shows(finder, as_page):
        return True
    is_told = ".gz.torn-" not in path.name
    for member in torn_members(data):
        is_told = bool(member)
        if f'"id":"{id_}"'.encode() in member or _shows(finder, _text(member)):
            return True
    return not is_told


def _text(member: bytes) -> str:
    """A record's head and what can be read of its body."""
    head, rest = parted(member)
    http, body = parted(rest)
    shown = text_of(http, body, datetime.now(UTC)) if body else ""
    return f"{(head + http).decode(errors='replace')}\n{rest.decode(errors='replace')}\n{shown}"


def _shows(finder: Finder, text: str) -> bool:
    return bool(finder.kinds(text)) or finder.links_in(text)


def _of_keys(ledger: Ledger, keys: Collection[bytes]) -> Iterator[tuple[int]]:
    for key in keys:
        yield from ledger.rows("SELECT task FROM address WHERE key = ?", key)
