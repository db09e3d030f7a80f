"""`takedowns.jsonl`: what was taken down, when, why and how deep; and what a takedown that was cut off has still to do.

Two lines a takedown: one before anything is changed, with all that is to be done, one when it is done. No line holds a
text of the article: addresses stand in it as digests, places as file and byte. A line is on the disk when it is written.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

from archiver.errors import ArchiveDamaged, ArchiverError, UsageError
from archiver.store import disk
from archiver.store.jsonl import lines, move_aside, whole_bytes
from archiver.store.names import is_aside, is_captures, is_closed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from archiver.article import Capture

NAME = "takedowns.jsonl"

Level = Literal["hide", "text", "erase"]
LEVELS: tuple[Level, ...] = get_args(Level)
"""Each does what those before it do, and more."""
_STATES = ("begun", "done", "met")
_DIGESTS = ("revisions", "keys", "addresses")

REASONS: Mapping[str, str] = {
    "court_order": "a court or an authority has ordered it",
    "personal_data": "a person has asked for the removal of what tells of them",
    "copyright": "whoever has the rights has asked for it",
    "publisher_request": "the publisher has asked for it, or has withdrawn the article",
    "error": "it should never have been collected or published",
}
"""Usual codes and what they mean; an institution may have others."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,59}")
_ID = re.compile(r"[^\s/:\x00-\x1f\x7f]+:[^\s/:\x00-\x1f\x7f]+")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z", re.ASCII)
_RECORD_ID = re.compile(r"<urn:uuid:[0-9a-f-]{36}>")
_HEX = re.compile(r"(?:[0-9a-f]{2})+")


def reason_code(text: str) -> str:
    """The code of a reason, as it stands in lines and records. Raises UsageError where it is a text."""
    if _CODE.fullmatch(text):
        return text
    told = "; ".join(f"{code}: {meaning}" for code, meaning in REASONS.items())
    message = f"--reason {text!r} is no code. Usual ones are {told}. Words go into --note"
    raise UsageError(message)


@dataclass(frozen=True, slots=True)
class ErasedRecord:
    """One WARC record that is, or is to be, a tombstone."""

    offset: int
    length: int
    record_id: str
    date: str
    """WARC-Date."""


Records = dict[str, tuple[ErasedRecord, ...]]
"""Capture file to records in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Takedown:
    """One line."""

    id: str
    level: Level
    reason: str
    """One of REASONS, or a code of the institution's own."""
    at: str
    """When it was asked for: RFC 3339, UTC. With the id it names the takedown."""
    state: Literal["begun", "done", "met"] = "begun"
    """met: a later run has met the article under an address that was not known; its captures are yet to be erased."""
    note: str | None = None
    teasers: bool = False
    """Whether what other pages' captures show of it is erased too."""
    revisions: tuple[str, ...] = ()
    """revision_id of each content that it had: the same content under another id is not collected again."""
    keys: tuple[str, ...] = ()
    """Fingerprints of what it is asked for by, as in the ledger."""
    addresses: tuple[str, ...] = ()
    """Digests of the addresses that are cut out of events, run reports, ledger and related items."""
    records: Records = field(default_factory=dict)
    """Which records are erased."""
    files: dict[str, str] = field(default_factory=dict)
    """Capture file to its SHA-256 once they are."""
    left: Records = field(default_factory=dict)
    """Records of other pages that show a teaser of it, and stay."""
    torn: tuple[str, ...] = ()
    """Files that were moved aside, and are filled with zeros."""

    def is_as_deep_as(self, level: Level, *, teasers: bool) -> bool:
        """Whether nothing is left to do for that."""
        return LEVELS.index(self.level) >= LEVELS.index(level) and (self.teasers or not teasers)


class TakenDown(ArchiverError):  # named as those of archiver.errors
    """The article, or one of the same content, was taken down: no line, and no capture is kept of it."""

    exit_code: ClassVar[int] = 2

    def __init__(self, id_: str) -> None:
        super().__init__(f"{id_} was taken down")
        self.id = id_


def digest(address: str) -> str:
    """By which an address is known that must not be written."""
    return hashlib.sha256(address.encode(errors="surrogatepass")).hexdigest()[:32]


def read_takedowns(site_folder: Path) -> list[Takedown]:
    """Every line, oldest first. Raises ArchiveDamaged where one cannot be read."""
    path = site_folder / NAME
    if not path.exists():
        return []
    return [_takedown(value, path, offset) for offset, value in lines(path)]


def taken_down(site_folder: Path) -> dict[str, Takedown]:
    """Id to its takedown, the last and deepest; those that were begun count. Raises ArchiveDamaged."""
    return {each.id: each for each in read_takedowns(site_folder) if each.state == "begun"}


def taken_contents(site_folder: Path) -> dict[str, str]:
    """revision_id to the id of the article that was taken down with that content. Raises ArchiveDamaged."""
    return {content: each.id for each in read_takedowns(site_folder) for content in each.revisions}


def erased_records(site_folder: Path) -> set[str]:
    """WARC-Record-ID of every record that is, or is to be, a tombstone. Raises ArchiveDamaged."""
    return {
        record.record_id
        for each in read_takedowns(site_folder)
        for records in each.records.values()
        for record in records
    }


def unfinished(site_folder: Path) -> list[Takedown]:
    """The takedowns that were begun and not done, and the meetings since the last one was begun. Raises ArchiveDamaged."""
    left: dict[tuple[str, str], Takedown] = {}
    for each in read_takedowns(site_folder):
        before = left.pop((each.id, each.at), None)
        if each.state == "met" and before is not None:
            left[each.id, each.at] = _together(before, each)
        elif each.state != "done":
            left[each.id, each.at] = each
    return list(left.values())


def met(takedown: Takedown, capture: Capture, keyed: bytes, at: str) -> Takedown:
    """The line that says that a run has met the article, by which key, and where its answer was captured."""
    record = ErasedRecord(capture.offset, capture.length, capture.record_id, "")
    keys = tuple(sorted({*takedown.keys, keyed.hex()}))
    return replace(takedown, state="met", at=at, keys=keys, records={capture.warc: (record,)}, files={}, torn=())


def is_unfinished(takedown: Takedown) -> str:
    """What is to be said where one is in the way."""
    return f"a takedown of {takedown.id} was begun and is not done. Run: archiver repair"


def mend(site_folder: Path) -> None:
    """Moves a torn last line aside: of what it would have said nothing was done. Raises DiskTrouble."""
    path = site_folder / NAME
    if path.exists() and whole_bytes(path) != path.stat().st_size:
        move_aside(path, whole_bytes(path))


def append(site_folder: Path, takedown: Takedown) -> None:
    """Adds a line; it is on the disk. Raises DiskTrouble."""
    path = site_folder / NAME
    said = {name: value for name, value in asdict(takedown).items() if value not in ((), {})}
    for name in ("records", "left"):
        if name in said:
            said[name] = _packed(getattr(takedown, name))
    raw = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode(errors="replace") + b"\n"
    try:
        descriptor = disk.append_to(path)
        size = os.fstat(descriptor).st_size
        try:
            disk.write(descriptor, raw)
            disk.sync(descriptor)
        except OSError:
            disk.cut(descriptor, size)
            raise
        finally:
            os.close(descriptor)
    except OSError as error:
        raise disk.trouble(path, error) from error


def done(takedown: Takedown) -> Takedown:
    """The line that says that it is done."""
    return replace(
        takedown, state="done", note=None, revisions=(), keys=(), addresses=(), records={}, files={}, left={}, torn=()
    )


def _together(before: Takedown, after: Takedown) -> Takedown:
    """Two meetings of one second as one."""
    files = {**before.records, **after.records}
    records = {file: (*before.records.get(file, ()), *after.records.get(file, ())) for file in files}
    return replace(after, keys=tuple(sorted({*before.keys, *after.keys})), records=records)


def _packed(records: Records) -> dict[str, list[list[Any]]]:
    return {file: [[*asdict(each).values()] for each in some] for file, some in records.items()}


def _takedown(value: dict[str, Any], path: Path, offset: int) -> Takedown:
    """The takedown in a line, which may come from elsewhere: what it says decides which bytes are written over."""
    known = {each.name for each in fields(Takedown)}
    try:
        said: dict[str, Any] = {
            name: tuple(said) if isinstance(said, list) else said for name, said in value.items() if name in known
        }
        for name in ("records", "left"):
            said[name] = {
                file: tuple(ErasedRecord(*each) for each in some) for file, some in value.get(name, {}).items()
            }
        takedown = Takedown(**said)
        fault = next(_faults(takedown), None)
    except (TypeError, AttributeError, ValueError) as problem:
        fault = str(problem)
    if fault is not None:
        message = f"{path}, byte {offset}: no line of a takedown ({fault}). Restore the file from a backup"
        raise ArchiveDamaged(message)
    return takedown


def _faults(takedown: Takedown) -> Iterator[str]:
    """What of a line no takedown says. Raises TypeError where a value has another type."""
    for field_name, is_good in (
        ("id", _ID.fullmatch(takedown.id)),
        ("level", takedown.level in LEVELS),
        ("reason", _CODE.fullmatch(takedown.reason)),
        ("at", _MOMENT.fullmatch(takedown.at) and datetime.fromisoformat(takedown.at)),
        ("state", takedown.state in _STATES),
        ("note", takedown.note is None or isinstance(takedown.note, str)),
        ("teasers", isinstance(takedown.teasers, bool)),
        *((name, _HEX.fullmatch(each)) for name in _DIGESTS for each in getattr(takedown, name)),
        *(("files", is_closed(file) and _HEX.fullmatch(sha256)) for file, sha256 in takedown.files.items()),
        *(("torn", is_aside(name)) for name in takedown.torn),
    ):
        if not is_good:
            yield f"{field_name} has another form"
    for name, packed in (("records", takedown.records), ("left", takedown.left)):
        for file, records in packed.items():
            if not is_captures(file):
                yield f"{name}: {file!r} is no capture file"
            yield from (f"{name}: no record of a capture file" for each in records if not _is_record(each))


def _is_record(record: ErasedRecord) -> bool:
    is_place = type(record.offset) is type(record.length) is int and record.offset >= 0 and record.length > 0
    # Of a meeting the date is empty: it is read with its captures.
    is_dated = not record.date or _MOMENT.fullmatch(record.date) is not None
    return is_place and is_dated and _RECORD_ID.fullmatch(record.record_id) is not None
