"""Exchanges become WARC records that everybody reads, and come back as they were."""

from __future__ import annotations

import base64
import gzip
import hashlib
import random
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archiver.errors import ArchiveDamaged
from archiver.store import warc
from archiver.store.exchange import Exchange, parted
from archiver.store.inspection import inspect_warc
from archiver.store.members import whole_exchanges

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://hcma.vn/khai-mac-hoi-thao-19239.htm"
ID = "<urn:uuid:00000000-0000-4000-8000-000000000001>"
REQUEST = b"GET /khai-mac-hoi-thao-19239.htm HTTP/1.1\r\nHost: hcma.vn\r\nAccept-Encoding: gzip\r\n\r\n"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
BODY = "<h1>Khai mạc hội thảo</h1>".encode()
ORIGINAL = warc.Original(
    ID, URL, "2026-11-21T08:00:00Z", "sha1:" + base64.b32encode(hashlib.sha1(BODY).digest()).decode()
)


def exchange(**fields) -> Exchange:
    return Exchange(**{"url": URL, "at": NOON, "request": REQUEST, "head": HEAD, "body": BODY, **fields})


EXCHANGES = {
    "a page": exchange(),
    "led to by redirects": exchange(via=("http://hcma.vn/tin/19239", "https://hcma.vn/tin/19239?id=%C3%A1")),
    # RFC 9110, 15.4.5: a 304 has no body, whatever its Content-Length says of the page.
    "304": exchange(head=b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 4711\r\n\r\n', body=b""),
    "204": exchange(head=b"HTTP/1.1 204 No Content\r\n\r\n", body=b""),
    "200 without a body": exchange(head=b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", body=b""),
    "no header at all": exchange(head=b"HTTP/1.0 200 \r\n\r\n"),
    "no reason phrase": exchange(head=b"HTTP/1.1 200\r\nServer: x\r\n\r\n"),
    "repeated headers": exchange(head=b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nX: 1\r\nset-cookie: b=2\r\nSet-Cookie: a=1\r\n\r\n"),
    # SharePoint answers a moved page so: the path is UTF-8 as it stands.
    "raw UTF-8 in a header": exchange(head="HTTP/1.1 302 Found\r\nLocation: /tin-tức/hội-thảo\r\n\r\n".encode()),
    "raw Latin-1 in a header": exchange(head=b"HTTP/1.1 200 \xd4k\r\nX-Ville: Hu\xe9\xff\x80\r\n\r\n"),
    "odd header names": exchange(head=b"HTTP/1.1 200 OK\r\n: empty\r\nno colon here\r\nx y: 1\r\n\xc3\xa1: 2\r\nWARC-Type: response\r\n\r\n"),
    "lines that end in LF": exchange(head=b"HTTP/1.1 200 OK\nServer: x\r\n\r\n", body=b"\n\n" + BODY),
    # What Scrapy gives is dechunked; other clients keep the header of how it came.
    "said to be chunked": exchange(head=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
    "compressed": exchange(head=b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", body=gzip.compress(BODY, mtime=0)),
    "a WARC in the body": exchange(body=b"\r\n\r\nWARC/1.1\r\nWARC-Type: response\r\nContent-Length: 9\r\n\r\n"),
    "all bytes there are": exchange(body=bytes(range(256)) * 2),
    "5 MB": exchange(body=random.Random(1).randbytes(5_000_000)),
    "cut short": exchange(body=BODY[:9], truncated="disconnect"),
    "cut before its first byte": exchange(body=b"", truncated="time"),
    "not found": exchange(head=b"HTTP/1.1 404 Not Found\r\n\r\n"),
    "a form": exchange(request=b"POST /ds HTTP/1.1\r\nHost: hcma.vn\r\n\r\n__VIEWSTATE=%2F\r\n\r\nx=1"),
    "an address of 20 kB": exchange(url="https://hcma.vn/?q=" + "%E1%BA%A1" * 2222),
    "all signs of an address": exchange(url="https://hcma.vn/a;b=c,d:@!$&'()*+~_-./?a[]=%3C1%3E"),
}  # fmt: skip
each_exchange = pytest.mark.parametrize("given_one", EXCHANGES.values(), ids=EXCHANGES)

some_bytes = st.binary(max_size=600)
some_url = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=80).map("https://hcma.vn/".__add__)
some_exchange = st.builds(
    Exchange,
    url=some_url,
    at=st.integers(0, 100 * 365 * 86_400).map(lambda seconds: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)),
    request=some_bytes,
    head=some_bytes.map(lambda data: parted(data + b"\r\n\r\n")[0]),
    body=some_bytes,
    truncated=st.sampled_from([None, "length", "time", "disconnect", "unspecified"]),
    via=st.lists(some_url, max_size=3).map(tuple),
)  # fmt: skip


def records(one: Exchange, original: warc.Original | None = None, number: int = 1) -> list[bytes]:
    """An exchange as a capture file has it."""
    record_id = f"<urn:uuid:00000000-0000-4000-8000-{number:012}>"
    response = warc.revisit_record(one, record_id, original) if original else warc.response_record(one, record_id)
    return [warc.request_record(one, record_id), *([warc.via_record(one, record_id)] if one.via else []), response]


def written(path: Path, *exchanges: Exchange) -> list[bytes]:
    """The records of a file of them, which begins with its warcinfo."""
    parts = [warc.warcinfo(path.name, NOON, {"software": "archiver"})]
    parts += [part for number, one in enumerate(exchanges, start=1) for part in records(one, number=number)]
    path.write_bytes(b"".join(parts))
    return parts


def stored(path: Path, start: int = 0) -> list[Exchange]:
    return [each.exchange for each in warc.stored(path, start)]


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    """Of a file that each test writes anew."""
    return tmp_path_factory.mktemp("captures") / "hcma-20261122T120000Z-00001.warc.gz"


@each_exchange
def test_an_exchange_comes_back_as_it_was(path, given_one):
    written(path, given_one)

    assert stored(path) == [given_one]


def test_any_exchanges_come_back_as_they_were(path):
    @settings(deadline=None)
    @given(st.lists(some_exchange, min_size=1, max_size=3))
    def check(exchanges):
        written(path, *exchanges)

        assert stored(path) == exchanges

    check()


def test_a_message_without_an_end_of_its_head_comes_back(path):
    one = exchange(head=b"HTTP/1.1 200 OK\r\nServer: x\r\n", body=b"")
    written(path, one)

    assert stored(path) == [one]


@each_exchange
def test_warcio_reads_it_and_finds_every_digest_right(path, given_one):
    written(path, given_one)
    with path.open("rb") as file:
        read = {}
        for record in ArchiveIterator(file, check_digests="raise"):
            read[record.rec_type] = record.raw_stream.read()
            assert record.digest_checker.passed is True
            if record.rec_type == "response":
                assert record.http_headers.get_statuscode() == str(given_one.status)

    assert list(read) == ["warcinfo", "request", *(["metadata"] if given_one.via else []), "response"]
    assert read["response"] == given_one.body


@each_exchange
def test_warcio_finds_the_bytes_of_the_wire(path, given_one):
    parts = written(path, given_one)
    with path.open("rb") as file:
        *_, response = (
            (int(record.rec_headers.get_header("Content-Length")), record.raw_stream.read())
            for record in ArchiveIterator(file, no_record_parse=True)
        )

    assert response == (len(given_one.head + given_one.body), given_one.head + given_one.body)
    assert gzip.decompress(parts[-1]).endswith(b"\r\n\r\n" + response[1] + b"\r\n\r\n")


@each_exchange
def test_our_own_inspection_finds_nothing_wrong(path, given_one):
    written(path, given_one)
    inspected = inspect_warc(path)

    assert [finding.message for finding in inspected.findings] == []
    assert inspected.captures == 1


def fields(part: bytes) -> dict[str, str]:
    """Of a record, by name; each name once."""
    lines = gzip.decompress(part).partition(b"\r\n\r\n")[0].decode().splitlines()[1:]
    pairs = [tuple(line.split(": ", 1)) for line in lines]
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def digest(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()


def test_a_response_says_what_warc_asks_for():
    *_, response = records(exchange(truncated="length"))

    assert gzip.decompress(response).startswith(b"WARC/1.1\r\n")
    assert fields(response) == {
        "WARC-Type": "response",
        "WARC-Record-ID": ID,
        "WARC-Date": "2026-11-22T12:00:00Z",
        "WARC-Target-URI": URL,
        "WARC-Payload-Digest": digest(BODY),
        "WARC-Truncated": "length",
        "WARC-Block-Digest": digest(HEAD + BODY),
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(HEAD + BODY)),
    }


def test_request_and_metadata_name_the_response_they_belong_to():
    request, via, response = records(exchange(via=("https://hcma.vn/a", "https://hcma.vn/b")))
    ids = [fields(part)["WARC-Record-ID"] for part in (request, via, response)]

    assert [fields(part).get("WARC-Concurrent-To") for part in (request, via, response)] == [ID, ID, None]
    assert len(set(ids)) == 3
    assert gzip.decompress(via).endswith(b"\r\n\r\nvia: https://hcma.vn/a\r\nvia: https://hcma.vn/b\r\n\r\n\r\n")
    assert gzip.decompress(request).endswith(b"\r\n\r\n" + REQUEST + b"\r\n\r\n")


def test_a_revisit_says_what_it_repeats_and_has_its_own_head(path):
    head = b"HTTP/1.1 200 OK\r\nAge: 7\r\nX-\xe1: \xff\r\n\r\n"
    *_, revisit = records(exchange(head=head), ORIGINAL)
    path.write_bytes(revisit)
    (read,) = warc.stored(path)

    assert {name: value for name, value in fields(revisit).items() if name.startswith(("WARC-P", "WARC-R"))} == {
        "WARC-Record-ID": ID,
        "WARC-Payload-Digest": digest(BODY),
        "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        "WARC-Refers-To": ORIGINAL.record_id,
        "WARC-Refers-To-Target-URI": ORIGINAL.url,
        "WARC-Refers-To-Date": ORIGINAL.date,
    }
    assert read.exchange == exchange(request=b"", head=head, body=b"")
    assert read.payload_sha1 == hashlib.sha1(BODY).digest()
    assert read.refers_to == (ORIGINAL.url, ORIGINAL.date)


def test_warcio_reads_a_revisit(path):
    path.write_bytes(b"".join(records(exchange(), ORIGINAL)))
    with path.open("rb") as file:
        (revisit,) = (each for each in ArchiveIterator(file, check_digests="raise") if each.rec_type == "revisit")

    assert revisit.http_headers.to_bytes() == HEAD
    assert revisit.rec_headers.get_header("Content-Length") == str(len(HEAD))


def test_a_file_says_who_wrote_it_one_line_a_field(path):
    about = {"software": "archiver/1 Scrapy/2", "robots": "obey", "operator": "Học viện\r\nCơ sở 2", "base-url": "http://[::1]:8/a: b"}  # fmt: skip
    path.write_bytes(warc.warcinfo(path.name, NOON, about))
    head = fields(path.read_bytes())

    assert warc.about(path) == {**about, "operator": "Học viện Cơ sở 2"}
    assert (head["WARC-Type"], head["WARC-Filename"]) == ("warcinfo", path.name)


def test_the_same_exchange_gives_the_same_bytes():
    assert warc.response_record(exchange(), ID) == warc.response_record(exchange(), ID)
    assert warc.response_record(exchange(), ID)[4:8] == bytes(4)


def test_no_two_records_have_one_id():
    assert len({warc.new_id() for _ in range(1000)}) == 1000


def test_every_record_is_a_gzip_member_of_its_own(path):
    parts = written(path, *EXCHANGES.values())

    assert [zlib.decompress(part, zlib.MAX_WBITS + 16)[:10] for part in parts] == [b"WARC/1.1\r\n"] * len(parts)


def test_a_capture_is_found_again_by_its_places(path):
    led = exchange(url="https://hcma.vn/b", via=(URL,))
    parts = written(path, exchange(), led, exchange(url="https://hcma.vn/c"))
    borders = [sum(map(len, parts[:number])) for number in range(len(parts) + 1)]
    found = list(warc.stored(path))

    assert [(each.begins, each.offset, each.length) for each in found] == [
        (borders[1], borders[2], len(parts[2])),
        (borders[3], borders[5], len(parts[5])),
        (borders[6], borders[7], len(parts[7])),
    ]
    assert [stored(path, each.begins)[0] for each in found] == stored(path)
    assert [warc.body_at(path, each.offset) for each in found] == [BODY] * 3
    assert [warc.original_at(path, each.offset).url for each in found] == [URL, led.url, "https://hcma.vn/c"]
    assert warc.original_at(path, found[0].offset) == warc.Original(ID, URL, "2026-11-22T12:00:00Z", digest(BODY))


def test_a_capture_says_where_it_stands(path):
    one = exchange(truncated="time")
    parts = written(path, one)
    (found,) = warc.stored(path)
    capture = found.capture("captures/2026/11/x.warc.gz")

    assert (capture.warc, capture.offset, capture.length) == ("captures/2026/11/x.warc.gz", *map(len, (b"".join(parts[:2]), parts[2])))  # fmt: skip
    assert (capture.record_id, capture.payload_digest) == (ID, digest(BODY))
    assert (capture.http_status, capture.truncated) == (200, "time")


def some_file(path: Path) -> list[bytes]:
    return written(path, exchange(), exchange(url="https://hcma.vn/b", via=(URL,)), exchange(url="https://hcma.vn/c"))


def read_as_far_as_it_goes(path: Path) -> tuple[list[Exchange], str | None]:
    """What comes before the damage, and what is raised there."""
    found: list[Exchange] = []
    try:
        for each in warc.stored(path):
            found.append(each.exchange)  # noqa: PERF401  # those before the damage count
    except Exception as error:  # noqa: BLE001  # judged by the test
        return found, type(error).__name__
    return found, None


def test_of_a_file_that_is_cut_only_whole_exchanges_are_read_and_the_cut_is_told(path):
    parts = some_file(path)
    whole, good = path.read_bytes(), stored(path)
    borders = {sum(map(len, parts[:number])) for number in range(len(parts) + 1)}
    ends = [sum(map(len, parts[: number + 1])) for number in (2, 5, 7)]
    near = {border + step for border in borders for step in (-1, 0, 1)} - {-1}
    wrong = {}
    for size in sorted({*range(0, len(whole), 13), *near}):
        path.write_bytes(whole[:size])
        right = (
            good[: sum(end <= size for end in ends)],
            None if size in borders or size > len(whole) else "ArchiveDamaged",
        )
        if (read := read_as_far_as_it_goes(path)) != right:
            wrong[size] = len(read[0]), read[1]

    assert wrong == {}


def test_of_a_file_with_a_changed_byte_no_changed_exchange_is_read(path):
    some_file(path)
    whole, good = path.read_bytes(), stored(path)
    wrong = {}
    for place in range(0, len(whole), 5):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x04]) + whole[place + 1 :])
        found, raised = read_as_far_as_it_goes(path)
        # A gzip header says also when and where it was made: of no matter.
        if found != good[: len(found)] or raised not in ("ArchiveDamaged", None) or (raised is None and found != good):
            wrong[place] = len(found), raised

    assert wrong == {}


@pytest.mark.parametrize("read", [warc.original_at, warc.body_at], ids=["original_at", "body_at"])
def test_where_no_record_begins_none_is_read(path, read, capfd):
    parts = some_file(path)
    borders = {sum(map(len, parts[:number])) for number in range(len(parts))}
    wrong = []
    for place in range(path.stat().st_size + 9):
        if place not in borders:
            try:
                wrong.append((place, read(path, place)))
            except ArchiveDamaged as damage:
                wrong += [place] * (f"{path}, byte {place}: " not in str(damage))

    assert wrong == []
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    "read",
    [lambda path: list(warc.stored(path)), warc.about, lambda path: warc.body_at(path, 0), lambda path: warc.original_at(path, 0)],
    ids=["stored", "about", "body_at", "original_at"],
)  # fmt: skip
def test_a_capture_file_that_is_gone_is_damage(tmp_path, read):
    with pytest.raises(ArchiveDamaged, match=r"gone\.warc\.gz"):
        read(tmp_path / "gone.warc.gz")


@pytest.mark.parametrize("content", [b"", b"\n"], ids=["empty", "blank"])
def test_a_file_without_a_record_is_about_nothing(path, content):
    path.write_bytes(content)

    with pytest.raises(ArchiveDamaged, match=r"archiver verify"):
        warc.about(path)


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", 200),
        (b"HTTP/1.1 404\r\nServer: x y\r\n\r\n", 404),
        (b"HTTP/2 301 \r\n\r\n", 301),
        (b"HTTP/1.1 999 Request denied\r\n\r\n", 999),
        (b"HTTP/1.1 OK\r\n\r\n", 0),
        (b"HTTP/1.1 \r\nX: 404 y\r\n\r\n", 0),
        (b"HTTP/1.1\r\nAge: 404\r\n\r\n", 0),
        (b"HTTP/1.1 \xb2\xb2\xb2 OK\r\n\r\n", 0),
        (b"", 0),
    ],
)
def test_the_status_is_that_of_the_status_line(head, status):
    assert exchange(head=head).status == status


@pytest.mark.parametrize(
    ("lines", "value"),
    [
        (b"Content-Encoding: br", "br"),
        (b"content-encoding:br", "br"),
        (b"CONTENT-ENCODING :\t br ", "br"),
        (b"Content-Encoding: gzip\r\nX: y\r\nContent-Encoding: br", "gzip, br"),
        (b"Content-Encoding:", ""),
        (b"Content-Encoding: h\xe1", "há"),
        (b"X-Content-Encoding: br\r\nContent-Encoding-X: br\r\nX: Content-Encoding: br", None),
        (b"Content-Encoding", None),
        (b"X: y", None),
    ],
)
def test_a_header_is_read_as_rfc_9110_has_it(lines, value):
    assert exchange(head=b"HTTP/1.1 200 OK\r\n" + lines + b"\r\n\r\n").header("Content-Encoding") == value


def test_a_file_cut_anywhere_holds_its_whole_exchanges(path):
    parts = some_file(path)
    whole = path.read_bytes()
    ends = {sum(map(len, parts[:count])): count for count in (0, 1, 3, 6, 8)}

    @settings(deadline=None)
    @given(
        st.integers(0, len(whole)),
        st.sampled_from([b"", b"\xff" * 40, b"\x1f\x8b\x08\0", b"\x1f", b"garbage", b"\r\n\r\n"]),
    )
    def check(size, behind):
        path.write_bytes(whole[:size] + behind)
        members = whole_exchanges(path)
        end = max(end for end in ends if end <= size)

        assert (members.bytes, members.records) == (end, ends[end])
        assert members.captures == max(0, list(ends).index(end) - 1)
        assert members.sha256 == hashlib.sha256(whole[:end]).hexdigest()

    check()


def test_zeros_behind_the_last_member_are_no_member(path):
    parts = some_file(path)
    size = path.stat().st_size
    path.write_bytes(b"".join(parts) + bytes(4096))

    assert (whole_exchanges(path).bytes, whole_exchanges(path).records) == (size, len(parts))


def test_members_behind_a_changed_one_are_not_counted(path):
    parts = some_file(path)
    border = len(b"".join(parts[:3]))
    changed = bytearray(path.read_bytes())
    changed[border + 40] ^= 0x10
    path.write_bytes(bytes(changed))

    assert (whole_exchanges(path).bytes, whole_exchanges(path).records) == (border, 3)


def test_members_tell_from_when_to_when_they_were_captured(path):
    later = replace(exchange(), at=datetime(2026, 11, 23, 7, tzinfo=UTC))
    parts = [warc.warcinfo("x", NOON, {}), *records(exchange()), *records(later, ORIGINAL, 2), *records(exchange(body=b"x" * 3_000_000), number=3)]  # fmt: skip
    path.write_bytes(b"".join(parts))
    members = whole_exchanges(path)

    assert (members.first, members.last) == ("2026-11-22T12:00:00Z", "2026-11-22T12:00:00Z")
    assert (members.records, members.captures) == (7, 3)


def test_members_of_an_empty_file_are_none(path):
    path.write_bytes(b"")
    members = whole_exchanges(path)

    assert (members.bytes, members.records, members.captures, members.first, members.last) == (0, 0, 0, None, None)
    assert members.sha256 == hashlib.sha256(b"").hexdigest()
