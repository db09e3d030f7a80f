"""Real picture files made of nothing but a name: the same name always gives the same bytes."""

from __future__ import annotations

import struct
import zlib
from random import Random

_WIDTH, _HEIGHT = 64, 48  # multiples of 8, the side of a JPEG block
GIF = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="12" height="12"><circle cx="6" cy="6" r="5"/></svg>'

# ITU T.81, table K.3: the Huffman codes for the size of a block's step in brightness
_COUNTS = bytes((0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0))
_CODES = ("00", "010", "011", "100", "101", "110", "1110", "11110", "111110", "1111110", "11111110", "111111110")
_END_OF_BLOCK = "0"


def png(name: str) -> bytes:
    """A PNG of coloured stripes."""
    rng = Random(name)
    rows = b"".join(b"\0" + bytes(rng.choices(range(256), k=3)) * _WIDTH for _ in range(_HEIGHT))
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 1)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def jpeg(name: str) -> bytes:
    """A baseline JPEG of grey squares: each 8 by 8 block is one brightness, so no cosine need be computed."""
    rng = Random(name)
    bits, before = "", 0
    for _ in range(_WIDTH * _HEIGHT // 64):
        level = rng.randrange(-900, 900)
        bits += _step(level - before) + _END_OF_BLOCK
        before = level
    bits += "1" * (-len(bits) % 8)
    scan = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\x00")
    segments = (
        _segment(0xE0, b"JFIF\0" + bytes((1, 1, 0, 0, 1, 0, 1, 0, 0))),
        _segment(0xDB, b"\0" + b"\x01" * 64),
        _segment(0xC0, struct.pack(">BHHB", 8, _HEIGHT, _WIDTH, 1) + b"\x01\x11\x00"),
        _segment(0xC4, b"\x00" + _COUNTS + bytes(range(12))),
        _segment(0xC4, b"\x10\x01" + bytes(15) + b"\x00"),
        _segment(0xDA, b"\x01\x01\x00\x00\x3f\x00"),
    )
    return b"\xff\xd8" + b"".join(segments) + scan + b"\xff\xd9"


def _step(difference: int) -> str:
    """The bits for a step in brightness: how many bits follow, then the step."""
    size = abs(difference).bit_length()
    if not size:
        return _CODES[0]
    shown = difference if difference > 0 else difference + (1 << size) - 1
    return _CODES[size] + f"{shown:0{size}b}"


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
