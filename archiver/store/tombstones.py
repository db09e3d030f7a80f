"""Tombstones of records: what stands in a capture file where a record was erased, as long as it was to the byte.

No offset moves, so whatever else the file holds is found where it was. A tombstone is a `metadata` record of its own gzip
member, with the WARC-Record-ID and the WARC-Date of the record that stood there: replay and indexes pass it by, and what
refers to the record still finds it. Its address, its head and its payload are gone; the field WARC-Takedown tells why.
"""

from __future__ import annotations

import base64
import hashlib
import struct
import zlib

from archiver.store.members import TAKEDOWN

_HEADER = b"\x1f\x8b\x08%c\x00\x00\x00\x00\x00\x03"
_COMMENTED = 0x10
"""FCOMMENT (RFC 1952, 2.3.1): a text up to a zero byte, of any length, that no reader of the content sees."""
_LONGEST_COMMENT = 400
"""Bytes. Readers take a header in pieces of some kB and expect content in the first; more room is filled in the block."""
_STORED_BYTES = 0xFFFF
"""Of one stored block (RFC 1951, 3.2.4): five bytes say how long it is."""
_AROUND = 18
"""Bytes of a member without its packed content: ten before it, eight behind (RFC 1952, 2.3)."""
_SAYS = b"This record was erased on purpose: see takedowns.jsonl of the archive.\r\n"


def tombstone(record_id: str, date: str, reason: str, length: int) -> bytes:
    """A gzip member of exactly `length` bytes. Raises ValueError where no record fits into so few.

    The same arguments give the same bytes. A record of ours has a head of over 250 bytes, and always gives room.
    """
    for plain in (_record(record_id, date, reason, _SAYS), _record(record_id, date, reason, b"")):
        packed = _deflated(plain)
        if 0 <= length - _AROUND - len(packed) <= _LONGEST_COMMENT:
            return _member(plain, packed, length)
    head_bytes = len(_record(record_id, date, reason, _SAYS)) - len(_SAYS)
    # A little too much, for Content-Length will have more digits: a few steps down it fits.
    most = length - _AROUND - _stored_bytes(length) + length - head_bytes
    for filled in range(most, len(_SAYS) - 1, -1):
        plain = _record(record_id, date, reason, _SAYS.ljust(filled))
        if length - _AROUND - _stored_bytes(len(plain)) >= 0:
            return _member(plain, _stored(plain), length)
    message = f"no record fits into {length} bytes"
    raise ValueError(message)


def _record(record_id: str, date: str, reason: str, block: bytes) -> bytes:
    digest = base64.b32encode(hashlib.sha1(block, usedforsecurity=False).digest()).decode()
    fields = {
        "WARC-Type": "metadata",
        "WARC-Record-ID": record_id,
        "WARC-Date": date,
        TAKEDOWN: reason,
        "Content-Type": "application/warc-fields",
        "Content-Length": str(len(block)),
        **({"WARC-Block-Digest": f"sha1:{digest}"} if block else {}),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"WARC/1.1\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def _deflated(plain: bytes) -> bytes:
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(plain) + compressor.flush()


def _stored_bytes(size: int) -> int:
    return size + 5 * -(-size // _STORED_BYTES)


def _stored(plain: bytes) -> bytes:
    """`plain` as a deflate stream that compresses nothing: its length is known beforehand."""
    starts = range(0, len(plain), _STORED_BYTES)
    blocks = [plain[start : start + _STORED_BYTES] for start in starts]
    return b"".join(
        struct.pack("<BHH", number == len(blocks), len(block), len(block) ^ 0xFFFF) + block
        for number, block in enumerate(blocks, start=1)
    )


def _member(plain: bytes, packed: bytes, length: int) -> bytes:
    left = length - _AROUND - len(packed)
    header = _HEADER % (_COMMENTED if left else 0) + (b" " * (left - 1) + b"\x00" if left else b"")
    return header + packed + struct.pack("<II", zlib.crc32(plain), len(plain))
