"""A package that means harm: nothing of the user's is read, written over or filled with it, and one line tells why."""

import dataclasses
import gzip
import hashlib
import json
import shutil
import tracemalloc
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from conftest import run
from small_archive import article, write_archive

from archiver.article import to_line
from archiver.cli.choose import archived_sites
from archiver.cli.printing import printable
from archiver.dumps.delivery import delivery
from archiver.dumps.export import Wanted, export
from archiver.dumps.selection import EVERYTHING
from archiver.dumps.take_back import IMPORTING, Taken, take
from archiver.errors import ArchiveDamaged, DiskTrouble
from archiver.store import takedowns
from archiver.store.archive import ArchiveBusy, hold
from archiver.store.event import Event, event_line
from archiver.store.inflating import LARGE_BYTES
from archiver.store.months import Month, members_of
from archiver.store.run_report import RunReport, read_report
from archiver.takedown.erasing import digest_after, erase, fill_with_zeros

FULL = article(1)
NOW = datetime(2026, 11, 3, 9, tzinfo=UTC)
CAPTURES = "captures/2026/10/hcma-20261020T090000Z-00001.warc.gz"
RECORD = [0, 400, "<urn:uuid:00000000-0000-4000-8000-000000000009>", "2026-10-20T09:00:00Z"]
TAKEDOWN = {"id": "hcma:1", "level": "erase", "reason": "error", "at": "2026-11-03T09:00:00Z", "state": "begun"}
LINES = "articles/2026/2026-01.jsonl.gz"
EVENTS = "events/2026/2026-11.jsonl.gz"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = tmp_path_factory.mktemp("made")
    write_archive(root / "archive", FULL)
    export([root / "archive/hcma"], root / "out", Wanted(formats=("jsonl",), chosen=EVERYTHING))
    return root / "out"


@pytest.fixture
def package(made, tmp_path):
    return shutil.copytree(made, tmp_path / "package")


def put(package, name, raw):
    """A file, listed as it should be."""
    path = package / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    files = [each for each in sorted(package.rglob("*")) if each.is_file() and each.name != "SHA256SUMS"]
    sums = (f"{hashlib.sha256(each.read_bytes()).hexdigest()}  {each.relative_to(package)}\n" for each in files)
    (package / "SHA256SUMS").write_text("".join(sums))


def refused(package, archive):
    """What is said of a package that is not taken, in one line."""
    with pytest.raises(ArchiveDamaged) as raised:
        take(delivery(package), archive)
    said = str(raised.value)
    assert "\n" not in said
    assert IMPORTING not in said
    assert not (archive / "hcma").exists()
    assert [path.name for path in archive.glob(f"{IMPORTING}/*")] in ([], [".lock"])
    return said


def line(value):
    return json.dumps(value).encode() + b"\n"


def month(*values):
    return b"".join(members_of(each if isinstance(each, bytes) else line(each) for each in values))


def record(**parts):
    return {**json.loads(to_line(FULL)), **parts}


EVENT = event_line(Event(time=NOW, url="https://hcma.vn/", outcome="listing"))
CARD = {"format": 1, "origin": "https://hcma.vn", "contact": None}
NESTED = b"[" * 100_000
REPORT = {
    "format": 1, "run": "20261103T090000Z", "site": "hcma", "started_at": "2026-11-03T09:00:00Z",
    "ended_at": "2026-11-03T09:01:00Z", "exit_code": 0, "why": "",
}  # fmt: skip
HOSTILE_TAKEDOWNS = {
    "torn up": {"torn": ["../../victim"]},
    "torn up from aside": {"torn": ["captures/../../../victim.torn-1"]},
    "torn absolute": {"torn": ["/tmp/victim.torn-1"]},
    "torn is a file of lines": {"torn": ["articles/2026/2026-10.jsonl"]},
    "records up": {"records": {"../../victim": [RECORD]}},
    "records absolute": {"records": {"/tmp/victim": [RECORD]}},
    "records in a page": {"records": {"site.json": [RECORD]}},
    "left up": {"left": {"../../victim": [RECORD]}},
    "files up": {"files": {"../../victim": "00" * 32}},
    "files without a digest": {"files": {CAPTURES: "x"}},
    "lines in a reason": {"reason": "x\r\nWARC-Type: response"},
    "a reason that is a text": {"reason": "because of it"},
    "lines in a record's id": {"records": {CAPTURES: [[0, 400, "<urn:x>\r\nx: y", RECORD[3]]]}},
    "lines in a record's date": {"records": {CAPTURES: [[0, 400, RECORD[2], "2026-10-20T09:00:00Z\r\n"]]}},
    "before a file": {"records": {CAPTURES: [[-1, *RECORD[1:]]]}},
    "length that is none": {"records": {CAPTURES: [[0, "400", *RECORD[2:]]]}},
    "length that is true": {"records": {CAPTURES: [[0, True, *RECORD[2:]]]}},
    "a record of two": {"records": {CAPTURES: [RECORD[:2]]}},
    "keys": {"keys": ["zz"]},
    "half a key": {"keys": ["abc"]},
    "addresses": {"addresses": [5]},
    "id that is none": {"id": 5},
    "id with a line": {"id": "hcma:1\n"},
    "level": {"level": "all"},
    "state": {"state": "doing"},
    "day that is none": {"at": "2026-13-03T09:00:00Z"},
    "Arabic digits": {"at": "٢٠٢٦-11-03T09:00:00Z"},
    "note": {"note": {}},
}


@pytest.mark.parametrize("trick", HOSTILE_TAKEDOWNS)
def test_no_takedown_tells_to_write_over_what_is_no_file_of_the_archive(package, tmp_path, trick):
    told = {**TAKEDOWN, **HOSTILE_TAKEDOWNS[trick]}
    victim = tmp_path / "victim"
    victim.write_text("mine")
    put(package, "data/hcma/takedowns.jsonl", line(told))
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / takedowns.NAME).write_bytes(line(told))

    assert f"{package / 'data/hcma/takedowns.jsonl'}, byte 0: no line of a takedown" in refused(package, tmp_path / "a")
    with pytest.raises(ArchiveDamaged):
        takedowns.read_takedowns(tmp_path / "site")
    assert victim.read_text() == "mine"


def test_what_a_takedown_writes_is_read_again(tmp_path):
    said = takedowns.Takedown(
        **TAKEDOWN, note="Sổ 12", teasers=True, revisions=("ab" * 32,), keys=("00ff",), addresses=("ab" * 16,),
        records={CAPTURES: (takedowns.ErasedRecord(*RECORD),)}, files={CAPTURES: "00" * 32, LINES: "11" * 32},
        torn=("captures/2026/10/x.warc.gz.torn-1", "candidates/article-1.html"),
    )  # fmt: skip
    takedowns.append(tmp_path, said)

    assert takedowns.read_takedowns(tmp_path) == [said]


def test_a_takedown_that_is_not_done_is_finished_where_it_was_begun(package, tmp_path):
    put(package, "data/hcma/takedowns.jsonl", line({**TAKEDOWN, "records": {CAPTURES: [RECORD]}}))

    assert "a takedown of hcma:1 was begun and is not done: finish it where" in refused(package, tmp_path / "a")


@pytest.mark.parametrize("name", ["../victim", "/absolute", "link", "folder/victim"])
def test_what_is_written_over_stands_in_the_folder_of_the_site(tmp_path, name):
    victim, site = tmp_path / "victim", tmp_path / "site"
    victim.write_text("mine" * 200)
    site.mkdir()
    (site / "link").symlink_to(victim)
    (site / "folder").symlink_to(tmp_path)
    name = str(victim) if name == "/absolute" else name
    erased = [takedowns.ErasedRecord(0, 400, RECORD[2], RECORD[3])]

    for harm in (
        lambda: erase(site, name, erased, "error"),
        lambda: fill_with_zeros(site, name),
        lambda: digest_after(site, name, erased, "error"),
    ):
        with pytest.raises(ArchiveDamaged, match="outside of the site's folder, or a link"):
            harm()
    assert victim.read_text() == "mine" * 200


ODD = {
    "capture that is a number": (LINES, month(record(capture=5))),
    "capture file that is a list": (LINES, month(record(capture={**record()["capture"], "warc": ["x"]}))),
    "capture file elsewhere": (LINES, month(record(capture={**record()["capture"], "warc": "../../x.warc.gz"}))),
    "time that is a formula": (LINES, month(record(published_at="=1+1"))),
    "line that is a list": (LINES, month([])),
    "line of an id": (LINES, month({"id": "hcma:1"})),
    "line nested deep": (LINES, month(NESTED + b"\n")),
    "line with half a character": (LINES, month(to_line(FULL).replace("Thời sự", "\\ud800").encode())),
    "lines in one gzip member": (LINES, gzip.compress(line(record()))),
    "event without a reason": (EVENTS, month({key: each for key, each in EVENT.items() if key != "reason"})),
    "event of numbers": (EVENTS, month({**EVENT, "url": 5})),
    "event of a file elsewhere": (EVENTS, month({
        **EVENT, "outcome": "file", "file": {"state": "stored", "media_type": None, "bytes": 1, "sha256": None,
        "warc": "../x", "offset": 0}})),
    "manifest of numbers": ("manifest.jsonl", line({"file": 5, "bytes": 1, "sha256": "x", "previous": None})),
    "manifest of elsewhere": ("manifest.jsonl", line({"file": "../../x", "bytes": 1, "sha256": "x", "previous": None})),
    "manifest of texts": ("manifest.jsonl", line({"file": CAPTURES, "bytes": "1", "sha256": "x", "previous": None})),
    "remembered list": ("remembered.json", b"[]"),
    "remembered nothing": ("remembered.json", b'{"runs": {"1": 7}, "lines": []}'),
    "remembered numbers": ("remembered.json", b'{"runs": {"1": 0}, "lines": [[5]]}'),
    "run on no day": ("runs/20261199T090000Z.json", line(REPORT)),
    "run that is a list": ("runs/20261103T090000Z.json", b"[]"),
    "run of texts": ("runs/20261103T090000Z.json", line({**REPORT, "outcomes": {"new": "many"}})),
    "run of later": ("runs/20261103T090000Z.json", line({**REPORT, "format": float("inf")})),
    "card that is a list": ("site.json", b"[]"),
    "card nested deep": ("site.json", b'{"format":' + NESTED),
    "card of later": ("site.json", line({**CARD, "format": float("inf")})),
    "card with a contact that is a number": ("site.json", line({**CARD, "contact": 5})),
    "card too large": ("site.json", line({**CARD, "x": " " * 16_000_000})),
}  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_what_no_archiver_has_written_is_refused_by_the_name_it_has_in_the_package(package, tmp_path, odd):
    name, raw = ODD[odd]
    put(package, f"data/hcma/{name}", raw)
    said = refused(package, tmp_path / "archive")

    assert said.startswith(f"{package / 'data/hcma' / name}")
    assert said.endswith(". Get the package again")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda raw: raw[:-1] + b',"x":' + b"[" * 200_000 + b"]" * 200_000 + b"}", 7),
        (lambda _: json.dumps({"archiver": {"sites": {"hcma": {}}, "format": float("inf")}}).encode(), 7),
        (lambda raw: raw + b" " * 16_000_000, 7),
    ],
    ids=["nested", "infinite", "large"],
)
def test_a_description_that_is_none_is_told_in_one_line(package, tmp_path, change, code):
    put(package, "datapackage.json", change((package / "datapackage.json").read_bytes().strip()))
    ended = run("archiver", "import", package, "--archive", tmp_path / "archive")

    assert (ended.code, len(ended.err.splitlines())) == (code, 1), ended.err
    assert str(package / "datapackage.json") in ended.complaint


def test_no_run_has_a_name_in_other_digits(package, tmp_path):
    put(package, "data/hcma/runs/\u0662\u0660261103T090000Z.json", line(REPORT))
    take(delivery(package), tmp_path / "archive")

    assert not list((tmp_path / "archive").rglob("*261103*"))


def test_a_report_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "20261103T090000Z.json"
    path.write_bytes(line({**REPORT, "coverage": {"title": 1}, "reasons": {"failed": {"http_503": 2}}}))

    assert isinstance(read_report(path), RunReport)


def wacz(path, *, stated=None, **members):
    """A .wacz of these members, each listed as it is or with the bytes that are `stated`."""
    sums = {name: hashlib.sha256(raw).hexdigest() for name, raw in members.items()}
    listed = [
        {"path": name, "hash": f"sha256:{sums[name]}", "bytes": stated or len(raw)} for name, raw in members.items()
    ]
    raw = json.dumps({"archiver": {"format": 1, "sites": {"hcma": {}}}, "resources": listed}).encode()
    digest = json.dumps({"hash": f"sha256:{hashlib.sha256(raw).hexdigest()}"})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in {**members, "datapackage.json": raw, "datapackage-digest.json": digest}.items():
            written.writestr(name, content)
    return path


def test_a_wacz_without_harm_is_taken(tmp_path):
    path = wacz(
        tmp_path / "hcma.wacz", **{"archiver/site.json": line(CARD), "lines/articles-2026-01.jsonl.gz": month(record())}
    )

    assert [each.lines for each in take(delivery(path), tmp_path / "archive")] == [1]


def test_a_member_of_another_size_than_listed_is_not_unpacked(tmp_path):
    path = wacz(tmp_path / "hcma.wacz", stated=7, **{"runs/20260101T000000Z.json": b"\0" * 9_000})

    assert refused(path, tmp_path / "archive") == (
        f"{path}: runs/20260101T000000Z.json: 9,000 bytes, where the package lists 7. Get the package again"
    )


def test_a_wacz_that_unpacks_to_more_than_any_honest_one_is_refused(tmp_path):
    path = wacz(tmp_path / "hcma.wacz", **{"runs/20260101T000000Z.json": bytes(LARGE_BYTES)})

    assert path.stat().st_size < 100_000
    assert f"{path}: it unpacks to 67 MB" in refused(path, tmp_path / "archive")


def test_a_wacz_that_is_listed_and_none_is_refused(package, tmp_path):
    put(package, "hcma.wacz", b"no zip")

    assert f"{package / 'hcma.wacz'}: no whole .wacz" in refused(package, tmp_path / "archive")


def test_a_package_larger_than_the_disk_is_refused_before_a_byte_is_written(package, tmp_path):
    delivered = delivery(package)
    files = delivered.files["hcma"]
    files["site.json"] = dataclasses.replace(files["site.json"], size=10**18)

    with pytest.raises(DiskTrouble, match="the package needs 1,000,000,000,000 MB") as raised:
        take(delivered, tmp_path / "archive")
    assert raised.value.exit_code == 6
    assert not list((tmp_path / "archive").rglob("site.json"))


def test_a_file_that_grows_while_it_is_read_is_cut_off(package, tmp_path):
    delivered = delivery(package)
    (package / "data/hcma/site.json").write_bytes(b" " * 9_000)

    with pytest.raises(ArchiveDamaged, match="longer than the package says"):
        take(delivered, tmp_path / "archive")


def packed(size, says=None):
    """A member of a sealed month with a line of so many bytes, and what its end says of that."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    text = b" " * (size - 1) + b"\n"
    raw = deflate.compress(text) + deflate.flush()
    head = next(iter(members_of([b"{}\n"])))[:16] + (20 + len(raw) + 8).to_bytes(4, "little")
    return head + raw + zlib.crc32(text).to_bytes(4, "little") + (says or size).to_bytes(4, "little")


@pytest.mark.parametrize("says", [10, 8_000_001, 7_999_999])
def test_a_member_gives_as_many_bytes_as_it_says(tmp_path, says):
    path = tmp_path / "2026-11.jsonl.gz"
    path.write_bytes(packed(8_000_000, says))
    tracemalloc.start()
    with pytest.raises(ArchiveDamaged, match="no member of a sealed month"):
        list(Month("x", path).lines())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 2 * says + 500_000


def test_a_member_that_is_a_bomb_is_none(tmp_path):
    path = tmp_path / "2026-11.jsonl.gz"
    path.write_bytes(packed(LARGE_BYTES + 1))
    tracemalloc.start()
    with pytest.raises(ArchiveDamaged, match="no member of a sealed month"):
        list(Month("x", path).lines())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 2_000_000


def test_lines_that_together_are_a_bomb_are_not_unpacked_onto_the_disk(package, tmp_path):
    raw = to_line(FULL).encode().replace(b'"title":', b" " * 4_000_000 + b'"title":', 1)
    put(package, f"data/hcma/{LINES}", month(*[raw] * 17))
    said = refused(package, tmp_path / "archive")

    assert "which no honest ones are" in said


def test_a_record_that_is_a_bomb_is_not_unpacked(package, tmp_path):
    whole = b"WARC/1.1\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
    head = f"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: {LARGE_BYTES + 1}\r\n\r\n".encode()
    deflate = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = deflate.compress(head + bytes(LARGE_BYTES + 1) + b"\r\n\r\n") + deflate.flush()
    first = gzip.compress(whole)
    put(package, f"data/hcma/{CAPTURES}", first + bomb)
    tracemalloc.start()
    said = refused(package, tmp_path / "archive")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert f"{CAPTURES}, byte {len(first)}: the record unpacks to more than 200 times its size" in said
    assert peak < 30_000_000


def test_one_import_at_a_time(package, tmp_path):
    archive = tmp_path / "archive"
    with hold(archive / IMPORTING), pytest.raises(ArchiveBusy) as raised:
        take(delivery(package), archive)

    assert raised.value.exit_code == 75


def test_of_imports_at_once_each_takes_all_or_says_that_another_is_at_work(package, tmp_path):
    archive = tmp_path / "archive"

    def taken(_):
        try:
            return take(delivery(package), archive)[0]
        except ArchiveBusy as busy:
            return busy

    with ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(taken, range(12)))

    first = [each for each in ended if isinstance(each, Taken) and not each.was_there]
    assert len(first) == 1
    assert sorted(path.name for path in archive.iterdir()) == [IMPORTING, "hcma"]
    assert [path.name for path in (archive / IMPORTING).iterdir()] == [".lock"]


def test_what_a_killed_import_left_is_no_site_and_goes_with_the_next(package, tmp_path):
    archive = tmp_path / "archive"
    left = archive / IMPORTING / "abcd" / "vnu"
    left.mkdir(parents=True)
    (left / "site.json").write_bytes(line(CARD))
    take(delivery(package), archive)

    assert [folder.name for folder in archived_sites(archive)] == ["hcma"]
    assert [path.name for path in (archive / IMPORTING).iterdir()] == [".lock"]


def test_no_sign_of_a_page_or_a_package_steers_the_terminal(tmp_path, package):
    bell = "\x1b]0;PWNED\x07\x1b[31mđỏ\u202e"
    root = tmp_path / "other"
    write_archive(root, dataclasses.replace(FULL, title=bell))
    put(package, f"data/{bell}", b"x")
    (package / f"data/{bell}").unlink()
    for words, code in (
        (("history", FULL.id, "--archive", root), 0),
        (("show", FULL.id, "--archive", root), 0),
        (("takedown", FULL.id, "--reason", "error", "--plan", "--archive", root), 0),
        (("import", package, "--archive", tmp_path / "archive"), 7),
    ):
        ended = run("archiver", *words)

        assert ended.code == code, ended.err
        assert "PWNED" in ended.out + ended.err
        assert not {"\x1b", "\x07", "\u202e"} & {*ended.out, *ended.err}


@pytest.mark.parametrize("sign", ["\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\u200b", "\ufeff", "\ud800", "\n"])
def test_a_sign_that_is_not_seen_becomes_a_space(sign):
    assert printable(f"a{sign}b") == "a b"


def test_joiners_of_scripts_and_emoji_stay():
    assert printable("می\u200cخواهم 👩\u200d🚀") == "می\u200cخواهم 👩\u200d🚀"
