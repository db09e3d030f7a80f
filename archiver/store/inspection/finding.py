"""What an inspection tells: findings, each of a kind, and what the file holds."""

from __future__ import annotations

from dataclasses import dataclass

MOST_FINDINGS = 100
"""So many of one file are told; the rest are counted in one more, of the kind `more`."""

_MEND = "Run: archiver repair"
_RESTORE = "Restore the file from a backup"
_WRITER = "The capture can be read; correct the program that wrote it"

KINDS: dict[str, str] = {
    "left-open": "The run that wrote it was stopped. " + _MEND,
    "empty-file": _RESTORE,
    "no-warc": "Give a .warc or .warc.gz file, or restore it from a backup",
    "flipped-bits": _RESTORE,
    "torn-member": _RESTORE,
    "torn-record": _RESTORE,
    "torn-tail": _MEND,
    "torn-header": _MEND,
    "garbage-at-end": _MEND,
    "zeros-at-end": _MEND,
    "garbage-between": _RESTORE,
    "cut-at-border": _RESTORE,
    "not-as-listed": _RESTORE,
    "no-record": _RESTORE,
    "one-member": "Run: warcio recompress FILE NEW",
    "changed-body": _RESTORE,
    "length-too-short": _RESTORE,
    "length-too-long": _RESTORE,
    "no-length": _RESTORE,
    "bad-record-end": _RESTORE,
    "bad-head": _RESTORE,
    "bad-head-line": _RESTORE,
    "unknown-version": _RESTORE,
    "doubled-field": _WRITER,
    "no-type": _RESTORE,
    "unknown-type": _RESTORE,
    "no-date": _RESTORE,
    "bad-date": _RESTORE,
    "no-record-id": _RESTORE,
    "bad-record-id": _RESTORE,
    "doubled-record": "Both can be read; to have each record once, restore the file from a backup",
    "no-uri": _RESTORE,
    "bad-uri": _WRITER,
    "no-digest": "Nothing proves it; compare it with a backup",
    "bad-digest": "Nothing proves it; compare it with a backup",
    "bad-http-head": _RESTORE,
    "unknown-truncation": _WRITER,
    "no-warcinfo": _WRITER,
    "concurrent-to-nothing": _RESTORE,
    "revisit-of-nothing": "Its body is in no file that was looked at: verify all files of the archive, or restore one",
    "more": "Mend these, then verify again",
}
"""Code of each kind of finding, and what to do next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One damage."""

    code: str
    """One of KINDS."""
    file: str
    """As given."""
    offset: int | None
    """Byte of the file as stored at which the record or gzip member begins; None: the file as a whole."""
    message: str
    """One line: where, what, and what to do next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a list made earlier (a manifest, a ledger) says that the file holds."""

    records: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisit:
    """A revisit record whose original is not in its own file."""

    offset: int
    target_uri: str | None
    original: tuple[str, str] | None
    """WARC-Refers-To-Target-URI and WARC-Refers-To-Date."""
    original_id: str | None
    """WARC-Refers-To."""
    payload_digest: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """What the file holds, and what is wrong with it."""

    file: str
    """As given."""
    records: int
    """Those read to their end."""
    captures: int
    """Records of the types response and revisit."""
    bytes: int
    """Of the file as stored."""
    sha256: str
    """Of the file as stored, in hex."""
    first: str | None
    last: str | None
    """WARC-Date of the first and the last capture, in the order of the file."""
    findings: tuple[Finding, ...]
    captured: frozenset[tuple[str, str]]
    """WARC-Target-URI and WARC-Date of each record with a body that a revisit may refer to."""
    captured_ids: frozenset[str]
    """WARC-Record-ID of the same records."""
    captured_digests: frozenset[str]
    """WARC-Payload-Digest of the same records."""
    unresolved: tuple[Revisit, ...]
    """Revisits that name an original which is not in this file, and of which no finding tells: see revisits_of_nothing."""


class Findings:
    """The findings of one file, as they come."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._told: list[Finding] = []
        self._untold = 0
        self.codes: set[str] = set()
        """Of all, told or not."""

    def __len__(self) -> int:
        return len(self._told) + self._untold

    def add(self, code: str, offset: int | None, what: str) -> None:
        """Keeps one more, or counts it."""
        self.codes.add(code)
        if len(self._told) < MOST_FINDINGS:
            self._told.append(finding_of(code, self._file, offset, what))
        else:
            self._untold += 1

    def replace(self, code: str, what: str) -> None:
        """Tells of the file as a whole, in place of all that was found within it."""
        self._told = [finding for finding in self._told if finding.code == "left-open"]
        self._untold = 0
        self.add(code, None, what)

    def all(self) -> tuple[Finding, ...]:
        """Those that are told; the last says how many are not."""
        if not self._untold:
            return tuple(self._told)
        return (*self._told, finding_of("more", self._file, None, f"{self._untold} more findings"))


def finding_of(code: str, file: str, offset: int | None, what: str) -> Finding:
    """The finding of a kind: `what` is said of `file` in one line, however odd the bytes that it quotes."""
    place = file if offset is None else f"{file}, byte {offset}"
    line = "".join(letter if letter.isprintable() else "\ufffd" for letter in what)
    return Finding(code=code, file=file, offset=offset, message=f"{place}: {line}. {KINDS[code]}")
