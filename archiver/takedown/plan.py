"""What a takedown will change, told before anything is."""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from archiver.errors import UsageError
from archiver.site.absence import key
from archiver.store.archive import LEDGER
from archiver.store.captures import OPEN, capture_files
from archiver.store.jsonl import value_of
from archiver.store.ledger import Ledger, Place, fingerprint
from archiver.store.months import months
from archiver.store.takedowns import Takedown, digest, taken_down
from archiver.takedown.captures import Captures, captures_to_erase
from archiver.takedown.forgetting import CACHE, moved_aside
from archiver.takedown.others import Others, others_addresses, said_by_others
from archiver.takedown.own import Marks, own_captures, with_addresses
from archiver.takedown.passages import passages
from archiver.takedown.shown import Finder, Wanted, links_of
from archiver.takedown.workers import site_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from archiver.store.takedowns import Level, Records

_NEAR = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody wants taken down."""

    id: str
    level: Level
    reason: str
    note: str | None
    teasers: bool
    at: str
    """Now: RFC 3339, UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What will be done, and what is found on the way that will not."""

    takedown: Takedown
    """As it will be written before anything is done."""
    title: str
    """By which whoever asks can tell that it is the right one; empty where the text is gone already."""
    lines: int
    """Lines that are written over."""
    caches: int
    """Files in the cache."""
    captures: Captures = field(default_factory=Captures)
    others: Others = field(default_factory=Others)
    open_files: int = 0
    """Capture files that an interrupted run has left open: they are closed first."""

    @property
    def erased_bytes(self) -> int:
        """Of all records that become tombstones."""
        return sum(record.length for records in self.takedown.records.values() for record in records)


def plan(folder: Path, asked: Asked, passed: Callable[[int], object]) -> Plan:
    """What the takedown will do in a site's folder; nothing is written. `passed` is told of bytes of captures read.

    Raises UsageError where no line has the id, naming the nearest; ArchiveDamaged.
    """
    lines = [*_lines_of(folder, asked.id)]
    if not lines:
        raise _unknown(folder, asked.id)
    marks = _marks(folder, asked.id, lines)
    takedown = Takedown(
        id=asked.id,
        level=asked.level,
        reason=asked.reason,
        at=asked.at,
        note=asked.note,
        teasers=asked.teasers,
        revisions=tuple(dict.fromkeys(line["revision_id"] for _, line in lines)),
        keys=tuple(sorted(each.hex() for each in marks.keys)),
    )
    cache = folder / CACHE
    made = Plan(
        takedown=takedown,
        title=next((line["title"] for _, line in reversed(lines) if line["title"]), ""),
        lines=sum(bool(line["url"]) for _, line in lines) if asked.level != "hide" else 0,
        caches=sum(path.is_file() for path in cache.rglob("*")),
        open_files=sum(name.endswith(OPEN) for name in capture_files(folder)),
    )
    if asked.level == "hide":
        return made
    texts: list[Mapping[str, Any]] = [line for _, line in lines if line["title"]]
    if asked.level == "text":
        return _with_moved_aside(folder, made, Finder(_wanted(passages(texts), marks)), "articles")
    return _erasing(folder, made, marks, texts, passed)


def _erasing(
    folder: Path, made: Plan, marks: Marks, texts: list[Mapping[str, Any]], passed: Callable[[int], object]
) -> Plan:
    own, marks = own_captures(folder, marks, others_addresses(folder, marks), passed)
    texts += [each.line for each in own if each.line is not None]
    known = passages(texts)
    others = said_by_others(folder, marks, known)
    wanted = _wanted(known - others.common, marks, common=known & others.common)
    before = taken_down(folder).get(marks.id)
    left = before.left if before else {}
    captures = captures_to_erase(folder, own, wanted, marks, passed)
    named = {digest(url) for url in marks.addresses | marks.media | others.related_urls}
    takedown = replace(
        made.takedown,
        keys=tuple(sorted({*made.takedown.keys, *(each.hex() for each in marks.keys)})),
        addresses=tuple(sorted(named.union(before.addresses if before else ()))),
        records=captures.records(left, teasers=made.takedown.teasers),
        left=captures.left(left, teasers=made.takedown.teasers),
    )
    others = replace(
        others,
        unproved=_lines_that_name(folder, _ids(takedown.records), marks.id),
        unproved_with_teasers=_lines_that_name(folder, _ids(captures.records(left, teasers=True)), marks.id),
    )
    made = replace(made, takedown=takedown, captures=captures, others=others)
    return _with_moved_aside(folder, made, Finder(wanted), "")


def _with_moved_aside(folder: Path, made: Plan, finder: Finder, below: str) -> Plan:
    found = moved_aside(folder, below, finder, made.takedown.id)
    torn = tuple(path.relative_to(folder).as_posix() for path in found)
    return replace(made, takedown=replace(made.takedown, torn=torn))


def _wanted(telling: frozenset[Any], marks: Marks, common: frozenset[Any] = frozenset()) -> Wanted:
    return Wanted(telling, common, links_of(marks.addresses), marks.record_ids)


def _marks(folder: Path, id_: str, lines: list[tuple[Place, dict[str, Any]]]) -> Marks:
    """By what the article is known, from its lines, its events and the ledger."""
    names = capture_files(folder)
    site = site_of(folder, names[-1].removesuffix(OPEN)) if names else None
    record_ids = {line["capture"]["record_id"] for _, line in lines if line["capture"]}
    marks = Marks(id_, frozenset(), frozenset(), frozenset(record_ids))
    others = others_addresses(folder, marks)
    marks = with_addresses(marks, [line for _, line in lines], others)
    addresses = set(marks.addresses)
    for month in months(folder, "events"):
        for offset, raw in month.lines():
            if (
                id_.encode() in raw
                and (event := value_of(raw, f"{month.path}, byte {offset}"))["id"] == id_
                and event["url"]
                and event["url"] not in others
            ):
                addresses.add(event["url"])
    keys = {fingerprint(id_), *(fingerprint(key(site, url)) for url in addresses if site)}
    if (folder / LEDGER).exists():
        ledger = Ledger(folder / LEDGER)
        try:
            keys.update(ledger.aliases_of(id_))
        finally:
            ledger.close()
    before = taken_down(folder).get(id_)
    keys.update(bytes.fromhex(each) for each in (before.keys if before else ()))
    return replace(marks, addresses=frozenset(addresses), keys=frozenset(keys))


def _lines_of(folder: Path, id_: str) -> Iterator[tuple[Place, dict[str, Any]]]:
    for month in months(folder, "articles"):
        for offset, raw in month.lines():
            if id_.encode() in raw and (line := value_of(raw, f"{month.path}, byte {offset}")).get("id") == id_:
                yield Place(month.name, offset), line


def _ids(records: Records) -> set[str]:
    return {record.record_id for some in records.values() for record in some}


def _lines_that_name(folder: Path, record_ids: set[str], id_: str) -> dict[str, int]:
    """Other articles with lines that come of these captures, and how many lines."""
    found: Counter[str] = Counter()
    for month in months(folder, "articles"):
        for offset, raw in month.lines():
            line = value_of(raw, f"{month.path}, byte {offset}")
            if line["id"] != id_ and line["capture"] and line["capture"]["record_id"] in record_ids:
                found[line["id"]] += 1
    return dict(found)


def _unknown(folder: Path, id_: str) -> UsageError:
    known = {
        str(value_of(raw, f"{month.path}, byte {offset}").get("id"))
        for month in months(folder, "articles")
        for offset, raw in month.lines()
    }
    near = difflib.get_close_matches(id_, sorted(known), n=_NEAR)
    hint = f"Nearest: {', '.join(near)}" if near else f"Ids look like {min(known, default='site:number')}"
    return UsageError(f"no article {id_!r} in the archive. {hint}")
