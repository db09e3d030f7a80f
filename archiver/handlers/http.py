"""Scrapy's handler for http and https: the status line is noted of what never becomes whole, a file's body goes by."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, _ScrapyAgent
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

STATUS_LINE = "status_line"
"""In the request's meta: the status line as received, once there is one."""


class NotingHandler(HTTP11DownloadHandler):
    """Scrapy tells the status of whole responses only; a capture of half a response needs it too."""

    async def download_request(self, request: Request) -> Response:
        """The response. Raises Scrapy's errors of a download."""
        agent = _NotingAgent(
            contextFactory=self._contextFactory,
            bindAddress=self._bind_address,
            pool=self._pool,
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
            tls_verbose_logging=self._tls_verbose_logging,
        )
        with wrap_twisted_exceptions():
            return await maybe_deferred_to_future(agent.download_request(request))


class _NotingAgent(_ScrapyAgent):
    def _cb_bodyready(self, txresponse: Any, request: Request) -> Any:
        protocol, major, minor = txresponse.version
        request.meta[STATUS_LINE] = b"%s/%d.%d %d %s" % (protocol, major, minor, txresponse.code, txresponse.phrase)
        coming = super()._cb_bodyready(txresponse, request)
        reader = getattr(txresponse, "_bodyProtocol", None)
        if reader is not None and request.meta.get("kind") == "file":
            # KeepCaptures has every piece of it on the disk.
            reader._bodybuf = _Forgetting()  # noqa: SLF001  # else it stands in memory until it is whole
        return coming


class _Forgetting(BytesIO):
    """Takes everything and has nothing: a large file does not stand in memory."""

    def write(self, data: Any) -> int:
        return len(data)
