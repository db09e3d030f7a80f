"""What a reader finds in a captured body, also where it is torn: as far as it can be read."""

from __future__ import annotations

import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

from archiver import codings
from archiver.errors import BadPage
from archiver.page import LARGEST_PAGE_BYTES, Page
from archiver.store.exchange import Exchange

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


def text_of(head: bytes, body: bytes, at: datetime) -> str:
    """The text of a body behind its HTTP head; what is no text comes out as signs of no meaning."""
    shown = Exchange(url="", at=at, request=b"", head=head, body=body)
    coding = shown.header("Content-Encoding") or ""
    try:
        plain = codings.decode(body, coding, limit=LARGEST_PAGE_BYTES)
    except BadPage:
        plain = codings.begun(body, coding)
    try:
        return Page("", plain, at, shown.header("Content-Type")).decoded[0]
    except BadPage:
        return plain.decode(errors="replace")


def torn_members(data: bytes) -> Iterator[bytes]:
    """What comes out of each gzip member of a file of which the last is torn; nothing where none begins it."""
    while data.startswith(b"\x1f\x8b"):
        inflating, plain = zlib.decompressobj(zlib.MAX_WBITS + 16), b""
        with suppress(zlib.error):
            for start in range(0, len(data), 4096):
                plain += inflating.decompress(data[start : start + 4096])
                if inflating.eof:
                    data = inflating.unused_data + data[start + 4096 :]
                    break
        yield plain
        if not inflating.eof:
            return
