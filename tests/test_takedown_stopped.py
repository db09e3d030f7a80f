"""A takedown that is stopped at any operation of the disk, by a kill or by the loss of power, is done by the next command."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from conftest import run, serving
from crashing import OPERATIONS, in_memory
from taking_down import ID, SECRETS, grow, places_of
from test_seal import Stopper

from archiver.proof.verify import verify_site
from archiver.store import disk
from archiver.store.archive import hold
from archiver.store.takedowns import NAME, read_takedowns, unfinished
from archiver.takedown.doing import do, prepare
from archiver.takedown.plan import Asked, plan

ASKED = Asked(id=ID, level="erase", reason="court_order", note=None, teasers=True, at="2026-11-20T09:00:00Z")
IN_PLACE = ("open_in_place", "overwrite")


class InPlaceStopper(Stopper):
    """The same, of what writes into files too."""

    def install(self):
        for name in (*OPERATIONS, *IN_PLACE):
            setattr(disk, name, self.wrapped(name, getattr(disk, name)))

    def wrapped(self, name, real):
        operation = super().wrapped(name, real)
        if name != "overwrite":
            return operation

        def overwrite(descriptor, offset, data):
            if self.phase == "midway" and self.done + 1 == self.stop:
                os.pwrite(descriptor, data[: len(data) // 2], offset)
                self.end()
            operation(descriptor, offset, data)

        return overwrite


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    archive = tmp_path_factory.mktemp("grown")
    with serving() as web:
        grow(web, archive)
    with hold(archive / "hcma"):
        prepare(archive / "hcma")
    return archive


@pytest.fixture(scope="module")
def planned(grown):
    return plan(grown / "hcma", ASKED, lambda _: None)


def done(site, planned):
    with hold(site):
        do(site, planned)


def stopped(site, planned, stop, phase, cause):
    """Whether a forked process that does the takedown came to its `stop`th operation, where it ended."""
    process = os.fork()
    if process == 0:
        try:
            InPlaceStopper(site, stop, phase, cause).install()
            done(site, planned)
            os._exit(0)
        finally:
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    assert code in (0, 86)
    return code == 86


@pytest.fixture
def memory():
    """A folder in memory: there a sync, of which each takedown makes a hundred, takes no time."""
    with tempfile.TemporaryDirectory(dir=in_memory()) as name:
        yield Path(name)


def files_of(site):
    """What each file holds, but for SQLite's own and what a stop has had moved aside."""
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in sorted(site.rglob("*"))
        if path.is_file() and not path.name.startswith(("ledger.sqlite", ".lock")) and ".torn-" not in path.name
    }


@pytest.mark.parametrize("cause", ["kill", "power", "power in part"])
@pytest.mark.parametrize("phase", ["before", "midway", "after"])
def test_a_stopped_takedown_is_done_by_the_next_command(grown, planned, memory, phase, cause):
    whole = shutil.copytree(grown, memory / "whole") / "hcma"
    done(whole, planned)
    expected = files_of(whole)
    stop, begun, reached = 0, 0, True
    while reached:
        stop += 4 if cause == "kill" else 9
        shutil.rmtree(memory / "stopped", ignore_errors=True)
        site = shutil.copytree(grown, memory / "stopped") / "hcma"
        reached = stopped(site, planned, stop, phase, cause)
        with hold(site):
            prepare(site)
        begun += bool(read_takedowns(site))
        if not read_takedowns(site):
            done(site, planned)

        assert unfinished(site) == [], stop
        assert files_of(site) == expected, stop
        assert places_of(site, *SECRETS) == [], stop
    assert stop > 50
    assert begun > 10


def test_until_it_is_done_verify_tells_of_it_and_repair_ends_it(grown, planned, tmp_path):
    site = shutil.copytree(grown, tmp_path / "archive") / "hcma"
    with hold(site):
        done_lines = read_takedowns(site)
    stops = 12
    assert stopped(site, planned, stops, "after", "kill")
    found = {finding.code for finding in verify_site(site, passed=lambda _: None).findings}
    listed = run("archiver", "takedowns", "--archive", site.parent)
    ended = run("archiver", "repair", "--archive", site.parent)

    assert done_lines == []
    assert "unfinished-takedown" in found
    assert (listed.code, "NOT DONE: archiver repair" in listed.out) == (7, True)
    assert ended.code == 0, ended.out
    assert ended.out.endswith("no damage\n")
    assert places_of(site, *SECRETS) == []


def test_a_torn_intention_is_none(grown, tmp_path):
    site = shutil.copytree(grown, tmp_path / "archive") / "hcma"
    (site / NAME).write_text('{"id":"hcma:77","level":"era')
    with hold(site):
        prepare(site)

    assert read_takedowns(site) == []
    assert (site / f"{NAME}.torn-1").exists()
