"""The articles again from the captures: what is written is compared, what is missing is written."""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from archiver.article import content_hash, to_line
from archiver.proof.readings import readings
from archiver.site import rules_digest
from archiver.store.archive import LEDGER, hold
from archiver.store.articles import ArticleLines, article_lines, known
from archiver.store.captures import capture_files
from archiver.store.jsonl import line_at, lines
from archiver.store.ledger import Ledger
from archiver.store.manifest import Manifest
from archiver.store.recovery import close_captures, mend_lines, relearn
from archiver.store.revisions import first_revision, next_revision
from archiver.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any

    from archiver.article import Article
    from archiver.proof.readings import Reading
    from archiver.store.ledger import Known, Place

DIFFERENCES_KEPT = 20

LINES_A_COMMIT = 1_000

SET_ASIDE = ("before_since", "after_until")
"""Reasons for which a crawl has fetched an article and written no line, on purpose."""

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


def check(folder: Path, *, passed: Callable[[int], object]) -> Rebuilt:
    """What a rebuild of a site's folder would find; nothing is written. `passed` is told of captures read.

    Raises ArchiveBusy, ArchiveDamaged.
    """
    found = Rebuilt()
    with hold(folder):
        written, set_aside = _lines_of(folder), _set_aside(folder)
        states: dict[str, Known] = {}
        contents = _Contents()
        for reading in _counted(folder, found, passed):
            places = written.pop(reading.capture.record_id, [])
            for place in places:
                _compare(folder, reading, place, states, found)
            if reading.article is None or reading.capture.record_id in set_aside:
                continue
            if contents.are_new(reading.article) and not places:
                found.differ(f"{reading.capture.warc}, byte {reading.capture.offset}: {reading.url} has no line")
        for places in written.values():
            for place in places:
                found.differ(f"{place.file}, byte {place.offset}: its capture is in no capture file")
    return found


def rebuild(folder: Path, *, passed: Callable[[int], object]) -> Rebuilt:
    """Adds the lines that are missing in a site's folder, and a revision where these rules read an article otherwise.

    Lines that are there are never touched. An article whose last line is there gets nothing before that line.
    Raises ArchiveBusy, ArchiveDamaged, DiskTrouble.
    """
    found = Rebuilt()
    with _ledger(folder) as ledger:
        articles = ArticleLines(folder, ledger)
        last = {
            line["id"]: {name: line[name] for name in ("revision", "capture", "extractor")}
            for _, line in article_lines(folder)
        }
        set_aside, contents = _set_aside(folder), _Contents()
        for reading in _counted(folder, found, passed):
            article, record_id = reading.article, reading.capture.record_id
            if article is None or record_id in set_aside:
                continue
            is_new = contents.are_new(article)
            if article.id in last and last[article.id]["capture"]["record_id"] == record_id:
                line = last.pop(article.id)
                revision = _reparsed(folder, article, ledger.article(article.id))
                if revision is not None and _is_of_todays_rules(line):
                    found.differ(
                        f"{article.id}: revision {line['revision']} is not what these rules read in its capture"
                    )
                    revision = None
                found.reparsed += revision is not None
            else:
                revision = articles.numbered(article) if is_new and article.id not in last else None
            if revision is not None:
                articles.append(revision)
                found.written += 1
                if found.written % LINES_A_COMMIT == 0:
                    _commit(articles, ledger)
        _commit(articles, ledger)
        articles.close()
    return found


class _Contents:
    """What the captures so far say of each article, all read by the same rules."""

    def __init__(self) -> None:
        self._last: dict[str, str] = {}

    def are_new(self, article: Article) -> bool:
        """Whether the content differs from that of the capture before."""
        content = content_hash(article)
        is_new = self._last.get(article.id) != content
        self._last[article.id] = content
        return is_new


def _compare(folder: Path, reading: Reading, place: Place, states: dict[str, Known], found: Rebuilt) -> None:
    """Counts one line by what its capture gives; the line becomes the state of its article."""
    with (folder / place.file).open("rb") as file:
        file.seek(place.offset)
        raw = file.readline()
    line, where = json.loads(raw), f"{place.file}, byte {place.offset}"
    state = states.get(line["id"])
    states[line["id"]] = known(line, place)
    article = reading.article
    if not _is_of_todays_rules(line):
        is_same = article is not None and content_hash(article) == line["revision_id"]
        found.same_content += is_same
        found.other_content += not is_same
        return
    if article is None:
        found.differ(f"{where}: {line['id']}: its capture gives no article ({reading.reason})")
        return
    reparse = line["change"]["cause"] == "reparse"
    expected = _reparsed(folder, article, state) if reparse else _numbered(folder, article, state)
    made = to_line(expected).encode() if expected is not None else b""
    if made == raw:
        found.identical += 1
    else:
        found.differ(f"{where}: {line['id']}: {_first_difference(line, json.loads(made) if made else None)}")


def _is_of_todays_rules(line: dict[str, Any]) -> bool:
    extractor = line["extractor"]
    return bool((extractor["rules_digest"], extractor["version"]) == (rules_digest(), __version__))


def _numbered(folder: Path, article: Article, state: Known | None) -> Article | None:
    """`article` as the line after `state`; None: it says nothing new."""
    if state is None:
        return first_revision(article)
    if content_hash(article) == state.revision_id:
        return None
    return next_revision(article, state, line_at(folder / state.place.file, state.place.offset))


def _reparsed(folder: Path, article: Article, state: Known | None) -> Article | None:
    """The capture of the last line read by these rules; None: they read the same."""
    revision = _numbered(folder, article, state)
    return replace(revision, change=replace(revision.change, cause="reparse")) if revision is not None else None


def _first_difference(line: dict[str, Any], made: dict[str, Any] | None) -> str:
    if made is None:
        return "its capture says nothing new"
    for name, value in line.items():
        if made.get(name) != value:
            return f"{name} is {_short(value)}, and {_short(made.get(name))} by its capture"
    return "the same values, written otherwise"


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:77] + "..."


def _counted(folder: Path, found: Rebuilt, passed: Callable[[int], object]) -> Iterator[Reading]:
    for reading in readings(folder):
        found.captures += 1
        passed(1)
        yield reading


def _lines_of(folder: Path) -> Lines:
    found: Lines = defaultdict(list)
    for place, line in article_lines(folder):
        found[line["capture"]["record_id"]].append(place)
    return found


def _set_aside(folder: Path) -> set[str]:
    """The captures of which a crawl has made no line on purpose."""
    return {
        event["record_id"]
        for path in sorted((folder / "events").glob("*/*.jsonl"))
        for _, event in lines(path)
        if event["reason"] in SET_ASIDE and event["record_id"]
    }


def _commit(articles: ArticleLines, ledger: Ledger) -> None:
    for name, state in articles.flush().items():
        ledger.put_file(name, state)
    ledger.commit()


@contextmanager
def _ledger(folder: Path) -> Iterator[Ledger]:
    """The ledger of a held folder, in agreement with the lines that are there."""
    with hold(folder):
        close_captures(folder, Manifest(folder))
        mend_lines(folder)
        ledger = Ledger(folder / LEDGER)
        try:
            relearn(folder, ledger)
            yield ledger
        finally:
            ledger.close()


def count_captures(folder: Path) -> int:
    """How many captures the closed files of a site's folder hold, by its manifest."""
    present = set(capture_files(folder))
    return sum(sealed.captures for sealed in Manifest(folder).sealed() if sealed.file in present)
