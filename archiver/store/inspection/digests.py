"""A digest as a record's head claims it, to be held against the bytes."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Protocol

_BITS = {"md5": 128, "sha1": 160, "sha224": 224, "sha256": 256, "sha384": 384, "sha512": 512}
_CLAIM = re.compile(r"([A-Za-z0-9-]+):([A-Za-z0-9+/_-]+)=*")


class Hash(Protocol):
    """What hashlib makes."""

    def update(self, data: bytes | memoryview, /) -> None:
        """Takes the next bytes."""

    def digest(self) -> bytes:
        """Of all bytes so far."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An algorithm and a value in hex, base32 or base64: WARC names no encoding (section 5.8)."""

    algorithm: str
    value: str

    def hash(self) -> Hash:
        """Of no bytes yet."""
        return hashlib.new(self.algorithm, usedforsecurity=False)

    def is_of(self, hashed: Hash) -> bool:
        """Whether `hashed` gives the value."""
        digest = hashed.digest()
        size = len(self.value)
        if size == 2 * len(digest):
            return self.value.lower() == digest.hex()
        if size == (8 * len(digest) + 4) // 5:
            return self.value.upper() == base64.b32encode(digest).decode().rstrip("=")
        return self.value.translate(_URL_SAFE) == base64.b64encode(digest).decode().rstrip("=")


_URL_SAFE = str.maketrans("-_", "+/")


def claim_of(label: str) -> Claim | None:
    """What a digest field claims; None: an algorithm that is not known, or a value that is none of it."""
    parts = _CLAIM.fullmatch(label)
    if parts is None:
        return None
    claim = Claim(parts[1].lower().replace("-", ""), parts[2])
    bits = _BITS.get(claim.algorithm, 0)
    return claim if len(claim.value) in (bits // 4, (bits + 4) // 5, (bits + 5) // 6) else None
