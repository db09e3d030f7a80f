"""Work on every capture file of a site, on all cores, the results in the order of the files."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from archiver.sites import site_crawled_at
from archiver.store.captures import OPEN, capture_files, path_of
from archiver.store.warc import about

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from archiver.site import Site

Given = TypeVar("Given")
Found = TypeVar("Found")


def over_files(
    folder: Path, work: Callable[[tuple[Path, str, Given]], list[Found]], given: Given, passed: Callable[[int], object]
) -> Iterator[Found]:
    """What `work` finds in each file, given the folder, the file's final name and `given`; `passed` is told of bytes."""
    names = [name.removesuffix(OPEN) for name in capture_files(folder)]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with ProcessPoolExecutor(cores) as pool:
        for name, found in zip(names, pool.map(work, [(folder, name, given) for name in names]), strict=True):
            passed(path_of(folder, name).stat().st_size)
            yield from found


@cache
def site_of(folder: Path, file: str) -> Site:
    """The site as it stood when the file was written."""
    return site_crawled_at(folder.name, about(path_of(folder, file)).get("base-url", ""))
