"""A month of a newsroom, crawled every evening: what was published, edited, withdrawn and restored, each once, classed right."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import timedelta

import pytest
from conftest import ROOT, reports, run

from archiver.demo.living.habits import Habits
from archiver.demo.living.newsroom import LivingNewsroom

sys.path.append(str(ROOT / "benchmarks"))
from year import compare, evenings, live  # benchmarks are scripts, not a package

HABITS = Habits(
    edited=0.5,
    withdrawn=0.15,
    flapping=0.05,
    outages=(8, 19),
    redesign=23,
    has_feeds=True,
    counts_visits=True,
)
NEWSROOM = LivingNewsroom(seed=7, backlog=40, habits=HABITS)
RUNS = evenings(NEWSROOM, 31)


@pytest.fixture(scope="module")
def month(tmp_path_factory):
    archive = tmp_path_factory.mktemp("month")
    return archive, live(NEWSROOM, archive, RUNS)


def test_the_archive_has_every_revision_that_its_visits_saw_and_no_other(month):
    archive, diary = month
    sums = compare(NEWSROOM, archive, RUNS)

    assert (sums.missing, sums.extra, diary.untrue) == ([], [], [])
    assert sums.due["first"] == 40 + 31 * 5
    assert min(sums.due[cause] for cause in ("edit", "gone", "return")) >= 3


def test_every_visit_that_the_plan_promises_is_made(month):
    assert compare(NEWSROOM, month[0], RUNS).not_visited == []


def test_only_the_outages_and_the_new_layout_are_not_well(month):
    codes = month[1].codes
    start = RUNS[0]

    assert {moment - start: code for moment, code in codes.items() if code} == {
        timedelta(days=8): 3,
        timedelta(days=19): 3,
        timedelta(days=23): 4,
    }
    assert "the layout may have changed: the site's own rules gave" in month[1].whys[start + timedelta(days=23)]
    assert Counter(report["alarms"][0]["kind"] for report in reports(month[0]) if report["alarms"]) == {"layout": 1}


def test_the_month_is_rebuilt_from_its_captures_byte_by_byte(month):
    assert run("archiver", "rebuild", "--check", "--archive", month[0]).code == 0
    assert run("archiver", "verify", "--archive", month[0]).code == 0
