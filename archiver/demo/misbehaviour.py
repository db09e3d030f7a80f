"""Ways to send a reply wrongly. The connection ends after each."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from archiver.demo.reply import Reply

_RESET = struct.pack("ii", 1, 0)  # SO_LINGER, on, for 0 seconds: close() discards and resets, socket(7)


@dataclass(frozen=True, slots=True)
class Wire:
    """A connection, and the reply that is to go over it."""

    connection: socket.socket
    reply: Reply
    is_last: bool
    """Whether the visitor wants the connection to end."""
    second: float
    """How long a second is, in seconds."""

    def head(self) -> bytes:
        """The head of the reply as it should be: with the length of the body."""
        return self.reply.head({"Content-Length": str(len(self.reply.body))}, is_last=self.is_last)

    def send_half(self) -> None:
        """The head, which promises the whole body, and half of it."""
        body = self.reply.body
        self.connection.sendall(self.head() + body[: len(body) // 2])

    def reset(self) -> None:
        """A reset in place of the orderly end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        socket.close(self.connection.detach())  # the handler's files would keep it open

    def wait(self, seconds: float | None) -> None:
        """Return after so many seconds; None: never. Raises ConnectionError when the visitor goes away before."""
        self.connection.settimeout(None if seconds is None else seconds * self.second)
        try:
            while self.connection.recv(4_096):
                pass
        except TimeoutError:
            return
        raise ConnectionAbortedError


def _reset(wire: Wire) -> None:
    """Not one byte."""
    wire.reset()


def _reset_in_body(wire: Wire) -> None:
    """Half of it."""
    wire.send_half()
    wire.reset()


def _stall(wire: Wire) -> None:
    """Half of it, and no end."""
    wire.send_half()
    wire.wait(None)


def _silent(wire: Wire) -> None:
    """Nothing, and no end."""
    wire.wait(None)


def _drip(wire: Wire) -> None:
    """The body over and over, one byte a second."""
    wire.connection.sendall(wire.reply.head(is_last=True))
    for byte in cycle(wire.reply.body):
        wire.connection.sendall(bytes([byte]))
        wire.wait(1)


def _slow(wire: Wire) -> None:
    """All of it, late."""
    wire.wait(20)
    wire.connection.sendall(wire.head() + wire.reply.body)


def _as_it_is(wire: Wire) -> None:
    """All of it, with no other length than its own headers state."""
    wire.connection.sendall(wire.reply.head(is_last=True))
    for piece in wire.reply.stream or (wire.reply.body,):
        wire.connection.sendall(piece)


MANNERS: dict[str, Callable[[Wire], None]] = {
    "reset": _reset,
    "reset in body": _reset_in_body,
    "stall": _stall,
    "silent": _silent,
    "drip": _drip,
    "slow": _slow,
    "as it is": _as_it_is,
}
