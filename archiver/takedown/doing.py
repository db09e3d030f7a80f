"""A takedown done: the intention first, then step after step; each step can be done again, so that a crash costs nothing.

What is written over in capture files comes first when a takedown is taken up again: what stands half written there would
be in the way of everything else.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from archiver.errors import ArchiveDamaged
from archiver.site.memory import SiteMemory
from archiver.store import takedowns
from archiver.store.archive import LEDGER
from archiver.store.articles import KIND, ArticleLines
from archiver.store.captures import capture_files
from archiver.store.emptied import emptied_line, tombstone_line
from archiver.store.ledger import Ledger
from archiver.store.manifest import Manifest
from archiver.store.months import months
from archiver.store.recovery import recover
from archiver.takedown.aside import empty_since
from archiver.takedown.erasing import digest_after, erase, list_anew
from archiver.takedown.forgetting import clear_caches, empty_moved_aside, erase_in_ledger, forget_in_ledger
from archiver.takedown.kept import kept
from archiver.takedown.lines import digests, rewrite, without_related
from archiver.takedown.mentions import Mentions, cut_out_of_reports
from archiver.takedown.workers import site_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from archiver.store.months import Month
    from archiver.store.takedowns import ErasedRecord, Takedown
    from archiver.takedown.lines import Changing
    from archiver.takedown.plan import Plan

logger = logging.getLogger(__name__)


def prepare(folder: Path) -> None:
    """Ends what an earlier takedown or run has left of a held folder. Raises ArchiveDamaged, DiskTrouble."""
    overwrite_again(folder)
    left = takedowns.unfinished(folder)
    with _recovered(folder) as ledger:
        for each in left:
            takedown = each
            if each.state == "met":
                takedown = _begin(folder, _with_whole_exchanges(folder, each))
                _erase_records(folder, takedown)
            _finish(folder, takedown, ledger)
            logger.warning("%s: what was left to do of its takedown is done", each.id)
        down = takedowns.taken_down(folder)
        for each in down.values():
            _put_tombstone(folder, each, ledger)
    empty_since(folder, down.values())


def overwrite_again(folder: Path) -> None:
    """Writes once more what a takedown that was cut off was writing into capture files: these are whole then.

    Raises DiskTrouble.
    """
    takedowns.mend(folder)
    for each in takedowns.unfinished(folder):
        if each.state == "begun":
            _erase_records(folder, each)


def do(folder: Path, plan: Plan) -> None:
    """Does what the plan says, in a folder that is held and was prepared. Raises ArchiveDamaged, DiskTrouble."""
    takedown = _begin(folder, plan.takedown)
    _erase_records(folder, takedown)
    with _recovered(folder) as ledger:
        _finish(folder, takedown, ledger)


def _begin(folder: Path, takedown: Takedown) -> Takedown:
    """The takedown as its intention stands on the disk. Raises ArchiveDamaged where a file is not what was listed."""
    listed = Manifest(folder).standing()
    files = {}
    for name, before, after in _becoming(folder, takedown):
        if name not in listed or listed[name].sha256 != before:
            message = f"{folder / name}: not as the manifest lists it; nothing was changed. Run: archiver verify"
            raise ArchiveDamaged(message)
        files[name] = after
    if takedown.records:
        name = capture_files(folder)[-1]
        SiteMemory(site_of(folder, name), folder).write_down()
    intended = replace(takedown, state="begun", files=files)
    takedowns.append(folder, intended)
    return intended


def _erase_records(folder: Path, takedown: Takedown) -> None:
    for name, records in takedown.records.items():
        erase(folder, name, records, takedown.reason)


def _becoming(folder: Path, takedown: Takedown) -> Iterator[tuple[str, str, str]]:
    """Each closed file that will change, with its SHA-256 as it is and as it will be."""
    for name, records in takedown.records.items():
        yield name, *digest_after(folder, name, records, takedown.reason)
    for month, change in _rewritings(folder, takedown):
        found = digests(month, change) if month.is_sealed else None
        if found is not None:
            yield month.path.relative_to(folder).as_posix(), *found


def _rewritings(folder: Path, takedown: Takedown) -> Iterator[tuple[Month, Changing]]:
    """The months in which lines change, and what becomes of a line."""
    cut = frozenset(takedown.addresses) if takedown.teasers else frozenset[str]()

    def line_becomes(line: Mapping[str, Any]) -> str | None:
        if line["id"] == takedown.id:
            return None if line["change"]["cause"] == "takedown" else emptied_line(line)
        return without_related(line, cut)

    if takedown.level != "hide":
        yield from ((month, line_becomes) for month in months(folder, KIND))
    if takedown.level == "erase":
        yield from ((month, Mentions(takedown).event) for month in months(folder, "events"))


def _finish(folder: Path, takedown: Takedown, ledger: Ledger) -> None:
    """All steps behind the intention and the erased records."""
    _put_tombstone(folder, takedown, ledger)
    forget_in_ledger(ledger, takedown)
    ledger.commit()
    for month, change in _rewritings(folder, takedown):
        rewrite(month, change)
    manifest = Manifest(folder)
    for name, sha256 in takedown.files.items():
        list_anew(folder, name, sha256, takedown.reason, manifest)
    clear_caches(folder)
    if takedown.level != "hide":
        empty_moved_aside(folder, takedown.torn)
    if takedown.level == "erase":
        cut_out_of_reports(folder, takedown)
        erase_in_ledger(ledger, takedown)
    takedowns.append(folder, takedowns.done(takedown))


def _put_tombstone(folder: Path, takedown: Takedown, ledger: Ledger) -> None:
    """The article's last line says that it was taken down, and how deep."""
    known = ledger.article(takedown.id)
    if known is None:
        return
    articles = ArticleLines(folder, ledger)
    try:
        last = articles.line_at(known.place)
        if known.status == "tombstone" and last["extractor"]["found_by"].get("level") == takedown.level:
            return
        at = datetime.fromisoformat(takedown.at)
        articles.append_line(tombstone_line(last, takedown.reason, takedown.level, at))
        for name, state in articles.flush().items():
            ledger.put_file(name, state)
        ledger.commit()
    finally:
        articles.close()


def _with_whole_exchanges(folder: Path, met: Takedown) -> Takedown:
    """A meeting of a crawl as what it asks to be erased: all records of the exchanges, and of those that led there."""
    records: dict[str, tuple[ErasedRecord, ...]] = {}
    for file, responses in met.records.items():
        ids = {response.record_id for response in responses}
        found = [each for each in kept(folder, file) if each.record_id in ids]
        via = {url for each in found for url in each.via}
        found += [each for each in kept(folder, file) if each.url in via and each.record_id not in ids]
        records[file] = tuple(record for each in found for record in each.records)
    return replace(met, records=records)


@contextmanager
def _recovered(folder: Path) -> Iterator[Ledger]:
    """The ledger, once files and it agree: what a run before left is mended, and read by the next one."""
    ledger = Ledger(folder / LEDGER)
    try:
        recover(folder, ledger, Manifest(folder))
        ledger.commit()
        yield ledger
    finally:
        ledger.close()
