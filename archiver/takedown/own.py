"""The captures that are an article's own: its pages and views, what redirected to them, and its pictures and files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from archiver.article import jsonable
from archiver.errors import Rejected
from archiver.site.absence import key
from archiver.site.reading import article_of
from archiver.store.captures import path_of
from archiver.store.ledger import fingerprint
from archiver.store.warc import stored
from archiver.takedown.kept import Kept, kept
from archiver.takedown.workers import over_files, site_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from archiver.site import Site

_ROUNDS = 4
"""What is read in the captures may name further addresses; so often the files are gone through."""


@dataclass(frozen=True, slots=True)
class Marks:
    """By what an article's captures are known."""

    id: str
    addresses: frozenset[str]
    """As they were fetched or named."""
    keys: frozenset[bytes]
    """Fingerprints of what it is asked for by."""
    record_ids: frozenset[str]
    """Of the captures that its lines name."""
    media: frozenset[str] = frozenset()
    """Addresses of pictures and files that no other article has."""

    def are_on(self, site: Site, url: str) -> bool:
        """Whether the address is the article's."""
        asked = key(site, url)
        return asked == self.id or url in self.addresses or url in self.media or fingerprint(asked) in self.keys


@dataclass(frozen=True, slots=True)
class Own:
    """One exchange of the article."""

    kept: Kept
    """Without the body."""
    is_at_its_address: bool
    """Whether the address is the article's, and not only what led there."""
    line: Mapping[str, Any] | None
    """What the rules read in it, in the form of a line; None: no article."""


def own_captures(
    folder: Path, marks: Marks, others: frozenset[str], passed: Callable[[int], object]
) -> tuple[list[Own], Marks]:
    """Them, in their order, and all the marks that they have. `others`: addresses of other articles, and of their media.

    Raises ArchiveDamaged.
    """
    found: list[Own] = []
    for _ in range(_ROUNDS):
        found = [*over_files(folder, _found, marks, passed)]
        read = with_addresses(marks, [own.line for own in found if own.line is not None], others)
        via = frozenset(url for own in found if own.is_at_its_address for url in own.kept.addresses) - others
        read = replace(read, addresses=read.addresses | via)
        if read == marks:
            break
        marks = read
    return found, marks


def is_read_as(folder: Path, each: Kept, marks: Marks) -> bool:
    """Whether the rules read the article in a capture at an address that does not tell of it."""
    return _line(folder, site_of(folder, each.file), each, marks.id) is not None


def with_addresses(marks: Marks, lines: Iterable[Mapping[str, Any]], others: frozenset[str]) -> Marks:
    """The marks, and those that are read in lines of the article; no address that another has too."""
    addresses, media = set(marks.addresses), set(marks.media)
    for line in lines:
        addresses.update(url for url in (line["url"], line["canonical_url"], *line["aliases"]) if url)
        media.update(each["url"] for each in (*line["images"], *line["attachments"]))
    return replace(marks, addresses=frozenset(addresses) - others, media=frozenset(media) - others)


def _found(given: tuple[Path, str, Marks]) -> list[Own]:
    return [*_own_of(*given)]


def _own_of(folder: Path, file: str, marks: Marks) -> Iterator[Own]:
    site = site_of(folder, file)
    for each in kept(folder, file):
        is_named = each.named_as in marks.media
        is_at_its_address = is_named or each.record_id in marks.record_ids or marks.are_on(site, each.url)
        if is_at_its_address or any(marks.are_on(site, url) for url in each.via):
            yield Own(replace(each, body=b""), is_at_its_address, _line(folder, site, each, marks.id))


def _line(folder: Path, site: Site, each: Kept, id_: str) -> Mapping[str, Any] | None:
    """What the rules read in the capture, where that is the article."""
    if each.is_revisit or each.status != 200:
        return None
    capture = next(stored(path_of(folder, each.file), each.records[0].offset))
    try:
        article = article_of(site, capture.exchange, capture.capture(each.file))
    except Rejected:
        return None
    read: Mapping[str, Any] = jsonable(article)
    return read if article.id == id_ else None
