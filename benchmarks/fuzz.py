"""Breaks saved news pages in every way that is known, and says what the reader of pages made of them.

    python benchmarks/fuzz.py [--cases 100000] [--seed 1] [--pages FOLDER …] [--findings FOLDER]

The pages of tests/pages are always taken, those of FOLDER as well (*.html, *.html.gz). Each case is read in two processes
at nice 10 with different hash seeds, which come to the cases in different orders. It fails where an error is none of
ours, where a page takes more than 2 s of processor time or 500 MB, where reading ends the process or does not end, or
where its two records differ. What fails is kept in --findings (default: fuzz-findings), if an error then cut down to the
smallest page that still raises it. Exits 1 if anything failed. Ctrl-C and `kill` end it with the summary of what was read.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import archiver
from archiver.article import jsonable
from archiver.errors import ArchiverError

sys.path.insert(0, str(Path(__file__).parent))
from mutations import ADDRESSES, MUTATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

SAVED = Path(__file__).parent.parent / "tests" / "pages"
URL = "https://news.example/2024/05/12/harbour-line-opens-4711.html"
MOST_SECONDS = 2.0
MOST_MB = 500
_STOP_CPU_SECONDS = 30
_STOP_SECONDS = 300
"""On the wall: nothing here waits, but the machine may be busy."""
_ROOM_BYTES = 3_000_000_000
_BATCH = 500
_PROGRESS = 1_000
_TRY_SECONDS = 60
"""Of processor time for cutting one page down."""
_LARGEST = 4_000_000
"""Bytes: a mutation that makes a larger page is cut."""
_MADE = frozenset(("slow", "memory", "differs", "killed"))
"""Faults that are no error's name."""


@dataclass(frozen=True, slots=True)
class Case:
    """One broken page: everything that its number and the seed decide."""

    number: int
    page: str
    ways: tuple[str, ...]
    url: str
    html: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What reading a page came to."""

    number: int
    digest: str
    """Of the record, or the name of the error."""
    fault: str | None
    """None: all well; else `slow`, `memory`, `killed`, `differs` or the name of an error that is none of ours."""
    ways: tuple[str, ...] = ()
    seconds: float = 0.0
    """Of processor time."""
    peak_mb: int = 0


def pages_in(folders: list[Path]) -> list[Path]:
    """Every saved page, in order."""
    found = (path for folder in folders for kind in ("*.html", "*.html.gz") for path in folder.rglob(kind))
    return sorted(found, key=str)


def case_at(number: int, seed: int, pages: list[Path]) -> Case:
    """The case of that number."""
    rng = Random(f"{seed}:{number}")
    path = rng.choice(pages)
    html = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    ways = rng.choices(MUTATIONS, k=rng.choice((1, 1, 2, 3)))
    for way in ways:
        html = way(html, rng)[:_LARGEST] or b"<p>"
    url = rng.choice(ADDRESSES) if rng.random() < 0.01 else URL
    return Case(number, path.name, tuple(way.__name__ for way in ways), url, html)


def read(case: Case) -> Outcome:
    """What reading a page comes to, its time, and the most memory that this process ever took."""
    began, fault = time.process_time(), None
    try:
        record = jsonable(archiver.extract(case.html, case.url))
        digest = hashlib.sha256(json.dumps(record, allow_nan=False).encode()).hexdigest()
    except ArchiverError as error:
        digest = type(error).__name__
    except Exception as error:  # noqa: BLE001  # whatever is none of ours is what this looks for
        digest = fault = type(error).__name__
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    fault = fault or ("slow" if seconds > MOST_SECONDS else "memory" if peak > MOST_MB else None)
    return Outcome(case.number, digest, fault, case.ways, seconds, peak)


def work(folders: list[Path], seed: int, numbers: list[int]) -> None:
    """Reads the cases of these numbers, an outcome in a line of standard output each; ends after one that took too much."""
    os.nice(10)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    resource.setrlimit(resource.RLIMIT_AS, (_ROOM_BYTES, _ROOM_BYTES))
    pages = pages_in(folders)
    for number in numbers:
        case = case_at(number, seed, pages)
        # Both end the process, also inside of C code, where no handler of Python's would run.
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + _STOP_CPU_SECONDS, resource.RLIM_INFINITY))
        signal.alarm(_STOP_SECONDS)
        outcome = read(case)
        print(json.dumps(asdict(outcome)), flush=True)
        if outcome.peak_mb > MOST_MB:
            return


@dataclass
class Reader:
    """One of the two readers: worker processes, one after the other, each with some of the cases."""

    folders: list[Path]
    seed: int
    hash_seed: int
    left: list[int]
    """The cases in the order in which they are to be read."""

    def outcomes(self) -> Iterator[Outcome]:
        """One outcome for each case; a process that dies is the fault of the case it was at."""
        while self.left:
            batch = self.left[:_BATCH]
            done = 0
            with self._started(batch) as process:
                assert process.stdout is not None
                try:
                    for line in process.stdout:
                        done += 1
                        yield Outcome(**json.loads(line))
                except (GeneratorExit, KeyboardInterrupt):
                    process.kill()
                    raise
            if done < len(batch) and process.returncode:
                yield Outcome(batch[done], "killed", "killed")
                done += 1
            self.left = self.left[done:]

    def _started(self, batch: list[int]) -> subprocess.Popen[str]:
        arguments = ["--work", ",".join(map(str, batch)), "--seed", str(self.seed), "--pages", *map(str, self.folders)]
        return subprocess.Popen(
            [sys.executable, __file__, *arguments],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": str(self.hash_seed)},
        )


def compare(forth: Reader, back: Reader) -> Iterator[Outcome]:
    """The outcomes of both readers, and `differs` where those of one case do not agree."""
    waiting: dict[int, str] = {}
    for pair in zip(forth.outcomes(), back.outcomes(), strict=True):
        for outcome in pair:
            yield outcome
            other = waiting.pop(outcome.number, None)
            if other is None:
                waiting[outcome.number] = outcome.digest
            elif other != outcome.digest and "killed" not in (other, outcome.digest):
                yield Outcome(outcome.number, outcome.digest, "differs")


@dataclass
class Tally:
    """What was read so far."""

    cases: int
    """That are to be read, each twice."""
    began: float = field(default_factory=time.monotonic)
    readings: int = 0
    slowest: Outcome = Outcome(0, "", None)
    peak_mb: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)
    faults: dict[tuple[int, str], None] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        """Counts one; a fault and every thousandth case are told at once."""
        if outcome.fault and (outcome.number, outcome.fault) not in self.faults:
            self.faults[outcome.number, outcome.fault] = None
            self._tell(f"case {outcome.number}: {outcome.fault}, {outcome.seconds:.1f} s, {outcome.peak_mb} MB")
        if outcome.fault == "differs":
            return
        self.readings += 1
        self.slowest = max(self.slowest, outcome, key=lambda each: each.seconds)
        self.peak_mb = max(self.peak_mb, outcome.peak_mb)
        self.ways.update(outcome.ways)
        if len(outcome.digest) < 64:
            self.errors[outcome.digest] += 1
        if self.readings % (2 * _PROGRESS) == 0:
            self._tell(f"{self.readings} of {2 * self.cases} readings, slowest {self.slowest.seconds:.2f} s")

    def _tell(self, line: str) -> None:
        print(f"{time.monotonic() - self.began:6.0f} s  {line}", file=sys.stderr, flush=True)

    def summary(self, pages: list[Path], seed: int) -> str:
        """What is printed at the end."""
        slowest = self.slowest
        worst = case_at(slowest.number, seed, pages).page
        return "\n".join(
            (
                f"cases        {self.cases}, to be read twice, from {len(pages)} pages, seed {seed}",
                f"took         {time.monotonic() - self.began:.0f} s, {self.readings} readings",
                f"slowest      {slowest.seconds:.2f} s: case {slowest.number}, {worst}, {', '.join(slowest.ways)}",
                f"most memory  {self.peak_mb} MB, of a process that read {_BATCH} pages",
                *(f"way          {count:6}  {name}" for name, count in self.ways.most_common()),
                *(f"error        {count:6}  {name}" for name, count in self.errors.most_common()),
                f"faults       {len(self.faults)}",
            )
        )


def smallest(case: Case, fault: str) -> bytes:
    """The smallest part of a page found that still has the fault: halves, quarters … are left out while it stays."""
    html = case.html
    size, ends = max(1, len(html) // 2), time.process_time() + _TRY_SECONDS
    while size >= 1 and time.process_time() < ends:
        at = 0
        while at < len(html) and time.process_time() < ends:
            shorter = html[:at] + html[at + size :]
            if shorter and read(Case(case.number, case.page, case.ways, case.url, shorter)).fault == fault:
                html = shorter
            else:
                at += size
        size //= 2
    return html


def keep(folder: Path, case: Case, fault: str) -> Path:
    """The file with the page that has the fault; beside it what it was made from."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{fault}-{case.number}.html"
    file.write_bytes(case.html if fault in _MADE else smallest(case, fault))
    about = {"fault": fault, "case": case.number, "page": case.page, "ways": case.ways, "url": ascii(case.url)}
    file.with_suffix(".json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return file


def main() -> int:
    """Fuzzes and reports; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=Path, nargs="*", default=[])
    parser.add_argument("--findings", type=Path, default=Path("fuzz-findings"))
    parser.add_argument("--work", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        work(options.pages, options.seed, [int(number) for number in options.work.split(",")])
        return 0

    folders = [SAVED, *options.pages]
    numbers = list(range(options.cases))
    tally = Tally(options.cases)
    outcomes = compare(Reader(folders, options.seed, 1, numbers), Reader(folders, options.seed, 2, numbers[::-1]))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for outcome in outcomes:
            tally.add(outcome)
    except KeyboardInterrupt:
        outcomes.close()
    pages = pages_in(folders)
    print(tally.summary(pages, options.seed))
    for number, fault in tally.faults:
        print(f"  {fault}: {keep(options.findings, case_at(number, options.seed, pages), fault)}", flush=True)
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
