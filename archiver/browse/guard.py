"""What stands before every page: who may ask, what may be asked, and what a browser may do with the answer."""

from __future__ import annotations

import ipaddress
import secrets
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = ("GET", "HEAD")
LOOPBACK = ("127.0.0.1", "localhost", "::1")

_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; script-src 'nonce-{nonce}'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "X-DNS-Prefetch-Control": "off",
    "Cache-Control": "no-store",
}


class Guard:
    """Refuses foreign names, writing, and other pages' requests; says with every answer what a browser may do.

    A page elsewhere can have a name of its own point to this machine (DNS rebinding): the Host must be one under which
    the page was opened.
    """

    def __init__(self, app: ASGIApp, host: str = LOOPBACK[0]) -> None:
        self._app = app
        self._is_public = host not in LOOPBACK
        self._names = {*LOOPBACK, host.lower()}
        if self._is_public:
            self._names |= {socket.gethostname().lower(), socket.getfqdn().lower()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, or has the pages answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce
        refusal = self._refusal(scope)

        async def say(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in {**_HEADERS, "Content-Security-Policy": _POLICY.format(nonce=nonce)}.items():
                    headers.setdefault(name, value)
            await send(message)

        await (refusal or self._app)(scope, receive, say)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        if scope["method"] not in METHODS:
            return PlainTextResponse("This page is for reading only.\n", 405, {"Allow": ", ".join(METHODS)})
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._knows(hosts[0]):
            return PlainTextResponse("Open this page by the address that `archiver browse` printed.\n", 421)
        # Fetch metadata (w3.org/TR/fetch-metadata): other sites may lead here, and neither embed nor probe.
        is_foreign = headers.get("sec-fetch-site") in ("cross-site", "same-site")
        if is_foreign and headers.get("sec-fetch-dest") != "document":
            return PlainTextResponse("No page elsewhere may use this one.\n", 403)
        return None

    def _knows(self, host: str) -> bool:
        try:
            parts = urlsplit(f"//{host}")
            name = parts.hostname or ""
            if parts.username is not None or parts.path or parts.query or parts.fragment or parts.port == 0:
                return False
        except ValueError:
            return False
        return name in self._names or (self._is_public and _is_address(name))


def _is_address(name: str) -> bool:
    """Whether it is a number, which nobody can have point elsewhere."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
