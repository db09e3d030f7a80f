"""Bodies that do not stand in memory: the same records, and the same care when the disk refuses."""

from __future__ import annotations

import gzip
import hashlib
import tracemalloc
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_captures import FIRST, exchange, files_of, no_file_above, sealed, urls

from archiver.errors import DiskTrouble
from archiver.store import warc
from archiver.store.exchange import Named
from archiver.store.members import whole_exchanges
from archiver.store.spool import IN_MEMORY, Spool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMED = Named("hcma:101", "https://hcma.vn/tep/a.pdf")
NOISE = b"".join(hashlib.sha256(b"%d" % number).digest() for number in range(40_000))
"""1.3 MB that no coding makes smaller."""


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "hcma").mkdir()
    return tmp_path / "hcma"


@contextmanager
def spool_of(folder: Path, *pieces: bytes) -> Iterator[Spool]:
    with closing(Spool(folder)) as spool:
        for piece in pieces:
            spool.write(piece)
        yield spool


@settings(max_examples=25, deadline=None)
@given(pieces=st.lists(st.binary(max_size=2000), max_size=6), large=st.booleans())
def test_a_record_written_in_pieces_is_that_of_the_same_body_in_memory(tmp_path_factory, pieces, large):
    pieces = [NOISE, *pieces] if large else pieces
    body = b"".join(pieces)
    whole = exchange(body=body, truncated="length")
    written: list[bytes] = []
    with spool_of(tmp_path_factory.getbasetemp(), *pieces) as spool:
        spooled = replace(whole, body=b"", spool=spool)
        warc.write_response(spooled, "<urn:uuid:1>", written.append)

    assert gzip.decompress(b"".join(written)) == gzip.decompress(warc.response_record(whole, "<urn:uuid:1>"))
    assert spooled.payload_sha1 == whole.payload_sha1
    assert (spool.size, spool.sha256, spool.start) == (len(body), hashlib.sha256(body).hexdigest(), body[:4096])


def test_a_large_body_never_stands_in_memory(folder):
    tracemalloc.start()
    with spool_of(folder) as spool:
        for _ in range(20):
            spool.write(bytes(1 << 20))
        warc.write_response(replace(exchange(2, b""), spool=spool), "<urn:uuid:1>", lambda _: None)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 6_000_000


def test_a_large_body_is_read_again_as_it_was_with_what_named_it(folder):
    captures = files_of(folder)
    captures.append(exchange(1), None)
    with spool_of(folder, NOISE) as spool:
        capture, begins = captures.append(replace(exchange(2, b""), spool=spool, named=NAMED), None)
    captures.append(exchange(3), None)
    captures.close()
    found = list(warc.stored(folder / FIRST))

    assert [each.exchange.body == NOISE for each in found] == [False, True, False]
    assert [each.exchange.named for each in found] == [None, NAMED, None]
    assert (found[1].offset, found[1].length, found[1].begins) == (capture.offset, capture.length, begins.offset)
    assert sealed(folder)[0].sha256 == hashlib.sha256((folder / FIRST).read_bytes()).hexdigest()
    assert sorted(path.name for path in folder.iterdir()) == ["captures", "manifest.jsonl"]


def test_where_the_disk_takes_half_a_large_body_nothing_of_it_is_left(folder):
    captures = files_of(folder)
    captures.append(exchange(1), None)
    with spool_of(folder, NOISE) as spool, no_file_above(500_000), pytest.raises(DiskTrouble):
        captures.append(replace(exchange(2, b""), spool=spool), None)
    captures.append(exchange(3), None)
    captures.close()

    assert urls(folder, FIRST) == ["/tin-1.htm", "/tin-3.htm"]
    assert sealed(folder)[0].sha256 == hashlib.sha256((folder / FIRST).read_bytes()).hexdigest()


@pytest.mark.parametrize("left", [0.2, 0.5, 0.99])
def test_of_a_large_body_that_a_kill_has_cut_the_exchanges_before_are_whole(folder, left):
    captures = files_of(folder)
    captures.append(exchange(1), None)
    with spool_of(folder, NOISE) as spool:
        captures.append(replace(exchange(2, b""), spool=spool), None)
    captures.abandon()
    path = folder / f"{FIRST}.open"
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * left)])

    assert whole_exchanges(path).captures == 1


def test_what_the_disk_does_not_take_is_told_and_not_counted(folder):
    with no_file_above(IN_MEMORY - 1000), spool_of(folder, NOISE[: IN_MEMORY - 5000], NOISE[:9000], b"more") as spool:
        pass

    assert spool.trouble is not None
    assert spool.size == IN_MEMORY - 5000
