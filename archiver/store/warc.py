"""Exchanges to WARC records and back (WARC 1.1, ISO 28500:2017), one gzip member a record."""

from __future__ import annotations

import base64
import hashlib
import itertools
import uuid
import zlib
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archiver.article import Capture
from archiver.errors import ArchiveDamaged
from archiver.store.exchange import Exchange, Named, parted
from archiver.store.members import Record, beginning, records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

GZIP_LEVEL = 6
"""0.6 % larger than level 9, and written half again as fast."""

IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"

NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

NOT_MODIFIED_STATUS = 304

Fields = list[tuple[str, str]]

_NAMED_BY, _NAMED_AS = "named-by", "named-as"
"""In the metadata of an attachment or a picture: the id of the article, and the address in its line."""


@dataclass(frozen=True, slots=True)
class Original:
    """The response record that a revisit, or a line, refers to."""

    record_id: str
    url: str
    date: str
    payload_digest: str


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server has said of a response, by which it can tell whether it still holds (RFC 9110, 8.8)."""

    url: str
    etag: str | None
    last_modified: str | None
    original: Original
    """The record with the body."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One response or revisit as it stands in a file."""

    exchange: Exchange
    """Of a revisit without its body."""
    record_id: str
    begins: int
    """Byte at which the first record of the exchange begins: the request's."""
    offset: int
    """Byte at which the record of the response begins."""
    length: int
    payload_digest: str
    refers_to: tuple[str, str] | None = None
    """Of a revisit: target URI and date of its original."""

    @property
    def payload_sha1(self) -> bytes:
        """SHA-1 of the body, of a revisit that of its original's: 20 bytes. Raises ValueError where none is stated."""
        return base64.b32decode(self.payload_digest.removeprefix("sha1:"))

    def capture(self, file: str) -> Capture:
        """As a record's `capture`; `file` is the name from the site's folder."""
        return Capture(
            warc=file,
            offset=self.offset,
            length=self.length,
            record_id=self.record_id,
            payload_digest=self.payload_digest,
            http_status=self.exchange.status,
            truncated=self.exchange.truncated,
        )


def warcinfo(file_name: str, at: datetime, about: Mapping[str, str]) -> bytes:
    """The first record of a file: who wrote it, and how."""
    block = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in about.items()).encode()
    fields = [*_identity("warcinfo", at, new_id()), ("WARC-Filename", file_name)]
    return _member(fields, "application/warc-fields", block)


def request_record(exchange: Exchange, response_id: str) -> bytes:
    """The record of what was asked."""
    fields = [*_identity("request", exchange.at, new_id()), *_about(exchange, response_id)]
    fields.append(("WARC-Payload-Digest", _sha1(parted(exchange.request)[1])))
    return _member(fields, "application/http; msgtype=request", exchange.request)


def via_record(exchange: Exchange, response_id: str) -> bytes:
    """The metadata record that names what led to an exchange, first to last (`via`, as Heritrix writes it).

    Of an attachment or a picture also the article that names it, and how.
    """
    lines = [f"via: {url}\r\n" for url in exchange.via]
    if exchange.named is not None:
        lines += [f"{_NAMED_BY}: {exchange.named.id}\r\n", f"{_NAMED_AS}: {exchange.named.url}\r\n"]
    block = "".join(lines).encode()
    fields = [*_identity("metadata", exchange.at, new_id()), *_about(exchange, response_id)]
    fields.append(("WARC-Payload-Digest", _sha1(block)))
    return _member(fields, "application/warc-fields", block)


def response_record(exchange: Exchange, response_id: str) -> bytes:
    """The record of what came back."""
    block = exchange.head + exchange.body
    fields = [*_identity("response", exchange.at, response_id), *_about(exchange, None)]
    fields.append(("WARC-Payload-Digest", labelled(exchange.payload_sha1)))
    if exchange.truncated:
        fields.append(("WARC-Truncated", exchange.truncated))
    return _member(fields, "application/http; msgtype=response", block)


def write_response(exchange: Exchange, response_id: str, write: Callable[[bytes], object]) -> None:
    """Gives response_record() to `write` in pieces, of an exchange whose body is in its spool."""
    assert exchange.spool is not None, "what is in memory is one record"
    fields = [*_identity("response", exchange.at, response_id), *_about(exchange, None)]
    fields.append(("WARC-Payload-Digest", labelled(exchange.payload_sha1)))
    if exchange.truncated:
        fields.append(("WARC-Truncated", exchange.truncated))
    digest = hashlib.sha1(exchange.head, usedforsecurity=False)
    for piece in exchange.spool.pieces():
        digest.update(piece)
    fields += [("WARC-Block-Digest", labelled(digest.digest())), ("Content-Type", "application/http; msgtype=response")]
    fields.append(("Content-Length", str(len(exchange.head) + exchange.spool.size)))
    # Files are compressed already: the highest speed makes them as small as any other.
    compressor = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    head = "WARC/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields) + "\r\n"
    for plain in itertools.chain((head.encode(), exchange.head), exchange.spool.pieces(), (b"\r\n\r\n",)):
        write(compressor.compress(plain))
    write(compressor.flush())


def revisit_record(exchange: Exchange, response_id: str, original: Original) -> bytes:
    """The record of a response whose payload is kept already (WARC 1.1, 6.7.2)."""
    fields = [*_identity("revisit", exchange.at, response_id), *_about(exchange, None)]
    fields += [
        ("WARC-Payload-Digest", labelled(exchange.payload_sha1)),
        ("WARC-Profile", IDENTICAL),
        ("WARC-Refers-To", original.record_id),
        ("WARC-Refers-To-Target-URI", original.url),
        ("WARC-Refers-To-Date", original.date),
    ]
    return _member(fields, "application/http; msgtype=response", exchange.head)


def not_modified_record(exchange: Exchange, response_id: str, original: Original) -> bytes:
    """The record of a 304: the server says that what it gave before still holds (WARC 1.1, 6.7.3)."""
    fields = [*_identity("revisit", exchange.at, response_id), *_about(exchange, None)]
    # That of the payload that still holds: by it replay tools find the record that has it.
    fields += [("WARC-Payload-Digest", original.payload_digest)]
    fields += [("WARC-Profile", NOT_MODIFIED), ("WARC-Refers-To", original.record_id)]
    fields += [("WARC-Refers-To-Target-URI", original.url), ("WARC-Refers-To-Date", original.date)]
    return _member(fields, "application/http; msgtype=response", exchange.head)


def new_id() -> str:
    """A new WARC-Record-ID: random, so that it tells nothing of the machine."""
    return f"<urn:uuid:{uuid.uuid4()}>"


def labelled(sha1: bytes) -> str:
    """A SHA-1 as WARC states it: `sha1:` and base32."""
    return "sha1:" + base64.b32encode(sha1).decode()


def stored(path: Path, start: int = 0) -> Iterator[Stored]:
    """Every response and revisit of a file from a record's offset on, in order. Raises ArchiveDamaged."""
    before: dict[str, bytes] = {}  # request and metadata, which stand before their response
    begins = None
    for record in records(path, start):
        if record.is_tombstone:
            before, begins = {}, None
            continue
        begins = record.offset if begins is None else begins
        if record.kind in ("request", "metadata"):
            before[record.kind] = record.block
            continue
        if record.kind in ("response", "revisit"):
            yield _stored(path, record, before, begins)
        before, begins = {}, None


def original_at(path: Path, offset: int) -> Original:
    """What the response record at `offset` says of itself; its body is not looked at. Raises ArchiveDamaged."""
    field = beginning(path, offset).field
    return Original(field("WARC-Record-ID"), field("WARC-Target-URI"), field("WARC-Date"), field("WARC-Payload-Digest"))


def validators_at(path: Path, offset: int) -> Validators | None:
    """By what the response at `offset` can be asked for again; None: its server gave nothing. Raises ArchiveDamaged."""
    record = beginning(path, offset)
    shown = _exchange(record, {})
    if shown.status != 200 or not (shown.header("ETag") or shown.header("Last-Modified")):
        return None
    names = ("WARC-Refers-To", "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date")
    if record.kind != "revisit":
        names = ("WARC-Record-ID", "WARC-Target-URI", "WARC-Date")
    record_id, url, date = map(record.field, names)
    original = Original(record_id, url, date, record.field("WARC-Payload-Digest"))
    return Validators(shown.url, shown.header("ETag"), shown.header("Last-Modified"), original)


def body_at(path: Path, offset: int) -> bytes:
    """The body of the response record at `offset`. Raises ArchiveDamaged."""
    return parted(_record_at(path, offset).block)[1]


def about(path: Path) -> dict[str, str]:
    """The fields of a file's warcinfo. Raises ArchiveDamaged."""
    first = next(records(path), None)
    if first is None or first.kind != "warcinfo":
        message = f"{path}: it does not begin with a warcinfo record. See what is damaged: archiver verify {path}"
        raise ArchiveDamaged(message)
    lines = (line.partition(": ") for line in first.block.decode("utf-8", errors="replace").splitlines())
    return {name: value for name, _, value in lines if value}


def _record_at(path: Path, offset: int) -> Record:
    for record in records(path, offset):
        return record
    message = f"{path}, byte {offset}: the file ends before. See what is damaged: archiver verify {path}"
    raise ArchiveDamaged(message)


def _stored(path: Path, record: Record, before: Mapping[str, bytes], begins: int) -> Stored:
    refers_to = (record.field("WARC-Refers-To-Target-URI"), record.field("WARC-Refers-To-Date"))
    try:
        return Stored(
            exchange=_exchange(record, before),
            record_id=record.field("WARC-Record-ID"),
            begins=begins,
            offset=record.offset,
            length=record.length,
            payload_digest=record.field("WARC-Payload-Digest"),
            # A 304 has no body of its own, and lacks none.
            refers_to=refers_to if record.kind == "revisit" and record.field("WARC-Profile") != NOT_MODIFIED else None,
        )
    except ValueError as problem:
        message = f"{path}, byte {record.offset}: {problem}. See what is damaged: archiver verify {path}"
        raise ArchiveDamaged(message) from problem


def _exchange(record: Record, before: Mapping[str, bytes]) -> Exchange:
    head, body = parted(record.block)
    told = before.get("metadata", b"").decode("utf-8", errors="replace").split("\r\n")
    lines = [(name, value) for name, colon, value in (line.partition(": ") for line in told) if colon]
    said = dict(lines)
    return Exchange(
        url=record.field("WARC-Target-URI"),
        at=datetime.fromisoformat(record.field("WARC-Date")),
        request=before.get("request", b""),
        head=head,
        body=body,
        truncated=record.field("WARC-Truncated") or None,  # type: ignore[arg-type]  # as it was written
        via=tuple(value for name, value in lines if name == "via"),
        named=Named(said[_NAMED_BY], said[_NAMED_AS]) if {_NAMED_BY, _NAMED_AS} <= said.keys() else None,
    )


def _identity(kind: str, at: datetime, record_id: str) -> Fields:
    return [("WARC-Type", kind), ("WARC-Record-ID", record_id), ("WARC-Date", f"{at:%Y-%m-%dT%H:%M:%SZ}")]


def _about(exchange: Exchange, response_id: str | None) -> Fields:
    fields = [("WARC-Target-URI", exchange.url)]
    return [*fields, ("WARC-Concurrent-To", response_id)] if response_id else fields


def _member(fields: Fields, content_type: str, block: bytes) -> bytes:
    """One record as one gzip member. The gzip header states no time: the same record gives the same bytes."""
    headers = StatusAndHeaders("", [*fields, ("WARC-Block-Digest", _sha1(block))], protocol="WARC/1.1")
    kind = dict(fields)["WARC-Type"]
    # The writer leaves the block of a revisit out where it did not parse it; ours is the head of the response already.
    kind = "response" if kind == "revisit" else kind
    record = ArcWarcRecord("warc", kind, headers, BytesIO(block), None, content_type, len(block))
    plain = BytesIO()
    WARCWriter(plain, gzip=False).write_record(record)
    compressor = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    return compressor.compress(plain.getbuffer()) + compressor.flush()


def _sha1(data: bytes) -> str:
    return labelled(hashlib.sha1(data, usedforsecurity=False).digest())
