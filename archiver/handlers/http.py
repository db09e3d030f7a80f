"""Scrapy's handler for http and https, which also notes the status line of a response that never becomes whole."""

from __future__ import annotations

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
        return super()._cb_bodyready(txresponse, request)
