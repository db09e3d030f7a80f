"""A reply of the newsroom, before it meets a socket."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    stream: Iterator[bytes] | None = field(default=None, compare=False)
    original: str = ""
    """The address of the site that this is a copy of."""

    def naming(self, original: str) -> Reply:
        """The same reply, naming the site that it is a copy of."""
        return replace(self, original=original)

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
        return headers
