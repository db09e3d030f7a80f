"""One HTTP exchange as it is kept: what was asked, what came back, when."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

Truncated = Literal["length", "time", "disconnect", "unspecified"]
"""Why a body is not whole, in the words of WARC 1.1, 5.13."""

_HEAD_ENDS = b"\r\n\r\n"


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A request and its response. Heads are bytes as on the wire, the empty line at their end included."""

    url: str
    at: datetime
    """When the response was there, UTC."""
    request: bytes
    """Request line, headers, and the body if there was one."""
    head: bytes
    """Status line and headers, repeated ones too."""
    body: bytes
    """Without chunked transfer coding; still in its content coding (gzip, br)."""
    truncated: Truncated | None = None
    via: tuple[str, ...] = ()
    """The addresses that led here by redirect or as other views of the same article, first to last."""

    @property
    def status(self) -> int:
        """The status code; 0 where the head has none."""
        words = self.head.partition(b"\r\n")[0].split(b" ")
        return int(words[1]) if len(words) > 1 and len(words[1]) == 3 and words[1].isdigit() else 0

    @cached_property
    def payload_sha1(self) -> bytes:
        """SHA-1 of the body: 20 bytes."""
        return hashlib.sha1(self.body, usedforsecurity=False).digest()

    def header(self, name: str) -> str | None:
        """The values of a header, joined by commas (RFC 9110, 5.3); None: there is none."""
        wanted = name.lower().encode()
        found = []
        for line in self.head.removesuffix(_HEAD_ENDS).split(b"\r\n")[1:]:
            key, colon, value = line.partition(b":")
            if colon and key.strip().lower() == wanted:
                found.append(value.strip().decode("latin-1"))
        return ", ".join(found) if found else None


def parted(block: bytes) -> tuple[bytes, bytes]:
    """Head and body of an HTTP message; a message without an end of its head is all head."""
    head, ends, body = block.partition(_HEAD_ENDS)
    return head + ends, body
