"""Months that are over are sealed into the manifest's chain, and everything lives with sealed months."""

import gzip
import json
import os
import random
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import run, serving
from crashing import OPERATIONS, Power, in_memory
from handing import LAST_OF_OCTOBER, NOVEMBER, crawl_at, two_months

from archiver.dumps.seal import read_month, seal
from archiver.errors import ArchiveDamaged, UsageError
from archiver.proof.check import check
from archiver.proof.rebuild import rebuild
from archiver.proof.repair import repair
from archiver.proof.verify import verify_site
from archiver.store import disk
from archiver.store.archive import hold
from archiver.store.articles import article_lines
from archiver.store.ledger import Ledger, Place
from archiver.store.manifest import Manifest
from archiver.store.monthly_lines import MonthlyLines
from archiver.store.months import Month, months
from archiver.store.sealing import close_month, mend_months, open_month
from archiver.watching.summary import summary

OCTOBERS = "articles/2026/2026-10.jsonl"


@pytest.fixture
def archive(grown, tmp_path):
    return shutil.copytree(grown, tmp_path / "archive")


@pytest.fixture
def site(archive):
    return archive / "hcma"


def sealed(site, until=None, now=NOVEMBER):
    return seal(site, until, now, lambda _: None)


def findings(site):
    return [finding.message for finding in verify_site(site, passed=lambda _: None).findings]


def codes(site):
    return {finding.code for finding in verify_site(site, passed=lambda _: None).findings}


def lines_of(site):
    """Every line of every kind, at its place."""
    return {
        (month.name, offset): raw
        for kind in ("articles", "events")
        for month in months(site, kind)
        for offset, raw in month.lines()
    }


def kinds_of(site):
    return {month.name: month.is_sealed for kind in ("articles", "events") for month in months(site, kind)}


def test_months_that_are_over_are_sealed_and_the_one_that_goes_on_is_not(site):
    before = lines_of(site)
    found = sealed(site)

    assert [each.file for each in found.sealed] == [f"{kind}/2026/2026-10.jsonl.gz" for kind in ("articles", "events")]
    assert (found.open, found.faults) == (["2026-11"], [])
    assert kinds_of(site) == {
        f"{kind}/2026/2026-{month}.jsonl": month == "10" for kind in ("articles", "events") for month in ("10", "11")
    }
    assert lines_of(site) == before
    assert findings(site) == []
    assert sealed(site).sealed == []


def test_the_chain_states_what_a_sealed_month_holds(site):
    lines = [json.loads(raw) for (name, _), raw in lines_of(site).items() if name == OCTOBERS]
    sealed(site)
    stated = Manifest(site).standing()[f"{OCTOBERS}.gz"]
    packed = (site / f"{OCTOBERS}.gz").read_bytes()

    assert (stated.bytes, stated.lines) == (len(packed), len(lines))
    assert (stated.first, stated.last) == (lines[0]["fetched_at"], lines[-1]["fetched_at"])
    assert (stated.records, stated.captures, stated.cause) == (None, None, "closed")
    assert len(gzip.decompress(packed).splitlines()) == len(lines)


def test_the_same_archive_seals_to_the_same_bytes(grown, tmp_path):
    one, other = (shutil.copytree(grown, tmp_path / name) / "hcma" for name in ("one", "other"))
    sealed(one)
    sealed(other, until="2026-10", now=datetime(2027, 5, 1, tzinfo=UTC))

    assert [(one / f"{kind}/2026/2026-10.jsonl.gz").read_bytes() for kind in ("articles", "events")] == [
        (other / f"{kind}/2026/2026-10.jsonl.gz").read_bytes() for kind in ("articles", "events")
    ]
    assert (one / "manifest.jsonl").read_bytes() == (other / "manifest.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("until", "says"),
    [("2026-11", "not over before 2026-12-01 00:00 UTC"), ("2027-12", "before 2028-01-01"), ("2026-13", "no month")],
)
def test_a_month_that_is_not_over_cannot_be_asked_for(until, says):
    with pytest.raises(UsageError, match=says):
        read_month(until, NOVEMBER)


def test_until_leaves_later_months_open(site):
    found = sealed(site, until="2026-09")

    assert (found.sealed, found.open) == ([], ["2026-10", "2026-11"])


def test_the_command_seals_says_so_and_ends_with_75_while_a_run_holds_the_archive(archive):
    with hold(archive / "hcma"):
        busy = run("archiver", "seal", "--archive", archive)
    done = run("archiver", "seal", "--archive", archive)

    assert (busy.code, done.code) == (75, 0)
    assert done.out.splitlines()[-1].startswith("hcma: 4 months sealed") or "hcma: 2 months sealed" in done.out
    assert run("archiver", "seal", "--until", "2999-01", "--archive", archive).code == 2


def spoil(site, edit):
    path = site / OCTOBERS
    raw = path.read_bytes().splitlines(keepends=True)
    raw[1] = edit(raw[1])
    path.write_bytes(b"".join(raw))
    repair(site)


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (lambda raw: raw.replace(b'"revision":1', b'"revision":0'), "line.revision: 0 is out of bounds"),
        (lambda raw: raw.replace(b'"title":', b'"titel":'), "line.title: is missing"),
        (lambda raw: raw.replace(b'"lead":"', b'"lead":null,"x":"'), "line.lead: no string"),
        (lambda raw: raw.replace(b'"minute"', b'"hour"'), "line.published_precision: 'hour' is none of"),
    ],
    ids=["bound", "missing", "type", "enum"],
)
def test_a_month_with_a_line_that_is_not_as_its_schema_says_stays_open(site, edit, says):
    spoil(site, edit)
    found = sealed(site)

    assert [each.file for each in found.sealed] == ["events/2026/2026-10.jsonl.gz"]
    assert len(found.faults) == 1
    assert says in found.faults[0]
    assert f"{site / OCTOBERS}, byte " in found.faults[0]


def test_the_command_ends_with_7_and_names_a_line_that_is_no_json(archive):
    path = archive / "hcma" / "events" / "2026" / "2026-10.jsonl"
    path.write_bytes(b'{"time":\n' + path.read_bytes())
    (archive / "hcma" / "ledger.sqlite").unlink()
    ended = run("archiver", "seal", "--archive", archive)

    assert ended.code == 7
    assert f"not sealed: {path}, byte 0: line: no JSON" in ended.err


def test_everything_reads_a_sealed_archive(archive, site):
    before = summary(site, frozenset())
    plain = [line["id"] for _, line in article_lines(site)]
    sealed(site)
    history = run("archiver", "history", "hcma:1", "--archive", archive, "--json")

    assert [line["id"] for _, line in article_lines(site)] == plain
    assert summary(site, frozenset()) == before
    shutil.rmtree(site / "cache")
    assert summary(site, frozenset()) == before
    assert [line["revision"] for line in json.loads(history.out)] == [1, 2, 3]
    assert run("archiver", "status", "--archive", archive).code == 0


def test_a_sealed_archive_is_proved_line_by_line_and_rebuilt_without_a_change(site):
    sealed(site)
    before = lines_of(site)
    proved = check(site, passed=lambda _: None)
    written = rebuild(site, passed=lambda _: None)

    assert (proved.differing, proved.identical) == (0, len([1 for name, _ in before if name.startswith("articles")]))
    assert (written.written, written.differing) == (0, 0)
    assert lines_of(site) == before
    assert kinds_of(site)[OCTOBERS]


def test_the_ledger_of_a_sealed_archive_is_made_again(site):
    sealed(site)
    ledger = Ledger(site / "ledger.sqlite")
    before = dict(ledger.articles()), {name: state for name, state in ledger.files().items() if name.endswith(".jsonl")}
    ledger.close()
    (site / "ledger.sqlite").unlink()
    repair(site)
    ledger = Ledger(site / "ledger.sqlite")
    after = dict(ledger.articles()), {name: state for name, state in ledger.files().items() if name.endswith(".jsonl")}
    ledger.close()

    assert after == before
    assert findings(site) == []


def change(path, edit):
    path.write_bytes(edit(path.read_bytes()))


DAMAGES = {
    "not-as-listed": lambda site: change(site / f"{OCTOBERS}.gz", lambda raw: raw[:9] + b"\x03" + raw[10:]),
    "bad-month": lambda site: change(site / f"{OCTOBERS}.gz", lambda raw: raw[:-9]),
    "missing-file": lambda site: (site / f"{OCTOBERS}.gz").unlink(),
    "not-in-manifest": lambda site: change(
        site / "manifest.jsonl", lambda raw: b"".join(raw.splitlines(keepends=True)[:-1])
    ),
    "bad-manifest": lambda site: change(site / "manifest.jsonl", lambda raw: raw.replace(b'"lines": ', b'"lines": 1')),
    "half-sealed": lambda site: (site / OCTOBERS).write_bytes(gzip.decompress((site / f"{OCTOBERS}.gz").read_bytes())),
    "foreign-file": lambda site: (site / "articles" / "2026" / "notes.jsonl.gz").write_bytes(b"hello"),
}


@pytest.mark.parametrize("code", DAMAGES)
def test_verify_holds_sealed_months_against_the_manifest(site, code):
    sealed(site)
    # Of the last line of a chain nothing follows: one more.
    sealed(site, now=datetime(2026, 12, 1, tzinfo=UTC))
    DAMAGES[code](site)

    assert code in codes(site)


@pytest.mark.parametrize("code", ["half-sealed", "not-in-manifest"])
def test_repair_mends_what_stopped_in_between(site, code):
    sealed(site)
    before = lines_of(site)
    DAMAGES[code](site)
    repair(site)

    assert findings(site) == []
    assert lines_of(site) == before


def test_a_month_that_somebody_unpacked_is_open_again_and_the_manifest_says_so(site):
    sealed(site)
    (site / OCTOBERS).write_bytes(gzip.decompress((site / f"{OCTOBERS}.gz").read_bytes()))
    (site / f"{OCTOBERS}.gz").unlink()
    repair(site)

    assert [line.cause for line in Manifest(site).sealed() if line.file.startswith(OCTOBERS)] == ["closed", "opened"]
    assert findings(site) == []


def test_a_sealed_month_and_an_open_one_that_differ_are_told_and_left(site):
    sealed(site)
    (site / OCTOBERS).write_bytes(b'{"n":1}\n')

    with pytest.raises(
        ArchiveDamaged, match=r"2026-10.jsonl: the month is sealed, and 2026-10.jsonl.gz has other lines"
    ):
        repair(site)
    assert (site / OCTOBERS).read_bytes() == b'{"n":1}\n'


def test_a_run_whose_clock_has_gone_back_opens_the_month_again(tmp_path):
    archive = tmp_path / "late"
    with serving() as web:
        two_months(web, archive)
        site = archive / "hcma"
        sealed(site)
        before = lines_of(site)
        web.article("/tin-2.htm", title="Bản tin số 1, sửa lại")
        late = crawl_at(LAST_OF_OCTOBER.replace(hour=23), web, archive)
    causes = [line.cause for line in Manifest(site).sealed() if line.file == f"{OCTOBERS}.gz"]

    assert late.code == 0
    assert causes == ["closed", "opened"]
    assert (site / OCTOBERS).exists()
    assert not (site / f"{OCTOBERS}.gz").exists()
    assert before.items() <= lines_of(site).items()
    assert len(lines_of(site)) > len(before)
    assert findings(site) == []
    assert len(sealed(site).sealed) == 2
    assert findings(site) == []
    assert check(site, passed=lambda _: None).differing == 0


def test_months_of_which_captures_are_not_read_yet_wait(tmp_path):
    archive = tmp_path / "stopped"
    with serving() as web:
        two_months(web, archive)
    site = archive / "hcma"
    ledger = Ledger(site / "ledger.sqlite")
    ledger.put("unfinished", "2 0")  # as a run leaves it that was killed while it read the second file
    ledger.commit()
    ledger.close()
    found = sealed(site)

    assert (found.sealed, found.open) == ([], ["2026-10", "2026-11"])
    assert found.faults[0].endswith("Let it go on: archiver crawl hcma, then seal")


# Stops at any operation of the disk.


class Stopper:
    """The disk of a forked process, which ends at its turn."""

    def __init__(self, site, stop, phase, cause):
        self.site, self.stop, self.phase, self.cause = site, stop, phase, cause
        self.power = Power(site.parent)
        self.done = 0

    def install(self):
        for name in OPERATIONS:
            setattr(disk, name, self.wrapped(name, getattr(disk, name)))

    def wrapped(self, name, real):
        def operation(*given):
            self.done += 1
            is_last = self.done == self.stop
            if is_last and self.phase == "before":
                self.end()
            if is_last and self.phase == "midway" and name == "write":
                os.write(given[0], given[1][: len(given[1]) // 2])
                self.end()
            if name == "append_to":
                self.power.forget_the_removed()
            result = real(*given)
            if name == "sync":
                self.power.keep_file(*given)
            if name == "sync_folder":
                self.power.keep_names(*given)
            if is_last:
                self.end()
            return result

        return operation

    def end(self):
        if self.cause != "kill":
            dice = random.Random(f"{self.stop}{self.phase}") if self.cause == "power in part" else None
            self.power.lose(self.site, dice)
        os._exit(86)


def stopped(work, site, stop, phase="after", cause="kill"):
    """Whether a forked process that works on the site came to its `stop`th operation, where it ended."""
    process = os.fork()
    if process == 0:
        try:
            Stopper(site, stop, phase, cause).install()
            work(site)
            os._exit(0)
        finally:
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    assert code in (0, 86)
    return code == 86


def close_both(site):
    manifest = Manifest(site)
    manifest.mend()
    mend_months(site, manifest)
    for kind in ("articles", "events"):
        month = months(site, kind)[0]
        if not month.is_sealed:
            close_month(month, manifest)


def open_both(site):
    manifest = Manifest(site)
    manifest.mend()
    mend_months(site, manifest)
    for kind in ("articles", "events"):
        if months(site, kind)[0].is_sealed:
            open_month(site, months(site, kind)[0].name, manifest)


@pytest.fixture
def memory():
    """A folder in memory, where a sync takes no time."""
    with tempfile.TemporaryDirectory(dir=in_memory()) as name:
        yield Path(name)


@pytest.fixture
def small(memory):
    """Lines of two kinds; no sealing looks at what they say."""
    site = memory / "archive" / "hcma"
    for kind, moment in (("articles", "fetched_at"), ("events", "time")):
        path = site / kind / "2026" / "2026-10.jsonl"
        path.parent.mkdir(parents=True)
        path.write_text("".join(f'{{"{moment}":"2026-10-20T09:00:0{number}Z"}}\n' for number in range(9)))
    return site


@pytest.mark.parametrize("cause", ["kill", "power", "power in part"])
@pytest.mark.parametrize("phase", ["before", "midway", "after"])
@pytest.mark.parametrize("work", [close_both, open_both], ids=["sealing", "opening"])
def test_a_stop_at_any_operation_is_mended_by_the_next_command(small, memory, work, phase, cause):
    if work is open_both:
        close_both(small)
    lines = lines_of(small)
    stop, archive = 0, memory / "stopped"
    reached = True
    while reached:
        stop += 1
        shutil.rmtree(archive, ignore_errors=True)
        site = shutil.copytree(small.parent, archive) / "hcma"
        reached = stopped(work, site, stop, phase, cause)
        in_between = lines_of(site)
        work(site)

        assert in_between == lines_of(site) == lines, stop
        assert set(kinds_of(site).values()) == {work is close_both}, stop
        assert {f"{name}.gz" for name, is_sealed in kinds_of(site).items() if is_sealed} == set(
            Manifest(site).standing()
        )
        assert [path for path in site.rglob("*") if path.name.endswith(".part")] == []
    assert stop > 12


def test_lines_of_a_sealed_month_are_read_and_appended_by_the_writer(small):
    close_both(small)
    name = "events/2026/2026-10.jsonl"
    before = Month(name, small / f"{name}.gz").size
    files = MonthlyLines(small, "events", lambda _: None)
    first = files.line(Place(name, 0))
    place = files.append(datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC), '{"time":"2026-10-31T23:59:59Z"}\n')
    files.flush()
    files.close()

    assert first == {"time": "2026-10-20T09:00:00Z"}
    assert place == Place(name, before)
    assert (small / name).read_bytes()[before:] == b'{"time":"2026-10-31T23:59:59Z"}\n'
    assert not (small / f"{name}.gz").exists()
