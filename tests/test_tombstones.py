"""What stands where a record was erased: as long as the record, to the byte, and read by everybody."""

import gzip
import subprocess
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_other_tools import ACCEPTED, told, verdict

from archiver.store import warc
from archiver.store.exchange import Exchange
from archiver.store.inspection import inspect_warc
from archiver.store.members import records, whole_exchanges
from archiver.store.tombstones import tombstone

ID = "<urn:uuid:12345678-9abc-4def-8123-456789abcdef>"
DATE = "2026-11-22T18:34:00Z"
LEAST = 200
"""Bytes: a record of ours has more, for its head alone."""
LENGTHS = [LEAST, 201, 250, 299, 300, 301, 600, 601, 655, 656, 5_000, 65_535, 65_536, 65_960, 131_100, 1_200_001]
AT = datetime(2026, 11, 22, 18, 34, tzinfo=UTC)


@given(length=st.integers(LEAST, 200_000), reason=st.sampled_from(["court_order", "publisher_request", "error"]))
@settings(deadline=None)
def test_a_tombstone_is_a_gzip_member_of_exactly_the_length(length, reason):
    made = tombstone(ID, DATE, reason, length)

    assert len(made) == length
    assert f"WARC-Takedown: {reason}\r\n".encode() in gzip.decompress(made)
    assert made == tombstone(ID, DATE, reason, length)


def test_what_no_record_fits_into_is_refused():
    with pytest.raises(ValueError, match="no record fits into 100 bytes"):
        tombstone(ID, DATE, "error", 100)


def test_every_record_that_is_written_gives_room_for_its_tombstone():
    exchange = Exchange(url="http://a.vn/", at=AT, request=b"GET / HTTP/1.1\r\n\r\n", head=b"HTTP/1.1 200 OK\r\n\r\n", body=b"",
                        via=("http://a.vn/b",))  # fmt: skip
    original = warc.Original(ID, "http://a.vn/", DATE, "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ")
    made = [
        warc.request_record(exchange, ID), warc.via_record(exchange, ID), warc.response_record(exchange, ID),
        warc.revisit_record(exchange, ID, original), warc.not_modified_record(exchange, ID, original),
    ]  # fmt: skip

    assert [len(tombstone(ID, DATE, "publisher_request", len(record))) for record in made] == [*map(len, made)]


@pytest.fixture
def file(tmp_path):
    """A file of a warcinfo and tombstones of many lengths."""
    path = tmp_path / "a.warc.gz"
    first = warc.warcinfo(path.name, AT, {"software": "test"})
    stones = (tombstone(f"<urn:uuid:{number:08}-0000-4000-8000-000000000000>", DATE, "error", length)
              for number, length in enumerate(LENGTHS))  # fmt: skip
    path.write_bytes(first + b"".join(stones))
    return path


def test_our_own_readers_find_nothing_wrong_with_them(file):
    assert inspect_warc(file).findings == ()
    assert [record.length for record in records(file)][1:] == LENGTHS
    assert {record.is_tombstone for record in records(file)} == {False, True}
    assert [*warc.stored(file)] == []


def test_tombstones_at_the_end_of_a_file_belong_to_it(file):
    assert whole_exchanges(file).bytes == file.stat().st_size


def test_other_peoples_tools_read_them_and_index_nothing(file):
    assert subprocess.run(["gzip", "-t", file], check=False).returncode == 0
    assert verdict("fastwarc", "check", "-q", file) == ACCEPTED
    assert "fail" not in told("warcio", "check", "-v", file).decode()
    assert len(told("warcio", "index", file).splitlines()) == 1 + len(LENGTHS)
    assert told("cdxj-indexer", "-s", file) == b""
