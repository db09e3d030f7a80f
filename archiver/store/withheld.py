"""Events of articles that were taken down: without address and message, whatever the files still hold of them."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from archiver.errors import ArchiveDamaged
from archiver.store.articles import KIND
from archiver.store.emptied import BAD_LINE, ID, NOTHING, padded
from archiver.store.files import OF_A_FILE
from archiver.store.months import months
from archiver.store.takedowns import taken_down

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path


def shown_event(site_folder: Path) -> Callable[[bytes], bytes]:
    """What a reader is shown of an event's line, given its bytes: `url` empty where its article was taken down.

    Each line keeps its length. Of a file that the newest line of another article names too the address stays. Raises
    ArchiveDamaged where takedowns.jsonl cannot be read.
    """
    hidden = frozenset(id_.encode() for id_ in taken_down(site_folder))
    shared: Collection[str] | None = None

    def of(raw: bytes) -> bytes:
        nonlocal shared
        found = ID.search(raw) if hidden else None
        if found is None or found[1] not in hidden:
            return raw
        try:
            event = json.loads(raw)
            if OF_A_FILE in raw:
                shared = _shared(site_folder, hidden) if shared is None else shared  # all lines are read for it, once
                if event["url"] in shared:
                    return raw
            if not event["url"]:
                return raw  # it was erased
            emptied = {**event, "url": "", "message": event["message"] and None}
            return padded(json.dumps(emptied, ensure_ascii=False, separators=(",", ":")), len(raw))
        except BAD_LINE:
            return padded(NOTHING, len(raw))

    return of


def _shared(site_folder: Path, hidden: Collection[bytes]) -> frozenset[str]:
    """The addresses of files in events of these articles that the newest line of another article names.

    Months that cannot be read name nothing: until they are mended more is withheld than need be.
    """
    asked = set()
    for raw in _readable(site_folder, "events"):
        if OF_A_FILE in raw and (found := ID.search(raw)) and found[1] in hidden:
            with suppress(*BAD_LINE):
                asked.add(str(json.loads(raw)["url"]))
    asked.discard("")
    if not asked:
        return frozenset()
    written = {json.dumps(url, ensure_ascii=False).encode(errors="surrogatepass"): url for url in asked}
    wanted = re.compile(b"|".join(map(re.escape, written)))
    named: dict[bytes, frozenset[str]] = {}
    for raw in _readable(site_folder, KIND):
        found = ID.search(raw)
        if found is not None and found[1] not in hidden:
            named.pop(found[1], None)
            if urls := frozenset(written[each] for each in wanted.findall(raw)):
                named[found[1]] = urls
    return frozenset(url for urls in named.values() for url in urls)


def _readable(site_folder: Path, kind: str) -> Iterator[bytes]:
    for month in months(site_folder, kind):
        with suppress(ArchiveDamaged):
            yield from (raw for _, raw in month.lines())
