"""Scrapy settings. Each value that is not Scrapy's default says why."""

from __future__ import annotations

import os
from typing import Any

from archiver.extensions.heed_announcements import HeedAnnouncements
from archiver.extensions.judge_run import JudgeRun
from archiver.extensions.keep_events import KeepEvents
from archiver.extensions.monitors import Monitors
from archiver.extensions.notify import Notify
from archiver.extensions.obey_crawl_delay import ObeyCrawlDelay
from archiver.extensions.ping import Ping
from archiver.extensions.show_progress import ShowProgress
from archiver.extensions.textfile import Textfile
from archiver.frontier.scheduler import LedgerScheduler
from archiver.handlers.http import NotingHandler
from archiver.middlewares.ask_if_changed import AskIfChanged
from archiver.middlewares.check_origin import CheckOrigin
from archiver.middlewares.decode_body import DecodeBody
from archiver.middlewares.follow_redirects import FollowRedirects
from archiver.middlewares.heed_retry_after import HeedRetryAfter
from archiver.middlewares.keep_captures import KeepCaptures
from archiver.middlewares.keep_scope import KeepScope
from archiver.middlewares.limit_files import LimitFiles
from archiver.middlewares.read_robots import ReadRobots
from archiver.page import LARGEST_PAGE_BYTES
from archiver.pipelines import ORDER
from archiver.spiders.loader import SiteLoader
from archiver.version import __version__

# Ours.
ARCHIVER_DATA = os.environ.get("ARCHIVER_DATA", "data")  # folder of the archive; one folder in it for each site
ARCHIVER_CONTACT = os.environ.get("ARCHIVER_CONTACT")  # address or mail of whoever crawls; live sites need one
NOW = "archiver.store.clock.utc_now"  # the clock: fetched_at, months of files, names of runs
NEW_BASELINE = False  # a run with it is compared with none before it, nor are those after it
NOTIFY = os.environ.get("ARCHIVER_NOTIFY")  # Apprise URLs that hear of runs that were not well
HEALTHCHECK_URL = os.environ.get("ARCHIVER_HEALTHCHECK_URL")  # GET at the start and the end of each run
PROMETHEUS_FOLDER = os.environ.get("ARCHIVER_PROMETHEUS_FOLDER")  # of node_exporter's textfile collector
MONITORS = None  # a suite of Spidermon monitors
EXIT_WITH_CODE = True  # `scrapy crawl` ends with our exit codes; `archiver crawl` sees to it itself
PROGRESS = None  # `live` or `lines`; Scrapy's own log tells enough under `scrapy crawl`

BOT_NAME = "archiver"
USER_AGENT = f"archiver/{__version__}"  # SiteSpider adds the contact
SPIDER_LOADER_CLASS = SiteLoader  # a spider for every file in sites/
SCHEDULER = LedgerScheduler  # the queue outlives the process, and knows all addresses of an article as one
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the ledger does it
DOWNLOAD_HANDLERS = {"http": NotingHandler, "https": NotingHandler}  # half a response is kept too

RECHECKS = 500  # known articles that are due are asked for again, at most so many in a run; --recheck asks for all

# Attachments and pictures, with --files. What a run has no share left for comes in the next.
FILE_BYTES = 50_000_000  # a larger one is left alone
FILE_SECONDS = 600  # a large file of a slow host takes its time
FILES_A_RUN = 10_000  # at a second each, a run of three hours
FILES_BYTES_A_RUN = 5_000_000_000  # a run with less left than FILE_BYTES asks for no more
FILE_TYPES = (  # what news sites attach, by the bytes; films and sounds: add audio/*,video/*
    "application/pdf,application/msword,application/rtf,application/x-ole-storage,application/zip,application/vnd.rar,"
    "application/x-7z-compressed,application/vnd.ms-*,application/vnd.openxmlformats-officedocument.*,"
    "application/vnd.oasis.opendocument.*,image/*"
)

# Captures: a file is closed at this size or age, whatever comes first, and at the end of a run.
CAPTURE_FILE_BYTES = 1_000_000_000
CAPTURE_FILE_SECONDS = 86_400

# Politeness: one page a second, one at a time. A host with another rule gets its own line in DOWNLOAD_SLOTS.
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1
DOWNLOAD_SLOTS: dict[str, dict[str, Any]] = {
    host: {"concurrency": 16, "delay": 0, "jitter": 0}  # a copy on this machine is nobody's server
    for host in ("127.0.0.1", "localhost", "::1")
}

# What comes in.
DOWNLOAD_TIMEOUT = 60  # a news page that takes longer is better tried again
DOWNLOAD_MAXSIZE = LARGEST_PAGE_BYTES  # what the parser refuses need not be downloaded
DOWNLOAD_WARNSIZE = 0  # too large is an event, not a warning
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # the event says it
COOKIES_ENABLED = False  # not needed for reading, and they avoid a remembered language or mobile view
METAREFRESH_ENABLED = False  # news pages refresh to themselves every few minutes: that is no redirect
HTTPERROR_ALLOW_ALL = True  # the spider makes an event of every status
URLLENGTH_LIMIT = 0  # KeepScope makes an event of a too long address; Scrapy would drop it in silence
CONCURRENT_ITEMS = 1  # a page gives one item, and lines keep their order; Scrapy would start 100 tasks for every page

DOWNLOADER_MIDDLEWARES: dict[Any, int | None] = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # KeepScope does it, with an event
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,  # DecodeBody does it
    KeepScope: 90,  # before robots.txt (100): what is not fetched needs no robots.txt
    LimitFiles: 95,  # the same of what only its looked-up address tells
    ReadRobots: 105,  # behind it: what its answer means when it is an error
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,  # FollowRedirects does it, without Referer
    FollowRedirects: 600,
    DecodeBody: 590,  # behind redirects, before retries (550)
    HeedRetryAfter: 595,  # a site that asks for patience gets it, then Scrapy tries again
    AskIfChanged: 970,  # behind redirects and retries: a condition is of one address
    KeepCaptures: 980,  # next to the network
    CheckOrigin: 990,  # before it: of another site nothing is kept
}
# Each spider middleware is one more asynchronous generator around every page: those that would do nothing are left out.
SPIDER_MIDDLEWARES: dict[str, int | None] = {
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # HTTPERROR_ALLOW_ALL
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,  # URLLENGTH_LIMIT = 0
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,  # a site need not know where on it we found an address
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # paging is bounded by what listings bring
}
ITEM_PIPELINES = {step: 100 * place for place, step in enumerate(ORDER)}
EXTENSIONS = {
    KeepEvents: 10,
    JudgeRun: 20,
    ObeyCrawlDelay: 30,
    HeedAnnouncements: 35,
    ShowProgress: 40,
    Notify: 50,
    Ping: 60,
    Textfile: 70,
    Monitors: 80,
}

# Unattended runs: nothing listens, nothing shouts.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False  # a local server that executes code in the crawl has no place in an archiver
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"  # a dropped item is an event; Scrapy would print the whole article
LOG_LEVEL = "INFO"
