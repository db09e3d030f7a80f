"""What a server compressed comes back as it was, or not at all."""

from __future__ import annotations

import gzip
import random
import sys
import tracemalloc
import zlib

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver import codings
from archiver.errors import BadPage

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PAGE = "".join(
    f"<p>Đoạn {number}: thư viện huyện thứ {number * 7919} mở hội thảo.</p>\n" for number in range(60)
).encode()
NOISE = random.Random(1).randbytes(300_000)


def raw_deflate(data: bytes) -> bytes:
    deflating = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflating.compress(data) + deflating.flush()


def streamed_brotli(data: bytes) -> bytes:
    """As nginx sends it: flushed in pieces, ended at last."""
    deflating = brotli.Compressor(quality=4)
    size = max(500, len(data) // 10)
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    return b"".join([*(deflating.process(piece) + deflating.flush() for piece in pieces), deflating.finish()])


COMPRESSED = {
    "gzip": ("gzip", lambda data: gzip.compress(data, mtime=0)),
    "gzip with a file's name": ("gzip", lambda data: b"\x1f\x8b\x08\x08" + b"\0" * 6 + b"index.html\0" + gzip.compress(data)[10:]),
    "x-gzip": ("x-gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "deflate, raw": ("deflate", raw_deflate),
    "br": ("br", lambda data: brotli.compress(data, quality=4)),
    "br in pieces": ("br", streamed_brotli),
    "zstd": ("zstd", zstd.compress),
    "zstd with a checksum": ("zstd", lambda data: zstd.compress(data, options={zstd.CompressionParameter.checksum_flag: 1})),
}  # fmt: skip
each_coding = pytest.mark.parametrize(("name", "compress"), COMPRESSED.values(), ids=COMPRESSED)
some_coding = st.sampled_from(list(COMPRESSED.values()))


def decoded(body: bytes, names: str, limit: int = 2_000_000) -> bytes | str:
    """What comes of a body, or the reason why nothing does."""
    try:
        return codings.decode(body, names, limit=limit)
    except BadPage as problem:
        return problem.reason


@settings(deadline=None)
@given(some_coding, st.binary(max_size=3000), st.integers(0, 1000))
def test_a_body_comes_back_as_it_was(coding, data, room):
    name, compress = coding

    assert decoded(compress(data), name, len(data) + room) == data


@each_coding
@pytest.mark.parametrize("data", [PAGE, NOISE, bytes(1_000_000)], ids=["page", "noise", "zeros"])
def test_a_body_may_be_just_as_large_as_the_limit(name, compress, data):
    body = compress(data)

    assert decoded(body, name, len(data)) == data
    assert decoded(body, name, len(data) - 1) == "too_large"


@each_coding
def test_a_body_cut_anywhere_is_no_body(name, compress):
    body = compress(PAGE)
    shortest = 2 if "gzip" in name else 1  # without its two bytes a gzip is taken as it is
    ends = {size: decoded(body[:size], name) for size in range(shortest, len(body))}

    assert {size: end for size, end in ends.items() if end not in ("cut_short", "bad_coding")} == {}


@settings(deadline=None)
@given(some_coding, st.binary(max_size=2000), st.data())
def test_whatever_is_in_it_a_cut_body_is_no_body(coding, data, drawn):
    name, compress = coding
    body = compress(data)
    size = drawn.draw(st.integers(2 if "gzip" in name else 1, max(2, len(body) - 1)))

    assert len(body) <= size or decoded(body[:size], name) in ("cut_short", "bad_coding")


@pytest.mark.parametrize("name", ["gzip", "x-gzip", "deflate", "br", "zstd"])
def test_nothing_stays_nothing(name):
    assert decoded(b"", name) == b""


@pytest.mark.parametrize("body", [b"\x1f", b"<!doctype html>", b"\xef\xbb\xbf<html>", b"\x8b\x1f"])
def test_a_body_that_says_gzip_and_is_none_is_taken_as_it_is(body):
    assert decoded(body, "gzip") == body


@pytest.mark.parametrize("place", range(10, 60, 7))
def test_a_gzip_with_a_changed_byte_is_no_body(place):
    body = bytearray(gzip.compress(PAGE, mtime=0))
    body[place] ^= 0x10

    assert decoded(bytes(body), "gzip") in ("bad_coding", "cut_short")


SERIES = {
    "gzip members": ("gzip", gzip.compress(PAGE) + gzip.compress(b"</html>")),  # RFC 1952, 2.2
    "zstd frames": ("zstd", zstd.compress(PAGE) + zstd.compress(b"</html>")),  # RFC 8878, 3
    "zstd, skippable frame first": (
        "zstd",
        b"\x50\x2a\x4d\x18\x04\x00\x00\x00note" + zstd.compress(PAGE + b"</html>"),  # RFC 8878, 3.1.2
    ),
}


@pytest.mark.parametrize(("name", "body"), SERIES.values(), ids=SERIES)
def test_a_series_of_streams_is_one_body(name, body):
    assert decoded(body, name) == PAGE + b"</html>"


@pytest.mark.parametrize(("name", "body"), SERIES.values(), ids=SERIES)
def test_the_limit_is_of_all_streams_together(name, body):
    assert decoded(body, name, len(PAGE) + 7) == PAGE + b"</html>"
    assert decoded(body, name, len(PAGE) + 6) == "too_large"


@pytest.mark.parametrize(("name", "body"), SERIES.values(), ids=SERIES)
def test_a_series_whose_last_stream_is_cut_is_no_body(name, body):
    assert decoded(body[:-5], name) == "cut_short"


@pytest.mark.parametrize(
    "behind", [b"\0" * 512, b"\r\n", b"<!-- cached -->"], ids=["padding", "line end", "comment of a proxy"]
)
def test_what_follows_the_last_gzip_member_is_no_part_of_it(behind):
    assert decoded(gzip.compress(PAGE) + behind, "gzip") == PAGE


@pytest.mark.parametrize(
    "names",
    ["gzip", "GZIP", " gzip ", "x-gzip", "gzip,", ",gzip", "identity, gzip", "gzip, identity", "Identity,,gzip"],
)
def test_a_coding_is_read_by_its_name_however_it_is_spelt(names):
    assert decoded(gzip.compress(PAGE), names) == PAGE


@pytest.mark.parametrize("names", ["", "identity", " , ", "IDENTITY"])
def test_without_a_coding_a_body_is_as_it_is(names):
    assert decoded(gzip.compress(PAGE), names) == gzip.compress(PAGE)


def test_codings_are_undone_last_first():
    body = brotli.compress(zlib.compress(PAGE))

    assert [decoded(body, "deflate, br"), decoded(body, "br, deflate")] == [PAGE, "bad_coding"]


@pytest.mark.parametrize(
    ("body", "names", "reason"),
    [
        (PAGE, "compress", "bad_coding"),
        (PAGE, "utf-8", "bad_coding"),
        (PAGE, "aws-chunked", "bad_coding"),
        (PAGE, "gzip;q=1.0", "bad_coding"),
        (PAGE, "br", "bad_coding"),
        (PAGE, "zstd", "bad_coding"),
        (PAGE, "deflate", "bad_coding"),
        (b"\x1f\x8b" + PAGE, "gzip", "bad_coding"),
        (gzip.compress(PAGE), "gzip, gzip, gzip, gzip", "bad_coding"),
        (gzip.compress(gzip.compress(gzip.compress(PAGE)[:-1])), "gzip, gzip, gzip", "cut_short"),
        (gzip.compress(bytes(3_000_000)), "gzip", "too_large"),
        (gzip.compress(gzip.compress(bytes(3_000_000))), "gzip, gzip", "too_large"),
        (gzip.compress(brotli.compress(bytes(3_000_000))), "br, gzip", "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_refused_by_its_reason(body, names, reason):
    assert decoded(body, names) == reason


def test_three_codings_one_on_the_other_are_read():
    assert decoded(gzip.compress(brotli.compress(zlib.compress(PAGE))), "deflate, br, gzip") == PAGE


@each_coding
def test_a_bomb_does_not_inflate(name, compress):
    bomb = compress(bytes(20_000_000))
    tracemalloc.start()
    try:
        end = decoded(bomb, name, 1_000_000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert end == "too_large"
    assert peak < 6_000_000


def test_the_header_accept_encoding_names_what_is_read():
    compressed = {name: compress(PAGE) for name, compress in COMPRESSED.values()}

    assert [decoded(compressed[name], name) == PAGE for name in codings.ACCEPTED.split(", ")] == [True] * 4


@pytest.mark.parametrize(
    ("body", "names", "message"),
    [
        (gzip.compress(bytes(3_000_000)), "gzip", "inflates to more than 2 MB: no news page does"),
        (gzip.compress(PAGE)[:-9], "gzip", "the compressed body ends in the middle"),
        (PAGE, "sdch", "the compressed body cannot be read: the content coding 'sdch' is not known"),
        (PAGE, "a,b,c,d", "the compressed body cannot be read: 4 content codings, one on the other"),
    ],
)
def test_a_refusal_says_what_is_wrong(body, names, message):
    with pytest.raises(BadPage) as refused:
        codings.decode(body, names, limit=2_000_000)

    assert str(refused.value) == message
