"""The ledger: what was asked, what is due, how it ended; and that only what was committed is there after a crash."""

from __future__ import annotations

import copy
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from conftest import ROOT, environment
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from archiver.errors import ArchiveDamaged, DiskTrouble, UsageError
from archiver.store.ledger import KINDS, OUTCOMES, FileState, Known, Ledger, Place

DAILY, BACKFILL = '{"since":"2026-11-01"}', "{}"
NOW = "2026-11-22T18:34:00Z"
LINE = Place("articles/2026/2026-11.jsonl", 1704)
BODY = Place("captures/2026/11/hcma-20261122T183400Z-00001.warc.gz", 88_123_456_789)
KNOWN = Known(revision=2, revision_id="0f" * 32, first_seen_at="2026-11-21T00:00:00+00:00", place=LINE)


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def ledger(path):
    ledger = Ledger(path)
    ledger.begin(BACKFILL, NOW)
    yield ledger
    ledger.close()


def reopened(ledger: Ledger, path: Path) -> Ledger:
    ledger.close()
    return Ledger(path)


def discover(ledger: Ledger, *keys: str, kind: str = "article") -> list[bool]:
    return [ledger.put_discovered(key, f"https://hcma.vn/{key}", kind) for key in keys]


def given(ledger: Ledger, count: int = 99) -> list[str]:
    return [task.url.removeprefix("https://hcma.vn/") for task in ledger.get_due(count)]


def end(ledger: Ledger, *keys: str, outcome: str = "new") -> None:
    for key in keys:
        assert ledger.put_known(ledger.get_due_key(key).number, outcome)


def run_python(text: str, *words: object, **options) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", text, *map(str, words)]
    return subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, timeout=60, check=False, **options)


def test_a_key_is_queued_once_a_sweep(ledger):
    assert discover(ledger, "a", "b", "a") == [True, True, False]
    assert given(ledger) == ["a", "b"]


def test_a_key_that_has_ended_is_not_queued_again_in_its_sweep(ledger):
    discover(ledger, "a")
    end(ledger, "a")

    assert discover(ledger, "a") == [False]


def test_a_task_is_given_as_it_was_put(ledger):
    note = {"outside": "before_since", "barren": 2, "views": ["/xem-tin/á"], "start": True, "none": None}
    ledger.put_discovered("hcma:1", "https://hcma.vn/tin-tức?id=1", "listing", note)
    (task,) = ledger.get_due(1)

    assert (task.url, task.kind, task.note) == ("https://hcma.vn/tin-tức?id=1", "listing", note)


def test_a_task_without_a_note_has_an_empty_one(ledger):
    ledger.put_discovered("a", "https://hcma.vn/a", "article")
    ledger.put_discovered("b", "https://hcma.vn/b", "article", {})

    assert [task.note for task in ledger.get_due(2)] == [{}, {}]


@pytest.mark.parametrize("put", [("a", "https://hcma.vn/\ud800"), ("\ud800", "https://hcma.vn/a")], ids=["url", "key"])
def test_what_is_no_text_is_refused_and_leaves_no_trace(ledger, put):
    with pytest.raises(UnicodeEncodeError):
        ledger.put_discovered(*put, "article")

    assert (ledger.queued, ledger.left, discover(ledger, "a")) == (0, 0, [True])


def test_articles_are_due_before_listings_each_in_order_of_discovery(ledger):
    discover(ledger, "l2", "l1", kind="listing")
    discover(ledger, "b", "a")
    first = given(ledger, 3)
    discover(ledger, "c")

    assert [first, given(ledger)] == [["b", "a", "l2"], ["c", "l1"]]


@pytest.mark.parametrize(("count", "keys"), [(-1, []), (0, []), (1, ["a"]), (3, ["a", "b", "l"]), (9, ["a", "b", "l"])])
def test_no_more_tasks_are_given_than_asked_for(ledger, count, keys):
    discover(ledger, "a", "b")
    discover(ledger, "l", kind="listing")

    assert ledger.open_urls(count) == [f"https://hcma.vn/{key}" for key in keys]
    assert given(ledger, count) == keys


def test_what_is_leased_is_not_given_again(ledger):
    discover(ledger, "a", "b", "c")
    ahead = ledger.get_due_key("b")

    assert ahead.url == "https://hcma.vn/b"
    assert ledger.get_due_key("b") is None
    assert [given(ledger), given(ledger)] == [["a", "c"], []]
    assert ledger.get_due_key("a") is None
    assert (ledger.leased, ledger.left) == (3, 3)


@pytest.mark.parametrize("state", ["unknown", "ended", "of another sweep"])
def test_a_key_that_is_not_due_is_not_given(ledger, state):
    if state != "unknown":
        discover(ledger, "a")
    if state == "ended":
        end(ledger, "a")
    if state == "of another sweep":
        ledger.begin(DAILY, NOW)

    assert ledger.get_due_key("a") is None


def test_a_lease_is_void_when_the_process_has_ended(ledger, path):
    discover(ledger, "a")
    before = given(ledger)
    ledger.commit()
    again = reopened(ledger, path)
    again.begin(BACKFILL, NOW)

    assert (again.leased, given(again)) == (0, before)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_task_ends_once(ledger, outcome):
    discover(ledger, "a")
    (task,) = ledger.get_due(1)

    assert [ledger.put_known(task.number, outcome), ledger.put_known(task.number, "failed")] == [True, False]
    assert ledger.outcomes() == {outcome: 1}
    assert (ledger.queued, ledger.left, ledger.leased) == (1, 0, 0)


def test_a_number_that_was_never_given_has_not_ended(ledger):
    assert ledger.put_known(7, "new") is False


def test_a_task_of_another_sweep_does_not_end_in_this_one(ledger):
    discover(ledger, "a")
    (task,) = ledger.get_due(1)
    ledger.begin(DAILY, NOW)

    assert ledger.put_known(task.number, "new") is False
    assert (ledger.begin(BACKFILL, NOW), ledger.left) == (True, 1)


def test_what_was_asked_and_what_has_ended_is_told_by_key(ledger):
    discover(ledger, "due", "done")
    end(ledger, "done")
    keys = ("due", "done", "other")

    assert [ledger.has_asked(key) for key in keys] == [True, True, False]
    assert [ledger.has_ended(key) for key in keys] == [False, True, False]


def test_another_sweep_has_asked_for_nothing(ledger):
    discover(ledger, "due", "done")
    end(ledger, "done")
    ledger.begin(DAILY, NOW)

    assert not any(ledger.has_asked(key) or ledger.has_ended(key) for key in ("due", "done"))
    assert (ledger.queued, ledger.left, ledger.outcomes()) == (0, 0, {})


def test_a_sweep_that_has_not_ended_is_taken_up_by_the_same_options(ledger, path):
    discover(ledger, "a", "b", "c")
    end(ledger, "a", outcome="unchanged")
    ledger.commit()
    again = reopened(ledger, path)

    assert [again.begin(BACKFILL, NOW), again.queued, again.left] == [True, 2, 2]
    assert discover(again, "a", "d") == [False, True]
    end(again, "b", outcome="gone")
    assert (again.queued, again.left, given(again)) == (3, 2, ["c", "d"])
    assert again.outcomes() == {"unchanged": 1, "gone": 1}


@pytest.mark.parametrize("options", [DAILY, BACKFILL], ids=["other options", "the same after its end"])
def test_a_new_sweep_asks_for_known_keys_again_with_the_new_address(ledger, path, options):
    ledger.put_discovered("a", "https://hcma.vn/old", "article", {"n": 1})
    end(ledger, "a")
    ledger.end_sweep()
    ledger.commit()
    again = reopened(ledger, path)

    assert again.begin(options, NOW) is False
    assert again.put_discovered("a", "https://hcma.vn/new", "listing", {"n": 2}) is True
    (task,) = again.get_due(1)
    assert (task.url, task.kind, task.note) == ("https://hcma.vn/new", "listing", {"n": 2})


def test_what_an_unfinished_sweep_left_due_moves_and_is_not_given_twice(ledger):
    discover(ledger, "a", "b")
    ledger.begin(DAILY, NOW)

    assert discover(ledger, "a") == [True]
    assert (ledger.left, given(ledger)) == (1, ["a"])
    assert ledger.begin(BACKFILL, NOW) is True
    assert (ledger.left, given(ledger)) == (1, ["b"])


def test_tasks_that_are_asked_for_again_are_due_in_the_order_of_the_new_sweep(ledger, path):
    discover(ledger, "a", "b", "c")
    end(ledger, "a", "c")
    ledger.commit()
    again = reopened(ledger, path)
    again.begin(DAILY, NOW)
    discover(again, "c", "d", "b", "a")
    again.commit()
    third = reopened(again, path)
    third.begin(DAILY, NOW)
    discover(third, "e")

    assert given(third) == ["c", "d", "b", "a", "e"]


def test_the_counts_outlive_the_end_of_the_sweep(ledger):
    discover(ledger, "a", "b")
    end(ledger, "a")
    ledger.end_sweep()

    assert (ledger.queued, ledger.left, ledger.outcomes()) == (2, 1, {"new": 1})


def test_what_is_known_of_an_article_is_its_last(ledger):
    ledger.put_article("hcma:19239", KNOWN)
    later = Known(3, "ab" * 32, KNOWN.first_seen_at, Place("articles/2026/2026-12.jsonl", 0))
    ledger.put_article("hcma:19239", later)

    assert ledger.article("hcma:19239") == later
    assert ledger.article("hcma:1") is None
    assert ledger.count_articles() == 1


def test_articles_come_by_id_however_many(ledger):
    ids = [f"hcma:{number}" for number in range(2500)]
    for id_ in reversed(ids):
        ledger.put_article(id_, KNOWN)

    assert list(ledger.articles()) == [(id_, KNOWN) for id_ in sorted(ids)]


def test_what_is_forgotten_of_articles_is_no_longer_known_and_bodies_stay(ledger):
    ledger.put_article("hcma:1", KNOWN)
    ledger.put_file(LINE.file, FileState(10, 1))
    ledger.put_original(bytes(20), BODY)
    ledger.forget_articles()

    assert (ledger.count_articles(), ledger.article("hcma:1"), ledger.files()) == (0, None, {})
    assert ledger.original(bytes(20)) == BODY


def test_the_first_place_of_a_body_wins(ledger):
    digest = bytes(range(20))
    ledger.put_original(digest, BODY)
    ledger.put_original(digest, Place(BODY.file, 0))

    assert ledger.original(digest) == BODY
    assert ledger.original(bytes(20)) is None


def test_a_file_is_known_by_its_last_state(ledger):
    ledger.put_original(bytes(20), BODY)
    ledger.put_file(LINE.file, FileState(10, 1))
    ledger.put_file(LINE.file, FileState(2_000_000_000_000, 2))

    assert ledger.file(LINE.file) == FileState(2_000_000_000_000, 2)
    assert ledger.file(BODY.file) is None
    assert ledger.files() == {LINE.file: FileState(2_000_000_000_000, 2)}


def test_a_small_text_is_kept_by_its_name(ledger):
    ledger.put("unfinished", "0 captures/x.warc.gz")
    ledger.put("unfinished", "")

    assert (ledger.get("unfinished"), ledger.get("other")) == ("", None)


def has(ask):
    """`ask` of the sweep that was under way."""
    return lambda ledger: ledger.begin(BACKFILL, NOW) and ask(ledger)


WRITES = {
    "sweep": (lambda ledger: ledger.begin(DAILY, NOW), lambda ledger: ledger.begin(DAILY, NOW)),
    "end": (Ledger.end_sweep, lambda ledger: not ledger.begin(BACKFILL, NOW)),
    "task": (lambda ledger: discover(ledger, "new"), has(lambda ledger: ledger.has_asked("new"))),
    "outcome": (lambda ledger: end(ledger, "old"), has(lambda ledger: ledger.has_ended("old"))),
    "count": (lambda ledger: end(ledger, "old"), has(lambda ledger: ledger.outcomes() == {"new": 1})),
    "article": (lambda ledger: ledger.put_article("hcma:1", KNOWN), lambda ledger: ledger.article("hcma:1") == KNOWN),
    "body": (lambda ledger: ledger.put_original(bytes(20), BODY), lambda ledger: ledger.original(bytes(20)) == BODY),
    "file": (lambda ledger: ledger.put_file("x", FileState(1, 2)), lambda ledger: ledger.file("x") == FileState(1, 2)),
    "text": (lambda ledger: ledger.put("name", "value"), lambda ledger: ledger.get("name") == "value"),
}


@pytest.mark.parametrize(("write", "is_there"), WRITES.values(), ids=WRITES)
@pytest.mark.parametrize("is_committed", [True, False], ids=["committed", "not committed"])
def test_a_later_process_sees_what_was_committed_and_nothing_else(ledger, path, write, is_there, is_committed):
    discover(ledger, "old")
    ledger.commit()
    write(ledger)
    assert ledger.is_dirty
    if is_committed:
        ledger.commit()
        assert not ledger.is_dirty
    again = reopened(ledger, path)

    assert is_there(again) is is_committed
    again.close()


@pytest.mark.parametrize(("write", "is_there"), WRITES.values(), ids=WRITES)
def test_reads_see_what_is_not_committed_yet(ledger, write, is_there):
    discover(ledger, "old")
    write(ledger)

    assert is_there(ledger)


def test_another_process_sees_nothing_before_the_commit(ledger, path):
    discover(ledger, "a")
    ledger.commit()
    discover(ledger, "b")
    reader = Ledger(path)
    reader.begin(BACKFILL, NOW)
    before = reader.left
    ledger.commit()
    reader.begin(BACKFILL, NOW)

    assert (before, reader.left) == (1, 2)
    reader.close()


@pytest.mark.parametrize("ask", [lambda ledger: discover(ledger, "a"), lambda ledger: ledger.put_known(9, "new")])
def test_what_changes_nothing_is_nothing_to_commit(ledger, ask):
    discover(ledger, "a")
    ledger.commit()
    ask(ledger)
    ledger.get_due(9)

    assert not ledger.is_dirty


def test_rollback_throws_away_all_since_the_last_commit(ledger):
    discover(ledger, "a", "b")
    ledger.commit()
    end(ledger, "a")
    discover(ledger, "c")
    ledger.put_original(bytes(20), BODY)
    ledger.rollback()
    ledger.put_original(bytes(20), Place(BODY.file, 7))

    assert (ledger.queued, ledger.left, ledger.outcomes()) == (2, 2, {})
    assert not ledger.has_asked("c")
    assert ledger.original(bytes(20)) == Place(BODY.file, 7)


def test_after_rollback_the_counts_are_those_of_the_last_commit(ledger):
    discover(ledger, "a", "b", "c")
    end(ledger, "a")
    ledger.commit()
    end(ledger, "b", outcome="gone")
    discover(ledger, "d")
    ledger.rollback()

    assert (ledger.queued, ledger.left, ledger.outcomes()) == (3, 2, {"new": 1})


def test_after_rollback_a_sweep_taken_up_since_counts_from_where_it_was_taken_up(ledger):
    discover(ledger, "a", "b")
    end(ledger, "a")
    ledger.commit()
    ledger.begin(BACKFILL, NOW)
    discover(ledger, "c")
    ledger.rollback()

    assert (ledger.queued, ledger.left) == (1, 1)


def test_after_rollback_only_what_is_still_being_fetched_is_leased(ledger):
    discover(ledger, "fetched", "ended", "waiting")
    ledger.commit()
    discover(ledger, "forgotten")
    ended, forgotten = ledger.get_due_key("ended"), ledger.get_due_key("forgotten")
    ledger.get_due_key("fetched")
    ledger.put_known(ended.number, "new")
    ledger.rollback()
    discover(ledger, "another")

    assert ledger.put_known(forgotten.number, "new") is False
    assert ledger.leased == 1
    assert given(ledger) == ["ended", "waiting", "another"]


def test_a_sweep_that_was_not_committed_is_begun_anew_after_rollback(ledger):
    discover(ledger, "a")
    ledger.rollback()

    assert (ledger.queued, ledger.left, given(ledger)) == (0, 0, [])
    with pytest.raises(AssertionError, match="begin"):
        discover(ledger, "a")
    assert ledger.begin(BACKFILL, NOW) is False
    assert discover(ledger, "a") == [True]


def test_commits_go_to_a_write_ahead_log_that_is_gone_after_the_end(ledger, path):
    log = path.with_name("ledger.sqlite-wal")
    ledger.commit()
    assert log.stat().st_size > 0
    ledger.close()

    assert [file.name for file in path.parent.iterdir()] == ["ledger.sqlite"]


COMMIT_BY_TENS = f"""
import sys
from pathlib import Path
from archiver.store.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]))
ledger.begin("{{}}", "{NOW}")
for number in range(1, 1_000_000):
    ledger.put_discovered(f"key {{number}}", f"https://hcma.vn/{{number}}", "article")
    if number % 2:
        ledger.put_known(ledger.get_due_key(f"key {{number}}").number, "new")
    if number % 10 == 0:
        ledger.commit()
        print(number, flush=True)
"""


@pytest.mark.parametrize("groups", [1, 60])
def test_after_kill_9_there_is_all_that_was_said_to_be_committed(path, groups):
    words = [sys.executable, "-c", COMMIT_BY_TENS, str(path)]
    with subprocess.Popen(words, cwd=ROOT, env=environment(), stdout=subprocess.PIPE) as writing:
        said = [writing.stdout.readline() for _ in range(groups)]
        writing.send_signal(signal.SIGKILL)
        said += [line for line in writing.stdout if line.endswith(b"\n")]
    again = Ledger(path)
    again.begin(BACKFILL, NOW)
    kept = again.left + again.outcomes()["new"]
    even = [f"https://hcma.vn/{number}" for number in range(2, kept + 1, 2)]
    open_urls = again.open_urls(kept)
    again.close()

    assert writing.returncode == -signal.SIGKILL
    assert kept - int(said[-1]) in (0, 10)
    assert open_urls == even


@pytest.mark.parametrize(("moment", "kept"), [("before", 1), ("after", 2)])
def test_a_process_that_dies_at_a_commit_has_made_it_or_has_not(path, moment, kept):
    ended = run_python(
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from archiver.store import disk\n"
        "from archiver.store.ledger import Ledger\n"
        "def dying(connection):\n"
        "    if sys.argv[2] == 'after': commit(connection)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "ledger = Ledger(Path(sys.argv[1]))\n"
        f"ledger.begin('{BACKFILL}', '')\n"
        "ledger.put_discovered('a', 'https://hcma.vn/a', 'article')\n"
        "ledger.commit()\n"
        "commit, disk.commit = disk.commit, dying\n"
        "ledger.put_discovered('b', 'https://hcma.vn/b', 'article')\n"
        "ledger.commit()\n",
        path,
        moment,
    )
    again = Ledger(path)
    again.begin(BACKFILL, NOW)
    left = again.left
    again.close()

    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert left == kept


def test_a_disk_that_takes_no_more_is_said_and_keeps_what_was_committed(path):
    limit = resource.RLIMIT_FSIZE
    ended = run_python(
        "import sys\n"
        "from pathlib import Path\n"
        "from archiver.errors import DiskTrouble\n"
        "from archiver.store.ledger import Ledger\n"
        "ledger = Ledger(Path(sys.argv[1]))\n"
        f"ledger.begin('{BACKFILL}', '')\n"
        "try:\n"
        "    for number in range(100_000):\n"
        "        ledger.put_discovered(str(number), f'https://hcma.vn/{number}', 'article')\n"
        "        if number % 10 == 9:\n"
        "            ledger.commit()\n"
        "            print(number + 1)\n"
        "except DiskTrouble as trouble:\n"
        "    print(trouble, file=sys.stderr)\n"
        "for write in (ledger.commit, lambda: ledger.put('name', 'value')):\n"
        "    try:\n"
        "        write()\n"
        "    except DiskTrouble:\n"
        "        print('refused')\n"
        "ledger.rollback()\n"
        "print(ledger.left)\n",
        path,
        preexec_fn=lambda: resource.setrlimit(limit, (300_000, 300_000)),
    )
    *_, said, first, second, left = ended.stdout.decode().split()
    again = Ledger(path)
    again.begin(BACKFILL, NOW)
    kept = again.left
    again.close()

    assert (first, second, left) == ("refused", "refused", said), ended.stderr
    assert f"{path}: cannot be written (disk I/O error" in ended.stderr.decode()
    assert kept in (int(said), int(said) + 10)


def filled(path: Path) -> bytes:
    ledger = Ledger(path)
    ledger.begin(BACKFILL, NOW)
    discover(ledger, *map(str, range(2000)))
    ledger.commit()
    ledger.close()
    return path.read_bytes()


DAMAGE = {
    "text in its place": lambda _: b"what was asked: everything\n" * 200,
    "cut": lambda whole: whole[: len(whole) // 2],
    "the first page lost": lambda whole: bytes(4096) + whole[4096:],
    "all other pages lost": lambda whole: whole[:4096] + bytes(len(whole) - 4096),
    "all other pages overwritten": lambda whole: whole[:4096] + b"\xff" * (len(whole) - 4096),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_is_named_with_the_next_command_and_left_alone(path, damage):
    path.write_bytes(damage(filled(path)))
    before = path.read_bytes()

    with pytest.raises(ArchiveDamaged, match=r"ledger\.sqlite: .+\. Run: archiver repair$"):
        Ledger(path)
    assert path.read_bytes() == before


def test_damage_that_is_met_later_is_told_too_and_ends_writing(path):
    whole = filled(path)
    row = whole.index(b"https://hcma.vn/1000") // 4096 * 4096
    path.write_bytes(whole[:row] + b"\xff" * 4096 + whole[row + 4096 :])
    ledger = Ledger(path)
    ledger.begin(BACKFILL, NOW)
    with pytest.raises(ArchiveDamaged, match="Run: archiver repair"):
        ledger.get_due(2000)
    with pytest.raises(ArchiveDamaged, match="Run: archiver repair"):
        ledger.put("name", "value")

    assert not ledger.is_dirty
    ledger.close()


def numbered(path: Path, form: int) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE IF NOT EXISTS moz_places (url TEXT)")
    other.execute(f"PRAGMA user_version = {form}")
    other.close()


@pytest.mark.parametrize("form", [0, -1])
def test_another_programs_database_is_no_ledger(path, form):
    numbered(path, form)

    with pytest.raises(
        ArchiveDamaged, match=rf"an SQLite file, but no ledger \(format {form}\)\. Run: archiver repair"
    ):
        Ledger(path)


def test_a_ledger_of_a_later_release_is_left_alone(path):
    filled(path)
    numbered(path, 4)
    before = path.read_bytes()

    with pytest.raises(UsageError, match=r"format 4 is of a later release \(this one knows 3\)\. Upgrade archiver"):
        Ledger(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("place", [".", "missing/ledger.sqlite"], ids=["a folder", "in no folder"])
def test_a_place_that_cannot_be_written_is_told(tmp_path, place):
    with pytest.raises(DiskTrouble, match=r"cannot be written \(unable to open database file"):
        Ledger(tmp_path / place)


def test_a_process_that_died_while_it_made_the_file_left_nothing_in_the_way(path):
    path.touch()
    ledger = Ledger(path)

    assert ledger.begin(BACKFILL, NOW) is False
    ledger.close()


@dataclass
class Asked:
    sweep: int
    kind: str
    place: int
    url: str
    outcome: str | None = None


@dataclass
class Book:
    """The ledger as plain dicts."""

    asked: dict[str, Asked] = field(default_factory=dict)
    sweeps: list[str | None] = field(default_factory=list)
    """Options of each, by number; None: it is over."""
    ended: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


KEYS = st.sampled_from("abcd")
OPTIONS = st.sampled_from([DAILY, BACKFILL])


class LedgerMachine(RuleBasedStateMachine):
    """The ledger says at every moment what a book of plain dicts says, thrown back to its last copy by rollback."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.book, self.committed = Book(), Book()
        self.places = 0
        self.open()
        self.begin(BACKFILL)

    def open(self) -> None:
        self.ledger = Ledger(self.folder / "ledger.sqlite")
        self.sweep = self.queued = 0
        self.committed_queued: int | None = None
        self.leased: set[str] = set()
        self.numbers: dict[str, int] = {}

    def teardown(self) -> None:
        self.ledger.close()
        shutil.rmtree(self.folder)

    def due(self) -> list[str]:
        due = [(key, task) for key, task in self.book.asked.items() if task.sweep == self.sweep and not task.outcome]
        return [key for key, task in sorted(due, key=lambda one: (KINDS.index(one[1].kind), one[1].place))]

    @rule(options=OPTIONS)
    def begin(self, options):
        taken_up = options in self.book.sweeps
        if not taken_up:
            self.book.sweeps.append(options)
        self.sweep = self.book.sweeps.index(options)
        self.leased.clear()
        self.queued, self.committed_queued = len(self.due()), None

        assert self.ledger.begin(options, NOW) is taken_up

    @rule()
    def end_sweep(self):
        self.book.sweeps[self.sweep] = None
        self.ledger.end_sweep()

    @rule(key=KEYS, kind=st.sampled_from(KINDS), page=st.integers(1, 3))
    def discover(self, key, kind, page):
        known = self.book.asked.get(key)
        is_new = known is None or known.sweep != self.sweep
        url = f"https://hcma.vn/{key}?{page}"
        if known is None:
            self.numbers.pop(key, None)
        if is_new:
            self.places += 1
            self.queued += 1
            self.book.asked[key] = Asked(self.sweep, kind, self.places, url)

        assert self.ledger.put_discovered(key, url, kind, {"key": key}) is is_new

    @rule(count=st.integers(0, 4))
    def get_due(self, count):
        expected = [key for key in self.due() if key not in self.leased][:count]
        tasks = self.ledger.get_due(count)
        self.leased.update(expected)
        self.numbers.update((task.note["key"], task.number) for task in tasks)

        assert [task.note["key"] for task in tasks] == expected
        assert [task.url for task in tasks] == [self.book.asked[key].url for key in expected]

    @rule(key=KEYS)
    def get_due_key(self, key):
        is_free = key in self.due() and key not in self.leased
        task = self.ledger.get_due_key(key)
        if task is not None:
            self.leased.add(key)
            self.numbers[key] = task.number

        assert (task is not None) is is_free

    @rule(key=KEYS, outcome=st.sampled_from(["new", "skipped"]))
    def put_known(self, key, outcome):
        is_due = key in self.numbers and key in self.due()
        if is_due:
            self.book.asked[key].outcome = outcome
            self.book.ended[self.sweep][outcome] += 1
            self.leased.discard(key)

        assert self.ledger.put_known(self.numbers.get(key, 0), outcome) is is_due

    @rule()
    def commit(self):
        self.committed = copy.deepcopy(self.book)
        if self.ledger.is_dirty:
            self.committed_queued = self.queued
        self.ledger.commit()

    @rule(options=OPTIONS)
    def rollback(self, options):
        self.book = copy.deepcopy(self.committed)
        self.ledger.rollback()
        if self.sweep >= len(self.book.sweeps):
            self.begin(options)
        self.queued = len(self.due()) if self.committed_queued is None else self.committed_queued
        self.leased &= set(self.due())

    @rule(options=OPTIONS)
    def reopen(self, options):
        self.ledger.close()
        self.book = copy.deepcopy(self.committed)
        self.open()
        self.begin(options)

    @invariant()
    def counts_agree(self):
        due, ended = self.due(), self.book.ended[self.sweep]
        asked = {key for key, task in self.book.asked.items() if task.sweep == self.sweep}

        assert (self.ledger.queued, self.ledger.left, self.ledger.leased) == (self.queued, len(due), len(self.leased))
        assert self.ledger.open_urls(99) == [self.book.asked[key].url for key in due]
        assert self.ledger.outcomes() == dict(ended)
        assert {key for key in "abcd" if self.ledger.has_asked(key)} == asked
        assert {key for key in "abcd" if self.ledger.has_ended(key)} == asked - set(due)


LedgerMachine.TestCase.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
TestLedgerAgainstBook = LedgerMachine.TestCase
