"""A probe: the first live fetch of a site, by the checklist, politely."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.crawler import Crawler

from archiver.checklist import Probed
from archiver.checklist.candidates import write_candidates
from archiver.crawl import in_reactor, settings_of
from archiver.extensions.obey_crawl_delay import ObeyCrawlDelay
from archiver.middlewares.ask_if_changed import AskIfChanged
from archiver.middlewares.heed_retry_after import HeedRetryAfter
from archiver.middlewares.keep_budget import STAT, KeepBudget
from archiver.sites import load_sites
from archiver.spiders.probe_spider import ProbeSpider, probe_spider_class

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    from archiver.checklist import Check
    from archiver.crawl import Plan

MOST_REQUESTS = 19
FOLDER = "probe"
"""Of the archive that probes have for themselves, in the folder of archives. What is asked on the chance, of a site whose
rules are being written, is no part of the record that is kept of it; and a copy that is probed claims no origin there."""
CANDIDATES = "candidates"


def probe(plan: Plan, tell: Callable[[Check], object], candidates: Path | None = None) -> Probed | None:
    """What the probe found; None: a signal stopped it. `tell` is given each check as soon as it is known.

    The captures go into the site's folder of `plan.archive`, by default one of their own; pages that make candidates for
    tests into `candidates`, by default beside them. Once in a process. Raises ArchiverError.
    """
    settings = _settings(plan)
    crawler = Crawler(probe_spider_class(plan.site), settings)
    begun = time.monotonic()

    async def walk(process: AsyncCrawlerProcess) -> None:
        # What Scrapy warns of is told by a check.
        logging.getLogger("scrapy").setLevel(logging.CRITICAL)
        await process.crawl(crawler, tell=tell)

    in_reactor(settings, walk)
    spider = crawler.spider
    assert isinstance(spider, ProbeSpider), "it was made of that class"
    if spider.stopped_by is not None:
        raise spider.stopped_by
    if not spider.is_through:
        return None
    folder, site = spider.archive.folder, spider.site
    target = candidates or folder / CANDIDATES
    kept = write_candidates(site, spider.shown, target, has_file=site.name in load_sites()) if spider.shown else ()
    return Probed(
        site=site.name,
        checks=tuple(spider.checks),
        requests=crawler.stats.get_value(STAT, 0),
        most_requests=MOST_REQUESTS,
        seconds=time.monotonic() - begun,
        folder=folder,
        candidates=kept,
    )


def _settings(plan: Plan) -> Settings:
    settings = settings_of(plan)
    if plan.archive is None:
        settings.set("ARCHIVER_DATA", str(Path(settings["ARCHIVER_DATA"], FOLDER)), priority="project")
    ours = {
        "MOST_REQUESTS": MOST_REQUESTS,
        "EXTENSIONS": {ObeyCrawlDelay: 30},  # a probe is no run: it has no report, and nobody is told of it
        "SCHEDULER": "scrapy.core.scheduler.Scheduler",  # nothing is queued
        "RETRY_ENABLED": False,  # what fails is told, and costs one request
        "RETRY_TIMES": 0,  # DecodeBody asks again for what came cut, else
        "REDIRECT_MAX_TIMES": 5,
        "DOWNLOAD_TIMEOUT": 30,
        "DOWNLOADER_MIDDLEWARES": {
            **settings["DOWNLOADER_MIDDLEWARES"],
            AskIfChanged: None,  # conditions are set by hand
            HeedRetryAfter: None,  # who asks for patience is not asked again
            KeepBudget: 985,  # between the captures, which answer what is kept, and the network
        },
    }
    settings.setdict(ours, priority="project")
    return settings
