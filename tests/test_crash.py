"""A whole crawl that is killed at random moments, or stopped by its user: the same command again ends well, and all is
there once."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT, Reply, article_page, environment, lines, reports, run

from archiver.proof.check import check

sys.path.append(str(ROOT / "benchmarks"))
from crash import killed  # benchmarks are scripts, not a package

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Ended

ARTICLES = 40
ANSWERED_AT_ONCE = 20
CONCURRENCY = 4
UNDER_WAY = 16
"""Scrapy's CONCURRENT_REQUESTS: a forced end cuts what is being transferred, and what waited for it still goes out."""


def test_of_a_crawl_that_is_killed_at_random_moments_nothing_is_lost_doubled_or_torn():
    count = killed(kills=6, articles=120, seed=7)

    assert count.kills == 6
    assert count.is_well, count


class Site:
    """A site of which half the articles come only when `released` is set."""

    def __init__(self, web) -> None:
        self.web = web
        self.asked = threading.Event()
        self.released = threading.Event()
        paths = [f"/tin-{number}.htm" for number in range(1, ARTICLES + 1)]
        web.listing("/", *paths)
        for path in paths[:ANSWERED_AT_ONCE]:
            web.article(path)
        for path in paths[ANSWERED_AT_ONCE:]:
            web.replies[path] = self._late

    def _late(self) -> Reply:
        self.asked.set()
        self.released.wait(30)
        return Reply(article_page())

    @property
    def fetched_again(self) -> int:
        return sum(times - 1 for path, times in Counter(self.web.asked).items() if path != "/robots.txt")


@pytest.fixture
def site(web):
    site = Site(web)
    yield site
    site.released.set()


def interrupted(site: Site, archive: Path, sent: signal.Signals, *, twice: bool) -> int:
    """The exit code of a crawl that is sent a signal while pages are on their way. Once: these come then."""
    slot = "-sDOWNLOAD_SLOTS=" + json.dumps({"127.0.0.1": {"concurrency": CONCURRENCY, "delay": 0}})
    words = [sys.executable, "-m", "archiver", "crawl", "hcma", "--base-url", site.web.url, "--archive", str(archive)]
    with subprocess.Popen(
        [*words, slot], cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as crawling:
        assert site.asked.wait(30)
        crawling.send_signal(sent)
        while sent.name.encode() not in crawling.stderr.readline():
            assert crawling.poll() is None
        if twice:
            crawling.send_signal(sent)
        else:
            site.released.set()
        crawling.stderr.read()
        return crawling.wait(10)


def crawled_on(site: Site, archive: Path) -> Ended:
    """The same command once more."""
    return run("archiver", "crawl", "hcma", "--base-url", site.web.url, "--archive", archive)


def everything_is_there_once(archive: Path) -> None:
    ids = Counter(line["id"] for line in lines(archive, "articles"))
    # Numbers above the highest are tried in every run.
    ends = Counter(event["url"] for event in lines(archive, "events") if "ItemID=" not in event["url"])
    found = check(archive / "hcma", passed=lambda _: None)

    assert ids == dict.fromkeys((f"hcma:{number}" for number in range(1, ARTICLES + 1)), 1)
    assert set(ends.values()) == {1}
    assert len(ends) == ARTICLES + 1
    assert (found.identical, found.differences) == (ARTICLES, [])


SIGNALS = [signal.SIGINT, signal.SIGTERM]


@pytest.mark.parametrize("sent", SIGNALS, ids=lambda each: each.name)
def test_a_signal_ends_a_run_cleanly_and_the_next_run_fetches_nothing_twice(site, tmp_path, sent):
    code = interrupted(site, tmp_path, sent, twice=False)
    (stopped,) = reports(tmp_path)
    again = crawled_on(site, tmp_path)

    assert (code, stopped["exit_code"]) == (130, 130)
    assert stopped["left"] > 0
    assert again.code == 0, again.err
    assert site.fetched_again == 0
    everything_is_there_once(tmp_path)


@pytest.mark.parametrize("sent", SIGNALS, ids=lambda each: each.name)
def test_a_second_signal_ends_a_run_at_once_and_the_next_run_goes_on(site, tmp_path, sent):
    code = interrupted(site, tmp_path, sent, twice=True)
    with closing(sqlite3.connect(tmp_path / "hcma" / "ledger.sqlite")) as ledger:
        state = ledger.execute("PRAGMA integrity_check").fetchall()
    site.released.set()
    again = crawled_on(site, tmp_path)

    assert code in (130, -sent)
    assert state == [("ok",)]
    assert again.code == 0, again.err
    assert site.fetched_again <= UNDER_WAY
    everything_is_there_once(tmp_path)
