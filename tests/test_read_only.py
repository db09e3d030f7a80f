"""An archive that cannot be written, on read-only media or of other people's: it is read and proved where it stands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT, Ended, environment, needs
from handing import files_of

from archiver.store.archive import hold

WORDS = {
    "verify": ("verify",),
    "rebuild --check": ("rebuild", "--check"),
    "export": ("export", "--out", "{out}"),
    "search": ("search", "hội"),
    "query": ("query", "SELECT count(*) FROM articles"),
    "show": ("show", "hcma:1"),
}


def asked(archive, *words) -> Ended:
    """root may write everywhere; without these two rights it is as anybody (capabilities(7))."""
    rights = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
    if rights and shutil.which("setpriv") is None:
        needs("setpriv is missing, by which root gives up its rights: apt-get install util-linux")
    call = [*rights, sys.executable, "-m", "archiver", *map(str, words), "--archive", str(archive)]
    done = subprocess.run(call, cwd=ROOT, env=environment(), capture_output=True, timeout=60, check=False)
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture(params=[True, False], ids=["with-its-lock", "without-a-lock"])
def archive(grown, tmp_path, request):
    there = shutil.copytree(
        grown, tmp_path / "archive", ignore=None if request.param else shutil.ignore_patterns(".lock")
    )
    for path in (there, *there.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield there
    for path in (there, *there.rglob("*")):
        path.chmod(0o755)


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_an_archive_that_cannot_be_written_is_read_and_proved(archive, tmp_path, words):
    before = files_of(archive)
    ended = asked(archive, *(word.format(out=tmp_path / "out") for word in words))

    assert (ended.code, "Traceback" in ended.err) == (0, False), ended.err + ended.out
    assert files_of(archive) == before


def test_a_run_that_holds_it_is_waited_for(grown, tmp_path):
    there = shutil.copytree(grown, tmp_path / "archive")
    with hold(there / "hcma"):
        (there / "hcma/.lock").chmod(0o444)
        ended = asked(there, "verify")

    assert (ended.code, "another run holds it" in ended.complaint) == (75, True)
