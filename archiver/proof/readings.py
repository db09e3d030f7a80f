"""Every capture of a site read again, in parallel over cores, given back in the order of the captures."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from archiver.errors import Rejected
from archiver.site.absence import absence, asked, is_second_view, key
from archiver.site.memory import SiteMemory
from archiver.site.reading import article_of
from archiver.sites import site_crawled_at
from archiver.store.captures import capture_files, is_of_probe, run_of
from archiver.store.ledger import Place
from archiver.store.warc import NOT_MODIFIED_STATUS, about, body_at, stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from archiver.article import Article, Capture
    from archiver.site import Site
    from archiver.store.warc import Stored

CAPTURES_A_TASK = 100

Work = TypeVar("Work")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a capture gives by the rules of today."""

    capture: Capture
    url: str
    run: int
    """The one that wrote the file."""
    key: str
    """Of the address that was asked for."""
    article: Article | None = None
    """Not numbered yet."""
    reason: str | None = None
    """Why there is none."""
    absence: str | None = None
    """Why it is missing, where the archive has the article."""
    is_second_view: bool = False
    is_not_modified: bool = False
    """Whether the server says that what it gave before still holds."""
    is_page: bool = False
    """Whether a page came, though no article's."""


@dataclass(frozen=True, slots=True)
class _Index:
    """Where the captures of one file stand."""

    file: str
    begins: tuple[int, ...]
    originals: Mapping[bytes, int]
    """SHA-1 of a payload to the offset of the response that holds it."""
    revisits: Mapping[int, bytes]
    """Begin of a revisit to the SHA-1 of its payload."""
    is_of_probe: bool


@dataclass(frozen=True, slots=True)
class _Task:
    """Some captures of one file, for one process."""

    folder: Path
    file: str
    start: int
    count: int
    originals: Mapping[bytes, Place]
    """Where the payloads of the revisits among them stand."""


def readings(folder: Path) -> Iterator[Reading]:
    """The readings of all captures below a site's folder but those of probes. Raises ArchiveDamaged."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with ProcessPoolExecutor(cores) as pool:
        files = [(folder, name) for name in capture_files(folder)]
        indexes = _in_order(pool, _index, files, 2 * cores)
        for found in _in_order(pool, _read, _tasks(folder, indexes), 2 * cores):
            yield from found


def _in_order(
    pool: ProcessPoolExecutor, work: Callable[[Work], Result], given: Iterable[Work], ahead: int
) -> Iterator[Result]:
    """The results in the order of what is given, no more of it under way than `ahead`: results wait in memory."""
    running: deque[Future[Result]] = deque()
    for each in given:
        running.append(pool.submit(work, each))
        if len(running) > ahead:
            yield running.popleft().result()
    while running:
        yield running.popleft().result()


def _index(given: tuple[Path, str]) -> _Index:
    folder, file = given
    begins: list[int] = []
    originals: dict[bytes, int] = {}
    revisits: dict[int, bytes] = {}
    for each in stored(folder / file):
        begins.append(each.begins)
        if each.refers_to is None:
            originals.setdefault(each.payload_sha1, each.offset)
        else:
            revisits[each.begins] = each.payload_sha1
    return _Index(file, tuple(begins), originals, revisits, is_of_probe(folder, file))


def _tasks(folder: Path, indexes: Iterable[_Index]) -> Iterator[_Task]:
    originals: dict[bytes, Place] = {}
    for index in indexes:
        for digest, offset in index.originals.items():
            originals.setdefault(digest, Place(index.file, offset))
        if index.is_of_probe:
            continue
        for first in range(0, len(index.begins), CAPTURES_A_TASK):
            some = index.begins[first : first + CAPTURES_A_TASK]
            wanted = {index.revisits[begin] for begin in some if begin in index.revisits}
            needed = {digest: originals[digest] for digest in wanted if digest in originals}
            yield _Task(folder, index.file, some[0], len(some), needed)


def _read(task: _Task) -> list[Reading]:
    site = _site_of(task.folder, task.file)
    captures = zip(stored(task.folder / task.file, task.start), range(task.count), strict=False)
    return [_reading(task, site, capture) for capture, _ in captures]


def _reading(task: _Task, site: Site, stored_one: Stored) -> Reading:
    exchange, capture = stored_one.exchange, stored_one.capture(task.file)
    read = Reading(capture, exchange.url, _run_of(task.folder, task.file), key(site, asked(exchange)))
    if exchange.named is not None:
        return replace(read, reason="file")  # whatever came, it tells nothing of an article
    repeated = _memory(task.folder, site).of(task.file)
    if stored_one.refers_to is not None:
        original = task.originals.get(stored_one.payload_sha1)
        if original is None:
            return replace(read, reason="no_original")
        exchange = replace(exchange, body=body_at(task.folder / original.file, original.offset))
    try:
        return replace(read, article=article_of(site, exchange, capture, repeated))
    except Rejected as rejection:
        is_page = 200 <= exchange.status < 300 and urlsplit(exchange.url).path != "/robots.txt"
        is_same = exchange.status == NOT_MODIFIED_STATUS
        missing, second = absence(site, exchange, rejection.reason), is_second_view(site, exchange)
        return replace(
            read,
            reason=rejection.reason,
            absence=missing,
            is_second_view=second,
            is_page=is_page,
            is_not_modified=is_same,
        )


@cache
def _run_of(folder: Path, file: str) -> int:
    return run_of(folder, file)


@cache
def _site_of(folder: Path, file: str) -> Site:
    """The site as it stood when the file was written, by the file's warcinfo: a copy has another address."""
    return site_crawled_at(folder.name, about(folder / file).get("base-url", ""))


@cache
def _memory(folder: Path, site: Site) -> SiteMemory:
    return SiteMemory(site, folder)
