"""What it costs to remember addresses: a set of fingerprints in memory, a plain SQLite table, and the ledger.

    python benchmarks/ledger.py [--urls 1000000]

Each row is filled by a process of its own, 100 addresses a commit; the set keeps nothing on disk. The table is
`url TEXT PRIMARY KEY` with the ledger's journal and syncs, so that only the layout differs. Sizes count the -wal file
as the last checkpoint left it; memory is what the process took beside Scrapy and lxml, which every run has. Then nine
tenths of the ledger's tasks are ended, and a new process takes up the sweep. Exit code 1 where a figure misses what is
wanted; the -wal file, 4 MB whatever it holds, weighs too much for that below some 200,000 addresses.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from hashlib import blake2b, sha1
from pathlib import Path
from typing import TYPE_CHECKING

import archiver.crawl  # noqa: F401  # what every run has in memory
from archiver.store.ledger import Ledger, Place

if TYPE_CHECKING:
    from collections.abc import Callable

A_COMMIT = 100
LEASED_AT_ONCE = 16
ASKED = 200_000
SWEEP = "{}", "2026-11-22T18:34:00Z"

Figures = dict[str, float]


class Fingerprints:
    """12 bytes of each address in a set: gone with the process."""

    def __init__(self, _: Path) -> None:
        self._known: set[bytes] = set()

    def put(self, urls: list[str]) -> None:
        """All of `urls`, with one commit."""
        self._known.update(self._digest(url) for url in urls)

    def has(self, url: str) -> bool:
        """Whether it was put."""
        return self._digest(url) in self._known

    def _digest(self, url: str) -> bytes:
        return blake2b(url.encode(), digest_size=12).digest()


class Table:
    """The way of a first script: the address is the key."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("CREATE TABLE seen (url TEXT PRIMARY KEY)")

    def put(self, urls: list[str]) -> None:
        """All of `urls`, with one commit."""
        self._connection.execute("BEGIN")
        for url in urls:
            self._connection.execute("INSERT OR IGNORE INTO seen VALUES (?)", (url,))
        self._connection.execute("COMMIT")

    def has(self, url: str) -> bool:
        """Whether it was put."""
        return self._connection.execute("SELECT 1 FROM seen WHERE url = ?", (url,)).fetchone() is not None


class Tasks:
    """The ledger; every address is a task that is due."""

    def __init__(self, path: Path) -> None:
        self.ledger = Ledger(path)
        self.ledger.begin(*SWEEP)

    def put(self, urls: list[str]) -> None:
        """All of `urls`, with one commit."""
        for url in urls:
            self.ledger.put_discovered(url, url, "article")
        self.ledger.commit()

    def has(self, url: str) -> bool:
        """Whether it was put."""
        return self.ledger.has_asked(url)


class TasksWithBodies(Tasks):
    """The ledger, when every address has brought a body that no other has."""

    def put(self, urls: list[str]) -> None:
        """All of `urls`, with one commit."""
        for number, url in enumerate(urls):
            place = Place("captures/2026/11/news-20261122T183400Z-00001.warc.gz", 20_000 * number)
            self.ledger.put_original(sha1(url.encode(), usedforsecurity=False).digest(), place)
        super().put(urls)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    store: type[Fingerprints | Table | Tasks]
    url_bytes: int
    is_wanted: bool = False
    """Whether the figures of the ledger are judged by it."""


ROWS = {
    "set of fingerprints": Row(Fingerprints, 60),
    "table of addresses": Row(Table, 60),
    "ledger": Row(Tasks, 60, is_wanted=True),
    "ledger, 200-byte addresses": Row(Tasks, 200, is_wanted=True),
    "ledger, with bodies": Row(TasksWithBodies, 60),
}


def main() -> None:
    """Measures and prints. With `--measure`: one process's figures, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--urls", type=int, default=1_000_000)
    parser.add_argument("--measure", choices=[*ROWS, "end", "run"], help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure in ROWS:
        print(json.dumps(fill(ROWS[options.measure], options.file, options.urls)))
    elif options.measure:
        print(json.dumps({"end": end_most, "run": take_up}[options.measure](options.file, options.urls)))
    else:
        sys.exit(not measure(options.urls))


def measure(urls: int) -> bool:
    """Prints everything; whether every figure is as wanted."""
    print(f"{'':<26} {'put/s':>9} {'asked/s':>9} {'bytes each':>11} {'beside URL':>11} {'memory MB':>10}")
    judged = []
    with tempfile.TemporaryDirectory() as folder:
        for name, row in ROWS.items():
            found = in_a_process(name, Path(folder, name), urls)
            beside = found["bytes"] - row.url_bytes if found["bytes"] else 0
            speeds = f"{found['put']:>9,.0f} {found['asked']:>9,.0f}"
            print(f"{name:<26} {speeds} {found['bytes']:>11.0f} {beside:>11.0f} {found['memory']:>10.0f}", flush=True)
            if row.is_wanted:
                judged += [found["put"] >= 20_000, beside <= 100]
        ended = in_a_process("end", Path(folder, "ledger"), urls)
        run = in_a_process("run", Path(folder, "ledger"), urls)
    judged += [run["start"] <= 2, run["memory"] <= 150]
    print(f"wanted of the ledger: {'at least 20,000':>15} {'at most 100, without bodies':>42}")
    print(f"\nleased and ended: {ended['ended']:,.0f} a second, {urls - run['due']:,.0f} of {urls:,}")
    print(f"a new run over them, {run['due']:,.0f} due:")
    print(f"  until its first tasks  {run['start']:.3f} s (wanted: at most 2)")
    print(f"  leased and ended       {run['ended']:,.0f} a second, while {run['due']:,.0f} are due")
    print(f"  asked for              {run['asked']:,.0f} a second")
    print(
        f"  memory at most         {run['memory']:.0f} MB (wanted: at most 150), {run['before']:.0f} before the ledger is opened"
    )
    print("\nas wanted" if all(judged) else "\nNOT as wanted")
    return all(judged)


def in_a_process(what: str, file: Path, urls: int) -> Figures:
    """What a process of its own measured of itself."""
    command = [sys.executable, __file__, "--measure", what, "--file", str(file), "--urls", str(urls)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{what} failed:\n{done.stderr[-3000:]}")
    measured: Figures = json.loads(done.stdout)
    return measured


def fill(row: Row, file: Path, urls: int) -> Figures:
    """Figures of a store that is filled with so many addresses, and then asked for known and unknown ones in turn."""
    before = peak_mb()
    store = row.store(file)
    seconds = 0.0
    for start in range(0, urls, A_COMMIT):
        group = [address(number, row.url_bytes) for number in range(start, min(start + A_COMMIT, urls))]
        began = time.perf_counter()
        store.put(group)
        seconds += time.perf_counter() - began
    memory = peak_mb() - before
    stored = sum(part.stat().st_size for part in (file, file.with_name(file.name + "-wal")) if part.exists())
    return {
        "put": urls / seconds,
        "asked": asked(store.has, urls, row.url_bytes),
        "bytes": stored / urls,
        "memory": memory,
    }


def end_most(file: Path, urls: int) -> Figures:
    """Ends nine tenths of the tasks, as a run does: leased by 16, a commit every 100 outcomes."""
    ledger = Ledger(file)
    ledger.begin(*SWEEP)
    ended = end(ledger, urls * 9 // 10)
    ledger.close()
    return {"ended": ended}


def take_up(file: Path, urls: int) -> Figures:
    """A run over the rest: its start, its speeds, its memory. Half of what is due is ended, as much is discovered."""
    before = peak_mb()
    began = time.perf_counter()
    store = Tasks(file)
    due = store.ledger.left
    first = store.ledger.get_due(LEASED_AT_ONCE)
    start = time.perf_counter() - began
    for task in first:
        store.ledger.put_known(task.number, "new")
    ended = end(store.ledger, due // 2)
    for number in range(urls, urls + due // 2, A_COMMIT):
        store.put([address(number + more, 60) for more in range(A_COMMIT)])
    speed = asked(store.has, urls, 60)
    return {"start": start, "due": due, "ended": ended, "asked": speed, "before": before, "memory": peak_mb()}


def end(ledger: Ledger, tasks: int) -> float:
    """Tasks leased and ended a second."""
    began = time.perf_counter()
    done = 0
    while done < tasks and (leased := ledger.get_due(LEASED_AT_ONCE)):
        for task in leased:
            ledger.put_known(task.number, "new")
            done += 1
            if done % A_COMMIT == 0:
                ledger.commit()
    ledger.commit()
    return done / (time.perf_counter() - began)


def asked(has: Callable[[str], bool], urls: int, url_bytes: int) -> float:
    """Questions a second, in no order, every second one for an address that was never put."""
    rng = random.Random(1)
    seconds = 0.0
    for _ in range(0, ASKED, A_COMMIT):
        numbers = [rng.randrange(urls) + 9 * urls * (turn % 2) for turn in range(A_COMMIT)]
        group = [address(number, url_bytes) for number in numbers]
        began = time.perf_counter()
        known = [has(url) for url in group]
        seconds += time.perf_counter() - began
        assert known == [number < urls for number in numbers], "this would measure something else"
    return ASKED / seconds


def address(number: int, url_bytes: int) -> str:
    """An address of so many bytes, its words in no order, as a site's headlines are."""
    tail = f"-{number}.htm"
    words = blake2b(str(number).encode(), digest_size=64).hexdigest() * 2
    return f"https://example-times.test/{words}"[: url_bytes - len(tail)] + tail


def peak_mb() -> float:
    """The most memory that this process has had at once."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
