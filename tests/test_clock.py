"""A clock that is set back, between runs or within one: what is known stays, and the run says that its dates are suspect."""

import os
from datetime import UTC, datetime

import pytest
from conftest import ROOT, lines, reports, run

from archiver.proof.check import check
from archiver.proof.verify import verify_site

SET_BACK = """
from datetime import datetime, timedelta
from itertools import count
_asked = count()
def now():
    moment = datetime.fromisoformat({moment!r})
    return moment - timedelta(hours=3) if next(_asked) > {after} else moment
"""


def crawl(web, archive, moment, after=10**9):
    """A run at that moment; the clock goes back three hours once it was asked so often."""
    (archive / "this_clock.py").write_text(SET_BACK.format(moment=str(moment), after=after))
    words = ("crawl", "hcma", "--base-url", web.url, "--archive", archive, "-s", "NOW=this_clock.now")
    path = f"{ROOT}{os.pathsep}{archive}"
    ended = run("archiver", *words, PYTHONPATH=path, PYTHONDONTWRITEBYTECODE="1")
    return ended, reports(archive)


@pytest.fixture
def paper(web):
    """A listing of twelve articles."""
    numbers = range(1, 13)
    for number in numbers:
        web.article(f"/tin-{number}.htm", title=f"Bản tin số {number}", time="14:37 17/04/2015")
    web.listing("/", *(f"/tin-{number}.htm" for number in numbers))
    return web


def sound(archive):
    found = check(archive / "hcma", passed=lambda _: None)
    return (found.identical, found.differing, verify_site(archive / "hcma", passed=lambda _: None).findings)


NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)


def test_a_run_in_which_the_clock_goes_back_goes_on_and_says_so(paper, tmp_path):
    ended, [report] = crawl(paper, tmp_path, NOON, after=40)

    assert (ended.code, report["date_suspect"], len(lines(tmp_path, "articles"))) == (0, True, 12), ended.err
    assert "the clock went back from 2026-04-01 12:00:00+00:00 to 2026-04-01 09:00:00+00:00" in ended.err
    assert sound(tmp_path) == (12, 0, [])


def test_a_run_behind_the_one_before_says_so_and_the_next_on_time_does_not(paper, tmp_path):
    runs = [crawl(paper, tmp_path, moment) for moment in (NOON, NOON.replace(day=2), NOON.replace(year=2025))]
    paper.listing("/", *(f"/tin-{number}.htm" for number in range(1, 13)), "/tin-13.htm")
    paper.article("/tin-13.htm", title="Bản tin số 13", time="14:37 17/04/2015")
    runs.append(crawl(paper, tmp_path, NOON.replace(year=2025, day=2)))
    told = {report["started_at"]: report["date_suspect"] for report in runs[-1][1]}

    assert [ended.code for ended, _ in runs] == [0, 0, 0, 0], runs[-1][0].err
    assert runs[2][1][0]["articles"]["unchanged"] == 12, "what was looked at in the future is looked at again"
    assert told == {
        "2026-04-01T12:00:00Z": False,
        "2026-04-02T12:00:00Z": False,
        "2025-04-01T12:00:00Z": True,
        "2025-04-02T12:00:00Z": False,
    }
    assert sound(tmp_path) == (13, 0, [])


@pytest.mark.parametrize("path", ["no.such", "os.no_such", "clock"])
def test_a_clock_that_is_not_there_is_wrong_usage(web, tmp_path, path):
    words = ("crawl", "hcma", "--base-url", web.url, "--archive", tmp_path, "-s", f"NOW={path}")
    ended = run("archiver", *words)

    assert ended.code == 2
    assert f"NOW={path}: no function stands there" in ended.complaint
    assert web.asked == []
