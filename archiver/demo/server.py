"""Serves a newsroom on loopback: HTTP/1.1, connections kept alive, one write for a reply."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, BinaryIO, Protocol, Self, cast

from archiver.demo.misbehaviour import MANNERS, Wire
from archiver.demo.reply import Reply, chunk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from archiver.demo.faults import Fault

_HOST = "127.0.0.1"
_LONGEST_LINE = 16_384
_MOST_HEADERS = 100
_IDLE_SECONDS = 60
_HEADER_ENDS = (b"\r\n", b"\n", b"")


class Served(Protocol):
    """What can be served: a newsroom that stands still, or one that lives."""

    @property
    def original(self) -> str:
        """The address of the site that this is a copy of."""

    @property
    def faulty_addresses(self) -> Mapping[Fault, str]:
        """Where each of its faults is met."""

    def page(self, path_and_query: str, origin: str) -> Reply:
        """The reply to GET."""


def serve(newsroom: Served, port: int = 0, *, second: float = 1.0) -> Server:
    """A running server; port 0 takes a free one. Leave its `with` block, or call `close`, to end it.

    `second`: how long a second of its slow faults is, in seconds.
    """
    return Server(newsroom, port, second)


def run(newsroom: Served, port: int, announce: Callable[[str], object]) -> None:
    """Serve until interrupted; `announce` gets the address as soon as it answers, then each fault."""
    with serve(newsroom, port) as server, contextlib.suppress(KeyboardInterrupt):
        announce(server.url)
        for fault, address in newsroom.faulty_addresses.items():
            announce(f"{fault.name}  {server.url}{address}  {fault.says}")
        server.wait()


class Server:
    """A newsroom being served from threads of its own."""

    def __init__(self, newsroom: Served, port: int, second: float) -> None:
        self._listener = _Listener(newsroom, port, second)
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

    def __init__(self, newsroom: Served, port: int, second: float) -> None:
        super().__init__((_HOST, port), _Visit)
        self.newsroom = newsroom
        self.second = second
        self._asked: Counter[str] = Counter()
        self._counting = threading.Lock()

    def reply(self, request: _Request) -> Reply:
        """The newsroom's reply, or what the first requests for this address get before it."""
        if request.method not in ("GET", "HEAD"):
            return Reply(b"405\n", status=405, kind="text/plain").naming(self.newsroom.original)
        origin = "http://" + request.headers.get("host", f"{_HOST}:{self.server_address[1]}")
        reply = self.newsroom.page(request.target, origin)
        if not reply.before:
            return reply
        with self._counting:
            turn = self._asked[request.target]
            self._asked[request.target] += 1
        return reply.before[turn] if turn < len(reply.before) else reply


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
        listener = cast("_Listener", self.server)
        with contextlib.suppress(ConnectionError, TimeoutError):
            while (request := _read(cast("BinaryIO", self.rfile))) is not None:
                reply = listener.reply(request)
                if reply.manner and request.method == "GET":
                    MANNERS[reply.manner](Wire(self.connection, reply, request.is_last, listener.second))
                    return
                self._send(reply, request)
                if request.is_last:
                    return

    def _send(self, reply: Reply, request: _Request) -> None:
        if reply.is_known(request.headers):
            self.connection.sendall(reply.head(is_last=request.is_last, status=304))
        elif reply.stream is not None:
            self._send_stream(reply, request)
        else:
            # RFC 9110, 8.6: a 204 has no Content-Length.
            framing = {} if reply.status == HTTPStatus.NO_CONTENT else {"Content-Length": str(len(reply.body))}
            head = reply.head(framing, is_last=request.is_last)
            self.connection.sendall(head if request.method == "HEAD" else head + reply.body)

    def _send_stream(self, reply: Reply, request: _Request) -> None:
        """Chunks for HTTP/1.1; before that the end of the connection is the end of the body."""
        is_chunked = request.version == "HTTP/1.1"
        framing = {"Transfer-Encoding": "chunked"} if is_chunked else {}
        self.connection.sendall(reply.head(framing, is_last=request.is_last))
        if request.method == "HEAD" or reply.stream is None:
            return
        for piece in reply.stream:
            self.connection.sendall(chunk(piece) if is_chunked else piece)
        if is_chunked:
            self.connection.sendall(chunk(b""))


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
