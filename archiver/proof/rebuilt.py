"""What a rebuild of a site's lines found, and wrote."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archiver.article import content_hash
from archiver.errors import ArchiveDamaged
from archiver.proof.readings import readings
from archiver.schema import article_in
from archiver.site import rules_digest
from archiver.store.articles import KIND
from archiver.store.captures import capture_files, is_of_probe, serial_of
from archiver.store.event import SET_ASIDE
from archiver.store.jsonl import values
from archiver.store.lacking import lacking
from archiver.store.ledger import Place
from archiver.store.manifest import Manifest
from archiver.store.months import months
from archiver.store.takedowns import erased_records
from archiver.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any

    from archiver.article import Article
    from archiver.proof.readings import Reading

DIFFERENCES_KEPT = 20

Lines = dict[str, list[Place]]
"""WARC-Record-ID to the lines that come of the capture, in order."""
Unproved = tuple[int, int, Place]
"""A line whose capture is not there: the number of its capture file, the offset in it, and where the line stands."""


@dataclass(kw_only=True)
class Rebuilt:
    """What a rebuild of one site found, and wrote."""

    captures: int = 0
    identical: int = 0
    """Lines of this build's rules that come out the same, byte by byte."""
    same_content: int = 0
    """Lines of other rules whose content comes out the same."""
    other_content: int = 0
    """Lines of other rules whose content these rules read otherwise; where it is the last of its article, a rebuild adds
    a revision with the cause `reparse`."""
    taken_down: int = 0
    """Lines of articles that were taken down, and have no text any more."""
    unproved: int = 0
    """Lines of other articles whose captures were erased with a takedown: nothing proves them."""
    lacking: int = 0
    """Lines whose captures an import did not bring: nothing here proves them."""
    written: int = 0
    reparsed: int = 0
    """Of those written."""
    differing: int = 0
    differences: list[str] = field(default_factory=list)
    """The first of them: where, and what differs."""

    def differ(self, what: str) -> None:
        """Notes a difference that nothing explains."""
        self.differing += 1
        if self.differing <= DIFFERENCES_KEPT:
            self.differences.append(what)


class Contents:
    """What the captures so far say of each article, all read by the same rules."""

    def __init__(self) -> None:
        self._last: dict[str, str] = {}

    def are_new(self, article: Article) -> bool:
        """Whether the content differs from that of the capture before."""
        content = content_hash(article)
        is_new = self._last.get(article.id) != content
        self._last[article.id] = content
        return is_new


def counted(folder: Path, found: Rebuilt, passed: Callable[[int], object]) -> Iterator[Reading]:
    """The readings of a site's captures, each counted and told to `passed`."""
    for reading in readings(folder):
        found.captures += 1
        passed(1)
        yield reading


def is_of_todays_rules(line: dict[str, Any]) -> bool:
    """Whether these rules, and no earlier or later ones, made the line."""
    extractor = line["extractor"]
    return bool((extractor["rules_digest"], extractor["version"]) == (rules_digest(), __version__))


def articles_in(folder: Path) -> Iterator[dict[str, Any]]:
    """Every line of a site's articles. Raises ArchiveDamaged where one is none."""
    for month in months(folder, KIND):
        for offset, raw in month.lines():
            yield article_in(raw, f"{month.path}, byte {offset}")


def lines_by_capture(folder: Path, found: Rebuilt) -> tuple[Lines, list[Unproved]]:
    """Where the lines of each capture stand, and in the order of their captures those that no capture can prove.

    Tombstones are left out and counted; what is no line of an article differs. Raises ArchiveDamaged.
    """
    places: Lines = defaultdict(list)
    unproved: list[Unproved] = []
    never_came, erased = lacking(folder), erased_records(folder)
    for month in months(folder, KIND):
        for offset, raw in month.lines():
            try:
                line = article_in(raw, f"{month.name}, byte {offset}")
            except ArchiveDamaged as damage:
                found.differ(str(damage))
                continue
            place, capture = Place(month.name, offset), line["capture"]
            if line["status"] == "tombstone":
                found.taken_down += 1
            elif capture is None:
                found.differ(f"{month.name}, byte {offset}: {line['id']}: it names no capture")
            elif capture["record_id"] in erased or capture["warc"] in never_came:
                found.unproved += capture["record_id"] in erased
                found.lacking += capture["record_id"] not in erased
                unproved.append((serial_of(capture["warc"]), capture["offset"], place))
            else:
                places[capture["record_id"]].append(place)
    return places, sorted(unproved, key=lambda each: each[:2])


def set_aside(folder: Path) -> set[str]:
    """The captures of which a crawl has made no line on purpose, by WARC-Record-ID."""
    return {
        event["record_id"]
        for month in months(folder, "events")
        for _, event in values(month)
        if event.get("reason") in SET_ASIDE and event.get("record_id")
    }


def count_captures(folder: Path) -> int:
    """How many captures a rebuild reads of the closed files of a site's folder, by its manifest."""
    present = {name for name in capture_files(folder) if not is_of_probe(folder, name)}
    return sum(line.captures or 0 for file, line in Manifest(folder).standing().items() if file in present)
