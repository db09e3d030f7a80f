"""Where other pages show something of an article: listings, newest items, related items, feeds, load-more answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import unescape
from typing import TYPE_CHECKING

from archiver.takedown.kept import Kept, kept
from archiver.takedown.passages import as_read, path_of
from archiver.takedown.readable import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from archiver.takedown.passages import Kind, Passage

_ROOT = "/"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for."""

    telling: frozenset[Passage]
    """Texts that no other article has: wherever one stands, something of the article is shown."""
    common: frozenset[Passage]
    """Texts that others have too: they tell of the article only where a link leads to it."""
    links: frozenset[str]
    """Paths and queries of its addresses."""
    own: frozenset[str]
    """WARC-Record-ID of its own captures."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A capture of another page that shows something of the article."""

    kept: Kept
    """Without the body."""
    kinds: tuple[Kind, ...]
    """What it shows."""


@dataclass(frozen=True, slots=True)
class Again:
    """A capture that has its payload from another one."""

    file: str
    begins: int
    refers_to: str
    """WARC-Record-ID."""


def finds(given: tuple[Path, str, Wanted]) -> list[Shown | Again]:
    """What one capture file shows, and which of its captures refer to others. Raises ArchiveDamaged."""
    folder, file, wanted = given
    return [*_finds(kept(folder, file), Finder(wanted), wanted.own)]


def _finds(some: Iterable[Kept], finder: Finder, own: frozenset[str]) -> Iterator[Shown | Again]:
    for each in some:
        if each.is_revisit:
            yield Again(each.file, each.records[0].offset, each.refers_to)
        if each.record_id in own:
            continue
        kinds = finder.kinds_in(each)
        if kinds:
            yield Shown(replace(each, body=b""), kinds)


class Finder:
    """Looks for the same in one text after another."""

    def __init__(self, wanted: Wanted) -> None:
        self._telling = [each for each in wanted.telling if each.kind != "address"]
        self._common = [each for each in wanted.common if each.kind != "address"]
        self._speaking = _any_of(each.key for each in wanted.telling if each.kind == "address")
        self._links = _any_of(wanted.links)

    def kinds_in(self, each: Kept) -> tuple[Kind, ...]:
        """What an exchange shows: its body, its heads, the request too."""
        heads = (each.asked + each.head).decode(errors="replace")
        text = text_of(each.head, each.body, datetime.now(UTC)) if each.body else ""
        return self.kinds(f"{each.url}\n{heads}\n{text}")

    def kinds(self, text: str) -> tuple[Kind, ...]:
        """What a text shows."""
        plain, read = unescape(text).replace("\\/", "/"), as_read(text)
        found = {each.kind for each in self._telling if each.key in read}
        if self._speaking.search(plain):
            found.add("address")
        if not found and self._common and self._links.search(plain):
            found = {each.kind for each in self._common if each.key in read}
        return tuple(sorted(found))

    def links_in(self, text: str) -> bool:
        """Whether a text holds an address of the article."""
        return self._links.search(unescape(text).replace("\\/", "/")) is not None


def links_of(addresses: Iterable[str]) -> frozenset[str]:
    """The paths and queries by which links to these addresses are known."""
    return frozenset(path for url in addresses if (path := path_of(url)) not in ("", _ROOT))


def _any_of(paths: Iterable[str]) -> re.Pattern[str]:
    """Finds any of them, not as the beginning of a longer one; nothing where there are none."""
    known = sorted(set(paths), key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(map(re.escape, known))})(?![\\w%=&?/-])" if known else r"(?!)")
