"""Lines that cannot be read, or are no articles: named with file and byte, never passed over; what is sound is given."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT, Ended, environment, needs, run
from handing import files_of
from small_archive import article, in_month, write_archive

OCTOBERS = "articles/2026/2026-10.jsonl"
NOVEMBERS = "articles/2026/2026-11.jsonl"

COMMANDS = {
    "export": ("export", "--format", "jsonl", "--out", "{out}"),
    "search": ("search", "hội"),
    "show": ("show", "hcma:1"),
    "history": ("history", "hcma:1"),
    "query": ("query", "SELECT count(*) FROM articles"),
    "stats": ("stats",),
    "verify": ("verify",),
    "seal": ("seal",),
    "rebuild": ("rebuild", "--check"),
    "files": ("files", "hcma:1"),
}


@pytest.fixture
def archive(tmp_path):
    """Three articles, two of them captured in October."""
    root = tmp_path / "archive"
    write_archive(root, in_month(1, 10), in_month(2, 10), in_month(3, 11))
    return root


def asked(archive, *words):
    return run("archiver", *words, "--archive", archive)


def asked_as_anybody(archive, *words) -> Ended:
    """root may enter every folder; without these two rights it is as anybody (capabilities(7))."""
    rights = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
    if rights and shutil.which("setpriv") is None:
        needs("setpriv is missing, by which root gives up its rights: apt-get install util-linux")
    call = [*rights, sys.executable, "-m", "archiver", *map(str, words), "--archive", str(archive)]
    done = subprocess.run(call, cwd=ROOT, env=environment(), capture_output=True, timeout=60, check=False)
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


def said(ended):
    return (ended.out + ended.err).splitlines()


@pytest.mark.parametrize("mode", [0], ids=["closed"])
@pytest.mark.parametrize("folder", ["articles", "articles/2026"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_of_lines_that_cannot_be_entered_is_named(archive, tmp_path, command, folder, mode):
    closed = archive / "hcma" / folder
    closed.chmod(mode)
    ended = asked_as_anybody(archive, *(word.format(out=tmp_path / "out") for word in COMMANDS[command]))
    closed.chmod(0o755)

    assert "Traceback" not in ended.err
    assert [line for line in said(ended) if str(closed) in line and "cannot be read (Permission denied)" in line]
    assert ended.code == 7
    assert not (tmp_path / "out").exists()


def spoilt(archive, bad: bytes, month: str = OCTOBERS) -> int:
    """Where the bad line now stands, the last of the month."""
    path = archive / "hcma" / month
    offset = path.stat().st_size
    with path.open("ab") as file:
        file.write(bad + b"\n")
    return offset


def without(field: str, number: int = 1) -> bytes:
    line = article(number).as_dict()
    del line[field]
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode()


BAD = {
    "a list for an id": json.dumps(article(1).as_dict() | {"id": ["a"]}).encode(),
    "no capture field": without("capture"),
    "no time of fetching": without("fetched_at"),
    "nested beyond measure": b"[" * 200_000,
    "no JSON": b'{"id":"hcma:1",',
}
TOLD = {
    "export": ("export", "--format", "jsonl,csv,hf", "--out", "{out}"),
    "verify": ("verify",),
    "rebuild": ("rebuild", "--check"),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
@pytest.mark.parametrize("command", TOLD)
def test_a_line_that_is_no_article_is_named_with_file_and_byte(archive, tmp_path, command, bad):
    offset = spoilt(archive, bad)
    ended = asked(archive, *(word.format(out=tmp_path / "out") for word in TOLD[command]))

    assert "Traceback" not in ended.err
    assert [line for line in said(ended) if f"{OCTOBERS}, byte {offset}:" in line]
    assert ended.code == 7


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_only_the_line_that_is_no_article_is_left_out_of_an_export(archive, tmp_path, bad):
    offset = spoilt(archive, bad)
    out = tmp_path / "out"
    ended = asked(archive, "export", "--format", "jsonl,csv,hf", "--out", out)
    described = json.loads((out / "datapackage.json").read_bytes())["archiver"]
    handed_over = gzip.decompress((out / f"data/hcma/{OCTOBERS}.gz").read_bytes())

    assert ended.code == 7
    assert [line["id"] for line in map(json.loads, handed_over.splitlines())] == ["hcma:1", "hcma:2"]
    assert (described["sites"], len(described["left_out"])) == ({"hcma": {"articles": 3, "lines": 3}}, 1)
    assert f"hcma/{OCTOBERS}, byte {offset}: no line of an article" in described["left_out"][0]
    assert "byte" in (out / "README.md").read_text().partition("## What is lacking")[2]
    assert str(archive) not in (out / "README.md").read_text()


def test_an_earlier_export_is_not_replaced_by_one_that_lacks_something(archive, tmp_path):
    out = tmp_path / "out"
    first = asked(archive, "export", "--format", "jsonl", "--out", out)
    before = files_of(out)
    offset = spoilt(archive, BAD["no JSON"])
    again = asked(archive, "export", "--format", "jsonl", "--out", out)

    assert (first.code, again.code) == (0, 7)
    assert files_of(out) == before
    assert f"byte {offset}" in again.complaint
    assert "give another --out" in again.complaint


def test_an_event_that_cannot_be_read_is_told_in_an_export(archive, tmp_path):
    events = archive / "hcma/events/2026/2026-10.jsonl"
    events.parent.mkdir(parents=True)
    events.write_bytes(b"[]\n")
    ended = asked(archive, "export", "--format", "jsonl", "--out", tmp_path / "out")

    assert ended.code == 7
    assert f"{events}, byte 0: no line of an event" in ended.err
