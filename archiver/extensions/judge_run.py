"""The end of a run: its verdict, its report in the archive, and for `scrapy crawl` its exit code."""

from __future__ import annotations

import atexit
import hashlib
import json
import logging
import os
import platform
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import lxml.etree
import scrapy
from scrapy import signals
from scrapy.settings import overridden_settings

from archiver.errors import ArchiverError
from archiver.extensions.alarms import alarms
from archiver.extensions.announced import run_judged
from archiver.extensions.keep_events import KeepEvents
from archiver.extensions.tally import OF_FILES, SEEN
from archiver.extensions.usual import usual
from archiver.extensions.verdict import Run, verdict
from archiver.site import rules_digest
from archiver.store.run_report import RunReport, read_reports
from archiver.version import __version__

if TYPE_CHECKING:
    from datetime import datetime

    from scrapy.crawler import Crawler

    from archiver.extensions.tally import Tally
    from archiver.store.ledger import Ledger
    from archiver.store.run_report import Alarm

logger = logging.getLogger("archiver")

_TOLD_TO = ("NOTIFY", "HEALTHCHECK_URL", "PROMETHEUS_FOLDER")

_NOTHING_WRITTEN = (2, 75)
"""Runs that the archive refused leave no trace in it."""


@dataclass(frozen=True, slots=True)
class _Queue:
    """What the ledger counts."""

    queued: int = 0
    left: int = 0
    seen: int = 0
    """Articles of the whole sweep, known ones included."""
    open_urls: tuple[str, ...] = ()

    @classmethod
    def of(cls, ledger: Ledger) -> _Queue:
        """The counts of this run."""
        outcomes = ledger.outcomes()
        seen = sum(outcomes.get(name, 0) for name in SEEN)
        return cls(ledger.queued, ledger.left, seen, tuple(ledger.open_urls(3)))


class JudgeRun:
    """Scrapy extension. `report` is None until the run has ended."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self.report: RunReport | None = None
        self._started_at: datetime | None = None
        crawler.signals.connect(self._open, signal=signals.spider_opened)
        crawler.signals.connect(self._close, signal=signals.spider_closed)
        if crawler.settings.getbool("EXIT_WITH_CODE"):
            crawler.signals.connect(self._exit, signal=signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> JudgeRun:
        """Scrapy's hook."""
        return cls(crawler)

    def end(self, ended: str) -> RunReport | None:
        """The report of the run, which is over by Scrapy's reason `ended`; written once. None: no run of a site."""
        spider: Any = self._crawler.spider
        archive = getattr(spider, "archive", None)
        if self.report is None and archive is not None and (archive.is_open or spider.stopped_by is not None):
            if archive.is_open:
                self._finish(ended)
            self.report = self._reported(ended)
            if archive.is_open and self.report.exit_code not in _NOTHING_WRITTEN:
                self._write()
            archive.release()
            self._crawler.signals.send_catch_log(run_judged, report=self.report)
        return self.report

    def _finish(self, ended: str) -> None:
        """Everything on the disk, unless the archive refused the run."""
        spider: Any = self._crawler.spider
        if getattr(spider.stopped_by, "exit_code", None) in _NOTHING_WRITTEN:
            return
        try:
            if ended == "finished" and not spider.archive.ledger.left:
                spider.asking.note_walks()
            spider.now.note(spider.archive.ledger)
            spider.archive.finish(is_done=ended == "finished")
        except ArchiverError as error:
            spider.stopped_by = spider.stopped_by or error

    def _write(self) -> None:
        spider: Any = self._crawler.spider
        try:
            spider.archive.write_run(self.report)
        except ArchiverError as error:
            assert self.report is not None, "it is being written"
            if not self.report.exit_code:
                self.report = replace(self.report, exit_code=error.exit_code, why=str(error))

    def _open(self) -> None:
        self._started_at = getattr(self._crawler.spider, "now", lambda: None)()

    def _close(self, reason: str) -> None:
        self.end(reason)

    def _exit(self) -> None:
        if self.report is not None and self.report.exit_code:
            sys.stderr.write(f"{self.report.site}: {self.report.why}\n")
            # `scrapy crawl` ends with 0 whatever happened, and asks no extension: only the end of the process is left.
            atexit.register(_end_process, self.report.exit_code)

    def _tally(self) -> Tally:
        keep_events = self._crawler.get_extension(KeepEvents)
        assert keep_events is not None, "settings.EXTENSIONS has both"
        return keep_events.tally

    def _reported(self, ended: str) -> RunReport:
        spider: Any = self._crawler.spider
        tally = self._tally()
        counts = _Queue() if not spider.archive.is_open else _Queue.of(spider.archive.ledger)
        listed = spider.asking.listed
        found = self._alarms(ended, listed)
        run = Run(
            tally=tally,
            expect=spider.site.expect,
            is_whole=spider.scope.is_whole,
            ended="shutdown" if ended == "aborted" else ended,
            queued=counts.queued,
            left=counts.left,
            seen=counts.seen + spider.asking.known,
            doubted=sum(settled.doubted for settled in spider.archive.settled),
            open_urls=counts.open_urls,
            alarms=found,
            went_on=spider.went_on,
            stopped_by=spider.stopped_by,
        )
        exit_code, why = verdict(run)
        return RunReport(
            run=f"{self._started_at:%Y%m%dT%H%M%SZ}",
            site=spider.name,
            origin=spider.archive.origin,
            base_url=spider.site.base_url,
            contact=spider.contact,
            started_at=self._started_at or spider.now(),
            ended_at=spider.now(),
            exit_code=exit_code,
            why=why,
            options=spider.scope.options(),
            went_on=spider.went_on,
            versions=_versions(),
            settings_digest=_settings_digest(self._crawler),
            queued=counts.queued,
            left=counts.left,
            seen=run.seen,
            listed=listed,
            read=tally.read,
            rules_digest=rules_digest(),
            new_baseline=self._crawler.settings.getbool("NEW_BASELINE"),
            alarms=found,
            withdrawn=sum(len(settled.gone) for settled in spider.archive.settled),
            files=_files(tally) if spider.scope.files or tally.files else {},
            left_out=dict(sorted(spider.asking.left_out.counts.items())),
            numbers=spider.numbers.sums() if spider.numbers is not None and spider.archive.is_open else {},
            date_suspect=spider.now.went_back,
            **_counts(tally),
            **_traffic(self._crawler),
        )

    def _alarms(self, ended: str, seen: int) -> tuple[Alarm, ...]:
        """What fell below what is usual. Only runs over the whole site, in one go, are compared with their like."""
        spider: Any = self._crawler.spider
        is_alike = spider.scope.is_whole and ended == "finished" and not spider.went_on and spider.archive.is_open
        # Of a run that got nothing at all, that is what is to be told.
        if not is_alike or not self._tally().fetched or self._crawler.settings.getbool("NEW_BASELINE"):
            return ()
        try:
            before = usual(read_reports(spider.archive.folder), rules_digest())
        except ArchiverError as error:
            spider.stopped_by = spider.stopped_by or error
            return ()
        return alarms(self._tally(), seen, before, spider.site.expect, spider.address) if before else ()


def _end_process(exit_code: int) -> None:
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(exit_code)


def _counts(tally: Tally) -> dict[str, Any]:
    return {
        "fetched": tally.fetched,
        **{name: tally.outcomes[name] for name in ("gone", "failed", "skipped")},
        "outcomes": dict(tally.outcomes),
        "reasons": {outcome: dict(counts) for outcome, counts in tally.reasons.items()},
        "articles": {name: tally.outcomes[name] for name in ("new", "changed", "unchanged")},
        "files_refused": dict(tally.files_refused),
        "coverage": tally.coverage(),
        "refused": tally.refused,
        "own_rules": tally.own_shares(),
        "errors": tuple(tally.errors),
    }


def _files(tally: Tally) -> dict[str, int]:
    return {"asked": tally.asked_files, **{name: tally.files[name] for name in OF_FILES}}


def _traffic(crawler: Crawler) -> dict[str, Any]:
    stats = crawler.stats.get_stats()
    prefix = "downloader/response_status_count/"
    return {
        "requests": stats.get("downloader/request_count", 0),
        "bytes_received": stats.get("downloader/response_bytes", 0),
        "statuses": {key.removeprefix(prefix): count for key, count in stats.items() if key.startswith(prefix)},
    }


def _versions() -> dict[str, str]:
    return {
        "archiver": __version__,
        "python": platform.python_version(),
        "scrapy": scrapy.__version__,
        "lxml": ".".join(map(str, lxml.etree.LXML_VERSION)),
    }


def _settings_digest(crawler: Crawler) -> str:
    """16 hex digits over the settings that differ from Scrapy's defaults, whom to reach and where to write left out."""
    changed = {name: str(value) for name, value in overridden_settings(crawler.settings)}
    for name in ("ARCHIVER_CONTACT", "ARCHIVER_DATA", "USER_AGENT", *_TOLD_TO):
        changed.pop(name, None)
    return hashlib.sha256(json.dumps(changed, sort_keys=True).encode()).hexdigest()[:16]
