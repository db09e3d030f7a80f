"""Every exchange with the network is kept before anything is made of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urlsplit

from scrapy import signals
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError, IgnoreRequest, StopDownload
from scrapy.http import Headers
from scrapy.responsetypes import responsetypes
from scrapy.utils.misc import load_object

from archiver.errors import ArchiverError
from archiver.store import disk
from archiver.store.exchange import Exchange, Named
from archiver.store.spool import IN_MEMORY, Spool

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from archiver.article import Capture
    from archiver.store.exchange import Truncated

FROM_CAPTURE = "from_capture"
"""Flag of a response that did not come from the network."""


@dataclass(slots=True)
class _Coming:
    """What has arrived of a response."""

    headers: Headers
    pieces: list[bytes] = field(default_factory=list)
    spool: Spool | None = None
    """Takes the place of the pieces where a file is coming."""


class KeepCaptures:
    """Downloader middleware, next to the network. Notes in a request's meta `capture` and `fetched_at`.

    The body of an attachment or a picture goes into a Spool, noted as `body`, and not into the response. A request whose meta has `place` was answered before a crash: it gets the response that stands there.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._now: Callable[[], datetime] = load_object(crawler.settings["NOW"])
        self._coming: dict[Request, _Coming] = {}
        crawler.signals.connect(self._begin, signal=signals.headers_received)
        crawler.signals.connect(self._go_on, signal=signals.bytes_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> KeepCaptures:
        """Scrapy's hook."""
        return cls(crawler)

    def process_request(self, request: Request) -> Response | None:
        """The response of the capture at the request's `place`; None: ask the network."""
        place = request.meta.get("place")
        _let_go(request)
        if place is None:
            request.meta.pop("capture", None)  # of the answer that led here
            return None
        spider: Any = self._crawler.spider
        try:
            stored = spider.archive.kept(place)
        except ArchiverError as error:
            raise IgnoreRequest(str(error)) from error
        exchange = stored.exchange
        self._note(request, exchange, stored.capture(place.file))
        headers = _headers(exchange)
        if exchange.named is not None:
            request.meta["body"] = Spool(spider.archive.folder)
            request.meta["body"].write(exchange.body)
            exchange = replace(exchange, body=b"")
        kind = responsetypes.from_args(headers=headers, url=exchange.url, body=exchange.body)
        return kind(exchange.url, exchange.status, headers, exchange.body, flags=[FROM_CAPTURE], request=request)

    def process_response(self, request: Request, response: Response) -> Response:
        """`response`, kept. IgnoreRequest, caused by the error, where the archive cannot take it."""
        coming = self._coming.pop(request, None)
        if FROM_CAPTURE not in response.flags:
            status_line = request.meta.pop("status_line", b"HTTP/1.1 %d " % response.status)
            made = self._exchange(request, status_line, response.headers, response.body)
            if coming is not None and coming.spool is not None:
                made = _filled(made, coming.spool)
                request.meta["body"] = coming.spool
            self._keep(request, made)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Keeps what has come of a response that will not come whole."""
        coming = self._coming.pop(request, None)
        status_line = request.meta.pop("status_line", None)
        if coming is not None and status_line is not None:
            body = b"".join(coming.pieces)
            if coming.spool is not None:
                # Of a file that is too large the beginning shows what it was.
                body = coming.spool.first(IN_MEMORY)
                request.meta["received"] = coming.spool.size
                coming.spool.close()
            why = _truncated(exception)
            self._keep(request, self._exchange(request, status_line, coming.headers, body, truncated=why))

    def _begin(self, headers: Headers, request: Request) -> None:
        spider: Any = self._crawler.spider
        is_file = _is_file(request)
        self._coming[request] = _Coming(headers, spool=Spool(spider.archive.folder) if is_file else None)

    def _go_on(self, data: bytes, request: Request) -> None:
        coming = self._coming.get(request)
        if coming is not None and coming.spool is not None:
            coming.spool.write(data)
        elif coming is not None:
            coming.pieces.append(data)

    def _exchange(
        self, request: Request, status_line: bytes, headers: Headers, body: bytes, truncated: Truncated | None = None
    ) -> Exchange:
        return Exchange(
            url=urldefrag(request.url)[0],
            at=self._now(),
            request=_asked(request),
            head=_head(status_line, headers),
            body=body,
            truncated=truncated,
            via=(*request.meta.get("views", ()), *request.meta.get("redirect_urls", ())),
            named=Named(request.meta["note"]["of"], request.meta["asked"]) if _is_file(request) else None,
        )

    def _keep(self, request: Request, exchange: Exchange) -> None:
        spider: Any = self._crawler.spider
        capture = None
        if getattr(spider, "archive", None) is not None and spider.archive.is_open:
            try:
                if exchange.spool is not None and exchange.spool.trouble is not None:
                    raise disk.trouble(spider.archive.folder, exchange.spool.trouble)  # as of keep()
                capture = spider.archive.keep(exchange, request.meta.get("task"), request.meta.get("condition"))
            except ArchiverError as error:
                raise IgnoreRequest(str(error)) from error
        self._note(request, exchange, capture)

    def _note(self, request: Request, exchange: Exchange, capture: Capture | None) -> None:
        request.meta["capture"], request.meta["fetched_at"] = capture, exchange.at


def _is_file(request: Request) -> bool:
    return request.meta.get("kind") == "file"


def _let_go(request: Request) -> None:
    """Of the body of an answer before: a redirect's, or one that is tried again."""
    body = request.meta.pop("body", None)
    if body is not None:
        body.close()


def _filled(exchange: Exchange, spool: Spool) -> Exchange:
    """`exchange` with the body that is in `spool`, where it is small as a page has it."""
    if spool.trouble is None and spool.size <= IN_MEMORY:
        return replace(exchange, body=spool.first(IN_MEMORY))
    return replace(exchange, body=b"", spool=spool)


def _asked(request: Request) -> bytes:
    """The request as it went out, as far as Scrapy tells."""
    parts = urlsplit(request.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    line = f"{request.method} {target} HTTP/1.1".encode("latin-1", errors="replace")
    headers = Headers({"Host": parts.netloc.rpartition("@")[2], **request.headers})
    return _head(line, headers) + request.body


def _head(first_line: bytes, headers: Headers) -> bytes:
    return first_line.rstrip() + b"\r\n" + (headers.to_string() + b"\r\n" if headers else b"") + b"\r\n"


def _headers(exchange: Exchange) -> Headers:
    headers = Headers()
    for line in exchange.head.split(b"\r\n")[1:]:
        name, colon, value = line.partition(b":")
        if colon:
            headers.appendlist(name.strip(), value.strip())
    return headers


def _truncated(exception: Exception) -> Truncated:
    if isinstance(exception, DownloadTimeoutError):
        return "time"
    if isinstance(exception, StopDownload):
        return "unspecified"
    return "length" if isinstance(exception, DownloadCancelledError) else "disconnect"
