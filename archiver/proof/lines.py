"""Lines: whole, each once, each revision following from the one before, each with the capture that it names."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archiver.errors import ArchiveDamaged
from archiver.store.captures import path_of
from archiver.store.emptied import ID, is_emptied, lines_aside
from archiver.store.lacking import lacking
from archiver.store.months import months
from archiver.store.warc import original_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from archiver.proof.findings import Verified
    from archiver.store.months import Month
    from archiver.store.takedowns import Takedown


@dataclass(frozen=True, slots=True)
class LastLine:
    """The last line of an article, as the files tell it."""

    revision: int
    revision_id: str
    status: str
    file: str
    offset: int


@dataclass(frozen=True, slots=True)
class TakenDown:
    """What of a site was taken down."""

    articles: Mapping[str, Takedown]
    """By id."""
    erased: AbstractSet[str]
    """WARC-Record-ID of what was erased."""


def verify_lines(folder: Path, taken: TakenDown, found: Verified) -> dict[str, LastLine]:
    """The last line of each article of a site's folder; what is wrong with any line goes into `found`."""
    last: dict[str, LastLine] = {}
    never_came = lacking(folder)
    for month in months(folder, "events"):
        for _ in _objects(month, found):
            pass
    for month in months(folder, "articles"):
        for offset, line in _objects(month, found):
            try:
                _verify_history(month.path, offset, line, last.get(line["id"]), found)
                _verify_takedown(month.path, offset, line, taken, found)
                if (line["capture"] or {}).get("warc") in never_came:
                    found.unproved += 1
                else:
                    _verify_capture(folder, month.path, offset, line, taken, found)
                last[line["id"]] = LastLine(line["revision"], line["revision_id"], line["status"], month.name, offset)
            except (KeyError, TypeError) as problem:
                found.tell("bad-line", month.path, offset, f"an article without {problem}")
    return last


def verify_aside(folder: Path, taken: TakenDown, found: Verified) -> None:
    """Tells of files of lines that were moved aside and still have the text of an article that was taken down."""
    deep = {id_.encode() for id_, takedown in taken.articles.items() if takedown.level != "hide"}
    for path in lines_aside(folder, "articles") if deep else ():
        with path.open("rb") as file:
            offset = 0
            for raw in file:
                id_ = ID.search(raw)
                if id_ and id_[1] in deep and not is_emptied(raw):
                    what = f"{id_[1].decode()} was taken down, and what was moved aside here has its text"
                    found.tell("unfinished-takedown", path, offset, what)
                offset += len(raw)


def _verify_history(path: Path, offset: int, line: dict[str, Any], before: LastLine | None, found: Verified) -> None:
    revision, follows = line["revision"], (before.revision, before.revision_id) if before else (0, None)
    if revision == follows[0]:
        found.tell("doubled-line", path, offset, f"{line['id']} has revision {revision} twice")
    elif revision != follows[0] + 1 or line["supersedes"] != follows[1]:
        found.tell("broken-history", path, offset, f"{line['id']}: revision {revision} does not follow {follows[0]}")
    elif fault := _fault_of_status(line, before):
        found.tell("broken-history", path, offset, f"{line['id']}: revision {revision} {fault}")


def _verify_takedown(path: Path, offset: int, line: dict[str, Any], taken: TakenDown, found: Verified) -> None:
    takedown = taken.articles.get(line["id"])
    if line["status"] == "tombstone" and takedown is None:
        what = f"{line['id']} is a tombstone, and takedowns.jsonl tells of no takedown"
        found.tell("unexplained-tombstone", path, offset, what)
    elif line["status"] != "tombstone" and takedown is not None and takedown.level != "hide":
        found.tell("unfinished-takedown", path, offset, f"{line['id']} was taken down, and the line has its text")


def _verify_capture(  # a line and its place, and what it is held against
    folder: Path, path: Path, offset: int, line: dict[str, Any], taken: TakenDown, found: Verified
) -> None:
    capture = line["capture"]
    if capture is None and line["change"]["cause"] == "takedown":
        return
    if capture is None:
        found.tell("no-capture", path, offset, f"{line['id']} names no capture")
        return
    try:
        record = original_at(path_of(folder, capture["warc"]), capture["offset"])
    except (ArchiveDamaged, OSError) as problem:
        found.tell("no-capture", path, offset, f"{line['id']}: its capture cannot be read ({problem})")
        return
    # A tombstone has the id of the record that it stands for, and no payload.
    digest = "" if capture["record_id"] in taken.erased else capture["payload_digest"]
    if (record.record_id, record.payload_digest) != (capture["record_id"], digest):
        found.tell("other-capture", path, offset, f"{line['id']}: at the place it names stands another record")


def _fault_of_status(line: dict[str, Any], before: LastLine | None) -> str | None:
    """What is wrong with the status of a line after the one before it."""
    status, cause = line["status"], line["change"]["cause"]
    was = before.status if before else None
    if status == "tombstone":
        return None
    if was == "tombstone":
        return "follows a tombstone"
    if (status == "gone") != (cause == "gone"):
        return f"has the status {status} and the cause {cause}"
    if status == "gone" and (before is None or was != "live" or line["revision_id"] != before.revision_id):
        return "says that the article is gone, and is not the live one before it"
    if (cause == "return") != (status == "live" and was == "gone"):
        return f"has the cause {cause} after a line with the status {was}"
    return None


def _objects(month: Month, found: Verified) -> Iterator[tuple[int, dict[str, Any]]]:
    """Offset and value of each line that is a JSON object."""
    found.files += 1
    path, end = month.path, 0
    try:
        for number, (offset, raw) in enumerate(month.lines(), start=1):
            found.lines += 1
            end = offset + len(raw)
            try:
                value = json.loads(raw)
            except (ValueError, RecursionError) as problem:
                found.tell("bad-line", path, offset, f"line {number} is no JSON ({problem})")
                continue
            if isinstance(value, dict):
                yield offset, value
            else:
                found.tell("bad-line", path, offset, f"line {number} is no JSON object")
        if month.size > end:
            found.lines += 1
            found.tell("torn-line", path, end, "the last line is not finished")
    except ArchiveDamaged as problem:
        found.tell("bad-month", path, None, str(problem).removeprefix(f"{path}, ").partition(". See")[0])
