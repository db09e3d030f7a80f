"""The files of captures: when one is closed and the next begun, what the manifest says of it, what is written in which
order, and which bodies are not written twice.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archiver.article import Article
from archiver.errors import ArchiveDamaged, DiskTrouble
from archiver.store import disk, warc
from archiver.store.archive import SiteArchive, Writing
from archiver.store.captures import OPEN, CaptureFiles, Rotation, capture_files, serial_of
from archiver.store.event import Event
from archiver.store.exchange import Exchange
from archiver.store.inspection import inspect_warc, revisits_of_nothing
from archiver.store.ledger import FileState, Place
from archiver.store.manifest import Manifest, Sealed
from archiver.store.members import whole_exchanges

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ORIGIN = "https://hcma.vn"
PAGE = "<h1>Khai mạc hội thảo</h1>".encode()
FIRST = "captures/2026/11/hcma-20261122T120000Z-00001.warc.gz"
SECOND = "captures/2026/11/hcma-20261122T120000Z-00002.warc.gz"
ABOUT = {"software": "archiver", "format": "WARC File Format 1.1"}


@pytest.fixture(autouse=True, scope="module")
def _no_waiting_for_the_disk():
    """Only the loss of power shows whether the disk was waited for; in which order it is, `done` tells."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "hcma"


def exchange(
    number: int = 1, body: bytes = PAGE, *, status: int = 200, at: datetime = NOON, truncated=None, via=()
) -> Exchange:
    url = f"{ORIGIN}/tin-{number}.htm"
    request = f"GET /tin-{number}.htm HTTP/1.1\r\nHost: hcma.vn\r\n\r\n".encode()
    head = f"HTTP/1.1 {status} \r\nX-Number: {number}\r\n\r\n".encode()
    return Exchange(url=url, at=at, request=request, head=head, body=body, truncated=truncated, via=via)


def files_of(folder: Path, **rotation: int) -> CaptureFiles:
    return CaptureFiles(folder, Manifest(folder), ABOUT, Rotation(**rotation))


def urls(folder: Path, name: str) -> list[str]:
    return [each.exchange.url.removeprefix(ORIGIN) for each in warc.stored(folder / name)]


def sealed(folder: Path) -> list[Sealed]:
    return list(Manifest(folder).sealed())


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """As a disk that fills up: writing beyond `size` bytes of a file fails, with what fits written."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_file_is_open_until_it_is_closed(folder):
    files = files_of(folder)
    files.append(exchange(), None)
    while_written = capture_files(folder)
    files.close()

    assert while_written == [FIRST + OPEN]
    assert capture_files(folder) == [FIRST]


def test_a_file_begins_by_saying_who_wrote_it_and_with_which_file_its_run_began(folder):
    files = files_of(folder)
    files.append(exchange(), None)
    files.close()

    assert warc.about(folder / FIRST) == {**ABOUT, "first-file-of-run": "1"}
    assert inspect_warc(folder / FIRST).findings == ()


def test_all_files_of_a_run_name_its_first_and_those_of_the_next_run_theirs(folder):
    for _ in range(2):
        files = files_of(folder, largest_bytes=1)
        for _ in range(3):
            files.append(exchange(), None)
        files.close()
    said = [warc.about(folder / name)["first-file-of-run"] for name in capture_files(folder)]

    assert said == ["1", "1", "1", "4", "4", "4"]


def test_without_captures_there_is_no_file(folder):
    files = files_of(folder)

    assert (files.sync(), files.close(), capture_files(folder)) == ({}, {}, [])
    assert sealed(folder) == []


def test_append_says_where_the_capture_stands(folder):
    files = files_of(folder)
    given = [exchange(1), exchange(2, via=(f"{ORIGIN}/alt",)), exchange(3, truncated="time")]
    said = [files.append(each, None) for each in given]
    files.close()
    stored = list(warc.stored(folder / FIRST))

    assert [each.exchange for each in stored] == given
    assert [capture for capture, _ in said] == [each.capture(FIRST) for each in stored]
    assert [place for _, place in said] == [Place(FIRST, each.begins) for each in stored]


def test_the_end_is_where_the_next_exchange_will_stand(folder):
    files = files_of(folder)
    ends = [files.end]
    _, first = files.append(exchange(1), None)
    ends.append(files.end)
    _, second = files.append(exchange(2), None)
    files.close()
    ends.append(files.end)
    _, third = files.append(exchange(3), None)

    assert ends == [(1, 0), (1, second.offset), (2, 0)]
    assert (first.file, second.file, third.file) == (FIRST, FIRST, SECOND)


def test_sync_says_how_far_the_file_goes(folder):
    files = files_of(folder)
    files.append(exchange(), None)
    size = (folder / (FIRST + OPEN)).stat().st_size

    assert files.sync() == {FIRST: FileState(size, 3)}
    assert files.close() == {FIRST: FileState(size, 3)}


def test_a_file_of_the_largest_size_gets_no_further_record(folder):
    files = files_of(folder, largest_bytes=2000)
    for number in range(1, 8):
        files.append(exchange(number, os.urandom(600)), None)
    files.close()
    names = capture_files(folder)
    sizes = [(folder / name).stat().st_size for name in names]

    assert [url for name in names for url in urls(folder, name)] == [f"/tin-{number}.htm" for number in range(1, 8)]
    assert len(names) > 2
    assert all(size >= 2000 for size in sizes[:-1])
    # It was smaller before its last exchange, which is here no more than 1,400 bytes.
    assert all(size < 2000 + 1400 for size in sizes)


def test_an_exchange_stands_in_one_file(folder):
    files = files_of(folder, largest_bytes=1)
    for number in (1, 2, 3):
        files.append(exchange(number, via=(f"{ORIGIN}/alt",)), None)
    files.close()

    assert [urls(folder, name) for name in capture_files(folder)] == [["/tin-1.htm"], ["/tin-2.htm"], ["/tin-3.htm"]]
    assert [line.records for line in sealed(folder)] == [4, 4, 4]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ([0, 3599], ["120000Z-00001"]),
        ([0, 3600], ["120000Z-00001", "130000Z-00002"]),
        ([0, 3599, 3601, 7200, 7201], ["120000Z-00001", "130001Z-00002", "140001Z-00003"]),
        ([0, -86_400, 3599], ["120000Z-00001"]),
    ],
    ids=["just before", "just then", "counted from each file's begin", "the clock steps back"],
)
def test_a_file_gets_nothing_long_after_its_begin(folder, seconds, expected):
    files = files_of(folder, longest_seconds=3600)
    for number, later in enumerate(seconds):
        files.append(exchange(number, at=NOON + timedelta(seconds=later)), None)
    files.close()

    assert [name.partition("T")[2].partition(".")[0] for name in capture_files(folder)] == expected


def test_a_file_stands_in_the_month_of_its_begin(folder):
    files = files_of(folder, longest_seconds=86_400)
    for at in (datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)):
        files.append(exchange(at=at), None)
    files.append(exchange(at=datetime(2027, 1, 1, tzinfo=UTC)), None)
    files.close()

    assert capture_files(folder) == [
        "captures/2026/11/hcma-20261130T235959Z-00001.warc.gz",
        "captures/2027/01/hcma-20270101T000000Z-00002.warc.gz",
    ]


def test_numbers_go_on_after_every_file_that_is_there_and_are_the_order(folder):
    # The clock stepped back, and the number has outgrown its five digits.
    names = ["20261122T120000Z-00007", "20260101T120000Z-00012", "20261122T110000Z-99999"]
    for name, ending in zip(names, ("", OPEN, ""), strict=True):
        path = folder / "captures" / name[:4] / name[4:6] / f"hcma-{name}.warc.gz{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    files = files_of(folder)
    files.append(exchange(), None)
    files.close()

    assert [serial_of(name) for name in capture_files(folder)] == [7, 12, 99_999, 100_000]


@pytest.mark.parametrize(
    ("name", "serial"),
    [
        (FIRST, 1),
        (SECOND + OPEN, 2),
        ("captures/2026/11/news-24-7.test-20261122T120000Z-100000.warc.gz", 100_000),
        ("captures/2026/11/another-tool.warc.gz", 0),
        (FIRST + ".torn-1", 0),
    ],
)
def test_the_number_of_a_file_is_at_the_end_of_its_name(name, serial):
    assert serial_of(name) == serial


def test_what_is_no_capture_file_is_none(folder):
    for name in (FIRST + ".torn-1", "captures/2026/11/notes.txt", "captures/a.warc.gz", "captures/2026/11/a.warc"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()

    assert capture_files(folder) == []


def test_the_manifest_says_of_a_closed_file_what_it_is(folder):
    files = files_of(folder, largest_bytes=1000)
    for number in range(4):
        files.append(exchange(number, os.urandom(300), at=NOON + timedelta(minutes=number)), None)
    files.close()
    lines = sealed(folder)

    assert [line.file for line in lines] == capture_files(folder)
    for line in lines:
        content = (folder / line.file).read_bytes()
        assert (line.bytes, line.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        assert asdict(line).items() >= asdict(whole_exchanges(folder / line.file)).items()
    assert (lines[0].first, lines[-1].last) == ("2026-11-22T12:00:00Z", "2026-11-22T12:03:00Z")
    assert sum(line.captures for line in lines) == 4


def test_each_line_of_the_manifest_holds_the_digest_of_the_line_before(folder):
    files = files_of(folder, largest_bytes=1)
    for number in range(3):
        files.append(exchange(number), None)
    files.close()
    raw = (folder / "manifest.jsonl").read_bytes().splitlines(keepends=True)

    assert [json.loads(line)["previous"] for line in raw] == [
        None, *(hashlib.sha256(line).hexdigest() for line in raw[:-1])
    ]  # fmt: skip


def edited(line: bytes, **values) -> bytes:
    return json.dumps({**json.loads(line), **values}).encode() + b"\n"


TAMPERED = {
    "a figure changed": lambda a, b, c: [edited(a, bytes=1), b, c],
    "a name changed": lambda a, b, c: [a, edited(b, file="captures/x.warc.gz"), c],
    "the first line gone": lambda _, b, c: [b, c],
    "a line gone": lambda a, _, c: [a, c],
    "lines swapped": lambda a, b, c: [b, a, c],
    "a line twice": lambda a, b, c: [a, a, b, c],
    "white space changed": lambda a, b, c: [a.replace(b": ", b":"), b, c],
    "an unknown key": lambda a, b, c: [a, b, edited(c, colour="red")],
    "a key gone": lambda a, b, c: [a, b, c.replace(b'"records"', b'"record"')],
    "no JSON": lambda a, b, c: [a, b[1:], c],
    "no object": lambda a, _, c: [a, b"[]\n", c],
    "an empty line": lambda a, b, c: [a, b"\n", b, c],
}


@pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED)
def test_a_manifest_that_was_changed_is_damage(folder, tamper):
    files = files_of(folder, largest_bytes=1)
    for number in range(3):
        files.append(exchange(number), None)
    files.close()
    path = folder / "manifest.jsonl"
    path.write_bytes(b"".join(tamper(*path.read_bytes().splitlines(keepends=True))))

    with pytest.raises(ArchiveDamaged, match=r"manifest\.jsonl"):
        sealed(folder)


def test_a_torn_line_of_the_manifest_is_moved_aside(folder):
    files = files_of(folder)
    files.append(exchange(), None)
    files.close()
    path = folder / "manifest.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"file": "captures')
    Manifest(folder).mend()

    assert path.read_bytes() == whole
    assert (folder / "manifest.jsonl.torn-1").read_bytes() == b'{"file": "captures'


# The order of writing.


@pytest.fixture
def done(monkeypatch, tmp_path) -> list[str]:
    """What is done to the disk from now on, in order, and to which file."""
    calls: list[str] = []
    paths: dict[int, Path] = {}

    def name_of(what: object) -> str:
        path = paths[what] if isinstance(what, int) else what
        return str(path.relative_to(tmp_path)) if isinstance(path, Path) else "ledger"

    def recorded(name: str, original: Callable[..., object]) -> Callable[..., object]:
        def call(what: object, *more: object) -> object:
            if not isinstance(what, Path) or (what != tmp_path and what.is_relative_to(tmp_path)):
                calls.append(f"{name} {name_of(what)}")
            result = original(what, *more)
            if name == "append_to":
                paths[result] = what
            return result

        return call

    for name in ("append_to", "write", "cut", "sync", "sync_folder", "rename", "commit"):
        monkeypatch.setattr(disk, name, recorded(name, getattr(disk, name)))
    return calls


def in_this_order(done: list[str], *order: str) -> bool:
    """Whether all of `order` was done, one after the other, whatever came between."""
    calls = iter(done)
    return all(call in calls for call in order)


def opened(folder: Path, **rotation: int) -> SiteArchive:
    """An archive held and claimed, as a run has it."""
    archive = SiteArchive(folder)
    archive.open(Writing(ABOUT, Rotation(**rotation)))
    archive.ledger.begin("{}", "2026-11-22T12:00:00+00:00")
    archive.claim(ORIGIN, contact=None, now=NOON)
    return archive


def ended(archive: SiteArchive, number: int = 1) -> None:
    """An article is fetched and read."""
    one = exchange(number)
    archive.ledger.put_discovered(f"hcma:{number}", one.url, "article")
    task = archive.ledger.get_due_key(f"hcma:{number}").number
    capture = archive.keep(one, task)
    read = Article(
        id=f"hcma:{number}", site="hcma", url=one.url, canonical_url=one.url, title=f"Bản tin {number}",
        published_at=NOON, fetched_at=NOON, capture=capture,
    )  # fmt: skip
    archive.articles.append(archive.articles.numbered(read))
    archive.observe(Event(time=NOON, url=one.url, id=read.id, outcome="new", record_id=capture.record_id), task)


def test_a_new_file_and_its_new_folders_are_on_the_disk_by_their_names(folder, done):
    files_of(folder).append(exchange(), None)

    assert done == [
        f"append_to hcma/{FIRST}.open",
        "sync_folder hcma/captures/2026/11",
        "sync_folder hcma/captures/2026",
        "sync_folder hcma/captures",
        "sync_folder hcma",
        f"write hcma/{FIRST}.open",  # what wrote it
        f"write hcma/{FIRST}.open",  # the exchange
    ]


def test_a_name_is_synced_by_the_next_run_where_one_ended_before_it_was(folder, done, monkeypatch):
    def power_fails(_: Path) -> None:
        raise OSError(5, "Input/output error")

    path = folder / "articles" / "2026" / "2026-11.jsonl"
    with monkeypatch.context() as patch:
        patch.setattr(disk, "sync_folder", power_fails)
        with pytest.raises(OSError, match="Input"):
            disk.append_to(path)
    done.clear()
    os.close(disk.append_to(path))

    assert "sync_folder hcma/articles/2026" in done


def test_a_file_is_on_the_disk_before_it_has_its_final_name_and_that_before_its_line(folder, done):
    files = files_of(folder)
    files.append(exchange(), None)
    done.clear()
    files.close()

    assert in_this_order(
        done,
        f"sync hcma/{FIRST}.open",
        f"rename hcma/{FIRST}.open",
        "sync_folder hcma/captures/2026/11",
        "append_to hcma/manifest.jsonl",
        "sync_folder hcma",
        "write hcma/manifest.jsonl",
        "sync hcma/manifest.jsonl",
    )


def test_a_full_file_is_closed_before_the_next_is_begun(folder, done):
    files = files_of(folder, largest_bytes=1)
    files.append(exchange(1), None)
    done.clear()
    files.append(exchange(2), None)

    assert in_this_order(
        done,
        f"sync hcma/{FIRST}.open",
        f"rename hcma/{FIRST}.open",
        "sync hcma/manifest.jsonl",
        f"append_to hcma/{SECOND}.open",
    )


def test_captures_are_on_the_disk_before_lines_lines_before_events_and_these_before_the_ledger(folder, done):
    archive = opened(folder)
    ended(archive)
    done.clear()
    archive.commit()
    archive.release()

    assert done == [
        f"sync hcma/{FIRST}.open",
        "write hcma/articles/2026/2026-11.jsonl",
        "sync hcma/articles/2026/2026-11.jsonl",
        "write hcma/events/2026/2026-11.jsonl",
        "sync hcma/events/2026/2026-11.jsonl",
        "commit ledger",
    ]


def test_at_the_end_the_file_is_closed_before_lines_are_written(folder, done):
    archive = opened(folder)
    ended(archive)
    done.clear()
    archive.finish(is_done=True)
    archive.release()

    assert in_this_order(
        done,
        f"sync hcma/{FIRST}.open",
        f"rename hcma/{FIRST}.open",
        "sync hcma/manifest.jsonl",
        "write hcma/articles/2026/2026-11.jsonl",
        "sync hcma/articles/2026/2026-11.jsonl",
        "write hcma/events/2026/2026-11.jsonl",
        "sync hcma/events/2026/2026-11.jsonl",
        "commit ledger",
    )
    assert done[-1] == "commit ledger"


def test_the_card_of_the_site_is_on_the_disk_before_its_first_capture(folder, done):
    archive = SiteArchive(folder)
    archive.open(Writing(ABOUT, Rotation()))
    archive.keep(exchange(), None)
    done.clear()
    archive.claim(ORIGIN, contact=None, now=NOON)
    archive.release()

    assert in_this_order(
        done,
        "append_to hcma/site.json.part",
        "write hcma/site.json.part",
        "sync hcma/site.json.part",
        "rename hcma/site.json.part",
        "sync_folder hcma",
        f"append_to hcma/{FIRST}.open",
    )


def test_a_file_that_was_left_open_is_on_the_disk_before_it_has_its_final_name(folder, done):
    archive = opened(folder)
    ended(archive)
    archive.release()
    done.clear()
    opened(folder).release()

    assert in_this_order(
        done,
        f"sync hcma/{FIRST}.open",
        f"rename hcma/{FIRST}.open",
        "sync_folder hcma/captures/2026/11",
        "write hcma/manifest.jsonl",
        "sync hcma/manifest.jsonl",
    )


def test_what_is_moved_aside_is_on_the_disk_before_it_is_cut_off(folder, done):
    archive = opened(folder)
    ended(archive)
    archive.release()
    with (folder / (FIRST + OPEN)).open("ab") as file:
        file.write(b"\x1f\x8b torn")
    done.clear()
    opened(folder).release()

    assert in_this_order(
        done,
        f"append_to hcma/{FIRST}.torn-1",
        "sync_folder hcma/captures/2026/11",
        f"write hcma/{FIRST}.torn-1",
        f"sync hcma/{FIRST}.torn-1",
        f"cut hcma/{FIRST}.open",
        f"sync hcma/{FIRST}.open",
        f"rename hcma/{FIRST}.open",
    )


def test_a_closed_file_is_never_written_again(folder):
    archive = opened(folder, largest_bytes=1500)
    for number in range(1, 6):
        ended(archive, number)
    archive.finish(is_done=True)
    archive.release()
    closed = {
        name: ((folder / name).read_bytes(), (folder / name).stat().st_mtime_ns) for name in capture_files(folder)
    }
    for number in range(6, 10):
        again = opened(folder, largest_bytes=1500)
        ended(again, number)
        if number % 2:
            again.finish(is_done=True)
        again.release()

    assert len(closed) > 1
    assert {name: ((folder / name).read_bytes(), (folder / name).stat().st_mtime_ns) for name in closed} == closed


# A disk that refuses.


def test_what_does_not_fit_leaves_nothing_of_its_exchange(folder):
    files = files_of(folder)
    files.append(exchange(1), None)
    size = (folder / (FIRST + OPEN)).stat().st_size
    with no_file_above(10_000), pytest.raises(DiskTrouble):
        files.append(exchange(2, os.urandom(50_000), via=(f"{ORIGIN}/alt",)), None)

    assert (folder / (FIRST + OPEN)).stat().st_size == size


def test_what_comes_after_an_exchange_that_did_not_fit_is_told_rightly(folder):
    files = files_of(folder)
    files.append(exchange(1), None)
    with no_file_above(10_000):
        with pytest.raises(DiskTrouble):
            files.append(exchange(2, os.urandom(50_000), via=(f"{ORIGIN}/alt",)), None)
        capture, place = files.append(exchange(3), None)
    files.close()
    *_, stored = warc.stored(folder / FIRST)

    assert stored.exchange == exchange(3)
    assert (stored.begins, stored.capture(FIRST)) == (place.offset, capture)
    assert inspect_warc(folder / FIRST).findings == ()
    assert sealed(folder)[0].bytes == (folder / FIRST).stat().st_size


def test_a_file_whose_first_record_does_not_fit_leaves_no_file_without_records(folder):
    archive = opened(folder)
    with no_file_above(100), pytest.raises(DiskTrouble):
        archive.keep(exchange(1), None)
    archive.keep(exchange(2), None)
    archive.finish(is_done=True)
    archive.release()
    opened(folder).release()

    assert [inspect_warc(folder / name).findings for name in capture_files(folder)] == [()]
    assert [url for name in capture_files(folder) for url in urls(folder, name)] == ["/tin-2.htm"]


def refused(*_: object) -> None:
    raise OSError(5, "Input/output error")


TROUBLES = {
    "a capture": lambda archive: archive.keep(exchange(2, os.urandom(50_000)), None),
    "the end of a run": lambda archive: (ended(archive, 2), archive.finish(is_done=True)),
}


@pytest.mark.parametrize("write", TROUBLES.values(), ids=TROUBLES)
def test_a_full_disk_is_told_with_its_file_system_and_what_is_free(folder, write):
    archive = opened(folder)
    ended(archive, 1)
    try:
        with no_file_above((folder / (FIRST + OPEN)).stat().st_size + 1), pytest.raises(DiskTrouble) as trouble:
            write(archive)
    finally:
        archive.release()
    mount = str(trouble.value).partition(" MB free on ")[2].partition(")")[0]

    assert str(trouble.value).startswith(f"{folder}/captures")
    assert Path(mount).is_mount()


@pytest.mark.parametrize("refusing", ["sync", "rename", "sync_folder"])
def test_a_run_whose_end_the_disk_refuses_lets_go_and_the_next_mends(folder, monkeypatch, refusing):
    archive = opened(folder)
    ended(archive)
    with monkeypatch.context() as patch:
        patch.setattr(disk, refusing, refused)
        with pytest.raises(DiskTrouble, match="Input/output error"):
            archive.finish(is_done=True)
        archive.release()
    opened(folder).release()

    assert urls(folder, FIRST) == ["/tin-1.htm"]
    assert [line.file for line in sealed(folder)] == [FIRST]


def test_a_line_that_did_not_fit_into_the_manifest_leaves_no_part_of_it(folder):
    manifest = Manifest(folder)
    one = Sealed(file=FIRST, bytes=1, sha256="0" * 64, records=1, captures=0, first=None, last=None)
    manifest.append(one)
    with no_file_above(manifest.path.stat().st_size + 20), pytest.raises(DiskTrouble, match=r"manifest\.jsonl"):
        manifest.append(one)
    manifest.append(one)

    assert len(sealed(folder)) == 2


# Bodies that are kept already.


GONE, CUT, EMPTY, OTHER = {"status": 404}, {"truncated": "time"}, {"body": b""}, {"body": PAGE + b"\n"}
REPEATED = {
    "the same page": ([{}, {}], "response revisit"),
    "again and again": ([{}, {}, {}], "response revisit revisit"),
    "another body": ([{}, OTHER], "response response"),
    "there and back": ([{}, OTHER, {}], "response response revisit"),
    "an error page twice": ([GONE, GONE], "response response"),
    "an error page, then the same as a page": ([GONE, {}, {}], "response response revisit"),
    "a page, then the same as an error page": ([{}, GONE], "response response"),
    "no body twice": ([EMPTY, EMPTY], "response response"),
    "not modified twice": ([{**EMPTY, "status": 304}, {**EMPTY, "status": 304}], "response response"),
    "cut short, then whole": ([CUT, {}, {}], "response response revisit"),
    "whole, then cut short": ([{}, CUT], "response response"),
    "cut short twice at the same place": ([CUT, CUT], "response response"),
}


@pytest.fixture(scope="module", params=["nothing", "a commit", "the end of a run", "the death of a run"])
def repeated(request, tmp_path_factory) -> dict[str, str]:
    """How each of REPEATED is kept, all of them in one archive, with this between one visit and the next."""
    folder = tmp_path_factory.mktemp("archive") / "hcma"
    archive, between = opened(folder), request.param
    for visit in range(3):
        for row, (visits, _) in enumerate(REPEATED.values()):
            if visit < len(visits):
                made = {"body": PAGE, **visits[visit]}
                body = made.pop("body")
                one = exchange(10 * row + visit, body and body + b"%d" % row, **made)
                archive.ledger.put_discovered(one.url, one.url, "listing")
                archive.keep(one, archive.ledger.get_due_key(one.url).number)
        if between == "a commit":
            archive.commit()
        elif between != "nothing":
            if between == "the end of a run":
                archive.finish(is_done=False)
            archive.release()
            archive = opened(folder)
    archive.finish(is_done=True)
    archive.release()
    inspected = [inspect_warc(folder / name) for name in capture_files(folder)]
    assert [finding.message for each in inspected for finding in each.findings] == []
    assert revisits_of_nothing(inspected) == ()
    kinds: dict[str, list[str]] = {name: [] for name in REPEATED}
    for name in capture_files(folder):
        for each in warc.stored(folder / name):
            row = int(each.exchange.url.rpartition("-")[2].removesuffix(".htm")) // 10
            kinds[list(REPEATED)[row]].append("revisit" if each.refers_to else "response")
    return {name: " ".join(found) for name, found in kinds.items()}


@pytest.mark.parametrize("name", REPEATED)
def test_only_a_whole_page_that_is_kept_already_is_not_kept_again(repeated, name):
    assert repeated[name] == REPEATED[name][1]


def test_the_same_body_at_another_address_is_not_kept_again(folder):
    archive = opened(folder)
    archive.keep(exchange(1), None)
    archive.keep(exchange(2), None)
    archive.finish(is_done=True)
    archive.release()

    assert [each.refers_to for each in warc.stored(folder / FIRST)] == [
        None,
        (f"{ORIGIN}/tin-1.htm", "2026-11-22T12:00:00Z"),
    ]


def test_a_revisit_refers_to_the_first_capture_and_is_given_back_with_its_body(folder):
    archive = opened(folder)
    given = [exchange(1), exchange(2, at=NOON + timedelta(days=1)), exchange(3, at=NOON + timedelta(days=2))]
    for one in given:
        archive.keep(one, None)
    archive.finish(is_done=True)
    places = [Place(name, each.begins) for name in capture_files(folder) for each in warc.stored(folder / name)]
    refers = [each.refers_to for name in capture_files(folder) for each in warc.stored(folder / name)]
    kept = [archive.kept(place).exchange for place in places]
    archive.release()

    assert len(capture_files(folder)) == 3
    assert refers == [None, *[(f"{ORIGIN}/tin-1.htm", "2026-11-22T12:00:00Z")] * 2]
    assert kept == given


def test_a_revisit_whose_original_is_not_known_cannot_be_read(folder):
    archive = opened(folder)
    archive.keep(exchange(1), None)
    archive.keep(exchange(2), None)
    archive.finish(is_done=True)
    archive.release()
    second = [each.begins for each in warc.stored(folder / FIRST)][1]
    with closing(sqlite3.connect(folder / "ledger.sqlite", isolation_level=None)) as ledger:
        ledger.execute("DELETE FROM payload")
    archive = SiteArchive(folder)
    archive.open(Writing(ABOUT, Rotation()))

    with pytest.raises(ArchiveDamaged, match=f"byte {second}: the capture cannot be read"):
        archive.kept(Place(FIRST, second))
    archive.release()


@pytest.mark.parametrize("offset", [1, 99_999], ids=["no record begins there", "behind the end"])
def test_what_is_not_at_its_place_cannot_be_read(folder, offset):
    archive = opened(folder)
    archive.keep(exchange(1), None)

    with pytest.raises(ArchiveDamaged, match=f"byte {offset}: .* archiver verify"):
        archive.kept(Place(FIRST, offset))
    archive.release()
