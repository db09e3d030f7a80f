"""The exchanges of a capture file with the records that each is made of."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.errors import ArchiveDamaged
from archiver.store.captures import OPEN, path_of
from archiver.store.exchange import parted
from archiver.store.members import records
from archiver.store.takedowns import ErasedRecord

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archiver.store.members import Record

_BEFORE = ("request", "metadata")
_CAPTURE = ("response", "revisit")


@dataclass(frozen=True, slots=True)
class Kept:
    """One exchange: its records in their order, the response's last."""

    file: str
    """Final name from the site's folder."""
    records: tuple[ErasedRecord, ...]
    url: str
    via: tuple[str, ...]
    """The addresses that led there."""
    named_as: str
    """Of a picture or a file the address in its article's line; else empty."""
    status: int
    is_revisit: bool
    payload_digest: str
    refers_to: str
    """Of a revisit: WARC-Record-ID of its original."""
    asked: bytes
    """The request."""
    head: bytes
    """Of the response."""
    body: bytes
    """Still in its content coding; of a revisit empty."""

    @property
    def record_id(self) -> str:
        """Of the response."""
        return self.records[-1].record_id

    @property
    def addresses(self) -> tuple[str, ...]:
        """What was asked for, and what led there."""
        return (self.url, *self.via)


def kept(folder: Path, file: str, start: int = 0) -> Iterator[Kept]:
    """The exchanges of a file from the one that begins at `start` on, tombstones left out.

    A file that its run has not closed ends with its last whole exchange. Raises ArchiveDamaged.
    """
    path = path_of(folder, file)
    if path.name.endswith(OPEN):
        with suppress(ArchiveDamaged):  # a run was stopped while it wrote: what is torn is moved aside before a change
            yield from _kept(path, file, start)
    else:
        yield from _kept(path, file, start)


def _kept(path: Path, file: str, start: int) -> Iterator[Kept]:
    before: list[Record] = []
    for record in records(path, start):
        if record.is_tombstone:
            before = []
        elif record.kind in _BEFORE:
            before.append(record)
        else:
            if record.kind in _CAPTURE:
                yield _exchange(file, before, record)
            before = []


def _exchange(file: str, before: list[Record], response: Record) -> Kept:
    head, body = parted(response.block)
    asked = b"".join(record.block for record in before if record.kind == "request")
    told = b"".join(record.block for record in before if record.kind == "metadata").decode(errors="replace")
    said = [(name, value) for name, colon, value in (line.partition(": ") for line in told.split("\r\n")) if colon]
    status = head.split(b" ", 2)[1:2]
    return Kept(
        file=file,
        records=tuple(
            ErasedRecord(record.offset, record.length, record.field("WARC-Record-ID"), record.field("WARC-Date"))
            for record in (*before, response)
        ),
        url=response.field("WARC-Target-URI"),
        via=tuple(value for name, value in said if name == "via"),
        named_as=dict(said).get("named-as", ""),
        status=int(status[0][:3]) if status and status[0][:3].isdigit() else 0,
        is_revisit=response.kind == "revisit",
        payload_digest=response.field("WARC-Payload-Digest"),
        refers_to=response.field("WARC-Refers-To"),
        asked=asked,
        head=head,
        body=body,
    )
