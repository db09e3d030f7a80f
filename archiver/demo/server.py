"""Serves a newsroom on loopback: HTTP/1.1, connections kept alive, one write for a reply."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, BinaryIO, Self, cast

from archiver.demo.reply import Reply

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from archiver.demo.newsroom import Newsroom

_HOST = "127.0.0.1"
_LONGEST_LINE = 16_384
_MOST_HEADERS = 100
_IDLE_SECONDS = 60
_HEADER_ENDS = (b"\r\n", b"\n", b"")


def serve(newsroom: Newsroom, port: int = 0) -> Server:
    """A running server; port 0 takes a free one. Leave its `with` block, or call `close`, to end it."""
    return Server(newsroom, port)


def run(newsroom: Newsroom, port: int, announce: Callable[[str], object]) -> None:
    """Serve until interrupted; `announce` gets the address as soon as it answers."""
    with serve(newsroom, port) as server, contextlib.suppress(KeyboardInterrupt):
        announce(server.url)
        server.wait()


class Server:
    """A newsroom being served from threads of its own."""

    def __init__(self, newsroom: Newsroom, port: int) -> None:
        self._listener = _Listener(newsroom, port)
        self.url = f"http://{_HOST}:{self._listener.server_address[1]}"
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Return when the server has ended."""
        self._thread.join()

    def close(self) -> None:
        """Stop listening; connections that are open end with the process."""
        self._listener.shutdown()
        self._listener.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, newsroom: Newsroom, port: int) -> None:
        super().__init__((_HOST, port), _Visit)
        self.newsroom = newsroom


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    target: str
    version: str
    headers: dict[str, str]

    @property
    def is_last(self) -> bool:
        """Whether the connection ends after this request."""
        default = "keep-alive" if self.version == "HTTP/1.1" else "close"
        return self.headers.get("connection", default).lower() == "close"


class _Visit(socketserver.StreamRequestHandler):
    """One connection, with as many requests as the visitor sends."""

    timeout = _IDLE_SECONDS
    disable_nagle_algorithm = True

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError, TimeoutError):
            while (request := _read(cast("BinaryIO", self.rfile))) is not None:
                self._answer(request)
                if request.is_last:
                    return

    def _answer(self, request: _Request) -> None:
        listener = cast("_Listener", self.server)
        origin = "http://" + request.headers.get("host", f"{_HOST}:{listener.server_address[1]}")
        if request.method in ("GET", "HEAD"):
            reply = listener.newsroom.page(request.target, origin)
        else:
            reply = Reply(b"405\n", status=405, kind="text/plain").naming(listener.newsroom.original)
        tag = reply.headers.get("ETag")
        if tag and tag in request.headers.get("if-none-match", ""):
            self.connection.sendall(_head(304, reply.headers, request))
        elif reply.stream is not None:
            self._send_stream(reply, request)
        else:
            head = _head(reply.status, {**reply.headers, "Content-Length": str(len(reply.body))}, request)
            self.connection.sendall(head if request.method == "HEAD" else head + reply.body)

    def _send_stream(self, reply: Reply, request: _Request) -> None:
        """Chunks for HTTP/1.1; before that the end of the connection is the end of the body."""
        is_chunked = request.version == "HTTP/1.1"
        extra = {"Transfer-Encoding": "chunked"} if is_chunked else {}
        self.connection.sendall(_head(reply.status, {**reply.headers, **extra}, request))
        if request.method == "HEAD" or reply.stream is None:
            return
        for piece in reply.stream:
            self.connection.sendall(b"%x\r\n%s\r\n" % (len(piece), piece) if is_chunked else piece)
        if is_chunked:
            self.connection.sendall(b"0\r\n\r\n")


def _read(stream: BinaryIO) -> _Request | None:
    """The next request, or None when there is no other or it cannot be read."""
    words = stream.readline(_LONGEST_LINE).decode("latin-1").split()
    if len(words) != 3 or not words[1].startswith("/"):  # RFC 9112, 3: method, target, version
        return None
    headers: dict[str, str] = {}
    for _ in range(_MOST_HEADERS):
        line = stream.readline(_LONGEST_LINE)
        if line in _HEADER_ENDS:
            break
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    length = headers.get("content-length", "0")
    stream.read(min(int(length), _LONGEST_LINE) if length.isdecimal() else 0)
    return _Request(words[0], words[1], words[2], headers)


def _head(status: int, headers: dict[str, str], request: _Request) -> bytes:
    """Status line and headers."""
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines.append(f"Connection: {'close' if request.is_last else 'keep-alive'}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
