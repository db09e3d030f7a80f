"""What a run knows of a site from the captures of the runs before it: the lines that its articles share.

It is a function of the archive's captures alone. Each capture file says with which file its run began; what stands in
files before that one is known when its pages are read, by the crawl, by a replay after a crash and by a rebuild alike.
Before captures are erased, what the runs so far knew is written down: it is what their pages were read by.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from archiver.errors import ArchiveDamaged, Rejected
from archiver.rules.repeated import repeated_lines
from archiver.site.reading import article_of
from archiver.store.archive import write_json
from archiver.store.captures import FIRST_OF_RUN, OPEN, capture_files, is_of_probe, path_of, serial_of
from archiver.store.warc import about, stored

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archiver.site.site import Site

NAME = "remembered.json"
ARTICLES = 50
"""So many articles are remembered, the first of the archive; the share that they have in common hardly changes after."""
_CAPTURES = 300
"""So many captures are looked at for them."""


class SiteMemory:
    """The repeated lines of a site's archive, as the run that wrote a file knew them. Reads each capture once."""

    def __init__(self, site: Site, folder: Path) -> None:
        self._site = site
        self._folder = folder
        self._first_files: dict[str, int] = {}
        self._known: dict[int, frozenset[str]] = written_down(folder)
        self._read: set[int] = set()
        self._captures = 0
        self._bodies: dict[str, tuple[int, str]] = {}
        """Id of an article to the number of the file that has it first, and its body."""

    def of(self, file: str) -> frozenset[str]:
        """The lines that were known when the captures in `file` were read. None are, of a site that does not remember.

        Raises ArchiveDamaged where `file` does not say who wrote it.
        """
        if not self._site.remembers:
            return frozenset()
        if file not in self._first_files:
            self._first_files[file] = int(about(path_of(self._folder, file)).get(FIRST_OF_RUN, 0))
        first = self._first_files[file]
        if first not in self._known:
            self._read_up_to(first)
            self._known[first] = repeated_lines(body for serial, body in self._bodies.values() if serial < first)
        return self._known[first]

    def write_down(self) -> None:
        """What the runs so far knew stays what it is, whatever becomes of the captures. Raises DiskTrouble."""
        if not self._site.remembers:
            return
        for name in capture_files(self._folder):
            self.of(name.removesuffix(OPEN))
        sets = sorted(set(self._known.values()), key=sorted)
        runs = {str(first): sets.index(lines) for first, lines in sorted(self._known.items())}
        write_json(self._folder / NAME, {"runs": runs, "lines": [sorted(lines) for lines in sets]})

    def _read_up_to(self, first: int) -> None:
        for name in capture_files(self._folder):
            serial = serial_of(name)
            if serial >= first or len(self._bodies) >= ARTICLES or self._captures >= _CAPTURES:
                return
            if serial not in self._read:
                self._read.add(serial)
                try:
                    for id_, body in self._articles_in(name):
                        self._bodies.setdefault(id_, (serial, body))
                except ArchiveDamaged:
                    # What stands in front of the damage is known; verify tells of it, and a crawl goes on.
                    continue

    def _articles_in(self, name: str) -> Iterator[tuple[str, str]]:
        if is_of_probe(self._folder, name):
            return
        for capture in stored(self._folder / name):
            if len(self._bodies) >= ARTICLES or self._captures >= _CAPTURES:
                return
            if capture.refers_to is not None:
                continue  # the same bytes as before
            self._captures += 1
            try:
                article = article_of(self._site, capture.exchange, capture.capture(name))
            except Rejected:
                continue
            yield article.id, article.body


def written_down(folder: Path) -> dict[int, frozenset[str]]:
    """First capture file of a run to the lines that it knew, as remembered.json has them. Raises ArchiveDamaged."""
    path = folder / NAME
    if not path.exists():
        return {}
    try:
        told = json.loads(path.read_bytes())
        sets = [frozenset(lines) for lines in told["lines"]]
        if not all(isinstance(line, str) for lines in sets for line in lines):
            raise TypeError("a line that is no text")  # noqa: EM101, TRY003, TRY301  # becomes damage below
        return {int(first): sets[place] for first, place in told["runs"].items()}
    except (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as problem:
        message = f"{path}: cannot be read ({problem!r}). Restore it from a backup"
        raise ArchiveDamaged(message) from problem
