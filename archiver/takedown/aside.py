"""Lines that were moved aside after a takedown was planned, as by a repair without ledger and reports: emptied like the others.

No text of the article is known by then: its id tells its lines, digests tell its addresses.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from archiver.store.articles import KIND
from archiver.store.emptied import BAD_LINE, emptied_line, lines_aside, padded
from archiver.store.sealing import write_whole
from archiver.takedown.erasing import fill_with_zeros
from archiver.takedown.lines import without_related
from archiver.takedown.mentions import Mentions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from archiver.store.takedowns import Takedown

    Changing = Callable[[Mapping[str, Any]], str | None]

_LEDGERS = "ledger.sqlite*.torn-*"


def empty_since(folder: Path, takedowns: Iterable[Takedown]) -> None:
    """What was moved aside holds nothing any more of what was taken down at `text` or deeper. Done again, it changes nothing.

    Of files of lines the lines are emptied, and torn ends of such lines filled with zeros; a ledger is, as a whole. Raises
    DiskTrouble.
    """
    deep = [each for each in takedowns if each.level != "hide"]
    erased = [each for each in deep if each.level == "erase"]
    if deep:
        _empty(lines_aside(folder, KIND), deep, _of_article(deep))
    if erased:
        _empty(lines_aside(folder, "events"), erased, _of_event(erased))
        ids = _pattern(each.id for each in erased)
        for path in sorted(folder.glob(_LEDGERS)):
            if ids.search(path.read_bytes()):
                fill_with_zeros(folder, path.relative_to(folder).as_posix())


def _pattern(texts: Iterable[str]) -> re.Pattern[bytes]:
    return re.compile(b"|".join(re.escape(text.encode()) for text in texts))


def _empty(paths: Iterable[Path], takedowns: Sequence[Takedown], change: Changing) -> None:
    ids = _pattern(f'"id":"{each.id}"' for each in takedowns)
    for path in paths:
        if any(new != raw for raw, new in _lines(path, ids, change)):
            write_whole(path, (new for _, new in _lines(path, ids, change)))


def _lines(path: Path, ids: re.Pattern[bytes], change: Changing) -> Iterator[tuple[bytes, bytes]]:
    with path.open("rb") as file:
        for raw in file:
            try:
                new = change(json.loads(raw))
                yield raw, raw if new is None else padded(new, len(raw))
            except BAD_LINE:  # the torn end of one
                yield raw, bytes(len(raw.rstrip(b"\n"))).ljust(len(raw), b"\n") if ids.search(raw) else raw


def _of_article(takedowns: Sequence[Takedown]) -> Changing:
    ids = {each.id for each in takedowns}
    cut = frozenset(address for each in takedowns if each.teasers for address in each.addresses)

    def becomes(line: Mapping[str, Any]) -> str | None:
        if line["id"] in ids:
            return None if line["change"]["cause"] == "takedown" else emptied_line(line)
        return without_related(line, cut) if cut else None

    return becomes


def _of_event(takedowns: Sequence[Takedown]) -> Changing:
    known = [Mentions(each) for each in takedowns]

    def becomes(event: Mapping[str, Any]) -> str | None:
        said: str | None = None
        for each in known:
            said = each.event(event if said is None else json.loads(said)) or said
        return said

    return becomes
