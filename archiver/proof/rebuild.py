"""The articles again from the captures: what is missing is written, and what newer rules read otherwise."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from archiver.proof.rebuilt import Contents, Rebuilt, articles_in, counted, is_of_todays_rules, set_aside
from archiver.proof.settling import Settling
from archiver.site import rules_digest
from archiver.store.archive import LEDGER, hold
from archiver.store.articles import ArticleLines
from archiver.store.ledger import Ledger
from archiver.store.manifest import Manifest
from archiver.store.recovery import close_captures
from archiver.store.refilling import mend_lines, relearn
from archiver.store.revisions import Flapping
from archiver.store.sealing import mend_months
from archiver.store.takedowns import TakenDown, taken_down
from archiver.store.withdrawals import Withdrawals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any

    from archiver.article import Article
    from archiver.proof.readings import Reading
    from archiver.store.withdrawals import Absence

LINES_A_COMMIT = 1_000


def rebuild(folder: Path, *, passed: Callable[[int], object]) -> Rebuilt:
    """Adds the lines that are missing in a site's folder, and a revision where these rules read an article otherwise.

    Lines that are there are never touched. An article whose last line is there gets nothing before that line; one that
    is gone is not read otherwise. Raises ArchiveBusy, ArchiveDamaged, DiskTrouble.
    """
    with _ledger(folder) as ledger:
        rebuilding = _Rebuilding(folder, ledger)
        for reading in counted(folder, rebuilding.found, passed):
            rebuilding.settle(reading.run)
            rebuilding.read(reading)
        rebuilding.settle(sys.maxsize)
        rebuilding.end()
    return rebuilding.found


class _Rebuilding:
    """The lines of a site, as `ledger` knows them, with those that are added."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        self.found = Rebuilt()
        self._ledger = ledger
        self._articles = ArticleLines(folder, ledger)
        self._settling = Settling(ledger)
        self._last = {
            line["id"]: {name: line[name] for name in ("revision", "capture", "extractor")}
            for line in articles_in(folder)
            if line["status"] != "tombstone" and line["capture"] is not None
        }
        self._to_pass = {line["capture"]["record_id"]: id_ for id_, line in self._last.items()}
        """The captures of last lines that were not come to yet: what stands before is as it is."""
        self._set_aside = set_aside(folder)
        self._taken_down = taken_down(folder)
        self._contents = Contents()

    def settle(self, run: int) -> None:
        """Adds the missing lines of articles that are gone by the runs before that one."""
        for absence in self._settling.gone_before(run):
            line = None if self._is_to_pass(absence) else self._articles.withdrawn(absence, rules_digest())
            if line is not None:
                self._articles.append_line(line)
                self._count()

    def read(self, reading: Reading) -> None:
        """Adds the line of a capture, if it is missing."""
        self._settling.learn(reading)
        article, record_id = reading.article, reading.capture.record_id
        passed = self._to_pass.pop(record_id, None)
        if article is None or record_id in self._set_aside or article.id in self._taken_down:
            return
        is_new = self._contents.are_new(article)
        revision = None
        if passed == article.id:
            revision = self._reparsed(article, self._last[passed])
        elif self._last.get(article.id, {}).get("capture", {}).get("record_id") not in self._to_pass:
            known = self._ledger.article(article.id)
            is_back = known is not None and known.status == "gone"
            revision = self._numbered(article) if is_new or is_back else None
        if revision is not None:
            self._articles.append(revision)
            self._count()

    def end(self) -> None:
        """All is on the disk."""
        self._commit()
        self._articles.close()

    def _is_to_pass(self, absence: Absence) -> bool:
        last = self._last.get(absence.id)
        return last is not None and last["capture"]["record_id"] in self._to_pass

    def _reparsed(self, article: Article, line: dict[str, Any]) -> Article | None:
        """The capture of the last line read by these rules; None: they read the same."""
        revision = self._numbered(article)
        if revision is not None and is_of_todays_rules(line):
            self.found.differ(f"{article.id}: revision {line['revision']} is not what these rules read in its capture")
            return None
        self.found.reparsed += revision is not None
        return replace(revision, change=replace(revision.change, cause="reparse")) if revision is not None else None

    def _numbered(self, article: Article) -> Article | None:
        try:
            return self._articles.numbered(article)
        except (Flapping, TakenDown):
            return None

    def _count(self) -> None:
        self.found.written += 1
        if self.found.written % LINES_A_COMMIT == 0:
            self._commit()

    def _commit(self) -> None:
        for name, state in self._articles.flush().items():
            self._ledger.put_file(name, state)
        self._ledger.commit()


@contextmanager
def _ledger(folder: Path) -> Iterator[Ledger]:
    """The ledger of a held folder, in agreement with the lines that are there, without what is not settled."""
    with hold(folder):
        manifest = Manifest(folder)
        close_captures(folder, manifest)
        mend_months(folder, manifest)
        mend_lines(folder)
        ledger = Ledger(folder / LEDGER)
        try:
            relearn(folder, ledger)
            Withdrawals(ledger).forget()
            yield ledger
        finally:
            ledger.close()
