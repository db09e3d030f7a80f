"""The last run for Prometheus: a file that node_exporter's textfile collector reads.

Written here in a dozen lines: prometheus-client would keep a registry for a process that ends with the run.
Format: https://prometheus.io/docs/instrumenting/exposition_formats/, version 0.0.4.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import NotConfigured

from archiver.errors import UsageError
from archiver.extensions.announced import run_judged
from archiver.store.run_report import read_reports

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scrapy.crawler import Crawler

    from archiver.store.run_report import RunReport


class Textfile:
    """Scrapy extension, for the setting PROMETHEUS_FOLDER: the collector's folder. The file there is archiver_SITE.prom."""

    def __init__(self, crawler: Crawler) -> None:
        folder = crawler.settings.get("PROMETHEUS_FOLDER")
        if not folder:
            raise NotConfigured
        self._folder = Path(folder)
        if not self._folder.is_dir():
            message = f"PROMETHEUS_FOLDER {folder}: no such folder. Give that of node_exporter's textfile collector"
            raise UsageError(message)
        self._crawler = crawler
        crawler.signals.connect(self._write, signal=run_judged)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Textfile:
        """Scrapy's hook."""
        return cls(crawler)

    def _write(self, report: RunReport) -> None:
        spider: Any = self._crawler.spider
        folder = spider.archive.folder
        complete = next((run for run in read_reports(folder) if run.is_complete), None)
        free = shutil.disk_usage(folder).free if folder.exists() else None
        path = self._folder / f"archiver_{report.site}.prom"
        part = path.with_name(f".{path.name}.part")  # the collector reads *.prom
        part.write_text("".join(metrics(report, complete, free)), encoding="utf-8")
        os.replace(part, path)  # noqa: PTH105  # named as the system call: whole or not at all


def metrics(report: RunReport, complete: RunReport | None, free_bytes: int | None) -> Iterator[str]:
    """The lines of the file. `complete`: the last run that was well and left nothing."""
    site = {"site": report.site}
    yield from _gauge("run_exit_code", "Exit code of the last run; 0: all well.", [(site, report.exit_code)])
    yield from _gauge("run_started_seconds", "Its beginning, Unix time.", [(site, report.started_at.timestamp())])
    yield from _gauge("run_ended_seconds", "Its end, Unix time.", [(site, report.ended_at.timestamp())])
    if complete is not None:
        ended = complete.ended_at.timestamp()
        yield from _gauge("complete_run_ended_seconds", "End of the last complete run, Unix time.", [(site, ended)])
    yield from _gauge("run_articles_seen", "Articles met, known ones included.", [(site, report.seen)])
    outcomes = [({**site, "outcome": outcome}, count) for outcome, count in report.outcomes.items()]
    yield from _gauge("run_addresses", "Addresses by how they ended.", outcomes)
    shares = [({**site, "field": name}, share) for name, share in report.coverage.items()]
    yield from _gauge("run_coverage", "Share of the articles that have the field.", shares)
    yield from _gauge(
        "run_alarms", "What fell below the median of the last completed runs.", [(site, len(report.alarms))]
    )
    if free_bytes is not None:
        yield from _gauge("free_bytes", "Left on the disk of the archive.", [(site, free_bytes)])


def _gauge(name: str, about: str, samples: Sequence[tuple[Mapping[str, str], float]]) -> Iterator[str]:
    if samples:
        yield f"# HELP archiver_{name} {about}\n# TYPE archiver_{name} gauge\n"
    for labels, value in samples:
        said = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        yield f"archiver_{name}{{{said}}} {value:.15g}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
