"""A WARC file read from its first byte to its last, on its own: no WARC library is trusted with judging its own work."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from archiver.errors import ArchiveDamaged, UsageError
from archiver.store.inspection.finding import Findings, Inspected
from archiver.store.inspection.gzipped import MAGIC, Member, TornMemberError, breakage, is_gzip, no_member
from archiver.store.inspection.holdings import Holdings
from archiver.store.inspection.records import Records
from archiver.store.inspection.revisits import said_of
from archiver.store.inspection.stored import StoredFile
from archiver.store.inspection.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from archiver.store.inspection.finding import Expected, Revisit
    from archiver.store.inspection.gzipped import Breakage

_TORN_END = {"torn-tail", "torn-header"}


def inspect_warc(
    path: Path, *, originals: Callable[[str, str], bool] | None = None, expected: Expected | None = None
) -> Inspected:
    """What the file holds, and every damage of it that can be told.

    `originals` says whether a target URI was captured at a date in any file of the archive; without it only those
    revisits are told that name no original at all, and the others that this file does not resolve are returned.
    Takes some MB of memory, and under 1 kB for each record. Raises UsageError: the file cannot be opened;
    ArchiveDamaged: the disk does not give its bytes.
    """
    try:
        file = path.open("rb")
    except OSError as trouble:
        message = f"{path}: cannot be opened ({trouble.strerror}). Give the path of a .warc or .warc.gz file"
        raise UsageError(message) from trouble
    with file:
        try:
            return _inspected(path, StoredFile(file), originals, expected)
        except OSError as trouble:
            message = f"{path}: the disk does not give its bytes ({trouble.strerror}). Restore it from a backup"
            raise ArchiveDamaged(message) from trouble


def _inspected(
    path: Path, stored: StoredFile, originals: Callable[[str, str], bool] | None, expected: Expected | None
) -> Inspected:
    findings, holdings = Findings(str(path)), Holdings()
    if path.name.endswith(".open"):
        findings.add("left-open", None, "the file was not closed by the run that wrote it")
    if is_gzip(stored):
        _read_members(stored, findings, holdings)
    else:
        Records(Text(stored.pieces), findings, holdings, stored).read()
    unresolved: tuple[Revisit, ...] = ()
    if holdings.is_warc:
        unresolved = _judge_references(findings, holdings, originals)
        if expected:
            _compare(findings, holdings, stored.size, expected)
    elif stored.size:
        findings.replace("no-warc", "the file holds no WARC record")
    else:
        findings.replace("empty-file", "the file is empty")
    return Inspected(
        file=str(path),
        records=holdings.records,
        captures=holdings.captures,
        bytes=stored.size,
        sha256=stored.sha256(),
        first=holdings.first,
        last=holdings.last,
        findings=findings.all(),
        captured=frozenset(holdings.captured),
        captured_ids=frozenset(holdings.captured_ids),
        captured_digests=frozenset(holdings.captured_digests),
        unresolved=unresolved,
    )


def _read_members(stored: StoredFile, findings: Findings, holdings: Holdings) -> None:
    """Reads member after member; behind a broken one, from the next that can be found."""
    offset: int | None = 0
    while offset is not None and offset < stored.size:
        before = holdings.records
        resume, broken = _read_member(stored, offset, findings, holdings)
        if (shared := holdings.records - before) > 1:
            findings.add("one-member", offset, f"{shared} records share a gzip member: none can be read by itself")
        if broken and (broken.text is not None or broken.resume is not None):
            holdings.lose(broken.text, offset)
        if broken:
            findings.add(broken.code, offset, broken.what)
        offset = resume


def _read_member(
    stored: StoredFile, offset: int, findings: Findings, holdings: Holdings
) -> tuple[int | None, Breakage | None]:
    """Where to go on, and what is wrong with the member itself."""
    if stored.at(offset, len(MAGIC)) != MAGIC:
        broken = no_member(stored, offset)
        return broken.resume, broken
    member = Member(stored, offset)
    try:
        Records(Text(member.pieces), findings, holdings, stored, member=offset).read()
    except (TornMemberError, zlib.error) as error:
        broken = breakage(stored, offset, error)
        return broken.resume, broken
    return member.end, None


def _judge_references(
    findings: Findings, holdings: Holdings, originals: Callable[[str, str], bool] | None
) -> tuple[Revisit, ...]:
    """Finds what the file lacks as a whole; the revisits that other files must resolve."""
    if not (holdings.has_warcinfo or holdings.is_something_unknown):
        findings.add("no-warcinfo", None, "no record tells what wrote the file")
    for offset, target in holdings.missing_concurrents():
        findings.add("concurrent-to-nothing", offset, f"WARC-Concurrent-To names no record of the file: {target[:100]}")
    unresolved = []
    for revisit in holdings.unresolved_revisits():
        names_none = revisit.original is None and revisit.original_id is None and not holdings.is_something_unknown
        is_known = originals(*revisit.original) if originals is not None and revisit.original else None
        if names_none or is_known is False:
            findings.add("revisit-of-nothing", revisit.offset, said_of(revisit))
        elif is_known is None:
            unresolved.append(revisit)
    return tuple(unresolved)


def _compare(findings: Findings, holdings: Holdings, size: int, expected: Expected) -> None:
    """Finds what only a list made earlier can tell."""
    here = f"{holdings.records} records in {size} bytes are here, {expected.records} in {expected.bytes} are listed"
    is_short = size < expected.bytes and holdings.records + holdings.lost < expected.records
    if is_short and not findings.codes & _TORN_END:
        findings.add("cut-at-border", None, here)
    elif not findings.codes and (holdings.records, size) != (expected.records, expected.bytes):
        findings.add("not-as-listed", None, here)
