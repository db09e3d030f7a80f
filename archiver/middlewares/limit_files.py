"""Attachments and pictures come from hosts that the public reaches, and films and sounds only where they are wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.request import getproxies, proxy_bypass

from scrapy import signals
from scrapy.exceptions import CannotResolveHostError, StopDownload
from scrapy.utils.defer import maybe_deferred_to_future

from archiver import urls
from archiver.media import is_among
from archiver.middlewares.skipped import Skipped

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Headers


class LimitFiles:
    """Downloader middleware, before robots.txt: of a host that is not public not even that is asked for.

    A name of the public web may lead to an address of the network around us. What is looked up here is remembered by
    Scrapy's resolver, which the connection asks.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._types = crawler.settings.getlist("FILE_TYPES")
        crawler.signals.connect(self._look_at_head, signal=signals.headers_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> LimitFiles:
        """Scrapy's hook."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises Skipped for a file, or a robots.txt led elsewhere, at an address that only we can reach."""
        spider: Any = self._crawler.spider
        is_robots = "task" not in request.meta and "redirect_urls" in request.meta
        if not (is_robots or request.meta.get("kind") == "file") or "place" in request.meta:
            return
        host = urls.host(request.url)
        if spider.site.follows(request.url) or _is_for_proxy(request.url, host):
            return
        address = await _looked_up(host)
        if urls.is_loopback(f"http://{address}/") or not urls.is_public_host(f"http://{address}/"):
            message = f"{request.url}: {host} is {address}, which is no public address"
            raise Skipped(message, reason="private_address")

    def _look_at_head(self, headers: Headers, request: Request) -> None:
        """Stops what the head calls a film or a sound; what anything else is, its bytes tell."""
        stated = (headers.get("Content-Type") or b"").decode("latin-1").partition(";")[0].strip().lower()
        is_long = stated.startswith(("audio/", "video/"))
        if request.meta.get("kind") == "file" and is_long and not is_among(stated, self._types):
            request.meta["stated"] = stated
            raise StopDownload


def _is_for_proxy(url: str, host: str) -> bool:
    """Whether a proxy fetches it, which looks the name up by itself."""
    return url.partition(":")[0] in getproxies() and not proxy_bypass(host)


async def _looked_up(host: str) -> str:
    """The IPv4 address of `host`. Raises CannotResolveHostError."""
    from twisted.internet import reactor  # noqa: PLC0415  # importing it installs one

    try:
        address: str = await maybe_deferred_to_future(reactor.resolve(host))  # type: ignore[arg-type]  # its type is wrong
    except Exception as problem:
        message = f"{host} cannot be looked up: {problem}"
        raise CannotResolveHostError(message) from problem
    return address
