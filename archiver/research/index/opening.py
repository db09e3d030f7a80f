"""Opens the search index of a site's folder, fresh: makes it, reads on, or makes it anew, one process at a time.

`cache/search.sqlite` is made by itself, on the first search. `cache/search.tantivy` is made by `archiver index --engine
tantivy`, and is used from then on in the other's place. Both can be deleted at any time.
"""

from __future__ import annotations

import errno
import fcntl
import shutil
import sqlite3
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from archiver.errors import DiskTrouble
from archiver.research.index.engines import CACHE, Unusable, engine_in_use
from archiver.research.index.reading import MustBeMadeAnew, is_fresh, refresh

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archiver.research.index.engines import Engine, Index

    Tell = Callable[[str], None]

_LOCK = "search.lock"
_MAKING = "search-"
"""What the names of indexes begin with that are being made."""
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

_NOT_WRITABLE = (errno.EROFS, errno.EACCES, errno.EPERM, errno.EEXIST, errno.ENOTDIR)
_LARGE = 100_000_000
"""Bytes of lines from which on making an index takes long enough to say so."""

Answer = TypeVar("Answer")


def ask_index(site_folder: Path, ask: Callable[[Index], Answer], tell: Tell) -> Answer:
    """What `ask` finds in the index, which is brought up to date before. `tell` hears what takes long, or went wrong.

    An archive that cannot be written is indexed for this one question. Raises DiskTrouble.
    """
    engine = engine_in_use(site_folder, tell)
    cache = site_folder / CACHE
    try:
        cache.mkdir(exist_ok=True)
        return _ask(site_folder, cache, engine, ask, tell)
    except (OSError, _NotWritable) as problem:
        if isinstance(problem, OSError) and problem.errno not in _NOT_WRITABLE:
            raise
        tell(f"{cache} cannot be written: the search index is made for this once")
        with tempfile.TemporaryDirectory() as folder:
            return _ask(site_folder, Path(folder), engine, ask, tell)


def make_index(site_folder: Path, engine: Engine, tell: Tell) -> Path:
    """Where the index of that engine stands, once it is there and fresh; the other engine's is gone. Raises DiskTrouble."""
    cache = site_folder / CACHE
    cache.mkdir(exist_ok=True)
    _ask(site_folder, cache, engine, lambda _: None, tell)
    for other in engine.others:
        _remove(cache / other)
    return cache / engine.file_name


class _NotWritable(Exception):
    """The index is there, is not fresh, and cannot be written."""


def _ask(site_folder: Path, cache: Path, engine: Engine, ask: Callable[[Index], Answer], tell: Tell) -> Answer:
    place = cache / engine.file_name
    why = ""
    for _ in range(2):
        try:
            index = _fresh(site_folder, place, engine) if not why else None
            if index is None:
                with _locked(cache, site_folder, tell):
                    index = _made_fresh(site_folder, place, engine, tell, why)
            try:
                return ask(index)
            finally:
                index.close()
        except sqlite3.DatabaseError as problem:
            why = _damage(problem, place)
        except Unusable as problem:
            why = str(problem)
    message = f"{place}: the search index cannot be made ({why}). Delete {cache}, and see: archiver verify"
    raise DiskTrouble(message)


def _fresh(site_folder: Path, place: Path, engine: Engine) -> Index | None:
    """The index as it stands, if nothing was written since it was read."""
    try:
        index = engine.open(place)
    except Unusable:
        return None
    index.catalogue.connection.execute("BEGIN")  # all that is asked is answered from one state
    if is_fresh(index.catalogue, site_folder):
        return index
    index.close()
    return None


def _made_fresh(site_folder: Path, place: Path, engine: Engine, tell: Tell, why: str) -> Index:
    """The index, read on, or made anew where that cannot be: `why` says what is wrong with it, if that is known."""
    if not why:
        try:
            return _read_on(site_folder, engine.open(place))
        except Unusable as problem:
            why = str(problem)
        except MustBeMadeAnew:
            why = "lines were taken out of the archive"
        except sqlite3.DatabaseError as problem:
            why = _damage(problem, place)
    if place.exists():
        tell(f"the search index of {site_folder.name} is made anew: {why}")
    return _made(site_folder, place, engine, tell)


def _read_on(site_folder: Path, index: Index) -> Index:
    connection = index.catalogue.connection
    try:
        connection.execute("BEGIN IMMEDIATE")
        refresh(index.catalogue, index.texts, site_folder)
        index.commit()
        connection.execute("BEGIN")
    except BaseException:
        index.close()
        raise
    return index


def _made(site_folder: Path, place: Path, engine: Engine, tell: Tell) -> Index:
    """A new index of all lines."""
    for left in place.parent.glob(f"{_MAKING}*"):  # by a process that was killed: the lock is ours
        _remove(left)
    size = sum(path.stat().st_size for path in site_folder.glob("articles/*/*"))
    if size > _LARGE:
        tell(
            f"making the search index of {site_folder.name}: {size / 1e9:.1f} GB of lines, about {size / 2e7:.0f} seconds"
        )
    making = Path(tempfile.mkdtemp(prefix=_MAKING, dir=place.parent))
    try:
        index = engine.make(making / engine.file_name)
        _read_on(site_folder, index).close()
        _remove(place)
        _remove(place.with_name(place.name + "-journal"))  # of the old one: it would be rolled into the new one
        (making / engine.file_name).rename(place)
    finally:
        shutil.rmtree(making)
    index = engine.open(place)
    index.catalogue.connection.execute("BEGIN")
    return index


def _damage(problem: sqlite3.DatabaseError, place: Path) -> str:
    """What is wrong with an index file; anything else is raised. Raises DiskTrouble, _NotWritable."""
    code = problem.sqlite_errorcode & 0xFF
    if code in _DAMAGE:
        return str(problem)
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        message = f"{place.parent}: no room for the search index, or a broken disk ({problem}). Make room, or delete {place.parent}"
        raise DiskTrouble(message) from problem
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
        raise _NotWritable from problem
    raise problem


@contextmanager
def _locked(cache: Path, site_folder: Path, tell: Tell) -> Iterator[None]:
    """While no other process makes or changes the index."""
    with (cache / _LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell(f"another process brings the search index of {site_folder.name} up to date: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
