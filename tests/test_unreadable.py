"""Lines that cannot be read, or are no articles: named with file and byte, never passed over; what is sound is given."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT, Ended, environment, needs, run
from small_archive import in_month, write_archive

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
