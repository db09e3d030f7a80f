"""A crawl that ends at a chosen operation of the disk, as by SIGKILL or as by the loss of power; and what must be there
once a crawl after it has ended well.

A crawl is a fork of a process that has imported everything and holds no reactor: a tenth of a second instead of two.
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
import pickle
import random
import shutil
import signal
import sys
import tempfile
import traceback
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from conftest import ROOT

from archiver.crawl import Plan, crawl
from archiver.demo.newsroom import Newsroom
from archiver.extensions import keep_events
from archiver.sites import site_named
from archiver.spiders.scope import Scope
from archiver.store import archive as site_archive
from archiver.store import disk

sys.path.append(str(ROOT / "benchmarks"))
from loopback import served  # benchmarks are scripts, not a package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SITE = "hcma"
CONCURRENCY = 4
OUTCOMES_A_COMMIT = 4
CAPTURE_FILE_BYTES = 30_000
"""Makes three capture files of a run."""

STOPPED = 86
"""Exit code of a crawl that reached its point; no code of the archiver's."""
LONGEST_SECONDS = 20
"""A crawl takes a fifth of one; one that does not end is ended by SIGALRM."""

OPERATIONS = ("append_to", "write", "cut", "sync", "sync_folder", "rename", "remove", "commit")
NOT_OURS = ("ledger.sqlite", ".lock")
"""Files that are SQLite's, or empty."""

Phase = Literal["before", "midway", "after"]
Cause = Literal["kill", "power", "power in part"]


@dataclass(frozen=True, slots=True)
class Point:
    """A moment of a run."""

    phase: Phase
    """`midway`: half of what a write writes is written; of what append_to makes, the folders are made, not the file."""
    way: str
    """By which way it is come to: `sync < MonthlyLines._write < MonthlyLines.flush < …`."""
    turn: int
    """1: the first time that it is come to by this way."""
    cause: Cause = "kill"
    """`power`: nothing stays that was not synced. `power in part`: anything may, see Power.lose."""


@dataclass(frozen=True, slots=True)
class Run:
    """How a crawl ended."""

    code: int
    told: str
    """Its last line on standard error."""


class Power:
    """What a disk holds for sure, by fsync(2) and rename(2): of a file what it held when it was synced last, of a folder
    the names that it held then. Both are kept by inode: a file can be synced and its name not, and the other way round.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._files: dict[int, bytes] = {}
        self._folders: dict[int, dict[str, int]] = {}
        for path in (root, *root.rglob("*")):
            if path.is_dir():
                self.keep_names(path)
            else:
                self._files[path.stat().st_ino] = path.read_bytes()

    def keep_file(self, descriptor: int) -> None:
        """The file was synced."""
        state = os.fstat(descriptor)
        self._files[state.st_ino] = os.pread(descriptor, state.st_size, 0)

    def keep_names(self, folder: Path) -> None:
        """The folder was synced."""
        self._folders[folder.stat().st_ino] = _names(folder)

    def forget_the_removed(self) -> None:
        """A file is about to be made: it may get the inode of one that is gone."""
        there = {path.stat().st_ino for path in (self._root, *self._root.rglob("*"))}
        for kept in (self._files, self._folders):
            for inode in kept.keys() - there:
                del kept[inode]

    def unsynced(self) -> list[str]:
        """What the loss of power could still take."""
        found = []
        for path in sorted(self._root.rglob("*")):
            if path.name.startswith(NOT_OURS):
                continue
            inode = path.stat().st_ino
            if self._folders.get(path.parent.stat().st_ino, {}).get(path.name) != inode:
                found.append(f"{path.relative_to(self._root)}: its name")
            if path.is_file() and self._files.get(inode) != path.read_bytes():
                found.append(f"{path.relative_to(self._root)}: what is in it")
        return found

    def lose(self, folder: Path, dice: random.Random | None) -> None:
        """Makes of `folder` what a loss of power leaves; its own name stays. Without dice nothing stays that was not
        synced. With them each folder keeps its old names or its new ones, and each file what was synced, and of the rest
        nothing, a part, zeros in its place, or all.
        """
        now = {path.stat().st_ino: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        left = dict(self._left(folder, folder.stat().st_ino, now, dice))
        for path in sorted(folder.rglob("*"), reverse=True):
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif not path.name.startswith(NOT_OURS):
                path.unlink()
        for path, content in left.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def _left(
        self, folder: Path, inode: int, now: dict[int, bytes], dice: random.Random | None
    ) -> Iterator[tuple[Path, bytes]]:
        names = self._folders.get(inode, {})
        if dice is not None and folder.is_dir() and dice.random() < 0.5:
            names = _names(folder)
        for name, child in names.items():
            if name.startswith(NOT_OURS):
                continue
            if child in now or child in self._files:
                yield folder / name, _remains(self._files.get(child, b""), now.get(child, b""), dice)
            else:
                yield from self._left(folder / name, child, now, dice)


def _names(folder: Path) -> dict[str, int]:
    return {entry.name: entry.inode() for entry in os.scandir(folder)}


def _remains(synced: bytes, now: bytes, dice: random.Random | None) -> bytes:
    if dice is None or not now.startswith(synced):
        return synced
    rest = now[len(synced) :]
    return synced + dice.choice((b"", rest[: dice.randint(0, len(rest))], bytes(len(rest)), rest))


class Newsstand:
    """A served newsroom, and the archives that are made of it."""

    def __init__(self, folder: Path, origin: str, asked: Path, newsroom: Newsroom) -> None:
        self.origin = origin
        self.truth = {line["id"]: line for line in newsroom.truth(origin)}
        self.files = {file["url"]: file for file in newsroom.files(origin)}
        self._folder = folder
        self._asked = asked
        self._archives = 0
        _import(self._done(self.new_archive())["modules"])

    def new_archive(self) -> Path:
        """An empty folder, the one before is gone; from now on the server counts anew."""
        for left in self._folder.glob(f"{self._archives}*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        self._archives += 1
        self._asked.write_bytes(b"")
        archive = self._folder / str(self._archives)
        archive.mkdir()
        return archive

    def run(self, archive: Path, point: Point | None = None) -> Run:
        """Crawls into `archive`, up to `point`."""
        process = os.fork()
        if process == 0:
            _crawl_and_end(self.origin, archive, point)
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        told = archive.with_suffix(".log").read_text(errors="replace").strip()
        return Run(code, told.rpartition("\n")[2])

    def unsynced(self, archive: Path) -> list[str]:
        """What the loss of power could still take after the last run of `archive`."""
        power: Power = pickle.loads(archive.with_suffix(".power").read_bytes())
        return power.unsynced()

    def operations_of(self, archive: Path) -> list[str]:
        """What the last run of `archive` did to the disk."""
        return json.loads(archive.with_suffix(".done").read_bytes())["operations"]

    def asked(self) -> Counter[str]:
        """How often the server was asked for each path since the last new archive, robots.txt left out."""
        paths = Counter(self._asked.read_text().splitlines())
        del paths["/robots.txt"]
        return paths

    def _done(self, archive: Path) -> dict[str, Any]:
        run = self.run(archive)
        assert run.code == 0, run.told
        done: dict[str, Any] = json.loads(archive.with_suffix(".done").read_bytes())
        return done


@contextmanager
def newsstand(articles: int = 5) -> Iterator[Newsstand]:
    """A sample newsroom of so many articles, served by a process of its own: this one must stay without threads."""
    newsroom = Newsroom(seed=1, articles=articles)
    with tempfile.TemporaryDirectory(dir=in_memory()) as name:
        asked = Path(name, "asked")
        with served(newsroom.page, asked) as origin:
            yield Newsstand(Path(name), origin, asked, newsroom)


def in_memory() -> Path | None:
    """A folder in memory: there a sync, of which a crawl makes a hundred, takes no time."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > 4 * site_archive.LEAST_FREE_BYTES else None


def _import(modules: list[str]) -> None:
    """What a crawl imports on its way, so that the next need not; the reactor can only be one process's."""
    for name in modules:
        if name != "twisted.internet.reactor":
            with suppress(ImportError):
                importlib.import_module(name)


def _crawl_and_end(origin: str, archive: Path, point: Point | None) -> None:
    """The crawl of a process made for it, and the end of the process."""
    code = 1
    try:
        signal.alarm(LONGEST_SECONDS)
        log = os.open(archive.with_suffix(".log"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(log, 1)
        os.dup2(log, 2)
        site_archive.OUTCOMES_A_COMMIT = OUTCOMES_A_COMMIT
        keep_events.SECONDS_A_COMMIT = LONGEST_SECONDS  # on a slow machine it would be one more way to commit
        watched = _Watched(archive, point)
        slot = {"127.0.0.1": {"concurrency": CONCURRENCY, "delay": 0, "jitter": 0}}
        settings = {"CAPTURE_FILE_BYTES": str(CAPTURE_FILE_BYTES), "DOWNLOAD_SLOTS": json.dumps(slot)}
        settings["CONCURRENT_REQUESTS"] = str(CONCURRENCY)  # what was received and is not kept yet counts too
        # Each sweep asks for everything, known or not: what an interrupted one has to make good is as much as can be.
        scope = Scope(recheck=True, backfill=True, files=True)
        code = crawl(Plan(site=site_named(SITE).at(origin), scope=scope, archive=archive, settings=settings)).exit_code
        watched.note()
    except BaseException:  # noqa: BLE001  # whatever it is: this process ends here
        traceback.print_exc()
    finally:
        os._exit(code)


class _Watched:
    """The disk of this process: its operations are counted, and at the point the process ends."""

    def __init__(self, archive: Path, point: Point | None) -> None:
        self._archive = archive
        self._point = point
        self._operations: list[str] = []
        self._kept = archive.with_suffix(".power")
        self._power: Power = pickle.loads(self._kept.read_bytes()) if self._kept.exists() else Power(archive)
        for name in OPERATIONS:
            setattr(disk, name, partial(self._do, name, getattr(disk, name)))

    def note(self) -> None:
        """Leaves to the parent what was done."""
        done = {"operations": self._operations, "modules": list(sys.modules)}
        self._archive.with_suffix(".done").write_text(json.dumps(done))
        self._kept.write_bytes(pickle.dumps(self._power))

    def _do(self, name: str, real: Callable[..., Any], *given: Any) -> Any:
        way = " < ".join((name, *_way()))
        self._operations.append(way)
        turn = self._operations.count(way)
        self._stop_at("before", way, turn)
        if self._is_at("midway", way, turn):
            _do_half(name, *given)
            self._stop()
        if name == "append_to":
            self._power.forget_the_removed()
        result = real(*given)
        if name == "sync":
            self._power.keep_file(*given)
        if name == "sync_folder":
            self._power.keep_names(*given)
        self._stop_at("after", way, turn)
        return result

    def _is_at(self, phase: Phase, way: str, turn: int) -> bool:
        point = self._point
        return point is not None and (point.phase, point.way, point.turn) == (phase, way, turn)

    def _stop_at(self, phase: Phase, way: str, turn: int) -> None:
        if self._is_at(phase, way, turn):
            self._stop()

    def _stop(self) -> None:
        assert self._point is not None, "the process stops at its point"
        self.note()
        if self._point.cause != "kill":
            dice = random.Random(str(self._point)) if self._point.cause == "power in part" else None
            self._power.lose(self._archive / SITE, dice)
            self._kept.unlink()
        os._exit(STOPPED)


def _way() -> Iterator[str]:
    """The functions of the store through which an operation was come to, the innermost first."""
    frame = inspect.currentframe()
    while frame is not None:
        code = frame.f_code
        if Path(code.co_filename).parent.name == "store":
            yield code.co_qualname
        elif code.co_filename != __file__:
            return
        frame = frame.f_back


def _do_half(name: str, *given: Any) -> None:
    """The first half of an operation that has one."""
    if name == "write":
        descriptor, data = given
        os.write(descriptor, data[: len(data) // 2])
    else:
        (path,) = given
        path.parent.mkdir(parents=True, exist_ok=True)
