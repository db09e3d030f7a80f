"""A run is compared with the median of the last completed ones: each alarm by a real cause, and what must raise none."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT, Ended, Reply, environment, reports, run, serving

from archiver.demo.newsroom import Newsroom
from archiver.demo.server import serve
from archiver.extensions.usual import has_fallen, usual
from archiver.store.run_report import read_report, read_reports, run_names

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from archiver.demo.reply import Reply as Page

SEED, ARTICLES = 1, 40
NEWSROOM = Newsroom(seed=SEED, articles=ARTICLES)
USUAL_RUNS = 3


@dataclass(frozen=True)
class Redesigned:
    """A newsroom whose pages are changed on their way out."""

    change: Callable[[bytes], bytes]
    newsroom: Newsroom = NEWSROOM
    original: str = NEWSROOM.original

    def page(self, path: str, origin: str) -> Page:
        reply = self.newsroom.page(path, origin)
        if path == "/robots.txt" or reply.stream is not None:
            return reply
        return reply.__class__(self.change(reply.body), kind=reply.kind).naming(self.original)


def crawl(newsroom: Newsroom | Redesigned, archive: Path, *options: str) -> Ended:
    with serve(newsroom) as server:
        return run("archiver", "crawl", "hcma", "--base-url", server.url, "--archive", archive, *options)


@pytest.fixture(scope="module")
def usual_runs(tmp_path_factory) -> Path:
    archive = tmp_path_factory.mktemp("usual")
    for _ in range(USUAL_RUNS):
        assert crawl(NEWSROOM, archive, "--recheck").code == 0
    return archive


@pytest.fixture
def archive(usual_runs, tmp_path) -> Path:
    return shutil.copytree(usual_runs, tmp_path / "archive")


def without_dates(body: bytes) -> bytes:
    """The days of this year are printed in words that no rule reads."""
    return re.sub(rb"[0-9]{1,2}/[0-9]{1,2}/2026", b"a day", body)


CAUSES = {
    "pictures are drawn by a script now": (
        Redesigned(lambda body: re.sub(rb"(?i)<img\b", b"<source", body)), "coverage", "images", "are usual: look at http",
    ),
    "listings lead to a third of the articles": (
        Redesigned(lambda body: body, Newsroom(seed=SEED, articles=15)), "articles", None, "40 in the median of the last 3 completed runs",
    ),
    "this year's days cannot be read": (
        Redesigned(without_dates), "pages", None, "pages gave an article, 100% are usual: look at http",
    ),
}  # fmt: skip


@pytest.mark.parametrize("cause", CAUSES)
def test_what_falls_below_the_median_is_exit_4_with_the_reason_and_a_page_to_look_at(archive, cause):
    newsroom, kind, field, says = CAUSES[cause]
    # Where 25 of 40 are not there when they are asked for again, that is told first.
    ended = crawl(newsroom, archive, *(["--recheck"] if kind != "articles" else []))
    report = reports(archive)[-1]
    alarm = next((alarm for alarm in report["alarms"] if alarm["kind"] == kind), {})

    assert ended.code == 4, ended.err
    assert says in alarm["says"]
    assert field is None or field in alarm["fields"]
    assert alarm["page"].startswith("http://127.0.0.1:")
    assert report["alarms"][0]["says"] in ended.complaint
    assert "crawl it with -s NEW_BASELINE=1" in ended.complaint


def test_an_alarm_stays_until_the_site_is_said_to_be_so_now(archive):
    newsroom = CAUSES["pictures are drawn by a script now"][0]
    codes = [
        crawl(newsroom, archive, "--recheck").code,
        crawl(newsroom, archive, "--recheck").code,
        crawl(newsroom, archive, "--recheck", "-s", "NEW_BASELINE=1").code,
        crawl(newsroom, archive, "--recheck").code,
    ]

    assert codes == [4, 4, 0, 0]


def test_an_unchanged_site_and_a_resumed_run_are_well(archive):
    with serve(NEWSROOM) as server:
        words = ("archiver", "crawl", "hcma", "--base-url", server.url, "--archive", archive, "--recheck")
        codes = [run(*words, *options).code for options in ((), ("--max-pages", 30), ())]
    told = [(report["seen"], report["went_on"], report["alarms"]) for report in reports(archive)[-3:]]

    assert codes == [0, 0, 0]
    assert told[0] == (ARTICLES, False, [])
    assert told[1][0] < ARTICLES
    assert told[2] == (ARTICLES, True, [])


SITE = """
import re, sys
from dataclasses import replace
from pathlib import Path
from archiver.crawl import Plan, crawl
from archiver.rules.simple import css
from archiver.site import Address, Layout
from archiver.sites import general
from archiver.spiders.scope import Scope

home, archive = sys.argv[1:]

def identify(url):
    number = re.search(r"-(\\d+)\\.html$", url)
    return Address(f"times:{number[1]}", url) if number else None

times = replace(
    general.site_at(home), name="times", timezone="Europe/London", identify=identify, recognizes=None,
    layouts=(Layout(name="2025", title=css("h1.headline"), published=css("time.when::attr(datetime)")),),
)
report = crawl(Plan(site=times, archive=Path(archive), scope=Scope(recheck=True)))
print(report.why)
sys.exit(report.exit_code)
"""
"""A site whose own rules have the general ones behind them."""


def times_page(number: int, headline: str) -> Reply:
    text = "It rained on the hills all night, and by the morning the lower road was under water near the mill. " * 4
    return Reply(
        f"<!doctype html><html lang=en><head><title>Storm {number} over the hills</title></head><body><article>"
        f"<h1 class={headline}>Storm {number} over the hills</h1><time class=when datetime='2025-04-17T14:37:00+01:00'>today</time>"
        f"<p>{text}</p></article></body></html>"
    )


def crawl_times(url: str, archive: Path) -> Ended:
    done = subprocess.run(
        [sys.executable, "-c", SITE, url, archive], cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=60, check=False
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, done.stderr)


def test_general_rules_that_stand_in_for_the_sites_own_raise_the_layout_alarm(tmp_path):
    with serving() as web:
        paths = [f"/storm-{number}.html" for number in range(1, 9)]
        web.listing("/", *paths)
        web.original = "https://times.test/"
        codes = []
        for headline in [*["headline"] * USUAL_RUNS, "title-2026"]:
            web.replies.update({path: times_page(number, headline) for number, path in enumerate(paths, 1)})
            ended = crawl_times(web.url + "/", tmp_path)
            codes.append(ended.code)
    times = tmp_path / "times"
    report = json.loads((times / f"runs/{run_names(times)[-1]}.json").read_text())
    (alarm,) = report["alarms"]

    assert codes == [0, 0, 0, 4], ended.err
    assert (alarm["kind"], alarm["fields"], alarm["found"], alarm["usual"]) == ("layout", ["title"], 0.0, 1.0)
    assert alarm["page"] in {web.url + path for path in paths}
    assert report["own_rules"]["published_at"] == 1.0
    assert report["coverage"]["body"] == 1.0
    assert "the site's own rules gave title on 0% of the pages" in ended.out


@pytest.mark.parametrize(
    ("found", "of", "usual_share", "fallen"),
    [
        (0, 5, 1.0, True),
        (0, 3, 1.0, False),
        (1, 5, 0.98, True),
        (2, 5, 0.98, False),
        (0, 5, 0.5, False),
        (40, 60, 0.85, False),
        (20, 60, 0.85, True),
        (50, 60, 0.1, False),
        (0, 0, 1.0, False),
        (900, 1000, 0.99, False),
        (600, 1000, 0.99, True),
    ],
)
def test_a_share_has_fallen_when_a_third_of_it_is_gone_and_chance_does_not_explain_it(found, of, usual_share, fallen):
    assert has_fallen(found, of, usual_share, part=0.7) == fallen


def test_two_runs_are_no_median(usual_runs):
    runs = list(read_reports(usual_runs / "hcma"))

    assert usual(runs[:2], runs[0].rules_digest) is None
    assert usual(runs, runs[0].rules_digest).articles == ARTICLES
    assert usual(runs, "other rules").own_rules == {}


def test_a_report_is_read_as_it_was_written(usual_runs):
    folder = usual_runs / "hcma"
    path = folder / "runs" / f"{run_names(folder)[0]}.json"
    report = read_report(path)

    assert report.site == "hcma"
    assert report.seen == ARTICLES
    assert (report.ended_at - report.started_at).total_seconds() < 60
    assert report.is_complete
