"""A crawl that stops at any operation of the disk, by a kill or by the loss of power: the next run of the same command
goes on, and in the end nothing is lost, doubled or torn, and every line is what its capture gives.

A real crawl of a small newsroom, four pages at a time, is stopped before, midway through and after its operations
(archiver/store/disk.py); the points are the way by which an operation is come to, and the how manieth time. Where a kill
comes first, every operation is a point of its own. Otherwise a way that is come to often is a point only every so many
times, and at least once.

The loss of power is a model. A file keeps what it held when it was synced, a name stays if its folder was synced since
it was given. What was not synced is gone ("power"), or some of it is there: all names of a folder or none, of a file a
part, zeros, or all ("power in part"). SQLite's own files are left as they are, for their writing is SQLite's to prove;
what it has not committed it takes back. The site's own folder keeps its name, which has a test of its own. Not in the
model: sectors written in another order within a file, and disks that say that they have synced and have not.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import multiprocessing
import re
import zlib
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pytest
from crashing import CONCURRENCY, SITE, STOPPED, Point, newsstand

from archiver.proof.check import check
from archiver.store.captures import capture_files, serial_of
from archiver.store.files import bytes_of
from archiver.store.manifest import Manifest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from crashing import Cause, Newsstand, Phase

Step = Point | Literal["a whole run", "the ledger is lost"]
Chain = tuple[Step, ...]
"""What befalls an archive before the last run."""

OFTEN = 2
"""A way that is come to more often may be thinned out."""

FIRST = {
    "killed before": ("before", "kill", 16),
    "killed midway": ("midway", "kill", 48),
    "killed after": ("after", "kill", 99),
    "power lost before": ("before", "power", 99),
    "power lost midway": ("midway", "power in part", 99),
    "power lost after": ("after", "power in part", 99),
}
"""Phase, cause, and which part of the turns of a way that is come to often."""

# Where the first stop of two is, by the beginning of its way. A file of captures is left torn by the first, whole but not
# synced by the second.
BEFORE_A_RECOVERY = (
    ("midway", "write < _OpenFile"),
    ("before", "write < _OpenFile"),
    ("before", "rename < seal"),
    ("midway", "write < MonthlyLines._write < MonthlyLines.flush < ArticleLines.flush"),
    ("before", "commit < Ledger.commit"),
)
RECOVERIES = ("killed in a recovery", "power lost in a recovery")
LATER = ("killed in a second sweep", "killed while the ledger is made again")
GROUPS = (*FIRST, *RECOVERIES, *LATER)
POINTS_A_RECOVERY = 3


@dataclass(frozen=True)
class Found:
    """What an archive is like after a chain of stops and a last run."""

    chain: Chain
    was_reached: bool = True
    """Whether the last stop came; a run now and then has one operation less than another."""
    faults: tuple[str, ...] = ()
    """What is lost, doubled, torn, or otherwise than its capture says."""
    fetched_again: int = 0
    """How many pages the server was asked for more than once a sweep."""
    captured_and_fetched_again: tuple[str, ...] = ()
    called_unchanged: tuple[str, ...] = ()
    """Articles of which no event says that they are new."""
    parts: tuple[str, ...] = ()
    """Files that were begun and never finished."""


def _fork_from_now_on() -> None:
    """The worker itself is a fresh interpreter, without threads: it can fork, which is fast."""
    multiprocessing.set_start_method("fork", force=True)


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPoolExecutor]:
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=fresh, initializer=_fork_from_now_on) as pool:
        yield pool


@pytest.fixture(scope="module")
def operations(pool) -> list[str]:
    """Of an undisturbed run."""
    return pool.submit(operations_after_each, [()]).result()[0]


@pytest.fixture(scope="module")
def found(pool, operations) -> dict[str, list[Found]]:
    """What all chains lead to, by group."""
    chains = {group: [(point,) for point in points(operations, *FIRST[group])] for group in FIRST}
    firsts = [first_of_two(operations, *where) for where in BEFORE_A_RECOVERY]
    befores: list[Chain] = [(first,) for first in firsts]
    befores += [("a whole run",), ("a whole run", "the ledger is lost")]
    *recoveries, second_sweep, without_ledger = pool.submit(operations_after_each, befores).result()
    for group, cause in zip(RECOVERIES, ("kill", "power"), strict=True):
        chains[group] = [
            (first, point)
            for first, done in zip(firsts, recoveries, strict=True)
            for point in some(points(before_the_first_capture(done), "before", cause, 1), POINTS_A_RECOVERY)
        ]
    chains[LATER[0]] = [("a whole run", point) for point in some(points(second_sweep, "before", "kill", 8), 6)]
    remade = points(without_ledger, "before", "kill", 8)
    chains[LATER[1]] = [("a whole run", "the ledger is lost", point) for point in some(remade, 6)]

    every = [(group, chain) for group in GROUPS for chain in chains[group]]
    shares = pool.map(follow_all, [[chain for _, chain in every[start::2]] for start in (0, 1)])
    by_chain = {each.chain: each for share in shares for each in share}
    return {group: [by_chain[chain] for chain in chains[group]] for group in GROUPS}


def points(operations: Iterable[str], phase: Phase, cause: Cause, every: int) -> list[Point]:
    """The points of a run; of a way that is come to often, the first turn and each `every`th after it."""
    times, turns = Counter(operations), Counter[str]()
    found = []
    for way in operations:
        turns[way] += 1
        has_phase = phase != "midway" or way.startswith(("write", "append_to"))
        if has_phase and (times[way] <= OFTEN or (turns[way] - 1) % every == 0):
            found.append(Point(phase, way, turns[way], cause))
    return found


def some(points: list[Point], count: int) -> list[Point]:
    """At most `count` of them, from the first to the last."""
    if len(points) <= count:
        return points
    return [points[place * (len(points) - 1) // (count - 1)] for place in range(count)]


def first_of_two(operations: list[str], phase: Phase, beginning: str) -> Point:
    """In the middle of the run; of a capture, which is written in two records, the first."""
    ways = [way for way in operations if way.startswith(beginning)]
    way, times = Counter(ways).most_common(1)[0]
    return Point(phase, way, times // 4 * 2 + 1)


def before_the_first_capture(operations: list[str]) -> list[str]:
    """What a run does to mend what the run before has left, and the first of its own."""
    first = next(place for place, way in enumerate(operations) if way.endswith("SiteArchive.keep"))
    return operations[: first + 1]


def operations_after_each(chains: list[Chain]) -> list[list[str]]:
    """What a run does to the disk that goes on to its end after a chain."""
    with newsstand() as stand:
        found = []
        for chain in chains:
            archive = stand.new_archive()
            for step in (*chain, "a whole run"):
                follow(stand, archive, step)
            found.append(stand.operations_of(archive))
        return found


def follow_all(chains: list[Chain]) -> list[Found]:
    with newsstand() as stand:
        archive = stand.new_archive()
        stand.run(archive)
        expected = {key: outcome for key, (outcome,) in ends_of(archive / SITE).items()}
        return [judged(stand, chain, expected) for chain in chains]


def follow(stand: Newsstand, archive: Path, step: Step) -> int:
    """The exit code of what the step runs."""
    if step == "the ledger is lost":
        for file in (archive / SITE).glob("ledger.sqlite*"):
            file.unlink()
        return 0
    run = stand.run(archive, None if step == "a whole run" else step)
    return run.code


def judged(stand: Newsstand, chain: Chain, expected: dict[str, str]) -> Found:
    archive, folder = stand.new_archive(), None
    folder = archive / SITE
    sweeps, code = 1, 0
    for step in chain:
        code = follow(stand, archive, step)
        if code not in (0, STOPPED):
            return Found(chain, faults=(f"exit {code} before {step}",))
        sweeps += step != "the ledger is lost" and (code == 0 or has_ended_the_sweep(step))
    captured = captured_paths(folder, stand.origin)
    last = stand.run(archive)
    if last.code != 0:
        return Found(chain, faults=(f"the last run: exit {last.code}, {last.told}",))
    asked, ends = stand.asked(), ends_of(folder)
    unchanged = tuple(key for key, once in expected.items() if once == "new" and ends.get(key, [""])[0] == "unchanged")
    faults = [*faults_of_lines(folder, stand.truth), *faults_of_captures(folder), *faults_of_runs(folder)]
    faults += faults_of_files(folder, stand.files)
    for key in sorted(expected.keys() | ends.keys()):
        once = expected.get(key, "nothing")
        every_time = [once] + ["unchanged" if once == "new" else once] * (sweeps - 1)
        if once == "file":
            every_time = [once]  # what is kept is left in peace
        # A number under which nothing stands is tried once, and again where the ledger that remembers it was lost.
        is_a_hole = once == "skipped" and {*ends.get(key, [])} == {once} and len(ends[key]) <= sweeps
        if ends.get(key, []) != every_time and not is_a_hole and not (key in unchanged and len(ends[key]) == sweeps):
            faults.append(f"{key} ended as {ends.get(key)}, not as {every_time}")
    return Found(
        chain,
        was_reached=code == STOPPED,
        faults=tuple(faults),
        fetched_again=sum(max(0, times - sweeps) for times in asked.values()),
        captured_and_fetched_again=tuple(
            path
            for path in captured
            if len(chain) == 1 and asked[path] > (1 if expected.get(stand.origin + path) == "file" else sweeps)
        ),
        called_unchanged=unchanged,
        parts=tuple(str(file.relative_to(folder)) for file in folder.rglob("*.part")),
    )


def has_ended_the_sweep(point: Point) -> bool:
    """Whether the ledger had committed the end before the point: then the next run begins anew, as after a good end."""
    is_last_commit = point.way.startswith("commit") and point.way.endswith("SiteArchive.finish")
    return point.way.endswith("SiteArchive.write_run") or (is_last_commit and point.phase == "after")


def captured_paths(folder: Path, origin: str) -> set[str]:
    """Of what the server said, that which stands whole in a capture file."""
    found = set()
    for file in folder.glob("captures/*/*/*.warc.gz*"):
        content = b"" if ".torn" in file.name else file.read_bytes()
        while content:
            member = zlib.decompressobj(zlib.MAX_WBITS + 16)
            try:
                record = member.decompress(content)
            except zlib.error:
                break
            if member.eof and re.search(rb"^WARC-Type: re(sponse|visit)\r$", record, re.MULTILINE):
                address = re.search(rb"^WARC-Target-URI: (\S+)", record, re.MULTILINE)[1].decode()
                found.add(address.removeprefix(origin))
            content = member.unused_data
    return found


def lines_of(folder: Path, kind: str) -> list[dict[str, Any]]:
    files = sorted(folder.glob(f"{kind}/*/*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_bytes().splitlines()]


def ends_of(folder: Path) -> dict[str, list[str]]:
    """Outcomes by article, or by address where it is none's or a file's, in order."""
    found: dict[str, list[str]] = {}
    for event in lines_of(folder, "events"):
        key = event["url"] if "file" in event else event["id"] or event["url"]
        found.setdefault(key, []).append(event["outcome"])
    return found


def faults_of_lines(folder: Path, truth: dict[str, dict[str, Any]]) -> Iterator[str]:
    lines = lines_of(folder, "articles")
    times = Counter(line["id"] for line in lines)
    yield from (f"{id_}: {times[id_]} lines" for id_ in sorted(truth.keys() | times.keys()) if times[id_] != 1)
    for line in lines:
        wrong = [name for name, value in truth.get(line["id"], {}).items() if line[name] != value]
        if wrong:
            yield f"{line['id']}: {', '.join(wrong)} not as in the truth"
    places = [(serial_of(line["capture"]["warc"]), line["capture"]["offset"]) for line in lines]
    if places != sorted(places):
        yield "lines are not in the order of their captures"
    found = check(folder, passed=lambda _: None)
    yield from found.differences
    if found.identical != len(truth):
        yield f"{found.identical} of {len(truth)} lines are what their captures give"


def faults_of_files(folder: Path, truth: dict[str, dict[str, Any]]) -> Iterator[str]:
    told = {event["url"]: event for event in lines_of(folder, "events") if "file" in event}
    for url in sorted(truth.keys() | told.keys()):
        if url not in told or url not in truth:
            yield f"{url}: {'asked for' if url in told else 'not asked for'}"
            continue
        file = told[url]["file"]
        facts = {"url": url, "reason": told[url]["reason"], **{name: file[name] for name in truth[url] if name in file}}
        if facts != truth[url]:
            yield f"{url}: {facts}, not as in the truth"
        elif file["state"] == "stored":
            body = bytes_of(folder, file["warc"], file["offset"])
            if hashlib.sha256(body).hexdigest() != file["sha256"]:
                yield f"{url}: other bytes where it is said to stand"


def faults_of_captures(folder: Path) -> Iterator[str]:
    sealed = list(Manifest(folder).sealed())
    times = Counter(line.file for line in sealed)
    for name in sorted(times.keys() | set(capture_files(folder))):
        if name.endswith(".open") or times[name] != 1 or not (folder / name).exists():
            yield f"{name}: {times[name]} lines in the manifest"
    for line in sealed:
        content = (folder / line.file).read_bytes() if (folder / line.file).exists() else b""
        if (len(content), hashlib.sha256(content).hexdigest()) != (line.bytes, line.sha256):
            yield f"{line.file}: not as in the manifest"
        try:
            gzip.decompress(content)
        except (EOFError, OSError, zlib.error) as problem:
            yield f"{line.file}: torn ({problem})"


def faults_of_runs(folder: Path) -> Iterator[str]:
    reports = {file.name: json.loads(file.read_bytes()) for file in sorted(folder.glob("runs/*.json"))}
    if not reports:
        yield "the last run has left no report"
    for name, report in reports.items():
        ended = sum(report[end] for end in ("fetched", "gone", "failed", "skipped")) + report["files"]["asked"]
        if (report["exit_code"], report["left"], report["queued"]) != (0, 0, ended):
            yield f"{name}: exit {report['exit_code']}, {report['queued']} queued, {ended} ended"


def told(found: Found, what: object) -> str:
    """A line of a failure's report."""
    return f"{' | '.join(map(str, found.chain))}: {what}"


@pytest.mark.parametrize("group", GROUPS)
def test_after_a_stop_the_next_run_completes_the_archive_and_all_is_there_once(found, group):
    faulty = [told(each, "; ".join(each.faults[:3])) for each in found[group] if each.faults]

    assert faulty == []


@pytest.mark.parametrize("group", FIRST)
def test_every_way_to_the_disk_is_stopped_at(found, operations, group):
    phase, _, _ = FIRST[group]
    planned = {point.way for point in points(operations, phase, "kill", 1)}
    reached = {each.chain[0].way for each in found[group] if each.was_reached}

    assert sorted(planned - reached) == []


@pytest.mark.parametrize("group", FIRST)
def test_what_is_captured_is_not_fetched_again(found, group):
    again = [told(each, each.captured_and_fetched_again) for each in found[group] if each.captured_and_fetched_again]

    assert again == []


@pytest.mark.parametrize("group", ["killed before", "killed midway", "killed after"])
def test_a_kill_costs_no_more_fetches_than_were_under_way_at_once(found, group):
    more = [told(each, each.fetched_again) for each in found[group] if each.fetched_again > CONCURRENCY]

    assert more == []


@pytest.mark.parametrize("group", GROUPS)
def test_an_article_that_is_new_is_called_new_although_the_run_stopped(found, group):
    otherwise = [told(each, each.called_unchanged) for each in found[group] if each.called_unchanged]

    assert otherwise == []


@pytest.mark.parametrize("group", GROUPS)
def test_no_file_that_was_begun_is_left_unfinished(found, group):
    left = [told(each, each.parts) for each in found[group] if each.parts]

    assert left == []


def test_the_loss_of_power_after_a_good_end_takes_nothing(pool):
    assert pool.submit(unsynced_after_a_good_end).result() == []


def unsynced_after_a_good_end() -> list[str]:
    with newsstand() as stand:
        archive = stand.new_archive()
        stand.run(archive)
        return stand.unsynced(archive)
