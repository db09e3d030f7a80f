"""A disk that is full, cannot be written, or holds what is not the archive's: an exit code of its own, one line, and what
was there stays. With room again the same command goes on, and all is there once.

The full disk is a real one, of 70 MB in memory; mounting it needs root.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from conftest import ROOT, Ended, environment, lines, needs, reports

from archiver.demo.newsroom import Newsroom
from archiver.demo.server import serve
from archiver.proof.check import check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from archiver.demo.reply import Reply

SEED, ARTICLES = 1, 60
PAGES = 90
"""Of that newsroom, robots.txt among them."""
BLOCK = 4096
LONGEST_SECONDS = 40

# Lines are written when all pages are read, however slow the machine is: then it is known what the disk has no room for.
CRAWL = (
    "from archiver.extensions import keep_events; keep_events.SECONDS_A_COMMIT = 3600;"
    "from archiver.cli import main; main()"
)


def crawl(url: str, archive: Path, *options: str, rights: tuple[str, ...] = ()) -> Ended:
    words = [*rights, sys.executable, "-c", CRAWL, "crawl", "hcma", "--base-url", url, "--archive", str(archive)]
    done = subprocess.run(
        [*words, *options], cwd=ROOT, env=environment(), capture_output=True, timeout=LONGEST_SECONDS, check=False
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=70m", "tmpfs", disk], capture_output=True, text=True, check=False
    )
    if mounted.returncode != 0:
        needs(f"a disk of 70 MB cannot be mounted ({mounted.stderr.strip()}): run `make test` as root")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


@dataclass
class Filling:
    """A newsroom that leaves so many blocks of a disk when it is asked for its nth page."""

    disk: Path
    at_page: int
    blocks_left: int
    newsroom: Newsroom = field(default_factory=lambda: Newsroom(seed=SEED, articles=ARTICLES))
    asked: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def original(self) -> str:
        return self.newsroom.original

    def page(self, path: str, origin: str) -> Reply:
        with self._lock:
            self.asked.append(path)
            if len(self.asked) == self.at_page:
                self._fill()
        return self.newsroom.page(path, origin)

    def _fill(self) -> None:
        filler = os.open(self.disk / "filler", os.O_WRONLY | os.O_CREAT)
        try:
            while os.write(filler, bytes(BLOCK)):
                pass
        except OSError:
            os.truncate(filler, os.fstat(filler).st_size - self.blocks_left * BLOCK)
        os.close(filler)


def complaints(ended: Ended) -> list[str]:
    """All that a run told on standard error but its progress."""
    return [line for line in ended.err.splitlines() if " INFO " not in line]


def torn(folder: Path) -> list[str]:
    """Files that are not whole."""
    found = [file.name for file in folder.rglob("*") if file.name.endswith((".open", ".part"))]
    for file in folder.glob("captures/*/*/*.warc.gz"):
        try:
            gzip.decompress(file.read_bytes())
        except EOFError:
            found.append(file.name)
    return found


def torn_lines(archive: Path) -> list[bytes]:
    written = [raw for file in archive.glob("hcma/*/*/*.jsonl") for raw in file.read_bytes().splitlines(keepends=True)]
    return [raw for raw in written if not raw.endswith(b"}\n") or not json.loads(raw)]


# Where the disk gets full: page, blocks that are left then, and what is refused.
FULL = {
    "at the first captures": (5, 0, "captures"),
    "at a capture": (45, 3, "captures"),
    "at the first lines": (PAGES, 5, "articles"),
    "at a line": (PAGES, 60, "articles"),
    "behind the lines": (PAGES, 145, "ledger|events"),
}


@pytest.mark.parametrize(("at_page", "blocks_left", "refused"), FULL.values(), ids=FULL)
def test_a_full_disk_is_exit_6_and_with_room_the_same_command_goes_on(small_disk, at_page, blocks_left, refused):
    archive = small_disk / "data"
    newsroom = Filling(small_disk, at_page, blocks_left)
    with serve(newsroom) as server:
        full = crawl(server.url, archive)
        torn_when_full = torn_lines(archive)
        subprocess.run(["mount", "-o", "remount,size=200m", small_disk], check=True)
        again = crawl(server.url, archive)
        truth = {line["id"]: line for line in newsroom.newsroom.truth(server.url)}
    written = lines(archive, "articles")
    ends = Counter(event["id"] or event["url"] for event in lines(archive, "events"))
    found = check(archive / "hcma", passed=lambda _: None)

    assert full.code == 6, full.err
    assert any(f"{archive}/hcma/{name}" in full.complaint for name in refused.split("|")), full.complaint
    assert f"0 MB free on {small_disk}" in full.complaint
    assert "run the same command again" in full.complaint
    assert "Traceback" not in full.err
    assert torn_when_full == []
    assert again.code == 0, again.err
    assert Counter(line["id"] for line in written) == dict.fromkeys(truth, 1)
    assert [line["id"] for line in written if any(line[name] != is_ for name, is_ in truth[line["id"]].items())] == []
    assert set(ends.values()) == {1}
    assert (found.identical, found.differences) == (ARTICLES, [])
    assert torn(archive / "hcma") == []
    assert reports(archive)[-1]["left"] == 0


def test_a_disk_with_too_little_room_is_exit_6_before_anything_is_fetched(small_disk):
    (small_disk / "filler").write_bytes(bytes(10_000_000))
    newsroom = Filling(small_disk, 0, 0)
    with serve(newsroom) as server:
        ended = crawl(server.url, small_disk / "data")

    assert ended.code == 6
    assert "MB free" in ended.complaint
    assert complaints(ended) == [ended.complaint]
    assert newsroom.asked == []


def test_a_disk_that_is_read_only_is_refused_in_one_line(small_disk):
    newsroom = Filling(small_disk, 0, 0)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with serve(newsroom) as server:
        ended = crawl(server.url, small_disk / "data")

    assert ended.code in REFUSED
    assert "Read-only file system" in ended.complaint
    assert complaints(ended) == [ended.complaint]
    assert newsroom.asked == []


REFUSED = (2, 6, 7)


def one(archive: Path, pattern: str) -> Path:
    return next(iter(sorted(archive.glob(f"hcma/{pattern}"))))


def locked(pattern: str, mode: int) -> Callable[[Path], object]:
    return lambda archive: one(archive, pattern).chmod(mode)


def put(pattern: str, content: bytes) -> Callable[[Path], object]:
    return lambda archive: one(archive, pattern).write_bytes(content)


def folder_instead(pattern: str) -> Callable[[Path], object]:
    def replace(archive: Path) -> None:
        path = one(archive, pattern)
        path.unlink()
        path.mkdir()

    return replace


def file_instead(pattern: str) -> Callable[[Path], object]:
    def replace(archive: Path) -> None:
        path = one(archive, pattern)
        shutil.rmtree(path)
        path.write_bytes(b"not ours\n")

    return replace


# What is done to an archive of a few pages; and the name that the line must have in it.
DAMAGE = {
    "the site's folder cannot be written": (locked("", 0o555), "hcma"),
    "the site's folder cannot be entered": (locked("", 0o000), "hcma"),
    "the lock cannot be written": (locked(".lock", 0o444), "hcma"),
    "the ledger cannot be written": (locked("ledger.sqlite", 0o444), "ledger.sqlite"),
    "the ledger cannot be read": (locked("ledger.sqlite", 0o000), "ledger.sqlite"),
    "the ledger is another file": (put("ledger.sqlite", b"not ours\n" * 999), "ledger.sqlite"),
    "the ledger is a folder": (folder_instead("ledger.sqlite"), "ledger.sqlite"),
    "site.json cannot be read": (locked("site.json", 0o000), "site.json"),
    "site.json is another file": (put("site.json", b"not ours\n"), "site.json"),
    "site.json is a folder": (folder_instead("site.json"), "site.json"),
    "the manifest cannot be written": (locked("manifest.jsonl", 0o444), "manifest.jsonl"),
    "the manifest cannot be read": (locked("manifest.jsonl", 0o000), "manifest.jsonl"),
    "the manifest is another file": (put("manifest.jsonl", b"not ours\n"), "manifest.jsonl"),
    "the manifest is a folder": (folder_instead("manifest.jsonl"), "manifest.jsonl"),
    "the lines cannot be written": (locked("articles/*/*.jsonl", 0o444), "articles"),
    "the lines cannot be read": (locked("articles/*/*.jsonl", 0o000), "articles"),
    "the lines are another file": (put("articles/*/*.jsonl", b"not ours\n"), "articles"),
    "the lines are a folder": (folder_instead("articles/*/*.jsonl"), "articles"),
    "the events cannot be written": (locked("events/*/*.jsonl", 0o444), "events"),
    "the captures' folder cannot be written": (locked("captures/*/*", 0o555), "captures"),
    "the captures' folder is a file": (file_instead("captures"), "captures"),
    "the runs' folder cannot be written": (locked("runs", 0o555), "runs"),
    "the runs' folder is a file": (file_instead("runs"), "runs"),
}


@pytest.fixture(scope="module")
def ended(tmp_path_factory) -> dict[str, Ended | str]:
    """How a crawl of each damaged archive ends."""
    rights: tuple[str, ...] = ()
    if os.geteuid() == 0:
        # root may write everywhere; without these two rights it is as anybody (capabilities(7)).
        rights = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
        if shutil.which("setpriv") is None:
            needs("setpriv is missing, by which root gives up its rights: apt-get install util-linux")
    folder = tmp_path_factory.mktemp("damaged")

    def crawled(name: str, url: str) -> Ended | str:
        archive = folder / name.replace(" ", "-")
        shutil.copytree(folder / "good", archive)
        DAMAGE[name][0](archive)
        try:
            return crawl(url, archive, rights=rights)
        except subprocess.TimeoutExpired:
            return f"it had not ended after {LONGEST_SECONDS} seconds"

    with serve(Newsroom(seed=SEED, articles=5)) as server, ThreadPoolExecutor(2) as pool:
        begun = crawl(server.url, folder / "good", "--max-pages", "3")
        assert begun.code == 0, begun.err
        found = pool.map(lambda name: (name, crawled(name, server.url)), DAMAGE)
        return dict(found)


@pytest.mark.parametrize("name", DAMAGE)
def test_what_cannot_be_used_is_refused_in_one_line_that_names_it(ended, name):
    refusal: Any = ended[name]

    assert isinstance(refusal, Ended), refusal
    assert "Traceback" not in refusal.err
    assert (refusal.code in REFUSED, refusal.code) == (True, refusal.code), refusal.err
    assert DAMAGE[name][1] in refusal.complaint
    assert complaints(refusal) == [refusal.complaint]
