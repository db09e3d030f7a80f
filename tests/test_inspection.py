"""Each damage of a WARC file is told by its own code; a good file, whoever wrote it, by none."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import os
import re
import shutil
import subprocess
import threading
import tracemalloc
import zlib
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import TYPE_CHECKING

import pytest
from conftest import Reply, serving
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archiver.errors import UsageError
from archiver.store.inspection import KINDS, Expected, inspect_warc, revisits_of_nothing

if TYPE_CHECKING:
    from pathlib import Path

DATE, LATER = "2026-11-22T12:00:00Z", "2026-11-22T12:00:01Z"
URL = "https://hcma.vn/khai-mac-hoi-thao-19239.htm"
BODY = "".join(f"<p>Đoạn {number}: hội thảo ở huyện thứ {number * 7919}.</p>\n" for number in range(40)).encode()
CHUNKED = b"5;note=x\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
INFO, PAGE, REQUEST, CHUNKS, REVISIT, LOG = range(6)
"""Places of records in the sample."""


@dataclass(frozen=True)
class Stored:
    """A WARC file, record by record as stored."""

    parts: tuple[bytes, ...]
    is_gzip: bool

    @property
    def whole(self) -> bytes:
        return b"".join(self.parts)

    def begin(self, number: int) -> int:
        return len(b"".join(self.parts[:number]))

    def text(self, number: int) -> bytes:
        return gzip.decompress(self.parts[number]) if self.is_gzip else self.parts[number]

    def put(self, number: int, *parts: bytes) -> Stored:
        return replace(self, parts=(*self.parts[:number], *parts, *self.parts[number + 1 :]))

    def write(self, number: int, text: bytes) -> Stored:
        return self.put(number, gzip.compress(text, mtime=0) if self.is_gzip else text)

    def edit(self, number: int, old: str, new: str) -> Stored:
        """With the first match of a pattern replaced in one record's text."""
        edited = re.sub(old.encode(), new.encode(), self.text(number), count=1)
        assert edited != self.text(number)
        return self.write(number, edited)


def sha1(body: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(body).digest()).decode()


def record_id(number: int) -> str:
    return f"<urn:uuid:00000000-0000-4000-8000-{number:012}>"


def warcinfo(writer):
    record = writer.create_warcinfo_record("a.warc.gz", {"software": "archiver"})
    record.rec_headers.replace_header("WARC-Date", DATE)
    record.rec_headers.replace_header("WARC-Record-ID", record_id(0))
    return record


def record(kind: str, number: int, body: bytes = b"", *, http: str = "", url: str = URL, **fields: str):
    """What makes one record; `http`: the lines of an HTTP head."""
    head = {"WARC-Record-ID": record_id(number), "WARC-Date": DATE}
    head |= {name.replace("_", "-"): value for name, value in fields.items()}

    def make(writer):
        version, _, status = http.partition("\n")[0].partition(" ")
        lines = [tuple(line.split(": ")) for line in http.split("\n")[1:]]
        return writer.create_warc_record(
            url, kind, io.BytesIO(body), len(body), warc_headers_dict=dict(head),
            http_headers=StatusAndHeaders(status, lines, protocol=version) if http else None,
        )  # fmt: skip

    return make


def revisit(number: int, body: bytes, original: str, date: str, *, url: str = URL):
    def make(writer):
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        fields = {"WARC-Record-ID": record_id(number), "WARC-Date": LATER}
        return writer.create_revisit_record(url, sha1(body), original, date, http, fields)

    return make


SAMPLE = (
    warcinfo,
    record("response", 1, BODY, http="HTTP/1.1 200 OK\nContent-Type: text/html"),
    record("request", 2, http="GET / HTTP/1.1\nHost: hcma.vn", WARC_Concurrent_To=record_id(1)),
    record("response", 3, CHUNKED, http="HTTP/1.1 200 OK\nTransfer-Encoding: chunked", url=f"{URL}?a=|"),
    revisit(4, BODY, URL, DATE),
    record("resource", 5, b"crawl log\n" * 40, url="urn:log:1", Content_Type="text/plain"),
    record("metadata", 6, b"outlink: https://hcma.vn/ L a/@href\r\n", WARC_Refers_To=record_id(1)),
    record("response", 7, b"%PDF-1.4 cut", http="HTTP/1.1 200 OK\nServer: x", url=f"{URL}#7", WARC_Truncated="length"),
    record("response", 8, b"20261122120000\nhcma.vn. 300 IN A 192.0.2.1\n", url="dns:hcma.vn", Content_Type="text/dns"),
    record("conversion", 9, b"hello world", Content_Type="text/plain", WARC_Refers_To=record_id(3)),
)


def written(*, is_gzip: bool = True, version: str = "1.1", records=SAMPLE) -> Stored:
    """Records written by warcio."""
    parts = []
    for make in records:
        file = io.BytesIO()
        writer = WARCWriter(file, gzip=is_gzip, warc_version=version)
        writer.write_record(make(writer))
        parts.append(file.getvalue())
    return Stored(tuple(parts), is_gzip)


PACKED, PLAIN = written(), written(is_gzip=False)


def look(folder: Path, data: bytes | Stored, *, expected: Expected | None = None, name: str = "a.warc.gz"):
    path = folder / name
    path.write_bytes(data.whole if isinstance(data, Stored) else data)
    return inspect_warc(path, expected=expected)


def codes(
    folder: Path, data: bytes | Stored, *, expected: Expected | None = None, name: str = "a.warc.gz"
) -> list[str]:
    """Of all that is told of a file that is an archive by itself."""
    inspected = look(folder, data, expected=expected, name=name)
    return [finding.code for finding in (*inspected.findings, *revisits_of_nothing([inspected]))]


def listed(stored: Stored) -> Expected:
    return Expected(records=len(stored.parts), bytes=len(stored.whole))


def flip(data: bytes, place: int, bit: int = 4) -> bytes:
    return data[:place] + bytes([data[place] ^ (1 << bit)]) + data[place + 1 :]


# The damages, each planted in the sample.


def flipped_bit(good: Stored) -> Stored:
    return good.put(LOG, flip(good.parts[LOG], len(good.parts[LOG]) * 3 // 4))


def torn_in_the_middle(good: Stored) -> Stored:
    return good.put(CHUNKS, good.parts[CHUNKS][:-30])


def changed_body(good: Stored) -> Stored:
    return good.edit(PAGE, "huyện thứ 7919", "huyện thứ 7920")


def torn_last_record(good: Stored) -> Stored:
    return good.put(len(good.parts) - 1, good.parts[-1][:-20])


def torn_header(good: Stored) -> bytes:
    return good.whole + good.parts[PAGE][:5]


def garbage_at_the_end(good: Stored) -> bytes:
    return good.whole + b"\x8f\x03 no member, no record\n" * 9


def zeros_at_the_end(good: Stored) -> bytes:
    return good.whole + bytes(4096)


def one_member(good: Stored) -> bytes:
    return gzip.compress(gzip.decompress(good.whole), mtime=0)


def length_too_short(good: Stored) -> Stored:
    return good.edit(LOG, "Content-Length: 400", "Content-Length: 390")


def length_too_long(good: Stored) -> Stored:
    return good.edit(LOG, "Content-Length: 400", "Content-Length: 420")


def no_date(good: Stored) -> Stored:
    return good.edit(LOG, "WARC-Date: [^\r]*\r\n", "")


def bad_date(good: Stored) -> Stored:
    return good.edit(LOG, "WARC-Date: [^\r]*", "WARC-Date: 2026-13-45T99:00:00Z")


def no_record_id(good: Stored) -> Stored:
    return good.edit(LOG, "WARC-Record-ID: [^\r]*\r\n", "")


def doubled_record(good: Stored) -> Stored:
    return good.put(LOG, good.parts[LOG], good.parts[LOG])


def no_digests(good: Stored) -> Stored:
    return good.edit(LOG, "WARC-Block-Digest: [^\r]*\r\n", "").edit(LOG, "WARC-Payload-Digest: [^\r]*\r\n", "")


def revisit_of_nothing(good: Stored) -> Stored:
    lone = revisit(99, b"never captured", "https://hcma.vn/never", DATE)
    return replace(good, parts=good.parts + written(is_gzip=good.is_gzip, records=[lone]).parts)


def no_warcinfo(good: Stored) -> Stored:
    return good.put(INFO)


def space_in_uri(good: Stored) -> Stored:
    return good.edit(LOG, "urn:log:1", "urn:log 1")


def cut_at_a_border(good: Stored) -> Stored:
    return replace(good, parts=good.parts[:-1])


DAMAGES = [
    (flipped_bit, "flipped-bits", "changed-body"),
    (torn_in_the_middle, "torn-member", "torn-record"),
    (changed_body, "changed-body", "changed-body"),
    (torn_last_record, "torn-tail", "torn-tail"),
    (torn_header, "torn-header", "torn-tail"),
    (garbage_at_the_end, "garbage-at-end", "garbage-at-end"),
    (zeros_at_the_end, "zeros-at-end", "zeros-at-end"),
    (one_member, "one-member", None),
    (length_too_short, "length-too-short", "length-too-short"),
    (length_too_long, "length-too-long", "length-too-long"),
    (no_date, "no-date", "no-date"),
    (bad_date, "bad-date", "bad-date"),
    (no_record_id, "no-record-id", "no-record-id"),
    (doubled_record, "doubled-record", "doubled-record"),
    (no_digests, "no-digest", "no-digest"),
    (revisit_of_nothing, "revisit-of-nothing", "revisit-of-nothing"),
    (no_warcinfo, "no-warcinfo", "no-warcinfo"),
    (space_in_uri, "bad-uri", "bad-uri"),
    (cut_at_a_border, "cut-at-border", "cut-at-border"),
]
"""The 19 damages that a comparison of validators was made with; its code in a gzip file, and in an uncompressed one."""


def edited(number: int, old: str, new: str):
    return lambda good: good.edit(number, old, new)


# Beyond the 19: what is planted, the code in a gzip file, in an uncompressed one.
MORE_DAMAGES = {
    "version line of no standard": (edited(LOG, "WARC/1.1", "WARC/9.1"), "unknown-version", "unknown-version"),
    "version line damaged": (edited(LOG, "WARC/1.1", "WBRC/1.1"), "unknown-version", "unknown-version"),
    "first line of the file damaged": (edited(INFO, "WARC/1.1", "XARC/1.1"), "unknown-version", "unknown-version"),
    "no type": (edited(LOG, "WARC-Type: [^\r]*\r\n", ""), "no-type", "no-type"),
    "type unknown": (edited(LOG, "WARC-Type: resource", "WARC-Type: resourcf"), "unknown-type", "unknown-type"),
    "field twice": (edited(LOG, "(WARC-Date: .*\n)", r"\1\1"), "doubled-field", "doubled-field"),
    "field without a colon": (edited(LOG, "WARC-Date:", "X-Note\r\nWARC-Date:"), "bad-head-line", "bad-head-line"),
    "line feed alone": (edited(LOG, "(WARC-Type: .*)\r\n", r"\1\n"), "bad-head-line", "bad-head-line"),
    "head without its end": (
        lambda good: good.write(LOG, good.text(LOG).partition(b"\r\n\r\n")[0]),
        "bad-head",
        "torn-record",
    ),
    "record id without brackets": (edited(LOG, "<(urn:uuid:[^>]*)>", r"\1"), "bad-record-id", "bad-record-id"),
    "no address": (edited(REVISIT, "WARC-Target-URI: .*\r\n", ""), "no-uri", "no-uri"),
    "address without a scheme": (edited(LOG, "urn:log:1", "/log"), "bad-uri", "bad-uri"),
    "address with a letter unescaped": (edited(LOG, "urn:log:1", "urn:lóg:1"), "bad-uri", "bad-uri"),
    "no length": (edited(LOG, "Content-Length: .*\r\n", ""), "no-length", "no-length"),
    "length no number": (edited(LOG, "Content-Length: 400", "Content-Length: -1"), "no-length", "no-length"),
    "date in words": (edited(LOG, "WARC-Date: [^\r]*", "WARC-Date: yesterday"), "bad-date", "bad-date"),
    "digest without a value": (edited(LOG, "Block-Digest: [^\r]*", "Block-Digest: sha1"), "bad-digest", "bad-digest"),
    "length too long by the empty lines": (
        edited(LOG, "Content-Length: 400", "Content-Length: 404"),
        "length-too-long",
        "length-too-long",
    ),
    "length over three records": (
        edited(LOG, "Content-Length: 400", "Content-Length: 1900"),
        "length-too-long",
        "length-too-long",
    ),
    "length beyond the file": (
        edited(LOG, "Content-Length: 400", "Content-Length: 90000"),
        "length-too-long",
        "length-too-long",
    ),
    "no empty lines behind": (
        lambda good: good.write(LOG, good.text(LOG)[:-4]),
        "bad-record-end",
        "bad-record-end",
    ),
    "bytes behind the record in its member": (
        lambda good: good.write(LOG, good.text(LOG) + b"\r\n"),
        "bad-record-end",
        "garbage-between",
    ),
    "digest of an unknown kind": (edited(LOG, "Block-Digest: sha1", "Block-Digest: crc"), "bad-digest", "bad-digest"),
    "digest cut": (edited(LOG, "(Block-Digest: sha1:.{9})[^\r]*", r"\1"), "bad-digest", "bad-digest"),
    "revisit without the digest of its payload": (
        edited(REVISIT, "WARC-Payload-Digest: .*\r\n", ""),
        "no-digest",
        "no-digest",
    ),
    "reason of truncation unknown": (
        edited(7, "Truncated: length", "Truncated: full moon"),
        "unknown-truncation",
        "unknown-truncation",
    ),
    "concurrent to nothing": (
        edited(REQUEST, "(WARC-Concurrent-To: ).*\r\n", r"\1<urn:uuid:never>\r\n"),
        "concurrent-to-nothing",
        "concurrent-to-nothing",
    ),
    "member of something else": (
        lambda good: good.put(LOG, gzip.compress(b"notes", mtime=0) if good.is_gzip else b"notes"),
        "no-record",
        "garbage-between",
    ),
    "empty member": (lambda good: good.put(LOG, gzip.compress(b"", mtime=0)), "no-record", None),
    "garbage in the middle": (lambda good: good.put(LOG, b"\x8f" * 99), "garbage-between", "garbage-between"),
    "gzip header damaged": (lambda good: good.put(LOG, flip(good.parts[LOG], 0)), "flipped-bits", None),
    "torn header of two bytes": (lambda good: good.whole + good.parts[PAGE][:2], "torn-header", "torn-tail"),
    "first byte of the file damaged": (lambda good: flip(good.whole, 0), "flipped-bits", "unknown-version"),
    "torn last member filled up with zeros": (
        lambda good: good.put(len(good.parts) - 1, good.parts[-1][:-9]).whole + bytes(4096),
        "torn-tail",
        "torn-tail",
    ),
}


def damaged(plant, code, plain_code, name):
    cases = [pytest.param(plant, PACKED, code, id=f"{name}, gzip")]
    return cases + ([pytest.param(plant, PLAIN, plain_code, id=f"{name}, uncompressed")] if plain_code else [])


@pytest.mark.parametrize(
    ("plant", "good", "code"),
    [
        case
        for rows in (
            [(*damage, damage[0].__name__.replace("_", " ")) for damage in DAMAGES],
            [(*damage, name) for name, damage in MORE_DAMAGES.items()],
        )
        for row in rows
        for case in damaged(*row)
    ],
)
def test_a_damage_is_told_by_its_own_code_and_no_other(tmp_path, plant, good, code):
    expected = listed(good) if plant is cut_at_a_border else None

    assert codes(tmp_path, plant(good), expected=expected) == [code]


def test_every_code_is_tested():
    file_codes = {"left-open", "empty-file", "no-warc", "not-as-listed", "bad-http-head", "more"}
    planted = {code for _, *both in (*DAMAGES, *MORE_DAMAGES.values()) for code in both if code}

    assert planted | file_codes == set(KINDS)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("is_gzip", [True, False], ids=["gzip", "uncompressed"])
def test_a_good_file_is_silent_and_counted(tmp_path, version, is_gzip):
    good = written(version=version, is_gzip=is_gzip)
    inspected = look(tmp_path, good, expected=listed(good))

    assert inspected.findings == ()
    assert inspected.unresolved == ()
    assert (inspected.records, inspected.captures) == (10, 5)
    assert (inspected.bytes, inspected.sha256) == (len(good.whole), hashlib.sha256(good.whole).hexdigest())
    assert (inspected.first, inspected.last) == (DATE, DATE)
    assert (URL, DATE) in inspected.captured


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        pytest.param("a.warc.gz", b"", ["empty-file"], id="no byte"),
        pytest.param("a.warc.gz.open", PACKED.whole, ["left-open"], id="good, but open"),
        pytest.param("a.warc.gz.open", b"", ["left-open", "empty-file"], id="open and empty"),
        pytest.param("a.warc.gz.open", PACKED.whole[:5], ["left-open", "torn-header"], id="stopped at its beginning"),
        pytest.param("a.warc.open", PLAIN.whole[:3], ["left-open", "torn-tail"], id="uncompressed, the same"),
        pytest.param("a.warc.gz", bytes(range(256)) * 5000, ["no-warc"], id="bytes"),
        pytest.param("a.warc", "một dòng\r\n\r\n".encode() * 9999, ["no-warc"], id="a text"),
        pytest.param("a.warc.gz", gzip.compress(b"a\n" * 999) * 9, ["no-warc"], id="a gzip file of something else"),
        pytest.param("a.warc.gz", bytes(4096), ["no-warc"], id="zeros"),
        pytest.param("a.warc", PACKED.whole, [], id="gzip by another name"),
        pytest.param("a.warc.gz", PLAIN.whole, [], id="uncompressed by another name"),
    ],
)
def test_a_file_as_a_whole(tmp_path, name, data, expected):
    assert codes(tmp_path, data, name=name) == expected


@pytest.mark.parametrize("name", ["missing.warc.gz", "."])
def test_a_path_of_no_file_is_a_usage_error(tmp_path, name):
    with pytest.raises(UsageError, match=r"cannot be opened .* Give the path of a \.warc"):
        inspect_warc(tmp_path / name)


@pytest.mark.parametrize("good", [PACKED, PLAIN], ids=["gzip", "uncompressed"])
def test_all_damages_of_a_file_are_told_each_at_its_record(tmp_path, good):
    bad = no_date(torn_in_the_middle(changed_body(good)))
    inspected = look(tmp_path, bad.whole + b"notes" * 9)

    assert [finding.code for finding in inspected.findings][0::2] == ["changed-body", "no-date"]
    assert {"torn-member", "torn-record"} & {inspected.findings[1].code}
    assert inspected.findings[3].code == "garbage-at-end"
    assert [finding.offset for finding in inspected.findings] == [*map(bad.begin, (PAGE, CHUNKS, LOG)), len(bad.whole)]
    assert inspected.records == len(good.parts) - 1


def test_a_damaged_end_of_the_last_head_is_told_as_such(tmp_path):
    bad = PLAIN.edit(len(PLAIN.parts) - 1, "\r\n\r\nhello", "\r\n\r-hello")

    assert codes(tmp_path, bad) == ["bad-head-line", "torn-tail"]


def test_records_are_found_wherever_they_stand_in_what_is_read_at_once(tmp_path):
    told = []
    for size in range((1 << 20) - 1800, 1 << 20, 37):
        log = record("resource", 99, b"\x8f" * size, url="urn:log:99", Content_Type="application/octet-stream")
        good = written(is_gzip=False, records=[warcinfo, log, *SAMPLE[1:]])
        bad = good.edit(LOG + 1, "Content-Length: 400", "Content-Length: 420")
        garbled = replace(good, parts=(*good.parts[:2], b"notes", *good.parts[2:]))
        told.append([codes(tmp_path, each) for each in (good, bad, garbled)])

    assert told == [[[], ["length-too-long"], ["garbage-between"]]] * 49


def test_members_are_found_wherever_they_begin_in_what_is_read_at_once(tmp_path):
    told = []
    for missing in range(12):
        name = b"x" * ((1 << 20) - missing - len(PACKED.parts[INFO]) - 1) + b"\0"
        good = PACKED.put(INFO, b"\x1f\x8b\x08\x08" + bytes(6) + name + PACKED.parts[INFO][10:])
        bad = good.put(PAGE, flip(good.parts[PAGE], 1))
        told.append([codes(tmp_path, each) for each in (good, bad)])

    assert told == [[[], ["flipped-bits"]]] * 12


def test_a_large_record_is_found_damaged_and_the_next_one_whole(tmp_path):
    log = record("resource", 99, Random(1).randbytes(3 << 20), url="urn:log:99", Content_Type="application/zip")
    good = written(records=[warcinfo, log, *SAMPLE[1:]])
    bad = look(tmp_path, flip(good.whole, 2 << 20))

    assert look(tmp_path, good, expected=listed(good)).findings == ()
    assert [(finding.code, finding.offset) for finding in bad.findings] == [("flipped-bits", good.begin(1))]
    assert bad.records == len(good.parts) - 1


def test_a_finding_is_one_line_that_says_where_and_what_to_do(tmp_path):
    finding = look(tmp_path, torn_last_record(PACKED)).findings[0]
    place = f"{tmp_path}/a.warc.gz, byte {PACKED.begin(9)}"
    size = len(PACKED.parts[9]) - 20

    assert finding.message == f"{place}: the last gzip member ends after {size} bytes. Run: archiver repair"
    assert finding.file == f"{tmp_path}/a.warc.gz"


def test_what_a_file_says_cannot_break_the_line(tmp_path):
    odd = PLAIN.edit(LOG, "urn:log:1", "urn:log\x85\u2028\x1b[31m1")

    assert all(finding.message.isprintable() for finding in look(tmp_path, odd).findings)


def test_a_hundred_findings_are_told_and_the_rest_counted(tmp_path):
    bad = written(records=[warcinfo, *(record("metadata", 7, url=f"urn:{number}") for number in range(250))])
    findings = look(tmp_path, bad).findings

    assert [finding.code for finding in findings] == ["doubled-record"] * 100 + ["more"]
    assert findings[-1].message.endswith("a.warc.gz: 149 more findings. Mend these, then verify again")


def test_wrong_lengths_are_all_counted(tmp_path):
    notes = [warcinfo, *(record("metadata", number, b"a note", url=f"urn:{number}") for number in range(1, 131))]
    bad = written(is_gzip=False, records=notes).whole.replace(b"Length: 6\r", b"Length: 9\r")
    findings = look(tmp_path, bad).findings

    assert [finding.code for finding in findings] == ["length-too-long"] * 100 + ["more"]
    assert "30 more findings" in findings[-1].message


def test_a_file_that_differs_from_its_list_without_damage_is_told(tmp_path):
    more = replace(PACKED, parts=PACKED.parts + written(records=[record("metadata", 11, url="urn:more")]).parts)

    assert codes(tmp_path, more, expected=listed(PACKED)) == ["not-as-listed"]


def test_records_cut_off_before_a_torn_one_are_told_as_the_tear(tmp_path):
    torn = replace(PACKED, parts=(*PACKED.parts[:6], PACKED.parts[6][:-9]))

    assert codes(tmp_path, torn, expected=listed(PACKED)) == ["torn-tail"]


@pytest.mark.parametrize("is_gzip", [True, False], ids=["gzip", "uncompressed"])
def test_a_revisit_is_resolved_by_the_files_of_its_archive(tmp_path, is_gzip):
    first = written(is_gzip=is_gzip, records=SAMPLE[:3])
    second = written(is_gzip=is_gzip, records=[warcinfo, SAMPLE[REVISIT]])
    one, other = look(tmp_path, first, name="1.warc"), look(tmp_path, second, name="2.warc")

    assert (one.findings, other.findings) == ((), ())
    assert revisits_of_nothing([one, other]) == ()
    assert [finding.code for finding in revisits_of_nothing([other])] == ["revisit-of-nothing"]


def test_a_revisit_is_resolved_by_who_knows_the_archive(tmp_path):
    path = tmp_path / "2.warc.gz"
    path.write_bytes(written(records=[warcinfo, SAMPLE[REVISIT]]).whole)
    known = inspect_warc(path, originals=lambda *asked: asked == (URL, DATE))
    unknown = inspect_warc(path, originals=lambda *_: False)

    assert (known.findings, known.unresolved) == ((), ())
    assert [finding.code for finding in unknown.findings] == ["revisit-of-nothing"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("WARC-Refers-To-.*\r\n", "", ["revisit-of-nothing"], id="no date of the original"),
        pytest.param("WARC-Refers-To-[^\0]*Date.*\r\n", "", ["revisit-of-nothing"], id="no reference at all"),
        pytest.param("WARC-Refers-To-[^\0]*Date.*\r\n", f"WARC-Refers-To: {record_id(1)}\r\n", [], id="a Record-ID"),
    ],
)
def test_a_revisit_that_names_no_original_is_told_from_its_file_alone(tmp_path, old, new, expected):
    lone = written(is_gzip=False, records=[warcinfo, SAMPLE[REVISIT]]).edit(1, old, new)

    assert [finding.code for finding in look(tmp_path, lone).findings] == expected


def test_a_revisit_of_a_payload_that_is_in_the_file_needs_no_reference(tmp_path):
    assert codes(tmp_path, PLAIN.edit(REVISIT, "WARC-Refers-To-[^\0]*Date.*\r\n", "")) == []


@pytest.mark.parametrize(
    ("algorithm", "encode"),
    [
        ("md5", bytes.hex),
        ("sha1", lambda digest: digest.hex().upper()),
        ("SHA-256", lambda digest: base64.b32encode(digest).decode()),
        ("sha256", lambda digest: base64.b32encode(digest).decode().lower().rstrip("=")),
        ("sha512", lambda digest: base64.urlsafe_b64encode(digest).decode()),
    ],
    ids=["md5, hex", "sha1, capitals", "base32, filled up", "base32, small letters", "base64 for URLs"],
)
def test_digests_are_read_in_every_encoding(tmp_path, algorithm, encode):
    def stored(body: bytes) -> Stored:
        hashed = hashlib.new(algorithm.lower().replace("-", ""), body).digest()
        label = f"{algorithm}:{encode(hashed)}"
        log = record("resource", 5, b"log", url="urn:log", Content_Type="text/plain", WARC_Block_Digest=label)
        return written(records=[warcinfo, log])

    assert codes(tmp_path, stored(b"log")) == []
    assert codes(tmp_path, stored(b"lag")) == ["changed-body"]


@pytest.mark.parametrize(
    ("coding", "body", "hashed", "expected"),
    [
        pytest.param("chunked", CHUNKED, CHUNKED, [], id="digest of the chunks"),
        pytest.param("chunked", CHUNKED, b"hello world", [], id="digest of the content"),
        pytest.param("gzip, chunked", CHUNKED, b"hello world", [], id="two codings"),
        pytest.param("chunked", CHUNKED, b"hello", ["changed-body"], id="digest of something else"),
        pytest.param("chunked", b"hello world", b"hello world", [], id="not chunked, whatever the head says"),
        pytest.param("chunked", b"5\r\nhello", b"hello", [], id="cut after a chunk"),
        pytest.param("chunked", b"5\r\nhello\r\nworld", b"hello", ["changed-body"], id="no chunks any more"),
        pytest.param("identity", CHUNKED, b"hello world", ["changed-body"], id="chunks of which no head tells"),
        pytest.param("chunked", b"4\r\nabcd\r\n" * 99999 + b"0\r\n\r\n", b"abcd" * 99999, [], id="many pieces"),
    ],
)
def test_the_payload_digest_of_a_chunked_body_may_be_of_either_form(tmp_path, coding, body, hashed, expected):
    http = f"HTTP/1.1 200 OK\nTransfer-Encoding: {coding}"
    page = record("response", 1, body, http=http, WARC_Payload_Digest=sha1(hashed))

    assert codes(tmp_path, written(records=[warcinfo, page])) == expected


@pytest.mark.parametrize(
    ("block", "fields", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\nbody", "", []),
        (b"HTTP/1.0 200\nServer: x\n\nbody", "", []),
        (b"<html>no head</html>", "", ["bad-http-head"]),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "", ["bad-http-head"]),
        (b"HTTP/1.1 200 OK\r\nServer: x\r\n", "", ["bad-http-head"]),
        (b"", "", ["bad-http-head"]),
        (b"HTTP/1.1 200 OK\r\nServer: x\r\n", "WARC-Truncated: disconnect\r\n", []),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200_000, "", ["bad-http-head"]),
    ],
    ids=[
        "whole",
        "line feeds",
        "no status line",
        "another protocol",
        "no blank line",
        "empty",
        "cut and marked",
        "endless",
    ],
)
def test_the_http_head_of_a_response_must_be_readable(tmp_path, block, fields, expected):
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: {record_id(1)}\r\nWARC-Date: {DATE}\r\n{fields}"
        f"WARC-Target-URI: {URL}\r\nContent-Type: application/http;msgtype=response\r\n"
        f"WARC-Block-Digest: {sha1(block)}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    good = PLAIN.parts[INFO] + head.encode() + block + b"\r\n\r\n"

    assert codes(tmp_path, good) == expected


@pytest.mark.parametrize(
    ("number", "old", "new"),
    [
        pytest.param(
            PAGE, f"WARC-Target-URI: ({URL})", r"WARC-Target-URI: <\1>", id="address in brackets, as wget writes"
        ),
        pytest.param(PAGE, "Content-Type: application/http.*\r\n", "", id="no type of the block"),
        pytest.param(LOG, "WARC/1.1", "WARC/0.17", id="WARC 0.17"),
        pytest.param(LOG, "WARC/1.1", "WARC/0.18", id="WARC 0.18"),
        pytest.param(LOG, "WARC-Date: .*Z", "WARC-Date: 2026-11-22T12:00:00.123456789Z", id="nanoseconds"),
        pytest.param(LOG, "WARC-Date: .*Z", "WARC-Date: 2026-11", id="a month"),
        pytest.param(LOG, "WARC-Date: ", "warc-date:\r\n\t", id="folded, small letters"),
        pytest.param(REQUEST, "(WARC-Concurrent-To: .*\n)", r"\1\1", id="concurrent to two"),
        pytest.param(LOG, "WARC-Date:", "X-Note: like WARC/1.0\r\nWARC-Date:", id="a version for a value"),
        pytest.param(LOG, "WARC-Date:", "X-Note: một ghi chú\r\nWARC-Date:", id="a field of its own, UTF-8"),
        pytest.param(
            REVISIT, "Block-Digest: .*\r", f"Block-Digest: {sha1(b'')}\r", id="a revisit's block digest, as wget writes"
        ),
    ],
)
def test_what_the_standard_or_old_writers_allow_is_silent(tmp_path, number, old, new):
    assert codes(tmp_path, PLAIN.edit(number, old, new)) == []


def test_gzip_headers_may_have_extra_fields_names_and_comments(tmp_path):
    name = b"\x1f\x8b\x08\x1c\0\0\0\0\0\3" + b"\x0c\0sl\x08\0\0\0\0\0\0\0\0\0" + "tên".encode() + b"\0comment\0"
    named = PACKED.put(LOG, name + PACKED.parts[LOG][10:])

    assert codes(tmp_path, named, expected=listed(named)) == []


def test_a_file_may_begin_with_the_rest_of_an_exchange_of_the_file_before(tmp_path):
    assert codes(tmp_path, written(records=[warcinfo, SAMPLE[REQUEST], SAMPLE[CHUNKS]])) == []


def test_a_record_whose_original_is_damaged_is_not_told_too(tmp_path):
    damaged_page = PACKED.put(PAGE, flip(PACKED.parts[PAGE], -6))

    assert codes(tmp_path, damaged_page) == ["flipped-bits"]


@pytest.mark.parametrize(
    ("text", "cut", "expected"),
    [
        pytest.param(PLAIN.whole, 20, ["one-member", "torn-tail"], id="torn"),
        pytest.param(changed_body(PLAIN).whole, 0, ["changed-body", "one-member"], id="changed"),
        pytest.param(length_too_short(PLAIN).whole, 0, ["length-too-short", "one-member"], id="too short"),
        pytest.param(length_too_long(PLAIN).whole, 0, ["length-too-long", "one-member"], id="too long"),
        pytest.param(torn_in_the_middle(PLAIN).whole, 0, ["torn-record", "one-member"], id="torn in the middle"),
        pytest.param(no_date(PLAIN).whole, 0, ["no-date", "one-member"], id="no date"),
    ],
)
def test_damages_of_a_file_in_one_member_are_told_beside_it(tmp_path, text, cut, expected):
    whole = gzip.compress(text, mtime=0)

    assert codes(tmp_path, whole[: len(whole) - cut]) == expected


def test_a_record_of_warc_text_is_one_record(tmp_path):
    nested = written(
        records=[warcinfo, record("resource", 1, PLAIN.whole, url="urn:a", Content_Type="application/warc")]
    )
    bad = nested.edit(1, f"Content-Length: {len(PLAIN.whole)}", f"Content-Length: {len(PLAIN.whole) + 9}")

    assert codes(tmp_path, nested) == []
    assert codes(tmp_path, bad) == ["length-too-long"]


def test_memory_does_not_grow_with_the_record(tmp_path):
    path = tmp_path / "a.warc.gz"
    log = record("resource", 1, bytes(64_000_000), url="urn:zeros", Content_Type="text/plain")
    path.write_bytes(written(records=[warcinfo, log]).whole)
    tracemalloc.start()
    try:
        inspected = inspect_warc(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert (inspected.findings, inspected.records) == ((), 2)
    assert peak < 6_000_000


class _InChunks(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(CHUNKED)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site():
    """Addresses from which wget sees pages, a picture, a redirect, a page that is gone, and one in chunks."""
    with serving() as web, ThreadingHTTPServer(("127.0.0.1", 0), _InChunks) as chunks:
        thread = threading.Thread(target=chunks.serve_forever, args=(0.01,))
        thread.start()
        links = "".join(
            f'<a href="{path}">x</a>' for path in ("/moved", "/gone", "/empty", "/tin?a=|&b={c}", "/tin/ảnh")
        )
        web.replies["/"] = Reply(f'<html><meta charset="utf-8">{links}<img src="/a.png"></html>')
        web.replies["/a.png"] = Reply(bytes(range(256)) * 300, headers={"Content-Type": "image/png"})
        web.replies["/empty"] = Reply("")
        web.redirect("/moved", "/page")
        web.article("/page")
        yield (web.url + "/", f"http://127.0.0.1:{chunks.server_port}/")
        chunks.shutdown()
        thread.join()


@pytest.fixture
def wget():
    program = shutil.which("wget")
    if program is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("wget is not installed: apt-get install wget")
    return program


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ([], "a.warc.gz"),
        (["--warc-cdx"], "a.warc.gz"),
        (["--no-warc-compression"], "a.warc"),
        (["--no-warc-compression", "--warc-cdx"], "a.warc"),
    ],
    ids=["gzip", "gzip and CDX", "uncompressed", "uncompressed and CDX"],
)
def test_what_wget_writes_is_silent(tmp_path, site, wget, options, name):
    words = [wget, "-q", "-r", "-p", "-e", "robots=off", "--no-proxy", "--tries=1", "--warc-file=a", *options, *site]
    subprocess.run(words, cwd=tmp_path, timeout=60, check=False)
    inspected = inspect_warc(tmp_path / name)

    assert inspected.findings == ()
    assert inspected.captures == 9
    assert revisits_of_nothing([inspected]) == ()


def test_what_wget_finds_again_is_resolved_by_its_first_file(tmp_path, site, wget):
    for options in (["--warc-file=1", "--warc-cdx"], ["--warc-file=2", "--warc-dedup=1.cdx"]):
        words = [wget, "-q", "-r", "-e", "robots=off", "--no-proxy", "--tries=1", *options, *site]
        subprocess.run(words, cwd=tmp_path, timeout=60, check=False)
    both = [inspect_warc(tmp_path / name) for name in ("1.warc.gz", "2.warc.gz")]

    assert [each.findings for each in both] == [(), ()]
    assert both[1].unresolved
    assert revisits_of_nothing(both) == ()


SMALL, SMALL_PLAIN = (written(is_gzip=is_gzip, records=SAMPLE[:5]) for is_gzip in (True, False))
NO_MEANING = {3: 0b1, **dict.fromkeys(range(4, 10), 0xFF)}
"""Bits of a gzip header that nothing depends on (RFC 1952, 2.3.1), by byte: FTEXT, MTIME, XFL, OS."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("property")


@settings(deadline=None)
@given(end=st.integers(0, len(SMALL.whole) - 1))
def test_a_file_cut_anywhere_is_told(folder, end):
    assert codes(folder, SMALL.whole[:end], expected=listed(SMALL))


@settings(deadline=None)
@given(end=st.integers(0, len(SMALL_PLAIN.whole) - 1))
def test_an_uncompressed_file_cut_anywhere_is_told(folder, end):
    assert codes(folder, SMALL_PLAIN.whole[:end], expected=listed(SMALL_PLAIN))


@settings(deadline=None)
@given(place=st.integers(0, len(SMALL.whole) - 1), bit=st.integers(0, 7))
def test_a_bit_flipped_anywhere_is_told_unless_nothing_depends_on_it(folder, place, bit):
    """Beside NO_MEANING: bits that fill the last byte of deflated data, and a match found in two places alike."""
    bad = flip(SMALL.whole, place, bit)
    in_header = place - max(begin for begin in map(SMALL.begin, range(5)) if begin <= place)
    told = codes(folder, bad, expected=listed(SMALL))

    if NO_MEANING.get(in_header, 0) & (1 << bit):
        assert not told
    else:
        assert told or inflates_alike(bad, SMALL)


def inflates_alike(bad: bytes, good: Stored) -> bool:
    try:
        return all(
            gzip.decompress(bad[good.begin(number) : good.begin(number + 1)]) == good.text(number)
            for number in range(5)
        )
    except (OSError, EOFError, zlib.error):
        return False


@settings(deadline=None)
@given(number=st.integers(0, 4), part=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_bit_flipped_in_a_body_is_told_in_an_uncompressed_file(folder, number, part, bit):
    """In a head no digest tells of it: there, only what makes no sense can be told."""
    text = SMALL_PLAIN.parts[number]
    body = text.index(b"\r\n\r\n") + 4
    place = body + int(part * (len(text) - body))

    assert codes(folder, SMALL_PLAIN.put(number, flip(text, place, bit)))


PIECES = [
    *SMALL.parts, *SMALL_PLAIN.parts, b"\x1f\x8b\x08", b"WARC/1.0\r\n", b"WARC/1.1\r\nWARC-Type: response\r\n\r\n", b"\0" * 99,
    b"Content-Length: 5\r\n\r\n", b"\r\n\r\n", b"\n", gzip.compress(b"WARC/"), gzip.compress(b"WARC/1.1\r\nA: \xff\r\n\r\n"),
]  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=50), max_size=6), st.integers(0, 60))
def test_no_bytes_at_all_are_beyond_reading(folder, pieces, cut):
    data = b"".join(pieces)
    inspected = look(folder, data[: len(data) - cut])

    assert inspected.findings or inspected.records
    assert inspected.sha256 == hashlib.sha256(data[: len(data) - cut]).hexdigest()
