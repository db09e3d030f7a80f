"""What a verification tells of an archive's own files; those of WARC files are in archiver.store.inspection."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archiver.store.inspection import Finding

if TYPE_CHECKING:
    from pathlib import Path

_REPAIR = "Run: archiver repair"
_RESTORE = "Restore the file from a backup"
_REBUILD = "Compare with the captures: archiver rebuild --check"

KINDS: dict[str, str] = {
    "no-card": _RESTORE,
    "bad-manifest": _RESTORE,
    "torn-manifest": _REPAIR,
    "missing-file": _RESTORE,
    "not-in-manifest": _REPAIR,
    "not-as-listed": _RESTORE,
    "foreign-file": "Move it out of the archive",
    "half-sealed": _REPAIR,
    "bad-month": _RESTORE,
    "torn-line": _REPAIR,
    "bad-line": _RESTORE,
    "doubled-line": _RESTORE,
    "broken-history": _RESTORE,
    "no-capture": _RESTORE,
    "unexplained-tombstone": _RESTORE,
    "bad-takedowns": _RESTORE,
    "unfinished-takedown": _REPAIR,
    "other-capture": _REBUILD,
    "bad-ledger": _REPAIR,
    "ledger-differs": _REPAIR,
}
"""Code of each kind of finding beyond those of WARC files, and what to do next."""


@dataclass(kw_only=True)
class Verified:
    """What was looked at, and what is wrong."""

    files: int = 0
    records: int = 0
    """WARC records."""
    lines: int = 0
    """Of articles and events."""
    unproved: int = 0
    """Lines whose captures were not in the package that was taken back."""
    findings: list[Finding] = field(default_factory=list)

    def tell(self, code: str, file: Path | str, offset: int | None, what: str) -> None:
        """Adds a finding of one of KINDS."""
        place = str(file) if offset is None else f"{file}, byte {offset}"
        message = f"{place}: {what}. {KINDS[code]}"
        self.findings.append(Finding(code=code, file=str(file), offset=offset, message=message))
