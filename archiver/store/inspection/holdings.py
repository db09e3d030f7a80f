"""What the records of one file are together: identities, captures, and what refers to what."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from archiver.store.inspection.finding import Revisit
from archiver.store.inspection.head import named, parse_head
from archiver.store.inspection.revisits import is_resolved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.store.inspection.head import Fault, Head

_WITH_BODY = ("response", "resource", "conversion")


class Holdings:
    """Learns from record after record; of each, identity and references are in memory."""

    def __init__(self) -> None:
        self.records = 0
        self.captures = 0
        self.first: str | None = None
        self.last: str | None = None
        self.captured: set[tuple[str, str]] = set()
        self.captured_ids: set[str] = set()
        self.captured_digests: set[str] = set()
        self.has_warcinfo = False
        self.lost = 0
        """Stretches of the file that give no whole record, each of at least one."""
        self.is_something_unknown = False
        """Whether what was lost may be anything: nothing is then said to be missing."""
        self.is_warc = False
        """Whether there was a record, or bytes that may be the beginning of one."""
        self._offsets: dict[str, int] = {}
        self._revisits: list[Revisit] = []
        self._awaited: list[tuple[int, str]] = []
        self._has_begun = False

    def take(self, head: Head, offset: int) -> Fault | None:
        """Learns from a whole record; the fault that it stands in the file already."""
        self.is_warc = True
        self.records += 1
        # Without a Record-ID a record is still not expected twice with the same head.
        key = head.record_id or hashlib.sha1(head.raw, usedforsecurity=False).hexdigest()
        before = self._offsets.get(key)
        if head.type in ("response", "revisit"):
            self.captures += 1
            self.first = self.first or head.date
            self.last = head.date or self.last
        self._learn(head, key, offset)
        self._await_concurrents(head, offset)
        if head.type == "revisit":
            self._keep_revisit(head, offset)
        if before is None:
            return None
        same = "WARC-Record-ID" if head.record_id else "head"
        return "doubled-record", f"{named(head)} has the same {same} as the record at byte {before}"

    def lose(self, text: bytes | None, offset: int) -> None:
        """Learns from the beginning of a record that is not whole: what refers to it does not refer to nothing.

        `text` is empty where nothing of it can be read, None where the bytes are not of a record at all.
        """
        self.lost += 1
        self.is_warc |= text is not None and b"WARC/".startswith(text[:5])
        end = (text or b"").find(b"\r\n\r\n") + 4
        if text is None or not text.startswith(b"WARC/") or end < 4:
            self.is_something_unknown = True
            return
        head = parse_head(text[:end])
        self._learn(head, head.record_id or "", offset)

    def missing_concurrents(self) -> Iterator[tuple[int, str]]:
        """Offset of each record with a WARC-Concurrent-To that names no record of this file, and what it names."""
        if not self.is_something_unknown:
            yield from ((offset, target) for offset, target in self._awaited if target not in self._offsets)

    def unresolved_revisits(self) -> Iterator[Revisit]:
        """Revisits whose original is not in the file."""
        return (revisit for revisit in self._revisits if not self._resolves(revisit))

    def _resolves(self, revisit: Revisit) -> bool:
        return is_resolved(revisit, self.captured, self.captured_ids, self.captured_digests)

    def _learn(self, head: Head, key: str, offset: int) -> None:
        self._offsets.setdefault(key, offset)
        self.has_warcinfo |= head.type == "warcinfo"
        if head.type not in _WITH_BODY:
            return
        uri, date, digest = head.uri("warc-target-uri"), head.get("warc-date"), head.get("warc-payload-digest")
        if uri and date:
            self.captured.add((uri, date))
        if head.record_id:
            self.captured_ids.add(head.record_id)
        if digest:
            self.captured_digests.add(digest)

    def _await_concurrents(self, head: Head, offset: int) -> None:
        """A file that follows another of the same crawl may begin with the rest of an exchange: that is no fault."""
        elsewhere = [each for each in head.fields.get("warc-concurrent-to", ()) if each not in self._offsets]
        if self._has_begun:
            self._awaited += [(offset, target) for target in elsewhere]
        elif not elsewhere and head.type != "warcinfo":
            self._has_begun = True

    def _keep_revisit(self, head: Head, offset: int) -> None:
        uri, date = head.uri("warc-refers-to-target-uri"), head.get("warc-refers-to-date")
        revisit = Revisit(
            offset=offset,
            target_uri=head.uri("warc-target-uri"),
            original=(uri, date) if uri and date else None,
            original_id=head.get("warc-refers-to"),
            payload_digest=head.get("warc-payload-digest"),
        )
        if not self._resolves(revisit):
            self._revisits.append(revisit)
