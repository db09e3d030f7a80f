"""What is known, an article, a file, a feed or a sitemap, is asked for on the condition that it is not as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

from scrapy.exceptions import IgnoreRequest

from archiver.errors import ArchiverError
from archiver.store.warc import NOT_MODIFIED_STATUS

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from archiver.store.warc import Validators

CONDITIONS = ("If-None-Match", "If-Modified-Since")


class AskIfChanged:
    """Downloader middleware. Notes in a request's meta `condition`: by what it is asked for, where it is.

    The condition is of one address: where a request is led on, or is another view, it is asked without.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AskIfChanged:
        """Scrapy's hook."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Adds what the server gave with the last capture: its ETag, its time (RFC 9110, 13.1)."""
        meta = request.meta
        if meta.pop("condition", None) is not None:
            for name in CONDITIONS:
                request.headers.pop(name, None)
        if "task" not in meta or "place" in meta:
            return
        asked = self._validators(request)
        if asked is None:
            return
        meta["condition"] = asked
        for name, value in zip(CONDITIONS, (asked.etag, asked.last_modified), strict=True):
            if value is not None:
                request.headers[name] = value

    def process_response(self, request: Request, response: Response) -> Response:
        """`response`; of a feed or sitemap that is as it was with what it was: what it names is to be looked at again.

        Raises IgnoreRequest, caused by the error, where the archive cannot be read.
        """
        if response.status != NOT_MODIFIED_STATUS or "source" not in request.meta.get("note", ()):
            return response
        spider: Any = self._crawler.spider
        place = spider.documents.last(response.url, spider.archive.ledger)
        if place is None:
            return response
        try:
            exchange = spider.archive.kept(place).exchange
        except ArchiverError as error:
            raise IgnoreRequest(str(error)) from error
        headers = {name: value for name in ("Content-Type", "Content-Encoding") if (value := exchange.header(name))}
        return response.replace(headers=headers, body=exchange.body)

    def _validators(self, request: Request) -> Validators | None:
        spider: Any = self._crawler.spider
        meta, url = request.meta, urldefrag(request.url)[0]
        if meta["kind"] == "article":
            found: Validators | None = spider.archive.validators(spider.archive.ledger.id_of(meta["key"]), url)
        elif meta["kind"] == "file":
            found = spider.archive.validators_of_file(meta["asked"], url)
        elif "source" in meta["note"]:
            found = spider.archive.validators_at(spider.documents.last(url, spider.archive.ledger), url)
        else:
            found = None
        return found
