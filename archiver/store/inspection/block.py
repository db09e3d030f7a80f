"""The block of a record, read once: its digests and those of its payload, and the HTTP head at its beginning."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.store.inspection.chunked import Unchunked
from archiver.store.inspection.digests import Claim, Hash, claim_of
from archiver.store.inspection.head import named

if TYPE_CHECKING:
    from archiver.store.inspection.head import Fault, Head
    from archiver.store.inspection.text import Text

_PIECE = 1 << 20
_LONGEST_HTTP_HEAD = 1 << 20
_STATUS_LINE = re.compile(rb"HTTP/\d(\.\d+)? +\d{3}(?!\d)")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_CHUNKED = re.compile(rb"\ntransfer-encoding[ \t]*:[^\r\n]*\bchunked\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Block:
    """What reading a block told."""

    is_whole: bool
    """Whether the text did not end before it."""
    is_proved: bool | None
    """Whether every digest is that of the bytes; None: there is no digest that can be checked."""
    faults: tuple[Fault, ...]


def read_block(text: Text, head: Head, length: int) -> Block:
    """The next `length` bytes of `text`, as the block of the record with this head."""
    faults: list[Fault] = []
    block_claim = _claim(head, "WARC-Block-Digest", faults)
    block_hash = block_claim.hash() if block_claim else None
    payload = _Payload(head, _claim(head, "WARC-Payload-Digest", faults))
    left = length
    while left and (piece := text.some(min(left, _PIECE))):
        left -= len(piece)
        if block_hash:
            block_hash.update(piece)
        payload.update(piece)
    agreements = {}
    if block_claim and block_hash:
        agreements["WARC-Block-Digest"] = _is_of_block(block_claim, block_hash, head)
    if (agrees := payload.agrees()) is not None:
        agreements["WARC-Payload-Digest"] = agrees
    if wrong := " and ".join(name for name, agrees in agreements.items() if not agrees):
        faults.append(("changed-body", f"{named(head)} has not the body that {wrong} names"))
    elif payload.http_fault and not head.get("warc-truncated"):
        faults.append(("bad-http-head", payload.http_fault))
    return Block(not left, all(agreements.values()) if agreements else None, tuple(faults))


def _claim(head: Head, name: str, faults: list[Fault]) -> Claim | None:
    label = head.get(name.lower())
    if label is None:
        return None
    claim = claim_of(label)
    if claim is None:
        faults.append(("bad-digest", f"{name} cannot be checked: {label[:100]}"))
    return claim


def _is_of_block(claim: Claim, hashed: Hash, head: Head) -> bool:
    # wget 1.x gives a revisit's block, which is an HTTP head, the digest of no bytes (warc.c).
    return claim.is_of(hashed) or (head.type == "revisit" and claim.is_of(claim.hash()))


class _Payload:
    """The payload of a block: what follows the HTTP head, or all of it."""

    def __init__(self, head: Head, claim: Claim | None) -> None:
        self.http_fault: str | None = None
        self._claim = claim if _has_payload(head) else None
        self._hash = self._claim.hash() if self._claim else None
        self._unchunked: Unchunked | None = None
        self._is_response = head.type == "response"
        self._http: bytes | None = None
        """The HTTP head as far as it came; None: it is over, or there is none."""
        if head.is_http and (self._claim or self._is_response):
            self._http = b""
            self._tell("ends before its blank line")

    def update(self, piece: memoryview) -> None:
        """Takes the next bytes of the block."""
        if self._http is None:
            self._take(piece)
            return
        # A blank line may begin in the piece before.
        searched = max(len(self._http) - 3, 0)
        self._http += piece
        if blank := _BLANK_LINE.search(self._http, searched):
            self._begin(self._http, blank.end())
        elif len(self._http) > _LONGEST_HTTP_HEAD:
            self._begin(self._http, len(self._http))
            self._tell(f"has no blank line within {_LONGEST_HTTP_HEAD} bytes")

    def agrees(self) -> bool | None:
        """Whether the payload, with or without chunk framing, is the one claimed; None: nothing to be checked."""
        if self._claim is None or self._hash is None or self._http is not None:
            return None
        # Writers differ in what they hash (warcio issue 74).
        unchunked = self._unchunked
        return self._claim.is_of(self._hash) or bool(
            unchunked and unchunked.is_chunked and self._claim.is_of(unchunked.hashed)
        )

    def _begin(self, block: bytes, start: int) -> None:
        """The payload begins: `start` is the end of the HTTP head."""
        self.http_fault = None
        if not _STATUS_LINE.match(block):
            self._tell(f"begins with no status line: {block[:40].decode(errors='replace')}")
        if self._claim and _CHUNKED.search(block, 0, start):
            self._unchunked = Unchunked(self._claim.hash())
        self._http = None
        self._take(memoryview(block)[start:])

    def _take(self, piece: memoryview) -> None:
        if self._hash:
            self._hash.update(piece)
        if self._unchunked:
            self._unchunked.update(piece)

    def _tell(self, fault: str) -> None:
        if self._is_response:
            self.http_fault = f"the HTTP head of the response {fault}"


def _has_payload(head: Head) -> bool:
    """Whether the payload digest is of this very block: not that of a revisit, nor of one segment of several."""
    return head.type not in ("revisit", "continuation") and head.get("warc-segment-number") is None
