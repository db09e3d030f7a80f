"""One HTTP exchange as it is kept: what was asked, what came back, when."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from archiver.store.spool import Spool

Truncated = Literal["length", "time", "disconnect", "unspecified"]
"""Why a body is not whole, in the words of WARC 1.1, 5.13."""

_HEAD_ENDS = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Named:
    """An attachment or a picture, as the line of an article names it."""

    id: str
    """Of the article that was the first to name it."""
    url: str


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
    named: Named | None = None
    """What it was fetched as, where it is an attachment or a picture of an article; None: it was fetched as a page."""
    spool: Spool | None = None
    """Holds the body where that is too large for memory; `body` is empty then."""

    @property
    def status(self) -> int:
        """The status code; 0 where the head has none."""
        words = self.head.partition(b"\r\n")[0].split(b" ")
        return int(words[1]) if len(words) > 1 and len(words[1]) == 3 and words[1].isdigit() else 0

    @cached_property
    def payload_sha1(self) -> bytes:
        """SHA-1 of the body: 20 bytes."""
        if self.spool is not None:
            return self.spool.sha1
        return hashlib.sha1(self.body, usedforsecurity=False).digest()

    @property
    def has_body(self) -> bool:
        """Whether there is a byte of it."""
        return bool(self.body or self.spool)

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
