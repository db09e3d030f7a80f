"""How far a run is: a live line on a terminal, one log line a minute elsewhere."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from archiver.extensions.keep_events import KeepEvents

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from archiver.extensions.tally import Tally

SECONDS_A_LINE = 60
SECONDS_A_LOOK = 0.25

logger = logging.getLogger("archiver")


class ShowProgress:
    """Scrapy extension, for the setting PROGRESS: `live`, `lines`, or nothing."""

    def __init__(self, crawler: Crawler) -> None:
        form = crawler.settings.get("PROGRESS")
        if form not in ("live", "lines"):
            raise NotConfigured
        self._crawler = crawler
        self._live = form == "live"
        self._progress = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=Console(stderr=True),
            transient=True,
        )  # fmt: skip
        self._line = self._progress.add_task("")
        self._looking = create_looping_call(self._look)
        crawler.signals.connect(self._open, signal=signals.spider_opened)
        crawler.signals.connect(self._close, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ShowProgress:
        """Scrapy's hook."""
        return cls(crawler)

    def _open(self) -> None:
        if self._live:
            self._progress.start()
        self._looking.start(SECONDS_A_LOOK if self._live else SECONDS_A_LINE, now=False)

    def _close(self) -> None:
        if self._looking.running:
            self._looking.stop()
        if self._live:
            self._progress.stop()

    def _look(self) -> None:
        keep_events = self._crawler.get_extension(KeepEvents)
        assert keep_events is not None, "settings.EXTENSIONS has both"
        text = f"{self._crawler.spidercls.name}: {standing(keep_events.tally, self._left())}"
        if self._live:
            self._progress.update(self._line, description=text)
        else:
            logger.info(text)

    def _left(self) -> int:
        archive = getattr(self._crawler.spider, "archive", None)
        return archive.ledger.left if archive is not None and archive.is_open else 0


def standing(tally: Tally, left: int) -> str:
    """The run so far in one line."""
    counts = tally.outcomes
    said = f"{tally.seen} articles ({counts['new']} new, {counts['changed']} changed), {counts['listing']} listings"
    trouble = ", ".join(f"{counts[name]} {name}" for name in ("gone", "failed", "skipped") if counts[name])
    return f"{said}{', ' if trouble else ''}{trouble}, {left} queued"
