"""What a rebuild of a site's lines found, and wrote."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archiver.article import content_hash
from archiver.proof.readings import readings
from archiver.site import rules_digest
from archiver.store.articles import article_lines
from archiver.store.captures import capture_files, is_of_probe
from archiver.store.event import SET_ASIDE
from archiver.store.jsonl import values
from archiver.store.manifest import Manifest
from archiver.store.months import months
from archiver.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any

    from archiver.article import Article
    from archiver.proof.readings import Reading
    from archiver.store.ledger import Place

DIFFERENCES_KEPT = 20

Lines = dict[str, list["Place"]]
"""WARC-Record-ID to the lines that come of the capture, in order."""


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


def lines_by_capture(folder: Path) -> Lines:
    """Where the lines of each capture stand, tombstones left out."""
    found: Lines = defaultdict(list)
    for place, line in article_lines(folder):
        if line["status"] != "tombstone":
            found[line["capture"]["record_id"]].append(place)
    return found


def count_tombstones(folder: Path) -> int:
    """How many lines say that their article was taken down."""
    return sum(line["status"] == "tombstone" for _, line in article_lines(folder))


def set_aside(folder: Path) -> set[str]:
    """The captures of which a crawl has made no line on purpose, by WARC-Record-ID."""
    return {
        event["record_id"]
        for month in months(folder, "events")
        for _, event in values(month)
        if event["reason"] in SET_ASIDE and event["record_id"]
    }


def count_captures(folder: Path) -> int:
    """How many captures a rebuild reads of the closed files of a site's folder, by its manifest."""
    present = {name for name in capture_files(folder) if not is_of_probe(folder, name)}
    return sum(line.captures or 0 for file, line in Manifest(folder).standing().items() if file in present)
