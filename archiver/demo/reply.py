"""A reply of the newsroom, before it meets a socket."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Reply:
    """Status, headers and body. A body too large for memory is a `stream`, and `body` is empty."""

    body: bytes = b""
    status: int = 200
    kind: str = HTML
    """The media type."""
    location: str = ""
    """Of a redirect: where to."""
    modified: datetime | None = None
    """When the body was last another one."""
    stream: Iterator[bytes] | None = field(default=None, compare=False)
    original: str = ""
    """The address of the site that this is a copy of."""
    lines: tuple[bytes, ...] = ()
    """Further header lines, sent as they are."""
    before: tuple[Reply, ...] = ()
    """What the first requests for the address get instead, one each."""
    manner: str = ""
    """Which way of misbehaviour.MANNERS sends it; empty: as it should be."""

    def naming(self, original: str) -> Reply:
        """The same reply, naming the site that it is a copy of."""
        return replace(self, original=original, before=tuple(each.naming(original) for each in self.before))

    @property
    def etag(self) -> str:
        """The entity tag of the body; a stream has none."""
        return "" if self.stream is not None else f'"{hashlib.blake2b(self.body, digest_size=12).hexdigest()}"'

    @property
    def headers(self) -> dict[str, str]:
        """The headers that do not depend on the connection."""
        headers = {"Content-Type": self.kind, "Cache-Control": "no-cache"}
        if self.original:
            headers["Link"] = f'<{self.original}>; rel="original"'  # RFC 7089, 2.2.2: a copy names its original
        if self.location:
            headers["Location"] = self.location
        if self.etag and self.status == 200:
            headers["ETag"] = self.etag
        if self.modified is not None:
            headers["Last-Modified"] = format_datetime(self.modified.astimezone(UTC), usegmt=True)  # RFC 9110, 5.6.7
        return headers

    def is_known(self, asked: Mapping[str, str]) -> bool:
        """Whether a visitor who asks with these headers (names in lower case) has this body already: 304 is enough."""
        if self.status != HTTPStatus.OK:
            return False
        if (tags := asked.get("if-none-match")) is not None:
            # RFC 9110, 13.1.3: whoever names a tag is answered by the tag alone.
            return bool(self.etag) and self.etag in tags
        if self.modified is None or (since := asked.get("if-modified-since")) is None:
            return False
        try:
            return self.modified.replace(microsecond=0) <= parsedate_to_datetime(since)
        except (ValueError, TypeError):  # RFC 9110, 13.1.3: what is no date is ignored; a date without zone is none
            return False

    def head(self, framing: Mapping[str, str] | None = None, *, is_last: bool, status: int | None = None) -> bytes:
        """Status line and headers; `framing` are those that tell where the body ends."""
        status = status or self.status
        lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
        lines += [f"{name}: {value}" for name, value in {**self.headers, **(framing or {})}.items()]
        lines.append(f"Connection: {'close' if is_last else 'keep-alive'}")
        return b"\r\n".join([*(line.encode("latin-1") for line in lines), *self.lines, b"", b""])


def chunk(piece: bytes) -> bytes:
    """A piece of a body as RFC 9112, 7.1 frames it; the empty one is the last."""
    return b"%x\r\n%s\r\n" % (len(piece), piece)
