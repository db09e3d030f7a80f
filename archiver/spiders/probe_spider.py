"""The spider of a probe: it asks what the checklist wants to know, one request after another, and keeps every exchange."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request, Spider, signals

from archiver import urls
from archiver.checklist import Answer, Certificate, Robots, Visit
from archiver.errors import ArchiverError
from archiver.site.absence import key
from archiver.spiders import reasons
from archiver.spiders.clock import named_clock
from archiver.spiders.introduction import contact_of, introduce, require_contact, writing
from archiver.store.archive import SiteArchive
from archiver.store.captures import PROBE, PURPOSE, path_of
from archiver.store.warc import validators_at

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser
    from scrapy.settings import BaseSettings

    from archiver.checklist import Ask, Check
    from archiver.checklist.reading import Shown
    from archiver.site import Site

MOST_FILE_BYTES = 1_000_000
"""Of a file, where the server sends all of it though a part was asked for."""

_NOTHING_WRITTEN = (2, 75)
"""Errors of a probe that the archive refused: it leaves no trace in it."""

logger = logging.getLogger(__name__)


class ProbeSpider(Spider):
    """Walks the checklist over `site` and keeps what it asked in `archive`, apart from what crawls ask.

    Its requests take no place in a queue. Each has the meta that our middlewares look for: `task` is None, for no task is
    theirs, `kind` is `listing`, of which nothing is remembered.
    """

    site: ClassVar[Site]

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Scrapy's hook: the contact is part of the name under which the site meets us."""
        super().update_settings(settings)
        introduce(settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> ProbeSpider:
        """Scrapy's hook. `tell` is given each check as soon as it is known."""
        tell = kwargs.pop("tell")
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.now = named_clock(crawler.settings)
        spider.tell = tell
        spider.archive = SiteArchive(Path(crawler.settings["ARCHIVER_DATA"], spider.name))
        crawler.signals.connect(spider._hear_robots, signal=signals.robots_parsed)  # noqa: SLF001  # its own method
        crawler.signals.connect(spider._note_status, signal=signals.response_downloaded)  # noqa: SLF001
        return spider

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.robots: Robots | None = None
        self.checks: list[Check] = []
        self.shown: list[Shown] = []
        """Pages that make candidates for tests."""
        self.stopped_by: Exception | None = None
        """Why the probe could not go on."""
        self.is_through: bool = False
        self._robots_status: int | None = None

    now: Callable[[], datetime]
    tell: Callable[[Check], object]
    archive: SiteArchive

    @property
    def contact(self) -> str | None:
        """Whom the site's people can reach."""
        return contact_of(self.settings)

    @property
    def address(self) -> str:
        """Where the site, or the copy of it, is probed."""
        return self.site.base_url or self.site.home

    def taken_down(self, url: str) -> str | None:
        """The id of the article at `url`, where it was taken down."""
        return self.archive.taken_down_at(key(self.site, url)) if self.archive.is_open else None

    async def start(self) -> AsyncIterator[Request]:
        """Scrapy's hook: the whole probe. It queues nothing."""
        try:
            await self._walk()
        except Exception as problem:  # noqa: BLE001  # raised again where the probe was begun: Scrapy would only log it
            self.stopped_by = problem
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    async def ask(self, ask: Ask) -> Answer:
        """The answer, whatever it is. Raises ArchiverError where it cannot be kept."""
        request: Request = self._request(ask)
        assert self.crawler.engine is not None, "it called start()"
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as problem:
            if isinstance(problem.__cause__, ArchiverError):
                raise problem.__cause__ from problem
            _, reason = reasons.of_failure(problem)
            if reason == "bug":
                raise
            said = str(problem)
            message = said if said and "<twisted" not in said else type(problem).__name__
            return Answer(
                asked=ask.url, url=ask.url, headers={}, fetched_at=self.now(), problem=reason, message=message
            )
        return _answer(ask, response)

    def closed(self, _reason: str) -> None:
        """Scrapy's hook: everything on the disk, unless the archive refused the probe."""
        if not self.archive.is_open:
            return
        try:
            if getattr(self.stopped_by, "exit_code", None) not in _NOTHING_WRITTEN:
                self._claim()
                self.archive.finish(is_done=False)
        except ArchiverError as error:
            self.stopped_by = self.stopped_by or error
        finally:
            self.archive.release()

    def _claim(self) -> None:
        """Makes the folder the site's where no page of it came, so that what it answered is kept in an archive.

        The origin of a copy is not known then.
        """
        if self.archive.origin is None and self.site.base_url is None and self._robots_status is not None:
            self.archive.claim(urls.origin(self.site.home), contact=self.contact, now=self.now())

    async def _walk(self) -> None:
        require_contact(self.site, self.contact)
        self.archive.open(writing(self.site, self.settings, **{PURPOSE: PROBE}))
        visit = Visit(self.site, self)
        async for check in visit.checks():
            self.checks.append(check)
            self.tell(check)
        self.shown, self.is_through = visit.shown, True

    def _request(self, ask: Ask) -> Request:
        meta: dict[str, Any] = {
            "task": None,
            "kind": "listing",
            "note": {"start": True} if ask.is_named else {},
            "asked": ask.url,
            "dont_redirect": not ask.follows,
        }
        headers = {}
        if ask.first_bytes is not None:
            headers["Range"] = f"bytes=0-{ask.first_bytes - 1}"
            headers["Accept-Encoding"] = "identity"  # a range is of the bytes as they are sent
            meta["download_maxsize"] = MOST_FILE_BYTES
        if ask.as_before is not None:
            headers.update(self._conditions(ask.as_before, meta))
        return Request(ask.url, headers=headers, meta=meta, dont_filter=True)

    def _conditions(self, before: Answer, meta: dict[str, Any]) -> dict[str, str]:
        """The headers that ask whether the answer before still holds; its record goes into the meta, for the capture."""
        if before.capture is None:
            return {}
        file = path_of(self.archive.folder, before.capture.warc)
        meta["condition"] = validators_at(file, before.capture.offset)
        names = {"If-None-Match": "etag", "If-Modified-Since": "last-modified"}
        return {name: before.headers[key] for name, key in names.items() if before.headers.get(key)}

    def _hear_robots(self, robotparser: RobotParser) -> None:
        if self.robots is not None:
            return  # of another host
        agent = self.settings["USER_AGENT"]
        delay = robotparser.crawl_delay(agent)
        self.robots = Robots(
            status=self._robots_status,
            delay_seconds=float(delay) if delay else None,
            # Scrapy's parser is Protego, which reads the lines; another that settings name may not.
            sitemaps=tuple(getattr(getattr(robotparser, "rp", None), "sitemaps", ())),
            allows=lambda url: bool(robotparser.allowed(url, agent)),
        )

    def _note_status(self, response: Response, request: Request) -> None:
        if "task" not in request.meta and self.robots is None:
            self._robots_status = response.status


def probe_spider_class(site: Site) -> type[ProbeSpider]:
    """The spider that probes `site`."""
    return type(f"{site.name.title()}Probe", (ProbeSpider,), {"name": site.name, "site": site, "__doc__": site.home})


def _answer(ask: Ask, response: Response) -> Answer:
    assert response.request is not None, "Scrapy sets it on every response"
    meta = response.request.meta
    headers = {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
    return Answer(
        asked=ask.url,
        url=response.url,
        status=response.status,
        headers=headers,
        cookies=_cookies(response),
        body=response.body,
        fetched_at=meta["fetched_at"],
        led_by=tuple(meta.get("redirect_urls", ())),
        certificate=_certificate(response.certificate),
        seconds=meta.get("download_latency"),
        capture=meta.get("capture"),
    )


def _cookies(response: Response) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for line in response.headers.getlist("Set-Cookie"):
        try:
            names.update(dict.fromkeys(SimpleCookie(line.decode("latin-1"))))
        except CookieError:
            names[line.decode("latin-1").partition("=")[0]] = None
    return tuple(names)


def _certificate(shown: Any) -> Certificate | None:
    """`shown`: Twisted's certificate of the last connection; None: it was not encrypted."""
    if shown is None:
        return None
    issuer = {
        name.decode(): value.decode("utf-8", errors="replace")
        for name, value in shown.original.get_issuer().get_components()
    }
    ends = shown.original.get_notAfter().decode("ascii")
    return Certificate(
        issuer=issuer.get("O") or issuer.get("CN") or "an issuer without a name",
        not_after=datetime.strptime(ends, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC),
    )
