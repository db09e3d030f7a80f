"""Which records of captures are to be erased: the article's own, what depends on them, and teasers where it is asked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.takedown.kept import Kept, kept
from archiver.takedown.own import is_read_as
from archiver.takedown.shown import Again, Finder, Shown, finds
from archiver.takedown.workers import over_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from archiver.store.takedowns import ErasedRecord, Records
    from archiver.takedown.own import Marks, Own
    from archiver.takedown.shown import Wanted


@dataclass(frozen=True, slots=True)
class Captures:
    """What was found in the capture files."""

    own: tuple[Kept, ...] = ()
    """Exchanges of the article: erased."""
    led_here: tuple[Kept, ...] = ()
    """Exchanges of other addresses to which one of the article's led: request and `via` are erased, the answer stays."""
    shared: tuple[Kept, ...] = ()
    """Of its own those whose answer holds nothing of it and stands for the same bytes of other addresses, such as a
    sign-in page: the same."""
    dependent: tuple[Kept, ...] = ()
    """Exchanges of other articles whose bytes are erased with the article's: erased too."""
    teasers: tuple[Shown, ...] = ()
    """Exchanges of other pages that show something of it: erased with --teasers only."""
    with_teasers: tuple[Kept, ...] = ()
    """Exchanges that have their bytes from these."""

    def records(self, left: Mapping[str, Iterable[ErasedRecord]], *, teasers: bool) -> Records:
        """The records that are to be erased; `left`: teasers that an earlier takedown has left."""
        found: dict[str, set[ErasedRecord]] = defaultdict(set)
        for each in (*self.own, *self.dependent):
            found[each.file].update(each.records)
        for each in (*self.led_here, *self.shared):
            found[each.file].update(each.records[:-1])
        if teasers:
            _add(found, self._of_teasers(), left)
        return _sorted(found)

    def left(self, left: Mapping[str, Iterable[ErasedRecord]], *, teasers: bool) -> Records:
        """The records of teasers that stay."""
        found: dict[str, set[ErasedRecord]] = defaultdict(set)
        if not teasers:
            _add(found, self._of_teasers(), left)
        return _sorted(found)

    def _of_teasers(self) -> list[Kept]:
        return [*(each.kept for each in self.teasers), *self.with_teasers]


def captures_to_erase(
    folder: Path, own: Sequence[Own], wanted: Wanted, marks: Marks, passed: Callable[[int], object]
) -> Captures:
    """Them, out of all capture files of a site. Raises ArchiveDamaged."""
    at_its_address = [each.kept for each in own if each.is_at_its_address]
    shown, again = _looked(folder, _but(wanted, at_its_address), passed)
    read_as = {each.kept.record_id for each in shown if "body" in each.kinds and is_read_as(folder, each.kept, marks)}
    telling = {each.kept.record_id for each in shown}
    via = [each.kept for each in own if not each.is_at_its_address]
    mine = [
        *at_its_address,
        *(each for each in via if each.record_id in telling),
        *(each.kept for each in shown if each.kept.record_id in read_as and each.kept not in via),
    ]
    ids = {each.record_id for each in mine}
    texts = {each.kept.record_id for each in own if each.line is not None} | read_as
    finder = Finder(wanted)
    following = _following(folder, again, ids)
    others = {id_: [each for each in some if each.record_id not in ids] for id_, some in following.items()}
    shared = [
        each
        for each in mine
        if others.get(each.record_id) and each.record_id not in texts and not finder.kinds_in(_whole(folder, each))
    ]
    kept_whole = {each.record_id for each in shared}
    dependent = [each for id_, some in others.items() if id_ not in kept_whole for each in some]
    gone = ids | {each.record_id for each in dependent}
    teasers = [each for each in shown if each.kept.record_id not in gone]
    by_teasers = _following(folder, again, {each.kept.record_id for each in teasers})
    return Captures(
        own=tuple(each for each in mine if each.record_id not in kept_whole),
        led_here=tuple(each for each in via if each.record_id not in telling),
        shared=tuple(shared),
        dependent=tuple(dependent),
        teasers=tuple(teasers),
        with_teasers=tuple(each for some in by_teasers.values() for each in some if each.record_id not in gone),
    )


def _looked(folder: Path, wanted: Wanted, passed: Callable[[int], object]) -> tuple[list[Shown], list[Again]]:
    shown: list[Shown] = []
    again: list[Again] = []
    for each in over_files(folder, finds, wanted, passed):
        if isinstance(each, Shown):
            shown.append(each)
        else:
            again.append(each)
    return shown, again


def _but(wanted: Wanted, own: Iterable[Kept]) -> Wanted:
    """The same, not looked for in these."""
    return type(wanted)(wanted.telling, wanted.common, wanted.links, frozenset(each.record_id for each in own))


def _following(folder: Path, again: Iterable[Again], ids: set[str]) -> dict[str, list[Kept]]:
    """The captures that have their bytes from these, by the id of the record that has them."""
    found: dict[str, list[Kept]] = defaultdict(list)
    for each in again:
        if each.refers_to in ids:
            found[each.refers_to].append(next(kept(folder, each.file, each.begins)))
    return found


def _whole(folder: Path, each: Kept) -> Kept:
    """With its body."""
    return next(kept(folder, each.file, each.records[0].offset))


def _add(found: dict[str, set[ErasedRecord]], some: Iterable[Kept], left: Mapping[str, Iterable[ErasedRecord]]) -> None:
    for each in some:
        found[each.file].update(each.records)
    for file, records in left.items():
        found[file].update(records)


def _sorted(found: Mapping[str, set[ErasedRecord]]) -> Records:
    return {
        file: tuple(sorted(records, key=lambda each: each.offset)) for file, records in sorted(found.items()) if records
    }
