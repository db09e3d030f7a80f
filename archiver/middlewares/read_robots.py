"""What an answer to robots.txt means when it is no robots.txt (RFC 9309, 2.3.1)."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError
from scrapy.http import Response, TextResponse

from archiver.middlewares.skipped import Skipped
from archiver.urls import origin

if TYPE_CHECKING:
    from scrapy import Request


class ReadRobots:
    """Downloader middleware, right behind Scrapy's own for robots.txt, which looks at the text of any answer.

    4xx: there are no rules, whatever the page of the error says. 5xx, and no answer at all: nothing may be fetched.
    """

    def __init__(self) -> None:
        self._closed: dict[str, str] = {}
        """Origin to what its robots.txt answered."""

    def process_request(self, request: Request) -> None:
        """Raises Skipped where robots.txt could not be read."""
        answer = self._closed.get(origin(request.url)) if "task" in request.meta else None
        if answer is not None:
            message = (
                f"{origin(request.url)}/robots.txt: {answer}. RFC 9309: then nothing may be fetched. Try again later"
            )
            raise Skipped(message, reason="robots_unreachable")

    def process_response(self, request: Request, response: Response) -> Response:
        """The answer in UTF-8, without a text where it is an error's."""
        if not _asks_for_robots(request):
            return response
        if response.status < 400:
            return response.replace(body=_utf8(response.body))
        if response.status >= 500:
            self._closed.setdefault(origin(request.url), f"status {response.status}")
        return response.replace(body=b"")

    def process_exception(self, request: Request, exception: Exception) -> Response | None:
        """An empty answer where robots.txt has none; a host that takes no connection at all says so to every request."""
        if not _asks_for_robots(request) or isinstance(
            exception, (DownloadConnectionRefusedError, CannotResolveHostError)
        ):
            return None
        self._closed[origin(request.url)] = str(exception) or type(exception).__name__
        return TextResponse(request.url, status=503, request=request)


def _asks_for_robots(request: Request) -> bool:
    return "task" not in request.meta and urlsplit(request.url).path == "/robots.txt"


def _utf8(body: bytes) -> bytes:
    """A file saved in UTF-16 means what it says, though RFC 9309, 2.2, asks for UTF-8."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", errors="replace").encode()
    return body
