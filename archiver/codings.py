"""Content codings (RFC 9110, 8.4.1): what a server compressed, as it was before."""

from __future__ import annotations

import re
import sys
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

import brotli

from archiver.errors import BadPage

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable

ACCEPTED = "gzip, deflate, br, zstd"
"""The header Accept-Encoding of what decode() reads."""

MOST_CODINGS = 3
"""One on top of the other. Servers use one, a proxy may add one; more is a trap."""

_STEP = 256
"""Bytes: of a faulty stream no more is lost than what a step would have given."""
_GZIP = b"\x1f\x8b"
_ZSTD = re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18")


def decode(body: bytes, codings: str, *, limit: int) -> bytes:
    """`body` without its codings, which are named as in the header Content-Encoding.

    Raises BadPage with the reason `cut_short` where the stream ends early, `too_large` where more than `limit` bytes
    come of it, `bad_coding` where it cannot be read. A body that says gzip and is none is taken as it is: misconfigured
    servers are common, and no page begins with gzip's two bytes.
    """
    if not body:
        return body
    names = [name for name in (part.strip().lower() for part in codings.split(",")) if name not in ("", "identity")]
    if len(names) > MOST_CODINGS:
        problem = f"{len(names)} content codings, one on the other"
        raise _bad(problem)
    for name in reversed(names):
        read = _READERS.get(name)
        if read is None:
            problem = f"the content coding {name[:40]!r} is not known"
            raise _bad(problem)
        body = read(body, limit)
    return body


def begun(body: bytes, coding: str) -> bytes:
    """As much as comes out of a body that is torn or faulty; the body itself where nothing does."""
    if "br" in coding or "zstd" in coding:
        with suppress(brotli.error, zstd.ZstdError):
            inflate = brotli.Decompressor().process if "br" in coding else zstd.ZstdDecompressor().decompress
            return inflate(body) or body
        return body
    for bits in (zlib.MAX_WBITS + 32, -zlib.MAX_WBITS):
        inflating, plain = zlib.decompressobj(bits), b""
        with suppress(zlib.error):
            for start in range(0, len(body), _STEP):
                plain += inflating.decompress(body[start : start + _STEP])
        if plain:
            return plain
    return body


def _gzip(body: bytes, limit: int) -> bytes:
    if not body.startswith(_GZIP):
        return body
    whole = b""
    # RFC 1952, 2.2: a gzip file is a series of members. What follows the last is no part of it.
    while body.startswith(_GZIP):
        inflating = zlib.decompressobj(zlib.MAX_WBITS + 16)
        whole += _inflated(inflating.decompress, body, limit - len(whole))
        if not inflating.eof:
            raise _cut()
        body = inflating.unused_data
    return whole


def _deflate(body: bytes, limit: int) -> bytes:
    # RFC 9110, 8.4.1.2: zlib format; some servers send the raw stream.
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        inflating = zlib.decompressobj(bits)
        try:
            whole = _inflated(inflating.decompress, body, limit)
        except BadPage as problem:
            if bits > 0 and problem.reason == "bad_coding":
                continue
            raise
        if not inflating.eof:
            raise _cut()
        return whole
    raise AssertionError  # the second turn returns or raises


def _brotli(body: bytes, limit: int) -> bytes:
    inflating = brotli.Decompressor()
    whole = _inflated(lambda data, most: inflating.process(data, output_buffer_limit=most), body, limit)
    if not inflating.is_finished():
        raise _cut()
    return whole


def _zstd(body: bytes, limit: int) -> bytes:
    whole = b""
    # RFC 8878, 3: a series of frames, some of which hold no data.
    while body and (not whole or _ZSTD.match(body)):
        inflating = zstd.ZstdDecompressor()
        whole += _inflated(inflating.decompress, body, limit - len(whole))
        if not inflating.eof:
            raise _cut()
        body = inflating.unused_data
    return whole


def _inflated(step: Callable[[bytes, int], bytes], body: bytes, limit: int) -> bytes:
    """What `step` makes of `body`, one byte more than `limit` asked for at most."""
    try:
        whole = step(body, limit + 1)
    except (zlib.error, brotli.error, zstd.ZstdError) as problem:
        raise _bad(str(problem)) from problem
    if len(whole) > limit:
        message = f"inflates to more than {limit / 1e6:.0f} MB: no news page does"
        raise BadPage(message, reason="too_large")
    return whole


def _bad(problem: str) -> BadPage:
    return BadPage(f"the compressed body cannot be read: {problem}", reason="bad_coding")


def _cut() -> BadPage:
    return BadPage("the compressed body ends in the middle", reason="cut_short")


_READERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
