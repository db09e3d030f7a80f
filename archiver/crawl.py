"""A run: one site after another, each with its report."""

from __future__ import annotations

import asyncio
import difflib
import gc
import logging
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import SETTINGS_PRIORITIES, Settings

from archiver.errors import ArchiverError, UsageError
from archiver.extensions.judge_run import JudgeRun
from archiver.spiders.loader import spider_class
from archiver.spiders.scope import WHOLE_SITE, Scope
from archiver.store.archive import hold
from archiver.store.takedowns import NAME as TAKEDOWNS
from archiver.takedown.doing import prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence

    from archiver.site import Site
    from archiver.store.run_report import RunReport

GARBAGE = 20_000
"""Objects made before the collector looks among the newest for circles; Python's 700 are a few pages."""
GRAVEST_FIRST = (130, 1, 7, 6, 2, 3, 5, 4, 75)
"""Exit codes: of several sites, the gravest is the command's."""

_SIGNALS = "scrapy.crawler"
"""The logger that says that Ctrl-C was heard, and that a second one aborts."""

_TOO_LARGE = "scrapy.core.downloader.handlers"
"""The loggers that say that a body is larger than it may be, of which there is an event."""

logger = logging.getLogger(__name__)

LOG_FORMAT = "%(asctime)s %(levelname)s %(message)s"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One site to crawl, and how."""

    site: Site
    """At its base_url, where a copy is crawled."""
    scope: Scope = WHOLE_SITE
    archive: Path | None = None
    """Folder of the archive; None: ARCHIVER_DATA, else `data`."""
    contact: str | None = None
    """None: ARCHIVER_CONTACT."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Scrapy settings by name, above all others."""


def crawl(plan: Plan) -> RunReport:
    """The report of one run. Once in a process: Twisted's reactor cannot start again."""
    return crawl_in_turn([plan])[0]


def crawl_in_turn(plans: Sequence[Plan]) -> list[RunReport]:
    """The reports of the runs, one after another, in the order of `plans`; fewer where a signal stopped them."""
    # A page makes thousands of objects that go with it. What is loaded by now stays to the end: the collector need not walk it again for every few pages.
    gc.freeze()
    gc.set_threshold(GARBAGE, 20, 20)
    crawlers: list[Crawler] = []

    async def run_all(process: AsyncCrawlerProcess) -> None:
        for plan in plans:
            crawlers.append(Crawler(spider_class(plan.site), settings_of(plan)))
            folder = Path(crawlers[-1].settings["ARCHIVER_DATA"], plan.site.name)
            _end_takedowns(folder)
            await process.crawl(crawlers[-1], scope=plan.scope)
            _end_takedowns(folder)
            report = _report(crawlers[-1])
            if report is None or report.exit_code == GRAVEST_FIRST[0]:
                break

    in_reactor(settings_of(plans[0]), run_all)
    return [report for report in map(_report, crawlers) if report is not None]


def in_reactor(settings: Settings, work: Callable[[AsyncCrawlerProcess], Coroutine[Any, Any, None]]) -> None:
    """Does `work` in a process of Scrapy's, to its end. Once in a process: Twisted's reactor cannot start again."""
    process = AsyncCrawlerProcess(settings)
    _log_plainly(settings)
    bugs: list[Exception] = []

    async def do() -> None:
        try:
            await work(process)
        except Exception as bug:  # noqa: BLE001  # raised again below, once the reactor has stopped
            bugs.append(bug)
        finally:
            from twisted.internet import reactor  # noqa: PLC0415  # importing it installs one

            if reactor.running:
                reactor.stop()  # type: ignore[misc]  # mypy takes the interface for the object

    task = asyncio.get_event_loop().create_task(do())
    process.start(stop_after_crawl=False)
    task.cancel()
    if bugs:
        raise bugs[0]


def gravest(reports: Sequence[RunReport]) -> int:
    """The exit code of a command that made these runs."""
    codes = {report.exit_code for report in reports}
    return next((code for code in GRAVEST_FIRST if code in codes), 0)


def _end_takedowns(folder: Path) -> None:
    """Does what is left to do of takedowns: one was cut off, or the run has met what was taken down."""
    try:
        if not (folder / TAKEDOWNS).exists():
            return
    except PermissionError:
        return  # the run says so in a line, and ends
    try:
        with hold(folder):
            prepare(folder)
    except ArchiverError as error:
        # A run that cannot do without it says the same, and ends so.
        logger.warning("%s", error)


def _report(crawler: Crawler) -> RunReport | None:
    """The report, made now where a second signal left no time for it."""
    judge = crawler.get_extension(JudgeRun)
    return judge.end("aborted") if judge is not None else None


def settings_of(plan: Plan) -> Settings:
    """Scrapy's settings for one plan."""
    settings = Settings()
    settings.setmodule("archiver.settings", priority="project")
    ours = {
        "EXIT_WITH_CODE": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "LOGSTATS_INTERVAL": 0,
        "PROGRESS": "live" if sys.stderr.isatty() else "lines",
        "ARCHIVER_DATA": str(plan.archive) if plan.archive else settings["ARCHIVER_DATA"],
        "ARCHIVER_CONTACT": plan.contact or settings["ARCHIVER_CONTACT"],
    }
    settings.setdict(ours, priority="project")
    settings.setdict(dict(plan.settings), priority="cmdline")
    return settings


class _StandardError(logging.Handler):
    """Writes to what sys.stderr is at the moment: a live progress line takes it over for a while."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line on standard error."""
        sys.stderr.write(self.format(record) + "\n")


def _log_plainly(settings: Settings) -> None:
    """Our own lines and everybody's warnings on standard error; with -s LOG_LEVEL=… Scrapy's lines from that level too."""
    handler = _StandardError()
    handler.setFormatter(logging.Formatter(LOG_FORMAT, "%H:%M:%S"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("archiver").setLevel(logging.INFO)
    asked_for = settings.getpriority("LOG_LEVEL") == SETTINGS_PRIORITIES["cmdline"]
    logging.getLogger("scrapy").setLevel(settings["LOG_LEVEL"] if asked_for else logging.WARNING)
    if not asked_for:
        logging.getLogger(_TOO_LARGE).setLevel(logging.ERROR)
        logging.getLogger(_SIGNALS).setLevel(logging.INFO)
        handler.addFilter(lambda record: record.name != _SIGNALS or str(record.msg).startswith("Received"))


def read_settings(given: Sequence[str]) -> dict[str, str]:
    """Scrapy settings from `NAME=VALUE` texts. Raises UsageError where one cannot be used."""
    known = Settings()
    known.setmodule("archiver.settings")
    pairs = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name:
            message = f"-s {text!r} sets nothing. Write it as -s NAME=VALUE, such as -s DOWNLOAD_DELAY=2"
            raise UsageError(message)
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
        if name not in known and near:
            message = f"-s {name}: no setting is called so. Did you mean {near[0]}?"
            raise UsageError(message)
        _require_kind(name, value, known.get(name))
        pairs[name] = value
    return pairs


def _require_kind(name: str, value: str, default: object) -> None:
    """Raises UsageError where `default` is a number and `value` is none."""
    if isinstance(default, int | float) and value.lower() not in ("true", "false"):
        try:
            float(value)
        except ValueError as problem:
            message = f"-s {name}={value}: not a number. The default is {default}"
            raise UsageError(message) from problem
