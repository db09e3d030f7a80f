"""The articles again from the captures, compared with the lines that are there; nothing is written."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.article import content_hash, to_line
from archiver.proof.rebuilt import (
    Contents,
    Rebuilt,
    counted,
    is_of_todays_rules,
    lines_by_capture,
    set_aside,
)  # fmt: skip
from archiver.proof.settling import Settling
from archiver.site import rules_digest
from archiver.store import months
from archiver.store.archive import hold_to_read
from archiver.store.articles import known, line_of_absence
from archiver.store.captures import serial_of
from archiver.store.jsonl import line_at
from archiver.store.ledger import Ledger, Place
from archiver.store.revisions import Flapping, first_revision, next_revision, says_nothing_new
from archiver.store.takedowns import taken_contents, taken_down

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from archiver.article import Article
    from archiver.proof.readings import Reading
    from archiver.store.ledger import Known
    from archiver.store.withdrawals import Absence

_IN_MEMORY = Path(":memory:")


def check(folder: Path, *, passed: Callable[[int], object]) -> Rebuilt:
    """What a rebuild of a site's folder would find; nothing is written. `passed` is told of captures read.

    Raises ArchiveBusy, ArchiveDamaged.
    """
    with hold_to_read(folder):
        ledger = Ledger(_IN_MEMORY)
        try:
            return _Checking(folder, ledger).all(passed)
        finally:
            ledger.close()


class _Checking:
    """The lines of a site, compared one after the other; `ledger` knows those that were compared."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        self._folder = folder
        self._ledger = ledger
        self._settling = Settling(ledger)
        self._found = Rebuilt()
        self._written, unproved = lines_by_capture(folder, self._found)
        self._unproved = deque(unproved)
        self._taken_down = taken_down(folder)
        self._taken_contents = taken_contents(folder)
        self._set_aside = set_aside(folder)
        self._contents = Contents()

    def all(self, passed: Callable[[int], object]) -> Rebuilt:
        for reading in counted(self._folder, self._found, passed):
            for _ in self._settling.gone_before(reading.run):
                pass  # the lines of those that are gone were compared with their captures
            self._read(reading)
        for places in self._written.values():
            for place in places:
                self._found.differ(f"{place.file}, byte {place.offset}: its capture is in no capture file")
        return self._found

    def _read(self, reading: Reading) -> None:
        self._pass_unproved(reading)
        absence = self._settling.learn(reading)
        places = self._written.pop(reading.capture.record_id, [])
        article = reading.article
        is_lost = False
        if article is not None and not self._is_left_out(article, reading):
            state = self._ledger.article(article.id)
            is_back = state is not None and state.status == "gone"
            is_lost = self._contents.are_new(article) or is_back
            is_lost = is_lost and not places and self._numbered(article, state) is not None
        for place in places:
            self._compare(reading, absence, place)
        if is_lost:
            self._found.differ(f"{reading.capture.warc}, byte {reading.capture.offset}: {reading.url} has no line")

    def _is_left_out(self, article: Article, reading: Reading) -> bool:
        """Whether a crawl has made no line of it on purpose."""
        is_taken = article.id in self._taken_down or content_hash(article) in self._taken_contents
        return is_taken or reading.capture.record_id in self._set_aside

    def _pass_unproved(self, reading: Reading) -> None:
        """What the lines say whose captures stood before this one and are not here is taken as it is."""
        here = serial_of(reading.capture.warc), reading.capture.offset
        while self._unproved and self._unproved[0][:2] < here:
            *_, place = self._unproved.popleft()
            line = line_at(self._folder, place)
            self._ledger.put_article(line["id"], known(line, place, self._ledger.article(line["id"])))

    def _compare(self, reading: Reading, absence: Absence | None, place: Place) -> None:
        """Counts one line by what its capture gives; the line becomes the state of its article."""
        raw = months.line_at(self._folder, place)
        line, where = json.loads(raw), f"{place.file}, byte {place.offset}"
        state = self._ledger.article(line["id"])
        self._ledger.put_article(line["id"], known(line, place, state))
        if not is_of_todays_rules(line):
            is_same = _is_read_alike(line, reading, absence)
            self._found.same_content += is_same
            self._found.other_content += not is_same
            return
        expected = self._expected(line, reading, absence, state)
        if expected is None and reading.article is None:
            self._found.differ(f"{where}: {line['id']}: its capture gives no article ({reading.reason})")
        elif expected is not None and expected.encode() == raw:
            self._found.identical += 1
        else:
            difference = _first_difference(line, json.loads(expected) if expected else None)
            self._found.differ(f"{where}: {line['id']}: {difference}")

    def _expected(
        self, line: dict[str, Any], reading: Reading, absence: Absence | None, state: Known | None
    ) -> str | None:
        """The line that the capture gives; None: none."""
        if line["status"] == "gone":
            return self._expected_of_absence(absence, state)
        if reading.article is None:
            return None
        revision = self._numbered(reading.article, state)
        if revision is not None and line["change"]["cause"] == "reparse":
            revision = replace(revision, change=replace(revision.change, cause="reparse"))
        return to_line(revision) if revision is not None else None

    def _expected_of_absence(self, absence: Absence | None, state: Known | None) -> str | None:
        if absence is None or state is None:
            return None
        last_line = line_at(self._folder, state.place)
        return line_of_absence(self._folder, last_line, absence, rules_digest())

    def _numbered(self, article: Article, state: Known | None) -> Article | None:
        """`article` as the line after `state`; None: it says nothing new."""
        if state is None:
            return first_revision(article)
        if says_nothing_new(article, state):
            return None
        try:
            return next_revision(article, state, line_at(self._folder, state.place))
        except Flapping:
            return None


def _is_read_alike(line: dict[str, Any], reading: Reading, absence: Absence | None) -> bool:
    """Whether today's rules find in the capture what the line says."""
    if line["status"] == "gone":
        return absence is not None
    return reading.article is not None and content_hash(reading.article) == line["revision_id"]


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
