"""Which lines of a site are handed over: those of the articles that were published in a range, each history whole."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from archiver.errors import ArchiveDamaged, UsageError
from archiver.schema import article_in
from archiver.store.articles import KIND
from archiver.store.emptied import shown
from archiver.store.months import months
from archiver.store.sealing import MOMENTS
from archiver.store.strays import foreign_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from archiver.store.months import Month

_LEFT_OUT, _EARLIER, _NEWEST = range(3)


@dataclass(frozen=True, slots=True)
class Range:
    """Days of publication, as the pages print them; both ends count. None: no end there."""

    since: str | None = None
    until: str | None = None

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return self.since is None and self.until is None

    def holds(self, day: str) -> bool:
        """Whether 2026-11-22 is in it."""
        return (self.since or day) <= day <= (self.until or day)


EVERYTHING = Range()


def read_range(since: str | None, until: str | None) -> Range:
    """The range between two days, as 2026-11-22. Raises UsageError."""
    for name, text in (("--since", since), ("--until", until)):
        try:
            if text is not None and date.fromisoformat(text).isoformat() != text:
                raise ValueError(text)  # noqa: TRY301  # other ISO forms are no days as we sort them
        except ValueError as problem:
            message = f"{name} {text!r} is no day. Write it as 2026-11-22"
            raise UsageError(message) from problem
    if since and until and since > until:
        message = f"--since {since} is after --until {until}: nothing lies between"
        raise UsageError(message)
    return Range(since, until)


@dataclass(kw_only=True)
class Selection:
    """The lines of a site that are handed over, and what they hold."""

    folder: Path
    chosen: Range
    lines: int = 0
    articles: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    """Of the newest revisions, as the next three."""
    languages: Counter[str] = field(default_factory=Counter)
    sections: Counter[str] = field(default_factory=Counter)
    by_year: Counter[str] = field(default_factory=Counter)
    """Year of publication."""
    first_published: str | None = None
    """Day."""
    last_published: str | None = None
    first_fetched: str | None = None
    """RFC 3339, UTC."""
    last_fetched: str | None = None
    capture_files: set[str] = field(default_factory=set)
    """Those that the lines name."""
    foreign: list[str] = field(default_factory=list)
    """Files among the months that are none: they are nothing of the archive."""
    faults: list[str] = field(default_factory=list)
    """Lines that are none of an article, and months that could not be read to their end."""
    _kinds: dict[str, bytearray] = field(default_factory=dict)
    """Month to what each of its lines is."""
    _shown: Callable[[bytes], bytes]
    """What is handed over of a line: of an article that was taken down only that it was."""

    @property
    def site(self) -> str:
        """Its name."""
        return self.folder.name

    def months(self) -> list[Month]:
        """The months with lines that are handed over."""
        return [month for month in months(self.folder, KIND) if any(self._kinds.get(month.name, b""))]

    def rows(self, month: Month) -> Iterator[tuple[bytes, bool]]:
        """The lines of a month that are handed over, each with whether it is the newest of its article."""
        for kind, (_, raw) in zip(self._kinds[month.name], month.lines(), strict=False):
            if kind:
                yield self._shown(raw), kind == _NEWEST

    def parts(self, month: Month) -> list[bool]:
        """Which parts of a month there are: newest revisions (True), earlier ones (False)."""
        kinds = self._kinds[month.name]
        return [is_newest for is_newest, kind in ((True, _NEWEST), (False, _EARLIER)) if kind in kinds]

    def of_part(self, month: Month, *, is_newest: bool) -> Iterator[tuple[int, bytes]]:
        """Offset and bytes of the lines of a part of a month."""
        wanted = _NEWEST if is_newest else _EARLIER
        found = zip(self._kinds[month.name], month.lines(), strict=False)
        return ((offset, self._shown(raw)) for kind, (offset, raw) in found if kind == wanted)


@dataclass(frozen=True, slots=True)
class _Last:
    """The last line of an article."""

    month: str
    number: int
    day: str
    status: str
    language: str
    section: str


def select(folder: Path, chosen: Range) -> Selection:
    """The lines of a site's folder, read once. A line that is no article's is told and left out, and what stands behind damage."""
    found = Selection(folder=folder, chosen=chosen, _shown=shown(folder))
    last: dict[str, _Last] = {}
    ids: dict[str, list[str | None]] = {}
    known: dict[str, str] = {}
    found.foreign += [stray for kind in MOMENTS for stray in foreign_files(folder, kind)]
    for month in months(folder, KIND):
        of_month = ids[month.name] = []
        size = 0
        try:
            for offset, raw in month.lines():
                size = offset + len(raw)
                line = _read(month, offset, raw, found)
                of_month.append(line["id"] if line else None)
                if line:
                    last[line["id"]] = _last(line, month, len(of_month) - 1, known)
            if month.size != size:
                found.faults.append(
                    f"{month.path}: its last line is not finished; it is left out. Run: archiver repair"
                )
        except ArchiveDamaged as damage:
            found.faults.append(str(damage))
        found._kinds[month.name] = bytearray(len(of_month))  # noqa: SLF001  # it is made here
    _choose(found, last, ids)
    _measure(found)
    return found


def _read(month: Month, offset: int, raw: bytes, found: Selection) -> dict[str, Any] | None:
    """The record of a line; None: it is none, which is told."""
    try:
        return article_in(raw, f"{month.path}, byte {offset}")
    except ArchiveDamaged as damage:
        found.faults.append(str(damage))
        return None


def _last(line: dict[str, Any], month: Month, number: int, known: dict[str, str]) -> _Last:
    """What is kept of a line while it is the last of its article; `known` has each word once."""
    words = ((line["published_at"] or line["first_seen_at"])[:10], line["status"], line["language"], line["section"])
    day, status, language, section = (known.setdefault(word or "", word or "") for word in words)
    return _Last(month.name, number, day, status, language, section)


def _choose(found: Selection, last: dict[str, _Last], ids: dict[str, list[str | None]]) -> None:
    kinds = found._kinds  # noqa: SLF001  # it is made here
    for month, of_month in ids.items():
        for number, id_ in enumerate(of_month):
            if id_ is not None and found.chosen.holds(last[id_].day):
                kinds[month][number] = _EARLIER
                found.lines += 1
    for line in last.values():
        if found.chosen.holds(line.day):
            kinds[line.month][line.number] = _NEWEST
            found.articles += 1
            found.statuses[line.status] += 1
            found.languages[line.language] += 1
            found.sections[line.section] += 1
            found.by_year[line.day[:4]] += 1
            found.first_published = min(found.first_published or line.day, line.day)
            found.last_published = max(found.last_published or line.day, line.day)


def _measure(found: Selection) -> None:
    """When the lines were made, and which captures they name."""
    for month in found.months():
        for raw, _ in found.rows(month):
            line = json.loads(raw)
            at = line["fetched_at"]
            found.first_fetched, found.last_fetched = (
                min(found.first_fetched or at, at),
                max(found.last_fetched or at, at),
            )
            if line["capture"] is not None:
                found.capture_files.add(line["capture"]["warc"])
