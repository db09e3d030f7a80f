"""The start of a run after one that did not end well: what was captured is kept and read again, what was half written
stands aside, and what somebody changed is told.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import tempfile
from collections import defaultdict
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.article import Article
from archiver.errors import ArchiveDamaged, DiskTrouble, UsageError
from archiver.store import disk, warc
from archiver.store.archive import SiteArchive, Writing
from archiver.store.articles import article_lines
from archiver.store.captures import OPEN, Rotation, capture_files
from archiver.store.event import Event
from archiver.store.exchange import Exchange
from archiver.store.inspection import inspect_warc
from archiver.store.jsonl import lines
from archiver.store.manifest import Manifest
from archiver.store.run_report import RunReport

if TYPE_CHECKING:
    from collections.abc import Iterator

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ORIGIN = "https://hcma.vn"
WRITING = Writing({"software": "archiver"}, Rotation())
FIRST = "captures/2026/11/hcma-20261122T120000Z-00001.warc.gz"
ARTICLES = "articles/2026/2026-11.jsonl"
EVENTS = "events/2026/2026-11.jsonl"


@pytest.fixture(autouse=True, scope="module")
def _no_waiting_for_the_disk():
    """Only the loss of power shows whether the disk was waited for; in which order it is, test_captures tells."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "hcma"


def exchange(number: int, text: str = "một", *, lap: int = 0, path: str = "", **fields) -> Exchange:
    """An answer to the address of an article; `lap` tells the visits apart."""
    path = path or f"/tin-{number}.htm?lap={lap}"
    made = {
        "url": ORIGIN + path,
        "at": NOON + timedelta(minutes=lap),
        "request": f"GET {path} HTTP/1.1\r\nHost: hcma.vn\r\n\r\n".encode(),
        "head": b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n",
        "body": f"{number} {text}".encode(),
    }
    return Exchange(**{**made, **fields})


def opened(folder: Path, writing: Writing = WRITING) -> SiteArchive:
    """An archive as a run of the same sweep holds it."""
    archive = SiteArchive(folder)
    archive.open(writing)
    archive.ledger.begin("{}", "2026-11-22T12:00:00+00:00")
    archive.claim(ORIGIN, contact=None, now=NOON)
    return archive


def task_of(archive: SiteArchive, one: Exchange) -> int | None:
    """The task of that address, given out; None where it has ended."""
    archive.ledger.put_discovered(one.url, one.url, "article")
    task = archive.ledger.get_due_key(one.url)
    return task.number if task else None


def fetch(archive: SiteArchive, one: Exchange) -> int:
    """A page comes, and is not read yet."""
    task = task_of(archive, one)
    archive.keep(one, task)
    return task


def read(archive: SiteArchive, one: Exchange, task: int, capture) -> None:
    """A page becomes a line, if it says something new, and an event."""
    number, _, text = one.body.decode().partition(" ")
    article = Article(
        id=f"hcma:{number}", site="hcma", url=one.url, canonical_url=f"{ORIGIN}/tin-{number}.htm", title=text,
        published_at=NOON, fetched_at=one.at, capture=capture,
    )  # fmt: skip
    numbered = archive.articles.numbered(article)
    if numbered is not None:
        archive.articles.append(numbered)
    outcome = "unchanged" if numbered is None else "new" if numbered.revision == 1 else "changed"
    archive.observe(Event(time=one.at, url=one.url, id=article.id, outcome=outcome, record_id=capture.record_id), task)


def visit(archive: SiteArchive, *exchanges: Exchange) -> None:
    for one in exchanges:
        task = task_of(archive, one)
        read(archive, one, task, archive.keep(one, task))


def replay(archive: SiteArchive, most: int = 99) -> None:
    """The captures of the run before are read, as the scheduler has it."""
    while archive.tail and most:
        place = archive.tail[0]
        task = task_of(archive, archive.kept(place).exchange)
        archive.tail.popleft()
        if task is not None:
            stored = archive.take(place, task)
            read(archive, stored.exchange, task, stored.capture(place.file))
        most -= 1


def finish(archive: SiteArchive, *, at: datetime | None = None) -> None:
    """A run ends well; with its report where `at` says when."""
    archive.finish(is_done=True)
    if at is not None:
        report = RunReport(run=f"{at:%Y%m%dT%H%M%SZ}", site="hcma", started_at=at, ended_at=at, exit_code=0, why="well")
        archive.write_run(report)
    archive.release()


def tail_of(archive: SiteArchive) -> list[Exchange]:
    return [archive.kept(place).exchange for place in archive.tail]


def titles(folder: Path) -> list[tuple[str, int, str]]:
    """Id, revision and title of each line."""
    return [(line["id"], line["revision"], line["title"]) for _, line in article_lines(folder)]


def everything_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def refusal(folder: Path) -> str:
    """What keeps an archive from being opened."""
    archive = SiteArchive(folder)
    try:
        archive.open(WRITING)
    except Exception as error:  # noqa: BLE001  # judged by the test
        return f"{type(error).__name__}: {error}"
    archive.release()
    return "nothing"


def files_but_the_ledger(folder: Path) -> dict[str, bytes]:
    return {name: content for name, content in everything_in(folder).items() if "sqlite" not in name}


def aside(folder: Path) -> dict[str, bytes]:
    return {name: content for name, content in everything_in(folder).items() if ".torn-" in name}


def healthy(folder: Path) -> bool:
    """Whether nothing in the captures is amiss, each line follows from its capture, and each file is in the manifest."""
    names = capture_files(folder)
    captured = {each.record_id for name in names for each in warc.stored(folder / name)}
    proved = {line["capture"]["record_id"] for _, line in article_lines(folder)}
    return (
        [inspect_warc(folder / name).findings for name in names] == [()] * len(names)
        and proved <= captured
        and [line.file for line in Manifest(folder).sealed()] == names
    )


def power_fails(*_: object) -> None:
    raise OSError(5, "Input/output error")


@pytest.fixture
def crashed(folder) -> Path:
    """Two articles are read and committed; two more are read and not committed."""
    archive = opened(folder)
    visit(archive, exchange(1), exchange(2))
    archive.commit()
    visit(archive, exchange(3), exchange(4))
    archive.release()
    return folder


FOUR = [("hcma:1", 1, "một"), ("hcma:2", 1, "một"), ("hcma:3", 1, "một"), ("hcma:4", 1, "một")]


def test_after_a_good_end_nothing_is_mended_and_nothing_is_read_again(folder, caplog):
    archive = opened(folder)
    visit(archive, exchange(1), exchange(2))
    finish(archive)
    before = files_but_the_ledger(folder)
    with caplog.at_level(logging.WARNING):
        again = opened(folder)
    tail = list(again.tail)
    again.release()

    assert tail == []
    assert caplog.records == []
    assert files_but_the_ledger(folder) == before


def test_captures_behind_the_last_commit_are_read_again_in_their_order(crashed):
    archive = opened(crashed)

    assert tail_of(archive) == [exchange(3), exchange(4)]
    replay(archive)
    finish(archive)
    assert titles(crashed) == FOUR
    assert healthy(crashed)


def test_before_the_first_commit_all_captures_are_read_again(folder):
    archive = opened(folder)
    visit(archive, exchange(1), exchange(2))
    archive.release()
    again = opened(folder)

    assert tail_of(again) == [exchange(1), exchange(2)]
    again.release()


def test_a_capture_of_a_task_that_had_not_ended_is_read_again_and_none_before_it(folder):
    archive = opened(folder)
    visit(archive, exchange(1))
    fetch(archive, exchange(2))
    visit(archive, exchange(3))
    archive.finish(is_done=False)
    archive.release()
    again = opened(folder)

    assert tail_of(again) == [exchange(2), exchange(3)]
    replay(again)
    finish(again)
    assert sorted(titles(folder)) == FOUR[:3]


def test_the_tail_goes_through_all_files_since(folder):
    archive = opened(folder, Writing({}, Rotation(largest_bytes=1)))
    fetch(archive, exchange(1))
    visit(archive, *(exchange(number) for number in range(2, 6)))
    archive.commit()
    archive.release()
    again = opened(folder)

    assert [place.file[-13:-8] for place in again.tail] == ["00001", "00002", "00003", "00004", "00005"]
    assert tail_of(again) == [exchange(number) for number in range(1, 6)]
    again.release()


def test_robots_txt_and_what_did_not_come_whole_are_not_read_again(folder):
    archive = opened(folder)
    whole = [
        exchange(1),
        exchange(2, head=b"HTTP/1.1 404 Not Found\r\n\r\n"),
        exchange(3, path="/robots.txt/tin-3.htm"),
    ]
    archive.keep(exchange(0, path="/robots.txt"), None)
    for one in (whole[0], exchange(9, truncated="disconnect"), whole[1], exchange(0, path="/robots.txt?x"), whole[2]):
        archive.keep(one, None)
    archive.release()
    again = opened(folder)

    assert tail_of(again) == whole
    again.release()


def test_what_led_to_a_capture_is_told_with_it(folder):
    led = exchange(1, via=(f"{ORIGIN}/alt", f"{ORIGIN}/neu"))
    archive = opened(folder)
    fetch(archive, led)
    archive.release()
    again = opened(folder)

    assert tail_of(again) == [led]
    again.release()


@pytest.mark.parametrize("original", ["in the tail", "in a committed file", "of an earlier run"])
def test_a_revisit_in_the_tail_gets_its_body(folder, original):
    archive = opened(folder)
    visit(archive, exchange(1, lap=1))
    if original != "in the tail":
        archive.commit()
    if original == "of an earlier run":
        finish(archive)
        archive = opened(folder)
    visit(archive, exchange(1, lap=2))
    archive.release()
    again = opened(folder)

    assert tail_of(again)[-1] == exchange(1, lap=2)
    assert len(again.tail) == (2 if original == "in the tail" else 1)
    again.release()


def test_a_body_that_only_the_tail_holds_is_not_kept_again(folder):
    archive = opened(folder)
    visit(archive, exchange(1, lap=1))
    archive.release()
    again = opened(folder)
    replay(again)
    visit(again, exchange(1, lap=2))
    finish(again)
    *_, last = warc.stored(folder / capture_files(folder)[-1])

    assert last.refers_to == (exchange(1, lap=1).url, "2026-11-22T12:01:00Z")


@pytest.mark.parametrize("most", [0, 1, 2], ids=["none", "one", "two"])
def test_a_crash_while_captures_are_read_again_loses_none_of_them(folder, most):
    archive = opened(folder)
    visit(archive, exchange(1))
    archive.commit()
    visit(archive, exchange(2), exchange(3), exchange(4))
    archive.release()
    second = opened(folder)
    replay(second, most)
    second.ledger.put("note", "something to commit")
    second.commit()
    second.release()
    third = opened(folder)

    assert tail_of(third) == [exchange(2), exchange(3), exchange(4)][most:]
    replay(third)
    finish(third)
    assert titles(folder) == FOUR


def test_a_run_that_is_stopped_while_captures_are_read_again_leaves_the_rest_to_the_next(crashed):
    second = opened(crashed)
    replay(second, 1)
    second.finish(is_done=False)
    second.release()
    third = opened(crashed)

    assert tail_of(third) == [exchange(4)]
    third.release()


def test_a_crash_before_anything_was_committed_again_reads_all_of_it_again(crashed):
    second = opened(crashed)
    replay(second)
    second.release()
    third = opened(crashed)

    assert tail_of(third) == [exchange(3), exchange(4)]
    replay(third)
    finish(third)
    assert titles(crashed) == FOUR


@pytest.mark.parametrize("committed", [False, True], ids=["the first commit", "a later commit"])
def test_a_crash_between_lines_and_ledger_writes_no_line_twice(folder, monkeypatch, committed):
    archive = opened(folder)
    visit(archive, exchange(1, lap=1))
    if committed:
        archive.commit()
    visit(archive, exchange(1, "hai", lap=2), exchange(1, "ba", lap=3))
    with monkeypatch.context() as patch:
        patch.setattr(disk, "commit", power_fails)
        with pytest.raises(DiskTrouble):
            archive.commit()
    archive.release()
    again = opened(folder)
    replay(again)
    finish(again)
    told = [line["url"].rpartition("=")[2] for _, line in lines(folder / EVENTS)]

    assert titles(folder) == [("hcma:1", 1, "một"), ("hcma:1", 2, "hai"), ("hcma:1", 3, "ba")]
    assert told == ["1", "2", "3"]


# Half-written files.


def cut_by(size: int):
    return lambda content: content[:-size]


TORN_CAPTURES = {
    "in the last response": (cut_by(1), 3),
    "in the request before it": (cut_by(400), 3),
    "an exchange and more": (cut_by(900), 2),
    "garbage behind": (lambda content: content + b"garbage", 4),
    "half a gzip header behind": (lambda content: content + b"\x1f\x8b\x08", 4),
    "zeros behind": (lambda content: content + bytes(4096), 4),
    "a request without its response behind": (
        lambda content: content + warc.request_record(exchange(5), warc.new_id()),
        4,
    ),
    "a request and what led to it behind": (
        lambda content: (
            content
            + warc.request_record(exchange(5), warc.new_id())
            + warc.via_record(exchange(5, via=(ORIGIN,)), warc.new_id())
        ),
        4,
    ),
}


@pytest.mark.parametrize(("tear", "captures"), TORN_CAPTURES.values(), ids=TORN_CAPTURES)
def test_a_torn_tail_of_captures_stands_aside_and_the_file_is_whole(crashed, caplog, tear, captures):
    path = crashed / (FIRST + OPEN)
    torn = tear(path.read_bytes())
    path.write_bytes(torn)
    with caplog.at_level(logging.WARNING):
        archive = opened(crashed)

    assert (crashed / FIRST).read_bytes() + aside(crashed)[FIRST + ".torn-1"] == torn
    assert len(list(warc.stored(crashed / FIRST))) == captures
    assert FIRST.rpartition("/")[2] in caplog.text
    replay(archive)
    visit(archive, *(exchange(number) for number in range(captures + 1, 5)))
    finish(archive)
    assert titles(crashed) == FOUR
    assert healthy(crashed)


@pytest.mark.parametrize("size", [0, 10, 200], ids=["nothing", "half a gzip header", "half a record"])
def test_a_file_that_was_only_begun_leaves_no_file_without_records(folder, size):
    archive = opened(folder)
    visit(archive, exchange(1))
    finish(archive)
    begun = (folder / FIRST).read_bytes()[:size]
    (folder / f"{FIRST[:-13]}00002.warc.gz.open").write_bytes(begun)
    again = opened(folder)
    visit(again, exchange(2))
    finish(again)

    assert titles(folder) == FOUR[:2]
    assert healthy(folder)


def test_a_file_with_nothing_but_its_first_record_is_whole(folder):
    archive = opened(folder)
    visit(archive, exchange(1))
    finish(archive)
    name = f"{FIRST[:-13]}00002.warc.gz"
    (folder / (name + OPEN)).write_bytes(warc.warcinfo(name.rpartition("/")[2], NOON, {"software": "archiver"}))
    finish(opened(folder))

    assert healthy(folder)
    assert aside(folder) == {}


def test_a_file_left_open_is_closed_under_its_name(crashed):
    opened(crashed).release()

    assert capture_files(crashed) == [FIRST]
    assert [line.file for line in Manifest(crashed).sealed()] == [FIRST]
    assert aside(crashed).keys() == set()


def test_a_file_that_was_renamed_and_is_not_in_the_manifest_gets_its_line(crashed):
    (crashed / (FIRST + OPEN)).rename(crashed / FIRST)
    before = (crashed / FIRST).read_bytes()
    opened(crashed).release()
    (line,) = Manifest(crashed).sealed()

    assert (line.file, line.bytes, line.captures) == (FIRST, len(before), 4)
    assert (crashed / FIRST).read_bytes() == before


def test_the_manifest_goes_on_behind_a_torn_line(folder):
    for number in (1, 2):
        archive = opened(folder)
        visit(archive, exchange(number))
        finish(archive)
    path = folder / "manifest.jsonl"
    whole = path.read_bytes()
    first, second = whole.splitlines(keepends=True)
    path.write_bytes(first + second[:40])
    opened(folder).release()

    assert path.read_bytes() == whole
    assert (folder / "manifest.jsonl.torn-1").read_bytes() == second[:40]


@pytest.mark.parametrize("name", [ARTICLES, EVENTS])
@pytest.mark.parametrize("behind", [b'{"id":"hcma:3","ti', b'{"id": 1}\n', b"\n\n\0\0", b"\xff"], ids=repr)
def test_what_stands_in_a_file_of_lines_behind_the_commit_stands_aside_and_is_made_again(crashed, caplog, name, behind):
    committed = {each: (crashed / each).read_bytes() for each in (ARTICLES, EVENTS)}
    with (crashed / name).open("ab") as file:
        file.write(behind)
    with caplog.at_level(logging.WARNING):
        archive = opened(crashed)

    assert {each: (crashed / each).read_bytes() for each in (ARTICLES, EVENTS)} == committed
    assert aside(crashed) == {f"{name}.torn-1": behind}
    assert f"{name.rpartition('/')[2]}.torn-1" in caplog.text
    replay(archive)
    finish(archive)
    assert titles(crashed) == FOUR


def test_whole_lines_behind_the_commit_are_made_again_byte_by_byte(crashed, folder):
    archive = opened(folder)
    replay(archive)
    archive.articles.flush()
    archive.release()
    written = (folder / ARTICLES).read_bytes()
    again = opened(folder)
    cut = (folder / ARTICLES).read_bytes()
    replay(again)
    finish(again)

    assert cut == b"".join(written.splitlines(keepends=True)[:2])
    assert aside(folder)[f"{ARTICLES}.torn-1"] == written[len(cut) :]
    assert (crashed / ARTICLES).read_bytes() == written


def test_a_second_tail_never_goes_into_the_file_of_the_first(crashed):
    for behind in (b"one", b"two", b"three"):
        with (crashed / ARTICLES).open("ab") as file:
            file.write(behind)
        opened(crashed).release()
    (crashed / f"{ARTICLES}.torn-1").unlink()  # an archivist has looked at it
    with (crashed / ARTICLES).open("ab") as file:
        file.write(b"four")
    opened(crashed).release()

    assert sorted(aside(crashed).values()) == [b"four", b"three", b"two"]


def test_what_stands_aside_is_never_taken_for_a_part_of_the_archive(crashed):
    (crashed / (FIRST + OPEN)).write_bytes((crashed / (FIRST + OPEN)).read_bytes() + b"garbage")
    for name in (ARTICLES, EVENTS):
        with (crashed / name).open("ab") as file:
            file.write(b"garbage")
    opened(crashed).release()

    assert len(aside(crashed)) == 3
    assert not [name for name in aside(crashed) if name.endswith((".warc.gz", ".jsonl", OPEN))]


# Changed files.


def shortened(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def removed(path: Path) -> None:
    path.unlink()


def with_a_line_before(path: Path) -> None:
    path.write_bytes(b"{}\n" + path.read_bytes())


def rewritten(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def tells_damage_of(name: str, said: str) -> bool:
    return (
        re.match(rf"ArchiveDamaged: .*{re.escape(name.rpartition('/')[2])}.*archiver (verify|repair)", said) is not None
    )


@pytest.mark.parametrize("change", [shortened, emptied, removed, with_a_line_before, rewritten])
@pytest.mark.parametrize("name", [ARTICLES, EVENTS])
def test_a_file_of_lines_that_somebody_changed_is_damage_and_is_left_as_it_is(folder, name, change):
    archive = opened(folder)
    visit(archive, exchange(1), exchange(2))
    finish(archive)
    change(folder / name)
    before = files_but_the_ledger(folder)
    said = refusal(folder)

    assert tells_damage_of(name, said), said
    assert files_but_the_ledger(folder) == before


@pytest.mark.parametrize("change", [shortened, emptied, removed])
def test_captures_that_were_committed_and_are_gone_are_damage(crashed, change):
    path = crashed / (FIRST + OPEN)
    path.write_bytes(path.read_bytes()[: list(warc.stored(path))[2].begins])  # as far as it was committed
    change(path)
    before = files_but_the_ledger(crashed)
    said = refusal(crashed)

    assert tells_damage_of(FIRST, said), said
    assert files_but_the_ledger(crashed) == before


def test_captures_that_were_committed_and_are_changed_are_damage(crashed):
    path = crashed / (FIRST + OPEN)
    content = bytearray(path.read_bytes())
    content[next(iter(warc.stored(path))).offset + 60] ^= 0x10
    path.write_bytes(bytes(content))
    before = files_but_the_ledger(crashed)
    said = refusal(crashed)

    assert tells_damage_of(FIRST, said), said
    assert files_but_the_ledger(crashed) == before


def test_an_archive_that_could_not_be_opened_is_let_go_of(folder):
    archive = opened(folder)
    visit(archive, exchange(1))
    finish(archive)
    shortened(folder / ARTICLES)
    refused = SiteArchive(folder)
    with pytest.raises(ArchiveDamaged):
        refused.open(WRITING)

    assert not refused.is_open
    assert list(folder.glob("ledger.sqlite-*")) == []
    assert tells_damage_of(ARTICLES, refusal(folder))  # and not that another holds it


# A missing ledger.


@pytest.fixture
def without_ledger(folder) -> Path:
    """Of a run with a report; two articles, one with a second revision."""
    archive = opened(folder)
    visit(archive, exchange(1), exchange(2, lap=2), exchange(1, "hai", lap=3))
    finish(archive, at=NOON + timedelta(hours=1))
    (folder / "ledger.sqlite").unlink()
    return folder


def test_a_missing_ledger_is_made_again_from_the_files(without_ledger, caplog):
    before = everything_in(without_ledger)
    with caplog.at_level(logging.WARNING):
        archive = opened(without_ledger)
    visit(archive, exchange(1, "hai", lap=61), exchange(2, "hai", lap=62), exchange(3, lap=63))
    finish(archive)

    assert "no ledger" in caplog.text
    assert titles(without_ledger) == [
        ("hcma:1", 1, "một"),
        ("hcma:2", 1, "một"),
        ("hcma:1", 2, "hai"),
        ("hcma:2", 2, "hai"),
        ("hcma:3", 1, "một"),
    ]
    assert (without_ledger / ARTICLES).read_bytes().startswith(before[ARTICLES])
    assert (without_ledger / EVENTS).read_bytes().startswith(before[EVENTS])
    assert aside(without_ledger) == {}
    assert healthy(without_ledger)


def test_a_ledger_made_again_knows_what_the_lost_one_knew(folder):
    archive = opened(folder)
    visit(archive, exchange(1), exchange(2, lap=2), exchange(1, "hai", lap=3))
    archive.finish(is_done=True)
    known, files = dict(archive.ledger.articles()), archive.ledger.files()
    originals = [archive.ledger.original(each.payload_sha1) for each in warc.stored(folder / FIRST)]
    finish(archive, at=NOON + timedelta(hours=1))
    (folder / "ledger.sqlite").unlink()
    again = opened(folder)

    assert dict(again.ledger.articles()) == known
    assert {name: state for name, state in again.ledger.files().items() if "captures" not in name} == {
        name: state for name, state in files.items() if "captures" not in name
    }
    assert [again.ledger.original(each.payload_sha1) for each in warc.stored(folder / FIRST)] == originals
    again.release()


def test_without_ledger_and_reports_every_line_is_made_again(without_ledger):
    before = {name: raw for name, raw in everything_in(without_ledger).items() if name == ARTICLES}
    for report in without_ledger.glob("runs/*.json"):
        report.unlink()
    with killed_at_once(without_ledger):
        pass
    archive = opened(without_ledger)
    replay(archive)
    finish(archive)

    assert {ARTICLES: (without_ledger / ARTICLES).read_bytes()} == before
    assert healthy(without_ledger)


def test_with_a_ledger_made_again_a_body_is_not_kept_again(without_ledger):
    archive = opened(without_ledger)
    visit(archive, exchange(1, "hai", lap=61))
    finish(archive)
    (last,) = warc.stored(without_ledger / capture_files(without_ledger)[-1])

    assert last.refers_to == (exchange(1, lap=3).url, "2026-11-22T12:03:00Z")


def test_with_a_ledger_made_again_nothing_of_ended_runs_is_read_again(without_ledger):
    archive = opened(without_ledger)

    assert list(archive.tail) == []
    archive.release()


def test_where_no_report_says_how_far_runs_came_captures_are_read_from_behind_the_last_line(without_ledger):
    shutil.rmtree(without_ledger / "runs")
    before = everything_in(without_ledger)
    again = opened(without_ledger)
    rest = list(again.tail)
    visit(again, exchange(3, lap=63))
    again.commit()
    again.keep(exchange(4, lap=64), task_of(again, exchange(4, lap=64)))
    again.release()
    (without_ledger / "ledger.sqlite").unlink()
    last = opened(without_ledger)

    assert rest == []
    assert (without_ledger / ARTICLES).read_bytes().startswith(before[ARTICLES])
    assert tail_of(last) == [exchange(4, lap=64)]
    last.release()
    assert aside(without_ledger) == {}


@pytest.mark.parametrize("are_reports_here", [True, False])
def test_lines_of_captures_that_are_elsewhere_stay_though_the_ledger_is_lost(without_ledger, are_reports_here):
    """A copy of the lines alone, for a reader; with reports, of a run that came less far than the lines."""
    lines = titles(without_ledger)
    shutil.rmtree(without_ledger / "captures")
    if are_reports_here:
        (report,) = without_ledger.glob("runs/*.json")
        report.write_text(re.sub('"unfinished": "[^"]*"', '"unfinished": "1 0"', report.read_text()))
    else:
        shutil.rmtree(without_ledger / "runs")
    again = opened(without_ledger)

    assert (list(again.tail), titles(without_ledger), aside(without_ledger)) == ([], lines, {})
    again.release()


@pytest.mark.parametrize(
    "minutes", [pytest.param(1, id="before"), pytest.param(2, id="same-second"), pytest.param(9, id="clock-set-back")]
)
def test_with_a_ledger_made_again_what_came_after_the_last_report_is_read_again(folder, minutes):
    archive = opened(folder)
    visit(archive, exchange(1, lap=1))
    finish(archive, at=NOON + timedelta(minutes=minutes))
    archive = opened(folder)
    visit(archive, exchange(2, lap=2))
    archive.commit()
    visit(archive, exchange(3, lap=3))
    archive.release()
    (folder / "ledger.sqlite").unlink()
    again = opened(folder)

    assert tail_of(again) == [exchange(2, lap=2), exchange(3, lap=3)]
    replay(again)
    finish(again)
    assert titles(folder) == FOUR[:3]


def test_with_a_ledger_made_again_no_line_of_an_interrupted_run_is_written_twice(without_ledger):
    opened(without_ledger).release()
    archive = opened(without_ledger)
    visit(archive, exchange(1, "ba", lap=61), exchange(1, "bốn", lap=62))
    archive.commit()
    archive.release()
    (without_ledger / "ledger.sqlite").unlink()
    again = opened(without_ledger)
    replay(again)
    finish(again)

    assert [title for id_, _, title in titles(without_ledger) if id_ == "hcma:1"] == ["một", "hai", "ba", "bốn"]


def test_a_torn_line_beside_a_missing_ledger_stands_aside(without_ledger):
    before = everything_in(without_ledger)
    for name in (ARTICLES, EVENTS):
        with (without_ledger / name).open("ab") as file:
            file.write(b'{"id":')
    opened(without_ledger).release()

    assert aside(without_ledger) == {f"{name}.torn-1": b'{"id":' for name in (ARTICLES, EVENTS)}
    assert {name: everything_in(without_ledger)[name] for name in (ARTICLES, EVENTS)} == {
        name: before[name] for name in (ARTICLES, EVENTS)
    }


@contextmanager
def killed_at_once(folder: Path) -> Iterator[None]:
    archive = SiteArchive(folder)
    archive.open(WRITING)
    yield
    archive.release()


@contextmanager
def of_another_origin(folder: Path) -> Iterator[None]:
    archive = SiteArchive(folder)
    archive.open(WRITING)
    with pytest.raises(UsageError):
        archive.claim("https://other.test", contact=None, now=NOON)
    yield
    archive.release()


@pytest.mark.parametrize("run", [killed_at_once, of_another_origin])
def test_a_run_that_made_the_ledger_again_and_committed_nothing_costs_no_line(without_ledger, run):
    before = titles(without_ledger)
    with run(without_ledger):
        pass
    archive = opened(without_ledger)
    visit(archive, exchange(2, lap=61))
    finish(archive)

    assert titles(without_ledger) == before
    assert aside(without_ledger) == {}


DAMAGED = {
    "a line without an id": (ARTICLES, lambda content: content.replace(b'"id"', b'"di"', 1)),
    "a line without a revision": (ARTICLES, lambda content: content.replace(b'"revision"', b'"noisiver"', 1)),
    "a digest that is none": (ARTICLES, lambda content: content.replace(b'"revision_id":"', b'"revision_id":"x', 1)),
    "no JSON": (ARTICLES, lambda content: b"{\n" + content),
    "a capture": (FIRST, lambda content: content[:700] + b"\0\0\0\0" + content[704:]),
    "a report": ("runs/20261122T130000Z.json", lambda content: content[:40]),
}


@pytest.mark.parametrize(("name", "change"), DAMAGED.values(), ids=DAMAGED)
def test_a_ledger_cannot_be_made_again_from_damaged_files_however_often_it_is_tried(without_ledger, name, change):
    (without_ledger / name).write_bytes(change((without_ledger / name).read_bytes()))
    before = files_but_the_ledger(without_ledger)
    said = [refusal(without_ledger) for _ in range(2)]

    assert [tells_damage_of(name, each) for each in said] == [True, True], said
    assert files_but_the_ledger(without_ledger) == before


# Everything at once.

some_step = st.one_of(
    st.tuples(st.just("visit"), st.integers(1, 2), st.sampled_from(["một", "hai"])),
    st.tuples(st.just("fetch"), st.integers(1, 2), st.sampled_from(["một", "hai"])),
    st.tuples(st.just("commit")),
    st.tuples(st.just("finish")),
    st.tuples(st.just("crash"), st.integers(0, 3), st.booleans()),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(some_step, max_size=10))
def test_wherever_runs_are_interrupted_each_capture_gives_the_line_it_would_have_given(steps):
    """The model: of each id the titles in the order of the captures, without those that repeat the one before."""
    expected = defaultdict(list)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "hcma")
        archive, waiting = opened(folder), []
        for lap, (step, *how) in enumerate([*steps, ("crash", 99, True)]):
            if step in ("visit", "fetch"):
                one = exchange(*how, lap=lap)
                given_id = expected[f"hcma:{how[0]}"]
                given_id += [how[1]] if given_id[-1:] != [how[1]] else []
                # Lines are written in the order of the captures: while one waits to be read, so do those after it.
                if step == "fetch" or waiting:
                    waiting.append(fetch(archive, one))
                else:
                    visit(archive, one)
            elif step == "commit":
                archive.commit()
            else:
                if step == "finish":
                    archive.finish(is_done=False)
                archive.release()
                archive, waiting = opened(folder), []
                replay(archive, how[0] if how else 99)
                if how and how[1]:
                    archive.commit()
                if archive.tail:
                    archive.release()
                    archive = opened(folder)
                    replay(archive)
        finish(archive)
        found = defaultdict(list)
        for id_, revision, title in titles(folder):
            found[id_].append(title)
            assert revision == len(found[id_])

        assert found == expected
        assert healthy(folder)
