"""Months that are over, sealed: their lines checked, packed, and written into the manifest's chain."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archiver.conformity import checker
from archiver.errors import UsageError
from archiver.schema import line_schema, record_schema
from archiver.store.archive import LEDGER, hold
from archiver.store.captures import path_of
from archiver.store.event import Event
from archiver.store.ledger import Ledger
from archiver.store.manifest import Manifest
from archiver.store.months import months
from archiver.store.recovery import recover
from archiver.store.sealing import MOMENTS, close_month
from archiver.store.warc import original_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from archiver.conformity import Check
    from archiver.store.manifest import Sealed
    from archiver.store.months import Month

FAULTS_KEPT = 20

_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")


@dataclass(kw_only=True)
class Seals:
    """What was sealed of one site, and what was not."""

    sealed: list[Sealed] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    """Months that go on, as 2026-11: nothing is wrong with them."""
    faults: list[str] = field(default_factory=list)
    """Lines for which a month stays open, and what is wrong with each; the first 20 of a month."""


def read_month(text: str | None, now: datetime) -> str | None:
    """The month in `text`, as 2026-10. Raises UsageError where it is none, or not over."""
    if text is None:
        return None
    if not _MONTH.fullmatch(text):
        message = f"--until {text!r} is no month. Write it as {now:%Y-%m}"
        raise UsageError(message)
    if text >= f"{now:%Y-%m}":
        message = (
            f"--until {text}: that month is not over before {_first_day_after(text)} 00:00 UTC. Seal the ones before it"
        )
        raise UsageError(message)
    return text


def seal(site_folder: Path, until: str | None, now: datetime, passed: Callable[[int], object]) -> Seals:
    """Seals the months of articles and events that are over, up to `until` where it is given; mends the archive first.

    A month with a line that is not as its schema says stays open, and so do those for which captures of an interrupted run
    are still to be read. `passed` is told of bytes of lines. Raises ArchiveBusy, ArchiveDamaged, DiskTrouble.
    """
    with hold(site_folder):
        manifest = Manifest(site_folder)
        ledger = Ledger(site_folder / LEDGER)
        try:
            waiting = [*recover(site_folder, ledger, manifest)]
            ledger.commit()
        finally:
            ledger.close()
        unread = original_at(path_of(site_folder, waiting[0].file), waiting[0].offset).date[:7] if waiting else None
        found = Seals()
        for kind, check in line_checks().items():
            for month in months(site_folder, kind):
                if not month.is_sealed:
                    size = month.size
                    _seal_one(month, check, _Limits(f"{now:%Y-%m}", until, unread), manifest, found)
                    passed(size)
        if unread is not None and (until or f"{now:%Y-%m}") > unread:
            found.faults.append(
                f"{site_folder}: from {unread} on captures of an interrupted run are not read yet."
                f" Let it go on: archiver crawl {site_folder.name}, then seal"
            )
    return found


@dataclass(frozen=True, slots=True)
class _Limits:
    """Which months are over."""

    now: str
    until: str | None
    unread: str | None
    """The first month that an interrupted run may still write to."""

    def allow(self, month: str) -> bool:
        return month < self.now and month <= (self.until or month) and month < (self.unread or self.now)


def _seal_one(month: Month, check: Check, limits: _Limits, manifest: Manifest, found: Seals) -> None:
    name = month.path.stem
    if not limits.allow(name):
        if name not in found.open:
            found.open.append(name)
        return
    faults = list(_faults(month, check))
    if faults:
        found.faults += faults
    else:
        found.sealed.append(close_month(month, manifest))


def line_checks() -> dict[str, Check]:
    """Kind of lines to the check of one."""
    schemas: dict[str, dict[str, Any]] = {"articles": record_schema(), "events": line_schema(Event)}
    return {kind: checker(schemas[kind]) for kind in MOMENTS}


def _faults(month: Month, check: Check) -> Iterator[str]:
    """What keeps the lines of a month from being sealed."""
    count = 0
    for offset, raw in month.lines():
        try:
            fault = check(json.loads(raw))
        except (ValueError, RecursionError) as problem:
            fault = f": no JSON ({problem})"
        if fault is None:
            continue
        count += 1
        if count <= FAULTS_KEPT:
            yield f"{month.path}, byte {offset}: line{fault}. Restore the file from a backup, or see: archiver verify"
    if count > FAULTS_KEPT:
        yield f"{month.path}: {count - FAULTS_KEPT} more lines like these"


def _first_day_after(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year + number // 12}-{number % 12 + 1:02}-01"
