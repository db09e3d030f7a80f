"""The cache of one site: `cache/tables/`, held while SQL reads it. It can be deleted at any time."""

from __future__ import annotations

import fcntl
import logging
import shutil
import tempfile
import zlib
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.errors import DiskTrouble
from archiver.research.tables.columns import KINDS
from archiver.research.tables.engine import duckdb, literal, writing
from archiver.research.tables.kept import Kept, load_kept, save_kept
from archiver.research.tables.parts import MAKING, Part, Writer
from archiver.research.tables.refresh import Refresh
from archiver.research.tables.sources import sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO


FOLDER = "cache/tables"
SUPERSEDED = "superseded"
"""The table of the lines behind which a newer revision of the same article stands: site, line_file, line_offset, and whether
that is a tombstone, so that they are not shown."""
REVISIONS = KINDS[0].table

_REFRESHING, _READING = "refreshing.lock", "reading.lock"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Held:
    """A cache that nobody takes away."""

    files: dict[str, list[Path]]
    """Table to its Parquet files."""
    troubles: tuple[str, ...]
    """A line for each file of lines of which something could not be read."""


@contextmanager
def held(site_folder: Path, passed: Callable[[int], object]) -> Iterator[Held]:
    """The cache, as fresh as the lines. Raises DiskTrouble.

    One process at a time brings it up to date; others wait, then find it fresh. What is no longer needed is deleted when
    nobody reads. Where nothing can be written it is made elsewhere, for this once.
    """
    with ExitStack() as stack:
        try:
            folder = site_folder / FOLDER
            folder.mkdir(parents=True, exist_ok=True)
            refreshing, reading = (stack.enter_context((folder / name).open("ab")) for name in (_REFRESHING, _READING))
        except OSError as problem:
            logger.warning("%s: no cache can be kept (%s): every query reads all lines", site_folder, problem.strerror)
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="archiver-tables-")))
            refreshing, reading = (stack.enter_context((folder / name).open("ab")) for name in (_REFRESHING, _READING))
        fcntl.flock(refreshing, fcntl.LOCK_EX)
        try:
            kept = _brought_up(site_folder, folder, passed)
        except OSError as problem:
            raise _no_room(folder, problem) from problem
        except duckdb.IOException as problem:
            raise _no_room(folder, problem) from problem
        _sweep(folder, kept, reading)
        fcntl.flock(reading, fcntl.LOCK_SH)
        fcntl.flock(refreshing, fcntl.LOCK_UN)
        yield Held(
            {
                table: [folder / part.file for each in files.values() for part in each.parts]
                for table, files in kept.items()
            },
            tuple(_troubles(site_folder.name, kept)),
        )


def _brought_up(site_folder: Path, folder: Path, passed: Callable[[int], object]) -> dict[str, dict[str, Kept]]:
    kept = load_kept(folder)
    with writing() as connection:
        writer = Writer(connection, folder, site_folder.name)
        refresh = Refresh(writer, passed)
        for kind in KINDS:
            found = sources(site_folder, kind)
            before = kept.get(kind.table, {})
            now = kept[kind.table] = {source.name: before[source.name] for source in found if source.name in before}
            for source in found:
                known = refresh.brought_up(kind, source, now.get(source.name), is_newest=source is found[-1])
                if known is not now.get(source.name):
                    now[source.name] = known
                    save_kept(folder, kept)  # who is stopped here goes on from here
        kept[SUPERSEDED] = {SUPERSEDED: _superseded(writer, kept)}
    if kept != load_kept(folder):
        save_kept(folder, kept)
    return kept


def _superseded(writer: Writer, kept: dict[str, dict[str, Kept]]) -> Kept:
    """The lines that are no longer the newest of their id: few, so that the newest are all the others."""
    parts = [part for each in kept[REVISIONS].values() for part in each.parts]
    checksum = zlib.crc32("\n".join(sorted(part.file for part in parts)).encode())
    stamp = (("", checksum, 0),)
    before = kept.get(SUPERSEDED, {}).get(SUPERSEDED)
    if before and before.stamp == stamp and all(part.is_whole(writer.folder) for part in before.parts):
        return before
    if not parts:
        return Kept(stamp)
    files = ", ".join(literal(str(writer.folder / part.file)) for part in parts)
    ranked = (
        "SELECT site, line_file, line_offset, status, row_number() OVER newest AS place, first_value(status) OVER newest AS last"
        f" FROM read_parquet([{files}], hive_partitioning = false)"
        " WINDOW newest AS (PARTITION BY id ORDER BY revision DESC, line_file DESC, line_offset DESC)"
    )
    file = writer.folder / f"{SUPERSEDED}.{checksum:08x}.parquet"
    with tempfile.TemporaryDirectory(dir=writer.folder, prefix=MAKING) as making:
        is_hidden = "last = 'tombstone' AND status <> 'tombstone' AS is_hidden"
        select = f"SELECT site, line_file, line_offset, {is_hidden} FROM ({ranked}) WHERE place > 1"
        writer.copy(select, Path(making)).replace(file)
    return Kept(stamp, (Part.of(file, start=0, end=0, checksum=checksum, rows=0),))


def _sweep(folder: Path, kept: dict[str, dict[str, Kept]], reading: BinaryIO) -> None:
    """Deletes what is not in use any more, unless somebody may be reading it."""
    try:
        fcntl.flock(reading, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return
    used = {part.file for files in kept.values() for each in files.values() for part in each.parts}
    for path in folder.iterdir():
        if path.name.startswith(MAKING):
            shutil.rmtree(path)
        elif path.suffix == ".parquet" and path.name not in used:
            path.unlink()


def _troubles(site: str, kept: dict[str, dict[str, Kept]]) -> Iterator[str]:
    for files in kept.values():
        for name, each in files.items():
            skipped = sum(part.skipped for part in each.parts)
            if skipped:
                first = min(part.first_skipped for part in each.parts if part.skipped)
                lines = "1 line is" if skipped == 1 else f"{skipped} lines are"
                yield f"{site}/{name}: {lines} left out, the first at byte {first}. See what is damaged: archiver verify"
            if each.trouble:
                yield each.trouble


def _no_room(folder: Path, problem: Exception) -> DiskTrouble:
    message = f"{folder}: cannot be written ({problem}). Make room, or delete the folder: it is made again"
    return DiskTrouble(message)
